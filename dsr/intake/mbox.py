"""Splits a mailbox file into mails; a mail in memory at a time.

Only where a mail may begin or end is it looked at line by line: what lies between is taken whole.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from itertools import pairwise
from typing import BinaryIO

from dsr.domain.limits import Limits
from dsr.intake.arrival import Arrival, of_long
from dsr.intake.mailbox_lines import HEADER, LINE, Lines
from dsr.intake.overlong import Overlong

_POSTMARK = 300  # bytes of a `From ` line that are read
_DATED = re.compile(rb"From .{0,200}\b\d{1,2}:\d\d(:\d\d)?\b.{0,40}\b\d{4}\b")
_WORDS_AFTER = 2  # a line without a date that has more of them than "From" and a name is prose
_QUOTED_FROM = re.compile(rb"(?m)^>(>*From )")
_DEEP = 6
_DEEPER = re.compile(rb"(?m)^>(>{5,}From )")
_BLANK = (b"\n", b"\r\n")
_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*(\d{1,10})[ \t]*\r?\n")
_MARK = b"\xef\xbb\xbf"
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
        limits: What one mail may cost.
    """
    number = 0
    for mail in _mails(stream, limits):
        for one in mail.parts():
            number += 1
            yield one.done(f"{name}#{number}")


def _mails(stream: BinaryIO, limits: Limits) -> Iterator["_Mail"]:
    """Yield the mails as their Content-Length says, where they have one that may be true."""
    mail: _Mail | None = None
    blank, begun = True, False  # a blank line was before; a long line of which more is to come
    lines = Lines(stream)
    line = _unmarked(lines.next())
    while line:
        is_mark = blank and line.startswith(b"From ")
        following = lines.next() if is_mark else b""
        if is_mark and (mail is None or _begins(line, following)):
            if mail is not None and mail.is_inside(line):
                mail.marks.append(len(mail.lines))
                mail.add(line)
            else:
                if mail is not None:
                    if _may_be_prose(line):
                        mail.add(line)
                    yield mail
                mail = _Mail(line, limits)
            blank = False
        elif mail is not None:
            mail.add(line)
            blank = line in _BLANK and not begun
            if not is_mark:
                mail.add_between(lines)
        elif line.strip():  # what stands before the first mark is nobody's, and kept
            mail = _Mail(b"", limits)
            mail.add(line)
            blank = False
        begun = not line.endswith(b"\n")
        line = following if is_mark else lines.next()
    if mail is not None:
        yield mail


def _unmarked(line: bytes) -> bytes:
    """Return the first line without a byte order mark or blanks before its word."""
    line = line.removeprefix(_MARK)
    start = line.lstrip(b" \t")
    return start if start.startswith(b"From ") else line


def begins(first: bytes) -> bool:
    """Say whether some bytes begin as a mailbox does, and not as a letter about one."""
    line, _, following = first.partition(b"\n")
    return line.startswith(b"From ") and _begins(line, following)


def _begins(line: bytes, following: bytes) -> bool:
    return bool(_DATED.match(line) or HEADER.match(following))


def _may_be_prose(line: bytes) -> bool:
    return not _DATED.match(line) and len(line.split()) > _WORDS_AFTER


class _Mail:
    """A mail while its lines arrive.

    Attributes:
        marks: Which of its lines begin another mail, unless its Content-Length is true.
    """

    __slots__ = (
        "_begun",
        "_blank",
        "_head",
        "_said",
        "limit",
        "limits",
        "lines",
        "long",
        "marks",
        "received_at",
        "size",
    )

    def __init__(self, postmark: bytes, limits: Limits) -> None:
        self.received_at = postmarked_at(postmark)
        self.limits, self.limit = limits, limits.raw_bytes
        self.lines: list[bytes] = []
        self.marks: list[int] = []
        self.size = 0
        self.long: Overlong | None = None  # all of it, once it is too long to be held
        self._said = 0  # bytes of the body, as the headers say; 0 is nothing to believe
        self._head = 0  # bytes of the headers; 0 while they last
        self._blank = b""  # a line that may be the separator: no part of the mail then
        self._begun = False  # whether what was laid last was only the beginning of a line

    def is_inside(self, line: bytes) -> bool:
        """Say whether a line is one of its body, if its Content-Length is true."""
        fits = self.size + len(line) <= self.limit
        return fits and self._head > 0 and self.size - self._head < self._said

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
        return self._head > 0 or self.size > self.limits.header_bytes

    def add_between(self, lines: Lines) -> None:
        """Add what follows in which no mail begins, and its headers do not end."""
        if self.long:
            if not self._begun and (many := lines.before_from(LINE)):
                self._lay(many, self.long)
            return
        if not self.lines or not self.lines[-1].endswith(b"\n"):
            return
        many = b""
        if self.is_plain:
            many = lines.before_from(self.limit - self.size)
        elif not self._head and len(self.lines) == 1:
            many = lines.before_blank(self.limit - self.size)
        if many:
            self.add(many)

    def add(self, line: bytes) -> None:
        """Add a line, or several that belong together."""
        if self.long:
            self._lay(line, self.long)
            return
        size = self.size + len(line)
        if size > self.limit:
            start = self.marks[-1] + 1 if self.marks else 0
            self.long, self.size, self._said = Overlong(self.limits), self.limit, 0
            for one in (*self.lines[start:], line):
                self._lay(one, self.long)
            del self.lines[start:]
            return
        self.size = size
        begun = bool(self.lines) and not self.lines[-1].endswith(b"\n")
        self.lines.append(line)
        if not self._head:
            if line in _BLANK and not begun:
                self._head = size
            elif not self._said and b"content-length" in line.lower():
                said = filter(None, map(int, _LENGTH.findall(line)))
                self._said = min(next(said, 0), self.limit)

    def _lay(self, line: bytes, long: Overlong) -> None:
        """Lay down a line, one ``>`` undone; a blank one when another follows."""
        if self._blank:
            long.add(self._blank)
        self._blank = line if line in _BLANK and not self._begun else b""
        if not self._blank:
            quoted = b">From " in line and not self._begun
            long.add(_QUOTED_FROM.sub(rb"\1", line) if quoted else line)
        self._begun = not line.endswith(b"\n")

    def parts(self) -> Iterator["_Mail"]:
        """Yield the mail itself, or the mails in it where its Content-Length was no true one."""
        if not self.marks or (self.is_true and not self.long):
            yield self
            return
        ends = [*self.marks, len(self.lines)]
        first = _Mail(b"", self.limits)
        first.received_at, first.lines = self.received_at, self.lines[: ends[0]]
        yield first
        for start, end in pairwise(ends):
            one = _Mail(self.lines[start], self.limits)
            one.lines = self.lines[start + 1 : end]
            one.long = self.long if end == ends[-1] else None
            yield one

    def done(self, source: str) -> Arrival:
        lines = self.lines
        if self.long:
            long = self.long.end()
            return of_long(Arrival(source, long.head, self.received_at), long)
        if lines and lines[-1] in _BLANK:
            lines.pop()  # the separator belongs to the mailbox
        raw = b"".join(lines)
        lines.clear()
        if b">From " in raw and not self.marks:  # else the writer quotes no word, and undoes none
            raw = _unquoted(raw)
        return Arrival(source, raw, self.received_at)


def _unquoted(raw: bytes) -> bytes:
    """Return a mail with one ``>`` undone wherever one or more stand before ``From ``."""
    raw = b"\n" + raw
    for depth in range(1, _DEEP):  # deeper ones are few; to take each by itself costs far more
        quoted = b">" * depth + b"From "
        raw = raw.replace(b"\n" + quoted, b"\n" + quoted[1:])
    return _DEEPER.sub(rb"\1", raw)[1:]


def unwrap(raw: bytes) -> tuple[bytes, datetime | None]:
    """Return one mail without a leading ``From `` line, and when that line says it arrived.

    A byte order mark and empty lines before it go too: they are some writer's, and no mail's.
    """
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if not raw.startswith(b"From "):
        return raw, None
    postmark, _, mail = raw.partition(b"\n")
    return mail.lstrip(b"\r\n"), postmarked_at(postmark)


def postmarked_at(line: bytes) -> datetime | None:
    """Return the instant in a ``From `` line: its writer's clock, in UTC where it has no zone."""
    words = line[5:_POSTMARK].decode("ascii", "replace").split()
    for start, word in enumerate(words):
        is_day = word[:3].isalpha() and "@" not in word
        found = parsedate_tz(" ".join(words[start:])) if is_day else None
        if found:
            try:
                return datetime(*found[:6], tzinfo=UTC) - timedelta(seconds=found[9] or 0)
            except (ValueError, OverflowError):
                return None
    return None
