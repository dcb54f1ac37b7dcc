"""Databases that cannot be used as they are: newer, read-only, foreign, busy, missing."""

import json
import sqlite3
import threading
from contextlib import closing

import pytest

from dsr.store import engine


def script(database, text):
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(text)


def test_a_database_that_is_newer_than_the_program_is_left_alone(run, database):
    script(database, "UPDATE alembic_version SET version_num = '9999'")
    before = database.read_bytes()

    result = run("officer list", exits=9)

    assert "schema 9999" in result.stderr
    assert "hint: install the newer dsr" in result.stderr
    assert database.read_bytes() == before
    assert "newer" in run("doctor", exits=10).stdout


def test_a_database_that_is_read_only_can_be_read(run, database):
    run("officer add wang")
    run.variables["DSR_DATABASE_URL"] = f"sqlite:///file:{database}?mode=ro&uri=true"

    assert "wang" in run("officer list").stdout
    run("audit verify")
    result = run("officer add chen", exits=7)

    assert "read-only" in result.stderr


@pytest.mark.parametrize("line", ["officer list", "officer add wang", "audit verify"])
def test_a_file_that_is_no_database_is_left_alone(run, tmp_path, line):
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam,\n" * 200)

    result = run(f"--db {file} {line}", exits=7)

    assert "is not a database" in result.stderr
    assert file.read_text() == "Dear Sir or Madam,\n" * 200


def test_another_programs_database_is_left_alone(run, tmp_path):
    file = tmp_path / "other.db"
    script(file, "CREATE TABLE songs (title TEXT)")

    result = run(f"--db {file} officer list", exits=7)

    assert "belongs to another program" in result.stderr
    with closing(sqlite3.connect(file)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("songs",)]


def test_a_database_that_another_process_holds_is_busy(run, database, monkeypatch):
    monkeypatch.setattr(engine, "BUSY_MS", 50)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        result = run("officer add wang", exits=5)
        assert "another process holds the database" in result.stderr
        assert "li" not in run("officer list").stdout
        other.execute("ROLLBACK")
    run("officer add wang")


def test_a_writer_waits_for_its_turn(run, database):
    other = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.2, other.rollback)
    timer.start()

    run("officer add wang")

    timer.join()
    other.close()


def test_a_database_that_is_not_there_is_not_made_by_the_doctor(run, tmp_path):
    place = tmp_path / "none.db"

    result = run(f"--db {place} doctor -o json", exits=10)

    assert json.loads(result.stdout)[0]["command"] == "dsr init"
    assert not place.exists()
