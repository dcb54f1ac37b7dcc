"""What a search gives back, and how a cell becomes JSON. Nothing here asks a source."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from math import isfinite
from typing import Any, Protocol

from dsr.domain.vocabulary import SearchResult

CELL_LIMIT = 1024 * 1024


class Sink(Protocol):
    """Whatever takes the rows that a search finds, one by one."""

    def row(
        self, source: str, collection: str, values: Mapping[str, object], foreign: frozenset[str]
    ) -> None:
        """Take one row.

        Args:
            source: The source's key.
            collection: The table.
            values: The cells by field, as the source's driver gave them; `Cut` where too long.
            foreign: The fields of the row that point to somebody else, handed over or not.
        """
        ...


@dataclass(frozen=True, slots=True)
class Cut:
    """The first MiB of a cell that is longer."""

    start: str | bytes


@dataclass(frozen=True, slots=True)
class CollectionResult:
    """What the search of one collection gave.

    Attributes:
        source: The source's key.
        result: Found, none, failed and not asked are four different things.
        rows: How many rows went to the sink.
        warnings: What the officer must know; names and counts, no personal value.
        categories: The data categories that were asked for and that the collection holds.
    """

    source: str
    collection: str
    result: SearchResult
    rows: int = 0
    warnings: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchReport:
    """A search of all sources: one entry for every collection of the datamap, in its order."""

    collections: tuple[CollectionResult, ...]

    @property
    def rows(self) -> int:
        """How many rows were found in all."""
        return sum(entry.rows for entry in self.collections)

    def having(self, result: SearchResult) -> tuple[CollectionResult, ...]:
        """Return the collections whose search gave this result."""
        return tuple(entry for entry in self.collections if entry.result is result)


def plain(value: object) -> object:
    """Return a cell as JSON can carry it: bytes as {"base64": ...}, a cut cell as {"cut": ...}."""
    made: object
    match value:
        case Cut(start):
            made = {"cut": plain(start)}
        case None | bool() | int() | str():
            made = value
        case float():
            made = value if isfinite(value) else str(value)
        case bytes() | bytearray() | memoryview():
            made = {"base64": base64.b64encode(value).decode("ascii")}
        case datetime() | date() | time():
            made = value.isoformat()
        case Mapping():
            made = {str(key): plain(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            made = [plain(inner) for inner in value]
        case _:
            made = str(value)
    return made


def unplain(value: Any) -> Any:
    """Return what a cell, or a mapping or list of cells, was before JSON carried it.

    Raises:
        ValueError: It was cut, or the bytes are no base64.
    """
    match value:
        case {"base64": str(text), **others} if not others:
            return base64.b64decode(text, validate=True)
        case {"cut": _, **others} if not others:
            raise ValueError("only the beginning of the cell is known")
        case Mapping():
            return {name: unplain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [unplain(inner) for inner in value]
    return value
