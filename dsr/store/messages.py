"""Queries on the ledger: what was seen before, what our letters were, who is a party."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from dsr.domain.vocabulary import MessageOutcome
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.messages import MessageRow


def seen_bytes(session: Session, hashes: Iterable[str]) -> set[str]:
    """Return which of some bytes the ledger has seen."""
    query = select(MessageRow.sha256).where(col(MessageRow.sha256).in_(list(hashes)))
    return set(session.exec(query))


def cases_by_key(session: Session, keys: Iterable[str]) -> dict[str, int | None]:
    """Return the case of each content that was seen before, or None for one without."""
    query = select(MessageRow.content_key, MessageRow.case_number).where(
        col(MessageRow.content_key).in_(list(keys))
    )
    return {key: case for key, case in session.exec(query)}  # noqa: C416 - rows are no pairs


def tickets_by_letter(session: Session, ids: Iterable[str]) -> dict[str, int]:
    """Return the ticket of each of our letters, by Message-ID."""
    query = select(LetterRow.message_id, LetterRow.ticket).where(
        col(LetterRow.message_id).in_(list(ids))
    )
    return {key: ticket for key, ticket in session.exec(query) if ticket is not None}


def cases_by_message(session: Session, ids: Iterable[str]) -> dict[str, int]:
    """Return the case that a message opened or joined, by Message-ID."""
    query = select(MessageRow.message_id, MessageRow.case_number).where(
        col(MessageRow.message_id).in_(list(ids))
    )
    return {key: case for key, case in session.exec(query) if key and case is not None}


def first_arrival(session: Session, case: int) -> datetime | None:
    """Return when the first message arrived that opened or joined a case, or None without one."""
    came = (MessageOutcome.OPENED, MessageOutcome.JOINED)
    query = select(func.min(MessageRow.arrived_at)).where(
        MessageRow.case_number == case, col(MessageRow.outcome).in_(came)
    )
    return session.exec(query).one()


def ledger(
    session: Session, outcomes: Sequence[MessageOutcome], *, limit: int | None
) -> list[MessageRow]:
    """Return what arrived, the newest first."""
    query = select(MessageRow).order_by(col(MessageRow.id).desc())
    if outcomes:
        query = query.where(col(MessageRow.outcome).in_(list(outcomes)))
    return list(session.exec(query.limit(limit)))
