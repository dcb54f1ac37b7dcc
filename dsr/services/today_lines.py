"""Lines of the officer's day: a ticket, why it is there, and what to type. Makes no section."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from dsr.clock import day_of
from dsr.domain.calendars import Calendar
from dsr.domain.guards import Facts
from dsr.domain.vocabulary import OfficerRole
from dsr.domain.workflow import next_step
from dsr.services.desk import Desk
from dsr.services.facts import ahead
from dsr.services.tickets import line_of
from dsr.store.standing import by_many, read_ahead
from dsr.store.today import Whose


@dataclass(frozen=True, slots=True)
class TodayLine:
    """One thing to do; its fields are the keys of the JSON, in order."""

    section: str
    number: int | None
    case: int | None
    kind: str | None
    status: str | None
    who: str | None
    due_on: date | None
    act_by_on: date | None
    days_left: int | None
    why: str
    command: str


@dataclass(slots=True)
class Looking:
    """Whoever is asked whether he may approve, without a step."""

    session: Session
    officer: str
    os_user: str
    roles: frozenset[OfficerRole]


@dataclass(frozen=True, slots=True)
class Day:
    """What every section is made from."""

    session: Session
    desk: Desk
    whose: Whose
    today: date
    until: date
    calendar: Calendar | None

    def on(self, instant: Any) -> date:
        """Return the day of an instant in the office's zone."""
        return day_of(instant, self.desk.office.zone)


@dataclass(frozen=True, slots=True)
class Todo:
    """A row with the facts of its ticket and what they ask to be typed."""

    row: Any
    facts: Facts
    missing: str | None
    command: str


def judged(
    day: Day,
    rows: Iterable[Any],
    *,
    wanted: Callable[[Any], bool] = lambda _: True,
    keep: Callable[[Todo], bool] = lambda _: True,
) -> Iterator[Todo]:
    """Give rows with what is typed next; many are judged at once.

    Args:
        day: The day.
        rows: Tickets, as queries of the day give them.
        wanted: Which of them are judged at all: it costs less than judging.
        keep: Which of them are given.
    """
    for some in by_many(rows):
        with read_ahead(day.session, some):
            kept = [todo for row in some if wanted(row) and keep(todo := todo_of(day, row))]
        yield from kept


def todo_of(day: Day, row: Any) -> Todo:
    """Return a row with what is typed next, as `show` says it."""
    facts = ahead(day.session, row, day.today, day.desk.officer)
    missing, command = next_step(row.status, facts, row.number)
    what = missing[0].what if missing else None
    return Todo(row, facts, what, command or f"dsr show {row.number}")


def line_for(day: Day, row: Any, section: str, *, why: str, command: str) -> TodayLine:
    """Return a line of the day."""
    line = line_of(row, day.today, day.calendar)
    keys = ("number", "case", "kind", "status", "who", "due_on", "act_by_on", "days_left")
    return TodayLine(section, **{key: line[key] for key in keys}, why=why, command=command)


def next_lines(
    day: Day, name: str, rows: Iterable[Any], why: Callable[[Day, Any], str]
) -> Iterator[TodayLine]:
    """Give lines whose command is the ticket's next one."""
    for todo in judged(day, rows):
        yield line_for(day, todo.row, name, why=why(day, todo.row), command=todo.command)


def own_lines(
    day: Day, name: str, rows: Iterable[Any], said: Callable[[Day, Any], tuple[str, str]]
) -> Iterator[TodayLine]:
    """Give lines whose reason and command the section itself says."""
    for row in rows:
        why, command = said(day, row)
        yield line_for(day, row, name, why=why, command=command)
