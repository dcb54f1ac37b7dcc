"""Rows to table, JSON, JSON Lines or CSV, each row as it comes. Nothing here knows whose rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any, TextIO

from dsr.output.values import cell, picked, plain, text
from dsr.output.visible import cell_width, clip, visible

MOST_COLUMNS = 7
_NARROWEST = 8  # no column of a table is cut shorter than this
_PADDING = 2  # tabulate's, after a heading
_GAP = 2  # tabulate's, between columns
_STAND_IN = "\ue000"  # private use: visible() spells it out, so no cell has it


class Format(StrEnum):
    """What the result looks like."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Column:
    """A value of a row: its stable key for programs, its title and its wording for people.

    Attributes:
        key: The key in JSON and CSV, and the row's key or attribute.
        title: The heading for people; a column without one is for programs only.
        show: The wording for people; what it returns is made harmless afterwards.
        columns: The columns of the rows that nest in this value, for `write_record`.
    """

    key: str
    title: str = ""
    show: Callable[[Any], str] = text
    columns: "tuple[Column, ...]" = ()


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows were shown, and how many there are."""

    shown: int
    total: int


def write(
    rows: Iterable[Any],
    columns: Sequence[Column],
    format_: Format,
    stream: TextIO,
    *,
    limit: int | None = None,
    width: int | None = None,
) -> Written:
    """Write rows, each as it comes where the format can; a table needs them all to measure them.

    Args:
        rows: Mappings, or objects with an attribute for each key.
        columns: What to write of a row, in this order; a table shows those with a title.
        format_: What to write.
        stream: Where to.
        limit: Write no more rows than this, but count them all.
        width: Cut the longest cells of a table until it is no wider, in columns of a terminal.

    Raises:
        ValueError: A table would have more than `MOST_COLUMNS` columns.
    """
    source = iter(rows)
    shown = _Counted(islice(source, limit))
    match format_:
        case Format.TABLE:
            _write_table(shown, [column for column in columns if column.title], stream, width)
        case Format.JSON:
            _write_json(shown, columns, stream)
        case Format.JSONL:
            _write_jsonl(shown, columns, stream)
        case Format.CSV:
            _write_csv(shown, columns, stream)
    return Written(shown.count, shown.count + sum(1 for _ in source))


def write_ids(rows: Iterable[Any], key: str, stream: TextIO, *, limit: int | None = None) -> None:
    """Write one value of each row, one a line, as it comes."""
    stream.writelines(f"{visible(text(picked(row, key)))}\n" for row in islice(rows, limit))


def table(rows: Iterable[Any], columns: Sequence[Column], *, width: int | None = None) -> str:
    """Return rows as a table for people, without a final line end; nothing for no rows.

    Raises:
        ValueError: There are more than `MOST_COLUMNS` columns.
    """
    if len(columns) > MOST_COLUMNS:
        raise ValueError(f"a table has at most {MOST_COLUMNS} columns")
    body = [[visible(column.show(picked(row, column.key))) for column in columns] for row in rows]
    if not body:
        return ""
    return _laid_out([[column.title for column in columns], *body], width)


def encoder(*, indent: int | None = None) -> Callable[[Any], str]:
    """Return what makes JSON: ASCII only, so that no text in it can steer a terminal."""
    import json

    return json.JSONEncoder(default=plain, ensure_ascii=True, allow_nan=False, indent=indent).encode


class _Counted(Iterator[Any]):
    """Counts what passes."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows
        self.count = 0

    def __next__(self) -> Any:
        row = next(self._rows)
        self.count += 1
        return row


def _write_table(
    rows: Iterable[Any], columns: Sequence[Column], stream: TextIO, width: int | None
) -> None:
    if laid_out := table(rows, columns, width=width):
        stream.write(laid_out + "\n")


def _write_json(rows: Iterable[Any], columns: Sequence[Column], stream: TextIO) -> None:
    encode = encoder()
    opening = "[\n "
    for row in rows:
        stream.write(opening + encode(_keyed(row, columns)))
        opening = ",\n "
    stream.write("[]\n" if opening.startswith("[") else "\n]\n")


def _write_jsonl(rows: Iterable[Any], columns: Sequence[Column], stream: TextIO) -> None:
    encode = encoder()
    stream.writelines(encode(_keyed(row, columns)) + "\n" for row in rows)


def _write_csv(rows: Iterable[Any], columns: Sequence[Column], stream: TextIO) -> None:
    import csv

    encode = encoder()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.key for column in columns])
    for row in rows:
        writer.writerow([cell(picked(row, column.key), encode) for column in columns])


def _keyed(row: Any, columns: Sequence[Column]) -> dict[str, Any]:
    return {column.key: picked(row, column.key) for column in columns}


def _laid_out(lines: list[list[str]], width: int | None) -> str:
    """Let tabulate lay out stand-ins as wide as the cells: it counts characters, not columns."""
    import re

    from tabulate import tabulate  # 50 ms that JSON need not pay

    if width is not None:
        lines = _narrowed(lines, width)
    stand_ins = [[_STAND_IN * cell_width(item) for item in line] for line in lines]
    cells = iter([item for line in lines for item in line if cell_width(item)])
    # disable_numparse: a reference such as "1e5" is a name; nothing here is a number to tabulate.
    drawn = tabulate(stand_ins[1:], stand_ins[0], "simple", disable_numparse=True)
    drawn = re.sub(f"{_STAND_IN}+", lambda _: next(cells), drawn)
    return "\n".join(line.rstrip() for line in drawn.split("\n"))


def _narrowed(lines: list[list[str]], width: int) -> list[list[str]]:
    """Cut the widest columns until a line fits, as far as the narrowest allows."""
    headings, *body = lines
    widths = [cell_width(heading) + _PADDING for heading in headings]
    for line in body:
        widths = [max(*pair) for pair in zip(widths, map(cell_width, line), strict=True)]
    room = width - _GAP * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    cut = [clip(head, most - _PADDING) for head, most in zip(headings, widths, strict=True)]
    return [cut, *([clip(*pair) for pair in zip(line, widths, strict=True)] for line in body)]
