"""What the laws of a ticket demand of one letter: the union of their duties. Composes nothing."""

from collections.abc import Iterable, Iterator
from typing import Any

from dsr.domain.cited import Duty
from dsr.domain.law import Law
from dsr.domain.office import in_language
from dsr.domain.vocabulary import LetterName, Outcome
from dsr.letters.enclosed import OwedFacts, ToldFacts
from dsr.letters.facts import ItemFacts
from dsr.letters.needs import needs_of, read_needs
from dsr.rules import book, office
from dsr.store.tables.tickets import TicketRow

#: Letters that give less than was asked by what they are, whatever was decided on items.
GIVE_LESS = frozenset(
    {LetterName.REFUSAL, LetterName.NO_DATA, LetterName.LAPSE, LetterName.REFERRAL}
)


def demanded(
    ticket: TicketRow, name: LetterName, items: Iterable[ItemFacts], *, language: str
) -> dict[str, Any]:
    """Return what each law of a ticket makes mandatory in a letter, and what it wants said.

    A sentence stands once, whichever laws want it: equal codes are one duty. What is mandatory is
    kept for each law, so that what is lacking is told with its article.
    """
    less = name in GIVE_LESS or any(item.decision != "granted" for item in items)
    found = [
        (law, duty)
        for law in (book.law(*pinned) for pinned in ticket.laws.items())
        for duty in duties(law, ticket, name, less=less)
    ]
    told: dict[str, ToldFacts] = {}
    for _, duty in found:
        if duty.tell and duty.code not in told:
            told[duty.code] = ToldFacts(duty.code, in_language(duty.tell, language))
    owed = [OwedFacts(need, law.code, duty.citation) for law, duty in found for need in duty.needs]
    return {"owed": tuple(owed), "told": tuple(told.values())}


def needs_under(ticket: TicketRow, name: LetterName) -> dict[str, str]:
    """Return what the answer of a decided ticket cannot do without, everybody's and each law's.

    Returns:
        A fact, or alternatives joined by "|" -> where the duty stands.
    """
    instead = read_needs().letters[name].instead
    less = ticket.outcome is not Outcome.FULFILLED
    found = needs_of(name)
    for law in (book.law(*pinned) for pinned in ticket.laws.items()):
        for duty in duties(law, ticket, name, less=less):
            owed = (need for need in duty.needs if need not in instead)
            found |= dict.fromkeys(owed, f"{law.code}: {duty.citation}")
    return found


def besides(ticket: TicketRow, name: LetterName) -> list[str]:
    """Return what the laws ask of the office with an answer that no word of the letter does."""
    less = ticket.outcome is not Outcome.FULFILLED
    return [
        f"{law.code}: {in_language(duty.text, 'en')} ({duty.citation})"
        for law in (book.law(*pinned) for pinned in ticket.laws.items())
        for duty in duties(law, ticket, name, less=less)
        if not duty.needs and not duty.tell
    ]


def duties(law: Law, ticket: TicketRow, name: LetterName, *, less: bool) -> Iterator[Duty]:
    """Give the duties of a law that bind a letter of a ticket.

    Those of a refusal bind whatever gives less than was asked; where they name letters, those, and
    the letter that refuses in the place of one of them.
    """
    own = office.kind_rule(ticket.kind, ticket.scope).letter
    names = {name, own} if name in GIVE_LESS else {name}
    for duty in law.refusal_duties:
        if less and (not duty.letters or not names.isdisjoint(duty.letters)):
            yield duty
    for duty in law.letter_duties:
        if name in duty.letters or (less and not duty.letters):
            yield duty
