"""Opens whatever arrives - mailbox, folder, mail, table, standard input - and yields its parts."""

import io
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from dsr.errors import InputError, NotFoundError, Problem
from dsr.intake import growing, maildir, mbox, objects, outlook, tables
from dsr.intake.arrival import Arrival, Limits, shown
from dsr.intake.columns import UnmappedError

__all__ = ["Arrival", "Limits", "arrivals", "unmapped"]

FORMS = (
    "a mailbox (mbox), a Maildir, a folder of .eml or .msg files, .eml, .msg, .csv, .tsv, .jsonl,"
    " .json (forms, OpenDSR, Data Rights Protocol), or - for any of them on standard input"
)
STDIN = "-"
_TELLING = 64 << 10
_MARK = b"\xef\xbb\xbf"
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,80}:[ \t\r\n]|[!-9;-~]{1,80}:\S")
_ENVELOPE = re.compile(rb"[A-Za-z0-9+/_-]{90}")

Items = Iterator[Arrival | Problem]
Told = Mapping[str, str]


def arrivals(
    source: str, stdin: BinaryIO, limits: Limits | None = None, told: Told | None = None
) -> Items:
    """Return what a source holds, one after the other; nothing sits in memory whole.

    Args:
        source: A file, a folder, or ``-`` for standard input.
        stdin: Where ``-`` reads from.
        limits: What one mail may cost.
        told: Which heading of a table is which key, where somebody said it.

    Raises:
        NotFoundError: There is no such file or folder.
        InputError: It is nothing that can be imported.
        UnmappedError: It is a table whose headings do not say who asks, or what.
    """
    limits = limits or Limits()
    if source == STDIN:
        return _from_stdin(stdin, limits, told or {})
    path, mode = _looked_at(source)
    if stat.S_ISDIR(mode):
        return _from_folder(path, limits)
    return _from_file(path, limits, told or {})


def unmapped(source: str, told: Told) -> UnmappedError | None:
    """Return why somebody has to say which column of a table is which; None for anything else.

    Raises:
        NotFoundError: There is no such file or folder.
        InputError: It is nothing that can be imported.
    """
    if source == STDIN or "://" in source:
        return None  # who could be asked is what is read
    path, mode = _looked_at(source)
    if stat.S_ISDIR(mode):
        return None
    try:
        with path.open("rb") as stream:
            first = stream.read(_TELLING)
            stream.seek(0)
            if _sort_of(_suffix(path, first, told), first) is not _table:
                return None
            return tables.unmapped(stream, shown(path), told)
    except OSError:
        return None  # reading it will say so


def _looked_at(source: str) -> tuple[Path, int]:
    path = Path(source)
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise NotFoundError(f"{source}: there is no such file or folder") from None
    except (OSError, ValueError):
        raise InputError(f"{source}: cannot be read") from None
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        hint = "read it through standard input: dsr import -"
        raise InputError(f"{source}: is no regular file", hint=hint)
    return path, mode


def _from_folder(path: Path, limits: Limits) -> Items:
    try:
        known = maildir.is_maildir(path) or bool(maildir.mails_in(path))
    except OSError:
        return iter((Problem(shown(path), "the folder cannot be read"),))
    if not known:
        what = f"{path}: has neither cur, new nor .eml or .msg files"
        raise InputError(what, hint=FORMS)
    return maildir.read_folder(path, limits)


def _from_file(path: Path, limits: Limits, told: Told) -> Items:
    stream = None
    try:
        stream = path.open("rb")
        first = stream.read(_TELLING)
        stream.seek(0)
    except OSError as error:
        if stream is not None:
            stream.close()
        return iter((Problem(shown(path), f"cannot be read ({error.strerror})"),))
    try:
        reader = _reader(_suffix(path, first, told), first, path)
        if reader is None:
            stream.close()
            return iter((Problem(shown(path), "is empty"),))
        if reader is mbox.split:
            return growing.mailbox(stream, path, limits)
        items = reader(growing.Upto(stream), shown(path), limits, told)
        return growing.watched(stream, path, items)
    except (InputError, UnmappedError):
        stream.close()
        raise


Reader = Callable[..., Items]


def _reader(suffix: str, first: bytes, name: object) -> Reader | None:
    """Return how to read something; None for what is empty.

    Raises:
        InputError: It is nothing that can be imported, or a package for it is missing.
    """
    if not first:
        return None
    reader = _sort_of(suffix, first)
    if reader is None:
        raise InputError(f"{name}: is nothing that can be imported", hint=FORMS)
    if reader is _outlook:
        outlook.check_installed(str(name))
    return reader


def _suffix(path: Path, first: bytes, told: Told) -> str:
    """Return what a name says; of what says nothing, a table, if somebody told its headings."""
    suffix = path.suffix.lower()
    return ".csv" if told and _sort_of(suffix, first) is None else suffix


def _sort_of(suffix: str, first: bytes) -> Reader | None:
    """Return how to read a file: as its name says, else as its first bytes say."""
    by_name: dict[str, Reader] = {
        ".csv": _table,
        ".tsv": _table,
        ".jsonl": _lines_of_json,
        ".ndjson": _lines_of_json,
        ".json": _values_of_json,
        ".eml": _one_mail,
        ".msg": _outlook,
    }
    if first.startswith(outlook.MAGIC):
        return _outlook
    return by_name.get(suffix) or _told_by(first)


def _told_by(first: bytes) -> Reader | None:
    start = first.removeprefix(_MARK).lstrip(b" \t\r\n")
    if start.startswith((b"{", b"[")) or _ENVELOPE.match(start):
        line = start.partition(b"\n")[0].rstrip()
        is_line = line.startswith(b"{") and line.endswith(b"}")
        return _lines_of_json if is_line else _values_of_json
    by_start: tuple[tuple[bool, Reader], ...] = (
        (start.startswith(b"From "), mbox.split),
        (bool(_HEADER_LINE.match(start)), _one_mail),
        (tables.is_table(first), _table),
    )
    return next((reader for fits, reader in by_start if fits), None)


def _table(stream: BinaryIO, name: str, _limits: Limits, told: Told) -> Items:
    return tables.read_table(stream, name, told)


def _lines_of_json(stream: BinaryIO, name: str, _limits: Limits, told: Told) -> Items:
    return objects.read_lines(stream, name, told)


def _values_of_json(stream: BinaryIO, name: str, _limits: Limits, told: Told) -> Items:
    return objects.read_values(stream, name, told)


def _one_mail(stream: BinaryIO, name: str, limits: Limits, _told: Told) -> Items:
    raw = stream.read(limits.raw_bytes + 1)
    mail, postmarked_at = mbox.unwrap(raw[: limits.raw_bytes].removeprefix(_MARK))
    cut = len(raw) > limits.raw_bytes
    yield Arrival(name, mail.lstrip(b"\r\n"), postmarked_at, cut=cut)


def _outlook(stream: BinaryIO, name: str, limits: Limits, _told: Told) -> Items:
    raw = stream.read(limits.raw_bytes + 1)
    cut = len(raw) > limits.raw_bytes
    yield outlook.arrival_of(raw[: limits.raw_bytes], name, limits, cut=cut)


def _from_stdin(stdin: BinaryIO, limits: Limits, told: Told) -> Items:
    """Read standard input: as its first bytes say."""
    first = stdin.read(_TELLING)
    if not first.strip(b"\r\n"):
        return iter((Problem(STDIN, "is empty"),))
    reader = _reader(_suffix(Path(STDIN), first, told), first, "standard input")
    stream = io.BufferedReader(_Prefixed(first, stdin), 2 * _TELLING)
    if reader is mbox.split:
        stream = io.BufferedReader(_Prefixed(first.lstrip(b"\r\n"), stdin), 2 * _TELLING)
        return mbox.split(stream, STDIN, limits)
    assert reader is not None
    return reader(stream, STDIN, limits, told)


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
