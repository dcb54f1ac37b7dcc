"""Reads single mails from folders: of a Maildir, or .eml and .msg files; regular files only."""

import os
import stat
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from dsr.domain.limits import Limits
from dsr.errors import Problem
from dsr.intake import folders, outlook
from dsr.intake.arrival import Arrival, Wrong, read_upto, shown
from dsr.intake.mbox import unwrap
from dsr.intake.places import at_place


def read_mail(path: Path, limits: Limits, *, delivered: bool = False) -> Arrival | Problem:
    """Return one file as a mail.

    Args:
        path: The file; a link, a pipe or a device is refused, unread.
        limits: Of a longer file only the beginning is read.
        delivered: The mail server wrote this file: the file's time is when the mail arrived.

    Raises:
        InputError: It is Outlook's, and what reads those is not installed.
    """
    try:
        raw, whole, state = _read(path, limits.raw_bytes)
    except FileNotFoundError:
        if delivered and (now := folders.moved_on(path)) and now != path:
            return read_mail(now, limits, delivered=True)
        return Problem(shown(path), "is gone: the mail was moved meanwhile; import again")
    except OSError as error:
        return Problem(shown(path), f"cannot be read ({error.strerror})")
    if state is None:
        return Problem(shown(path), "is no regular file (a link, a pipe, a folder): not read")
    at = _delivered_at(path, state) if delivered else None
    return _mail(raw, path, limits, Seen(whole, at, _place(path, delivered=delivered)))


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a file besides its bytes: the hash of all of a long one, when, where."""

    whole: str
    delivered_at: datetime | None
    place: str


def _mail(raw: bytes, path: Path, limits: Limits, seen: Seen) -> Arrival | Problem:
    whole, place = seen.whole, seen.place
    if not raw:
        return empty(shown(path), raw, place)
    if raw.startswith(outlook.MAGIC) or path.suffix.lower() == ".msg":
        outlook.check_installed(shown(path))
        found = outlook.arrival_of(raw, shown(path), limits, cut=bool(whole))
        return at_place(replace(found, whole=whole), place)
    mail, postmarked_at = unwrap(raw)
    at = seen.delivered_at or postmarked_at
    return at_place(Arrival(shown(path), mail, at, cut=bool(whole), whole=whole), place)


def empty(name: str, raw: bytes, place: str) -> Wrong:
    """Return what is wrong with a mail that says nothing, which has its row all the same."""
    return Wrong(name, "is empty", arrival=Arrival(name, raw, problem="is empty", place=place))


def _place(path: Path, *, delivered: bool) -> str:
    """Return where a file lies; a Maildir's keeps its place while its flags change."""
    real = os.path.realpath(path)
    if not delivered:
        return real
    folder = os.path.dirname(os.path.dirname(real))  # noqa: PTH120 - bytes that are no text too
    return f"{folder}\0{path.name.partition(':')[0]}"


def _read(path: Path, limit: int) -> tuple[bytes, str, os.stat_result | None]:
    """Read at most so many bytes, and the hash of all if there are more.

    O_NONBLOCK, because opening a pipe would wait for its writer.
    """
    if not path.is_file() and not path.is_symlink():
        path.lstat()  # gone is another answer than no file
        return b"", "", None
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            return b"", "", None
        raw, whole = read_upto(file, limit)
    return raw, whole, state


def _delivered_at(path: Path, state: os.stat_result) -> datetime:
    """Return when a Maildir's file was delivered: its name begins with the second."""
    seconds = path.name.partition(".")[0]
    if seconds.isdecimal() and len(seconds) <= len("9999999999"):
        return datetime.fromtimestamp(int(seconds), UTC)
    return datetime.fromtimestamp(int(state.st_mtime), UTC)
