"""Queries on tickets: filters as an officer types them, ordered by urgency."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, false, func, or_, true
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from dsr.domain.formats import FORMAT, StatusFormat
from dsr.domain.vocabulary import ENDED, Channel, Kind, Outcome, RequesterRole, Scope, Status
from dsr.errors import UsageError, nearest
from dsr.store.filters import Condition, Filter, day, is_number, parse, words, yes
from dsr.store.tables.tickets import TicketRow

OPEN = tuple(s for s in Status if s not in {Status.NONE, *ENDED})


def parse_filters(typed: Sequence[str]) -> list[Filter]:
    """Return the conditions on tickets that were typed.

    Raises:
        UsageError: A word is no condition, or its key is unknown.
    """
    return parse(typed, KEYS)


#: What a list needs of a ticket; rows of these few columns are read far faster than objects.
LISTED = (
    "number",
    "case_number",
    "kind",
    "status",
    "outcome",
    "who",
    "laws",
    "received_at",
    "due_on",
    "late_after_on",
    "target_on",
    "act_by_on",
    "provisional",
    "assignee",
    "requester_role",
    "language",
)


#: Where one of so many tickets fits, all are sooner read in their order than those by an index.
_MANY = 4


def listed(
    session: Session, filters: Sequence[Filter], *, today: date, officer: str, limit: int | None
) -> tuple[Iterator[Any], int]:
    """Return the tickets that fit, the most urgent first, and how many fit in all.

    Raises:
        UsageError: A value is none that its key takes.
    """
    fitting = conditions(filters, today=today, officer=officer)
    query = (
        select_columns(*(getattr(TicketRow, name) for name in LISTED))
        .order_by(urgency(), col(TicketRow.due_on), col(TicketRow.number))
        .limit(limit)
    )
    connection = session.connection()
    if limit is None:
        rows = connection.execution_options(yield_per=1000).execute(query.where(*fitting))
        return iter(rows), -1
    highest = select_columns(func.max(col(TicketRow.number))).scalar_subquery()
    counted = select_columns(func.count(), highest).select_from(TicketRow).where(*fitting)
    total, all_of_them = connection.execute(counted).one()
    if total * _MANY > (all_of_them or 0):
        fitting = [func.coalesce(each, false()) for each in fitting]  # which no index answers
    return iter(connection.execute(query.where(*fitting)).all()), total


def is_late(today: date) -> ColumnElement[bool]:
    """Tell whether the day after which an answer is late has passed; it is never before due_on."""
    passed = func.coalesce(col(TicketRow.late_after_on) < today, false())
    return and_(col(TicketRow.due_on) < today, passed)


def urgency() -> ColumnElement[Any]:
    """Return the day that comes first: of acting, where that is before the answer's target."""
    acting, target = col(TicketRow.act_by_on), col(TicketRow.target_on)
    return case((acting < target, acting), else_=func.coalesce(target, TicketRow.due_on))


def conditions(
    filters: Sequence[Filter], *, today: date, officer: str
) -> list[ColumnElement[bool]]:
    """Return what filters ask for; without one that says otherwise, tickets that are open.

    Raises:
        UsageError: A value is none that its key takes.
    """
    found: list[ColumnElement[bool]] = []
    if not any(each.key in {"status", "is", "outcome"} for each in filters):
        found.append(col(TicketRow.status).in_(OPEN))
    for each in filters:
        condition = KEYS[each.key](each.values, today, officer)
        # What is not said (nobody's ticket, no outcome yet) is not what a filter names.
        found.append(~func.coalesce(condition, false()) if each.negated else condition)
    return found


def by_numbers(session: Session, numbers: Sequence[int]) -> Mapping[int, TicketRow]:
    """Return tickets by their numbers."""
    query = select(TicketRow).where(col(TicketRow.number).in_(list(numbers)))
    return {row.number: row for row in session.exec(query)}


def by_requests(
    session: Session, requests: Collection[tuple[StatusFormat, str, bool]], *, test: bool
) -> dict[tuple[StatusFormat, str, bool], set[int]]:
    """Return the tickets of each request of another program; tests never go with others.

    Args:
        session: A transaction.
        requests: The format of each, its number, and whether that is ours; else it is theirs.
        test: Whether a test asks.
    """
    if not requests:
        return {}
    numbers = {int(one) for _, one, ours in requests if ours and is_number(one)}
    extra = col(TicketRow.extra)
    name, theirs = extra[FORMAT].as_string(), extra["id"].as_string()
    query = select_columns(col(TicketRow.number), name, theirs).where(
        name.in_({name for name, _, _ in requests}),
        or_(theirs.in_({one for _, one, _ in requests}), col(TicketRow.number).in_(numbers)),
        col(TicketRow.test).is_(test),
    )
    found: dict[tuple[StatusFormat, str, bool], set[int]] = {one: set() for one in requests}
    for number, written, told in session.connection().execute(query):
        format_ = StatusFormat(written)
        for one in ((format_, told, False), (format_, str(number), True)):
            found.get(one, set()).add(number)
    return found


def of_case(session: Session, case: int) -> list[TicketRow]:
    """Return the tickets of a case, in order."""
    query = select(TicketRow).where(TicketRow.case_number == case)
    return list(session.exec(query.order_by(col(TicketRow.number))))


def _state(values: tuple[str, ...], _today: date, _officer: str) -> ColumnElement[bool]:
    groups = {
        "open": col(TicketRow.status).in_(OPEN),
        "ended": col(TicketRow.status).in_(ENDED),
        "any": true(),
    }
    for value in values:
        if value not in groups:
            raise UsageError(f"is:{value} is not known", hint=nearest(value, list(groups)))
    return or_(false(), *(groups[value] for value in values))


def _due(values: tuple[str, ...], today: date, _officer: str) -> ColumnElement[bool]:
    return and_(true(), *(col(TicketRow.due_on) <= day(value, today) for value in values))


def _received(values: tuple[str, ...], today: date, _officer: str) -> ColumnElement[bool]:
    return and_(
        true(), *(col(TicketRow.received_on) >= day(value, today, back=True) for value in values)
    )


def _assignee(values: tuple[str, ...], _today: date, officer: str) -> ColumnElement[bool]:
    named = [officer if value == "@me" else value for value in values if value != "none"]
    nobody = col(TicketRow.assignee).is_(None) if "none" in values else false()
    return or_(col(TicketRow.assignee).in_(named), nobody)


def _law(values: tuple[str, ...], _today: date, _officer: str) -> ColumnElement[bool]:
    return or_(
        false(),
        *(cast(TicketRow.laws, String).contains(f'"{value.upper()}"') for value in values),
    )


def _overdue(values: tuple[str, ...], today: date, _officer: str) -> ColumnElement[bool]:
    late = and_(is_late(today), col(TicketRow.status).in_(OPEN))
    return late if yes(values) else ~late


def _minor(values: tuple[str, ...], _today: date, _officer: str) -> ColumnElement[bool]:
    return col(TicketRow.minor).is_(yes(values))


def _held(values: tuple[str, ...], _today: date, _officer: str) -> ColumnElement[bool]:
    held = col(TicketRow.held_at).is_not(None)
    return held if yes(values) else ~held


def _case(values: tuple[str, ...], _today: date, _officer: str) -> ColumnElement[bool]:
    for value in values:
        if not is_number(value):
            raise UsageError(f"{value!r} is no number of a case", hint="case:17")
    return col(TicketRow.case_number).in_([int(value) for value in values])


def _text(values: tuple[str, ...], _today: date, _officer: str) -> ColumnElement[bool]:
    """Look in subjects and excerpts of the case's messages."""
    from dsr.store.tables.messages import MessageRow

    hits = [
        or_(
            col(MessageRow.subject).icontains(value, autoescape=True),
            col(MessageRow.excerpt).icontains(value, autoescape=True),
        )
        for value in values
    ]
    cases = select(MessageRow.case_number).where(or_(false(), *hits))
    return col(TicketRow.case_number).in_(cases)


#: What may stand before the colon of a filter.
KEYS: Mapping[str, Condition] = {
    "kind": words(TicketRow.kind, Kind),
    "scope": words(TicketRow.scope, Scope),
    "status": words(TicketRow.status, Status),
    "is": _state,
    "outcome": words(TicketRow.outcome, Outcome),
    "due": _due,
    "received": _received,
    "assignee": _assignee,
    "law": _law,
    "overdue": _overdue,
    "minor": _minor,
    "held": _held,
    "role": words(TicketRow.requester_role, RequesterRole),
    "channel": words(TicketRow.channel, Channel),
    "case": _case,
    "text": _text,
}
