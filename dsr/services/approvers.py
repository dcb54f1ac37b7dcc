"""Who may approve what another officer prepared. Approves nothing."""

from dsr.domain.decisions import APPROVING_ROLES
from dsr.services.desk import AtWork, Desk
from dsr.services.related import is_same, reviewer_objection, works_alone
from dsr.store.light import APPROVAL, PLAN
from dsr.store.standing import rows_of
from dsr.store.tables.tickets import TicketRow


def approver_objection(step: AtWork, desk: Desk, ticket: TicketRow) -> tuple[str | None, bool]:
    """Return why this officer may not approve (or None), and whether the office is one alone."""
    if not step.roles & APPROVING_ROLES:
        return f"{step.officer} is neither approver nor legal", False
    objection = _approved_already(step, desk, ticket) or reviewer_objection(
        step, desk, ticket, judges=True
    )
    if objection:
        return objection, False
    same = is_same(step, desk, ticket.proposed_by, ticket.proposed_by_user)
    if same and not works_alone(step, desk):
        return f"{step.officer} prepared it, and nobody approves his own proposal", False
    planned = _planned(step, ticket)
    if planned and not works_alone(step, desk):
        return f"{step.officer} made the plan, and nobody approves his own work", False
    return None, same or planned


def _planned(step: AtWork, ticket: TicketRow) -> bool:
    """Tell whether the officer made the plan; of its maker no system user is known."""
    plans = rows_of(step.session, PLAN, ticket.number)
    return any(plan.officer == step.officer for plan in plans)


def _approved_already(step: AtWork, desk: Desk, ticket: TicketRow) -> str | None:
    for given in rows_of(step.session, APPROVAL, ticket.number):
        counts = given.hash == ticket.proposed_hash and not given.void
        if counts and is_same(step, desk, given.officer, given.os_user):
            is_named = given.officer == step.officer
            who = step.officer if is_named else f"the system user {step.os_user}"
            return f"{who} has approved it already"
    return None
