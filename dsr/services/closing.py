"""Ending a ticket without a decision of its own, closing an answered one, and reopening."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dsr.domain.vocabulary import Action, LetterName, Outcome, Status
from dsr.errors import DsrError, NotAllowedError, UsageError
from dsr.services.case_letters import share
from dsr.services.complaints import check_upheld
from dsr.services.desk import Desk, Step
from dsr.services.handling import after, one_step
from dsr.services.letters import LetterRequest, to_send, write_letter
from dsr.services.lifting import settle
from dsr.services.linking import keep_first_receipt
from dsr.services.repeats import check_duplicate
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


#: Where a ticket may still turn out to be no request at all.
_NOT_YET_JUDGED = frozenset({Status.RECEIVED, Status.VERIFYING, Status.WAITING})


@dataclass(frozen=True, slots=True)
class Closing:
    """How a ticket ends without a decision.

    Attributes:
        outcome: Withdrawn, lapsed, duplicate or no request.
        why: What happened, for the file alone.
        of: The ticket that a duplicate repeats.
        no_letter: Why no letter is possible; empty writes the closing letter.
        reason: What the closing letter says besides.
        withdrawn_on: The day on which the person took the request back; today where not said.
    """

    outcome: Outcome
    why: str
    of: int | None = None
    no_letter: str = ""
    reason: str = ""
    withdrawn_on: date | None = None


def close(
    desk: Desk, number: int, closing: Closing | None = None, *, dry_run: bool = False
) -> StepView:
    """Close a ticket: an answered one whose tasks are done, or one that ends without a decision.

    Raises:
        UsageError: The ticket is not answered and no outcome is named; or a value does not fit it.
        NotAllowedError: The workflow forbids that end, or a duplicate repeats no such request.
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


def close_case(
    desk: Desk, numbers: Sequence[int], closing: Closing, *, dry_run: bool = False
) -> Callable[[int], StepView]:
    """Close tickets of one case alike, and tell it by one letter that names them all.

    What cannot be closed so stays as it is.

    Returns:
        What tells of a ticket what was done, or raises why it stays.

    Raises:
        DsrError: None could be closed; the first one's reason.
    """
    ended: list[tuple[TicketRow, str]] = []
    left: dict[int, DsrError] = {}
    with desk.write(keep=not dry_run) as step:
        for number in numbers:
            ticket = ticket_of(step.session, number)
            try:
                ended.append((ticket, _ended_as(step, ticket, closing)))
            except DsrError as error:
                left[number] = error
        if not ended:
            raise left[numbers[0]]
        said = "" if closing.no_letter else _write_one(step, desk, [t for t, _ in ended], closing)
        views = {ticket.number: after(step, ticket, words + said) for ticket, words in ended}

    def told(number: int) -> StepView:
        if number in left:
            raise left[number]
        return views[number]

    return told


def _write_one(step: Step, desk: Desk, tickets: Sequence[TicketRow], closing: Closing) -> str:
    """Write the closing letter of several tickets once; it stands in the file of each."""
    first, name = tickets[0], CLOSING_LETTERS[closing.outcome]
    day = _withdrawn_on(step, first, closing)
    numbers = tuple(each.number for each in tickets)
    request = LetterRequest(name, reason=closing.reason, withdrawn_on=day, numbers=numbers)
    share(step, write_letter(step, desk, first, request), tickets)
    return f"; one letter; {to_send(first.number, name)}"


def _end(step: Step, desk: Desk, ticket: TicketRow, closing: Closing) -> str:
    said = _ended_as(step, ticket, closing)
    if closing.no_letter:
        return said
    name = CLOSING_LETTERS[closing.outcome]
    earlier, withdrawn_on = _repeated(step, ticket, closing), _withdrawn_on(step, ticket, closing)
    request = LetterRequest(name, reason=closing.reason, earlier=earlier, withdrawn_on=withdrawn_on)
    write_letter(step, desk, ticket, request)
    return f"{said}; {to_send(ticket.number, name)}"


def _ended_as(step: Step, ticket: TicketRow, closing: Closing) -> str:
    """End a ticket without a decision; no letter is written yet."""
    earlier, withdrawn_on = _repeated(step, ticket, closing), _withdrawn_on(step, ticket, closing)
    if closing.outcome is Outcome.NOT_A_REQUEST and ticket.status not in _NOT_YET_JUDGED:
        raise NotAllowedError(
            f"ticket {ticket.number} was taken up as a request: it is decided, or withdrawn",
            hint=f"dsr show {ticket.number}",
        )
    known = {"closing_as": closing.outcome, "reason_given": bool(closing.why.strip())}
    sealed = {"why": closing.why}
    if closing.no_letter:
        sealed["no_letter"] = closing.no_letter
    day = withdrawn_on.isoformat() if withdrawn_on else None
    facts = {"outcome": closing.outcome.value, "of": closing.of, "withdrawn_on": day}
    take(step, ticket, Action.CLOSE, facts=facts, sealed=sealed, known=known)
    settle(step, ticket)
    kept = keep_first_receipt(step, ticket, earlier) if earlier is not None else ""
    ticket.outcome = closing.outcome
    step.session.add(ticket)
    without = " without a letter" if closing.no_letter else ""
    return f"closed as {closing.outcome}{without}{kept}"


def _repeated(step: Step, ticket: TicketRow, closing: Closing) -> TicketRow | None:
    if closing.outcome is not Outcome.DUPLICATE:
        return None
    if closing.of is None or closing.of == ticket.number:
        raise UsageError("a duplicate repeats another ticket", hint="--of NUMBER")
    earlier = ticket_of(step.session, closing.of)
    check_duplicate(step.session, ticket, earlier)
    return earlier


def _withdrawn_on(step: Step, ticket: TicketRow, closing: Closing) -> date | None:
    if closing.outcome is not Outcome.WITHDRAWN:
        if closing.withdrawn_on is not None:
            raise UsageError(f"what is {closing.outcome} has no such day", hint="--as withdrawn")
        return None
    day = closing.withdrawn_on or step.today
    if not ticket.received_on <= day <= step.today:
        raise UsageError(
            f"{day} is not between the receipt ({ticket.received_on}) and today", hint="--on DATE"
        )
    return day


def reopen(
    desk: Desk, number: int, why: str, *, complaint: int | None = None, dry_run: bool = False
) -> StepView:
    """Take an answered or closed ticket into work again; its clocks go on as they were.

    On a complaint that was upheld it is worked to the complaint's date, and whoever approved the
    decision complained of does not approve the next one. Its receipt and its history stay.

    Raises:
        NotAllowedError: No reason is given, the ticket is open, or the complaint is not upheld.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        known = {"reason_given": bool(why.strip())}
        outcome = ticket.outcome.value if ticket.outcome else None
        facts: dict[str, str | int | None] = {"outcome_before": outcome}
        said = "in work again"
        if complaint is not None:
            ticket.complaint = check_upheld(step.session, ticket, complaint).number
            facts["complaint"] = complaint
            said += f", by the date of complaint {complaint}; {_who_decides(ticket)}"
        take(step, ticket, Action.REOPEN, facts=facts, sealed={"why": why}, known=known)
        forget_decision(step, ticket)
        return said

    return one_step(desk, number, work, dry_run=dry_run)


def _who_decides(ticket: TicketRow) -> str:
    before = ticket.first_approver
    return f"another officer than {before} approves" if before else "another officer approves"


def forget_decision(step: Step, ticket: TicketRow) -> None:
    """Void what was decided and approved; the items stay, to be decided anew."""
    from dsr.services.facts import valid_approvals

    for approval in valid_approvals(step.session, ticket):
        approval.void = True
        step.session.add(approval)
    ticket.decided = False
    ticket.proposed_hash = ticket.proposed_by = ticket.proposed_by_user = None
    step.session.add(ticket)
