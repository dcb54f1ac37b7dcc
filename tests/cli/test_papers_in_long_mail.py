"""A copy of an identity paper is destroyed in time, also in a mail that nobody could look into."""

import json
import sqlite3
from base64 import encodebytes
from contextlib import closing
from datetime import date, timedelta
from hashlib import sha256

import pytest

PAPER = b"\xff\xd8\xff a scan of a passport " * 50_000
ASKS = "Please delete all my personal data."
BEYOND = {
    "of bytes": "raw_mb=1",
    "of parts": "parts=1",
}


def with_paper(text: str = ASKS, name: str = "passport.jpg") -> bytes:
    """Return a mail of 1.6 MB with a paper."""
    return (
        b"From: Ann <ann@example.org>\nSubject: my data\nMessage-ID: <1.paper@example.org>\n"
        b"Date: Tue, 3 Nov 2026 08:15:00 +0800\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/mixed; boundary=mark\n\n"
        b"--mark\nContent-Type: text/plain\n\n" + text.encode() + b"\n"
        b"--mark\nContent-Type: image/jpeg\nContent-Transfer-Encoding: base64\n"
        b"Content-Disposition: attachment; filename="
        + name.encode()
        + b"\n\n"
        + encodebytes(PAPER)
        + b"--mark--\n"
    )


@pytest.fixture
def kept(database):
    """Return what gives the days on which kept bytes are destroyed, by their SHA-256."""

    def days() -> dict[str, date | None]:
        with closing(sqlite3.connect(database)) as connection:
            rows = connection.execute("SELECT sha256, destroy_on FROM blob WHERE part = 0")
            return {key: day and date.fromisoformat(day) for key, day in rows}

    return days


@pytest.fixture
def arrived(run, tmp_path, desk):
    """Return what imports a mail with a paper under limits; its day of destruction is known."""

    def arrive(limits: str, raw: bytes) -> date:
        run.variables["DSR_MAIL_LIMITS"] = limits
        (tmp_path / "a.eml").write_bytes(raw)
        run(f"import {tmp_path / 'a.eml'}")
        run.variables["DSR_MAIL_LIMITS"] = ""
        return desk.today() + timedelta(days=30)

    return arrive


@pytest.mark.parametrize("limits", BEYOND.values(), ids=BEYOND)
def test_what_could_not_be_looked_into_is_destroyed_as_what_asks_for_nothing(arrived, kept, limits):
    raw = with_paper()
    last = arrived(limits, raw)
    assert kept() == {sha256(raw).hexdigest(): last}


@pytest.mark.parametrize("limits", BEYOND.values(), ids=BEYOND)
@pytest.mark.parametrize("how", ["inbox move 1 --open deletion --why x", "triage 1 --open access"])
def test_opening_takes_the_paper_out_once_the_mail_can_be_read(
    run, arrived, kept, desk, limits, how
):
    raw = with_paper()
    arrived(limits, raw)
    run(how)
    days = kept()
    assert sha256(raw).hexdigest() not in days
    assert days.pop(sha256(PAPER).hexdigest()) == desk.today() + timedelta(days=7)
    assert list(days.values()) == [None]
    assert ASKS in json.loads(run("inbox show 1 -o json").stdout)["text"]


def test_a_paper_is_taken_out_once_alone(run, arrived, kept):
    arrived("raw_mb=1", with_paper())
    run("triage 1 --open access")
    before = kept()
    run("close 1 --as not_a_request --why x")
    run("inbox move 1 --open deletion --why x")
    assert kept() == before


@pytest.mark.parametrize("limits", BEYOND.values(), ids=BEYOND)
@pytest.mark.parametrize("place", ["--open deletion", "--join 1", "--triage"])
def test_what_still_cannot_be_read_keeps_its_day_wherever_it_goes(
    run, opened, arrived, kept, limits, place
):
    opened()
    raw = with_paper()
    last = arrived(limits, raw)
    run.variables["DSR_MAIL_LIMITS"] = limits
    run(f"inbox move 1 {place} --why x")
    assert kept() == {sha256(raw).hexdigest(): last}


def test_ignoring_it_later_gives_it_no_later_day(run, arrived, kept, database, desk):
    arrived("raw_mb=1", with_paper())
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE blob SET destroy_on = ?", (str(desk.today()),))
    run("triage 1 --ignore --why x")
    assert set(kept().values()) == {desk.today()}


def test_the_same_bytes_of_another_letter_stay_as_they_are(run, arrived, kept, tmp_path):
    raw = with_paper().replace(b"Date: ", b"X-Date: ").replace(b"Message-ID: ", b"X-ID: ")
    last = arrived("raw_mb=1", raw)
    (tmp_path / "b.eml").write_bytes(raw)
    run.variables["DSR_MAIL_LIMITS"] = "raw_mb=1"
    run(f"import {tmp_path / 'b.eml'}")
    run.variables["DSR_MAIL_LIMITS"] = ""
    run("triage 1 --open access")
    assert kept()[sha256(raw).hexdigest()] == last
    run("triage 2 --open access")
    assert sha256(raw).hexdigest() not in kept()


def test_what_is_due_is_destroyed_and_the_row_stays(run, arrived, kept, database, desk):
    arrived("raw_mb=1", with_paper())
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE blob SET destroy_on = ?", (str(desk.today()),))
    run("doctor --fix")
    assert kept() == {}
    assert "destroyed" in run("inbox show 1").stdout
    assert "destroyed" in run("triage 1 --open access", exits=6).stderr
