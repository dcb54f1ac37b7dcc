"""Who may approve: with four eyes by system user, two names of one user are one."""

from dataclasses import replace
from datetime import date

import pytest

from dsr.domain.vocabulary import Kind
from dsr.services.approvals import approver_objection
from dsr.services.desk import FourEyes
from dsr.services.steps import ticket_of
from dsr.store.tables.cases import ApprovalRow
from dsr.store.tables.registers import OfficerRow
from dsr.store.tables.work import PlanRow


@pytest.mark.parametrize(
    ("mode", "said"),
    [(FourEyes.USER, "the system user li-system has approved it already"), (FourEyes.ALONE, None)],
)
def test_a_user_does_not_approve_twice_under_two_names(desk, opened, mode, said):
    number = opened(Kind.DELETION)
    desk = replace(desk, office=replace(desk.office, four_eyes=mode))
    with desk.write() as step:
        step.session.add(OfficerRow(name="wang", roles=["approver"]))
        step.session.flush()
        ticket = ticket_of(step.session, number)
        ticket.proposed_hash, ticket.proposed_by = "a" * 64, "zhao"
        ticket.proposed_by_user = "zhao-system"
        step.session.add(
            ApprovalRow(
                ticket=number,
                officer="wang",
                os_user="li-system",
                hash="a" * 64,
                at=step.now,
            )
        )
        step.session.flush()
        assert approver_objection(step, desk, ticket)[0] == said


@pytest.mark.parametrize(
    ("maker", "mode", "expected"),
    [
        ("li", FourEyes.USER, ("li made the plan, and nobody approves his own work", False)),
        ("li", FourEyes.ALONE, (None, True)),
        ("wang", FourEyes.USER, (None, False)),
    ],
)
def test_who_made_the_plan_prepared_what_is_approved(desk, opened, maker, mode, expected):
    number = opened(Kind.DELETION)
    desk = replace(desk, office=replace(desk.office, four_eyes=mode))
    with desk.write() as step:
        lists = {name: [] for name in ("by_hand", "found", "undecided")}
        day, made = date(2027, 1, 1), {"sha256": "b", "items_hash": "c", "made_at": step.now}
        plan = PlanRow(ticket=number, officer=maker, destroy_on=day, **made, **lists)
        step.session.add(plan)
        ticket = ticket_of(step.session, number)
        ticket.proposed_hash, ticket.proposed_by = "a" * 64, "zhao"
        ticket.proposed_by_user = "zhao-system"
        step.session.flush()
        assert approver_objection(step, desk, ticket) == expected
