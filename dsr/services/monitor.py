"""The monitor: which tickets are near their dates, each reminder once, each breach stamped once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlmodel import Session, col, select

from dsr.domain.calendars import Calendar
from dsr.domain.clocks import working_days_left
from dsr.domain.guards import Facts
from dsr.domain.milestones import missed, tier_of
from dsr.domain.vocabulary import ENDED, Action
from dsr.rules import book
from dsr.rules.milestones import tiers_of
from dsr.services.desk import Desk, Step
from dsr.services.lines import TicketView
from dsr.services.milestones import met_by, milestones_of
from dsr.services.steps import take_known
from dsr.services.tickets import line_of, office_calendar
from dsr.store import monitor as queries
from dsr.store.light import CLOCK, REMINDER
from dsr.store.standing import by_many, read_ahead, rows_of
from dsr.store.tables.cases import ClockRow, ReminderRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tickets import by_numbers, parse_filters

#: Tickets that are reminded of in one transaction.
BATCH = 100
#: What a near date is called while the requester is waited for: it moves with each day of waiting.
WAITING = "waiting"
#: Behind every tier of a pack.
_LAST = 1_000_000


@dataclass(frozen=True, slots=True)
class NearTicket(TicketView):
    """A ticket whose date is near or has passed.

    Attributes:
        tier: How near, by the word of its law's pack; `waiting` where the only near dates move
            while the requester is waited for; None where it was late once and no date is near now.
        law: Whose date it is.
        breached_at: When the monitor first found the last day passed.
        milestone: The stage that was missed last, of those that are not met.
        milestone_on: The day by which it was to be met.
        held: It is under a legal hold, which does not stop the answer.
    """

    tier: str | None
    law: str | None
    breached_at: datetime | None
    milestone: str | None
    milestone_on: date | None
    held: bool


@dataclass(frozen=True, slots=True)
class _Near:
    """The nearest tier of a ticket: of which law, and which of its days it is about."""

    tier: str
    days_left: int
    law: str
    on: date


@dataclass(frozen=True, slots=True)
class _Day:
    """The day that nearness is judged on."""

    today: date
    calendar: Calendar | None

    def near(self, clocks: Iterable[Any]) -> _Near | None:
        """Return the nearest tier of a ticket's clocks, or None where all its dates are far.

        A pack as it stands now says what is near, whichever version the ticket pins: that is the
        office's own watch, and moves no date.
        """
        found = [near for clock in clocks if (near := self._near(clock)) is not None]
        return min(found, key=lambda near: (near.days_left, near.on), default=None)

    def _near(self, clock: Any) -> _Near | None:
        on: date = min(clock.act_by_on or clock.due_legal_on, clock.due_legal_on)
        left = working_days_left(self.today, on, self.calendar)
        if on < self.today:  # a day off may lie between
            left = min(left, -1)
        last: date | None = clock.late_after_on
        passed = last if last is not None and last < self.today else None
        tier = tier_of(tiers_of(book.law(clock.law)), left, is_overdue=passed is not None)
        if tier is None:
            return None
        waits = passed is None and (last is None or clock.due_legal_on < last)
        if waits and on == clock.due_legal_on:
            return _Near(WAITING, _LAST, clock.law, on)
        return _Near(tier.code, tier.days_left, clock.law, passed or on)

    def is_breach(self, ticket: Any) -> bool:
        """Tell whether a ticket's last day has passed and nothing says so yet.

        A day that moves while the requester is waited for is not its last.
        """
        late_after = ticket.late_after_on
        return late_after is not None and late_after < self.today and ticket.breached_at is None


def near(
    session: Session, desk: Desk, words: Sequence[str], *, today: date
) -> Iterator[NearTicket]:
    """Give every open ticket that fits the filters and is in a tier, or was late once.

    Raises:
        UsageError: A word is no filter, or its value is unknown.
    """
    day = _Day(today, office_calendar(desk))
    return (view for _, view in _watched(session, desk, words, day))


def late(session: Session, desk: Desk, words: Sequence[str], *, today: date) -> int:
    """Return how many open tickets that fit are past their last day, or once were.

    Raises:
        UsageError: A word is no filter, or its value is unknown.
    """
    return queries.count_late(session, parse_filters(words), today=today, officer=desk.officer)


def first_late(session: Session, desk: Desk, words: Sequence[str], *, today: date) -> int | None:
    """Return the most urgent of those that `late` counts, or None where it counts none."""
    filters = parse_filters(words)
    return queries.first_late(session, filters, today=today, officer=desk.officer)


def remind(desk: Desk, words: Sequence[str], *, dry_run: bool = False) -> Iterator[NearTicket]:
    """Give what was not said yet for this ticket, tier and date; it is written down, once.

    Where a last day has passed, the ticket is stamped with the moment that showed it, once and for
    ever. Each batch is written down before it is given: what is interrupted is said at most once.

    Raises:
        UsageError: A word is no filter, or its value is unknown.
    """
    day = _Day(desk.today(), office_calendar(desk))
    with desk.read() as session:
        waiting = [view for new, view in _watched(session, desk, words, day) if new]
    if dry_run:
        yield from waiting
        return
    coming = iter(waiting)
    while some := list(islice(coming, BATCH)):
        with desk.write() as step:
            told = _tell(step, _Day(step.today, day.calendar), some)
        yield from told


def _watched(
    session: Session, desk: Desk, words: Sequence[str], day: _Day
) -> Iterator[tuple[bool, NearTicket]]:
    """Give tickets with whether something of each is still to be said."""
    rows = queries.watched(session, parse_filters(words), today=day.today, officer=desk.officer)
    for some in by_many(rows):
        with read_ahead(session, some):
            found = [_judged(session, row, day) for row in some]
        yield from filter(None, found)


def _judged(session: Session, row: Any, day: _Day) -> tuple[bool, NearTicket] | None:
    found = day.near(rows_of(session, CLOCK, row.number))
    if found is None and row.breached_at is None:
        return None
    said = {(each.tier, each.due_on) for each in rows_of(session, REMINDER, row.number)}
    is_new = found is not None and (found.tier, found.on) not in said
    marks = milestones_of(session, row, day.calendar)
    gone = missed(marks, met_by(session, row), day.today)
    view = NearTicket(
        **line_of(row, day.today, day.calendar),
        tier=found.tier if found else None,
        law=found.law if found else None,
        breached_at=row.breached_at,
        milestone=gone.stage.value if gone else None,
        milestone_on=gone.on if gone else None,
        held=row.held_at is not None,
    )
    return is_new or day.is_breach(row), view


def _tell(step: Step, day: _Day, views: Sequence[NearTicket]) -> list[NearTicket]:
    """Write down what is said now; looked at anew under the lock, so that nobody says it twice."""
    numbers = [view.number for view in views]
    tickets = by_numbers(step.session, numbers)
    clocks = _by_ticket(step.session, ClockRow, numbers)
    said = _by_ticket(step.session, ReminderRow, numbers)
    told = []
    for view in views:
        ticket = tickets.get(view.number)
        if ticket is None or ticket.status in ENDED:
            continue
        found = day.near(clocks[view.number])
        is_told = _breach(step, ticket, day)
        if found is not None and not _is_said(found, said[view.number]):
            _remind(step, ticket, found)
            is_told = True
        if is_told:
            told.append(_now(view, ticket, found))
    return told


def _now(view: NearTicket, ticket: TicketRow, found: _Near | None) -> NearTicket:
    tier, law = (found.tier, found.law) if found else (None, None)
    return replace(view, tier=tier, law=law, breached_at=ticket.breached_at)


def _is_said(found: _Near, said: Iterable[ReminderRow]) -> bool:
    return any((each.tier, each.due_on) == (found.tier, found.on) for each in said)


def _remind(step: Step, ticket: TicketRow, found: _Near) -> None:
    step.session.add(
        ReminderRow(
            ticket=ticket.number,
            tier=found.tier,
            due_on=found.on,
            at=step.now,
            officer=step.officer,
        )
    )
    facts = {"tier": found.tier, "law": found.law, "on": found.on.isoformat()}
    take_known(step, ticket, Action.REMIND, Facts(), facts=facts)


def _breach(step: Step, ticket: TicketRow, day: _Day) -> bool:
    """Stamp a ticket whose last day has passed; the stamp is never moved again."""
    if not day.is_breach(ticket):
        return False
    ticket.breached_at = step.now
    facts = {"due_on": str(ticket.late_after_on)}
    take_known(step, ticket, Action.BREACH, Facts(), facts=facts)
    return True


def _by_ticket(session: Session, table: Any, numbers: Sequence[int]) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.exec(select(table).where(col(table.ticket).in_(numbers))):
        found[row.ticket].append(row)
    return found
