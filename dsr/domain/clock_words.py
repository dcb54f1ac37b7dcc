"""How a clock's moves are put into words. Nothing is computed here."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from dsr.domain.calendars import PLAIN_WEEK, Calendar
from dsr.domain.cited import Period, Unit
from dsr.domain.law import Law

LAST_DAY, TARGET, ACT_BY = "the last day", "the target", "the day to act by"
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@lru_cache(maxsize=4096)
def on_day(day: date) -> str:
    """Return a day as people check it, whatever the machine's locale: Saturday 2026-10-10."""
    return f"{WEEK[day.weekday()]} {day}"


def said(period: Period) -> str:
    """Return a length in words: 15 working days, 1 month."""
    return counted(period.amount, period.unit)


def counted(amount: int, unit: str) -> str:
    """Return a length in words, of its number and its unit."""
    words = unit.replace("_", " ")
    return f"{amount} {words if amount > 1 else words.removesuffix('s')}"


def period_text(period: Period, start: date, end: date, calendar: Calendar | None) -> str:
    """Return from where to where a period runs, and what was special on the way."""
    days = calendar or PLAIN_WEEK
    text = f"{said(period)} after {on_day(start)} end on {on_day(end)}"
    if period.unit is Unit.MONTHS and end.day < start.day:
        return f"{text}: that month has no day {start.day}, so its last day counts"
    if period.unit is Unit.WORKING_DAYS:
        worked = ", ".join(map(str, days.worked_weekends(start, end)))
        off = len(days.weekdays_off(start, end))
        text += f"; weekend days that are worked: {worked or 'none'}; weekdays off: {off}"
    return text


def roll_text(law: str, nominal: date, legal: date, calendar: Calendar | None) -> str:
    """Return why a last day moved or did not; empty where nobody would ask."""
    if calendar is None:
        return f"no place is named under {law} whose holidays count, so the last day does not move"
    if legal > nominal:
        return f"{on_day(nominal)} is off; the next working day is {on_day(legal)}"
    if nominal.weekday() in calendar.weekend:
        return f"{on_day(nominal)} is worked by the year's schedule, so it does not move"
    return ""


def zone_text(office: date, received: date, law: Law) -> str:
    """Return why a law counts receipt from an earlier day than the office's."""
    text = f"it arrived on {on_day(office)} at the office, when it was {on_day(received)}"
    zone = f"{law.zone}, the westernmost zone that {law.code} is read in"
    return f"{text} in {zone}; the earlier day counts"


def provisional_text(year: int, moving: Sequence[str]) -> str:
    """Return what an unpublished schedule leaves open: each date, or which."""
    what = "the dates are" if LAST_DAY in moving else f"only {' and '.join(moving)} is"
    return (
        f"the schedule of {year} is not published: weekends and statutory holidays are off, no "
        f"weekend is worked, and {what} provisional"
    )


def waiting_text(asked: date) -> str:
    """Say how a date is shown while the requester is waited for."""
    return (
        f"asked on {on_day(asked)}, and the requester is waited for: the date moves with each day"
        " of that, nothing is late meanwhile, and it is shown as of the question"
    )
