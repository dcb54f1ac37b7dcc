"""Column types that mean the same in every database: words, instants, days, lists."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Enum, String, TypeDecorator


def word(words: type[StrEnum]) -> Any:
    """Store a word as itself: SQLModel's default stores the Python name, and makes a type of it."""
    return Enum(
        words,
        native_enum=False,
        length=32,
        validate_strings=True,
        values_callable=lambda kind: [member.value for member in kind],
    )


class Instant(TypeDecorator[datetime]):
    """An aware instant as RFC 3339 text in UTC: sorts as time, and means the same everywhere."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> str | None:
        """Return the text to store."""
        return None if value is None else instant_text(value)

    def process_result_value(self, value: Any | None, _dialect: Any) -> datetime | None:
        """Return the instant that was stored."""
        return None if value is None else datetime.fromisoformat(value)


def instant_text(value: datetime) -> str:
    """Return an aware instant as `2026-11-23T03:31:39Z`.

    Raises:
        ValueError: The instant has no zone; whose midnight would it be?
    """
    if value.tzinfo is None:
        raise ValueError("an instant needs a zone")
    # Not strftime: its %Y leaves out the zeros of early years, which then sort last.
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
