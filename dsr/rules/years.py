"""Reads a calendar year's file by hand: pydantic would cost a list more than the whole reading."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from dsr.domain.calendars import Calendar, YearDays
from dsr.errors import ConfigError, NotFoundError, nearest
from dsr.rules import places
from dsr.rules.reading import read_toml

T = TypeVar("T")

#: The years that can be asked about, as dates can.
FIRST, LAST = 1990, 2200
MOST_SPANS = 366
#: Working days of a year: a six-day week without a holiday has 313, and no country works fewer.
FEWEST, MOST = 200, 320


def year_name(code: str, year: int) -> str:
    """Return how the file of a place's year is called."""
    return f"{code.lower()}-{year}.toml"


def read_year(place: Traversable) -> YearDays:
    """Return the days off and the worked weekends of one year's file.

    Raises:
        ConfigError: A key is unknown, missing or of a wrong type, a place is unknown, the year is
            out of reach or has an implausible number of working days, or a day lies in another
            year, is both off and worked, or is worked though no weekend is; file and key are named.
    """
    return _read(place, is_named=True)[1]


def read_named_year(place: Traversable) -> tuple[str, YearDays]:
    """Return the place and the days of a year's file, whatever it is called; see `read_year`."""
    return _read(place, is_named=False)


def _read(place: Traversable, *, is_named: bool) -> tuple[str, YearDays]:
    table = _Table(str(place), read_toml(place))
    table.only("place", "year", "citation", "working", "off")
    year, code = table.get("year", int), table.get("place", str)
    if not FIRST <= year <= LAST:
        raise table.wrong("year", f"{year} is out of reach, from {FIRST} to {LAST}")
    if is_named and place.name != (name := year_name(code, year)):
        raise table.wrong("year", f"{code} {year} belongs in a file {name}")
    weekend = _weekend(table, code)
    if not table.get("citation", str).strip():
        raise table.wrong("citation", "names no source")
    for key in ("off", "working"):
        if (count := len(table.get(key, list))) > MOST_SPANS:
            raise table.wrong(key, f"{count} are more than a year has days")
    names = dict(_off(table, year))
    working = frozenset(_working(table, year, weekend))
    if both := sorted(names.keys() & working):
        raise table.wrong("working", f"{both[0]} is also off ({names[both[0]]})")
    cited = table.get("citation", str)
    days = YearDays(year, frozenset(names), working, source=cited, names=names)
    worked = Calendar(code, lambda _: days, weekend).working_days_in(year)
    if not FEWEST <= worked <= MOST:
        raise table.wrong("off", f"{worked} working days are no year: {FEWEST} to {MOST} may be")
    return code, days


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a file, with the path of its keys for an error."""

    place: str
    values: Mapping[str, Any]
    path: str = ""

    def wrong(self, key: str, what: str, hint: str = "") -> ConfigError:
        return ConfigError(f"{self.place}: {self.path}{key}: {what}", hint=hint)

    def only(self, *known: str) -> None:
        for key in self.values:
            if key not in known:
                raise self.wrong(key, "unknown key", nearest(key, [*known]))

    def get(self, key: str, kind: type[T]) -> T:
        value = self.values.get(key)
        if not isinstance(value, kind):
            raise self.wrong(key, f"is needed, a {kind.__name__}")
        return value

    def day_of(self, year: int, key: str, value: Any) -> date:
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.wrong(key, f"is needed, a day as {year}-01-31")
        if value.year != year:
            raise self.wrong(key, f"{value} is not in {year}")
        return value


def _weekend(table: _Table, code: str) -> frozenset[int]:
    """Return the weekend of the place that a file is of; it is called as its years are kept."""
    if (known := places.code_of(code)) != code:
        raise table.wrong("place", f"{code} is written {known}")
    try:
        places.check(code)
    except NotFoundError as error:
        raise table.wrong("place", str(error), error.hint) from None
    return places.weekend(code)


def _off(table: _Table, year: int) -> Iterator[tuple[date, str]]:
    for number, values in enumerate(table.get("off", list), start=1):
        if not isinstance(values, Mapping):
            raise table.wrong(f"off.{number}", "is a table with name, from and to")
        span = _Table(table.place, values, f"off.{number}.")
        span.only("name", "from", "to")
        name = span.get("name", str)
        first, last = (span.day_of(year, key, values.get(key)) for key in ("from", "to"))
        if last < first:
            raise span.wrong("to", f"{last} is before {first}")
        for days in range((last - first).days + 1):
            yield first + timedelta(days=days), name


def _working(table: _Table, year: int, weekend: frozenset[int]) -> Iterator[date]:
    for number, value in enumerate(table.get("working", list), start=1):
        day = table.day_of(year, f"working.{number}", value)
        if day.weekday() not in weekend:
            raise table.wrong(f"working.{number}", f"{day} is no weekend day")
        yield day
