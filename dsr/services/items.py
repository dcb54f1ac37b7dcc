"""What is decided on: items from the search, the changes asked for, or the request as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session, col, delete, select

from dsr.domain.office import Ground, Means, in_language
from dsr.domain.vocabulary import Kind, Proposal, SearchResult
from dsr.errors import NotFoundError, UsageError
from dsr.rules import office
from dsr.services import facts as ticket_facts
from dsr.services.catalogue import Catalogue, load
from dsr.services.desk import Step
from dsr.services.prefilling import check_grant, withheld
from dsr.services.repeats import check_repetition
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import SearchRow


@dataclass(frozen=True, slots=True)
class Less:
    """Items that are given less than was asked, and everything that is owed for it.

    Attributes:
        proposal: Refuse or keep.
        ground: The code; of what is kept, that of what a law keeps where empty.
        items: Numbers; empty means every item.
        reason: To the person; the ground's own paragraph where empty.
    """

    proposal: Proposal
    ground: str
    items: tuple[int, ...] = ()
    reason: str = ""
    internal_reason: str = ""
    citation: str = ""
    evidence: tuple[str, ...] = ()
    until_on: date | None = None
    until_when: str = ""
    alternative: str = ""


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
        grants: Numbers of items that are granted after all.
    """

    less: tuple[Less, ...] = ()
    grants: tuple[int, ...] = ()
    changes: tuple[Change, ...] = ()
    statements: dict[str, Any] = field(default_factory=dict)
    draft: bool = False


def prepare(step: Step, ticket: TicketRow, decision: Decision) -> None:
    """Write the items down: those of before, the search's, or the changes asked for."""
    rows = _items(step, ticket, decision)
    if decision.grants:
        for row in _chosen(rows, decision.grants):
            check_grant(step.session, ticket, row)
            _give_all(row)
    for less in decision.less:
        ground = _ground_of(less)
        if ground.means is Means.REPEATED:
            check_repetition(step.session, ticket, less.evidence)
        for row in _chosen(rows, less.items):
            _give_less(row, less, ground, ticket)
    _cite(rows, ticket)
    step.session.add_all(rows)
    if decision.statements:
        ticket.statements = {**(ticket.statements or {}), **decision.statements}
    step.session.add(ticket)
    step.session.flush()


def _ground_of(less: Less) -> Ground:
    if less.proposal is Proposal.KEEP and not less.ground:
        return office.ground_for(Means.KEPT_BY_LAW)
    return office.ground(less.ground)


def _items(step: Step, ticket: TicketRow, decision: Decision) -> list[ItemRow]:
    rows, changes = ticket_facts.items_of(step.session, ticket.number), decision.changes
    if any(less.proposal is Proposal.REFUSE and not less.items for less in decision.less):
        forget_items(step.session, ticket)  # the whole is refused: said once, not item by item
        return [_whole(ticket)]
    if ticket.kind is Kind.CORRECTION and _nothing_found(step.session, ticket):
        forget_items(step.session, ticket)
        return _items_found(step.session, ticket)
    if changes:
        forget_items(step.session, ticket)
        catalogue = load(step.session)
        return [
            _item(ticket, number, each.label, change=each, category=_category(each, catalogue))
            for number, each in enumerate(changes, start=1)
        ]
    if ticket.kind is Kind.CORRECTION and not rows:
        raise UsageError(
            "a correction says what becomes what",
            hint=f'dsr propose {ticket.number} --changes @file, with lines "field: old -> new"',
        )
    return _brought_up_to_date(step.session, ticket, rows)


def forget_items(session: Session, ticket: TicketRow) -> None:
    """Drop what was prepared: another right is asked for, or other values."""
    session.exec(delete(ItemRow).where(col(ItemRow.ticket) == ticket.number))
    session.flush()
    session.expire_all()


def _brought_up_to_date(session: Session, ticket: TicketRow, rows: list[ItemRow]) -> list[ItemRow]:
    """Return the items of before and those that a later search found; without either, the whole."""
    if ticket.kind is Kind.CORRECTION or not office.kind_rule(ticket.kind, ticket.scope).searches:
        return rows or [_whole(ticket)]
    found = _items_found(session, ticket)
    if not rows or (any(row.source for row in found) and not any(row.source for row in rows)):
        if rows:
            forget_items(session, ticket)
        return found or [_whole(ticket)]
    known = {(row.source, row.collection) for row in rows}
    new = [row for row in found if (row.source, row.collection) not in known and row.source]
    for number, row in enumerate(new, start=max(row.number for row in rows) + 1):
        row.number = number
    return [*rows, *new]


def _nothing_found(session: Session, ticket: TicketRow) -> bool:
    """Return whether a search was made and found nothing of ours."""
    searches = session.exec(select(SearchRow).where(col(SearchRow.ticket) == ticket.number)).all()
    return bool(searches) and not any(row.result is SearchResult.FOUND for row in searches)


def _whole(ticket: TicketRow) -> ItemRow:
    """Return the one item of a request that is not about data found in a source."""
    rule = office.kind_rule(ticket.kind, ticket.scope)
    return _item(ticket, 1, in_language(rule.name, ticket.language))


def _items_found(session: Session, ticket: TicketRow) -> list[ItemRow]:
    """Return an item for each collection in which the search found something."""
    query = (
        select(SearchRow)
        .where(col(SearchRow.ticket) == ticket.number)
        .order_by(col(SearchRow.source), col(SearchRow.collection))
    )
    searches = list(session.exec(query))
    found = [row for row in searches if row.result is SearchResult.FOUND]
    if searches and not found and office.kind_rule(ticket.kind, ticket.scope).searches:
        row = _whole(ticket)
        ground = office.ground_for(Means.NO_DATA)
        _give_less(row, Less(Proposal.REFUSE, ground.code), ground, ticket)
        return [row]
    catalogue = load(session) if found else None
    rows = []
    for number, search in enumerate(found, start=1):
        collection = catalogue and catalogue.collection(search.source, search.collection)
        label = collection.label.said(ticket.language) if collection else ""
        row = _item(ticket, number, label or f"{search.source}.{search.collection}")
        row.source, row.collection = search.source, search.collection
        row.category = next((c for c in search.categories if c.startswith("user")), "")
        if collection is not None:
            _prefill(row, collection, ticket)
        rows.append(row)
    return rows


def _prefill(row: ItemRow, collection: Any, ticket: TicketRow) -> None:
    """Propose what the datamap already says: a client decides, a law keeps it, or others hold it.

    What a law keeps is kept whoever asks: nobody's authority would let it be erased.
    """
    ground = withheld(collection, ticket)
    is_ours = ground is None or ground.means is Means.OF_ANOTHER
    erases = office.kind_rule(ticket.kind, ticket.scope).erases
    if is_ours and collection.kept_by_law and erases:
        ground = office.ground_for(Means.KEPT_BY_LAW)
        less = Less(
            Proposal.KEEP,
            ground.code,
            citation=collection.kept_by_law.citation.said(ticket.language),
            until_when=collection.kept_by_law.until.said(ticket.language),
        )
        _give_less(row, less, ground, ticket)
    elif ground is not None:
        _give_less(row, Less(Proposal.REFUSE, ground.code), ground, ticket)


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


def _item(
    ticket: TicketRow,
    number: int,
    label: str,
    *,
    change: Change | None = None,
    category: str = "",
) -> ItemRow:
    return ItemRow(
        ticket=ticket.number,
        number=number,
        label=label,
        category=category,
        proposal=Proposal.GRANT,
        evidence=[],
        old=change.old if change else "",
        new=change.new if change else "",
    )


def _chosen(rows: Sequence[ItemRow], numbers: tuple[int, ...]) -> list[ItemRow]:
    known = {row.number: row for row in rows}
    if unknown := [number for number in numbers if number not in known]:
        raise NotFoundError(f"there is no item {unknown[0]}", hint=f"items 1 to {len(rows)}")
    return [known[number] for number in numbers] or list(rows)


def _give_all(row: ItemRow) -> None:
    row.proposal = Proposal.GRANT
    row.ground = row.reason = row.internal_reason = row.citation = row.alternative = ""
    row.evidence, row.until_on, row.until_when = [], None, ""


def _give_less(row: ItemRow, less: Less, ground: Ground, ticket: TicketRow) -> None:
    row.proposal = less.proposal
    row.ground = ground.code
    row.reason = less.reason or in_language(ground.tell, ticket.language)
    row.internal_reason = less.internal_reason or less.reason or "as the search and datamap say"
    row.citation = less.citation
    row.evidence = list(less.evidence)
    row.until_on, row.until_when = less.until_on, less.until_when
    row.alternative = less.alternative


def cited_for(ground: Ground, ticket: TicketRow) -> str:
    """Return what a letter of a ticket cites for a ground, under each of its laws."""
    from dsr.rules import citations

    texts = citations.grounds(ground, ticket.laws, office.company().law)
    return citations.one_text(texts, ticket.language)


def _cite(rows: Sequence[ItemRow], ticket: TicketRow) -> None:
    """Cite a ground's own article, but where legal answers for one: that one is typed."""
    whole = all(row.proposal is not Proposal.GRANT for row in rows)
    for row in rows:
        if row.proposal is Proposal.GRANT:
            continue
        ground = office.ground(row.ground)
        cited = cited_for(ground, ticket)
        answered_for = whole and any(
            ticket.kind in ground.legal_citation_for.get(law, ()) for law in ticket.laws
        )
        if ground.needs_citation or answered_for:
            row.citation = "" if row.citation == cited else row.citation
        else:
            row.citation = row.citation or cited
