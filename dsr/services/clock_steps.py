"""Steps that stop a ticket's clock and let it go on: a question back, and its reply."""

from dsr.domain.law import PauseReason
from dsr.domain.vocabulary import Action, LetterName
from dsr.services.desk import Desk, Step
from dsr.services.handling import end_pause, one_step
from dsr.services.steps import accept_if_no_proof_is_needed, take
from dsr.services.views import StepView
from dsr.store.tables.cases import StopRow
from dsr.store.tables.tickets import TicketRow


def clarify(desk: Desk, number: int, question: str, *, dry_run: bool = False) -> StepView:
    """Ask the requester what is meant, by letter; a clock that may pause, pauses.

    Raises:
        NotAllowedError: The kind is never held up by questions, or the ticket is not in work.
    """
    from dsr.services.letters import LetterRequest, to_send, write_letter

    def work(step: Step, ticket: TicketRow) -> str:
        accept_if_no_proof_is_needed(step, ticket)
        stop = StopRow(ticket=ticket.number, reason=PauseReason.CLARIFICATION, asked_on=step.today)
        step.session.add(stop)
        take(
            step,
            ticket,
            Action.CLARIFY,
            sealed={"question": question},
            known={"reason_given": bool(question.strip())},
        )
        write_letter(step, desk, ticket, LetterRequest(LetterName.CLARIFICATION, question=question))
        return f"the question is written; {to_send(number, LetterName.CLARIFICATION)}"

    return one_step(desk, number, work, dry_run=dry_run)


def resume(desk: Desk, number: int, why: str = "", *, dry_run: bool = False) -> StepView:
    """Go on working: the requester replied, or waited too long."""

    def work(step: Step, ticket: TicketRow) -> str:
        note = end_pause(step, ticket, PauseReason.CLARIFICATION)
        take(step, ticket, Action.RESUME, sealed={"why": why} if why else {})
        return f"in work again{note}"

    return one_step(desk, number, work, dry_run=dry_run)
