"""What an officer does today: what is late, due, to approve, to read, to send; each with a command.

Imported by the first command of the morning: no source, letter, mail or law is read here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from dsr.clock import day_of
from dsr.domain.calendars import Calendar
from dsr.domain.decisions import APPROVING_ROLES
from dsr.domain.vocabulary import TaskKind
from dsr.services.brief import commands
from dsr.services.desk import Desk, FourEyes
from dsr.services.tickets import line_of, office_calendar
from dsr.store import today as queries
from dsr.store.today import Page, Whose

SOON = 3  # working days: what is due so soon is today's work
LOOK_BACK = timedelta(days=30)  # for mail to tickets that are answered


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


@dataclass(frozen=True, slots=True)
class Section:
    """Things to do of one sort: the first of them, how many there are, what shows the rest."""

    title: str
    lines: tuple[TodayLine, ...]
    total: int
    rest: str


@dataclass(frozen=True, slots=True)
class _Day:
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
    now, calendar = as_of or desk.today(), office_calendar(desk)
    until = calendar.add_working_days(now, SOON) if calendar else now + timedelta(days=SOON)
    with desk.read() as session:
        day = _Day(session, desk, Whose(desk.officer, mine, limit), now, until, calendar)
        found = [section for make in _SECTIONS for section in make(day)]
        return found if mine else [*found, *_counted(session)]


def _section(
    day: _Day,
    name: str,
    title: str,
    *,
    page: Page,
    rest: str,
    why: Callable[[_Day, Any], str],
    command: Callable[[Any], str] | None = None,
) -> Iterator[Section]:
    if page.rows:
        typed = {} if command else commands(day.session, page.rows, day.desk.officer)
        lines = tuple(
            _line(
                day,
                row,
                name,
                why=why(day, row),
                command=command(row) if command else typed[row.number],
            )
            for row in page.rows
        )
        own = day.whose.mine and rest.startswith("dsr list")
        yield Section(title, lines, page.total, rest + (" assignee:@me" if own else ""))


def _line(day: _Day, row: Any, section: str, *, why: str, command: str) -> TodayLine:
    line = line_of(row, day.today, day.calendar)
    keys = ("number", "case", "kind", "status", "who", "due_on", "act_by_on", "days_left")
    return TodayLine(section, **{key: line[key] for key in keys}, why=why, command=command)


def _late(day: _Day) -> Iterator[Section]:
    page = queries.late(day.session, day.whose, day.today)
    rest = "dsr list overdue:yes"
    return _section(day, "late", "Late", page=page, rest=rest, why=_was_due)


def _was_due(_day: _Day, row: Any) -> str:
    return f"late since {row.due_on}"


def _due(day: _Day) -> Iterator[Section]:
    page = queries.due(day.session, day.whose, day.today, day.until)
    title, rest = f"Due by {day.until}", "dsr list overdue:no"
    return _section(day, "due", title, page=page, rest=rest, why=_is_due)


def _is_due(day: _Day, row: Any) -> str:
    """Say what comes first: acting, or the answer; a day that has passed was to be kept."""
    acting = row.act_by_on and (row.target_on is None or row.act_by_on < row.target_on)
    until = row.act_by_on if acting else row.target_on or row.due_on
    verb = "was to be" if until < day.today else "to be"
    return f"{verb} {'done' if acting else 'answered'} by {until}"


def _interrupted(day: _Day) -> Iterator[Section]:
    return _section(
        day,
        "interrupted",
        "Interrupted in a system",
        page=queries.interrupted(day.session, day.whose),
        rest="dsr list status:fulfilling",
        why=lambda _, row: f"the work in {row.source} was begun",
        command=lambda row: f"dsr apply {row.number}",
    )


def _approvals(day: _Day) -> Iterator[Section]:
    roles = queries.roles(day.session)
    if not _approves(roles.get(day.desk.officer, [])):
        return iter(())
    office = day.desk.office
    others = [name for name in roles if name != day.desk.officer and _approves(roles[name])]
    user = day.desk.os_user if office.four_eyes is FourEyes.USER else None
    alone = office.four_eyes is FourEyes.ALONE and not others
    page = queries.approvals(day.session, day.whose, os_user=user, alone=alone)
    return _section(
        day,
        "approval",
        "Awaiting your approval",
        page=page,
        rest="dsr list status:approval",
        why=lambda _, row: f"proposed by {row.proposed_by}",
        command=lambda row: f"dsr approve {row.number}",
    )


def _approves(roles: Sequence[str]) -> bool:
    return not APPROVING_ROLES.isdisjoint(roles)


def _answers(day: _Day) -> Iterator[Section]:
    page = queries.answers(day.session, day.whose)
    rest = "dsr list status:approval,working,fulfilling"
    why = "decided, and the work is done"
    return _section(day, "answer", "To answer", page=page, rest=rest, why=lambda *_: why)


def _replies(day: _Day) -> Iterator[Section]:
    midnight = datetime.combine(day.today, time(), ZoneInfo(day.desk.office.zone))
    since = midnight - LOOK_BACK
    return _section(
        day,
        "reply",
        "Replies",
        page=queries.replies(day.session, day.whose, since),
        rest="dsr list is:any",
        why=lambda day, row: f"a mail came on {day.on(row.since)}",
        command=lambda row: f"dsr show {row.number}",
    )


def _undelivered(day: _Day) -> Iterator[Section]:
    return _section(
        day,
        "undelivered",
        "Letters that came back",
        page=queries.letters(day.session, day.whose, "undelivered"),
        rest="dsr outbox --state undelivered",
        why=lambda _, row: f"{_letters_of(row)} came back",
        command=lambda row: f"dsr outbox {row.number}",
    )


def _tasks(day: _Day) -> Iterator[Section]:
    return _section(
        day,
        "task",
        "Work outside",
        page=queries.tasks(day.session, day.whose, day.until),
        rest="dsr task list",
        why=_task_is_due,
        command=_task_command,
    )


def _task_is_due(day: _Day, row: Any) -> str:
    due = "late since" if row.task_due_on < day.today else "due"
    kind = row.task_kind.replace("_", " ")
    return f"{kind} {row.task_label}, {due} {row.task_due_on}"


def _task_command(row: Any) -> str:
    one = f"{row.number} {row.task_number}"
    if row.applied:
        return f"dsr apply {row.number}"
    if row.task_kind == TaskKind.RECIPIENT.value and not row.task_reminders:
        return f"dsr task remind {one} --how TEXT"
    return f"dsr task done {one} --proof TEXT"


def _send(day: _Day) -> Iterator[Section]:
    return _section(
        day,
        "letter",
        "Letters to send",
        page=queries.letters(day.session, day.whose, "ready"),
        rest="dsr outbox",
        why=lambda day, row: f"{_letters_of(row)} of {day.on(row.since)}",
        command=lambda row: f"dsr outbox {row.number} --dir DIR",
    )


def _letters_of(row: Any) -> str:
    name = row.letter_name.replace("_", " ")
    return _many(row.letters, name) if row.letters > 1 else str(name)


_SECTIONS = (
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


def _counted(session: Session) -> Iterator[Section]:
    """Give what is told as a number alone: it is nobody's yet."""
    if count := queries.in_triage(session):
        yield _one("triage", "To sort", _many(count, "message"), "dsr triage")
    if count := queries.not_begun(session):
        said = f"{_many(count, 'request')} not begun"
        yield _one("new", "New", said, "dsr list status:received")


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _one(section: str, title: str, why: str, command: str) -> Section:
    empty = dict.fromkeys(TodayLine.__slots__[1:-2])
    return Section(title, (TodayLine(section, **empty, why=why, command=command),), 1, command)
