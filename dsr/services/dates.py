"""A ticket's dates: the one function that stores them, and the calculation without a ticket."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlmodel import Session, col, delete, select

from dsr.clock import day_of
from dsr.domain import clocks
from dsr.domain.calendars import PLAIN_WEEK, Calendar
from dsr.domain.clock_facts import taken_up
from dsr.domain.clocks import ClockDates, ClockFacts, Pause
from dsr.domain.law import PLACE, Law, PauseReason
from dsr.domain.vocabulary import Kind, ProofResult, Scope
from dsr.rules import book
from dsr.services.related import earlier_target, erasing_targets
from dsr.store.tables.cases import ClockRow, StopRow
from dsr.store.tables.people import ProofRow
from dsr.store.tables.tickets import TicketRow

#: The columns of a ticket that hold its dates.
WORKED_TO = (
    *("due_nominal_on", "due_on", "target_on", "act_by_on", "provisional"),
    "late_after_on",
)


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates that a ticket is worked to: the earliest of its clocks.

    Attributes:
        late_after_on: The day after which an answer is late. A clock that waits for the requester
            makes nothing late; None where all of them wait.
    """

    due_nominal_on: date
    due_on: date
    target_on: date
    act_by_on: date | None
    provisional: bool
    late_after_on: date | None

    @classmethod
    def of(cls, each: Iterable[ClockDates]) -> "Dates":
        """Return the earliest dates of several clocks."""
        every = list(each)
        acting = [dates.act_by_on for dates in every if dates.act_by_on]
        late = [dates.late_after_on for dates in every if dates.late_after_on]
        return cls(
            due_nominal_on=min(dates.due_nominal_on for dates in every),
            due_on=min(dates.due_legal_on for dates in every),
            target_on=min(dates.target_on for dates in every),
            act_by_on=min(acting, default=None),
            provisional=any(dates.provisional for dates in every),
            late_after_on=min(late, default=None),
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What a ticket's clocks depend on, besides what happened to it.

    Attributes:
        laws: Their codes and pinned versions; None is the present one.
        received_at: The instant of receipt, where one is known: elsewhere it may be an earlier day.
    """

    laws: Mapping[str, str | None]
    kind: Kind
    scope: Scope | None
    place: str | None = None
    received_at: datetime | None = None

    @classmethod
    def of(cls, ticket: TicketRow) -> "Asked":
        """Return it of a ticket."""
        at = ticket.received_at
        return cls({**ticket.laws}, ticket.kind, ticket.scope, ticket.place, at)


def clocks_for(asked: Asked, facts: ClockFacts) -> tuple[ClockDates, ...]:
    """Return the dates of every law, in the order of the laws.

    Raises:
        NotFoundError: A law has no pack.
        NotAllowedError: A law was not in force on the day of receipt.
        ConfigError: No pack is the pinned version.
    """
    return tuple(clock_under(code, asked, facts) for code in asked.laws)


def clock_under(code: str, asked: Asked, facts: ClockFacts) -> ClockDates:
    """Return the dates of one law; see `clocks_for`."""
    version = asked.laws[code]
    known = facts_under(book.law(code, version), facts, asked.received_at)
    right = (asked.kind, asked.scope)
    return _clock(book.edition(), (code, version), right, known, place=asked.place)


def facts_under(law: Law, facts: ClockFacts, received_at: datetime | None) -> ClockFacts:
    """Return what happened as a law sees it: received on the earlier of its day and the office's.

    Source:
        PRC Electronic Signature Law, Art. 11.
    """
    zone = law.zone
    if zone is None or received_at is None:
        return facts
    there = day_of(received_at, zone)
    if there >= facts.received_on:
        return facts
    return replace(facts, received_on=there, office_received_on=facts.received_on)


@lru_cache(maxsize=4096)
def _clock(
    _edition: int,
    pinned: tuple[str, str | None],
    right: tuple[Kind, Scope | None],
    facts: ClockFacts,
    *,
    place: str | None,
) -> ClockDates:
    """Return one law's dates; the same facts give the same dates, so a batch counts them once."""
    return _computed(book.law(*pinned), right, facts, place)


def _computed(
    law: Law, right: tuple[Kind, Scope | None], facts: ClockFacts, place: str | None
) -> ClockDates:
    own, target = book.calendars_for(law, place)
    return clocks.compute(law, *right, facts, calendar=own, target_calendar=target)


def _facts_of(session: Session, ticket: TicketRow) -> ClockFacts:
    """Return what happened to a ticket as far as its clocks are concerned."""
    proved = session.exec(
        select(ProofRow)
        .where(col(ProofRow.ticket) == ticket.number, ProofRow.result == ProofResult.VERIFIED)
        .order_by(col(ProofRow.id))
    ).first()
    stops = session.exec(
        select(StopRow).where(col(StopRow.ticket) == ticket.number).order_by(col(StopRow.id))
    ).all()
    asked = [stop.asked_on for stop in stops if stop.reason == PauseReason.PROOF]
    return ClockFacts(
        received_on=ticket.received_on,
        verified_on=proved.on if proved else None,
        proof_asked_on=min(asked, default=None),
        pauses=tuple(
            Pause(stop.asked_on, stop.resumed_on, PauseReason(stop.reason)) for stop in stops
        ),
        extended_on=ticket.extended_on,
        extended_to_on=ticket.extended_to_on,
        authority_due_on=ticket.authority_due_on,
    )


def asked_of(session: Session, ticket: TicketRow) -> tuple[Asked, ClockFacts]:
    """Return what a ticket's clocks depend on, and what happened to it.

    A ticket that was reopened on a complaint has the complaint's laws and receipt; what moves its
    dates since then is recorded on either. All that asks for a ticket's dates asks here.
    """
    facts = _facts_of(session, ticket)
    if ticket.complaint is None:
        return Asked.of(ticket), facts
    complaint = session.get_one(TicketRow, ticket.complaint)
    return Asked.of(complaint), taken_up(_facts_of(session, complaint), facts)


def clocks_of(
    session: Session, ticket: TicketRow, supposed: Law | None = None
) -> tuple[ClockDates, ...]:
    """Return the dates of every law of a ticket, with their derivations; see `asked_of`.

    Args:
        session: The transaction.
        ticket: The ticket.
        supposed: A state of one of its laws that is taken for the pinned one.
    """
    asked, facts = asked_of(session, ticket)
    if supposed is None:
        return clocks_for(asked, facts)
    known = facts_under(supposed, facts, asked.received_at)
    right = (asked.kind, asked.scope)
    return tuple(
        _computed(supposed, right, known, asked.place)
        if code == supposed.code
        else clock_under(code, asked, facts)
        for code in asked.laws
    )


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a ticket's dates are to be: each law's, and those that it is worked to."""

    clocks: tuple[ClockDates, ...]
    dates: Dates


def reckon(session: Session, ticket: TicketRow, supposed: Law | None = None) -> Reckoned:
    """Return a ticket's dates as they are to be, or would be; nothing is stored. See `clocks_of`.

    Raises:
        ConfigError: No pack is a pinned version, or a calendar's file is wrong.
    """
    every = clocks_of(session, ticket, supposed)
    dates = Dates.of(every)
    erasing = erasing_targets(session, ticket)
    return Reckoned(
        every, replace(dates, target_on=earlier_target(ticket.kind, dates.target_on, erasing))
    )


def recompute(session: Session, ticket: TicketRow) -> Dates:
    """Store a ticket's dates anew, after anything that moves them."""
    reckoned = reckon(session, ticket)
    session.exec(delete(ClockRow).where(col(ClockRow.ticket) == ticket.number))
    session.add_all(ClockRow(**row) for row in clock_rows(ticket.number, reckoned.clocks))
    for name in WORKED_TO:
        setattr(ticket, name, getattr(reckoned.dates, name))
    session.add(ticket)
    return reckoned.dates


def end_waits(
    session: Session, ticket: TicketRow, today: date, reason: PauseReason | None = None
) -> bool:
    """Note the day on which the open waits of a ticket ended, all or those for one reason.

    A wait ends no earlier than it began: where the computer's clock was set back meanwhile, it
    ends on the day of asking, which adds no day. Returns whether that was so.
    """
    query = select(StopRow).where(
        col(StopRow.ticket) == ticket.number, col(StopRow.resumed_on).is_(None)
    )
    if reason is not None:
        query = query.where(StopRow.reason == reason.value)
    is_back = False
    for stop in session.exec(query):
        stop.resumed_on = max(today, stop.asked_on)
        is_back = is_back or today < stop.asked_on
        session.add(stop)
    session.flush()
    return is_back


def clock_rows(number: int, every: Iterable[ClockDates]) -> list[dict[str, Any]]:
    """Return the rows that keep the dates of a ticket's clocks."""
    return [
        {
            "ticket": number,
            "law": dates.law,
            "mode": dates.mode,
            "start_on": dates.start_on,
            "due_nominal_on": dates.due_nominal_on,
            "due_legal_on": dates.due_legal_on,
            "late_after_on": dates.late_after_on,
            "target_on": dates.target_on,
            "act_by_on": dates.act_by_on,
            "provisional": dates.provisional,
        }
        for dates in every
    ]


def supposed(
    code: str,
    kind: Kind,
    scope: Scope | None,
    *,
    place: str | None,
    received_at: datetime | None = None,
) -> Asked:
    """Return what the clock of a ticket that does not exist depends on.

    Without a place of the law's the law's own one for such questions is taken.

    Raises:
        NotFoundError: There is no such law or place.
    """
    law = book.law(code)
    book.calendar(place)
    own = place if place and book.is_place_of(law, place) else law.what_if_place or place
    return Asked({law.code: None}, kind, scope, own, received_at)


def working_calendar(ticket: TicketRow) -> Calendar:
    """Return the working days that a ticket's own tasks are counted in."""
    for pinned in ticket.laws.items():
        law = book.law(*pinned)
        if law.calendar != PLACE and (found := book.calendar_for(law, ticket.place)):
            return found
    return PLAIN_WEEK
