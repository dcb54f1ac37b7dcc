"""The README speaks the truth: its tables are generated, its commands exist and run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dsr.cli.entries import ENTRIES
from dsr.domain import workflow

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
UPDATE = os.environ.get("DSR_UPDATE_GOLDEN") == "1"


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


@pytest.mark.parametrize(("name", "text"), [("states", states()), ("commands", commands())])
def test_the_generated_tables_are_those_of_the_program(name, text):
    if UPDATE:
        put(name, text)
    assert block(name) == text, "make golden writes it anew"


def console_lines() -> list[str]:
    """Return every command that the README's console blocks show."""
    blocks = re.findall(r"```console\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    return [line[2:] for text in blocks for line in text.splitlines() if line.startswith("$ ")]


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Path:
    """Run the demonstration once: the README's commands are typed in the office it leaves."""
    folder = tmp_path_factory.mktemp("readme") / "demo"
    program = [sys.executable, str(ROOT / "fixtures/demo/run.py"), "--folder", str(folder)]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return folder


def test_the_commands_of_the_readme_run_in_the_office_of_the_demonstration(office):
    typed = [line for line in console_lines() if line.startswith("dsr ")]
    once = block("the day")
    later = [line for line in typed if f"$ {line}" not in once]
    environment = {**os.environ, "DSR_CONFIG": str(office / "config.toml")}
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


def test_the_day_in_the_readme_is_what_the_demonstration_types():
    typed = (ROOT / "fixtures/demo/run.py").read_text("utf-8")
    verbs = {line.split()[2] for line in block("the day").splitlines() if line.startswith("$ dsr ")}
    missing = sorted(
        verb for verb in verbs if not re.search(rf'"(?:\S+ )?{verb}\b|f.{verb}\b', typed)
    )
    assert not missing


def test_the_two_commands_are_targets_of_the_makefile():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {"run", "test"} <= set(targets)
