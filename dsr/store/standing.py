"""What is stored of a ticket, row by row, to be judged; of many tickets it is read at once.

The rows are plain: they have the columns of `light`, and nobody changes them.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, TableClause, select
from sqlmodel import Session

from dsr.store.light import SOURCE

T = TypeVar("T")

MOST = 500  # tickets in one query; a database takes only so many parameters
_AHEAD = "dsr_ahead"
_ORDER = ("id", "number", "position")


class _Ahead:
    """The rows of some tickets, each table read when it is first asked for."""

    def __init__(self, session: Session, tickets: Sequence[Any]) -> None:
        self.session = session
        self.keys = {
            "ticket": {each.number for each in tickets},
            "person": {each.person for each in tickets},
        }
        self.sources: bool | None = None
        self._found: dict[str, dict[int, list[Any]]] = {}

    def rows(self, table: TableClause, number: int) -> Sequence[Any]:
        if table.name not in self._found:
            name = _key(table)
            found: dict[int, list[Any]] = {}
            query = _ordered(table).where(table.c[name].in_(self.keys[name]))
            for row in self.session.connection().execute(query):
                found.setdefault(getattr(row, name), []).append(row)
            self._found[table.name] = found
        return self._found[table.name].get(number, ())


def rows_of(session: Session, table: TableClause, number: int) -> Sequence[Any]:
    """Return the rows of a table that belong to a ticket, or to a person, in order.

    Args:
        session: A transaction.
        table: One of `light` that names a ticket or a person.
        number: The ticket's, or the person's.
    """
    ahead: _Ahead | None = session.info.get(_AHEAD)
    if ahead is not None and number in ahead.keys[_key(table)]:
        return ahead.rows(table, number)
    session.flush()  # such a query does not see what only the session has
    query = _ordered(table).where(table.c[_key(table)] == number)
    return session.connection().execute(query).all()


def has_sources(session: Session) -> bool:
    """Return whether any system of the company is registered."""
    ahead: _Ahead | None = session.info.get(_AHEAD)
    if ahead is None:
        return _has_sources(session)
    if ahead.sources is None:
        ahead.sources = _has_sources(session)
    return ahead.sources


def _has_sources(session: Session) -> bool:
    query = select(SOURCE.c.key).where(SOURCE.c.active).limit(1)
    return session.connection().execute(query).first() is not None


@contextmanager
def read_ahead(session: Session, tickets: Sequence[Any]) -> Iterator[None]:
    """Let `rows_of` read each table once for all these tickets, in a session that only reads.

    Args:
        session: A transaction that changes nothing.
        tickets: At most `MOST`: with number and person.
    """
    assert not session.get_bind().get_execution_options().get("dsr_write"), "it would go stale"
    session.info[_AHEAD] = _Ahead(session, tickets)
    try:
        yield
    finally:
        del session.info[_AHEAD]


def by_many(rows: Iterable[T]) -> Iterator[list[T]]:
    """Give rows in lists as long as `read_ahead` takes them."""
    source = iter(rows)
    while some := list(islice(source, MOST)):
        yield some


def _key(table: TableClause) -> str:
    return "ticket" if "ticket" in table.c else "person"


def _ordered(table: TableClause) -> Select[Any]:
    order: list[ColumnElement[Any]] = [table.c[name] for name in _ORDER if name in table.c]
    return select(table).order_by(*order)
