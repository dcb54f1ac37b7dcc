"""Who may approve: with four eyes by system user, two names of one user are one."""

from dataclasses import replace

import pytest

from dsr.domain.vocabulary import Kind
from dsr.services.approvals import approver_objection
from dsr.services.desk import FourEyes
from dsr.services.steps import ticket_of
from dsr.store.tables.cases import ApprovalRow
from dsr.store.tables.registers import OfficerRow


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
