"""What is stored of many tickets' proofs, searches, packages, plans and tasks, in one query."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Integer,
    String,
    TableClause,
    column,
    func,
    select,
    table,
)
from sqlmodel import Session, col

from dsr.domain.vocabulary import UNFINISHED, PartState, ProofResult, SearchResult
from dsr.store.tables.tickets import TicketRow

MOST = 5_000  # numbers in one query; a database takes only so many parameters


def _table(named: str, *words: str) -> TableClause:
    texts = (column(word, String()) for word in words)
    return table(named, column("ticket", Integer()), column("id", Integer()), *texts)


PROOF = _table("proof", "method", "result")
SEARCH = _table("search", "result")
PACKAGE = _table("package")
PLAN = table("plan", column("ticket", Integer()), column("undecided", JSON()))
PERMIT = _table("permit", "officer")
SOURCE = table("source", column("active", Boolean()))
PART = _table("plan_part", "state")
TASK = table(
    "task", column("ticket", Integer()), column("state", String()), column("follow_up", Boolean())
)
_LEFT = TASK.c.state.in_([state.value for state in UNFINISHED])

#: What a ticket has of which nothing is stored.
NOTHING: Mapping[str, Any] = {
    "verified": 0,
    "asked": None,
    "searched": 0,
    "found": 0,
    "failed": 0,
    "packaged": 0,
    "planned": 0,
    "undecided": None,
    "parts": 0,
    "parts_done": 0,
    "live": 0,
    "open": 0,
    "permits": 0,
}


def has_sources(session: Session) -> bool:
    """Return whether any system of the company is registered."""
    query = select(SOURCE.c.active).where(SOURCE.c.active).limit(1)
    return session.connection().execute(query).first() is not None


def brief(session: Session, numbers: Sequence[int], officer: str) -> dict[int, Mapping[str, Any]]:
    """Return what is stored of tickets, by number; the keys are those of `NOTHING`.

    `permits` are the officer's own.
    """
    connection = session.connection()
    found: dict[int, Mapping[str, Any]] = {}
    for first in range(0, len(numbers), MOST):
        some = numbers[first : first + MOST]
        query = select(col(TicketRow.number), *_counts(officer)).where(
            col(TicketRow.number).in_(some)
        )
        for row in connection.execute(query).mappings():
            found[row["number"]] = {name: row[name] for name in NOTHING}
    return found


def _counts(officer: str) -> list[ColumnElement[Any]]:
    verified = PROOF.c.result == ProofResult.VERIFIED.value
    asked = (
        select(PROOF.c.method)
        .where(PROOF.c.ticket == TicketRow.number, PROOF.c.result == ProofResult.ASKED.value)
        .order_by(PROOF.c.id)
        .limit(1)
    )
    undecided = select(PLAN.c.undecided).where(PLAN.c.ticket == TicketRow.number)
    return [
        _count(PROOF, verified).label("verified"),
        asked.correlate(TicketRow).scalar_subquery().label("asked"),
        _count(SEARCH).label("searched"),
        _count(SEARCH, SEARCH.c.result == SearchResult.FOUND.value).label("found"),
        _count(SEARCH, SEARCH.c.result == SearchResult.FAILED.value).label("failed"),
        _count(PACKAGE).label("packaged"),
        _count(PLAN).label("planned"),
        undecided.correlate(TicketRow).scalar_subquery().label("undecided"),
        _count(PART).label("parts"),
        _count(PART, PART.c.state == PartState.DONE.value).label("parts_done"),
        _count(TASK, _LEFT, ~TASK.c.follow_up).label("live"),
        _count(TASK, _LEFT).label("open"),
        _count(PERMIT, PERMIT.c.officer == officer).label("permits"),
    ]


def _count(rows: TableClause, *conditions: ColumnElement[bool]) -> Any:
    query = select(func.count()).select_from(rows)
    query = query.where(rows.c.ticket == TicketRow.number, *conditions)
    return query.correlate(TicketRow).scalar_subquery()
