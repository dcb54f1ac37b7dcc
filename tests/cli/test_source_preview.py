"""`dsr source preview --erase`: what an erasure would change by a datamap that is being set up."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

COMPANY = Path(__file__).parents[2] / "fixtures" / "company"
SYSTEMS = ("crm", "platform", "billing")
MAP = """
dataset:
  - fides_key: club
    collections:
      - name: home
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: street, data_categories: [user.contact.address.street]}
      - name: member
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: name, data_categories: [user.name]}
          - {name: joined, data_categories: [user.behavior], fides_meta: {read_only: true}}
          - name: home_id
            fides_meta: {references: [{dataset: club, field: home.id, direction: to}]}
      - name: visit
        fides_meta: {masking_strategy_override: {strategy: delete}}
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - name: member_id
            fides_meta: {references: [{dataset: club, field: member.id, direction: from}]}
          - {name: hour, data_categories: [user.behavior]}
      - name: bill
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    meta:
      dsr:
        collections:
          bill: {kept_by_law: {citation: Accounting rules, until: ten years}}
"""
TABLES = """
    create table home (id integer primary key, street text);
    insert into home values (1, 'Mill Lane');
    create table member (id integer primary key, email text, name text, joined text, home_id int);
    insert into member values (1, 'ada@example.org', 'Ada', '2020', 1),
        (2, 'ben@example.org', 'Ben', '2021', 1);
    create table visit (id integer primary key, member_id int, hour text);
    insert into visit values (1, 1, '10'), (2, 2, '11');
    create table bill (id integer primary key, email text);
    insert into bill values (1, 'ada@example.org');
"""


@pytest.fixture
def club(tmp_path):
    (tmp_path / "club.yml").write_text(MAP, encoding="utf-8")
    (tmp_path / "who.txt").write_text("ada@example.org\n", encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "club.db")) as connection:
        connection.executescript(TABLES)
    return tmp_path


@pytest.fixture
def preview(run, club):
    def make(rest="", *, exits=0):
        place = f"{club}/club.yml --url club={club}/club.db --identity email=@{club}/who.txt"
        return run(f"source preview {place} {rest} -o json", exits=exits)

    return make


def dump(club):
    with closing(sqlite3.connect(club / "club.db")) as connection:
        return list(connection.iterdump())


def told(result):
    return [
        (row["result"], row["collection"], row["field"], row["after"])
        for row in json.loads(result.stdout)
    ]


def test_every_cell_that_would_change_is_shown_and_nothing_is_written(preview, club):
    before = dump(club)
    result = preview("--erase string_rewrite=GONE")
    assert told(result) == [
        ("change", "member", "email", "GONE"),
        ("change", "member", "name", "GONE"),
        ("delete", "visit", None, None),
        ("read_only", "member", "joined", None),
        ("shared", "home", None, None),
        ("kept", "bill", None, None),
    ]
    rows = json.loads(result.stdout)
    assert list(rows[0]) == [
        "source",
        "collection",
        "key",
        "field",
        "strategy",
        "result",
        "after",
        "reason",
        "rows",
    ]
    assert rows[0]["key"] == {"id": 1}
    assert rows[4]["key"] == {"id": 1}
    assert "1 shared" in result.stderr
    assert dump(club) == before


def test_of_whom_a_hold_protects_nothing_is_written(preview, club, walk):
    held = walk.open("explanation", "Ada@example.org")[0]
    walk(f"hold {held} --why 'a court asked' --as zhao")
    before = dump(club)
    assert "legal hold" in preview("--erase null_rewrite --write", exits=4).stderr
    assert dump(club) == before
    preview("--erase null_rewrite")  # looking changes nothing
    walk(f"hold {held} --lift --why decided --as zhao")
    preview("--erase null_rewrite --write")
    assert dump(club) != before


def test_with_write_it_is_carried_out_and_said(preview, club, walk):
    result = preview("--erase null_rewrite --write")
    assert told(result)[:3] == [
        ("changed", "member", "email", None),
        ("changed", "member", "name", None),
        ("deleted", "visit", None, None),
    ]
    assert "cells changed: 2" in result.stderr
    assert "rows deleted: 1" in result.stderr
    with closing(sqlite3.connect(club / "club.db")) as connection:
        rows = connection.execute("select * from member order by id").fetchall()
        assert connection.execute("select id from visit").fetchall() == [(2,)]
    assert rows == [(1, None, None, "2020", 1), (2, "ben@example.org", "Ben", "2021", 1)]
    actions = walk.rows("select action from event order by rowid desc limit 2")
    assert actions == ["source_preview_written", "source_previewed"]
    walk.sound()


def test_only_the_categories_that_are_named_are_erased(preview):
    result = preview("--erase null_rewrite --categories user.name")
    assert told(result) == [("change", "member", "name", None), ("kept", "bill", None, None)]


@pytest.mark.parametrize(
    ("strategy", "after"),
    [
        ("null_rewrite", None),
        ("string_rewrite=MASKED", "MASKED"),
        ('{"strategy": "string_rewrite", "configuration": {"rewrite_value": "M"}}', "M"),
        ("random_string_rewrite=12", 12),
        ("hash=SHA-512", 128),
        ("hmac", 64),
    ],
)
def test_a_strategy_is_a_word_with_a_setting_or_json(preview, strategy, after):
    (change, _) = json.loads(preview(f"--erase '{strategy}' --categories user.name").stdout)
    assert change["after"] == after if not isinstance(after, int) else len(change["after"]) == after


@pytest.mark.parametrize(
    "wrong",
    [
        "--erase nul_rewrite",
        "--erase hash=MD5",
        "--erase null_rewrite=1",
        "--erase '{'",
        '--erase \'{"strategy": "hmac", "colour": 1}\'',
        "--erase random_string_rewrite=-1",
        "--write",
    ],
)
def test_what_is_no_strategy_is_wrong_usage(preview, wrong, club):
    before = dump(club)
    result = preview(wrong, exits=2)
    assert json.loads(result.stderr)["hint"]
    assert dump(club) == before


def test_a_source_that_cannot_be_written_is_said_and_stays(preview, club):
    with closing(sqlite3.connect(club / "club.db")) as connection:
        connection.executescript(
            "create trigger no before update on member begin select raise(abort, 'no'); end"
        )
    before = dump(club)
    result = preview("--erase null_rewrite --write", exits=8)
    assert {row["result"] for row in json.loads(result.stdout)[:3]} == {"failed"}
    assert dump(club) == before


def test_only_an_admin_may_do_it(preview, run, club):
    run("officer set li --roles handler,admin")
    run("officer add wu --roles handler,admin")
    run("officer set li --roles handler --as wu")
    before = dump(club)
    preview("--erase null_rewrite --write", exits=4)
    assert dump(club) == before


def test_without_erase_it_says_what_a_search_finds(preview):
    found = {row["collection"]: row["rows"] for row in json.loads(preview().stdout)}
    assert found == {"home": 1, "member": 1, "visit": 1, "bill": 1}


def test_the_sample_company_is_erased_whole(run, tmp_path, company_systems):
    for name in SYSTEMS:
        shutil.copyfile(company_systems / f"{name}.db", tmp_path / f"{name}.db")
    (tmp_path / "who.txt").write_text("wang.fang@mail.example.com", encoding="utf-8")
    urls = " ".join(f"--url {name}={tmp_path}/{name}.db" for name in SYSTEMS)
    line = f"source preview {COMPANY}/datamap.yaml {urls} --identity email=@{tmp_path}/who.txt"
    run(f"{line} --erase null_rewrite --write -o json")
    again = json.loads(run(f"{line} -o json").stdout)
    assert sum(row["rows"] for row in again) == 0
