"""Among hostile mail an import goes on: each is kept whole, and the next is read."""

import io
import random
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from dsr.intake.limits import Manner, limits_of
from dsr.services.intake import Imported
from dsr.services.mailboxes import Mailboxes
from dsr.services.wishes import Wishes

WISH = b"Please delete all my personal data.\n"
WISHES = "请删除我的个人信息，并注销我的账号\n".encode("gb18030") * 200
#: Half a second's work, whatever limits a mail keeps.
SLOW = (
    b"Content-Type: multipart/mixed; boundary=B\n\n"
    + (b"--B\nContent-Type: text/plain; charset=us-ascii\n\n" + WISHES) * 450
    + b"--B--\n"
)
SERVER = "mx.office.example"


def mail(number: int, body: bytes, headers: bytes = b"") -> bytes:
    head = (
        f"From: s{number}@example.org\nTo: desk@office.example\nSubject: letter {number}\n"
        f"Message-ID: <{number}.hostile@example.org>\n"
    )
    return head.encode() + headers + (body if b"\n\n" in body[:60] else b"\n" + body)


def in_office(desk, said: str = "", server: str = ""):
    manner = Manner(limits=limits_of(said), server=server)
    return replace(desk, office=replace(desk.office, mail=manner))


def imported(desk, source: str, stdin: bytes = b"", **wishes) -> dict[str, int]:
    """Import something as the command does, and return how many of each outcome."""
    asked = Wishes(**wishes)
    with Mailboxes(desk, wishes=asked, limits=desk.office.mail.limits) as servers:
        work = Imported(desk, [source], io.BytesIO(stdin), asked, servers.opens)
        assert sum(1 for _ in work.views()) == work.seen
    assert work.problems == []
    return dict(work.counts)


def rows(database, what: str) -> list:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(f"SELECT {what} FROM message ORDER BY id").fetchall()


@pytest.fixture
def folder(tmp_path):
    """Return what writes mails into a folder and gives its path."""

    def write(*mails: bytes) -> str:
        place = tmp_path / "mails"
        place.mkdir()
        for number, raw in enumerate(mails):
            (place / f"{number}.eml").write_bytes(raw)
        return str(place)

    return write


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_mail_that_takes_too_long_is_looked_at_and_the_run_goes_on(desk, database, folder, jobs):
    source = folder(mail(1, WISH), mail(2, SLOW), mail(3, WISH))
    office = in_office(desk, "seconds=0.15")
    assert imported(office, source, jobs=jobs) == {"opened": 2, "triage": 1}
    assert "unclassified: look at it" in rows(database, "reasons")[1][0]
    assert rows(database, "sender")[1] == ("s2@example.org",)


@pytest.mark.parametrize(
    ("how", "jobs"),
    [("folder", 1), ("mailbox", 1), ("standard input", 1), ("one mail", 1), ("mailbox", 2)],
)
def test_the_offices_limits_hold_wherever_a_mail_comes_from(
    desk, database, folder, tmp_path, how, jobs
):
    long = mail(1, WISH + random.Random(7).randbytes(1 << 20))
    stamped = b"From s@example.org Tue Nov  3 08:15:00 2026\n" + long
    source, stdin = "-", b""
    if how == "folder":
        source = folder(long)
    elif how == "mailbox":
        (tmp_path / "desk.mbox").write_bytes(stamped)
        source = str(tmp_path / "desk.mbox")
    elif how == "one mail":
        (tmp_path / "a.eml").write_bytes(long)
        source = str(tmp_path / "a.eml")
    else:
        stdin = stamped
    assert imported(in_office(desk, "raw_mb=1"), source, stdin, jobs=jobs) == {"quarantined": 1}
    ((reasons, sender, blob),) = rows(database, "reasons, sender, blob")
    assert "longer than 1048576 bytes" in reasons
    assert sender == "s1@example.org"
    with closing(sqlite3.connect(database)) as connection:
        size = connection.execute("SELECT sum(size) FROM blob WHERE sha256 = ?", (blob,)).fetchone()
    assert size[0] >= 1 << 20


PASSED = f"Authentication-Results: {SERVER}; dmarc=pass\n".encode()
FAILED = f"Authentication-Results: {SERVER}; dmarc=fail\n".encode()
OURS = f"Received: from a.example by {SERVER}; Tue, 3 Nov 2026 08:15:00 +0800\n".encode()
THEIRS = b"Received: from b.example by a.example; Tue, 3 Nov 2020 08:15:00 +0800\n"


@pytest.mark.parametrize(
    ("headers", "outcome", "reason"),
    [
        (OURS + PASSED, "opened", "sender: authenticated"),
        (PASSED + OURS + THEIRS, "opened", "sender: authenticated"),
        (OURS + FAILED, "triage", "our server found that the sender's domain did not send it"),
        (OURS + THEIRS + PASSED, "opened", "sender: unverified"),
        (OURS + THEIRS + FAILED, "opened", "sender: unverified"),
        (THEIRS + PASSED, "opened", "sender: unverified"),
        (b"", "opened", "sender: unverified"),
        (b"Authentication-Results: evil.example; dmarc=pass\n" + PASSED, "opened", "unverified"),
    ],
)
def test_what_our_server_found_out_about_a_sender_is_kept(
    desk, database, folder, headers, outcome, reason
):
    source = folder(mail(1, WISH, headers))
    assert imported(in_office(desk, server=SERVER), source) == {outcome: 1}
    assert reason in rows(database, "reasons")[0][0]


def test_without_a_server_of_ours_nothing_is_said_of_senders(desk, database, folder):
    assert imported(desk, folder(mail(1, WISH, OURS + FAILED))) == {"opened": 1}
    assert "sender:" not in rows(database, "reasons")[0][0]


def test_a_spoofed_reply_joins_nothing(desk, database, folder):
    first = mail(1, WISH, OURS + PASSED)
    again = mail(2, b"Any news about my request?\n", OURS + FAILED).replace(b"s2@", b"s1@")
    answer = b"References: <1.hostile@example.org>\nIn-Reply-To: <1.hostile@example.org>\n"
    reply = mail(3, b"Please go on.\n", OURS + FAILED + answer).replace(b"s3@", b"s1@")
    source = folder(first, again, reply)
    assert imported(in_office(desk, server=SERVER), source) == {"opened": 1, "triage": 2}


@pytest.mark.parametrize(
    ("headers", "received"),
    [
        (OURS, "2026-11-03"),
        (OURS + THEIRS, "2026-11-03"),
        (THEIRS, None),
        (b"Date: Tue, 3 Nov 2020 08:15:00 +0800\n", None),
        (OURS.replace(b"2026", b"2090"), None),
    ],
)
def test_the_day_of_receipt_is_our_servers_and_never_to_come(
    desk, database, folder, headers, received
):
    imported(in_office(desk, server=SERVER), folder(mail(1, WISH, headers)))
    ((arrived,),) = rows(database, "arrived_at")
    assert arrived[:10] == (received or desk.today().isoformat())
