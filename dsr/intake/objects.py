"""Reads JSON: lines, one object or a list of them; what each is, is told by its shape."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from typing import Any, BinaryIO

from dsr.errors import InputError, Problem
from dsr.intake import drp, opendsr, statuses
from dsr.intake.arrival import Arrival
from dsr.intake.charsets import charset_of
from dsr.intake.columns import KEYS, kept_unread, keys_of_object
from dsr.intake.forms import FIELD, PLAIN, Row, arrival_of, checked, lines_of, said, wrong
from dsr.intake.written import Habit

_LONGEST = 4 * FIELD  # characters of one object
_COLUMNS = 100  # names that are remembered to be told
_BETWEEN = " \t\r\n,[]"
_MARKS = re.compile(r'\\.|["{}\[\]]', re.DOTALL)
_ENVELOPE = re.compile(r"[A-Za-z0-9+/_-]{90,}={0,2}")
_SIGNATURE = 64  # bytes before the message of an envelope
_URL_SAFE = str.maketrans("-_", "+/")


def read_lines(
    stream: BinaryIO, name: str, told: Mapping[str, str] | None = None, zone: str = "UTC"
) -> Iterator[Arrival | Problem]:
    """Yield one row for each line that holds a JSON object, or a signed envelope of one.

    Args:
        stream: At its beginning.
        name: What to call it; the rows are ``name#1``, ``name#2``, ..., empty lines counted.
        told: Which name in the objects is which key, where somebody said it.
        zone: Where times without an offset are told, an IANA name.
    """
    reader = _Reader(name, charset_of(stream), told or {}, zone)
    number, too_long = 0, False
    for line in lines_of(stream, reader.charset):
        ends = line.endswith(("\n", "\r"))
        if too_long:
            too_long = not ends
            continue
        number += 1
        if len(line) > _LONGEST:
            yield Problem(f"{name}#{number}", f"row {number}: longer than {_LONGEST} characters")
            too_long = not ends
        elif line.strip():
            yield reader.read(line.strip(), number)
    yield from kept_unread(name, reader.unread)


def read_values(
    stream: BinaryIO, name: str, told: Mapping[str, str] | None = None, zone: str = "UTC"
) -> Iterator[Arrival | Problem]:
    """Yield the objects of a JSON file: one, several, or a list, one in memory at a time.

    Args:
        stream: At its beginning.
        name: What to call it; the objects are ``name#1``, ``name#2``, ...
        told: Which name in the objects is which key, where somebody said it.
        zone: Where times without an offset are told, an IANA name.
    """
    reader = _Reader(name, charset_of(stream), told or {}, zone)
    pieces = lines_of(stream, reader.charset)
    first = ""
    for piece in pieces:
        first += piece
        if first.strip("\ufeff \t\r\n") or len(first) > _LONGEST:
            break
    if not first.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        whole = "".join(islice(chain([first], pieces), _LONGEST))[: _LONGEST + 1]
        joined = "".join(whole.split())
        yield reader.read(joined if _ENVELOPE.fullmatch(joined) else whole.strip(), 1)
        return
    objects = _Objects()
    for number, text in enumerate(objects.of(chain([first.lstrip("\ufeff")], pieces)), start=1):
        yield reader.read(text, number)
    if objects.rest:
        yield Problem(name, "not all of it is JSON objects")
    if objects.depth:
        yield Problem(name, "its last object does not end")
    yield from kept_unread(name, reader.unread)


class _Objects:
    """Finds where objects begin and end, in one pass; whether they are JSON is judged later.

    Attributes:
        depth: How many objects and lists are open inside the outermost list, if there is one.
        rest: Something stood beside the objects.
    """

    def __init__(self) -> None:
        self.depth = 0
        self.rest = False
        self._quoted = self._listed = False
        self._held: list[str] = []
        self._size = 0

    def of(self, pieces: Iterable[str]) -> Iterator[str]:
        """Yield the texts of the objects, each cut a little above the longest that is read."""
        for piece in pieces:
            yield from self._in(piece)

    def _in(self, piece: str) -> Iterator[str]:
        start = 0
        for mark in _MARKS.finditer(piece):
            sign, place = mark[0], mark.end()
            if self._quoted or sign == '"':
                self._quoted = self._quoted != (sign == '"')
            elif sign == "{" or (sign == "[" and self.depth):
                if not self.depth:
                    self._beside(piece[start : place - 1])
                    start = place - 1
                self.depth += 1
            elif sign == "[":
                self.rest, self._listed = self.rest or self._listed, True
            elif sign in "}]" and self.depth:
                self.depth -= 1
                if not self.depth:
                    self._hold(piece[start:place])
                    yield "".join(self._held)
                    self._held, self._size, start = [], 0, place
        if self.depth:
            self._hold(piece[start:])
        else:
            self._beside(piece[start:])

    def _hold(self, text: str) -> None:
        if self._size <= _LONGEST:
            self._held.append(text)
            self._size += len(text)
            self.rest = self.rest or bool(self.depth and self._size > _LONGEST)

    def _beside(self, text: str) -> None:
        self.rest = self.rest or bool(text.strip(_BETWEEN))


class _Reader:
    """What is the same for all objects of a file.

    Attributes:
        unread: Names in them that are kept and not read, some of many.
    """

    def __init__(self, name: str, charset: str, told: Mapping[str, str], zone: str) -> None:
        self.name, self.charset, self.told = name, charset, told
        self.habit = Habit(zone)
        self.unread: dict[str, None] = {}

    def read(self, text: str, number: int) -> Arrival | Problem:
        """Return what one object says."""
        where = f"{self.name}#{number}"
        if len(text) > _LONGEST:
            return Problem(where, f"row {number}: longer than {_LONGEST} characters")
        opened = _opened(text)
        bare = Arrival(where, text.encode(errors="replace"))
        try:
            values: Any = json.loads(opened or text.removeprefix("\ufeff"))
        except json.JSONDecodeError as error:
            return wrong(bare, number, f"is no JSON ({error.msg}, column {error.colno})")
        except (RecursionError, ValueError):
            return wrong(bare, number, "is no JSON that can be read")
        if not isinstance(values, dict):
            return wrong(bare, number, "is no JSON object")
        return self._of_a_protocol(values, bare, number) or self._row(values, bare, number)

    def _of_a_protocol(
        self, values: dict[str, Any], bare: Arrival, number: int
    ) -> Arrival | Problem | None:
        """Return a request or a status of another program, told by its shape; None for others."""
        for form in (opendsr, drp):
            if form.is_request(values):
                return _request(form.form_of(values), bare, number)
        status = statuses.form_of(values, self.told)
        return replace(bare, form=status) if status is not None else None

    def _row(self, values: dict[str, Any], bare: Arrival, number: int) -> Arrival | Problem:
        keys = keys_of_object([*values], self.told)
        texts: dict[str, str] = {}
        for name, value in values.items():
            if isinstance(value, dict | list) and keys.get(name) in KEYS:
                return wrong(bare, number, f"{keys[name]} must be a text")
            texts[name] = _as_text(value)
            if texts[name] and name not in keys and len(self.unread) < _COLUMNS:
                self.unread[name] = None
        warnings = () if self.charset in PLAIN else (f"read as {self.charset}",)
        return arrival_of(Row(texts, keys, self.name, number, warnings, self.habit))


def _request(
    read: tuple[dict[str, str], tuple[str, ...]], bare: Arrival, number: int
) -> Arrival | Problem:
    """Return a request of another program: its bytes are the evidence, its fields the form."""
    form, warnings = read
    try:
        received_at = checked(form)
    except InputError as error:
        return wrong(replace(bare, form=form, warnings=warnings), number, said(error))
    return replace(bare, received_at=received_at, form=form, warnings=warnings)


def is_envelope(raw: bytes) -> bool:
    """Say whether bytes are a signed envelope of an object."""
    return _opened(raw.decode("ascii", "replace").strip()) is not None


def _opened(text: str) -> bytes | None:
    """Return the JSON in a signed envelope: base64 of a signature and the message behind it."""
    if not _ENVELOPE.fullmatch(text):
        return None
    plain = text.rstrip("=").translate(_URL_SAFE)
    try:
        raw = base64.b64decode(plain + "=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        return None
    return raw[_SIGNATURE:] if raw[_SIGNATURE:].lstrip()[:1] == b"{" else None


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
