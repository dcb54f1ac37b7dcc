"""Cases and tickets: one letter's matter, and one right of one subject."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from dsr.domain.vocabulary import Channel, Kind, Outcome, RequesterRole, Scope, Status
from dsr.store.columns import Instant, word


class TicketRow(SQLModel, table=True):
    """One right of one data subject, with the dates that its clocks gave."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_due", "status", "due_on", "number"),
        Index("ix_ticket_assignee", "assignee", "status"),
    )

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    case_number: int = Field(foreign_key="case.number", index=True)
    kind: Kind = Field(sa_column=Column(word(Kind), nullable=False))
    scope: Scope | None = Field(default=None, sa_column=Column(word(Scope)))
    status: Status = Field(sa_column=Column(word(Status), nullable=False))
    outcome: Outcome | None = Field(default=None, sa_column=Column(word(Outcome)))
    who: str = ""
    laws: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    place: str | None = None
    received_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    received_on: date
    due_nominal_on: date | None = None
    due_on: date | None = None
    late_after_on: date | None = None
    target_on: date | None = None
    act_by_on: date | None = None
    provisional: bool = False
    extended_on: date | None = None
    extended_to_on: date | None = None
    authority_due_on: date | None = None
    breached_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    assignee: str | None = None
    requester_role: RequesterRole = Field(
        default=RequesterRole.UNKNOWN, sa_column=Column(word(RequesterRole), nullable=False)
    )
    language: str = "en"
    channel: Channel = Field(sa_column=Column(word(Channel), nullable=False))
    policy_version: str
    person: int = Field(foreign_key="person.id", index=True)
    minor: bool = False
    born_on: date | None = None
    proposed_by: str | None = None
    proposed_by_user: str | None = None
    proposed_hash: str | None = None
    approvals_due: int | None = None
    decided: bool = False
    first_approver: str | None = None
    answered_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    held_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    instructed_by: str | None = None
    complaint: int | None = None
    closed_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    item_numbers: dict[str, int] | None = Field(default=None, sa_column=Column(JSON))
    statements: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    extra: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    test: bool = False
    silent: bool = False
