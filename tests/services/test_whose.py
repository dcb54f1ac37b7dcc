"""Whose data a request concerns, where something is missing or a source is down."""

import sqlite3
from contextlib import closing

import pytest
from sqlmodel import select

from dsr.domain.vocabulary import Channel, IdentifierType, Kind, Outcome, RequesterRole, Scope
from dsr.errors import ConfigError, NotAllowedError
from dsr.services.closing import Closing, close
from dsr.services.connecting import add_sources
from dsr.services.whose import whose
from dsr.store.tables.trail import EventRow
from dsr.store.tables.work import SearchRow

DATAMAP = """
dataset:
  - fides_key: platform
    collections:
      - name: staff
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
      - name: logins
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    meta: {dsr: {role: controller, collections: {staff: {role: processor, client: lanhai}}}}
"""


@pytest.fixture
def platform(desk, tmp_path):
    """A source where a client's staff and our own logins stand side by side."""
    database, datamap = tmp_path / "platform.db", tmp_path / "map.yaml"
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executescript(
            "create table staff (id integer primary key, email text);"
            "create table logins (id integer primary key, email text);"
            "insert into staff values (1, 'mei@example.com'), (2, 'mei@example.com');"
            "insert into logins values (1, 'mei@example.com')"
        )
    connection.close()
    datamap.write_text(DATAMAP, encoding="utf-8")
    add_sources(desk, [datamap], {"platform": str(database)})
    return database


def results(seen):
    return {row.collection: (row.role, row.client, row.result) for row in seen.rows}


def test_only_what_clients_entrusted_is_asked(desk, platform, opened):
    seen = whose(desk, opened(Kind.DELETION))
    assert results(seen) == {
        "staff": ("processor", "lanhai", "found"),
        "logins": ("controller", None, "not_asked"),
    }


def test_a_client_that_is_not_registered_has_no_name(desk, platform, opened):
    assert whose(desk, opened()).rows[0].client_name is None


def test_a_source_that_is_down_is_neither_found_nor_empty(desk, platform, opened):
    platform.write_bytes(b"no database at all, but long enough to look like a file of one")
    seen = whose(desk, opened())
    assert results(seen)["staff"][2] == "failed"
    assert "mend it" in seen.advice[0]
    assert len(seen.advice) == 1


def test_a_stop_of_marketing_is_advised_to_be_referred_in_part_alone(desk, platform, opened):
    seen = whose(desk, opened(Kind.WITHDRAWAL, Scope.MARKETING))
    assert [line.endswith("--part") for line in seen.advice] == [True]


def test_it_leaves_a_note_and_no_result_of_a_search(desk, platform, opened):
    whose(desk, opened())
    with desk.read() as session:
        assert session.exec(select(SearchRow)).all() == []
        body = session.exec(select(EventRow.body).where(EventRow.action == "note")).one()
    assert "mei@" not in body
    assert '["platform","staff","found"]' in body


def test_nothing_is_asked_without_a_name_a_source_or_an_open_ticket(desk, opened):
    nameless = opened(identifiers=(), sender=None, channel=Channel.PHONE)
    with pytest.raises(NotAllowedError, match="names nobody"):
        whose(desk, nameless)
    number = opened()
    with pytest.raises(ConfigError):
        whose(desk, number)
    close(desk, number, Closing(Outcome.WITHDRAWN, "wrote so"))
    with pytest.raises(NotAllowedError, match="no longer"):
        whose(desk, number)


def test_who_asks_for_another_is_not_looked_for(desk, platform, opened):
    number = opened(
        role=RequesterRole.AGENT,
        identifiers=((IdentifierType.EMAIL, "lan@example.com"),),
    )
    assert results(whose(desk, number))["staff"][2] == "none"
