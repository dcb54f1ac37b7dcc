"""The ledger of what arrived: listing it, and deciding on what the rules could not sort."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from dsr.domain.people import mask
from dsr.domain.vocabulary import (
    Action,
    IdentifierType,
    Kind,
    MessageOutcome,
    Scope,
)
from dsr.errors import ConflictError, InputError, NotFoundError, UsageError
from dsr.intake.arrival import Arrival
from dsr.services.desk import Desk, Step
from dsr.services.opening import Opening
from dsr.services.receiving import key_of
from dsr.services.requested import read_one, request_of
from dsr.services.steps import take, ticket_of
from dsr.store import blobs, messages
from dsr.store.log import Entry
from dsr.store.tables.messages import MessageRow
from dsr.store.tickets import of_case


@dataclass(frozen=True, slots=True)
class ArrivedView:
    """One thing that arrived, and where it went."""

    id: int
    arrived_at: datetime
    source: str
    outcome: str
    sender: str | None
    language: str
    case: int | None
    tickets: tuple[int, ...]
    suggested: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetterShown(ArrivedView):
    """The same with what was written, for whoever decides on it."""

    subject: str | None
    text: str


def inbox(
    desk: Desk, outcomes: Sequence[MessageOutcome] = (), *, limit: int | None = None
) -> list[ArrivedView]:
    """Return what arrived, the newest first, with senders masked."""
    with desk.read() as session:
        rows = messages.ledger(session, outcomes, limit=limit)
        return [_view(session, row) for row in rows]


def show(desk: Desk, number: int) -> LetterShown:
    """Return one letter whole, for deciding on it; that it was read is written down.

    Raises:
        NotFoundError: Nothing of that number arrived.
    """
    with desk.write() as step:
        row = _message(step.session, number)
        step.trail.append(Entry("read_message", case_number=row.case_number, facts={"id": number}))
        raw = b"".join(blobs.read(step.session, row.blob)) if row.blob else b""
        text = read_one(Arrival(row.source, raw)).message.text if raw else row.excerpt or ""
        view = _view(step.session, row)
    values = {name: getattr(view, name) for name in ArrivedView.__slots__}
    return LetterShown(**{**values, "sender": row.sender}, subject=row.subject, text=text)


def open_from(
    desk: Desk,
    number: int,
    rights: Sequence[tuple[Kind, Scope | None]],
    *,
    dry_run: bool = False,
) -> ArrivedView:
    """Open tickets from a letter that the rules could not sort.

    Raises:
        NotFoundError: Nothing of that number arrived.
        ConflictError: It has its tickets already.
        InputError: Its bytes are destroyed.
        UsageError: A withdrawal has no scope.
    """
    if any(kind is Kind.WITHDRAWAL and scope is None for kind, scope in rights):
        raise UsageError("a withdrawal needs a scope", hint="--scope marketing")
    with desk.write(keep=not dry_run) as step:
        row = _undecided(step.session, number)
        raw = b"".join(blobs.read(step.session, row.blob)) if row.blob else b""
        if not raw:
            raise InputError(f"what arrived as {number} is destroyed", hint="dsr open KIND")
        read = read_one(Arrival(row.source, raw, row.arrived_at))
        opening = Opening(step, desk.office, key_of(step, desk))
        case, tickets = opening.open(request_of(read, tuple(rights), step.now))
        opening.flush()
        row.outcome, row.case_number = MessageOutcome.OPENED, case
        facts = {"id": number, "to": "opened", "tickets": [n for n, _ in tickets]}
        _decided(step, row, facts)
        if row.blob:
            blobs.set_destruction(step.session, row.blob, None)
        return _view(step.session, row)


def join(desk: Desk, number: int, ticket: int, *, dry_run: bool = False) -> ArrivedView:
    """Let a letter join a ticket.

    Raises:
        NotFoundError: There is no such letter or ticket.
        ConflictError: It has its tickets already.
    """
    with desk.write(keep=not dry_run) as step:
        row = _undecided(step.session, number)
        found = ticket_of(step.session, ticket)
        row.outcome, row.case_number = MessageOutcome.JOINED, found.case_number
        _decided(step, row, {"id": number, "to": "joined", "ticket": ticket})
        take(step, found, Action.JOIN, facts={"message": row.sha256})
        return _view(step.session, row)


def ignore(desk: Desk, number: int, why: str, *, dry_run: bool = False) -> ArrivedView:
    """Decide that a letter asks for nothing.

    Raises:
        NotFoundError: Nothing of that number arrived.
        ConflictError: It has its tickets already.
        UsageError: No reason is given.
    """
    if not why.strip():
        raise UsageError("say why it asks for nothing", hint='--why "an invoice"')
    with desk.write(keep=not dry_run) as step:
        row = _undecided(step.session, number)
        row.outcome = MessageOutcome.IGNORED
        _decided(step, row, {"id": number, "to": "ignored"}, why)
        return _view(step.session, row)


def _decided(step: Step, row: MessageRow, facts: dict[str, object], why: str = "") -> None:
    row.reasons = [*row.reasons, f"decided by {step.officer}"]
    step.session.add(row)
    step.session.flush()
    sealed = {"why": why} if why else {}
    step.trail.append(Entry("triage", case_number=row.case_number, facts=facts, sealed=sealed))


def _message(session: Session, number: int) -> MessageRow:
    row = session.get(MessageRow, number)
    if row is None:
        last = session.exec(select(MessageRow.id).order_by(col(MessageRow.id).desc())).first()
        hint = f"the last one is {last}" if last else "dsr import makes the first"
        raise NotFoundError(f"nothing arrived as number {number}", hint=hint)
    return row


def _undecided(session: Session, number: int) -> MessageRow:
    row = _message(session, number)
    if row.case_number is not None:
        raise ConflictError(
            f"number {number} belongs to case {row.case_number}",
            hint=f"dsr list case:{row.case_number} is:any",
        )
    return row


def _view(session: Session, row: MessageRow) -> ArrivedView:
    tickets = of_case(session, row.case_number) if row.case_number is not None else []
    return ArrivedView(
        id=row.id,
        arrived_at=row.arrived_at,
        source=row.source,
        outcome=row.outcome.value,
        sender=mask(IdentifierType.EMAIL, row.sender) if row.sender else None,
        language=row.language,
        case=row.case_number,
        tickets=tuple(ticket.number for ticket in tickets),
        suggested=tuple(str(each["kind"]) for each in row.suggested),
        reasons=tuple(row.reasons),
    )
