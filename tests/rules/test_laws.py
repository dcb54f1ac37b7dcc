"""The law packs as shipped, and what a wrong one is told."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from dsr.domain.calendars import PLAIN_WEEK
from dsr.domain.law import Certainty, Unit
from dsr.domain.vocabulary import ClockMode, Kind, Scope
from dsr.errors import ConfigError, NotFoundError
from dsr.rules import book, packs
from dsr.rules.examples import differences, read_examples

FILES = [packs.LAWS / f"{code.lower()}.toml" for code in book.law_codes()]
EXAMPLES = [(place, example) for place in FILES for example in read_examples(place)]


def texts_in(value):
    """Return every table of words in a file, by language."""
    if isinstance(value, dict):
        found = [value] if "en" in value else []
        return found + [text for inner in value.values() for text in texts_in(inner)]
    return [text for inner in value for text in texts_in(inner)] if isinstance(value, list) else []


def by_mere_days(law, example):
    """Compute the date of somebody who knows no calendar: thirty days a month, no holiday."""
    period = law.clock(example.kind, example.scope).period
    if period.unit is Unit.WORKING_DAYS:
        return PLAIN_WEEK.add_working_days(example.facts.received_on, period.amount)
    factor = 30 if period.unit is Unit.MONTHS else 1
    return example.facts.received_on + timedelta(days=period.amount * factor)


@pytest.mark.parametrize("place", FILES, ids=lambda place: place.name)
def test_every_example_in_a_law_computes(place):
    assert differences(place) == []


@pytest.mark.parametrize(
    ("place", "example"), EXAMPLES, ids=lambda value: getattr(value, "text", None)
)
def test_no_example_would_come_out_right_by_counting_mere_days(place, example):
    law = packs.read_law(place)

    assert by_mere_days(law, example) != example.expect.due_legal_on


@pytest.mark.parametrize("place", FILES, ids=lambda place: place.name)
def test_every_text_of_a_law_is_in_english_and_chinese(place):
    texts = texts_in(tomllib.loads(place.read_text(encoding="utf-8")))

    assert texts
    for text in texts:
        assert text["en"].strip()
        assert re.search("[一-鿿]", text["zh"])


@pytest.mark.parametrize("code", book.law_codes())
def test_no_marketing_stop_takes_longer_than_five_days(code):
    rule = book.law(code).clock(Kind.WITHDRAWAL, Scope.MARKETING)

    assert rule is None or rule.act_by is None or rule.act_by.amount <= 5


@pytest.mark.parametrize("code", book.law_codes())
def test_ages_stand_in_order(code):
    minors = book.law(code).minors

    assert 0 < minors.guardian_below.years <= minors.adult_from.years


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("code", ["CN", "EU"])
def test_chinese_and_european_law_have_a_clock_for_every_kind(code, kind):
    assert book.law(code).clock(kind) is not None


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
    place.write_text(f'replaces = "{now}"\nwhy = "a test"\n{text}', encoding="utf-8")
    return place


PERIOD = '[clocks.period]\namount = 15\nunit = "working_days"\n'


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "[clocks.period]\namount = 15",
            "[clocks.period]\namount = 0",
            "clocks.0.period: .*at least 1",
        ),
        ("[roll]\ncitation", "[roll]\nsource", "cn.toml: roll.source: unknown key"),
        ('certainty = "secondary"', 'certainty = "sure"', "cn.toml: roll.certainty"),
        ('kinds = ["review"]', 'kinds = ["revue"]', r"cn.toml: clocks.5.kinds.0"),
        ('mode = "no_pause"', 'mode = "suspend"', r"cn.toml: clocks.0: .*waiting"),
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

    with pytest.raises(ConfigError, match=r"cn\.toml: clocks\.0\.period.*([Cc]itation|required)"):
        packs.read_law(a_file(tmp_path, (whole[0], without)))


def test_a_wrong_example_is_reported_with_both_dates(tmp_path):
    place = a_file(tmp_path, ("due_legal_on = 2026-10-15", "due_legal_on = 2026-10-09"))

    assert [text[-49:] for text in differences(place)] == [
        "9 October: due_legal_on is 2026-10-15, not 2026-10-09"[-49:]
    ]


def test_an_example_whose_days_contradict_each_other_is_told_its_file(tmp_path):
    place = a_file(tmp_path, ("proof_asked_on = 2026-09-03", "proof_asked_on = 2026-09-02"))

    with pytest.raises(ConfigError, match=r"cn\.toml: examples: 2026-09-02 is before the receipt"):
        read_examples(place)


def test_a_law_without_examples_is_refused(tmp_path):
    text = (packs.LAWS / "cn.toml").read_text(encoding="utf-8")
    place = tmp_path / "cn.toml"
    place.write_text(text[: text.index("[[examples]]")], encoding="utf-8")

    with pytest.raises(ConfigError, match="at least one"):
        read_examples(place)
