"""Who may approve what another officer prepared. Approves nothing."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session

from dsr.domain.decisions import APPROVING_ROLES, Approval
from dsr.domain.vocabulary import OfficerRole
from dsr.services.desk import AtWork, Desk
from dsr.services.related import is_same, reviewer_objection, works_alone
from dsr.store.light import APPROVAL, OFFICER, PLAN
from dsr.store.standing import rows_of
from dsr.store.tables.tickets import TicketRow

#: So many officers are named.
_NAMED = 5


@dataclass(slots=True)
class _Asked:
    """An officer of whom it is asked whether he may approve."""

    session: Session
    officer: str
    os_user: str
    roles: frozenset[OfficerRole]


def due_from(step: AtWork, desk: Desk, ticket: TicketRow, approval: Approval) -> str:
    """Return how many approvals are due, and who may give them, in words."""
    may = _who_may(step, desk, ticket)
    alone = approval.roles if approval.count == 1 else ()
    names = [name for name, roles in may.items() if roles.issuperset(alone)]
    said = f"{approval.count} approval{'s' * (approval.count > 1)} due"
    if len(names) < approval.count or not _held(approval.roles, may.values()):
        roles = ",".join(approval.roles) or "approver"
        return f"{said}, and too few officers may give it: dsr officer add NAME --roles {roles}"
    if alone:
        return f"{said}, by {_either(names)} ({' and '.join(alone)})"
    role = f"; one of them {' and '.join(approval.roles)}" if approval.roles else ""
    return f"{said}, by {_either(names)}{role}"


def _held(roles: Collection[OfficerRole], given: Collection[Collection[OfficerRole]]) -> bool:
    return all(any(role in each for each in given) for role in roles)


def _either(names: list[str]) -> str:
    shown = names[:_NAMED]
    rest = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    *most, last = [*shown, *rest]
    return f"{', '.join(most)} or {last}" if most else last


def _who_may(step: AtWork, desk: Desk, ticket: TicketRow) -> dict[str, frozenset[OfficerRole]]:
    """Return the officers who may approve a ticket, with their roles."""
    step.session.flush()
    query = select(OFFICER).where(OFFICER.c.active).order_by(OFFICER.c.name)
    rows = step.session.connection().execute(query).all()
    asked = [
        _Asked(step.session, row.name, row.os_user or "", frozenset(map(OfficerRole, row.roles)))
        for row in rows
    ]
    return {
        each.officer: each.roles
        for each in asked
        if approver_objection(each, desk, ticket)[0] is None
    }


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
    """Tell whether the officer made the plan as it is; of its maker no system user is known.

    Who made one that was made anew by somebody else has no part in it.
    """
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
