"""What was shown of one identifier says nothing of another; a failed proof ends earlier ones."""

import pytest

from dsr.domain.vocabulary import (
    IdentifierType,
    Kind,
    LetterName,
    RequesterRole,
    SearchResult,
)
from dsr.errors import UsageError
from dsr.rules import office
from dsr.services import identity, letters, setting, steps
from dsr.services.identity import Shown
from dsr.services.proving import proof_objection, proved_identifiers
from dsr.store.tables.work import SearchRow

MAIL = (IdentifierType.EMAIL, "mallory@example.com")
ACCOUNT = (IdentifierType.ACCOUNT, "mallory-7")
PHONE = (IdentifierType.PHONE, "+8619900000001")
SENSITIVE = "user.biometric"


def of(desk, number, what, *more):
    with desk.read() as session:
        return what(session, steps.ticket_of(session, number), *more)


def objection_to(desk, number):
    return of(desk, number, proof_objection, office.kind_rule(Kind.COPY))


def find(desk, number, category):
    with desk.write() as step:
        row = SearchRow(
            ticket=number,
            source="crm",
            collection="person",
            result=SearchResult.FOUND,
            warnings=[],
            categories=[category],
            at=step.now,
        )
        step.session.add(row)


@pytest.fixture
def weakly_named(desk, opened):
    """Return a copy whose mail and account are proved well, and whose phone was only known of."""
    number = opened(Kind.COPY, identifiers=(MAIL, ACCOUNT, PHONE), sender=MAIL[1])
    identity.accept(desk, number, Shown("known_facts"))
    identity.accept(desk, number, Shown("one_time_code", MAIL))
    identity.accept(desk, number, Shown("account_login", ACCOUNT))
    return number


def test_weak_proof_does_for_ordinary_data(desk, weakly_named):
    find(desk, weakly_named, "user.contact.email")
    assert set(of(desk, weakly_named, proved_identifiers)) == {MAIL, ACCOUNT, PHONE}
    assert objection_to(desk, weakly_named) is None


def test_a_strong_proof_of_one_identifier_does_not_carry_a_weak_one(desk, weakly_named):
    assert office.is_sensitive(SENSITIVE)
    find(desk, weakly_named, SENSITIVE)
    assert set(of(desk, weakly_named, proved_identifiers)) == {MAIL, ACCOUNT}
    assert "that the phone is the person's" in objection_to(desk, weakly_named)
    identity.accept(desk, weakly_named, Shown("video"))
    assert objection_to(desk, weakly_named) is None


def test_an_address_that_was_only_named_gets_nothing_where_there_are_several(desk, opened):
    other = (IdentifierType.EMAIL, "mei@example.com")
    number = opened(Kind.COPY, identifiers=(MAIL, other), sender=MAIL[1])
    identity.accept(desk, number, Shown("known_facts"))
    assert of(desk, number, letters.address_of, LetterName.COPY) is None
    identity.accept(desk, number, Shown("one_time_code", other))
    assert of(desk, number, letters.address_of, LetterName.COPY) == other[1]


@pytest.fixture
def half_shown(desk, opened):
    """Return a copy that an agent asks for, whose own identity is shown and whose power is not."""
    number = opened(
        Kind.COPY, identifiers=(MAIL,), sender="agent@example.com", role=RequesterRole.AGENT
    )
    identity.accept(desk, number, Shown("known_facts"))
    assert "may speak as agent" in objection_to(desk, number)
    return number


def test_a_failed_proof_ends_what_was_proved_before(desk, half_shown):
    identity.fail(desk, half_shown, "one_time_code", "the code came from another number")
    assert of(desk, half_shown, proved_identifiers) == []
    identity.accept(desk, half_shown, Shown("power_of_attorney"))
    assert objection_to(desk, half_shown) == "identity is not verified for this ticket"


def test_more_that_is_needed_ends_nothing(desk, half_shown):
    identity.fail(desk, half_shown, "power_of_attorney", "the date is missing", more=True)
    identity.accept(desk, half_shown, Shown("power_of_attorney"))
    assert objection_to(desk, half_shown) is None


def test_the_company_is_no_requester_of_what_somebody_else_asked(desk, opened):
    number = opened(Kind.DELETION, identifiers=(MAIL,))
    with pytest.raises(UsageError, match="did not ask for it"):
        setting.set_values(desk, number, setting.Changes(role=RequesterRole.COMPANY))


@pytest.mark.parametrize(
    "changes",
    [setting.Changes(kind=Kind.COPY), setting.Changes(role=RequesterRole.AGENT)],
    ids=["another right", "another requester"],
)
def test_what_was_found_for_another_question_is_forgotten(desk, opened, changes):
    number = opened(Kind.ACCESS, identifiers=(MAIL,))
    identity.accept(desk, number, Shown("one_time_code", MAIL))
    find(desk, number, "user.contact.email")
    setting.set_values(desk, number, changes)
    with desk.read() as session:
        assert session.get(SearchRow, (number, "crm", "person")) is None
