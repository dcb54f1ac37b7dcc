"""Who sees personal values without a reason, who with one, and what is written down of it."""

import json
from dataclasses import replace

import pytest
from sqlmodel import select

from dsr.domain.vocabulary import Outcome
from dsr.errors import NotAllowedError
from dsr.services import handling
from dsr.services.attaching import attachments
from dsr.services.closing import Closing, close
from dsr.services.evidence import history
from dsr.services.looking import may_see_plain, write_down
from dsr.services.showing import show
from dsr.services.steps import ticket_of
from dsr.store.tables.trail import EventRow


def seen(desk, number, reveal=None):
    with desk.read() as session:
        return may_see_plain(session, desk, [ticket_of(session, number)], reveal)


def test_an_officers_own_open_ticket_is_seen_without_a_reason(desk, opened):
    number = opened()
    assert not seen(desk, number)
    handling.assign(desk, number, "li")
    assert seen(desk, number)
    assert not seen(replace(desk, officer="wang"), number)
    close(desk, number, Closing(Outcome.WITHDRAWN, "wrote so"))
    assert not seen(desk, number)


def test_a_minors_values_are_seen_with_a_reason_and_with_leave(desk, opened):
    number = opened(minor=True)
    handling.assign(desk, number, "li")
    assert not seen(desk, number)
    with pytest.raises(NotAllowedError, match="no leave"):
        seen(desk, number, "the guardian called")


@pytest.mark.parametrize("look", [show, attachments, history])
def test_an_empty_reason_is_none_whatever_is_looked_at(desk, opened, look):
    number = opened()
    with pytest.raises(NotAllowedError, match="a reason is needed"):
        look(desk, number, reveal=" ")


def test_one_ticket_that_is_not_his_hides_them_all(desk, opened):
    numbers = [opened(), opened()]
    handling.assign(desk, numbers[0], "li")
    with desk.read() as session:
        tickets = [ticket_of(session, number) for number in numbers]
        assert not may_see_plain(session, desk, tickets, None)
        assert may_see_plain(session, desk, tickets[:1], None)


def test_who_looks_is_written_down_for_each_ticket_and_the_reason_sealed(desk, opened):
    numbers = [opened(), opened()]
    write_down(desk, numbers, "the court asks", files=2)
    with desk.read() as session:
        rows = session.exec(select(EventRow).where(EventRow.action == "read")).all()
    assert [row.ticket for row in rows] == numbers
    for row in rows:
        assert json.loads(row.body)["facts"] == {"revealed": True, "files": 2}
        assert "court" not in row.body
