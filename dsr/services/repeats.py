"""Whether one ticket repeats another: the same right, asked for by the same person."""

import re
from collections.abc import Iterable

from sqlmodel import Session

from dsr.domain.guards import CLOSINGS
from dsr.domain.vocabulary import IdentifierType, Outcome, Status
from dsr.errors import NotAllowedError
from dsr.services import proving
from dsr.services.steps import ticket_of
from dsr.store.tables.tickets import TicketRow

#: Ends of a ticket under which nobody got what he asked for: a new request repeats nothing.
_GIVEN_UP = frozenset({Outcome.WITHDRAWN, Outcome.LAPSED, Outcome.DUPLICATE})
_UNANSWERED = CLOSINGS | {Outcome.REFERRED}
_REFERENCE = re.compile(r"DSR-(\d{1,9})", re.ASCII | re.IGNORECASE)


def check_duplicate(session: Session, ticket: TicketRow, earlier: TicketRow) -> None:
    """Let a ticket be a duplicate of another one that is worked or was answered.

    Raises:
        NotAllowedError: The other asks for something else, is another person's, or was given up.
    """
    objection = _objection(session, ticket, earlier)
    if objection is None and earlier.outcome in _GIVEN_UP:
        objection = f"ended as {earlier.outcome}: nobody answers it"
    if objection:
        raise NotAllowedError(
            f"ticket {ticket.number} does not repeat ticket {earlier.number}, which {objection}",
            hint=f"dsr show {earlier.number}",
        )


def check_repetition(session: Session, ticket: TicketRow, evidence: Iterable[str]) -> None:
    """Let a refusal as repetitive name tickets that answered the same person the same thing.

    Raises:
        NotAllowedError: A ticket among the evidence does not; it is named.
        NotFoundError: There is no ticket of that number.
    """
    for reference in evidence:
        if found := _REFERENCE.fullmatch(reference.strip()):
            earlier = ticket_of(session, int(found[1]))
            if objection := _objection(session, ticket, earlier) or _unanswered(earlier):
                raise NotAllowedError(
                    f"DSR-{earlier.number} shows no repetition: it {objection}",
                    hint="--evidence DSR-NUMBER of a ticket that answered the same person",
                )


def _objection(session: Session, ticket: TicketRow, earlier: TicketRow) -> str | None:
    if earlier.number == ticket.number:
        return "is this ticket itself"
    if (earlier.kind, earlier.scope) != (ticket.kind, ticket.scope):
        return "asks for something else"
    if _named(session, ticket).isdisjoint(_named(session, earlier)):
        return "shares no identifier with this one"
    return None


def _unanswered(earlier: TicketRow) -> str | None:
    if earlier.status in {Status.ANSWERED, Status.CLOSED} and earlier.outcome not in _UNANSWERED:
        return None
    return "is not answered"


def _named(session: Session, ticket: TicketRow) -> set[str]:
    """Return by what a data subject is looked up; two people may have one name."""
    rows = proving.identifiers_of(session, ticket)
    return {row.lookup for row in rows if row.type is not IdentifierType.NAME}
