"""Linking tickets that belong together though no letter opened both. Finds none by itself."""

from dsr.domain.vocabulary import ENDED, Action
from dsr.errors import NotFoundError, UsageError
from dsr.services import dates
from dsr.services.desk import Desk, Step
from dsr.services.handling import after
from dsr.services.related import linked_numbers
from dsr.services.steps import take, ticket_of
from dsr.services.views import StepView
from dsr.store.tables.cases import LinkRow
from dsr.store.tables.tickets import TicketRow


def link(
    desk: Desk, number: int, other: int, why: str = "", *, dry_run: bool = False
) -> StepView | None:
    """Link two tickets; both trails tell it. An access then waits for no deletion, but goes first.

    Returns:
        Where the other ticket stands, or None where the two were together already.

    Raises:
        UsageError: A ticket cannot be linked with itself.
        NotFoundError: There is no such ticket.
    """
    with desk.write(keep=not dry_run) as step:
        first, second = _pair(step, number, other)
        if second.number in linked_numbers(step.session, first):
            return None
        if first.case_number == second.case_number:
            return None  # one letter opened both: they are together as it is
        lower, higher = sorted((first.number, second.number))
        step.session.add(LinkRow(ticket=lower, other=higher, at=step.now, officer=step.officer))
        _tell(step, (first, second), why, undone=False)
        return after(step, second, f"linked with {first.number}")


def unlink(
    desk: Desk, number: int, other: int, why: str = "", *, dry_run: bool = False
) -> StepView:
    """Undo a link; both trails tell it.

    Raises:
        NotFoundError: There is no such ticket, or the two are not linked.
    """
    with desk.write(keep=not dry_run) as step:
        first, second = _pair(step, number, other)
        row = step.session.get(LinkRow, tuple(sorted((first.number, second.number))))
        if row is None:
            raise NotFoundError(
                f"tickets {number} and {other} are not linked", hint=f"dsr show {number}"
            )
        step.session.delete(row)
        _tell(step, (first, second), why, undone=True)
        return after(step, second, f"no longer linked with {first.number}")


def _pair(step: Step, number: int, other: int) -> tuple[TicketRow, TicketRow]:
    if number == other:
        raise UsageError("a ticket is not linked with itself", hint=f"dsr link {number} OTHER")
    return ticket_of(step.session, number), ticket_of(step.session, other)


def _tell(step: Step, pair: tuple[TicketRow, TicketRow], why: str, *, undone: bool) -> None:
    step.session.flush()
    sealed = {"why": why} if why.strip() else {}
    for ticket, other in (pair, pair[::-1]):
        facts = {"other": other.number, "undone": undone}
        take(step, ticket, Action.LINK, facts=facts, sealed=sealed)
        if ticket.status not in ENDED:  # an access takes a linked deletion's earlier day
            dates.recompute(step.session, ticket)


def keep_first_receipt(step: Step, ticket: TicketRow, earlier: TicketRow) -> str:
    """Give the ticket that goes on the first receipt of the two; both trails tell of the other.

    Which one arrived first is no matter of their numbers: a letter by post may be entered after
    the mail that repeats it.

    Returns:
        What moved, in words; nothing where the one that goes on arrived first.
    """
    facts: dict[str, int | str] = {"other": ticket.number, "duplicate": True}
    moved = ""
    if ticket.received_at < earlier.received_at:
        earlier.received_at, earlier.received_on = ticket.received_at, ticket.received_on
        step.session.add(earlier)
        step.session.flush()
        due_on = dates.recompute(step.session, earlier).due_on.isoformat()
        facts |= {"received_on": ticket.received_on.isoformat(), "due_on": due_on}
        moved = f"; ticket {earlier.number} keeps the first receipt, {ticket.received_on}"
    take(step, earlier, Action.LINK, facts=facts)
    return moved
