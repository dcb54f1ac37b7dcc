"""Writes to a company's SQL database: what a plan says, in one transaction, or nothing of it."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from dsr.errors import ConflictError, SourceError
from dsr.sources.plan import AGAIN, Change, Work, counted
from dsr.sources.refusal import CHECK, refused
from dsr.sources.results import plain, unplain
from dsr.sources.rewriting import Part, Row
from dsr.sources.sql import BUSY_SECONDS, check_url, decoded, engine_for, failure_of

PRAGMAS = (
    "foreign_keys = ON",
    "trusted_schema = OFF",  # a trigger there calls no function of ours
    "secure_delete = ON",  # what is erased is overwritten, not only forgotten
)


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done in one source.

    Attributes:
        cells: How many cells have a new value.
        rows: How many rows are gone.
        already: All was found done: an earlier run ended between the source's commit and our own.
    """

    cells: int
    rows: int
    already: bool = False


def apply_part(
    url: str,
    changes: Sequence[Change],
    key: bytes,
    *,
    committing: Callable[[], AbstractContextManager[object]] = nullcontext,
    may_be_done: bool = False,
) -> Applied:
    """Carry out a plan's part in one source: all of it, or nothing.

    Args:
        url: The source's URL.
        changes: The part, in its order.
        key: The key of the plan's hashes.
        committing: Entered when all is written and looked at; the source commits inside it. What
            entering it raises undoes everything. It is entered too where all was found done.
        may_be_done: An earlier run began this part: all may be found done. Without one, what is
            found as it was to be was done by somebody else, and is a change like any other.

    Raises:
        ConflictError: A row changed since the plan was made; nothing was changed.
        SourceError: The source is missing, locked, may not be written, or refuses a value; nothing
            was changed.
        ConfigError: The URL is none that can be used.
    """
    if not changes:
        return Applied(0, 0)
    rows, source = _rows(changes), changes[0].source
    with _transaction(url, source) as connection:
        part = Part(connection, key)
        already = part.is_done(rows, may_be_done=may_be_done)
        if not already:
            part.write(rows)
        with committing():
            _commit(connection, source)
    return Applied(*counted(changes), already)


def look_part(
    url: str, changes: Sequence[Change], key: bytes, *, may_be_done: bool = False
) -> None:
    """Look whether a plan's part could be carried out now, as `apply_part` does before it writes.

    Raises:
        ConflictError: A row changed since the plan was made.
        SourceError: The source is missing or does not answer.
        ConfigError: The URL is none that can be used.
    """
    if not changes:
        return
    rows, source = _rows(changes), changes[0].source
    try:
        with engine_for(url).connect() as connection:
            Part(connection, key).is_done(rows, may_be_done=may_be_done)
    except DBAPIError as error:
        raise SourceError(f"{source}: {failure_of(error)}", hint=CHECK) from None
    except SourceError as error:
        raise SourceError(f"{source}: {error}", hint=error.hint or CHECK) from None


def _rows(changes: Iterable[Change]) -> list[Row]:
    """Gather what happens to the same row, in the order of the first change to each."""
    rows: dict[tuple[str, str], Row] = {}
    for change in changes:
        place = (change.collection, json.dumps(plain(change.key), sort_keys=True))
        key = {name: _value(value) for name, value in change.key.items()}
        row = rows.setdefault(place, Row([], key))
        row.changes.append(change)
        works = {each.work for each in row.changes}
        if not key or change.field in row.cells or (Work.DELETE in works and len(row.changes) > 1):
            raise ConflictError(f"{row.place}: the plan contradicts itself", hint=AGAIN)
        if change.work is Work.SET:
            row.cells[change.field] = _value(change.after)
    return list(rows.values())


def _value(cell: object) -> Any:
    """Return a value as a plan that was kept would give it: a day is a text."""
    try:
        return unplain(plain(cell))
    except ValueError:
        raise ConflictError("a value of the plan is not whole", hint=AGAIN) from None


@contextmanager
def _transaction(url: str, source: str) -> Iterator[Connection]:
    """Begin to write; what is not committed when the block ends is undone."""
    engine = ENGINES[check_url(url).get_backend_name()](url, source)
    try:
        connection = engine.connect()
    except DBAPIError as error:
        raise SourceError(f"{source}: {failure_of(error)}", hint=CHECK) from None
    with connection:
        try:
            connection.begin()
        except DBAPIError as error:
            raise refused(error, source) from None
        yield connection


def _commit(connection: Connection, source: str) -> None:
    try:
        connection.commit()  # a tie that is checked late is checked now
    except DBAPIError as error:
        raise refused(error, source) from None


def _sqlite(url: str, source: str) -> Engine:
    path = Path(check_url(url).database or "")
    if not path.is_file():
        raise SourceError(
            f"{source}: there is no such database file",
            hint=f"put it back, or: dsr source add DATAMAP --url {source}=URL",
        )
    return _sqlite_engine(str(path))


@lru_cache(maxsize=8)  # an engine remembers how its statements are written; it holds no connection
def _sqlite_engine(path: str) -> Engine:
    place = f"file:{quote(path)}?mode=rw"  # never creates a file

    def connect() -> sqlite3.Connection:
        opened = sqlite3.connect(place, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        opened.text_factory = decoded
        for pragma in PRAGMAS:
            opened.execute(f"PRAGMA {pragma}")
        return opened

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


ENGINES = {"sqlite": _sqlite}
