"""Rows of one copy on their way to its files, kept on the disk. Nothing here knows a format."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from dsr.domain.vocabulary import SearchResult
from dsr.package.about import CollectionAbout
from dsr.package.cells import to_json
from dsr.package.files import private_text


@dataclass(slots=True)
class Gathered:
    """What a copy knows of one collection: the rows stand in a file, one JSON object a line.

    Attributes:
        number: Counts from 1 in the order in which collections were first named.
        columns: Every column that a row had, in the order of first sight.
        gap: Why it is not, or not wholly, in the copy; None where it was searched and is there.
    """

    number: int
    source: str
    collection: str
    spool: Path
    about: CollectionAbout = field(default_factory=CollectionAbout)
    columns: dict[str, None] = field(default_factory=dict)
    rows: int = 0
    redacted: int = 0
    gap: SearchResult | None = None

    @property
    def source_label(self) -> str:
        """Return the system's name for people."""
        return self.about.source_label or self.source

    @property
    def label(self) -> str:
        """Return the collection's name for people."""
        return self.about.label or self.collection

    @property
    def csv_name(self) -> str:
        """Return its table's path in the copy: safe characters, unique by its number."""
        return f"csv/{self.number:02d}-{_safe(self.source)}-{_safe(self.collection)}.csv"

    def label_of(self, column: str) -> str:
        """Return a column's name for people."""
        return self.about.labels.get(column) or column

    def read(self) -> Iterator[dict[str, Any]]:
        """Yield the rows one by one."""
        for line in self.lines():
            yield json.loads(line)

    def lines(self) -> Iterator[str]:
        """Yield the rows as JSON, without line ends."""
        if self.rows:
            with self.spool.open(encoding="utf-8") as stream:
                for line in stream:
                    yield line.rstrip("\n")


class Spools:
    """The collections of one copy; only the file that was last written to is open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._gathered: dict[tuple[str, str], Gathered] = {}
        self._open: Gathered | None = None
        self._stream: IO[str] | None = None

    def of(self, source: str, collection: str) -> Gathered:
        """Return a collection's place, made when it is first named."""
        key = (source, collection)
        if key not in self._gathered:
            number = len(self._gathered) + 1
            spool = self._folder / f"{number}.jsonl"
            self._gathered[key] = Gathered(number, source, collection, spool)
        return self._gathered[key]

    def add(self, gathered: Gathered, row: dict[str, Any]) -> None:
        """Write one row of plain cells to a collection's file."""
        if self._open is not gathered or self._stream is None:
            self.close()
            self._stream = private_text(gathered.spool, append=True)
            self._open = gathered
        self._stream.write(f"{to_json(row)}\n")
        gathered.columns.update(dict.fromkeys(row))
        gathered.rows += 1

    def close(self) -> None:
        """Close the open file, if any."""
        stream, self._stream, self._open = self._stream, None, None
        if stream is not None:
            stream.close()

    def all(self) -> tuple[Gathered, ...]:
        """Return every collection in order of first sight."""
        return tuple(self._gathered.values())


def _safe(key: str) -> str:
    """Return a source's or collection's key as a part of a file name on any system."""
    return "".join(char if char.isascii() and char.isalnum() else "_" for char in key)[:40]
