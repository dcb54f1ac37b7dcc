"""How far folders on mail servers were read: the cursor of each."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from dsr.store.tables.messages import MailboxRow


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a folder was read; zeros for one that never was.

    Attributes:
        validity: The UIDVALIDITY that its numbers are valid under.
        last: The last UID that was read.
        missing: Those up to it that could not be had or kept: they are asked for again.
    """

    validity: int = 0
    last: int = 0
    missing: frozenset[int] = frozenset()


def last_read(session: Session, account: str, folder: str) -> Cursor:
    """Return how far a folder was read."""
    row = session.get(MailboxRow, (account, folder))
    return Cursor(row.uid_validity, row.last_uid, frozenset(row.missing)) if row else Cursor()


def advance(
    session: Session,
    place: tuple[str, str],
    read: Cursor,
    *,
    done: AbstractSet[int],
    at: datetime,
) -> None:
    """Note how far a folder was read, which never goes back under the same numbers.

    Args:
        session: The transaction that keeps what was read.
        place: The account and the folder.
        read: How far, and what could not be had or kept this time.
        done: What was missing perhaps, and is so no more.
        at: When it was read.
    """
    row = session.get(MailboxRow, place)
    if row is None:
        account, folder = place
        row = MailboxRow(
            account=account, folder=folder, uid_validity=0, last_uid=0, missing=[], read_at=at
        )
    same = row.uid_validity == read.validity
    row.missing = sorted((set(row.missing if same else ()) - done) | read.missing)
    row.last_uid = max(row.last_uid, read.last) if same else read.last
    row.uid_validity, row.read_at = read.validity, at
    session.add(row)
