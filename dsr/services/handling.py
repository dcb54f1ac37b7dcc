"""Handling a ticket: assigning, setting, noting, asking back, extending, closing, reopening."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, delete, select

from dsr.domain.decisions import APPROVING_ROLES
from dsr.domain.law import PauseReason
from dsr.domain.people import normalise
from dsr.domain.vocabulary import (
    Action,
    Channel,
    IdentifierType,
    Kind,
    LetterName,
    RequesterRole,
    Scope,
)
from dsr.domain.workflow import next_step
from dsr.errors import NotAllowedError, NotFoundError, UsageError, nearest
from dsr.rules import book
from dsr.services import dates
from dsr.services.desk import Desk, Step, keyed
from dsr.services.entrusted import heed_instruction
from dsr.services.facts import gather
from dsr.services.items import forget_items
from dsr.services.keys import read_key
from dsr.services.lawful import in_force
from dsr.services.proving import identifiers_of, is_minor
from dsr.services.steps import accept_if_no_proof_is_needed, take, take_known, ticket_of
from dsr.services.views import StepView
from dsr.store.tables.cases import StopRow
from dsr.store.tables.people import IdentifierRow
from dsr.store.tables.registers import OfficerRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import SearchRow


def after(step: Step, ticket: TicketRow, said: str) -> StepView:
    """Return where a ticket stands after a step, and what to type next."""
    step.session.flush()
    facts = gather(step.session, ticket, step.today)
    return StepView(
        number=ticket.number,
        kind=ticket.kind.value,
        status=ticket.status.value,
        outcome=ticket.outcome.value if ticket.outcome else None,
        due_on=ticket.due_on,
        said=said,
        next_command=next_step(ticket.status, facts, ticket.number)[1],
    )


def one_step(
    desk: Desk, number: int, work: Callable[[Step, TicketRow], str], *, dry_run: bool = False
) -> StepView:
    """Do one step on one ticket in one transaction; with `dry_run` do it and undo it.

    Raises:
        NotFoundError: There is no such ticket.
        NotAllowedError: The workflow forbids it.
    """
    with desk.write(keep=not dry_run) as step:
        ticket = ticket_of(step.session, number)
        said = work(step, ticket)
        return after(step, ticket, said)


def assign(desk: Desk, number: int, to: str, *, dry_run: bool = False) -> StepView:
    """Give a ticket to an officer.

    Raises:
        NotFoundError: There is no such ticket or officer.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        name = step.officer if to == "@me" else to
        officer(step, name)
        before, ticket.assignee = ticket.assignee, name
        take(step, ticket, Action.ASSIGN, facts={"from": before, "to": name})
        return f"assigned to {name}"

    return one_step(desk, number, work, dry_run=dry_run)


def officer(step: Step, name: str) -> OfficerRow:
    """Return an active officer.

    Raises:
        NotFoundError: There is none of that name; near ones are named.
    """
    row = step.session.get(OfficerRow, name)
    if row is None or not row.active:
        names = step.session.exec(select(OfficerRow.name).where(col(OfficerRow.active)))
        raise NotFoundError(f"there is no officer {name!r}", hint=nearest(name, list(names)))
    return row


@dataclass(frozen=True, slots=True)
class Changes:
    """What `set` changes on a ticket; None leaves a value as it is."""

    kind: Kind | None = None
    scope: Scope | None = None
    laws: tuple[str, ...] | None = None
    place: str | None = None
    role: RequesterRole | None = None
    language: str | None = None
    minor: bool | None = None
    born_on: date | None = None
    received_on: date | None = None
    identifiers: tuple[tuple[IdentifierType, str], ...] = ()


def set_values(desk: Desk, number: int, changes: Changes, *, dry_run: bool = False) -> StepView:
    """Correct what was guessed at the opening; the dates are computed anew.

    Raises:
        UsageError: Nothing is to be changed, or the day of receipt is still to come.
        NotFoundError: A law has no pack, or a place no calendar.
        NotAllowedError: A minor's ticket would be one no more, and the officer approves nothing.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        heed_instruction(ticket, changes.kind, changes.scope, changes.role)
        was_minor = ticket.minor
        said = {**_changed(ticket, changes), **_named(step, desk, ticket, changes)}
        if not said:
            raise UsageError("nothing to set", hint="dsr set --help")
        if was_minor and not ticket.minor:
            _check_no_minor(step, number)
        _check_scope(ticket)
        if said.keys() & {"kind", "requester_role"}:  # what was prepared answers another question
            forget_items(step.session, ticket)
            _forget_searches(step, ticket)
        if "received_on" in said:
            _receive(step, desk, ticket)
        due_on = dates.recompute(step.session, ticket).due_on.isoformat()
        personal = {"born_on"} & said.keys()
        facts = {name: value for name, value in said.items() if name not in personal}
        take(
            step,
            ticket,
            Action.SET,
            facts={**facts, "due_on": due_on},
            sealed={name: str(said[name]) for name in personal},
        )
        return "set " + ", ".join(said)

    return one_step(desk, number, work, dry_run=dry_run)


def _check_no_minor(step: Step, number: int) -> None:
    """Let an approving officer alone say that a minor is none: no leave to look is needed then."""
    if not step.roles & APPROVING_ROLES:
        raise NotAllowedError(
            f"that ticket {number} is no minor's is for an approver or legal to say",
            hint=f"dsr set {number} --born @file --as APPROVER",
        )


def _receive(step: Step, desk: Desk, ticket: TicketRow) -> None:
    """Take another day for the day of receipt; nothing arrives tomorrow."""
    from dsr.services.receiving import instant_of

    if ticket.received_on > step.today:
        raise UsageError(f"{ticket.received_on} is still to come", hint="--received DATE")
    ticket.received_at = instant_of(desk, step, ticket.received_on)


def _changed(ticket: TicketRow, changes: Changes) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name in ("kind", "scope", "place", "language", "minor", "born_on", "received_on"):
        value = getattr(changes, name)
        if value is not None and value != getattr(ticket, name):
            setattr(ticket, name, value)
            said[name] = value if isinstance(value, bool) else str(value)
    if changes.place is not None:
        book.calendar(changes.place)
    if changes.role is not None:
        _check_role(ticket, changes.role)
        ticket.requester_role = changes.role
        said["requester_role"] = changes.role.value
    if changes.laws is not None:
        ticket.laws = in_force(changes.laws, ticket.received_on, strictly=True)
        said["laws"] = dict(ticket.laws)
    if ticket.born_on is not None and "born_on" in said:
        ticket.minor = is_minor(ticket)
        said["minor"] = ticket.minor
    return said


def _check_role(ticket: TicketRow, role: RequesterRole) -> None:
    """Refuse to call the company the requester of what somebody else asked: it proves nothing."""
    if role is RequesterRole.COMPANY and ticket.channel is not Channel.OWN_MOTION:
        raise UsageError(
            f"ticket {ticket.number} came by {ticket.channel}: the company did not ask for it",
            hint="dsr open --channel own_motion",
        )


def _named(step: Step, desk: Desk, ticket: TicketRow, changes: Changes) -> dict[str, Any]:
    """Add what else names the person; a proof of before does not cover it."""
    known = {(row.type, row.value) for row in identifiers_of(step.session, ticket)}
    added = []
    for kind, written in changes.identifiers:
        value = normalise(kind, written)
        if (kind, value) not in known:
            key = read_key(desk.office.key_file, may_make=not known)
            lookup = keyed(key, kind, value)
            row = IdentifierRow(person=ticket.person, type=kind, value=value, lookup=lookup)
            step.session.add(row)
            added.append(kind.value)
    if added:  # what was searched before did not look for these
        _forget_searches(step, ticket)
    return {"identifiers": added} if added else {}


def _forget_searches(step: Step, ticket: TicketRow) -> None:
    step.session.exec(delete(SearchRow).where(col(SearchRow.ticket) == ticket.number))


def _check_scope(ticket: TicketRow) -> None:
    if ticket.kind is Kind.WITHDRAWAL and ticket.scope is None:
        known = ", ".join(Scope)
        raise UsageError("a withdrawal needs a scope", hint=f"--scope: {known}")
    if ticket.kind is not Kind.WITHDRAWAL:
        ticket.scope = None


def note(desk: Desk, number: int, text: str) -> StepView:
    """Write a note into a ticket's trail; the chain keeps only a commitment to it."""

    def work(step: Step, ticket: TicketRow) -> str:
        take(step, ticket, Action.NOTE, sealed={"why": text})
        return "noted"

    return one_step(desk, number, work)


def clarify(desk: Desk, number: int, question: str, *, dry_run: bool = False) -> StepView:
    """Ask the requester what is meant, by letter; a clock that may pause, pauses.

    Raises:
        NotAllowedError: The kind is never held up by questions, or the ticket is not in work.
    """
    from dsr.services.letters import LetterRequest, to_send, write_letter

    def work(step: Step, ticket: TicketRow) -> str:
        accept_if_no_proof_is_needed(step, ticket)
        stop = StopRow(ticket=ticket.number, reason=PauseReason.CLARIFICATION, asked_on=step.today)
        step.session.add(stop)
        take(
            step,
            ticket,
            Action.CLARIFY,
            sealed={"question": question},
            known={"reason_given": bool(question.strip())},
        )
        write_letter(step, desk, ticket, LetterRequest(LetterName.CLARIFICATION, question=question))
        return f"the question is written; {to_send(number, LetterName.CLARIFICATION)}"

    return one_step(desk, number, work, dry_run=dry_run)


def resume(desk: Desk, number: int, why: str = "", *, dry_run: bool = False) -> StepView:
    """Go on working: the requester replied, or waited too long."""

    def work(step: Step, ticket: TicketRow) -> str:
        end_pause(step, ticket, PauseReason.CLARIFICATION)
        take(step, ticket, Action.RESUME, sealed={"why": why} if why else {})
        return "in work again"

    return one_step(desk, number, work, dry_run=dry_run)


def end_pause(step: Step, ticket: TicketRow, reason: PauseReason) -> None:
    """Note the day on which an open wait of a ticket ended."""
    dates.end_waits(step.session, ticket, step.today, reason)


def extend(desk: Desk, number: int, reason: str, *, dry_run: bool = False) -> StepView:
    """Take the law's longer time, and tell the requester why before the first date.

    Raises:
        NotAllowedError: A law of the ticket has no extension, it was taken, or it is too late.
    """
    from dsr.services.letters import LetterRequest, to_send, write_letter

    def work(step: Step, ticket: TicketRow) -> str:
        facts = gather(step.session, ticket, step.today, reason_given=bool(reason.strip()))
        if facts.extension_objection is None:
            ticket.extended_on = step.today
        take_known(step, ticket, Action.EXTEND, facts, sealed={"why": reason})
        write_letter(step, desk, ticket, LetterRequest(LetterName.EXTENSION, reason=reason))
        return f"extended to {ticket.due_on}; {to_send(number, LetterName.EXTENSION)}"

    return one_step(desk, number, work, dry_run=dry_run)
