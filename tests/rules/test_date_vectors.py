"""Dates worked out by hand under every law, with a calendar on paper: one a line."""

from datetime import date, timedelta

import pytest

from dsr.domain.clocks import ClockFacts, Pause, PauseReason, acknowledge_by, compute
from dsr.domain.vocabulary import Kind, Scope
from dsr.errors import NotAllowedError
from dsr.rules import book

STOP = (Kind.WITHDRAWAL, Scope.MARKETING)


def on(text):
    return date.fromisoformat(text)


def place_of(law):
    """Return the place whose holidays the vectors were worked out with."""
    return {"EU": "DE", "UK": "UK"}.get(law)


def vector(name, law, right, received, *, nominal, legal=None, target=None, **happened):
    """Write one down; the legal date is the nominal one where no other is said."""
    kind, scope = right if isinstance(right, tuple) else (right, None)
    pauses = tuple(
        Pause(on(asked), on(resumed), reason)
        for asked, resumed, reason in happened.pop("pauses", ())
    )
    days = {key: on(day) for key, day in happened.items()}
    facts = ClockFacts(on(received), pauses=pauses, **days)
    expected = {
        "due_nominal_on": on(nominal),
        "due_legal_on": on(legal or nominal),
        **({"target_on": on(target)} if target else {}),
    }
    return pytest.param(law, kind, scope, facts, expected, id=f"{law}-{name}")


def proved(name, day, **dates):
    """Write down an access of China whose proof was there on receipt, so that it starts then."""
    return vector(name, "CN", Kind.ACCESS, day, proof_asked_on=day, verified_on=day, **dates)


def fifteen(name, day, due, right=Kind.DELETION):
    """Write down fifteen working days of China."""
    return vector(name, "CN", right, day, nominal=due, target=due)


MONTHS = [
    vector(
        "easter-sunday-then-easter-monday",
        "EU",
        Kind.ACCESS,
        "2026-03-05",
        nominal="2026-04-05",
        legal="2026-04-07",
        target="2026-04-02",
    ),
    vector(
        "no-31-february-and-a-saturday",
        "EU",
        Kind.ACCESS,
        "2026-01-31",
        nominal="2026-02-28",
        legal="2026-03-02",
        target="2026-02-27",
    ),
    vector(
        "no-30-february",
        "EU",
        Kind.COPY,
        "2026-01-30",
        nominal="2026-02-28",
        legal="2026-03-02",
    ),
    vector("leap-day", "EU", Kind.DELETION, "2028-01-31", nominal="2028-02-29"),
    vector(
        "no-leap-day-and-a-sunday",
        "EU",
        Kind.ACCESS,
        "2027-01-31",
        nominal="2027-02-28",
        legal="2027-03-01",
    ),
    vector("no-31-september", "EU", Kind.CORRECTION, "2026-08-31", nominal="2026-09-30"),
    vector("from-leap-day-to-the-same-date", "EU", Kind.ACCESS, "2028-02-29", nominal="2028-03-29"),
    vector(
        "from-the-end-of-february-not-to-the-end-of-march",
        "EU",
        Kind.ACCESS,
        "2026-02-28",
        nominal="2026-03-28",
        legal="2026-03-30",
    ),
    vector("christmas-eve-is-worked", "EU", Kind.ACCESS, "2025-11-24", nominal="2025-12-24"),
    vector(
        "two-days-of-christmas-and-a-weekend",
        "EU",
        Kind.ACCESS,
        "2025-11-25",
        nominal="2025-12-25",
        legal="2025-12-29",
        target="2025-12-24",
    ),
    vector(
        "new-year-and-a-weekend",
        "EU",
        Kind.EXPLANATION,
        "2026-12-01",
        nominal="2027-01-01",
        legal="2027-01-04",
        target="2026-12-31",
    ),
    vector(
        "three-months-from-receipt-not-from-the-first-date",
        "EU",
        Kind.ACCESS,
        "2026-01-31",
        extended_on="2026-02-20",
        nominal="2026-04-30",
    ),
    vector(
        "three-months-to-a-sunday",
        "EU",
        Kind.ACCESS,
        "2026-11-30",
        extended_on="2026-12-10",
        nominal="2027-02-28",
        legal="2027-03-01",
    ),
    vector(
        "three-months-to-leap-day",
        "EU",
        Kind.DELETION,
        "2027-11-29",
        extended_on="2027-12-29",
        nominal="2028-02-29",
    ),
    vector(
        "a-notice-is-worked-to-before-the-weekend",
        "EU",
        Kind.ACCESS,
        "2026-04-10",
        nominal="2026-05-10",
        legal="2026-05-11",
        target="2026-05-08",
    ),
    vector(
        "a-notice-on-that-friday",
        "EU",
        Kind.ACCESS,
        "2026-04-10",
        extended_on="2026-05-08",
        nominal="2026-07-10",
    ),
    vector(
        "seven-days-for-proof",
        "EU",
        Kind.ACCESS,
        "2026-03-02",
        proof_asked_on="2026-03-03",
        verified_on="2026-03-10",
        nominal="2026-04-09",
    ),
    vector(
        "to-the-same-date-of-october-a-saturday",
        "UK",
        Kind.ACCESS,
        "2026-09-03",
        nominal="2026-10-03",
        legal="2026-10-05",
        target="2026-10-02",
    ),
    vector(
        "boxing-day-is-made-up-for",
        "UK",
        Kind.ACCESS,
        "2026-11-28",
        nominal="2026-12-28",
        legal="2026-12-29",
        target="2026-12-24",
    ),
    vector(
        "proof-starts-the-month-anew",
        "UK",
        Kind.ACCESS,
        "2026-05-11",
        proof_asked_on="2026-05-12",
        verified_on="2026-05-20",
        nominal="2026-06-20",
        legal="2026-06-22",
    ),
    vector(
        "proof-that-came-unasked-does-not",
        "UK",
        Kind.DELETION,
        "2026-05-11",
        verified_on="2026-05-20",
        nominal="2026-06-11",
        legal="2026-06-11",
    ),
    vector(
        "eight-days-for-a-question-read-strictly-seven",
        "UK",
        Kind.ACCESS,
        "2026-03-02",
        pauses=[("2026-03-09", "2026-03-16", PauseReason.CLARIFICATION)],
        nominal="2026-04-10",
        target="2026-04-09",
    ),
]

DAYS = [
    vector(
        "day-45-is-a-sunday-and-44-a-saturday",
        "US-CA",
        Kind.ACCESS,
        "2026-01-15",
        nominal="2026-03-01",
        target="2026-02-27",
    ),
    vector(
        "ninety-days",
        "US-CA",
        Kind.ACCESS,
        "2026-01-15",
        extended_on="2026-02-20",
        nominal="2026-04-15",
        target="2026-04-14",
    ),
    vector("over-leap-day", "US-CA", Kind.DELETION, "2028-01-20", nominal="2028-03-05"),
    vector(
        "ninety-over-leap-day",
        "US-CA",
        Kind.CORRECTION,
        "2028-01-20",
        extended_on="2028-03-01",
        nominal="2028-04-19",
    ),
    vector("an-opt-out-over-the-new-year", "US-CA", STOP, "2026-12-21", nominal="2027-01-11"),
    vector("fifteen-days", "BR", Kind.ACCESS, "2026-02-10", nominal="2026-02-25"),
    vector("ten-days", "KR", Kind.ACCESS, "2026-03-02", nominal="2026-03-12"),
    vector("forty-days-to-a-sunday", "HK", Kind.ACCESS, "2026-01-20", nominal="2026-03-01"),
    vector("thirty-days-to-a-sunday", "CA", Kind.ACCESS, "2026-01-30", nominal="2026-03-01"),
    vector(
        "thirty-more",
        "CA",
        Kind.ACCESS,
        "2026-01-30",
        extended_on="2026-02-20",
        extended_to_on="2026-03-31",
        nominal="2026-03-31",
    ),
    vector("thirty-days", "CH", Kind.ACCESS, "2026-02-01", nominal="2026-03-03"),
    vector("fourteen-days", "JP", Kind.ACCESS, "2026-05-01", nominal="2026-05-15"),
    vector(
        "ninety-days-from-the-first-day-in-force",
        "IN",
        Kind.COMPLAINT,
        "2027-05-14",
        nominal="2027-08-12",
    ),
]

CHINA = [
    proved("to-a-worked-saturday", "2026-09-10", nominal="2026-10-10", target="2026-10-10"),
    proved(
        "into-national-day",
        "2026-09-05",
        nominal="2026-10-05",
        legal="2026-10-08",
        target="2026-09-30",
    ),
    proved(
        "into-spring-festival",
        "2026-01-18",
        nominal="2026-02-17",
        legal="2026-02-24",
        target="2026-02-14",
    ),
    proved("to-28-february-worked", "2026-01-29", nominal="2026-02-28", target="2026-02-28"),
    proved(
        "into-the-eight-days-of-2025",
        "2025-09-01",
        nominal="2025-10-01",
        legal="2025-10-09",
        target="2025-09-30",
    ),
    proved(
        "to-new-year-and-a-worked-sunday",
        "2025-12-02",
        nominal="2026-01-01",
        legal="2026-01-04",
        target="2025-12-31",
    ),
    proved(
        "into-qingming",
        "2026-03-05",
        nominal="2026-04-04",
        legal="2026-04-07",
        target="2026-04-03",
    ),
    fifteen("over-national-day", "2026-09-18", "2026-10-15"),
    fifteen("over-spring-festival", "2026-02-06", "2026-03-05", Kind.CORRECTION),
    fifteen("over-national-day-2025", "2025-09-26", "2025-10-23", Kind.CANCELLATION),
    fifteen("over-spring-festival-2025", "2025-01-20", "2025-02-14"),
    fifteen("9-may-is-worked", "2026-04-28", "2026-05-21", Kind.RESTRICTION),
    fifteen("from-the-eve-of-national-day", "2026-09-30", "2026-10-27", STOP),
    fifteen("no-holiday-on-the-way", "2026-03-02", "2026-03-23"),
    fifteen("from-a-monday-in-november", "2026-11-23", "2026-12-14"),
    fifteen("to-the-last-working-day-of-2026", "2026-12-10", "2026-12-31"),
    fifteen("into-a-year-without-a-schedule", "2026-12-15", "2027-01-06"),
    vector(
        "a-complaint-into-national-day",
        "CN",
        Kind.COMPLAINT,
        "2026-09-21",
        nominal="2026-10-06",
        legal="2026-10-08",
        target="2026-09-30",
    ),
]

KNOWN = [each for each in MONTHS + DAYS + CHINA if each.values[0] in book.law_codes()]


@pytest.mark.parametrize(("law", "kind", "scope", "facts", "expected"), KNOWN)
def test_a_date_is_the_one_worked_out_by_hand(law, kind, scope, facts, expected):
    pack = book.law(law)

    dates = compute(pack, kind, scope, facts, calendar=book.calendar_for(pack, place_of(law)))

    assert {name: getattr(dates, name) for name in expected} == expected


@pytest.mark.parametrize(("received", "provisional"), [("2026-12-10", False), ("2026-12-15", True)])
def test_a_date_is_provisional_where_it_needs_the_schedule_of_2027(received, provisional):
    dates = compute(
        book.law("CN"),
        Kind.DELETION,
        None,
        ClockFacts(on(received)),
        calendar=book.calendar("CN"),
    )

    assert dates.provisional is provisional


@pytest.mark.parametrize(
    ("law", "kind", "received", "by"),
    [
        pytest.param("UK", Kind.COMPLAINT, "2026-07-01", "2026-07-31", id="uk-thirty-days"),
        pytest.param("UK", Kind.ACCESS, "2026-07-01", "2026-07-06", id="uk-by-house-rule"),
        pytest.param("US-CA", Kind.ACCESS, "2026-06-29", "2026-07-13", id="ten-weekdays"),
        pytest.param("CN", Kind.ACCESS, "2026-09-30", "2026-10-10", id="china-8-9-and-10-october"),
    ],
)
def test_receipt_is_confirmed_by_the_day_worked_out_by_hand(law, kind, received, by):
    pack = book.law(law)
    calendar = book.calendar_for(pack, place_of(law))

    assert acknowledge_by(pack, kind, on(received), calendar=calendar) == on(by)


@pytest.mark.parametrize("law", [code for code in book.law_codes() if book.law(code).in_force])
def test_what_was_received_before_a_law_was_in_force_has_no_date(law):
    pack = book.law(law)
    eve = pack.in_force.on - timedelta(days=1)

    with pytest.raises(NotAllowedError, match="in force from"):
        compute(pack, Kind.COMPLAINT, None, ClockFacts(eve), calendar=None)
