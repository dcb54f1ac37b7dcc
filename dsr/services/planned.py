"""What is known of a ticket's plan: whether it fits, how far it is carried out. Makes none."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from dsr.domain.office import KindRule
from dsr.domain.vocabulary import UNFINISHED, PartState, TaskKind
from dsr.services.related import together
from dsr.store.light import PART, PLAN, TASK
from dsr.store.standing import has_sources, rows_of
from dsr.store.tables.tickets import TicketRow

if TYPE_CHECKING:  # the day, which changes nothing, need not make these tables
    from dsr.store.tables.work import PlanPartRow

#: Tasks that are done when every source's part is.
WHOLE = frozenset({TaskKind.SERVICE_STOP, TaskKind.ERASE_OR_ANONYMISE})


def plan_facts(
    session: Session, ticket: TicketRow, rule: KindRule, items: Sequence[Any]
) -> dict[str, Any]:
    """Return those facts of a ticket that concern its plan, as guards look at them."""
    plan = plan_of(session, ticket.number)
    parts = rows_of(session, PART, ticket.number)
    tasks = rows_of(session, TASK, ticket.number)
    return {
        "changes_systems": rule.changes_systems,
        "stops_marketing": rule.stops_marketing,
        "sources": has_sources(session),
        "planned": plan is not None,
        "plan_objection": _objection(plan, items),
        "applied": plan is not None and not _left_to_apply(plan, parts, tasks),
        "half_applied": any(part.state is PartState.BEGUN for part in parts),
    }


def plan_of(session: Session, number: int) -> Any | None:
    """Return a ticket's plan as it is judged: what it was made for, what is left to somebody."""
    return next(iter(rows_of(session, PLAN, number)), None)


def parts_of(session: Session, number: int) -> "list[PlanPartRow]":
    """Return the parts of a ticket's plan, one a source, in the order in which they are done."""
    from dsr.store.tables.work import PlanPartRow

    query = select(PlanPartRow).where(col(PlanPartRow.ticket) == number)
    return list(session.exec(query.order_by(col(PlanPartRow.position))))


def planned_sources(session: Session, number: int) -> set[str] | None:
    """Return in which sources a ticket's plan has something to do, by itself or by hand, if any."""
    plan = plan_of(session, number)
    if plan is None:
        return None
    return {part.source for part in rows_of(session, PART, number)}.union(plan.by_hand)


def is_begun(session: Session, number: int) -> bool:
    """Return whether something of the plan may have happened in a source."""
    parts = rows_of(session, PART, number)
    return any(part.state is not PartState.PLANNED for part in parts)


def items_hash(items: Sequence[Any]) -> str:
    """Return the hash of what a plan goes by: which items are granted, and what becomes what."""
    body = [
        [
            *(row.number, row.source, row.collection, row.field, row.held_at is not None),
            *(row.proposal.value, row.category, row.old, row.new),
        ]
        for row in items
    ]
    return sha256(canonical_of({"items": body})).hexdigest()


def canonical_of(body: dict[str, Any]) -> bytes:
    """Return the one writing of a body that its hash is made from."""
    from dsr.store.log import canonical  # the day, which plans nothing, need not make its tables

    return canonical(body).encode()


def _left_to_apply(plan: Any, parts: Sequence[Any], tasks: Sequence[Any]) -> bool:
    """Return whether `apply` has something to do: a part, or a task that it would end."""
    if any(part.state is not PartState.DONE for part in parts):
        return True
    return any(task.state in UNFINISHED and ended_by(plan, task) for task in tasks)


def ended_by(plan: Any, task: Any) -> bool:
    """Return whether a task is done once its part of the plan is."""
    if task.kind is TaskKind.SOURCE:
        return task.target not in plan.by_hand
    return task.kind in WHOLE and not plan.by_hand


def _objection(plan: Any, items: Sequence[Any]) -> str | None:
    if plan is None:
        return None
    if plan.items_hash != items_hash(items):
        return "the plan was made for other items: draft these first (--draft), then plan anew"
    of_items = [each for each in plan.undecided if ":" in each]
    if of_items:
        return f"{'; '.join(of_items)}: say it anew (dsr correct), or refuse that item --draft"
    if plan.undecided:
        return (
            f"nothing would change in {', '.join(plan.undecided)}, whose rows are not the person's "
            "alone: plan it --with-shared or --with-others, or refuse that item --draft"
        )
    return None


def hold_objection(session: Session, ticket: TicketRow) -> str | None:
    """Return which legal hold, of this ticket or one that belongs to it, forbids to change it."""
    objection: str | None = hold_facts(session, ticket)["hold_objection"]
    return objection


def hold_facts(session: Session, ticket: TicketRow) -> dict[str, Any]:
    """Return the legal hold that forbids to change a ticket, in words, and whose it is."""
    held = [ticket, *together(session, ticket)]
    number = next((each.number for each in held if each.held_at is not None), None)
    said = f"ticket {number} is under a legal hold" if number is not None else None
    return {"hold_objection": said, "holder": number}
