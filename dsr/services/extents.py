"""Which item decides on which field: the finest that covers it. Decides nothing itself.

An item with a field is that field; one with a collection the rest of it; one with a source alone
the rest of the source, and with a category besides what the policy calls so there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from dsr.domain.vocabulary import Proposal, SearchResult
from dsr.rules import office
from dsr.services.catalogue import Catalogue
from dsr.services.prefilling import withheld
from dsr.sources.datamap import Collection, Field
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import SearchRow

PERSONAL = "user"


@dataclass(frozen=True, slots=True)
class Decided:
    """What is decided on one collection.

    Attributes:
        table: What the datamap says of it; None where it says nothing.
        by: The item that decides on what no finer one does, or None.
        given: Something of it is granted.
        left_out: The fields that are not, each with its item; of a collection of which nothing is
            granted, every field that an item decides on.
    """

    source: str
    collection: str
    table: Collection | None
    by: ItemRow | None
    given: bool
    left_out: Mapping[str, ItemRow]

    @property
    def categories(self) -> tuple[str, ...]:
        """The data categories of what is given of it, sorted."""
        fields = self.table.fields if self.table is not None else ()
        given = (field for field in fields if field.name not in self.left_out)
        return tuple(sorted({each for field in given for each in field.all_categories()}))

    @property
    def withheld(self) -> tuple[ItemRow, ...]:
        """The items under which something of it is withheld, each once."""
        rows = {row.number: row for row in self.left_out.values()}
        if self.by is not None and self.by.proposal is not Proposal.GRANT:
            rows.setdefault(self.by.number, self.by)
        return tuple(rows[number] for number in sorted(rows))


def decided(
    session: Session,
    ticket: TicketRow,
    catalogue: Catalogue,
    rows: Sequence[ItemRow],
    *,
    held: bool = False,
) -> list[Decided]:
    """Return what is decided on each collection that an item of a ticket covers.

    Args:
        session: A transaction.
        ticket: The ticket.
        catalogue: The datamaps.
        rows: The ticket's items.
        held: What is under a legal hold is not given.
    """
    return [
        _decided(place, catalogue.collection(*place), rows, held=held)
        for place in places(session, ticket, catalogue, rows)
    ]


def places(
    session: Session, ticket: TicketRow, catalogue: Catalogue, rows: Sequence[ItemRow]
) -> list[tuple[str, str]]:
    """Return the collections that items cover: those they name, and found ones of their source.

    What a client decides on, a law keeps or others hold is never covered by a coarser item.
    """
    named = [(row.source, row.collection) for row in rows if row.source and row.collection]
    coarse = {row.source for row in rows if row.source and not row.collection}
    query = select(SearchRow.source, SearchRow.collection).where(
        col(SearchRow.ticket) == ticket.number, SearchRow.result == SearchResult.FOUND
    )
    found = session.exec(query.order_by(col(SearchRow.source), col(SearchRow.collection)))
    covered = [
        (source, name)
        for source, name in found
        if source in coarse and is_plain(catalogue.collection(source, name), ticket)
    ]
    return list(dict.fromkeys([*named, *covered]))


def is_plain(table: Collection | None, ticket: TicketRow) -> bool:
    """Tell whether nothing withholds a collection whoever asks; one that is unknown is not."""
    if table is None or withheld(table, ticket) is not None:
        return False
    erases = office.kind_rule(ticket.kind, ticket.scope).erases
    return not (erases and table.kept_by_law)


def _decided(
    place: tuple[str, str], table: Collection | None, rows: Sequence[ItemRow], *, held: bool
) -> Decided:
    """Judge one collection, field by field; what no item decides on goes with the rest of it."""
    whole = deciding(rows, place, table, None)
    fields = table.fields if table is not None else ()
    judged = {field.name: deciding(rows, place, table, field) for field in fields}
    known = [row for row in (*judged.values(), whole) if row is not None]
    given = any(is_given(row, held=held) for row in known)
    left_out = {
        name: row
        for name, row in judged.items()
        if row is not None and not is_given(row, held=held)
    }
    return Decided(*place, table, whole, given, left_out)


def refused_whole(rows: Sequence[ItemRow]) -> ItemRow | None:
    """Return the item by which a request is refused as a whole, or None.

    It stands alone, is about nothing that was found, and changes nothing.
    """
    only = rows[0] if len(rows) == 1 else None
    if only is None or only.source or only.old or only.new or only.proposal is Proposal.GRANT:
        return None
    return only


def is_given(row: Any, *, held: bool = False) -> bool:
    """Tell whether an item is granted and, where holds count, under none."""
    return row.proposal is Proposal.GRANT and not (held and row.held_at is not None)


def deciding(
    rows: Iterable[Any], place: tuple[str, str], table: Collection | None, field: Field | None
) -> Any | None:
    """Return the finest item that decides on a field, or on the rest of a collection, or None."""
    of_source = [row for row in rows if row.source == place[0]]
    name = field.name if field is not None else ""
    own = [row for row in of_source if row.collection == place[1]]
    coarse = [row for row in of_source if not row.collection]
    code = policy_category(table, field)
    ranked = (
        [row for row in own if row.field and row.field == name],
        [row for row in own if not row.field],
        [row for row in coarse if row.category and code and _code(row.category) == code],
        [row for row in coarse if not row.category],
    )
    return next((row for found in ranked for row in found), None)


def policy_category(table: Collection | None, field: Field | None) -> str:
    """Return the code of the policy's category of a field; empty for what is not personal."""
    category = data_category(table, field)
    return _code(category) if category else ""


def data_category(table: Collection | None, field: Field | None) -> str:
    """Return the first data category of a field that is a person's, else its collection's."""
    if table is None or field is None:
        return ""
    own = tuple(field.all_categories())
    # A category of the whole collection means its fields, and not what ties its rows together.
    inherited = () if field.primary_key or field.references else table.categories
    return next((each for each in own or inherited if is_personal(each)), "")


def is_personal(category: str) -> bool:
    """Tell whether a data category is of what belongs to a person."""
    return category == PERSONAL or category.startswith(f"{PERSONAL}.")


def personal_fields(table: Collection) -> Iterator[Field]:
    """Give the fields of a collection that hold something of a person."""
    return (field for field in table.fields if data_category(table, field))


def _code(category: str) -> str:
    return office.category_of(category).code
