"""What one value looks like to a program, to a person and to a spreadsheet. No rows here."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from dsr.output.visible import visible

#: What a spreadsheet may take for a formula, in half and full width.
_STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def picked(row: Any, key: str) -> Any:
    """Return one value of a row, which is a mapping or an object with attributes."""
    return row[key] if isinstance(row, Mapping) else getattr(row, key)


def plain(value: Any) -> Any:
    """Return what JSON can say of a value that JSON does not know.

    Raises:
        TypeError: JSON has no word for it.
    """
    match value:
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case Enum():
            return value.value
        case set() | frozenset():
            return sorted(value)
        case Mapping():
            return dict(value)
    if _is_record(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"no JSON for {type(value).__name__}")


def instant(value: datetime) -> str:
    """Return an aware instant as RFC 3339 in UTC.

    Raises:
        ValueError: The instant has no zone, so that nobody could tell when it was.
    """
    if value.tzinfo is None:
        raise ValueError("an instant without a zone")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def text(value: Any) -> str:
    """Return a value as a person reads it; nothing for an absent one."""
    match value:
        case None:
            said = ""
        case bool():
            said = "yes" if value else "no"
        case datetime():
            said = instant(value)
        case Enum():
            said = str(value.value)
        case Mapping():
            said = ", ".join(f"{key} {text(item)}" for key, item in value.items())
        case list() | tuple():
            said = ", ".join(text(item) for item in value)
        case set() | frozenset():
            said = ", ".join(sorted(text(item) for item in value))
        case _ if _is_record(value):
            said = text(plain(value))
        case _:
            said = str(value)
    return said


def cell(value: Any, encode: Callable[[Any], str]) -> Any:
    """Return a value for CSV: what nests as JSON, and no text that a spreadsheet would run."""
    match value:
        case bool():
            return encode(value)
        case None | int() | float():
            return value
        case str():
            return inert(text(value))
        case datetime() | date() | Enum():
            return inert(str(plain(value)))
    return encode(value)


def inert(value: str) -> str:
    """Keep a spreadsheet from running a stranger's text, and a terminal from obeying it."""
    shown = visible(value, keep_lines=True)
    return f"'{shown}" if value.startswith(_STARTS_A_FORMULA) else shown


def _is_record(value: Any) -> bool:
    return is_dataclass(value) and not isinstance(value, type)
