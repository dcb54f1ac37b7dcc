"""Which proofs suffice for one ticket, and what is asked for."""

import pytest

from dsr.domain.authority import Proof, methods_to_ask, objection, shows
from dsr.domain.law import Certainty
from dsr.domain.office import KindRule, Need
from dsr.domain.proofs import Levels, ProofMethod
from dsr.domain.vocabulary import IdentifierType, Kind, LetterName, RequesterRole

EMAIL, PHONE, ACCOUNT, NAME = (
    IdentifierType.EMAIL,
    IdentifierType.PHONE,
    IdentifierType.ACCOUNT,
    IdentifierType.NAME,
)
LEVELS = Levels(ordinary=2, sensitive=4, citation="Law 1")


def a_rule(**changes):
    values = {
        "kind": Kind.ACCESS,
        "name": {"en": "access"},
        "policy_section": "5.1",
        "right": {"en": "Law 1"},
        "needs_proof": True,
        "searches": True,
        "package": True,
        "tasks": (),
        "letter": LetterName.ACCESS,
        "approval": Need.ONE,
        "irreversible": False,
        "soft_refusal": True,
        "askers": (
            RequesterRole.SUBJECT,
            RequesterRole.GUARDIAN,
            RequesterRole.AGENT,
            RequesterRole.NEAR_RELATIVE,
        ),
        "citation": "Law 2",
        "certainty": Certainty.DESIGN,
    }
    return KindRule(**values | changes)


def a_method(code, *, strength=1, proves=(), **changes):
    return ProofMethod(
        code=code,
        name={"en": code},
        proves=proves,
        strength=strength,
        ask={"en": code},
        citation="Law 3",
        certainty=Certainty.DESIGN,
        **changes,
    )


REPLY = a_method("reply", strength=2, proves=(EMAIL,), bound=True)
CODE = a_method("code", strength=3, proves=(EMAIL, PHONE), bound=True)
LOGIN = a_method("login", strength=3, proves=(ACCOUNT,), bound=True)
FACTS = a_method("facts", strength=2, proves=(EMAIL, PHONE, ACCOUNT, NAME))
VIDEO = a_method("video", strength=4, proves=(EMAIL, PHONE, NAME), sensitive_only=True)
MANDATE = a_method("mandate", authority_for=(RequesterRole.AGENT,))
GUARDIANSHIP = a_method("guardianship", authority_for=(RequesterRole.GUARDIAN,))
KINSHIP = a_method("kinship", authority_for=(RequesterRole.NEAR_RELATIVE,))
METHODS = (REPLY, FACTS, CODE, LOGIN, VIDEO, MANDATE, GUARDIANSHIP, KINSHIP)

MAILBOX = (EMAIL, "li@example.com")
MOBILE = (PHONE, "+8613800005678")
USER = (ACCOUNT, "li")


def why_not(*proofs, role=RequesterRole.SUBJECT, rule=None, **changes):
    settings = {"levels": LEVELS, "minor": False, "sensitive": False, "correcting": ()}
    return objection(rule or a_rule(), role, proofs, **settings | changes)


def test_a_kind_that_needs_no_proof_takes_anybody():
    assert why_not(role=RequesterRole.UNKNOWN, rule=a_rule(needs_proof=False)) is None


def test_the_company_of_its_own_motion_proves_nothing():
    assert why_not(role=RequesterRole.COMPANY) is None


def test_without_proof_the_identity_is_missing():
    assert why_not() == "identity is not verified for this ticket"


def test_one_ordinary_proof_is_enough_for_ordinary_data():
    assert why_not(Proof(REPLY, MAILBOX)) is None
    assert why_not(Proof(FACTS)) is None


def test_nobody_knows_for_whom_an_unknown_requester_speaks():
    assert "not said" in why_not(Proof(VIDEO), role=RequesterRole.UNKNOWN)


def test_only_those_ask_whom_the_kind_lets_ask():
    assert "a client cannot ask for access" in why_not(Proof(VIDEO), role=RequesterRole.CLIENT)


def test_a_child_asks_through_a_guardian_where_the_law_says_so():
    proof = Proof(REPLY, MAILBOX)

    assert "too young" in why_not(proof, guardian_required=True)
    assert (
        why_not(proof, Proof(GUARDIANSHIP), role=RequesterRole.GUARDIAN, guardian_required=True)
        is None
    )


@pytest.mark.parametrize(
    ("role", "authority"),
    [
        (RequesterRole.AGENT, MANDATE),
        (RequesterRole.GUARDIAN, GUARDIANSHIP),
        (RequesterRole.NEAR_RELATIVE, KINSHIP),
    ],
)
def test_who_speaks_for_another_shows_authority_and_identity(role, authority):
    assert f"speak as {role.replace('_', ' ')}" in why_not(Proof(REPLY, MAILBOX), role=role)
    assert why_not(Proof(authority), role=role) == "identity is not verified for this ticket"
    assert why_not(Proof(authority), Proof(REPLY, MAILBOX), role=role) is None


def test_another_authority_does_not_do():
    proofs = (Proof(KINSHIP), Proof(REPLY, MAILBOX))

    assert "speak as agent" in why_not(*proofs, role=RequesterRole.AGENT)


def test_an_agent_of_a_minor_is_appointed_by_the_guardian():
    proofs = (Proof(MANDATE), Proof(REPLY, MAILBOX))

    assert "speak as guardian" in why_not(*proofs, role=RequesterRole.AGENT, minor=True)
    assert why_not(*proofs, Proof(GUARDIANSHIP), role=RequesterRole.AGENT, minor=True) is None


def test_a_minor_who_may_ask_alone_needs_no_guardian():
    assert why_not(Proof(REPLY, MAILBOX), minor=True) is None


@pytest.mark.parametrize(
    ("proofs", "enough"),
    [
        ([Proof(REPLY, MAILBOX)], False),
        ([Proof(CODE, MOBILE)], False),
        ([Proof(REPLY, MAILBOX), Proof(FACTS)], False),
        ([Proof(CODE, MOBILE), Proof(FACTS)], False),
        ([Proof(CODE, MOBILE), Proof(CODE, MAILBOX)], False),
        ([Proof(CODE, MOBILE), Proof(LOGIN, USER)], True),
        ([Proof(VIDEO)], True),
    ],
)
def test_sensitive_data_need_a_stronger_proof_or_two_good_ones(proofs, enough):
    found = why_not(*proofs, sensitive=True)

    assert found == (None if enough else "sensitive data need a stronger proof of identity")


@pytest.mark.parametrize("proof", [Proof(CODE, MOBILE), Proof(CODE), Proof(CODE, USER)])
def test_a_code_sent_to_the_number_to_correct_or_to_none_proves_nothing(proof):
    found = why_not(proof, rule=a_rule(kind=Kind.CORRECTION), correcting=(MOBILE,))

    assert "proves nothing" in found


def test_a_code_sent_elsewhere_proves_even_while_a_number_is_corrected():
    assert why_not(Proof(CODE, MAILBOX), correcting=(MOBILE,)) is None


def ask(role=RequesterRole.SUBJECT, rule=None, known=(MAILBOX, MOBILE), **changes):
    settings = {"levels": LEVELS, "minor": False, "sensitive": False, "correcting": ()}
    return methods_to_ask(rule or a_rule(), role, METHODS, known=known, **settings | changes)


def test_the_mildest_ways_that_reach_the_person_are_asked_for_first():
    assert ask() == (REPLY, FACTS, CODE)
    assert ask(known=(USER,)) == (FACTS, LOGIN)
    assert ask(known=()) == (FACTS,)


def test_nothing_is_asked_where_no_proof_is_needed():
    assert ask(rule=a_rule(needs_proof=False)) == ()
    assert ask(role=RequesterRole.COMPANY) == ()


def test_authority_is_asked_for_before_identity():
    assert ask(role=RequesterRole.AGENT) == (MANDATE, REPLY, FACTS, CODE)
    assert ask(role=RequesterRole.AGENT, minor=True)[:2] == (MANDATE, GUARDIANSHIP)


def test_sensitive_data_are_asked_for_with_what_is_strong_enough_alone():
    assert ask(sensitive=True) == (VIDEO,)


def test_no_code_is_offered_to_the_number_to_correct():
    assert ask(known=(MOBILE,), correcting=(MOBILE,)) == (FACTS,)


def test_whatever_is_asked_for_suffices_when_given():
    for sensitive in (False, True):
        for method in ask(sensitive=sensitive):
            value = MAILBOX if method.bound else None
            assert why_not(Proof(method, value), sensitive=sensitive) is None


@pytest.mark.parametrize(
    ("covering", "proofs", "correcting", "shown"),
    [
        ([], [Proof(FACTS)], (), False),  # what was proved of one identifier says nothing of it
        ([Proof(REPLY, MAILBOX)], [], (), False),
        ([Proof(CODE, MOBILE)], [], (), True),
        ([Proof(CODE, MOBILE)], [], (MOBILE,), False),
        ([Proof(FACTS)], [Proof(REPLY, MAILBOX)], (), True),  # a second way as strong
        ([Proof(FACTS)], [Proof(REPLY, MAILBOX)], (MAILBOX,), False),
        ([Proof(FACTS)], [Proof(CODE, MOBILE)], (), False),  # a stronger one, of something else
        ([Proof(FACTS)], [Proof(FACTS), Proof(MANDATE)], (), False),
    ],
)
def test_an_identifier_is_shown_by_what_covers_it_and_a_second_way_as_strong(
    covering, proofs, correcting, shown
):
    every = [*covering, *proofs]
    assert shows(covering, every, needed=3, correcting=correcting) is shown
