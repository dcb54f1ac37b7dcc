"""Files that an officer puts to a ticket: kept, listed, given back. Nothing in them is read."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from sqlmodel import Session, col, select

from dsr.domain.vocabulary import Action
from dsr.errors import ConfigError, ConflictError, InputError, NotAllowedError, NotFoundError
from dsr.intake.attachments import safe_name
from dsr.services.desk import Desk, Step
from dsr.services.handling import one_step
from dsr.services.holding import held_among
from dsr.services.looking import may_see_plain, write_down
from dsr.services.steps import take, ticket_of
from dsr.services.views import StepView
from dsr.store import blobs
from dsr.store.tables.messages import MessageRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import AttachmentRow, PackageRow, PlanRow

#: Of one file: larger things belong into the company's own archive.
MOST_BYTES = 50_000_000
_PART = 1 << 20


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was put to a ticket; its name and what it is only where they may be seen."""

    number: int
    name: str | None
    what: str | None
    size: int
    sha256: str
    kept: bool
    officer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """What an officer attaches.

    Attributes:
        name: As written; it is made harmless.
        what: What the file is, in the officer's words.
        paper: It is an identity paper: only its hash, its size and the day stay.
    """

    name: str
    what: str = ""
    paper: bool = False


@contextmanager
def spooled(desk: Desk, stream: BinaryIO) -> Iterator[BinaryIO]:
    """Give what a stream holds as a file without a name, which nobody else can open.

    Raises:
        InputError: It is larger than is kept, or cannot be read.
        ConfigError: The workspace cannot be written.
    """
    with ExitStack() as ends:
        try:
            desk.office.workspace.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = ends.enter_context(tempfile.TemporaryFile(dir=desk.office.workspace))
        except OSError as error:
            raise ConfigError(
                f"the workspace cannot be written: {error.strerror}", hint="set workspace"
            ) from None
        size = 0
        try:
            while part := stream.read(_PART):
                size += len(part)
                _check_size(size)
                file.write(part)
        except OSError as error:
            raise InputError(
                f"the file cannot be read: {error.strerror}", hint="give it as -, with --name"
            ) from None
        file.seek(0)
        yield file


def _check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise InputError(
            f"the file is larger than {MOST_BYTES} bytes",
            hint="keep it where it is, and say where: dsr note REF --text TEXT",
        )


def attach(
    desk: Desk, number: int, given: Given, file: BinaryIO, *, dry_run: bool = False
) -> StepView:
    """Put a file to a ticket; of an identity paper nothing is kept but its hash, size and day.

    The same file again changes nothing; said to be an identity paper then, its bytes are destroyed
    unless something else refers to them, or a ticket that had them is under a legal hold.

    Raises:
        NotFoundError: There is no such ticket.
        InputError: The file is empty.
    """
    key, size = _hash_of(file)

    def work(step: Step, ticket: TicketRow) -> str:
        row = _known(step.session, number, key)
        why_kept = _why_kept(step.session, ticket, key) if given.paper else None
        is_left = why_kept is None and bool(blobs.known(step.session, [key]))
        if row is not None and not (given.paper and (row.kept or is_left)):
            return "attached already"
        name = safe_name(given.name) or "file"
        if row is not None:
            row.kept = False
        else:
            row = AttachmentRow(
                ticket=number,
                name=name,
                sha256=key,
                size=size,
                what=given.what,
                kept=not given.paper,
                officer=step.officer,
                at=step.now,
            )
        step.session.add(row)
        step.session.flush()
        if row.kept:
            blobs.keep_file(step.session, file)
        elif why_kept is None:
            blobs.destroy(step.session, key)
        facts = {"sha256": key, "size": size, "kept": row.kept}
        facts |= {"bytes_stay": True} if why_kept else {}
        sealed = {"name": name, **({"what": given.what} if given.what.strip() else {})}
        take(step, ticket, Action.ATTACH, facts=facts, sealed=sealed)
        if why_kept:
            return f"noted as an identity paper, but its bytes stay: {why_kept}"
        return "attached" if row.kept else "noted: of an identity paper only the hash is kept"

    return one_step(desk, number, work, dry_run=dry_run)


def _hash_of(file: BinaryIO) -> tuple[str, int]:
    digest, size = sha256(), 0
    while part := file.read(_PART):
        digest.update(part)
        size += len(part)
    file.seek(0)
    if not size:
        raise InputError("the file is empty", hint="dsr note REF --text TEXT, if nothing is in it")
    return digest.hexdigest(), size


def _known(session: Session, number: int, key: str) -> AttachmentRow | None:
    query = select(AttachmentRow).where(AttachmentRow.ticket == number, AttachmentRow.sha256 == key)
    return session.exec(query).first()


def _why_kept(session: Session, ticket: TicketRow, key: str) -> str | None:
    """Return why the bytes of an identity paper are not destroyed, or None where they may be."""
    if not blobs.known(session, [key]):
        return None
    elsewhere: tuple[tuple[str, Any], ...] = (
        ("message", select(MessageRow.id).where(MessageRow.blob == key)),
        ("plan", select(PlanRow.ticket).where(PlanRow.sha256 == key)),
        ("package", select(PackageRow.ticket).where(PackageRow.sha256 == key)),
    )
    for what, query in elsewhere:
        if session.exec(query).first() is not None:
            return f"a {what} holds them too"
    query = select(AttachmentRow.ticket).where(
        AttachmentRow.sha256 == key, AttachmentRow.ticket != ticket.number
    )
    others = session.exec(query.where(col(AttachmentRow.kept)).order_by(col(AttachmentRow.ticket)))
    if (other := others.first()) is not None:
        return f"ticket {other} holds them too: dsr attach {other} FILE --paper"
    numbers = {ticket.number, *session.exec(query)}
    return next(iter(held_among(session, numbers).values()), None)


def attachments(desk: Desk, number: int, reveal: str | None = None) -> list[Attachment]:
    """Return what was put to a ticket, in order; names plain to its officer only.

    Raises:
        NotFoundError: There is no such ticket.
        NotAllowedError: The reason is empty.
    """
    with desk.read() as session:
        plain = may_see_plain(session, desk, [ticket_of(session, number)], reveal)
        rows = rows_of(session, number)
    if plain and rows:
        write_down(desk, [number], reveal, attachments=len(rows))
    return [
        Attachment(
            number=position,
            name=row.name if plain else None,
            what=(row.what or None) if plain else None,
            size=row.size,
            sha256=row.sha256,
            kept=row.kept,
            officer=row.officer,
            at=row.at,
        )
        for position, row in enumerate(rows, start=1)
    ]


def rows_of(session: Session, number: int) -> list[AttachmentRow]:
    """Return what was put to a ticket, in order."""
    query = select(AttachmentRow).where(AttachmentRow.ticket == number)
    return list(session.exec(query.order_by(col(AttachmentRow.id))))


def hand_out(
    desk: Desk, number: int, position: int, folder: Path, *, reveal: str | None = None
) -> Path:
    """Write an attached file into a folder, for its officer; for others with a reason.

    Raises:
        NotFoundError: The ticket has no such attachment, or it is not kept.
        NotAllowedError: The officer may not see it, and gives no reason.
        ConflictError: A file of that name is there.
        ConfigError: The folder cannot be written.
    """
    with desk.read() as session:
        plain = may_see_plain(session, desk, [ticket_of(session, number)], reveal)
        rows = rows_of(session, number)
    if not 1 <= position <= len(rows):
        raise NotFoundError(
            f"ticket {number} has no attachment {position}", hint=f"dsr attach {number} --list"
        )
    if not plain:
        raise NotAllowedError(
            f"ticket {number} is not yours to look into", hint='--reveal "why"; that is kept'
        )
    row = rows[position - 1]
    write_down(desk, [number], reveal, attachment=row.sha256)
    return _written(desk, row, folder)


def _written(desk: Desk, row: AttachmentRow, folder: Path) -> Path:
    place, another = folder / row.name, "--dir DIR, another one"
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder} is no folder", hint=another)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".attached-") as file:
            with desk.read() as session:
                known = row.kept and blobs.known(session, [row.sha256])
                file.writelines(blobs.read(session, row.sha256) if known else ())
            if not known:
                raise NotFoundError(
                    "the file itself is not kept: only its hash, size and day are",
                    hint=f"dsr attach {row.ticket} --list",
                )
            file.flush()
            os.fsync(file.fileno())
            os.link(file.name, place)  # unlike a rename, it never takes another's place
    except FileExistsError:
        raise ConflictError(f"{place.name} is there already in that folder", hint=another) from None
    except OSError as error:
        raise ConfigError(f"{folder} cannot be written: {error.strerror}", hint=another) from None
    return place
