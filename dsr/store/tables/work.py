"""Work outside the ticket: searches, tasks, packages."""

from datetime import date, datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from dsr.domain.vocabulary import SearchResult, TaskKind, TaskState
from dsr.store.columns import Instant, word


class SearchRow(SQLModel, table=True):
    """What the last search of one collection of a source gave, the empty results too."""

    __tablename__ = "search"

    ticket: int = Field(foreign_key="ticket.number", primary_key=True)
    source: str = Field(primary_key=True)
    collection: str = Field(primary_key=True)
    result: SearchResult = Field(sa_column=Column(word(SearchResult), nullable=False))
    rows: int = 0
    warnings: list[str] = Field(sa_column=Column(JSON, nullable=False))
    categories: list[str] = Field(sa_column=Column(JSON, nullable=False))
    at: datetime = Field(sa_column=Column(Instant, nullable=False))


class TaskRow(SQLModel, table=True):
    """A piece of work in a source, at a recipient, in a backup, by a person."""

    __tablename__ = "task"

    ticket: int = Field(foreign_key="ticket.number", primary_key=True)
    number: int = Field(primary_key=True)
    kind: TaskKind = Field(sa_column=Column(word(TaskKind), nullable=False))
    target: str
    label: str
    state: TaskState = Field(sa_column=Column(word(TaskState), nullable=False))
    follow_up: bool = False
    due_on: date | None = Field(default=None, index=True)
    done_on: date | None = None
    officer: str | None = None
    result: str | None = None
    code: str | None = None
    reminders: int = 0


class PackageRow(SQLModel, table=True):
    """A copy that waits, plain, for its answer; the blob has a date of destruction."""

    __tablename__ = "package"

    ticket: int = Field(foreign_key="ticket.number", primary_key=True)
    sha256: str
    size: int
    manifest: list[dict[str, str | int]] = Field(sa_column=Column(JSON, nullable=False))
    rows: int = 0
    redacted: int = 0
    made_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    destroy_on: date
    encrypted_sha256: str | None = None
