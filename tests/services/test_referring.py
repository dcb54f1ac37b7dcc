"""Referring a request or a part of it: what stays ours, and what the part takes over."""

import json

import pytest
from sqlmodel import select

from dsr.domain.vocabulary import Channel, IdentifierType, Kind, RequesterRole, Scope
from dsr.errors import NotAllowedError
from dsr.rules.terms import terms
from dsr.services import parties
from dsr.services.permitting import permit
from dsr.services.referring import refer
from dsr.services.splitting import split
from dsr.services.steps import ticket_of
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.trail import EventRow

TAKEN_OVER = (
    "case_number",
    "person",
    "who",
    "laws",
    "requester_role",
    "language",
    "received_at",
    "channel",
    "place",
    "minor",
    "born_on",
    "extra",
)


@pytest.fixture
def lanhai(desk):
    """A client of the company."""
    parties.add_clients(
        desk, [parties.Client("lanhai", {"en": "Lanhai"}, "privacy@lanhai.example.com")]
    )
    return "lanhai"


@pytest.mark.parametrize("how", ["part", "split"])
def test_a_further_ticket_of_a_letter_has_all_that_the_letter_said(desk, opened, lanhai, how):
    number = opened(
        Kind.DELETION,
        identifiers=((IdentifierType.PHONE, "+8619900000001"),),
        role=RequesterRole.GUARDIAN,
        language="zh-Hans",
        channel=Channel.FORM,
        place="CN",
        minor=True,
        extra={"form": "web"},
    )
    permit(desk, number, "li")
    if how == "part":
        further = refer(desk, number, lanhai, part=True).number
    else:
        further = split(desk, number, [(Kind.COPY, None)])[0].number
    with desk.read() as session:
        one, other = ticket_of(session, number), ticket_of(session, further)
        for name in TAKEN_OVER:
            assert getattr(other, name) == getattr(one, name), name
    assert further != number


def test_a_stop_of_marketing_is_not_referred_whole_and_the_rule_is_cited(desk, opened, lanhai):
    number = opened(Kind.WITHDRAWAL, Scope.MARKETING)
    with pytest.raises(NotAllowedError) as refusal:
        refer(desk, number, lanhai)
    assert terms().own_marketing.citation in str(refusal.value)
    assert refusal.value.hint == f"dsr refer {number} --to lanhai --part"
    assert refer(desk, number, lanhai, part=True).number != number


@pytest.mark.parametrize("scope", [Scope.CONSENT, Scope.COOKIES])
def test_other_withdrawals_are_referred_whole(desk, opened, lanhai, scope):
    number = opened(Kind.WITHDRAWAL, scope)
    refer(desk, number, lanhai)
    with desk.read() as session:
        assert [row.number for row in session.exec(select(TicketRow))] == [number]
        body = session.exec(select(EventRow.body).where(EventRow.action == "refer")).one()
    assert json.loads(body)["facts"]["client"] == lanhai


def test_leave_for_a_minors_file_recalls_the_stop_of_marketing_until_there_is_one(desk, opened):
    number = opened(Kind.ACCESS, minor=True)
    command = f"dsr split {number} withdrawal --scope marketing"
    assert command in permit(desk, number, "li").said
    opened(Kind.WITHDRAWAL, Scope.COOKIES)
    assert command in permit(desk, number, "li").said
    opened(Kind.WITHDRAWAL, Scope.MARKETING)
    assert command not in permit(desk, number, "li").said
