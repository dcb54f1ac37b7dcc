"""A column of addresses, one a line: what each is, in the form in which it is compared."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, TypeVar

from dsr.domain.people import normalise
from dsr.domain.vocabulary import IdentifierType
from dsr.errors import InputError
from dsr.services.desk import keyed

LONGEST_LINE = 10_000  # bytes; no address comes near, and a file without line ends is no column
_HEADING = re.compile(r"[^\W\d][^\d@＠.]*")  # words: no digit, no at sign, no full stop
_BLANKS = "\t\xa0\u202f\u3000"  # not printable in Python's eyes, and harmless
_DELIMITERS = ",;\t"

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a column.

    Attributes:
        number: Its place, from 1.
        text: As it was written, without its end; empty where it cannot be read.
        type: What kind of address it holds; None for none.
        value: The address, normalised.
    """

    number: int
    text: str
    type: IdentifierType | None = None
    value: str = ""

    def point(self, key: bytes) -> tuple[IdentifierType, str]:
        """Return the address by its keyed hash."""
        assert self.type is not None
        return self.type, keyed(key, self.type, self.value)


def read_column(
    lines: Iterable[bytes],
    type_: IdentifierType | None = None,
    *,
    heading: Callable[[int], None] = lambda _: None,
) -> Iterator[Line]:
    """Give the lines of a column; empty ones, remarks and a heading are left out.

    Args:
        lines: Bytes in UTF-8. Of a line with several columns the first one counts.
        type_: What all of them are; without, an at sign makes an e-mail address of it, and else
            it is a phone number.
        heading: Is told the number of a line that is taken for a heading.
    """
    is_first = True
    for number, raw in enumerate(lines, start=1):
        text = _decoded(raw, is_first=number == 1)
        cell = _first_cell(text) if text is not None else None
        if cell == "" or (cell is not None and cell.startswith("#")):
            continue
        line = _line(number, text or "", cell, type_)
        if line.type is None and is_first and cell and _HEADING.fullmatch(cell):
            is_first = False
            heading(number)
            continue
        is_first = False
        yield line


def lines_of(stream: BinaryIO) -> Iterator[bytes]:
    """Give the lines of a stream; of one that is too long for an address only the beginning."""
    while raw := stream.readline(LONGEST_LINE + 1):
        piece = raw
        while len(piece) > LONGEST_LINE and not piece.endswith(b"\n"):
            piece = stream.readline(LONGEST_LINE + 1)
        yield raw


def batches(items: Iterable[Item], most: int) -> Iterator[list[Item]]:
    """Give items in lists of at most so many."""
    source = iter(items)
    while batch := list(islice(source, most)):
        yield batch


def _decoded(raw: bytes, *, is_first: bool) -> str | None:
    if len(raw) > LONGEST_LINE:
        return None
    try:
        return raw.decode("utf-8-sig" if is_first else "utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        return None


def _first_cell(text: str) -> str | None:
    delimiter = next((each for each in text if each in _DELIMITERS), None)
    if delimiter is None and '"' not in text:
        return " ".join(text.split())
    try:
        row = next(csv.reader([text], delimiter=delimiter or ",", skipinitialspace=True), [""])
    except csv.Error:
        return None
    return " ".join(row[0].split()) if row else ""


def _line(number: int, text: str, cell: str | None, type_: IdentifierType | None) -> Line:
    if cell is None or not all(each.isprintable() or each in _BLANKS for each in text):
        return Line(number, "")
    kind = type_ or (IdentifierType.EMAIL if "@" in cell else IdentifierType.PHONE)
    try:
        return Line(number, text, kind, normalise(kind, cell))
    except InputError:
        return Line(number, text)
