"""When a refusal of parts is one of the whole, and which words give a quiet ground away."""

import pytest

from dsr.domain.cited import Certainty
from dsr.domain.decisions import Item, Substance, refused_in_substance
from dsr.domain.office import (
    Approvers,
    Forbidden,
    Grade,
    Ground,
    Means,
    Place,
)
from dsr.domain.vocabulary import Kind, Outcome, Proposal
from dsr.domain.wording import gives_away

RULE = Substance(10, ("user.name",), "Law 1", Certainty.DESIGN)
SAID = Forbidden(Place.REASON, ("public security", "公安"), "it tells", "Law 3", ("X1",))


def a_ground(code="X1", **changes):
    values = {
        "code": code,
        "name": {"en": "a ground"},
        "policy_section": "",
        "grade": Grade.HARD,
        "kinds": tuple(Kind),
        "full": (),
        "outcome": Outcome.REFUSED,
        "approvers": Approvers(1, ()),
        "tell": {"en": "no"},
        "cited": {"en": "Law 2"},
        "citation": "Law 2",
        "certainty": Certainty.DESIGN,
    }
    return Ground(**values | changes)


GROUNDS = {
    each.code: each
    for each in (
        a_ground(),
        a_ground("X2", means=Means.ENTRUSTED),
        a_ground("X3", withholds=False),
    )
}


def items(granted, refused, ground="X1", **changes):
    values = {"label": "x", "category": "user.content"} | changes
    given = [Item(number=n, **values) for n in range(granted)]
    return given + [
        Item(number=n, label="x", category="", proposal=Proposal.REFUSE, ground=ground)
        for n in range(refused)
    ]


@pytest.mark.parametrize(
    ("granted", "refused", "whole"),
    [(0, 0, False), (0, 1, True), (1, 0, False), (1, 1, False), (1, 9, False), (1, 10, True)],
)
def test_less_than_the_share_is_a_refusal_of_the_whole(granted, refused, whole):
    assert refused_in_substance(items(granted, refused), GROUNDS, RULE) is whole


def test_a_field_that_the_person_gave_counts_for_nothing():
    name = {"field": "full_name", "category": "user.name"}
    assert refused_in_substance(items(3, 1, **name), GROUNDS, RULE)
    assert not refused_in_substance(items(3, 1, field="", category="user.name"), GROUNDS, RULE)
    assert not refused_in_substance(items(3, 0, **name), GROUNDS, RULE)


@pytest.mark.parametrize("code", ["X2", "X3"])
def test_what_is_no_choice_of_the_office_is_not_weighed(code):
    assert not refused_in_substance(items(1, 50, code), GROUNDS, RULE)
    assert not refused_in_substance([*items(1, 50, code), *items(0, 1)], GROUNDS, RULE)
    assert refused_in_substance([*items(1, 0), *items(0, 50, "no such")], GROUNDS, RULE)


@pytest.mark.parametrize(
    "words",
    [
        "Public  security",
        "public\u200b secu\u00adrity",
        "p\u0301ublic security",
        "ｐｕｂｌｉｃ　security",
        "\U0001d40fublic security",
        "pub\u3164lic\nsecurity",
        "公\u2060安",
        "公 安",
    ],
)
def test_words_that_a_reader_sees_give_a_ground_away_however_they_are_typed(words):
    ground = a_ground(forbidden=(SAID,))
    assert gives_away(["something else", f"It is {words}."], ground) == "it tells (Law 3)"


def test_only_the_grounds_own_phrases_for_reasons_give_it_away():
    of_all = Forbidden(Place.REASON, ("letter",), "w", "c")
    of_citations = Forbidden(Place.CITATION, ("policy",), "w", "c", ("X1",))
    ground = a_ground(forbidden=(of_all, of_citations, SAID))
    assert gives_away(["a letter about the policy", "securitypublic"], ground) is None
