"""What an officer does today: what is late, due, to approve, to read, to send; each with a command.

Imported by the first command of the morning: no source, letter or mail is read here.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from dsr.domain.vocabulary import LetterState, Status, TaskKind
from dsr.rules.terms import terms
from dsr.services.approvers import approver_objection
from dsr.services.desk import Desk
from dsr.services.planned import ended_by, plan_of
from dsr.services.tickets import office_calendar
from dsr.services.today_lines import (
    Day,
    Looking,
    TodayLine,
    Todo,
    judged,
    line_for,
    next_lines,
    own_lines,
    todo_of,
)
from dsr.store import today as queries
from dsr.store.light import TASK
from dsr.store.standing import by_many, read_ahead, rows_of
from dsr.store.today import Whose


@dataclass(frozen=True, slots=True)
class Section:
    """Things to do of one sort: the first of them, how many there are, what shows the rest."""

    title: str
    lines: tuple[TodayLine, ...]
    total: int
    rest: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A section before it is cut: its lines as they come, and how many, where that is known."""

    title: str
    rest: str
    lines: Iterable[TodayLine]
    total: int | None = None


def today(
    desk: Desk, *, mine: bool = False, limit: int | None = None, as_of: date | None = None
) -> list[Section]:
    """Return what there is to do, section by section; a section without lines is left out.

    Args:
        desk: The desk; its officer's tickets come first, and what he may approve is shown.
        mine: Only tickets that are his.
        limit: How many lines of each section; None is all.
        as_of: Another day than the present one.
    """
    with desk.read() as session:
        day = _day(session, desk, Whose(desk.officer, mine, limit), as_of)
        return [section for found in _found(day) if (section := _section(day, found)).lines]


def lines(desk: Desk, *, mine: bool = False, as_of: date | None = None) -> Iterator[TodayLine]:
    """Give every line of the day as it comes; see `today`."""
    with desk.read() as session:
        day = _day(session, desk, Whose(desk.officer, mine), as_of)
        yield from chain.from_iterable(found.lines for found in _found(day))


def _day(session: Session, desk: Desk, whose: Whose, as_of: date | None) -> Day:
    now, calendar, soon = as_of or desk.today(), office_calendar(desk), terms().today
    days = soon.soon_working_days
    until = calendar.add_working_days(now, days) if calendar else now + timedelta(days=days)
    return Day(session, desk, whose, now, until, calendar)


def _found(day: Day) -> Iterator[_Found]:
    for make in _SECTIONS:
        yield make(day)
    if not day.whose.mine:  # what is nobody's yet
        yield from _counted(day.session)


def _section(day: Day, found: _Found) -> Section:
    coming = iter(found.lines)
    shown = tuple(islice(coming, day.whose.limit))
    total = len(shown) + sum(1 for _ in coming) if found.total is None else found.total
    own = day.whose.mine and found.rest.startswith("dsr list")
    return Section(found.title, shown, total, found.rest + (" assignee:@me" if own else ""))


def _late(day: Day) -> _Found:
    page = queries.late(day.session, day.whose, day.today)
    return _Found(
        "Late", "dsr list overdue:yes", next_lines(day, "late", page.rows, _was_due), page.total
    )


def _was_due(_day: Day, row: Any) -> str:
    return f"late since {row.due_on}"


def _due(day: Day) -> _Found:
    page = queries.due(day.session, day.whose, day.today, day.until)
    found = next_lines(day, "due", page.rows, _is_due)
    return _Found(f"Due by {day.until}", "dsr list overdue:no", found, page.total)


def _is_due(day: Day, row: Any) -> str:
    """Say what comes first: acting, or the answer; a day that has passed was to be kept."""
    acting = row.act_by_on and (row.target_on is None or row.act_by_on < row.target_on)
    until = row.act_by_on if acting else row.target_on or row.due_on
    if row.late_after_on is None and row.due_on < day.today:
        return f"waits for the requester beyond {until}"
    verb = "was to be" if until < day.today else "to be"
    return f"{verb} {'done' if acting else 'answered'} by {until}"


def _interrupted(day: Day) -> _Found:
    page = queries.interrupted(day.session, day.whose)
    found = own_lines(day, "interrupted", page.rows, _was_begun)
    return _Found("Interrupted in a system", "dsr list status:fulfilling", found, page.total)


def _was_begun(_day: Day, row: Any) -> tuple[str, str]:
    return f"the work in {row.source} was begun", f"dsr apply {row.number}"


def _approvals(day: Day) -> _Found:
    desk, roles = day.desk, queries.roles(day.session, day.desk.officer)
    asked = Looking(day.session, desk.officer, desk.os_user, roles)

    def may(row: Any) -> bool:
        return approver_objection(asked, desk, row)[0] is None

    page = queries.proposals(day.session, day.whose)
    found = (
        line_for(
            day,
            todo.row,
            "approval",
            why=f"proposed by {todo.row.proposed_by}",
            command=f"dsr approve {todo.row.number}",
        )
        for todo in judged(day, page.rows, wanted=may, keep=_is_undecided)
    )
    return _Found("Awaiting your approval", "dsr list status:approval", found)


def _is_undecided(todo: Todo) -> bool:
    return not todo.facts.approved


def _answers(day: Day) -> _Found:
    page = queries.decided(day.session, day.whose)
    found = (
        line_for(
            day,
            todo.row,
            "answer",
            why=todo.missing or "decided, and no work is left outside",
            command=todo.command,
        )
        for todo in judged(day, page.rows, keep=_is_decided)
    )
    return _Found("To answer", "dsr list status:approval,working,fulfilling", found)


def _is_decided(todo: Todo) -> bool:
    return todo.row.status is not Status.APPROVAL or todo.facts.approved


def _replies(day: Day) -> _Found:
    midnight = datetime.combine(day.today, time(), ZoneInfo(day.desk.office.zone))
    since = midnight - timedelta(days=terms().today.look_back_days)
    page = queries.replies(day.session, day.whose, since)
    return _Found(
        "Replies", "dsr list is:any", own_lines(day, "reply", page.rows, _came), page.total
    )


def _came(day: Day, row: Any) -> tuple[str, str]:
    return f"a mail came on {day.on(row.since)}", f"dsr show {row.number}"


def _undelivered(day: Day) -> _Found:
    page = queries.letters(day.session, day.whose, LetterState.UNDELIVERED)
    found = own_lines(day, "undelivered", page.rows, _came_back)
    rest = f"dsr outbox --state {LetterState.UNDELIVERED}"
    return _Found("Letters that came back", rest, found, page.total)


def _came_back(_day: Day, row: Any) -> tuple[str, str]:
    return f"{_letters_of(row)} came back", f"dsr outbox {row.number}"


def _tasks(day: Day) -> _Found:
    page = queries.tasks(day.session, day.whose, day.until)
    found = chain.from_iterable(_outside(day, some) for some in by_many(page.rows))
    return _Found("Work outside", "dsr task list", found, page.total)


def _outside(day: Day, rows: list[Any]) -> list[TodayLine]:
    with read_ahead(day.session, rows):
        return [_task_line(day, row) for row in rows]


def _task_line(day: Day, row: Any) -> TodayLine:
    tasks = rows_of(day.session, TASK, row.number)
    task = next(each for each in tasks if each.number == row.task_number)
    due = "late since" if task.due_on < day.today else "due"
    why = f"{task.kind.replace('_', ' ')} {task.label}, {due} {task.due_on}"
    return line_for(day, row, "task", why=why, command=_task_command(day, row, task))


def _task_command(day: Day, row: Any, task: Any) -> str:
    one = f"{row.number} {task.number}"
    plan = plan_of(day.session, row.number) if row.status is Status.FULFILLING else None
    if plan is not None and ended_by(plan, task):
        return todo_of(day, row).command  # it is applied, or what forbids that is mended first
    if task.kind is TaskKind.RECIPIENT and not task.reminders:
        return f"dsr task remind {one} --how TEXT"
    return f"dsr task done {one} --proof TEXT"


def _send(day: Day) -> _Found:
    page = queries.letters(day.session, day.whose, LetterState.READY)
    found = own_lines(day, "letter", page.rows, _waits)
    return _Found("Letters to send", "dsr outbox", found, page.total)


def _waits(day: Day, row: Any) -> tuple[str, str]:
    return f"{_letters_of(row)} of {day.on(row.since)}", f"dsr outbox {row.number} --dir DIR"


def _letters_of(row: Any) -> str:
    name = row.letter_name.replace("_", " ")
    return _many(row.letters, name) if row.letters > 1 else str(name)


_SECTIONS: tuple[Callable[[Day], _Found], ...] = (
    _late,
    _due,
    _interrupted,
    _approvals,
    _answers,
    _replies,
    _undelivered,
    _tasks,
    _send,
)


def _counted(session: Session) -> Iterator[_Found]:
    """Give what is told as a number alone: it is nobody's yet."""
    if count := queries.in_triage(session):
        yield _one("triage", "To sort", _many(count, "message"), "dsr triage")
    if count := queries.set_aside(session):
        said = f"{_many(count, 'message')} set aside"
        yield _one("set_aside", "Set aside", said, "dsr inbox outcome:quarantined")
    if count := queries.not_begun(session):
        said = f"{_many(count, 'request')} not begun"
        yield _one("new", "New", said, "dsr list status:received")


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _one(section: str, title: str, why: str, command: str) -> _Found:
    empty = dict.fromkeys(TodayLine.__slots__[1:-2])
    return _Found(title, command, [TodayLine(section, **empty, why=why, command=command)], 1)
