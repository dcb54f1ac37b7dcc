"""What moves a clock and what does not: waits, restarts, extensions, an authority's letter."""

from datetime import date

import pytest

from dsr.domain.calendars import Calendar, YearDays
from dsr.domain.clocks import (
    ClockFacts,
    Pause,
    PauseReason,
    acknowledge_by,
    compute,
    extension_objection,
    working_days_left,
)
from dsr.domain.law import (
    Age,
    Article,
    Certainty,
    ClockRule,
    Duty,
    Extension,
    Law,
    Minors,
    Period,
    Unit,
    Words,
)
from dsr.domain.vocabulary import ClockMode, Kind, Scope
from dsr.errors import NotFoundError, UsageError
from dsr.rules import book

SURE = Certainty.VERIFIED
SOMEWHERE = Article("Art. 1", SURE)
WORDS = Words({"en": "Yes.", "zh": "是。"}, "Art. 2", SURE)
CN, EU = book.law("CN"), book.law("EU")
CHINA, GERMANY = book.calendar("CN"), book.calendar("DE")


def on(text):
    return date.fromisoformat(text)


def days(amount, unit=Unit.DAYS):
    return Period(amount, unit, "Art. 3", SURE)


def a_rule(**changes):
    return ClockRule(
        **{"kinds": (Kind.ACCESS,), "period": days(30), "mode": ClockMode.NO_PAUSE} | changes
    )


def a_law(*rules, **changes):
    """Build a law without a roll; a test names only what matters to it."""
    return Law(
        **{
            "code": "XX",
            "names": {"en": "Law", "zh": "法"},
            "version": "2026-01-01",
            "citation": "Law",
            "calendar": "place",
            "counting": SOMEWHERE,
            "clocks": rules or (a_rule(),),
            "minors": Minors(Age(14, "Art. 4", SURE), Age(18, "Art. 5", SURE)),
            "fee": WORDS,
            "agent_proof": WORDS,
            "remedies": WORDS,
            "refusal_duties": (Duty("reasons", {"en": "Why."}, "Art. 6", SURE),),
            "record_term": days(36, Unit.MONTHS),
        }
        | changes
    )


def dates_of(law, calendar=None, kind=Kind.ACCESS, as_of=None, **facts):
    return compute(law, kind, None, ClockFacts(**facts), calendar=calendar, as_of=as_of)


def rules_of(dates):
    return [step.rule for step in dates.steps]


BRITISH = a_law(
    a_rule(
        period=days(1, Unit.MONTHS),
        mode=ClockMode.RESTART,
        waiting=SOMEWHERE,
        restarts_for=(PauseReason.PROOF, PauseReason.FEE),
        pauses_for=(PauseReason.CLARIFICATION,),
        both_ends_count=True,
    ),
    a_rule(kinds=(Kind.COMPLAINT,), acknowledge=days(30)),
    roll=SOMEWHERE,
)
ENGLAND = book.calendar("UK")


# --- a verification that starts the clock


def test_verification_starts_a_chinese_access_when_proof_was_asked_for_in_time():
    dates = dates_of(
        CN,
        CHINA,
        received_on=on("2026-09-18"),
        proof_asked_on=on("2026-09-22"),  # the third working day: Sunday the 20th is worked
        verified_on=on("2026-10-09"),
    )

    assert (dates.start_on, dates.due_legal_on) == (on("2026-10-09"), on("2026-11-09"))
    assert not dates.waiting


@pytest.mark.parametrize("asked", [None, "2026-09-23"])
def test_verification_gives_no_time_when_proof_was_not_asked_for_in_time(asked):
    dates = dates_of(
        CN,
        CHINA,
        received_on=on("2026-09-18"),
        proof_asked_on=asked and on(asked),
        verified_on=on("2026-10-09"),
    )

    assert (dates.start_on, dates.due_nominal_on) == (on("2026-09-18"), on("2026-10-18"))
    assert "not asked for within 3 working days of receipt" in dates.steps[1].text


def test_an_access_that_waits_for_verification_counts_from_receipt_and_says_that_it_waits():
    dates = dates_of(CN, CHINA, received_on=on("2026-11-02"), proof_asked_on=on("2026-11-03"))

    assert (dates.start_on, dates.due_legal_on) == (on("2026-11-02"), on("2026-12-02"))
    assert dates.waiting
    assert rules_of(dates) == ["start", "verified", "period", "target"]


@pytest.mark.parametrize("asked", [None, "2026-11-23"])
def test_an_access_waits_for_nothing_when_proof_was_not_asked_for_in_time(asked):
    dates = dates_of(CN, CHINA, received_on=on("2026-11-02"), proof_asked_on=asked and on(asked))

    assert (dates.start_on, dates.waiting) == (on("2026-11-02"), False)


def test_an_identity_known_on_receipt_needs_no_question():
    dates = dates_of(CN, CHINA, received_on=on("2026-11-02"), verified_on=on("2026-11-02"))

    assert rules_of(dates) == ["start", "period", "target"]


def test_a_pause_for_proof_stands_for_the_question_where_no_other_is_recorded():
    pause = Pause(on("2026-11-03"), on("2026-11-05"), PauseReason.PROOF)

    dates = dates_of(
        CN,
        CHINA,
        received_on=on("2026-11-02"),
        pauses=(pause,),
        verified_on=on("2026-11-06"),
    )

    assert dates.start_on == on("2026-11-06")


def test_no_wait_moves_a_chinese_deletion():
    pause = Pause(on("2026-11-03"), on("2026-11-20"), PauseReason.PROOF)

    dates = dates_of(CN, CHINA, Kind.DELETION, received_on=on("2026-11-02"), pauses=(pause,))

    assert dates.due_legal_on == on("2026-11-23")


# --- waits that add days


def test_the_wait_for_proof_counts_when_no_pause_records_it():
    dates = dates_of(
        EU,
        GERMANY,
        received_on=on("2026-03-02"),
        proof_asked_on=on("2026-03-03"),
        verified_on=on("2026-03-10"),
    )

    assert dates.due_legal_on == on("2026-04-09")


def test_a_recorded_pause_for_proof_takes_the_place_of_the_wait_until_verification():
    pause = Pause(on("2026-03-03"), on("2026-03-10"), PauseReason.PROOF)

    dates = dates_of(
        EU,
        GERMANY,
        received_on=on("2026-03-02"),
        proof_asked_on=on("2026-03-03"),
        verified_on=on("2026-03-16"),
        pauses=(pause,),
    )

    assert dates.due_legal_on == on("2026-04-09")


def test_a_verification_that_nobody_asked_for_adds_nothing():
    dates = dates_of(EU, GERMANY, received_on=on("2026-03-02"), verified_on=on("2026-03-10"))

    assert dates.due_legal_on == on("2026-04-02")


def test_a_day_that_belongs_to_two_waits_counts_once():
    pauses = (
        Pause(on("2026-03-04"), on("2026-03-12"), PauseReason.CLARIFICATION),
        Pause(on("2026-03-03"), on("2026-03-10"), PauseReason.PROOF),
        Pause(on("2026-03-05"), on("2026-03-06"), PauseReason.CLARIFICATION),
    )

    dates = dates_of(EU, GERMANY, received_on=on("2026-03-02"), pauses=pauses)

    assert dates.due_legal_on == on("2026-04-13")  # 2 April and nine days are a Saturday


def test_a_question_on_the_fourth_working_day_stops_nothing():
    late = Pause(on("2026-03-06"), on("2026-03-16"), PauseReason.CLARIFICATION)

    dates = dates_of(EU, GERMANY, received_on=on("2026-03-02"), pauses=(late,))

    assert dates.due_legal_on == on("2026-04-02")
    assert "credit" in rules_of(dates)


@pytest.mark.parametrize("kind", [Kind.DELETION, Kind.CORRECTION, Kind.COMPLAINT])
def test_a_clarification_stops_only_access_and_copy(kind):
    pause = Pause(on("2026-03-03"), on("2026-03-10"), PauseReason.CLARIFICATION)

    dates = dates_of(EU, GERMANY, kind, received_on=on("2026-03-02"), pauses=(pause,))

    assert dates.due_legal_on == on("2026-04-02")


def test_an_open_wait_counts_up_to_the_day_that_is_asked_about():
    facts = {
        "received_on": on("2026-03-02"),
        "pauses": (Pause(on("2026-03-03"), None, PauseReason.PROOF),),
    }

    unasked = dates_of(EU, GERMANY, **facts)
    asked = dates_of(EU, GERMANY, as_of=on("2026-03-10"), **facts)
    before = dates_of(EU, GERMANY, as_of=on("2026-03-02"), **facts)

    assert [dates.waiting for dates in (unasked, asked, before)] == [True, True, True]
    assert asked.due_legal_on == on("2026-04-09")
    assert unasked.due_legal_on == before.due_legal_on == on("2026-04-02")


def test_a_question_after_the_last_day_brings_an_old_ticket_no_time():
    law = a_law(
        a_rule(mode=ClockMode.SUSPEND, waiting=SOMEWHERE, pauses_for=(PauseReason.CLARIFICATION,))
    )
    facts = {"received_on": on("2026-03-01")}
    late = Pause(on("2026-04-01"), on("2026-04-20"), PauseReason.CLARIFICATION)
    timely = Pause(on("2026-03-31"), on("2026-04-20"), PauseReason.CLARIFICATION)

    assert dates_of(law, **facts, pauses=(late,)).due_legal_on == on("2026-03-31")
    assert dates_of(law, **facts, pauses=(timely,)).due_legal_on == on("2026-04-20")


# --- waits that start the period anew


@pytest.mark.parametrize(
    "facts",
    [
        {"proof_asked_on": on("2026-05-12"), "verified_on": on("2026-05-20")},
        {"pauses": (Pause(on("2026-05-12"), on("2026-05-20"), PauseReason.FEE),)},
        {
            "pauses": (
                Pause(on("2026-05-12"), on("2026-05-20"), PauseReason.FEE),
                Pause(on("2026-05-13"), on("2026-05-15"), PauseReason.PROOF),
            )
        },
    ],
)
def test_what_completes_a_british_request_starts_its_month(facts):
    dates = dates_of(BRITISH, ENGLAND, received_on=on("2026-05-11"), **facts)

    assert dates.start_on == on("2026-05-20")
    assert (dates.due_nominal_on, dates.due_legal_on) == (on("2026-06-20"), on("2026-06-22"))
    assert "restart" in rules_of(dates)


@pytest.mark.parametrize("verified", ["2026-05-11", "2026-05-20", "2026-07-04"])
def test_proof_that_was_never_asked_for_starts_no_month_anew(verified):
    facts = {"received_on": on("2026-05-11"), "verified_on": on(verified)}

    dates = dates_of(BRITISH, ENGLAND, **facts)

    assert dates.start_on == on("2026-05-11")
    assert dates.due_nominal_on == on("2026-06-11")
    (step,) = [step for step in dates.steps if step.rule == "credit"]
    assert step.text == "proof was not asked for; the wait moves nothing"


def test_an_open_wait_for_a_british_proof_starts_the_month_on_the_day_asked_about():
    facts = {"received_on": on("2026-05-11"), "proof_asked_on": on("2026-05-12")}

    assert dates_of(BRITISH, ENGLAND, as_of=on("2026-05-20"), **facts).waiting
    assert dates_of(BRITISH, ENGLAND, as_of=on("2026-05-20"), **facts).start_on == on("2026-05-20")
    assert dates_of(BRITISH, ENGLAND, **facts).start_on == on("2026-05-12")


def test_both_ends_of_a_british_clarification_are_left_out():
    pause = Pause(on("2026-03-09"), on("2026-03-16"), PauseReason.CLARIFICATION)

    dates = dates_of(BRITISH, ENGLAND, received_on=on("2026-03-02"), pauses=(pause,))

    assert dates.due_legal_on == on("2026-04-10")


@pytest.mark.parametrize(
    ("received", "nominal", "legal"),
    [
        ("2026-09-03", "2026-10-03", "2026-10-05"),
        ("2026-11-28", "2026-12-28", "2026-12-29"),  # Boxing Day is a Saturday
    ],
)
def test_a_british_month_rolls_over_bank_holidays(received, nominal, legal):
    dates = dates_of(BRITISH, ENGLAND, received_on=on(received))

    assert (dates.due_nominal_on, dates.due_legal_on) == (on(nominal), on(legal))


# --- laws that never roll


@pytest.mark.parametrize(
    ("amount", "received", "due"),
    [
        (45, "2028-01-20", "2028-03-05"),
        (15, "2026-02-10", "2026-02-25"),
        (10, "2026-03-02", "2026-03-12"),
        (40, "2026-01-20", "2026-03-01"),
        (14, "2026-05-01", "2026-05-15"),
        (90, "2027-05-14", "2027-08-12"),
        (30, "2026-02-01", "2026-03-03"),
    ],
)
def test_without_a_roll_the_nominal_day_is_the_last_even_on_a_sunday(amount, received, due):
    dates = dates_of(a_law(a_rule(period=days(amount))), received_on=on(received))

    assert dates.due_nominal_on == dates.due_legal_on == on(due)
    assert dates.target_on.weekday() < 5


@pytest.mark.parametrize(
    ("amount", "received", "due"),
    [(10, "2026-06-29", "2026-07-13"), (15, "2026-12-21", "2027-01-11")],
)
def test_without_a_calendar_working_days_are_weekdays_and_nothing_is_provisional(
    amount, received, due
):
    dates = dates_of(
        a_law(a_rule(period=days(amount, Unit.WORKING_DAYS))), received_on=on(received)
    )

    assert (dates.due_legal_on, dates.provisional) == (on(due), False)


def test_a_ticket_without_a_place_does_not_roll_but_is_worked_to_before_the_weekend():
    dates = dates_of(EU, received_on=on("2026-03-05"))

    assert dates.due_nominal_on == dates.due_legal_on == on("2026-04-05")
    assert dates.target_on == on("2026-04-03")  # Good Friday is not known without a place
    assert "no place is named" in dates.steps[-2].text


# --- more time, and less


def test_days_are_extended_from_receipt():
    law = a_law(a_rule(period=days(45)), extension=Extension(WORDS, WORDS, days(45)))

    dates = dates_of(law, received_on=on("2026-01-15"), extended_on=on("2026-02-20"))

    assert dates.due_legal_on == on("2026-04-15")


@pytest.mark.parametrize(("to", "due"), [("2026-05-01", "2026-05-01"), (None, "2026-03-31")])
def test_where_the_law_names_no_length_the_notice_does(to, due):
    law = a_law(extension=Extension(WORDS, WORDS))

    dates = dates_of(
        law,
        received_on=on("2026-03-01"),
        extended_on=on("2026-03-20"),
        extended_to_on=to and on(to),
    )

    assert dates.due_legal_on == on(due)


def test_a_notice_moves_no_clock_that_knows_no_extension():
    dates = dates_of(
        CN, CHINA, Kind.DELETION, received_on=on("2026-11-02"), extended_on=on("2026-11-03")
    )

    assert dates.due_legal_on == on("2026-11-23")
    assert "no extension" in dates.steps[2].text


def test_days_of_waiting_come_on_top_of_an_extension():
    dates = dates_of(
        EU,
        GERMANY,
        received_on=on("2026-03-02"),
        proof_asked_on=on("2026-03-03"),
        verified_on=on("2026-03-10"),
        extended_on=on("2026-04-09"),  # in time only because of the seven days of waiting
    )

    assert dates.due_legal_on == on("2026-06-09")
    assert rules_of(dates) == ["start", "period", "extension", "pause", "target"]


@pytest.mark.parametrize(
    ("asked_by", "nominal", "legal"),
    [
        ("2026-03-20", "2026-03-20", "2026-03-20"),
        ("2026-04-06", "2026-04-05", "2026-04-06"),  # between the nominal and the legal date
        ("2026-05-01", "2026-04-05", "2026-04-07"),
    ],
)
def test_an_authority_brings_a_date_nearer_and_never_further(asked_by, nominal, legal):
    dates = dates_of(EU, GERMANY, received_on=on("2026-03-05"), authority_due_on=on(asked_by))

    assert (dates.due_nominal_on, dates.due_legal_on) == (on(nominal), on(legal))
    assert "authority" in rules_of(dates)


def test_the_thing_itself_is_done_at_the_latest_with_the_answer():
    dates = dates_of(
        CN,
        CHINA,
        Kind.WITHDRAWAL,
        received_on=on("2026-11-02"),
        authority_due_on=on("2026-11-03"),
    )

    assert dates.act_by_on == on("2026-11-03")


@pytest.mark.parametrize(
    ("law", "kind", "facts", "today", "objection"),
    [
        (EU, Kind.ACCESS, {}, "2026-05-08", None),
        (EU, Kind.ACCESS, {}, "2026-05-10", None),
        (EU, Kind.ACCESS, {}, "2026-05-11", "had to leave by Sunday 2026-05-10"),
        (EU, Kind.ACCESS, {"extended_on": on("2026-05-04")}, "2026-05-05", "already extended"),
        (CN, Kind.ACCESS, {}, "2026-04-13", "CN allows no extension for access"),
        (
            EU,
            Kind.ACCESS,
            {"pauses": (Pause(on("2026-04-13"), None, PauseReason.PROOF),)},
            "2026-06-01",
            None,
        ),
    ],
)
def test_more_time_is_refused_with_its_reason(law, kind, facts, today, objection):
    said = extension_objection(
        law,
        kind,
        ClockFacts(on("2026-04-10"), **facts),
        today=on(today),
        calendar=book.calendar_for(law, "DE"),
    )

    assert said is None if objection is None else objection in said


def test_a_clock_may_be_shut_out_from_its_law_s_extension():
    law = a_law(a_rule(extendable=False), extension=Extension(WORDS, WORDS, days(30)))
    facts = ClockFacts(on("2026-04-10"))

    said = extension_objection(law, Kind.ACCESS, facts, today=on("2026-04-11"), calendar=None)

    assert said == f"XX allows no extension for access ({law.clocks[0].period.citation})"


# --- the rest


def test_each_step_says_what_moved_by_which_rule():
    dates = dates_of(
        CN,
        CHINA,
        received_on=on("2026-09-03"),
        proof_asked_on=on("2026-09-03"),
        verified_on=on("2026-09-05"),
    )

    roll = next(step for step in dates.steps if step.rule == "roll")
    assert (roll.from_on, roll.to_on) == (dates.due_nominal_on, dates.due_legal_on)
    assert roll.citation == "《民法典》第二百零三条"
    assert roll.text == "Monday 2026-10-05 is off; the next working day is Thursday 2026-10-08"


def test_a_worked_saturday_is_named_as_the_reason_for_not_rolling():
    dates = dates_of(CN, CHINA, received_on=on("2026-01-29"), verified_on=on("2026-01-29"))

    assert "is worked by the year's schedule" in dates.steps[-2].text


def test_the_worked_weekends_in_a_period_are_listed():
    dates = dates_of(CN, CHINA, Kind.DELETION, received_on=on("2026-09-18"))

    assert "are worked: 2026-09-20, 2026-10-10; weekdays off: 6" in dates.steps[1].text


def test_one_is_said_in_the_singular():
    dates = dates_of(EU, GERMANY, received_on=on("2026-03-02"))

    assert dates.steps[1].text.startswith("1 month after Monday 2026-03-02")


def test_a_kind_that_a_law_does_not_know_is_said_so():
    with pytest.raises(NotFoundError, match="XX sets no clock for deletion"):
        dates_of(a_law(), kind=Kind.DELETION, received_on=on("2026-03-02"))


def test_the_clock_of_a_scope_goes_before_that_of_every_scope():
    marketing = a_rule(kinds=(Kind.WITHDRAWAL,), scopes=(Scope.MARKETING,))
    other = a_rule(kinds=(Kind.WITHDRAWAL,))
    law = a_law(marketing, other)

    assert law.clock(Kind.WITHDRAWAL, Scope.MARKETING) is marketing
    assert law.clock(Kind.WITHDRAWAL, Scope.CONSENT) is other
    assert law.clock(Kind.WITHDRAWAL) is other
    assert law.clock(Kind.ACCESS) is None


def test_receipt_is_acknowledged_as_the_clock_says_or_else_the_law():
    received = on("2026-07-01")
    law = a_law(acknowledge=days(10, Unit.WORKING_DAYS))

    assert acknowledge_by(BRITISH, Kind.COMPLAINT, received, calendar=None) == on("2026-07-31")
    assert acknowledge_by(BRITISH, Kind.ACCESS, received, calendar=None) is None
    assert acknowledge_by(law, Kind.DELETION, on("2026-06-29"), calendar=None) == on("2026-07-13")


def test_working_days_are_left_until_a_day_has_passed():
    assert working_days_left(on("2026-09-30"), on("2026-10-10"), CHINA) == 3
    assert working_days_left(on("2026-10-10"), on("2026-10-10"), CHINA) == 0
    assert working_days_left(on("2026-10-12"), on("2026-10-10"), CHINA) == -1
    assert working_days_left(on("2026-09-30"), on("2026-10-10"), None) == 7


def published(*years):
    return Calendar("XX", lambda year: YearDays(year, known=year in years, source="nowhere"))


@pytest.mark.parametrize(
    ("received", "years", "provisional"),
    [
        pytest.param("2026-12-01", [2026], False, id="ends-on-a-worked-31-december"),
        pytest.param("2028-12-01", [2028], True, id="only-the-roll-leaves-the-year"),
        pytest.param("2027-12-03", [2027], True, id="ends-in-the-next-year"),
        pytest.param("2026-12-20", [2027], False, id="the-days-between-are-merely-counted"),
    ],
)
def test_calendar_days_are_provisional_where_their_end_is(received, years, provisional):
    dates = dates_of(a_law(roll=SOMEWHERE), published(*years), received_on=on(received))

    assert dates.provisional is provisional
    assert (dates.steps[-1].citation == "nowhere") is provisional


@pytest.mark.parametrize(("received", "provisional"), [("2026-12-31", False), ("2026-12-30", True)])
def test_working_days_are_provisional_where_one_on_the_way_is(received, provisional):
    law = a_law(a_rule(period=days(15, Unit.WORKING_DAYS)))

    assert dates_of(law, published(2027), received_on=on(received)).provisional is provisional


def test_a_last_day_that_does_not_roll_is_firm_where_only_the_target_may_move():
    dates = dates_of(a_law(), published(2026), received_on=on("2026-12-03"))

    assert not dates.provisional
    assert dates.steps[-1].rule == "provisional"
    assert dates.steps[-1].text.endswith("and only the target is provisional")


def test_a_day_to_act_by_is_provisional_beside_a_last_day_that_is_firm():
    law = a_law(a_rule(period=days(10), act_by=days(5, Unit.WORKING_DAYS)))

    dates = dates_of(law, published(2026), received_on=on("2026-12-28"))

    assert dates.provisional
    assert "only the target and the day to act by is" in dates.steps[-1].text


def test_a_target_is_a_working_day_of_its_own_calendar_and_nothing_else_is():
    law = a_law(a_rule(period=days(10, Unit.WORKING_DAYS)))
    facts = ClockFacts(on("2026-12-18"))
    right = (Kind.ACCESS, None)

    dates = compute(law, *right, facts, calendar=None, target_calendar=book.calendar("US-CA"))

    assert dates.due_nominal_on == dates.due_legal_on == on("2027-01-01")
    assert dates.target_on == on("2026-12-31")
    assert compute(law, *right, facts, calendar=None).target_on == on("2027-01-01")


@pytest.mark.parametrize(
    "contradiction",
    [
        lambda: ClockFacts(on("2026-03-05"), proof_asked_on=on("2026-03-04")),
        lambda: ClockFacts(on("2026-03-05"), extended_on=on("2026-03-04")),
        lambda: ClockFacts(
            on("2026-03-05"), pauses=(Pause(on("2026-03-04"), None, PauseReason.PROOF),)
        ),
        lambda: Pause(on("2026-03-05"), on("2026-03-04"), PauseReason.PROOF),
    ],
)
def test_days_that_contradict_each_other_are_refused(contradiction):
    with pytest.raises(UsageError, match="is before the"):
        contradiction()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (lambda: days(0), "at least 1"),
        (lambda: Period(1, Unit.DAYS, " ", SURE), "needs a citation"),
        (lambda: a_rule(mode=ClockMode.SUSPEND), "waiting"),
        (lambda: a_rule(waiting=SOMEWHERE), "waiting"),
        (lambda: a_rule(mode=ClockMode.RESTART, waiting=SOMEWHERE), "go together"),
        (lambda: a_rule(restarts_for=(PauseReason.FEE,)), "go together"),
        (lambda: a_rule(mode=ClockMode.SUSPEND, waiting=SOMEWHERE), "needs pauses_for"),
        (lambda: a_rule(pauses_for=(PauseReason.FEE,)), "has no pauses_for"),
        (
            lambda: a_law(extension=Extension(WORDS, WORDS, days(1, Unit.MONTHS))),
            "in the unit of every clock",
        ),
    ],
)
def test_a_law_that_contradicts_itself_cannot_be_made(wrong, why):
    with pytest.raises(ValueError, match=why):
        wrong()


def test_a_clock_without_the_extension_may_count_in_another_unit():
    law = a_law(
        a_rule(period=days(1, Unit.MONTHS)),
        a_rule(kinds=(Kind.WITHDRAWAL,), extendable=False),
        extension=Extension(WORDS, WORDS, days(2, Unit.MONTHS)),
    )
    facts = {"received_on": on("2026-03-01"), "extended_on": on("2026-03-02")}

    assert dates_of(law, **facts).due_legal_on == on("2026-06-01")
    assert dates_of(law, kind=Kind.WITHDRAWAL, **facts).due_legal_on == on("2026-03-31")
