"""Milestones: from the laws and the office's own pace, none of them later than the target."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr.domain.calendars import PLAIN_WEEK
from dsr.domain.cited import Certainty, Period, Tier, Unit
from dsr.domain.clocks import ClockFacts, compute
from dsr.domain.milestones import (
    LACKING,
    Course,
    Milestone,
    Pace,
    Stage,
    UnderLaw,
    milestones,
    missed,
    next_open,
    tier_of,
)
from dsr.domain.vocabulary import Kind, Scope
from dsr.errors import ConfigError
from dsr.rules import book, office
from dsr.rules import milestones as data

RIGHTS = [(kind, None) for kind in Kind if kind is not Kind.WITHDRAWAL]
RIGHTS += [(Kind.WITHDRAWAL, scope) for scope in Scope]
TIERS = (
    Tier("breached", -1, "x", Certainty.DESIGN),
    Tier("due", 0, "x", Certainty.DESIGN),
    Tier("soon", 3, "x", Certainty.DESIGN),
)


def on(day):
    return date.fromisoformat(day)


def course(kind, scope, code, received_on, **changes):
    law = book.law(code)
    calendar = book.calendar_for(law, "DE")
    facts = ClockFacts(received_on=received_on)
    target = compute(law, kind, scope, facts, calendar=calendar).target_on
    values = {"kind": kind, "scope": scope, "received_on": received_on, "target_on": target}
    return Course(**(values | changes)), UnderLaw(law, received_on, calendar), calendar


def marks(kind, scope, code, received_on, **changes):
    one, under, calendar = course(kind, scope, code, received_on, **changes)
    found = milestones(one, [under], data.pace_of(kind, scope), calendar)
    return {each.stage: each.on for each in found}


@pytest.mark.parametrize("example", data.examples(), ids=lambda each: each.text)
def test_each_example_in_the_file_is_what_is_computed(example):
    assert {each.stage: each.on for each in data.computed(example)} == dict(example.expect)


def test_every_kind_has_a_pace_and_only_what_is_searched_is_searched_by_a_day():
    for kind, scope in RIGHTS:
        pace = data.pace_of(kind, scope)
        assert (pace.search is not None) == office.kind_rule(kind, scope).searches


@pytest.mark.parametrize(
    ("kind", "scope", "days"),
    [
        (Kind.ACCESS, None, 15),
        (Kind.COPY, None, 15),
        (Kind.CORRECTION, None, 10),
        (Kind.DELETION, None, 10),
        (Kind.CANCELLATION, None, 10),
        (Kind.WITHDRAWAL, Scope.CONSENT, 2),
        (Kind.WITHDRAWAL, Scope.MARKETING, 1),
        (Kind.EXPLANATION, None, 15),
        (Kind.REVIEW, None, 15),
        (Kind.RESTRICTION, None, 2),
        (Kind.COMPLAINT, None, 10),
    ],
)
def test_the_office_aims_at_its_own_day_long_before_the_laws(kind, scope, days):
    target = data.pace_of(kind, scope).target

    assert (target.amount, target.unit) == (days, Unit.WORKING_DAYS)


def test_what_the_office_chose_says_that_it_is_a_choice():
    for kind, scope in RIGHTS:
        one, under, calendar = course(kind, scope, "CN", on("2026-03-02"))
        for each in milestones(one, [under], data.pace_of(kind, scope), calendar):
            assert each.citation
            assert each.law is not None or each.certainty is Certainty.DESIGN
            assert LACKING[each.stage]


@given(
    right=st.sampled_from(RIGHTS),
    code=st.sampled_from(["CN", "EU"]),
    received_on=st.dates(on("2025-01-02"), on("2026-10-30")),
)
def test_no_milestone_is_later_than_the_target_and_none_before_receipt(right, code, received_on):
    found = marks(*right, code, received_on)

    assert max(found.values()) == found[Stage.TARGET]
    assert min(found.values()) >= received_on
    assert found[Stage.TARGET] <= course(*right, code, received_on)[0].target_on


def test_proof_is_asked_for_where_waiting_then_counts_and_nowhere_else():
    friday = on("2026-11-20")

    assert marks(Kind.ACCESS, None, "CN", friday)[Stage.PROOF] == on("2026-11-25")
    assert Stage.PROOF not in marks(Kind.DELETION, None, "CN", friday)  # no wait moves that clock
    assert Stage.PROOF not in marks(Kind.ACCESS, None, "CN", friday, needs_proof=False)


def test_who_was_told_a_later_date_is_answered_by_that():
    later = on("2026-06-05")
    found = marks(Kind.ACCESS, None, "EU", on("2026-03-05"), extended=True, target_on=later)

    assert found[Stage.TARGET] == later
    assert found[Stage.PROPOSAL] == on("2026-06-02")  # three working days before, as ever
    assert found[Stage.SEARCH] == marks(Kind.ACCESS, None, "EU", on("2026-03-05"))[Stage.SEARCH]


def test_an_earlier_day_of_the_tickets_own_is_the_target_and_draws_the_others_with_it():
    day = on("2026-11-24")
    found = marks(Kind.ACCESS, None, "CN", on("2026-11-20"), target_on=day)

    assert set(found.values()) == {day}
    assert list(found) == [*Stage]  # on one day, in the usual order


def test_of_several_laws_the_earliest_day_counts():
    received = on("2026-09-30")  # the National Day week is off in China alone
    one, cn, calendar = course(Kind.ACCESS, None, "CN", received)
    _, eu, _ = course(Kind.ACCESS, None, "EU", received)
    pace = data.pace_of(Kind.ACCESS, None)
    for laws in ([cn, eu], [eu, cn]):
        found = {each.stage: each for each in milestones(one, laws, pace, calendar)}
        receipt = found[Stage.ACKNOWLEDGEMENT]
        assert (receipt.on, receipt.law) == (on("2026-10-05"), "EU")


def test_a_law_without_a_receipt_or_a_clock_gives_no_milestone_of_its_own():
    period = Period(5, Unit.WORKING_DAYS, "x", Certainty.DESIGN)
    one = Course(Kind.ACCESS, None, on("2026-11-20"), on("2026-12-18"))
    found = milestones(one, [], Pace((Kind.ACCESS,), period), None)

    assert [(each.stage, each.on) for each in found] == [(Stage.TARGET, on("2026-11-27"))]
    assert after_weekends(5) == found[0].on


def after_weekends(days):
    return PLAIN_WEEK.add_working_days(on("2026-11-20"), days)


def a_milestone(stage, day):
    return Milestone(stage, on(day), None, "x", Certainty.DESIGN)


WAY = (
    a_milestone(Stage.ACKNOWLEDGEMENT, "2026-11-25"),
    a_milestone(Stage.SEARCH, "2026-12-01"),
    a_milestone(Stage.TARGET, "2026-12-10"),
)


def test_the_next_is_the_first_that_is_not_met_even_if_it_has_passed():
    assert next_open(WAY, frozenset()) is WAY[0]
    assert next_open(WAY, frozenset({Stage.ACKNOWLEDGEMENT})) is WAY[1]
    assert next_open(WAY, frozenset(Stage)) is None


def test_what_was_missed_last_is_told_and_the_day_itself_is_in_time():
    assert missed(WAY, frozenset(), on("2026-11-25")) is None
    assert missed(WAY, frozenset(), on("2026-11-26")) is WAY[0]
    assert missed(WAY, frozenset(), on("2026-12-02")) is WAY[1]
    assert missed(WAY, frozenset({Stage.SEARCH}), on("2026-12-02")) is WAY[0]
    assert missed(WAY, frozenset(Stage), on("2027-01-01")) is None


@pytest.mark.parametrize(
    ("left", "is_overdue", "code"),
    [
        (4, False, None),
        (3, False, "soon"),
        (1, False, "soon"),
        (0, False, "due"),
        (-9, False, "due"),
        (-1, True, "breached"),
        (-9, True, "breached"),
    ],
)
def test_the_nearest_tier_that_fits_is_the_one_and_late_is_only_the_answer(left, is_overdue, code):
    for tiers in (TIERS, TIERS[::-1]):
        found = tier_of(tiers, left, is_overdue=is_overdue)
        assert (found.code if found else None) == code


def test_a_law_without_tiers_is_watched_by_the_offices_own():
    law = book.law("CN")

    assert data.tiers_of(law) == law.tiers
    bare = type("Bare", (), {"tiers": ()})()
    codes = [tier.code for tier in data.tiers_of(bare)]
    assert codes == [tier.code for tier in law.tiers]


def test_a_kind_that_no_pace_serves_is_an_error_that_names_the_file():
    with pytest.raises(ConfigError, match=r"milestones\.toml"):
        data.pace_of("nothing", None)


def test_later_receipt_is_never_an_earlier_target():
    days = [on("2026-09-10") + timedelta(days=number) for number in range(40)]
    targets = [marks(Kind.DELETION, None, "CN", day)[Stage.TARGET] for day in days]

    assert targets == sorted(targets)


def test_a_law_that_asks_for_no_receipt_has_no_such_milestone():
    one, under, calendar = course(Kind.DELETION, None, "CN", on("2026-11-20"))
    silent = replace(under, law=replace(under.law, acknowledge=None))
    found = milestones(one, [silent], data.pace_of(Kind.DELETION, None), calendar)

    assert [each.stage for each in found] == [Stage.SEARCH, Stage.PROPOSAL, Stage.TARGET]


@pytest.mark.parametrize("receipt", [True, False])
def test_a_day_of_receipt_that_is_earlier_under_a_law_is_a_step_with_its_source(receipt):
    law = book.law("EU") if receipt else replace(book.law("EU"), receipt=None)
    facts = ClockFacts(on("2026-03-04"), office_received_on=on("2026-03-05"))
    step = compute(law, Kind.ACCESS, None, facts, calendar=None).steps[0]

    assert (step.rule, step.from_on, step.to_on) == ("zone", on("2026-03-05"), on("2026-03-04"))
    assert step.citation == (law.receipt.citation if receipt else law.counting.citation)
    same = replace(facts, received_on=on("2026-03-05"))
    assert compute(law, Kind.ACCESS, None, same, calendar=None).steps[0].rule == "start"


@pytest.mark.parametrize(
    ("to", "due", "told"),
    [
        ("2026-05-20", "2026-05-20", True),  # earlier than three months: what was told holds
        ("2026-06-05", "2026-06-05", False),
        ("2026-12-31", "2026-06-05", False),  # the law gives no more
        ("2026-03-06", "2026-04-05", True),  # never before the first date
    ],
)
def test_the_day_that_a_notice_names_holds_within_what_the_law_gives(to, due, told):
    facts = ClockFacts(on("2026-03-05"), extended_on=on("2026-04-01"), extended_to_on=on(to))
    dates = compute(book.law("EU"), Kind.ACCESS, None, facts, calendar=None)

    assert dates.due_nominal_on == on(due)
    assert any("what was told holds" in step.text for step in dates.steps) is told


def test_the_offices_own_pace_cites_no_law_since_it_is_the_same_under_each():
    rights = [(kind, scope) for kind in Kind for scope in (None, *Scope)]
    paces = [data.pace_of(*right) for right in rights if right != (Kind.WITHDRAWAL, None)]
    cited = {
        period.citation
        for pace in paces
        for period in (pace.search, pace.proposal, pace.target)
        if period is not None
    }

    assert all(each.startswith("rule of the house") for each in cited)
    assert not any("PIPL" in each for each in cited)
