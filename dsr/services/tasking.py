"""Which work a decision opens: in sources, at recipients, in backups, at the office. Opens none."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from sqlmodel import Session, col, select

from dsr.domain.calendars import Calendar
from dsr.domain.office import belongs, in_language
from dsr.domain.vocabulary import Kind, Proposal, SearchResult, TaskKind, TaskState
from dsr.rules import office
from dsr.rules.terms import Pace, terms
from dsr.services import facts as ticket_facts
from dsr.services.catalogue import Catalogue, load
from dsr.services.entrusted import reaches
from dsr.services.extents import decided
from dsr.services.planned import planned_sources
from dsr.services.restricting import OFFICE, stopped_places
from dsr.services.reviewing import found_by_review
from dsr.sources.datamap import Collection as Table
from dsr.store.light import PART
from dsr.store.standing import rows_of
from dsr.store.tables.registers import RecipientRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PlanRow, SearchRow, TaskRow

#: Work that the answer does not wait for: it is told in the letter and followed up.
FOLLOW_UPS = frozenset(
    {
        TaskKind.RECIPIENT,
        TaskKind.BACKUP,
        TaskKind.ERASE_OR_ANONYMISE,
        TaskKind.RETENTION,
        TaskKind.LIFT,
        TaskKind.IMPROVEMENT,
        TaskKind.AFTER_WITHDRAWAL,
    }
)


#: What a measure sets to note who did something and when: it decides nothing.
NOTES = ("$now", "$today", "$officer")


def new_tasks(session: Session, ticket: TicketRow) -> list[TaskRow]:
    """Return the tasks of a decision that stands; what was opened before is not opened again."""
    opened = ticket_facts.tasks_of(session, ticket.number)
    searched_on = _searched_on(session, ticket)
    there = {
        (task.kind, task.target)
        for task in opened
        # A later search that still finds something asks for the work anew.
        if task.done_on is None or searched_on is None or searched_on <= task.done_on
    }
    return [task for task in _tasks(session, ticket) if (task.kind, task.target) not in there]


def _searched_on(session: Session, ticket: TicketRow) -> date | None:
    query = select(SearchRow.at).where(col(SearchRow.ticket) == ticket.number)
    return max((at.date() for at in session.exec(query)), default=None)


def _tasks(session: Session, ticket: TicketRow) -> Iterator[TaskRow]:
    rule = office.kind_rule(ticket.kind, ticket.scope)
    catalogue = load(session)
    sources = _sources(session, ticket, catalogue)
    for kind in rule.tasks:
        match kind:
            case TaskKind.SOURCE:
                for key in sources:
                    yield task_of(ticket, kind, key, catalogue.label(key, ticket.language))
            case TaskKind.RECIPIENT:
                yield from _recipients(session, ticket, catalogue)
            case TaskKind.BACKUP:
                yield from _backups(ticket, catalogue, sources)
            case TaskKind.RETENTION:
                yield from _retained(session, ticket)
            case TaskKind.STOP_USE:
                yield from _stopped(session, ticket, catalogue)
            case _:
                if kind is TaskKind.ERASE_OR_ANONYMISE and TaskKind.RECIPIENT not in rule.tasks:
                    yield from _recipients(session, ticket, catalogue)
                words = in_language(terms().tasks[kind], ticket.language)
                yield task_of(ticket, kind, "office", words)
                if kind is TaskKind.HUMAN_REVIEW:
                    yield from _changes(session, ticket, catalogue)


def _recipients(session: Session, ticket: TicketRow, catalogue: Catalogue) -> Iterator[TaskRow]:
    for recipient in recipients_of(session, ticket, catalogue):
        name = in_language(recipient.names, ticket.language) or recipient.key
        yield task_of(ticket, TaskKind.RECIPIENT, recipient.key, name)


def _changes(session: Session, ticket: TicketRow, catalogue: Catalogue) -> Iterator[TaskRow]:
    """Give a task for each system whose decision a review changed: there it still stands.

    That is where the datamap says how a review is noted; where it does not, wherever something of
    what was granted is. What a plan itself changes there is no further work.
    """
    rule = office.kind_rule(ticket.kind, ticket.scope)
    reviewed = found_by_review(ticket_facts.tasks_of(session, ticket.number))
    if reviewed.get("review_result") != "changed":
        return
    names = rule.measures
    reached = concerned(session, ticket, catalogue)
    noted = {place: table for place, table in reached.items() if set(names) & table.measures.keys()}
    if not reached:  # it stands somewhere that no datamap tells of
        yield task_of(ticket, TaskKind.CHANGE, "office", in_language(rule.name, ticket.language))
    parts = {part.source for part in rows_of(session, PART, ticket.number)}
    for key in dict.fromkeys(source for source, _ in noted or reached):
        tables = [table for (source, _), table in noted.items() if source == key]
        if key not in parts or not all(_decides(table, names) for table in tables):
            yield task_of(ticket, TaskKind.CHANGE, key, catalogue.label(key, ticket.language))


def _decides(table: Table, names: Iterable[str]) -> bool:
    """Tell whether a measure sets more than who did it and when."""
    measures = [table.measures[name] for name in names if name in table.measures]
    return any(value not in NOTES for each in measures for value in each.set.values())


def _sources(session: Session, ticket: TicketRow, catalogue: Catalogue) -> list[str]:
    """Return the sources that hold what was granted.

    Where a withdrawal reaches nothing by its basis, all of ours: somebody is to act on it. Where a
    plan was made, those alone in which it has something to do.
    """
    by_basis = _concerned(session, ticket, _reached(ticket, catalogue))
    concerned = by_basis or _concerned(session, ticket, _decided(ticket, catalogue))
    sources = {source for source, _ in concerned}
    planned = planned_sources(session, ticket.number)
    return sorted(sources if planned is None else sources & planned)


def _concerned(
    session: Session, ticket: TicketRow, reached: Iterable[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Return the collections that a decision concerns: found, ours, and not withheld.

    Where nothing was searched and no plan was made, all that the request reaches.
    """
    found = _found(session, ticket.number)
    items = ticket_facts.items_of(session, ticket.number)
    judged = decided(session, ticket, load(session), items) if any(i.source for i in items) else []
    concerned = set(reached) - {(e.source, e.collection) for e in judged if not e.given}
    return concerned if found is None else concerned & found


def _found(session: Session, number: int) -> set[tuple[str, str]] | None:
    """Return where the search found something, or the plan did; None where nobody looked."""
    query = select(SearchRow.source, SearchRow.collection, SearchRow.result).where(
        col(SearchRow.ticket) == number
    )
    searched = session.exec(query).all()
    if searched:
        return {(s, c) for s, c, result in searched if result is SearchResult.FOUND}
    plan = session.get(PlanRow, number)
    if plan is None:
        return None
    places = (place.split(".", 1) for place in plan.found)
    return {(source, collection) for source, collection in places}


def _reached(ticket: TicketRow, catalogue: Catalogue) -> list[tuple[str, str]]:
    """Return the collections that a ticket reaches: a withdrawal, what rests on consent."""
    bases = terms().withdrawal.bases.get(ticket.scope) if ticket.scope else None
    if bases is None:
        return _decided(ticket, catalogue)
    return [
        place
        for place in _decided(ticket, catalogue)
        if (found := catalogue.collection(*place)) and (not found.basis or found.basis in bases)
    ]


def _decided(ticket: TicketRow, catalogue: Catalogue) -> list[tuple[str, str]]:
    """Return the collections that the ticket decides on: ours, or the instructing client's."""
    return [
        (dataset.fides_key, collection.name)
        for dataset in catalogue.datasets
        for collection in dataset.collections
        if reaches(ticket, collection)
    ]


def recipients_of(session: Session, ticket: TicketRow, catalogue: Catalogue) -> list[RecipientRow]:
    """Return the outside parties that got something of what the search found and was granted.

    Where nothing was searched, everybody who got something from the sources. A correction is told
    to those alone who got that kind of data.
    """
    corrected = corrected_categories(session, ticket)
    named = {
        key
        for collection in concerned(session, ticket, catalogue).values()
        if not corrected or holds(collection, corrected)
        for key in collection.recipients
    }
    rows = session.exec(select(RecipientRow).where(col(RecipientRow.active)))
    return [row for row in rows if row.key in named]


def concerned(
    session: Session, ticket: TicketRow, catalogue: Catalogue
) -> dict[tuple[str, str], Table]:
    """Return the collections whose recipients are told, in order, by source and name."""
    places = sorted(_concerned(session, ticket, _reached(ticket, catalogue)))
    found = ((place, catalogue.collection(*place)) for place in places)
    return {place: collection for place, collection in found if collection is not None}


def corrected_categories(session: Session, ticket: TicketRow) -> frozenset[str]:
    """Return the categories that a correction changes; none where one of them is not known."""
    if ticket.kind is not Kind.CORRECTION:
        return frozenset()
    items = ticket_facts.items_of(session, ticket.number)
    changed = [item.category for item in items if item.proposal is Proposal.GRANT]
    return frozenset(changed) if all(changed) else frozenset()


def holds(collection: Table, categories: Collection[str]) -> bool:
    """Tell whether a collection has a field of one of some categories."""
    wanted = tuple(categories)
    return any(belongs(each, wanted) for field in collection.fields for each in field.categories)


def _backups(ticket: TicketRow, catalogue: Catalogue, sources: list[str]) -> Iterator[TaskRow]:
    days = {
        dataset.fides_key: dataset.backup_cycle_days or terms().backup.days
        for dataset in catalogue.datasets
    }
    for key in sources:
        task = task_of(ticket, TaskKind.BACKUP, key, catalogue.label(key, ticket.language))
        task.result = f"{days.get(key, terms().backup.days)} days"
        yield task


def _retained(session: Session, ticket: TicketRow) -> Iterator[TaskRow]:
    """Give a task for each item that is kept: somebody looks when its end has come."""
    for row in ticket_facts.items_of(session, ticket.number):
        if row.proposal is Proposal.KEEP:
            parts = filter(None, (row.source, row.collection, row.field))
            place = ".".join(parts) if row.collection else f"item {row.number}"
            task = task_of(ticket, TaskKind.RETENTION, place, row.label)
            task.due_on, task.result = row.until_on, row.until_when or None
            yield task


def _stopped(session: Session, ticket: TicketRow, catalogue: Catalogue) -> Iterator[TaskRow]:
    """Give a task for each source that keeps something: all other use of it stops there."""
    for key in stopped_places(ticket, ticket_facts.items_of(session, ticket.number)):
        words = in_language(terms().tasks[TaskKind.STOP_USE], ticket.language)
        label = words if key == OFFICE else catalogue.label(key, ticket.language)
        yield task_of(ticket, TaskKind.STOP_USE, key, label)


def task_of(ticket: TicketRow, kind: TaskKind, target: str, label: str) -> TaskRow:
    """Return a new task without a number or a date."""
    return TaskRow(
        ticket=ticket.number,
        number=0,
        kind=kind,
        target=target,
        label=label or target,
        state=TaskState.OPEN,
        follow_up=kind in FOLLOW_UPS,
    )


def due_of(task: TaskRow, today: date, calendar: Calendar, ticket: TicketRow) -> date:
    """Return by when a new task is to be done; of a backup, when its copies are overwritten.

    Work in a system is due no later than the law wants the ticket acted on.
    """
    if task.kind is TaskKind.BACKUP:
        days = int((task.result or f"{terms().backup.days}").split()[0])
        task.result = None
        return today + timedelta(days=days)
    if task.kind is TaskKind.RETENTION:
        return today + timedelta(days=terms().retention.days)
    if task.kind is TaskKind.LIFT:
        return today + timedelta(days=terms().lift.days)
    if task.kind is TaskKind.IMPROVEMENT:
        return today + timedelta(days=terms().improvement.days)
    due = calendar.add_working_days(today, _pace(task, ticket).working_days)
    is_live = task.kind is TaskKind.SOURCE and ticket.act_by_on is not None
    return min(due, ticket.act_by_on or due) if is_live else due


def _pace(task: TaskRow, ticket: TicketRow) -> Pace:
    if task.kind is TaskKind.RECIPIENT:
        return terms().recipient
    freezes = task.kind is TaskKind.SOURCE and ticket.kind is Kind.RESTRICTION
    return terms().freeze if freezes else terms().task
