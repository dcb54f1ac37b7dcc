"""The only maker of Facts: what the guards of the workflow look at, read from the database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from dsr.domain import clocks, decisions
from dsr.domain.clocks import ClockFacts
from dsr.domain.decisions import Approval, Item
from dsr.domain.guards import Facts
from dsr.domain.office import KindRule
from dsr.domain.vocabulary import (
    LASTING,
    UNFINISHED,
    OfficerRole,
    ProofResult,
    Proposal,
    SearchResult,
    TaskKind,
    TaskState,
)
from dsr.rules import book, office
from dsr.services import proving
from dsr.services.dates import facts_of
from dsr.services.planned import is_begun, plan_facts
from dsr.services.related import answer_first
from dsr.services.waiting import clarification_objection, lapse_objection
from dsr.store.tables.cases import ApprovalRow, ItemRow
from dsr.store.tables.people import ProofRow
from dsr.store.tables.registers import OfficerRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PackageRow, SearchRow, TaskRow


def gather(session: Session, ticket: TicketRow, today: date, **known: Any) -> Facts:
    """Return the facts of a ticket as it stands.

    Args:
        session: A transaction.
        ticket: The ticket.
        today: The present day in the office's zone.
        known: Facts of the step itself, as a reason that was given; they win.
    """
    rule = office.kind_rule(ticket.kind, ticket.scope)
    items = items_of(session, ticket.number)
    due = approval_of(ticket, rule, items)
    tasks = tasks_of(session, ticket.number)
    searches = session.exec(
        select(SearchRow.result).where(col(SearchRow.ticket) == ticket.number)
    ).all()
    facts = Facts(
        needs_proof=rule.needs_proof,
        proof_objection=proving.proof_objection(session, ticket, rule),
        likely_method=_asked_first(session, ticket),
        searches=rule.searches,
        searched=bool(searches),
        sources_failed=sum(result is SearchResult.FAILED for result in searches),
        packages=rule.package
        and SearchResult.FOUND in searches
        and (not items or any(item.proposal is Proposal.GRANT for item in items)),
        packaged=session.get(PackageRow, ticket.number) is not None,
        items=len(items),
        item_objection=next(iter(item_objections(ticket, rule, items)), None),
        approval_due=due.count > 0,
        decided=ticket.decided,
        approved=ticket.proposed_hash is not None
        and decisions.approval_lacking(due, approver_roles(session, ticket)) is None,
        answer_first=answer_first(session, ticket),
        live_tasks=sum(t.state in UNFINISHED and not t.follow_up for t in tasks),
        open_tasks=sum(t.state in UNFINISHED and t.kind not in LASTING for t in tasks),
        clarification_objection=clarification_objection(ticket),
        extension_objection=_extension_objection(session, ticket, today),
        lapse_objection=lapse_objection(session, ticket, today),
        irreversible_done=is_begun(session, ticket.number)
        or (
            rule.irreversible
            and any(t.state is TaskState.DONE and t.kind is not TaskKind.ASSISTANCE for t in tasks)
        ),
        **plan_facts(session, ticket, rule, items),
    )
    return replace(facts, **known)


def items_of(session: Session, number: int) -> list[ItemRow]:
    """Return what is decided on in a ticket, in order."""
    query = select(ItemRow).where(col(ItemRow.ticket) == number).order_by(col(ItemRow.number))
    return list(session.exec(query))


def tasks_of(session: Session, number: int) -> list[TaskRow]:
    """Return a ticket's tasks, in order."""
    query = select(TaskRow).where(col(TaskRow.ticket) == number).order_by(col(TaskRow.number))
    return list(session.exec(query))


def as_items(rows: Sequence[ItemRow]) -> list[Item]:
    """Return stored items as what the rules judge."""
    return [
        Item(
            number=row.number,
            label=row.label,
            category=row.category,
            source=row.source,
            field=row.collection,
            proposal=row.proposal,
            ground=row.ground,
            reason=row.reason,
            internal_reason=row.internal_reason,
            citation=row.citation,
            evidence=tuple(row.evidence),
            until_on=row.until_on,
            until_when=row.until_when,
            alternative=row.alternative,
        )
        for row in rows
    ]


def item_objections(ticket: TicketRow, rule: KindRule, rows: Sequence[ItemRow]) -> tuple[str, ...]:
    """Return every hard stop that the decision as it stands would meet."""
    items = as_items(rows)
    whole = bool(items) and decisions.nothing_granted(items)
    return tuple(
        f"item {item.number}: {objection}"
        for item in items
        for objection in decisions.objections(
            item,
            office.grounds().get(item.ground),
            rule,
            laws=tuple(ticket.laws),
            minor=ticket.minor,
            scope=ticket.scope,
            whole=whole,
        )
    )


def approval_of(ticket: TicketRow, rule: KindRule, rows: Sequence[ItemRow]) -> Approval:
    """Return who must approve the decision as it stands."""
    categories = [row.category for row in rows if row.category]
    return decisions.approval_due(
        rule,
        as_items(rows),
        office.grounds(),
        minor=ticket.minor,
        self_declared=bool(categories) and decisions.is_self_declared(categories, rule),
        laws=tuple(ticket.laws),
    )


def valid_approvals(session: Session, ticket: TicketRow) -> list[ApprovalRow]:
    """Return the approvals of the decision as it was proposed last."""
    query = select(ApprovalRow).where(
        col(ApprovalRow.ticket) == ticket.number,
        col(ApprovalRow.hash) == ticket.proposed_hash,
        col(ApprovalRow.void).is_(False),
    )
    return list(session.exec(query))


def approver_roles(session: Session, ticket: TicketRow) -> list[frozenset[OfficerRole]]:
    """Return the roles of each officer who approved the decision as it was proposed last."""
    rows = (session.get(OfficerRow, a.officer) for a in valid_approvals(session, ticket))
    return [frozenset(map(OfficerRole, row.roles)) for row in rows if row is not None]


def _asked_first(session: Session, ticket: TicketRow) -> str:
    """Return the method that was asked for first: the likely one to be shown."""
    query = select(ProofRow.method).where(
        ProofRow.ticket == ticket.number, ProofRow.result == ProofResult.ASKED
    )
    return session.exec(query.order_by(col(ProofRow.id))).first() or Facts().likely_method


def _extension_objection(session: Session, ticket: TicketRow, today: date) -> str | None:
    facts = facts_of(session, ticket)
    objections = [_extension_of(code, ticket, facts, today=today) for code in ticket.laws]
    return next((each for each in objections if each), None)


def _extension_of(code: str, ticket: TicketRow, facts: ClockFacts, *, today: date) -> str | None:
    law = book.law(code)
    return clocks.extension_objection(
        law,
        ticket.kind,
        facts,
        today=today,
        calendar=book.calendar_for(law, ticket.place),
        scope=ticket.scope,
    )
