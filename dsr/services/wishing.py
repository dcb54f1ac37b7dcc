"""What the granted items of a ticket ask of the sources, and what an officer decides besides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dsr.domain.vocabulary import Proposal, RequesterRole
from dsr.errors import NotAllowedError, NotFoundError, nearest
from dsr.rules import office
from dsr.services.catalogue import Catalogue
from dsr.services.entrusted import reaches
from dsr.services.extents import Decided
from dsr.services.restricting import to_measure
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
    judged: Sequence[Decided] = (),
) -> Wish:
    """Return what the granted items ask of the sources.

    Args:
        ticket: The ticket.
        items: Its items.
        catalogue: The datamaps that it reaches.
        choice: What is decided besides.
        officer: Who plans it.
        judged: What the items decide on each collection; none where they name no place.
    """
    rule = office.kind_rule(ticket.kind, ticket.scope)
    granted = [row for row in items if row.proposal is Proposal.GRANT]
    places = frozenset((each.source, each.collection) for each in judged if each.given)
    erase = None
    if rule.erases:
        erase = Erase(
            collections=places,
            with_shared=_named(choice.shared, places, choice),
            with_others=_named(choice.others, places, choice),
            spared=frozenset(
                (each.source, each.collection, name)
                for each in judged
                if each.given
                for name in each.left_out
            ),
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
        further=to_measure(ticket, items),
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


def kept(judged: Sequence[Decided]) -> tuple[Remainder, ...]:
    """Return what items that are not granted leave, each with its ground and its end."""
    return tuple(_kept(row, each, name) for each in judged for name, row in _left(each))


def _left(each: Decided) -> list[tuple[str, ItemRow]]:
    """Return the fields that are left by a decision, or the whole for once."""
    if each.given or each.by is None:
        return list(each.left_out.items())
    return [("", each.by)]


def _kept(row: ItemRow, each: Decided, name: str) -> Remainder:
    until = row.until_on.isoformat() if row.until_on else row.until_when
    held = "under a legal hold" if row.held_at is not None else ""
    reason = " ".join(filter(None, [held, row.ground, row.citation]))
    return Remainder(
        each.source, each.collection, Left.KEPT, 0, reason, name, until=until, ground=row.ground
    )
