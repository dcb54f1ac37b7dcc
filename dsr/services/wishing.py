"""What the granted items of a ticket ask of the sources, and what an officer decides besides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dsr.domain.vocabulary import Proposal, RequesterRole
from dsr.errors import NotAllowedError, NotFoundError, nearest
from dsr.rules import office
from dsr.services.catalogue import Catalogue
from dsr.services.entrusted import reaches
from dsr.sources.plan import Correct, Erase, Left, Remainder, Wish
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.tickets import TicketRow


@dataclass(frozen=True, slots=True)
class Choice:
    """What an officer decides on rows that are not the person's alone.

    Attributes:
        shared: Collections, as source.collection, or single rows, as source.collection:key, that go
            though rows of others point there.
        others: The same, that go though they tell of somebody else too.
        why: The reason; owed where either is named.
    """

    shared: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    why: str = ""


def wish_of(
    ticket: TicketRow,
    items: Sequence[ItemRow],
    catalogue: Catalogue,
    choice: Choice,
    *,
    officer: str,
) -> Wish:
    """Return what the granted items ask of the sources."""
    rule = office.kind_rule(ticket.kind, ticket.scope)
    granted = [row for row in items if row.proposal is Proposal.GRANT]
    places = frozenset((row.source, row.collection) for row in granted if row.source)
    erase = None
    if rule.erases:
        erase = Erase(
            collections=places,
            with_shared=_named(choice.shared, places, choice),
            with_others=_named(choice.others, places, choice),
        )
    elif choice.shared or choice.others:
        raise NotAllowedError(f"a {ticket.kind} erases nothing", hint=f"dsr plan {ticket.number}")
    corrections = tuple(
        Correct(row.number, row.label, row.category, row.old, row.new)
        for row in granted
        if row.new or row.old
    )
    ours = frozenset(
        (dataset.fides_key, each.name)
        for dataset in catalogue.datasets
        for each in dataset.collections
        if reaches(ticket, each)
    )
    return Wish(
        erase=erase,
        correct=corrections,
        measures=rule.measures if granted else (),
        of_company=ticket.requester_role is RequesterRole.CLIENT,
        collections=places if rule.searches and not corrections else ours,
        officer=officer,
    )


def _named(
    words: Collection[str], places: frozenset[tuple[str, str]], choice: Choice
) -> frozenset[tuple[str, ...]]:
    """Return the collections, or single rows, that were named; such a decision owes a reason."""
    known = {".".join(place): place for place in places}
    named = set()
    for each in words:
        place, _, key = each.partition(":")
        if place not in known:
            hint = nearest(place, list(known))
            raise NotFoundError(f"nothing of the person is erased in {place!r}", hint=hint)
        named.add((*known[place], key) if key else known[place])
    if words and not choice.why.strip():
        raise NotAllowedError("rows of others are not erased without a reason", hint="--why TEXT")
    return frozenset(named)


def kept(row: ItemRow) -> Remainder:
    """Return what an item that is not granted leaves, with its ground and its end."""
    until = row.until_on.isoformat() if row.until_on else row.until_when
    reason = " ".join(filter(None, [row.ground, row.citation]))
    return Remainder(
        row.source, row.collection, Left.KEPT, 0, reason, until=until, ground=row.ground
    )
