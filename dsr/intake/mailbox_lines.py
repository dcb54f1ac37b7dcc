"""The lines of a mailbox file, one by one or many at once."""

import re
from typing import BinaryIO

LINE = 1 << 20  # bytes of a line that are read at once; the rest of it comes as further ones
_CHUNK = 128 << 10
_BLANK_LINE = re.compile(rb"\n\r?\n")
#: What begins a mail's header block; other words before a colon are prose.
HEADER = re.compile(
    rb"(?i)(?:return-path|received|from|date|message-id|subject|to|cc|sender|reply-to|delivered-to"
    rb"|envelope-to|mime-version|status|content-[a-z-]+|dkim-[a-z-]+|arc-[a-z-]+|list-[a-z-]+"
    rb"|authentication-results|x-[!-9;-~]+)[ \t]*:"
)


class Lines:
    """The lines of a mailbox, of which many can be had at once; old line ends (CR alone) too."""

    __slots__ = ("_at", "_held", "_is_old", "_stream")

    def __init__(self, stream: BinaryIO) -> None:
        first = stream.readline(LINE)
        _, _, second = first.partition(b"\r")
        self._is_old = HEADER.match(second) is not None and not first.endswith(b"\r\n")
        self._stream = stream
        self._held, self._at = self._mended(first), 0

    def _mended(self, read: bytes) -> bytes:
        return read.replace(b"\r", b"\n") if self._is_old else read

    def next(self) -> bytes:
        """Return the next line, of a longer one the next 1 MiB; nothing at the end."""
        end = self._held.find(b"\n", self._at) + 1
        while not end and len(self._held) - self._at < LINE:
            more = self._mended(self._stream.read(_CHUNK))
            if not more:
                break
            self._held, self._at = self._held[self._at :] + more, 0
            end = self._held.find(b"\n") + 1
        start = self._at
        self._at = min(end or len(self._held), start + LINE)
        return self._held[start : self._at]

    def before_blank(self, room: int) -> bytes:
        """Return the lines before the next blank one, if those are read already and not longer."""
        found = _BLANK_LINE.search(self._held, self._at - 1)
        return self._given(found.start() + 1, room) if found else b""

    def before_from(self, room: int) -> bytes:
        """Return the lines that are read already, but for the last before one that may be a mark.

        Args:
            room: How many bytes they may have; if they have more, none is returned.
        """
        held, start = self._held, self._at
        mark = held.find(b"\nFrom ", start - 1)
        end = mark if mark >= 0 else held.rfind(b"\n", start)
        return self._given(held.rfind(b"\n", start, max(end, 0)) + 1, room)

    def _given(self, end: int, room: int) -> bytes:
        start = self._at
        if not start < end <= start + room:
            return b""
        self._at = end
        return self._held[start:end]
