"""One unit of work on dsr's own database: the only module that knows the dialect."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import dropwhile, takewhile
from pathlib import Path
from traceback import walk_tb
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlmodel import Session

from dsr.errors import ConfigError, ConflictError, DsrError, RefusedError, TrailError
from dsr.store.columns import Instant

#: The schema this program writes; a test holds it against the newest migration.
HEAD = "0004"
BUSY_MS = 10_000
#: What reads a value for SQLAlchemy, and where SQLAlchemy makes rows of what was fetched.
_READERS = ("json", "enum", Instant.__module__)
_RESULTS = ("sqlalchemy.engine.result", "sqlalchemy.engine._result", "sqlalchemy.cyextension")


def open_store(url: str) -> Engine:
    """Return an engine for a database of this program's schema; make or upgrade it where needed.

    Raises:
        ConfigError: The URL cannot be used, or the file is no database of dsr.
        TrailError: The database is newer than this program.
        ConflictError: The database is busy, or the disk is full.
    """
    engine = make_engine(url)
    with ExitStack() as undone:
        undone.callback(engine.dispose)
        _bring_up(engine)
        undone.pop_all()
    return engine


def _bring_up(engine: Engine) -> None:
    with plain_errors():
        revision = _revision(engine)
    if revision is None:
        from dsr.store.fresh import create

        create(engine)
    elif revision != HEAD:
        from dsr.store.upgrade import upgrade  # Alembic costs 0.2 s that a list must not pay

        upgrade(engine, revision)


def make_engine(url: str) -> Engine:
    """Return an engine whose transactions begin as `transaction` says.

    Raises:
        ConfigError: The URL is none that dsr can use.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            raise ConfigError(
                f"a {parsed.get_backend_name()} database is not known", hint="sqlite:///PATH"
            )
        engine = create_engine(parsed, hide_parameters=True)
    except ArgumentError:
        raise ConfigError("the database's URL cannot be read", hint="dsr config") from None
    if parsed.database in {None, "", ":memory:"}:
        raise ConfigError("a database in memory keeps nothing", hint="sqlite:///PATH")
    path = sqlite_path(url)
    if path is not None:
        create_private(path)
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def sqlite_path(url: str) -> Path | None:
    """Return the file of a SQLite URL, or None for one in memory or opened by a SQLite URI."""
    name = make_url(url).database
    return None if not name or name == ":memory:" or name.startswith("file:") else Path(name)


def create_private(path: Path) -> None:
    """Make a file before SQLite does, for its owner only: -wal and -shm take over the mode.

    Raises:
        ConfigError: The file or its folder cannot be made.
    """
    try:
        if path.exists():  # a folder that may not be entered does not even say so
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be made: {error.strerror}", hint="name another one with --db"
        ) from None


def _configure(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN; the driver would only defer
    for pragma in (
        f"busy_timeout = {BUSY_MS}",  # first: the next one needs a lock
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",  # REPLACE must not delete an event behind the trigger's back
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("dsr_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _revision(engine: Engine) -> str | None:
    """Return the schema's revision; None for an empty database.

    Raises:
        ConfigError: The file holds tables that are not dsr's.
    """
    with engine.connect() as connection:
        names = set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
        if not names:
            return None
        found = None
        if names >= {"alembic_version", "event", "secret"}:  # others use Alembic too
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        if found is None:
            raise ConfigError(
                "the database belongs to another program", hint="name another one with --db"
            )
        return str(found)


@contextmanager
def transaction(engine: Engine, *, write: bool) -> Iterator[Session]:
    """Keep the block's work if it ends well, else undo it; a writer waits for its turn first.

    Raises:
        ConflictError: Another process holds the database too long, or the disk is full.
        ConfigError: The database cannot be written.
        TrailError: The block tried to change what has happened.
    """
    bound = engine.execution_options(dsr_write=write)
    with (
        plain_errors(),
        Session(bound, expire_on_commit=False) as session,
        session.begin(),
    ):
        session.connection()  # the lock is taken now, not at the first statement
        yield session


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn errors of the driver and of unreadable rows into ours; their texts may quote values."""
    try:
        yield
    except DBAPIError as error:
        raise explain(error) from None
    except (LookupError, ValueError, TypeError) as error:
        if not _is_of_a_row(error):
            raise
        raise TrailError(
            "a row was changed behind the program's back", hint="dsr audit verify"
        ) from None


def _is_of_a_row(error: Exception) -> bool:
    """Tell whether the value of a row could not be read; a mistake of ours stays one.

    What SQLAlchemy says itself is another thing, and so is what it is given to write.
    """
    if isinstance(error, SQLAlchemyError):
        return False
    modules = [str(frame.f_globals.get("__name__")) for frame, _ in walk_tb(error.__traceback__)]
    callers = dropwhile(lambda name: name.startswith(_READERS), reversed(modules))
    library = takewhile(lambda name: name.startswith("sqlalchemy"), callers)
    return any(name.startswith(_RESULTS) for name in library)


#: How SQLite's error names begin, the class of the error, what is said, what mends it.
_MEANINGS: tuple[tuple[str, type[DsrError], str, str], ...] = (
    ("SQLITE_BUSY", ConflictError, "another process holds the database", "try again"),
    ("SQLITE_LOCKED", ConflictError, "another process holds the database", "try again"),
    ("SQLITE_FULL", ConflictError, "the disk is full; nothing was changed", "make room first"),
    ("SQLITE_IOERR", ConflictError, "the disk does not answer; nothing was changed", "dsr doctor"),
    ("SQLITE_READONLY", ConfigError, "the database is read-only", "dsr doctor"),
    ("SQLITE_CANTOPEN", ConfigError, "the database cannot be opened", "dsr doctor"),
    ("SQLITE_PERM", ConfigError, "the database may not be opened", "dsr doctor"),
    ("SQLITE_NOTADB", ConfigError, "the file is not a database", "name another one with --db"),
    ("SQLITE_CORRUPT", TrailError, "the database file is damaged", "restore a backup"),
    ("SQLITE_CONSTRAINT_TRIGGER", TrailError, "what has happened stays", "dsr audit verify"),
    ("SQLITE_CONSTRAINT", RefusedError, "it is there already, or in use", "dsr list"),
)


def explain(error: DBAPIError) -> DsrError:
    """Return what a database error means to the person at the keyboard."""
    name = getattr(error.orig, "sqlite_errorname", None) or type(error.orig).__name__
    for start, kind, says, hint in _MEANINGS:
        if name.startswith(start):
            return kind(f"{says} ({name})", hint=hint)
    return RefusedError(f"the database refused ({name})", hint="dsr doctor")
