"""A mail that is too long to be held is kept whole all the same, and given back as it came."""

import hashlib
import json
import os
import random
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from isal.isal_zlib import compress

HEAD = b"From: Ann <ann@example.org>\nSubject: the files\nMessage-ID: <1.long@example.org>\n\n"
POSTMARK = b"From ann@example.org Tue Nov  3 08:15:00 2026\n"
QUOTED = b"\n>From here on there is more.\n>>From there, too.\n"
MIB = 1 << 20
PROGRAM = [sys.executable, "-c", "from dsr.cli.main import main; main()"]


def long_mail(size: int = 3 * MIB) -> bytes:
    """Return a mail of so many bytes, in lines and one that never ends."""
    chance = random.Random(7)
    lines = b"\n".join(chance.randbytes(40).hex().encode() for _ in range(20_000))
    begun = HEAD + lines + QUOTED
    rest = chance.randbytes(size).replace(b"\n", b"-").replace(b"\r", b"-")
    return begun + rest[: size - len(begun) - 5] + b"\nend\n"


def as_mailbox(*mails: bytes) -> bytes:
    return b"".join(POSTMARK + one.replace(b"\n>", b"\n>>") + b"\n" for one in mails)


FORMS = {
    "one mail": lambda raw, place: place("a.eml", raw),
    "with a leading line": lambda raw, place: place("b.eml", POSTMARK + raw),
    "Maildir": lambda raw, place: place("box/new/1793664000.1.host", raw).parent.parent,
    "folder": lambda raw, place: place("letters/c.eml", raw).parent,
    "mailbox": lambda raw, place: place("d.mbox", as_mailbox(HEAD + b"x\n", raw, HEAD + b"y\n")),
}


@pytest.fixture
def place(tmp_path):
    """Return what writes a file and gives its path."""

    def write(name: str, raw: bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
        return path

    return write


@pytest.fixture
def office(run):
    run.variables["DSR_MAIL_LIMITS"] = "raw_mb=1"
    return run


def asked(database, query: str) -> list:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def given_back(office, number: int, folder: Path) -> bytes:
    office(f"inbox show {number} --dir {folder}")
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    return file.read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_all_of_it_is_kept_and_given_back_wherever_it_comes_from(
    office, database, place, tmp_path, form
):
    raw = long_mail()
    office(f"import {FORMS[form](raw, place)}")
    ((number, digest),) = asked(
        database, "SELECT id, sha256 FROM message WHERE outcome = 'quarantined'"
    )
    assert digest == hashlib.sha256(raw).hexdigest()
    assert given_back(office, number, tmp_path / "out") == raw


@pytest.mark.parametrize("wrap", [bytes, as_mailbox], ids=["a mail", "a mailbox"])
def test_what_comes_by_standard_input_is_kept_whole(office, database, tmp_path, wrap):
    raw = long_mail()
    office("import -", input=wrap(raw))
    assert asked(database, "SELECT sha256 FROM message") == [(hashlib.sha256(raw).hexdigest(),)]
    assert given_back(office, 1, tmp_path / "out") == raw


def test_it_is_known_again_in_whatever_form_it_comes(office, database, place):
    for form in FORMS.values():
        office(f"import {form(long_mail(), place)}")
    office("import -", input=long_mail())
    rows = "SELECT count(*) FROM message WHERE outcome = 'quarantined'"
    assert asked(database, rows) == [(1,)]


def test_the_row_says_why_and_what_its_headers_say(office, place):
    office(f"import {place('a.eml', long_mail())}")
    shown = json.loads(office("inbox show 1 -o json").stdout)
    assert shown["sender"] == "ann@example.org"
    assert shown["reasons"] == [
        "the mail is longer than 1048576 bytes: it is kept, and its beginning alone is read"
    ]


def test_two_processes_that_read_keep_it_whole(office, database, place, tmp_path):
    raw = long_mail()
    box = as_mailbox(HEAD + b"x\n", raw, raw + b"!\n")
    office(f"import {place('d.mbox', box)} --jobs 2")
    assert given_back(office, 2, tmp_path / "out") == raw
    assert len(asked(database, "SELECT id FROM message")) == 3


def test_what_is_beyond_all_measure_is_kept_in_its_beginning_and_the_row_says_so(
    office, database, place, tmp_path
):
    office.variables["DSR_MAIL_LIMITS"] = "raw_mb=1 kept_mb=2"
    raw = long_mail(5 * MIB)
    office(f"import {place('a.eml', raw)}")
    ((digest, reasons),) = asked(database, "SELECT sha256, reasons FROM message")
    assert digest == hashlib.sha256(raw).hexdigest()
    assert "of its 5242880 bytes only the first 2097152 are kept" in reasons
    assert given_back(office, 1, tmp_path / "out") == raw[: 2 * MIB]
    written = office(f"inbox show 1 --dir {tmp_path / 'again'}").stderr
    assert "of its 5242880 bytes only the first 2097152 are kept" in written


def test_nothing_is_said_of_what_was_kept_whole_and_something_of_what_was_not(
    office, place, tmp_path
):
    paper = b"Content-Type: image/jpeg\nContent-Disposition: attachment; filename=passport.jpg\n\nx"
    office(f"import {place('a.eml', long_mail())}")
    office(f"import {place('b.eml', b'MIME-Version: 1.0' + bytes([10]) + HEAD[:-1] + paper)}")
    whole = office(f"inbox show 1 --dir {tmp_path / 'out'}").stderr
    part = office(f"inbox show 2 --dir {tmp_path / 'out'}").stderr
    assert "kept" not in whole
    assert "that is not all that arrived" in part


def test_a_folder_without_a_name_is_not_the_one_that_one_stands_in(office, place):
    office(f"import {place('a.eml', HEAD)}")
    refused = office("inbox show 1 --dir ''", exits=2).stderr
    assert "a folder has no name" in refused
    assert not Path("arrived-1.original").exists()


def test_a_dry_run_keeps_nothing_of_it(office, database, place):
    told = office(f"import {place('a.eml', long_mail())} --dry-run -o json").stdout
    assert json.loads(told)[0]["outcome"] == "quarantined"
    assert asked(database, "SELECT count(*) FROM blob") == [(0,)]


def test_nothing_of_it_is_left_beside_the_database(office, place, tmp_path):
    path = place("a.eml", long_mail())
    before = {*tmp_path.rglob("*")}
    office(f"import {path}")
    assert {one.name for one in {*tmp_path.rglob("*")} - before if one.is_file()} <= {"dsr.key"}


def test_it_is_read_whole_once_the_limit_is_raised(office, place):
    raw = HEAD + b"Please delete all my personal data.\n" + b"x" * 2 * MIB
    office(f"import {place('a.eml', raw)}")
    office.variables["DSR_MAIL_LIMITS"] = "raw_mb=4"
    assert "delete" in json.loads(office("inbox show 1 -o json").stdout)["text"]


def with_room(office, path: Path, room: int) -> subprocess.CompletedProcess[str]:
    """Import a file where no file may become larger than so many bytes."""
    variables = os.environ | {key: value for key, value in office.variables.items() if value}
    return subprocess.run(
        [*PROGRAM, "import", str(path)],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )


@pytest.mark.parametrize("which", ["that holds it meanwhile", "of the database"])
def test_a_disk_without_room_for_it_is_said_and_nothing_is_half_written(
    office, database, place, which
):
    office("officer list")  # the database is there, and small
    raw = long_mail(4 * MIB)
    packed = sum(len(compress(raw[at : at + MIB], 1)) for at in range(0, len(raw), MIB))
    room = MIB if which == "that holds it meanwhile" else packed
    ended = with_room(office, place("a.eml", raw), room)
    assert ended.returncode == 5
    assert ("no room for a mail" in ended.stderr) == (room == MIB)
    assert "disk" in ended.stderr or "room" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert asked(database, "SELECT (SELECT count(*) FROM message), count(*) FROM blob") == [(0, 0)]
    assert "hint: dsr doctor" in ended.stderr or room != MIB
    assert with_room(office, place("a.eml", raw), 99 * MIB).returncode == 0


def test_a_workspace_that_cannot_be_made_is_a_setting_and_the_hint_shows_it(office, place):
    office.variables["DSR_WORKSPACE"] = str(place("file", b"") / "out")
    told = office(f"import {place('a.eml', long_mail())}", exits=7).stderr
    assert "the workspace cannot be written" in told
    assert "hint: dsr config" in told
    office("config")
