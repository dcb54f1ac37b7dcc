"""What is known of a ticket's plan: whether it fits, how far it is carried out. Makes none."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, select

from dsr.domain.office import KindRule
from dsr.domain.vocabulary import UNFINISHED, PartState, TaskKind
from dsr.services.related import of_the_person
from dsr.store.log import canonical
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.registers import SourceRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PlanPartRow, PlanRow, TaskRow

#: Tasks that are done when every source's part is.
WHOLE = frozenset({TaskKind.SERVICE_STOP, TaskKind.ERASE_OR_ANONYMISE})


def plan_facts(
    session: Session, ticket: TicketRow, rule: KindRule, items: Sequence[ItemRow]
) -> dict[str, Any]:
    """Return those facts of a ticket that concern its plan, as guards look at them."""
    plan = session.get(PlanRow, ticket.number)
    parts = parts_of(session, ticket.number)
    return {
        "changes_systems": rule.changes_systems,
        "stops_marketing": rule.stops_marketing,
        "sources": session.exec(select(SourceRow.key).where(col(SourceRow.active))).first()
        is not None,
        "planned": plan is not None,
        "plan_objection": _objection(plan, items),
        "applied": plan is not None and not _left_to_apply(session, plan, parts),
        "half_applied": any(part.state is PartState.BEGUN for part in parts),
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


def _left_to_apply(session: Session, plan: PlanRow, parts: Sequence[PlanPartRow]) -> bool:
    """Return whether `apply` has something to do: a part, or a task that it would end."""
    if any(part.state is not PartState.DONE for part in parts):
        return True
    query = select(TaskRow).where(
        col(TaskRow.ticket) == plan.ticket, col(TaskRow.state).in_(UNFINISHED)
    )
    return any(ended_by(plan, task) for task in session.exec(query))


def ended_by(plan: PlanRow, task: TaskRow) -> bool:
    """Return whether a task is done once its part of the plan is."""
    if task.kind is TaskKind.SOURCE:
        return task.target not in plan.by_hand
    return task.kind in WHOLE and not plan.by_hand


def _objection(plan: PlanRow | None, items: Sequence[ItemRow]) -> str | None:
    if plan is None:
        return None
    if plan.items_hash != items_hash(items):
        return "the plan was made for other items: draft these first (--draft), then plan anew"
    if plan.undecided:
        return (
            f"nothing would change in {', '.join(plan.undecided)}, whose rows are not the person's "
            "alone: plan it --with-shared or --with-others, or refuse that item --draft"
        )
    return None


def hold_objection(session: Session, ticket: TicketRow) -> str | None:
    """Return which legal hold on the person's tickets forbids to change anything (or None)."""
    held = [ticket, *of_the_person(session, ticket)]
    number = next((each.number for each in held if each.held_at is not None), None)
    return f"ticket {number} is under a legal hold" if number is not None else None
