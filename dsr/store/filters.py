"""Conditions as an officer types them: `kind:copy`, `not:law:EU`, `since:3d`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col

from dsr.errors import UsageError, nearest

MOST_DIGITS = 9  # of a number in a filter


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition of a list, as `not:kind:copy` says it."""

    key: str
    values: tuple[str, ...]
    negated: bool = False


def parse(words: Sequence[str], keys: Iterable[str]) -> list[Filter]:
    """Return the conditions that were typed.

    Args:
        words: As they were typed, without blanks.
        keys: What may stand before the colon.

    Raises:
        UsageError: A word is no condition, or its key is unknown.
    """
    found = []
    known = list(keys)
    for word in words:
        negated = word.startswith("not:")
        key, colon, values = word.removeprefix("not:").partition(":")
        if not colon or key not in known:
            raise UsageError(
                f"{word!r} is no filter", hint=nearest(key, [f"{name}:" for name in known])
            )
        said = tuple(value for value in values.split(",") if value)
        if not said:
            raise UsageError(f"{word!r} names no value", hint=f"{key}:VALUE, or leave it out")
        found.append(Filter(key, said, negated))
    return found


Condition = Callable[[tuple[str, ...], date, str], ColumnElement[bool]]


def words(column: Any, words: type[Any]) -> Condition:
    """Return the condition that a column has one of an enumeration's words."""

    def condition(values: tuple[str, ...], _today: date, _officer: str) -> ColumnElement[bool]:
        known = [word.value for word in words]
        for value in values:
            if value not in known:
                raise UsageError(f"{value!r} is not known here", hint=nearest(value, known))
        return col(column).in_([words(value) for value in values])

    return condition


def is_number(value: str) -> bool:
    """Tell a number that a database can hold: at most nine plain digits."""
    return value.isascii() and value.isdecimal() and len(value) <= MOST_DIGITS


def day(value: str, today: date, *, back: bool = False) -> date:
    """Read `2026-12-01`, `today`, or `3d` (days from now, or back).

    Raises:
        UsageError: It is no day.
    """
    if value == "today":
        return today
    if value.endswith("d") and is_number(value[:-1]):
        days = timedelta(days=min(int(value[:-1]), 36_500))
        return today - days if back else today + days
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise UsageError(f"{value!r} is no day", hint="3d, today, or 2026-12-01") from None


def yes(values: tuple[str, ...]) -> bool:
    """Return whether a condition says yes.

    Raises:
        UsageError: It says neither yes nor no.
    """
    if values not in {("yes",), ("no",)}:
        raise UsageError(f"{','.join(values)!r} is neither yes nor no")
    return values == ("yes",)
