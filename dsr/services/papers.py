"""Copies of identity papers in what arrives: taken out where it can be read, else all has its day.

No such copy is kept: in what nobody could look into, there may be one.
"""

from datetime import date, timedelta

from sqlmodel import Session, col, select

from dsr.domain.mail import MailSort
from dsr.domain.vocabulary import MessageOutcome
from dsr.intake.detach import detach
from dsr.rules.terms import terms
from dsr.services.requested import Read
from dsr.store import blobs
from dsr.store.tables.messages import MessageRow
from dsr.store.tables.work import AttachmentRow


def may_hold_papers(read: Read) -> bool:
    """Say whether nobody could look into something; a row of a form holds no copy of anything."""
    message = read.message
    is_overdue = bool(read.finding.unread) and not (message.text or message.attachments)
    return message.form is None and (message.problem is not None or is_overdue)


def without_papers(read: Read) -> tuple[bytes, list[bytes]]:
    """Return what is kept of something that arrived, and the papers that were in it."""
    raw = read.arrival.raw
    papers = {each.sha256 for each in read.message.attachments if each.identity_paper}
    return detach(read.arrival.mail or raw, papers) if papers else (raw, [])


def papers_until(today: date) -> date:
    """Return the day on which papers are destroyed that are taken out now."""
    return today + timedelta(days=terms().identity_papers.keep_days)


def no_request_until(today: date) -> date:
    """Return the day on which the bytes are destroyed that are no request, as far as is known."""
    return today + timedelta(days=terms().not_a_request.keep_days)


def keep_decided(session: Session, row: MessageRow, read: Read | None, today: date) -> None:
    """Keep what arrived for as long as where it went asks for, and no paper that is in it.

    What cannot be read keeps its day of destruction wherever it goes.

    Args:
        session: A transaction.
        row: Its row, with where it went; it names the bytes that are kept then.
        read: What was kept of it, as it is read now; None where it is not.
        today: The present day in the office's zone.
    """
    if row.blob is None:
        return
    before = blobs.destroyed_on(session, row.blob)
    if row.outcome is MessageOutcome.IGNORED:
        until = no_request_until(today)
        if before is None or until < before:
            blobs.set_destruction(session, row.blob, until)
    elif read is not None and (row.sort is MailSort.FORM or not may_hold_papers(read)):
        raw, papers = without_papers(read)
        until = min(papers_until(today), before or date.max)
        for paper in papers:
            blobs.keep(session, paper, destroy_on=until)
        if papers:
            _keep_instead(session, row, raw)
        else:
            blobs.set_destruction(session, row.blob, None)


def _keep_instead(session: Session, row: MessageRow, raw: bytes) -> None:
    """Keep other bytes of something that arrived; nobody else's are destroyed."""
    whole, row.blob = row.blob, blobs.keep(session, raw)
    session.add(row)
    session.flush()
    users = (
        select(MessageRow.id).where(MessageRow.blob == whole),
        select(AttachmentRow.id).where(AttachmentRow.sha256 == whole, col(AttachmentRow.kept)),
    )
    if whole and all(session.exec(query).first() is None for query in users):
        blobs.destroy(session, whole)
