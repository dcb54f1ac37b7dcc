"""Who may look at a ticket's personal values, and the note that it was done. Shows nothing."""

from collections.abc import Sequence

from sqlmodel import Session

from dsr.domain.vocabulary import ENDED, Action
from dsr.errors import NotAllowedError
from dsr.services.desk import Desk
from dsr.services.permitting import require_view
from dsr.services.steps import take, ticket_of
from dsr.store.tables.tickets import TicketRow


def may_see_plain(
    session: Session, desk: Desk, tickets: Sequence[TicketRow], reveal: str | None
) -> bool:
    """Tell whether values are shown plain: to the tickets' own officer, or to who says why.

    A minor's values are seen by nobody without a reason.

    Args:
        session: A transaction.
        desk: The desk.
        tickets: Whose values are looked at, all of them.
        reveal: Why somebody else needs to see them; None where no reason is given.

    Raises:
        NotAllowedError: The reason is empty, or there is no leave to see a minor's data.
    """
    if reveal is None:
        return all(_is_his(desk, ticket) for ticket in tickets)
    if not reveal.strip():
        raise NotAllowedError("a reason is needed to see it", hint='--reveal "why"')
    for ticket in tickets:
        require_view(session, ticket, desk.officer)
    return True


def write_down(desk: Desk, numbers: Sequence[int], reveal: str | None, **facts: object) -> None:
    """Write down who looks at which tickets, before anything is shown.

    Args:
        desk: The desk.
        numbers: The tickets.
        reveal: Why; sealed. None where it is the officer's own.
        facts: What is looked at besides; no personal value.
    """
    with desk.write() as step:
        for number in numbers:
            sealed = {"why": reveal} if reveal else {}
            said = {"revealed": reveal is not None, **facts}
            take(step, ticket_of(step.session, number), Action.READ, facts=said, sealed=sealed)


def _is_his(desk: Desk, ticket: TicketRow) -> bool:
    return ticket.assignee == desk.officer and ticket.status not in ENDED and not ticket.minor
