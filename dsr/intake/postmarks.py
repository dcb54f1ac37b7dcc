"""Tells a mailbox from one mail with a leading ``From `` line, whatever its name says."""

import re
from pathlib import Path

_CHUNK = 1 << 20
_MOST = 600  # bytes that a `From ` line and the header's name behind it have at most
_SECOND = re.compile(rb"(?:\n\r?\n|\r\r)From ([^\r\n]{0,300})(?:\r?\n|\r)[!-9;-~]{1,80}[ \t]{0,9}:")
_DATED = re.compile(rb"\b\d{1,2}:\d\d(?::\d\d)?\b.{0,40}\b\d{4}\b")


def is_mailbox(path: Path) -> bool:
    """Say whether a file begins with a ``From `` line and has a second one.

    The second stands behind an empty line, has a date, and headers follow it: a letter may begin
    a paragraph with the word.

    Args:
        path: The file; it is read as far as that takes, a part at a time. One that cannot be read
            is none: reading it will say so.
    """
    if not path.is_file():
        return False  # opening a pipe would wait for its writer
    try:
        with path.open("rb") as stream:
            held = stream.read(_CHUNK)
            if not held.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").startswith(b"From "):
                return False
            while not any(_DATED.search(found[1]) for found in _SECOND.finditer(held)):
                more = stream.read(_CHUNK)
                if not more:
                    return False
                held = held[-_MOST:] + more
            return True
    except OSError:
        return False
