"""Leave to see a minor's file: who gives it, to whom, and what the trail keeps of it."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from dsr.domain.vocabulary import Kind, OfficerRole
from dsr.errors import ConfigError, NotAllowedError, NotFoundError
from dsr.services import registers
from dsr.services.connecting import add_sources
from dsr.services.desk import FourEyes
from dsr.services.going import go
from dsr.services.identity import Shown, accept
from dsr.services.permitting import permit, require_view
from dsr.services.planning import plan
from dsr.services.searching import export, find
from dsr.services.showing import show
from dsr.services.steps import ticket_of
from dsr.store.tables.cases import PermitRow
from dsr.store.tables.trail import EventRow

BORN = date(2014, 5, 18)
DATAMAP = """
dataset:
  - fides_key: crm
    collections:
      - name: person
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
"""


@pytest.fixture
def child(opened):
    """A ticket of somebody under age."""
    return opened(minor=True, born_on=BORN)


def permits(desk):
    with desk.read() as session:
        return [(row.officer, row.approver) for row in session.exec(select(PermitRow))]


def test_an_officer_who_works_alone_gives_himself_leave_and_the_trail_says_so(desk, child):
    assert "one officer alone" in permit(desk, child, "@me").said
    assert permits(desk) == [("li", "li")]
    with desk.read() as session:
        body = session.exec(select(EventRow.body).where(EventRow.action == "permit")).one()
        require_view(session, ticket_of(session, child), "li")
    assert json.loads(body)["facts"] == {"officer": "li", "alone": True, "four_eyes": "alone"}


def test_nobody_gives_himself_leave_where_others_may_approve(desk, child):
    registers.add_officer(desk, "wang", [OfficerRole.APPROVER])
    with pytest.raises(NotAllowedError, match="himself"):
        permit(desk, child, "li")
    assert permits(desk) == []


@pytest.mark.parametrize(("four_eyes", "allowed"), [(FourEyes.USER, False), (FourEyes.NAME, True)])
def test_a_second_name_of_the_same_system_user_is_no_second_officer(
    desk, child, four_eyes, allowed
):
    registers.add_officer(desk, "li2", [OfficerRole.HANDLER], os_user="li-system")
    strict = replace(desk, office=replace(desk.office, four_eyes=four_eyes))
    if allowed:
        permit(strict, child, "li2")
    else:
        with pytest.raises(NotAllowedError):
            permit(strict, child, "li2")
    assert permits(desk) == ([("li2", "li")] if allowed else [])


def test_a_dry_run_gives_no_leave(desk, child):
    permit(desk, child, "li", dry_run=True)
    assert permits(desk) == []


def test_leave_is_for_one_ticket(desk, child, opened):
    other = opened(minor=True, born_on=BORN)
    permit(desk, child, "li")
    show(desk, child, "why")
    with pytest.raises(NotAllowedError):
        show(desk, other, "why")


def test_leave_for_nobody_and_for_a_grown_persons_file_is_refused(desk, child, opened):
    with pytest.raises(NotFoundError):
        permit(desk, child, "nobody")
    with pytest.raises(NotAllowedError, match="not a minor"):
        permit(desk, opened(), "li")


def test_a_refused_look_is_not_written_down_as_one(desk, child):
    with pytest.raises(NotAllowedError):
        show(desk, child, "why")
    with desk.read() as session:
        assert session.exec(select(EventRow).where(EventRow.action == "read")).all() == []


def test_no_source_is_asked_before_leave_is_given(desk, opened):
    number = opened(minor=True, born_on=date(2011, 5, 18))
    accept(desk, number, Shown("video"))
    with pytest.raises(NotAllowedError, match="no leave"):
        find(desk, number)
    permit(desk, number, "li")
    with pytest.raises(ConfigError, match="no source"):
        find(desk, number)


@pytest.fixture
def searched(desk, opened, tmp_path):
    """Return what opens a grown minor's ticket that li, who has leave, has searched."""
    place, datamap = tmp_path / "crm.db", tmp_path / "map.yaml"
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute("CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT)")
        connection.execute("INSERT INTO person VALUES (1, 'mei@example.com')")
    datamap.write_text(DATAMAP, encoding="utf-8")
    add_sources(desk, [datamap], {"crm": str(place)})

    def search(kind):
        number = opened(kind, minor=True, born_on=date(2011, 5, 18))
        accept(desk, number, Shown("video"))
        permit(desk, number, "li")
        find(desk, number)
        return number

    return search


@pytest.mark.parametrize(("kind", "work"), [(Kind.COPY, export), (Kind.DELETION, plan)])
def test_leave_of_one_officer_lets_no_other_read_the_sources(desk, searched, kind, work):
    number = searched(kind)
    registers.add_officer(desk, "wang", [OfficerRole.HANDLER])
    other = replace(desk, officer="wang", os_user="wang-system")
    with pytest.raises(NotAllowedError, match="no leave") as refusal:
        work(other, number)
    assert refusal.value.hint == f"dsr approve {number} --to-view wang --as APPROVER"
    assert "no leave" in go(other, number).why
    work(desk, number)
