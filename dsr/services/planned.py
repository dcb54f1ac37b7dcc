"""What is known of a ticket's plan: whether it fits, how far it is carried out. Makes none."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, select

from dsr.domain.office import KindRule
from dsr.domain.vocabulary import PartState
from dsr.services.related import of_the_person
from dsr.store.log import canonical
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PlanPartRow, PlanRow


def plan_facts(
    session: Session, ticket: TicketRow, rule: KindRule, items: Sequence[ItemRow]
) -> dict[str, Any]:
    """Return those facts of a ticket that concern its plan, as guards look at them."""
    plan = session.get(PlanRow, ticket.number)
    parts = parts_of(session, ticket.number)
    return {
        "changes_systems": rule.changes_systems,
        "planned": plan is not None,
        "plan_objection": _objection(plan, items),
        "applied": plan is not None and all(part.state is PartState.DONE for part in parts),
        "hold_objection": hold_objection(session, ticket),
    }


def parts_of(session: Session, number: int) -> list[PlanPartRow]:
    """Return the parts of a ticket's plan, one a source, in the order in which they are done."""
    query = select(PlanPartRow).where(col(PlanPartRow.ticket) == number)
    return list(session.exec(query.order_by(col(PlanPartRow.position))))


def is_begun(session: Session, number: int) -> bool:
    """Return whether something of the plan may have happened in a source."""
    return any(part.state is not PartState.PLANNED for part in parts_of(session, number))


def items_hash(items: Sequence[ItemRow]) -> str:
    """Return the hash of what a plan goes by: which items are granted, and what becomes what."""
    body = [
        [row.number, row.source, row.collection, row.proposal.value, row.category, row.old, row.new]
        for row in items
    ]
    return sha256(canonical({"items": body}).encode()).hexdigest()


def _objection(plan: PlanRow | None, items: Sequence[ItemRow]) -> str | None:
    if plan is None or plan.items_hash == items_hash(items):
        return None
    return "the plan was made for other items"


def hold_objection(session: Session, ticket: TicketRow) -> str | None:
    """Return which legal hold on the person's tickets forbids to change anything (or None)."""
    held = [ticket, *of_the_person(session, ticket)]
    number = next((each.number for each in held if each.held_at is not None), None)
    return f"ticket {number} is under a legal hold" if number is not None else None
