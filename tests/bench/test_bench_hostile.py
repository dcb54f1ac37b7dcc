"""No crafted mail of 1 MB takes longer than 2 s or more memory than 300 MB, read and classified."""

import base64
import io
import subprocess
import sys
import zipfile
from itertools import repeat
from pathlib import Path
from time import process_time

import pytest

from dsr.domain.limits import Limits, Manner
from dsr.intake.arrival import Arrival
from dsr.intake.pool import read

MB = 1_000_000
MOST_SECONDS = 2
MOST_MEMORY_MB = 300
PEAK = Path(__file__).with_name("peak_memory.py")
HEAD = b"From: Ann <ann@example.org>\nTo: desk@example.com\nSubject: a letter\n"
ENDLESS = Manner(limits=Limits(seconds=600))  # what is measured is no stop, but the work itself


def filled(piece: bytes, size: int = MB) -> bytes:
    """Return a piece over and over."""
    return piece * (size // len(piece))


def numbered(piece: str, size: int = MB) -> bytes:
    """Return a piece with a number in it, over and over."""
    return "".join(piece.format(number) for number in range(size // (len(piece) + 3))).encode()


def header(name: bytes, value: bytes) -> bytes:
    """Return a mail with a header of 1 MB; and with it again in lines, where a mail may have it."""
    return b"%s%s: %s\n\nPlease delete my data.\n" % (HEAD, name, value)


def folded(name: bytes, piece: bytes) -> bytes:
    """Return a mail with a header just as long as is read, in short lines."""
    return header(name, b"\n ".join(repeat(piece, 250_000 // (len(piece) + 2))))


def written(text: bytes, kind: bytes = b"text/plain") -> bytes:
    """Return a mail with one text of 1 MB."""
    return b"%sContent-Type: %s; charset=utf-8\n\n%s" % (HEAD, kind, text)


def marked_up(text: bytes) -> bytes:
    return written(text, b"text/html")


def in_limit(text: bytes) -> bytes:
    """Return mark-up just as long as is read."""
    return marked_up(text[: 256 << 10])


def parts(*found: bytes, kind: bytes = b"mixed") -> bytes:
    """Return a mail of parts."""
    head = b"%sContent-Type: multipart/%s; boundary=B\n\n" % (HEAD, kind)
    return head + b"".join(b"--B\n%s\n" % part for part in found) + b"--B--\n"


def deep(depth: int, kind: bytes = b"multipart/mixed; boundary=B%d\n\n--B%d") -> bytes:
    """Return a mail whose parts lie in each other."""
    marks = kind.count(b"%d")
    levels = (b"Content-Type: " + kind % ((level,) * marks) + b"\n" for level in range(depth))
    return HEAD + b"".join(levels) + b"\nPlease delete my data.\n"


def bomb() -> bytes:
    """Return a mail with an archive of 800 MB of zeros in 800 kB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a", "w") as a:
        for _ in range(700):
            a.write(bytes(MB))
    body = base64.encodebytes(packed.getvalue())
    head = b"Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n"
    return parts(b"Content-Type: text/plain\n\nPlease delete my data.\n", head + body)


HEADERS = {
    "encoded words": header(b"Subject", filled(b"=?utf-8?Q?a?= ")),
    "encoded words in lines": folded(b"Subject", b"=?utf-8?B?YQ==?="),
    "encoded words that never end": header(b"Subject", filled(b"=?utf-8?Q?a")),
    "marks of encoded words": header(b"Subject", filled(b"=?")),
    "addresses": header(b"To", numbered("a{}@example.org, ")),
    "addresses in lines": folded(b"To", b"aaaa@example.org,"),
    "senders": header(b"From", numbered("a{}@example.org, ")),
    "angles in the sender": header(b"From", filled(b"<")),
    "comments in comments": header(b"From", filled(b"(")),
    "comments in the sender": folded(b"From", b"(a)(b(c"),
    "at signs": header(b"From", filled(b"a@")),
    "parameters": header(b"Content-Type", b"text/plain" + numbered("; p{}=v")),
    "parameters in lines": folded(b"Content-Type", b"a=b; c=d;"),
    "pieces of parameters": header(b"Content-Disposition", b"a" + numbered("; filename*{}=x")),
    "pieces in lines": header(
        b"Content-Disposition", b"attachment" + b"".join(b";\n f*%d=x" % n for n in range(15_000))
    ),
    "boundary": header(b"Content-Type", b"multipart/mixed; boundary=" + filled(b"a")),
    "quotes in parameters": folded(b"Content-Type", b'text/plain; a="\\\\\\"'),
    "references": header(b"References", numbered("<{}@example.org> ")),
    "references in lines": folded(b"References", b"<a@b>"),
    "angles in references": header(b"References", filled(b"<a")),
    "traces": HEAD + filled(b"Received: by a; x\n") + b"\nx",
    "results": HEAD + filled(b"Authentication-Results: mx; dkim=pass\n", 40_000) + b"\nx",
    "results in one": header(b"Authentication-Results", b"mx; " + filled(b"dkim=pass (")),
    "dates": header(b"Date", filled(b"1 ")),
    "headers": HEAD + filled(b"X: y\n") + b"\nx",
    "a header block that never ends": HEAD + filled(b"X-Long: yyyyyyyyyyyyyyyyyyyy\n"),
    "undeclared bytes": header(b"Subject", filled(b"\xff\xfe\xe4")),
    "prefixes of answers": header(b"Subject", filled(b"Re: ")),
    "marks of tickets": header(b"Subject", filled(b"[DSR-2026-0001-a]")),
}
PARTS = {
    "parts": parts(*repeat(b"\n", 100_000)),
    "parts with headers": parts(*repeat(b"Content-Type: text/plain\n\na", 20_000)),
    "as many parts as may be": parts(*repeat(b"Content-Type: text/plain\n\n" + b"a " * 990, 490)),
    "attachments": parts(*repeat(b"Content-Disposition: attachment; filename=a\n\na", 15_000)),
    "depth": deep(1_000),
    "greater depth": deep(18_000),
    "mails in mails": deep(1_000, b"message/rfc822\n"),
    "more mails in mails": deep(30_000, b"message/rfc822\n"),
    "marks of parts": written(filled(b"--\n")),
    "marks of no part": parts(filled(b"--A\n", 79_000), filled(b"a ")),
    "many boundaries": parts(filled(b"\n--B \n--BB\n", 190_000)),
    "a boundary of blanks": HEAD
    + b'Content-Type: multipart/mixed; boundary=" "\n\n'
    + filled(b"-- \n"),
    "base64 of nothing": parts(
        b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + filled(b"====")
    ),
    "quoted-printable": parts(
        b"Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n" + filled(b"=")
    ),
    "uuencoded": parts(
        b"Content-Type: text/plain\nContent-Transfer-Encoding: uuencode\n\nbegin 644 a\n"
        + filled(b"M" + b"a" * 60 + b"\n")
    ),
    "punycode": HEAD + b"Content-Type: text/plain; charset=punycode\n\n" + filled(b"a-b"),
    "utf-7": HEAD + b"Content-Type: text/plain; charset=utf-7\n\n" + filled(b"+AGE-"),
    "iso-2022": HEAD
    + b"Content-Type: text/plain; charset=iso-2022-jp\n\n"
    + filled(b"\x1b$B!!\x1b(B"),
    "broken utf-8": written(filled(b"\xe4\xb8")),
    "what came back": parts(
        b"Content-Type: text/plain\n\n" + numbered("Message-ID: <{}@example.org>\n"),
        b"Content-Type: message/delivery-status\n\nAction: failed\n",
        kind=b"report; report-type=delivery-status",
    ),
    "groups of a status": parts(
        b"Content-Type: message/delivery-status\n\n" + filled(b"A: b\n\n", 900_000),
        kind=b"report; report-type=delivery-status",
    ),
    "a bomb of zeros": bomb(),
}
MARK_UP = {
    "attributes": marked_up(b"<a " + numbered("b{}=c ") + b">x"),
    "attributes in the limit": in_limit(b"<a " + filled(b"b=c ", 20_000) + b">x" * 9_000),
    "attributes of many": in_limit(filled(b"<a " + b"b=c " * 300 + b">x")),
    "slashes": marked_up(b"<a" + filled(b"/") + b">"),
    "blocks": marked_up(filled(b"<div>")),
    "blocks in the limit": in_limit(filled(b"<div>", 39_000)),
    "letters in letters": in_limit(filled(b"<b><i>", 23_000)),
    "fonts between paragraphs": in_limit(filled(b"<font size=1><p>", 60_000)),
    "tables": in_limit(filled(b"<table>", 54_000)),
    "cells": in_limit(filled(b"<table><tr><td>", 39_000)),
    "ends of nothing": marked_up(filled(b"</p")),
    "ends in the limit": in_limit(filled(b"</p>", 31_000)),
    "angles": marked_up(filled(b"<")),
    "an open script": marked_up(b"<p>seen<script>" + filled(b"delete my data ")),
    "open comments": marked_up(filled(b"<!--")),
    "marks of letters": marked_up(filled(b"&amp")),
    "hidden in hidden": in_limit(filled(b"<div style='font-size:0'>x", 190_000)),
    "white in white": in_limit(filled(b"<p style='color:white'>x", 180_000)),
    "no colour at all": in_limit(b"<p style='color:#" + filled(b"f") + b"'>x"),
    "a style that never ends": in_limit(b"<p style='" + filled(b"display : ") + b"'>x"),
    "style sheets": in_limit(filled(b"<style>a{background:red}", 190_000)),
    "ends of styles": parts(
        b"Content-Type: text/plain\n\n" + b"A letter that is no stub. " * 20,
        b"Content-Type: text/html\n\n" + filled(b"</style>"),
        kind=b"alternative",
    ),
    "two letters that differ": parts(
        b"Content-Type: text/plain\n\n" + filled(b"one two three four ", 500_000),
        b"Content-Type: text/html\n\n" + filled(b"<p>five six seven eight ", 500_000),
        kind=b"alternative",
    ),
}
LINES = (
    "On Mon, 2 Mar 2026 at 10:00, Bob wrote:",
    "On On On On",
    "于2026年3月2日写道：",
    "2026/3/2 <a@b <a@b <a@b :",
    "-----Original Message-----",
    "________________________________",
    "From: a",
    "发件人：a",
    "> > > >",
    "",
    ":",
    "please delete my personal data",
    "请删除我的个人信息，并注销我的账号",
    "Bitte löschen Sie meine Daten",
    "個人情報を削除してください",
    "my name is wrong, it is not Ann but Anne",
    "I withdraw my consent under Article 7 GDPR within 30 days",
)
WORDS = (
    "delete ",
    "my ",
    "delete my ",
    "my data delete ",
    "not ",
    "do not delete my data ",
    "if you ",
    "你",
    "请",
    "删除",
    "我的个人信息",
    "不要删除",
    "您有权",
    "ー",
    "삭제",
    "my email is ",
    "email: a@b.c ",
    "a@",
    "@a",
    "a@b.",
    "a.",
    "1",
    "1 ",
    "+",
    "+1 ",
    "(1) ",
    "1-",
    "138",
    "13800138000",
    "order number ",
    "身份证号",
    "from 2020 to ",
    "Art. 15 ",
    "Article 17 GDPR ",
    "§ 34 BDSG ",
    "第四十五条",
    "I ",
    "\u0301",
    "a\u0301",
    "ﷺ",
    "ß",
    "'",
    '"',
    "“",
    "(",
    "[",
    "\t",
    " ",
    "\u3000",
    "\u200b",
    "\\",
    "*",
    "- ",
    "https://a.b/",
    "<",
    "&",
    "1. ",
    "a, ",
    "。",
    ". ",
    "! ",
    "; ",
)
TEXTS = {
    **{f"lines of {line[:16]!r}": written(filled(line.encode() + b"\n")) for line in LINES},
    **{f"only {word[:16]!r}": written(filled(word.encode())) for word in WORDS},
    "one line of digits behind a date": written(b"2026/1/1 <" + filled(b"a@ ")),
    "words of a form, then nothing": written(b"name:" + filled(b" ") + b"x"),
    "flowed": HEAD + b"Content-Type: text/plain; format=flowed; delsp=yes\n\n" + filled(b"> \n \n"),
    "PGP": written(filled(b"-----BEGIN PGP MESSAGE-----\n ")),
    "NUL": written(filled(b"\0")),
}
HOSTILE = {**HEADERS, **PARTS, **MARK_UP, **TEXTS}


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Load the phrases: every import does it once."""
    read(Arrival("-", written(b"Please delete my data.")), ENDLESS)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_crafted_mail_takes_long(name):
    begun = process_time()
    message, _ = read(Arrival("-", HOSTILE[name]), ENDLESS)
    assert process_time() - begun < MOST_SECONDS
    assert len(message.text) + len(message.quoted) < 3 * MB


def measured(folder: Path, mails: dict[str, bytes]) -> float:
    """Return the most memory in MB that reading some mails takes, in a process of its own."""
    for number, raw in enumerate(mails.values()):
        (folder / f"{number:03}.eml").write_bytes(raw)
    script = (
        "import sys, pathlib\n"
        "from dsr.intake.arrival import Arrival\n"
        "from dsr.intake.pool import read\n"
        "for path in sorted(pathlib.Path(sys.argv[1]).glob('*.eml')):\n"
        "    read(Arrival('-', path.read_bytes()))\n"
    )
    command = [sys.executable, str(PEAK), sys.executable, "-c", script, str(folder)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.parametrize(
    "group", [HEADERS, PARTS, MARK_UP, TEXTS], ids=["headers", "parts", "mark-up", "texts"]
)
def test_no_crafted_mail_takes_much_memory(tmp_path, group):
    assert measured(tmp_path, group) < MOST_MEMORY_MB


def test_what_is_larger_than_a_header_may_be_takes_no_longer():
    for raw in (HEAD + b"X: " + filled(b"y", 10 * MB) + b"\n\nx", written(filled(b"y", 20 * MB))):
        begun = process_time()
        read(Arrival("-", raw), ENDLESS)
        assert process_time() - begun < MOST_SECONDS
