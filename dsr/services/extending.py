"""More time for an answer: which law gives it, whether it moves the ticket's date, the notice."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from dsr.domain import clocks
from dsr.domain.calendars import Calendar
from dsr.domain.clock_facts import LATEST
from dsr.domain.clocks import ClockDates, ClockFacts
from dsr.domain.law import Law, PauseReason
from dsr.domain.vocabulary import Action, LetterName
from dsr.errors import UsageError
from dsr.rules import book
from dsr.services.dates import Asked, asked_of, facts_under
from dsr.services.desk import Desk, Step
from dsr.services.facts import gather
from dsr.services.handling import one_step
from dsr.services.steps import take_known
from dsr.services.views import StepView
from dsr.store.tables.tickets import TicketRow


@dataclass(frozen=True, slots=True)
class _UnderLaw:
    """A law of a ticket, what happened as it sees it, and why it gives no time today (or None)."""

    asked: Asked
    law: Law
    facts: ClockFacts
    calendar: Calendar | None
    objection: str | None

    def dates(self, today: date, extended_to: date | None = None, *, extended: bool) -> ClockDates:
        """Return its dates, as they are stored; see `objection` for an open wait."""
        facts = self.facts
        if extended and self.objection is None:
            facts = replace(facts, extended_on=today, extended_to_on=extended_to)
        right = (self.asked.kind, self.asked.scope)
        return clocks.compute(self.law, *right, facts, calendar=self.calendar)

    def last(self, today: date) -> tuple[date, str] | None:
        """Return the last day that a notice of today may name, and by which rule; None for any."""
        extension = self.law.extension
        added = (extension.period or extension.longest) if extension else None
        if extension is None or added is None:
            return None
        law = replace(self.law, extension=replace(extension, period=added, longest=None))
        return replace(self, law=law).dates(today, extended=True).due_legal_on, added.citation


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
        UsageError: The new date is missing, out of reach, or no later than the present one.
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
    clocks of the other laws stay as they are. While a law's clock waits for the requester it gives
    none: no notice could name a date that moves with each day, and none is due until the wait ends.
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
    asked, known = asked_of(session, ticket)
    for code, version in asked.laws.items():
        law = book.law(code, version)
        facts = facts_under(law, known, asked.received_at)
        calendar = book.calendar_for(law, asked.place)
        objection = clocks.extension_objection(
            law, asked.kind, facts, today=today, calendar=calendar, scope=asked.scope
        )
        each = _UnderLaw(asked, law, facts, calendar, objection)
        yield replace(each, objection=objection or _waits(each, ticket.number, today))


def _waits(each: _UnderLaw, number: int, today: date) -> str | None:
    """Return why a clock's date cannot be moved while the requester is waited for, or None."""
    if not each.dates(today, extended=False).waiting:
        return None
    asked = {pause.reason for pause in each.facts.pauses if not pause.resumed_on}
    is_question = PauseReason.CLARIFICATION in asked
    first = f"dsr resume {number}" if is_question else f"dsr verify pass {number}"
    return (
        f"the clock of {each.law.code} waits for the requester, and its date moves with each day"
        f" of waiting; first: {first}"
    )


def _check_until(session: Session, ticket: TicketRow, today: date, until: date | None) -> None:
    if until is not None:
        if until > LATEST:
            raise UsageError(f"{until} is out of reach", hint=f"--until DATE, up to {LATEST}")
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
        last, cited = each.last(today) or (until, "")
        if until > last:
            return f"{each.law.code} gives time until {last} and not until {until} ({cited})"
    return None


def _in_the_way(first: _UnderLaw, before: date) -> str:
    """Say which law's date, or an authority's, keeps the ticket's where it is."""
    if first.facts.authority_due_on == before:
        return f"an authority's letter asks for the answer by {before}, and no notice moves that"
    why = first.objection or f"{first.law.code} gives no later date"
    return f"the date stays {before}, for {why}"
