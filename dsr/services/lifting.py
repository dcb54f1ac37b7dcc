"""The end of a restriction: the person is told before what was restricted is used again."""

from datetime import date
from zoneinfo import ZoneInfo

from dsr.domain.vocabulary import LetterName, TaskKind
from dsr.errors import NotAllowedError
from dsr.rules.terms import terms
from dsr.services.dates import working_calendar
from dsr.services.desk import Desk, Step
from dsr.services.letters import letters_of
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import TaskRow


def lifted_on(ticket: TicketRow, told_on: date) -> date:
    """Return the first day on which the data are used again, if the person is told on a day."""
    days = terms().lift.notice_working_days
    return working_calendar(ticket).add_working_days(told_on, days)


def check_lift(step: Step, desk: Desk, ticket: TicketRow, task: TaskRow) -> None:
    """Let a restriction end only when the person was told, and the day that was named has come.

    Raises:
        NotAllowedError: No letter told it, or its day is still to come.
    """
    if task.kind is not TaskKind.LIFT:
        return
    told = [row for row in letters_of(step.session, ticket) if row.name is LetterName.LIFTING]
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
