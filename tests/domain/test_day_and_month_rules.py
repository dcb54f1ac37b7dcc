"""The rules of counting, each by a date that another rule would give otherwise."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dsr.domain.clocks import (
    ClockFacts,
    Pause,
    PauseReason,
    acknowledge_by,
    compute,
    extension_objection,
)
from dsr.domain.law import Unit
from dsr.domain.vocabulary import Kind, Scope
from dsr.rules import book
from dsr.services.dates import facts_under

CODES = book.law_codes()
NEVER_ROLLING = {"US-CA", "BR", "SG", "JP", "KR", "HK", "CA", "CH"}
IN_FORCE = date(2027, 6, 1)  # every law is


def on(text):
    return date.fromisoformat(text)


def asked(first, last, reason):
    return Pause(on(first), last and on(last), reason)


def under(code, received, kind=Kind.ACCESS, *, place=None, scope=None, **happened):
    law = book.law(code)
    pauses = tuple(asked(*each) for each in happened.pop("pauses", ()))
    facts = ClockFacts(on(received), pauses=pauses, **{k: on(day) for k, day in happened.items()})
    return compute(law, kind, scope, facts, calendar=book.calendar_for(law, place))


def rules_of(dates):
    return [step.rule for step in dates.steps]


# --- the first day, and months


@pytest.mark.parametrize("code", CODES)
def test_the_day_of_receipt_is_not_counted_under_any_law(code):
    law = book.law(code)
    in_days = [rule for rule in law.clocks if rule.period.unit is Unit.DAYS]

    for rule in in_days:
        dates = compute(law, rule.kinds[0], None, ClockFacts(IN_FORCE), calendar=None)
        assert dates.due_nominal_on == IN_FORCE + timedelta(days=rule.period.amount)


@pytest.mark.parametrize("code", ["EU", "UK"])
@pytest.mark.parametrize(
    ("received", "nominal"),
    [("2026-01-31", "2026-02-28"), ("2028-01-31", "2028-02-29"), ("2028-02-29", "2028-03-29")],
)
def test_a_month_ends_on_the_same_date_or_on_the_month_s_last_day(code, received, nominal):
    assert under(code, received).due_nominal_on == on(nominal)


@pytest.mark.parametrize("code", ["EU", "UK"])
def test_an_extension_is_counted_once_from_receipt(code):
    assert under(code, "2026-01-31", extended_on="2026-02-28").due_nominal_on == on("2026-04-30")


def test_an_extension_counts_from_where_proof_started_the_month_anew():
    dates = under(
        "UK",
        "2026-01-30",
        place="UK",
        proof_asked_on="2026-02-02",
        verified_on="2026-03-31",
        extended_on="2026-04-30",
    )

    assert dates.start_on == on("2026-03-31")
    assert dates.due_nominal_on == on("2026-06-30")


# --- the order, and the last day


def test_days_of_waiting_are_added_before_the_last_day_moves():
    paused = under(
        "EU",
        "2026-03-05",
        place="DE",
        pauses=[("2026-03-06", "2026-03-07", PauseReason.PROOF)],
    )

    assert paused.due_nominal_on == on("2026-04-06")  # from Easter Sunday to Easter Monday
    assert paused.due_legal_on == on("2026-04-07")  # moved first, it would be the 8th


@pytest.mark.parametrize(
    ("code", "received", "place", "legal"),
    [
        pytest.param("EU", "2026-07-01", "DE", "2026-08-03", id="a-saturday"),
        pytest.param("EU", "2026-12-06", "DE", "2027-01-06", id="epiphany-is-worked-in-berlin"),
        pytest.param("EU", "2026-12-06", "DE-BY", "2027-01-07", id="and-is-off-in-bavaria"),
        pytest.param("UK", "2026-12-02", "UK", "2027-01-04", id="2-january-in-england"),
        pytest.param("UK", "2026-12-02", "GB-SCT", "2027-01-05", id="2-january-in-scotland"),
        pytest.param("UK", "2026-12-02", None, "2027-01-02", id="no-place-no-roll"),
    ],
)
def test_the_last_day_moves_by_the_holidays_of_the_place(code, received, place, legal):
    assert under(code, received, place=place).due_legal_on == on(legal)


@pytest.mark.parametrize(
    ("received", "legal"),
    [
        pytest.param("2026-07-03", "2026-07-20", id="an-ordinary-saturday-rolls"),
        pytest.param("2026-09-25", "2026-10-10", id="a-worked-saturday-does-not"),
        pytest.param("2026-09-21", "2026-10-08", id="a-statutory-holiday-rolls-to-its-end"),
    ],
)
def test_a_chinese_last_day_moves_only_where_it_is_really_off(received, legal):
    assert under("CN", received, Kind.COMPLAINT).due_legal_on == on(legal)


@pytest.mark.parametrize("code", sorted(NEVER_ROLLING.intersection(CODES)))
def test_where_no_text_moves_a_last_day_none_moves(code):
    law = book.law(code)
    period = law.clock(Kind.ACCESS).period
    sunday = on("2026-03-01")

    dates = under(code, str(sunday - timedelta(days=period.amount)), place=law.what_if_place)

    assert law.roll is None
    assert dates.due_nominal_on == dates.due_legal_on == sunday
    assert dates.target_on < sunday


@pytest.mark.parametrize("code", CODES)
def test_both_dates_are_kept_and_the_office_works_to_a_worked_day_before_them(code):
    law = book.law(code)
    place = "DE" if code == "EU" else law.what_if_place
    calendar = book.calendar_for(law, place)

    for number in range(40):
        facts = ClockFacts(IN_FORCE + timedelta(days=number))
        dates = compute(law, Kind.ACCESS, None, facts, calendar=calendar)
        assert dates.target_on <= dates.due_nominal_on <= dates.due_legal_on
        assert dates.target_on.weekday() < 5 or calendar.is_working(dates.target_on)


# --- working days


def test_chinese_working_days_follow_the_year_s_notice():
    china = book.calendar("CN")

    assert china.is_working(on("2026-10-10"))
    assert china.is_working(on("2026-09-20"))
    assert not china.is_working(on("2026-10-07"))


def test_a_date_beyond_the_published_schedules_is_provisional_and_says_so():
    dates = under("CN", "2026-12-15", Kind.DELETION)

    assert dates.provisional
    assert "provisional" in rules_of(dates)


@pytest.mark.parametrize(
    ("happened", "legal", "target"),
    [({}, "2026-03-01", "2026-02-27"), ({"extended_on": "2026-03-01"}, "2026-04-15", "2026-04-14")],
)
def test_california_s_days_may_begin_on_the_day_of_receipt_so_a_day_less_is_worked_to(
    happened, legal, target
):
    dates = under("US-CA", "2026-01-15", **happened)

    assert (dates.due_legal_on, dates.target_on) == (on(legal), on(target))
    assert dates.steps[rules_of(dates).index("safe")].citation.startswith("11 CCR 7021(b)")


def test_an_authority_s_date_is_not_read_strictly_once_more():
    assert under("US-CA", "2026-01-15", authority_due_on="2026-02-10").target_on == on("2026-02-10")


def test_a_californian_business_day_is_any_weekday_so_that_a_holiday_gives_no_time():
    law = book.law("US-CA")

    by = acknowledge_by(law, Kind.ACCESS, on("2026-06-29"), calendar=None)

    assert by == on("2026-07-13")  # without 3 July, a holiday, it would be the 14th


# --- the day of receipt


@pytest.mark.parametrize(
    ("code", "day"),
    [("CN", "2026-03-05"), ("EU", "2026-03-04"), ("UK", "2026-03-04"), ("US-CA", "2026-03-04")],
)
def test_receipt_is_on_the_earlier_day_of_the_office_and_of_the_law(code, day):
    early = datetime(2026, 3, 5, 6, 30, tzinfo=ZoneInfo("Asia/Shanghai"))

    known = facts_under(book.law(code), ClockFacts(on("2026-03-05")), early)

    assert known.received_on == on(day)
    dates = compute(book.law(code), Kind.ACCESS, None, known, calendar=None)
    said = [step for step in dates.steps if step.rule == "zone"]
    assert [(step.from_on, step.to_on) for step in said] == (
        [(on("2026-03-05"), on(day))] if day != "2026-03-05" else []
    )


def test_a_law_to_the_east_makes_no_receipt_later():
    evening = datetime(2026, 3, 4, 20, 0, tzinfo=ZoneInfo("America/Los_Angeles"))

    known = facts_under(book.law("CN"), ClockFacts(on("2026-03-04")), evening)

    assert known.received_on == on("2026-03-04")


@pytest.mark.parametrize(("code", "due"), [("EU", "2026-08-04"), ("UK", "2026-08-04")])
def test_receipt_on_a_saturday_counts_as_that_day(code, due):
    assert under(code, "2026-07-04", place="DE").due_legal_on == on(due)


def test_a_marketing_stop_that_arrives_on_a_saturday_is_done_on_a_worked_sunday():
    dates = under("CN", "2026-09-19", Kind.WITHDRAWAL, scope=Scope.MARKETING)

    assert dates.act_by_on == on("2026-09-20")


# --- waiting


@pytest.mark.parametrize(
    ("code", "first", "last", "nominal"),
    [
        pytest.param("EU", "2026-03-03", "2026-03-10", "2026-04-09", id="eu-seven-days"),
        pytest.param("UK", "2026-03-03", "2026-03-10", "2026-04-10", id="uk-eight-days"),
        pytest.param("EU", "2026-03-05", "2026-03-10", "2026-04-07", id="eu-third-working-day"),
        pytest.param("EU", "2026-03-06", "2026-03-10", "2026-04-02", id="eu-too-late"),
        pytest.param("UK", "2026-03-30", "2026-03-31", "2026-04-04", id="uk-whenever-asked"),
        pytest.param(
            "UK", "2026-03-02", "2026-03-05", "2026-04-05", id="uk-day-one-counts-nowhere"
        ),
        pytest.param("UK", "2026-04-03", "2026-04-20", "2026-04-02", id="uk-after-the-last-day"),
        pytest.param("US-CA", "2026-03-03", "2026-03-10", "2026-04-16", id="california-never"),
        pytest.param("CN", "2026-03-03", "2026-03-10", "2026-04-01", id="china-never"),
    ],
)
def test_a_question_stops_the_clock_as_its_law_says(code, first, last, nominal):
    pauses = [(first, last, PauseReason.CLARIFICATION)]

    assert under(code, "2026-03-02", pauses=pauses).due_nominal_on == on(nominal)


def test_one_wait_is_open_at_a_time_so_that_a_day_gives_time_once():
    both = [
        ("2026-03-03", "2026-03-10", PauseReason.PROOF),
        ("2026-03-04", "2026-03-08", PauseReason.CLARIFICATION),
    ]
    british = [
        ("2026-03-09", "2026-03-16", PauseReason.CLARIFICATION),
        ("2026-03-16", "2026-03-18", PauseReason.CLARIFICATION),
    ]

    assert under("EU", "2026-03-02", pauses=both).due_nominal_on == on("2026-04-09")
    assert under("UK", "2026-03-02", pauses=british).due_nominal_on == on("2026-04-12")


def test_days_of_a_question_before_the_month_starts_anew_give_no_time():
    dates = under(
        "UK",
        "2026-03-02",
        proof_asked_on="2026-03-03",
        verified_on="2026-03-12",
        pauses=[("2026-03-09", "2026-03-16", PauseReason.CLARIFICATION)],
    )

    assert (dates.start_on, dates.due_nominal_on) == (on("2026-03-12"), on("2026-04-16"))


@pytest.mark.parametrize(
    ("last", "nominal"), [("2026-04-02", "2026-05-20"), ("2026-04-03", "2026-04-02")]
)
@pytest.mark.parametrize("reason", [PauseReason.PROOF, PauseReason.FEE])
def test_what_was_asked_for_after_the_last_day_starts_nothing_anew(reason, last, nominal):
    dates = under("UK", "2026-03-02", pauses=[(last, "2026-04-20", reason)])

    assert dates.due_nominal_on == on(nominal)
    assert ("credit" in rules_of(dates)) is (nominal == "2026-04-02")


def test_a_fee_asked_for_in_the_month_that_proof_started_starts_another():
    dates = under(
        "UK",
        "2026-03-02",
        pauses=[
            ("2026-03-03", "2026-03-20", PauseReason.PROOF),
            ("2026-04-15", "2026-04-30", PauseReason.FEE),
        ],
    )

    assert (dates.start_on, dates.due_nominal_on) == (on("2026-04-30"), on("2026-05-30"))


def test_a_fee_asked_for_in_the_longer_time_starts_the_whole_of_it_anew():
    pauses = [("2026-05-15", "2026-05-29", PauseReason.FEE)]

    dates = under("UK", "2026-03-02", extended_on="2026-04-01", pauses=pauses)

    assert dates.due_nominal_on == on("2026-08-29")


@pytest.mark.parametrize("code", ["EU", "US-CA", "CN"])
def test_a_fee_moves_no_date_but_a_british_one(code):
    pauses = [("2026-03-03", "2026-03-20", PauseReason.FEE)]

    plain, paused = under(code, "2026-03-02"), under(code, "2026-03-02", pauses=pauses)

    assert paused.due_legal_on == plain.due_legal_on


def test_an_open_wait_for_a_fee_is_said_to_be_open():
    assert under("UK", "2026-03-02", pauses=[("2026-03-03", None, PauseReason.FEE)]).waiting
    assert not under("EU", "2026-03-02", pauses=[("2026-03-03", None, PauseReason.FEE)]).waiting


# --- more time


@pytest.mark.parametrize(
    ("code", "kind", "happened", "today", "says"),
    [
        ("CN", Kind.DELETION, {}, "2026-03-03", "CN allows no extension for deletion (《App"),
        ("UK", Kind.COMPLAINT, {}, "2026-03-03", "UK allows no extension for complaint (Data"),
        ("US-CA", Kind.WITHDRAWAL, {}, "2026-03-03", "US-CA allows no extension for withdrawal"),
        ("UK", Kind.ACCESS, {}, "2026-04-03", "had to leave by Thursday 2026-04-02"),
        ("US-CA", Kind.ACCESS, {}, "2026-04-17", "had to leave by Thursday 2026-04-16"),
        (
            "US-CA",
            Kind.ACCESS,
            {"extended_on": on("2026-03-10")},
            "2026-03-11",
            "already extended on 2026-03-10, and that can be done once (11 CCR 7021(b))",
        ),
        ("US-CA", Kind.ACCESS, {}, "2026-04-16", None),
        ("UK", Kind.DELETION, {}, "2026-04-02", None),
    ],
)
def test_more_time_is_refused_with_the_article(code, kind, happened, today, says):
    facts = ClockFacts(on("2026-03-02"), **happened)

    said = extension_objection(book.law(code), kind, facts, today=on(today), calendar=None)

    assert said is None if says is None else says in said
