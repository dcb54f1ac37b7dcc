"""What the database says of itself: schema, journal, integrity, what waits to be destroyed."""

from datetime import date
from pathlib import Path

from sqlalchemy import func
from sqlalchemy.engine import make_url
from sqlmodel import Session, col, select

from dsr.store import log
from dsr.store.engine import sqlite_path
from dsr.store.tables.messages import BlobRow
from dsr.store.tables.people import IdentifierRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tickets import OPEN

MAKES = "CREATE TRIGGER IF NOT EXISTS "  # how each of log.TRIGGERS begins


def file_of(url: str) -> Path | None:
    """Return the file of a database, or None where it is no file of its own."""
    return sqlite_path(url) if url.startswith("sqlite") else None


def is_own_file(session: Session, url: str) -> bool:
    """Tell whether a URL, also one with a SQLite URI, leads to this database's own file."""
    own = session.connection().engine.url.database
    name = make_url(url).database if url.startswith("sqlite") else None
    if not own or not name:
        return False
    files = [Path(one.removeprefix("file:").partition("?")[0]) for one in (own, name)]
    return all(file.exists() for file in files) and files[0].samefile(files[1])


def schema(session: Session) -> str:
    """Return the revision of the schema."""
    found = session.connection().exec_driver_sql("SELECT version_num FROM alembic_version")
    return str(found.scalar_one())


def journal(session: Session) -> str:
    """Return how the database keeps its journal: `wal` lets readers read while one writes."""
    return str(session.connection().exec_driver_sql("PRAGMA journal_mode").scalar_one())


def faults(session: Session) -> list[str]:
    """Return what the database finds wrong with its own pages and indexes; at most 100 lines."""
    found = session.connection().exec_driver_sql("PRAGMA integrity_check")
    return [str(line) for (line,) in found if line != "ok"]


def lost_rows(session: Session) -> int:
    """Return how many rows point to a row that is not there."""
    return len(session.connection().exec_driver_sql("PRAGMA foreign_key_check").all())


def missing_triggers(session: Session) -> list[str]:
    """Return the triggers of the trail that are not there: without them it could be rewritten."""
    there = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    found = {str(name) for (name,) in session.connection().exec_driver_sql(there)}
    names = [statement.removeprefix(MAKES).split()[0] for statement in log.TRIGGERS]
    return [name for name in names if name not in found]


def make_triggers(session: Session) -> None:
    """Make the triggers of the trail that are not there."""
    for statement in log.TRIGGERS:
        session.connection().exec_driver_sql(statement)


def has_identifiers(session: Session) -> bool:
    """Tell whether anything depends on the key of keyed hashes."""
    return session.exec(select(IdentifierRow.person).limit(1)).first() is not None


def overdue_blobs(session: Session, today: date) -> set[str]:
    """Return the keys of kept things that are past their day of destruction."""
    query = select(BlobRow.sha256).where(col(BlobRow.destroy_on) <= today, BlobRow.part == 0)
    return set(session.exec(query))


_COUNTED = (col(TicketRow.status).in_(OPEN), col(TicketRow.test).is_(False))


def open_span(session: Session) -> tuple[date, date] | None:
    """Return the first day of receipt and the last due day of open tickets, tests left out."""
    last = func.max(func.coalesce(TicketRow.due_on, TicketRow.received_on))
    query = select(func.min(TicketRow.received_on), last).where(*_COUNTED)
    first, until = session.exec(query).one()
    return (first, until) if first and until else None


def provisional(session: Session) -> list[int]:
    """Return the open tickets with a date that a calendar may still move."""
    query = select(TicketRow.number).where(*_COUNTED, col(TicketRow.provisional))
    return list(session.exec(query.order_by(col(TicketRow.number))))
