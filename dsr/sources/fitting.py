"""Whether a value fits a column: its type, its length, whether it may be empty. Asks no source."""

import re
from collections.abc import Mapping

from dsr.sources.datamap import Field
from dsr.sources.schema import ColumnSchema

DATE = re.compile(r"\d{4}-\d{2}(-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?")
#: Words of a declared type, and what values it takes; the first that occurs counts.
KINDS: Mapping[str, str] = {
    "DATE": "date",
    "TIME": "date",
    "BOOL": "integer",
    "INT": "integer",
    "CHAR": "string",
    "CLOB": "string",
    "TEXT": "string",
    "REAL": "float",
    "FLOA": "float",
    "DOUB": "float",
    "NUM": "float",
    "DEC": "float",
}
DESCRIBED: Mapping[str, str] = {
    "string": "string",
    "integer": "integer",
    "float": "float",
    "boolean": "integer",
}


def kind_of(column: ColumnSchema | None, field: Field | None) -> str:
    """Return what a column holds: string, integer, float, date, or nothing in particular.

    The table's own word counts; the datamap's where the table has none, or takes any text.
    """
    declared = column.type_text.upper() if column else ""
    found = next((kind for word, kind in KINDS.items() if word in declared), "")
    return found or DESCRIBED.get(field.data_type if field else "", "")


def length_of(column: ColumnSchema | None, field: Field | None) -> int | None:
    """Return how many letters a column takes, the shorter of what the table and the datamap say."""
    said = (column.max_length if column else None, field.length if field else None)
    return min((length for length in said if length is not None), default=None)


def objection(value: object, column: ColumnSchema | None, field: Field | None) -> str:
    """Return why a column does not take a value, in words without the value, or nothing."""
    if value is None:
        return "" if column is None or column.nullable else "the column may not be empty"
    length = length_of(column, field)
    if length is not None and isinstance(value, str) and len(value) > length:
        return f"the column takes {length} characters at most"
    kind = kind_of(column, field)
    fits = {
        "integer": isinstance(value, int),
        "float": isinstance(value, int | float),
        "date": isinstance(value, str) and bool(DATE.fullmatch(value)),
        "string": isinstance(value, str | bytes),
    }
    return "" if fits.get(kind, True) else f"the column holds values of another kind ({kind})"


def typed(text: str, column: ColumnSchema | None, field: Field | None) -> object:
    """Return what a text is in a column; the text itself where it is nothing of the kind."""
    kind = kind_of(column, field)
    make = {"integer": int, "float": float}.get(kind)
    if make is None:
        return text
    try:
        return make(text)
    except ValueError:
        return text
