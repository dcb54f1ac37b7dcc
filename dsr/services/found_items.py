"""What a search found, as items to decide on: prefilled where others, or a law, have a say."""

from typing import Any

from sqlmodel import Session, col, select

from dsr.domain.office import Means, in_language
from dsr.domain.vocabulary import Proposal, SearchResult
from dsr.rules import office
from dsr.services.catalogue import load
from dsr.services.giving import Less, give_less
from dsr.services.keeping import keep_from_erasure
from dsr.services.listing import Place, number_of
from dsr.services.prefilling import withheld
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import SearchRow


def nothing_found(session: Session, ticket: TicketRow) -> bool:
    """Return whether a search was made and found nothing of ours."""
    searches = session.exec(select(SearchRow).where(col(SearchRow.ticket) == ticket.number)).all()
    return bool(searches) and not any(row.result is SearchResult.FOUND for row in searches)


def whole(ticket: TicketRow) -> ItemRow:
    """Return the one item of a request that is not about data found in a source."""
    rule = office.kind_rule(ticket.kind, ticket.scope)
    number = number_of(ticket, (), Place())
    return item(ticket, number, in_language(rule.name, ticket.language))


def items_found(session: Session, ticket: TicketRow) -> list[ItemRow]:
    """Return an item for each collection in which the search found something."""
    query = (
        select(SearchRow)
        .where(col(SearchRow.ticket) == ticket.number)
        .order_by(col(SearchRow.source), col(SearchRow.collection))
    )
    searches = list(session.exec(query))
    found = [row for row in searches if row.result is SearchResult.FOUND]
    if searches and not found and office.kind_rule(ticket.kind, ticket.scope).searches:
        row = whole(ticket)
        ground = office.ground_for(Means.NO_DATA)
        give_less(row, Less(Proposal.REFUSE, ground.code), ground, ticket)
        return [row]
    catalogue = load(session) if found else None
    rows = []
    for search in found:
        number = number_of(ticket, (), Place(search.source, search.collection))
        collection = catalogue and catalogue.collection(search.source, search.collection)
        label = collection.label.said(ticket.language) if collection else ""
        row = item(ticket, number, label or f"{search.source}.{search.collection}")
        row.source, row.collection = search.source, search.collection
        row.category = next((c for c in search.categories if c.startswith("user")), "")
        if collection is not None:
            _prefill(row, collection, ticket)
        rows.append(row)
    keep_from_erasure(session, ticket, rows)
    return rows


def _prefill(row: ItemRow, collection: Any, ticket: TicketRow) -> None:
    """Propose what the datamap already says: a client decides, a law keeps it, or others hold it.

    What a law keeps is kept whoever asks: nobody's authority would let it be erased.
    """
    ground = withheld(collection, ticket)
    is_ours = ground is None or ground.means is Means.OF_ANOTHER
    erases = office.kind_rule(ticket.kind, ticket.scope).erases
    if is_ours and collection.kept_by_law and erases:
        named = collection.kept_by_law.ground
        ground = office.ground(named) if named else office.ground_for(Means.KEPT_BY_LAW)
        less = Less(
            Proposal.KEEP,
            ground.code,
            citation=collection.kept_by_law.citation.said(ticket.language),
            until_when=collection.kept_by_law.until.said(ticket.language),
        )
        give_less(row, less, ground, ticket)
    elif ground is not None:
        give_less(row, Less(Proposal.REFUSE, ground.code), ground, ticket)


def item(ticket: TicketRow, number: int, label: str) -> ItemRow:
    """Return an item that is granted as it is."""
    return ItemRow(
        ticket=ticket.number,
        number=number,
        label=label,
        proposal=Proposal.GRANT,
        evidence=[],
    )
