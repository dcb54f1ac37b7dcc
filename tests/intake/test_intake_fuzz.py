"""Any bytes are read: nothing raises, what was found stands in the text, all of it is bounded."""

import json
from dataclasses import asdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsr.domain.limits import Limits, Manner
from dsr.intake.arrival import Arrival
from dsr.intake.pool import read
from dsr.intake.thread import Known, judge

#: Small limits, so that small mails reach them.
CLOSE = Manner(
    limits=Limits(
        raw_bytes=6_000,
        header_bytes=1_500,
        header_chars=300,
        headers=12,
        lines=300,
        depth=4,
        parts=8,
        attachments=3,
        html_chars=1_000,
        text_chars=1_500,
    ),
    server="mx.example.com",
)
HEADERS = (
    b"From: Ann <ann@example.org>",
    b'From: "a@b.cn" <c@d.cn>',
    b"From: =?utf-8?B?0JDQu25u?= <a@xn--b.cn>",
    b"From: (((a@b.cn",
    b"Subject: =?gb2312?B?yb7z/Q==?= =?utf-8?Q?=E5=88?=",
    b"Subject: \xff\xfe delete my account",
    b"To: " + b"a@b.cn," * 20,
    b"Reply-To: x@y.cn",
    b"Date: Thu, 99 Mar 99999 10:00:00 +9999",
    b"Received: from a by mx.example.com; Tue, 3 Nov 2026 08:15:00 +0800",
    b"Authentication-Results: mx.example.com; dmarc=fail",
    b"References: <a@b> <a@b\n <c@d>",
    b"Message-ID: <1@example.org>",
    b"Auto-Submitted: auto-replied",
    b"Return-Path: <>",
    b"Content-Type: text/plain; charset=gb2312; format=flowed; delsp=yes",
    b"Content-Type: text/html; charset=\x00utf-16",
    b"Content-Type: text/plain; charset=punycode",
    b"Content-Type: text/plain; charset=utf-7",
    b"Subject: =?utf-7?q?+2AA-?= =?utf-8?q?=00=ED=A0=80?=",
    b"Message-ID: <\0\xed\xa0\x80@x>",
    b"From: =?utf-7?q?+2AA-?= <a@b.cn>, c@d.cn",
    b"Received: from localhost (b.cn [6.6.6.6]) by mx.example.com; Tue, 3 Nov 2026 08:15:00 +0800",
    b"Content-Type: multipart/mixed; boundary=X",
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=X",
    b"Content-Type: message/rfc822",
    b"Content-Type: message/delivery-status",
    b"Content-Type: text/rfc822-headers",
    b"Content-Type: application/pkcs7-mime",
    b"Content-Disposition: attachment; filename*0*=x'y'%00; filename*1=..\\\\..\\\\a.eml",
    b"Content-Disposition: attachment; filename=passport.png",
    b"Content-Transfer-Encoding: base64",
    b"Content-Transfer-Encoding: quoted-printable",
    b"Content-Transfer-Encoding: uuencode",
    b"X: " + b"y" * 400,
    b": no name",
    b" folded",
)
TEXTS = (
    b"Please delete all my personal data.",
    "请删除我的个人信息，并注销账号。".encode(),
    "請刪除我的個人資料".encode("cp950"),
    "個人情報を開示してください".encode("cp932"),
    "Bitte löschen Sie meine Daten".encode("latin-1"),
    b"My name is wrong: Ana, not Anna. I live at a@b.cn, +86 138 0013 8000.",
    b"On Mon, 2 Mar 2026 at 10:00, Bob <b@c.cn> wrote:",
    b"-----Original Message-----",
    "发件人：a\n发送时间：b\n主题：c".encode(),
    b"> delete my data",
    b"Message-ID: <9@ours>",
    b"<p style='display:none'>x</p><div style=\"color:#fff\">y<span hidden>",
    b"<style>a{b</style><script>",
    b"<style>p.x{display:none;}#y,.z{d\\69splay:none} @media screen{.x{height:0",
    b"<p class='x z' id=y style='d\\69splay:/*'>",
    b"&#xd800;&#0;",
    b"</p" * 20,
    b"<div style='font-size:0'>" * 10,
    b"=E5=88=A0 \n \n-- \n",
    b"RnJvbTogYUBiLmNuCgpoaQ==",
    b"begin 644 a\nM!!!",
    b"-----BEGIN PGP MESSAGE-----",
    b"\x1b[31m\x00\xe2\x80\xae",
    b"\xed\xa0\x80\xf8\x88",
    b"+AGE-",
    b"+2AA- delete my data +3AA-",
    b"\r",
    b"--X",
    b"--X--",
    b"",
)
piece = st.sampled_from(HEADERS + TEXTS) | st.binary(max_size=30)
end = st.sampled_from([b"\n", b"\r\n", b"\n\n", b"\r"])
part = st.tuples(st.lists(st.sampled_from(HEADERS), max_size=6), st.lists(piece, max_size=6))
settings.register_profile("pieces", max_examples=200, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Load the phrases, which takes longer than an example may."""
    read(Arrival("-", b"From: a@b.cn\n\ndelete my data"))


def as_mail(parts, boundary=b"X") -> bytes:
    """Return a mail: the headers and the text of its first part, then the others behind marks."""
    made = [b"\n".join(heads) + b"\n\n" + b"\n".join(texts) for heads, texts in parts]
    return (b"\n--" + boundary + b"\n").join(made) + b"\n--" + boundary + b"--\n"


def check(raw: bytes, manner: Manner) -> None:
    """Hold what was read against what must hold for any bytes."""
    message, finding = read(Arrival("a.eml", raw), manner)
    limits = manner.limits
    assert not finding.unread
    assert len(message.text) <= 4 * limits.text_chars + 10
    assert len(message.quoted) <= limits.text_chars
    assert len(message.attachments) <= limits.attachments
    assert len(message.references) <= 100
    assert len(message.recipients) <= 500
    assert len(message.warnings) <= 100
    assert all(len(one.name.encode()) <= 120 and "/" not in one.name for one in message.attachments)
    whole = f"{message.subject}\n{message.text}\n{message.quoted}"
    assert all(found.span in whole for found in finding.kinds)
    assert bool(message.problem) <= (not message.text)
    kept = json.dumps(asdict(message), default=str, ensure_ascii=False)
    assert kept.encode()
    assert "\\u0000" not in kept.replace("\\\\", "")
    judgement = judge(message, finding, Known())
    assert judgement.reasons
    assert not (message.authenticated == "failed" and judgement.outcome == "opened")


@given(st.binary(max_size=600))
def test_any_bytes_are_read(raw):
    check(raw, CLOSE)


@settings(settings.get_profile("pieces"))
@given(st.lists(st.tuples(piece, end), max_size=40))
def test_any_pieces_of_mails_are_read(pieces):
    check(b"From: a@b.cn\n" + b"".join(one for pair in pieces for one in pair), CLOSE)


@settings(settings.get_profile("pieces"))
@given(st.lists(part, min_size=1, max_size=10), st.sampled_from([b"X", b"", b"--", b" "]))
def test_any_structure_of_parts_is_read(parts, boundary):
    check(as_mail(parts, boundary), CLOSE)


@settings(settings.get_profile("pieces"))
@given(st.lists(part, min_size=1, max_size=10))
def test_any_structure_is_read_with_the_limits_of_an_office(parts):
    check(as_mail(parts), Manner(server="mx.example.com"))


@given(st.lists(st.tuples(st.sampled_from(TEXTS), end), max_size=30))
def test_any_text_is_read_and_what_is_found_stands_in_it(pieces):
    head = b"From: a@b.cn\nContent-Type: text/plain; charset=utf-8\n\n"
    check(head + b"".join(one for pair in pieces for one in pair), Manner())
