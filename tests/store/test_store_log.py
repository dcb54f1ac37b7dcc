"""The trail below the command line: chained whatever writes it, and closed against every change."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import select

from dsr.errors import TrailError
from dsr.store import log
from dsr.store.engine import transaction
from dsr.store.log import Entry, Trail
from dsr.store.tables.trail import EventRow, SecretRow

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
REST = "body, at, officer, action, ticket, case_number FROM event"
WRITER = """
import sys
from datetime import UTC, datetime
from dsr.store.engine import open_store, transaction
from dsr.store.log import Entry, Trail
from dsr.store.tables import every
engine = open_store(sys.argv[1])
sys.stdin.read(1)
for number in range(int(sys.argv[3])):
    with transaction(engine, write=True) as session:
        trail = Trail(session, datetime(2026, 11, 23, tzinfo=UTC), sys.argv[2], "office")
        trail.append(Entry("note", number, sealed={"why": f"{sys.argv[2]} {number}"}))
        trail.flush()
"""


def append(engine, *entries):
    with transaction(engine, write=True) as session:
        trail = Trail(session, NOW, "li", "li-system")
        for entry in entries:
            trail.append(entry)
        return trail.flush()


def verify(engine, head=None):
    with transaction(engine, write=False) as session:
        return log.verify(session, head)


def tamper(database, *statements):
    """Change the file as somebody would who has it: without the triggers."""
    with closing(sqlite3.connect(database)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def notes(count):
    return [Entry("note", number, sealed={"why": f"note {number}"}) for number in range(count)]


def test_three_writers_at_once_make_one_chain(database, engine):
    line = [sys.executable, "-c", WRITER, f"sqlite:///{database}"]
    writers = [
        subprocess.Popen(
            [*line, name, "40"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for name in ("li", "wang", "zhao")
    ]
    for writer in writers:
        writer.stdin.write("!")
        writer.stdin.flush()
    told = [writer.communicate()[1] for writer in writers]

    assert told == [""] * 3
    found = verify(engine)
    assert (found.ok, found.events, found.why) == (True, 120, None)
    with transaction(engine, write=False) as session:
        for name in ("li", "wang", "zhao"):
            query = select(EventRow.ticket).where(EventRow.officer == name).order_by(EventRow.id)
            assert list(session.exec(query)) == list(range(40))  # each in its own order, none lost


def test_several_events_of_one_transaction_follow_each_other(engine):
    head = append(engine, *notes(3))
    with transaction(engine, write=False) as session:
        rows = session.exec(select(EventRow).order_by(EventRow.id)).all()

    assert [row.previous for row in rows] == [log.GENESIS, rows[0].digest, rows[1].digest]
    assert head == rows[2].digest
    assert verify(engine).head == head


def test_an_undone_transaction_leaves_no_event(engine):
    head = append(engine, *notes(1))
    with transaction(engine, write=True) as session:
        trail = Trail(session, NOW, "li", "li-system")
        trail.append(Entry("note"))
        trail.flush()
        session.rollback()

    assert verify(engine).head == head


def test_nothing_appended_gives_no_new_head(engine):
    assert append(engine) is None
    assert verify(engine) == log.Verification(True, 0, log.GENESIS, None, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET officer = 'wang' WHERE id = 2",
        "UPDATE event SET id = 9 WHERE id = 3",
        "DELETE FROM event WHERE id = 3",
        "DELETE FROM event",
        "INSERT OR REPLACE INTO event SELECT * FROM event WHERE id = 2",
        "REPLACE INTO event SELECT * FROM event WHERE id = 3",
        f"INSERT OR IGNORE INTO event SELECT 4, previous, digest, {REST} WHERE id = 3",
        f"INSERT INTO event SELECT 9, digest, 'd', {REST} WHERE id = 3",
        f"INSERT INTO event SELECT 4, 'x', 'd', {REST} WHERE id = 3",
        f"INSERT INTO event SELECT NULL, digest, 'd', {REST} WHERE id = 1",
        "UPDATE secret SET value = 'another'",
        "UPDATE OR REPLACE secret SET event = 1 WHERE event = 2",
    ],
)
def test_the_database_itself_refuses_to_change_what_happened(engine, statement):
    append(engine, *notes(3))

    with pytest.raises(TrailError) as caught, transaction(engine, write=True) as session:
        session.connection().execute(text(statement))
    assert caught.value.exit_code == 9
    assert "note" not in str(caught.value)
    found = verify(engine)
    assert (found.ok, found.events) == (True, 3)


def test_an_erased_secret_leaves_the_chain_whole(engine):
    append(engine, *notes(3))
    with transaction(engine, write=True) as session:
        session.delete(session.get_one(SecretRow, (2, "why")))

    assert verify(engine).ok


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE secret SET value = 'another' WHERE event = 2", 2),
        ("UPDATE secret SET salt = '00' WHERE event = 3", 3),
        ("INSERT INTO secret VALUES (1, 'who', '00', 'somebody')", 1),
        ("REPLACE INTO secret VALUES (2, 'why', '00', 'somebody')", 2),
        ("UPDATE secret SET event = 1 WHERE event = 2", None),
    ],
)
def test_a_changed_secret_is_found(database, engine, statement, broken):
    append(engine, Entry("open"), *notes(2))
    tamper(database, statement)

    found = verify(engine)
    assert not found.ok
    assert found.why == "a personal value differs from what the event committed to"
    assert found.first_broken == (broken or 1)


def test_the_salt_hides_a_value_that_could_be_guessed(engine):
    append(engine, *[Entry("note", sealed={"why": "the same"}) for _ in range(2)])
    with transaction(engine, write=False) as session:
        bodies = [json.loads(row.body) for row in session.exec(select(EventRow))]

    assert bodies[0]["sealed"]["why"] != bodies[1]["sealed"]["why"]
    assert all("same" not in json.dumps(body) for body in bodies)


def test_a_trail_that_was_cut_off_holds_but_not_against_a_head_kept_elsewhere(database, engine):
    heads = [append(engine, note) for note in notes(3)]
    assert all(verify(engine, head).ok for head in [log.GENESIS, *heads])

    tamper(database, "DELETE FROM secret WHERE event = 3", "DELETE FROM event WHERE id = 3")
    assert verify(engine).ok
    assert verify(engine, heads[1]).ok
    found = verify(engine, heads[2])
    assert (found.ok, found.first_broken) == (False, 3)
    assert found.why is not None
    assert "cut off" in found.why


def test_a_rewritten_trail_does_not_pass_through_the_head_kept_elsewhere(database, engine):
    head = append(engine, *notes(2))
    tamper(database, "DELETE FROM secret", "DELETE FROM event")
    append(engine, *notes(4))

    assert verify(engine).ok
    assert not verify(engine, head).ok


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(body=st.dictionaries(st.text(max_size=8), VALUES, max_size=6), seed=st.randoms())
def test_the_same_facts_make_the_same_text_in_whatever_order(body, seed):
    keys = list(body)
    seed.shuffle(keys)

    written = log.canonical(body)
    assert log.canonical({key: body[key] for key in keys}) == written
    assert log.canonical(json.loads(written)) == written
    assert written.isascii()
    assert json.loads(written) == body


def test_the_text_that_is_hashed_stays_what_it_was():
    """Should this change, every trail that was ever written would break."""
    body = {"who": "李", "at": "2026-11-23T02:00:00Z", "facts": {"b": [1, None], "a": True}}

    assert log.canonical(body) == (
        '{"at":"2026-11-23T02:00:00Z","facts":{"a":true,"b":[1,null]},"who":"\\u674e"}'
    )
    assert log.commitment("00" * 16, "李") == (
        "e45d7461d0b068a877b6d539bea73d4647578c53da3ee6a0fa90207c4650fbd7"
    )
