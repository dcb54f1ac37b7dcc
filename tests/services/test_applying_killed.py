"""Killed at any statement of `apply`: nothing half erased, nothing erased twice, nothing lost."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dsr.domain.vocabulary import IdentifierType, Kind
from dsr.services import approvals, identity
from dsr.services.applying import apply
from dsr.services.connecting import add_sources
from dsr.services.decisions import propose
from dsr.services.evidence import verify
from dsr.services.identity import Shown
from dsr.services.items import Decision
from dsr.services.planning import plan
from dsr.services.searching import find

DATAMAP = """
dataset:
  - fides_key: crm
    collections:
      - name: person
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: name, data_categories: [user.name]}
      - name: note
        fides_meta: {masking_strategy_override: {strategy: delete}}
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - name: person_id
            fides_meta: {references: [{dataset: crm, field: person.id, direction: from}]}
          - {name: text, data_categories: [user.content]}
  - fides_key: shop
    collections:
      - name: buyer
        fides_meta: {masking_strategy_override: {strategy: delete}}
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
"""
CRM = """
CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT UNIQUE NOT NULL, name TEXT NOT NULL);
CREATE TABLE note (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES person (id), text TEXT);
INSERT INTO person VALUES (1, 'mei@example.com', 'Mei'), (2, 'bo@example.com', 'Bo');
INSERT INTO note VALUES (1, 1, 'called'), (2, 1, 'wrote'), (3, 2, 'called');
"""
SHOP = """
CREATE TABLE buyer (id INTEGER PRIMARY KEY, email TEXT);
INSERT INTO buyer VALUES (7, 'mei@example.com'), (8, 'bo@example.com');
"""
SOURCES = {"crm": CRM, "shop": SHOP}


def dump(place: Path) -> list[str]:
    with closing(sqlite3.connect(place)) as connection:
        return list(connection.iterdump())


def trail(database: Path) -> list[tuple[str, ...]]:
    """Return what was done, without the day: an event for each part, once."""
    with closing(sqlite3.connect(database)) as connection:
        done = "SELECT body FROM event WHERE action = 'apply' AND body LIKE '%\"done\"%'"
        return connection.execute(done).fetchall()


@pytest.fixture
def approved(desk, database, opened, tmp_path):
    """Return the folder of a company of two systems, and an approved deletion in them."""
    for name, script in SOURCES.items():
        with closing(sqlite3.connect(tmp_path / f"{name}.db")) as connection:
            connection.executescript(script)
    (tmp_path / "datamap.yaml").write_text(DATAMAP, encoding="utf-8")
    places = {name: f"{tmp_path / name}.db" for name in SOURCES}
    add_sources(desk, [tmp_path / "datamap.yaml"], places)
    number = opened(Kind.DELETION)
    identity.accept(desk, number, Shown("in_person", (IdentifierType.EMAIL, "mei@example.com")))
    find(desk, number)
    plan(desk, number)
    propose(desk, number, Decision())
    approvals.approve(desk, number)
    desk.engine.dispose()
    kept = tmp_path / "before"
    kept.mkdir()
    for place in files(tmp_path, database):
        shutil.copyfile(place, kept / place.name)
    return number


def files(folder, database):
    return [database, *(folder / f"{name}.db" for name in SOURCES)]


def test_killed_at_any_statement_apply_goes_on_where_it_was(
    desk, database, approved, tmp_path, killed, die_at
):
    systems = files(tmp_path, database)[1:]
    before = {place: dump(place) for place in systems}
    apply(desk, approved)
    desk.engine.dispose()
    after = {place: dump(place) for place in systems}
    assert all(before[place] != after[place] for place in systems)
    halfway, moment, died = set(), 0, True
    while died:
        for place in files(tmp_path, database):
            shutil.copyfile(tmp_path / "before" / place.name, place)
        died = killed(desk, lambda own: apply(own, approved), die_at(moment, reads=False))
        for place in systems:
            assert dump(place) in (before[place], after[place]), moment
        halfway.add(sum(dump(place) == after[place] for place in systems))
        apply(desk, approved)
        assert {place: dump(place) for place in systems} == after, moment
        assert len(trail(database)) == len(systems), moment
        assert verify(desk).ok
        desk.engine.dispose()
        moment += 1
    assert halfway == {0, 1, 2}
    assert moment > 20
