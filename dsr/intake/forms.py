"""Rows of web forms and other systems: each checked and made an arrival; a wrong one is a problem.

The rows come from `tables` (CSV) and `objects` (JSON).
"""

import io
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import BinaryIO

from dsr.domain.formats import FORMAT
from dsr.domain.limits import MIB
from dsr.domain.vocabulary import IdentifierType
from dsr.errors import InputError, Problem, nearest
from dsr.intake.arrival import Arrival, Wrong
from dsr.intake.columns import IDENTIFIERS, KEYS, WORDS
from dsr.intake.decode import plain
from dsr.intake.written import Habit, instant
from dsr.rules.naming import naming
from dsr.rules.places import country_of

FIELD = MIB
PLAIN = frozenset({"utf-8", "utf-8-sig"})
_AS_UTC = Habit()


@dataclass(frozen=True, slots=True)
class Row:
    """One row, as it stands there.

    Attributes:
        values: By heading.
        keys: Our key of a heading that has one.
        name, number: The table, and the row in it from 1, without the heading.
        warnings: What is odd about it.
        habit: How its dates are meant.
    """

    values: Mapping[str, str]
    keys: Mapping[str, str]
    name: str
    number: int
    warnings: tuple[str, ...] = field(default=())
    habit: Habit = _AS_UTC

    @property
    def where(self) -> str:
        """What to call it."""
        return f"{self.name}#{self.number}"


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
    form = {_beside(keys.get(key, key), written): value for key, value in kept.items()}
    raw = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        received_at = checked(form, row.habit)
    except InputError as error:
        fit = {key: value for key, value in form.items() if _is_known(key, value)}
        arrival = Arrival(row.where, raw, None, fit, warnings=tuple(warnings))
        return wrong(arrival, row.number, said(error))
    if received_at is None and "received_at" in form:
        warnings += [_unclear(name) for name, key in keys.items() if key == "received_at"]
    return Arrival(row.where, raw, received_at, form, warnings=tuple(warnings))


def _unclear(heading: str) -> str:
    """Return what is odd about a date that could be several, and what mends it."""
    return (
        f"{heading[:60]} could be several dates: received when it was seen; write 2026-04-03"
        " in that column, or dsr set TICKET --received 2026-04-03 --why WHY"
    )


def wrong(arrival: Arrival, number: int, what: str) -> Wrong:
    """Return what is wrong with a row, which is kept and set aside.

    Args:
        arrival: The row.
        number: Which it is, from 1.
        what: What is wrong with it, and what mends it.
    """
    kept = replace(arrival, problem=f"row {number}: {what}")
    return Wrong(arrival.source, f"row {number}: {what}", arrival=kept)


def said(error: InputError) -> str:
    """Return what is wrong, and what mends it."""
    return f"{error} ({error.hint})" if error.hint else str(error)


def _is_known(key: str, value: str) -> bool:
    return key not in WORDS or value.lower() in WORDS[key]


def _beside(key: str, others: Collection[str]) -> str:
    """Return under which name a column is kept: what only a program's request says, under none."""
    name = key
    while name == FORMAT or (name != key and name in others):
        name = f"{name} (column)"
    return name


def _clean(value: str) -> str:
    return plain(value).replace("\0", "").strip()


def checked(form: Mapping[str, str], habit: Habit = _AS_UTC) -> datetime | None:
    """Return when a row says that it arrived, in UTC, or None where it says nothing clear of it.

    Args:
        form: The row, by our keys.
        habit: How its dates are meant.

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
    return instant(form["received_at"], habit) if "received_at" in form else None


def identifiers(
    form: Mapping[str, str], region: str = ""
) -> tuple[tuple[tuple[IdentifierType, str], ...], tuple[str, ...]]:
    """Return who a row names, normalised, and the keys whose value cannot be read.

    Args:
        form: The row.
        region: The office's country (ISO 3166), of a phone number without a country code where
            the row tells none.
    """
    from dsr.domain.people import normalise

    found: list[tuple[IdentifierType, str]] = []
    unread: list[str] = []
    for key in IDENTIFIERS:
        if value := form.get(key):
            kind = IdentifierType(key)
            try:
                country = region_of(form, region) if kind is IdentifierType.PHONE else ""
                found.append((kind, normalise(kind, value, country)))
            except InputError:
                unread.append(key)
    return tuple(found), tuple(unread)


def region_of(form: Mapping[str, str], region: str) -> str:
    """Return the country whose numbers a row may leave the code out of, or nothing.

    A number of another country would be a stranger's: where neither the place, the law nor the
    language of the row nor the office's law is of one country, none is guessed.
    """
    from phonenumbers import SUPPORTED_REGIONS

    language = form.get("language", "")
    regions = naming().regions
    by_language = regions.get(language) or regions.get(language.partition("-")[0])
    told = (form.get("place"), form.get("country"), form.get("law", "").partition(",")[0])
    countries = [country_of(one.strip()) for one in told if one]
    likely = (*countries, by_language or region)
    return next((one for one in likely if one in SUPPORTED_REGIONS), "")


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


__all__ = ["IDENTIFIERS", "KEYS", "Row", "arrival_of", "checked", "identifiers"]
