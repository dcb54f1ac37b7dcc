"""Reads a company's SQL database, and never writes: the only module here that knows SQL."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    LargeBinary,
    Text,
    and_,
    case,
    cast,
    column,
    create_engine,
    event,
    func,
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
        return tuple(str(name) for (name,) in self._run(select(listed.c.name)))

    def rows(
        self, collection: str, fields: Sequence[str], condition: Condition
    ) -> Iterator[tuple[object, ...]]:
        """Give the rows that meet a condition, a few at a time; cells over 1 MiB are cut.

        Raises:
            SourceError: The source does not answer.
        """
        wanted = [_bounded(_column(name)) for name in fields]
        asked = select(*wanted).select_from(_table(collection)).where(_sql(condition))
        for row in self._run(asked):
            yield tuple([_cut(cell) if type(cell) is bytes else cell for cell in row])

    def count(self, collection: str, condition: Condition) -> int:
        """Return how many rows meet a condition.

        Raises:
            SourceError: The source does not answer.
        """
        asked = select(func.count()).select_from(_table(collection)).where(_sql(condition))
        return int(next(self._run(asked))[0])

    def _run(self, statement: Any) -> Iterator[tuple[Any, ...]]:
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
            connection.execute(select(func.count()).select_from(_table("sqlite_master"))).scalar()
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
    place = f"file:{quote(str(path))}?mode=ro"  # never creates a file, never writes one

    def connect() -> sqlite3.Connection:
        opened = sqlite3.connect(place, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        opened.text_factory = _text
        opened.execute("PRAGMA query_only = ON")
        opened.execute("PRAGMA trusted_schema = OFF")  # a view there calls no function of ours
        return opened

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _text(raw: bytes) -> str | bytes | Cut:
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
    name = str(getattr(error.orig, "sqlite_errorname", "") or type(error.orig).__name__)
    known = (text for prefix, text in FAILURES.items() if name.startswith(prefix))
    return next(known, f"the database refused the question ({name})")


def _table(name: str) -> Any:
    return table(quoted_name(name, quote=True))


def _column(name: str) -> ColumnElement[Any]:
    return column(quoted_name(name, quote=True))


def _bounded(cell: ColumnElement[Any]) -> ColumnElement[Any]:
    """Cut a huge cell in the database, one byte beyond the limit, so that it is never loaded."""
    raw = cast(cell, LargeBinary)  # of a text, substr and length see nothing after a NUL
    begins = func.substr(raw, 1, CELL_LIMIT + 1)
    kind, long = func.typeof(cell), func.length(raw) > CELL_LIMIT
    chosen = case(
        (and_(kind == "text", long), cast(begins, Text)),
        (and_(kind == "blob", long), begins),
        else_=cell,
    )
    return type_coerce(chosen, NullType())


def _sql(condition: Condition) -> ColumnElement[bool]:
    cells = [_column(name) for name in condition.fields]
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
