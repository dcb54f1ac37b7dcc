"""What an item cannot be granted for whoever asks: others decide on it, or hold it."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from dsr.domain.office import Ground, Means
from dsr.domain.vocabulary import RequesterRole, TaskKind
from dsr.errors import NotAllowedError
from dsr.rules import office
from dsr.services.catalogue import load
from dsr.services.entrusted import reaches
from dsr.sources.datamap import Collection
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import TaskRow
from dsr.store.tickets import of_case


def withheld(collection: Collection, ticket: TicketRow) -> Ground | None:
    """Return the ground under which an item is withheld whatever is asked, or None.

    A company's account is cancelled on that company's authority and nobody's else, and no person's
    deletion reaches its record, which names others; and the company's authority cancels nothing
    that is a person's own.
    """
    if not reaches(ticket, collection):
        return office.ground_for(Means.ENTRUSTED)
    asks = "company" if ticket.requester_role is RequesterRole.CLIENT else "person"
    ground = office.ground_for(Means.OF_ANOTHER)
    if ticket.instructed_by is None and ticket.kind in ground.kinds and collection.holder != asks:
        return ground
    return None


def check_grant(session: Session, ticket: TicketRow, row: ItemRow) -> None:
    """Refuse to grant an item over which whoever asks has no say.

    Raises:
        NotAllowedError: A client decides on it, or somebody else holds the account.
    """
    collection = load(session).collection(row.source, row.collection) if row.source else None
    ground = withheld(collection, ticket) if collection is not None else None
    if collection is None or ground is None:
        return
    if ground.means is Means.ENTRUSTED:
        client = collection.client or "CLIENT"
        raise NotAllowedError(
            f"item {row.number} is not ours to grant: a client decides on it",
            hint=f"dsr refer {ticket.number} --to {client} --part",
        )
    role = RequesterRole.CLIENT if collection.holder == "company" else RequesterRole.SUBJECT
    raise NotAllowedError(
        f"item {row.number} is held by a {collection.holder}: who asks has no authority over it",
        hint=f"dsr open cancellation --role {role}",
    )


def check_referred(session: Session, ticket: TicketRow, items: Sequence[ItemRow]) -> None:
    """Refuse an answer that says what a client decides on was passed on, while it was not.

    Raises:
        NotAllowedError: Part of what was found, or all of it, is still to be referred.
    """
    entrusted = office.ground_for(Means.ENTRUSTED).code
    theirs = [row for row in items if row.ground == entrusted]
    if not theirs:
        return
    whole = len(theirs) == len(items)
    catalogue = load(session)
    found = (catalogue.collection(row.source, row.collection) for row in theirs)
    clients = {each.client: None for each in found if each is not None}
    missing = next((key for key in clients if whole or not _knows(session, ticket, key)), None)
    if missing is None:
        return
    if whole:
        raise NotAllowedError(
            "a client decides on everything that was found: the request is referred, not answered",
            hint=f"dsr refer {ticket.number} --to {missing or 'CLIENT'}",
        )
    raise NotAllowedError(
        "a client decides on part of what was found: that part is referred first",
        hint=f"dsr refer {ticket.number} --to {missing or 'CLIENT'} --part",
    )


def _knows(session: Session, ticket: TicketRow, client: str) -> bool:
    """Tell whether the client was given the matter: a task to assist it is or was there."""
    numbers = [each.number for each in of_case(session, ticket.case_number)]
    query = select(TaskRow.number).where(
        col(TaskRow.ticket).in_(numbers),
        TaskRow.kind == TaskKind.ASSISTANCE,
        TaskRow.target == client,
    )
    return session.exec(query).first() is not None
