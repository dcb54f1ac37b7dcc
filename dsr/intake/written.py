"""Dates and times as people, forms and spreadsheets write them: what can mean one instant alone."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from re import Match
from zoneinfo import ZoneInfo

from dsr.errors import InputError

_LONGEST = 100  # characters of a date
_NOON, _EVENING = time(12), time(20)
_HALF_DAY = 12  # hours
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = f"(?P<word>{'|'.join(_MONTHS)})[a-z]{{0,6}}[.,]?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[.,]{0,2}\s?)?"
_DATES = (
    r"(?P<year>\d{4})\s?[-/.年년]\s?(?P<month>\d{1,2})\s?[-/.月월]\s?(?P<day>\d{1,2})(?!\d)\s?[日일.]?",
    r"(?P<one>\d{1,2})(?P<mark>[-/.])\s?(?P<two>\d{1,2})(?P=mark)\s?(?P<year>\d{4}|\d{2})(?!\d)",
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[ -]{_MONTH}[ -]?(?P<year>\d{{4}})(?!\d)",
    rf"{_WEEKDAY}{_MONTH}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>\d{{4}})(?!\d)",
)
_BETWEEN = r"(?:\s?(?:\(\w{1,3}\)|(?:星期|周|週)\w|\w曜日|\w요일))?\s?(?:,|t(?=\d)|à|um|at)?\s?"
_MORNING, _AFTER_NOON = r"a\.?m\.?|上午|午前|오전", r"p\.?m\.?|下午|午後|오후"
_TIME = (
    rf"(?:(?P<half>{_MORNING}|{_AFTER_NOON})\s?)?"
    r"(?P<hour>\d{1,2})\s?[:.h時时시点點]\s?(?P<minute>\d{2})(?!\d)"
    r"(?:\s?[:.分분]\s?(?P<second>\d{2})(?!\d)(?:[.,]\d{1,9})?\s?[秒초]?|\s?[分분])?"
    rf"(?:\s?(?P<end>{_MORNING}|{_AFTER_NOON})(?![a-z]))?(?:\s?(?:uhr|hrs))?"
)
_ZONE = r"\s?(?P<zone>(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?|[a-z]{1,5})?\s?(?:\([^()]*\))?"
_WHOLE = tuple(
    re.compile(f"{date_of}(?:{_BETWEEN}{_TIME}{_ZONE})?", re.IGNORECASE) for date_of in _DATES
)
_PAIR = re.compile(_DATES[1])
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?")
_SERIAL = re.compile(r"([34567]\d{4})(?:[.,](\d{1,12}))?")  # days, of 1982 to 2119
_SERIAL_FROM = date(1899, 12, 30)  # what spreadsheets count days from
#: Hours before UTC, of the short names that mean one zone alone; CST or IST do not.
_NAMED_ZONES = {
    **dict.fromkeys(("Z", "UT", "UTC", "GMT", "WET"), 0),
    **dict.fromkeys(("CET", "MEZ", "WEST"), 1),
    **dict.fromkeys(("CEST", "MESZ", "EET"), 2),
    **dict.fromkeys(("HKT", "SGT"), 8),
    **dict.fromkeys(("JST", "KST"), 9),
    "EST": -5,
    "EDT": -4,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
}


class UnclearError(ValueError):
    """What stands there is a date, but could be one of several."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How dates are meant where they stand.

    Attributes:
        zone: Where a time without an offset is told, an IANA name.
        day_first: Whether 3/4 is the third of April; None where nothing tells it.
    """

    zone: str = "UTC"
    day_first: bool | None = None


def instant(text: str, habit: Habit) -> datetime | None:
    """Return the instant that was written, in UTC; None for a date that could be several.

    Raises:
        InputError: It is no date.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text[: _LONGEST + 1]).split())
    readers: tuple[Callable[[str, Habit], datetime | None], ...] = (_serial, _iso, _free)
    try:
        found = next(filter(None, (read(plain, habit) for read in readers)), None)
        if found is not None and len(plain) <= _LONGEST:
            return found.astimezone(UTC).replace(microsecond=0)
    except UnclearError:
        return None
    except (ValueError, OverflowError):
        pass
    raise InputError("received_at is no date", hint="write 2026-03-05T10:00:00Z")


def day_first(texts: Iterable[str]) -> bool | None:
    """Return whether dates of a column begin with the day, if some tell it and none belies it."""
    told = set()
    for text in texts:
        pair = _PAIR.match(" ".join(unicodedata.normalize("NFKC", text[:_LONGEST]).split()))
        if pair and (int(pair["one"]) > len(_MONTHS)) != (int(pair["two"]) > len(_MONTHS)):
            told.add(int(pair["one"]) > len(_MONTHS))
    return told.pop() if len(told) == 1 else None


def _serial(text: str, habit: Habit) -> datetime | None:
    """Return the instant of a spreadsheet's number of days."""
    found = _SERIAL.fullmatch(text)
    if found is None:
        return None
    day = _SERIAL_FROM + timedelta(int(found[1]))
    if found[2] is None:
        return _some_time(day, habit)
    seconds = round(float(f"0.{found[2]}") * 86_400)
    return datetime.combine(day, time(), ZoneInfo(habit.zone)) + timedelta(seconds=seconds)


def _iso(text: str, habit: Habit) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) <= len("2026-03-05"):
        return _some_time(found.date(), habit)
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(habit.zone))


def _free(text: str, habit: Habit) -> datetime | None:
    """Return the instant of a date in another order, with words, or without leading zeros.

    Raises:
        UnclearError: It could be several.
        ValueError: There is no such day, time or offset.
    """
    found = next(filter(None, (form.fullmatch(text) for form in _WHOLE)), None)
    if found is None:
        return None
    day = _day(found, habit)
    if found["hour"] is None:
        return _some_time(day, habit)
    at = time(_hour(found), int(found["minute"]), int(found["second"] or 0))
    return datetime.combine(day, at, _zone(found["zone"], habit))


def _day(found: Match[str], habit: Habit) -> date:
    parts = found.groupdict()
    year = int(parts["year"])
    if parts.get("word"):
        return date(year, 1 + _MONTHS.index(parts["word"].lower()), int(parts["day"]))
    if "one" not in parts:
        return date(year, int(parts["month"]), int(parts["day"]))
    one, two = int(parts["one"]), int(parts["two"])
    if len(parts["year"]) == len("26"):
        raise UnclearError
    if one > len(_MONTHS) or two > len(_MONTHS):
        first = one > len(_MONTHS)
    elif one == two or parts["mark"] == ".":  # nobody writes 11.20.2026 but whoever says so
        first = habit.day_first is not False
    elif habit.day_first is None:
        raise UnclearError
    else:
        first = habit.day_first
    return date(year, two, one) if first else date(year, one, two)


def _hour(found: Match[str]) -> int:
    hour, half = int(found["hour"]), found["half"] or found["end"]
    if half is None:
        return hour
    if re.fullmatch(_AFTER_NOON, half, re.IGNORECASE):
        return hour if hour > _HALF_DAY else hour % _HALF_DAY + _HALF_DAY
    if hour > _HALF_DAY:
        raise ValueError
    return hour % _HALF_DAY


def _zone(said: str | None, habit: Habit) -> tzinfo:
    """Return the zone of a time.

    Raises:
        UnclearError: Its name could be several.
        ValueError: There is no such offset.
    """
    if said is None:
        return ZoneInfo(habit.zone)
    offset = _OFFSET.fullmatch(said.upper())
    if offset:
        span = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(span if offset[1] == "+" else -span)
    if said.upper() not in _NAMED_ZONES:
        raise UnclearError
    return timezone(timedelta(hours=_NAMED_ZONES[said.upper()]))


def _some_time(day: date, habit: Habit) -> datetime:
    """Return an instant of a day without an hour: noon in UTC is that day nearly everywhere.

    Where it is the next one already, in the far east, it is the evening there.
    """
    return min(
        datetime.combine(day, _NOON, UTC), datetime.combine(day, _EVENING, ZoneInfo(habit.zone))
    )
