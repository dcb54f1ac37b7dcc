"""Opens law packs and calendars by name. What they mean is in dsr.domain."""

from functools import cache
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from dsr.domain.calendars import Calendar, YearDays
from dsr.errors import ConfigError, NotFoundError, nearest
from dsr.rules.reading import DATA, into, read_toml
from dsr.rules.years import read_year

if TYPE_CHECKING:  # a list reads calendars only
    from dsr.domain.law import Law

LAWS = DATA / "laws"
CALENDARS = DATA / "calendars"
SCHEDULED = frozenset({"CN"})
"""Places whose working days are announced year by year: a file of ours for each year."""
ALIASES = {"UK": "GB-ENG", "GB": "GB-ENG", "EL": "GR"}
"""England's holidays stand for the United Kingdom where no part of it is named."""


def law_codes() -> tuple[str, ...]:
    """Return the codes of all law packs, in order."""
    files = [place.name for place in LAWS.iterdir() if place.name.endswith(".toml")]
    return tuple(sorted(name.removesuffix(".toml").upper() for name in files))


@cache
def law(code: str) -> "Law":
    """Return a law pack by its code, in capital or small letters.

    Raises:
        NotFoundError: There is no such pack; near ones are named.
        ConfigError: Its file is wrong; file and key are named.
    """
    known = law_codes()
    if code.upper() not in known:
        raise NotFoundError(f"there is no law {code!r}", hint=nearest(code.upper(), [*known]))
    return read_law(LAWS / f"{code.lower()}.toml")


def read_law(place: Traversable) -> "Law":
    """Return the law of one file; its examples are left to dsr.rules.examples.

    Raises:
        ConfigError: The file is wrong; file and key are named.
    """
    from dsr.domain.law import Law

    values = read_toml(place)
    values.pop("examples", None)
    found = into(Law, values, str(place))
    name = f"{found.code.lower()}.toml"
    if name != place.name:
        raise ConfigError(f"{place}: code: {found.code} belongs in a file {name}")
    return found


def calendar_for(law: "Law", place: str | None) -> Calendar | None:
    """Return the working days that a law's clocks count with, for a ticket's place.

    None where the ticket names no place or the law counts weekdays only: no last day rolls then,
    and working days are Monday to Friday.

    Raises:
        NotFoundError: There is no such place.
    """
    from dsr.domain.law import PLACE, WEEKDAYS

    if law.calendar == WEEKDAYS:
        return None
    return calendar(place if law.calendar == PLACE else law.calendar)


@cache
def calendar(place: str | None, *, own: Traversable | None = None) -> Calendar | None:
    """Return the working days of a place, or None for no place.

    A place is an ISO 3166 code with a subdivision or without: "CN", "DE", "DE-BY". Years are read
    when first asked for, so that most commands read a small file or two, and are remembered until
    `calendar.cache_clear()`. A year in the office's own folder takes the place of a shipped one.

    Raises:
        NotFoundError: There is no such place.
    """
    if place is None:
        return None
    code = ALIASES.get(place.upper(), place.upper())
    return _scheduled(code, own) if code in SCHEDULED else _ordinary(code)


def _scheduled(code: str, own: Traversable | None) -> Calendar:
    """Return the calendar of a place with a file for each year whose schedule is published."""

    def year_days(year: int) -> YearDays:
        for folder in (own, CALENDARS):
            place = folder / f"{code.lower()}-{year}.toml" if folder else None
            if place is not None and place.is_file():
                return read_year(place)
        return _unpublished(code, year)

    return Calendar(code, year_days)


def _unpublished(code: str, year: int) -> YearDays:
    """Return a year of statutory holidays only: days off in lieu come with the schedule."""
    from importlib.metadata import version

    import holidays  # 0.1 s that a known year must not pay

    days = holidays.country_holidays(code, years=year, observed=False)
    source = f"statutory holidays, computed by the holidays library {version('holidays')}"
    return YearDays(year, frozenset(days), known=False, source=source)


def _ordinary(code: str) -> Calendar:
    """Return a calendar of weekends and public holidays.

    Worked weekends, as Hungary has them, are left out: for a last day under Regulation 1182/71 a
    Saturday stays a Saturday.
    """
    from importlib.metadata import version

    import holidays  # 0.1 s, see above

    country, _, part = code.partition("-")
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        raise NotFoundError(f"there is no place {code!r}", hint=nearest(country, [*known]))
    if part and part not in known[country]:
        parts = [f"{country}-{name}" for name in known[country]]
        raise NotFoundError(f"there is no place {code!r}", hint=nearest(code, parts))
    source = f"public holidays, by the holidays library {version('holidays')}"

    def year_days(year: int) -> YearDays:
        days = holidays.country_holidays(country, subdiv=part or None, years=year)
        return YearDays(year, frozenset(on for on in days if on.year == year), source=source)

    weekend = frozenset(holidays.country_holidays(country).weekend)
    return Calendar(code, year_days, weekend)
