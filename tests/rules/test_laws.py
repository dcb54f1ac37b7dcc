"""The law packs as shipped, and what a wrong one is told."""

import re
import tomllib
from pathlib import Path

import pytest

from dsr.domain.law import Certainty, PauseReason, Unit
from dsr.domain.vocabulary import ClockMode, Kind, Scope
from dsr.errors import ConfigError, NotFoundError
from dsr.letters.needs import known
from dsr.rules import book, packs
from dsr.rules.examples import example_faults, is_mere_count, read_examples

FILES = [packs.LAWS / f"{code.lower()}.toml" for code in book.law_codes()]
EXAMPLES = [(place, example) for place in FILES for example in read_examples(place)]
CODES = book.law_codes()
HOME = "CN"  # its rights and grounds stand in kinds.toml and grounds.toml
NUMBERS = {"amount", "years", "days_left", "on"}


def texts_in(value):
    """Return every table of words in a file, by language."""
    if isinstance(value, dict):
        found = [value] if "en" in value else []
        return found + [text for inner in value.values() for text in texts_in(inner)]
    return [text for inner in value for text in texts_in(inner)] if isinstance(value, list) else []


def numbers_in(value, path=""):
    """Return every table of a file that states a number or a day, by the path of its key."""
    if isinstance(value, dict):
        found = {path: value} if NUMBERS & value.keys() else {}
        inside = value.items()
    elif isinstance(value, list):
        found, inside = {}, enumerate(value, start=1)
    else:
        return {}
    for key, inner in inside:
        if key != "examples":
            found |= numbers_in(inner, f"{path}.{key}".strip("."))
    return found


def differences(place):
    """Return what a law's file computes otherwise than its examples say."""
    law = packs.read_law(place)
    return [fault.what for fault in example_faults(place, law)]


@pytest.mark.parametrize("place", FILES, ids=lambda place: place.name)
def test_every_example_in_a_law_computes(place):
    assert differences(place) == []


@pytest.mark.parametrize(
    ("place", "example"), EXAMPLES, ids=lambda value: getattr(value, "text", None)
)
def test_no_example_would_come_out_right_by_counting_mere_days(place, example):
    assert not is_mere_count(packs.read_law(place), example)


@pytest.mark.parametrize("place", FILES, ids=lambda place: place.name)
def test_every_number_of_a_law_says_where_it_stands_and_how_sure_that_is(place):
    numbers = numbers_in(tomllib.loads(place.read_text(encoding="utf-8")))

    assert len(numbers) > 10
    for path, table in numbers.items():
        assert table["citation"].strip(), path
        assert Certainty(table["certainty"]), path


@pytest.mark.parametrize("code", CODES)
def test_a_duty_needs_only_facts_that_letters_can_have(code):
    law = book.law(code)

    for duty in (*law.refusal_duties, *law.letter_duties):
        assert all(known(need) for need in duty.needs), duty.code


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("code", CODES)
def test_a_law_has_a_clock_for_every_kind_and_every_scope(code, kind):
    law = book.law(code)
    scopes = Scope if kind is Kind.WITHDRAWAL else (None,)

    assert all(law.clock(kind, scope) is not None for scope in scopes)
    assert law.acknowledge is not None


@pytest.mark.parametrize("place", FILES, ids=lambda place: place.name)
def test_every_text_of_a_law_is_in_english_and_chinese(place):
    texts = texts_in(tomllib.loads(place.read_text(encoding="utf-8")))

    assert texts
    for text in texts:
        assert text["en"].strip()
        assert re.search("[一-鿿]", text["zh"])


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("scope", Scope)
def test_no_withdrawal_is_obeyed_later_than_the_fifth_working_day(code, scope):
    act_by = book.law(code).clock(Kind.WITHDRAWAL, scope).act_by

    assert act_by.unit is Unit.WORKING_DAYS
    assert act_by.amount <= 5


@pytest.mark.parametrize(
    ("kind", "amount", "unit", "mode"),
    [
        (Kind.CORRECTION, 15, Unit.WORKING_DAYS, ClockMode.NO_PAUSE),
        (Kind.DELETION, 15, Unit.WORKING_DAYS, ClockMode.NO_PAUSE),
        (Kind.CANCELLATION, 15, Unit.WORKING_DAYS, ClockMode.NO_PAUSE),
        (Kind.WITHDRAWAL, 15, Unit.WORKING_DAYS, ClockMode.NO_PAUSE),
        (Kind.RESTRICTION, 15, Unit.WORKING_DAYS, ClockMode.NO_PAUSE),
        (Kind.ACCESS, 30, Unit.DAYS, ClockMode.FROM_VERIFIED),
        (Kind.COPY, 30, Unit.DAYS, ClockMode.FROM_VERIFIED),
        (Kind.REVIEW, 30, Unit.DAYS, ClockMode.NO_PAUSE),
        (Kind.EXPLANATION, 30, Unit.DAYS, ClockMode.NO_PAUSE),
        (Kind.COMPLAINT, 15, Unit.DAYS, ClockMode.NO_PAUSE),
    ],
)
def test_chinese_law_gives_each_kind_its_own_time_and_no_extension(kind, amount, unit, mode):
    law = book.law("CN")
    rule = law.clock(kind)

    assert (rule.period.amount, rule.period.unit, rule.mode) == (amount, unit, mode)
    assert law.extension is None


@pytest.mark.parametrize("kind", Kind)
def test_european_law_gives_one_month_and_two_more(kind):
    law = book.law("EU")
    rule = law.clock(kind)

    assert (rule.period.amount, rule.period.unit) == (1, Unit.MONTHS)
    assert (rule.mode, rule.extendable) == (ClockMode.SUSPEND, True)
    assert (law.extension.period.amount, law.extension.period.unit) == (2, Unit.MONTHS)


ALL_BUT_COMPLAINTS = [kind for kind in Kind if kind is not Kind.COMPLAINT]


@pytest.mark.parametrize("kind", ALL_BUT_COMPLAINTS)
def test_british_law_gives_a_month_that_proof_starts_anew_and_two_more(kind):
    law = book.law("UK")
    rule = law.clock(kind)

    assert (rule.period.amount, rule.period.unit) == (1, Unit.MONTHS)
    assert (rule.mode, rule.extendable, rule.credit) == (ClockMode.RESTART, True, None)
    assert PauseReason.PROOF in rule.restarts_for
    assert (law.extension.period.amount, law.extension.period.unit) == (2, Unit.MONTHS)


def test_only_a_british_access_or_copy_stands_still_for_a_question():
    asked = {kind for kind in Kind if book.law("UK").clock(kind).pauses_for}

    assert asked == {Kind.ACCESS, Kind.COPY}
    assert all(book.law("UK").clock(kind).both_ends_count for kind in asked)


def test_a_british_complaint_is_confirmed_within_thirty_days_and_not_extended():
    rule = book.law("UK").clock(Kind.COMPLAINT)

    assert (rule.acknowledge.amount, rule.acknowledge.unit) == (30, Unit.DAYS)
    assert (rule.period.amount, rule.period.unit, rule.extendable) == (30, Unit.DAYS, False)


def test_california_waits_for_nobody_and_works_to_a_day_less():
    law = book.law("US-CA")

    assert {rule.mode for rule in law.clocks} == {ClockMode.NO_PAUSE}
    rule = law.clock(Kind.ACCESS)
    assert (rule.period.amount, rule.safe.amount, law.extension.period.amount) == (45, 44, 45)
    assert (law.roll, law.acknowledge.amount, law.record_term.amount) == (None, 10, 24)


@pytest.mark.parametrize("scope", Scope)
def test_a_californian_opt_out_has_fifteen_weekdays_and_no_more(scope):
    rule = book.law("US-CA").clock(Kind.WITHDRAWAL, scope)

    assert (rule.period.amount, rule.period.unit) == (15, Unit.WORKING_DAYS)
    assert not rule.extendable


def test_a_law_says_what_was_read_and_what_is_the_house_s_choice():
    cn, eu = book.law("CN"), book.law("EU")

    assert eu.clock(Kind.ACCESS).period.certainty is Certainty.VERIFIED
    assert cn.clock(Kind.ACCESS).period.certainty is Certainty.SECONDARY
    assert cn.acknowledge.certainty is Certainty.DESIGN


def test_a_law_is_found_in_capital_or_small_letters_and_read_once():
    assert book.law("cn") == book.law("CN")
    assert book.law("CN") is book.law("CN")


def test_an_unknown_law_is_told_the_near_ones():
    with pytest.raises(NotFoundError, match="there is no law 'CNN'") as raised:
        book.law("CNN")

    assert "CN" in raised.value.hint


def test_whose_working_days_count_is_the_law_s_choice():
    assert book.calendar_for(book.law("CN"), "DE").place == "CN"
    assert book.calendar_for(book.law("EU"), "DE").place == "DE"
    assert book.calendar_for(book.law("EU"), None) is None
    assert book.calendar_for(book.law("EU"), "CN") is None
    assert book.calendar_for(book.law("EU"), "EL").place == "GR"
    assert book.calendar_for(book.law("UK"), "DE-BY") is None
    assert book.calendar_for(book.law("UK"), "GB-SCT").place == "GB-SCT"
    assert book.calendar_for(book.law("UK"), "gb").place == "GB-ENG"


def test_a_law_of_weekdays_has_no_calendar(tmp_path):
    place = a_file(tmp_path, ('calendar = "CN"', 'calendar = "weekdays"'))

    assert book.calendar_for(packs.read_law(place), "US") is None


def a_file(folder, *changes):
    text = (packs.LAWS / "cn.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    place = Path(folder) / "cn.toml"
    now = book.law("CN").version
    text = text.replace(f'version = "{now}"', 'version = "2026-12-01"')
    place.write_text(f'replaces = "{now}"\nwhy = "a test"\n{text}', encoding="utf-8")
    return place


PERIOD = '[clocks.period]\namount = 15\nunit = "working_days"\n'


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "[clocks.period]\namount = 15",
            "[clocks.period]\namount = 0",
            "clocks.1.period: .*at least 1",
        ),
        ("[roll]\ncitation", "[roll]\nsource", "cn.toml: roll.source: unknown key"),
        ('certainty = "secondary"', 'certainty = "sure"', "cn.toml: identity.certainty"),
        ('kinds = ["review"]', 'kinds = ["revue"]', r"cn.toml: clocks.6.kinds.1"),
        ('mode = "no_pause"', 'mode = "suspend"', r"cn.toml: clocks.1: .*waiting"),
        ('code = "CN"', 'code = "CM"', "cn.toml: code: CM belongs in a file cm.toml"),
    ],
)
def test_a_wrong_law_is_told_file_and_key(tmp_path, old, new, says):
    with pytest.raises(ConfigError, match=says):
        packs.read_law(a_file(tmp_path, (old, new)))


@pytest.mark.parametrize("citation", ["", 'citation = " "\n'])
def test_a_period_without_a_citation_is_no_period(tmp_path, citation):
    whole = re.search(
        r"\[clocks\.period\]\n(?:\w.*\n)+", (packs.LAWS / "cn.toml").read_text("utf-8")
    )
    assert whole
    without = re.sub(r"citation = .*\n", citation, whole[0])

    with pytest.raises(ConfigError, match=r"cn\.toml: clocks\.1\.period.*([Cc]itation|required)"):
        packs.read_law(a_file(tmp_path, (whole[0], without)))


def test_a_wrong_example_is_reported_with_both_dates(tmp_path):
    place = a_file(tmp_path, ("due_legal_on = 2026-10-15", "due_legal_on = 2026-10-09"))

    assert [text[-49:] for text in differences(place)] == [
        "9 October: due_legal_on is 2026-10-15, not 2026-10-09"[-49:]
    ]


def test_an_example_whose_days_contradict_each_other_is_told_its_file(tmp_path):
    place = a_file(tmp_path, ("proof_asked_on = 2026-09-03", "proof_asked_on = 2026-09-02"))

    says = (
        r"cn\.toml: examples\.3\.facts: the question for proof of 2026-09-02 is before the receipt"
    )
    with pytest.raises(ConfigError, match=says):
        read_examples(place)


def test_the_example_that_contradicts_itself_is_told_before_one_that_is_merely_wrong(tmp_path):
    place = a_file(
        tmp_path,
        ('"\nkind = "deletion"\nfacts = {', '"\nkind = "demolition"\nfacts = {'),
        ("proof_asked_on = 2026-09-03", "proof_asked_on = 2026-09-02"),
    )

    with pytest.raises(ConfigError, match=r"cn\.toml: examples\.3\.facts: "):
        read_examples(place)


PAUSED = "facts = { received_on = 2026-09-18 }"


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        (
            'pauses = [{ asked_on = 2026-09-17, reason = "proof", resumed_on = 2026-09-20 }]',
            r"examples\.1\.facts: the question for proof of 2026-09-17 is before the receipt",
        ),
        (
            'pauses = [{ asked_on = 2026-09-19, reason = "proof", resumed_on = 2026-09-18 }]',
            r"examples\.1\.facts: the reply of 2026-09-18 is before the question for proof",
        ),
        ("pauses = [{ asked_on = 2026-09-19 }]", r"examples\.1\.facts\.pauses\.1\.re"),
        ("extended_on = 2026-09-17", r"examples\.1\.facts: the notice of an extension of"),
        ("stopped_on = 2026-09-19", r"examples\.1\.facts\.stopped_on: unknown key"),
    ],
)
def test_an_example_that_cannot_have_happened_is_told_file_key_and_rule(tmp_path, facts, says):
    place = a_file(tmp_path, (PAUSED, PAUSED.replace(" }", f", {facts} }}")))

    with pytest.raises(ConfigError, match=rf"cn\.toml: {says}"):
        read_examples(place)


def test_an_example_with_more_time_under_a_law_that_gives_none_is_told_the_article(tmp_path):
    longer = PAUSED.replace(" }", ", extended_on = 2026-09-21 }")
    place = a_file(tmp_path, (PAUSED, longer))

    (said,) = differences(place)
    assert "facts.extended_on: CN allows no extension" in said
    assert book.law("CN").clock(Kind.DELETION).period.citation in said


def test_a_law_without_examples_is_refused(tmp_path):
    text = (packs.LAWS / "cn.toml").read_text(encoding="utf-8")
    place = tmp_path / "cn.toml"
    place.write_text(text[: text.index("[[examples]]")], encoding="utf-8")

    with pytest.raises(ConfigError, match="at least one"):
        read_examples(place)


def test_a_part_of_a_country_is_no_other_part_and_not_the_country():
    california = book.law("US-CA")

    assert book.is_place_of(california, "us-ca")
    assert not book.is_place_of(california, "US-TX")
    assert not book.is_place_of(california, "US")
    counted, worked = book.calendars_for(california, None)
    assert counted is None
    assert worked.place == "US-CA"
