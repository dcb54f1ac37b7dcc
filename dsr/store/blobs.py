"""Bytes that are kept: by SHA-256, compressed, in parts, with a date of destruction."""

import hashlib
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, BinaryIO

from isal.isal_zlib import compress
from sqlalchemy import insert, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, delete, select

from dsr.store.tables.messages import BlobRow

#: Large enough that most mails are one part, small enough that a copy never sits in memory whole.
PART = 1 << 20
_LEVEL = 1  # three times as quickly as zlib's own library packs it, and about as small


def rows_of(
    content: bytes, *, key: str = "", destroy_on: date | None = None
) -> list[dict[str, Any]]:
    """Return the rows that keep some bytes.

    Args:
        content: The bytes.
        key: Their SHA-256, where it is known.
        destroy_on: When they are destroyed.
    """
    key = key or hashlib.sha256(content).hexdigest()
    return [
        {
            "sha256": key,
            "part": number,
            "data": compress(content[start : start + PART], _LEVEL),
            "size": len(content),
            "destroy_on": destroy_on,
        }
        for number, start in enumerate(range(0, max(len(content), 1), PART))
    ]


def keep(session: Session, content: bytes, *, destroy_on: date | None = None) -> str:
    """Keep some bytes and return their key; what is there already is not kept twice.

    Whoever needs it longest decides when it is destroyed.
    """
    rows = rows_of(content, destroy_on=destroy_on)
    key = str(rows[0]["sha256"])
    if not keep_longer(session, {key: destroy_on}):
        session.connection().execute(insert(BlobRow), rows)
    return key


def keep_file(session: Session, file: BinaryIO, *, destroy_on: date | None = None) -> str:
    """Keep a file part by part and return its key, as `keep` does."""
    digest, size = hashlib.sha256(), 0
    while part := file.read(PART):
        digest.update(part)
        size += len(part)
    key = digest.hexdigest()
    if keep_longer(session, {key: destroy_on}):
        return key
    file.seek(0)
    for number in range(max(1, -(-size // PART))):  # of nothing, too, there is one part
        row = {
            "sha256": key,
            "part": number,
            "data": compress(file.read(PART), _LEVEL),
            "size": size,
            "destroy_on": destroy_on,
        }
        session.connection().execute(insert(BlobRow), [row])
    return key


def keep_packed(
    session: Session,
    key: str,
    parts: Iterable[bytes],
    *,
    size: int,
    destroy_on: date | None = None,
) -> None:
    """Keep something that comes in parts of `PART` bytes, packed with zlib; it is not there yet.

    Args:
        session: A transaction.
        key: The SHA-256 of the whole.
        parts: Its parts; one is in memory at a time.
        size: How many bytes the whole has.
        destroy_on: When it is destroyed.
    """
    row = {"sha256": key, "size": size, "destroy_on": destroy_on}
    for number, packed in enumerate(parts):
        session.connection().execute(insert(BlobRow), [{**row, "part": number, "data": packed}])


def keep_longer(session: Session, until: Mapping[str, date | None]) -> set[str]:
    """Keep what is kept already as long as it is needed now; return which of some keys is kept.

    Args:
        session: A transaction.
        until: By key, the day of destruction; None where there is none.
    """
    query = select_columns(col(BlobRow.sha256), col(BlobRow.destroy_on)).where(
        col(BlobRow.sha256).in_(list(until)), col(BlobRow.part) == 0
    )
    kept = {row[0]: row[1] for row in session.connection().execute(query)}
    for key, before in kept.items():
        if is_longer(until[key], before):
            set_destruction(session, key, until[key])
    return set(kept)


def is_longer(until: date | None, before: date | None) -> bool:
    """Say whether something is kept longer until one day than until another; None is for ever."""
    return before is not None and (until is None or until > before)


def known(session: Session, keys: Iterable[str]) -> set[str]:
    """Return which of some keys are kept."""
    query = select(BlobRow.sha256).where(col(BlobRow.sha256).in_(list(keys)), BlobRow.part == 0)
    return set(session.exec(query))


def size_of(session: Session, key: str) -> int | None:
    """Return how many bytes are kept under a key; None where they are destroyed."""
    query = select(BlobRow.size).where(BlobRow.sha256 == key, BlobRow.part == 0)
    return session.exec(query).first()


def destroyed_on(session: Session, key: str) -> date | None:
    """Return the day on which some bytes are destroyed; None where none is set."""
    query = select_columns(col(BlobRow.destroy_on)).where(
        col(BlobRow.sha256) == key, col(BlobRow.part) == 0
    )
    return session.connection().execute(query).scalar()


def read(session: Session, key: str) -> Iterator[bytes]:
    """Give kept bytes part by part; nothing where they are destroyed."""
    query = select(BlobRow.data).where(BlobRow.sha256 == key).order_by(col(BlobRow.part))
    for data in session.exec(query.execution_options(yield_per=1)):
        yield zlib.decompress(data)


def set_destruction(session: Session, key: str, destroy_on: date | None) -> None:
    """Set the day on which some bytes are destroyed."""
    statement = update(BlobRow).where(col(BlobRow.sha256) == key).values(destroy_on=destroy_on)
    session.connection().execute(statement)


def destroy_due(session: Session, today: date, spared: Collection[str] = ()) -> int:
    """Destroy whatever is due and return how many things that were.

    Args:
        session: A transaction.
        today: The present day in the office's zone.
        spared: Keys of what stays all the same, as what a legal hold keeps.
    """
    query = select(BlobRow.sha256).where(col(BlobRow.destroy_on) <= today, BlobRow.part == 0)
    due = [key for key in session.exec(query) if key not in spared]
    for key in due:
        destroy(session, key)
    return len(due)


def destroy(session: Session, key: str) -> None:
    """Destroy some bytes now."""
    session.exec(delete(BlobRow).where(col(BlobRow.sha256) == key))
