"""What other tickets of the same person mean for one: what goes first, and who must not judge."""

import json
from collections.abc import Iterable, Iterator
from datetime import date

from sqlmodel import Session, col, or_, select

from dsr.domain.decisions import APPROVING_ROLES
from dsr.domain.vocabulary import (
    ENDED,
    FOR_ANOTHER,
    Action,
    IdentifierType,
    Kind,
    Proposal,
)
from dsr.services.desk import Desk, FourEyes, Step
from dsr.store.tables.cases import ItemRow, LinkRow
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
    """Return the access or copy of the same person that is answered before anything is erased."""
    if ticket.kind not in _ERASING or _erases_nothing(session, ticket):
        return None
    waiting = [
        each.number
        for each in together(session, ticket)
        if each.kind in _READING and each.status not in ENDED
    ]
    return waiting[0] if waiting and not _is_waived(session, ticket) else None


def earlier_target(kind: Kind, own: date, erasing: Iterable[date]) -> date:
    """Return the day that a ticket is worked to beside tickets that erase, by their targets.

    What is answered before anything is erased takes the earlier day; the law's own day stays.
    """
    return min([own, *erasing]) if kind in _READING else own


def erasing_targets(session: Session, ticket: TicketRow) -> Iterator[date]:
    """Give the targets of those that erase the same person's data and wait for this ticket."""
    if ticket.kind not in _READING or ticket.status in ENDED:
        return
    for other in together(session, ticket):
        waits = other.kind in _ERASING and other.status not in ENDED
        if waits and other.target_on and not _is_waived(session, other):
            yield other.target_on


def is_erasing(kind: Kind) -> bool:
    """Tell whether a kind erases what an access or copy would show."""
    return kind in _ERASING


def together(session: Session, ticket: TicketRow) -> list[TicketRow]:
    """Return the other tickets of the same case, of the same person, and those linked by hand."""
    found = {each.number: each for each in of_case(session, ticket.case_number)}
    found |= {each.number: each for each in of_the_person(session, ticket)}
    linked = select(TicketRow).where(col(TicketRow.number).in_(linked_numbers(session, ticket)))
    found |= {each.number: each for each in session.exec(linked)}
    return [found[number] for number in sorted(found) if number != ticket.number]


def linked_numbers(session: Session, ticket: TicketRow) -> list[int]:
    """Return the numbers of the tickets that an officer linked with one, in order."""
    query = select(LinkRow).where(
        or_(col(LinkRow.ticket) == ticket.number, col(LinkRow.other) == ticket.number)
    )
    pairs = session.exec(query).all()
    return sorted(row.other if row.ticket == ticket.number else row.ticket for row in pairs)


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
    """Return the other tickets of whoever has one of the data subject's identifiers.

    The address of somebody who asks for several others makes them no one person.
    """
    mine = select(IdentifierRow.lookup).where(
        col(IdentifierRow.person) == ticket.person,
        col(IdentifierRow.type) != IdentifierType.NAME,  # a name is many people's
    )
    if ticket.requester_role in FOR_ANOTHER:
        mine = mine.where(col(IdentifierRow.of_sender).is_(False))
    theirs = select(IdentifierRow.person).where(col(IdentifierRow.lookup).in_(mine))
    own = theirs.where(col(IdentifierRow.of_sender).is_(False))
    for_another = col(TicketRow.requester_role).in_(FOR_ANOTHER)
    query = select(TicketRow).where(
        or_(
            col(TicketRow.person) == ticket.person,
            col(TicketRow.person).in_(own),
            col(TicketRow.person).in_(theirs) & ~for_another,
        ),
        col(TicketRow.number) != ticket.number,
    )
    return list(session.exec(query.order_by(col(TicketRow.number))))
