"""Reads a calendar year's file by hand: pydantic would cost a list more than the whole reading."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from dsr.domain.calendars import SATURDAY_AND_SUNDAY, YearDays
from dsr.errors import ConfigError, nearest
from dsr.rules.reading import read_toml

T = TypeVar("T")


def read_year(place: Traversable) -> YearDays:
    """Return the days off and the worked weekends of one year's file.

    Raises:
        ConfigError: A key is unknown, missing or of a wrong type, a day lies in another year or is
            both off and worked; file and key are named.
    """
    table = _Table(str(place), read_toml(place))
    table.only("place", "year", "citation", "working", "off")
    year, code = table.get("year", int), table.get("place", str)
    if place.name != (name := f"{code.lower()}-{year}.toml"):
        raise table.wrong("year", f"{code} {year} belongs in a file {name}")
    if not table.get("citation", str).strip():
        raise table.wrong("citation", "names no source")
    off = frozenset(_off(table, year))
    working = frozenset(_working(table, year))
    if both := sorted(off & working):
        raise table.wrong("working", f"{both[0]} is also off")
    return YearDays(year, off, working, source=table.get("citation", str))


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


def _off(table: _Table, year: int) -> Iterator[date]:
    for number, values in enumerate(table.get("off", list), start=1):
        if not isinstance(values, Mapping):
            raise table.wrong(f"off.{number}", "is a table with name, from and to")
        span = _Table(table.place, values, f"off.{number}.")
        span.only("name", "from", "to")
        span.get("name", str)
        first, last = (span.day_of(year, key, values.get(key)) for key in ("from", "to"))
        if last < first:
            raise span.wrong("to", f"{last} is before {first}")
        yield from (first + timedelta(days=days) for days in range((last - first).days + 1))


def _working(table: _Table, year: int) -> Iterator[date]:
    for number, value in enumerate(table.get("working", list), start=1):
        day = table.day_of(year, f"working.{number}", value)
        if day.weekday() not in SATURDAY_AND_SUNDAY:
            raise table.wrong(f"working.{number}", f"{day} is no weekend day")
        yield day
