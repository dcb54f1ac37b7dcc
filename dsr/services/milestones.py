"""A ticket's milestones, and which of them are met by what is stored. Nothing is changed here."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlmodel import Session

from dsr.domain.calendars import Calendar
from dsr.domain.clocks import ClockFacts
from dsr.domain.milestones import (
    LACKING,
    Course,
    Milestone,
    Stage,
    UnderLaw,
    milestones,
    next_open,
)
from dsr.domain.vocabulary import ENDED, LetterName, ProofResult, Status
from dsr.rules import book, office
from dsr.rules.milestones import pace_of
from dsr.services.dates import facts_under
from dsr.services.desk import Desk
from dsr.services.lines import MilestoneView
from dsr.services.steps import ticket_of
from dsr.services.tickets import office_calendar
from dsr.store.light import LETTER, PROOF, SEARCH
from dsr.store.standing import rows_of
from dsr.store.tables.tickets import TicketRow

#: What is stored from the moment that a decision was put forward.
_PROPOSED = frozenset({Status.APPROVAL, Status.FULFILLING, *ENDED})


def milestones_of(
    session: Session, ticket: Any, calendar: Calendar | None
) -> tuple[Milestone, ...]:
    """Return a ticket's milestones, the earliest first; on a complaint, those of the complaint.

    Args:
        session: The transaction.
        ticket: The ticket, or a row of its columns.
        calendar: The office's working days.
    """
    asked = ticket if ticket.complaint is None else session.get_one(TicketRow, ticket.complaint)
    extended = (each.extended_on for each in (asked, ticket))
    course = Course(
        kind=asked.kind,
        scope=asked.scope,
        received_on=asked.received_on,
        target_on=ticket.target_on,
        needs_proof=office.kind_rule(asked.kind, asked.scope).needs_proof,
        extended=any(day is not None and day >= asked.received_on for day in extended),
    )
    here = ClockFacts(received_on=asked.received_on)
    received = tuple(
        (code, version, facts_under(book.law(code, version), here, asked.received_at).received_on)
        for code, version in asked.laws.items()
    )
    return _milestones(book.edition(), course, received, asked.place, calendar=calendar)


@lru_cache(maxsize=4096)
def _milestones(
    _edition: int,
    course: Course,
    received: tuple[tuple[str, str, date], ...],
    place: str | None,
    *,
    calendar: Calendar | None,
) -> tuple[Milestone, ...]:
    """Return milestones; tickets that are alike have the same."""
    laws = [(book.law(code, version), on) for code, version, on in received]
    under = [UnderLaw(law, on, book.calendar_for(law, place)) for law, on in laws]
    return milestones(course, under, pace_of(course.kind, course.scope), calendar)


def all_milestones(desk: Desk, number: int) -> list[MilestoneView]:
    """Return every milestone of a ticket, the earliest first.

    Raises:
        NotFoundError: There is no such ticket.
    """
    with desk.read() as session:
        ticket = ticket_of(session, number)
        met = met_by(session, ticket)
        found = milestones_of(session, ticket, office_calendar(desk))
        return [_view(each, met=each.stage in met) for each in found]


def next_milestone(
    session: Session, ticket: TicketRow, calendar: Calendar | None
) -> MilestoneView | None:
    """Return the first milestone of a ticket that is not met, passed or to come."""
    found = next_open(milestones_of(session, ticket, calendar), met_by(session, ticket))
    return _view(found, met=False) if found else None


def _view(each: Milestone, *, met: bool) -> MilestoneView:
    return MilestoneView(
        stage=each.stage.value,
        on=each.on,
        met=met,
        law=each.law,
        citation=each.citation,
        certainty=each.certainty.value,
        lacking=LACKING[each.stage],
    )


def met_by(session: Session, ticket: Any) -> frozenset[Stage]:
    """Return the stages that what is stored of a ticket shows as met."""
    number, met = ticket.number, set[Stage]()
    acknowledged = _has(rows_of(session, LETTER, number), "name", LetterName.ACKNOWLEDGEMENT)
    if ticket.silent or acknowledged:  # of a silent one it is not asked
        met.add(Stage.ACKNOWLEDGEMENT)
    if _has(rows_of(session, PROOF, number), "result", ProofResult.ASKED, ProofResult.VERIFIED):
        met.add(Stage.PROOF)
    if rows_of(session, SEARCH, number):
        met.add(Stage.SEARCH)
    if ticket.decided or ticket.proposed_hash is not None or ticket.status in _PROPOSED:
        met |= {Stage.SEARCH, Stage.PROPOSAL}
    if ticket.status in ENDED:
        met |= set(Stage)
    return frozenset(met)


def _has(rows: Sequence[Any], name: str, *values: Any) -> bool:
    return any(getattr(row, name) in values for row in rows)
