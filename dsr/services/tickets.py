"""The queue: listing, showing, assigning, setting, noting, pausing, closing, reopening."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from dsr.domain.calendars import Calendar
from dsr.domain.vocabulary import ENDED
from dsr.rules import book
from dsr.services.desk import Desk
from dsr.services.lines import TEST, TicketView
from dsr.store import tickets as queries

if TYPE_CHECKING:  # the other views cost a list 10 ms
    from dsr.services.views import NextView


@dataclass(frozen=True, slots=True)
class Listed:
    """The tickets of a list, and how many fit the filters in all."""

    rows: Iterator[TicketView]
    total: int


def list_tickets(
    session: Session, desk: Desk, words: Sequence[str], *, limit: int | None, today: date
) -> Listed:
    """Return the tickets that fit filters as they were typed, the most urgent first.

    Raises:
        UsageError: A word is no filter, or its value is unknown.
    """
    filters = queries.parse_filters(words)
    rows, total = queries.listed(session, filters, today=today, officer=desk.officer, limit=limit)
    calendar = office_calendar(desk)
    return Listed((view_of(row, today, calendar) for row in rows), total)


def office_calendar(desk: Desk) -> Calendar | None:
    """Return the working days of the office itself."""
    return book.calendar(next((code for code in desk.office.laws if code in book.SCHEDULED), None))


def view_of(row: Any, today: date, calendar: Calendar | None) -> TicketView:
    """Return a line of the queue, as of a day."""
    return TicketView(**line_of(row, today, calendar))


def line_of(row: Any, today: date, calendar: Calendar | None) -> dict[str, Any]:
    """Return the values of a line of the queue."""
    is_open = row.status not in ENDED
    until = min((d for d in (row.target_on, row.act_by_on) if d), default=None)
    left = calendar.working_days_between(today, until) if calendar and until else None
    if left is not None and left < 0 and not row.act_by_on and _waits(row):
        left = None  # the day moves while the requester is waited for
    return {
        "number": row.number,
        "case": row.case_number,
        "kind": row.kind.value,
        "status": row.status.value,
        "outcome": row.outcome.value if row.outcome else None,
        "who": row.who,
        "laws": tuple(row.laws),
        "received_at": row.received_at,
        "due_on": row.due_on,
        "target_on": row.target_on,
        "act_by_on": row.act_by_on,
        "provisional": row.provisional,
        "overdue": bool(is_open and row.late_after_on and row.late_after_on < today),
        "days_left": left if is_open else None,
        "assignee": row.assignee,
        "requester_role": row.requester_role.value,
        "language": row.language,
    }


def _waits(row: Any) -> bool:
    """Tell whether the ticket's day moves with each day that the requester is waited for."""
    return bool(row.due_on and (row.late_after_on is None or row.due_on < row.late_after_on))


def next_ticket(desk: Desk, words: Sequence[str] = ()) -> "NextView | None":
    """Return the most urgent open ticket, why it is, and the command to type; None if none is."""
    from dsr.domain.workflow import next_step
    from dsr.services.facts import gather
    from dsr.services.steps import ticket_of
    from dsr.services.views import NextView

    today = desk.today()
    with desk.read() as session:
        candidates = [
            view
            for view in list_tickets(session, desk, words, limit=None, today=today).rows
            if view.status not in {"answered", "closed"} and not view.who.startswith(TEST)
        ]
        if not candidates:
            return None
        first = min(candidates, key=_urgency)
        ticket = ticket_of(session, first.number)
        _, command = next_step(ticket.status, gather(session, ticket, today), ticket.number)
    values = {name: getattr(first, name) for name in TicketView.__slots__}
    return NextView(**values, why=_why(first, today), command=command or f"dsr show {first.number}")


def _urgency(view: TicketView) -> tuple[Any, ...]:
    act = view.act_by_on or view.target_on or date.max
    waits = view.status in {"waiting", "verifying"}
    return (not view.overdue, waits, min(act, view.target_on or act), view.number)


def _why(view: TicketView, today: date) -> str:
    if view.overdue:
        return f"it was due on {view.due_on}"
    if view.act_by_on and (view.target_on is None or view.act_by_on <= view.target_on):
        return f"the {view.kind} itself is to be done by {view.act_by_on}"
    days = view.days_left if view.days_left is not None else (view.target_on or today) - today
    return f"it has the least time left: {days} working days, until {view.target_on}"
