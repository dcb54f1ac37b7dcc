"""Ending a ticket without a decision of its own, closing an answered one, and reopening."""

from collections.abc import Mapping
from dataclasses import dataclass

from dsr.domain.vocabulary import Action, LetterName, Outcome, Status
from dsr.errors import UsageError
from dsr.services.desk import Desk, Step
from dsr.services.handling import one_step
from dsr.services.steps import take, ticket_of
from dsr.services.views import StepView
from dsr.store.tables.tickets import TicketRow

#: The letter of each end without a decision.
CLOSING_LETTERS: Mapping[Outcome, LetterName] = {
    Outcome.WITHDRAWN: LetterName.WITHDRAWN,
    Outcome.LAPSED: LetterName.LAPSE,
    Outcome.DUPLICATE: LetterName.DUPLICATE,
    Outcome.NOT_A_REQUEST: LetterName.NOT_A_REQUEST,
}


@dataclass(frozen=True, slots=True)
class Closing:
    """How a ticket ends without a decision.

    Attributes:
        outcome: Withdrawn, lapsed, duplicate or no request.
        why: What happened, for the file.
        of: The ticket that a duplicate repeats.
        no_letter: Why no letter is possible; empty writes the closing letter.
    """

    outcome: Outcome
    why: str
    of: int | None = None
    no_letter: str = ""


def close(
    desk: Desk, number: int, closing: Closing | None = None, *, dry_run: bool = False
) -> StepView:
    """Close a ticket: an answered one whose tasks are done, or one that ends without a decision.

    Raises:
        UsageError: The ticket is not answered and no outcome is named.
        NotAllowedError: The workflow forbids that end.
        NotFoundError: The ticket that a duplicate repeats is not there.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        if ticket.status is Status.ANSWERED and closing is None:
            take(step, ticket, Action.FINISH)
            return "closed"
        if closing is None:
            raise UsageError(
                f"ticket {number} has no answer yet", hint=f"dsr close {number} --as withdrawn"
            )
        return _end(step, desk, ticket, closing)

    return one_step(desk, number, work, dry_run=dry_run)


def _end(step: Step, desk: Desk, ticket: TicketRow, closing: Closing) -> str:
    from dsr.services.letters import LetterRequest, write_letter

    earlier = _repeated(step, ticket, closing)
    known = {"closing_as": closing.outcome, "reason_given": bool(closing.why.strip())}
    sealed = {"why": closing.why}
    if closing.no_letter:
        sealed["no_letter"] = closing.no_letter
    facts = {"outcome": closing.outcome.value, "of": closing.of}
    take(step, ticket, Action.CLOSE, facts=facts, sealed=sealed, known=known)
    ticket.outcome = closing.outcome
    step.session.add(ticket)
    if closing.no_letter:
        return f"closed as {closing.outcome} without a letter"
    letter = CLOSING_LETTERS[closing.outcome]
    write_letter(step, desk, ticket, LetterRequest(letter, reason=closing.why, earlier=earlier))
    return f"closed as {closing.outcome}; the letter is written"


def _repeated(step: Step, ticket: TicketRow, closing: Closing) -> TicketRow | None:
    if closing.outcome is not Outcome.DUPLICATE:
        return None
    if closing.of is None or closing.of == ticket.number:
        raise UsageError("a duplicate repeats another ticket", hint="--of NUMBER")
    return ticket_of(step.session, closing.of)


def reopen(desk: Desk, number: int, why: str, *, dry_run: bool = False) -> StepView:
    """Take an answered or closed ticket into work again; its clocks go on as they were.

    Raises:
        NotAllowedError: No reason is given, or the ticket is open.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        known = {"reason_given": bool(why.strip())}
        before = ticket.outcome.value if ticket.outcome else None
        take(
            step,
            ticket,
            Action.REOPEN,
            facts={"outcome_before": before},
            sealed={"why": why},
            known=known,
        )
        forget_decision(step, ticket)
        return "in work again"

    return one_step(desk, number, work, dry_run=dry_run)


def forget_decision(step: Step, ticket: TicketRow) -> None:
    """Void what was decided and approved; the items stay, to be decided anew."""
    from dsr.services.facts import valid_approvals

    for approval in valid_approvals(step.session, ticket):
        approval.void = True
        step.session.add(approval)
    ticket.decided = False
    ticket.proposed_hash = ticket.proposed_by = ticket.proposed_by_user = None
    step.session.add(ticket)
