"""What arrived is written out as it came, and the trail says so: both, or neither."""

import errno
import json
import os
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

RAW = b"From: Ann <ann@example.org>\nSubject: a copy\n\nPlease send me a copy of my data.\n"


@pytest.fixture
def out(tmp_path) -> Path:
    return tmp_path / "put here"


@pytest.fixture
def arrived(run, tmp_path):
    """Return the command line of an office where one mail arrived."""
    (tmp_path / "a.eml").write_bytes(RAW)
    run(f"import {tmp_path / 'a.eml'}")
    return run


@pytest.fixture
def query(database):
    """Return what runs a statement and gives its rows."""

    def ask(statement: str) -> list:
        with closing(sqlite3.connect(database)) as connection, connection:
            return connection.execute(statement).fetchall()

    return ask


@pytest.fixture
def told(query):
    """Return what counts the events that tell of it."""
    return lambda: query("SELECT count(*) FROM event WHERE action = 'write_message'")[0][0]


def shown(folder: Path) -> str:
    return f"inbox show 1 --dir {shlex.quote(str(folder))}"


def hint_of(stderr: str) -> str:
    return stderr.partition("hint: dsr ")[2].strip()


def test_they_are_written_and_it_is_in_the_trail(arrived, out, told):
    ended = arrived(shown(out))
    assert f"written: {out / 'arrived-1.original'}" in ended.stderr
    assert (out / "arrived-1.original").read_bytes() == RAW
    assert ([*out.iterdir()], told()) == ([out / "arrived-1.original"], 1)


def test_a_program_is_told_where_they_are(arrived, out):
    place = str(out / "arrived-1.original")
    assert json.loads(arrived(f"{shown(out)} -o json").stdout) == {"number": 1, "file": place}


def test_they_are_put_in_nobody_elses_place_and_the_hint_can_be_typed(arrived, out, told):
    arrived(shown(out))
    (out / "arrived-1.original").write_bytes(b"mine")
    for count in range(2):
        refused = arrived(shown(out), exits=5).stderr
        assert "there already" in refused
        assert ((out / "arrived-1.original").read_bytes(), told()) == (b"mine", count + 1)
        arrived(hint_of(refused))
    assert told() == 3


def test_nothing_arrived_under_that_number(arrived, out, told):
    arrived(f"inbox show 7 --dir {shlex.quote(str(out))}", exits=3)
    assert told() == 0


@pytest.mark.parametrize("below", ["", "deeper"])
def test_what_is_no_folder_is_a_wrong_argument_and_the_hint_can_be_typed(arrived, out, told, below):
    out.write_bytes(b"mine")
    refused = arrived(shown(out / below), exits=2).stderr
    assert (out.read_bytes(), told()) == (b"mine", 0)
    arrived(hint_of(refused))
    assert told() == 1


@pytest.mark.parametrize(
    "lost", ["DELETE FROM blob", "UPDATE blob SET size = size + 1"], ids=["all", "some"]
)
def test_of_bytes_that_are_lost_no_file_is_made_and_none_is_told_of(
    arrived, out, told, query, lost
):
    query(lost)
    assert "destroyed" in arrived(shown(out), exits=3).stderr
    assert ([*out.iterdir()], told()) == ([], 0)


def test_where_the_trail_does_not_take_it_there_is_no_file(arrived, out, query):
    query(
        "CREATE TRIGGER full BEFORE INSERT ON event WHEN NEW.action = 'write_message'"
        " BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    with pytest.raises(sqlite3.IntegrityError):
        query("INSERT INTO event (action) VALUES ('write_message')")
    arrived(shown(out), exits=9)
    assert [*out.iterdir()] == []


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS])
def test_where_a_folder_knows_no_links_they_are_written_all_the_same(
    arrived, out, told, monkeypatch, code
):
    def link(*_names: object, **_how: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "link", link)  # no such file system is at hand everywhere
    arrived(shown(out))
    assert ([*out.iterdir()], told()) == ([out / "arrived-1.original"], 1)
    assert (out / "arrived-1.original").read_bytes() == RAW
    assert (out / "arrived-1.original").stat().st_mode & 0o777 == 0o600
    assert "there already" in arrived(shown(out), exits=5).stderr
    assert ((out / "arrived-1.original").read_bytes(), told()) == (RAW, 1)
