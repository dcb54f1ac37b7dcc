"""What other tickets of the same person mean for one: what goes first, and who must not judge."""

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import select as select_columns
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
from dsr.rules import office
from dsr.services.desk import AtWork, Desk, FourEyes
from dsr.store.light import EVENT, IDENTIFIER, ITEM, LINK, OFFICER
from dsr.store.standing import rows_of
from dsr.store.tables.tickets import TicketRow
from dsr.store.tickets import of_case

#: Under this name the trail keeps that the person gave up being answered first.
WAIVED = "access_waived"


def answer_first(session: Session, ticket: TicketRow) -> int | None:
    """Return the access or copy of the same person that is answered before anything is erased."""
    if not erases(ticket.kind) or _erases_nothing(session, ticket):
        return None
    waiting = [
        each.number
        for each in together(session, ticket)
        if _reads(each.kind) and each.status not in ENDED
    ]
    return waiting[0] if waiting and not _is_waived(session, ticket) else None


def earlier_target(kind: Kind, own: date, erasing: Iterable[date]) -> date:
    """Return the day that a ticket is worked to beside tickets that erase, by their targets.

    What is answered before anything is erased takes the earlier day; the law's own day stays.
    """
    return min([own, *erasing]) if _reads(kind) else own


def erasing_targets(session: Session, ticket: TicketRow) -> Iterator[date]:
    """Give the targets of those that erase the same person's data and wait for this ticket."""
    if not _reads(ticket.kind) or ticket.status in ENDED:
        return
    for other in together(session, ticket):
        waits = erases(other.kind) and other.status not in ENDED
        if waits and other.target_on and not _is_waived(session, other):
            yield other.target_on


def erases(kind: Kind) -> bool:
    """Tell whether a kind erases what an access or copy would show."""
    return office.kind_rule(kind).erases


def _reads(kind: Kind) -> bool:
    """Tell whether a kind is answered before anything is erased: it hands the data out."""
    return office.kind_rule(kind).package


def together(session: Session, ticket: TicketRow) -> list[TicketRow]:
    """Return the other tickets of the same case, of the same person, and those linked by hand."""
    found = {each.number: each for each in of_case(session, ticket.case_number)}
    found |= {each.number: each for each in of_the_person(session, ticket)}
    linked = select(TicketRow).where(col(TicketRow.number).in_(linked_numbers(session, ticket)))
    found |= {each.number: each for each in session.exec(linked)}
    return [found[number] for number in sorted(found) if number != ticket.number]


def linked_numbers(session: Session, ticket: TicketRow) -> list[int]:
    """Return the numbers of the tickets that an officer linked with one, in order."""
    session.flush()
    query = select_columns(LINK).where(
        or_(LINK.c.ticket == ticket.number, LINK.c.other == ticket.number)
    )
    pairs = session.connection().execute(query).all()
    return sorted(row.other if row.ticket == ticket.number else row.ticket for row in pairs)


def _erases_nothing(session: Session, ticket: TicketRow) -> bool:
    proposals = [row.proposal for row in rows_of(session, ITEM, ticket.number)]
    return bool(proposals) and Proposal.GRANT not in proposals


def _is_waived(session: Session, ticket: TicketRow) -> bool:
    session.flush()
    query = select_columns(EVENT.c.body).where(
        EVENT.c.ticket == ticket.number, EVENT.c.action == Action.NOTE.value
    )
    bodies = session.connection().execute(query).scalars()
    return any(body["facts"].get(WAIVED) for body in bodies)


def works_alone(step: AtWork, desk: Desk) -> bool:
    """Return whether the office says that one officer works alone, and nobody else may approve."""
    if desk.office.four_eyes is not FourEyes.ALONE:
        return False
    step.session.flush()
    query = select_columns(OFFICER.c.roles).where(OFFICER.c.active, OFFICER.c.name != step.officer)
    others = step.session.connection().execute(query).scalars()
    return all(APPROVING_ROLES.isdisjoint(roles) for roles in others)


def is_same(step: AtWork, desk: Desk, officer: str | None, os_user: str | None) -> bool:
    """Tell whether somebody is the officer at work, or the same system user where that counts."""
    by_user = desk.office.four_eyes is FourEyes.USER and step.os_user == os_user
    return step.officer == officer or by_user


def reviewer_objection(step: AtWork, desk: Desk, ticket: TicketRow) -> str | None:
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
    mine = select_columns(IDENTIFIER.c.lookup).where(
        IDENTIFIER.c.person == ticket.person,
        IDENTIFIER.c.type != IdentifierType.NAME,  # a name is many people's
    )
    if ticket.requester_role in FOR_ANOTHER:
        mine = mine.where(~IDENTIFIER.c.of_sender)
    named = IDENTIFIER.alias()
    theirs = select_columns(named.c.person).where(named.c.lookup.in_(mine))
    own = theirs.where(~named.c.of_sender)
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
