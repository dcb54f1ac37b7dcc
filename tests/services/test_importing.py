"""An import loses nothing and keeps nothing twice, whoever stops it and however often it runs."""

import io
import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import zip_longest
from pathlib import Path
from time import monotonic

import pytest

from dsr.domain.limits import Manner
from dsr.errors import ConflictError, DsrError
from dsr.services.intake import Imported
from dsr.services.wishes import Wishes
from dsr.store import blobs
from dsr.store.log import verify

_SILENT = "SELECT DISTINCT case_number, silent FROM ticket ORDER BY 1"
PROGRAM = [sys.executable, "-c", "from dsr.cli.main import main; main()"]
WISHES = (
    "Please delete all my personal data from your systems.",
    "Please send me a copy of my personal data.",
    "Please close my account.",
    "The invoice for October is correct now.",
)


def mail(number: int, day: str = "Tue Nov  3 08:15:00 2026") -> bytes:
    """Return one mail of a mailbox; its number tells it from every other."""
    return (
        f"From s{number}@example.org {day}\n"
        f"From: Sender <s{number}@example.org>\nTo: desk@example.com\nSubject: message {number}\n"
        f"Message-ID: <{number}.import@example.org>\nDate: Tue, 3 Nov 2026 08:15:00 +0800\n"
        "Content-Type: text/plain; charset=utf-8\n\n"
        f"Hello,\n{WISHES[number % len(WISHES)]}\nNumber {number}\n\n"
    ).encode()


@pytest.fixture(scope="module")
def mails() -> list[bytes]:
    """Return 240 mails, three in four of which ask for something."""
    return [mail(number) for number in range(240)]


@pytest.fixture
def written(tmp_path):
    """Return what writes mails into a mailbox and gives its path."""

    def write(mails: list[bytes], name: str = "desk.mbox") -> Path:
        path = tmp_path / name
        path.write_bytes(b"".join(mails))
        return path

    return write


def imported(desk, *paths: Path, **wishes) -> Imported:
    """Import files whole."""
    work = Imported(desk, [str(path) for path in paths], io.BytesIO(), Wishes(**wishes))
    assert sum(1 for _ in work.views()) == work.counts.total()
    return work


def started(database: Path, path: Path, *more: str, **how) -> subprocess.Popen:
    """Begin an import in a process of its own."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "HOME": str(database.parent),
        "DSR_KEY_FILE": str(database.parent / "dsr.key"),
        "DSR_OFFICER": "li",
    }
    command = [*PROGRAM, "--db", str(database), "import", str(path), "-o", "jsonl", *more]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how
    )


def kept(database: Path) -> dict[str, Counter[str]]:
    """Return what a database holds of an import: each must be there once."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT sha256, outcome FROM message").fetchall()
        opened = connection.execute(
            'SELECT m.message_id FROM "case" c LEFT JOIN message m ON m.case_number = c.number'
        ).fetchall()
    return {
        "bytes": Counter(row[0] for row in rows),
        "outcomes": Counter(row[1] for row in rows),
        "cases": Counter(row[0] for row in opened),
    }


def check_whole(database: Path, mails: list[bytes]) -> None:
    """Hold a database against the mails: every one once, every request one case."""
    held = kept(database)
    asking = sum(number % len(WISHES) != len(WISHES) - 1 for number in range(len(mails)))
    assert len(held["bytes"]) == len(mails)
    assert set(held["bytes"].values()) == {1}
    assert len(held["cases"]) == held["cases"].total() == asking


def check_trail(desk) -> None:
    with desk.read() as session:
        assert verify(session).ok


def test_everything_seen_has_one_outcome(desk, written, mails):
    work = imported(desk, written([*mails, b"From x Tue Nov  3 08:15:00 2026\n\n\n"]))

    assert work.seen == work.counts.total() == len(mails) + 1
    assert work.counts["opened"] == len(mails) * 3 // 4


def test_a_count_that_does_not_come_out_is_said(desk, written, mails):
    work = Imported(desk, [str(written(mails[:5]))], io.BytesIO())
    work.skipped = 1

    with pytest.raises(DsrError, match="5 seen, 6 with an outcome") as caught:
        list(work.views())
    assert caught.value.exit_code == 1


def test_rows_that_the_ledger_lost_meanwhile_are_said(desk, database, written, mails):
    work = Imported(desk, [str(written(mails))], io.BytesIO())
    views = work.views()
    next(views)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DELETE FROM message WHERE id = 1")
        connection.commit()
    with pytest.raises(DsrError, match="240 new ones, 239 rows of them in the ledger") as caught:
        list(views)
    assert caught.value.exit_code == 1


def test_what_lies_twice_in_a_mailbox_has_one_row_and_the_count_comes_out(desk, written, mails):
    work = imported(desk, written([*mails[:5], *mails[:3]]))
    assert (work.counts.total(), work.counts["duplicate"]) == (8, 3)


def test_the_rows_of_a_rehearsal_are_counted_before_they_are_undone(desk, written, mails):
    path = written(mails)
    assert imported(desk, path, dry_run=True).counts.total() == len(mails)
    imported(desk, path)
    assert imported(desk, path, dry_run=True).counts["duplicate"] == len(mails)


def test_rows_of_two_runs_at_once_are_each_counted_by_its_own(desk, written, mails):
    half = len(mails) // 2
    one = Imported(desk, [str(written(mails[:half]))], io.BytesIO())
    two = Imported(desk, [str(written(mails[half - 3 :], "more.mbox"))], io.BytesIO())
    pairs = zip_longest(one.views(), two.views())
    assert sum(view is not None for pair in pairs for view in pair) == len(mails) + 3


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_mailbox(desk, written, mails, jobs):
    path = written(mails)
    work = Imported(desk, [str(path)], io.BytesIO(), Wishes(jobs=jobs))

    assert [view.source for view in work.views()] == [f"{path}#{n + 1}" for n in range(len(mails))]


def test_a_mailbox_in_part_reordered_and_twice_in_one_file_adds_nothing(
    desk, database, written, mails
):
    imported(desk, written(mails[:130]))
    shuffled = random.Random(3).sample(mails, len(mails))
    work = imported(desk, written([*shuffled, *mails]), jobs=2)

    assert work.counts["duplicate"] == 130 + len(mails)
    check_whole(database, mails)
    check_trail(desk)


def test_a_known_mailbox_adds_one_event_and_no_row(desk, database, written, mails):
    path = written(mails)
    imported(desk, path)
    with closing(sqlite3.connect(database)) as connection:
        before = connection.execute("SELECT max(id) FROM event").fetchone()[0]
        imported(desk, path)
        events = connection.execute("SELECT body FROM event WHERE id > ?", (before,)).fetchall()
    assert len(events) == 1
    assert f'"seen_before":{len(mails)}' in events[0][0]
    check_whole(database, mails)


def test_for_a_known_mailbox_nothing_is_loaded_that_reads_or_files_mail(
    desk, database, written, mails
):
    path = written(mails)
    imported(desk, path)
    unwanted = {
        "dsr.intake.message",
        "dsr.intake.classify",
        "dsr.rules.phrases",
        "dsr.rules.lexicon",
    }
    program = (
        "import sys; from dsr.cli.main import main\n"
        "try: main()\n"
        f"finally: print('loaded:', *sorted({unwanted!r} & {{*sys.modules}}))"
    )
    command = [sys.executable, "-c", program, "--db", str(database), "import", str(path)]
    key = {"DSR_KEY_FILE": str(database.parent / "dsr.key"), "DSR_OFFICER": "li"}
    done = subprocess.run(command, env=os.environ | key, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "loaded:"
    assert f"{len(mails)}  duplicate" in done.stderr


def test_two_processes_at_once_keep_every_mail_once(desk, database, written, mails):
    paths = [written(mails, "one.mbox"), written([*reversed(mails)], "two.mbox")]
    both = [started(database, path) for path in paths]
    ends = [process.communicate(timeout=60) for process in both]

    assert [process.returncode for process in both] == [0, 0], ends
    assert sum(out.count('"outcome": "duplicate"') for out, _ in ends) == len(mails)
    check_whole(database, mails)
    check_trail(desk)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_import_that_is_killed_at_any_moment_goes_on_by_the_same_command(
    desk, database, written, jobs
):
    mails = [mail(number) for number in range(800)]
    path = written(mails)
    chance = random.Random(int(jobs))
    begun = monotonic()
    for _ in range(3):
        process = started(database, path, "--jobs", jobs)
        for _ in range(chance.randrange(1, 400)):  # it is under way once it speaks
            if not process.stdout.readline():
                break
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
        held = kept(database)
        assert set(held["bytes"].values()) <= {1}
        assert held["outcomes"]["opened"] == len(held["cases"]) == held["cases"].total()
    last = started(database, path, "--jobs", jobs)
    _, said = last.communicate(timeout=60)

    assert last.returncode == 0, said
    check_whole(database, mails)
    check_trail(desk)
    assert monotonic() - begun < 90


def test_a_process_that_reads_and_dies_is_a_clear_error_and_nothing_is_lost(
    desk, database, written
):
    mails = [mail(number) for number in range(1_800)]
    path = written(mails)
    process = started(database, path, "--jobs", "2")
    process.stdout.readline()
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    workers = [
        pid
        for pid in children.read_text().split()
        if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()
    ]
    os.kill(int(workers[0]), signal.SIGKILL)
    _, said = process.communicate(timeout=60)

    assert process.returncode == ConflictError.exit_code
    assert "came to an end by itself" in said
    imported(desk, path)
    check_whole(database, mails)


def test_a_full_disk_loses_nothing_and_says_what_to_do(desk, database, written, mails):
    path = written(mails)
    room = database.stat().st_size + 150_000

    def little() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    process = started(database, path, preexec_fn=little)
    _, said = process.communicate(timeout=60)

    assert process.returncode == ConflictError.exit_code, said
    assert "the same command again" in said
    held = kept(database)
    assert held["outcomes"]["opened"] == held["cases"].total()
    imported(desk, path)
    check_whole(database, mails)
    check_trail(desk)


def test_what_was_received_before_since_is_skipped_and_not_stored(desk, database, written):
    old = mail(1, "Sun Nov  1 20:00:00 2026")
    work = imported(desk, written([old, mail(2)]), since=date(2026, 11, 3))

    assert (work.seen, work.skipped, work.counts["opened"]) == (2, 1, 1)
    assert kept(database)["bytes"].total() == 1


def test_a_skipped_mail_can_be_imported_later(desk, database, written):
    path = written([mail(1, "Sun Nov  1 20:00:00 2026")])
    imported(desk, path, since=date(2026, 11, 3))

    assert imported(desk, path).counts["opened"] == 1


def test_tickets_of_old_mail_are_silent_and_others_are_not(desk, database, written):
    imported(
        desk,
        written([mail(1, "Sun Nov  1 20:00:00 2026"), mail(2)]),
        silent_before=date(2026, 11, 3),
    )

    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute(_SILENT).fetchall() == [(1, 1), (2, 0)]


def test_a_test_does_not_hide_the_same_mail_when_it_comes_in_earnest(desk, database, written):
    path = written([mail(1)])
    assert imported(desk, path, test=True).counts["opened"] == 1
    assert imported(desk, path, test=True).counts["duplicate"] == 1
    assert imported(desk, path).counts["opened"] == 1
    assert imported(desk, path).counts["duplicate"] == 1
    assert imported(desk, path, test=True).counts["duplicate"] == 1


def test_a_dry_run_keeps_nothing(desk, database, written, mails):
    work = imported(desk, written(mails[:8]), dry_run=True)

    assert work.counts["opened"] == 6
    assert not kept(database)["bytes"]


def test_what_is_written_beside_a_batch_is_kept_with_it_or_not_at_all(desk, written, mails):
    seen = []

    def beside(step, arrived) -> None:
        assert step.now <= datetime.now(UTC)
        seen.append([each.source for each in arrived])

    path = written(mails)
    for _ in range(2):
        work = Imported(desk, [str(path)], io.BytesIO(), beside=beside)
        list(work.views())

    names = [f"{path}#{number + 1}" for number in range(len(mails))]
    assert [name for batch in seen for name in batch] == names * 2


def row_of(database: Path, number: int) -> dict:
    """Return the ledger's row of a mail."""
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        query = "SELECT * FROM message WHERE message_id = ?"
        return dict(connection.execute(query, (f"<{number}.import@example.org>",)).fetchone())


@pytest.mark.parametrize("apart", [True, False], ids=["in two imports", "in one"])
def test_the_same_request_of_one_sender_in_another_mail_is_a_duplicate(
    desk, database, written, apart
):
    again = mail(8).replace(b"s8@", b"s0@").replace(b"age 8", b"age 0").replace(b"r 8\n", b"r 0\n")
    boxes = [[mail(0)], [again]] if apart else [[mail(0), again]]
    for place, box in enumerate(boxes):
        imported(desk, written(box, f"{place}.mbox"))

    row = row_of(database, 8)
    assert (row["outcome"], row["ticket"], row["urgent"]) == ("duplicate", 1, 1), row["reasons"]
    (told,) = joins(database)
    assert told["message"] == row["sha256"]
    assert told["asked_again"]
    check_trail(desk)


BROKER = (
    "Dear Sir or Madam,\n\nI hereby request the deletion of all my personal data that your company "
    "has stored, in accordance with Article 17 of the General Data Protection Regulation. Please "
    "confirm the deletion in writing within one month, and tell every recipient of the data too. "
    "Please note that we write for many people, each of whom is named below.\n\n"
)


def of_family(number: int, text: str) -> bytes:
    """Return a mail of an address from which several people write."""
    whole = mail(number).replace(f"s{number}@".encode(), b"family@")
    return whole.partition(b"Hello,")[0] + f"{text}\n\n".encode()


@pytest.mark.parametrize("apart", [True, False], ids=["in two imports", "in one"])
@pytest.mark.parametrize(
    ("text", "became"),
    [
        (BROKER + "My account is {0}, my e-mail address is {0}@shop.example.", "opened"),
        ("Please delete my account and all my data. My account is {0}.", "opened"),
        ("Please stop sending me marketing e-mails. My address is {0}@shop.example.", "opened"),
        (BROKER + "My name is {0}.", "triage"),
    ],
)
def test_another_person_of_one_address_is_never_swallowed(
    desk, database, written, text, became, apart
):
    mails = [of_family(n, text.format(who)) for n, who in enumerate(("anna1001", "maxim2002"))]
    for place, box in enumerate([[each] for each in mails] if apart else [mails]):
        imported(desk, written(box, f"{place}.mbox"))

    assert [row_of(database, n)["outcome"] for n in (0, 1)] == ["opened", became]
    if became == "triage":
        assert row_of(database, 1)["ticket"] == 1


def joins(database: Path) -> list[dict]:
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT body FROM event WHERE action = 'join' ORDER BY id")
        return [json.loads(row[0])["facts"] for row in rows]


def test_a_flood_in_anothers_name_counts_for_nobody(desk, database, written):
    ours = Manner(server="mx.office.example")
    server = replace(desk, office=replace(desk.office, reading=lambda: ours))

    def said(number: int, result: str) -> bytes:
        head = (
            f"Authentication-Results: mx.office.example; dmarc={result} header.from=example.org\n"
            "Received: from mail.example.org by mx.office.example with ESMTP\nFrom:"
        )
        whole = mail(number, "Mon Nov 23 02:00:00 2026").replace(b"From:", head.encode(), 1)
        return whole.replace(f"s{number}@".encode(), b"victim@")

    imported(server, written([said(4 * n + 3, "fail") for n in range(30)], "one.mbox"))
    imported(server, written([*(said(4 * n + 3, "fail") for n in range(30, 60)), said(0, "pass")]))

    row = row_of(database, 0)
    assert (row["outcome"], row["sort"]) == ("opened", "plain"), row["reasons"]


def test_what_was_to_be_destroyed_is_kept_when_a_ticket_needs_it(desk, database, written):
    raw = mail(0).partition(b"\n")[2].rstrip(b"\n") + b"\n"
    with desk.write() as step:
        for until in (date(2026, 12, 1), date(2026, 11, 25)):
            blobs.keep(step.session, raw, destroy_on=until)
    place = written([raw], "one.eml")
    imported(desk, place)

    assert row_of(database, 0)["outcome"] == "opened"
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT destroy_on FROM blob").fetchall() == [(None,)]


@pytest.mark.parametrize("now", ["Mon Nov 23 02:00:00 2026", "Sat Nov 21 02:00:00 2026"])
def test_a_flood_of_one_sender_opens_no_more_tickets(desk, database, written, now):
    flood = [mail(4 * n, now).replace(f"s{4 * n}@".encode(), b"flood@") for n in range(40)]
    work = imported(desk, written(flood))

    assert work.counts["opened"] < len(flood)
    assert [row_of(database, 4 * n)["sort"] for n in range(40)] == ["plain"] * 20 + ["flood"] * 20


def test_as_many_mails_on_many_days_are_no_flood(desk, database, written):
    days = [f"Mon Nov {day} 0{hour}:00:00 2026" for day in range(10, 20) for hour in (1, 4, 7)]
    steady = [mail(4 * n, at).replace(f"s{4 * n}@".encode(), b"s@") for n, at in enumerate(days)]
    imported(desk, written(steady))
    assert {row_of(database, 4 * n)["sort"] for n in range(30)} == {"plain"}
