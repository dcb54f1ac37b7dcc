"""The days that a letter names, and what waiting for a reply does to them. Composes nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from dsr.domain.clocks import ClockDates, Pause
from dsr.domain.law import PauseReason
from dsr.domain.vocabulary import ClockMode, LetterName, ProofResult, TaskKind
from dsr.rules import book
from dsr.services.dates import Asked, Dates, asked_of, clocks_for
from dsr.services.letters import LetterRequest
from dsr.services.lifting import lifted_on
from dsr.services.waiting import reply_by
from dsr.store.tables.people import ProofRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import SearchRow, TaskRow

#: What a letter that asks for something waits for.
_WAITS_FOR = {
    LetterName.IDENTITY_REQUEST: PauseReason.PROOF,
    LetterName.CLARIFICATION: PauseReason.CLARIFICATION,
}

#: Work whose end stops nothing that was asked to stop.
_BESIDE = frozenset({TaskKind.RECIPIENT, TaskKind.STOP_USE})


def days(
    session: Session,
    ticket: TicketRow,
    request: LetterRequest,
    *,
    tasks: Sequence[TaskRow],
    today: date,
    zone: str,
) -> dict[str, Any]:
    """Return the days that a letter names, by the names of its facts."""
    return {
        "received_on": ticket.received_on,
        "due_on": _first_due(session, ticket, request),
        "new_due_on": ticket.due_on,
        "act_by_on": ticket.act_by_on,
        "provisional": ticket.provisional,
        "stop_on": _stop_on(tasks, today),
        "lifted_on": lifted_on(ticket, today),
        "reply_by_on": reply_by(ticket, today),
        **_waiting(session, ticket, request, today),
        "asked_on": _asked_on(session, ticket),
        "as_of_on": _as_of(session, ticket, zone),
        "withdrawn_on": request.withdrawn_on or today,
        "backup_on": _backup_on(tasks),
    }


def _waiting(
    session: Session, ticket: TicketRow, request: LetterRequest, today: date
) -> dict[str, Any]:
    """Return whether waiting for the reply moves the ticket's date, and how far at the most."""
    reason = _WAITS_FOR.get(request.name)
    if reason is None:
        return {}
    asked, clocks = _clocks_if_asked(session, ticket, reason, today)
    first = min(clocks, key=lambda clock: (clock.due_legal_on, clock.waiting))
    if not first.waiting:
        return {"clock_mode": ClockMode.NO_PAUSE}
    fixed = [clock.due_legal_on for clock in clocks if not clock.waiting]
    law = book.law(first.law, asked.laws[first.law])
    rule = law.clock(asked.kind, asked.scope)
    # A British question stops the clock that a British proof starts anew.
    stands_still = rule is not None and reason in rule.pauses_for
    return {
        "clock_mode": ClockMode.SUSPEND if stands_still else first.mode,
        "answer_latest_on": min(fixed, default=None),
    }


def _clocks_if_asked(
    session: Session, ticket: TicketRow, reason: PauseReason, today: date
) -> tuple[Asked, list[ClockDates]]:
    """Return a ticket's clocks with the wait that the letter begins, also before it is written."""
    asked, facts = asked_of(session, ticket)
    if not any(p.reason is reason and p.resumed_on is None for p in facts.pauses):
        facts = replace(facts, pauses=(*facts.pauses, Pause(today, None, reason)))
        if reason is PauseReason.PROOF:
            facts = replace(facts, proof_asked_on=facts.proof_asked_on or today)
    return asked, list(clocks_for(asked, facts))


def _first_due(session: Session, ticket: TicketRow, request: LetterRequest) -> date | None:
    """Return the date of the answer: of a duplicate the earlier one, of an extension the first."""
    if request.earlier is not None:
        return request.earlier.due_on
    if request.name is not LetterName.EXTENSION or ticket.extended_on is None:
        return ticket.due_on
    asked, facts = asked_of(session, ticket)
    return Dates.of(clocks_for(asked, replace(facts, extended_on=None))).due_on


def _stop_on(tasks: Sequence[TaskRow], today: date) -> date:
    """Return the day on which processing stopped: the last task's, or the decision's."""
    ended = [t.done_on for t in tasks if t.done_on and t.kind not in _BESIDE]
    return max(ended, default=today)


def _asked_on(session: Session, ticket: TicketRow) -> date | None:
    query = select(col(ProofRow.on)).where(
        ProofRow.ticket == ticket.number, ProofRow.result == ProofResult.ASKED
    )
    return session.exec(query.order_by(col(ProofRow.id))).first()


def _as_of(session: Session, ticket: TicketRow, zone: str) -> date | None:
    """Return the day of the last search, in the office's zone."""
    query = select(SearchRow.at).where(col(SearchRow.ticket) == ticket.number)
    last = max(session.exec(query), default=None)
    return last.astimezone(ZoneInfo(zone)).date() if last else None


def _backup_on(tasks: Sequence[TaskRow]) -> date | None:
    return max((t.due_on for t in tasks if t.kind is TaskKind.BACKUP and t.due_on), default=None)
