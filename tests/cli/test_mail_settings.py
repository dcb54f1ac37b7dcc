"""Limits of mail and the name of our server are settings; what they lead to is shown."""

import io
import json
import zipfile
from email import message_from_bytes
from email.message import EmailMessage

import pytest

HEAD = b"From: Ann <ann@example.org>\nTo: desk@office.example\nSubject: letter\n"
WISH = b"Please send me a copy of my personal data.\n"
SERVER = "mx.office.example"
FALSE = (
    f"Authentication-Results: {SERVER}; dmarc=fail\n"
    f"Received: from mail.example.org by {SERVER}; Mon, 2 Nov 2026 08:15:00 +0800\n"
).encode()


def test_a_limit_is_said_in_one_setting_and_the_mail_beyond_it_is_kept(run, tmp_path):
    (tmp_path / "a.eml").write_bytes(HEAD + b"X: y\n" * 3 + b"\n" + WISH)
    run.variables["DSR_MAIL_LIMITS"] = "headers=4"
    assert "quarantined" in run(f"import {tmp_path}/a.eml").stdout
    assert "more than 4 headers" in run("inbox outcome:quarantined -o json").stdout


@pytest.mark.parametrize("said", ["part=3", "parts=0", "50 MB"])
def test_a_limit_that_makes_no_sense_is_named_before_anything_is_read(run, tmp_path, said):
    (tmp_path / "a.eml").write_bytes(HEAD + b"\n" + WISH)
    run.variables["DSR_MAIL_LIMITS"] = said
    ended = run(f"import {tmp_path}/a.eml", exits=7)
    assert "mail_limits" in ended.stderr


def test_a_quarantined_mail_opens_when_the_limit_is_raised(run, tmp_path):
    (tmp_path / "a.eml").write_bytes(HEAD + b"X: y\n" * 3 + b"\n" + WISH)
    run.variables["DSR_MAIL_LIMITS"] = "headers=4"
    run(f"import {tmp_path}/a.eml")
    assert WISH.decode().strip() not in run("inbox show 1").stdout
    run.variables["DSR_MAIL_LIMITS"] = None
    assert "copy of my personal data" in run("inbox show 1").stdout
    run('inbox move 1 --open copy --why "read after the limit was raised"')
    assert run("list -o json").stdout.count('"number"') == 1


def test_what_our_server_says_of_a_sender_is_shown_and_a_false_one_opens_nothing(run, tmp_path):
    (tmp_path / "a.eml").write_bytes(FALSE + HEAD + b"\n" + WISH)
    run.variables["DSR_MAIL_SERVER"] = SERVER
    assert "triage" in run(f"import {tmp_path}/a.eml").stdout
    shown = run("inbox show 1")
    assert "failed" in shown.stdout
    assert "domain did not send it" in " ".join(shown.stdout.split())


def test_what_is_odd_about_a_sender_is_shown(run, tmp_path):
    odd = HEAD.replace(b"Ann <", "Аnn <".encode()) + b"Reply-To: eve@example.net\n"
    (tmp_path / "a.eml").write_bytes(odd + b"\n" + WISH)
    run(f"import {tmp_path}/a.eml")
    shown = " ".join(run("inbox show 1").stdout.split())
    assert "mixes scripts that look alike" in shown
    assert "answers are wanted elsewhere (Reply-To)" in shown


def test_a_terminal_is_told_nothing_by_a_mail(run, tmp_path):
    evil = b"\x1b]0;owned\x07\x1b[2J\xc2\x9b31m\xe2\x80\xae"
    raw = (
        b"From: Ann" + evil + b" <ann@example.org>\nSubject: " + evil + b"=?utf-8?Q?=1B[31m?=\n"
        b"Message-ID: <a\x1b@b>\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\n"
        + WISH
        + evil
        + b'\n--B\nContent-Disposition: attachment; filename="'
        + evil
        + b'.pdf"\n\nx\n--B--\n'
    )
    (tmp_path / "a.eml").write_bytes(raw)
    printed = run(f"import {tmp_path}/a.eml").stdout
    for line in ("inbox", "inbox show 1", "show 1", "list", "triage", "inbox -o csv", "today"):
        printed += run(line).stdout
    for form in ("json", "jsonl"):
        printed += run(f"inbox show 1 -o {form}").stdout
    assert not {char for char in printed if char in "\x1b\x07\x9b\u202e"}


def test_a_table_of_the_ledger_holds_no_formula(run, tmp_path):
    raw = HEAD.replace(b"Subject: letter", b'Subject: =HYPERLINK("http://a.example")')
    (tmp_path / "=1+1.eml").write_bytes(raw + b"\n" + WISH)
    run(f"import {tmp_path}")
    for line in ("inbox -o csv", "inbox show 1 -o csv"):
        fields = run(line).stdout.replace('"', "").replace("\n", ",").split(",")
        assert not [field for field in fields if field.startswith(("=", "+", "@", "\t"))]


def test_no_machine_answers_a_letter_of_ours(run, tmp_path):
    (tmp_path / "a.eml").write_bytes(HEAD + b"\n" + WISH)
    run(f"import {tmp_path}/a.eml")
    run(f"letter 1 acknowledgement --dir {tmp_path / 'out'}")
    draft = message_from_bytes((tmp_path / "out" / "acknowledgement.eml").read_bytes())
    assert draft["Auto-Submitted"] == "auto-replied"
    assert draft["X-Auto-Response-Suppress"] == "All"
    assert draft["Precedence"] == "bulk"


def test_an_archive_is_never_opened(run, tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../out.txt", bytes(50_000_000))
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "ann@example.org", "letter"
    mail.set_content(WISH.decode())
    mail.add_attachment(packed.getvalue(), "application", "zip", filename="../../all.zip")
    (tmp_path / "a.eml").write_bytes(bytes(mail))
    before = {*tmp_path.rglob("*")}
    run(f"import {tmp_path}/a.eml")
    assert json.loads(run("inbox show 1 -o json").stdout)["attachments"] == ["all.zip"]
    assert {path.name for path in {*tmp_path.rglob("*")} - before if path.is_file()} <= {"dsr.key"}
