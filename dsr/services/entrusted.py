"""Data that clients entrusted to the company: which collections of a datamap a ticket reaches."""

from collections.abc import Callable
from dataclasses import replace

from dsr.errors import NotAllowedError
from dsr.services.catalogue import Catalogue
from dsr.sources.datamap import Collection
from dsr.store.tables.tickets import TicketRow


def reaches(ticket: TicketRow, collection: Collection) -> bool:
    """Return whether a ticket decides on a collection.

    An instruction of a client reaches what that client entrusted, and nothing else; any other
    request reaches what the company itself decides on.
    """
    if ticket.instructed_by is None:
        return not collection.is_entrusted
    return collection.is_entrusted and collection.client == ticket.instructed_by


def in_scope(catalogue: Catalogue, ticket: TicketRow) -> Catalogue:
    """Return what is searched for a ticket: all, or what the client that instructs entrusted."""
    if ticket.instructed_by is None:
        return catalogue
    return narrowed(catalogue, lambda collection: reaches(ticket, collection))


def entrusted(catalogue: Catalogue) -> Catalogue:
    """Return only the collections that clients decide on."""
    return narrowed(catalogue, lambda collection: collection.is_entrusted)


def narrowed(catalogue: Catalogue, wanted: Callable[[Collection], bool]) -> Catalogue:
    """Return a catalogue without the collections that are not wanted; no way leads out of it."""
    datasets = (
        replace(dataset, collections=tuple(filter(wanted, dataset.collections)))
        for dataset in catalogue.datasets
    )
    kept = tuple(dataset for dataset in datasets if dataset.collections)
    keys = {dataset.fides_key for dataset in kept}
    places = {key: url for key, url in catalogue.places.items() if key in keys}
    return Catalogue(kept, places, catalogue.read_only & keys)


def heed_instruction(ticket: TicketRow, *changed: object) -> None:
    """Refuse to make another right of what a client instructed.

    Raises:
        NotAllowedError: Something of it would be changed.
    """
    if ticket.instructed_by is not None and any(changed):
        raise NotAllowedError(
            f"ticket {ticket.number} is worked by the instruction of {ticket.instructed_by}",
            hint=f"dsr refer {ticket.number} --to {ticket.instructed_by}, then dsr task instruct",
        )
