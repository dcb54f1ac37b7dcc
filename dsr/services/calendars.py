"""Calendar years: which there are, adding one, and what a new one does to open tickets."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib.resources.abc import Traversable
from pathlib import Path
from secrets import token_hex
from typing import Any

from dsr.domain.calendars import YearDays
from dsr.domain.clock_words import WEEK
from dsr.domain.vocabulary import OfficerRole
from dsr.errors import ConfigError, ConflictError, NotFoundError, UsageError
from dsr.rules import book, places
from dsr.rules.packs import pack_files
from dsr.rules.reading import OWN, SHIPPED
from dsr.rules.years import read_named_year, read_year, year_name
from dsr.services.desk import Desk
from dsr.store.log import Entry

LIBRARY = "library"
NEXT = "dsr calendar recompute"


@dataclass(frozen=True, slots=True)
class YearLine:
    """One year of a place.

    Attributes:
        known: Whether its days are certain; dates that touch an unknown year are provisional.
        kept: Where it comes from: own, shipped, or library.
    """

    place: str
    year: int
    source: str
    known: bool
    kept: str


@dataclass(frozen=True, slots=True)
class YearView(YearLine):
    """One year of a place with its days."""

    working_days: int
    off: tuple[dict[str, Any], ...]
    working: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class AddedView:
    """What became of a year that was to be added.

    Attributes:
        result: added, replaced, would be either, or there already.
        instead_of: Whose place it takes: own, shipped, or library.
        file: Where it lies, or would lie.
        off, working: How many days are off, and how many of the weekend are worked.
    """

    place: str
    year: int
    result: str
    instead_of: str
    source: str
    off: int
    working: int
    file: str
    next_command: str | None


def years(rules_folder: Traversable | None) -> list[YearLine]:
    """Return the years that lie in files, and the first that has none where files are needed.

    Raises:
        ConfigError: A file is wrong; file and key are named.
    """
    book.use(rules_folder)
    found = {}
    first: dict[str, int] = {}
    for kept, folder in ((SHIPPED, book.CALENDARS), (OWN, book.own("calendars"))):
        for place in pack_files(folder):
            code, days = read_named_year(place)
            read_year(place)  # one under another name would never be asked for
            found[code, days.year] = _line(code, days, kept)
            if kept == SHIPPED:
                first[code] = min(days.year, first.get(code, days.year))
    for code in places.SCHEDULED:
        missing = first[code]
        while (code, missing) in found:
            missing += 1
        found[code, missing] = _line(code, book.year_of(code, missing), LIBRARY)
    return [found[key] for key in sorted(found)]


def year(place: str, number: int, rules_folder: Traversable | None) -> YearView:
    """Return one year of a place with its days.

    Raises:
        NotFoundError: There is no such place.
        ConfigError: Its file is wrong; file and key are named.
    """
    book.use(rules_folder)
    calendar = book.calendar(place)
    if calendar is None:
        raise NotFoundError("no place is named", hint="dsr calendar list")
    days = calendar.schedule(number)
    line = _line(calendar.place, days, _kept(calendar.place, number))
    return YearView(
        place=line.place,
        year=line.year,
        source=line.source,
        known=line.known,
        kept=line.kept,
        working_days=calendar.working_days_in(number),
        off=tuple(_told(days.off, days.names)),
        working=tuple(_told(days.working, {})),
    )


def add(
    desk: Desk, file: Path, *, replace: bool = False, why: str = "", dry_run: bool = False
) -> AddedView:
    """Check a year's file and copy it, whole or not at all, into the office's own rules.

    Deadlines are counted by it: an admin or legal adds it, and the trail says so.

    Args:
        desk: The desk.
        file: A year's file, whatever it is called.
        replace: Whether it may take the place of a year that is certain, or of the office's own.
        why: Why it does.
        dry_run: Only say what would happen.

    Raises:
        ConfigError: There is no such folder in the settings, it cannot be written, or the file is
            wrong; file and key are named.
        NotFoundError: There is no such file.
        ConflictError: The year is certain already, or the office has another file for it.
        UsageError: It takes another's place without a reason.
        NotAllowedError: The officer is no admin and not legal.
    """
    folder = desk.office.rules_folder
    if folder is None:
        raise ConfigError(
            "the setting rules_folder names no folder for the office's own rules",
            hint="DSR_RULES_FOLDER=FOLDER, or rules_folder in the file that dsr config names",
        )
    if not file.exists():
        raise NotFoundError(f"there is no file {file}", hint="dsr calendar add FILE")
    book.use(folder)
    code, days = read_named_year(file)
    content = file.read_bytes()
    target = folder / "calendars" / year_name(code, days.year)
    there = _there(target)
    is_new, instead_of = there != content, _kept(code, days.year)
    if is_new:
        replaced = instead_of if instead_of != LIBRARY or _is_known(code, days.year) else None
        if replaced is not None:
            _check_replacing(code, days.year, replaced, replace=replace, why=why)
        with desk.write(keep=not dry_run) as step:
            step.require(OfficerRole.ADMIN, OfficerRole.LEGAL)
            facts = {"place": code, "year": days.year, "sha256": sha256(content).hexdigest()}
            sealed = {"why": why} if why.strip() else {}
            facts["replaced"] = replaced
            step.trail.append(Entry("calendar_added", facts=facts, sealed=sealed))
            if not dry_run:
                _lay(content, target, replace=there is not None)
        book.forget()
    result = "added" if there is None else "replaced"
    return AddedView(
        place=code,
        year=days.year,
        result=("would be " * dry_run + result) if is_new else "there already",
        instead_of=instead_of,
        source=days.source,
        off=len(days.off),
        working=len(days.working),
        file=str(target),
        next_command=NEXT if is_new else None,
    )


def _there(target: Path) -> bytes | None:
    """Return the office's own file of a year, or None where nothing lies there."""
    for each in (target.parent.parent, target.parent):
        if (each.is_symlink() or each.exists()) and not each.is_dir():
            raise ConfigError(
                f"{target} cannot be written ({each} is no folder)",
                hint="rules_folder names a folder you may write to",
            )
    if not target.is_symlink() and not target.exists():
        return None
    if not target.is_file():
        raise ConfigError(f"{target} is no file", hint="move it away, then dsr calendar add FILE")
    return target.read_bytes()


def _is_known(code: str, number: int) -> bool:
    return book.year_of(code, number).known


def _check_replacing(code: str, number: int, replaced: str, *, replace: bool, why: str) -> None:
    """Refuse to take the place of a year that is certain, or the office's own, unless it is meant.

    A file of the office's that is wrong is mended in the same way.
    """
    if not replace:
        said = {
            OWN: f"the office has another file for {code} {number}",
            SHIPPED: f"{code} {number} is shipped with the program",
            LIBRARY: f"{code} {number} is certain: the holidays of the library are in force",
        }
        raise ConflictError(
            said[replaced],
            hint=f"dsr calendar show {code} {number}, then say --replace --why TEXT",
        )
    if not why.strip():
        raise UsageError(
            f"what takes the place of {code} {number} is written down with its reason",
            hint="dsr calendar add FILE --replace --why TEXT",
        )


def _lay(content: bytes, target: Path, *, replace: bool) -> None:
    """Put a file in its place; whoever reads meanwhile finds all of it or none."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        making = target.with_name(f".{target.name}.{token_hex(4)}")
        try:
            _write(content, making)
            if replace:
                making.replace(target)
            else:
                target.hardlink_to(making)  # fails where somebody was faster
        finally:
            making.unlink(missing_ok=True)
    except OSError as error:
        if isinstance(error, FileExistsError) and target.exists():
            raise ConflictError(f"{target} came meanwhile", hint="dsr calendar list") from None
        why = f"{target} cannot be written ({error.strerror})"
        raise ConfigError(why, hint="rules_folder names a folder you may write to") from None


def _write(content: bytes, place: Path) -> None:
    with place.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _kept(code: str, number: int) -> str:
    file = book.year_file(code, number)
    if file is None:
        return LIBRARY
    return SHIPPED if file == book.CALENDARS / file.name else OWN


def _line(code: str, days: YearDays, kept: str) -> YearLine:
    return YearLine(code, days.year, days.source, days.known, kept)


def _told(days: frozenset[date], names: Mapping[date, str]) -> Iterator[dict[str, Any]]:
    for on in sorted(days):
        yield {"on": on, "weekday": WEEK[on.weekday()], "name": names.get(on) or None}
