"""Who looks again at an automated decision: not who decided, and not whose system it was."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from dsr.domain.office import Means
from dsr.domain.vocabulary import Proposal, TaskKind, TaskState
from dsr.errors import NotAllowedError, UsageError
from dsr.rules import office
from dsr.services.catalogue import load
from dsr.services.desk import Desk, Step
from dsr.services.related import is_same, works_alone
from dsr.store.tables.cases import ApprovalRow, ItemRow
from dsr.store.tables.registers import OfficerRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PlanRow, TaskRow

#: What a person who looked again at an automated decision says of it.
RESULTS = ("upheld", "changed")
#: Words of the answer that the review itself gives.
REVIEWED = frozenset({"review_result", "finding"})


def check_review(
    step: Step,
    desk: Desk,
    ticket: TicketRow,
    *,
    task: TaskRow,
    result: str | None,
    not_owner: bool = False,
) -> dict[str, Any]:
    """Let a human review end only by somebody who decided nothing in the ticket, with a result.

    Args:
        step: Who reviewed.
        desk: The desk.
        ticket: The ticket.
        task: Its task; of another kind nothing is checked.
        result: What became of the automated decision.
        not_owner: He says that the system which decided is not his; needed where nobody is known.

    Returns:
        What the trail says of who reviewed; of other work nothing.

    Raises:
        UsageError: No result is said, or nobody knows whose the system is and he does not say so.
        NotAllowedError: The officer prepared or approved the answer, owns the system, another one
            is named as the reviewer in the source, or the approved answer says another result.
    """
    if task.kind is not TaskKind.HUMAN_REVIEW:
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
    owners = owners_of(step.session, ticket)
    objection = _objection(step, desk, ticket) or _owns(step, desk, owners)
    if objection and not works_alone(step, desk):
        raise NotAllowedError(
            objection, hint=f"dsr task done {ticket.number} {task.number} --as OFFICER"
        )
    unknown = sorted(source for source, owner in owners.items() if not owner)
    if unknown and not not_owner:
        raise UsageError(
            f"nobody is known to own {', '.join(unknown)}: who reviews says that he does not",
            hint="--not-owner, or owner: in the datamap",
        )
    return {
        "alone": objection is not None,
        "four_eyes": desk.office.four_eyes.value,
        "not_owner": not_owner,
        "owners": sorted(set(filter(None, owners.values()))),
    }


def owners_of(session: Session, ticket: TicketRow) -> dict[str, str]:
    """Return who owns each system whose decision is reviewed; "" where no datamap tells it.

    That is where the datamap says how a review is noted; where it does not, wherever something of
    what was granted is; and where no datamap tells of anything, the office's own.
    """
    from dsr.services.tasking import concerned

    catalogue = load(session)
    names = office.kind_rule(ticket.kind, ticket.scope).measures
    reached = concerned(session, ticket, catalogue)
    noted = [place for place, table in reached.items() if set(names) & table.measures.keys()]
    sources = dict.fromkeys(source for source, _ in noted or reached) or {"office": None}
    found = {source: catalogue.dataset(source) for source in sources}
    return {source: dataset.owner if dataset else "" for source, dataset in found.items()}


def _owns(step: Step, desk: Desk, owners: Mapping[str, str]) -> str | None:
    for source, name in owners.items():
        row = step.session.get(OfficerRow, name) if name else None
        if name and is_same(step, desk, name, row.os_user if row else None):
            return f"{name} owns {source}, whose decision is reviewed, and somebody else reviews"
    return None


def check_test(ticket: TicketRow, items: Sequence[ItemRow]) -> None:
    """Let a review be decided only when it is recorded whether the decision weighs on the person.

    Where it does, that is no ground to refuse; where it does not, it is still explained.

    Raises:
        NotAllowedError: The test or its reason is missing, or contradicts what is proposed.
    """
    if not is_reviewed(ticket):
        return
    said, propose = ticket.statements or {}, f"dsr propose {ticket.number}"
    words = office.kind_rule(ticket.kind, ticket.scope).citation
    if said.get("significant") is None:
        raise NotAllowedError(
            f"whether the decision affects the person's rights significantly is not said ({words})",
            hint=f"{propose} --say significant=yes|no --say significance=TEXT",
        )
    if not said.get("significance"):
        raise NotAllowedError(
            f"why significant={said['significant']} is not said ({words})",
            hint=f"{propose} --say significance=TEXT",
        )
    not_met = office.ground_for(Means.NOT_MET).code
    if all(row.proposal is Proposal.GRANT or row.ground != not_met for row in items):
        return
    if said["significant"] == "yes":
        raise NotAllowedError(
            f"the decision was said to affect rights significantly: {not_met} does not hold",
            hint=f"{propose}, or --say significant=no",
        )
    for name in ("decision_logic", "data_used"):
        if not said.get(name):
            raise NotAllowedError(
                f"an automated decision is explained though it is not reviewed: {name} is missing",
                hint=f"dsr propose {ticket.number} --draft --say {name}=TEXT, then dsr refuse",
            )


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


def check_planner(step: Step, desk: Desk, ticket: TicketRow) -> None:
    """Let a review be put forward only where its plan names somebody who may review.

    Raises:
        NotAllowedError: It names the preparer, or who owns the system whose decision is reviewed.
    """
    plan = step.session.get(PlanRow, ticket.number)
    if plan is None or not is_reviewed(ticket) or works_alone(step, desk):
        return
    named = f"the plan names {plan.officer} as the one who reviews"
    hint = f"dsr plan {ticket.number} --as OFFICER"
    if plan.officer in set(owners_of(step.session, ticket).values()):
        raise NotAllowedError(f"{named}, and the system is his", hint=hint)
    if plan.officer == step.officer:
        raise NotAllowedError(f"{named}, and whoever reviews plans", hint=hint)


def is_reviewed(ticket: TicketRow) -> bool:
    """Tell whether a person looks again before the answer, and says what is told."""
    return TaskKind.HUMAN_REVIEW in office.kind_rule(ticket.kind, ticket.scope).tasks


def found_by_review(tasks: Sequence[TaskRow]) -> dict[str, Any]:
    """Return what a letter says of a review that was done: its result, and what was found."""
    for task in tasks:
        if task.kind is TaskKind.HUMAN_REVIEW and task.state is TaskState.DONE and task.code:
            return {"review_result": task.code, "finding": task.result or ""}
    return {}
