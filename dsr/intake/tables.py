"""Reads tables (CSV): finds out character set, delimiter and headings, then gives the rows."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from typing import BinaryIO

from dsr.errors import InputError, Problem
from dsr.intake.arrival import Arrival
from dsr.intake.charsets import charset_of
from dsr.intake.columns import KEYS, UnmappedError, given_keys, kept_unread, keys_of
from dsr.intake.forms import FIELD, PLAIN, Row, arrival_of, lines_of, wrong
from dsr.intake.written import Habit, day_first
from dsr.rules.headings import folded, known

_DELIMITERS = ",;\t"
_HEADING = 64 << 10  # characters of the line of headings
_COLUMNS = 1_000
_AHEAD = 1 << 20  # characters of the rows that tell how dates are meant


def read_table(
    stream: BinaryIO, name: str, told: Mapping[str, str] | None = None, zone: str = "UTC"
) -> Iterator[Arrival | Problem]:
    """Return the rows of a table with a heading; formulas in it are text.

    Args:
        stream: At its beginning; a file is read twice, first for its character set.
        name: What to call it; the rows are ``name#1``, ``name#2``, ... without the heading.
        told: Which heading is which key, where somebody said it.
        zone: Where times without an offset are told, an IANA name.

    Raises:
        UnmappedError: Nothing says which column is which; no row was read.
        InputError: It has no headings.
    """
    table = _Table(stream, name)
    return table.rows(keys_of(table.headings, told or {}, name), zone)


def unmapped(stream: BinaryIO, name: str, told: Mapping[str, str]) -> UnmappedError | None:
    """Return why somebody has to say which column of a table is which, or None."""
    try:
        keys_of(_Table(stream, name).headings, told, name)
    except UnmappedError as error:
        return error
    return None


def is_table(first: bytes) -> bool:
    """Say whether something begins as a table does: with names of columns that are known."""
    text = first.removeprefix(b"\xef\xbb\xbf")
    for charset in ("utf-16",) if first[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8", "gb18030"):
        heading = text.decode(charset, "replace").splitlines()[:1]
        cells = _cells(heading[0], _delimiter(heading[0])) if heading else []
        if len(cells) > 1 and (
            given_keys(cells, {}) or any(folded(cell) in known() for cell in cells)
        ):
            return True
    return False


class _Table:
    """A table whose heading was read."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        csv.field_size_limit(FIELD)
        self.name = name
        self.charset = charset_of(stream)
        self.lines: Iterator[str] = lines_of(stream, self.charset)
        self.taken: list[str] = []
        self.habit = Habit()
        heading = self._heading()
        self.delimiter = _delimiter(heading)
        if heading.lower().startswith("sep=") and len(heading.strip()) == len("sep=;"):
            self.delimiter = heading.strip()[-1]  # so a spreadsheet says it
            heading = self._heading()
        self.headings = [cell.strip() for cell in _cells(heading, self.delimiter)]
        while self.headings and not self.headings[-1]:
            self.headings.pop()
        if not self.headings or len(self.headings) > _COLUMNS:
            raise InputError(f"{name}: has no headings", hint="its first line names its columns")

    def _heading(self) -> str:
        """Return the first record that is not empty; a heading may have line ends in quotes."""
        heading = ""
        for line in self.lines:
            heading += line
            if heading.strip() and heading.count('"') % 2 == 0:
                return heading
            if len(heading) > _HEADING:
                break
        return heading[:_HEADING]

    def rows(self, keys: list[str], zone: str) -> Iterator[Arrival | Problem]:
        """Yield the rows; one that cannot be read is a problem, and the rest goes on."""
        self.habit = Habit(zone, self._day_first(keys))
        yield from self._rows(keys)
        called = zip(self.headings, keys, strict=True)
        yield from kept_unread(self.name, (heading for heading, key in called if key not in KEYS))

    def _day_first(self, keys: list[str]) -> bool | None:
        """Return whether the first rows tell that their dates begin with the day; none is lost."""
        if "received_at" not in keys:
            return None
        place, size = keys.index("received_at"), 0
        ahead: list[str] = []
        for line in self.lines:
            ahead.append(line)
            size += len(line)
            if size >= _AHEAD:
                break
        self.lines = chain(ahead, self.lines)
        rows = _readable(csv.reader(ahead, delimiter=self.delimiter))
        return day_first(cells[place] for cells in rows if place < len(cells))

    def _rows(self, keys: list[str]) -> Iterator[Arrival | Problem]:
        rows = csv.reader(self._taken(), delimiter=self.delimiter, strict=True)
        number = 0
        while True:
            number += 1
            line = rows.line_num + 1
            self.taken.clear()
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                what = f"{error} (lines {line} to {rows.line_num} after the heading)"
                yield self._wrong(number, what)
                continue
            if any(cell.strip() for cell in cells):
                yield self._row(keys, cells, number)

    def _taken(self) -> Iterator[str]:
        """Yield the lines, and remember those of the present row."""
        for line in self.lines:
            self.taken.append(line)
            yield line

    def _wrong(self, number: int, what: str) -> Problem:
        """Return what is wrong with the present row, which is kept as it stands there."""
        raw = "".join(self.taken).strip().encode(errors="replace")
        return wrong(Arrival(f"{self.name}#{number}", raw), number, what)

    def _row(self, keys: list[str], cells: list[str], number: int) -> Arrival | Problem:
        columns = len(keys)
        if len(cells) > columns and any(cell.strip() for cell in cells[columns:]):
            what = f"{len(cells)} fields, but {columns} columns; quote the commas"
            return self._wrong(number, what)
        warnings = [] if self.charset in PLAIN else [f"read as {self.charset}"]
        if len(cells) < columns:
            warnings.append(f"{len(cells)} fields, but {columns} columns")
        values = dict(zip(self._names(keys), cells, strict=False))
        ours = dict(zip(self._names(keys), keys, strict=True))
        return arrival_of(Row(values, ours, self.name, number, tuple(warnings), self.habit))

    def _names(self, keys: list[str]) -> list[str]:
        """Return what the columns are called in the table; where that is nothing, what we say."""
        unique = len(set(self.headings)) == len(self.headings) and all(self.headings)
        return self.headings if unique else keys


def _readable(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Yield rows up to one that cannot be read."""
    with suppress(csv.Error):
        yield from rows


def _delimiter(heading: str) -> str:
    """Return what separates the names of the columns, outside quotes."""
    outside = "".join(heading.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)


def _cells(heading: str, delimiter: str) -> list[str]:
    try:
        rows = csv.reader(heading.splitlines(keepends=True), delimiter=delimiter)
        return next(iter(rows), [])
    except csv.Error:
        return []
