"""Among hostile mail an import goes on: each is kept whole, and the next is read."""

import io
import json
import random
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from dsr.domain.limits import Manner, limits_of
from dsr.errors import TrailError
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
    return replace(desk, office=replace(desk.office, reading=lambda: manner))


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


# the first stop may fall into a finaliser, which swallows it; the next one comes at once
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
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
OTHERS = PASSED[:-1] + b" header.from=evil.example\n"
FAILED = f"Authentication-Results: {SERVER}; dmarc=fail\n".encode()
OURS = f"Received: from a.example by {SERVER}; Tue, 3 Nov 2026 08:15:00 +0800\n".encode()
THEIRS = b"Received: from b.example by a.example; Tue, 3 Nov 2020 08:15:00 +0800\n"


@pytest.mark.parametrize(
    ("headers", "outcome", "reason"),
    [
        (PASSED + OURS, "opened", "sender: authenticated"),
        (PASSED + OURS + THEIRS, "opened", "sender: authenticated"),
        (FAILED + OURS, "triage", "our server found that the sender's domain did not send it"),
        (OURS + PASSED, "opened", "sender: unverified"),
        (OTHERS + OURS, "opened", "sender: unverified"),
        (OURS.replace(b"a.example", b"localhost") + OURS + PASSED, "opened", "unverified"),
        (OURS + THEIRS + PASSED, "opened", "sender: unverified"),
        (OURS + THEIRS + FAILED, "triage", "our server found that the sender's domain did not"),
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
    assert imported(desk, folder(mail(1, WISH, FAILED + OURS))) == {"opened": 1}
    assert "sender:" not in rows(database, "reasons")[0][0]


def test_a_spoofed_reply_joins_nothing(desk, database, folder):
    first = mail(1, WISH, PASSED + OURS)
    again = mail(2, b"Any news about my request?\n", FAILED + OURS).replace(b"s2@", b"s1@")
    answer = b"References: <1.hostile@example.org>\nIn-Reply-To: <1.hostile@example.org>\n"
    reply = mail(3, b"Please go on.\n", FAILED + OURS + answer).replace(b"s3@", b"s1@")
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


SURROGATES = [
    b"Content-Type: text/plain; charset=utf-7\n\n+2AA- please delete my personal data +3AA-\n",
    b"Content-Type: text/plain; charset=utf-16-be\n\n\xd8\x00\x00a\xdc\x00\n",
    b"Content-Type: text/html; charset=utf-8\n\n<p>&#xd800; &#0; delete my data \xed\xa0\x80</p>",
    b"Content-Type: text/plain; charset=unicode_escape\n\n\\ud800 delete my data\n",
    b"Subject: =?utf-7?q?+2AA-?= =?utf-8?b?7aCA?= \xed\xa0\x80\nX: y\n\n",
    b"Message-ID: <\0\xed\xa0\x80@x>\nReferences: <\0a@b> <=?utf-7?q?+2AA-?=@x>\n\n",
    b"Content-Type: image/png\nContent-Disposition: attachment; filename*=utf-7''%2B2AA-\n\nx\n",
    b"Content-Type: image/png; name*=utf-7''%2B2AA-.png\n\nx\n",
]


@pytest.mark.parametrize("raw", SURROGATES)
def test_halves_of_characters_and_nul_lose_no_mail(desk, database, folder, raw):
    head = b"From: =?utf-7?q?+2AA-?= <q@b.example>\nTo: desk@office.example\n"
    source = folder(mail(1, WISH), head + raw, mail(2, WISH))
    assert sum(imported(desk, source).values()) == 3
    found = rows(database, "source, message_id, sender, sender_name, subject, excerpt")
    assert len(found) == 3
    assert not any("\0" in str(value) for row in found for value in row)


def test_a_mail_in_halves_of_characters_is_still_a_request(desk, folder):
    head = b"From: q@b.example\nSubject: x\n"
    assert imported(desk, folder(head + SURROGATES[0])) == {"opened": 1}


FORMS = [
    {"email": "j@x.example", "text": "delete my data \ud800", "\ud800\0": "v\0", "name": "\udfff"},
    {"email": "j@x.example", "kind": "deletion", "language": "\ud800", "law": "\ud800", "id": "\0"},
    {"email": "j\ud800@x.example", "phone": "\ud800", "account": "\ud800a", "subject": "\ud800"},
]


@pytest.mark.parametrize("form", FORMS)
def test_halves_of_characters_and_nul_lose_no_row_of_a_form(desk, database, form):
    lines = json.dumps(form).encode() + b"\n"
    assert sum(imported(desk, "-", lines).values()) == 1
    assert len(rows(database, "id")) == 1


def refusing(database, when: str) -> None:
    """Make a database refuse some of the rows of its ledger."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            f"CREATE TRIGGER refuse BEFORE INSERT ON message WHEN {when} "
            "BEGIN SELECT RAISE(ABORT, 'secret'); END"
        )


def test_what_cannot_be_written_as_it_is_has_a_row_with_its_bytes_and_the_reason(
    desk, database, folder
):
    source = folder(mail(1, WISH), mail(2, WISH), mail(3, WISH))
    refusing(database, "NEW.subject = 'letter 2'")
    assert imported(desk, source) == {"opened": 2, "quarantined": 1}
    ((reasons, sender, blob, case),) = [
        row[1:]
        for row in rows(database, "outcome, reasons, sender, blob, case_number")
        if row[0] == "quarantined"
    ]
    assert "cannot be kept as it is" in reasons
    assert "secret" not in reasons
    assert (sender, case) == (None, None)
    assert blob
    assert imported(desk, source) == {"duplicate": 3}


def test_what_the_database_alone_refuses_spoils_no_other_mail(desk, database, folder):
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE UNIQUE INDEX once ON message (subject)")
    twice = mail(2, WISH).replace(b"letter 2", b"letter 1")
    assert imported(desk, folder(mail(1, WISH), twice, mail(3, WISH))) == {
        "opened": 2,
        "quarantined": 1,
    }


def test_a_database_that_writes_nothing_stops_the_run(desk, database, folder):
    refusing(database, "1")
    with pytest.raises(TrailError):
        imported(desk, folder(mail(1, WISH), mail(2, WISH)))
    assert rows(database, "id") == []


ASKED = ("delete all my personal data", "close my account", "send me a copy of my personal data")


@pytest.mark.parametrize(
    ("said", "sorts"),
    [
        ("", ["plain", "plain", "plain"]),
        ("flood=2", ["plain", "plain", "flood"]),
        ("flood=2 flood_hours=0.5", ["plain", "plain", "plain"]),
    ],
)
def test_the_office_says_how_many_mails_in_which_time_are_a_flood(
    desk, database, tmp_path, said, sorts
):
    box = "".join(
        f"From s@x.example Tue Nov  3 08:{number * 25:02}:00 2026\nFrom: s@x.example\n"
        f"Message-ID: <{number}@x.example>\nSubject: s\n\nPlease {wish}.\n\n"
        for number, wish in enumerate(ASKED)
    )
    (tmp_path / "a.mbox").write_text(box)
    imported(in_office(desk, said), str(tmp_path / "a.mbox"))
    assert [sort for (sort,) in rows(database, "sort")] == sorts
