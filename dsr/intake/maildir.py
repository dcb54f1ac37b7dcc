"""Reads folders of mails: a Maildir, or folders of .eml and .msg files; regular files only."""

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from dsr.errors import InputError, Problem
from dsr.intake import outlook
from dsr.intake.arrival import Arrival, Limits, shown
from dsr.intake.mbox import unwrap

_BOXES = ("cur", "new")
_MAILS = frozenset({".eml", ".msg"})
_CHUNK = 1 << 20


def is_maildir(folder: Path) -> bool:
    """Say whether a folder is a Maildir."""
    return any((folder / box).is_dir() for box in _BOXES)


def mails_in(folder: Path) -> list[Path]:
    """Return the mails of a folder in a steady order; ``tmp`` holds what is not there yet.

    A folder of mails may have folders of mails, one level down. What cannot be a mail, such as a
    link, is listed too: reading it says why not.
    """
    if is_maildir(folder):
        boxes = [folder / box for box in _BOXES]
        return [path for box in boxes for path in _listed(box) if not path.name.startswith(".")]
    inside = _listed(folder)
    nested = [
        path for one in inside if one.is_dir() and not one.is_symlink() for path in _seen(one)
    ]
    return [path for path in (*inside, *nested) if path.suffix.lower() in _MAILS]


def _listed(folder: Path) -> list[Path]:
    """Return what a folder holds; of one that is no real folder, the folder itself."""
    if folder.is_symlink():
        return [folder]
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _seen(folder: Path) -> list[Path]:
    try:
        return _listed(folder)
    except OSError:
        return []


def read_folder(folder: Path, limits: Limits) -> Iterator[Arrival | Problem]:
    """Yield every mail of a folder; what cannot be read is a problem, and the rest goes on."""
    delivered = is_maildir(folder)
    try:
        paths = mails_in(folder)
    except OSError as error:
        yield Problem(shown(folder), f"the folder cannot be read ({error.strerror})")
        return
    for path in paths:
        try:
            yield read_mail(path, limits, delivered=delivered)
        except InputError as error:
            yield Problem(shown(path), f"{error}: {error.hint}")


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
        raw, cut, state = _read(path, limits.raw_bytes)
    except FileNotFoundError:
        return Problem(shown(path), "is gone: the mail was moved meanwhile; import again")
    except OSError as error:
        return Problem(shown(path), f"cannot be read ({error.strerror})")
    if state is None:
        return Problem(shown(path), "is no regular file (a link, a pipe, a folder): not read")
    if not raw:
        return Problem(shown(path), "is empty")
    if raw.startswith(outlook.MAGIC) or path.suffix.lower() == ".msg":
        outlook.check_installed(shown(path))
        return outlook.arrival_of(raw, shown(path), limits, cut=cut)
    mail, postmarked_at = unwrap(raw)
    at = _delivered_at(path, state) if delivered else postmarked_at
    return Arrival(shown(path), mail, at, cut=cut)


def _read(path: Path, limit: int) -> tuple[bytes, bool, os.stat_result | None]:
    """Read at most so many bytes; O_NONBLOCK, because opening a pipe would wait for its writer."""
    if not path.is_file() and not path.is_symlink():
        path.lstat()  # gone is another answer than no file
        return b"", False, None
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            return b"", False, None
        raw = file.read(limit + 1)
    return raw[:limit], len(raw) > limit, state


def _delivered_at(path: Path, state: os.stat_result) -> datetime:
    """Return when a Maildir's file was delivered: its name begins with the second."""
    seconds = path.name.partition(".")[0]
    if seconds.isdecimal() and len(seconds) <= len("9999999999"):
        return datetime.fromtimestamp(int(seconds), UTC)
    return datetime.fromtimestamp(int(state.st_mtime), UTC)
