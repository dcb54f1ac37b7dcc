"""Opens law packs and calendars by name. What they mean is in dsr.domain."""

from functools import cache, partial
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

from dsr.domain.calendars import Calendar, YearDays
from dsr.errors import ConfigError, NotFoundError, nearest
from dsr.rules import places
from dsr.rules.reading import DATA
from dsr.rules.years import read_year, year_name

if TYPE_CHECKING:  # a list reads calendars only
    from dsr.domain.law import Law

CALENDARS = DATA / "calendars"
SCHEDULED = places.SCHEDULED


class _Own:
    """The organisation's folder of rules: one office a process, as there is one database."""

    folder: "Traversable | None" = None
    edition = 0


def use(folder: "Traversable | None") -> None:
    """Read an organisation's own rules, if any, before the shipped ones from now on."""
    if folder != _Own.folder:
        _Own.folder = folder
        forget()


def forget() -> None:
    """Read every rule file anew when it is next asked for: one was added or changed."""
    _Own.edition += 1
    _present.cache_clear()
    _earlier.cache_clear()
    calendar.cache_clear()


def edition() -> int:
    """Return a number that grows whenever rules are read anew; results kept by it stay right."""
    return _Own.edition


def own(name: str) -> "Traversable | None":
    """Return a folder of the organisation's own rules, as `laws`, whether or not it is there."""
    return _Own.folder / name if _Own.folder is not None else None


def law_codes() -> tuple[str, ...]:
    """Return the codes of all law packs, in order."""
    from dsr.rules import packs

    return tuple(sorted(packs.codes(packs.LAWS) | packs.codes(own("laws"))))


def law(code: str, version: str | None = None) -> "Law":
    """Return a law pack by its code, in capital or small letters.

    Args:
        code: As `EU`.
        version: The one that a ticket pins; else the present one.

    Raises:
        NotFoundError: There is no such pack; near ones are named.
        ConfigError: Its file is wrong, or no file has that version; file and key are named.
    """
    found = _present(code.upper())
    if version in {None, found.version}:
        return found
    return _earlier(found.code, str(version))


@cache
def _present(code: str) -> "Law":
    """Return the present version of a pack, each read once."""
    from dsr.rules import packs

    place = packs.find(code, own("laws"))
    if place is None:
        raise NotFoundError(f"there is no law {code!r}", hint=nearest(code, [*law_codes()]))
    return packs.read_law(place)


@cache
def _earlier(code: str, version: str) -> "Law":
    """Return an earlier version of a pack, or the shipped one whose place an own one takes."""
    from dsr.rules import packs

    now = _present(code)
    shipped = packs.find(now.code, None)
    if shipped is not None and (found := packs.read_law(shipped)).version == version:
        return found
    place = packs.find(now.code, own("laws"), version)
    found = packs.read_law(place) if place is not None else now
    if found.version != version:
        raise ConfigError(
            f"no pack is the version {version} of {now.code}, which a ticket is worked by",
            hint=f"put it back as laws/{now.code.lower()}-{version}.toml, "
            f"or take the present one: dsr set REF --law {now.code}",
        )
    return found


def calendar_for(law: "Law", place: str | None) -> Calendar | None:
    """Return the working days that a law's clocks count with, for a ticket's place.

    None where the ticket names no place of the law, or the law counts weekdays only: no last day
    rolls then, and working days are Monday to Friday.

    Raises:
        NotFoundError: There is no such place.
    """
    from dsr.domain.law import PLACE, WEEKDAYS

    if law.calendar == WEEKDAYS:
        return None
    if law.calendar != PLACE:
        return calendar(law.calendar)
    found = calendar(place)
    return found if place is not None and is_place_of(law, place) else None


def calendars_for(law: "Law", place: str | None) -> tuple[Calendar | None, Calendar | None]:
    """Return what a law's clocks count with, and the working days of which its target is one."""
    own = calendar_for(law, place)
    return own, calendar(law.target_calendar) or own


def is_place_of(law: "Law", place: str) -> bool:
    """Return whether a place is one of a law's, or a part of one; a law that names none has all."""
    code = places.code_of(place)
    own = {each.upper() if "-" in each else places.country_of(each) for each in law.places}
    return not own or code in own or places.country_of(code) in own


@cache
def calendar(place: str | None) -> Calendar | None:
    """Return the working days of a place, or None for no place.

    A place is an ISO 3166 code with a subdivision or without: "CN", "DE", "DE-BY". Years are read
    when first asked for, so that most commands read a small file or two, and are remembered until
    `forget()`. A year in the office's own folder takes the place of any other.

    Raises:
        NotFoundError: There is no such place.
    """
    if place is None:
        return None
    code = places.code_of(place)
    places.check(code)
    return Calendar(code, partial(year_of, code), places.weekend(code))


def year_of(code: str, year: int) -> YearDays:
    """Return a place's year: of a file, the organisation's own first, or of the library.

    Raises:
        ConfigError: The file is wrong; file and key are named.
    """
    if (place := year_file(code, year)) is not None:
        return read_year(place)
    if code in SCHEDULED:
        return places.statutory_holidays(code, year)
    return places.public_holidays(code, year)


def year_file(code: str, year: int) -> "Traversable | None":
    """Return the file of a place's year, the organisation's own before the shipped, or None."""
    for folder in (own("calendars"), CALENDARS):
        place = folder / year_name(code, year) if folder is not None else None
        if place is not None and _lies(place):
            return place
    return None


def _lies(place: "Traversable") -> bool:
    """Return whether anything lies there: what cannot be read is told, and never passed over."""
    if not isinstance(place, Path):
        return place.is_file()
    try:
        place.lstat()
    except FileNotFoundError:
        return False
    except OSError:  # the folder is none, or closed to us
        return True
    return True
