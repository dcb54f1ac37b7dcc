"""Rows of web forms and other systems: each checked and made an arrival; a wrong one is a problem.

The rows come from `tables` (CSV) and `objects` (JSON).
"""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import BinaryIO

from dsr.domain.vocabulary import IdentifierType
from dsr.errors import InputError, Problem, nearest
from dsr.intake.arrival import MIB, Arrival
from dsr.intake.columns import IDENTIFIERS, KEYS, WORDS
from dsr.intake.decode import plain

FIELD = MIB
PLAIN = frozenset({"utf-8", "utf-8-sig"})
_NOON = time(12)  # a day without an hour: noon in UTC is that day nearly everywhere


@dataclass(frozen=True, slots=True)
class Row:
    """One row, as it stands there.

    Attributes:
        values: By heading.
        keys: Our key of a heading that has one.
        name, number: The table, and the row in it from 1, without the heading.
        warnings: What is odd about it.
    """

    values: Mapping[str, str]
    keys: Mapping[str, str]
    name: str
    number: int
    warnings: tuple[str, ...] = field(default=())

    @property
    def where(self) -> str:
        """What to call it."""
        return f"{self.name}#{self.number}"

    def wrong(self, what: str) -> Problem:
        """Return what is wrong with it."""
        return Problem(self.where, f"row {self.number}: {what}")


def arrival_of(row: Row) -> Arrival | Problem:
    """Check one row; what is wrong is said without repeating what stands there.

    The bytes of the arrival are the row as it stands there, whatever its columns mean to us: the
    same row is known again when it is read otherwise.
    """
    warnings = list(row.warnings)
    if any("\0" in value for value in row.values.values()):
        warnings.append("NUL bytes removed")
    if any("�" in value for value in row.values.values()):
        warnings.append("bytes that are no text")
    written = {_clean(key): _clean(value) for key, value in row.values.items()}
    kept = {key: value for key, value in written.items() if value}
    keys = {_clean(heading): key for heading, key in row.keys.items()}
    form = {keys.get(key, key): value for key, value in kept.items() if value}
    try:
        received_at = checked(form)
    except InputError as error:
        return row.wrong(str(error) + (f" ({error.hint})" if error.hint else ""))
    raw = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
    return Arrival(row.where, raw, received_at, form, warnings=tuple(warnings))


def _clean(value: str) -> str:
    return plain(value).replace("\0", "").strip()


def checked(form: Mapping[str, str]) -> datetime | None:
    """Return when a row says that it arrived, in UTC, or None where it says nothing of it.

    Raises:
        InputError: It names nobody, says nothing, or a word or a date in it is none.
    """
    if not any(form.get(key) for key in IDENTIFIERS):
        raise InputError("names nobody", hint="one of " + ", ".join(IDENTIFIERS))
    if not (form.get("kind") or form.get("text")):
        raise InputError("says nothing", hint="fill kind or text")
    for key, words in WORDS.items():
        word = form.get(key, "").lower()
        if word and word not in words:
            raise InputError(
                f"{key} is no known word", hint=nearest(word, [str(one) for one in words])
            )
    return instant(form["received_at"]) if "received_at" in form else None


def instant(text: str) -> datetime:
    """Return an ISO 8601 instant in UTC; without a zone it is UTC, without an hour it is noon.

    Raises:
        InputError: It is none.
    """
    try:
        found = datetime.fromisoformat(text)
        if len(text) <= len("2026-03-05"):
            found = datetime.combine(found.date(), _NOON)
        if found.tzinfo is None:
            found = found.replace(tzinfo=UTC)
        return found.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise InputError("received_at is no date", hint="write 2026-03-05T10:00:00Z") from None


def identifiers(
    form: Mapping[str, str], region: str = "CN"
) -> tuple[tuple[tuple[IdentifierType, str], ...], tuple[str, ...]]:
    """Return who a row names, normalised, and the keys whose value cannot be read.

    Args:
        form: The row.
        region: The country of a phone number without a country code (ISO 3166).
    """
    from dsr.domain.people import normalise

    found: list[tuple[IdentifierType, str]] = []
    unread: list[str] = []
    for key in IDENTIFIERS:
        if value := form.get(key):
            kind = IdentifierType(key)
            try:
                found.append((kind, normalise(kind, value, region)))
            except InputError:
                unread.append(key)
    return tuple(found), tuple(unread)


def lines_of(stream: BinaryIO, charset: str) -> Iterator[str]:
    """Yield a stream's lines as text, of at most 8 Mi characters; ends of lines stay as they are.

    The stream is not closed: it belongs to whoever opened it.
    """
    text = io.TextIOWrapper(stream, charset, errors="replace", newline="")
    try:
        while line := text.readline(8 * FIELD):
            yield line
    finally:
        if not stream.closed:
            text.detach()


__all__ = ["IDENTIFIERS", "KEYS", "Row", "arrival_of", "checked", "identifiers", "instant"]
