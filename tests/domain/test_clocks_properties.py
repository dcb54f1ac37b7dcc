"""What holds of every clock, whatever happened to the ticket."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dsr.domain.calendars import Calendar, YearDays
from dsr.domain.clocks import ClockFacts, Pause, PauseReason, compute
from dsr.domain.vocabulary import Kind, Scope
from dsr.rules import book

RECEIPTS = st.dates(date(2025, 1, 1), date(2027, 11, 30))
LATER = st.integers(0, 60)
CLOCKS = [
    (book.law("CN"), book.calendar("CN")),
    (book.law("EU"), book.calendar("DE")),
    (book.law("EU"), None),
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
        authority_due_on=draw(maybe(days)),
    )


CASES = {
    "facts": facts(),
    "clock": st.sampled_from(CLOCKS),
    "kind": st.sampled_from(Kind),
    "scope": st.none() | st.sampled_from(Scope),
}


def dates_of(clock, kind, scope, facts):
    law, calendar = clock
    return compute(law, kind, scope, facts, calendar=calendar, as_of=date(2027, 12, 31))


def days_in(dates):
    return (
        dates.start_on,
        dates.due_nominal_on,
        dates.due_legal_on,
        dates.target_on,
        dates.act_by_on or date.min,
    )


@given(earlier=st.integers(1, 40), **CASES)
def test_a_later_receipt_is_never_due_earlier(clock, kind, scope, facts, earlier):
    before = replace(facts, received_on=facts.received_on - timedelta(days=earlier))

    first, second = (dates_of(clock, kind, scope, each) for each in (before, facts))

    assert all(day <= later for day, later in zip(days_in(first), days_in(second), strict=True))


@given(**CASES)
def test_pauses_never_shorten(clock, kind, scope, facts):
    law, _ = clock
    # A pause for proof that ends before verification takes the place of the wait until then.
    kept = tuple(pause for pause in facts.pauses if pause.reason is not PauseReason.PROOF)
    paused = dates_of(clock, kind, scope, replace(facts, pauses=kept))
    unpaused = dates_of(clock, kind, scope, replace(facts, pauses=()))

    assert unpaused.due_legal_on <= paused.due_legal_on
    assert law.code == paused.law


@given(**CASES)
def test_an_extension_is_never_earlier(clock, kind, scope, facts):
    extended = dates_of(clock, kind, scope, facts)
    plain = dates_of(clock, kind, scope, replace(facts, extended_on=None))

    assert plain.due_nominal_on <= extended.due_nominal_on
    assert plain.due_legal_on <= extended.due_legal_on


@given(**CASES)
def test_an_authority_s_letter_never_gives_time(clock, kind, scope, facts):
    told = dates_of(clock, kind, scope, facts)
    untold = dates_of(clock, kind, scope, replace(facts, authority_due_on=None))

    assert told.due_legal_on <= untold.due_legal_on


@given(**CASES)
def test_target_nominal_and_legal_dates_stand_in_order(clock, kind, scope, facts):
    dates = dates_of(clock, kind, scope, facts)

    assert dates.target_on <= dates.due_nominal_on <= dates.due_legal_on
    assert (dates.act_by_on or date.min) <= dates.due_nominal_on
    assert facts.received_on <= dates.start_on


@given(**CASES)
def test_recomputing_changes_nothing(clock, kind, scope, facts):
    assert dates_of(clock, kind, scope, facts) == dates_of(clock, kind, scope, facts)


@given(
    off=st.frozensets(st.dates(date(2027, 1, 1), date(2027, 12, 31)), max_size=30),
    working=st.frozensets(st.dates(date(2027, 1, 1), date(2027, 12, 31)), max_size=8),
    **CASES,
)
def test_a_new_schedule_moves_only_provisional_dates(clock, kind, scope, facts, off, working):
    law, shipped = book.law("CN"), book.calendar("CN")
    assert shipped is not None
    news = YearDays(2027, off - working, working)
    known = Calendar("CN", lambda year: news if year == news.year else shipped.year_days(year))

    before = dates_of((law, shipped), kind, scope, facts)
    after = dates_of((law, known), kind, scope, facts)

    assert before.provisional or days_in(before) == days_in(after)
    assert before.provisional or not after.provisional
