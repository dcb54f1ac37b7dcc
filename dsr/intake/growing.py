"""Files that others write to while they are read: what was there at the start is read, no more.

No lock is taken: a delivering program waits for nobody. What came meanwhile is said at the end.
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from dsr.domain.limits import Limits
from dsr.errors import Problem
from dsr.intake import mbox
from dsr.intake.arrival import Arrival, shown

Items = Iterator[Arrival | Problem]

CHANGED = "changed while it was read: import it again; what is known is not taken twice"
GREW = "grew while it was read: import it again for the rest; what is known is not taken twice"
SHRANK = "was cut short while it was read: what was gone then is not imported"
GONE = "was removed while it was read; it was read to its end"
UNFINISHED = "its last mail was still being written: import it again"


class Upto(io.BufferedReader):
    """A file as long as it was when it was opened."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(_Bounded(stream), 128 << 10)


class _Bounded(io.RawIOBase):
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._size = os.fstat(stream.fileno()).st_size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if whence == os.SEEK_END:
            return self._stream.seek(self._size + offset)
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: Any) -> int:
        left = max(0, self._size - self._stream.tell())
        data = self._stream.read(min(len(buffer), left))
        buffer[: len(data)] = data
        return len(data)


def watched(stream: BinaryIO, path: Path, items: Items) -> Items:
    """Return what a reader finds in a file; at the end, if it changed from now on, that too.

    Args:
        stream: The file that the reader reads.
        path: Its name.
        items: What the reader finds.
    """
    return _watched(stream, path, items, os.fstat(stream.fileno()))


def _watched(stream: BinaryIO, path: Path, items: Items, before: os.stat_result) -> Items:
    with stream:
        try:
            yield from items
        except OSError as error:
            yield Problem(shown(path), f"could not be read to its end ({error.strerror})")
        if what := _change(before, os.fstat(stream.fileno()), path):
            yield Problem(shown(path), what)


def mailbox(stream: BinaryIO, path: Path, limits: Limits) -> Items:
    """Return the mails of a mailbox that may be written to; one not yet whole is left out.

    Args:
        stream: The mailbox.
        path: Its name.
        limits: What one mail may cost.
    """
    size = os.fstat(stream.fileno()).st_size
    mails = mbox.split(Upto(stream), shown(path), limits)
    return watched(stream, path, _whole(mails, stream, size, path))


def _whole(mails: Iterator[Arrival], stream: BinaryIO, size: int, path: Path) -> Items:
    last: Arrival | None = None
    for mail in mails:
        if last is not None:
            yield last
        last = mail
    if last is None:
        return
    if _goes_on(stream, size):
        yield Problem(shown(path), UNFINISHED)
    else:
        yield last


def _goes_on(stream: BinaryIO, size: int) -> bool:
    """Say whether what was written after the start belongs to the mail that was last then."""
    if os.fstat(stream.fileno()).st_size <= size:
        return False
    start = max(0, size - 4)
    stream.seek(start)
    text = stream.read(size - start + 64)
    before, after = text[: size - start], text[size - start :]
    begins = after.lstrip(b"\r\n").startswith(b"From ")
    blank = (before + after[: len(after) - len(after.lstrip(b"\r\n"))]).replace(b"\r\n", b"\n")
    return not (begins and blank.replace(b"\r", b"\n").endswith(b"\n\n"))


def _change(before: os.stat_result, after: os.stat_result, path: Path) -> str:
    """Return what happened to a file while it was read, or nothing."""
    try:
        named = path.stat()
    except OSError:
        return GONE
    if (named.st_ino, named.st_dev) != (before.st_ino, before.st_dev):
        return CHANGED
    if after.st_size < before.st_size:
        return SHRANK
    if after.st_size > before.st_size:
        return GREW
    return CHANGED if after.st_mtime_ns != before.st_mtime_ns else ""
