"""Working days, counted and looked up, against a plain count day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr.domain.calendars import PLAIN_WEEK, Calendar, YearDays

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def a_calendar(off=(), working=(), *, known=True):
    def year_days(year):
        return YearDays(
            year,
            frozenset(day for day in off if day.year == year),
            frozenset(day for day in working if day.year == year),
            known=known,
        )

    return Calendar("XX", year_days)


NATIONAL_DAY = a_calendar(
    off=[date(2026, 10, day) for day in range(1, 8)],
    working=[date(2026, 9, 20), date(2026, 10, 10)],
)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 9, 18), True),
        (date(2026, 9, 19), False),
        (date(2026, 9, 20), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
    ],
)
def test_a_day_is_worked_unless_weekend_or_holiday_and_some_weekends_are(day, worked):
    assert NATIONAL_DAY.is_working(day) is worked


def test_the_next_working_day_may_be_the_day_itself_or_a_worked_saturday():
    assert NATIONAL_DAY.next_working(date(2026, 10, 8)) == date(2026, 10, 8)
    assert NATIONAL_DAY.next_working(date(2026, 10, 3)) == date(2026, 10, 8)
    assert NATIONAL_DAY.next_working(date(2026, 10, 10)) == date(2026, 10, 10)


def test_the_last_working_day_not_after_a_day_may_lie_in_the_year_before():
    calendar = a_calendar(off=[date(2026, 1, 1), date(2026, 1, 2)])

    assert calendar.last_working_not_after(date(2026, 1, 4)) == date(2025, 12, 31)


def test_the_next_working_day_may_lie_in_the_year_after():
    calendar = a_calendar(off=[date(2027, 1, 1)])

    assert calendar.next_working(date(2026, 12, 31)) == date(2026, 12, 31)
    assert calendar.next_working(date(2028, 12, 30)) == date(2029, 1, 1)


def test_working_days_are_counted_across_years():
    assert PLAIN_WEEK.add_working_days(date(2026, 12, 30), 3) == date(2027, 1, 4)
    assert PLAIN_WEEK.add_working_days(date(2025, 1, 1), 600) == date(2027, 4, 21)


def test_backwards_the_number_is_negative():
    assert PLAIN_WEEK.working_days_between(date(2026, 11, 23), date(2026, 11, 20)) == -1
    assert PLAIN_WEEK.working_days_between(date(2026, 11, 22), date(2026, 11, 20)) == 0


def test_worked_weekends_and_weekdays_off_are_told_apart():
    span = date(2026, 9, 18), date(2026, 10, 10)

    assert NATIONAL_DAY.worked_weekends(*span) == [date(2026, 9, 20), date(2026, 10, 10)]
    assert NATIONAL_DAY.weekdays_off(*span) == [date(2026, 10, day) for day in (1, 2, 5, 6, 7)]


def test_a_day_off_has_a_name_and_any_other_day_has_none():
    named = YearDays(
        2026,
        off=frozenset({date(2026, 10, 1), date(2026, 10, 2)}),
        working=frozenset({date(2026, 10, 10)}),
        names={date(2026, 10, 1): "National Day"},
    )
    calendar = Calendar("XX", lambda _: named)

    assert calendar.holiday(date(2026, 10, 1)) == "National Day"
    assert calendar.holiday(date(2026, 10, 2)) == ""
    assert calendar.holiday(date(2026, 10, 3)) is None
    assert calendar.is_worked_weekend(date(2026, 10, 10))
    assert not calendar.is_worked_weekend(date(2026, 10, 9))
    assert calendar.schedule(2026) is named
    assert calendar.working_days_in(2026) == 261 - 2 + 1


def test_a_year_is_asked_for_once_and_only_when_it_is_needed():
    asked = []

    def year_days(year):
        asked.append(year)
        return YearDays(year)

    calendar = Calendar("XX", year_days)
    for _ in range(3):
        calendar.working_days_between(date(2026, 11, 23), date(2026, 12, 14))

    assert asked == [2026]


def test_a_span_is_provisional_when_one_of_its_years_is_not_published():
    calendar = Calendar("XX", lambda year: YearDays(year, known=year < 2027))

    assert not calendar.unpublished(date(2025, 6, 1), date(2026, 12, 31))
    assert calendar.unpublished(date(2026, 12, 31), date(2027, 1, 1))
    assert [days.year for days in calendar.unpublished(date(2026, 1, 1), date(2028, 1, 1))] == [
        2027,
        2028,
    ]


@given(
    st.frozensets(DAYS, max_size=60),
    st.frozensets(DAYS, max_size=20),
    DAYS,
    st.integers(0, 500),
)
def test_counting_agrees_with_a_walk_day_by_day(off, working, start, length):
    calendar = a_calendar(off - working, working)
    end = start + timedelta(days=length)

    walked = [
        day
        for day in (start + timedelta(days=number) for number in range(1, length + 1))
        if calendar.is_working(day)
    ]

    assert calendar.working_days_between(start, end) == len(walked)
    assert calendar.working_days_between(end, start) == -len(walked)
    if walked:
        assert calendar.add_working_days(start, len(walked)) == walked[-1]
        assert calendar.last_working_not_after(end) == walked[-1]
        assert calendar.next_working(start + timedelta(days=1)) == walked[0]
