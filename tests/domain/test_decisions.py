"""Hard stops, approvals and outcomes, on grounds of the tests' own making."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr.domain.decisions import (
    Approval,
    Item,
    approval_due,
    approval_lacking,
    is_self_declared,
    nothing_granted,
    outcome,
)
from dsr.domain.law import Certainty
from dsr.domain.office import (
    Approvers,
    Forbidden,
    Grade,
    Ground,
    KindRule,
    Need,
    Place,
    belongs,
    in_language,
)
from dsr.domain.stops import Stop, objections
from dsr.domain.vocabulary import (
    Kind,
    LetterName,
    OfficerRole,
    Outcome,
    Proposal,
    RequesterRole,
    Scope,
)


def a_rule(**changes):
    values = {
        "kind": Kind.ACCESS,
        "name": {"en": "access"},
        "policy_section": "5.1",
        "right": {"en": "Law 1"},
        "needs_proof": True,
        "searches": True,
        "package": False,
        "tasks": (),
        "letter": LetterName.ACCESS,
        "approval": Need.ONE,
        "irreversible": False,
        "soft_refusal": True,
        "askers": (RequesterRole.SUBJECT,),
        "citation": "Law 1",
        "certainty": Certainty.DESIGN,
    }
    return KindRule(**values | changes)


def a_ground(**changes):
    values = {
        "code": "X1",
        "name": {"en": "a ground"},
        "policy_section": "",
        "grade": Grade.HARD,
        "kinds": tuple(Kind),
        "full": tuple(Kind),
        "outcome": Outcome.REFUSED,
        "approvers": Approvers(1, ()),
        "tell": {"en": "no"},
        "cited": {"en": "Law 2"},
        "citation": "Law 2",
        "certainty": Certainty.DESIGN,
    }
    return Ground(**values | changes)


def refused(**changes):
    values = {
        "number": 1,
        "label": "e-mail address",
        "category": "user.contact.email",
        "proposal": Proposal.REFUSE,
        "ground": "X1",
        "reason": "It cannot be given.",
        "internal_reason": "see file",
    }
    return Item(**values | changes)


GRANTED = Item(number=9, label="name", category="user.name")


def stops(item=None, ground=None, rule=None, **changes):
    settings = {"laws": ("CN",), "minor": False, "scope": None, "whole": False}
    return objections(
        item or refused(), ground or a_ground(), rule or a_rule(), **settings | changes
    )


def test_a_granted_item_meets_no_hard_stop():
    assert objections(GRANTED, None, a_rule(), laws=(), minor=True, scope=None, whole=False) == ()


def test_a_refusal_with_all_it_needs_stands():
    assert stops() == ()


def test_what_is_not_granted_needs_a_ground_a_reason_to_the_person_and_one_to_the_file():
    bare = refused(ground="", reason=" ", internal_reason="")

    found = objections(bare, None, a_rule(), laws=(), minor=False, scope=None, whole=False)

    assert found == (
        "not granted, but no ground is named",
        "no reason to the person",
        "no internal reason for the file",
    )


def test_a_kept_item_owes_the_same_as_a_refused_one():
    assert stops(refused(proposal=Proposal.KEEP, reason="")) == ("no reason to the person",)


FULL_ITEM = {
    "citation": "Law 7",
    "evidence": ("mail 3",),
    "alternative": "a summary",
    "until_when": "the end of the contract",
}

HARD_STOPS = [
    ("a ground of another kind", {}, {"kinds": (Kind.DELETION,)}, {}, {}, "not for access"),
    (
        "a ground that never bars a stop of marketing",
        {},
        {"not_scopes": (Scope.MARKETING,)},
        {},
        {"scope": Scope.MARKETING},
        "never bars a withdrawal of marketing",
    ),
    (
        "a soft ground where none is allowed",
        {},
        {"grade": Grade.SOFT},
        {"soft_refusal": False},
        {},
        "soft ground",
    ),
    ("a ground that spares minors", {}, {"minors": False}, {}, {"minor": True}, "minor"),
    (
        "a ground that a law does not know",
        {},
        {},
        {},
        {"laws": ("CN", "EU"), "unknown_under": ("EU",)},
        "not known under EU",
    ),
    ("a part of it at most", {}, {"full": ()}, {}, {"whole": True}, "cannot refuse the whole"),
    ("the whole or nothing", {}, {"partial": False}, {}, {}, "answers the whole request"),
    (
        "no citation",
        {"citation": " "},
        {"needs_citation": True},
        {},
        {},
        "needs a citation",
    ),
    (
        "no evidence",
        {"evidence": ("", " ")},
        {"needs_evidence": True},
        {},
        {},
        "needs evidence",
    ),
    (
        "no alternative",
        {"alternative": ""},
        {"needs_alternative": True},
        {},
        {},
        "needs an alternative",
    ),
    (
        "no end",
        {"until_when": " "},
        {"needs_until": (Kind.ACCESS,)},
        {},
        {},
        "until when",
    ),
    (
        "the whole without legal's citation",
        {"citation": ""},
        {"legal_citation_for": {"CN": (Kind.ACCESS,)}},
        {},
        {"whole": True},
        "legal's citation is needed",
    ),
    (
        "a phrase that no reason has",
        {"reason": "These are ＮＯＴ\n Basic data."},
        {"forbidden": (Forbidden(Place.REASON, ("not basic",), "that is none", "Law 3"),)},
        {},
        {},
        "that is none (Law 3)",
    ),
    (
        "a phrase that no alternative has",
        {"alternative": "Send a written letter."},
        {"forbidden": (Forbidden(Place.REASON, ("written letter",), "no form", "Law 4"),)},
        {},
        {},
        "no form (Law 4)",
    ),
    (
        "a phrase that no citation has",
        {"citation": "公司制度第三条"},
        {"forbidden": (Forbidden(Place.CITATION, ("公司制度",), "no law", "Law 5"),)},
        {},
        {},
        "no law (Law 5)",
    ),
]


@pytest.mark.parametrize(
    ("item", "ground", "rule", "case", "says"),
    [stop[1:] for stop in HARD_STOPS],
    ids=[stop[0] for stop in HARD_STOPS],
)
def test_a_hard_stop_objects_and_alone(item, ground, rule, case, says):
    found = stops(refused(**FULL_ITEM | item), a_ground(**ground), a_rule(**rule), **case)

    assert len(found) == 1
    assert says in found[0]


@pytest.mark.parametrize(
    ("item", "ground", "rule", "case"),
    [
        ({}, {"not_scopes": (Scope.MARKETING,)}, {}, {"scope": Scope.CONSENT}),
        ({}, {"grade": Grade.SOFT}, {}, {}),
        ({}, {"minors": False}, {}, {}),
        ({}, {}, {}, {"minor": True}),
        ({}, {}, {}, {"laws": ("CN", "EU")}),
        ({}, {"full": ()}, {}, {}),
        ({}, {"partial": False}, {}, {"whole": True}),
        ({"until_when": "", "until_on": date(2027, 1, 1)}, {"needs_until": (Kind.ACCESS,)}, {}, {}),
        ({"until_when": ""}, {"needs_until": (Kind.DELETION,)}, {}, {}),
        ({"citation": ""}, {"legal_citation_for": {"CN": (Kind.ACCESS,)}}, {}, {}),
        (
            {"citation": ""},
            {"legal_citation_for": {"CN": (Kind.ACCESS,)}},
            {},
            {"whole": True, "laws": ("EU",)},
        ),
        (
            {"citation": ""},
            {"legal_citation_for": {"CN": (Kind.COPY,)}},
            {},
            {"whole": True},
        ),
        (
            {"citation": "not basic"},
            {"forbidden": (Forbidden(Place.REASON, ("not basic",), "none", "Law 3"),)},
            {},
            {},
        ),
    ],
)
def test_the_same_ground_stands_where_its_limit_is_kept(item, ground, rule, case):
    assert stops(refused(**FULL_ITEM | item), a_ground(**ground), a_rule(**rule), **case) == ()


def test_every_missing_thing_is_named_at_once():
    ground = a_ground(needs_citation=True, needs_evidence=True, needs_alternative=True)

    assert len(stops(refused(), ground)) == 3


def test_a_decision_that_grants_one_item_does_not_refuse_the_whole():
    assert nothing_granted([refused(), refused(proposal=Proposal.KEEP)])
    assert not nothing_granted([refused(), GRANTED])


@pytest.mark.parametrize(
    ("categories", "holds"),
    [
        (["user.name"], True),
        (["user.contact.email", "user.name"], True),
        (["user.names"], False),
        (["user.contact.email", "user.financial"], False),
        ([], False),
    ],
)
def test_values_are_self_declared_only_where_all_of_them_are(categories, holds):
    rule = a_rule(self_declared=("user.name", "user.contact"))

    assert is_self_declared(categories, rule) is holds


def due(items=(), rule=None, grounds=None, **changes):
    settings = {"minor": False, "self_declared": False, "laws": ("CN",)}
    known = {"X1": a_ground(), **(grounds or {})}
    return approval_due(rule or a_rule(), items, known, **settings | changes)


def test_a_grant_needs_as_many_officers_as_its_kind_says():
    assert due([GRANTED]).count == 1
    assert due([GRANTED], a_rule(approval=Need.NONE)) == Approval(0, (), ())


def test_a_correction_of_self_declared_values_needs_no_second_officer():
    rule = a_rule(self_declared=("user.name",))

    assert due([GRANTED], rule, self_declared=True).count == 0
    assert due([GRANTED], rule, self_declared=False).count == 1


def test_a_kind_without_self_declared_values_needs_its_approval_whatever_is_said():
    assert due([GRANTED], a_rule(), self_declared=True).count == 1


def test_whatever_is_not_granted_needs_a_second_officer():
    free = a_rule(approval=Need.NONE)

    assert due([refused(), GRANTED], free).count == 1
    assert due([refused(proposal=Proposal.KEEP)], free).count == 1
    assert due([refused(ground="")], free).count == 1


def test_data_of_a_minor_need_approval_where_they_are_seen():
    assert due([], a_rule(approval=Need.NONE), minor=True).count == 1
    assert due([], a_rule(approval=Need.NONE, searches=False), minor=True).count == 0


def test_the_strictest_ground_sets_the_number_and_all_set_the_roles():
    two = a_ground(code="X2", approvers=Approvers(2, (OfficerRole.LEGAL,)))

    found = due([refused(), refused(ground="X2"), GRANTED], grounds={"X2": two})

    assert found.count == 2
    assert found.roles == (OfficerRole.LEGAL,)
    assert len(found.why) == 3


@pytest.mark.parametrize(
    ("items", "laws", "roles"),
    [
        ([refused()], ("CN",), (OfficerRole.LEGAL,)),
        ([refused(), GRANTED], ("CN",), ()),
        ([refused()], ("EU",), ()),
    ],
)
def test_a_full_refusal_that_legal_must_cite_is_approved_by_legal(items, laws, roles):
    ground = a_ground(legal_citation_for={"CN": (Kind.ACCESS,)})

    assert due(items, grounds={"X1": ground}, laws=laws).roles == roles


HANDLER, APPROVER, LEGAL = (
    frozenset({role}) for role in (OfficerRole.HANDLER, OfficerRole.APPROVER, OfficerRole.LEGAL)
)


@pytest.mark.parametrize(
    ("count", "roles", "given", "lacks"),
    [
        (0, (), [], None),
        (1, (), [], "1 of 1 approvals are still due"),
        (1, (), [HANDLER], "1 of 1 approvals are still due"),
        (1, (), [APPROVER], None),
        (1, (), [LEGAL], None),
        (2, (OfficerRole.LEGAL,), [LEGAL], "1 of 2 approvals are still due"),
        (2, (OfficerRole.LEGAL,), [APPROVER, APPROVER], "an approval by legal is still due"),
        (2, (OfficerRole.LEGAL,), [APPROVER, LEGAL], None),
    ],
)
def test_approvals_lack_what_the_decision_still_needs(count, roles, given, lacks):
    assert approval_lacking(Approval(count, roles, ()), given) == lacks


def under(code, **changes):
    return refused(ground=code, **changes)


GROUNDS = {
    "X1": a_ground(),
    "K": a_ground(code="K", outcome=Outcome.RESTRICTED),
    "N": a_ground(code="N", outcome=Outcome.NO_DATA, withholds=False),
    "A": a_ground(code="A", outcome=Outcome.NOT_APPLICABLE),
    "R": a_ground(code="R", outcome=Outcome.REFERRED),
    "L": a_ground(code="L", outcome=Outcome.LAPSED),
}


@pytest.mark.parametrize(
    ("items", "end"),
    [
        ([GRANTED], Outcome.FULFILLED),
        ([GRANTED, under("X1")], Outcome.PARTLY_REFUSED),
        ([GRANTED, under("K", proposal=Proposal.KEEP)], Outcome.PARTLY_REFUSED),
        ([GRANTED, under("N")], Outcome.FULFILLED),
        ([under("X1")], Outcome.REFUSED),
        ([under("K")], Outcome.RESTRICTED),
        ([under("K"), under("X1")], Outcome.REFUSED),
        ([under("N"), under("K")], Outcome.RESTRICTED),
        ([under("N")], Outcome.NO_DATA),
        ([under("A"), under("N")], Outcome.NOT_APPLICABLE),
        ([under("R")], Outcome.REFERRED),
        ([under("L")], Outcome.LAPSED),
    ],
)
def test_items_decide_how_a_ticket_ends(items, end):
    assert outcome(items, GROUNDS, a_rule()) is end


def test_without_items_a_search_found_nothing_and_other_kinds_are_simply_done():
    assert outcome([], {}, a_rule()) is Outcome.NO_DATA
    assert outcome([], {}, a_rule(searches=False)) is Outcome.FULFILLED


@given(st.lists(st.sampled_from([GRANTED, *map(under, GROUNDS)]), min_size=1))
def test_a_ticket_is_fulfilled_only_where_nothing_is_withheld(items):
    withheld = any(i is not GRANTED and GROUNDS[i.ground].withholds for i in items)
    granted = any(i is GRANTED for i in items)

    assert (outcome(items, GROUNDS, a_rule()) is Outcome.FULFILLED) == (granted and not withheld)


@given(st.lists(st.sampled_from([GRANTED, *map(under, GROUNDS)])), st.booleans())
def test_one_more_refused_item_never_needs_fewer_approvals(items, minor):
    settings = {"minor": minor, "self_declared": False, "laws": ("CN",)}
    before = approval_due(a_rule(), items, GROUNDS, **settings)
    after = approval_due(a_rule(), [*items, under("X1")], GROUNDS, **settings)

    assert after.count >= before.count
    assert set(after.roles) >= set(before.roles)


def test_no_hard_stop_depends_on_how_the_reason_is_spaced_or_written():
    rule = Forbidden(Place.REASON, ("not basic",), "none", "Law 3")
    ground = replace(a_ground(), forbidden=(rule,))

    assert stops(refused(reason="NOT \t basic"), ground) == stops(
        refused(reason="not basic"), ground
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh", "是"), ("zh-Hans-CN", "是"), ("en", "yes"), ("fr", "yes")],
)
def test_texts_fall_back_to_the_parent_language_then_to_english(language, text):
    assert in_language({"en": "yes", "zh": "是"}, language) == text


@pytest.mark.parametrize(
    ("path", "holds"),
    [("user.name", True), ("user.name.first", True), ("user.names", False), ("user", False)],
)
def test_a_data_category_belongs_by_whole_parts(path, holds):
    assert belongs(path, ("user.name",)) is holds


def test_a_field_that_tells_of_nobody_grants_nothing():
    number = replace(GRANTED, field="id", category="")

    assert nothing_granted([refused(), number])
    assert not nothing_granted([refused(), replace(number, category="user.name")])
    assert not nothing_granted([refused(), replace(number, field="")])


def test_an_objection_names_the_article_that_its_rule_rests_on():
    found = stops(refused(reason=""), articles={Stop.UNSAID: "Law 9"})

    assert found == ("no reason to the person (Law 9)",)
