"""Queries on the ledger: what was seen before, what our letters were, who is a party."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, true
from sqlmodel import Session, col, func, select

from dsr.domain.vocabulary import MessageOutcome
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.messages import MessageRow

#: A flood is among the latest; nothing older is looked through.


def seen_bytes(session: Session, hashes: Iterable[str], *, test: bool) -> set[str]:
    """Return which of some bytes the ledger has seen; what was a test only a test has seen.

    Args:
        session: A transaction.
        hashes: The SHA-256 of bytes, or the content key of what is known by its place too.
        test: Whether a test asks.
    """
    keys = list(hashes)
    columns = (col(MessageRow.sha256), col(MessageRow.content_key))
    queries = [select(one).where(one.in_(keys), _in_sight(test=test)) for one in columns]
    return {key for query in queries for key in session.exec(query)}


def _in_sight(*, test: bool) -> ColumnElement[bool]:
    return true() if test else col(MessageRow.test).is_(False)


def cases_by_key(session: Session, keys: Iterable[str], *, test: bool) -> dict[str, int | None]:
    """Return the case of each content that was seen before, or None for one without."""
    query = select(MessageRow.content_key, MessageRow.case_number).where(
        col(MessageRow.content_key).in_(list(keys)), _in_sight(test=test)
    )
    return {row[0]: row[1] for row in session.exec(query)}


def tickets_by_letter(session: Session, ids: Iterable[str]) -> dict[str, int]:
    """Return the ticket of each of our letters, by Message-ID."""
    query = select(LetterRow.message_id, LetterRow.ticket).where(
        col(LetterRow.message_id).in_(list(ids))
    )
    return {key: ticket for key, ticket in session.exec(query) if ticket is not None}


def cases_by_message(session: Session, ids: Iterable[str], *, test: bool) -> dict[str, int]:
    """Return the case that a message opened or joined, by the Message-ID that it claims."""
    query = select(MessageRow.message_id, MessageRow.case_number).where(
        col(MessageRow.message_id).in_(list(ids)), _in_sight(test=test)
    )
    return {key: case for key, case in session.exec(query) if key and case is not None}


def lately(
    session: Session, senders: Iterable[str], since: datetime, until: datetime, *, but: str
) -> list[tuple[str, datetime]]:
    """Return when mails came from addresses in lower case, between two instants.

    Args:
        session: A transaction.
        senders: The addresses.
        since: The first instant.
        until: The last one.
        but: What has this reason is not counted.
    """
    sender = func.lower(col(MessageRow.sender))
    reasons = cast(col(MessageRow.reasons), String)
    query = select(sender, MessageRow.arrived_at).where(
        col(MessageRow.arrived_at).between(since, until),
        sender.in_(list(senders)),
        ~reasons.contains(f'"{but}"', autoescape=True),
    )
    return [(str(address), at) for address, at in session.connection().execute(query)]


def beginnings(session: Session, cases: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return how the letters begin that opened cases, and the keys of their texts."""
    query = select(MessageRow.case_number, MessageRow.excerpt, MessageRow.text_key).where(
        col(MessageRow.case_number).in_(list(cases)),
        MessageRow.outcome == MessageOutcome.OPENED,
    )
    rows = session.exec(query)
    return {case: (text or "", key or "") for case, text, key in rows if case is not None}


def first_arrival(session: Session, case: int) -> datetime | None:
    """Return when the first message arrived that opened or joined a case, or None without one."""
    came = (MessageOutcome.OPENED, MessageOutcome.JOINED)
    query = select(func.min(MessageRow.arrived_at)).where(
        MessageRow.case_number == case, col(MessageRow.outcome).in_(came)
    )
    return session.exec(query).one()
