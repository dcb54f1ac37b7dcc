"""What holds of every clock of every law, whatever happened to the ticket."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

from hypothesis import assume, given
from hypothesis import strategies as st

from dsr.domain.calendars import PLAIN_WEEK, Calendar, YearDays
from dsr.domain.clocks import ClockFacts, Pause, PauseReason, compute
from dsr.domain.day_by_day import day_by_day
from dsr.domain.law import WEEKDAYS, Unit
from dsr.domain.vocabulary import Kind, Scope
from dsr.rules import book

RECEIPTS = st.dates(date(2025, 1, 1), date(2027, 11, 30))
LATER = st.integers(0, 60)
#: With the holidays of a place, and without.
PLACES = ("DE", None)
CLOCKS = [
    (law, book.calendar_for(law, place))
    for law, place in product(map(book.law, book.law_codes()), PLACES)
]
RIGHTS = [
    *((kind, None) for kind in Kind if kind is not Kind.WITHDRAWAL),
    *((Kind.WITHDRAWAL, scope) for scope in Scope),
]


def maybe(days):
    return st.none() | days


@st.composite
def facts(draw):
    received = draw(RECEIPTS)
    days = LATER.map(lambda number: received + timedelta(days=number))
    pauses = []
    for asked in draw(st.lists(days, max_size=3)):
        length = draw(maybe(LATER))
        resumed = None if length is None else asked + timedelta(days=length)
        pauses.append(Pause(asked, resumed, draw(st.sampled_from(PauseReason))))
    return ClockFacts(
        received_on=received,
        verified_on=draw(maybe(days)),
        proof_asked_on=draw(maybe(days)),
        pauses=tuple(pauses),
        extended_on=draw(maybe(days)),
        extended_to_on=draw(maybe(days)),
        authority_due_on=draw(maybe(days)),
    )


CASES = {
    "facts": facts(),
    "clock": st.sampled_from(CLOCKS),
    "right": st.sampled_from(RIGHTS),
}


def dates_of(clock, right, facts):
    law, calendar = clock
    assume(law.in_force is None or facts.received_on >= law.in_force.on)
    return compute(law, *right, facts, calendar=calendar, as_of=date(2027, 12, 31))


def days_in(dates):
    return (
        dates.start_on,
        dates.due_nominal_on,
        dates.due_legal_on,
        dates.target_on,
        dates.act_by_on or date.min,
    )


def test_every_law_has_a_clock_for_every_right():
    for law, calendar in CLOCKS:
        start = law.in_force.on if law.in_force else date(2026, 3, 2)
        for right in RIGHTS:
            dates = compute(law, *right, ClockFacts(start), calendar=calendar)
            assert dates.due_legal_on > start, (law.code, right)


@given(earlier=st.integers(1, 40), **CASES)
def test_a_later_receipt_is_never_due_earlier(clock, right, facts, earlier):
    before = replace(facts, received_on=facts.received_on - timedelta(days=earlier))

    first, second = (dates_of(clock, right, each) for each in (before, facts))

    assert all(day <= later for day, later in zip(days_in(first), days_in(second), strict=True))


@given(**CASES)
def test_pauses_never_shorten(clock, right, facts):
    law, _ = clock
    # A pause for proof that ends before verification takes the place of the wait until then.
    kept = tuple(pause for pause in facts.pauses if pause.reason is not PauseReason.PROOF)
    paused = dates_of(clock, right, replace(facts, pauses=kept))
    unpaused = dates_of(clock, right, replace(facts, pauses=()))

    assert unpaused.due_legal_on <= paused.due_legal_on
    assert law.code == paused.law


@given(**CASES)
def test_an_extension_is_never_earlier(clock, right, facts):
    extended = dates_of(clock, right, facts)
    plain = dates_of(clock, right, replace(facts, extended_on=None))

    assert plain.due_nominal_on <= extended.due_nominal_on
    assert plain.due_legal_on <= extended.due_legal_on


@given(**CASES)
def test_an_authority_s_letter_never_gives_time(clock, right, facts):
    told = dates_of(clock, right, facts)
    untold = dates_of(clock, right, replace(facts, authority_due_on=None))

    assert told.due_legal_on <= untold.due_legal_on


@given(**CASES)
def test_target_nominal_and_legal_dates_stand_in_order(clock, right, facts):
    dates = dates_of(clock, right, facts)

    assert dates.target_on <= dates.due_nominal_on <= dates.due_legal_on
    assert (dates.act_by_on or date.min) <= dates.due_nominal_on
    assert facts.received_on <= dates.start_on


@given(**CASES)
def test_recomputing_changes_nothing(clock, right, facts):
    assert dates_of(clock, right, facts) == dates_of(clock, right, facts)


@given(
    off=st.frozensets(st.dates(date(2027, 1, 1), date(2027, 12, 31)), max_size=30),
    working=st.frozensets(st.dates(date(2027, 1, 1), date(2027, 12, 31)), max_size=8),
    **CASES,
)
def test_a_new_schedule_moves_only_provisional_dates(clock, right, facts, off, working):
    law, china = clock[0], book.calendar("CN")
    assume(law.calendar != WEEKDAYS)
    news = YearDays(2027, off - working, working)
    known = Calendar("CN", lambda year: news if year == news.year else china.year_days(year))

    before = dates_of((law, china), right, facts)
    after = dates_of((law, known), right, facts)

    warned = any(step.rule == "provisional" for step in before.steps)
    assert warned or days_in(before) == days_in(after)
    assert before.provisional or before.due_legal_on == after.due_legal_on
    assert before.provisional or before.act_by_on == after.act_by_on
    assert before.provisional or not after.provisional


@given(**CASES)
def test_the_days_told_one_by_one_are_those_that_were_counted(clock, right, facts):
    law, calendar = clock
    dates, period = dates_of(clock, right, facts), law.clock(*right).period
    days = day_by_day(dates, period, calendar, facts.received_on)

    assert [day.on for day in days] == [
        facts.received_on + timedelta(days=number) for number in range(len(days))
    ]
    assert days[-1].on == max(dates.due_legal_on, facts.received_on)
    assert not any(day.counted for day in days if day.on <= dates.start_on)
    ended = max(step.to_on for step in dates.steps if step.rule in {"period", "extension"})
    if period.unit is Unit.WORKING_DAYS:
        within = [day for day in days if dates.start_on < day.on <= ended]
        worked = [(calendar or PLAIN_WEEK).is_working(day.on) for day in within]
        assert [day.counted for day in within] == worked
