"""Who looks again: at an automated decision, at a refusal. The one who decided does not."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from dsr.domain.vocabulary import Kind, Outcome, TaskKind, TaskState
from dsr.errors import NotAllowedError, UsageError
from dsr.rules import office
from dsr.services.desk import Desk, Step
from dsr.services.related import is_same, of_the_person, works_alone
from dsr.store.tables.cases import ApprovalRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PlanRow, TaskRow

#: What a person who looked again at an automated decision says of it.
RESULTS = ("upheld", "changed")
#: Words of the answer that the review itself gives.
REVIEWED = frozenset({"review_result", "finding"})


def check_review(
    step: Step, desk: Desk, ticket: TicketRow, *, task: TaskRow, result: str | None
) -> dict[str, Any]:
    """Let a human review end only by somebody who decided nothing in the ticket, with a result.

    Returns:
        What the trail says of who reviewed; of other work nothing.

    Raises:
        UsageError: No result is said, or one of work that has none.
        NotAllowedError: The officer prepared or approved the answer, another one is named as the
            reviewer in the source, or the approved answer says another result.
    """
    if task.kind is not TaskKind.HUMAN_REVIEW:
        if result is not None:
            raise UsageError(
                f"a task of kind {task.kind} has no such result",
                hint=f"dsr task done {ticket.number} {task.number} --proof TEXT",
            )
        return {}
    if result not in RESULTS:
        raise UsageError(
            "a review says what became of the decision", hint="--result upheld|changed"
        )
    said = (ticket.statements or {}).get("review_result")
    if said not in {None, "", result}:
        raise NotAllowedError(
            f"the answer that was proposed says {said}",
            hint=f'dsr return {ticket.number} --why "the review says {result}"',
        )
    objection = _objection(step, desk, ticket)
    if objection and not works_alone(step, desk):
        raise NotAllowedError(
            objection, hint=f"dsr task done {ticket.number} {task.number} --as OFFICER"
        )
    return {"alone": objection is not None, "four_eyes": desk.office.four_eyes.value}


def _objection(step: Step, desk: Desk, ticket: TicketRow) -> str | None:
    from dsr.services.facts import valid_approvals

    plan = step.session.get(PlanRow, ticket.number)
    if plan is not None and plan.officer != step.officer:
        return f"the plan names {plan.officer} as the one who reviewed"
    if _decided(ticket, valid_approvals(step.session, ticket), step, desk):
        return f"{step.officer} decided in ticket {ticket.number}, and somebody else reviews"
    return None


def _decided(ticket: TicketRow, approvals: Sequence[ApprovalRow], step: Step, desk: Desk) -> bool:
    """Tell whether the officer, or the same system user, prepared or approved the answer."""
    deciders = [(ticket.proposed_by, ticket.proposed_by_user)]
    deciders += [(each.officer, each.os_user) for each in approvals]
    return any(is_same(step, desk, *each) for each in deciders)


def plan_objection(step: Step, desk: Desk, ticket: TicketRow) -> str | None:
    """Return why a plan may not be put forward: it names the preparer as the reviewer (or None)."""
    plan = step.session.get(PlanRow, ticket.number)
    if plan is None or plan.officer != step.officer or not is_reviewed(ticket):
        return None
    if works_alone(step, desk):
        return None
    return f"the plan names {step.officer} as the one who reviews, and whoever reviews plans"


def is_reviewed(ticket: TicketRow) -> bool:
    """Tell whether a person looks again before the answer, and says what is told."""
    return TaskKind.HUMAN_REVIEW in office.kind_rule(ticket.kind, ticket.scope).tasks


def found_by_review(tasks: Sequence[TaskRow]) -> dict[str, Any]:
    """Return what a letter says of a review that was done: its result, and what was found."""
    for task in tasks:
        if task.kind is TaskKind.HUMAN_REVIEW and task.state is TaskState.DONE and task.code:
            return {"review_result": task.code, "finding": task.result or ""}
    return {}


def where_upheld(session: Session, ticket: TicketRow) -> str:
    """Return what is typed where a complaint is upheld: each refusal it may be about."""
    if ticket.kind is not Kind.COMPLAINT:
        return ""
    refused = {Outcome.REFUSED, Outcome.PARTLY_REFUSED, Outcome.NOT_APPLICABLE}
    numbers = [each.number for each in of_the_person(session, ticket) if each.outcome in refused]
    commands = " or ".join(f"dsr reopen {number} --why TEXT" for number in numbers)
    return f"; where it is upheld: {commands}" if commands else ""
