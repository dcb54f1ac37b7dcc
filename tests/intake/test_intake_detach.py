import hashlib
from base64 import encodebytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr.intake.arrival import Arrival
from dsr.intake.detach import detach
from dsr.intake.message import parse

PAPER = b"\x89PNG of an identity card \xff\x00" * 20
OTHER = b"%PDF a letter" * 20
DIGEST = hashlib.sha256(PAPER).hexdigest()


def attached(content: bytes, name: str = "passport.png", encoding: str = "base64") -> bytes:
    body = encodebytes(content) if encoding == "base64" else content
    return (
        b"Content-Type: image/png\r\nContent-Transfer-Encoding: %s\r\n"
        b'Content-Disposition: attachment; filename="%s"\r\n\r\n%s'
    ) % (encoding.encode(), name.encode(), body)


def multipart(*parts: bytes, boundary: str = "b0", parameter: str = "") -> bytes:
    mark = b"--" + boundary.encode()
    head = f"Content-Type: multipart/mixed; {parameter or f'boundary={boundary}'}\r\n\r\n"
    body = b"".join(b"%s\r\n%s\r\n" % (mark, part) for part in parts)
    return head.encode() + body + mark + b"--\r\n"


def forwarded(mail: bytes) -> bytes:
    return b"Content-Type: message/rfc822\r\n\r\nFrom: bob@example.org\r\n" + mail


TEXT = b"Content-Type: text/plain; charset=utf-8\r\n\r\nFrom me:\r\nFrom the card.\r\n"
HEAD = b"From: ann@example.org\r\nSubject: my card\r\nMessage-ID: <1@example.org>\r\n"


def kept(raw: bytes) -> bytes:
    """Return the mail without the paper, after seeing that the paper was in it once at least."""
    assert DIGEST in {one.sha256 for one in parse(Arrival("a.eml", raw)).attachments}
    mail, papers = detach(raw, {DIGEST})
    assert set(papers) == {PAPER}
    again = parse(Arrival("a.eml", mail))
    assert again.problem is None
    assert DIGEST not in {one.sha256 for one in again.attachments}
    assert detach(mail, {DIGEST}) == (mail, [])
    return mail


@pytest.mark.parametrize(
    "body",
    [
        multipart(TEXT, attached(PAPER)),
        multipart(attached(PAPER), TEXT),
        multipart(TEXT, multipart(TEXT, attached(PAPER), boundary="b1")),
        multipart(TEXT, forwarded(multipart(TEXT, attached(PAPER), boundary="b2"))),
        multipart(TEXT, attached(PAPER), attached(PAPER, "again.png")),
        attached(PAPER),
    ],
    ids=["last", "first", "nested", "in a forwarded mail", "twice", "the mail itself"],
)
def test_a_paper_is_taken_out_wherever_it_is_nested_and_the_rest_can_be_read_again(body):
    mail = kept(HEAD + body)
    assert encodebytes(PAPER)[:40] not in mail
    assert DIGEST.encode() in mail
    assert b"Message-ID: <1@example.org>" in mail


def test_the_text_and_the_other_attachments_stay_as_they_were():
    raw = HEAD + multipart(TEXT, attached(OTHER, "letter.pdf"), attached(PAPER))
    before, after = parse(Arrival("a.eml", raw)), parse(Arrival("a.eml", kept(raw)))
    assert after.text == before.text == "From me:\nFrom the card."
    assert after.message_id == before.message_id
    assert after.attachments[0] == before.attachments[0]
    assert [one.name for one in after.attachments] == ["letter.pdf", "passport.png"]


@pytest.mark.parametrize("encoding", ["8bit", "base64"])
def test_a_charset_that_is_no_name_hides_no_paper(encoding):
    paper = attached(PAPER, encoding=encoding).replace(b"image/png", b'image/png; charset="\0"')
    content = b"\r\nA line \xff of it" if encoding == "8bit" else b""
    raw = HEAD + multipart(TEXT, paper.replace(PAPER, content) if content else paper)
    first = parse(Arrival("a.eml", raw))
    assert first.problem is None
    assert [one.name for one in first.attachments] == ["passport.png"]
    assert first.attachments[0].size
    assert len(detach(raw, {first.attachments[0].sha256})[1]) == 1


def test_a_mail_without_such_an_attachment_stays_the_same_bytes():
    raw = HEAD + multipart(TEXT, attached(OTHER, "letter.pdf"))
    assert detach(raw, {DIGEST}) == (raw, [])
    assert detach(HEAD + b"\r\nHello\r\n", {DIGEST}) == (HEAD + b"\r\nHello\r\n", [])
    assert detach(b"", {DIGEST}) == (b"", [])
    assert detach(raw, ()) == (raw, [])


def test_nothing_is_taken_out_for_an_empty_attachment():
    raw = HEAD + multipart(TEXT, b"Content-Type: text/plain\r\n\r\n", attached(b""))
    assert detach(raw, {hashlib.sha256(b"").hexdigest()}) == (raw, [])


@pytest.mark.parametrize(
    "head",
    [
        b"Subject: \xff\xfe raw\r\n",
        b"Subject: =?gbk?b?////?=\r\n",
        b"Content-Language: \x00\r\n",
        b"X-Long: " + b"a " * 3000 + b"\r\n",
        b"Subject: a\r\n b: c\r\n\td\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Subject: a\x0bBcc: eve@example.net\r\n",
        b"Subject: a\x1cb\x0c c\r\n",
    ],
)
def test_odd_headers_stop_nothing_and_stay(head):
    mail = kept(b"From: ann@example.org\r\n" + head + multipart(TEXT, attached(PAPER)))
    assert head in mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def test_an_end_that_never_comes_stops_nothing():
    whole = HEAD + multipart(TEXT, attached(PAPER))
    kept(whole[: whole.rindex(b"\r\n--b0--")] + b"\r\n")


def test_raw_bytes_are_taken_out_too():
    paper = b"passport \xff\xfe scan"
    raw = HEAD + multipart(TEXT, attached(paper, encoding="8bit"))
    mail, papers = detach(raw, {hashlib.sha256(paper).hexdigest()})
    assert papers == [paper]
    assert paper not in mail


@given(junk=st.binary(max_size=200), at=st.integers(0, 2_000))
def test_whatever_stands_in_a_mail_it_can_be_taken_apart(junk, at):
    whole = HEAD + multipart(TEXT, attached(PAPER))
    mail, papers = detach(whole[:at] + junk + whole[at:], {DIGEST})
    assert not papers or detach(mail, {DIGEST})[1] == []
