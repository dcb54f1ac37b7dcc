"""What was asked for and not given is kept for a time: no erasure of the same person takes it."""

from collections.abc import Iterable, Iterator
from datetime import date

from sqlmodel import Session, col, func, select

from dsr.domain.calendars import PLAIN_WEEK
from dsr.domain.cited import Keep
from dsr.domain.office import Means, in_language
from dsr.domain.periods import after
from dsr.domain.vocabulary import ENDED, UNFINISHED, Action, Proposal, SearchResult, TaskKind
from dsr.errors import NotAllowedError
from dsr.rules import book, office
from dsr.services import facts as ticket_facts
from dsr.services.catalogue import load
from dsr.services.desk import Step
from dsr.services.extents import decided
from dsr.services.giving import Less, give_less
from dsr.services.related import erases, together
from dsr.services.searching import last_found
from dsr.services.steps import take
from dsr.services.tasking import task_of
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import TaskRow

#: What marks the tasks of these among those of what a decision keeps.
REFUSED = "refused"


def keep_refused(step: Step, ticket: TicketRow) -> None:
    """Open a task for each collection of which something was refused, where a law has it kept."""
    keeps = _keeps(ticket)
    places = list(_refused(step.session, ticket)) if keeps else []
    there = {task.target for task in _open_tasks(step.session, [ticket.number])}
    query = select(func.max(TaskRow.number)).where(TaskRow.ticket == ticket.number)
    first = (step.session.exec(query).one() or 0) + 1
    catalogue = load(step.session) if places else None
    opened: list[list[int | str]] = []
    for source, collection in places:
        place = f"{source}.{collection}"
        table = catalogue.collection(source, collection) if catalogue else None
        if place in there or table is None or table.is_entrusted:
            continue
        label = table.label.said(ticket.language)
        task = task_of(ticket, TaskKind.RETENTION, place, label or place)
        task.number, task.code = first + len(opened), REFUSED
        task.due_on = max(_ends_on(each, step.today) for each in keeps)
        task.result = "; ".join(each.citation for each in keeps)
        step.session.add(task)
        opened.append([task.number, task.kind.value, task.target])
    if opened:
        take(step, ticket, Action.NOTE, facts={"tasks": opened, "kept": REFUSED})


def _keeps(ticket: TicketRow) -> list[Keep]:
    said = (book.law(*pinned).keep_refused for pinned in ticket.laws.items())
    return [each for each in said if each is not None and ticket.kind in each.kinds]


def _ends_on(keep: Keep, today: date) -> date:
    return after(today, keep.amount, keep.unit, PLAIN_WEEK)


def _refused(session: Session, ticket: TicketRow) -> Iterator[tuple[str, str]]:
    """Give the collections of which something was found and not given; nothing found is none."""
    nothing_found = office.ground_for(Means.NO_DATA).code
    rows = [r for r in ticket_facts.items_of(session, ticket.number) if r.ground != nothing_found]
    less = [row for row in rows if row.proposal is not Proposal.GRANT]
    if any(not row.source for row in less):  # the whole was refused
        for row in last_found(session, ticket.number):
            if row.result is SearchResult.FOUND:
                yield row.source, row.collection
    elif less:
        for each in decided(session, ticket, load(session), rows):
            if each.withheld:
                yield each.source, each.collection


def _open_tasks(session: Session, numbers: Iterable[int]) -> list[TaskRow]:
    query = select(TaskRow).where(
        col(TaskRow.ticket).in_(list(numbers)),
        TaskRow.kind == TaskKind.RETENTION,
        TaskRow.code == REFUSED,
        col(TaskRow.state).in_(UNFINISHED),
    )
    return list(session.exec(query.order_by(col(TaskRow.ticket), col(TaskRow.number))))


def kept(session: Session, ticket: TicketRow) -> list[TaskRow]:
    """Return what keeps something from a ticket that erases: open tasks of the same person."""
    if not erases(ticket.kind) or ticket.status in ENDED:
        return []
    return _open_tasks(session, [each.number for each in together(session, ticket)])


def keep_from_erasure(session: Session, ticket: TicketRow, rows: Iterable[ItemRow]) -> None:
    """Keep of what was found what was refused before and is kept: by the law that says so."""
    tasks = {task.target: task for task in kept(session, ticket)}
    ground = office.ground_for(Means.KEPT_BY_LAW)
    for row in rows if tasks else ():
        task = tasks.get(f"{row.source}.{row.collection}")
        if task is None or row.proposal is not Proposal.GRANT:
            continue
        other = session.get_one(TicketRow, task.ticket)
        said = _keeps(other)
        citation, until = (
            "; ".join(in_language(words, ticket.language) for words in texts)
            for texts in ([k.text for k in said], [k.until for k in said])
        )
        less = Less(Proposal.KEEP, ground.code, citation=citation, until_when=until)
        give_less(row, less, ground, ticket)


def check_erasable(session: Session, ticket: TicketRow, places: Iterable[tuple[str, str]]) -> None:
    """Refuse to erase what was refused before and is still kept.

    Raises:
        NotAllowedError: A task of another ticket keeps it; the command ends that task.
    """
    tasks = {task.target: task for task in kept(session, ticket)}
    found = (tasks.get(f"{source}.{collection}") for source, collection in places)
    if (task := next(filter(None, found), None)) is not None:
        raise NotAllowedError(said_of(task), hint=ending(task))


def said_of(task: TaskRow) -> str:
    """Return what a task keeps, and why."""
    return (
        f"{task.target} was refused in ticket {task.ticket} and is kept until {task.due_on} at "
        f"least ({task.result})"
    )


def ending(task: TaskRow) -> str:
    """Return what is typed where nothing stands against its erasure any more."""
    return f"dsr task done {task.ticket} {task.number} --proof TEXT"
