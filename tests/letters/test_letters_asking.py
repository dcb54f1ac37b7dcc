"""A letter that asks for proof says what is needed and what is a choice; a full stop ends it."""

from dataclasses import replace

import pytest

from dsr.domain.vocabulary import ClockMode, LetterName, TaskState
from dsr.letters.compose import compose

LANGUAGES = ("en", "zh")
ASKING = (LetterName.IDENTITY_REQUEST, LetterName.LAPSE, LetterName.ACKNOWLEDGEMENT)
NEEDED = {"en": "needed", "zh": "须提供"}
CHOICE = {"en": "one of these", "zh": "任选"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ASKING)
def test_authority_is_needed_and_of_the_ways_to_show_identity_one(full_facts, name, language):
    text = compose(name, language, full_facts[language]).text
    assert text.index(NEEDED[language]) < text.index(CHOICE[language])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ASKING)
def test_authority_alone_leaves_no_choice(full_facts, name, language):
    facts = replace(full_facts[language], proofs_asked=())
    text = compose(name, language, facts).text
    assert NEEDED[language] in text
    assert CHOICE[language] not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ASKING)
def test_whoever_asks_for_himself_is_asked_for_no_authority(full_facts, name, language):
    facts = replace(full_facts[language], authority_asked=())
    text = compose(name, language, facts).text
    assert CHOICE[language] in text
    assert not [said for said in ("To show that you may act", "您有权代表") if said in text]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mode", [mode for mode in ClockMode if mode is not ClockMode.NO_PAUSE])
def test_a_date_that_moves_is_told_with_the_day_that_it_does_not_pass(full_facts, mode, language):
    facts = replace(full_facts[language], clock_mode=mode)
    said = "12 January 2027" if language == "en" else "2027年1月12日"
    assert said in compose(LetterName.IDENTITY_REQUEST, language, facts).text
    open_end = replace(facts, answer_latest_on=None)
    assert said not in compose(LetterName.IDENTITY_REQUEST, language, open_end).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_recipient_whose_task_is_open_will_be_told(full_facts, language):
    facts = full_facts[language]
    waits = replace(facts.recipients[0], result=TaskState.OPEN)
    text = compose(LetterName.DELETION, language, replace(facts, recipients=(waits,))).text
    assert ("will be notified" if language == "en" else "将予通知") in text
    assert not [said for said in ("notified on", "已于2026年11月20日通知") if said in text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_of_the_passphrase_ends_with_a_full_stop(full_facts, language):
    facts = full_facts[language]
    stop = "." if language == "en" else "。"
    text = compose(LetterName.COPY, language, facts).text
    assert f"{facts.package.passphrase_channel}{stop}\n" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_says_so_before_anything_else(full_facts, language):
    facts = full_facts[language]
    word = "DRAFT" if language == "en" else "草稿"
    assert word in compose(LetterName.DELETION, language, replace(facts, draft=True)).text[:40]
    assert word not in compose(LetterName.DELETION, language, facts).text
