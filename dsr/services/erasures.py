"""What stays known of work in a source: the ledger of erased rows, corrected contact points."""

from collections.abc import Sequence

from dsr.domain.vocabulary import IdentifierType
from dsr.rules import office
from dsr.services import facts as ticket_facts
from dsr.services.corrected import type_of
from dsr.services.desk import Desk, Step, keyed
from dsr.services.keys import read_key
from dsr.services.restricting import stopping_measures
from dsr.sources.plan import CORRECT, Change, Work
from dsr.sources.results import plain
from dsr.store.log import canonical
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import ErasureRow


def write_ledger(step: Step, desk: Desk, ticket: TicketRow, changes: Sequence[Change]) -> int:
    """Remember by keyed hashes which rows were erased: a restored backup brings them back.

    Returns how many rows there are; none where the request erases nothing.
    """
    if not office.kind_rule(ticket.kind, ticket.scope).erases:
        return 0
    key = read_key(desk.office.key_file, may_make=False)
    fields: dict[tuple[str, str, str], list[str]] = {}
    for change in changes:
        if change.how in stopping_measures():  # what is kept is not erased
            continue
        place = change.source, change.collection, canonical({"key": plain(change.key)})
        cells = fields.setdefault(place, [])
        if change.work is Work.SET:
            cells.append(change.field)
    for (source, collection, row), cells in fields.items():
        step.session.add(
            ErasureRow(
                ticket=ticket.number,
                source=source,
                collection=collection,
                lookup=keyed(key, "erasure", source, collection, row),
                fields=sorted(cells),
                at=step.now,
            )
        )
    return len(fields)


def corrected_contacts(
    step: Step, ticket: TicketRow, changes: Sequence[Change]
) -> list[tuple[IdentifierType, str, str]]:
    """Return the contact points that a correction changed: type, old, new."""
    if not any(change.how == CORRECT for change in changes):
        return []
    items = ticket_facts.items_of(step.session, ticket.number)
    return [
        (kind, row.old, row.new)
        for row in items
        if row.old and row.new and (kind := type_of(row.category)) is not None
    ]
