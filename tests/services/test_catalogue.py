"""The register of sources: what is connected, checked and previewed."""

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from dsr.errors import ConfigError, NotAllowedError, NotFoundError, UsageError
from dsr.services import catalogue, connecting, registers
from dsr.services.connecting import SourceFinding
from dsr.services.previewing import Trial, preview
from dsr.services.registers import Registered
from dsr.store.tables.trail import EventRow

DATAMAP = """\
dataset:
  - fides_key: crm
    name: Customers
    meta:
      dsr: {label: {en: Customer relations, zh: 客户关系系统}}
    collections:
      - name: contacts
        fields:
          - name: id
            fides_meta: {primary_key: true, data_type: integer}
          - name: email
            data_categories: [user.contact.email]
            fides_meta: {identity: email, data_type: string}
      - name: chats
        fields:
          - name: contact_id
            fides_meta:
              references: [{dataset: crm, field: contacts.id, direction: from}]
          - name: text
            data_categories: [user.content]
  - fides_key: billing
    collections:
      - name: invoices
        fields:
          - name: mail
            data_categories: [user.contact.email]
            fides_meta: {identity: email}
"""
TABLES = {
    "crm": "CREATE TABLE contacts (id INTEGER PRIMARY KEY, email TEXT);"
    "CREATE TABLE chats (contact_id INTEGER, text TEXT);"
    "INSERT INTO contacts VALUES (1, 'mei@example.com');"
    "INSERT INTO chats VALUES (1, 'hello'), (1, 'again');",
    "billing": "CREATE TABLE invoices (mail TEXT);",
}


@pytest.fixture
def datamap(tmp_path):
    file = tmp_path / "datamap.yaml"
    file.write_text(DATAMAP, "utf-8")
    return file


@pytest.fixture
def places(tmp_path):
    found = {key: str(tmp_path / f"{key}.db") for key in TABLES}
    for key, path in found.items():
        change(path, TABLES[key])
    return found


@pytest.fixture
def connected(desk, datamap, places):
    connecting.add_sources(desk, [datamap], places)


def change(path, script):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(script)


def load(desk):
    with desk.read() as session:
        return catalogue.load(session)


def last_event(desk):
    with desk.read() as session:
        row = session.exec(select(EventRow).order_by(EventRow.id.desc())).first()
    return row.action, json.loads(row.body)["facts"]


def test_each_dataset_of_a_datamap_becomes_a_source(desk, datamap, places):
    done = connecting.add_sources(desk, [datamap], places)

    assert done == [Registered("crm", "added"), Registered("billing", "added")]
    known = load(desk)
    assert known.urls == {key: f"sqlite:///{path}" for key, path in places.items()}
    assert known.collection("crm", "chats").name == "chats"
    assert known.collection("crm", "invoices") is None
    assert known.collection("nowhere", "chats") is None
    labels = [known.label("crm", language) for language in ("zh-CN", "en", "de")]
    assert labels == ["客户关系系统", "Customer relations", "Customer relations"]
    assert known.label("billing", "zh") == "billing"
    assert known.label("gone", "zh") == "gone"


def test_the_trail_says_where_a_source_is_and_by_which_datamap(desk, connected, datamap):
    action, facts = last_event(desk)

    assert (action, facts["source"], facts["datamap"]) == ("source_added", "billing", str(datamap))
    assert len(facts["datamap_sha256"]) == 64


def test_adding_again_changes_nothing_and_needs_no_place(desk, connected, datamap):
    before = last_event(desk)

    done = connecting.add_sources(desk, [datamap], {})

    assert {one.result for one in done} == {"unchanged"}
    assert last_event(desk) == before


def test_a_new_place_is_a_change(desk, connected, datamap, tmp_path):
    done = connecting.add_sources(desk, [datamap], {"crm": str(tmp_path / "new.db")})

    assert done == [Registered("crm", "changed"), Registered("billing", "unchanged")]


def test_a_dry_run_registers_nothing(desk, datamap, places):
    assert len(connecting.add_sources(desk, [datamap], places, dry_run=True)) == 2
    assert load(desk).datasets == ()


def test_a_place_that_is_not_said_is_asked_for(desk, datamap, places):
    del places["billing"]

    with pytest.raises(UsageError) as caught:
        connecting.add_sources(desk, [datamap], places)
    assert caught.value.hint.startswith("--url billing=PATH")
    assert load(desk).datasets == ()


def test_a_place_for_no_dataset_is_told_the_nearest(desk, datamap, places):
    with pytest.raises(UsageError) as caught:
        connecting.add_sources(desk, [datamap], places | {"biling": "/x.db"})
    assert caught.value.hint == "did you mean billing?"


def test_a_password_never_stands_in_the_register(desk, datamap, places):
    with pytest.raises(UsageError, match="tells a password") as caught:
        connecting.add_sources(desk, [datamap], places | {"crm": "postgresql://dsr:geheim@db/crm"})
    assert "geheim" not in str(caught.value) + caught.value.hint


def test_a_url_of_an_unknown_kind_is_refused(desk, datamap, places):
    with pytest.raises(ConfigError, match=r"source crm: .*mongodb"):
        connecting.add_sources(desk, [datamap], places | {"crm": "mongodb://db/crm"})


def test_a_place_may_be_a_reference(desk, datamap, places, tmp_path, monkeypatch):
    monkeypatch.setenv("CRM_URL", f"sqlite:///{places['crm']}")
    secret = tmp_path / "secret"
    secret.write_text(places["billing"] + "\n")
    said = {"crm": "env:CRM_URL", "billing": f"file:{secret}"}

    connecting.add_sources(desk, [datamap], said)

    known = load(desk)
    assert known.places == said
    assert known.urls == {key: f"sqlite:///{path}" for key, path in places.items()}
    monkeypatch.delenv("CRM_URL")
    assert known.label("crm", "en") == "Customer relations"
    with pytest.raises(ConfigError, match="source crm: the environment has no CRM_URL"):
        dict(known.urls)


def test_a_datamap_that_went_missing_is_named(desk, connected, datamap):
    datamap.unlink()

    with pytest.raises(ConfigError, match=str(datamap)) as caught:
        load(desk)
    assert "dsr source add" in caught.value.hint


def test_a_datamap_that_changed_is_read_again(desk, connected, datamap):
    assert load(desk).collection("crm", "chats")
    datamap.write_text(DATAMAP.replace("- name: chats", "- name: calls"), "utf-8")
    os.utime(datamap, ns=(1, 1))

    assert load(desk).collection("crm", "calls")


def test_a_datamap_that_no_longer_describes_a_source_is_named(desk, connected, datamap):
    datamap.write_text(DATAMAP.replace("fides_key: billing", "fides_key: invoicing"), "utf-8")

    with pytest.raises(ConfigError, match="no longer describes the source billing"):
        load(desk)


def test_a_datamap_may_refer_to_one_that_is_registered(desk, connected, tmp_path):
    file = tmp_path / "calls.yaml"
    file.write_text(
        "dataset:\n  - fides_key: calls\n    collections:\n      - name: calls\n        fields:\n"
        "          - name: contact\n            data_categories: [user.content]\n"
        "            fides_meta: {references: [{dataset: crm, field: contacts.id}]}\n"
    )

    assert connecting.add_sources(desk, [file], {"calls": "/x.db"})[0].result == "added"
    connecting.remove_source(desk, "calls")
    with pytest.raises(ConfigError):
        catalogue.read([file])


def test_a_wrong_datamap_is_refused_whole(desk, datamap, places):
    datamap.write_text(DATAMAP.replace("identity: email", "identiti: email", 1), "utf-8")

    with pytest.raises(ConfigError, match="identiti"):
        connecting.add_sources(desk, [datamap], places)


def test_a_removed_source_is_searched_no_more_and_can_come_back(desk, connected, datamap):
    assert connecting.remove_source(desk, "crm") == Registered("crm", "removed")
    assert last_event(desk) == ("source_removed", {"source": "crm"})
    assert list(load(desk).places) == ["billing"]
    assert connecting.remove_source(desk, "crm").result == "unchanged"
    with pytest.raises(NotFoundError) as caught:
        connecting.remove_source(desk, "biling")
    assert caught.value.hint == "did you mean billing?"
    assert connecting.add_sources(desk, [datamap], {})[0] == Registered("crm", "added")


def test_a_check_finds_nothing_where_tables_and_datamap_agree(desk, connected):
    found = connecting.check_sources(desk)

    assert {(one.source, one.collection, one.result) for one in found} == {
        ("billing", "invoices", "ok"),
        ("crm", "contacts", "ok"),
        ("crm", "chats", "ok"),
    }


@pytest.mark.parametrize(
    ("script", "result", "says"),
    [
        ("DROP TABLE chats", "wrong", "there is no such table"),
        ("ALTER TABLE chats RENAME COLUMN text TO words", "wrong", "no column text"),
        ("ALTER TABLE chats ADD COLUMN mood TEXT", "warning", "does not name: mood"),
    ],
)
def test_a_check_names_what_differs(desk, connected, places, script, result, says):
    change(places["crm"], script)

    found = {one.collection: one for one in connecting.check_sources(desk, "crm")}

    assert found["contacts"].result == "ok"
    assert found["chats"].result == result
    assert says in found["chats"].text


def test_a_check_names_a_source_that_does_not_answer(desk, connected, places):
    Path(places["crm"]).unlink()

    found = [one for one in connecting.check_sources(desk) if one.source == "crm"]

    assert found == [SourceFinding("crm", None, "wrong", "there is no such database file")]


def test_a_check_names_a_collection_that_no_identity_leads_to(desk, datamap, places):
    text = DATAMAP.replace("references: [{dataset: crm, field: contacts.id, direction: from}]", "")
    datamap.write_text(text, "utf-8")
    connecting.add_sources(desk, [datamap], places)

    found = {one.collection: one for one in connecting.check_sources(desk, "crm")}

    assert (found["chats"].result, "never searched" in found["chats"].text) == ("warning", True)


def test_checking_an_unknown_source_names_the_nearest(desk, connected):
    with pytest.raises(NotFoundError) as caught:
        connecting.check_sources(desk, "cmr")
    assert caught.value.hint == "did you mean crm?"


def test_a_preview_searches_what_is_not_registered_yet_and_is_logged(desk, datamap, places):
    found = preview(desk, Trial([datamap], places, {"email": ("MEI@example.com",)}))

    told = {(one.source, one.collection): (one.result, one.rows) for one in found}
    assert told == {
        ("crm", "contacts"): ("found", 1),
        ("crm", "chats"): ("found", 2),
        ("billing", "invoices"): ("none", 0),
    }
    assert last_event(desk) == (
        "source_previewed",
        {"sources": ["crm", "billing"], "identities": ["email"], "categories": None},
    )


def test_a_preview_asks_only_the_places_and_categories_that_are_said(desk, datamap, places):
    who = {"email": ("mei@example.com",)}
    found = preview(desk, Trial([datamap], {"crm": places["crm"]}, who, ("user.content",)))

    told = {(one.source, one.collection): (one.result, one.rows) for one in found}
    assert told[("billing", "invoices")][0] == "not_asked"
    assert told[("crm", "chats")] == ("found", 2)
    assert told[("crm", "contacts")][1] == 0


def test_only_an_admin_connects_and_previews(desk, datamap, places, connected):
    registers.add_officer(desk, "wang", ["handler"])
    other = replace(desk, officer="wang")

    for change_it in (
        lambda: connecting.add_sources(other, [datamap], {"crm": "/x.db"}),
        lambda: connecting.remove_source(other, "crm"),
        lambda: preview(other, Trial([datamap], places, {"email": ("mei@example.com",)})),
    ):
        with pytest.raises(NotAllowedError, match="wang is no admin"):
            change_it()
    assert last_event(desk)[0] == "officer_added"
