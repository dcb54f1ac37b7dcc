"""Queries of letters on their way: each letter once, in order, without its text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlmodel import Session

from dsr.domain.vocabulary import LetterState
from dsr.store.light import LETTER
from dsr.store.standing import by_many
from dsr.store.tables.tickets import TicketRow

#: What is still to be dealt with, the worst first.
LEFT = (LetterState.UNDELIVERED, LetterState.READY, LetterState.HANDED_OVER)
_TICKET = (
    "number",
    "case_number",
    "kind",
    "scope",
    "status",
    "outcome",
    "due_on",
    "instructed_by",
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which letters: in which states, and of which tickets; None is of all."""

    states: Sequence[LetterState] = LEFT
    tickets: Sequence[int] | None = None


def letters(
    session: Session, chosen: Chosen, limit: int | None = None
) -> Iterator[tuple[Any, tuple[int, ...]]]:
    """Give letters with columns of their first ticket, and all their tickets.

    One letter that is for several tickets is given once. The worst state comes first, then the
    oldest; no letter's text is read.
    """
    ticket = (getattr(TicketRow, name) for name in _TICKET)
    query = (
        select(LETTER, *ticket)
        .join(TicketRow, LETTER.c.ticket == TicketRow.number)
        .where(LETTER.c.id.in_(_first(chosen)))
        .order_by(*_order())
        .limit(limit)
    )
    connection = session.connection()
    rows = connection.execute(query, execution_options={"yield_per": 1000})
    for some in by_many(rows):
        tickets = _tickets(session, chosen, [row.message_id for row in some])
        for row in some:
            yield row, tuple(tickets[row.message_id])


def numbers(session: Session, chosen: Chosen) -> list[int]:
    """Return the numbers of letters, in the same order."""
    query = select(LETTER.c.id).where(LETTER.c.id.in_(_first(chosen))).order_by(*_order())
    return list(session.connection().execute(query).scalars())


def count(session: Session, chosen: Chosen) -> int:
    """Return how many letters there are."""
    query = select(func.count(LETTER.c.message_id.distinct())).where(*_conditions(chosen))
    return session.connection().execute(query).scalar_one()


def _first(chosen: Chosen) -> Any:
    """Return the first row of each letter."""
    query = select(func.min(LETTER.c.id)).where(*_conditions(chosen))
    return query.group_by(LETTER.c.message_id)


def _conditions(chosen: Chosen) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        LETTER.c.state.in_([state.value for state in chosen.states]),
        LETTER.c.ticket.is_not(None),
    ]
    if chosen.tickets is not None:
        theirs = select(LETTER.c.message_id).where(LETTER.c.ticket.in_(list(chosen.tickets)))
        found.append(LETTER.c.message_id.in_(theirs))
    return found


def _order() -> list[ColumnElement[Any]]:
    rank = {state.value: place for place, state in enumerate(LEFT)}
    since = func.coalesce(LETTER.c.sent_at, LETTER.c.written_at)
    return [case(rank, value=LETTER.c.state, else_=len(rank)), since, LETTER.c.id]


def _tickets(session: Session, chosen: Chosen, mails: Sequence[str]) -> dict[str, list[int]]:
    query = (
        select(LETTER.c.message_id, LETTER.c.ticket)
        .where(*_conditions(chosen), LETTER.c.message_id.in_(mails))
        .order_by(LETTER.c.id)
    )
    found: dict[str, list[int]] = {}
    for row in session.connection().execute(query):
        found.setdefault(row.message_id, []).append(row.ticket)
    return found
