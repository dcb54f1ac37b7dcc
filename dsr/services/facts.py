"""The only maker of Facts: what the guards of the workflow look at, read from the database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from dsr.domain import authority, clocks, decisions
from dsr.domain.authority import Identifier, Proof
from dsr.domain.clocks import ClockFacts
from dsr.domain.decisions import Approval, Item
from dsr.domain.guards import Facts
from dsr.domain.office import KindRule
from dsr.domain.vocabulary import (
    FOR_ANOTHER,
    IdentifierType,
    Kind,
    OfficerRole,
    ProofResult,
    Proposal,
    RequesterRole,
    SearchResult,
    TaskKind,
    TaskState,
)
from dsr.rules import book, office
from dsr.services.corrected import corrected
from dsr.services.dates import facts_of
from dsr.services.related import answer_first
from dsr.services.waiting import clarification_objection, lapse_objection
from dsr.store.tables.cases import ApprovalRow, ItemRow
from dsr.store.tables.people import IdentifierRow, ProofRow
from dsr.store.tables.registers import OfficerRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PackageRow, SearchRow, TaskRow

#: Tasks that must be done before the answer; the others are followed up after it.
UNFINISHED = frozenset({TaskState.OPEN, TaskState.REMINDED, TaskState.FAILED})


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
        proof_objection=proof_objection(session, ticket, rule),
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
        open_tasks=sum(t.state in UNFINISHED for t in tasks),
        clarification_objection=clarification_objection(ticket),
        extension_objection=_extension_objection(session, ticket, today),
        lapse_objection=lapse_objection(session, ticket, today),
        irreversible_done=rule.irreversible
        and any(t.state is TaskState.DONE and t.kind is not TaskKind.ASSISTANCE for t in tasks),
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


def named_in(session: Session, ticket: TicketRow) -> list[IdentifierRow]:
    """Return every identifier of a ticket, the requester's own among them."""
    query = select(IdentifierRow).where(col(IdentifierRow.person) == ticket.person)
    return list(session.exec(query))


def identifiers_of(session: Session, ticket: TicketRow) -> list[IdentifierRow]:
    """Return what is claimed to name the data subject; not the address of who asks for another."""
    rows = named_in(session, ticket)
    if ticket.requester_role in FOR_ANOTHER:
        return [row for row in rows if not row.of_sender]
    return rows


def proofs_of(session: Session, number: int) -> list[ProofRow]:
    """Return the proofs that were accepted for this ticket, in order."""
    query = (
        select(ProofRow)
        .where(col(ProofRow.ticket) == number, ProofRow.result == ProofResult.VERIFIED)
        .order_by(col(ProofRow.id))
    )
    return list(session.exec(query))


def proved_identifiers(session: Session, ticket: TicketRow) -> list[Identifier]:
    """Return the identifiers of the data subject that were proved for this ticket.

    Only they are searched. What was named after a proof is not covered by it, and what was shown
    too weakly for what the search found is not proved.
    """
    weak = _too_weak(session, ticket)
    return [each for each in _covered(session, ticket) if each not in weak]


def proved_mail(session: Session, ticket: TicketRow) -> str | None:
    """Return the address to which the person's data may be sent, or None where it is not sure.

    An address that answered for itself goes first; of several that were only named, none will do.
    """
    proved = [
        value for kind, value in proved_identifiers(session, ticket) if kind is IdentifierType.EMAIL
    ]
    answered = {row.identifier for row in proofs_of(session, ticket.number)}
    for value in proved:
        if value in answered:
            return value
    claimed = {row.value for row in named_in(session, ticket) if row.type is IdentifierType.EMAIL}
    return proved[0] if proved and len(claimed) == 1 else None


def _covered(session: Session, ticket: TicketRow) -> list[Identifier]:
    """Return the claimed identifiers that a proof reaches, however weak."""
    claimed = {(row.type, row.value) for row in identifiers_of(session, ticket)}
    covered = [
        (IdentifierType(kind), value)
        for row in proofs_of(session, ticket.number)
        for kind, value in row.covers
    ]
    return [each for each in dict.fromkeys(covered) if each in claimed]


def _too_weak(session: Session, ticket: TicketRow) -> list[Identifier]:
    """Return the identifiers that a proof reaches, but none that is strong enough.

    Who speaks for another shows the own identity: there the authority reaches all identifiers.
    """
    if ticket.requester_role in FOR_ANOTHER:
        return []
    rows = proofs_of(session, ticket.number)
    proofs = [as_proof(row) for row in rows]
    levels = office.proof_levels()
    needed = levels.sensitive if is_sensitive(session, ticket) else levels.ordinary
    doubted = correcting(session, ticket)
    return [
        (kind, value)
        for kind, value in _covered(session, ticket)
        if not authority.shows(
            [
                proof
                for row, proof in zip(rows, proofs, strict=True)
                if [kind.value, value] in row.covers
            ],
            proofs,
            needed=needed,
            correcting=doubted,
        )
    ]


def as_proof(row: ProofRow) -> Proof:
    """Return a stored proof as what the rules judge."""
    method = office.proof_method(row.method)
    if row.identifier_type is None or row.identifier is None:
        return Proof(method)
    return Proof(method, (row.identifier_type, row.identifier))


def _asked_first(session: Session, ticket: TicketRow) -> str:
    """Return the method that was asked for first: the likely one to be shown."""
    query = select(ProofRow.method).where(
        ProofRow.ticket == ticket.number, ProofRow.result == ProofResult.ASKED
    )
    return session.exec(query.order_by(col(ProofRow.id))).first() or Facts().likely_method


def proof_objection(session: Session, ticket: TicketRow, rule: KindRule) -> str | None:
    """Return why the proofs given for this ticket do not suffice, or None."""
    sensitive = is_sensitive(session, ticket)
    objection = authority.objection(
        rule,
        asker(ticket),
        [as_proof(row) for row in proofs_of(session, ticket.number)],
        levels=office.proof_levels(),
        minor=ticket.minor,
        sensitive=sensitive,
        correcting=correcting(session, ticket),
        guardian_required=guardian_required(ticket),
    )
    weak = _too_weak(session, ticket) if objection is None and sensitive else []
    if weak and rule.needs_proof:
        return f"sensitive data need a stronger proof that the {weak[0][0]} is the person's"
    return objection


def is_sensitive(session: Session, ticket: TicketRow) -> bool:
    """Return whether the search found sensitive personal information, or the person is a child."""
    if guardian_required(ticket):
        return True
    query = select(SearchRow.categories).where(
        col(SearchRow.ticket) == ticket.number, SearchRow.result == SearchResult.FOUND
    )
    return any(office.is_sensitive(each) for row in session.exec(query) for each in row)


def correcting(session: Session, ticket: TicketRow) -> list[Identifier]:
    """Return identifiers whose value is itself what the ticket wants changed."""
    if ticket.kind is not Kind.CORRECTION:
        return []
    known = [(row.type, row.value) for row in identifiers_of(session, ticket)]
    return corrected(known, items_of(session, ticket.number))


def guardian_required(ticket: TicketRow) -> bool:
    """Return whether the data subject is so young that a guardian asks."""
    if ticket.born_on is None:
        return ticket.requester_role is RequesterRole.GUARDIAN
    return any(
        _age_on(ticket.born_on, ticket.received_on) < book.law(code).minors.guardian_below.years
        for code in ticket.laws
    )


def _age_on(born_on: date, day: date) -> int:
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def asker(ticket: TicketRow) -> RequesterRole:
    """Return the role that must be proved; who did not say otherwise writes for himself."""
    if ticket.requester_role is RequesterRole.UNKNOWN:
        return RequesterRole.SUBJECT
    return ticket.requester_role


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
