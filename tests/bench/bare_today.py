"""The floor of a day: what it costs to ask the same and print it with the same libraries."""

import sys
from datetime import UTC, date, datetime, timedelta

import typer
from sqlmodel import Field, Session, SQLModel, case, col, create_engine, func, select
from tabulate import tabulate

OPEN = ("received", "verifying", "working", "waiting", "approval", "fulfilling")


class Ticket(SQLModel, table=True):
    """As much of a ticket as the day shows."""

    number: int = Field(primary_key=True)
    case_number: int
    kind: str
    status: str
    who: str
    due_on: date
    target_on: date
    act_by_on: date | None
    assignee: str | None
    decided: bool
    proposed_by: str | None


class Letter(SQLModel, table=True):
    """As much of a letter."""

    id: int = Field(primary_key=True)
    ticket: int
    name: str
    state: str


class Task(SQLModel, table=True):
    """As much of work outside."""

    ticket: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    label: str
    state: str
    due_on: date


class PlanPart(SQLModel, table=True):
    """As much of the work in a source."""

    __tablename__ = "plan_part"

    ticket: int = Field(primary_key=True)
    source: str = Field(primary_key=True)
    state: str


class Event(SQLModel, table=True):
    """As much of an event."""

    id: int = Field(primary_key=True)
    ticket: int
    action: str
    body: str


class Message(SQLModel, table=True):
    """As much of a message."""

    id: int = Field(primary_key=True)
    outcome: str


def main(database: str, officer: str = "li") -> None:
    """Select and print."""
    now = datetime.now(UTC).date()
    is_open = col(Ticket.status).in_(OPEN)
    first = func.min(Ticket.target_on, func.coalesce(Ticket.act_by_on, Ticket.target_on))
    of = col(Ticket.number)
    sections = {
        "late": select(Ticket).where(is_open, col(Ticket.due_on) < now).order_by(Ticket.due_on),
        "due": select(Ticket)
        .where(is_open, col(Ticket.due_on) >= now, first <= now + timedelta(days=5))
        .order_by(first),
        "begun": select(Ticket)
        .join(PlanPart, PlanPart.ticket == of)
        .where(PlanPart.state == "begun"),
        "approval": select(Ticket).where(
            Ticket.status == "approval", Ticket.proposed_by != officer
        ),
        "answer": select(Ticket).where(col(Ticket.decided), Ticket.status == "working"),
        "reply": select(Ticket).join(Event, Event.ticket == of).where(Event.action == "join"),
        "back": select(Ticket)
        .join(Letter, Letter.ticket == of)
        .where(Letter.state == "undelivered"),
        "task": select(Ticket)
        .join(Task, Task.ticket == of)
        .where(col(Task.state).in_(("open", "failed", "reminded")), Task.due_on <= now),
        "letter": select(Ticket).join(Letter, Letter.ticket == of).where(Letter.state == "ready"),
    }
    with Session(create_engine(f"sqlite:///{database}")) as session:
        for name, query in sections.items():
            mine = case((Ticket.assignee == officer, 0), else_=1)
            ordered = query.order_by(None).order_by(mine, *query._order_by_clauses)
            rows = session.exec(ordered.limit(10)).all()
            if rows:
                total = session.exec(select(func.count()).select_from(query.subquery())).one()
                typer.echo(f"{name} ({total})")
                typer.echo(tabulate([list(row.model_dump().values()) for row in rows]))
        triage = select(func.count()).where(Message.outcome == "triage")
        typer.echo(f"to sort: {session.exec(triage).one()}")


if __name__ == "__main__":
    main(sys.argv[1])
