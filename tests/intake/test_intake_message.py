import base64
import hashlib
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsr.domain.limits import Limits
from dsr.intake.arrival import Arrival
from dsr.intake.message import parse

WISH = "请删除我的个人信息，谢谢。"
HANT = "請刪除我的個人資料，謝謝。"


def read(raw: bytes, limits: Limits | None = None, **fields):
    return parse(Arrival("a.eml", raw, **fields), limits)


def multipart(*parts: bytes, kind: str = "mixed") -> bytes:
    head = f"From: a@b.cn\nContent-Type: multipart/{kind}; boundary=XX\n\n".encode()
    return head + b"".join(b"--XX\n" + part + b"\n" for part in parts) + b"--XX--\n"


def text_part(text: str, kind: str = "plain", extra: bytes = b"") -> bytes:
    return f"Content-Type: text/{kind}; charset=utf-8\n".encode() + extra + b"\n" + text.encode()


def test_a_plain_mail_is_read_whole(mail):
    raw = mail(b"Hello\r\nthere\n")
    message = read(raw, received_at=datetime(2026, 3, 6, tzinfo=UTC))
    assert message.sender == "ann@example.org"
    assert message.sender_name == "Ann"
    assert message.recipients == ("privacy@office.example",)
    assert (message.subject, message.text) == ("Hello", "Hello\nthere")
    assert message.message_id == "<1@example.org>"
    assert message.sha256 == hashlib.sha256(raw).hexdigest()
    assert message.problem is None
    assert message.warnings == ()


def test_the_date_header_is_a_claim_and_never_the_receipt(message):
    found = message()
    assert found.claimed_at == datetime(2026, 3, 5, 2, tzinfo=UTC)
    assert found.received_at is None


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 99 Mar 2026 10:00:00", "1 Jan 99999"])
def test_a_date_that_is_none_claims_nothing(message, date):
    assert message(Date=date).claimed_at is None


@pytest.mark.parametrize(
    ("charset", "encoding", "text"),
    [
        ("gb2312", "gb18030", WISH),
        ("gbk", "gbk", WISH),
        ("GB18030", "gb18030", WISH),
        ("x-gbk", "gbk", WISH),
        ("big5", "cp950", HANT),
        ("utf-8", "utf-8", WISH),
        ("UFT-8", "utf-8", WISH),
        ('"utf-8"', "utf-8", WISH),
        ("hz-gb-2312", "hz", WISH),
        ("unicode-1-1-utf-7", "utf-7", WISH),
        ("utf-16", "utf-16", WISH),
        ("iso-8859-1", "utf-8", WISH),
        ("us-ascii", "gb18030", WISH),
        ("iso-8859-1", "cp1252", "Löschen Sie bitte meine Daten – danke"),
        ("x-no-such-thing", "utf-8", WISH),
        ("x-no-such-thing", "gb18030", WISH),
        ("", "utf-8", WISH),
        ("", "gb18030", WISH),
        ("", "cp950", HANT),
        ("", "cp1252", "J'écris à propos de mon compte fermé"),
        ("utf-8", "gb18030", WISH),
    ],
)
@pytest.mark.parametrize("transfer", ["8bit", "base64"])
def test_text_is_read_in_whatever_it_was_written(charset, encoding, text, transfer):
    body = text.encode(encoding)
    if transfer == "base64":
        body = base64.encodebytes(body)
    kind = f"text/plain; charset={charset}" if charset else "text/plain"
    head = f"From: a@b.example\nContent-Type: {kind}\nContent-Transfer-Encoding: {transfer}\n\n"
    assert read(head.encode() + body).text == text


def test_utf_7_is_read_only_where_it_is_declared():
    smuggled = b"+ADw-script+AD4-"
    assert read(b"From: a@b.cn\nContent-Type: text/plain; charset=utf-8\n\n" + smuggled).text == (
        smuggled.decode()
    )


def test_a_slip_in_utf_8_does_not_make_it_another_language():
    raw = b"From: a@b.cn\nContent-Type: text/plain; charset=utf-8\n\n"
    found = read(raw + (WISH * 5).encode() + b"\xff" + WISH.encode())
    assert WISH in found.text
    assert "some characters could not be read" in found.warnings


@pytest.mark.parametrize(
    "subject",
    [
        "=?gb2312?B?" + base64.b64encode("删除账号".encode("gbk")).decode() + "?=",
        "=?utf-8?Q?=E5=88=A0=E9=99=A4?= =?utf-8?Q?=E8=B4=A6=E5=8F=B7?=",
        "=?utf-8?B?5Yig6Zmk6LSm5Y+3?=",
        "=?utf-8?Q?=E5=88=A0=E9=99?=\n =?utf-8?Q?=A4=E8=B4=A6=E5=8F=B7?=",
        "删除账号",
        "删除账号".encode("gb18030").decode("utf-8", "surrogateescape"),
    ],
)
def test_chinese_subjects_come_out_readable_however_they_were_sent(message, subject):
    assert message(Subject=subject).subject == "删除账号"


@pytest.mark.parametrize(
    "subject",
    ["=?utf-8?B?%%%?=", "=?nothing?B?AAAA?=", "=?utf-8?Q?=ZZ?=", "=?utf-8?B?A?=", "=?=?="],
)
def test_a_broken_encoded_subject_breaks_nothing(message, subject):
    assert message(Subject=subject).problem is None


def test_a_subject_stands_on_one_line(message):
    assert message(Subject="=?utf-8?Q?a=0D=0AX-Evil:_1=00?=").subject == "a X-Evil: 1"


def test_mark_up_becomes_text_with_lines_between_blocks(message):
    html = b"<html><head><title>T</title></head><body><p>Please <b>de</b>lete</p>my data<br>now"
    found = message(html, Content_Type="text/html; charset=utf-8")
    assert found.text == "Please delete\nmy data\nnow"
    assert found.from_html


@pytest.mark.parametrize(
    "hidden",
    [
        b"<div style='DISPLAY : none'>secret</div>",
        b"<p hidden>secret</p>",
        b"<span style='font-size:0px'>secret</span>",
        b"<script>secret</script><style>secret</style>",
        b"<!-- secret -->",
    ],
)
def test_hidden_text_is_dropped(message, hidden):
    found = message(b"<p>seen</p>" + hidden, Content_Type="text/html")
    assert found.text == "seen"
    if b"script" not in hidden and b"<!--" not in hidden:
        assert "hidden text was removed" in found.warnings


def test_invisible_characters_are_dropped(message):
    found = message("<p>de\u200blete\u202e x</p>".encode(), Content_Type="text/html; charset=utf-8")
    assert found.text == "delete x"


def test_plain_text_is_preferred_to_the_same_in_mark_up():
    raw = multipart(
        text_part("Hello there, my friend. " * 8),
        text_part("<p>" + "Hello there, my friend. " * 8, "html"),
        kind="alternative",
    )
    assert not read(raw).from_html


def test_a_stub_of_plain_text_gives_way_to_the_mark_up():
    raw = multipart(
        text_part("View this in a browser"), text_part("<p>" + "Real text. " * 20, "html")
    )
    found = read(raw)
    assert found.from_html
    assert found.text.startswith("Real text.")


def test_where_the_mark_up_says_much_more_both_are_read():
    raw = multipart(
        text_part("Hello there, my friend. " * 8),
        text_part("<p>" + "Please delete my data. " * 40, "html"),
        kind="alternative",
    )
    found = read(raw)
    assert "Hello" in found.text
    assert "delete" in found.text
    assert "plain text and mark-up differ: both were read" in found.warnings


def test_soft_line_ends_are_joined():
    raw = (
        b"From: a@b.cn\nContent-Type: text/plain; format=flowed\n\nPlease delete \nmy data\n-- \nA"
    )
    assert read(raw).text == "Please delete my data\n-- \nA"


def test_what_is_quoted_stands_apart(message):
    found = message(b"Please delete it.\n\nOn Mon, 2 Mar 2026 Bob wrote:\n> your data\n")
    assert (found.text, found.quoted) == (
        "Please delete it.",
        "On Mon, 2 Mar 2026 Bob wrote:\nyour data",
    )


def test_a_mail_inside_a_mail_counts_as_quoted():
    inner = b"Content-Type: message/rfc822\n\nSubject: x\n\nplease delete my data"
    found = read(multipart(text_part("see below"), inner))
    assert (found.text, found.quoted) == ("see below", "please delete my data")


def attached(name: str, data: bytes = b"data", kind: str = "application/pdf") -> bytes:
    head = f"Content-Type: {kind}\nContent-Disposition: attachment; filename={name}\n"
    return (
        head.encode("utf-8", "surrogateescape")
        + b"Content-Transfer-Encoding: base64\n\n"
        + (base64.encodebytes(data))
    )


def test_an_attachment_is_listed_with_the_hash_of_its_content():
    found = read(multipart(text_part("hi"), attached("a.pdf", b"content")))
    (one,) = found.attachments
    assert (one.name, one.media_type, one.size) == ("a.pdf", "application/pdf", 7)
    assert one.sha256 == hashlib.sha256(b"content").hexdigest()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ('"../../etc/cron.d/x"', "x"),
        ('"..\\\\..\\\\boot.ini"', "boot.ini"),
        ('"/etc/passwd"', "passwd"),
        ('"a\u202egpj.exe"', "agpj.exe"),
        ('"CON.txt"', "_CON.txt"),
        ('"nul"', "_nul"),
        ('"a.pdf. . "', "a.pdf"),
        ('".."', "attachment-1"),
        ('""', "attachment-1"),
        ('"=?utf-8?B?6Lqr5Lu96K+BLmpwZw==?="', "身份证.jpg"),
        ('"a\x1b[31m.txt"', "a[31m.txt"),
        ('"a<b>|c.txt"', "abc.txt"),
    ],
)
def test_the_names_of_attachments_lead_nowhere(name, shown):
    (one,) = read(multipart(attached(name))).attachments
    assert one.name == shown


def test_an_encoded_path_leads_nowhere_either():
    part = attached("x").replace(b"filename=x", b"filename*=utf-8''%2e%2e%2f%2e%2e%2fx.sh%00.pdf")
    assert read(multipart(part)).attachments[0].name == "x.sh.pdf"


def test_a_long_name_keeps_its_real_extension():
    (one,) = read(multipart(attached('"' + "长" * 100 + '.docx"'))).attachments
    assert len(one.name.encode()) <= 120
    assert one.name.endswith("长.docx")


@pytest.mark.parametrize("name", ["身份证正面.jpg", "passport-scan.pdf", "ID card.png", "護照.jpg"])
def test_an_identity_paper_is_suspected_by_its_name(name):
    assert read(multipart(attached(f'"{name}"'))).attachments[0].identity_paper


@pytest.mark.parametrize("name", ["invoice.pdf", "candid camera.jpg", "report.docx"])
def test_other_attachments_are_no_identity_papers(name):
    assert not read(multipart(attached(f'"{name}"'))).attachments[0].identity_paper


def test_a_text_that_speaks_of_an_identity_paper_makes_its_pictures_suspect():
    raw = multipart(text_part("附件是我的身份证"), attached("IMG_1.jpg", kind="image/jpeg"))
    assert read(raw).attachments[0].identity_paper


@pytest.mark.parametrize(
    "part",
    [
        b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIIB",
        b"Content-Type: application/ms-tnef; name=winmail.dat\n\nx",
        b"Content-Type: message/partial; id=1; number=1\n\nx",
        text_part("-----BEGIN PGP MESSAGE-----\nabc"),
    ],
)
def test_what_cannot_be_read_says_so(part):
    assert read(multipart(part)).sealed


def test_in_reply_to_comes_before_the_newest_reference(message):
    found = message(In_Reply_To="<3@x>", References="<1@x>\n <2@x> <3@x>")
    assert found.references == ("<3@x>", "<2@x>", "<1@x>")


def test_a_hundred_references_are_read_and_they_are_the_newest(message):
    found = message(References=" ".join(f"<{number}@x>" for number in range(500)))
    assert len(found.references) == 100
    assert found.references[0] == "<499@x>"


def test_a_bounce_tells_which_letter_came_back():
    report = b"Content-Type: message/delivery-status\n\nAction: failed\n"
    letter = b"Content-Type: text/rfc822-headers\n\nMessage-ID: <ours@office>\nSubject: x\n"
    raw = multipart(text_part("failed"), report, letter, kind="report; report-type=delivery-status")
    found = read(raw)
    assert found.automatic == "bounce: Content-Type multipart/report"
    assert found.returned_ids == ("<ours@office>",)


def test_another_address_for_answers_is_a_warning(message):
    found = message(Reply_To="evil@example.net")
    assert found.reply_to == "evil@example.net"
    assert "answers are wanted elsewhere (Reply-To)" in found.warnings


# ---- limits and hostile bytes


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n",
        b"no headers at all",
        b"\x00" * 1000,
        b"\x7fELF" + bytes(range(256)),
        b"X-Strange: 1\n\nbody",
    ],
)
def test_what_is_no_mail_is_set_aside(raw):
    assert read(raw).problem


def bomb_of_parts(count: int) -> bytes:
    return multipart(*[b"\n"] * count)


def bomb_of_depth(depth: int) -> bytes:
    head = b"From: a@b.cn\n"
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=B%d\n\n--B%d\n" % (n, n) for n in range(depth)
    )
    return head + nested + b"Content-Type: text/plain\n\nx\n"


HOSTILE = {
    "parts": bomb_of_parts(600),
    "depth": bomb_of_depth(40),
    "great depth": bomb_of_depth(1_500),
    "headers": b"From: a@b.cn\n" + b"X: y\n" * 1_100 + b"\nx",
    "header block": b"From: a@b.cn\nX: " + b"y" * 300_000 + b"\n\nx",
    "marks": b"From: a@b.cn\n\n" + b"--\n" * 20_100,
    "headers in a part": multipart(b"X: y\n" * 1_100 + b"\nx"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_mail_beyond_the_limits_is_set_aside_quickly_and_its_sender_is_known(name):
    start = time.process_time()
    found = read(HOSTILE[name])
    assert found.problem
    assert found.sender == (None if name == "headers" else "a@b.cn")
    assert time.process_time() - start < 1.5


def test_a_mail_longer_than_the_limit_is_set_aside(mail):
    raw = mail(b"x" * 3000)
    assert "longer" in read(raw, Limits(raw_bytes=1000)).problem
    assert read(raw, cut=True).problem


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": "=?utf-8?Q?a?= " * 5_000},
        {"To": ", ".join(f"a{n}@example.org" for n in range(4_000))},
        {"Content-Type": "text/plain" + "; a=b" * 12_000},
        {"Content-Type": "text/plain" + "".join(f"; a*{n}=b" for n in range(5_000))},
        {"From": "(" * 20_000 + "a@b.cn"},
        {"References": "<a@b> " * 10_000},
        {"Received": "x " * 20_000},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_a_bomb_in_one_header_costs_little(message, headers):
    start = time.process_time()
    found = message(**{name.replace("-", "_"): value for name, value in headers.items()})
    assert time.process_time() - start < 0.5
    assert len(found.recipients) <= 500


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 50_000,
        "<a " + " ".join(f"a{n}=b" for n in range(20_000)) + ">x",
        "</p" * 50_000,
        "<" * 200_000,
        "<div style='display:none'>" * 7_000,
        "<table><tr><td>" * 10_000,
    ],
)
def test_a_bomb_in_mark_up_costs_little(message, html):
    start = time.process_time()
    message(html.encode(), Content_Type="text/html")
    assert time.process_time() - start < 1.5


def test_long_mark_up_is_cut_and_says_so(message):
    found = message(b"<p>" + b"x" * 300_000, Content_Type="text/html")
    assert "the mark-up is long: only its beginning was read" in found.warnings


def test_more_attachments_than_the_limit_are_not_listed():
    found = read(multipart(*[attached("a.txt")] * 5), Limits(attachments=3))
    assert len(found.attachments) == 3
    assert "more attachments than are listed" in found.warnings


FRAGMENTS = st.sampled_from(
    [
        b"From: a@b.cn\n",
        b"Content-Type: multipart/mixed; boundary=X\n",
        b"Content-Type: text/html; charset=\x00\n",
        b"Content-Type: message/rfc822\n",
        b"Content-Disposition: attachment; filename*=x'y'%00\n",
        b"Content-Disposition: attachment; filename*0*=\xff\n",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: uuencode\n",
        b"Subject: =?\xff?B?=?=\n",
        b"\n",
        b"--X\n",
        b"--X--\n",
        b"\r",
        b"<p hidden>",
        b"\xff\xfe\x00",
    ]
)


@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise(raw):
    assert read(raw).sha256 == hashlib.sha256(raw).hexdigest()


@settings(max_examples=150)
@given(st.lists(FRAGMENTS | st.binary(max_size=20), max_size=25).map(b"".join))
def test_no_pieces_of_mails_make_it_raise(raw):
    assert read(b"From: a@b.cn\n" + raw).content_key
