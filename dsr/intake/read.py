"""Opens whatever arrives - mailbox, folder, mail, table, standard input - and yields its parts."""

import io
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from dsr.errors import InputError, NotFoundError, Problem
from dsr.intake import forms, maildir, mbox
from dsr.intake.arrival import Arrival, Limits, shown

__all__ = ["Arrival", "Limits", "arrivals"]

FORMS = "a mailbox (mbox), a Maildir, a folder of .eml files, .eml, .csv, .jsonl, or - for stdin"
STDIN = "-"
_TELLING = 4096
_MARK = b"\xef\xbb\xbf"
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,80}:[ \t\r\n]|[!-9;-~]{1,80}:\S")

Items = Iterator[Arrival | Problem]


def arrivals(source: str, stdin: BinaryIO, limits: Limits | None = None) -> Items:
    """Return what a source holds, one after the other; nothing sits in memory whole.

    Args:
        source: A file, a folder, or ``-`` for standard input.
        stdin: Where ``-`` reads from.
        limits: What one mail may cost.

    Raises:
        NotFoundError: There is no such file or folder.
        InputError: It is nothing that can be imported.
    """
    limits = limits or Limits()
    if source == STDIN:
        return _from_stdin(stdin, limits)
    path = Path(source)
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise NotFoundError(f"{source}: there is no such file or folder") from None
    except (OSError, ValueError):
        raise InputError(f"{source}: cannot be read") from None
    if stat.S_ISDIR(mode):
        return _from_folder(path, limits)
    if not stat.S_ISREG(mode):
        hint = "read it through standard input: dsr import -"
        raise InputError(f"{source}: is no regular file", hint=hint)
    return _from_file(path, limits)


def _from_folder(path: Path, limits: Limits) -> Items:
    try:
        known = maildir.is_maildir(path) or bool(maildir.mails_in(path))
    except OSError:
        return iter((Problem(shown(path), "the folder cannot be read"),))
    if not known:
        raise InputError(f"{path}: has neither cur, new nor .eml files", hint=FORMS)
    return maildir.read_folder(path, limits)


def _from_file(path: Path, limits: Limits) -> Items:
    try:
        stream = path.open("rb")
    except OSError as error:
        return iter((Problem(shown(path), f"cannot be read ({error.strerror})"),))
    try:
        first = stream.read(_TELLING)
        stream.seek(0)
    except OSError as error:
        stream.close()
        return iter((Problem(shown(path), f"cannot be read ({error.strerror})"),))
    if reader := _reader(path.suffix.lower(), first):
        return _watched(stream, path, limits, reader)
    stream.close()
    if not first:
        return iter((Problem(shown(path), "is empty"),))
    raise InputError(f"{path}: is nothing that can be imported", hint=FORMS)


Reader = Callable[[BinaryIO, str, Limits], Items]


def _reader(suffix: str, first: bytes) -> Reader | None:
    """Return how to read a file: as its name says, else as its first bytes say."""
    if not first:
        return None
    by_name: dict[str, Reader] = {
        ".csv": _table,
        ".jsonl": _lines_of_json,
        ".ndjson": _lines_of_json,
        ".eml": _one_mail,
    }
    return by_name.get(suffix) or _told_by(first)


def _told_by(first: bytes) -> Reader | None:
    start = first.removeprefix(_MARK).lstrip(b"\r\n")
    if start.startswith(b"From "):
        return mbox.split
    if start.startswith(b"{"):
        return _lines_of_json
    return _one_mail if _HEADER_LINE.match(start) else None


def _table(stream: BinaryIO, name: str, _limits: Limits) -> Items:
    return forms.read_csv(stream, name)


def _lines_of_json(stream: BinaryIO, name: str, _limits: Limits) -> Items:
    return forms.read_jsonl(stream, name)


def _one_mail(stream: BinaryIO, name: str, limits: Limits) -> Items:
    raw = stream.read(limits.raw_bytes + 1)
    mail, postmarked_at = mbox.unwrap(raw[: limits.raw_bytes].removeprefix(_MARK))
    cut = len(raw) > limits.raw_bytes
    yield Arrival(name, mail.lstrip(b"\r\n"), postmarked_at, cut=cut)


def _watched(stream: BinaryIO, path: Path, limits: Limits, reader: Reader) -> Items:
    """Yield what a reader finds; say so at the end if the file changed under it."""
    with stream:
        before = os.fstat(stream.fileno())
        try:
            yield from reader(stream, shown(path), limits)
        except OSError as error:
            yield Problem(shown(path), f"could not be read to its end ({error.strerror})")
        after = os.fstat(stream.fileno())
    try:
        by_name = path.stat()
    except OSError:
        by_name = after
    mark = (before.st_size, before.st_mtime_ns, before.st_ino)
    if any(mark != (now.st_size, now.st_mtime_ns, now.st_ino) for now in (after, by_name)):
        what = "changed while it was read: import it again; what is known is not taken twice"
        yield Problem(shown(path), what)


def _from_stdin(stdin: BinaryIO, limits: Limits) -> Items:
    """Read standard input: a mailbox, one mail or JSON lines, as its first bytes say."""
    first = stdin.readline(_TELLING)
    while first in (b"\n", b"\r\n"):
        first = stdin.readline(_TELLING)
    if not first:
        yield Problem(STDIN, "is empty")
        return
    reader = _told_by(first)
    if reader is None:
        raise InputError("standard input is nothing that can be imported", hint=FORMS)
    yield from reader(io.BufferedReader(_Prefixed(first, stdin)), STDIN, limits)


class _Prefixed(io.RawIOBase):
    """A stream whose first bytes were read already, to learn what it is."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self._first = first
        self._rest = rest

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer: first what was read already, then the rest."""
        data, self._first = self._first[: len(buffer)], self._first[len(buffer) :]
        data = data or self._rest.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
