"""The end of a restriction: the person is told before what was restricted is used again."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from dsr.domain.vocabulary import ENDED, UNFINISHED, Action, LetterName, TaskKind
from dsr.errors import NotAllowedError
from dsr.rules.terms import terms
from dsr.services.dates import working_calendar
from dsr.services.desk import Desk, Step
from dsr.services.facts import tasks_of
from dsr.services.letters import letters_of
from dsr.services.related import beside
from dsr.services.steps import take
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import TaskRow


def lifted_on(ticket: TicketRow, told_on: date) -> date:
    """Return the first day on which the data are used again, if the person is told on a day."""
    days = terms().lift.notice_working_days
    return working_calendar(ticket).add_working_days(told_on, days)


def settle(step: Step, ticket: TicketRow) -> None:
    """Make the end of a restriction due today where what was checked beside it has ended.

    Its task then stands in the officer's day; the restriction's trail tells why.
    """
    if ticket.kind not in terms().lift.settled_by or ticket.status not in ENDED:
        return
    for other in beside(step.session, ticket):
        for task in _lifts(step.session, other):
            if task.due_on is None or task.due_on > step.today:
                task.due_on = step.today
                step.session.add(task)
                facts = {"task": task.number, "settled": ticket.number}
                take(step, other, Action.NOTE, facts={**facts, "due_on": step.today.isoformat()})


def settled(session: Session, ticket: TicketRow) -> list[int]:
    """Return the numbers of what was checked beside a restriction, where all of it has ended."""
    checked = [each for each in beside(session, ticket) if each.kind in terms().lift.settled_by]
    is_over = all(each.status in ENDED for each in checked)
    return [each.number for each in checked] if is_over else []


def tellings(session: Session, ticket: TicketRow) -> list[LetterRow]:
    """Return the letters that told, while the restriction stood, that it ends; in order."""
    stands_since = ticket.answered_at
    return [
        row
        for row in letters_of(session, ticket)
        if row.name is LetterName.LIFTING
        and stands_since is not None
        and row.written_at >= stands_since
    ]


def is_told(session: Session, ticket: TicketRow) -> bool:
    """Tell whether the letter that comes before the end of a restriction is written."""
    return bool(tellings(session, ticket))


def check_letter(session: Session, ticket: TicketRow, name: LetterName, reason: str) -> None:
    """Let the end of a restriction be told only where something is restricted, and with its why.

    The restriction's own reason is none for lifting it.

    Raises:
        NotAllowedError: Nothing is restricted yet or any more, or no reason is given.
    """
    if name is not LetterName.LIFTING:
        return
    cited = terms().lift.citation
    undone = any(
        t.state in UNFINISHED and not t.follow_up for t in tasks_of(session, ticket.number)
    )
    if ticket.answered_at is None or undone or not _lifts(session, ticket):
        raise NotAllowedError(
            f"nothing is restricted in ticket {ticket.number} whose end could be told ({cited})",
            hint=f"dsr show {ticket.number}",
        )
    if not reason.strip():
        raise NotAllowedError(
            f"why the restriction is lifted is not said ({cited})",
            hint=f"dsr letter {ticket.number} lifting --why TEXT --dir DIR",
        )


def _lifts(session: Session, ticket: TicketRow) -> list[TaskRow]:
    query = select(TaskRow).where(
        TaskRow.ticket == ticket.number,
        TaskRow.kind == TaskKind.LIFT,
        col(TaskRow.state).in_(UNFINISHED),
    )
    return list(session.exec(query))


def check_lift(step: Step, desk: Desk, ticket: TicketRow, task: TaskRow) -> None:
    """Let a restriction end only when the person was told, and the day that was named has come.

    Raises:
        NotAllowedError: No letter told it, or its day is still to come.
    """
    if task.kind is not TaskKind.LIFT:
        return
    told = tellings(step.session, ticket)
    if not told:
        raise NotAllowedError(
            f"the person is told before a restriction is lifted ({terms().lift.citation})",
            hint=f"dsr letter {ticket.number} lifting --why TEXT --dir DIR",
        )
    zone = ZoneInfo(desk.office.zone)
    day = lifted_on(ticket, told[-1].written_at.astimezone(zone).date())
    if step.today < day:
        raise NotAllowedError(
            f"the person was told that the restriction ends on {day}",
            hint=f"dsr show {ticket.number}",
        )
