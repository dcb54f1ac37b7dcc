"""Queries on the suppression list: who gets no marketing, or is not processed further."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session, col, or_, select

from dsr.domain.vocabulary import FOR_ANOTHER, IdentifierType, Kind, Scope
from dsr.store.tables.people import IdentifierRow
from dsr.store.tables.registers import SuppressionRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tickets import OPEN

#: A contact point as the list knows it: its type and its keyed hash.
Point = tuple[IdentifierType, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to hold for a contact point from now on.

    Attributes:
        ticket: The ticket in which the person said so.
        follows: The keyed hash of the contact point in whose place this one came.
    """

    point: Point
    scope: Scope
    ticket: int
    follows: str | None = None


def holding(
    session: Session, points: Collection[Point], scope: Scope | None = None
) -> list[SuppressionRow]:
    """Return the suppressions of some contact points that have not ended, of one scope or all."""
    return [row for row in _rows(session, points, scope) if row.ended_at is None]


def _rows(session: Session, points: Collection[Point], scope: Scope | None) -> list[SuppressionRow]:
    query = select(SuppressionRow).where(col(SuppressionRow.lookup).in_({p[1] for p in points}))
    if scope is not None:
        query = query.where(SuppressionRow.scope == scope)
    wanted = set(points)
    return [row for row in session.exec(query) if (row.type, row.lookup) in wanted]


def put(session: Session, entries: Sequence[Entry], at: datetime) -> int:
    """Put contact points on the list; return how many were not on it.

    What holds already keeps its first ticket and day; what had ended begins anew.
    """
    wanted: dict[tuple[Point, Scope], Entry] = {}
    for entry in entries:
        wanted.setdefault((entry.point, entry.scope), entry)
    there = {
        ((row.type, row.lookup), row.scope): row
        for row in _rows(session, [entry.point for entry in entries], None)
    }
    new = [entry for key, entry in wanted.items() if key not in there]
    if new:
        session.connection().execute(insert(SuppressionRow), [_values(e, at) for e in new])
    again = [(row, wanted[key]) for key, row in there.items() if key in wanted and row.ended_at]
    for row, entry in again:
        row.ticket, row.follows, row.at, row.ended_at = entry.ticket, entry.follows, at, None
        session.add(row)
    return len(new) + len(again)


def _values(entry: Entry, at: datetime) -> dict[str, object]:
    kind, lookup = entry.point
    return {
        "type": kind,
        "lookup": lookup,
        "scope": entry.scope,
        "ticket": entry.ticket,
        "follows": entry.follows,
        "at": at,
        "ended_at": None,
    }


def of_ticket(session: Session, ticket: TicketRow) -> list[SuppressionRow]:
    """Return what holds by a ticket: its own entries, those that followed, its person's."""
    lookups = select(IdentifierRow.lookup).where(
        col(IdentifierRow.person) == ticket.person, col(IdentifierRow.type) != IdentifierType.NAME
    )
    query = select(SuppressionRow).where(
        SuppressionRow.scope == ticket.scope,
        col(SuppressionRow.ended_at).is_(None),
        or_(col(SuppressionRow.ticket) == ticket.number, col(SuppressionRow.lookup).in_(lookups)),
    )
    return list(session.exec(query))


def asked_already(session: Session, points: Collection[Point], scope: Scope) -> Mapping[Point, int]:
    """Return the first open withdrawal of a scope that names each contact point, if there is one.

    Who asks for somebody else is not the one who is named.
    """
    wanted = set(points)
    query = (
        select(IdentifierRow.type, IdentifierRow.lookup, TicketRow.number)
        .join(TicketRow, col(TicketRow.person) == col(IdentifierRow.person))
        .where(
            col(IdentifierRow.lookup).in_({lookup for _, lookup in wanted}),
            TicketRow.kind == Kind.WITHDRAWAL,
            TicketRow.scope == scope,
            col(TicketRow.status).in_(OPEN),
            col(TicketRow.test).is_(False),
            or_(
                col(IdentifierRow.of_sender).is_(False),
                col(TicketRow.requester_role).not_in(FOR_ANOTHER),
            ),
        )
        .order_by(col(TicketRow.number))
    )
    found: dict[Point, int] = {}
    for kind, lookup, number in session.exec(query):
        found.setdefault((IdentifierType(kind), lookup), number)
    return {point: number for point, number in found.items() if point in wanted}


def is_empty(session: Session) -> bool:
    """Return whether nobody was ever put on the list."""
    return session.exec(select(SuppressionRow.ticket).limit(1)).first() is None
