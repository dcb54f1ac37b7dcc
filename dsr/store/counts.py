"""Counts over many tickets for reports, made by the database; no ticket becomes an object."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, distinct, exists, func, literal
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from dsr.domain.vocabulary import Action, Proposal, Status
from dsr.store.tables.cases import ClockRow, ItemRow, StopRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.trail import EventRow

MONTH = len("2026-11")
#: What stopped a ticket's clocks was an answer: closing and referring stop them too.
_ANSWERED = exists().where(
    and_(
        col(EventRow.ticket) == col(TicketRow.number),
        col(EventRow.action) == Action.ANSWER.value,
        col(EventRow.at) == col(TicketRow.answered_at),
    )
)


class Counts:
    """What happened to the tickets that were received from one day to another, both included.

    Every row begins with its period: a month as `2026-11`, or "" where months are not told apart.
    """

    def __init__(
        self, session: Session, *, first: date | None, last: date | None, monthly: bool
    ) -> None:
        self._connection = session.connection()
        day = cast(col(TicketRow.received_on), String)
        self._period: ColumnElement[str] = func.substr(day, 1, MONTH) if monthly else literal("")
        self._within = [
            col(TicketRow.test).is_(False),
            *([col(TicketRow.received_on) >= first] if first else []),
            *([col(TicketRow.received_on) <= last] if last else []),
        ]

    def words(self) -> Iterator[Any]:
        """Give period, kind, channel, outcome of an ended one, and how many tickets have them."""
        ended = col(TicketRow.status).in_([Status.ANSWERED, Status.CLOSED])
        # What is only proposed has an outcome too, and nobody has it yet.
        outcome = case((ended, col(TicketRow.outcome)), else_=None)
        told = [col(TicketRow.kind), col(TicketRow.channel), outcome]
        query = select_columns(self._period, *told, func.count())
        return self._run(query.group_by(self._period, *told))

    def laws(self) -> Iterator[Any]:
        """Give period, law, and how many tickets have a clock of it."""
        query = select_columns(self._period, col(ClockRow.law), func.count()).join_from(
            TicketRow, ClockRow, col(ClockRow.ticket) == col(TicketRow.number)
        )
        return self._run(query.group_by(self._period, col(ClockRow.law)))

    def waits(self) -> Iterator[Any]:
        """Give period, how many tickets were extended, and how many pauses they had."""
        extended = func.sum(case((col(TicketRow.extended_on).is_not(None), 1), else_=0))
        stops = select_columns(col(StopRow.ticket), func.count().label("stops"))
        stopped = stops.group_by(col(StopRow.ticket)).subquery()
        query = select_columns(self._period, extended, func.coalesce(func.sum(stopped.c.stops), 0))
        joined = query.join_from(
            TicketRow, stopped, stopped.c.ticket == col(TicketRow.number), isouter=True
        )
        return self._run(joined.group_by(self._period))

    def refusals(self, together: Collection[str] = (), word: str = "") -> Iterator[Any]:
        """Give period, ground, and how many answered tickets refuse or keep something on it.

        Args:
            together: Grounds that are counted as one.
            word: What that one is called.
        """
        ground = case((col(ItemRow.ground).in_(together), word), else_=col(ItemRow.ground))
        query = select_columns(
            self._period, ground, func.count(distinct(col(TicketRow.number)))
        ).join_from(TicketRow, ItemRow, col(ItemRow.ticket) == col(TicketRow.number))
        less = col(ItemRow.proposal) != Proposal.GRANT
        chosen = query.where(less, col(ItemRow.ground) != "", _ANSWERED)
        return self._run(chosen.group_by(self._period, ground))

    def times(self) -> Iterator[Any]:
        """Give period, receipt, due day, day of lateness, status, instant of answer of each ticket.

        A ticket that was closed without an answer has no such instant.
        """
        names = ("received_on", "due_on", "late_after_on", "status")
        answered_at = case((_ANSWERED, col(TicketRow.answered_at)), else_=None)
        told = (col(getattr(TicketRow, name)) for name in names)
        return self._run(select_columns(self._period, *told, answered_at))

    def _run(self, query: Any) -> Iterator[Any]:
        options = self._connection.execution_options(yield_per=1000)
        return iter(options.execute(query.where(*self._within)))
