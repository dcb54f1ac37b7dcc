"""Work outside the ticket: what is opened when a decision is carried out, and its end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, func, select

from dsr.domain.calendars import Calendar
from dsr.domain.law import PLACE
from dsr.domain.office import in_language
from dsr.domain.vocabulary import (
    Action,
    LetterName,
    Proposal,
    SearchResult,
    TaskKind,
    TaskState,
)
from dsr.errors import ConflictError, NotAllowedError, NotFoundError, UsageError
from dsr.rules import book, office
from dsr.rules.terms import terms
from dsr.services import facts as ticket_facts
from dsr.services.catalogue import Catalogue, load
from dsr.services.desk import Desk, Step
from dsr.services.handling import one_step
from dsr.services.steps import take
from dsr.services.views import StepView, TaskView
from dsr.store.tables.registers import ClientRow, RecipientRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import SearchRow, TaskRow

#: Work that the answer does not wait for: it is told in the letter and followed up.
FOLLOW_UPS = frozenset({TaskKind.RECIPIENT, TaskKind.BACKUP, TaskKind.ERASE_OR_ANONYMISE})


def carry_out(step: Step, desk: Desk, ticket: TicketRow) -> str:
    """Open the tasks of a decision that stands, write to recipients, and move the ticket on."""
    from dsr.services.decisions import decision_hash

    items = ticket_facts.items_of(step.session, ticket.number)
    if not any(item.proposal is Proposal.GRANT for item in items):
        return ""
    opened = list(_new_tasks(step.session, ticket))
    if not opened:
        return ""
    first = _last_number(step.session, ticket.number) + 1
    calendar = working_calendar(ticket)
    for number, task in enumerate(opened, start=first):
        task.number = number
        task.due_on = task.due_on or _due(task, step.today, calendar)
        step.session.add(task)
        if task.kind is TaskKind.RECIPIENT:
            _write_to(step, desk, ticket, task)
    step.session.flush()
    facts = {"tasks": [[task.number, task.kind.value, task.target] for task in opened]}
    if all(task.follow_up for task in opened):
        take(step, ticket, Action.NOTE, facts=facts)
        return f"; {len(opened)} follow-ups opened"
    unchanged = ticket.proposed_hash == decision_hash(step.session, ticket)
    take(step, ticket, Action.FULFIL, facts=facts, known={"unchanged": unchanged})
    return f"; {len(opened)} tasks opened"


def _new_tasks(session: Session, ticket: TicketRow) -> Iterator[TaskRow]:
    rule = office.kind_rule(ticket.kind, ticket.scope)
    catalogue = load(session)
    sources = _sources(session, ticket, catalogue)
    for kind in rule.tasks:
        match kind:
            case TaskKind.SOURCE:
                for key in sources:
                    yield _task(ticket, kind, key, catalogue.label(key, ticket.language))
            case TaskKind.RECIPIENT:
                for recipient in recipients_of(session, ticket, catalogue):
                    name = in_language(recipient.names, ticket.language) or recipient.key
                    yield _task(ticket, kind, recipient.key, name)
            case TaskKind.BACKUP:
                yield from _backups(ticket, catalogue, sources)
            case _:
                words = in_language(terms().tasks[kind], ticket.language)
                yield _task(ticket, kind, "office", words)


def _sources(session: Session, ticket: TicketRow, catalogue: Catalogue) -> list[str]:
    """Return the sources that hold what was granted; where none was searched, those it reaches."""
    searched = session.exec(
        select(SearchRow.source)
        .where(col(SearchRow.ticket) == ticket.number, SearchRow.result == SearchResult.FOUND)
        .distinct()
    ).all()
    granted = {
        item.source
        for item in ticket_facts.items_of(session, ticket.number)
        if item.proposal is Proposal.GRANT and item.source
    }
    reached = {source for source, _ in _reached(ticket, catalogue)}
    return sorted(granted or searched or reached)


def _reached(ticket: TicketRow, catalogue: Catalogue) -> list[tuple[str, str]]:
    """Return the collections that a ticket reaches: of a withdrawal, only what rests on consent."""
    bases = terms().withdrawal.bases.get(ticket.scope) if ticket.scope else None
    return [
        (dataset.fides_key, collection.name)
        for dataset in catalogue.datasets
        for collection in dataset.collections
        if collection.role == "controller"
        and (bases is None or not collection.basis or collection.basis in bases)
    ]


def recipients_of(session: Session, ticket: TicketRow, catalogue: Catalogue) -> list[RecipientRow]:
    """Return the outside parties that got something of what the search found and was granted.

    Where nothing was searched, everybody who got something from the sources.
    """
    kept = {
        (item.source, item.collection)
        for item in ticket_facts.items_of(session, ticket.number)
        if item.source and item.proposal is not Proposal.GRANT
    }
    found = session.exec(
        select(SearchRow.source, SearchRow.collection).where(
            col(SearchRow.ticket) == ticket.number, SearchRow.result == SearchResult.FOUND
        )
    ).all()
    named = {
        key
        for place in set(found or _reached(ticket, catalogue)) - kept
        if (collection := catalogue.collection(*place)) is not None
        for key in collection.recipients
    }
    rows = session.exec(select(RecipientRow).where(col(RecipientRow.active)))
    return [row for row in rows if row.key in named]


def _backups(ticket: TicketRow, catalogue: Catalogue, sources: list[str]) -> Iterator[TaskRow]:
    days = {
        dataset.fides_key: dataset.backup_cycle_days or terms().backup.days
        for dataset in catalogue.datasets
    }
    for key in sources:
        task = _task(ticket, TaskKind.BACKUP, key, catalogue.label(key, ticket.language))
        task.result = f"{days.get(key, terms().backup.days)} days"
        yield task


def _task(ticket: TicketRow, kind: TaskKind, target: str, label: str) -> TaskRow:
    return TaskRow(
        ticket=ticket.number,
        number=0,
        kind=kind,
        target=target,
        label=label or target,
        state=TaskState.OPEN,
        follow_up=kind in FOLLOW_UPS,
    )


def _due(task: TaskRow, today: date, calendar: Calendar) -> date:
    if task.kind is TaskKind.BACKUP:
        days = int((task.result or f"{terms().backup.days}").split()[0])
        task.result = None
        return today + timedelta(days=days)
    pace = terms().recipient if task.kind is TaskKind.RECIPIENT else terms().task
    return calendar.add_working_days(today, pace.working_days)


def working_calendar(ticket: TicketRow) -> Calendar:
    """Return the working days that a ticket's own tasks are counted in."""
    from dsr.domain.calendars import PLAIN_WEEK

    for code in ticket.laws:
        law = book.law(code)
        if law.calendar != PLACE and (found := book.calendar_for(law, ticket.place)):
            return found
    return PLAIN_WEEK


def _last_number(session: Session, ticket: int) -> int:
    query = select(func.max(TaskRow.number)).where(TaskRow.ticket == ticket)
    return session.exec(query).one() or 0


def _write_to(step: Step, desk: Desk, ticket: TicketRow, task: TaskRow) -> None:
    from dsr.services.letters import LetterRequest, write_letter

    recipient = step.session.get(RecipientRow, task.target)
    assert recipient is not None
    request = LetterRequest(LetterName.RECIPIENT_NOTICE, recipient=recipient)
    write_letter(step, desk, ticket, request)


def open_assistance(step: Step, ticket: TicketRow, client: ClientRow) -> None:
    """Open the task of helping a client to answer; it stays when the ticket is closed."""
    task = _task(ticket, TaskKind.ASSISTANCE, client.key, in_language(client.names, "en"))
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
        code: For an excepted recipient, the policy's exception.
    """

    state: TaskState
    result: str
    code: str | None = None


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
        before = row.state
        row.state, row.officer, row.code = end.state, step.officer, end.code
        row.result = end.result
        if end.state is TaskState.REMINDED:
            row.reminders += 1
        if end.state in {TaskState.DONE, TaskState.EXCEPTED}:
            row.done_on = step.today
        step.session.add(row)
        take(
            step,
            ticket,
            Action.WORK_TASK,
            facts={"task": task, "from": before.value, "to": end.state.value, "code": end.code},
            sealed={"result": end.result},
        )
        finish_if_done(step, ticket)
        return f"task {task} is {end.state}"

    return one_step(desk, number, work)


def _may_end(row: TaskRow, end: TaskEnd) -> None:
    if row.state in {TaskState.DONE, TaskState.EXCEPTED}:
        raise ConflictError(f"task {row.number} is {row.state} already")
    if not end.result.strip():
        raise UsageError("say what was done and what proves it", hint='--proof "..."')
    if end.state is TaskState.EXCEPTED:
        if row.kind is not TaskKind.RECIPIENT:
            raise NotAllowedError(
                f"a task of kind {row.kind} is done, not excepted (policy 5.3 excepts recipients)",
                hint=f"dsr task done {row.ticket} {row.number} --proof TEXT",
            )
        exceptions = office.recipient_exceptions()
        if end.code not in exceptions:
            raise NotFoundError(
                f"there is no exception {end.code!r}", hint="known: " + ", ".join(exceptions)
            )


def finish_if_done(step: Step, ticket: TicketRow) -> None:
    """Close an answered ticket when nothing is left to follow up."""
    from dsr.domain.vocabulary import Status

    step.session.flush()
    tasks = ticket_facts.tasks_of(step.session, ticket.number)
    open_tasks = any(task.state in ticket_facts.UNFINISHED for task in tasks)
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
            query = query.where(col(TaskRow.state).in_(ticket_facts.UNFINISHED))
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
