"""What newly opened tickets bring forward: an access is answered before an erasure, by its day."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select as select_columns
from sqlalchemy import union
from sqlmodel import Session, col

from dsr.domain.vocabulary import ENDED, IdentifierType, Kind
from dsr.services import dates
from dsr.services.related import erases, reads
from dsr.store.light import IDENTIFIER
from dsr.store.tables.tickets import TicketRow


def bring_forward(session: Session, opened: Collection[int]) -> None:
    """Let what hands data out take the earlier day of what erases the same person's data.

    Both ways: what is opened may be the one or the other. Of one letter's tickets the opening sees
    to that itself.

    Args:
        session: The transaction; the rows are written.
        opened: The numbers of the tickets.
    """
    if not opened:
        return
    rows = _of_the_same(session, min(opened), max(opened))
    lookups = _lookups(session, {row.person for row in rows})
    erasing = [row for row in rows if erases(row.kind)]
    points = defaultdict(list)
    for row in erasing:
        for point in lookups[row.person]:
            points[point].append(row)
    for row in rows:
        if reads(row.kind) and _meets(row, _near(row, points, lookups), opened):
            dates.recompute(session, session.get_one(TicketRow, row.number))


def _near(row: Any, points: Mapping[Any, Iterable[Any]], lookups: Mapping[int, Any]) -> list[Any]:
    return [other for point in lookups[row.person] for other in points.get(point, ())]


def _meets(row: Any, erasing: Iterable[Any], opened: Collection[int]) -> bool:
    """Tell whether one of two is new, and they did not come with one letter."""
    return any(
        (row.number in opened) != (other.number in opened)
        or (row.number in opened and row.case_number != other.case_number)
        for other in erasing
    )


def _of_the_same(session: Session, first: int, last: int) -> list[Any]:
    """Return the open tickets of whoever is named in new ones, as far as one waits for another."""
    number, person = col(TicketRow.number), col(TicketRow.person)
    new = select_columns(person).where(number.between(first, last))
    named = select_columns(IDENTIFIER.c.lookup).where(
        IDENTIFIER.c.person.in_(new), IDENTIFIER.c.type != IdentifierType.NAME
    )
    same = select_columns(IDENTIFIER.c.person).where(IDENTIFIER.c.lookup.in_(named))
    kinds = [kind for kind in Kind if erases(kind) or reads(kind)]
    columns = (number, col(TicketRow.case_number), col(TicketRow.kind), person)
    query = select_columns(*columns).where(
        person.in_(union(new, same)),
        col(TicketRow.kind).in_(kinds),
        col(TicketRow.status).not_in(ENDED),
        col(TicketRow.test).is_(False),
    )
    return list(session.connection().execute(query.order_by(number)).all())


def _lookups(session: Session, persons: Collection[int]) -> Mapping[int, set[Any]]:
    """Return what names each person, and the person himself."""
    found: dict[int, set[Any]] = {person: {person} for person in persons}
    query = select_columns(IDENTIFIER.c.person, IDENTIFIER.c.lookup).where(
        IDENTIFIER.c.person.in_(persons), IDENTIFIER.c.type != IdentifierType.NAME
    )
    for person, lookup in session.connection().execute(query):
        found[person].add(lookup)
    return found
