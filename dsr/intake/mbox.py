"""Splits a mailbox file into mails, line by line; a mail in memory at a time."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from typing import BinaryIO

from dsr.intake.arrival import Arrival, Limits

_LINE = 1 << 20
_POSTMARK = 300
_DATED = re.compile(rb"From .{0,200}\b\d{1,2}:\d\d(:\d\d)?\b.{0,40}\b\d{4}\b")
_HEADER = re.compile(rb"[!-9;-~]{1,80}:")
_QUOTED_FROM = re.compile(rb">+From ")
_BLANK = (b"\n", b"\r\n")


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Arrival]:
    """Yield the mails of a mailbox, without their ``From `` lines, one ``>`` undone.

    A mail begins at a ``From `` line at the start or after a blank line, if that line has a date
    or a header follows it: some programs do not quote the word at the start of a paragraph.

    Args:
        stream: The mailbox, at its beginning.
        name: What to call it; the mails are ``name#1``, ``name#2``, ...
        limits: Of a longer mail only the beginning is kept.
    """
    mail: _Mail | None = None
    number = 0
    blank = True
    lines = _lines(stream)
    line = next(lines, b"")
    while line:
        following = next(lines, b"")
        if blank and line.startswith(b"From ") and (mail is None or _begins(line, following)):
            if mail is not None:
                yield mail.done(f"{name}#{number}")
            number += 1
            mail = _Mail(line, limits.raw_bytes)
            blank = False
        elif mail is not None:
            mail.add(line)
            blank = line in _BLANK
        line = following
    if mail is not None:
        yield mail.done(f"{name}#{number}")


def _begins(line: bytes, following: bytes) -> bool:
    return bool(_DATED.match(line) or _HEADER.match(following))


class _Mail:
    """A mail while its lines arrive."""

    __slots__ = ("cut", "limit", "lines", "received_at", "size")

    def __init__(self, postmark: bytes, limit: int) -> None:
        self.received_at = postmarked_at(postmark)
        self.limit = limit
        self.lines: list[bytes] = []
        self.size = 0
        self.cut = False

    def add(self, line: bytes) -> None:
        if self.size + len(line) > self.limit:
            self.cut = True
            return
        if line.startswith(b">") and _QUOTED_FROM.match(line):
            line = line[1:]
        self.lines.append(line)
        self.size += len(line)

    def done(self, source: str) -> Arrival:
        if self.lines and self.lines[-1] in _BLANK:
            self.lines.pop()  # the separator belongs to the mailbox
        raw = b"".join(self.lines)
        return Arrival(source, raw, self.received_at, cut=self.cut)


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
