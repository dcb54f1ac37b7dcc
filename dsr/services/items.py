"""What is decided on: items from the search, the changes asked for, or the request as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, delete

from dsr.domain.decisions import Grain
from dsr.domain.office import Means
from dsr.domain.vocabulary import Kind, Proposal, Status
from dsr.errors import NotAllowedError, UsageError
from dsr.rules import office
from dsr.services import facts as ticket_facts
from dsr.services.catalogue import Catalogue, load
from dsr.services.desk import Step
from dsr.services.extents import is_plain, refused_whole
from dsr.services.found_items import item, items_found, nothing_found, whole
from dsr.services.giving import Less, cite, give_all, give_less, ground_of, keep_held
from dsr.services.keeping import check_erasable, keep_from_erasure
from dsr.services.listing import Listing, number_of, place_of
from dsr.services.prefilling import check_grant
from dsr.services.repeats import shown_by
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.tickets import TicketRow

#: Where nothing has been proposed yet.
UNDECIDED = frozenset({Status.RECEIVED, Status.VERIFYING, Status.WORKING, Status.WAITING})
#: Grants everything that nobody else decides on and no law keeps.
ALL = "all"


@dataclass(frozen=True, slots=True)
class Change:
    """One correction: a field, its value now (empty where something is added), and the new one."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What an officer proposes.

    Attributes:
        less: Items not granted; the others are.
        changes: For a correction, what becomes what.
        statements: Words that the answer owes, by the letter's own names (`answer`, `finding`,
            `decision_logic`, `data_used`, `review_result`, `reason`).
        draft: Only prepare the items; propose nothing yet.
        grants: Items that are granted after all, as in `Less`; `ALL` stands for everything that
            nobody else decides on and no law keeps, and takes back what refused the whole.
        by: How fine the items are listed from now on; None leaves them as they are.
    """

    less: tuple[Less, ...] = ()
    grants: tuple[int | str, ...] = ()
    changes: tuple[Change, ...] = ()
    statements: dict[str, Any] = field(default_factory=dict)
    draft: bool = False
    by: Grain | None = None


def prepare(step: Step, ticket: TicketRow, decision: Decision) -> frozenset[int]:
    """Write the items down: those of before, the search's, or the changes asked for.

    Returns:
        The numbers of the items that are given less by this decision.

    Raises:
        NotFoundError: There is no such item, ground or field.
        NotAllowedError: Who asks has no say over an item, or nothing shows a repetition.
    """
    whole_again = _is_given_back(ticket_facts.items_of(step.session, ticket.number), decision)
    listing = _listed(step, ticket, decision)
    if not whole_again:
        _grant(step, listing, decision.grants)
    given_less = set()
    for less in decision.less:
        ground = ground_of(less)
        said = shown_by(step.session, ticket, less) if ground.means is Means.REPEATED else less
        for row in listing.chosen(less.items):
            give_less(row, said, ground, ticket)
            given_less.add(row.number)
    keep_held(listing.rows, ticket)
    cite(listing.rows, ticket)
    keep_items(step.session, ticket, listing.rows)
    if decision.statements:
        ticket.statements = {**(ticket.statements or {}), **decision.statements}
    step.session.add(ticket)
    step.session.flush()
    return frozenset(given_less)


def _grant(step: Step, listing: Listing, names: Sequence[int | str]) -> None:
    if ALL in names:
        for row in listing.rows:
            table = listing.catalogue.collection(row.source, row.collection)
            if table is None or is_plain(table, listing.ticket):
                give_all(row)
        keep_from_erasure(step.session, listing.ticket, listing.rows)
        return
    for row in listing.chosen(names) if names else ():
        check_grant(step.session, listing.ticket, row)
        check_erasable(step.session, listing.ticket, [(row.source, row.collection)])
        give_all(row)


def _listed(step: Step, ticket: TicketRow, decision: Decision) -> Listing:
    rows = _items(step, ticket, decision)
    # Without a source, as for most of what is stopped, no datamap is read.
    catalogue = load(step.session) if any(row.source for row in rows) else Catalogue((), {})
    listing = Listing(step.session, ticket, catalogue, rows)
    if decision.by is not None:
        listing.by(decision.by)
    return listing


def keep_items(session: Session, ticket: TicketRow, rows: Sequence[ItemRow]) -> None:
    """Keep these items and no others."""
    numbers = {row.number for row in rows}
    for old in ticket_facts.items_of(session, ticket.number):
        if old.number not in numbers:
            session.delete(old)
    session.add_all(rows)


def _items(step: Step, ticket: TicketRow, decision: Decision) -> list[ItemRow]:
    rows, changes = ticket_facts.items_of(step.session, ticket.number), decision.changes
    for row in rows if ticket.kind is not Kind.CORRECTION else ():
        number_of(ticket, rows, place_of(row))
    refuses = any(less.proposal is Proposal.REFUSE and not less.items for less in decision.less)
    if refuses and not any(row.held_at for row in rows):  # a legal hold stays with its item
        forget_items(step.session, ticket)  # the whole is refused: said once, not item by item
        return [whole(ticket)]
    if _is_given_back(rows, decision):
        _check_not_held(ticket, rows)
        forget_items(step.session, ticket)
        rows = []
    if ticket.kind is Kind.CORRECTION and nothing_found(step.session, ticket):
        forget_items(step.session, ticket)
        return items_found(step.session, ticket)
    if changes:
        forget_items(step.session, ticket)
        catalogue = load(step.session)
        return [
            _changed(ticket, number, each, catalogue)
            for number, each in enumerate(changes, start=1)
        ]
    if ticket.kind is Kind.CORRECTION and not rows:
        raise UsageError(
            "a correction says what becomes what",
            hint=f'dsr propose {ticket.number} --changes @file, with lines "field: old -> new"',
        )
    return _brought_up_to_date(step.session, ticket, rows)


def _check_not_held(ticket: TicketRow, rows: Sequence[ItemRow]) -> None:
    held = next((row.number for row in rows if row.held_at is not None), None)
    if held is not None:
        raise NotAllowedError(
            f"item {held} is under a legal hold, which would be lost",
            hint=f"dsr hold {ticket.number} --item {held} --lift --why TEXT",
        )


def _is_given_back(rows: Sequence[ItemRow], decision: Decision) -> bool:
    """Tell whether what was refused as a whole is listed again: it is granted, or made finer."""
    stands = refused_whole(rows)
    if stands is None:
        return False
    granted = {str(name) for name in decision.grants}
    return decision.by is not None or ALL in granted or str(stands.number) in granted


def forget_items(session: Session, ticket: TicketRow) -> None:
    """Drop what was prepared: another right is asked for, or other values."""
    session.exec(delete(ItemRow).where(col(ItemRow.ticket) == ticket.number))
    session.flush()
    session.expire_all()


def _brought_up_to_date(session: Session, ticket: TicketRow, rows: list[ItemRow]) -> list[ItemRow]:
    """Return the items of before and those that a later search found; without either, the whole.

    What refuses the whole stays so alone, until it is taken back.
    """
    if ticket.kind is Kind.CORRECTION or not office.kind_rule(ticket.kind, ticket.scope).searches:
        return rows or [whole(ticket)]
    found = items_found(session, ticket)
    nothing = office.ground_for(Means.NO_DATA).code
    stands = refused_whole(rows)
    if stands is not None and (stands.ground != nothing or not any(row.source for row in found)):
        return rows
    rows = [row for row in rows if row.source]
    if not rows:
        forget_items(session, ticket)
        return found or [whole(ticket)]
    known = {(row.source, row.collection) for row in rows}
    coarse = {row.source for row in rows if not row.collection}
    new = [
        row
        for row in found
        if (row.source, row.collection) not in known
        and row.source
        and (row.source not in coarse or row.proposal is not Proposal.GRANT)
    ]
    return [*rows, *new]


def _category(change: Change, catalogue: Catalogue) -> str:
    """Return the data category of the field that a correction names, by its name or its label."""
    wanted = change.label.casefold()
    for dataset in catalogue.datasets:
        for collection in dataset.collections:
            for each in collection.fields:
                names = {each.name.casefold(), each.label.en.casefold(), each.label.zh.casefold()}
                if wanted in names and each.categories:
                    return each.categories[0]
    return ""


def _changed(ticket: TicketRow, number: int, change: Change, catalogue: Catalogue) -> ItemRow:
    row = item(ticket, number, change.label)
    row.category, row.old, row.new = _category(change, catalogue), change.old, change.new
    return row
