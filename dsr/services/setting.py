"""Setting what was guessed at a ticket's opening, or came to light since; its dates follow."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, delete

from dsr.clock import day_of
from dsr.domain.clocks import working_days_left
from dsr.domain.decisions import APPROVING_ROLES
from dsr.domain.people import normalise
from dsr.domain.vocabulary import (
    Action,
    Channel,
    IdentifierType,
    Kind,
    RequesterRole,
    Scope,
)
from dsr.errors import NotAllowedError, UsageError
from dsr.rules import book
from dsr.services import dates
from dsr.services.desk import Desk, Step, keyed
from dsr.services.entrusted import heed_instruction
from dsr.services.handling import one_step
from dsr.services.items import forget_items
from dsr.services.keys import read_key
from dsr.services.lawful import in_force
from dsr.services.proving import identifiers_of, is_minor
from dsr.services.related import works_alone
from dsr.services.steps import take
from dsr.services.views import StepView
from dsr.store.messages import first_arrival
from dsr.store.tables.people import IdentifierRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import SearchRow

#: What moves a ticket's dates by somebody's word alone is written down with the reason.
_NEEDS_REASON = frozenset({"received_on", "authority_due_on"})


@dataclass(frozen=True, slots=True)
class Changes:
    """What `set` changes on a ticket; None leaves a value as it is.

    Attributes:
        authority_due_on: The day that an authority's letter sets for the answer.
        no_authority_due: No authority sets a day any more.
        why: The reason; a day of receipt or of an authority is not moved without one.
    """

    kind: Kind | None = None
    scope: Scope | None = None
    laws: tuple[str, ...] | None = None
    place: str | None = None
    role: RequesterRole | None = None
    language: str | None = None
    minor: bool | None = None
    born_on: date | None = None
    received_on: date | None = None
    authority_due_on: date | None = None
    no_authority_due: bool = False
    identifiers: tuple[tuple[IdentifierType, str], ...] = ()
    why: str = ""


def set_values(desk: Desk, number: int, changes: Changes, *, dry_run: bool = False) -> StepView:
    """Correct what was guessed at the opening; the dates are computed anew.

    Raises:
        UsageError: Nothing is to be changed, a day is out of reach, or a reason is missing.
        NotFoundError: A law has no pack, or a place no calendar.
        NotAllowedError: A minor's ticket would be one no more, or its receipt a later day, and the
            officer approves nothing; or the receipt would be after the message itself arrived.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        heed_instruction(ticket, changes.kind, changes.scope, changes.role)
        was_minor, received_on = ticket.minor, ticket.received_on
        said = {**_changed(ticket, changes), **_named(step, desk, ticket, changes)}
        _check_reason(ticket, said, changes.why)
        if was_minor and not ticket.minor:
            _check_no_minor(step, number)
        _check_scope(ticket)
        if said.keys() & {"kind", "requester_role"}:  # what was prepared answers another question
            forget_items(step.session, ticket)
            _forget_searches(step, ticket)
        if "received_on" in said:
            _receive(step, desk, ticket, before=received_on)
        found = dates.recompute(step.session, ticket)
        _write_down(step, ticket, said, changes.why)
        return "; ".join(["set " + ", ".join(said), *_of_dates(step, ticket, found)])

    return one_step(desk, number, work, dry_run=dry_run)


def _check_reason(ticket: TicketRow, said: dict[str, Any], why: str) -> None:
    if not said:
        raise UsageError("nothing to set", hint="dsr set --help")
    if not why.strip() and (moved := sorted(_NEEDS_REASON & said.keys())):
        option = {"received_on": "--received", "authority_due_on": "--authority-due"}[moved[0]]
        raise UsageError(
            "what moves a ticket's dates is written down with its reason",
            hint=f"dsr set {ticket.number} {option} DATE --why TEXT",
        )


def _write_down(step: Step, ticket: TicketRow, said: dict[str, Any], why: str) -> None:
    """Append the event: what is personal, and the reason, only sealed."""
    personal = {"born_on"} & said.keys()
    facts = {name: value for name, value in said.items() if name not in personal}
    facts["due_on"] = ticket.due_on.isoformat() if ticket.due_on else None
    sealed = {name: str(said[name]) for name in personal}
    if why.strip():
        sealed["why"] = why
    action = Action.HEED_AUTHORITY if said.keys() == {"authority_due_on"} else Action.SET
    take(step, ticket, action, facts=facts, sealed=sealed)


def _of_dates(step: Step, ticket: TicketRow, found: dates.Dates) -> list[str]:
    """Return what the officer must see at once: that it is late now, or that a date is no help."""
    said = []
    asked, due_on, late_after = ticket.authority_due_on, found.due_on, found.late_after_on
    if asked is not None and asked > due_on:
        said.append(f"the law asks for the answer by {due_on}, before the authority does")
    if late_after is not None and late_after < step.today:
        late = -working_days_left(step.today, late_after, dates.working_calendar(ticket))
        unit = "working day" if late == 1 else "working days"
        said.append(f"{late} {unit} late" if late else f"late since {late_after}")
    return said


def _check_no_minor(step: Step, number: int) -> None:
    """Let an approving officer alone say that a minor is none: no leave to look is needed then."""
    if not step.roles & APPROVING_ROLES:
        raise NotAllowedError(
            f"that ticket {number} is no minor's is for an approver or legal to say",
            hint=f"dsr set {number} --born @file --as APPROVER",
        )


def _receive(step: Step, desk: Desk, ticket: TicketRow, *, before: date) -> None:
    """Take another day for the day of receipt; nothing arrives tomorrow.

    Every date of the ticket follows: a later day is for an approver or legal to say, and is never
    one after the first message of the case was there.
    """
    from dsr.services.receiving import check_receipt, instant_of

    check_receipt(ticket.received_on, step.today)
    if ticket.received_on > before:
        _check_later(step, desk, ticket, before)
    ticket.received_at = instant_of(desk, step, ticket.received_on)


def _check_later(step: Step, desk: Desk, ticket: TicketRow, before: date) -> None:
    day, arrived_at = ticket.received_on, first_arrival(step.session, ticket.case_number)
    arrived_on = day_of(arrived_at, desk.office.zone) if arrived_at else None
    if arrived_on is not None and day > arrived_on:
        raise NotAllowedError(
            f"{day} is after the message that this ticket came by, which arrived on {arrived_on}",
            hint=f"dsr set {ticket.number} --received DATE --why TEXT, up to {arrived_on}",
        )
    if not step.roles & APPROVING_ROLES and not works_alone(step, desk):
        raise NotAllowedError(
            f"a receipt later than {before} gives more time: an approver or legal says so",
            hint=f"dsr set {ticket.number} --received {day} --why TEXT --as APPROVER",
        )


def _changed(ticket: TicketRow, changes: Changes) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name in ("kind", "scope", "place", "language", "minor", "born_on", "received_on"):
        value = getattr(changes, name)
        if value is not None and value != getattr(ticket, name):
            setattr(ticket, name, value)
            said[name] = value if isinstance(value, bool) else str(value)
    said |= _of_authority(ticket, changes)
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


def _of_authority(ticket: TicketRow, changes: Changes) -> dict[str, Any]:
    """Take the day that an authority's letter sets, or take it back."""
    day = None if changes.no_authority_due else changes.authority_due_on or ticket.authority_due_on
    if day == ticket.authority_due_on:
        return {}
    if day is not None and day < ticket.received_on:
        raise UsageError(
            f"{day} is before the receipt on {ticket.received_on}", hint="--authority-due DATE"
        )
    ticket.authority_due_on = day
    return {"authority_due_on": day.isoformat() if day else None}


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
