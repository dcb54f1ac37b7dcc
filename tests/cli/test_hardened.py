"""What an attacker tried on the command line: each break he found stays mended."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from dsr.domain.vocabulary import Kind
from dsr.errors import TrailError, UsageError
from dsr.services import handling
from dsr.store.engine import plain_errors
from dsr.store.tables.tickets import TicketRow
from dsr.store.tickets import KEYS, parse_filters

COMPANY = Path(__file__).parents[2] / "fixtures" / "company"
NINES = "9" * 30
OLD = 7200  # seconds
ACCEPTED = (
    'INSERT INTO proof (ticket, method, result, covers, comment, officer, at, "on") VALUES'
    " (1, 'video', 'verified', '[]', '', 'li', '2026-11-23T02:00:00Z', '2026-11-23')"
)


@pytest.fixture
def ticket(desk, opened):
    """Open a ticket and let go of the database."""
    number = opened(Kind.ACCESS)
    handling.note(desk, number, "rang back at noon")
    desk.engine.dispose()
    return number


@pytest.fixture
def shell(run):
    """Run the program in a shell, whose redirections close streams, and return what came."""

    def _shell(line):
        said = {name: value for name, value in run.variables.items() if value is not None}
        program = f'{sys.executable} -c "from dsr.cli.main import main; main()"'
        return subprocess.run(
            line.replace("dsr ", f"{program} ", 1),
            shell=True,
            env={**os.environ, **said},
            capture_output=True,
            check=False,
        )

    return _shell


def tamper(database, statement):
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(statement)


@pytest.mark.parametrize("line", ["dsr list >&-", "dsr list -o json >&-", "dsr list 2>&- >&- <&-"])
def test_a_closed_output_is_no_failure(shell, ticket, line):
    assert shell(line).returncode == 0


@pytest.mark.parametrize("line", ["dsr note 1 --text - <&-", "dsr import - <&-", "dsr show - <&-"])
def test_a_closed_input_that_is_read_is_wrong_usage(shell, ticket, line):
    result = shell(line)

    assert result.returncode == 2, result.stderr
    assert b"standard input is closed" in result.stderr


@pytest.mark.parametrize(
    "line",
    ["--db {} list", "--as {} list", "note 1 --text {}", "list text:{}", "list -o json {}"],
)
def test_a_word_that_is_no_text_is_named_by_its_place(run, ticket, line):
    position = line.split().index(next(word for word in line.split() if "{}" in word)) + 1

    result = run(line.format("\udcff"), exits=2)

    assert f"argument {position} is not UTF-8" in result.stderr


def test_a_variable_that_is_no_text_is_named(run, ticket):
    run.variables["DSR_OFFICER"] = "\udcff"

    assert "DSR_OFFICER is not UTF-8" in run("note 1 --text more", exits=7).stderr


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f"triage {NINES}", 2),
        (f"triage 1 --join {NINES}", 2),
        (f"triage {'9' * 5000}", 2),
        (f"task done 1 {NINES}", 2),
        (f"list case:{NINES}", 2),
        (f"list --limit {NINES}", 2),
        (f"list due:{NINES}d", 2),
        ("list due:²d", 2),
        ("list received:٣d", 2),
        (f"show {NINES}", 2),
        ("show 999999999", 3),
        ("list due:999999999d", 0),
    ],
)
def test_no_number_is_too_big_or_too_strange(run, ticket, line, code):
    run(line, exits=code)


@given(value=st.text(max_size=12), key=st.sampled_from(["due", "received", "case"]))
def test_a_filter_is_read_or_refused(value, key):
    today = date(2026, 11, 23)
    with suppress(UsageError):
        for one in parse_filters([f"{key}:{value}"]):
            KEYS[one.key](one.values, today, "li")


@pytest.mark.parametrize("day", ["9999-12-31", "2201-01-01", "1989-12-31", "0001-01-01"])
@pytest.mark.parametrize("law", ["CN --kind access", "EU --place DE --kind access"])
def test_a_what_if_stays_within_reach(run, day, law):
    assert (
        "from 1990-01-01 to 2200-12-31" in run(f"due --law {law} --received {day}", exits=2).stderr
    )


@pytest.mark.parametrize("law", ["CN --kind access", "EU --place DE --kind access"])
@pytest.mark.parametrize("day", ["1990-01-01", "2200-12-31"])
def test_the_ends_of_the_reach_are_within_it(run, day, law):
    run(f"due --law {law} --received {day}")


@pytest.mark.parametrize(
    "change",
    ["status = 'bogus'", "laws = 'xx'", "received_at = 'once'", "kind = x'00'", "due_on = 'x'"],
)
@pytest.mark.parametrize("line", ["show 1", "list is:any status:bogus", "list is:any"])
def test_a_row_that_cannot_be_read_is_no_bug(run, ticket, database, change, line):
    tamper(database, f"UPDATE ticket SET {change}")
    if "status:" in line:
        run(line, exits=2)
        return

    result = run(line, exits=9)

    assert "a row was changed behind the program's back" in result.stderr
    assert "dsr audit verify" in result.stderr


@pytest.mark.parametrize("error", [LookupError, ValueError, TypeError])
def test_a_mistake_of_ours_stays_one(error):
    with pytest.raises(error), plain_errors():
        raise error
    with pytest.raises(ValueError, match="Expecting"), plain_errors():
        json.loads("xx")


def test_only_what_a_row_holds_is_called_changed(desk, opened, database):
    opened()
    tamper(database, "UPDATE ticket SET status = 'bogus'")
    with pytest.raises(TrailError), plain_errors(), Session(desk.engine) as session:
        session.exec(select(TicketRow)).all()


@pytest.mark.parametrize("place", ["/dev/zero", "/dev/full"])
def test_a_device_is_neither_key_nor_head_file(run, ticket, tmp_path, place):
    mail = tmp_path / "who.txt"
    mail.write_text("mei@example.com")
    run.variables["DSR_HEAD_FILE"] = place
    run("audit verify", exits=7)
    run("note 1 --text more", exits=7)
    del run.variables["DSR_HEAD_FILE"]
    run.variables["DSR_KEY_FILE"] = place
    run(f"open access --identifier email=@{mail}", exits=7)


def test_without_its_head_file_nothing_is_kept(run, ticket, database, tmp_path):
    run.variables["DSR_HEAD_FILE"] = str(tmp_path / "gone" / "heads")

    result = run("note 1 --text more", exits=7)

    assert "nothing was changed" in result.stderr
    with closing(sqlite3.connect(database)) as connection:
        notes = connection.execute("SELECT count(*) FROM event WHERE action = 'note'").fetchone()
    assert notes == (1,)  # the one of before


@pytest.mark.parametrize("name", ["LI", "Li", "ｌi", "lі", "wáng", "王"])
def test_no_officer_is_mistaken_for_another(run, ticket, name):
    result = run(f"officer add {name}", exits=5 if name.isascii() else 2)

    assert "mistaken for officer li" in result.stderr or "cannot be an officer" in result.stderr


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE ticket SET status = 'closed'", "ticket 1: its status"),
        ("UPDATE ticket SET status = 'bogus'", "ticket 1: its status"),
        ("UPDATE ticket SET due_on = '2027-12-31'", "ticket 1: its due day"),
        ("UPDATE ticket SET due_on = NULL", "ticket 1: its due day"),
        ("UPDATE ticket SET laws = 'xx'", "ticket 1: its laws"),
        ("DELETE FROM ticket", "ticket 1 is missing"),
        (ACCEPTED, "ticket 1: more proofs"),
    ],
)
def test_a_row_changed_behind_the_trail_is_found(run, ticket, database, statement, says):
    run("audit verify")
    tamper(database, statement)

    result = run("audit verify -o json", exits=9)

    shown, error = json.loads(result.stdout), json.loads(result.stderr)
    assert list(shown)[-1] == "changed_rows"
    assert shown["ok"] is False
    assert shown["changed_rows"][0].startswith(says)
    assert error["changed_rows"] == 1
    assert says in error["message"]
    found = {one["check"]: one for one in json.loads(run("doctor -o json", exits=10).stdout)}
    assert found["trail"]["result"] == "wrong"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("text = 'We delete nothing.'", "a letter was changed"),
        ("subject = subject || '!'", "a letter was changed"),
    ],
)
def test_a_letter_changed_behind_the_trail_is_found(run, ticket, database, tmp_path, change, says):
    run("verify ask 1 --method mailbox_reply")
    run(f"letter 1 identity_request --dir {tmp_path / 'letters'}")
    run("audit verify")
    tamper(database, f"UPDATE letter SET {change}")

    assert f"ticket 1: {says}" in run("audit verify", exits=9).stderr


def test_a_letter_that_was_never_written_is_found(run, ticket, database, tmp_path):
    run("verify ask 1 --method mailbox_reply")
    run(f"letter 1 identity_request --dir {tmp_path / 'letters'}")
    digest = sha256(b"s\n\nt").hexdigest()
    tamper(database, f"UPDATE letter SET subject = 's', text = 't', sha256 = '{digest}'")

    assert "does not know one of its letters" in run("audit verify", exits=9).stderr


def test_lost_texts_are_counted(run, ticket, database):
    tamper(database, "DELETE FROM secret")

    run("audit verify")
    found = {one["check"]: one for one in json.loads(run("doctor -o json").stdout)}

    assert found["sealed texts"]["result"] == "warning"
    assert found["sealed texts"]["text"].startswith("1 texts")


def test_what_killed_commands_left_is_removed(run, ticket, tmp_path):
    workspace = tmp_path / "out"
    now = run.clock.instant.timestamp()
    for name, age in (("copy-a", OLD), (".answer-b", OLD), (".text-c", OLD), ("copy-d", 60)):
        folder = workspace / name
        folder.mkdir(parents=True)
        (folder / "rows.jsonl").write_text("{}")
        for place in (folder / "rows.jsonl", folder):
            os.utime(place, (now - age, now - age))
    busy = workspace / "copy-e"  # its folder is old, but a file in it is being written
    busy.mkdir()
    (busy / "rows.jsonl").write_text("{}")
    os.utime(busy / "rows.jsonl", (now, now))
    os.utime(busy, (now - OLD, now - OLD))

    assert "3 folders" in run("doctor", exits=10).stdout
    assert (workspace / "copy-a").exists()
    run("doctor --fix")

    assert sorted(place.name for place in workspace.iterdir()) == ["copy-d", "copy-e"]


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}"])
def test_the_office_is_no_source_of_its_own(run, ticket, database, tmp_path, form):
    datamap = tmp_path / "map.yaml"
    datamap.write_text(
        "dataset:\n- fides_key: own\n  name: own\n  collections:\n  - name: ticket\n"
        "    fields:\n    - name: number\n"
    )
    link = tmp_path / "link.db"
    link.symlink_to(database)
    for place in (database, link):
        result = run(f"source add {datamap} --url 'own={form.format(place)}'", exits=7)
        assert "dsr's own database" in result.stderr


@pytest.mark.parametrize(
    "name",
    [
        "<=?utf-8?q?q=3E=0D=0ABcc:_evil=40example.net=0D=0AX-Rest:_?=@b>",
        "<=?utf-8?q?q=3E=0ASubject:_Please_pay=0A=0ADear_customer?=@b>",
        "<a b@c>",
        "no-brackets@example.com",
    ],
)
def test_a_strangers_message_id_writes_no_header_of_ours(run, tmp_path, name):
    mail = tmp_path / "asks.eml"
    mail.write_text(
        f"From: mei@example.com\nTo: info@jingdigital.com\nSubject: copy\nMessage-ID: {name}\n"
        "Date: Mon, 23 Nov 2026 09:00:00 +0800\n\nPlease send me a copy of my personal data.\n"
    )
    run(f"import {mail}")
    run("verify ask 1")
    run(f"letter 1 identity_request --dir {tmp_path / 'out'}")
    draft = (tmp_path / "out" / "identity_request.eml").read_text()
    head, _, body = draft.partition("\n\n")
    assert "In-Reply-To" not in head
    assert "evil" not in head
    assert "Please pay" not in draft
    assert "Dear Sir or Madam" in body
