"""The trail and what it commits to; the counters of numbers that are never given twice."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from dsr.store.columns import Instant


class EventRow(SQLModel, table=True):
    """One event. `body` is canonical JSON and the only thing hashed; other columns are copies."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_action", "action", "ticket"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    previous: str = Field(unique=True)
    digest: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    officer: str
    action: str
    ticket: int | None = Field(default=None, index=True)
    case_number: int | None = Field(default=None, index=True)


class SecretRow(SQLModel, table=True):
    """A personal value that an event commits to: erased, it leaves the chain whole."""

    __tablename__ = "secret"

    event: int = Field(foreign_key="event.id", primary_key=True)
    name: str = Field(primary_key=True)
    salt: str
    value: str = Field(sa_column=Column(Text, nullable=False))


class CounterRow(SQLModel, table=True):
    """The last number given: SQLite would give a purged one again."""

    __tablename__ = "counter"

    name: str = Field(primary_key=True)
    last: int = 0
