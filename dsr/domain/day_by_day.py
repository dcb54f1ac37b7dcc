"""A clock's span day by day: which days count, and why others do not. Computes no date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dsr.domain.calendars import PLAIN_WEEK, Calendar
from dsr.domain.cited import Period, Unit
from dsr.domain.clock_words import WEEK, said
from dsr.domain.clocks import ClockDates


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a span.

    Attributes:
        counted: Whether it uses up a day of the period.
        number: Which day of the period it is; None where it is none, or months are counted.
        why: Why it does not count, or what is special about it; else empty.
    """

    on: date
    weekday: str
    counted: bool
    number: int | None
    why: str


@dataclass(frozen=True, slots=True)
class _Span:
    """The days on which a clock's parts end; each part may be empty.

    Attributes:
        ended: The period's last day, with its extension.
        nominal: The last day with the days of waiting.
        last: The last day in time.
    """

    received: date
    start: date
    ended: date
    nominal: date
    last: date


def day_by_day(
    dates: ClockDates, period: Period, calendar: Calendar | None, received_on: date
) -> tuple[Day, ...]:
    """Return the days from receipt to the last day in time, both included.

    Args:
        dates: The clock.
        period: What its rule counts; only its unit and its words matter.
        calendar: The working days that it was counted with.
        received_on: The day of receipt as its law sees it.
    """
    return tuple(_days(_span(dates, received_on), period, calendar or PLAIN_WEEK))


def _span(dates: ClockDates, received: date) -> _Span:
    ends = [step.to_on for step in dates.steps if step.rule in {"period", "extension"}]
    rolled = [step.from_on for step in dates.steps if step.rule == "roll"]
    waited = [step.to_on for step in dates.steps if step.rule == "pause"]
    nominal = (*rolled, *reversed(waited), *reversed(ends))[0]
    return _Span(received, dates.start_on, ends[-1], nominal, dates.due_legal_on)


def _days(span: _Span, period: Period, calendar: Calendar) -> Iterator[Day]:
    number = 0
    for on in _each(span.received, span.last):
        counted, why = _judged(on, span, period, calendar)
        number += int(counted)
        is_numbered = counted and period.unit is not Unit.MONTHS and on <= span.nominal
        yield Day(on, WEEK[on.weekday()], counted, number if is_numbered else None, why)


def _judged(on: date, span: _Span, period: Period, calendar: Calendar) -> tuple[bool, str]:
    """Return whether a day counts, and what is to be said of it."""
    off = _off(on, calendar)
    if on < span.start:
        return False, "before the period starts" + ("; received" if on == span.received else "")
    if on == span.start:
        return False, f"day of start, not counted; {_way(period)}"
    if on > span.nominal:
        return (False, f"{off}; the last day moves on") if off else (True, "the last day in time")
    notes = []
    counts = period.unit is not Unit.WORKING_DAYS or on > span.ended or not off
    if off:
        notes.append(off if not counts else f"{off}, counts all the same")
    elif calendar.is_worked_weekend(on):
        notes.append("worked weekend")
    if on > span.ended:
        notes.append("added for waiting")
    if on == span.nominal and on < span.last:
        notes.append("the last day, and it is off")
    if on == span.last < span.nominal:
        notes.append("the day an authority set")
    return counts, "; ".join(notes)


def _off(on: date, calendar: Calendar) -> str:
    """Return why a day is no working day; empty where it is one."""
    if calendar.is_working(on):
        return ""
    name = calendar.holiday(on)
    return name or ("weekend" if on.weekday() in calendar.weekend else "day off")


_WAYS = {
    Unit.WORKING_DAYS: "{}, of which only working days count",
    Unit.DAYS: "{} of the calendar: weekends and holidays count too",
    Unit.MONTHS: "{}, by date and not by days: only its last day may move",
}


def _way(period: Period) -> str:
    return _WAYS[period.unit].format(said(period))


def _each(first: date, last: date) -> Sequence[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
