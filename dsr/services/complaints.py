"""What a complaint is about, and what follows from its result. Decides nothing."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from dsr.domain.vocabulary import ENDED, Kind, LetterName, Outcome
from dsr.errors import NotAllowedError, UsageError
from dsr.services.desk import Desk, FourEyes
from dsr.services.related import about, beside, deciders
from dsr.services.steps import ticket_of
from dsr.store.tables.tickets import TicketRow

#: Results of a complaint after which the decision complained of is taken anew.
UPHELD = frozenset({"upheld", "partly_upheld"})
#: How a complaint ends by its result, as it is counted.
_OUTCOMES = {
    "upheld": Outcome.FULFILLED,
    "partly_upheld": Outcome.PARTLY_REFUSED,
    "rejected": Outcome.REFUSED,
}


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


def judged_outcome(ticket: TicketRow) -> Outcome | None:
    """Return how a complaint ends by what was said of it; None where nothing is said yet."""
    said = result_of(ticket) if ticket.kind is Kind.COMPLAINT else None
    return _OUTCOMES[said] if said else None


def complained_of(
    session: Session, desk: Desk, ticket: TicketRow, name: LetterName
) -> dict[str, Any]:
    """Return what the letter on a complaint says of what it is about, and of who judged."""
    if name is not LetterName.COMPLAINT:
        return {}
    named = about(session, ticket)
    linked = any(each.kind is not Kind.COMPLAINT for each in beside(session, ticket))
    if len(named) != 1:
        return {"judged_apart": linked and _judged_apart(session, desk, ticket, named)}
    return {
        "judged_apart": _judged_apart(session, desk, ticket, named),
        "earlier_reference": f"DSR-{named[0].number}",
        "earlier_on": named[0].received_on,
    }


def _judged_apart(
    session: Session, desk: Desk, ticket: TicketRow, named: Sequence[TicketRow]
) -> bool:
    """Tell whether who judges a complaint had no part in a decision that it is about.

    Before anybody has judged, whoever may judge in this office.
    """
    from dsr.services.facts import valid_approvals

    took_part = {officer for each in named for officer in deciders(session, each)}
    judges = {given.officer for given in valid_approvals(session, ticket)}
    may = desk.office.four_eyes is not FourEyes.ALONE if not judges else not judges & took_part
    return bool(took_part) and may


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
