"""What hangs on a ticket: its case, the clocks of its laws, its pauses, the items decided on."""

from datetime import date, datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from dsr.domain.vocabulary import ClockMode, Proposal
from dsr.store.columns import Instant, word


class CaseRow(SQLModel, table=True):
    """The tickets that one letter opened."""

    __tablename__ = "case"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    opened_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    token: str = Field(index=True)


class ClockRow(SQLModel, table=True):
    """One law's dates for a ticket."""

    __tablename__ = "clock"

    ticket: int = Field(foreign_key="ticket.number", primary_key=True)
    law: str = Field(primary_key=True)
    mode: ClockMode = Field(sa_column=Column(word(ClockMode), nullable=False))
    start_on: date
    due_nominal_on: date
    due_legal_on: date
    late_after_on: date | None = None
    target_on: date
    act_by_on: date | None = None
    provisional: bool = False


class StopRow(SQLModel, table=True):
    """A pause of a ticket's clocks: what was asked, and when the answer came."""

    __tablename__ = "stop"

    id: int | None = Field(default=None, primary_key=True)
    ticket: int = Field(foreign_key="ticket.number", index=True)
    reason: str
    asked_on: date
    resumed_on: date | None = None


class ItemRow(SQLModel, table=True):
    """One thing that is decided on: what is proposed for it, why, and until when."""

    __tablename__ = "item"

    ticket: int = Field(foreign_key="ticket.number", primary_key=True)
    number: int = Field(primary_key=True)
    label: str
    category: str = ""
    source: str = ""
    collection: str = ""
    field: str = ""
    held_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    proposal: Proposal = Field(sa_column=Column(word(Proposal), nullable=False))
    ground: str = ""
    reason: str = ""
    internal_reason: str = ""
    citation: str = ""
    evidence: list[str] = Field(sa_column=Column(JSON, nullable=False))
    until_on: date | None = None
    until_when: str = ""
    alternative: str = ""
    old: str = ""
    new: str = ""


class ReminderRow(SQLModel, table=True):
    """The monitor said once how near a date of a ticket is."""

    __tablename__ = "reminder"

    ticket: int = Field(foreign_key="ticket.number", primary_key=True)
    tier: str = Field(primary_key=True)
    due_on: date = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    officer: str


class ApprovalRow(SQLModel, table=True):
    """One officer's approval of exactly one state of a decision."""

    __tablename__ = "approval"

    id: int | None = Field(default=None, primary_key=True)
    ticket: int = Field(foreign_key="ticket.number", index=True)
    officer: str
    os_user: str
    hash: str
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    alone: bool = False
    void: bool = False


class LinkRow(SQLModel, table=True):
    """Two tickets that belong together though no letter opened both; the lower number first."""

    __tablename__ = "link"

    ticket: int = Field(foreign_key="ticket.number", primary_key=True)
    other: int = Field(foreign_key="ticket.number", primary_key=True, index=True)
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    officer: str


class PermitRow(SQLModel, table=True):
    """An approver's leave for one officer to see a minor's file."""

    __tablename__ = "permit"

    ticket: int = Field(foreign_key="ticket.number", primary_key=True)
    officer: str = Field(primary_key=True)
    approver: str
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
