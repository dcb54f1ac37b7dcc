"""What is not erased is used for nothing else: where that has to be stopped. Stops nothing itself.

PIPL Art. 47(2): what cannot be erased yet is only stored and protected.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dsr.domain.vocabulary import Kind, Proposal
from dsr.rules import office
from dsr.rules.terms import terms
from dsr.sources.plan import Plan
from dsr.store.tables.tickets import TicketRow

#: Where no datamap tells in which system something is: the office itself sees to it.
OFFICE = "office"


def is_stopped(ticket: TicketRow, row: Any) -> bool:
    """Tell whether an item leaves something that is to be used for nothing else from now on.

    That is what a request to erase leaves: what is kept, and what is refused on a ground that says
    so. Of a ground that must not be told nothing follows that could be seen.
    """
    rule = office.kind_rule(ticket.kind, ticket.scope)
    if not rule.erases or row.proposal is Proposal.GRANT or not row.ground:
        return False
    if office.ground(row.ground).quiet:
        return False
    return row.proposal is Proposal.KEEP or row.ground in terms().stop_use.grounds


def goes_on(row: Any) -> bool:
    """Tell whether one use of an item goes on: the one that its ground keeps it for."""
    return row.ground in terms().stop_use.in_use


def stopped_places(ticket: TicketRow, rows: Iterable[Any]) -> list[str]:
    """Return the sources in which other use is to stop, each once, in order."""
    return sorted({row.source or OFFICE for row in rows if is_stopped(ticket, row)})


def stopping_measures() -> tuple[str, ...]:
    """Return the names of the measures by which a datamap says how processing is restricted."""
    return office.kind_rule(Kind.RESTRICTION).measures


def erased_places(made: Plan) -> list[tuple[str, str]]:
    """Return the collections in which a plan does more than to stop other use of what is kept."""
    names = stopping_measures()
    return [(each.source, each.collection) for each in made.changes if each.how not in names]


def is_measured(ticket: TicketRow, rows: Sequence[Any], made: Plan, source: str) -> bool:
    """Tell whether a plan by itself stops other use of all that is left in a source.

    Where one collection has no such measure, or one of its rows is left, people look.
    """
    names = stopping_measures()
    left = {(row.source, row.collection) for row in rows if is_stopped(ticket, row)}
    wanted = {place for place in left if place[0] == source}
    measured = to_measure(ticket, rows).keys()
    done = {(each.source, each.collection) for each in made.changes if each.how in names}
    undone = {
        (each.source, each.collection)
        for each in made.left
        if each.reason.partition(":")[0] in names
    }
    return bool(wanted) and wanted <= done & measured - undone


def to_measure(ticket: TicketRow, rows: Sequence[Any]) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return the measures that stop other use, by the source and collection that they are set in.

    Not where one use goes on: what a datamap's restriction sets would end that too. Nor where a
    legal hold forbids to change anything.
    """
    return {
        (row.source, row.collection): stopping_measures()
        for row in rows
        if row.collection and row.held_at is None and is_stopped(ticket, row) and not goes_on(row)
    }
