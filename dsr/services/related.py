"""What other tickets of the same person mean for one: what goes first, and who must not judge."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

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
from dsr.store.light import APPROVAL, EVENT, IDENTIFIER, ITEM, LINK, OFFICER
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
        if reads(each.kind) and each.status not in ENDED
    ]
    return waiting[0] if waiting and not _is_waived(session, ticket) else None


def earlier_target(kind: Kind, own: date, erasing: Iterable[date]) -> date:
    """Return the day that a ticket is worked to beside tickets that erase, by their targets.

    What is answered before anything is erased takes the earlier day; the law's own day stays.
    """
    return min([own, *erasing]) if reads(kind) else own


def erasing_targets(session: Session, ticket: TicketRow) -> Iterator[date]:
    """Give the targets of those that erase the same person's data and wait for this ticket."""
    if not reads(ticket.kind) or ticket.status in ENDED:
        return
    for other in together(session, ticket):
        waits = erases(other.kind) and other.status not in ENDED
        if waits and other.target_on and not _is_waived(session, other):
            yield other.target_on


def erases(kind: Kind) -> bool:
    """Tell whether a kind erases what an access or copy would show."""
    return office.kind_rule(kind).erases


def reads(kind: Kind) -> bool:
    """Tell whether a kind is answered before anything is erased: it hands the data out."""
    return office.kind_rule(kind).package


def together(session: Session, ticket: TicketRow) -> list[TicketRow]:
    """Return the other tickets of the same case, of the same person, and those linked by hand."""
    found = {each.number: each for each in beside(session, ticket)}
    found |= {each.number: each for each in of_the_person(session, ticket)}
    return [found[number] for number in sorted(found) if number != ticket.number]


def beside(session: Session, ticket: TicketRow) -> list[TicketRow]:
    """Return the other tickets of the same case, and those linked by hand."""
    found = {each.number: each for each in of_case(session, ticket.case_number)}
    linked = select(TicketRow).where(col(TicketRow.number).in_(linked_numbers(session, ticket)))
    found |= {each.number: each for each in session.exec(linked)}
    return [found[number] for number in sorted(found) if number != ticket.number]


def about(session: Session, complaint: TicketRow) -> list[TicketRow]:
    """Return the tickets that a complaint is about: those linked with it, else all of the person.

    A complaint in general may be about whatever the office did with the person's requests.
    """
    if complaint.kind is not Kind.COMPLAINT:
        return []
    named = [each for each in beside(session, complaint) if each.kind is not Kind.COMPLAINT]
    others = named or of_the_person(session, complaint)
    return [each for each in others if each.kind is not Kind.COMPLAINT]


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


def reviewer_objection(
    step: AtWork, desk: Desk, ticket: TicketRow, *, judges: bool = False
) -> str | None:
    """Return why an officer may not look again at a decision: he took it himself (or None).

    Looked at again is what a complaint is about, and a ticket that was reopened on a complaint.
    Whoever approved it takes no part at all; whoever prepared it does not judge.

    Args:
        step: Who is at work.
        desk: The desk.
        ticket: The complaint, or the ticket that was reopened.
        judges: He would approve it, not only put it forward.
    """
    again = [ticket] if ticket.complaint is not None else about(step.session, ticket)
    if not again or works_alone(step, desk):
        return None
    for other in again:
        if any(is_same(step, desk, *each) for each in _approvers(step, other)):
            return _own_decision(step, "approved", other)
        if judges and other is not ticket and _prepared(step, desk, other):
            return _own_decision(step, "prepared", other)
    return None


def _own_decision(step: AtWork, did: str, other: TicketRow) -> str:
    return (
        f"{step.officer}, or the same system user, {did} the decision in ticket {other.number}, "
        "and nobody judges a complaint about his own decision"
    )


def _approvers(step: AtWork, ticket: TicketRow) -> Iterator[tuple[str, str | None]]:
    """Give who approved a ticket, by name and system user; reopened, whoever did so before."""
    reopened_at = _reopened_at(step.session, ticket)
    for given in rows_of(step.session, APPROVAL, ticket.number):
        if reopened_at is None or given.at < reopened_at:
            yield given.officer, given.os_user


def _reopened_at(session: Session, ticket: TicketRow) -> datetime | None:
    """Return when a ticket was reopened on a complaint last, if it was."""
    if ticket.complaint is None:
        return None
    query = select_columns(EVENT.c.at, EVENT.c.body).where(
        EVENT.c.ticket == ticket.number, EVENT.c.action == Action.REOPEN.value
    )
    events = session.connection().execute(query).all()
    return max((each.at for each in events if each.body["facts"].get("complaint")), default=None)


def deciders(session: Session, ticket: TicketRow) -> set[str]:
    """Return the officers who ever put a decision of a ticket forward, or approved one."""
    query = select_columns(EVENT.c.body).where(
        EVENT.c.ticket == ticket.number,
        EVENT.c.action.in_([Action.PROPOSE.value, Action.DECIDE.value]),
    )
    bodies = session.connection().execute(query).scalars()
    given = rows_of(session, APPROVAL, ticket.number)
    return {body["officer"] for body in bodies} | {each.officer for each in given}


def _prepared(step: AtWork, desk: Desk, ticket: TicketRow) -> bool:
    """Tell whether the officer, or the same system user, ever put a decision forward."""
    query = select_columns(EVENT.c.body).where(
        EVENT.c.ticket == ticket.number,
        EVENT.c.action.in_([Action.PROPOSE.value, Action.DECIDE.value]),
    )
    bodies = step.session.connection().execute(query).scalars()
    return any(is_same(step, desk, body["officer"], body["os_user"]) for body in bodies)


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
