"""Calendar years: which there are, adding one, and what a new one does to open tickets."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from secrets import token_hex
from typing import Any

from dsr.domain.calendars import YearDays
from dsr.domain.reckoning import WEEK
from dsr.errors import ConfigError, ConflictError, NotFoundError
from dsr.rules import book, places
from dsr.rules.packs import pack_files
from dsr.rules.years import read_named_year, read_year, year_name

OWN, SHIPPED, LIBRARY = "own", "shipped", "library"
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
    for kept, folder in ((SHIPPED, book.CALENDARS), (OWN, book.own("calendars"))):
        for place in pack_files(folder):
            code, days = read_named_year(place)
            read_year(place)  # one under another name would never be asked for
            found[code, days.year] = _line(code, days, kept)
    for code in places.SCHEDULED:
        missing = min(year for place, year in found if place == code)
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
    file: Path, rules_folder: Path | None, *, replace: bool = False, dry_run: bool = False
) -> AddedView:
    """Check a year's file and copy it, whole or not at all, into the office's own rules.

    Args:
        file: A year's file, whatever it is called.
        rules_folder: The office's own rules.
        replace: Whether it may take the place of a file of the office's own.
        dry_run: Only say what would happen.

    Raises:
        ConfigError: There is no such folder in the settings, it cannot be written, or the file is
            wrong; file and key are named.
        NotFoundError: There is no such file.
        ConflictError: The office has another file for that year.
    """
    if rules_folder is None:
        raise ConfigError(
            "the setting rules_folder names no folder for the office's own rules",
            hint="DSR_RULES_FOLDER=FOLDER, or rules_folder in the file that dsr config names",
        )
    if not file.exists():
        raise NotFoundError(f"there is no file {file}", hint="dsr calendar add FILE")
    book.use(rules_folder)
    code, days = read_named_year(file)
    content = file.read_bytes()
    target = rules_folder / "calendars" / year_name(code, days.year)
    there = target.read_bytes() if target.is_file() else None
    if there not in {None, content} and not replace:
        raise ConflictError(
            f"the office has another file for {code} {days.year}: {target}",
            hint=f"look at it with dsr calendar show {code} {days.year}, then say --replace",
        )
    result = "added" if there is None else "replaced"
    result = "there already" if there == content else f"would be {result}" if dry_run else result
    instead_of = _kept(code, days.year)
    if there != content and not dry_run:
        _lay(content, target, replace=replace)
        book.forget()
    return AddedView(
        place=code,
        year=days.year,
        result=result,
        instead_of=instead_of,
        source=days.source,
        off=len(days.off),
        working=len(days.working),
        file=str(target),
        next_command=NEXT if there != content else None,
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
