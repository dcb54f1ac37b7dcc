"""How long a ticket may wait for the person who wrote: questions, and lapsing for want of proof."""

from datetime import date, timedelta

from sqlmodel import Session, col, select

from dsr.domain.calendars import Calendar
from dsr.domain.vocabulary import ProofResult
from dsr.rules.terms import terms
from dsr.services.dates import working_calendar
from dsr.store.tables.people import ProofRow
from dsr.store.tables.tickets import TicketRow


def clarification_objection(ticket: TicketRow) -> str | None:
    """Return why a ticket is not held up by questions, or None."""
    rule = terms().questions
    if ticket.kind in rule.never_for:
        return f"a {ticket.kind} is not held up by questions ({rule.citation})"
    return None


def lapse_objection(session: Session, ticket: TicketRow, today: date) -> str | None:
    """Return why a ticket cannot lapse for want of proof today, or None."""
    asked = session.exec(
        select(ProofRow)
        .where(col(ProofRow.ticket) == ticket.number, ProofRow.result == ProofResult.ASKED)
        .order_by(col(ProofRow.id))
    ).all()
    patience = terms().lapse
    if len(asked) < 1 + patience.reminders:
        return f"the person was asked {len(asked)} times; a reminder goes out first"
    if today <= (last := reply_by(ticket, asked[-1].on)):
        return f"the person was told that a reply is awaited until {last}"
    waited = (today - asked[0].on).days
    by_target = ticket.target_on is not None and today >= ticket.target_on
    if waited < patience.days and not by_target:
        return f"proof was asked {waited} days ago; {patience.days} days are given"
    return None


def reply_by(ticket: TicketRow, today: date) -> date:
    """Return the day by which we need a reply: our patience, but with time left for our work.

    The person always has some working days, even where the office then has fewer.
    """
    rule, calendar = terms().reply, working_calendar(ticket)
    last = today + timedelta(days=terms().lapse.days)
    if ticket.target_on is not None:
        last = min(last, _working_days_before(calendar, ticket.target_on, rule.office_working_days))
    return max(last, calendar.add_working_days(today, rule.person_working_days))


def _working_days_before(calendar: Calendar, day: date, amount: int) -> date:
    for _ in range(amount):
        day = calendar.last_working_not_after(day - timedelta(days=1))
    return day
