"""Recording what a person gave up in writing. Judges nothing."""

from dsr.domain.vocabulary import Action
from dsr.errors import NotAllowedError
from dsr.services.desk import Desk, Step
from dsr.services.handling import one_step
from dsr.services.related import WAIVED, erases
from dsr.services.steps import take
from dsr.services.views import StepView
from dsr.store.tables.tickets import TicketRow


def waive_access(desk: Desk, number: int, why: str, *, dry_run: bool = False) -> StepView:
    """Record that the person gave up, in writing, being answered before the data are erased.

    Raises:
        NotAllowedError: The ticket erases nothing, or no reason is given.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        if not erases(ticket.kind):
            raise NotAllowedError(f"a {ticket.kind} erases nothing", hint=f"dsr show {number}")
        if not why.strip():
            raise NotAllowedError("no reason is given", hint='--waive-access "letter of ..."')
        take(step, ticket, Action.NOTE, facts={WAIVED: True}, sealed={"why": why})
        return "waived: the data may be erased before the access is answered"

    return one_step(desk, number, work, dry_run=dry_run)
