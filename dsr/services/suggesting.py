"""Laws that a request shows and that its ticket is not worked by: told, never switched on."""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from sqlmodel import Session, select

from dsr.errors import DsrError
from dsr.intake.named_laws import pack_of
from dsr.rules import book, packs
from dsr.services.views import MissingView
from dsr.store.tables.messages import MessageRow
from dsr.store.tables.tickets import TicketRow


def suggestions(session: Session, ticket: TicketRow) -> tuple[MissingView, ...]:
    """Return the laws that the text or the place of a ticket shows, each with the command.

    An organisation's own pack that is wrong is told too: it may be the one.
    """
    found: dict[str, str] = {}
    for code, cited in _cited(session, ticket):
        found.setdefault(code, f"the text cites {cited}")
    for code in _of_place(ticket):
        found.setdefault(code, f"{code} is the law of the place {ticket.place}")
    laws = ",".join(ticket.laws)
    _, wrong = _own_places(book.edition())
    return (
        *(
            MissingView(why, f"dsr set {ticket.number} --law {laws},{code}")
            for code, why in found.items()
            if code not in ticket.laws and _is_in_force(code, ticket)
        ),
        *(MissingView(f"{name} is wrong", "dsr law lint") for name in wrong),
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
    applies = {**_shipped_places(), **_own_places(book.edition())[0]}
    yield from (code for code in sorted(applies) if names.intersection(applies[code]))


@cache
def _shipped_places() -> Mapping[str, tuple[str, ...]]:
    """Return where each shipped pack applies."""
    return {
        packs.code_of(place): packs.places_of(place)
        for place in packs.pack_files(packs.LAWS)
        if packs.version_of(place) is None
    }


@lru_cache(maxsize=1)
def _own_places(_edition: int) -> tuple[Mapping[str, tuple[str, ...]], tuple[str, ...]]:
    """Return where each of the organisation's own packs applies, and the files that are wrong."""
    found: dict[str, tuple[str, ...]] = {}
    wrong = []
    for place in packs.pack_files(book.own("laws")):
        try:
            law = packs.read_law(place)
        except DsrError:
            wrong.append(place.name)
        else:
            if packs.version_of(place) is None:
                found[law.code] = tuple(each.upper() for each in law.places)
    return found, tuple(wrong)


def _is_in_force(code: str, ticket: TicketRow) -> bool:
    """Say whether a law has a pack that gives rights on the day of receipt."""
    try:
        law = book.law(code)
    except DsrError:
        return False
    return law.in_force is None or law.in_force.on <= ticket.received_on
