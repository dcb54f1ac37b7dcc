"""The ledger as it is listed: everything that arrived, by conditions as an officer types them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, false, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from dsr.domain.mail import MailSort
from dsr.domain.vocabulary import Kind, MessageOutcome
from dsr.errors import UsageError, nearest
from dsr.store.filters import Condition, Filter, day, is_number, words, yes
from dsr.store.tables.messages import MessageRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.trail import EventRow, SecretRow

#: What a list needs of a row: rows of these few columns are read far faster than objects.
LISTED = (
    *("id", "arrived_at", "source", "outcome", "sort", "urgent", "test", "sender", "language"),
    *("case_number", "ticket", "suggested", "reasons"),
)
#: The event by which an officer decides where something goes.
DECIDED = "triage"
#: So many rows are in memory at once.
CHUNK = 1_000


def _numbers(values: tuple[str, ...], key: str) -> list[int]:
    for value in values:
        if not is_number(value):
            raise UsageError(f"{value!r} is no number", hint=f"{key}:17")
    return [int(value) for value in values]


def _case(values: tuple[str, ...], _today: date, _zone: str) -> ColumnElement[bool]:
    return col(MessageRow.case_number).in_(_numbers(values, "case"))


def _ticket(values: tuple[str, ...], _today: date, _zone: str) -> ColumnElement[bool]:
    """Return what belongs to the case of a ticket."""
    numbers = _numbers(values, "ticket")
    cases = select(TicketRow.case_number).where(col(TicketRow.number).in_(numbers))
    return or_(col(MessageRow.case_number).in_(cases), col(MessageRow.ticket).in_(numbers))


def _language(values: tuple[str, ...], _today: date, _zone: str) -> ColumnElement[bool]:
    alike = (col(MessageRow.language).startswith(value, autoescape=True) for value in values)
    return or_(false(), *alike)


def _source(values: tuple[str, ...], _today: date, _zone: str) -> ColumnElement[bool]:
    alike = (col(MessageRow.source).icontains(value, autoescape=True) for value in values)
    return or_(false(), *alike)


def _kind(values: tuple[str, ...], _today: date, _zone: str) -> ColumnElement[bool]:
    known = [kind.value for kind in Kind]
    for value in values:
        if value not in known:
            raise UsageError(f"{value!r} is not known here", hint=nearest(value, known))
    return or_(
        false(), *(cast(MessageRow.suggested, String).contains(f'"{value}"') for value in values)
    )


def _since(values: tuple[str, ...], today: date, zone: str) -> ColumnElement[bool]:
    return col(MessageRow.arrived_at) >= _begins(max(_days(values, today)), zone)


def _until(values: tuple[str, ...], today: date, zone: str) -> ColumnElement[bool]:
    last = min(_days(values, today))
    return col(MessageRow.arrived_at) < _begins(last + timedelta(days=1), zone)


def _days(values: tuple[str, ...], today: date) -> list[date]:
    return [day(value, today, back=True) for value in values]


def _begins(on: date, zone: str) -> datetime:
    return datetime.combine(on, time(), ZoneInfo(zone)).astimezone(UTC)


def _urgent(values: tuple[str, ...], _today: date, _zone: str) -> ColumnElement[bool]:
    return col(MessageRow.urgent).is_(yes(values))


def _test(values: tuple[str, ...], _today: date, _zone: str) -> ColumnElement[bool]:
    return col(MessageRow.test).is_(yes(values))


#: What may stand before the colon of a filter.
KEYS: Mapping[str, Condition] = {
    "outcome": words(MessageRow.outcome, MessageOutcome),
    "sort": words(MessageRow.sort, MailSort),
    "kind": _kind,
    "language": _language,
    "source": _source,
    "case": _case,
    "ticket": _ticket,
    "since": _since,
    "until": _until,
    "urgent": _urgent,
    "test": _test,
}


def listed(
    session: Session, query: Select[Any], *, limit: int | None, urgent_first: bool = False
) -> Iterator[Sequence[Any]]:
    """Give what arrived and fits chunk by chunk, the newest first.

    Args:
        session: A transaction, which lasts as long as the chunks are read.
        query: What fits; see `fitting`.
        limit: How many rows to give; None is all.
        urgent_first: An authority's letters come first, then urgent ones, then the oldest.
    """
    if urgent_first:
        authority = case((col(MessageRow.sort) == MailSort.AUTHORITY, 0), else_=1)
        query = query.order_by(authority, col(MessageRow.urgent).desc(), col(MessageRow.id))
    else:
        query = query.order_by(col(MessageRow.id).desc())
    options = {"yield_per": CHUNK}
    found = session.connection().execute(query.limit(limit), execution_options=options)
    yield from found.partitions()


def fitting(filters: Sequence[Filter], *, today: date, zone: str) -> Select[Any]:
    """Return the query of what fits.

    Args:
        filters: The conditions; all must hold.
        today: The day in the office's zone.
        zone: That zone, an IANA name: days begin there.

    Raises:
        UsageError: A value is none that its key takes.
    """
    query = select_columns(*(getattr(MessageRow, name) for name in LISTED))
    for each in filters:
        condition = KEYS[each.key](each.values, today, zone)
        query = query.where(~func.coalesce(condition, false()) if each.negated else condition)
    return query


def count(session: Session, query: Select[Any]) -> int:
    """Return how many rows a query gives."""
    return (
        session.connection()
        .execute(select_columns(func.count()).select_from(query.subquery()))
        .scalar_one()
    )


def tickets_of(session: Session, cases: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return the numbers of the tickets of cases, in their order."""
    found: dict[int, list[int]] = {}
    query = select(TicketRow.case_number, TicketRow.number).where(
        col(TicketRow.case_number).in_(list(cases))
    )
    for case_number, number in session.exec(query.order_by(col(TicketRow.number))):
        found.setdefault(case_number, []).append(number)
    return {case_number: tuple(numbers) for case_number, numbers in found.items()}


def known_as(
    session: Session, keys: Iterable[str], *, test: bool
) -> dict[str, tuple[int, int | None]]:
    """Return the row of each of some bytes that the ledger has seen: its number, and the ticket.

    That is the ticket that it joined, or the first that it opened.

    Args:
        session: A transaction.
        keys: The SHA-256 of bytes, or the content key of what is known by its place too.
        test: Whether a test asks: only a test knows what was a test.
    """
    wanted = list(keys)
    if not wanted:
        return {}
    of_case = col(TicketRow.case_number) == col(MessageRow.case_number)
    opened = select(func.min(TicketRow.number)).where(of_case).scalar_subquery()
    found: dict[str, tuple[int, int | None]] = {}
    for key in (col(MessageRow.content_key), col(MessageRow.sha256)):
        what: Any = (key, MessageRow.id, func.coalesce(MessageRow.ticket, opened))
        query = select_columns(*what).where(key.in_(wanted))
        if not test:
            query = query.where(col(MessageRow.test).is_(False))
        for digest, number, ticket in session.connection().execute(query):
            found[digest] = (number, ticket)
    return found


def decisions_on(session: Session, number: int) -> list[Any]:
    """Return the events by which officers decided on a row, each with its sealed reason, if any."""
    what: Any = (EventRow.at, EventRow.officer, EventRow.body, SecretRow.value)
    why = and_(col(SecretRow.event) == col(EventRow.id), col(SecretRow.name) == "why")
    about = func.json_extract(col(EventRow.body), "$.facts.id") == number
    query = (
        select_columns(*what)
        .select_from(EventRow)
        .outerjoin(SecretRow, why)
        .where(col(EventRow.action) == DECIDED, about)
        .order_by(col(EventRow.id))
    )
    return list(session.connection().execute(query))
