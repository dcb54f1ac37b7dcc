"""Reads single mails from folders: of a Maildir, or .eml and .msg files; regular files only."""

import os
import re
import stat
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from dsr.domain.limits import Limits
from dsr.errors import Problem
from dsr.intake import folders, outlook
from dsr.intake.arrival import Arrival, Wrong, of_long, shown
from dsr.intake.mbox import unwrap
from dsr.intake.overlong import Overlong, read_rest
from dsr.intake.places import at_place
from dsr.intake.times import plausible

_FIRST = 64 << 10  # bytes in which a leading line ends
_NAMED_AT = re.compile(r"(\d{9,10})\.[^.:]+\.[^:]")  # a Maildir's file: second, unique, host
_DAY = 86_400  # seconds


def read_mail(path: Path, limits: Limits, *, delivered: bool = False) -> Arrival | Problem:
    """Return one file as a mail.

    Args:
        path: The file; a link, a pipe or a device is refused, unread.
        limits: What one mail may cost.
        delivered: The mail server wrote this file: the file's time is when the mail arrived.

    Raises:
        InputError: It is Outlook's, and what reads those is not installed.
    """
    try:
        state, seen = _read(path, limits)
    except FileNotFoundError:
        if delivered and (now := folders.moved_on(path)) and now != path:
            return read_mail(now, limits, delivered=True)
        return Problem(shown(path), "is gone: the mail was moved meanwhile; import again")
    except OSError as error:
        return Problem(shown(path), f"cannot be read ({error.strerror})")
    if state is None:
        return Problem(shown(path), "is no regular file (a link, a pipe, a folder): not read")
    at = _delivered_at(path, state, seen.at) if delivered else seen.at
    return _mail(path, limits, replace(seen, at=at), _place(path, delivered=delivered))


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file holds, without a leading ``From `` line: its bytes, all of a long one, when."""

    raw: bytes = b""
    long: Overlong | None = None
    at: datetime | None = None


def _mail(path: Path, limits: Limits, seen: Seen, place: str) -> Arrival | Problem:
    raw, long = seen.raw, seen.long
    if not raw:
        return empty(shown(path), raw, place)
    if raw.startswith(outlook.MAGIC) or path.suffix.lower() == ".msg":
        outlook.check_installed(shown(path))
        found = outlook.arrival_of(raw, shown(path), limits, cut=long is not None)
        return at_place(of_long(found, long), place)
    return at_place(of_long(Arrival(shown(path), raw, seen.at), long), place)


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


def _read(path: Path, limits: Limits) -> tuple[os.stat_result | None, Seen]:
    """Read a file; what is no regular file has no state.

    O_NONBLOCK, because opening a pipe would wait for its writer.
    """
    if path.is_symlink() or not path.is_file():
        path.lstat()  # gone is another answer than no file
        return None, Seen()
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            return None, Seen()
        first, postmarked_at = unwrap(file.read(_FIRST))
        raw, long = read_rest(first, file, limits)
    return state, Seen(raw, long, postmarked_at)


def _delivered_at(
    path: Path, state: os.stat_result, postmarked_at: datetime | None
) -> datetime | None:
    """Return when a Maildir's file was delivered: its name begins with the second.

    No name tells a time after the file came to lie there, give or take another machine's clock.
    """
    named = _NAMED_AT.match(path.name)
    at = plausible(datetime.fromtimestamp(int(named[1]), UTC)) if named else None
    if at is not None and at.timestamp() <= state.st_ctime + _DAY:
        return at
    return plausible(postmarked_at) or plausible(datetime.fromtimestamp(int(state.st_mtime), UTC))
