"""Bytes that are no text: wherever they stand, what arrived is kept and can be written down."""

import io
import json
from dataclasses import asdict

import pytest

from dsr.intake.message import parse
from dsr.intake.read import arrivals

MAIL = (
    b"From: mei@example.com\nTo: office@example.org\nSubject: delete\n"
    b"Message-ID: <1@example.com>\n\nPlease delete my data.\n"
)
UNDECLARED = {
    "the sender": (b"mei@", b"mei\xff@"),
    "the recipient": (b"office@", b"\xfeoffice@"),
    "the Message-ID": (b"<1@", b"<1\xff@"),
    "what it answers": (b"\nTo:", b"\nReferences: <a\xff@b>\nIn-Reply-To: <\xfe@b>\nTo:"),
    "where an answer is wanted": (b"\nTo:", b"\nReply-To: m\xff@example.com\nTo:"),
    "the subject": (b"delete\n", b"delete \xff\xfe\n"),
}


def writable(message):
    json.dumps(asdict(message), default=str, ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize(("old", "new"), UNDECLARED.values(), ids=UNDECLARED)
def test_undeclared_bytes_in_a_header_can_be_written_down(old, new):
    (arrival,) = arrivals("-", io.BytesIO(MAIL.replace(old, new)))
    message = parse(arrival)
    writable(message)
    assert message.text.startswith("Please delete my data.")


def test_half_a_character_in_a_form_can_be_written_down(tmp_path):
    row = {"email": "m\ud800@example.com", "text": "delete \udc00", "odd\ud800": "\ud800"}
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps(row))
    arrival, note = arrivals(str(file), io.BytesIO())
    writable(parse(arrival))
    assert note.what == "kept unread: odd?"


def test_a_file_whose_name_is_no_text_is_named_with_escapes(tmp_path):
    for name in ("cur", "new", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "mail\udcff").write_bytes(MAIL)
    (arrival,) = arrivals(str(tmp_path), io.BytesIO())
    assert arrival.source.endswith(r"mail\xff")
    writable(parse(arrival))
