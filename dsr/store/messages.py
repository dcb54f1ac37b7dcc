"""Queries on the ledger: what was seen before, what our letters were, who is a party."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, or_, true
from sqlmodel import Session, col, func, select

from dsr.domain.vocabulary import MessageOutcome
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.messages import MessageRow

_SPANS = 200  # of numbers that one query asks for


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
    connection = session.connection()
    return {key for query in queries for (key,) in connection.execute(query)}


def _in_sight(*, test: bool) -> ColumnElement[bool]:
    return true() if test else col(MessageRow.test).is_(False)


def cases_by_key(session: Session, keys: Iterable[str], *, test: bool) -> dict[str, int | None]:
    """Return the case of each content that was seen before, or None for one without."""
    query = select(MessageRow.content_key, MessageRow.case_number).where(
        col(MessageRow.content_key).in_(list(keys)), _in_sight(test=test)
    )
    return {row[0]: row[1] for row in session.connection().execute(query)}


def tickets_by_letter(session: Session, ids: Iterable[str]) -> dict[str, int]:
    """Return the ticket of each of our letters, by Message-ID."""
    query = select(LetterRow.message_id, LetterRow.ticket).where(
        col(LetterRow.message_id).in_(list(ids))
    )
    rows = session.connection().execute(query)
    return {key: ticket for key, ticket in rows if ticket is not None}


def cases_by_message(session: Session, ids: Iterable[str], *, test: bool) -> dict[str, int]:
    """Return the case that a message opened or joined, by the Message-ID that it claims."""
    query = select(MessageRow.message_id, MessageRow.case_number).where(
        col(MessageRow.message_id).in_(list(ids)), _in_sight(test=test)
    )
    rows = session.connection().execute(query)
    return {key: case for key, case in rows if key and case is not None}


def lately(
    session: Session,
    senders: Iterable[str],
    span: tuple[datetime, datetime],
    *,
    but: str,
    most: int,
) -> list[tuple[str, datetime]]:
    """Return when mails came from addresses in lower case, between two instants, in their order.

    Args:
        session: A transaction.
        senders: The addresses.
        span: The first instant and the last.
        but: What has this reason is not counted.
        most: So many of one address are told, the last ones.
    """
    sender = func.lower(col(MessageRow.sender))
    arrived = col(MessageRow.arrived_at)
    reasons = cast(col(MessageRow.reasons), String)
    latest = func.row_number().over(partition_by=sender, order_by=arrived.desc())
    numbered = (
        select(sender.label("sender"), arrived.label("at"), latest.label("latest"))
        .where(
            arrived.between(*span),
            sender.in_(list(senders)),
            ~reasons.contains(f'"{but}"', autoescape=True),
        )
        .subquery()
    )
    query = select(numbered.c.sender, numbered.c.at).where(numbered.c.latest <= most)
    rows = session.connection().execute(query.order_by(numbered.c.at))
    return [(str(address), at) for address, at in rows]


def beginnings(session: Session, cases: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return how the letters begin that opened cases, and the keys of their texts."""
    query = select(MessageRow.case_number, MessageRow.excerpt, MessageRow.text_key).where(
        col(MessageRow.case_number).in_(list(cases)),
        MessageRow.outcome == MessageOutcome.OPENED,
    )
    rows = session.exec(query)
    return {case: (text or "", key or "") for case, text, key in rows if case is not None}


def rows_in(session: Session, spans: Sequence[tuple[int, int]]) -> int:
    """Return how many rows of the ledger have numbers in some spans, both ends included."""
    rows = 0
    for start in range(0, len(spans), _SPANS):
        within = (col(MessageRow.id).between(*span) for span in spans[start : start + _SPANS])
        query = select(func.count()).select_from(MessageRow).where(or_(*within))
        rows += session.exec(query).one()
    return rows


def first_arrival(session: Session, case: int) -> datetime | None:
    """Return when the first message arrived that opened or joined a case, or None without one."""
    came = (MessageOutcome.OPENED, MessageOutcome.JOINED)
    query = select(func.min(MessageRow.arrived_at)).where(
        MessageRow.case_number == case, col(MessageRow.outcome).in_(came)
    )
    return session.exec(query).one()
