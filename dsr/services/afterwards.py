"""What follows from a withdrawal of consent: an officer says what becomes of the data."""

from dsr.domain.vocabulary import ENDED, Action, TaskKind
from dsr.errors import UsageError
from dsr.rules.terms import terms
from dsr.services.desk import Desk, Step
from dsr.services.keys import read_key
from dsr.services.opening import Opening, Request
from dsr.services.steps import take
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import TaskRow
from dsr.store.tickets import of_case


def check_result(ticket: TicketRow, task: TaskRow, result: str | None) -> None:
    """Let a task end with a result only where its kind has one, and then with one of those.

    Raises:
        UsageError: It does not fit; what does is named.
    """
    done = f"dsr task done {ticket.number} {task.number}"
    if task.kind is TaskKind.HUMAN_REVIEW:
        return  # who reviews is asked first, then what he found
    if task.kind is not TaskKind.AFTER_WITHDRAWAL:
        if result is not None:
            raise UsageError(
                f"a task of kind {task.kind} has no such result", hint=f"{done} --proof TEXT"
            )
        return
    known = terms().after_withdrawal
    if result not in known.results:
        raise UsageError(
            f"what becomes of the information is said ({known.citation})",
            hint=f"{done} --result {'|'.join(known.results)} --proof TEXT",
        )


def open_what_follows(step: Step, desk: Desk, ticket: TicketRow, task: TaskRow) -> str:
    """Open the ticket that follows from what was said; return it in words.

    It has the letter's receipt, and a proof of its own: a withdrawal needed none.
    """
    kind = terms().after_withdrawal.opens.get(task.code or "")
    if task.kind is not TaskKind.AFTER_WITHDRAWAL or kind is None:
        return ""
    for each in of_case(step.session, ticket.case_number):
        if each.kind is kind and each.status not in ENDED:
            return f"; ticket {each.number} ({kind}) is open for it already"
    opening = Opening(step, desk.office, read_key(desk.office.key_file, may_make=False))
    (number,) = opening.further(ticket, Request.like(ticket, [(kind, None)]))
    opening.flush()
    take(step, ticket, Action.SPLIT, facts={"opened": [[number, kind.value, None]]})
    return f"; ticket {number} ({kind}) is opened for it: dsr show {number}"
