"""The only maker of Facts: what the guards of the workflow look at, read from the database."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from dsr.domain import decisions
from dsr.domain import guards as g
from dsr.domain.decisions import Approval, Item
from dsr.domain.guards import Facts, Guard
from dsr.domain.office import KindRule
from dsr.domain.stops import objections
from dsr.domain.vocabulary import (
    LASTING,
    UNFINISHED,
    OfficerRole,
    Proposal,
    SearchResult,
    Status,
    TaskKind,
    TaskState,
)
from dsr.domain.workflow import guards_ahead
from dsr.rules import office
from dsr.services import proving
from dsr.services.copied import copy_facts
from dsr.services.planned import hold_facts, is_begun, plan_facts
from dsr.services.related import answer_first
from dsr.services.silence import answer_objection, complained_quietly
from dsr.services.viewing import view_objection
from dsr.store.light import APPROVAL, ITEM, OFFICER, SEARCH, TASK
from dsr.store.standing import rows_of
from dsr.store.tables.tickets import TicketRow

if TYPE_CHECKING:  # the day, which changes nothing, need not make these tables
    from dsr.store.tables.cases import ApprovalRow, ItemRow
    from dsr.store.tables.work import TaskRow


def gather(session: Session, ticket: TicketRow, today: date, **known: Any) -> Facts:
    """Return the facts of a ticket as it stands.

    Args:
        session: A transaction.
        ticket: The ticket.
        today: The present day in the office's zone.
        known: Facts of the step itself, as a reason that was given; they win.
    """
    return replace(_facts(session, ticket, today, {*_ASKED_BY, g.NOT_HELD}), **known)


def ahead(session: Session, ticket: TicketRow, today: date, officer: str) -> Facts:
    """Return as much of a ticket's facts as `next_step` looks at, for who would type it.

    Args:
        session: A transaction; where it has read ahead, many tickets cost little.
        ticket: The ticket, or a row of its columns.
        today: The present day in the office's zone.
        officer: Who would type the next command.
    """
    facts = _facts(session, ticket, today, guards_ahead(ticket.status))
    return seen_by(session, ticket, facts, officer)


def seen_by(session: Session, ticket: TicketRow, facts: Facts, officer: str) -> Facts:
    """Return the facts for an officer, who would see what a search shows."""
    if facts.searched:
        return facts
    objection = view_objection(session, ticket, officer)
    return replace(facts, view_objection=objection, viewer=officer)


def _facts(session: Session, ticket: TicketRow, today: date, asked: Collection[Guard]) -> Facts:
    """Return a ticket's facts; what costs much, only where a guard that will be asked needs it."""
    rule = office.kind_rule(ticket.kind, ticket.scope)
    items = rows_of(session, ITEM, ticket.number)
    due = approval_of(session, ticket, rule, items)
    return Facts(
        needs_proof=rule.needs_proof,
        proof_objection=proving.proof_objection(session, ticket, rule),
        likely_method=_likely_method(session, ticket),
        items=len(items),
        item_objection=next(iter(item_objections(ticket, items, today)), None)
        or answer_objection(session, ticket),
        approval_due=due.count > 0,
        decided=ticket.decided,
        approved=ticket.proposed_hash is not None
        and decisions.approval_lacking(due, approver_roles(session, ticket)) is None,
        **_of_searches(session, ticket, rule),
        **copy_facts(session, ticket, rule, items),
        **_of_tasks(session, ticket, rule),
        **plan_facts(session, ticket, rule, items),
        **(hold_facts(session, ticket) if g.NOT_HELD in asked else {}),
        **{
            name: objection(session, ticket, today)
            for guard, (name, objection) in _ASKED_BY.items()
            if guard in asked
        },
    )


def _of_searches(session: Session, ticket: TicketRow, rule: KindRule) -> dict[str, Any]:
    searches = [row.result for row in rows_of(session, SEARCH, ticket.number)]
    return {
        "searches": rule.searches,
        "searched": bool(searches),
        "sources_failed": searches.count(SearchResult.FAILED),
    }


def _of_tasks(session: Session, ticket: TicketRow, rule: KindRule) -> dict[str, Any]:
    tasks = rows_of(session, TASK, ticket.number)
    return {
        "live_tasks": sum(t.state in UNFINISHED and not t.follow_up for t in tasks),
        "open_tasks": sum(t.state in UNFINISHED and t.kind not in LASTING for t in tasks),
        "irreversible_done": is_begun(session, ticket.number)
        or (
            rule.irreversible
            and any(t.state is TaskState.DONE and t.kind is not TaskKind.ASSISTANCE for t in tasks)
        ),
    }


def items_of(session: Session, number: int) -> "list[ItemRow]":
    """Return what is decided on in a ticket, in order."""
    from dsr.store.tables.cases import ItemRow

    query = select(ItemRow).where(col(ItemRow.ticket) == number).order_by(col(ItemRow.number))
    return list(session.exec(query))


def tasks_of(session: Session, number: int) -> "list[TaskRow]":
    """Return a ticket's tasks, in order."""
    from dsr.store.tables.work import TaskRow

    query = select(TaskRow).where(col(TaskRow.ticket) == number).order_by(col(TaskRow.number))
    return list(session.exec(query))


def as_items(rows: Sequence[Any], today: date | None = None, *, draft: bool = False) -> list[Item]:
    """Return stored items as what the rules judge; without a day no end is over."""
    return [
        Item(
            number=row.number,
            label=row.label,
            category=row.category,
            source=row.source,
            field=row.field,
            proposal=row.proposal,
            ground=row.ground,
            reason=row.reason,
            internal_reason=row.internal_reason,
            citation=row.citation,
            evidence=tuple(row.evidence),
            until_on=row.until_on,
            until_when=row.until_when,
            alternative=row.alternative,
            over=today is not None and row.until_on is not None and row.until_on < today,
            draft=draft,
        )
        for row in rows
    ]


def item_objections(
    ticket: TicketRow, rows: Sequence[Any], today: date, *, draft: bool = False
) -> tuple[str, ...]:
    """Return every hard stop that the decision as it stands would meet.

    A draft meets those alone that nothing said later would lift.
    """
    rule = office.kind_rule(ticket.kind, ticket.scope)
    items = as_items(rows, today, draft=draft)
    nothing, whole = decisions.nothing_granted(items), is_whole(items)
    known = office.grounds() if items else {}
    grounds = [known.get(item.ground) for item in items]
    return tuple(
        f"item {item.number}: {objection}"
        for item, ground in zip(items, grounds, strict=True)
        for objection in objections(
            item,
            ground,
            rule,
            laws=tuple(ticket.laws),
            minor=ticket.minor,
            scope=ticket.scope,
            whole=whole if ground is None or ground.partial else nothing,
            unknown_under=_unknown_under(item, ticket),
            articles=office.articles(),
        )
    )


def is_whole(items: Sequence[Item]) -> bool:
    """Return whether the request is refused as a whole, also in substance; no items refuse none."""
    refused = any(item.proposal is not Proposal.GRANT for item in items)
    return refused and decisions.refused_in_substance(items, office.grounds(), office.substance())


def _unknown_under(item: Item, ticket: TicketRow) -> tuple[str, ...]:
    """Return the ticket's laws that do not know an item's ground; a granted one reads no pack."""
    if item.proposal is Proposal.GRANT:
        return ()
    from dsr.rules import citations

    return citations.unknown_under(item.ground, ticket.laws)


def approval_of(
    session: Session, ticket: TicketRow, rule: KindRule, rows: Sequence[Any]
) -> Approval:
    """Return who must approve the decision as it stands."""
    categories, items = [row.category for row in rows if row.category], as_items(rows)
    return decisions.approval_due(
        rule,
        items,
        office.grounds() if rows else {},  # without an item nothing is looked up
        minor=ticket.minor,
        self_declared=bool(categories) and decisions.is_self_declared(categories, rule),
        laws=tuple(ticket.laws),
        whole=is_whole(items),
        concerns=complained_quietly(session, ticket) if rows else (),
    )


def valid_approvals(session: Session, ticket: TicketRow) -> "list[ApprovalRow]":
    """Return the approvals of the decision as it was proposed last."""
    from dsr.store.tables.cases import ApprovalRow

    query = select(ApprovalRow).where(
        col(ApprovalRow.ticket) == ticket.number,
        col(ApprovalRow.hash) == ticket.proposed_hash,
        col(ApprovalRow.void).is_(False),
    )
    return list(session.exec(query))


def approver_roles(session: Session, ticket: TicketRow) -> list[frozenset[OfficerRole]]:
    """Return the roles of each officer who approved the decision as it was proposed last."""
    given = [
        row.officer
        for row in rows_of(session, APPROVAL, ticket.number)
        if row.hash == ticket.proposed_hash and not row.void
    ]
    if not given:
        return []
    query = select_columns(OFFICER).where(OFFICER.c.name.in_(given))
    roles = {row.name: row.roles for row in session.connection().execute(query)}
    return [frozenset(map(OfficerRole, roles[name])) for name in given if name in roles]


def _likely_method(session: Session, ticket: TicketRow) -> str:
    """Return the proof that is likely to be shown next; where none is awaited, the usual one."""
    usual = Facts().likely_method
    if ticket.status is not Status.VERIFYING:
        return usual
    return proving.likely_next(session, ticket) or usual


def _clarification(_session: Session, ticket: TicketRow, _today: date) -> str | None:
    from dsr.services.waiting import clarification_objection

    return clarification_objection(ticket)


def _lapse(session: Session, ticket: TicketRow, today: date) -> str | None:
    from dsr.services.waiting import lapse_objection

    return lapse_objection(session, ticket, today)


def _extension(session: Session, ticket: TicketRow, today: date) -> str | None:
    from dsr.services.extending import extension_objection

    return extension_objection(session, ticket, today)


#: Facts that cost much (a law is read, other tickets are looked up), by the one guard that asks.
_ASKED_BY: Mapping[Guard, tuple[str, Callable[[Session, TicketRow, date], Any]]] = {
    g.ACCESS_ANSWERED: ("answer_first", lambda session, ticket, _: answer_first(session, ticket)),
    g.MAY_ASK_BACK: ("clarification_objection", _clarification),
    g.MAY_EXTEND: ("extension_objection", _extension),
    g.MAY_LAPSE: ("lapse_objection", _lapse),
}
