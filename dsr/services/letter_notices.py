"""What a notice tells one recipient: what he got that is to be corrected or erased, no more."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from dsr.domain.vocabulary import Kind, Proposal
from dsr.letters.facts import ChangeFacts
from dsr.rules import office
from dsr.services import facts as ticket_facts
from dsr.services.catalogue import Catalogue
from dsr.services.tasking import concerned, corrected_categories, holds
from dsr.sources.datamap import Collection
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.tickets import TicketRow


def told_to(
    session: Session, ticket: TicketRow, catalogue: Catalogue, key: str, *, language: str
) -> dict[str, Any]:
    """Return the facts of a notice to one recipient, by the names of `LetterFacts`.

    Only what the datamap says he got is told. Where a correction changes something of which no
    category is known, nobody can say that he got it: of that the kinds of data alone are named.
    """
    items = ticket_facts.items_of(session, ticket.number)
    got = {
        place: collection
        for place, collection in concerned(session, ticket, catalogue).items()
        if key in collection.recipients
    }
    labels = {(item.source, item.collection): item.label for item in items}
    kinds = tuple(
        dict.fromkeys(
            labels.get(place) or collection.label.said(language) or collection.name
            for place, collection in got.items()
        )
    )
    more = {"concerned": kinds}
    if ticket.kind is Kind.CORRECTION:
        changes = tuple(_changes(items, got.values()))
        return {"to_correct": changes} | ({} if corrected_categories(session, ticket) else more)
    if not office.kind_rule(ticket.kind, ticket.scope).erases:
        return more
    kept = tuple(_kept(items, catalogue, key))
    return {"to_erase": kinds, "not_to_erase": kept}


def _changes(items: Iterable[ItemRow], got: Iterable[Collection]) -> Iterable[ChangeFacts]:
    """Return what becomes what, of the kinds of data that some collections hold."""
    collections = list(got)
    for item in items:
        told = item.category and any(holds(each, (item.category,)) for each in collections)
        if item.proposal is Proposal.GRANT and told:
            yield ChangeFacts(label=item.label, old=item.old, new=item.new)


def _kept(items: Iterable[ItemRow], catalogue: Catalogue, key: str) -> Iterable[str]:
    """Return what a law keeps of what a recipient got."""
    for item in items:
        if item.proposal is Proposal.KEEP and item.source:
            collection = catalogue.collection(item.source, item.collection)
            if collection is not None and key in collection.recipients:
                yield item.label
