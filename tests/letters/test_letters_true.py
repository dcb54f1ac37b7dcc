"""What a letter says has happened: only what has, with its day; the rest is told as to come."""

from dataclasses import replace
from datetime import date

import pytest

from dsr.domain.vocabulary import LetterName
from dsr.letters.compose import compose
from dsr.letters.needs import needs_of

LANGUAGES = ("en", "zh")
TO_COME = {
    LetterName.CANCELLATION: {"en": "will take effect on", "zh": "注销将于"},
    LetterName.WITHDRAWAL: {"en": "will take effect on", "zh": "您的请求将于"},
    LetterName.RESTRICTION: {"en": "we shall stop all", "zh": "我们将停止"},
}
HAPPENED = {
    "en": ("has been", "have cancelled", "It took", "has ended", "we stopped", "has taken"),
    "zh": ("已按您的请求", "已于2026年11月24日", "已终止", "我们已"),
}
STOPPED = {
    "en": ("have stopped", "has stopped", "Other use", "was stopped", "erased or anonymised when"),
    "zh": ("已停止", "其他处理", "保留的事由消失后"),
}


def opening(text, language):
    """Return what stands before the decision on each part."""
    return text.split("Our decision, part" if language == "en" else "【逐项处理")[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TO_COME)
def test_a_day_that_is_to_come_is_told_as_to_come(name, language, full_facts):
    facts = replace(full_facts[language], stop_on=date(2026, 11, 24), consents=())
    letter = compose(name, language, facts)
    said = letter.subject + opening(letter.text, language)
    assert TO_COME[name][language] in said
    assert [words for words in HAPPENED[language] if words in said] == []
    over = compose(name, language, replace(facts, stop_on=date(2026, 11, 23)))
    assert TO_COME[name][language] not in over.subject + over.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [LetterName.DELETION, LetterName.REFUSAL, LetterName.CORRECTION])
def test_no_letter_says_that_use_has_stopped_which_nobody_stopped(name, language, full_facts):
    facts = full_facts[language]
    items = tuple(replace(item, to_stop=False, stopped_on=None) for item in facts.items[1:])
    text = compose(name, language, replace(facts, items=items)).text
    assert [words for words in STOPPED[language] if words in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_use_stopped_on_a_day_or_is_being_stopped_or_goes_on_for_its_reason(
    language, full_facts
):
    facts, kept = full_facts[language], full_facts[language].items[1]
    said = {"en": ("20 November 2026; since", "is being stopped", "used only for the reason")}
    said["zh"] = ("2026年11月20日停止", "正在停止", "仅用于本项载明的事由")
    for words, item in zip(
        said[language],
        (kept, replace(kept, stopped_on=None), replace(kept, goes_on=True)),
        strict=True,
    ):
        text = compose(LetterName.DELETION, language, replace(facts, items=(item,))).text
        assert words in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_never_says_that_nothing_was_changed_where_use_was_stopped(language, full_facts):
    facts = replace(full_facts[language], items=full_facts[language].items[1:])
    text = compose(LetterName.REFUSAL, language, facts).text
    whole = {"en": "Nothing was disclosed, changed", "zh": "未因本次请求提供、变更或者删除"}
    assert whole[language] not in text
    none = replace(facts, items=facts.items[1:])
    assert whole[language] in compose(LetterName.REFUSAL, language, none).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_announces_grounds_only_where_it_states_them(language, full_facts):
    announced = {"en": "For each part we state", "zh": "现就各项说明"}[language]
    refused = full_facts[language].items[2]
    facts = replace(full_facts[language], items=(replace(refused, quiet=True),))
    assert announced not in compose(LetterName.REFUSAL, language, facts).text
    facts = replace(facts, items=(refused,))
    assert announced in compose(LetterName.REFUSAL, language, facts).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_names_the_earlier_answer_once(language, full_facts):
    refused = full_facts[language].items[2]
    facts = replace(full_facts[language], items=(refused,))
    assert compose(LetterName.REFUSAL, language, facts).text.count("DSR-17") == 1
    named = replace(refused, reason="DSR-17: 2026.")
    facts = replace(facts, items=(named,))
    assert compose(LetterName.REFUSAL, language, facts).text.count("DSR-17") == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [LetterName.DELETION, LetterName.CANCELLATION])
def test_what_was_erased_is_erased_again_after_a_restore_and_its_record_has_an_end(
    name, language, full_facts
):
    text = compose(name, language, full_facts[language]).text
    again = {"en": "we shall erase it again", "zh": "我们将再次删除"}
    until = {"en": "23 November 2029", "zh": "2029年11月23日"}
    assert again[language] in text
    assert until[language] in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_client_is_told_what_was_done_and_not_addressed_as_the_person(language, full_facts):
    text = compose(LetterName.ASSISTANCE, language, replace(full_facts[language], told=())).text
    assert {"en": "Our decision", "zh": "【逐项处理决定】"}[language] not in text
    assert {"en": "What was done, part by part", "zh": "【逐项办理情况】"}[language] in text
    assert {"en": " your address", "zh": "您的"}[language] not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_explanation_introduces_the_factors_of_a_decision(language, full_facts):
    text = compose(LetterName.EXPLANATION, language, full_facts[language]).text
    lead = {"en": "Decisions about you are made by automated", "zh": "我们通过自动化决策方式作出"}
    assert lead[language] in text


def test_what_an_access_answer_says_of_automated_decisions_needs_no_effects_by_itself():
    assert not [need for need in needs_of(LetterName.ACCESS) if "effects" in need]
