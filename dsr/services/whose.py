"""Whose data a request concerns: seen before any proof, without values and without counts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from dsr.domain.office import in_language
from dsr.domain.vocabulary import Action, SearchResult
from dsr.domain.workflow import STEPS
from dsr.errors import ConfigError, NotAllowedError
from dsr.rules import office
from dsr.services import proving
from dsr.services.catalogue import Catalogue, load
from dsr.services.desk import Desk
from dsr.services.entrusted import entrusted
from dsr.services.referring import refer_by
from dsr.services.searching import IDENTITIES
from dsr.services.steps import take, ticket_of
from dsr.store.tables.registers import ClientRow
from dsr.store.tables.tickets import TicketRow

if TYPE_CHECKING:
    from dsr.sources.results import CollectionResult


@dataclass(frozen=True, slots=True)
class WhoseView:
    """Who decides on one collection, and, where that is a client, whether the person is in it.

    Attributes:
        result: `found`, `none` or `failed`; of what the company decides on `not_asked`.
    """

    source: str
    collection: str
    role: str
    client: str | None
    result: str
    client_name: str | None


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose data it is, and what to type because of it."""

    rows: tuple[WhoseView, ...]
    advice: tuple[str, ...]


def whose(desk: Desk, number: int) -> Whose:
    """Look which clients' collections hold what is claimed to name the person.

    Only that is said: no value, no count, and nothing of what the company itself decides on, which
    is not searched before proof. What was looked at is written down.

    Raises:
        NotFoundError: There is no such ticket.
        NotAllowedError: It can no longer be referred, or it names nobody.
        ConfigError: No source is registered, or a datamap is wrong.
    """
    from dsr.sources.search import search

    with desk.read() as session:
        ticket = ticket_of(session, number)
        claimed = _claimed(session, ticket)
        catalogue = load(session)
    if not catalogue.datasets:
        raise ConfigError("no source is registered", hint="dsr source add DATAMAP --url KEY=FILE")
    theirs = entrusted(catalogue)
    found = search(theirs.datasets, theirs.urls, claimed).collections
    with desk.write() as step:
        ticket = ticket_of(step.session, number)
        _still_open(ticket)
        results = [[each.source, each.collection, each.result.value] for each in found]
        facts = {"whose": True, "by": sorted(claimed), "results": results}
        take(step, ticket, Action.NOTE, facts=facts)
        rows = _rows(step.session, catalogue, found)
        return Whose(rows, tuple(_advice(ticket, rows)))


def _claimed(session: Session, ticket: TicketRow) -> dict[str, tuple[str, ...]]:
    """Return what is claimed to name the person, by the datamap's words; proof is not needed."""
    _still_open(ticket)
    found: dict[str, tuple[str, ...]] = {}
    for row in proving.identifiers_of(session, ticket):
        name = IDENTITIES[row.type]
        found[name] = (*found.get(name, ()), row.value)
    if not found:
        raise NotAllowedError(
            "the ticket names nobody", hint=f"dsr set {ticket.number} --identifier TYPE=@file"
        )
    return found


def _still_open(ticket: TicketRow) -> None:
    """Refuse to look where the answer could change nothing any more."""
    if (ticket.status, Action.REFER) not in STEPS:
        raise NotAllowedError(
            f"ticket {ticket.number} is {ticket.status}: it can no longer be referred",
            hint=f"dsr show {ticket.number}",
        )


def _rows(
    session: Session, catalogue: Catalogue, found: "tuple[CollectionResult, ...]"
) -> tuple[WhoseView, ...]:
    """Return the clients' collections, those that hold the person first, and then our own."""
    results = {(each.source, each.collection): each.result.value for each in found}
    clients = session.exec(select(ClientRow).where(col(ClientRow.active)))
    names = {row.key: in_language(row.names, "en") for row in clients}
    rows = {
        WhoseView(
            dataset.fides_key,
            each.name,
            each.role,
            each.client or None,
            results.get((dataset.fides_key, each.name), SearchResult.NOT_ASKED.value),
            names.get(each.client),
        ): each
        for dataset in catalogue.datasets
        for each in dataset.collections
    }
    order = list(SearchResult)
    return tuple(
        sorted(
            rows,
            key=lambda row: (not rows[row].is_entrusted, order.index(SearchResult(row.result))),
        )
    )


def _advice(ticket: TicketRow, rows: tuple[WhoseView, ...]) -> list[str]:
    """Return what to type: refer what is a client's, and keep apart what is ours."""
    number = ticket.number
    if any(row.result == SearchResult.FAILED for row in rows):
        return [f"a source failed: mend it (dsr source check), then dsr find {number} --whose"]
    clients = dict.fromkeys(row.client for row in rows if row.result == SearchResult.FOUND)
    if not clients:
        return ["no client's data: the request is ours to answer"]
    by = refer_by(ticket).isoformat()
    parts = [
        f"where the rest is ours, by {by}: dsr refer {number} --to {client} --part"
        for client in clients
    ]
    if office.kind_rule(ticket.kind, ticket.scope).stops_marketing or len(clients) > 1:
        return parts  # what we send ourselves stops in any case: see `own_marketing` of the terms
    whole = f"where nothing else is asked, by {by}: dsr refer {number} --to {next(iter(clients))}"
    return [whole, *parts]
