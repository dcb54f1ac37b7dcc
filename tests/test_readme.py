"""The README speaks the truth: its tables are generated, its commands exist and run."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from dsr.cli.entries import ENTRIES
from dsr.domain import clock_words, workflow
from dsr.domain.law import ClockRule, Law
from dsr.domain.vocabulary import Kind
from dsr.rules import book, packs
from dsr.services import law_lines, phrasing

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
MOMENT = "2026-11-23T09:00:00+08:00"
UPDATE = os.environ.get("DSR_UPDATE_GOLDEN") == "1"


WIDTH = 112
#: What differs from run to run, and what stands for it.
RANDOM = (
    (re.compile(r"\b\w{4}(-\w{4}){4}\b"), "xxxx-xxxx-xxxx-xxxx-xxxx"),
    (re.compile(r"\b(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{24}\b"), "(random)"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "(hash)"),
    (re.compile(r"\bplan [0-9a-f]{12}\b"), "plan (hash)"),
)


@dataclass(frozen=True, slots=True)
class Said:
    """The demonstration's output, by the command that was typed; rows of systems as well."""

    lines: tuple[tuple[str, tuple[str, ...]], ...]

    def shown(self, wanted: str) -> str:
        """Return what a mark of the README asks for.

        Args:
            wanted: One a line: how a command begins; then `| 7` for its first lines only, `| #2`
                for the second of those that begin so.
        """
        return "\n\n".join(self._one(line) for line in wanted.strip().splitlines())

    def _one(self, wanted: str) -> str:
        begins, *marks = (part.strip() for part in wanted.split(" | "))
        nth = next((int(mark[1:]) for mark in marks if mark.startswith("#")), 1)
        first = next((int(mark) for mark in marks if mark.isdigit()), None)
        found = [each for each in self.lines if each[0].startswith(begins)]
        assert len(found) >= nth, f"the demonstration says nothing of {begins!r}"
        typed, lines = found[nth - 1]
        cut = lines[:first]
        more = () if len(cut) == len(lines) else ("...",)
        return "\n".join(_short(line) for line in (typed, *cut, *more))


def said(output: str, folder: str) -> Said:
    """Read the demonstration's output."""
    for pattern, instead in RANDOM:
        output = pattern.sub(instead, output)
    commands: list[tuple[str, list[str]]] = []
    for line in output.replace(f"{folder}/", "demo/").splitlines():
        if line.startswith(("$ dsr ", "-- ", "=== ")):
            commands.append((line, []))
        elif commands and not re.fullmatch(r"\.\.\. \(\d+ more lines\)", line):
            commands[-1][1].append(line.rstrip())
    return Said(tuple((typed, tuple(_trimmed(lines))) for typed, lines in commands))


def _trimmed(lines: list[str]) -> list[str]:
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _short(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 3].rstrip()}..."


def block(name: str) -> str:
    """Return what stands between a block's marks."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- end -->", README.read_text("utf-8"), re.DOTALL)
    assert found, f"the README has no block {name!r}"
    return found[1]


def put(name: str, text: str) -> None:
    """Write a block anew."""
    old = README.read_text("utf-8")
    start = f"<!-- {name} -->\n"
    head, _, rest = old.partition(start)
    _, _, tail = rest.partition("<!-- end -->")
    README.write_text(f"{head}{start}{text}<!-- end -->{tail}", "utf-8")


def states() -> str:
    """Return the workflow's table as the README shows it."""
    lines = ["| from | what is done | to | clock |", "| --- | --- | --- | --- |"]
    lines += [f"| {a} | {b} | {c} | {d} |" for a, b, c, d in workflow.table()]
    return "\n".join(["", *lines, "", ""])


def commands() -> str:
    """Return the commands as the README lists them."""
    lines = ["| group | command | what it does |", "| --- | --- | --- |"]
    for name, entry in ENTRIES.items():
        members = {f"{name} {sub}": each for sub, each in entry.entries.items()} or {name: entry}
        lines += [f"| {entry.section} | `{word}` | {each.help} |" for word, each in members.items()]
    return "\n".join(["", *lines, "", ""])


def laws() -> str:
    """Return the law packs as the README shows them: a row a law, each number with its source."""
    titles = ("law", "answer within", "while waiting", "more time", "last day off", "record")
    lines = [f"| {' | '.join(titles)} |", f"|{' --- |' * len(titles)}"]
    for code in sorted(packs.codes(packs.LAWS)):
        law = book.law(code)
        within: dict[tuple[str, str], list[str]] = {}
        for rule in law.clocks:
            period = (clock_words.said(rule.period), law_lines.source_of(rule.period))
            within.setdefault(period, []).extend(_served(rule, law))
        cells = (
            f"**{law.code}** {law.names['en']}" + _from(law),
            _several(
                f"{said}: {_listed(kinds)}; *{source}*" for (said, source), kinds in within.items()
            ),
            _several(dict.fromkeys(map(law_lines.waiting_of, law.clocks))),
            _more_time(law),
            f"the next working day; *{law_lines.source_of(law.roll)}*" if law.roll else "stays",
            f"{clock_words.said(law.record_term)}; *{law_lines.source_of(law.record_term)}*",
        )
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(["", *lines, "", ""])


def _served(rule: ClockRule, law: Law) -> list[str]:
    """Return the kinds that a clock serves; a withdrawal with the scopes that are its own."""
    first = law.clock(Kind.WITHDRAWAL) is not rule
    named = f" ({', '.join(rule.scopes)})" if rule.scopes and first else ""
    return [kind + (named if kind is Kind.WITHDRAWAL else "") for kind in rule.kinds]


def _listed(kinds: list[str]) -> str:
    """Return kinds, each once; a scope goes without saying where the whole kind is named."""
    whole = [kind for kind in dict.fromkeys(kinds) if kind.partition(" ")[0] not in kinds]
    plain = [kind for kind in dict.fromkeys(kinds) if " " not in kind]
    return ", ".join([*whole, *plain])


def _several(texts: Iterable[str]) -> str:
    return "<br>".join(texts)


def _from(law: Law) -> str:
    return f", in force from {law.in_force.on}" if law.in_force else ""


def _more_time(law: Law) -> str:
    if law.extension is None:
        return "none"
    added, source = law.extension.period, law_lines.source_of(law.extension.conditions)
    more = f"{clock_words.said(added)} more" if added else "to a day that the notice names"
    short = [kind for rule in law.clocks if not rule.extendable for kind in _served(rule, law)]
    return f"{more}; *{source}*" + (f"; not for {_listed(short)}" if short else "")


def quality() -> str:
    """Return how well the project's own texts are read: a row a language, then a row a kind."""
    lines = list(phrasing.measure(sorted((ROOT / "fixtures/requests").glob("*.toml"))))
    by = {(one.language, one.kind): one for one in lines}
    titles = ("language", "texts", "noticed", "precision", "recall", "others opened")
    rows = [f"| {' | '.join(titles)} |", f"|{' --- |' * len(titles)}"]
    for language in dict.fromkeys(one.language for one in lines):
        rights, noticed, opened = (
            by[language, kind] for kind in (phrasing.ALL, phrasing.NOTICED, phrasing.OPENED)
        )
        shares = (noticed.recall, rights.precision, rights.recall)
        cells = (language, str(noticed.texts + opened.texts), *map(_of_one, shares))
        rows.append(f"| {' | '.join(cells)} | {opened.wrong} of {opened.texts} |")
    titles = ("kind", "asked for", "found", "found wrongly", "precision", "recall")
    rows += ["", f"| {' | '.join(titles)} |", f"|{' --- |' * len(titles)}"]
    for one in lines:
        if one.language == phrasing.ALL and one.kind in {*Kind, phrasing.ALL}:
            shares = (one.precision, one.recall)
            cells = (one.kind, *map(str, (one.texts, one.found, one.wrong)), *map(_of_one, shares))
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(["", *rows, "", ""])


def _of_one(share: float | None) -> str:
    return "" if share is None else f"{share:.3f}"


@pytest.mark.parametrize(
    ("name", "text"),
    [("states", states()), ("commands", commands()), ("laws", laws()), ("quality", quality())],
    ids=["states", "commands", "laws", "quality"],
)
def test_the_generated_tables_are_those_of_the_program(name, text):
    if UPDATE:
        put(name, text)
    assert block(name) == text, "make golden writes it anew"


def console_lines() -> list[str]:
    """Return every command that the README's console blocks show."""
    blocks = re.findall(r"```console\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    return [line[2:] for text in blocks for line in text.splitlines() if line.startswith("$ ")]


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> tuple[Path, str]:
    """Run the demonstration once, at the README's moment; return its folder and what it said."""
    folder = tmp_path_factory.mktemp("readme") / "demo"
    program = [sys.executable, str(ROOT / "fixtures/demo/run.py"), "--folder", str(folder)]
    done = subprocess.run([*program, "--at", MOMENT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return folder, done.stdout


SHOWN = re.compile(r"(<!-- shown\n(.*?)-->\n```text\n)(.*?)(\n```)", re.DOTALL)


def test_what_the_readme_shows_is_what_the_demonstration_says(office):
    folder, output = office
    real = said(output, str(folder))
    text = README.read_text("utf-8")
    anew = SHOWN.sub(lambda found: f"{found[1]}{real.shown(found[2])}{found[4]}", text)
    assert len(SHOWN.findall(text)) > 8
    if UPDATE:
        README.write_text(anew, "utf-8")
        text = anew
    assert text == anew, "make golden writes it anew"


def test_the_commands_of_the_readme_run_in_the_office_of_the_demonstration(office):
    later = [line for line in console_lines() if line.startswith("dsr ")]
    environment = {**os.environ, "DSR_CONFIG": str(office[0] / "config.toml")}
    program = Path(sys.executable).with_name("dsr")
    assert later
    for line in later:
        done = subprocess.run(
            [program, *line.split()[1:]],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}: {done.stderr}"


def test_the_two_commands_are_targets_of_the_makefile():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {"run", "test"} <= set(targets)
