"""Files that hold personal text: nobody else's from the first byte, whole or not there at all."""

import os
import tempfile
from pathlib import Path
from stat import S_ISREG

from dsr.errors import ConflictError


def lay(place: Path, content: bytes) -> None:
    """Write a file that its owner alone may read; one of ours that is there is replaced.

    Raises:
        ConflictError: A link is there, a folder, or another user's file.
        OSError: The folder cannot be written.
    """
    is_there = _is_ours(place)
    # Made with O_EXCL, O_NOFOLLOW and mode 0600.
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if is_there:
            Path(name).replace(place)  # of a link that came meanwhile, it takes the place itself
        else:
            os.link(name, place)  # unlike a rename, it never takes another's place
    except FileExistsError:
        raise _taken(place, "is there already") from None
    finally:
        Path(name).unlink(missing_ok=True)


def _is_ours(place: Path) -> bool:
    """Tell whether a file of ours is there; refuse whatever else is."""
    try:
        found = place.lstat()
    except FileNotFoundError:
        return False
    if S_ISREG(found.st_mode) and found.st_uid == os.geteuid():
        return True
    raise _taken(place, "is no file of yours")


def _taken(place: Path, why: str) -> ConflictError:
    return ConflictError(f"{place.name} {why} in that folder", hint="--dir DIR, another one")
