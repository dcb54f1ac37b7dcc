"""What other tickets of the same person mean for one: what goes first, and who must not judge."""

import json

from sqlmodel import Session, col, select

from dsr.domain.decisions import APPROVING_ROLES
from dsr.domain.vocabulary import ENDED, Action, IdentifierType, Kind, Proposal
from dsr.services.desk import Desk, FourEyes, Step
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.people import IdentifierRow
from dsr.store.tables.registers import OfficerRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.trail import EventRow
from dsr.store.tickets import of_case

#: What erases, and what must be answered before anything is erased.
_ERASING = frozenset({Kind.DELETION, Kind.CANCELLATION})
_READING = frozenset({Kind.ACCESS, Kind.COPY})
#: Under this name the trail keeps that the person gave up being answered first.
WAIVED = "access_waived"


def answer_first(session: Session, ticket: TicketRow) -> int | None:
    """Return the access or copy of the same case that is answered before anything is erased."""
    if ticket.kind not in _ERASING or _erases_nothing(session, ticket):
        return None
    waiting = [
        each.number
        for each in of_case(session, ticket.case_number)
        if each.kind in _READING and each.status not in ENDED
    ]
    return waiting[0] if waiting and not _is_waived(session, ticket) else None


def _erases_nothing(session: Session, ticket: TicketRow) -> bool:
    query = select(ItemRow.proposal).where(col(ItemRow.ticket) == ticket.number)
    proposals = session.exec(query).all()
    return bool(proposals) and Proposal.GRANT not in proposals


def _is_waived(session: Session, ticket: TicketRow) -> bool:
    query = select(EventRow.body).where(
        EventRow.ticket == ticket.number, EventRow.action == Action.NOTE.value
    )
    return any(json.loads(body)["facts"].get(WAIVED) for body in session.exec(query))


def works_alone(step: Step, desk: Desk) -> bool:
    """Return whether the office says that one officer works alone, and nobody else may approve."""
    if desk.office.four_eyes is not FourEyes.ALONE:
        return False
    query = select(OfficerRow).where(col(OfficerRow.active), col(OfficerRow.name) != step.officer)
    approving = {role.value for role in APPROVING_ROLES}
    return not any(approving & set(row.roles) for row in step.session.exec(query))


def reviewer_objection(step: Step, desk: Desk, ticket: TicketRow) -> str | None:
    """Return why an officer may not judge a complaint: he approved what it is about (or None)."""
    if ticket.kind is not Kind.COMPLAINT or works_alone(step, desk):
        return None
    for other in of_the_person(step.session, ticket):
        if other.first_approver == step.officer:
            return (
                f"{step.officer} approved ticket {other.number} of the same person, and nobody "
                "judges a complaint about his own decision"
            )
    return None


def of_the_person(session: Session, ticket: TicketRow) -> list[TicketRow]:
    """Return the other tickets of whoever has one of the ticket's identifiers."""
    lookups = select(IdentifierRow.lookup).where(
        col(IdentifierRow.person) == ticket.person,
        col(IdentifierRow.type) != IdentifierType.NAME,  # a name is many people's
    )
    persons = select(IdentifierRow.person).where(col(IdentifierRow.lookup).in_(lookups))
    query = select(TicketRow).where(
        col(TicketRow.person).in_(persons), col(TicketRow.number) != ticket.number
    )
    return list(session.exec(query.order_by(col(TicketRow.number))))
