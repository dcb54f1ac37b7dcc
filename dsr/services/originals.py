"""What was kept of something that arrived: read again, or written out as it came."""

import os
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import BinaryIO

from sqlmodel import Session

from dsr.domain.limits import Limits
from dsr.errors import ConflictError, NotFoundError, UsageError
from dsr.intake.arrival import Arrival
from dsr.intake.kept import arrival_again
from dsr.intake.overlong import FULL, PARTLY
from dsr.services.desk import Desk
from dsr.store import blobs
from dsr.store.log import Entry
from dsr.store.tables.messages import MessageRow


def kept_of(
    session: Session, row: MessageRow, limits: Limits, received_at: datetime | None = None
) -> Arrival | None:
    """Return what arrived as it was kept; of what is too long to be held, its beginning.

    Args:
        session: A transaction.
        row: Its row.
        limits: What one mail may cost in the office.
        received_at: When it arrived, where that counts.

    Returns:
        None where its bytes are destroyed.
    """
    size = blobs.size_of(session, row.blob) if row.blob else None
    if row.blob is None or not size:
        return None
    coming = blobs.read(session, row.blob)
    if size <= limits.raw_bytes:
        return arrival_again(row.source, b"".join(coming), received_at, limits)
    head = b""
    while len(head) <= limits.header_bytes and (part := next(coming, b"")):
        head += part
    return Arrival(row.source, head, received_at, cut=True, whole=row.sha256)


def write_out(desk: Desk, number: int, folder: Path) -> Path:
    """Write the bytes of something that arrived into a folder; that is written down with it.

    The name's ending is none that a program would open.

    Raises:
        NotFoundError: Nothing of that number arrived, or its bytes are destroyed.
        ConflictError: A file of that name is there, or the disk is full.
        UsageError: The folder cannot be written.
    """
    import tempfile  # a list that is shown needs it not

    place, inside = folder / f"arrived-{number}.original", desk.office.workspace
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is no folder", hint=_elsewhere(number, inside))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # made with O_EXCL, O_NOFOLLOW and mode 0600
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=".arrived-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                entry = _copy(desk, number, file)
            _lay(desk, entry, Path(name), place)
        finally:
            Path(name).unlink(missing_ok=True)
    except FileExistsError:
        what = f"{place.name} is there already in {folder}"
        raise ConflictError(what, hint=_elsewhere(number, folder)) from None
    except OSError as error:
        what = f"{folder} cannot be written: {error.strerror}"
        if error.errno in FULL:
            raise ConflictError(what, hint="dsr doctor") from None
        raise UsageError(what, hint=_elsewhere(number, inside)) from None
    return place


def lacking(desk: Desk, number: int) -> str:
    """Return what is to be said of what is kept where that is not all that arrived, or nothing.

    Raises:
        NotFoundError: Nothing of that number arrived.
    """
    from dsr.services.ledger import message_of

    with desk.read() as session:
        row = message_of(session, number)
        if row.blob in {None, row.sha256}:
            return ""
        size = blobs.size_of(session, row.blob) if row.blob else None
        told = (one for one in row.reasons if PARTLY.match(one))
        return next(told, f"that is not all that arrived: {size} bytes of it are kept")


def _copy(desk: Desk, number: int, file: BinaryIO) -> Entry:
    """Copy what is kept into a file, and return what is to be written down of it."""
    from dsr.services.ledger import message_of

    with desk.read() as session:
        row = message_of(session, number)
        size = blobs.size_of(session, row.blob) if row.blob else None
        file.writelines(blobs.read(session, row.blob) if row.blob else ())
        if size is None or file.tell() != size:
            hint = f"dsr inbox show {number}"
            raise NotFoundError(f"the bytes of number {number} are destroyed", hint=hint)
        file.flush()
        os.fsync(file.fileno())
        facts = {"id": number, "sha256": row.blob}
        return Entry("write_message", case_number=row.case_number, facts=facts)


def _lay(desk: Desk, entry: Entry, made: Path, place: Path) -> None:
    """Put a file in its place with what is written down of it: both, or neither."""
    is_laid = False
    try:
        with desk.write() as step:
            step.trail.append(entry)
            _put(made, place)
            is_laid = True
    except Exception:
        if is_laid:
            place.unlink(missing_ok=True)
        raise


def _put(made: Path, place: Path) -> None:
    """Move a file to a place that nothing has.

    Raises:
        FileExistsError: Something has it.
    """
    try:
        place.hardlink_to(made)  # unlike a rename, it never takes another's place
    except FileExistsError:
        raise
    except OSError:  # many sticks and network folders know no links: the name is taken first
        os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        try:
            made.replace(place)
        except OSError:
            place.unlink(missing_ok=True)
            raise


def _elsewhere(number: int, folder: Path) -> str:
    """Return the command that writes it into a new folder within another."""
    import shlex

    others = (folder / f"arrived-{number}-{again}" for again in count(2))
    free = next(other for other in others if not os.path.lexists(other))
    return f"dsr inbox show {number} --dir {shlex.quote(str(free))}"
