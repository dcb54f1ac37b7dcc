"""Calculations worked out by hand, one a line, under the laws as they are shipped."""

from datetime import date

import pytest

from dsr.domain.clocks import ClockFacts, Pause, PauseReason, acknowledge_by, compute
from dsr.domain.vocabulary import Kind, Scope
from dsr.rules import book


def on(text):
    return date.fromisoformat(text)


def german(kind=Kind.ACCESS, scope=None, **facts):
    return compute(book.law("EU"), kind, scope, ClockFacts(**facts), calendar=book.calendar("DE"))


def chinese(kind=Kind.DELETION, scope=None, **facts):
    return compute(book.law("CN"), kind, scope, ClockFacts(**facts), calendar=book.calendar("CN"))


@pytest.mark.parametrize(
    ("received", "nominal", "legal"),
    [
        pytest.param("2026-03-05", "2026-04-05", "2026-04-07", id="easter-sunday-and-monday"),
        pytest.param("2026-01-31", "2026-02-28", "2026-03-02", id="no-31-february"),
        pytest.param("2026-01-30", "2026-02-28", "2026-03-02", id="no-30-february"),
        pytest.param("2028-01-31", "2028-02-29", "2028-02-29", id="leap-day"),
        pytest.param("2027-01-31", "2027-02-28", "2027-03-01", id="no-leap-day-and-a-sunday"),
        pytest.param("2026-08-31", "2026-09-30", "2026-09-30", id="no-31-september"),
        pytest.param("2028-02-29", "2028-03-29", "2028-03-29", id="same-date-not-month-end"),
        pytest.param("2026-02-28", "2026-03-28", "2026-03-30", id="from-the-last-of-february"),
        pytest.param("2025-11-24", "2025-12-24", "2025-12-24", id="christmas-eve-is-worked"),
        pytest.param("2025-11-25", "2025-12-25", "2025-12-29", id="christmas-and-a-weekend"),
        pytest.param("2026-12-01", "2027-01-01", "2027-01-04", id="over-new-year"),
        pytest.param("2026-07-01", "2026-08-01", "2026-08-03", id="ends-on-a-saturday"),
    ],
)
def test_a_month_under_european_law(received, nominal, legal):
    dates = german(received_on=on(received))

    assert (dates.due_nominal_on, dates.due_legal_on) == (on(nominal), on(legal))
    assert dates.start_on == on(received)


@pytest.mark.parametrize(
    ("received", "extended", "nominal", "legal"),
    [
        pytest.param("2026-01-31", "2026-02-27", "2026-04-30", "2026-04-30", id="not-28-april"),
        pytest.param("2026-11-30", "2026-12-10", "2027-02-28", "2027-03-01", id="a-sunday"),
        pytest.param("2027-11-29", "2027-12-29", "2028-02-29", "2028-02-29", id="leap-day"),
        pytest.param("2026-04-10", "2026-05-08", "2026-07-10", "2026-07-10", id="notice-on-friday"),
        pytest.param("2026-04-10", "2026-05-10", "2026-07-10", "2026-07-10", id="on-the-last-day"),
        pytest.param("2026-04-10", "2026-05-11", "2026-05-10", "2026-05-11", id="a-day-too-late"),
    ],
)
def test_three_months_count_from_receipt_if_the_notice_left_in_time(
    received, extended, nominal, legal
):
    dates = german(received_on=on(received), extended_on=on(extended))

    assert (dates.due_nominal_on, dates.due_legal_on) == (on(nominal), on(legal))


def test_the_notice_of_an_extension_is_worked_to_before_the_weekend():
    assert german(received_on=on("2026-04-10")).target_on == on("2026-05-08")


@pytest.mark.parametrize("reason", list(PauseReason)[:2])
def test_seven_days_of_waiting_make_an_access_seven_days_later(reason):
    pause = Pause(on("2026-03-03"), on("2026-03-10"), reason)

    dates = german(received_on=on("2026-03-02"), pauses=(pause,))

    assert dates.due_legal_on == on("2026-04-09")


@pytest.mark.parametrize(
    ("verified", "nominal", "legal", "target"),
    [
        pytest.param("2026-09-10", "2026-10-10", "2026-10-10", "2026-10-10", id="worked-saturday"),
        pytest.param("2026-09-05", "2026-10-05", "2026-10-08", "2026-09-30", id="national-day"),
        pytest.param("2026-01-18", "2026-02-17", "2026-02-24", "2026-02-14", id="spring-festival"),
        pytest.param("2026-01-29", "2026-02-28", "2026-02-28", "2026-02-28", id="28-february"),
        pytest.param("2025-09-01", "2025-10-01", "2025-10-09", "2025-09-30", id="eight-days-off"),
        pytest.param("2025-12-02", "2026-01-01", "2026-01-04", "2025-12-31", id="worked-sunday"),
        pytest.param("2026-03-05", "2026-04-04", "2026-04-07", "2026-04-03", id="qingming"),
    ],
)
def test_thirty_days_from_verification_under_chinese_law(verified, nominal, legal, target):
    dates = chinese(
        Kind.ACCESS, received_on=on(verified), proof_asked_on=on(verified), verified_on=on(verified)
    )

    assert (dates.due_nominal_on, dates.due_legal_on) == (on(nominal), on(legal))
    assert dates.target_on == on(target)


@pytest.mark.parametrize(
    ("received", "legal"),
    [
        pytest.param("2026-09-18", "2026-10-15", id="20-september-and-10-october-are-worked"),
        pytest.param("2026-02-06", "2026-03-05", id="14-and-28-february-are-worked"),
        pytest.param("2025-09-26", "2025-10-23", id="28-september-and-11-october-are-worked"),
        pytest.param("2025-01-20", "2025-02-14", id="26-january-and-8-february-are-worked"),
        pytest.param("2026-04-28", "2026-05-21", id="9-may-is-worked"),
        pytest.param("2026-09-30", "2026-10-27", id="from-the-eve-of-national-day"),
        pytest.param("2026-03-02", "2026-03-23", id="no-holiday"),
        pytest.param("2026-11-23", "2026-12-14", id="an-ordinary-monday"),
        pytest.param("2026-12-10", "2026-12-31", id="the-last-that-ends-in-2026"),
    ],
)
@pytest.mark.parametrize("kind", [Kind.DELETION, Kind.CORRECTION, Kind.CANCELLATION])
def test_fifteen_working_days_under_chinese_law(kind, received, legal):
    dates = chinese(kind, received_on=on(received))

    assert (dates.due_nominal_on, dates.due_legal_on) == (on(legal), on(legal))
    assert dates.target_on == on(legal)
    assert not dates.provisional


def test_fifteen_working_days_that_reach_an_unpublished_year_are_provisional():
    dates = chinese(received_on=on("2026-12-15"))

    assert (dates.due_legal_on, dates.provisional) == (on("2027-01-06"), True)
    assert "the schedule of 2027 is not published" in dates.steps[-1].text


def test_a_chinese_complaint_has_fifteen_calendar_days_that_roll():
    dates = chinese(Kind.COMPLAINT, received_on=on("2026-09-21"))

    assert (dates.due_nominal_on, dates.due_legal_on) == (on("2026-10-06"), on("2026-10-08"))
    assert dates.target_on == on("2026-09-30")


def test_receipt_before_national_day_is_acknowledged_by_the_worked_saturday():
    by = acknowledge_by(book.law("CN"), Kind.ACCESS, on("2026-09-30"), calendar=book.calendar("CN"))

    assert by == on("2026-10-10")


@pytest.mark.parametrize(
    ("scope", "act_by"),
    [
        (Scope.MARKETING, "2026-10-08"),
        (Scope.CONSENT, "2026-10-09"),
        (Scope.OBJECTION, "2026-10-09"),
        (Scope.COOKIES, "2026-10-09"),
        (None, "2026-10-09"),
    ],
)
def test_a_withdrawal_is_obeyed_before_it_is_answered(scope, act_by):
    dates = chinese(Kind.WITHDRAWAL, scope, received_on=on("2026-09-30"))

    assert (dates.act_by_on, dates.due_legal_on) == (on(act_by), on("2026-10-27"))


@pytest.mark.parametrize("kind", [Kind.REVIEW, Kind.EXPLANATION])
def test_review_and_explanation_count_from_receipt_whenever_identity_was_verified(kind):
    dates = chinese(
        kind,
        received_on=on("2026-03-02"),
        proof_asked_on=on("2026-03-03"),
        verified_on=on("2026-03-20"),
    )

    assert dates.due_legal_on == on("2026-04-01")
