"""Moves mails on a server from the folder that was read to another. Nothing here reads one."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from hashlib import sha256

from dsr.intake.imap import LISTED, Folder
from dsr.intake.imap_answers import uid_set
from dsr.intake.imap_line import wire_name
from dsr.intake.imap_pieces import pieces

_ALIKE = 20  # mails of one size that are compared


def is_whole(folder: Folder) -> bool:
    """Say whether the server moves mails by one command, which is never done by half."""
    return "MOVE" in folder.able


def move(
    folder: Folder, uids: Sequence[int], target: str, copied: AbstractSet[int] = frozenset()
) -> bool:
    """Move mails to another folder, and say whether they left this one.

    A server without UIDPLUS only marks them as deleted: to expunge would take others' with them.

    Args:
        folder: Where they are; open to be written to.
        uids: Which.
        target: The other folder.
        copied: Those that lie there already.

    Raises:
        SourceError: The server refused; they stay where they were, perhaps copied.
        ConflictError: The folder was numbered anew meanwhile.
    """
    for start in range(0, len(uids), LISTED):
        group = uids[start : start + LISTED]
        some = uid_set(group)
        if is_whole(folder):
            folder.ask("MOVE", some, wire_name(target))
            continue
        if fresh := [uid for uid in group if uid not in copied]:
            folder.ask("COPY", uid_set(fresh), wire_name(target))
        folder.ask("STORE", some, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in folder.able:
            folder.ask("EXPUNGE", some)
    return bool(folder.able & {"MOVE", "UIDPLUS"})


def copied_before(folder: Folder, target: str, mails: Mapping[int, tuple[int, str]]) -> set[int]:
    """Return which mails lie in another folder already: a process may have died between.

    Args:
        folder: Where they are; open to be written to, before and after.
        target: The other folder.
        mails: Their sizes in bytes and their SHA-256, by UID.

    Raises:
        SourceError: The server refuses to look.
        ConflictError: The folder was numbered anew meanwhile.
    """
    place = replace(folder.place, folder=target)
    other = Folder(place, folder.line, folder.able, folder.limits)
    other.select(writable=False)
    there = {size: _hashes(other, size) for size in {size for size, _ in mails.values()}}
    before = folder.validity
    folder.select(writable=True)
    if folder.validity != before:
        raise folder.anew()
    return {uid for uid, (size, digest) in mails.items() if digest in there[size]}


def _hashes(folder: Folder, size: int) -> set[str]:
    """Return the SHA-256 of the newest mails of a size."""
    found = sorted(folder.search(None, f"LARGER {size - 1} SMALLER {size + 1}"))[-_ALIKE:]
    hashes = set()
    for uid in found:
        digest = sha256()
        for piece in pieces(folder, uid, 0, size):
            digest.update(piece)
        hashes.add(digest.hexdigest())
    return hashes
