"""What an office does: `dsr import imaps://...`, again and again, whatever happens between."""

import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from hashlib import sha256

import pytest

from dsr.errors import ConfigError, Problem
from dsr.services.mailboxes import Access, Mailboxes, password_of
from dsr.store.mailboxes import Cursor, advance, last_read

pytestmark = pytest.mark.usefixtures("secret_file")


@pytest.fixture
def rows(database):
    """Return what gives the rows of a query on the office's database."""

    def ask(query):
        with closing(sqlite3.connect(database)) as connection:
            return connection.execute(query).fetchall()

    return ask


@pytest.fixture
def started(run):
    """Return what starts a command in a process of its own."""
    variables = os.environ | {key: value for key, value in run.variables.items() if value}
    program = "from dsr.cli.main import main; main()"

    def start(*words):
        line = [sys.executable, "-c", program, *words]
        return subprocess.Popen(line, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    return start


def test_each_run_reads_what_is_new(run, account, letter, rows):
    account.put(letter(1), letter(2), at='" 5-Mar-2026 10:00:00 +0800"')
    first = run(f"import {account.url()} --fields source,outcome -o csv").stdout
    account.put(letter(3))
    second = run(f"import {account.url()} --fields source,outcome -o csv").stdout
    third = run(f"import {account.url()} -o json").stdout

    assert [line.rpartition("=")[2] for line in first.split()[1:]] == ["1,opened", "2,opened"]
    assert [line.rpartition("=")[2] for line in second.split()[1:]] == ["3,opened"]
    assert third.strip() == "[]"
    assert rows("select arrived_at from message")[0] == ("2026-03-05T02:00:00Z",)
    assert rows("select account, folder, last_uid from mailbox") == [
        (f"{account.user}@localhost:{account.port}", "INBOX", 3)
    ]
    assert set(account.flags().values()) == {""}


def test_a_dry_run_and_a_test_leave_the_cursor_where_it_is(run, account, letter, rows):
    account.put(letter(1))
    run(f"import {account.url()} --dry-run")
    run(f"import {account.url()} --test")

    assert rows("select * from mailbox") == []
    assert run(f"import {account.url()} --fields outcome -o csv").stdout.split()[1] == "opened"


def test_what_came_before_the_server_fails_is_kept_and_the_next_run_goes_on(
    run, faulty, letter, rows
):
    faulty.mails = {uid: letter(uid, size=5_000_000) for uid in range(1, 5)}
    faulty.faults = {"half 3"}
    told = run(f"import {faulty.url()} -o jsonl", exits=6)
    before = rows("select last_uid from mailbox")
    faulty.faults = set()
    faulty.asked.clear()
    run(f"import {faulty.url()}")

    assert "in the middle of its answer" in told.stderr
    assert told.stdout.count("\n") == 2
    assert before == [(2,)]
    assert rows("select last_uid from mailbox") == [(4,)]
    assert "UID SEARCH UID 3:4" in faulty.asked


def test_a_server_that_fails_does_not_keep_the_other_sources_waiting(run, faulty, letter, tmp_path):
    faulty.mails = {1: letter(1)}
    faulty.faults = {"half 1"}
    other = tmp_path / "a.eml"
    other.write_bytes(letter(2))

    told = run(f"import {faulty.url()} {other} --fields source -o csv", exits=6)

    assert told.stdout.split()[1] == str(other)


def test_a_mail_that_is_withheld_is_asked_for_again(run, faulty, letter, rows):
    faulty.mails = {uid: letter(uid) for uid in range(1, 4)}
    faulty.faults = {"withheld 2"}
    run(f"import {faulty.url()}", exits=6)
    held = rows("select last_uid, missing from mailbox")
    faulty.asked.clear()
    still = run(f"import {faulty.url()}")
    asked = [line for line in faulty.asked if "BODY.PEEK" in line]
    faulty.faults = set()
    again = run(f"import {faulty.url()} --fields source,outcome -o csv").stdout.split()[1:]

    assert held == [(3, "[2]")]
    assert "1 mails of before are still not given" in still.stderr
    assert {line.split()[2] for line in asked} == {"2"}  # what follows it is not fetched again
    assert [line[-8:] for line in again] == ["2,opened"]
    assert rows("select count(*) from message") == [(3,)]
    assert rows("select last_uid, missing from mailbox") == [(3, "[]")]


@pytest.mark.parametrize("last", [False, True])
def test_a_mail_without_content_is_told_once(run, faulty, letter, rows, last):
    faulty.mails = {1: letter(1), 2: b""} if last else {1: b"", 2: letter(2)}
    told = run(f"import {faulty.url()}", exits=6)
    faulty.asked.clear()
    run(f"import {faulty.url()}")

    assert "uid=2: is empty" in told.stderr or "uid=1: is empty" in told.stderr
    assert rows("select last_uid, missing from mailbox") == [(2, "[]")]
    assert not [line for line in faulty.asked if "FETCH" in line]


def test_a_mail_that_was_missing_and_left_is_forgotten(run, faulty, letter, rows):
    faulty.mails = {uid: letter(uid) for uid in (1, 2)}
    faulty.faults = {"withheld 1", "withheld 2"}
    run(f"import {faulty.url()}", exits=6)
    held = rows("select last_uid, missing from mailbox")
    faulty.faults = set()
    del faulty.mails[1]
    faulty.mails[3] = letter(3)
    run(f"import {faulty.url()}")

    assert held == [(2, "[1, 2]")]
    assert rows("select last_uid, missing from mailbox") == [(3, "[]")]
    assert rows("select count(*) from message") == [(2,)]


def test_what_was_withheld_keeps_no_new_mail_waiting(run, faulty, letter, rows):
    faulty.mails = {uid: letter(uid) for uid in range(1, 20)}
    faulty.faults = {f"withheld {uid}" for uid in range(2, 20, 2)}
    run(f"import {faulty.url()}", exits=6)
    faulty.mails[20] = letter(20)
    told = run(f"import {faulty.url()} --fields outcome -o csv")

    assert told.stdout.split()[1:] == ["opened"]
    assert "9 mails of before" in told.stderr


def test_many_mails_in_a_row_that_are_withheld_are_left_behind(run, faulty, letter, rows):
    faulty.mails = {uid: letter(uid) for uid in range(1, 11)}
    faulty.faults = {f"withheld {uid}" for uid in range(2, 10)}
    first, second = (run(f"import {faulty.url()}", exits=6) for _ in range(2))
    third = run(f"import {faulty.url()}")

    assert "gives no mail" in first.stderr
    assert "gives no mail" not in second.stderr
    assert "8 mails of before" in third.stderr
    assert rows("select last_uid, missing from mailbox") == [(10, str([*range(2, 10)]))]
    assert rows("select count(*) from message") == [(2,)]


def test_a_mail_that_is_shorter_than_the_server_says_is_kept_and_told_once(
    run, faulty, letter, rows
):
    faulty.mails = {uid: letter(uid) for uid in range(1, 6)}
    faulty.sizes = dict.fromkeys(range(1, 6), 10**18)
    told = run(f"import {faulty.url()} -o json")
    again = run(f"import {faulty.url()} -o json")

    assert "5 mails are shorter than its server says" in told.stderr
    assert told.stdout.count("though the server says") >= 5
    assert again.stdout.strip() == "[]"
    assert again.stderr == ""
    assert rows("select last_uid, missing from mailbox") == [(5, "[]")]


@pytest.mark.parametrize("said", ["validity", "next"])
def test_a_server_without_sense_ends_itself_and_no_other_source(
    run, faulty, letter, tmp_path, said
):
    faulty.mails = {1: letter(1)}
    faulty.says[said] = "9" * 30
    other = tmp_path / "a.eml"
    other.write_bytes(letter(2))

    alone = run(f"import {faulty.url()}", exits=8)
    among = run(f"import {faulty.url()} {other} --fields source -o csv", exits=6)

    assert "answers what cannot be read" in alone.stderr
    assert "999" not in alone.stderr
    assert among.stdout.split()[1] == str(other)
    assert "answers what cannot be read" in among.stderr


def test_what_since_leaves_on_the_server_is_told(run, faulty, letter):
    faulty.mails = {1: letter(1)}
    told = run(f"import {faulty.url()} --since 2026-03-20")
    again = run(f"import {faulty.url()} --since 2026-03-20")

    assert "what --since leaves on a mail server counts as read" in told.stderr
    assert "counts as read" not in again.stderr
    assert json.loads(run(f"import {faulty.url()} -o json").stdout) == []
    [came] = json.loads(run(f"import {faulty.url()} --again -o json").stdout)
    assert came["outcome"] in {"opened", "triage", "ignored"}


def test_a_mail_that_could_not_be_kept_is_remembered_and_holds_nothing_back(
    faulty, letter, desk, secret_file
):
    faulty.mails = {uid: letter(uid) for uid in range(1, 5)}
    with Mailboxes(desk, Access(password=f"file:{secret_file}")) as servers:
        came = list(servers.opens(faulty.url(), io.BytesIO()))
        servers.problems.append(Problem(came[2].source, "cannot be kept"))
        for arrived in (came[:3], came[3:]):
            with desk.write() as step:
                servers.beside(step, arrived)
    with desk.read() as session:
        read = last_read(session, f"desk@localhost:{faulty.port}", "INBOX")
    assert read == Cursor(7, 4, frozenset({3}))


def test_what_is_not_in_the_ledger_is_not_moved(run, faulty, letter, desk, secret_file):
    faulty.mails = {uid: letter(uid) for uid in (1, 2)}
    run(f"import {faulty.url()}")
    faulty.mails[3] = letter(3)
    with Mailboxes(desk, Access(password=f"file:{secret_file}", move_to="Done")) as servers:
        came = list(servers.opens(faulty.url(), io.BytesIO()))
        servers.move_on()

    assert len(came) == 3
    assert [*faulty.mails] == [3]


def test_the_cursor_never_goes_back_under_the_same_numbers(desk):
    place, missing = ("desk@localhost:993", "INBOX"), frozenset({2, 3})
    for read, then in (
        (Cursor(7, 5, missing), Cursor(7, 5, missing)),
        (Cursor(7, 3), Cursor(7, 5, frozenset({2}))),
        (Cursor(8, 1), Cursor(8, 1)),
    ):
        with desk.write() as step:
            advance(step.session, place, read, done={3} - read.missing, at=step.now)
        with desk.read() as session:
            assert last_read(session, *place) == then


def test_mails_that_are_numbered_anew_are_not_taken_twice(run, faulty, letter, rows):
    faulty.mails = {uid: letter(uid) for uid in range(5, 8)}
    run(f"import {faulty.url()}")
    faulty.validity = 8
    faulty.mails = {1: letter(5), 2: letter(6), 3: letter(7), 4: letter(8)}
    again = run(f"import {faulty.url()} --fields outcome -o csv")

    assert "numbered its mails anew" in again.stderr
    assert again.stdout.split()[1:] == ["duplicate"] * 3 + ["opened"]
    assert rows("select count(*) from ticket") == [(4,)]
    assert rows("select uid_validity, last_uid from mailbox") == [(8, 4)]


def test_numbers_that_change_under_the_reader_end_the_run(run, faulty, letter, rows):
    faulty.mails = {1: letter(1)}
    faulty.faults = {"renumbered"}
    told = run(f"import {faulty.url()}", exits=6)

    assert "numbered its mails anew meanwhile" in told.stderr
    assert rows("select * from mailbox") == []


def test_a_mail_beyond_the_limit_is_quarantined(run, faulty, letter):
    faulty.mails = {1: letter(1, size=51 << 20), 2: letter(2)}

    told = run(f"import {faulty.url()} --fields outcome -o csv").stdout.split()[1:]

    assert told == ["quarantined", "opened"]


@pytest.mark.parametrize("able", ["MOVE UIDPLUS", "UIDPLUS"])
def test_what_was_kept_is_moved_on_if_asked(run, faulty, letter, able):
    faulty.able = f"IMAP4rev1 AUTH=PLAIN {able}"
    faulty.mails = mails = {uid: letter(uid) for uid in range(1, 4)}
    sent = list(mails.values())
    run(f"import {faulty.url()} --move-to Done")

    assert faulty.moved == sent
    assert faulty.mails == {}
    assert "EXPUNGE" not in faulty.asked


def test_a_server_that_can_only_copy_keeps_what_others_deleted(run, faulty, letter):
    faulty.able = "IMAP4rev1 AUTH=PLAIN"
    faulty.mails = {uid: letter(uid) for uid in range(1, 4)}
    faulty.deleted = {3}
    first = run(f"import {faulty.url()} --move-to Done")
    again = run(f"import {faulty.url()} --move-to Done -o json")

    assert "can only copy" in first.stderr
    assert faulty.deleted == {1, 2, 3}
    assert [*faulty.mails] == [1, 2, 3]
    assert len(faulty.moved) == 2
    assert again.stdout.strip() == "[]"
    assert not [line for line in faulty.asked if "EXPUNGE" in line]


@pytest.mark.parametrize("able", ["", "UIDPLUS"])
def test_a_run_that_died_after_it_copied_leaves_no_second_copy(run, faulty, letter, rows, able):
    faulty.able = f"IMAP4rev1 AUTH=PLAIN {able}"
    faulty.mails = {uid: letter(uid) for uid in range(1, 4)}
    sent = [*faulty.mails.values()]
    faulty.faults = {"dies after copy"}
    run(f"import {faulty.url()} --move-to Done", exits=6)
    faulty.faults = set()
    faulty.mails[4] = letter(4)
    run(f"import {faulty.url()} --move-to Done")

    assert faulty.moved == [*sent, letter(4)]
    assert faulty.deleted == {1, 2, 3, 4}
    assert rows("select count(*) from message") == [(4,)]


def test_a_move_that_fails_is_told_and_mended_by_the_next_run(run, faulty, letter, rows):
    faulty.mails = {uid: letter(uid) for uid in range(1, 4)}
    faulty.faults = {"no move"}
    told = run(f"import {faulty.url()} --move-to Done", exits=6)
    faulty.faults = set()
    run(f"import {faulty.url()} --move-to Done")

    assert "refuses MOVE (OVERQUOTA)" in told.stderr
    assert len(faulty.moved) == 3
    assert rows("select count(*) from message") == [(3,)]


def test_nothing_moves_where_it_cannot_or_need_not(run, faulty, letter):
    faulty.mails = {1: letter(1)}

    assert "no folder Gone" in run(f"import {faulty.url()} --move-to Gone", exits=3).stderr
    assert "is read" in run(f"import {faulty.url()} --move-to INBOX", exits=2).stderr
    run(f"import {faulty.url()} --move-to Done --dry-run")
    assert faulty.moved == []


def test_a_real_server_moves_what_was_kept(run, account, letter):
    account.put(*(letter(number) for number in range(3)))
    account.make("Erledigt")
    run(f"import {account.url()} --move-to Erledigt")

    assert account.flags() == {}
    assert account.flags("Erledigt") == {1: "", 2: "", 3: ""}


def test_a_process_that_is_killed_while_it_reads_loses_and_doubles_nothing(
    run, account, letter, rows, started
):
    account.put(*(letter(number) for number in range(400)))
    process = started("import", account.url(), "-o", "jsonl")
    first = process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    (last,) = rows("select last_uid from mailbox")
    kept = rows("select count(*) from message")[0]
    run(f"import {account.url()}")

    assert first
    assert process.returncode == -signal.SIGKILL
    assert last[0] > 0
    assert kept == last
    assert rows("select count(*), count(distinct sha256) from message") == [(400, 400)]
    assert rows("select count(*) from ticket") == [(400,)]


def test_two_processes_at_once_open_no_ticket_twice(run, account, letter, rows, started):
    account.put(*(letter(number) for number in range(150)))
    run("list")  # both find the database made
    both = [started("import", account.url(), "-o", "jsonl") for _ in range(2)]
    for process in both:
        process.communicate(timeout=60)

    assert [process.returncode for process in both] == [0, 0]
    assert rows("select count(*), count(distinct sha256) from message") == [(150, 150)]
    assert rows("select count(*) from ticket") == [(150,)]
    assert rows("select last_uid from mailbox") == [(150,)]


def test_a_password_may_come_from_a_file_a_variable_or_a_program(
    run, account, secret_file, monkeypatch
):
    run.variables["DSR_IMAP_PASSWORD"] = None
    run(f"import {account.url()} --password-file {secret_file}")
    told = run(f"import {account.url()}", exits=7)
    assert "--password-file" in told.stderr
    for reference in ("env:BOX", f"command:cat {secret_file}"):
        run.variables["DSR_IMAP_PASSWORD"] = reference
        run.variables["BOX"] = secret_file.read_text().strip()
        run(f"import {account.url()}")


def test_neither_password_nor_its_reference_is_shown(run, account, secret_file):
    run.variables["DSR_IMAP_PASSWORD"] = "hunter2"  # the password itself, by mistake
    told = run(f"import {account.url()}", exits=7)
    shown = run("config -o json")
    refused = run(f"import {account.url().replace('@', ':hunter2@')}", exits=2)

    assert '"***"' in shown.stdout
    for said in (told, shown, refused):
        assert "hunter2" not in said.stdout + said.stderr


@pytest.mark.parametrize(
    "reference",
    ["", "secret", "env:NOT_THERE", "file:/nowhere", "command:", "command:false", "command:'"],
)
def test_a_password_that_is_not_there_is_a_wrong_setting(reference):
    with pytest.raises(ConfigError):
        password_of(reference)


def test_the_first_line_of_a_program_is_the_password():
    assert password_of("command:printf 'one\\ntwo'") == "one"
    with pytest.raises(ConfigError, match="is empty"):
        password_of("command:echo")


def test_a_login_that_is_refused_ends_the_run(run, account, tmp_path, letter):
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong-horse")

    told = run(f"import {account.url()} --password-file {wrong}", exits=8)

    assert "refuses the login" in told.stderr
    assert "horse" not in told.stderr


def test_a_mail_that_is_too_long_to_be_held_is_kept_whole_and_known_again(
    run, account, letter, rows, tmp_path
):
    run.variables["DSR_MAIL_LIMITS"] = "raw_mb=1"
    long = letter(2, size=9_000_000) + b"\r\n>From here on.\r\n"
    account.put(letter(1), long, letter(3))
    run(f"import {account.url()}")
    run(f"import {account.url()} --again")
    run("inbox show 2 --dir " + str(tmp_path / "out"))
    (tmp_path / "long.eml").write_bytes(long)
    run(f"import {tmp_path / 'long.eml'}")

    assert rows("select outcome from message order by id") == [
        ("opened",),
        ("quarantined",),
        ("opened",),
    ]
    assert rows("select sha256 from message where id = 2") == [(sha256(long).hexdigest(),)]
    assert (tmp_path / "out" / "arrived-2.original").read_bytes() == long


def test_a_mail_that_is_too_long_to_be_held_moves_on_once_it_is_kept(run, faulty, letter, rows):
    run.variables["DSR_MAIL_LIMITS"] = "raw_mb=1"
    faulty.mails = {1: letter(1, size=9_000_000)}
    faulty.able, faulty.faults = "IMAP4rev1 UIDPLUS AUTH=PLAIN", {"dies after copy"}
    run(f"import {faulty.url()} --move-to Done", exits=6)
    faulty.faults = set()
    run(f"import {faulty.url()} --move-to Done")

    assert (faulty.mails, len(faulty.moved)) == ({}, 1)
    assert rows("select count(*) from message") == [(1,)]


@pytest.mark.parametrize("said", [900, 10**18], ids=["little", "very much"])
def test_a_server_whose_mail_never_ends_is_left_at_what_is_kept(run, faulty, letter, rows, said):
    run.variables["DSR_MAIL_LIMITS"] = "raw_mb=1 kept_mb=2"
    faulty.mails, faulty.sizes = {1: letter(1, size=40_000_000), 2: letter(2)}, {1: said}
    run(f"import {faulty.url()}")

    ((reasons, kept),) = rows(
        "select reasons, size from message join blob on blob.sha256 = blob"
        " where part = 0 and outcome = 'quarantined'"
    )
    assert "only the first 2097152 are kept" in reasons
    assert (str(10**18) in reasons) == (said == 10**18)
    assert kept == 2 << 20
    assert len(rows("select id from message")) == 2
    assert run(f"import {faulty.url()} -o json").stdout.strip() == "[]"
    asked = [re.search(r"<(\d+)\.(\d+)>", said) for said in faulty.asked]
    assert max(int(one[1]) + int(one[2]) for one in asked if one) <= (2 << 20) + 1


BARE = b"From: Ann <ann@example.org>\r\nSubject: bare\r\n\r\nPlease delete all my data.\r\n"


def test_two_mails_of_the_same_bytes_without_a_date_are_two_wherever_the_folder_is_read(
    run, account, rows
):
    account.put(BARE, BARE)
    run(f"import {account.url()}")
    account.put(BARE)
    run(f"import {account.url()}")
    run(f"import {account.url()} --again")

    found = rows("select source, outcome from message")
    assert [source.rpartition("=")[2] for source, _ in found] == ["1", "2", "3"]
    assert [outcome for _, outcome in found] == ["opened", "duplicate", "duplicate"]


def test_a_mail_with_a_date_is_one_however_often_it_lies_there(run, account, letter, rows):
    account.put(letter(1), letter(1))
    run(f"import {account.url()}")

    assert rows("select count(*) from message") == [(1,)]


def test_of_two_that_are_alike_each_moves_on_by_its_own_row(run, account, rows):
    account.make("Done")
    account.put(BARE, BARE)
    run(f"import {account.url()} --move-to Done")

    assert account.flags() == {}
    assert rows("select count(*) from message") == [(2,)]
