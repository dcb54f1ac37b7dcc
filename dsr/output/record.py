"""One object to lines for people, or to JSON or CSV: what a `show` prints. No lists here."""

from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from dsr.output.render import Column, Format, encoder, table, write
from dsr.output.values import picked, text
from dsr.output.visible import cell_width, visible

_INDENT = "  "


def write_record(
    record: Any,
    columns: Sequence[Column],
    format_: Format,
    stream: TextIO,
    *,
    width: int | None = None,
) -> None:
    """Write one object: a line a value for people, what nests as a table or as lines below it.

    Args:
        record: A mapping, or an object with an attribute for each key.
        columns: What to write, in this order; people see those with a title that say something.
        format_: What to write; JSON is one object, not an array.
        stream: Where to.
        width: Cut the longest cells of nested tables, in columns of a terminal.
    """
    match format_:
        case Format.TABLE:
            titled = [column for column in columns if column.title]
            stream.writelines(line + "\n" for line in _lines(record, titled, width))
        case Format.JSON:
            encode = encoder(indent=2)
            keyed = {column.key: picked(record, column.key) for column in columns}
            stream.write(encode(keyed) + "\n")
        case _:
            write([record], columns, format_, stream)


def _lines(record: Any, columns: Sequence[Column], width: int | None) -> list[str]:
    said = [(column, picked(record, column.key)) for column in columns]
    short = [column.title for column, value in said if not _nests(value)]
    margin = max(map(cell_width, short), default=0) + 1
    lines: list[str] = []
    for column, value in said:
        if _nests(value):
            lines += [f"{column.title}:", *_indented(_nested(column, value, width))]
        elif shown := visible(column.show(value), keep_lines=True):
            head = f"{column.title}:" + " " * (margin - cell_width(column.title))
            lines += _hanging(head, shown.split("\n"))
    return lines


def _nests(value: Any) -> bool:
    """Tell whether a value takes lines of its own: rows, or a mapping; short words do not."""
    if isinstance(value, Mapping):
        return bool(value)
    return isinstance(value, list | tuple) and any(not isinstance(item, str) for item in value)


def _nested(column: Column, value: Any, width: int | None) -> list[str]:
    if isinstance(value, Mapping):
        inner = column.columns or tuple(Column(str(key), str(key)) for key in value)
        return _lines(value, inner, width)
    if column.columns:
        titled = [inner for inner in column.columns if inner.title]
        room = None if width is None else width - len(_INDENT)
        return table(value, titled, width=room).split("\n")
    return [f"- {visible(text(item))}" for item in value]


def _indented(lines: list[str]) -> list[str]:
    return [(_INDENT + line).rstrip() for line in lines]


def _hanging(head: str, lines: list[str]) -> list[str]:
    margin = " " * cell_width(head)
    return [head + lines[0], *(margin + line if line else "" for line in lines[1:])]
