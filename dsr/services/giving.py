"""Gives items what is decided on them: all that was asked, or less, with what is owed for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dsr.domain import decisions
from dsr.domain.office import Ground, Means, in_language
from dsr.domain.vocabulary import Proposal
from dsr.rules import office
from dsr.rules.terms import terms
from dsr.services import facts as ticket_facts
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.tickets import TicketRow

#: The internal reason of what a legal hold keeps by itself; lifting the hold gives it back.
HELD = "under a legal hold"
#: What stands between citations, in whichever language.
_BETWEEN = "；; "


@dataclass(frozen=True, slots=True)
class Less:
    """Items that are given less than was asked, and everything that is owed for it.

    Attributes:
        proposal: Refuse or keep.
        ground: The code; of what is kept, that of what a law keeps where empty.
        items: Numbers, or parts by their path (`2.salary`), which become items of their own; empty
            means every item.
        reason: To the person; the ground's own paragraph where empty.
    """

    proposal: Proposal
    ground: str
    items: tuple[int | str, ...] = ()
    reason: str = ""
    internal_reason: str = ""
    citation: str = ""
    evidence: tuple[str, ...] = ()
    until_on: date | None = None
    until_when: str = ""
    alternative: str = ""


def give_all(row: ItemRow) -> None:
    """Grant an item; what was said against it is dropped."""
    row.proposal = Proposal.GRANT
    row.ground = row.reason = row.internal_reason = row.citation = row.alternative = ""
    row.evidence, row.until_on, row.until_when = [], None, ""


def give_less(row: ItemRow, less: Less, ground: Ground, ticket: TicketRow) -> None:
    """Give an item less than was asked; what nobody said is said by the ground itself."""
    row.proposal = less.proposal
    row.ground = ground.code
    row.reason = less.reason or in_language(ground.tell, ticket.language)
    row.internal_reason = less.internal_reason or less.reason or "as the search and datamap say"
    row.citation = less.citation
    row.evidence = list(less.evidence)
    row.until_on, row.until_when = less.until_on, less.until_when
    row.alternative = less.alternative


def ground_of(less: Less) -> Ground:
    """Return the ground of items given less; of what is kept, a law where none is said.

    Raises:
        NotFoundError: There is no such ground.
    """
    if less.proposal is Proposal.KEEP and not less.ground:
        return office.ground_for(Means.KEPT_BY_LAW)
    return office.ground(less.ground)


def keep_held(rows: Sequence[ItemRow], ticket: TicketRow) -> None:
    """Keep what is under a legal hold and would be erased: the person is told so, and why."""
    if not office.kind_rule(ticket.kind, ticket.scope).erases:
        return
    ground = office.ground_for(Means.HELD)
    for row in rows:
        if row.held_at is not None and row.proposal is Proposal.GRANT:
            until = in_language(terms().wording.while_held, ticket.language)
            give_less(row, Less(Proposal.KEEP, ground.code, until_when=until), ground, ticket)
            row.internal_reason = HELD


def cite(rows: Sequence[ItemRow], ticket: TicketRow) -> None:
    """Cite a ground's own article, but where legal answers for one: that one is typed.

    What is typed stands for the company's own law; what the other laws cite stands beside it.
    """
    whole = ticket_facts.is_whole(ticket_facts.as_items(rows))
    for row in rows:
        if row.proposal is not Proposal.GRANT:
            _cite(row, ticket, whole=whole)


def _cite(row: ItemRow, ticket: TicketRow, *, whole: bool) -> None:
    ground = office.ground(row.ground)
    typed = typed_of(row.citation, ground, ticket)
    answered_for = whole and decisions.legal_cites(
        ground, office.kind_rule(ticket.kind, ticket.scope), ticket.laws
    )
    owed = (ground.needs_citation or answered_for) and row.internal_reason != HELD
    if typed:
        row.citation = beside(typed, ground, ticket, ticket.language)
    else:
        row.citation = "" if owed else cited_for(ground, ticket)


def typed_of(citation: str, ground: Ground, ticket: TicketRow) -> str:
    """Return what of a citation is an officer's: without what the rules name, under any law."""
    from dsr.rules import citations

    known = citations.known(ground, ticket.laws)
    texts = {text for each in known for text in each.values() if text}
    left = citation.strip(_BETWEEN)
    while ending := next((text for text in texts if _ends_with(left, text)), None):
        left = left.removesuffix(ending).rstrip(_BETWEEN)
    return left


def _ends_with(citation: str, text: str) -> bool:
    head = citation.removesuffix(text)
    return head != citation and (not head or head.rstrip()[-1:] in _BETWEEN)


def beside(typed: str, ground: Ground, ticket: TicketRow, language: str) -> str:
    """Return a typed citation with what the ticket's other laws cite for the ground."""
    from dsr.rules import citations

    others = citations.equivalents(ground, ticket.laws, office.company().law)
    return citations.one_text([{"en": typed, language: typed}, *others], language)


def cited_for(ground: Ground, ticket: TicketRow) -> str:
    """Return what a letter of a ticket cites for a ground, under each of its laws."""
    from dsr.rules import citations

    texts = citations.grounds(ground, ticket.laws, office.company().law)
    return citations.one_text(texts, ticket.language)
