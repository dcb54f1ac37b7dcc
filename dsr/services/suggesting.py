"""Laws that a request shows and that its ticket is not worked by: told, never switched on."""

from collections.abc import Iterator
from functools import lru_cache

from sqlmodel import Session, select

from dsr.errors import DsrError
from dsr.intake.named_laws import pack_of
from dsr.rules import book, packs
from dsr.rules.reading import read_toml
from dsr.services.views import MissingView
from dsr.store.tables.messages import MessageRow
from dsr.store.tables.tickets import TicketRow


def suggestions(session: Session, ticket: TicketRow) -> tuple[MissingView, ...]:
    """Return the laws that the text or the place of a ticket shows, each with the command."""
    found: dict[str, str] = {}
    for code, cited in _cited(session, ticket):
        found.setdefault(code, f"the text cites {cited}")
    for code in _of_place(ticket):
        found.setdefault(code, f"{code} is the law of the place {ticket.place}")
    laws = ",".join(ticket.laws)
    return tuple(
        MissingView(why, f"dsr set {ticket.number} --law {laws},{code}")
        for code, why in found.items()
        if code not in ticket.laws and _is_in_force(code, ticket)
    )


def _cited(session: Session, ticket: TicketRow) -> Iterator[tuple[str, str]]:
    """Give the packs of the laws that the case's letters name, each with what they cite."""
    query = select(MessageRow.reasons).where(MessageRow.case_number == ticket.case_number)
    for reasons in session.exec(query):
        yield from filter(None, map(pack_of, reasons))


def _of_place(ticket: TicketRow) -> Iterator[str]:
    """Give the laws of a ticket's place."""
    if ticket.place is None:
        return
    place = ticket.place.upper()
    names = {place, place.partition("-")[0]}
    yield from (code for code, places in _places(book.edition()) if names.intersection(places))


@lru_cache(maxsize=1)
def _places(_edition: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return where each pack applies: of the files alone, to be quick; wrong ones are left out."""
    found = []
    for code in book.law_codes():
        try:
            place = packs.find(code, book.own("laws"))
            values = packs.whole(place, read_toml(place)) if place is not None else {}
        except DsrError:
            continue
        places = values.get("places")
        if isinstance(places, list):
            found.append((code, tuple(each.upper() for each in places if isinstance(each, str))))
    return tuple(found)


def _is_in_force(code: str, ticket: TicketRow) -> bool:
    """Say whether a law has a pack that gives rights on the day of receipt."""
    try:
        law = book.law(code)
    except DsrError:
        return False
    return law.in_force is None or law.in_force.on <= ticket.received_on
