"""Open tickets' dates computed anew, one transaction each, and which of them moved."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, select

from dsr.domain.moves import way
from dsr.domain.vocabulary import ENDED, Action, Kind
from dsr.errors import NotAllowedError
from dsr.rules import book, office
from dsr.services import dates
from dsr.services.dates import WORKED_TO, Dates, Reckoned, asked_of, clock_rows, reckon
from dsr.services.desk import Desk
from dsr.services.steps import take, ticket_of
from dsr.store.tables.cases import ClockRow
from dsr.store.tables.tickets import TicketRow


class Move(StrEnum):
    """How a ticket's dates moved, the worst first."""

    EARLIER = "earlier"
    LATER = "later"
    FIRM = "firm"
    PROVISIONAL = "provisional"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class MovedView:
    """A ticket whose dates are others than before.

    Attributes:
        move: `earlier` where any date that the ticket is worked to is nearer, else `later`; `firm`
            or `provisional` where the days stayed and only their certainty changed; `other` where
            it is only a law's clock that is not worked to.
        calendars: The years that the new dates were counted through, with their sources.
    """

    number: int
    kind: str
    status: str
    move: Move
    due_before_on: date | None
    due_on: date | None
    target_before_on: date | None
    target_on: date | None
    act_by_before_on: date | None
    act_by_on: date | None
    provisional_before: bool
    provisional: bool
    calendars: tuple[dict[str, Any], ...]


def open_tickets(desk: Desk) -> list[int]:
    """Return the tickets whose clocks run, those first whose dates others are worked to.

    A test is none of them.
    """
    with desk.read() as session:
        query = select(TicketRow.number, TicketRow.kind).where(
            col(TicketRow.status).not_in(ENDED), col(TicketRow.test).is_(False)
        )
        rows = session.exec(query.order_by(col(TicketRow.number))).all()
    return [
        number for number, _ in sorted(rows, key=lambda row: office.kind_rule(Kind(row[1])).package)
    ]


def recompute(desk: Desk, number: int, *, dry_run: bool = False) -> MovedView | None:
    """Compute a ticket's dates anew and store them; None where nothing moved, and nothing is done.

    Raises:
        NotFoundError: There is no such ticket.
        NotAllowedError: It is answered or closed: its dates stay as they are.
        ConfigError: A law's pack or a calendar is not there any more, or wrong.
    """
    with desk.read() as session:
        ticket = ticket_of(session, number)
        if ticket.status in ENDED:
            raise NotAllowedError(
                f"ticket {number} is {ticket.status}: its dates stay as they are",
                hint=f"dsr show {number}",
            )
        if not _moves(session, ticket, reckon(session, ticket)):
            return None
    with desk.write(keep=not dry_run) as step:
        ticket = ticket_of(step.session, number)
        reckoned = reckon(step.session, ticket)
        if ticket.status in ENDED or not _moves(step.session, ticket, reckoned):
            return None
        before = _dates(ticket)
        view = _view(step.session, ticket, before, reckoned.dates)
        dates.recompute(step.session, ticket)
        take(
            step,
            ticket,
            Action.RECOMPUTE,
            facts={
                "due_on": reckoned.dates.due_on.isoformat(),
                "before": _said(before),
                "after": _said(reckoned.dates),
                "calendars": list(view.calendars),
            },
        )
        return view


def _moves(session: Session, ticket: TicketRow, reckoned: Reckoned) -> bool:
    query = select(ClockRow).where(col(ClockRow.ticket) == ticket.number)
    stored = {row.law: row.model_dump() for row in session.exec(query)}
    wanted = {row["law"]: row for row in clock_rows(ticket.number, reckoned.clocks)}
    return _dates(ticket) != reckoned.dates or stored != wanted


def _dates(ticket: TicketRow) -> Dates:
    return Dates(**{name: getattr(ticket, name) for name in WORKED_TO})


def _said(found: Dates) -> dict[str, Any]:
    values = asdict(found)
    return {
        name: str(value) if isinstance(value, date) else value for name, value in values.items()
    }


def _view(session: Session, ticket: TicketRow, before: Dates, now: Dates) -> MovedView:
    return MovedView(
        number=ticket.number,
        kind=ticket.kind.value,
        status=ticket.status.value,
        move=_move(before, now),
        due_before_on=before.due_on,
        due_on=now.due_on,
        target_before_on=before.target_on,
        target_on=now.target_on,
        act_by_before_on=before.act_by_on,
        act_by_on=now.act_by_on,
        provisional_before=before.provisional,
        provisional=now.provisional,
        calendars=tuple(_calendars(session, ticket, now)),
    )


def _move(before: Dates, now: Dates) -> Move:
    pairs = [(getattr(before, name), getattr(now, name)) for name in WORKED_TO[:4]]
    if (found := way(pairs)) is not None:
        return Move(found.value)
    if before.provisional != now.provisional:
        return Move.PROVISIONAL if now.provisional else Move.FIRM
    return Move.OTHER


def _calendars(session: Session, ticket: TicketRow, now: Dates) -> Sequence[dict[str, Any]]:
    asked, facts = asked_of(session, ticket)
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for pinned in asked.laws.items():
        calendar = book.calendar_for(book.law(*pinned), asked.place)
        if calendar is not None:
            for year in range(facts.received_on.year, now.due_on.year + 1):
                days = calendar.schedule(year)
                told = {"place": calendar.place, "year": year, "known": days.known}
                found[calendar.place, year] = {**told, "source": days.source}
    return list(found.values())
