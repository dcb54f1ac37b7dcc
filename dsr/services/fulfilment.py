"""Work outside the ticket: what is opened when a decision is carried out, and its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from dsr.domain.office import in_language
from dsr.domain.vocabulary import (
    LASTING,
    UNFINISHED,
    Action,
    LetterName,
    LetterState,
    Proposal,
    Status,
    TaskKind,
    TaskState,
)
from dsr.errors import ConflictError, NotAllowedError, NotFoundError, UsageError
from dsr.rules import office
from dsr.rules.terms import terms
from dsr.services import facts as ticket_facts
from dsr.services.afterwards import check_result, open_what_follows
from dsr.services.dates import working_calendar
from dsr.services.desk import Desk, Step
from dsr.services.handling import one_step
from dsr.services.letters import LetterRequest, letters_of, to_send, write_letter
from dsr.services.lifting import check_lift
from dsr.services.restricting import is_stopped
from dsr.services.reviewing import check_review
from dsr.services.sending import NOT_SENT, move
from dsr.services.steps import take
from dsr.services.tasking import due_of, new_tasks, task_of
from dsr.services.views import StepView, TaskView
from dsr.store.tables.registers import ClientRow, RecipientRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import TaskRow

#: The exception of a recipient who did not answer; it is said only after a reminder.
NO_REPLY = "unreachable"
#: Work that a decision opens which grants nothing.
OF_WHAT_IS_LEFT = frozenset({TaskKind.RETENTION, TaskKind.STOP_USE})


def carry_out(step: Step, desk: Desk, ticket: TicketRow) -> str:
    """Open the tasks of a decision that stands, write to recipients, and move the ticket on."""
    from dsr.services.decisions import is_unchanged

    items = ticket_facts.items_of(step.session, ticket.number)
    granted = any(item.proposal is Proposal.GRANT for item in items)
    if not granted and not any(_is_left(ticket, item) for item in items):
        return ""
    left = ticket_facts.tasks_of(step.session, ticket.number)
    live = any(t.state in UNFINISHED and not t.follow_up for t in left)
    opened = new_tasks(step.session, ticket)
    if not granted:  # nothing is erased: what is left is used no more, and looked at in the end
        opened = [task for task in opened if task.kind in OF_WHAT_IS_LEFT]
    if not opened and not live:
        return ""
    first = _last_number(step.session, ticket.number) + 1
    calendar = working_calendar(ticket)
    for number, task in enumerate(opened, start=first):
        task.number = number
        task.due_on = task.due_on or due_of(task, step.today, calendar, ticket)
        step.session.add(task)
        if task.kind is TaskKind.RECIPIENT:
            _write_to(step, desk, ticket, task)
    step.session.flush()
    facts = {"tasks": [[task.number, task.kind.value, task.target] for task in opened]}
    notices = ""
    if any(task.kind is TaskKind.RECIPIENT for task in opened):
        notices = f"; {to_send(ticket.number, LetterName.RECIPIENT_NOTICE)}"
    if not live and all(task.follow_up for task in opened):
        take(step, ticket, Action.NOTE, facts=facts)
        return f"; {len(opened)} follow-ups opened{notices}"
    unchanged = is_unchanged(step.session, ticket)
    take(step, ticket, Action.FULFIL, facts=facts, known={"unchanged": unchanged})
    return f"; {len(opened)} tasks opened{notices}"


def _is_left(ticket: TicketRow, item: Any) -> bool:
    return item.proposal is Proposal.KEEP or is_stopped(ticket, item)


def _last_number(session: Session, ticket: int) -> int:
    query = select(func.max(TaskRow.number)).where(TaskRow.ticket == ticket)
    return session.exec(query).one() or 0


def _write_to(step: Step, desk: Desk, ticket: TicketRow, task: TaskRow) -> None:
    recipient = step.session.get(RecipientRow, task.target)
    assert recipient is not None
    request = LetterRequest(LetterName.RECIPIENT_NOTICE, recipient=recipient)
    write_letter(step, desk, ticket, request)


def open_assistance(step: Step, ticket: TicketRow, client: ClientRow) -> None:
    """Open the task of helping a client to answer; it stays when the ticket is closed."""
    task = task_of(ticket, TaskKind.ASSISTANCE, client.key, in_language(client.names, "en"))
    task.number = _last_number(step.session, ticket.number) + 1
    days = terms().assistance.working_days
    task.due_on = working_calendar(ticket).add_working_days(step.today, days)
    task.follow_up = True
    step.session.add(task)


@dataclass(frozen=True, slots=True)
class TaskEnd:
    """How a task goes on or ends.

    Attributes:
        state: Done, failed, reminded or excepted.
        result: What was done and what proves it, or why not.
        code: For an excepted recipient, the policy's exception; for a human review, its result;
            after a withdrawal, what becomes of the data.
        not_owner: Of a human review: the system that decided is not the reviewer's.
    """

    state: TaskState
    result: str
    code: str | None = None
    not_owner: bool = False


def work_task(desk: Desk, number: int, task: int, end: TaskEnd) -> StepView:
    """Record what became of a task; the ticket is closed when its last one ends.

    Raises:
        NotFoundError: There is no such task, or no such exception.
        ConflictError: The task has ended.
        NotAllowedError: The rules forbid that end.
        UsageError: No result is said.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        row = step.session.get(TaskRow, (number, task))
        if row is None:
            raise NotFoundError(
                f"ticket {number} has no task {task}", hint=f"dsr task list {number}"
            )
        _may_end(row, end)
        review: dict[str, Any] = {}
        if end.state is TaskState.DONE:
            check_result(ticket, row, end.code)
            review = check_review(
                step, desk, ticket, task=row, result=end.code, not_owner=end.not_owner
            )
            check_lift(step, desk, ticket, row)
        end_task(step, ticket, row, end, more=review)
        more = _open_change(step, ticket) if row.kind is TaskKind.HUMAN_REVIEW else ""
        if end.state is TaskState.DONE:
            more += open_what_follows(step, desk, ticket, row)
        finish_if_done(step, ticket)
        alone = ": one officer alone, as the configuration says" if review.get("alone") else ""
        return f"task {task} is {end.state}{alone}{more}"

    return one_step(desk, number, work)


def _open_change(step: Step, ticket: TicketRow) -> str:
    """Open the work of a review that changed a decision: in the system it still stands."""
    step.session.flush()
    opened = [t for t in new_tasks(step.session, ticket) if t.kind is TaskKind.CHANGE]
    if not opened:
        return ""
    first = _last_number(step.session, ticket.number) + 1
    calendar = working_calendar(ticket)
    for number, task in enumerate(opened, start=first):
        task.number, task.due_on = number, due_of(task, step.today, calendar, ticket)
        step.session.add(task)
    facts = {"tasks": [[task.number, task.kind.value, task.target] for task in opened]}
    take(step, ticket, Action.NOTE, facts=facts)
    where = ", ".join(f"{task.label} (task {task.number})" for task in opened)
    return f"; the decision is still to be changed in {where}"


def end_task(
    step: Step,
    ticket: TicketRow,
    row: TaskRow,
    end: TaskEnd,
    *,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Note how a task goes on or ends, by whomever: the same row and the same event each time.

    Whether it may is asked before: of an officer's word by `work_task`.

    Args:
        step: The transaction.
        ticket: The ticket.
        row: Its task.
        end: What became of it.
        more: What the event says besides; no personal value.
    """
    before, row.state = row.state, end.state
    row.officer, row.code, row.result = step.officer, end.code, end.result
    row.reminders += end.state is TaskState.REMINDED
    row.done_on = step.today if end.state in {TaskState.DONE, TaskState.EXCEPTED} else None
    step.session.add(row)
    if row.kind is TaskKind.RECIPIENT and end.state is TaskState.DONE:
        _mark_sent(step, ticket, row)
    facts = {"task": row.number, "from": before.value, "to": end.state.value, "code": end.code}
    sealed = {"result": end.result}
    take(step, ticket, Action.WORK_TASK, facts={**facts, **(more or {})}, sealed=sealed)


def _mark_sent(step: Step, ticket: TicketRow, task: TaskRow) -> None:
    """Mark the notices to a recipient as sent: he counts as told when his task is done."""
    recipient = step.session.get(RecipientRow, task.target)
    if recipient is None or not recipient.contact:
        return
    for letter in letters_of(step.session, ticket):
        mine = letter.recipient == recipient.contact
        if mine and letter.name is LetterName.RECIPIENT_NOTICE and letter.state in NOT_SENT:
            move(step, letter, LetterState.SENT, task.result)


def _may_end(row: TaskRow, end: TaskEnd) -> None:
    if row.state in {TaskState.DONE, TaskState.EXCEPTED}:
        raise ConflictError(
            f"task {row.number} is {row.state} already", hint=f"dsr task list {row.ticket}"
        )
    if not end.result.strip():
        raise UsageError("say what was done and what proves it", hint='--proof "..."')
    if end.state is TaskState.EXCEPTED:
        if row.kind is not TaskKind.RECIPIENT:
            raise NotAllowedError(
                f"a task of kind {row.kind} is done, not excepted: only telling a recipient is",
                hint=f"dsr task done {row.ticket} {row.number} --proof TEXT",
            )
        exceptions = office.recipient_exceptions()
        if end.code not in exceptions:
            raise NotFoundError(
                f"there is no exception {end.code!r}", hint="known: " + ", ".join(exceptions)
            )
        if end.code == NO_REPLY and not row.reminders:
            raise NotAllowedError(
                "a recipient is reminded before he counts as not to be reached",
                hint=f'dsr task remind {row.ticket} {row.number} --how "..."',
            )


def drop_untouched(step: Step, ticket: TicketRow) -> list[int]:
    """Drop the work in systems that nobody has begun: the decision it belongs to is void.

    Recipients have been written to: their tasks stay.
    """
    tasks = ticket_facts.tasks_of(step.session, ticket.number)
    untouched = [
        task
        for task in tasks
        if task.state is TaskState.OPEN
        and task.kind not in {TaskKind.RECIPIENT, TaskKind.ASSISTANCE}
    ]
    for task in untouched:
        step.session.delete(task)
    step.session.flush()
    return [task.number for task in untouched]


def finish_if_done(step: Step, ticket: TicketRow) -> None:
    """Close an answered ticket when nothing is left to follow up."""
    step.session.flush()
    tasks = ticket_facts.tasks_of(step.session, ticket.number)
    open_tasks = any(each.state in UNFINISHED and each.kind not in LASTING for each in tasks)
    if ticket.status is Status.ANSWERED and not open_tasks:
        take(step, ticket, Action.FINISH)


def tasks(desk: Desk, number: int | None = None, *, every: bool = False) -> list[TaskView]:
    """Return a ticket's tasks, or all that are open, the earliest due first."""
    with desk.read() as session:
        query = select(TaskRow).order_by(col(TaskRow.due_on), col(TaskRow.ticket))
        if number is not None:
            from dsr.services.steps import ticket_of

            ticket_of(session, number)
            query = query.where(TaskRow.ticket == number)
        elif not every:
            query = query.where(col(TaskRow.state).in_(UNFINISHED))
        return [task_view(row) for row in session.exec(query)]


def task_view(row: TaskRow) -> TaskView:
    """Return a task as it is shown."""
    return TaskView(
        ticket=row.ticket,
        number=row.number,
        kind=row.kind.value,
        target=row.target,
        label=row.label,
        state=row.state.value,
        follow_up=row.follow_up,
        due_on=row.due_on,
        done_on=row.done_on,
        result=row.result,
    )
