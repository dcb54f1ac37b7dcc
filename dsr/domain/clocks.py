"""The law's dates of a ticket, and what can be asked about them. The arithmetic is not here."""

from dataclasses import dataclass
from datetime import date

from dsr.domain.calendars import PLAIN_WEEK, Calendar
from dsr.domain.clock_facts import ClockFacts, Pause
from dsr.domain.clock_words import on_day
from dsr.domain.law import ClockRule, Law, PauseReason
from dsr.domain.periods import after
from dsr.domain.reckoning import ClockStep, Reckoning
from dsr.domain.vocabulary import ClockMode, Kind, Scope
from dsr.errors import NotAllowedError, NotFoundError

__all__ = [
    "ClockDates",
    "ClockFacts",
    "ClockStep",
    "Pause",
    "PauseReason",
    "acknowledge_by",
    "compute",
    "extension_objection",
    "working_days_left",
]


@dataclass(frozen=True, slots=True)
class ClockDates:
    """One law's dates for a ticket.

    Attributes:
        start_on: The day from which the period runs, itself not counted.
        due_nominal_on: The last day before any roll.
        due_legal_on: The last day on which an answer is in time.
        late_after_on: The day after which an answer is late: the legal one; while a wait is open,
            only what an authority set, for the legal day moves with each day of waiting.
        target_on: What the office works to: the last working day not after the nominal date.
        act_by_on: When the thing itself is done, where that comes before the answer.
        provisional: A date of the law's depends on a year whose schedule is not published; of a
            target that alone depends on one, a step tells.
        waiting: A wait for the requester is open and will move the dates when it ends.
        steps: How the dates came about, in order.
    """

    law: str
    kind: Kind
    mode: ClockMode
    start_on: date
    due_nominal_on: date
    due_legal_on: date
    late_after_on: date | None
    target_on: date
    act_by_on: date | None
    provisional: bool
    waiting: bool
    steps: tuple[ClockStep, ...]


def compute(
    law: Law,
    kind: Kind,
    scope: Scope | None,
    facts: ClockFacts,
    *,
    calendar: Calendar | None,
    target_calendar: Calendar | None = None,
    as_of: date | None = None,
) -> ClockDates:
    """Return a law's dates for a ticket; without a calendar (of its place) nothing rolls.

    The target is a working day of `target_calendar`, or without one of `calendar`.

    Where identity starts the clock and is not verified yet, dates count from receipt. Another open
    wait is taken to end on `as_of`, or without that on the day we asked: the safe side.

    Raises:
        NotFoundError: The law sets no clock for this kind and scope.
        NotAllowedError: The law was not in force on the day of receipt.

    Source:
        Regulation (EEC, Euratom) No 1182/71, Art. 3; PRC Civil Code, Arts 201-203.
    """
    rule = _rule(law, kind, scope)
    _check_in_force(law, facts)
    work = Reckoning(
        law, rule, facts, calendar=calendar, as_of=as_of, target_calendar=target_calendar
    )
    start_on = work.start()
    nominal = work.nominal(start_on)
    nominal_on, legal_on = work.authority(nominal, work.roll(nominal))
    target_on = work.target(min(work.safe(start_on, nominal), nominal_on))
    act_by_on = work.act_by(nominal_on)
    work.note_unpublished(nominal_on)
    return ClockDates(
        law=law.code,
        kind=kind,
        mode=rule.mode,
        start_on=start_on,
        due_nominal_on=nominal_on,
        due_legal_on=legal_on,
        late_after_on=facts.authority_due_on if work.waiting else legal_on,
        target_on=target_on,
        act_by_on=act_by_on,
        provisional=work.is_provisional(),
        waiting=work.waiting,
        steps=tuple(work.steps),
    )


def acknowledge_by(
    law: Law,
    kind: Kind,
    received_on: date,
    *,
    calendar: Calendar | None,
    scope: Scope | None = None,
) -> date | None:
    """Return the last day for confirming receipt, or None where the pack names none."""
    rule = law.clock(kind, scope)
    period = (rule.acknowledge if rule else None) or law.acknowledge
    if period is None:
        return None
    return after(received_on, period.amount, period.unit, calendar or PLAIN_WEEK)


def working_days_left(today: date, until: date, calendar: Calendar | None) -> int:
    """Return the working days after today up to and with a day; negative where it has passed."""
    return (calendar or PLAIN_WEEK).working_days_between(today, until)


def extension_objection(
    law: Law,
    kind: Kind,
    facts: ClockFacts,
    *,
    today: date,
    calendar: Calendar | None,
    scope: Scope | None = None,
) -> str | None:
    """Return why more time cannot be taken today, or None where it can.

    Raises:
        NotFoundError: The law sets no clock for this kind and scope.
    """
    rule = _rule(law, kind, scope)
    if law.extension is None or not rule.extendable:
        return f"{law.code} allows no extension for {kind} ({rule.period.citation})"
    if facts.extended_on is not None:
        cited = law.extension.conditions.citation
        return (
            f"it was already extended on {facts.extended_on}, and that can be done once ({cited})"
        )
    dates = compute(law, kind, scope, facts, calendar=calendar, as_of=today)
    if today > dates.due_nominal_on:
        cited = law.extension.notice.citation
        last = on_day(dates.due_nominal_on)
        return f"the notice had to leave by {last} under {law.code} ({cited})"
    return None


def _check_in_force(law: Law, facts: ClockFacts) -> None:
    if law.in_force is not None and facts.received_on < law.in_force.on:
        raise NotAllowedError(
            f"{law.code} is in force from {law.in_force.on} ({law.in_force.citation}): "
            f"what was received on {facts.received_on} has no clock under it"
        )


def _rule(law: Law, kind: Kind, scope: Scope | None) -> ClockRule:
    rule = law.clock(kind, scope)
    if rule is None:
        raise NotFoundError(f"{law.code} sets no clock for {kind}")
    return rule
