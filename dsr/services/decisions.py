"""Proposing a decision: to a second officer where one is due, else it stands at once."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlmodel import Session

from dsr.domain import decisions
from dsr.domain.vocabulary import Action, Outcome, Status
from dsr.domain.workflow import STEPS, step_for
from dsr.errors import NotAllowedError
from dsr.rules import office
from dsr.services import facts as ticket_facts
from dsr.services.approvers import due_from
from dsr.services.complaints import check_measures, judged_outcome
from dsr.services.desk import Desk, Step
from dsr.services.facts import gather
from dsr.services.fulfilment import carry_out
from dsr.services.handling import one_step
from dsr.services.items import UNDECIDED, Decision, prepare
from dsr.services.owed import check_items, check_words, lasting
from dsr.services.prefilling import check_referred
from dsr.services.related import reviewer_objection
from dsr.services.remarks import asked_before, other_language, remarks
from dsr.services.repeats import check_repeated
from dsr.services.reviewing import check_planner, check_test
from dsr.services.silence import check_answer
from dsr.services.statements import results_of
from dsr.services.steps import accept_if_no_proof_is_needed, take
from dsr.services.suppressing import suppress
from dsr.services.views import StepView
from dsr.store.log import canonical
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PackageRow, PlanRow

#: How a decision that was made is taken up again, by where its ticket stands.
_BACK = {
    Status.APPROVAL: "return",
    Status.FULFILLING: "return",
    Status.ANSWERED: "reopen",
    Status.CLOSED: "reopen",
}
#: Where what was decided waits for its next step.
_AWAITED = frozenset({Status.WORKING, Status.APPROVAL, Status.FULFILLING})


def propose(desk: Desk, number: int, decision: Decision, *, dry_run: bool = False) -> StepView:
    """Propose a decision: to a second officer where one is due, else it stands at once.

    Without anything said, everything that was found is granted.

    Raises:
        NotAllowedError: Something is missing, or a hard stop of the rules forbids it.
        NotFoundError: An item or a ground is unknown.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        return put_forward(step, desk, ticket, decision)

    return one_step(desk, number, work, dry_run=dry_run)


def put_forward(step: Step, desk: Desk, ticket: TicketRow, decision: Decision) -> str:
    """Propose a decision within a transaction; return what was done, in words."""
    accept_if_no_proof_is_needed(step, ticket)
    _check_status(step, ticket, decision)
    before = lasting(step, ticket) if decision.draft and decision.less else frozenset()
    given = prepare(step, ticket, decision)
    check_items(step, ticket, decision, given=given, before=before)
    if decision.draft:
        facts: dict[str, Any] = {"drafted": len(decision.less)}
        if decision.by is not None:
            facts["items_by"] = decision.by.value
        take(step, ticket, Action.NOTE, facts=facts)
        said = other_language(step.session, ticket) + asked_before(step.session, ticket)
        return f"drafted{said}"
    return _put_forward(step, desk, ticket, decision)


def _check_status(step: Step, ticket: TicketRow, decision: Decision) -> None:
    """Refuse what a ticket's status does not take, before anything else is asked of it."""
    if (ticket.status, Action.PROPOSE) in STEPS:
        return
    if decision.draft:
        if ticket.status in UNDECIDED:
            return
        raise NotAllowedError(
            f"a ticket in status {ticket.status} takes no draft: its decision is made",
            hint=f"dsr {_BACK[ticket.status]} {ticket.number} --why TEXT",
        )
    gathered = gather(step.session, ticket, step.today)
    step_for(ticket.status, Action.PROPOSE, gathered, ticket.number)


def _put_forward(step: Step, desk: Desk, ticket: TicketRow, decision: Decision) -> str:
    rule = office.kind_rule(ticket.kind, ticket.scope)
    items = ticket_facts.items_of(step.session, ticket.number)
    approval = ticket_facts.approval_of(step.session, ticket, rule, items)
    ticket.proposed_by, ticket.proposed_by_user = step.officer, step.os_user
    ticket.approvals_due = approval.count
    check_referred(step.session, ticket, items)
    check_repeated(step.session, ticket, items)
    ticket.outcome = outcome_of(step.session, ticket)
    check_words(step.session, ticket, decision)
    check_test(ticket, items)
    check_measures(ticket)
    check_answer(step.session, ticket, "type it again in neutral words (--reason, --say)")
    ticket.proposed_hash = decision_hash(step.session, ticket)
    facts = {
        "hash": ticket.proposed_hash,
        "outcome": ticket.outcome.value,
        "items": [[row.number, row.proposal.value, row.ground] for row in items],
        "approvals": approval.count,
        "why": list(approval.why),
        **results_of(ticket),
    }
    check_planner(step, desk, ticket)
    known = {"reviewer_objection": reviewer_objection(step, desk, ticket)}
    said = remarks(step, ticket, rule, decision)
    if approval.count:
        take(step, ticket, Action.PROPOSE, facts=facts, known=known)
        due = due_from(step, desk, ticket, approval)
        return f"proposed as {ticket.outcome}; {due}{said}"
    take(step, ticket, Action.DECIDE, facts=facts, known=known)
    ticket.decided = True
    step.session.add(ticket)
    suppress(step, ticket)  # at once: what is carried out comes after it
    return f"decided as {ticket.outcome}{carry_out(step, desk, ticket)}{said}"


def outcome_of(session: Session, ticket: TicketRow) -> Outcome:
    """Return how a ticket ends with its items as they stand; a complaint, by its result."""
    if (judged := judged_outcome(ticket)) is not None:
        return judged
    items = ticket_facts.as_items(ticket_facts.items_of(session, ticket.number))
    return decisions.outcome(items, office.grounds(), office.kind_rule(ticket.kind, ticket.scope))


def decision_hash(session: Session, ticket: TicketRow) -> str:
    """Return the hash that is approved: of items, package, plan, and the letter's making."""
    return hash_of(decision_body(session, ticket))


def is_unchanged(session: Session, ticket: TicketRow) -> bool:
    """Return whether a decision is still what was proposed; what nobody proposed cannot differ."""
    return ticket.proposed_hash in {None, decision_hash(session, ticket)}


def still_stands(session: Session, ticket: TicketRow) -> bool:
    """Return whether the next step of a ticket may be to approve or answer what was proposed."""
    if ticket.proposed_hash is None or ticket.status not in _AWAITED:
        return True
    known = office.grounds()
    rows = ticket_facts.items_of(session, ticket.number)
    if any(row.ground and row.ground not in known for row in rows):
        return False  # a rule went: no letter can be made of it
    return is_unchanged(session, ticket)


def hash_of(body: Mapping[str, Any]) -> str:
    """Return the hash of a decision as it stands."""
    return sha256(canonical(body).encode()).hexdigest()


def decision_body(session: Session, ticket: TicketRow) -> dict[str, Any]:
    """Return everything that is approved with a decision, as its hash is made from it.

    A legal hold on an item is none of it: it comes when it must, and forbids by itself.
    """
    from dsr.services.letters import answer_letter, template_of
    from dsr.services.promised import made_from

    rows = ticket_facts.items_of(session, ticket.number)
    package = session.get(PackageRow, ticket.number)
    plan = session.get(PlanRow, ticket.number)
    name = answer_letter(ticket, outcome_of(session, ticket))
    return {
        "ticket": ticket.number,
        "kind": ticket.kind.value,
        "scope": ticket.scope,
        "laws": dict(ticket.laws),
        "minor": ticket.minor,
        "items": [row.model_dump(mode="json", exclude={"held_at"}) for row in rows],
        "statements": ticket.statements,
        "package": package.sha256 if package else None,
        "plan": plan.sha256 if plan else None,
        "letter": name.value,
        "language": ticket.language,
        "template": template_of(name, ticket.language),
        "made_from": made_from(session, ticket, name),
    }
