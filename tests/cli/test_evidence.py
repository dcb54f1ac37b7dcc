"""The trail on the command line: what is shown of it, and that no tampering goes unseen."""

import json
import shutil
import sqlite3
from contextlib import closing
from hashlib import sha256

import pytest

from dsr.domain.vocabulary import Kind
from dsr.services import handling

TRIGGERS = ("event_no_update", "event_no_delete", "event_follows", "secret_no_update")
HASH_OF_NULL, HASH_OF_MAP = (sha256(text).hexdigest() for text in (b"null", b"{}"))
REST = "digest, body, at, officer, action, ticket, case_number"


@pytest.fixture
def trail(desk, opened):
    """Write six events: the first officer, two tickets, an assignment and two notes."""
    first, _ = opened(), opened(Kind.DELETION)
    handling.assign(desk, first, "li")
    handling.note(desk, first, "rang back at noon")
    handling.note(desk, first, "a second call")
    desk.engine.dispose()


def tamper(database, *statements):
    with closing(sqlite3.connect(database)) as connection, connection:
        for name in TRIGGERS:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def events(database):
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT id, digest, body FROM event ORDER BY id").fetchall()


def test_an_untouched_trail_holds(run, trail, database):
    result = run("audit verify -o json")

    head = events(database)[-1][1]
    assert json.loads(result.stdout) == {
        "ok": True,
        "events": 6,
        "head": head,
        "first_broken": None,
        "why": None,
        "heads": 0,
        "changed_rows": [],
    }
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("statement", "broken", "says"),
    [
        ("UPDATE event SET body = replace(body, '\"li\"', '\"xi\"') WHERE id = 3", 3, "text was"),
        ("UPDATE event SET digest = previous WHERE id = 3", 3, "text was"),
        ("UPDATE event SET officer = 'xi' WHERE id = 3", 3, "columns differ"),
        ("UPDATE event SET ticket = 2 WHERE id = 4", 4, "columns differ"),
        ("UPDATE event SET at = '2020-01-01T00:00:00Z' WHERE id = 4", 4, "columns differ"),
        ("UPDATE event SET at = 'yesterday' WHERE id = 4", 4, "be read"),
        ("UPDATE event SET body = X'ff' WHERE id = 4", 4, "be read"),
        (f"UPDATE event SET body = 'null', digest = '{HASH_OF_NULL}' WHERE id = 4", 4, "be read"),
        (f"UPDATE event SET body = '{{}}', digest = '{HASH_OF_MAP}' WHERE id = 4", 4, "be read"),
        ("DELETE FROM event WHERE id = 1", 2, "event 1 is missing"),
        ("DELETE FROM event WHERE id = 3", 4, "event 3 is missing"),
        (f"INSERT INTO event SELECT 7, 'x', {REST} FROM event WHERE id = 6", 7, "does not follow"),
        (f"INSERT INTO event SELECT 0, 'x', {REST} FROM event WHERE id = 1", 0, "missing"),
        ("UPDATE event SET id = -id WHERE id IN (5, 6)", -6, "missing"),
        ("UPDATE event SET id = CASE id WHEN 5 THEN 6 ELSE 5 END + 10 WHERE id > 4", 15, "missing"),
        ("UPDATE secret SET value = 'never rang' WHERE event = 5", 5, "committed"),
        ("UPDATE secret SET name = 'y' WHERE event = 6", 6, "committed"),
        ("INSERT INTO secret VALUES (4, 'why', '00', 'no reason')", 4, "committed"),
        ("DELETE FROM event", 1, "opened ticket 1 is missing"),
    ],
)  # fmt: skip
def test_the_first_broken_event_is_named(run, trail, database, statement, broken, says):
    tamper(database, statement)

    result = run("audit verify -o json", exits=9)

    shown, error = json.loads(result.stdout), json.loads(result.stderr)
    assert (shown["ok"], shown["first_broken"]) == (False, broken)
    assert says in shown["why"]
    assert error["error"] == "trail"
    assert error["message"].startswith(f"the trail is broken at event {broken}: ")


def test_a_forger_who_chains_anew_is_found_by_a_head_that_was_kept(run, trail, database):
    kept = run("audit head -o jsonl").stdout
    rows = events(database)
    tamper(database, "DELETE FROM event WHERE id > 4", "DELETE FROM secret")
    previous, body = rows[3][1], json.loads(rows[4][2])
    text = json.dumps(
        body | {"previous": previous, "officer": "xi"}, sort_keys=True, separators=(",", ":")
    )
    digest = sha256(text.encode()).hexdigest()
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "INSERT INTO event VALUES (5, ?, ?, ?, ?, 'xi', 'note', 1, 1)",
            (previous, digest, text, body["at"]),
        )

    run("audit verify")
    result = run("audit verify --head -", input=kept, exits=9)

    assert "not in the trail" in result.stderr


def test_what_was_cut_off_is_found_by_a_head_that_was_kept(run, trail, database, tmp_path):
    heads = tmp_path / "heads.txt"
    heads.write_text("\n".join(digest for _, digest, _ in events(database)))
    tamper(database, "DELETE FROM event WHERE id > 4", "DELETE FROM secret")

    result = run(f"audit verify --head @{heads}", exits=9)

    assert "Heads compared: 6" in result.stdout
    assert "broken at event 5" in result.stderr


def test_a_database_that_was_rolled_back_is_found_by_the_head_file(run, database, tmp_path):
    run.variables["DSR_HEAD_FILE"] = str(tmp_path / "heads.txt")
    run("officer add wang")
    old = shutil.copy(database, tmp_path / "old")
    run("officer add chen")
    shutil.copy(old, database)
    run("officer add zhao")

    result = run("audit verify", exits=9)

    assert "broken at event 3: a head kept elsewhere is not in the trail" in result.stderr


def test_a_personal_value_may_be_erased_without_breaking_the_trail(run, trail, database):
    tamper(database, "DELETE FROM secret")

    run("audit verify")


def test_the_triggers_forbid_what_the_check_would_find(trail, database):
    with closing(sqlite3.connect(database)) as connection, connection:
        for statement in (
            "UPDATE event SET officer = 'xi'",
            "DELETE FROM event",
            "UPDATE secret SET value = ''",
            f"INSERT INTO event SELECT 9, 'x', {REST} FROM event WHERE id = 6",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(statement)


def test_the_log_shows_its_officer_the_texts_and_writes_that_down(run, trail):
    shown = json.loads(run("log 1 -o json").stdout)

    assert [event["action"] for event in shown] == ["open", "assign", "note", "note", "read"]
    assert list(shown[0]) == [
        "id",
        "at",
        "officer",
        "action",
        "ticket",
        "before",
        "after",
        "facts",
        "why",
        "digest",
    ]
    assert (shown[0]["before"], shown[0]["after"]) == ("none", "received")
    assert [event["why"] for event in shown] == [
        None,
        None,
        "rang back at noon",
        "a second call",
        None,
    ]


def test_the_log_seals_texts_from_others_until_they_say_why(run, trail):
    run("officer add wang")

    sealed = run("--as wang log 1")
    told = run('--as wang log 1 --reveal "complaint of 3 November" -o json')

    assert "noon" not in sealed.stdout
    assert '2 texts are sealed; dsr log 1 --reveal "why"' in sealed.stderr
    last = json.loads(told.stdout)[-1]
    assert (last["action"], last["facts"]) == ("read", {"log": True, "revealed": True})
    assert "noon" in told.stdout
    run('--as wang log 1 --reveal " "', exits=4)


@pytest.mark.parametrize("columns", ["minor = 1", "status = 'closed'", "assignee = 'wang'"])
def test_some_tickets_say_nothing_even_to_their_officer(run, trail, database, columns):
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(f"UPDATE ticket SET {columns} WHERE number = 1")

    assert [event["why"] for event in json.loads(run("log 1 -o json").stdout)] == [None] * 4


def test_the_log_of_a_case_has_the_events_of_its_tickets(run, trail):
    assert len(json.loads(run("log case:1 -o json").stdout)) == 5
    assert "there is no case 9" in run("log case:9", exits=3).stderr
    assert "one ticket" in run("log 1,2", exits=2).stderr


def test_the_head_can_be_kept_and_given_back(run, trail, tmp_path):
    place = tmp_path / "head.txt"
    place.write_text(run("audit head").stdout)

    run(f"audit verify --head @{place}")
    run("audit verify --head nothing", exits=6)
