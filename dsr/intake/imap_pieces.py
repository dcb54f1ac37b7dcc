"""Reads a mail from a server piece by piece: it may be too long to be held."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dsr.intake.overlong import Overlong

if TYPE_CHECKING:
    from dsr.intake.imap import Folder

PIECE = 8 << 20


def pieces(folder: "Folder", uid: int, start: int, end: int) -> Iterator[bytes]:
    """Yield the bytes of a mail from one place to another; the first short piece is its last.

    Raises:
        SourceError: The server failed.
        ConflictError: The folder was numbered anew meanwhile.
    """
    while start < end:
        wanted = min(PIECE, end - start)
        piece = folder.bodies([uid], wanted, start).get(uid, b"")
        if piece:
            yield piece
        if len(piece) < wanted:
            return
        start += len(piece)


def whole(folder: "Folder", uid: int, begun: bytes) -> Overlong:
    """Return a mail that is too long to be held: all of it, or one byte more than is kept.

    What a server says of its size is not asked: it may be any number, and its mail may never end.

    Args:
        folder: Where it is.
        uid: Its UID.
        begun: Its first bytes.

    Raises:
        SourceError: The server failed.
        ConflictError: The folder was numbered anew meanwhile, or the disk is full.
    """
    found = Overlong(folder.limits)
    found.add(begun)
    for piece in pieces(folder, uid, len(begun), folder.limits.kept_bytes + 1):
        found.add(piece)
    return found.end()
