"""Deciding: what is proposed for each item, who approves it, what is returned."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, delete, select

from dsr.domain import decisions
from dsr.domain.office import Ground, in_language
from dsr.domain.vocabulary import (
    Action,
    Kind,
    OfficerRole,
    Outcome,
    Proposal,
    SearchResult,
)
from dsr.errors import NotFoundError, UsageError, nearest
from dsr.rules import office
from dsr.services import facts as ticket_facts
from dsr.services.catalogue import load
from dsr.services.closing import forget_decision
from dsr.services.desk import Desk, FourEyes, Step
from dsr.services.fulfilment import carry_out
from dsr.services.handling import one_step
from dsr.services.steps import accept_if_no_proof_is_needed, take
from dsr.services.views import StepView
from dsr.store.log import canonical
from dsr.store.tables.cases import ApprovalRow, ItemRow
from dsr.store.tables.registers import ClientRow, OfficerRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PackageRow, SearchRow

#: The code of an item that a client decides on, and of a search that found nothing.
PROCESSOR, NO_DATA, KEPT_BY_LAW = "N5", "N1", "K1"


@dataclass(frozen=True, slots=True)
class Less:
    """Items that are given less than was asked, and everything that is owed for it.

    Attributes:
        proposal: Refuse or keep.
        ground: The code.
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
    """

    less: tuple[Less, ...] = ()
    changes: tuple[Change, ...] = ()
    statements: dict[str, Any] = field(default_factory=dict)
    draft: bool = False


def propose(desk: Desk, number: int, decision: Decision, *, dry_run: bool = False) -> StepView:
    """Propose a decision: to a second officer where one is due, else it stands at once.

    Without anything said, everything that was found is granted.

    Raises:
        NotAllowedError: Something is missing, or a hard stop of the rules forbids it.
        NotFoundError: An item or a ground is unknown.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        accept_if_no_proof_is_needed(step, ticket)
        _prepare(step, ticket, decision)
        if decision.draft:
            take(step, ticket, Action.NOTE, facts={"drafted": len(decision.less)})
            return "drafted"
        return _put_forward(step, desk, ticket)

    return one_step(desk, number, work, dry_run=dry_run)


def _put_forward(step: Step, desk: Desk, ticket: TicketRow) -> str:
    rule = office.kind_rule(ticket.kind, ticket.scope)
    items = ticket_facts.items_of(step.session, ticket.number)
    approval = ticket_facts.approval_of(ticket, rule, items)
    ticket.proposed_by, ticket.proposed_by_user = step.officer, step.os_user
    ticket.approvals_due = approval.count
    ticket.proposed_hash = decision_hash(step.session, ticket)
    ticket.outcome = outcome_of(step.session, ticket)
    facts = {
        "hash": ticket.proposed_hash,
        "outcome": ticket.outcome.value,
        "items": [[row.number, row.proposal.value, row.ground] for row in items],
        "approvals": approval.count,
        "why": list(approval.why),
    }
    if approval.count:
        take(step, ticket, Action.PROPOSE, facts=facts)
        roles = " and ".join(approval.roles) or "approver"
        return f"proposed as {ticket.outcome}; {approval.count} approval due ({roles})"
    take(step, ticket, Action.DECIDE, facts=facts)
    ticket.decided = True
    step.session.add(ticket)
    return f"decided as {ticket.outcome}{carry_out(step, desk, ticket)}"


def _prepare(step: Step, ticket: TicketRow, decision: Decision) -> None:
    """Write the items down: those of before, the search's, or the changes asked for."""
    rows = _items(step, ticket, decision.changes)
    for less in decision.less:
        ground = office.ground(less.ground)
        for row in _chosen(rows, less.items):
            _give_less(row, less, ground, ticket)
    step.session.add_all(rows)
    if decision.statements:
        ticket.statements = {**(ticket.statements or {}), **decision.statements}
    step.session.add(ticket)
    step.session.flush()


def _items(step: Step, ticket: TicketRow, changes: Sequence[Change]) -> list[ItemRow]:
    rows = ticket_facts.items_of(step.session, ticket.number)
    if changes:
        step.session.exec(delete(ItemRow).where(col(ItemRow.ticket) == ticket.number))
        return [
            _item(ticket, number, each.label, old=each.old, new=each.new)
            for number, each in enumerate(changes, start=1)
        ]
    if ticket.kind is Kind.CORRECTION and not rows:
        raise UsageError(
            "a correction says what becomes what",
            hint=f'dsr propose {ticket.number} --changes @file, with lines "field: old -> new"',
        )
    return rows or _items_found(step.session, ticket) or [_whole(ticket)]


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
        ground = office.ground(NO_DATA)
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
    """Propose what the datamap already says: a client decides, or a law keeps it."""
    if collection.role == "processor":
        ground = office.ground(PROCESSOR)
        _give_less(row, Less(Proposal.REFUSE, ground.code), ground, ticket)
    elif collection.kept_by_law and ticket.kind in {Kind.DELETION, Kind.CANCELLATION}:
        ground = office.ground(KEPT_BY_LAW)
        less = Less(
            Proposal.KEEP,
            ground.code,
            citation=collection.kept_by_law.citation.said(ticket.language),
            until_when=collection.kept_by_law.until.said(ticket.language),
        )
        _give_less(row, less, ground, ticket)


def _item(ticket: TicketRow, number: int, label: str, *, old: str = "", new: str = "") -> ItemRow:
    return ItemRow(
        ticket=ticket.number,
        number=number,
        label=label,
        proposal=Proposal.GRANT,
        evidence=[],
        old=old,
        new=new,
    )


def _chosen(rows: Sequence[ItemRow], numbers: tuple[int, ...]) -> list[ItemRow]:
    known = {row.number: row for row in rows}
    if unknown := [number for number in numbers if number not in known]:
        raise NotFoundError(f"there is no item {unknown[0]}", hint=f"items 1 to {len(rows)}")
    return [known[number] for number in numbers] or list(rows)


def _give_less(row: ItemRow, less: Less, ground: Ground, ticket: TicketRow) -> None:
    law = next((code for code in ticket.laws if code in ground.equivalents), None)
    row.proposal = less.proposal
    row.ground = ground.code
    row.reason = less.reason or in_language(ground.tell, ticket.language)
    row.internal_reason = less.internal_reason
    row.citation = less.citation or (
        "" if ground.needs_citation else ground.equivalents.get(law or "", ground.citation)
    )
    row.evidence = list(less.evidence)
    row.until_on, row.until_when = less.until_on, less.until_when
    row.alternative = less.alternative


def outcome_of(session: Session, ticket: TicketRow) -> Outcome:
    """Return how a ticket ends with its items as they stand."""
    items = ticket_facts.as_items(ticket_facts.items_of(session, ticket.number))
    return decisions.outcome(items, office.grounds(), office.kind_rule(ticket.kind, ticket.scope))


def decision_hash(session: Session, ticket: TicketRow) -> str:
    """Return the hash that is approved: of the items, the package, and the letter's making."""
    from dsr.services.letters import answer_letter, template_of

    rows = ticket_facts.items_of(session, ticket.number)
    package = session.get(PackageRow, ticket.number)
    name = answer_letter(ticket, outcome_of(session, ticket))
    body = {
        "ticket": ticket.number,
        "kind": ticket.kind.value,
        "scope": ticket.scope,
        "items": [row.model_dump(mode="json") for row in rows],
        "statements": ticket.statements,
        "package": package.sha256 if package else None,
        "letter": name.value,
        "language": ticket.language,
        "template": template_of(name, ticket.language),
    }
    return sha256(canonical(body).encode()).hexdigest()


def approve(
    desk: Desk, number: int, expected: str | None = None, *, dry_run: bool = False
) -> StepView:
    """Approve exactly the decision that was proposed; what changed since is refused.

    Raises:
        NotAllowedError: The officer prepared it, or has not the role that is due.
        ConflictError: It is another decision than the one that was read.
    """
    from dsr.errors import ConflictError

    def work(step: Step, ticket: TicketRow) -> str:
        if expected is not None and not (ticket.proposed_hash or "").startswith(expected):
            raise ConflictError(
                "the decision is another one than you read", hint=f"dsr show {number}"
            )
        unchanged = ticket.proposed_hash == decision_hash(step.session, ticket)
        objection, alone = approver_objection(step, desk, ticket)
        take(
            step,
            ticket,
            Action.APPROVE,
            facts={"hash": ticket.proposed_hash, "alone": alone},
            known={"approver_objection": objection, "unchanged": unchanged},
        )
        _note_approval(step, ticket, alone=alone)
        said = "approved" + (": one officer alone, as the configuration says" if alone else "")
        lacking = _lacking(step.session, ticket)
        if lacking:
            return f"{said}; {lacking}"
        return said + carry_out(step, desk, ticket)

    return one_step(desk, number, work, dry_run=dry_run)


def _note_approval(step: Step, ticket: TicketRow, *, alone: bool) -> None:
    assert ticket.proposed_hash is not None
    row = ApprovalRow(
        ticket=ticket.number,
        officer=step.officer,
        os_user=step.os_user,
        hash=ticket.proposed_hash,
        at=step.now,
        alone=alone,
    )
    step.session.add(row)
    ticket.first_approver = ticket.first_approver or step.officer
    step.session.add(ticket)
    step.session.flush()


def _lacking(session: Session, ticket: TicketRow) -> str | None:
    """Return what the approvals given so far lack, or None."""
    rule = office.kind_rule(ticket.kind, ticket.scope)
    items = ticket_facts.items_of(session, ticket.number)
    approval = ticket_facts.approval_of(ticket, rule, items)
    given = [
        frozenset(map(OfficerRole, row.roles))
        for each in ticket_facts.valid_approvals(session, ticket)
        if (row := session.get(OfficerRow, each.officer)) is not None
    ]
    return decisions.approval_lacking(approval, given)


def approver_objection(step: Step, desk: Desk, ticket: TicketRow) -> tuple[str | None, bool]:
    """Return why this officer may not approve (or None), and whether the office is one alone."""
    if not step.roles & decisions.APPROVING_ROLES:
        return f"{step.officer} is neither approver nor legal", False
    given = ticket_facts.valid_approvals(step.session, ticket)
    if any(each.officer == step.officer for each in given):
        return f"{step.officer} has approved it already", False
    same = step.officer == ticket.proposed_by or (
        desk.office.four_eyes is FourEyes.USER and step.os_user == ticket.proposed_by_user
    )
    if not same:
        return None, False
    if desk.office.four_eyes is FourEyes.ALONE and not _others(step):
        return None, True
    return f"{step.officer} prepared it, and nobody approves his own proposal", False


def _others(step: Step) -> bool:
    """Return whether somebody else is registered who may approve."""
    query = select(OfficerRow).where(col(OfficerRow.active), col(OfficerRow.name) != step.officer)
    approving = {role.value for role in decisions.APPROVING_ROLES}
    return any(approving & set(row.roles) for row in step.session.exec(query))


def send_back(desk: Desk, number: int, why: str, *, dry_run: bool = False) -> StepView:
    """Return a proposal, or work under way, to its handler with a comment.

    Raises:
        NotAllowedError: No comment is given, or there is nothing to return.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        known = {"reason_given": bool(why.strip())}
        take(step, ticket, Action.RETURN, sealed={"why": why}, known=known)
        forget_decision(step, ticket)
        ticket.outcome = None
        step.session.add(ticket)
        return "returned"

    return one_step(desk, number, work, dry_run=dry_run)


def refer(desk: Desk, number: int, client: str, *, dry_run: bool = False) -> StepView:
    """Refer a ticket to the client who decides; tell the person and the client; stay to assist.

    Raises:
        NotFoundError: There is no such client.
        NotAllowedError: Something irreversible is done, or the ticket has ended.
    """
    from dsr.domain.vocabulary import LetterName
    from dsr.services.fulfilment import open_assistance
    from dsr.services.letters import LetterRequest, write_letter

    def work(step: Step, ticket: TicketRow) -> str:
        row = _client(step.session, client)
        take(step, ticket, Action.REFER, facts={"client": row.key}, known={"client_named": True})
        ticket.outcome = Outcome.REFERRED
        open_assistance(step, ticket, row)
        write_letter(step, desk, ticket, LetterRequest(LetterName.REFERRAL, client=row))
        write_letter(step, desk, ticket, LetterRequest(LetterName.CLIENT_NOTICE, client=row))
        return f"referred to {row.key}; letters to the person and the client are written"

    return one_step(desk, number, work, dry_run=dry_run)


def _client(session: Session, key: str) -> ClientRow:
    row = session.get(ClientRow, key)
    if row is None or not row.active:
        known = session.exec(select(ClientRow.key).where(col(ClientRow.active)))
        raise NotFoundError(f"there is no client {key!r}", hint=nearest(key, list(known)))
    return row
