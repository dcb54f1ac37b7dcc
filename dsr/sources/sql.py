"""Reads a company's SQL database, and never writes: the only module here that knows SQL."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    LargeBinary,
    and_,
    cast,
    collate,
    column,
    create_engine,
    event,
    func,
    literal_column,
    or_,
    select,
    table,
    tuple_,
    type_coerce,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql import quoted_name
from sqlalchemy.types import NullType

from dsr.errors import ConfigError, SourceError, nearest
from dsr.sources.matching import PHONE_NOISE, Condition, How
from dsr.sources.results import CELL_LIMIT, Cut

BUSY_SECONDS = 2
ROWS_AT_ONCE = 100

FAILURES: Mapping[str, str] = {
    "SQLITE_BUSY": "the database is locked by another program",
    "SQLITE_LOCKED": "the database is locked by another program",
    "SQLITE_NOTADB": "the file is no SQLite database, or is encrypted",
    "SQLITE_CORRUPT": "the database file is damaged",
    "SQLITE_CANTOPEN": "the database file cannot be opened",
    "SQLITE_PERM": "the database file may not be read",
    "SQLITE_AUTH": "the database does not allow it",
    "SQLITE_READONLY": "the database needs recovery, and it is open for reading only",
    "SQLITE_IOERR": "the database file cannot be read",
}


class Reader:
    """One read transaction on one source."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def columns(self, collection: str) -> tuple[str, ...]:
        """Return a table's or view's columns; none means that there is no such table.

        Raises:
            SourceError: The source does not answer.
        """
        # SQLite takes an unknown name in double quotes for a text: columns are always checked first
        listed = func.pragma_table_xinfo(collection).table_valued("name")
        return tuple(str(name) for (name,) in self.run(select(listed.c.name)))

    def rows(
        self, collection: str, fields: Sequence[str], condition: Condition
    ) -> Iterator[tuple[object, ...]]:
        """Give the rows that meet a condition, a few at a time; cells over 1 MiB are cut.

        Raises:
            SourceError: The source does not answer.
        """
        wanted = [_bounded(name) for name in fields]
        asked = select(*wanted).select_from(table_of(collection)).where(_sql(condition))
        for row in self.run(asked):
            yield tuple([_cut(cell) if type(cell) is bytes else cell for cell in row])

    def keyed(
        self, collection: str, fields: Sequence[str], key: Mapping[str, object]
    ) -> list[tuple[object, ...]]:
        """Return the rows that have a key, two at most: one is right, a second tells that it isn't.

        Raises:
            SourceError: The source does not answer.
        """
        wanted = [_bounded(name) for name in fields]
        asked = select(*wanted).select_from(table_of(collection)).where(same(key)).limit(2)
        return [tuple([_cut(c) if type(c) is bytes else c for c in row]) for row in self.run(asked)]

    def count(self, collection: str, condition: Condition) -> int:
        """Return how many rows meet a condition.

        Raises:
            SourceError: The source does not answer.
        """
        asked = select(func.count()).select_from(table_of(collection)).where(_sql(condition))
        return int(next(self.run(asked))[0])

    def run(self, statement: Any) -> Iterator[tuple[Any, ...]]:
        """Give what a SELECT answers, a few rows at a time.

        Raises:
            SourceError: The source does not answer.
        """
        try:
            with self._connection.execute(statement) as result:
                for part in result.partitions(ROWS_AT_ONCE):
                    for row in part:
                        yield tuple(row)
        except DBAPIError as error:
            raise SourceError(failure_of(error)) from None


@contextmanager
def reading(url: str) -> Iterator[Reader]:
    """Open a source for reading, in one transaction that ends with the block.

    Raises:
        ConfigError: The URL is none that can be read.
        SourceError: The source is missing, locked or no database.
    """
    engine = engine_for(url)
    try:
        connection = engine.connect()
    except DBAPIError as error:
        raise SourceError(failure_of(error)) from None
    with connection:
        try:
            connection.execute(select(func.count()).select_from(table_of("sqlite_master"))).scalar()
        except DBAPIError as error:
            raise SourceError(failure_of(error)) from None
        yield Reader(connection)


def engine_for(url: str) -> Engine:
    """Return an engine that can only read, by the URL's scheme.

    Raises:
        ConfigError: The URL is none, or of a kind that is not supported; it is not repeated.
        SourceError: There is no such database.
    """
    parsed = check_url(url)
    return ENGINES[parsed.get_backend_name()](parsed)


def check_url(url: str) -> URL:
    """Return a source's URL in parts.

    Raises:
        ConfigError: The URL is none, or of a kind that is not supported; it is not repeated.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ConfigError("a source's URL cannot be read", hint=EXAMPLE) from None
    scheme = parsed.drivername
    if scheme not in ENGINES:
        hint = nearest(scheme, list(ENGINES))
        raise ConfigError(f"a source's URL begins with {scheme}, which is not supported", hint=hint)
    if scheme == "sqlite" and (parsed.query or not Path(parsed.database or "").is_absolute()):
        raise ConfigError("a SQLite source's URL needs a whole path and nothing else", hint=EXAMPLE)
    return parsed


EXAMPLE = "write it as sqlite:////srv/shop.db"


def _sqlite(url: URL) -> Engine:
    path = Path(url.database or "")
    if not path.is_file():
        raise SourceError("there is no such database file")
    return _sqlite_file(str(path))


@lru_cache(maxsize=8)  # an engine remembers how its statements are written; it holds no connection
def _sqlite_file(path: str) -> Engine:
    place = f"file:{quote(path)}?mode=ro"  # never creates a file, never writes one

    def connect() -> sqlite3.Connection:
        opened = sqlite3.connect(place, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        opened.text_factory = decoded
        opened.execute("PRAGMA query_only = ON")
        opened.execute("PRAGMA trusted_schema = OFF")  # a view there calls no function of ours
        return opened

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def decoded(raw: bytes) -> str | bytes | Cut:
    """Return a text cell; what is no UTF-8 stays bytes."""
    if len(raw) > CELL_LIMIT:
        return Cut(raw[:CELL_LIMIT].decode(errors="ignore"))  # the last letter may be cut too
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _cut(raw: bytes) -> bytes | Cut:
    return Cut(raw[:CELL_LIMIT]) if len(raw) > CELL_LIMIT else raw


ENGINES: Mapping[str, Callable[[URL], Engine]] = {"sqlite": _sqlite}


def failure_of(error: DBAPIError) -> str:
    """Return the class of a failure: a driver's own text may quote values."""
    name = error_name(error)
    known = (text for prefix, text in FAILURES.items() if name.startswith(prefix))
    return next(known, f"the database refused the question ({name})")


def error_name(error: DBAPIError) -> str:
    """Return the driver's name of a failure."""
    return str(getattr(error.orig, "sqlite_errorname", "") or type(error.orig).__name__)


def table_of(name: str) -> Any:
    """Return a table by a name that may hold anything."""
    return table(quoted_name(name, quote=True))


def column_of(name: str) -> ColumnElement[Any]:
    """Return a column by a name that may hold anything."""
    return column(quoted_name(name, quote=True))


def _bounded(name: str) -> ColumnElement[Any]:
    """Return a column, cut in the database one byte beyond the limit: so it is never loaded whole.

    It is written out as SQL: built of parts, it took longer than all the rest of a search.
    """
    cell = '"' + name.replace('"', '""') + '"'
    raw = f"CAST({cell} AS BLOB)"  # of a text, substr and length see nothing after a NUL
    begins = f"substr({raw}, 1, {CELL_LIMIT + 1})"
    return literal_column(
        f"CASE WHEN typeof({cell}) NOT IN ('text', 'blob') OR length({raw}) <= {CELL_LIMIT}"
        f" THEN {cell} WHEN typeof({cell}) = 'text' THEN CAST({begins} AS TEXT) ELSE {begins} END"
    )


def same(key: Mapping[str, object]) -> ColumnElement[bool]:
    """Return the condition of the row that has a key: NULL is NULL, and an A is no a."""
    return and_(*(_is(column_of(name), value) for name, value in key.items()))


def _is(cell: ColumnElement[Any], value: object) -> ColumnElement[bool]:
    exact = type_coerce(cell, NullType()).is_not_distinct_from(value)
    if type(value) is bytes:  # also how a text is read that is no UTF-8
        return or_(exact, and_(func.typeof(cell) == "text", cast(cell, LargeBinary) == value))
    if type(value) is str:  # the first part may use an index that takes A for a
        return and_(exact, collate(cell, "BINARY").is_not_distinct_from(value))
    return exact


def _sql(condition: Condition) -> ColumnElement[bool]:
    cells = [column_of(name) for name in condition.fields]
    if len(cells) > 1:
        return tuple_(*cells).in_(list(condition.values))
    values = [value for (value,) in condition.values]
    return _comparable(cells[0], condition.how).in_(values)


def _comparable(cell: ColumnElement[Any], how: How) -> ColumnElement[Any]:
    if how is How.EMAIL:
        return func.lower(func.trim(cell, " \t\r\n"))
    if how is How.PHONE:
        for sign in PHONE_NOISE:
            cell = func.replace(cell, sign, "")
    return cell
