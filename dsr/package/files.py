"""Private files of a copy: how they are made, hashed and thrown away. None knows content."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from typing import IO

from dsr.errors import InputError

_HINT = "make room or choose another folder, then run the command again"


def private_text(path: Path, *, encoding: str = "utf-8", append: bool = False) -> IO[str]:
    """Open a new text file, or the end of one, that only its owner can read."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | (os.O_APPEND if append else os.O_EXCL)
    return os.fdopen(os.open(path, flags, 0o600), "w", encoding=encoding, newline="")


def new_folder(folder: Path) -> None:
    """Make a folder that only its owner can enter.

    Raises:
        InputError: It holds something already, or it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        taken = any(folder.iterdir())
    except OSError as error:
        raise cannot_write("the copy's folder", error) from None
    if taken:
        raise InputError("the copy's folder is not empty", hint="give a folder that is new")


def discard(folder: Path) -> None:
    """Remove a folder and all in it; what is gone already is no matter."""
    shutil.rmtree(folder, ignore_errors=True)


def cannot_write(what: str, error: OSError) -> InputError:
    """Return the error to raise for a failed write; it names no path and no value."""
    return InputError(f"{what} cannot be written: {error.strerror or 'unknown reason'}", hint=_HINT)


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give a private temporary file beside the target, and put it in its place when all went well.

    Raises:
        InputError: It could not be written; no part of it is left.
    """
    temporary = None
    try:
        handle, name = mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
        os.close(handle)
        temporary = Path(name)  # mode 0600 from its first moment
        yield temporary
        _sync(temporary)
        temporary.replace(target)
        _sync(target.parent)
    except OSError as error:
        raise cannot_write("the archive", error) from None
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Make sure that a file, or a folder's list of files, is on the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
