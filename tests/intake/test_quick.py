"""The quick parser reads a mail as the standard library does, or leaves it alone."""

import base64
import email
import io
from email.message import Message
from email.policy import compat32
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dsr.intake import quick
from dsr.intake.attachments import attachment
from dsr.intake.read import arrivals

MAILS = Path(__file__).parents[2] / "fixtures" / "mail"

ORDINARY = b"""\
Received: from a.example (a.example [192.0.2.1])
\tby b.example; Tue, 3 Nov 2026 08:10:00 +0800
From: Li <li@example.org>
Subject:  two
 lines
Content-Type: multipart/mixed; boundary="out"

before
--out
Content-Type: multipart/alternative; boundary="in"

--in
Content-Type: text/plain; charset=utf-8

\xe6\x82\xa8\xe5\xa5\xbd
--not a mark

--in
Content-Type: text/html

<p>hello</p>
--in--
--out
Content-Type: application/pdf
Content-Transfer-Encoding: base64

JVBERi0=

--out--
after
"""
SIMPLE = b"From: li@example.org\nSubject: one\n\nPlease delete my data.\n"

#: What tells a parser where it is; fuzzed mails are made of these.
PIECES = (
    *(b"\n", b"\r\n", b"\r", b" ", b"\t", b":", b"--", b"out", b"in", b"\xff"),
    *(b"--out\n", b"--out--\n", b"--in\n", b"--in--", b"\n\n", b"From x\n", b"From: a\n"),
    b"Content-Type: multipart/mixed; boundary=out\n\n",
    b"Content-Type: multipart/digest; boundary=in\n\n",
    b"Content-Type: message/rfc822\n\n",
    b"Content-Type: text/plain\n\n",
)


def shape(part: Message):
    """Return the headers and contents of a mail, all that is ever read of it."""
    inner = part.get_payload()
    held = [shape(one) for one in inner] if isinstance(inner, list) else inner
    return (list(part.raw_items()), part.get_content_type(), held)


def agree(raw: bytes) -> bool:
    """Hold both parsers against each other; return whether the quick one read it."""
    ours = quick.parsed(raw, lambda: Message(compat32))
    if ours is not None:
        assert shape(ours) == shape(email.message_from_bytes(raw, policy=compat32))
    return ours is not None


@pytest.mark.parametrize("raw", [ORDINARY, SIMPLE])
@pytest.mark.parametrize("eol", [b"\n", b"\r\n"])
def test_an_ordinary_mail_is_read_quickly_and_the_same(raw, eol):
    assert agree(raw.replace(b"\n", eol))


def test_every_mail_of_the_fixtures_is_read_the_same_and_most_of_them_quickly():
    files = [path for path in sorted(MAILS.rglob("*")) if path.is_file()]
    mails = []
    for path in files:
        if path.suffix == ".eml":
            mails.append(path.read_bytes())
        elif path.suffix == ".mbox":
            mails += [one.raw for one in arrivals(str(path), io.BytesIO()) if hasattr(one, "raw")]
    quickly = [agree(raw) for raw in mails]
    assert len(mails) > 20
    assert sum(quickly) / len(quickly) > 0.6


@given(
    base=st.sampled_from((ORDINARY, SIMPLE, ORDINARY.replace(b"\n", b"\r\n"))),
    changes=st.lists(
        st.tuples(st.integers(0, 700), st.integers(0, 12), st.sampled_from(PIECES)), max_size=6
    ),
)
@example(ORDINARY, [(0, 0, b"\n")])
@example(SIMPLE, [(0, 0, b"From x\n")])
@example(SIMPLE, [(6, 12, b"\n"), (6, 12, b"\n")])
def test_a_mail_that_was_damaged_is_read_the_same_or_left_alone(base, changes):
    raw = base
    for place, length, piece in changes:
        raw = raw[:place] + piece + raw[place + length :]
    agree(raw)


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_pieces_are_read_the_same_or_left_alone(pieces):
    agree(b"".join(pieces))


DATA = bytes(range(256)) * 6_000


@pytest.mark.parametrize("more", [b"", b"a", b"ab"])
@pytest.mark.parametrize(
    "spoilt", [b"", b"====", b"QQ==", b" ", b"\xff"], ids=["whole", "filled", "twice", "gap", "raw"]
)
def test_a_large_attachment_is_measured_as_the_library_decodes_it(more, spoilt):
    text = base64.encodebytes(DATA + more) + spoilt
    head = b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
    part = email.message_from_bytes(head + text, policy=compat32)
    decoded = part.get_payload(decode=True)

    found = attachment(part, "file.pdf", 1)
    assert (found.size, found.sha256) == (len(decoded), sha256(decoded).hexdigest())
