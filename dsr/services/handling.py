"""Handling a ticket, one step in one transaction: assigning, noting, what further steps share."""

from collections.abc import Callable

from sqlmodel import col, select

from dsr.domain.law import PauseReason
from dsr.domain.vocabulary import Action
from dsr.domain.workflow import next_step
from dsr.errors import NotFoundError, nearest
from dsr.services import dates
from dsr.services.desk import Desk, Step
from dsr.services.facts import gather
from dsr.services.steps import take, ticket_of
from dsr.services.views import StepView
from dsr.store.tables.registers import OfficerRow
from dsr.store.tables.tickets import TicketRow


def after(step: Step, ticket: TicketRow, said: str) -> StepView:
    """Return where a ticket stands after a step, and what to type next."""
    from dsr.services.decisions import still_stands

    step.session.flush()
    facts = gather(step.session, ticket, step.today, unchanged=still_stands(step.session, ticket))
    return StepView(
        number=ticket.number,
        kind=ticket.kind.value,
        status=ticket.status.value,
        outcome=ticket.outcome.value if ticket.outcome else None,
        due_on=ticket.due_on,
        said=said,
        next_command=next_step(ticket.status, facts, ticket.number)[1],
    )


def one_step(
    desk: Desk, number: int, work: Callable[[Step, TicketRow], str], *, dry_run: bool = False
) -> StepView:
    """Do one step on one ticket in one transaction; with `dry_run` do it and undo it.

    Raises:
        NotFoundError: There is no such ticket.
        NotAllowedError: The workflow forbids it.
    """
    with desk.write(keep=not dry_run) as step:
        ticket = ticket_of(step.session, number)
        said = work(step, ticket)
        return after(step, ticket, said)


def assign(desk: Desk, number: int, to: str, *, dry_run: bool = False) -> StepView:
    """Give a ticket to an officer.

    Raises:
        NotFoundError: There is no such ticket or officer.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        name = step.officer if to == "@me" else to
        officer(step, name)
        before, ticket.assignee = ticket.assignee, name
        take(step, ticket, Action.ASSIGN, facts={"from": before, "to": name})
        return f"assigned to {name}"

    return one_step(desk, number, work, dry_run=dry_run)


def officer(step: Step, name: str) -> OfficerRow:
    """Return an active officer.

    Raises:
        NotFoundError: There is none of that name; near ones are named.
    """
    row = step.session.get(OfficerRow, name)
    if row is None or not row.active:
        names = step.session.exec(select(OfficerRow.name).where(col(OfficerRow.active)))
        raise NotFoundError(f"there is no officer {name!r}", hint=nearest(name, list(names)))
    return row


def note(desk: Desk, number: int, text: str) -> StepView:
    """Write a note into a ticket's trail; the chain keeps only a commitment to it."""

    def work(step: Step, ticket: TicketRow) -> str:
        take(step, ticket, Action.NOTE, sealed={"why": text})
        return "noted"

    return one_step(desk, number, work)


def end_pause(step: Step, ticket: TicketRow, reason: PauseReason) -> str:
    """Note the day on which an open wait of a ticket ended; return what is to be said of it."""
    if not dates.end_waits(step.session, ticket, step.today, reason):
        return ""
    return (
        f"; the computer's clock says {step.today}, a day before the question: it was set back,"
        " and the wait counts no day"
    )
