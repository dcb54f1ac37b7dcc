"""A proof covers what was named then, and never the address of who asks for another."""

import pytest

from dsr.domain.vocabulary import Channel, IdentifierType, Kind, RequesterRole
from dsr.errors import NotAllowedError
from dsr.services import identity, searching, setting
from dsr.services.identity import Shown
from dsr.services.proving import identifiers_of, proved_identifiers
from dsr.services.steps import ticket_of


def proved(desk, number):
    with desk.read() as session:
        return proved_identifiers(session, ticket_of(session, number))


def test_what_is_named_after_a_proof_is_not_covered_by_it(desk, opened):
    mine = (IdentifierType.EMAIL, "mei@example.com")
    number = opened(Kind.COPY, identifiers=(mine,))
    identity.accept(desk, number, Shown("video"))
    setting.set_values(
        desk, number, setting.Changes(identifiers=((IdentifierType.PHONE, "19900000001"),))
    )
    assert proved(desk, number) == [mine]


def test_a_new_identifier_voids_the_search_that_did_not_look_for_it(desk, opened):
    number = opened(Kind.COPY)
    identity.accept(desk, number, Shown("video"))
    with pytest.raises(Exception, match="no source is registered"):
        searching.find(desk, number)


@pytest.mark.parametrize("role", [RequesterRole.GUARDIAN, RequesterRole.AGENT])
def test_who_asks_for_another_is_not_searched_for(desk, opened, role):
    child = (IdentifierType.PHONE, "+8619900000014")
    number = opened(
        Kind.DELETION,
        identifiers=(child,),
        sender="mother@example.com",
        role=role,
        channel=Channel.EMAIL,
    )
    with desk.read() as session:
        named = identifiers_of(session, ticket_of(session, number))
    assert [(row.type, row.value) for row in named] == [child]


def test_a_code_to_the_requester_proves_nothing_of_the_subject(desk, opened):
    child = (IdentifierType.PHONE, "+8619900000014")
    number = opened(
        Kind.DELETION,
        identifiers=(child,),
        sender="mother@example.com",
        role=RequesterRole.GUARDIAN,
    )
    bound = (IdentifierType.EMAIL, "mother@example.com")
    identity.accept(desk, number, Shown("one_time_code", bound))
    assert proved(desk, number) == []
    with pytest.raises(NotAllowedError):
        searching.find(desk, number)
