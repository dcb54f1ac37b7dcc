"""More time for an answer: which law gives it, whether it moves the ticket's date, the notice."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from dsr.domain import clocks
from dsr.domain.calendars import Calendar
from dsr.domain.clocks import ClockDates, ClockFacts
from dsr.domain.law import Law
from dsr.domain.vocabulary import Action, LetterName
from dsr.errors import UsageError
from dsr.rules import book
from dsr.services.dates import facts_of, facts_under
from dsr.services.desk import Desk, Step
from dsr.services.facts import gather
from dsr.services.handling import one_step
from dsr.services.steps import take_known
from dsr.services.views import StepView
from dsr.store.tables.tickets import TicketRow


@dataclass(frozen=True, slots=True)
class _UnderLaw:
    """A law of a ticket, what happened as it sees it, and why it gives no time today (or None)."""

    ticket: TicketRow
    law: Law
    facts: ClockFacts
    calendar: Calendar | None
    objection: str | None

    def dates(self, today: date, extended_to: date | None = None, *, extended: bool) -> ClockDates:
        """Return its dates; an open wait is taken to end today."""
        facts = self.facts
        if extended and self.objection is None:
            facts = replace(facts, extended_on=today, extended_to_on=extended_to)
        right = (self.ticket.kind, self.ticket.scope)
        return clocks.compute(self.law, *right, facts, calendar=self.calendar, as_of=today)


def extend(
    desk: Desk, number: int, reason: str, until: date | None = None, *, dry_run: bool = False
) -> StepView:
    """Take the law's longer time, and tell the requester why before the first date.

    Args:
        desk: The desk.
        number: The ticket.
        reason: Why; the letter says it.
        until: The new date that the notice names; a law that gives no length needs it.
        dry_run: Do it and undo it.

    Raises:
        UsageError: The new date is missing, or no later than the present one.
        NotAllowedError: No law of the ticket gives more time today, it gives less than was asked
            for, or another law's date stands in the way.
    """
    from dsr.services.letters import LetterRequest, to_send, write_letter

    def work(step: Step, ticket: TicketRow) -> str:
        session, today = step.session, step.today
        _check_until(session, ticket, today, until)
        objection = extension_objection(session, ticket, today, until)
        given = bool(reason.strip())
        facts = gather(session, ticket, today, reason_given=given, extension_objection=objection)
        if objection is None:
            ticket.extended_on, ticket.extended_to_on = today, until
        take_known(step, ticket, Action.EXTEND, facts, sealed={"why": reason})
        write_letter(step, desk, ticket, LetterRequest(LetterName.EXTENSION, reason=reason))
        return f"extended to {ticket.due_on}; {to_send(number, LetterName.EXTENSION)}"

    return one_step(desk, number, work, dry_run=dry_run)


def extension_objection(
    session: Session, ticket: TicketRow, today: date, until: date | None = None
) -> str | None:
    """Return why a ticket's date cannot be moved by an extension today, or None where it can.

    One law that gives more time suffices, if the ticket's own date then really is a later one; the
    clocks of the other laws stay as they are.
    """
    every = list(_laws(session, ticket, today))
    giving = [each for each in every if each.objection is None]
    if not giving:
        return "; ".join(each.objection for each in every if each.objection)
    if until is not None and (beyond := _beyond(giving, today, until)):
        return beyond
    before = min(each.dates(today, extended=False).due_legal_on for each in every)
    after = {each.law.code: each.dates(today, until, extended=True) for each in every}
    first = min(every, key=lambda each: after[each.law.code].due_legal_on)
    if after[first.law.code].due_legal_on > before:
        return None
    return _in_the_way(first, before)


def _laws(session: Session, ticket: TicketRow, today: date) -> Iterator[_UnderLaw]:
    known = facts_of(session, ticket)
    for code, version in ticket.laws.items():
        law = book.law(code, version)
        facts = facts_under(code, version, known, ticket.received_at)
        calendar = book.calendar_for(law, ticket.place)
        objection = clocks.extension_objection(
            law, ticket.kind, facts, today=today, calendar=calendar, scope=ticket.scope
        )
        yield _UnderLaw(ticket, law, facts, calendar, objection)


def _check_until(session: Session, ticket: TicketRow, today: date, until: date | None) -> None:
    if until is not None:
        if ticket.due_on is not None and until <= ticket.due_on:
            raise UsageError(
                f"{until} is no later than the present date, {ticket.due_on}", hint="--until DATE"
            )
        return
    for each in _laws(session, ticket, today):
        extension = each.law.extension
        if each.objection is None and extension is not None and extension.period is None:
            raise UsageError(
                f"{each.law.code} names no length: the notice says the new date "
                f"({extension.notice.citation})",
                hint=f"dsr extend {ticket.number} --why TEXT --until DATE",
            )


def _beyond(giving: list[_UnderLaw], today: date, until: date) -> str | None:
    """Return which law gives less time than is asked for, or None."""
    for each in giving:
        extension = each.law.extension
        if extension is None or extension.period is None:
            continue
        last = each.dates(today, extended=True).due_legal_on
        if until > last:
            cited = extension.period.citation
            return f"{each.law.code} gives time until {last} and not until {until} ({cited})"
    return None


def _in_the_way(first: _UnderLaw, before: date) -> str:
    """Say which law's date, or an authority's, keeps the ticket's where it is."""
    if first.facts.authority_due_on == before:
        return f"an authority's letter asks for the answer by {before}, and no notice moves that"
    why = first.objection or f"{first.law.code} gives no later date"
    return f"the date stays {before}, for {why}"
