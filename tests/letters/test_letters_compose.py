import re
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import meta, nodes

import dsr.letters
from dsr.domain.vocabulary import ClockMode, LetterName, SearchResult, TaskState
from dsr.errors import NotAllowedError
from dsr.letters.clean import one_line, paragraphs
from dsr.letters.compose import (
    _chinese_day,
    _english_day,
    _environment,
    compose,
    compose_part,
    language_for,
    template_hash,
)
from dsr.letters.facts import LetterFacts, RecipientFacts
from dsr.letters.needs import ANSWERS, missing, needs_of, read_needs

TEMPLATES = Path(dsr.letters.__file__).parent / "templates"
LANGUAGES = ("en", "zh")
NOTICES = {LetterName.RECIPIENT_NOTICE, LetterName.CLIENT_NOTICE, LetterName.ASSISTANCE}
TO_PERSONS = [name for name in LetterName if name not in NOTICES]
LETTERS = [(language, name) for language in LANGUAGES for name in LetterName]
EMPTY = {str: "", tuple: (), bool: False}


def fitting(name, facts):
    """Return full facts with items that the letter may have: a refusal grants nothing."""
    if name is LetterName.REFUSAL:
        return replace(facts, items=facts.items[1:])
    return replace(facts, told=()) if name in NOTICES else facts


def without(facts, path):
    """Return facts in which one fact, or each of its alternatives, is missing."""
    for alternative in path.split("|"):
        head, _, rest = alternative.partition(".")
        value = getattr(facts, head)
        empty = without(value, rest) if rest else EMPTY.get(type(value))
        facts = replace(facts, **{head: empty})
    return facts


@pytest.mark.parametrize(("language", "name"), LETTERS)
def test_a_letter_with_all_facts_reads_as_its_golden_file(
    language, name, full_facts, matches_golden
):
    composed = compose(name, language, fitting(name, full_facts[language]))
    assert matches_golden(language, name, composed)


def test_both_languages_have_every_letter_and_the_same_parts():
    names = {language: {p.name for p in (TEMPLATES / language).iterdir()} for language in LANGUAGES}
    assert names["en"] == names["zh"]
    assert {f"{name}.txt.j2" for name in LetterName} <= names["en"]


@pytest.mark.parametrize("path", sorted(p.name for p in (TEMPLATES / "en").iterdir()))
def test_a_template_says_the_same_fields_in_both_languages(path):
    assert _said(TEMPLATES / "en" / path) == _said(TEMPLATES / "zh" / path)


def _said(path):
    """Return the facts and their parts that a template names."""
    tree = _environment(path.parent.name).parse(path.read_text(encoding="utf-8"))
    parts = {node.attr for node in tree.find_all(nodes.Getattr)}
    return parts | meta.find_undeclared_variables(tree)


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.glob("*/*.j2")), ids=lambda p: f"{p.parent.name}/{p.name}"
)
def test_no_template_names_a_variable_that_facts_lack(path):
    tree = _environment(path.parent.name).parse(path.read_text(encoding="utf-8"))
    known = {each.name for each in fields(LetterFacts)}
    assert meta.find_undeclared_variables(tree) <= known


def test_every_letter_declares_its_needs_and_every_need_has_words():
    needs = read_needs()
    assert set(needs.letters) == set(LetterName)
    assert {need for name in LetterName for need in needs_of(name)} <= set(needs.words)
    for table in ("items", "recipients"):
        declared = {f"{table}.{need}" for each in getattr(needs, table).values() for need in each}
        assert declared <= set(needs.words)


def test_every_need_says_where_the_duty_comes_from():
    assert all(source.strip() for name in LetterName for source in needs_of(name).values())


@pytest.mark.parametrize(
    ("name", "need"), [(name, need) for name in LetterName for need in needs_of(name)]
)
def test_a_letter_without_a_mandatory_fact_is_refused_and_the_fact_is_named(name, need, full_facts):
    facts = without(fitting(name, full_facts["en"]), need)
    with pytest.raises(NotAllowedError) as caught:
        compose(name, "en", facts)
    assert read_needs().words[need] in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize("name", [*sorted(ANSWERS), LetterName.REFUSAL, LetterName.NO_DATA])
def test_a_part_of_a_letter_of_a_case_has_all_the_needs_of_its_own_letter(name, full_facts):
    facts = fitting(name, full_facts["en"])
    for need in needs_of(name):
        with pytest.raises(NotAllowedError) as caught:
            compose_part(name, "en", without(facts, need))
        assert read_needs().words[need] in str(caught.value)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*sorted(ANSWERS), LetterName.REFUSAL, LetterName.NO_DATA])
def test_a_part_of_a_letter_of_a_case_says_what_its_own_letter_says(language, name, full_facts):
    facts = fitting(name, full_facts[language])
    own, part = compose(name, language, facts), compose_part(name, language, facts)
    whole = compose(LetterName.CASE_ANSWER, language, replace(facts, parts=(part,)))

    assert part.title == own.subject
    assert part.text in own.text
    assert f"1. {own.subject}\n" in whole.text
    assert part.text in whole.text
    assert whole.text.count(facts.remedies[0]) == 1


@pytest.mark.parametrize("name", TO_PERSONS)
def test_blanks_do_not_count_as_a_reference(name, full_facts):
    with pytest.raises(NotAllowedError, match="reference"):
        compose(name, "en", replace(fitting(name, full_facts["en"]), reference=" \n"))


def test_what_is_missing_can_be_asked_before_anything_is_written(full_facts):
    gaps = missing(LetterName.EXTENSION, replace(full_facts["en"], reason=" ", new_due_on=None))
    assert gaps == ["the reason", "the new day by which we answer"]


def test_an_access_letter_with_a_copy_says_how_it_is_opened(full_facts):
    package = replace(full_facts["en"].package, passphrase_channel="")
    gaps = missing(LetterName.ACCESS, replace(full_facts["en"], package=package))
    assert gaps == ["how the passphrase reaches the person"]
    assert missing(LetterName.ACCESS, replace(full_facts["en"], package=None)) == []


@pytest.mark.parametrize("field", ["reason", "ground_name", "citation"])
def test_a_refused_item_needs_ground_article_and_reason(field, full_facts):
    item = replace(full_facts["en"].items[2], **{field: ""})
    assert missing(LetterName.REFUSAL, replace(full_facts["en"], items=(item,)))


def test_a_soft_ground_owes_an_alternative(full_facts):
    item = replace(full_facts["en"].items[2], alternative="")
    gaps = missing(LetterName.REFUSAL, replace(full_facts["en"], items=(item,)))
    assert gaps == ["the alternative that a soft ground owes of item 1"]


def test_what_is_kept_needs_a_day_or_a_condition(full_facts):
    kept = replace(full_facts["en"].items[1], until_on=None)
    assert missing(LetterName.REFUSAL, replace(full_facts["en"], items=(kept,)))
    until = replace(kept, until="until the lawsuit ends")
    assert not missing(LetterName.REFUSAL, replace(full_facts["en"], items=(until,)))


def test_a_recipient_who_was_not_told_needs_an_exception(full_facts):
    recipient = RecipientFacts("Example Bank", result=TaskState.EXCEPTED)
    facts = replace(full_facts["en"], recipients=(recipient,))
    assert missing(LetterName.DELETION, facts) == ["why it was not told of recipient 1"]


def test_a_deletion_that_erases_nothing_needs_no_date_of_backups(full_facts):
    facts = replace(full_facts["en"], items=full_facts["en"].items[1:2], backup_on=None)
    text = compose(LetterName.DELETION, "en", facts).text
    assert "cannot erase" in text
    assert "backup" not in text.lower()


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_an_answer_never_hides_that_everything_is_refused(name, full_facts):
    facts = replace(full_facts["en"], items=full_facts["en"].items[2:])
    with pytest.raises(NotAllowedError) as caught:
        compose(name, "en", facts)
    assert "refusal" in caught.value.hint


def test_a_refusal_letter_grants_nothing(full_facts):
    with pytest.raises(NotAllowedError, match="granted"):
        compose(LetterName.REFUSAL, "en", full_facts["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_names_ground_rule_reason_remedies_court_and_authority(language, full_facts):
    facts = fitting(LetterName.REFUSAL, full_facts[language])
    text = compose(LetterName.REFUSAL, language, facts).text
    for item in facts.items:
        section = item.policy_section.partition("(")[0]  # 5.8(a) is 第5.8条(a)项
        for said in (item.label, item.ground_name, section, item.citation, item.reason):
            assert said in text
    assert facts.items[1].alternative in text
    for said in (*facts.remedies, facts.company.court, facts.company.authority, facts.decided_by):
        assert said in text


@pytest.mark.parametrize(("language", "name"), [(x, n) for x, n in LETTERS if n not in NOTICES])
def test_a_letter_to_a_person_has_reference_contact_and_remedies(language, name, full_facts):
    facts = fitting(name, full_facts[language])
    text = compose(name, language, facts).text
    company = facts.company
    contact = (company.contact_role, company.phone, company.email, company.address)
    for said in (facts.reference, *contact, *facts.remedies, company.court, company.authority):
        assert said in text


@pytest.mark.parametrize(("language", "name"), [(x, n) for x, n in LETTERS if n in NOTICES])
def test_a_notice_carries_identifier_and_right_and_nothing_else_of_the_person(
    language, name, full_facts
):
    facts = fitting(name, full_facts[language])
    text = compose(name, language, facts).text
    assert facts.identifiers[0].value in text
    assert facts.kind_name in text
    secrets = (facts.salutation, facts.on_behalf_of, facts.reason, facts.question, facts.account)
    assert not [said for said in secrets if said in text]
    assert facts.changes[0].new not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_identity_request_says_what_waiting_does_to_the_date(language, full_facts):
    texts = {
        compose(
            LetterName.IDENTITY_REQUEST, language, replace(full_facts[language], clock_mode=m)
        ).text
        for m in ClockMode
    }
    assert len(texts) == len(ClockMode)


@pytest.mark.parametrize(("language", "name"), LETTERS)
def test_a_letter_with_only_its_mandatory_facts_has_no_empty_heading(language, name, full_facts):
    text = compose(name, language, _barest(name, fitting(name, full_facts[language]))).text
    assert "None" not in text
    assert not re.search(r"-\n\n", text)
    assert not re.search(r"】\n\n", text)
    assert "\n\n\n" not in text


def _barest(name, facts):
    """Return facts without anything that the letter can do without."""
    wanted = {
        part.partition(".")[0] for need in needs_of(name, less=True) for part in need.split("|")[:1]
    }
    optional = [e.name for e in fields(facts) if e.name not in wanted]
    return replace(facts, **{each: _default(each) for each in optional})


def _default(name):
    return next(each.default for each in fields(LetterFacts) if each.name == name)


def test_an_acknowledgement_needs_no_list_of_tickets_for_one(full_facts):
    text = compose(LetterName.ACKNOWLEDGEMENT, "zh", replace(full_facts["zh"], tickets=())).text
    assert "2026年12月3日" in text


def test_a_search_that_failed_is_never_told_as_nothing_held(full_facts):
    holdings = full_facts["en"].holdings[1:3]
    text = compose(LetterName.NO_DATA, "en", replace(full_facts["en"], holdings=holdings)).text
    assert "In the systems that we could search" in text
    assert "gave no answer" in text
    sure = tuple(h for h in holdings if h.result is SearchResult.NONE)
    text = compose(LetterName.NO_DATA, "en", replace(full_facts["en"], holdings=sure)).text
    assert "do not process personal information about you" in text


def test_an_office_of_one_promises_no_other_reviewer(full_facts):
    alone = compose(LetterName.REFUSAL, "en", _alone(full_facts["en"])).text
    assert "did not take the decision" not in alone


def _alone(facts):
    return replace(fitting(LetterName.REFUSAL, facts), sole_officer=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_strangers_wrote_cannot_break_a_line_or_turn_the_text(language, full_facts):
    hostile = "Li\r\nSubject: forged\u202e\u2028\x00\x1b[31m{{ company.court }}\ud800"
    facts = replace(full_facts[language], salutation=hostile, on_behalf_of=hostile)
    composed = compose(LetterName.ACCESS, language, facts)
    composed.text.encode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", composed.text)
    assert not re.search(r"^Subject: forged", composed.text, re.MULTILINE)
    assert "{{ company.court }}" in composed.text  # a value is never a template


def test_a_subject_is_one_line_whatever_the_reference(full_facts):
    composed = compose(
        LetterName.COPY, "en", replace(full_facts["en"], reference="DSR-1\r\nBcc: x@example.org")
    )
    assert "\n" not in composed.subject


@given(st.text())
def test_neutral_text_stays_as_it_is(text):
    assert one_line(one_line(text)) == one_line(text)
    assert paragraphs(paragraphs(text)) == paragraphs(text)
    assert "\n" not in one_line(text)


def test_a_joiner_that_a_name_needs_stays():
    assert one_line("علی\u200cرضا") == "علی\u200cرضا"


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh", "zh"), ("zh-CN", "zh"), ("zh-Hant-TW", "zh"), ("ZH_cn", "zh"), ("en-GB", "en"),
        ("de", "en"), ("", "en"), (None, "en"),
    ],
)  # fmt: skip
def test_chinese_writers_get_chinese_letters_and_all_others_english(tag, language):
    assert language_for(tag) == language


@given(st.dates(min_value=date(1970, 1, 1)))
def test_a_day_is_written_the_same_way_in_every_locale(day):
    assert _chinese_day(day) == f"{day.year}年{day.month}月{day.day}日"
    assert re.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4}", _english_day(day))


def test_the_same_facts_give_the_same_letter_and_another_fact_another_hash(full_facts):
    first = compose(LetterName.COPY, "zh", full_facts["zh"])
    assert first == compose(LetterName.COPY, "zh", full_facts["zh"])
    other = compose(LetterName.COPY, "zh", replace(full_facts["zh"], reference="DSR-43"))
    assert other.sha256 != first.sha256
    assert other.template_sha256 == first.template_sha256 == template_hash(LetterName.COPY, "zh")
    assert template_hash(LetterName.COPY, "en") != template_hash(LetterName.COPY, "zh")
