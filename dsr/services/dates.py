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
from dsr.domain.clocks import ClockDates, ClockFacts, Pause
from dsr.domain.law import PLACE, PauseReason
from dsr.domain.vocabulary import Kind, ProofResult, Scope
from dsr.rules import book
from dsr.services.related import earlier_target, erasing_targets
from dsr.store.tables.cases import ClockRow, StopRow
from dsr.store.tables.people import ProofRow
from dsr.store.tables.tickets import TicketRow

#: The columns of a ticket that hold its dates.
WORKED_TO = ("due_nominal_on", "due_on", "target_on", "act_by_on", "provisional")


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates that a ticket is worked to: the earliest of its clocks."""

    due_nominal_on: date
    due_on: date
    target_on: date
    act_by_on: date | None
    provisional: bool

    @classmethod
    def of(cls, each: Iterable[ClockDates]) -> "Dates":
        """Return the earliest dates of several clocks."""
        every = list(each)
        acting = [dates.act_by_on for dates in every if dates.act_by_on]
        return cls(
            due_nominal_on=min(dates.due_nominal_on for dates in every),
            due_on=min(dates.due_legal_on for dates in every),
            target_on=min(dates.target_on for dates in every),
            act_by_on=min(acting, default=None),
            provisional=any(dates.provisional for dates in every),
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
    known = facts_under(code, version, facts, asked.received_at)
    right = (asked.kind, asked.scope)
    return _clock(book.edition(), (code, version), right, known, place=asked.place)


def facts_under(
    code: str, version: str | None, facts: ClockFacts, received_at: datetime | None
) -> ClockFacts:
    """Return what happened as a law sees it: received on the earlier of its day and the office's.

    Source:
        PRC Electronic Signature Law, Art. 11.
    """
    zone = book.law(code, version).zone
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
    law = book.law(*pinned)
    return clocks.compute(law, *right, facts, calendar=book.calendar_for(law, place))


def facts_of(session: Session, ticket: TicketRow) -> ClockFacts:
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

    A ticket that was reopened on a complaint is worked to the complaint's dates.
    """
    if ticket.complaint is not None:
        ticket = session.get_one(TicketRow, ticket.complaint)
    return Asked.of(ticket), facts_of(session, ticket)


def clocks_of(session: Session, ticket: TicketRow) -> tuple[ClockDates, ...]:
    """Return the dates of every law of a ticket, with their derivations; see `asked_of`."""
    return clocks_for(*asked_of(session, ticket))


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a ticket's dates are to be: each law's, and those that it is worked to."""

    clocks: tuple[ClockDates, ...]
    dates: Dates


def reckon(session: Session, ticket: TicketRow) -> Reckoned:
    """Return a ticket's dates as they are to be; nothing is stored.

    Raises:
        ConfigError: No pack is a pinned version, or a calendar's file is wrong.
    """
    every = clocks_of(session, ticket)
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
) -> None:
    """Note the day on which the open waits of a ticket ended, all or those for one reason."""
    query = select(StopRow).where(
        col(StopRow.ticket) == ticket.number, col(StopRow.resumed_on).is_(None)
    )
    if reason is not None:
        query = query.where(StopRow.reason == reason.value)
    for stop in session.exec(query):
        stop.resumed_on = today
        session.add(stop)
    session.flush()


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
            "target_on": dates.target_on,
            "act_by_on": dates.act_by_on,
            "provisional": dates.provisional,
        }
        for dates in every
    ]


def what_if(
    code: str,
    kind: Kind,
    scope: Scope | None,
    facts: ClockFacts,
    *,
    place: str | None,
) -> ClockDates:
    """Return a law's dates for a ticket that does not exist.

    Without a place the law's own one for such questions is taken.
    """
    [found] = clocks_for(supposed(code, kind, scope, place=place), facts)
    return found


def supposed(
    code: str,
    kind: Kind,
    scope: Scope | None,
    *,
    place: str | None,
    received_at: datetime | None = None,
) -> Asked:
    """Return what the clock of a ticket that does not exist depends on; see `what_if`.

    Raises:
        NotFoundError: There is no such law or place.
    """
    law = book.law(code)
    book.calendar(place)
    return Asked({law.code: None}, kind, scope, place or law.what_if_place, received_at)


def working_calendar(ticket: TicketRow) -> Calendar:
    """Return the working days that a ticket's own tasks are counted in."""
    for pinned in ticket.laws.items():
        law = book.law(*pinned)
        if law.calendar != PLACE and (found := book.calendar_for(law, ticket.place)):
            return found
    return PLAIN_WEEK
