"""How far folders on mail servers were read: the cursor of each."""

from datetime import datetime

from sqlmodel import Session

from dsr.store.tables.messages import MailboxRow


def last_read(session: Session, account: str, folder: str) -> tuple[int, int]:
    """Return the UIDVALIDITY a folder was read under and the last UID; zeros for a new one."""
    row = session.get(MailboxRow, (account, folder))
    return (row.uid_validity, row.last_uid) if row else (0, 0)


def advance(
    session: Session, account: str, folder: str, *, read: tuple[int, int], at: datetime
) -> None:
    """Note how far a folder was read, under which UIDVALIDITY; never back under the same one."""
    row = session.get(MailboxRow, (account, folder))
    validity, uid = read
    if row is None:
        row = MailboxRow(
            account=account, folder=folder, uid_validity=validity, last_uid=uid, read_at=at
        )
    elif row.uid_validity == validity and row.last_uid >= uid:
        return
    row.uid_validity, row.last_uid, row.read_at = validity, uid, at
    session.add(row)
