"""What is said on the phone: something for every status, in both languages, and nothing more."""

import re
from datetime import date

import pytest

from dsr.domain.vocabulary import Status
from dsr.rules.office import kinds
from dsr.rules.phone import Said, phone

SENTENCES = {status.value: said for status, said in phone().statuses.items()}
SENTENCES |= {"late": phone().late, "nothing": phone().nothing}
#: What is filled in, and where.
OF_A_TICKET, OF_NONE = {"number", "received", "due"}, {"contact"}


def test_every_status_of_a_ticket_has_something_to_say():
    assert set(phone().statuses) == set(Status) - {Status.NONE}
    assert phone().citation.strip()


@pytest.mark.parametrize("where", SENTENCES)
def test_two_sentences_are_said_in_each_language(where):
    said = SENTENCES[where]
    assert len(said.en) == len(said.zh) == 2
    assert all(each.endswith(".") and each.isascii() for each in said.en)
    assert all(each.endswith("。") for each in said.zh)


@pytest.mark.parametrize("where", SENTENCES)
def test_both_languages_name_the_same_of_what_may_be_named(where):
    known = OF_NONE if where == "nothing" else OF_A_TICKET
    said = SENTENCES[where]
    named = [set(re.findall(r"\{(\w*)\}", " ".join(each))) for each in (said.en, said.zh)]
    assert named[0] == named[1] <= known
    assert named[0]


@pytest.mark.parametrize("where", SENTENCES)
def test_no_sentence_tells_what_was_asked_or_what_is_held(where):
    names = {name.casefold() for rule in kinds().values() for name in rule.name.values()}
    for sentence in (*SENTENCES[where].en, *SENTENCES[where].zh):
        assert not [name for name in names if name in sentence.casefold()]
        assert not re.search(r"\b(data|information|refus|grant|hold|held)|信息|数据|拒绝", sentence)


def test_numbers_and_days_are_filled_in_as_each_language_writes_them():
    said = Said(("No {number}.", "By {due}."), ("编号{number}。", "{due}前。"))

    assert said.filled(number=7, due=date(2026, 12, 5)) == {
        "en": "No 7. By 5 December 2026.",
        "zh": "编号7。2026年12月5日前。",
    }
    assert phone().nothing.filled(contact="a@example.com")["en"].endswith("to a@example.com.")
