"""Reads rows of web forms and other systems (.csv, .jsonl); a row that is wrong is a problem."""

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from typing import Any, BinaryIO

from dsr.domain.vocabulary import IdentifierType, Kind, RequesterRole, Scope
from dsr.errors import InputError, Problem, nearest
from dsr.intake.arrival import MIB, Arrival
from dsr.intake.decode import plain

KEYS = (
    "id",
    "kind",
    "email",
    "phone",
    "account",
    "name",
    "received_at",
    "language",
    "text",
    "law",
    "requester_role",
    "scope",
)
IDENTIFIERS = ("email", "phone", "account", "name")
WORDS: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(Kind),
    "scope": tuple(Scope),
    "requester_role": tuple(RequesterRole),
}
_FIELD = MIB
_NOON = time(12)  # a day without an hour: noon in UTC is that day nearly everywhere


def read_csv(stream: BinaryIO, name: str) -> Iterator[Arrival | Problem]:
    """Yield the rows of a table with a heading.

    Args:
        stream: The file, at its beginning; it is read twice, first for its character set.
        name: What to call it; the rows are ``name#1``, ``name#2``, ... without the heading.

    Raises:
        InputError: No column has a name that is known.
    """
    csv.field_size_limit(_FIELD)
    lines = _decoded(stream, _charset(stream))
    heading = next(lines, "")
    delimiter = max(",;\t", key=heading.count)
    columns = [cell.strip() for cell in next(csv.reader([heading], delimiter=delimiter), [])]
    columns = [column.lower() if column.lower() in KEYS else column for column in columns]
    if not set(columns) & set(KEYS):
        raise InputError(f"{name}: no known column", hint="columns: " + ", ".join(KEYS))
    rows = csv.reader(lines, delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Problem(f"{name}#{number}", f"row {number}: {error}")
            continue
        if any(cell.strip() for cell in cells):
            yield _table_row(columns, cells, name, number)


def _table_row(columns: list[str], cells: list[str], name: str, number: int) -> Arrival | Problem:
    if len(cells) > len(columns):
        what = f"row {number}: {len(cells)} fields, but {len(columns)} columns; quote the commas"
        return Problem(f"{name}#{number}", what)
    pairs = zip(columns, cells, strict=False)
    return _row({column: cell for column, cell in pairs if column}, name, number)


def read_jsonl(stream: BinaryIO, name: str) -> Iterator[Arrival | Problem]:
    """Yield one row for each line that holds a JSON object.

    Args:
        stream: The file, at its beginning.
        name: What to call it; the rows are ``name#1``, ``name#2``, ..., empty lines counted.
    """
    number = 0
    while line := stream.readline(4 * _FIELD + 1):
        number += 1
        if len(line) > 4 * _FIELD:
            yield Problem(f"{name}#{number}", f"row {number}: longer than {4 * _FIELD} bytes")
            while line and not line.endswith(b"\n"):
                line = stream.readline(_FIELD)
        elif line.strip():
            yield _json_row(line.removeprefix(b"\xef\xbb\xbf"), name, number)


def _json_row(line: bytes, name: str, number: int) -> Arrival | Problem:
    where = f"{name}#{number}"
    try:
        values: Any = json.loads(line)
    except UnicodeDecodeError:
        return Problem(where, f"row {number}: is not UTF-8")
    except json.JSONDecodeError as error:
        return Problem(where, f"row {number}: is no JSON ({error.msg}, column {error.colno})")
    except (RecursionError, ValueError):
        return Problem(where, f"row {number}: is no JSON that can be read")
    if not isinstance(values, dict):
        return Problem(where, f"row {number}: is no JSON object")
    for key in KEYS:
        if isinstance(values.get(key), dict | list):
            return Problem(where, f"row {number}: {key} must be a text")
    return _row({key: _as_text(value) for key, value in values.items()}, name, number)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _row(values: Mapping[str, str], name: str, number: int) -> Arrival | Problem:
    """Check one row; what is wrong is said without repeating what stands there."""
    clean = {plain(key): plain(value) for key, value in values.items()}
    known = {key: value.strip() if key in KEYS else value for key, value in clean.items()}
    form = {key: value for key, value in known.items() if value}
    try:
        received_at = _checked(form)
    except InputError as error:
        hint = f" ({error.hint})" if error.hint else ""
        return Problem(f"{name}#{number}", f"row {number}: {error}{hint}")
    text = json.dumps(form, ensure_ascii=False, separators=(",", ":"))
    return Arrival(f"{name}#{number}", text.encode(), received_at, form)


def _checked(form: Mapping[str, str]) -> datetime | None:
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
    return _instant(form["received_at"]) if "received_at" in form else None


def _instant(text: str) -> datetime:
    """Return an ISO 8601 instant in UTC; without a zone it is UTC, without an hour it is noon."""
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


def _charset(stream: BinaryIO) -> str:
    """Return a file's character set: by its mark, else UTF-8 if all of it is, else GB 18030."""
    import codecs

    first = stream.read(4)
    stream.seek(0)
    if first.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(_FIELD):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "gb18030"
    finally:
        stream.seek(0)
    return "utf-8"


def _decoded(stream: BinaryIO, charset: str) -> Iterator[str]:
    """Yield a file's lines as text; ends of lines inside quotes stay."""
    import io

    # not closed here: the file belongs to whoever opened it
    text = io.TextIOWrapper(stream, charset, errors="replace", newline="")
    try:
        while line := text.readline(2 * _FIELD):
            yield line
    finally:
        if not stream.closed:
            text.detach()
