"""Items that are given less: under which ground, where the officer names none."""

import pytest

from dsr.domain.office import Means
from dsr.domain.vocabulary import Kind, Proposal
from dsr.errors import NotFoundError
from dsr.rules import office
from dsr.services.facts import items_of
from dsr.services.giving import Less
from dsr.services.identity import Shown, accept
from dsr.services.items import Decision, prepare
from dsr.services.steps import ticket_of


@pytest.fixture
def grounds(desk, opened):
    """Return what gives a deletion's one item less, and names its ground."""
    number = opened(Kind.DELETION)
    accept(desk, number, Shown("video"))

    def give(less):
        with desk.write() as step:
            prepare(step, ticket_of(step.session, number), Decision(less=(less,), draft=True))
        with desk.read() as session:
            return [row.ground for row in items_of(session, number)]

    return give


def test_what_is_kept_is_kept_by_a_law_where_no_ground_is_said(grounds):
    assert grounds(Less(Proposal.KEEP, "")) == [office.ground_for(Means.KEPT_BY_LAW).code]
    assert grounds(Less(Proposal.KEEP, "k2")) == ["K2"]


def test_nothing_is_refused_without_a_ground(grounds):
    with pytest.raises(NotFoundError):
        grounds(Less(Proposal.REFUSE, ""))
