"""What a complaint is about, and what follows from its result. Decides nothing."""

from typing import Any

from sqlmodel import Session

from dsr.domain.vocabulary import ENDED, Kind, LetterName
from dsr.errors import NotAllowedError, UsageError
from dsr.services.related import about, beside
from dsr.services.steps import ticket_of
from dsr.store.tables.tickets import TicketRow

#: Results of a complaint after which the decision complained of is taken anew.
UPHELD = frozenset({"upheld", "partly_upheld"})


def result_of(ticket: TicketRow) -> str | None:
    """Return what was said of a complaint, or None where nothing is said yet."""
    return (ticket.statements or {}).get("complaint_result")


def check_measures(ticket: TicketRow) -> None:
    """Let a complaint be upheld only with what is done about it.

    Raises:
        NotAllowedError: Nothing is said of it.
    """
    said = ticket.statements or {}
    if ticket.kind is not Kind.COMPLAINT or result_of(ticket) not in UPHELD:
        return
    if not said.get("measures"):
        raise NotAllowedError(
            "a complaint that is upheld says what is done about it",
            hint=f'dsr propose {ticket.number} --say measures="..."',
        )


def complained_of(session: Session, ticket: TicketRow, name: LetterName) -> dict[str, Any]:
    """Return what the letter on a complaint says of the one ticket that it is about."""
    named = about(session, ticket)
    if name is not LetterName.COMPLAINT or len(named) != 1:
        return {}
    return {
        "earlier_reference": f"DSR-{named[0].number}",
        "earlier_on": named[0].received_on,
    }


def to_reopen(session: Session, ticket: TicketRow) -> list[int]:
    """Return the tickets to be taken up again: a complaint about them was upheld."""
    if ticket.kind is not Kind.COMPLAINT or result_of(ticket) not in UPHELD:
        return []
    named = about(session, ticket)
    return [each.number for each in named if each.status in ENDED and each.complaint is None]


def reopening(number: int, complaint: int) -> str:
    """Return what is typed to take a ticket up again on a complaint."""
    return f"dsr reopen {number} --complaint {complaint} --why TEXT"


def where_upheld(session: Session, ticket: TicketRow) -> str:
    """Return what is typed where a complaint is upheld, for each ticket that it is about."""
    commands = " or ".join(reopening(each, ticket.number) for each in to_reopen(session, ticket))
    return f"; it is upheld: {commands}" if commands else ""


def check_upheld(session: Session, ticket: TicketRow, number: int) -> TicketRow:
    """Return a complaint on which a ticket is taken up again.

    Raises:
        NotFoundError: There is no such ticket.
        UsageError: It is no complaint.
        NotAllowedError: It is about something else, or is not decided as upheld.
    """
    complaint = ticket_of(session, number)
    if complaint.kind is not Kind.COMPLAINT:
        raise UsageError(f"ticket {number} is no complaint", hint=f"dsr show {number}")
    if ticket.number not in {each.number for each in about(session, complaint)}:
        raise NotAllowedError(
            f"complaint {number} is not about ticket {ticket.number}",
            hint=f"dsr link {number} {ticket.number}",
        )
    is_decided = complaint.status in ENDED or complaint.proposed_hash is not None
    if result_of(complaint) not in UPHELD or not (is_decided and _is_approved(session, complaint)):
        raise NotAllowedError(
            f"complaint {number} is not decided as upheld", hint=f"dsr show {number}"
        )
    return complaint


def _is_approved(session: Session, complaint: TicketRow) -> bool:
    from dsr.services.facts import valid_approvals

    return complaint.status in ENDED or bool(valid_approvals(session, complaint))


def has_restriction(session: Session, ticket: TicketRow) -> bool:
    """Tell whether a restriction stands beside a ticket: in its case, or linked with it."""
    return any(each.kind is Kind.RESTRICTION for each in beside(session, ticket))
