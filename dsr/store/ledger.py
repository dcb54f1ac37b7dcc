"""The ledger as it is listed: everything that arrived, by conditions as an officer types them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, case, cast, false, func, or_
from sqlmodel import Session, col, select

from dsr.domain.mail import MailSort
from dsr.domain.vocabulary import Kind, MessageOutcome
from dsr.errors import UsageError, nearest
from dsr.store.filters import Condition, Filter, day, is_number, words, yes
from dsr.store.tables.messages import MessageRow
from dsr.store.tables.tickets import TicketRow


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
    session: Session,
    filters: Sequence[Filter],
    *,
    today: date,
    zone: str,
    limit: int | None,
    urgent_first: bool = False,
) -> tuple[list[MessageRow], int]:
    """Return what arrived and fits, the newest first, and how many fit in all.

    Args:
        session: A transaction.
        filters: The conditions; all must hold.
        today: The day in the office's zone.
        zone: That zone, an IANA name: days begin there.
        limit: How many to return; None is all.
        urgent_first: An authority's letters come first, then urgent ones, then the oldest.

    Raises:
        UsageError: A value is none that its key takes.
    """
    found = []
    for each in filters:
        condition = KEYS[each.key](each.values, today, zone)
        found.append(~func.coalesce(condition, false()) if each.negated else condition)
    query = select(MessageRow).where(*found)
    if urgent_first:
        authority = case((col(MessageRow.sort) == MailSort.AUTHORITY, 0), else_=1)
        query = query.order_by(authority, col(MessageRow.urgent).desc(), col(MessageRow.id))
    else:
        query = query.order_by(col(MessageRow.id).desc())
    total = session.exec(select(func.count()).select_from(MessageRow).where(*found)).one()
    return list(session.exec(query.limit(limit))), total
