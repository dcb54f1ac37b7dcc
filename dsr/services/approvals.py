"""Approving, returning and referring what another officer prepared."""

from sqlmodel import Session

from dsr.domain import decisions
from dsr.domain.vocabulary import Action, Proposal, Status
from dsr.errors import ConflictError, NotAllowedError
from dsr.rules import office
from dsr.services import facts as ticket_facts
from dsr.services.approvers import approver_objection
from dsr.services.closing import forget_decision
from dsr.services.complaints import where_upheld
from dsr.services.decisions import is_unchanged
from dsr.services.desk import Desk, Step
from dsr.services.fulfilment import carry_out, drop_untouched
from dsr.services.handling import one_step
from dsr.services.repeats import check_repeated
from dsr.services.silence import answer_objection
from dsr.services.steps import take
from dsr.services.views import StepView
from dsr.store.tables.cases import ApprovalRow, ItemRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PackageRow, PlanRow


def approve(
    desk: Desk, number: int, expected: str | None = None, *, dry_run: bool = False
) -> StepView:
    """Approve exactly the decision that was proposed; what changed since is refused.

    Raises:
        NotAllowedError: The officer prepared it, or has not the role that is due.
        ConflictError: It is another decision than the one that was read.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        if expected is not None and not (ticket.proposed_hash or "").startswith(expected):
            raise ConflictError(
                "the decision is another one than you read", hint=f"dsr show {number}"
            )
        check_lawful(step, ticket)
        unchanged = is_unchanged(step.session, ticket)
        if unchanged:
            _check_due(step.session, ticket)
        objection, alone = approver_objection(step, desk, ticket)
        take(
            step,
            ticket,
            Action.APPROVE,
            facts={
                "hash": ticket.proposed_hash,
                "alone": alone,
                "four_eyes": desk.office.four_eyes.value,
            },
            known={"approver_objection": objection, "unchanged": unchanged},
        )
        _note_approval(step, ticket, alone=alone)
        if dry_run:
            return f"would approve: {in_words(step.session, ticket)}"
        said = "approved" + (": one officer alone, as the configuration says" if alone else "")
        lacking = _lacking(step.session, ticket)
        if lacking:
            return f"{said}; {lacking}"
        return said + carry_out(step, desk, ticket) + where_upheld(step.session, ticket)

    return one_step(desk, number, work, dry_run=dry_run)


def _check_due(session: Session, ticket: TicketRow) -> None:
    if ticket.status is Status.APPROVAL and _lacking(session, ticket) is None:
        raise NotAllowedError(
            f"ticket {ticket.number} is approved already: nothing is due",
            hint=f"dsr answer {ticket.number}",
        )


def check_lawful(step: Step, ticket: TicketRow) -> None:
    """Refuse to approve what may not be decided any more: a rule changed, or a hold came since.

    Raises:
        NotAllowedError: A hard stop forbids it; the ground, the rule and its article are named.
    """
    if ticket.status is not Status.APPROVAL:
        return  # the workflow says why
    session = step.session
    rule = office.kind_rule(ticket.kind, ticket.scope)
    items = ticket_facts.items_of(session, ticket.number)
    objections = ticket_facts.item_objections(ticket, items, step.today)
    objection = next(iter(objections), None)
    if objection is None and rule.erases:
        held = [row.number for row in items if row.held_at and row.proposal is Proposal.GRANT]
        objection = (
            f"item {held[0]} came under a legal hold since it was proposed" if held else None
        )
    objection = objection or answer_objection(session, ticket)
    if objection:
        raise NotAllowedError(
            objection, hint=f'dsr return {ticket.number} --why "it may not be decided like this"'
        )
    check_repeated(session, ticket, items)


def in_words(session: Session, ticket: TicketRow) -> str:
    """Return what an approver approves: outcome, items, plan, copy, letter, and why he is asked."""
    from dsr.services.letters import answer_letter

    rule = office.kind_rule(ticket.kind, ticket.scope)
    items = ticket_facts.items_of(session, ticket.number)
    approval = ticket_facts.approval_of(session, ticket, rule, items)
    plan, copy = session.get(PlanRow, ticket.number), session.get(PackageRow, ticket.number)
    assert ticket.outcome is not None
    said = [
        f"{ticket.kind} as {ticket.outcome}",
        *map(_item_in_words, items),
        f"{plan.cells} cells change and {plan.rows} rows go" if plan else "",
        f"a copy of {copy.rows} rows, {copy.redacted} values of others covered" if copy else "",
        f"the letter '{answer_letter(ticket, ticket.outcome)}' in {ticket.language}",
        f"risk: {'; '.join(approval.why)}" if approval.why else "",
        "it cannot be taken back" if rule.irreversible else "",
        f"prepared by {ticket.proposed_by}",
        f"hash {(ticket.proposed_hash or '')[:12]}",
    ]
    return "; ".join(filter(None, said))


def _item_in_words(row: ItemRow) -> str:
    if row.proposal is Proposal.GRANT:
        return f"{row.number}. {row.label}: granted"
    until = row.until_on.isoformat() if row.until_on else row.until_when
    why = ", ".join(filter(None, [row.ground, row.citation, f"until {until}" if until else ""]))
    word = "kept" if row.proposal is Proposal.KEEP else "refused"
    return f"{row.number}. {row.label}: {word} ({why})"


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
    approval = ticket_facts.approval_of(session, ticket, rule, items)
    return decisions.approval_lacking(approval, ticket_facts.approver_roles(session, ticket))


def send_back(desk: Desk, number: int, why: str, *, dry_run: bool = False) -> StepView:
    """Return a proposal, or work under way, to its handler with a comment.

    Raises:
        NotAllowedError: No comment is given, or there is nothing to return.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        if not why.strip():
            raise NotAllowedError(
                "the comment (--why) is missing", hint=f"dsr return {number} --why TEXT"
            )
        dropped = drop_untouched(step, ticket)
        facts = {"tasks_dropped": dropped} if dropped else {}
        take(step, ticket, Action.RETURN, facts=facts, sealed={"why": why})
        forget_decision(step, ticket)
        ticket.outcome = None
        step.session.add(ticket)
        return "returned"

    return one_step(desk, number, work, dry_run=dry_run)
