"""How a clock's moves are put into words. Nothing is computed here."""

from datetime import date
from functools import lru_cache

from dsr.domain.calendars import PLAIN_WEEK, Calendar
from dsr.domain.cited import Period, Unit

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@lru_cache(maxsize=4096)
def on_day(day: date) -> str:
    """Return a day as people check it, whatever the machine's locale: Saturday 2026-10-10."""
    return f"{WEEK[day.weekday()]} {day}"


def said(period: Period) -> str:
    """Return a length in words: 15 working days, 1 month."""
    words = period.unit.replace("_", " ")
    return f"{period.amount} {words if period.amount > 1 else words.removesuffix('s')}"


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


def roll_text(nominal: date, legal: date, calendar: Calendar | None) -> str:
    """Return why a last day moved or did not; empty where nobody would ask."""
    if calendar is None:
        return "no place is named whose holidays count, so the last day does not move"
    if legal > nominal:
        return f"{on_day(nominal)} is off; the next working day is {on_day(legal)}"
    if nominal.weekday() in calendar.weekend:
        return f"{on_day(nominal)} is worked by the year's schedule, so it does not move"
    return ""
