"""Work outside the ticket: searches, tasks, packages."""

from datetime import date, datetime

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from dsr.domain.vocabulary import PartState, SearchResult, TaskKind, TaskState
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
    __table_args__ = (Index("ix_task_state", "state", "due_on"),)

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
    """A copy that waits, plain, for its answer; the blob has a date of destruction.

    `items_hash` says for which items it was put together; empty in one of an earlier version.
    """

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
    items_hash: str = Field(default="", sa_column_kwargs={"server_default": ""})


class PlanRow(SQLModel, table=True):
    """What would change in the sources; its text waits in a blob with a date of destruction.

    `left` counts what is not changed and was not decided so; `by_hand` are the sources in which
    somebody has to do something; `undecided` the collections in which nothing changes because
    their rows are not the person's alone, and what is said of items that meet nothing;
    `found` the collections that hold something of the person, as source.collection.
    """

    __tablename__ = "plan"

    ticket: int = Field(foreign_key="ticket.number", primary_key=True)
    sha256: str
    items_hash: str
    cells: int = 0
    rows: int = 0
    left: int = 0
    by_hand: list[str] = Field(sa_column=Column(JSON, nullable=False))
    found: list[str] = Field(sa_column=Column(JSON, nullable=False))
    undecided: list[str] = Field(sa_column=Column(JSON, nullable=False))
    made_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    officer: str
    destroy_on: date


class PlanPartRow(SQLModel, table=True):
    """One source's part of a plan: one transaction there. Begun, it may have happened already."""

    __tablename__ = "plan_part"

    ticket: int = Field(foreign_key="ticket.number", primary_key=True)
    source: str = Field(primary_key=True)
    position: int
    state: PartState = Field(sa_column=Column(word(PartState), nullable=False, index=True))
    cells: int = 0
    rows: int = 0
    officer: str | None = None
    run: str | None = None
    begun_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    done_at: datetime | None = Field(default=None, sa_column=Column(Instant))


class ErasureRow(SQLModel, table=True):
    """The ledger: a row of a source that was erased, found again after a restore by a keyed hash.

    `fields` are the cells that were masked; empty where the row was deleted.
    """

    __tablename__ = "erasure"

    id: int | None = Field(default=None, primary_key=True)
    ticket: int = Field(foreign_key="ticket.number", index=True)
    source: str
    collection: str
    lookup: str = Field(index=True)
    fields: list[str] = Field(sa_column=Column(JSON, nullable=False))
    at: datetime = Field(sa_column=Column(Instant, nullable=False))


class AttachmentRow(SQLModel, table=True):
    """A file that an officer put to a ticket; identity papers are never kept."""

    __tablename__ = "attachment"

    id: int | None = Field(default=None, primary_key=True)
    ticket: int = Field(foreign_key="ticket.number", index=True)
    name: str
    sha256: str
    size: int
    what: str = ""
    kept: bool = True
    officer: str
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
