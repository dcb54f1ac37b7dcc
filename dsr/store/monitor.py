"""Queries of the monitor: open tickets with what tells how near their dates are."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlmodel import Session, col

from dsr.store.filters import Filter
from dsr.store.standing import MOST
from dsr.store.tables.tickets import TicketRow
from dsr.store.tickets import LISTED, OPEN, conditions, is_late

#: What nearness and milestones depend on, besides what a list shows.
_JUDGED = (
    *("scope", "place", "received_on", "extended_on", "person", "decided", "proposed_hash"),
    *("held_at", "breached_at", "complaint", "silent"),
)


def watched(
    session: Session, filters: Sequence[Filter], *, today: date, officer: str
) -> Iterator[Any]:
    """Give the open tickets that fit: those past their date, then by the day that comes first.

    Raises:
        UsageError: A value is none that its key takes.
    """
    due, acting = col(TicketRow.due_on), col(TicketRow.act_by_on)
    first = case((acting < due, acting), else_=due)
    names = dict.fromkeys((*LISTED, *_JUDGED))
    query = (
        select(*(getattr(TicketRow, name) for name in names))
        .where(*_open(filters, today=today, officer=officer))
        .order_by(case((is_late(today), 0), else_=1), first, col(TicketRow.number))
    )
    rows = session.connection().execute(query, execution_options={"yield_per": MOST})
    return iter(rows)


def count_late(session: Session, filters: Sequence[Filter], *, today: date, officer: str) -> int:
    """Return how many open tickets that fit are past their date, or once were."""
    late = _late(filters, today=today, officer=officer)
    query = select(func.count()).select_from(TicketRow).where(*late)
    return session.connection().execute(query).scalar_one()


def first_late(
    session: Session, filters: Sequence[Filter], *, today: date, officer: str
) -> int | None:
    """Return the ticket that is past its date the longest, else the first that once was."""
    query = select(col(TicketRow.number)).where(*_late(filters, today=today, officer=officer))
    order = (case((is_late(today), 0), else_=1), col(TicketRow.due_on), col(TicketRow.number))
    return session.connection().execute(query.order_by(*order).limit(1)).scalar()


def _late(
    filters: Sequence[Filter], *, today: date, officer: str
) -> tuple[ColumnElement[bool], ...]:
    late = or_(is_late(today), col(TicketRow.breached_at).is_not(None))
    return (*_open(filters, today=today, officer=officer), late)


def _open(
    filters: Sequence[Filter], *, today: date, officer: str
) -> tuple[ColumnElement[bool], ...]:
    fitting = conditions(filters, today=today, officer=officer)
    return (col(TicketRow.status).in_(OPEN), col(TicketRow.test).is_(False), and_(*fitting))
