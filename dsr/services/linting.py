"""The check of rule files: every fault of every file, with its key, its rule and its article."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from dsr.errors import DsrError, NotFoundError
from dsr.letters.facts import LetterFacts
from dsr.letters.needs import read_needs
from dsr.rules import (
    book,
    erasure,
    headings,
    mail,
    milestones,
    naming,
    office,
    pack_checks,
    phone,
    phrases,
    quoting,
    sentences,
    short,
    stated_words,
    status_formats,
    terms,
)
from dsr.rules.packs import pack_files
from dsr.rules.reading import DATA, OWN, SHIPPED, Fault, RuleError
from dsr.rules.years import read_year

FINE, WRONG = "ok", "wrong"


@dataclass(frozen=True, slots=True)
class Linted:
    """One fault of a rule file, or that it has none.

    Attributes:
        file: Its name.
        result: `ok` or `wrong`.
        text: What is wrong.
        key: The path of the key, where the fault has one.
        rule: The rule that it belongs to, in words.
        citation: The article that the rule cites.
        hint: What mends it.
        of: `shipped` or `own`.
    """

    file: str
    result: str
    text: str | None
    key: str | None
    rule: str | None
    citation: str | None
    hint: str | None
    of: str


def lint(folder: Path | None, own: Path | None = None) -> list[Linted]:
    """Check the rule files of a folder; without one the shipped ones and the office's own.

    Args:
        folder: `laws/*.toml`, `calendars/*.toml`, `phrases/*.toml` and `policy.toml` in it are
            looked at.
        own: The office's own folder, by whose rules every command works.

    Raises:
        NotFoundError: The folder has none of them.
    """
    book.use(folder or own)
    try:
        if folder is not None:
            return _own_or_none(folder)
        return [*_shipped(), *(lint_own(own) if own is not None else ())]
    finally:
        book.use(own)


def languages() -> tuple[str, ...]:
    """Return the languages that letters are written in."""
    folders = (files("dsr.letters") / "templates").iterdir()
    return tuple(sorted(each.name for each in folders if each.is_dir()))


def held_by_letters() -> frozenset[str]:
    """Return the names of what letters can hold."""
    return frozenset(read_needs().words) | {each.name for each in fields(LetterFacts)}


def lint_own(folder: Path) -> list[Linted]:
    """Check an organisation's own folder; nothing where it has no rules."""
    if not folder.is_dir():
        return [*_lines(str(folder), [Fault("", "there is no such folder", "rules_folder")], OWN)]
    return [*_folder(folder, OWN), *_own_files(folder)]


def _own_or_none(folder: Path) -> list[Linted]:
    found = lint_own(folder) if folder.is_dir() else []
    if not found:
        hint = "laws/*.toml, calendars/*.toml, policy.toml"
        raise NotFoundError(f"{folder} has no rules", hint=hint)
    return found


#: The shipped files that are no pack and no calendar, each with what reads it whole.
_OFFICE: tuple[tuple[str, Callable[[], Any]], ...] = (
    ("kinds.toml", office.kinds),
    ("grounds.toml", office.grounds),
    ("proofs.toml", office.proof_methods),
    ("categories.toml", office.categories),
    ("terms.toml", terms.terms),
    ("erasure.toml", erasure.erasure),
    ("phone.toml", phone.phone),
    ("milestones.toml", milestones.examples),
    ("headings.toml", headings.known),
    ("mail.toml", mail.words),
    ("naming.toml", naming.naming),
    ("quoting.toml", quoting.quoting),
    ("sentences.toml", sentences.sentences),
    ("short.toml", short.short_words),
    ("stated.toml", stated_words.languages),
    ("status_formats.toml", status_formats.formats),
    ("phrases", phrases.load),
    (office.COMPANY_FILE, office.company),
)


def _shipped() -> Iterator[Linted]:
    yield from _folder(DATA, SHIPPED)
    for name, check in _OFFICE:
        yield from _lines(name, _faults_of(check), SHIPPED)


def _own_files(folder: Path) -> Iterator[Linted]:
    """Check an organisation's policy and phrases, and name the files that no command reads."""
    if (folder / office.COMPANY_FILE).exists():
        name = office.COMPANY_FILE
        yield from _lines(name, _faults_of(partial(office.company, folder)), OWN)
    if (folder / "phrases").is_dir():
        yield from _lines("phrases", _faults_of(partial(phrases.load, folder / "phrases")), OWN)
    for name, _ in _OFFICE:
        if name.endswith(".toml") and name != office.COMPANY_FILE and (folder / name).exists():
            said = "no command reads it from a folder of your own"
            yield from _lines(name, [Fault("", said)], OWN)


def _folder(folder: Traversable, of: str) -> Iterator[Linted]:
    laws = folder / "laws"
    try:
        beside = [*pack_checks.folder_faults(laws)]
        packs, years = [*pack_files(laws)], [*pack_files(folder / "calendars")]
    except DsrError as error:
        yield from _lines(folder.name, [Fault("", str(error))], of)
        return
    for place in packs:
        faults = [fault for file, fault in beside if file == place]
        faults += pack_checks.faults_of(place, languages(), held_by_letters())
        yield from _lines(place.name, faults, of, place)
    for place in years:
        yield from _lines(place.name, _faults_of(partial(read_year, place)), of, place)


def _faults_of(check: Callable[[], Any]) -> Sequence[Fault]:
    """Return what a reader of a file complains of."""
    try:
        check()
    except RuleError as error:
        return error.faults
    except DsrError as error:
        return [_as_fault(error)]
    return []


def _as_fault(error: DsrError) -> Fault:
    """Return what a reader complains of that names file and key in its message only."""
    found = re.fullmatch(r"(?:.*\.toml: )?(?:([\w.]+): )?(.+)", str(error), re.DOTALL)
    assert found  # every part but the last may be missing
    return Fault(found[1] or "", found[2], error.hint)


def _lines(
    name: str, faults: Iterable[Fault], of: str, place: Traversable | None = None
) -> Iterator[Linted]:
    found = False
    for fault in faults:
        found = True
        rule, citation = pack_checks.where(place, fault.key) if place else ("", "")
        key, hint = fault.key or None, fault.hint or None
        yield Linted(name, WRONG, fault.what, key, rule or None, citation or None, hint, of)
    if not found:
        yield Linted(name, FINE, None, None, None, None, None, of)
