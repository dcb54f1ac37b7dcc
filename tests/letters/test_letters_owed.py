"""What laws demand of a letter: each fact with its article, each sentence once, nothing hinted."""

from dataclasses import replace

import pytest

from dsr.domain.vocabulary import LetterName
from dsr.errors import ConfigError, NotAllowedError
from dsr.letters.compose import compose, compose_part
from dsr.letters.enclosed import OwedFacts, ToldFacts
from dsr.letters.needs import known, missing
from dsr.rules import book

LANGUAGES = ("en", "zh")


def owing(facts, *needs):
    return replace(facts, owed=tuple(OwedFacts(need, "EU", "GDPR Art. 99") for need in needs))


def refused(facts, **changes):
    """Return facts with one refused item that gives its reason by a ground of its own."""
    return replace(facts, items=(replace(facts.items[2], **changes),))


@pytest.mark.parametrize("code", book.law_codes())
def test_what_a_pack_demands_of_a_letter_a_letter_can_have(code):
    law = book.law(code)
    for duty in (*law.refusal_duties, *law.letter_duties):
        assert [need for need in duty.needs if not known(need)] == []
        if duty.tell:
            assert all(duty.tell[language].strip() for language in LANGUAGES)


@pytest.mark.parametrize(
    ("need", "word"),
    [
        ("account", "account"),
        ("until_on", "until_on"),
        ("backup_on|backup_note", "when backups are updated"),
        ("company.court", "the court of the policy's section 8"),
    ],
)
def test_what_a_law_demands_and_is_missing_is_named_with_law_and_article(need, word, full_facts):
    facts = replace(full_facts["en"], account="", until_on=None, backup_on=None)
    facts = replace(facts, company=replace(facts.company, court=""))
    with pytest.raises(NotAllowedError) as caught:
        compose(LetterName.COMPLAINT, "en", owing(facts, need))
    assert f"{word} (EU: GDPR Art. 99)" in str(caught.value)
    assert missing(LetterName.COMPLAINT, owing(full_facts["en"], need)) == []


def test_each_law_that_demands_the_same_is_named(full_facts):
    owed = (OwedFacts("account", "EU", "Art. 1"), OwedFacts("account", "UK", "s. 2"))
    facts = replace(full_facts["en"], account="", owed=owed)
    assert missing(LetterName.COMPLAINT, facts) == ["account (EU: Art. 1; UK: s. 2)"]


def test_a_part_of_a_letter_of_a_case_owes_what_the_law_demands_too(full_facts):
    facts = owing(replace(full_facts["en"], account=""), "account")
    with pytest.raises(NotAllowedError, match=r"Art\. 99"):
        compose_part(LetterName.ACCESS, "en", facts)


@pytest.mark.parametrize(
    ("need", "changes", "lacks"),
    [
        ("items.reason", {"reason": " "}, True),
        ("items.citation", {"citation": ""}, True),
        ("items.until_on|until", {}, False),  # what is refused has no end
        ("items.alternative", {"soft": False, "alternative": ""}, False),
        ("items.alternative", {"alternative": ""}, True),
        ("items.reason", {"reason": "", "quiet": True}, False),
    ],
)
def test_a_law_demands_of_an_item_what_its_kind_owes(need, changes, lacks, full_facts):
    facts = owing(refused(full_facts["en"], **changes), need)
    told = [gap for gap in missing(LetterName.REFUSAL, facts) if "(EU: GDPR Art. 99)" in gap]
    assert bool(told) is lacks


@pytest.mark.parametrize("need", ["items", "reason"])
@pytest.mark.parametrize("name", [LetterName.NO_DATA, LetterName.LAPSE, LetterName.REFERRAL])
def test_a_letter_without_items_says_by_other_facts_what_a_refusal_owes(name, need, full_facts):
    facts = replace(full_facts["en"], items=(), reason="")
    assert missing(name, owing(facts, need)) == []


def test_a_pack_that_demands_what_no_letter_knows_is_an_error_of_its_file(full_facts):
    with pytest.raises(ConfigError, match=r"items\.raeson"):
        compose(LetterName.REFUSAL, "en", owing(refused(full_facts["en"]), "items.raeson"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LetterName)
def test_what_a_law_wants_said_stands_in_the_letter_once(language, name, full_facts):
    told = (ToldFacts("a", "First of two."), ToldFacts("b", "Second of two."))
    facts = replace(full_facts[language], told=told)
    items = facts.items[1:] if name is LetterName.REFUSAL else facts.items
    text = compose(name, language, replace(facts, items=items)).text
    assert text.count("First of two.") == text.count("Second of two.") == 1


@pytest.mark.parametrize("field", ["category", "purpose", "retention", "origin"])
def test_an_access_answer_says_of_everything_found_what_and_why_and_whence(field, full_facts):
    facts = full_facts["en"]
    found = replace(facts.holdings[0], **{field: ""})
    gaps = missing(LetterName.ACCESS, replace(facts, holdings=(found, *facts.holdings[1:])))
    assert len(gaps) == 1
    assert "Customer relations / Contacts" in gaps[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_access_answer_is_never_silent_on_transfers_and_automated_decisions(
    language, full_facts
):
    facts = full_facts[language]
    in_general = replace(facts, transfers=(), decision_logic=())
    text = compose(LetterName.ACCESS, language, in_general).text
    assert facts.transfers_note in text
    assert facts.decisions_note in text
    none = replace(in_general, no_transfers=True, no_automated_decision=True)
    text = compose(LetterName.ACCESS, language, none).text
    assert facts.transfers_note not in text
    assert facts.decisions_note not in text
    silent = replace(in_general, transfers_note="", decisions_note="")
    assert len(missing(LetterName.ACCESS, silent)) == 2


@pytest.mark.parametrize("name", [LetterName.ACCESS, LetterName.DELETION, LetterName.WITHDRAWAL])
def test_a_partial_refusal_says_who_decided(name, full_facts):
    facts = full_facts["en"]
    assert facts.decided_by in compose(name, "en", facts).text
    assert "who decided, by role" in missing(name, replace(facts, decided_by=""))
    granted = replace(facts, items=facts.items[:1], decided_by="")
    assert missing(name, granted) == []
    assert "Who decided" not in compose(name, "en", granted).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_deletion_of_which_a_part_is_refused_claims_no_restriction_for_it(language, full_facts):
    facts = replace(full_facts[language], items=full_facts[language].items[1:])
    text = compose(LetterName.DELETION, language, facts).text
    opening = text.split("part by part" if language == "en" else "【逐项")[0]
    assert ("stopped all processing" if language == "en" else "停止除存储") not in opening


def test_an_item_of_which_nothing_may_be_told_owes_no_end_and_no_alternative(full_facts):
    facts = refused(full_facts["en"], quiet=True, alternative="", decision="kept")
    assert missing(LetterName.DELETION, facts) == []
    assert missing(LetterName.REFUSAL, refused(full_facts["en"], quiet=True, reason=""))
