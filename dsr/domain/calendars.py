"""Which days are worked at a place, and counting by them. Where the days come from is not here."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

SATURDAY_AND_SUNDAY = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class YearDays:
    """One year's departures from the plain week.

    Attributes:
        year: The calendar year; all days lie in it.
        off: Days off; those on a weekend are off anyway.
        working: Weekend days that are worked (调休).
        known: Whether the schedule is published; where not, dates that touch it are provisional.
        source: Where the days come from.
        names: What a day off is called, as National Day.
    """

    year: int
    off: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()
    known: bool = True
    source: str = ""
    names: Mapping[date, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class _Year:
    """A year made ready for counting: the ordinals of its working days, in order."""

    days: YearDays
    working: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of a place, asked for year by year as they are needed.

    Attributes:
        place: ISO 3166 code, with the subdivision where one was named; "" for the plain week.
        year_days: Gives a year's departures; called once a year at most.
        weekend: Days of the week off, Monday is 0.
    """

    place: str
    year_days: Callable[[int], YearDays]
    weekend: frozenset[int] = SATURDAY_AND_SUNDAY
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_working(self, day: date) -> bool:
        """Return whether a day is worked."""
        days = self._year(day.year).days
        return day in days.working or (day.weekday() not in self.weekend and day not in days.off)

    def holiday(self, day: date) -> str | None:
        """Return what a day off is called, empty where it has no name; None for any other day."""
        days = self._year(day.year).days
        return days.names.get(day, "") if day in days.off else None

    def is_worked_weekend(self, day: date) -> bool:
        """Return whether a day of the weekend is worked (调休)."""
        return day in self._year(day.year).days.working

    def schedule(self, year: int) -> YearDays:
        """Return a year's departures from the plain week."""
        return self._year(year).days

    def working_days_in(self, year: int) -> int:
        """Return how many days of a year are worked."""
        return len(self._year(year).working)

    def next_working(self, day: date) -> date:
        """Return the first working day on or after a day."""
        return self._nth(day.year, bisect_left(self._year(day.year).working, day.toordinal()))

    def last_working_not_after(self, day: date) -> date:
        """Return the last working day on or before a day."""
        passed = bisect_right(self._year(day.year).working, day.toordinal())
        return self._nth(day.year, passed - 1)

    def add_working_days(self, start: date, amount: int) -> date:
        """Return the last of an amount of working days, at least 1, the first after the start."""
        passed = bisect_right(self._year(start.year).working, start.toordinal())
        return self._nth(start.year, passed + amount - 1)

    def before(self, day: date, amount: int) -> date:
        """Return the working day that is an amount of working days before a day; 0 is the day."""
        if not amount:
            return day
        passed = bisect_right(self._year(day.year).working, day.toordinal())
        return self._nth(day.year, passed - 1 - amount)

    def working_days_between(self, after: date, until: date) -> int:
        """Return how many working days follow one day, up to and with another.

        Counted backwards the number is negative: from Monday to the Friday before it is -1.
        """
        if until < after:
            return -self.working_days_between(until, after)
        first, last = self._year(after.year).working, self._year(until.year).working
        count = bisect_right(last, until.toordinal()) - bisect_right(first, after.toordinal())
        return count + sum(len(self._year(year).working) for year in range(after.year, until.year))

    def unpublished(self, first: date, last: date) -> tuple[YearDays, ...]:
        """Return the years that a span touches, ends included, whose schedule is not published."""
        days = self._year(first.year).days
        if first.year == last.year:  # as most spans
            return () if days.known else (days,)
        years = (self._year(year).days for year in range(first.year, last.year + 1))
        return tuple(days for days in years if not days.known)

    def worked_weekends(self, after: date, until: date) -> list[date]:
        """Return the weekend days that are worked after one day, up to and with another."""
        return self._within("working", after, until)

    def weekdays_off(self, after: date, until: date) -> list[date]:
        """Return the days off that are no weekend after one day, up to and with another."""
        days = self._within("off", after, until)
        return [day for day in days if day.weekday() not in self.weekend]

    def _within(self, which: str, after: date, until: date) -> list[date]:
        years = (self._year(year).days for year in range(after.year, until.year + 1))
        return sorted(day for days in years for day in getattr(days, which) if after < day <= until)

    def _nth(self, year: int, index: int) -> date:
        """Return a working day by its index in a year; an index beyond it runs on into the next."""
        working = self._year(year).working
        while index < 0:
            year -= 1
            working = self._year(year).working
            index += len(working)
        while index >= len(working):
            index -= len(working)
            year += 1
            working = self._year(year).working
        return date.fromordinal(working[index])

    def _year(self, year: int) -> _Year:
        found = self._years.get(year)
        if found is None:
            days = self.year_days(year)
            found = self._years[year] = _Year(days, _working(days, self.weekend))
        return found


def _working(days: YearDays, weekend: frozenset[int]) -> tuple[int, ...]:
    first, last = date(days.year, 1, 1), date(days.year, 12, 31)
    every = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple(
        day.toordinal()
        for day in every
        if day in days.working or (day.weekday() not in weekend and day not in days.off)
    )


PLAIN_WEEK = Calendar("", YearDays)
"""Monday to Friday, and no holidays: for places that have no calendar."""
