"""Proposing a decision: to a second officer where one is due, else it stands at once."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, select

from dsr.domain import decisions
from dsr.domain.office import KindRule
from dsr.domain.vocabulary import Action, Outcome
from dsr.errors import NotAllowedError
from dsr.rules import office
from dsr.services import facts as ticket_facts
from dsr.services.complaints import check_measures
from dsr.services.desk import Desk, Step
from dsr.services.fulfilment import carry_out
from dsr.services.handling import one_step
from dsr.services.items import Decision, prepare
from dsr.services.prefilling import check_referred
from dsr.services.related import reviewer_objection
from dsr.services.repeats import check_repeated, earlier_answers
from dsr.services.reviewing import REVIEWED, check_planner, check_test, is_reviewed
from dsr.services.statements import IN_GENERAL, WORDS, results_of
from dsr.services.steps import accept_if_no_proof_is_needed, take
from dsr.services.suppressing import suppress
from dsr.services.views import StepView
from dsr.store.log import canonical
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PackageRow, PlanRow, SearchRow


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
    prepare(step, ticket, decision)
    if decision.draft:
        facts: dict[str, Any] = {"drafted": len(decision.less)}
        if decision.by is not None:
            facts["items_by"] = decision.by.value
        take(step, ticket, Action.NOTE, facts=facts)
        return f"drafted{_answered_before(step.session, ticket)}"
    return _put_forward(step, desk, ticket)


def _put_forward(step: Step, desk: Desk, ticket: TicketRow) -> str:
    rule = office.kind_rule(ticket.kind, ticket.scope)
    items = ticket_facts.items_of(step.session, ticket.number)
    approval = ticket_facts.approval_of(ticket, rule, items)
    ticket.proposed_by, ticket.proposed_by_user = step.officer, step.os_user
    ticket.approvals_due = approval.count
    if objection := next(iter(ticket_facts.item_objections(ticket, rule, items)), None):
        raise NotAllowedError(objection, hint=_option_for(objection, ticket.number))
    check_referred(step.session, ticket, items)
    check_repeated(step.session, ticket, items)
    check_test(ticket, items)
    check_measures(ticket)
    ticket.outcome = outcome_of(step.session, ticket)
    _owe_nothing(step.session, ticket)
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
    by_hand = _covered(step, ticket) + _by_hand(step, ticket, rule)
    by_hand += _answered_before(step.session, ticket)
    if approval.count:
        take(step, ticket, Action.PROPOSE, facts=facts, known=known)
        roles = " and ".join(approval.roles) or "approver"
        return f"proposed as {ticket.outcome}; {approval.count} approval due ({roles}){by_hand}"
    take(step, ticket, Action.DECIDE, facts=facts, known=known)
    ticket.decided = True
    step.session.add(ticket)
    suppress(step, ticket)  # at once: what is carried out comes after it
    return f"decided as {ticket.outcome}{carry_out(step, desk, ticket)}{by_hand}"


def _answered_before(session: Session, ticket: TicketRow) -> str:
    """Say that the same person got an answer to the same right, and what is different since."""
    if office.kind_rule(ticket.kind, ticket.scope).stops_marketing:
        return ""  # it may be said as often as one likes
    earlier = next(iter(earlier_answers(session, ticket)), None)
    return f"; {earlier.said}" if earlier is not None else ""


def _covered(step: Step, ticket: TicketRow) -> str:
    """Say that rows of the copy tell of somebody else: whose they are is looked at."""
    row = step.session.get(PackageRow, ticket.number)
    if row is None or not row.redacted:
        return ""
    return f"; {row.redacted} values of others are covered: dsr export {ticket.number} --review DIR"


def _by_hand(step: Step, ticket: TicketRow, rule: KindRule) -> str:
    """Say that the work in the systems is left to people, where nobody made a plan of it."""
    granted = ticket.outcome not in {Outcome.REFUSED, Outcome.NO_DATA, Outcome.NOT_APPLICABLE}
    planned = step.session.get(PlanRow, ticket.number) is not None
    if planned or not granted or not rule.changes_systems:
        return ""
    return "; no plan was made: the work in the systems is done by hand"


#: What an objection to an item says -> the option that meets it.
_OPTIONS = {
    "citation": "--citation",
    "needs evidence": "--evidence",
    "needs an alternative": "--alternative",
    "until when": "--until",
    "no reason to the person": "--reason",
    "no internal reason": "--internal",
}


def _option_for(objection: str, number: int) -> str:
    """Return the option that an item lacks; where none would do, another ground is chosen."""
    for words, option in _OPTIONS.items():
        if words in objection:
            return f"type it again with {option}"
    return f"choose another ground, or grant it: dsr propose {number} --grant ITEM"


def _owe_nothing(session: Session, ticket: TicketRow) -> None:
    """Refuse a decision whose answer owes words that only an officer can say."""
    from dsr.services.letter_duties import needs_under
    from dsr.services.letters import answer_letter

    assert ticket.outcome is not None
    needs = needs_under(ticket, answer_letter(ticket, ticket.outcome))
    said = {name for name, value in (ticket.statements or {}).items() if value} | IN_GENERAL
    if session.exec(select(SearchRow.at).where(col(SearchRow.ticket) == ticket.number)).first():
        said.add("holdings")
    if is_reviewed(ticket):
        said |= REVIEWED
    for need in needs:
        names = need.split("|")
        owed = [name for name in names if name in WORDS]
        if owed and said.isdisjoint(names):
            raise NotAllowedError(
                f"the answer owes words: {owed[0]} ({needs[need]})",
                hint=f'dsr propose {ticket.number} --say {owed[0]}="..."',
            )


def outcome_of(session: Session, ticket: TicketRow) -> Outcome:
    """Return how a ticket ends with its items as they stand."""
    items = ticket_facts.as_items(ticket_facts.items_of(session, ticket.number))
    return decisions.outcome(items, office.grounds(), office.kind_rule(ticket.kind, ticket.scope))


def decision_hash(session: Session, ticket: TicketRow) -> str:
    """Return the hash that is approved: of items, package, plan, and the letter's making."""
    return hash_of(decision_body(session, ticket))


def is_unchanged(session: Session, ticket: TicketRow) -> bool:
    """Return whether a decision is still what was proposed; what nobody proposed cannot differ."""
    return ticket.proposed_hash in {None, decision_hash(session, ticket)}


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
