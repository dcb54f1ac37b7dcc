"""Splits a mailbox file into mails, line by line; a mail in memory at a time."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from hashlib import sha256
from itertools import pairwise
from typing import BinaryIO

from dsr.domain.limits import Limits
from dsr.intake.arrival import Arrival

_LINE = 1 << 20
_POSTMARK = 300
_DATED = re.compile(rb"From .{0,200}\b\d{1,2}:\d\d(:\d\d)?\b.{0,40}\b\d{4}\b")
#: What begins a mail's header block; other words before a colon are prose.
_HEADER = re.compile(
    rb"(?i)(?:return-path|received|from|date|message-id|subject|to|cc|sender|reply-to|delivered-to"
    rb"|envelope-to|mime-version|status|content-[a-z-]+|dkim-[a-z-]+|arc-[a-z-]+|list-[a-z-]+"
    rb"|authentication-results|x-[!-9;-~]+)[ \t]*:"
)
_WORDS_AFTER = 2  # a line without a date that has more of them than "From" and a name is prose
_QUOTED_FROM = re.compile(rb"(?m)^>(>*From )")
_BLANK = (b"\n", b"\r\n")
_LENGTH = re.compile(rb"(?i)content-length:[ \t]*(\d{1,10})[ \t]*\r?\n")
_LAST = 4  # lines: what may follow a body before the next mail


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Arrival]:
    """Yield the mails of a mailbox, without their ``From `` lines, one ``>`` undone.

    A mail begins at a ``From `` line at the start or after a blank line, if that line has a date
    or a mail's header follows it: some programs do not quote the word at the start of a paragraph.
    Where such a line may be prose all the same, the mail before it keeps it. A Content-Length is
    believed only where the next mail, or the end, really follows.

    Args:
        stream: The mailbox, at its beginning.
        name: What to call it; the mails are ``name#1``, ``name#2``, ...
        limits: Of a longer mail only the beginning is kept.
    """
    number = 0
    for mail in _mails(stream, limits.raw_bytes):
        for one in mail.parts():
            number += 1
            yield one.done(f"{name}#{number}")


def _mails(stream: BinaryIO, limit: int) -> Iterator["_Mail"]:
    """Yield the mails as their Content-Length says, where they have one that may be true."""
    mail: _Mail | None = None
    blank = True
    lines = _lines(stream)
    line = next(lines, b"")
    while line:
        if mail is not None and mail.is_plain:
            line, blank = mail.take(line, lines, blank=blank)
        following = next(lines, b"")
        if blank and line.startswith(b"From ") and (mail is None or _begins(line, following)):
            if mail is not None and mail.is_inside:
                mail.marks.append(len(mail.lines))
                mail.add(line)
            else:
                if mail is not None:
                    if _may_be_prose(line):
                        mail.add(line)
                    yield mail
                mail = _Mail(line, limit)
            blank = False
        elif mail is not None and line:
            mail.add(line)
            blank = line in _BLANK
        line = following
    if mail is not None:
        yield mail


def begins(first: bytes) -> bool:
    """Say whether some bytes begin as a mailbox does, and not as a letter about one."""
    line, _, following = first.partition(b"\n")
    return line.startswith(b"From ") and _begins(line, following)


def _begins(line: bytes, following: bytes) -> bool:
    return bool(_DATED.match(line) or _HEADER.match(following))


def _may_be_prose(line: bytes) -> bool:
    return not _DATED.match(line) and len(line.split()) > _WORDS_AFTER


class _Mail:
    """A mail while its lines arrive.

    Attributes:
        marks: Which of its lines begin another mail, unless its Content-Length is true.
    """

    __slots__ = (
        "_blank",
        "_digest",
        "_head",
        "_said",
        "cut",
        "limit",
        "lines",
        "marks",
        "received_at",
        "size",
    )

    def __init__(self, postmark: bytes, limit: int) -> None:
        self.received_at = postmarked_at(postmark)
        self.limit = limit
        self.lines: list[bytes] = []
        self.marks: list[int] = []
        self.size = 0
        self.cut = False
        self._said = 0  # bytes of the body, as the headers say; 0 is nothing to believe
        self._head = 0  # bytes of the headers; 0 while they last
        self._digest = sha256()  # of all of it, once it is cut
        self._blank = b""  # a line that may be the separator: no part of the mail then

    @property
    def is_inside(self) -> bool:
        """Whether more of its body is to come, if its Content-Length is true."""
        return self._head > 0 and self.size - self._head < self._said

    @property
    def is_true(self) -> bool:
        """Whether the body ended where its Content-Length said: but for blank lines, no more."""
        more = self.size - self._head - self._said
        if not (self._said and self._head) or more < 0:
            return False
        end = b"".join(self.lines[-_LAST:])
        return more <= len(end) and not end[len(end) - more :].strip(b"\r\n")

    @property
    def is_plain(self) -> bool:
        """Whether nothing of its lines counts any more but where they end."""
        return self._head > 0 and not (self._said or self.cut)

    def take(self, line: bytes, lines: Iterator[bytes], *, blank: bool) -> tuple[bytes, bool]:
        """Add the lines of its body, fast; return the first that needs a look, or none at the end.

        Args:
            line: The first of them.
            lines: Those behind it.
            blank: Whether the line before was blank.
        """
        size, limit, append = self.size, self.limit, self.lines.append
        while line and not (blank and line.startswith(b"From ")) and size + len(line) <= limit:
            append(line)
            size += len(line)
            blank = line in _BLANK
            line = next(lines, b"")
        self.size = size
        return line, blank

    def add(self, line: bytes) -> None:
        if self.cut:
            self._hash(line)
            return
        size = self.size + len(line)
        if size > self.limit:
            for one in (*self.lines[self.marks[-1] + 1 if self.marks else 0 :], line):
                self._hash(one)
            if room := self.limit - self.size:
                self.lines.append(line[:room])
            self.size, self.cut, self._said = self.limit, True, 0
            return
        self.size = size
        self.lines.append(line)
        if not self._head:
            if line in _BLANK:
                self._head = size
            elif not self._said and (found := _LENGTH.match(line)):
                self._said = min(int(found[1]), self.limit)

    def _hash(self, line: bytes) -> None:
        self._digest.update(self._blank)
        self._blank = line if line in _BLANK else b""
        if not self._blank:
            self._digest.update(line)

    def parts(self) -> Iterator["_Mail"]:
        """Yield the mail itself, or the mails in it where its Content-Length was no true one."""
        if not self.marks or (self.is_true and not self.cut):
            yield self
            return
        ends = [*self.marks, len(self.lines)]
        first = _Mail(b"", self.limit)
        first.received_at, first.lines = self.received_at, self.lines[: ends[0]]
        yield first
        for start, end in pairwise(ends):
            one = _Mail(self.lines[start], self.limit)
            one.lines = self.lines[start + 1 : end]
            one.cut, one._digest = self.cut and end == ends[-1], self._digest
            yield one

    def done(self, source: str) -> Arrival:
        lines = self.lines
        if lines and lines[-1] in _BLANK and not self.cut:
            lines.pop()  # the separator belongs to the mailbox
        raw = b"".join(lines)
        lines.clear()
        if b">From " in raw and not self.marks:  # else the writer quotes no word, and undoes none
            raw = _QUOTED_FROM.sub(rb"\1", raw)
        whole = self._digest.hexdigest() if self.cut else ""
        return Arrival(source, raw, self.received_at, cut=self.cut, whole=whole)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield lines of at most 1 MiB; a mailbox with old line ends (CR alone) is read too."""
    first = stream.readline(_LINE)
    if b"\r" in first.rstrip(b"\r\n") and not first.endswith(b"\r\n"):
        yield from _old_lines(first, stream)
        return
    while first:
        yield first
        first = stream.readline(_LINE)


def _old_lines(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    rest = first
    while chunk := stream.read(_LINE):
        *lines, rest = (rest + chunk).replace(b"\r", b"\n").splitlines(keepends=True)
        yield from lines
        if len(rest) > _LINE:
            yield rest
            rest = b""
    yield from rest.replace(b"\r", b"\n").splitlines(keepends=True)


def unwrap(raw: bytes) -> tuple[bytes, datetime | None]:
    """Return one mail without a leading ``From `` line, and when that line says it arrived."""
    if not raw.startswith(b"From "):
        return raw, None
    postmark, _, mail = raw.partition(b"\n")
    return mail, postmarked_at(postmark)


def postmarked_at(line: bytes) -> datetime | None:
    """Return the instant in a ``From `` line: its writer's clock, in UTC where it has no zone."""
    words = line[5:_POSTMARK].decode("ascii", "replace").split()
    for start, word in enumerate(words):
        found = parsedate_tz(" ".join(words[start:])) if word[:3].isalpha() else None
        if found:
            try:
                return datetime(*found[:6], tzinfo=UTC) - timedelta(seconds=found[9] or 0)
            except (ValueError, OverflowError):
                return None
    return None
