"""The one function that sets a ticket's status, and writes it down in the same transaction."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from dsr.domain.guards import Facts
from dsr.domain.vocabulary import Action, Status
from dsr.domain.workflow import ClockEffect, next_step, step_for
from dsr.errors import NotFoundError
from dsr.services import dates
from dsr.services.desk import Desk, Step
from dsr.services.facts import gather
from dsr.services.quiet import check_no_test
from dsr.store.log import Entry
from dsr.store.tables.tickets import TicketRow

#: Where somebody else is told, or a system of the company is changed.
_OUTWARD = frozenset({Status.FULFILLING, Status.ANSWERED})


def ticket_of(session: Session, number: int) -> TicketRow:
    """Return a ticket.

    Raises:
        NotFoundError: There is none of that number.
    """
    ticket = session.get(TicketRow, number)
    if ticket is None:
        last = session.exec(select(TicketRow.number).order_by(col(TicketRow.number).desc())).first()
        hint = f"the last one is {last}" if last else "dsr import or dsr open makes the first"
        raise NotFoundError(f"there is no ticket {number}", hint=hint, number=number)
    return ticket


def take(
    step: Step,
    ticket: TicketRow,
    action: Action,
    *,
    facts: Mapping[str, Any] | None = None,
    sealed: Mapping[str, str] | None = None,
    known: Mapping[str, Any] | None = None,
) -> None:
    """Take a ticket one step along the table and write it down. Nothing else sets a status.

    Args:
        step: The transaction.
        ticket: The ticket.
        action: What is done.
        facts: What the event may say for ever; no personal value.
        sealed: Personal values and free text, to which the event only commits.
        known: Facts of this step that the guards look at besides the database's.

    Raises:
        NotAllowedError: The table has no such row, or one of its guards objects.
    """
    step.session.flush()
    gathered = gather(step.session, ticket, step.today, **(known or {}))
    take_known(step, ticket, action, gathered, facts=facts, sealed=sealed)


def take_known(
    step: Step,
    ticket: TicketRow,
    action: Action,
    gathered: Facts,
    *,
    facts: Mapping[str, Any] | None = None,
    sealed: Mapping[str, str] | None = None,
) -> None:
    """Take a step on facts that were gathered already."""
    row = step_for(ticket.status, action, gathered, ticket.number)
    if row.target in _OUTWARD:
        check_no_test(ticket)
    before, ticket.status = ticket.status, row.target
    if row.clock is ClockEffect.STOP:
        ticket.answered_at = ticket.answered_at or step.now
        # Reopened, the ticket must not have waited for the person while it was closed.
        dates.end_waits(step.session, ticket, step.today)
    if row.clock is ClockEffect.GO_ON:
        ticket.answered_at = ticket.closed_at = ticket.outcome = None
    if ticket.status is Status.CLOSED and before is not Status.CLOSED:
        ticket.closed_at = step.now
    moved = {}
    if row.clock is not ClockEffect.NOTHING:
        step.session.flush()
        moved = {"due_on": dates.recompute(step.session, ticket).due_on.isoformat()}
    step.session.add(ticket)
    step.trail.append(
        Entry(
            action.value,
            ticket.number,
            ticket.case_number,
            before.value,
            ticket.status.value,
            {**moved, **(facts or {})},
            sealed or {},
        )
    )


def next_command(desk: Desk, number: int) -> str | None:
    """Return what to type next on a ticket; None at its end.

    Raises:
        NotFoundError: There is no such ticket.
    """
    with desk.read() as session:
        ticket = ticket_of(session, number)
        return next_step(ticket.status, gather(session, ticket, desk.today()), number)[1]


def accept_if_no_proof_is_needed(step: Step, ticket: TicketRow) -> None:
    """Take a received ticket into work where the kind needs no proof: nothing is typed for it."""
    if ticket.status is Status.RECEIVED:
        gathered = gather(step.session, ticket, step.today)
        if not gathered.needs_proof:
            take_known(step, ticket, Action.ACCEPT, gathered)
