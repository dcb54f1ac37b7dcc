"""An officer decides where a letter goes, or corrects where it went; each decision is an event."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dsr.domain.mail import MailSort
from dsr.domain.people import normalise
from dsr.domain.vocabulary import (
    ENDED,
    Action,
    IdentifierType,
    Kind,
    MessageOutcome,
    Outcome,
    RequesterRole,
    Scope,
)
from dsr.errors import ConflictError, InputError, NotAllowedError, UsageError
from dsr.intake.again import text_key
from dsr.services.desk import Desk, Step
from dsr.services.ledger import ArrivedView, message_of, view_of
from dsr.services.opening import Opening, Request
from dsr.services.originals import kept_of
from dsr.services.papers import keep_decided
from dsr.services.receiving import key_of
from dsr.services.requested import Read, is_forwarded, of_persons, read_one, request_of
from dsr.services.steps import take, ticket_of
from dsr.store.log import Entry
from dsr.store.tables.messages import MessageRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tickets import of_case

#: What ended so keeps no letter as its evidence.
_NO_REQUEST = frozenset({Outcome.NOT_A_REQUEST, Outcome.DUPLICATE})
FORWARDED = "forwarded: its sender is not taken for who asks, whom dsr set REF --identifier names"
Right = tuple[Kind, Scope | None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a letter goes: exactly one of these.

    Attributes:
        rights: It opens a ticket for each.
        identifiers: What names the data subject besides what the letter says.
        ticket: It joins this ticket.
        outcome: Ignored or triage.
    """

    rights: tuple[Right, ...] = ()
    ticket: int | None = None
    outcome: MessageOutcome | None = None
    identifiers: tuple[tuple[IdentifierType, str], ...] = ()

    def __post_init__(self) -> None:
        if any(kind is Kind.WITHDRAWAL and scope is None for kind, scope in self.rights):
            raise UsageError("a withdrawal needs a scope", hint="--scope marketing")
        if sum((bool(self.rights), self.ticket is not None, self.outcome is not None)) != 1:
            raise UsageError("decide one thing", hint="one of --open, --join, --ignore, --triage")
        if self.identifiers and not self.rights:
            raise UsageError("who asks is named where it opens a ticket", hint="--open KIND")
        for kind, value in self.identifiers:
            normalise(kind, value)


def decide(
    desk: Desk, number: int, place: Place, why: str = "", *, dry_run: bool = False
) -> ArrivedView:
    """Decide where a letter goes that the rules could not sort.

    Args:
        desk: Where the officer works.
        number: The letter's, in the ledger.
        place: Where it goes.
        why: The reason; needed where it asks for nothing.
        dry_run: Change nothing.

    Raises:
        NotFoundError: There is no such letter, or no such ticket.
        ConflictError: It has its tickets already.
        InputError: Its bytes are destroyed.
        UsageError: It is ignored without a reason.
    """
    if place.outcome is MessageOutcome.IGNORED and not why.strip():
        raise UsageError("say why it asks for nothing", hint='--why "an invoice"')
    with desk.write(keep=not dry_run) as step:
        row = message_of(step.session, number)
        if row.case_number is not None:
            raise ConflictError(
                f"number {number} belongs to case {row.case_number}",
                hint=f"dsr list case:{row.case_number} is:any, or dsr inbox move {number}",
            )
        if row.outcome is MessageOutcome.IGNORED and not why.strip():
            raise UsageError("it was ignored: say why it is decided anew", hint='--why "it asks"')
        return _put(step, desk, row, place, why=why)


def move(desk: Desk, number: int, place: Place, why: str, *, dry_run: bool = False) -> ArrivedView:
    """Correct where something went; what it opened must have ended as no request of its own.

    Raises:
        NotFoundError: There is no such letter, or no such ticket.
        NotAllowedError: It opened tickets that are in work, or it is the evidence of what ended.
        InputError: Its bytes are destroyed.
        UsageError: No reason is given.
    """
    if not why.strip():
        raise UsageError("say why it goes elsewhere", hint='--why "it asks for a copy"')
    with desk.write(keep=not dry_run) as step:
        row = message_of(step.session, number)
        _leave(step, row, place)
        return _put(step, desk, row, place, why=why)


def _leave(step: Step, row: MessageRow, place: Place) -> None:
    """Take a letter out of where it went."""
    if row.outcome is MessageOutcome.OPENED and row.case_number is not None:
        _let_go(row, of_case(step.session, row.case_number))
    if row.ticket is not None:
        ticket = ticket_of(step.session, row.ticket)
        if row.outcome is MessageOutcome.JOINED and place.outcome is not None:
            _check_no_evidence(row, [ticket])
        take(step, ticket, Action.NOTE, facts={"moved_away": row.sha256})
    row.case_number = row.ticket = None


def _let_go(row: MessageRow, opened: Sequence[TicketRow]) -> None:
    """Refuse to take a letter from the tickets that it opened, if they are a request's."""
    if working := [each.number for each in opened if each.status not in ENDED]:
        named = ",".join(map(str, working))
        raise NotAllowedError(
            f"number {row.id} opened {_tickets(working)}, still in work",
            hint=f"dsr close {named} --as not_a_request, then this again",
        )
    _check_no_evidence(row, opened)


def _check_no_evidence(row: MessageRow, tickets: Sequence[TicketRow]) -> None:
    """Refuse to take away what shows why something was answered, or ended without an answer."""
    for each in tickets:
        if each.status in ENDED and each.outcome not in _NO_REQUEST:
            how = each.outcome or each.status
            raise NotAllowedError(
                f"number {row.id} is the evidence of ticket {each.number}, which ended as {how}",
                hint=f"dsr show {each.number}",
            )


def _tickets(numbers: Sequence[int]) -> str:
    return f"ticket {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} tickets"


def _put(step: Step, desk: Desk, row: MessageRow, place: Place, *, why: str) -> ArrivedView:
    before = row.outcome
    read = None if place.outcome is MessageOutcome.IGNORED else _read_again(step, desk, row)
    if place.rights:
        facts = _open(step, desk, row, place, read=read)
    elif place.ticket is not None:
        facts = _join(step, row, place.ticket)
    else:
        assert place.outcome is not None
        row.outcome = place.outcome
        facts = {}
    keep_decided(step.session, row, read, step.today)
    row.reasons = [*row.reasons, f"decided by {step.officer}"]
    step.session.add(row)
    step.session.flush()
    facts = {"id": row.id, "from": before.value, "to": row.outcome.value, **facts}
    sealed = {"why": why} if why else {}
    step.trail.append(Entry("triage", case_number=row.case_number, facts=facts, sealed=sealed))
    return view_of(step.session, row)


def _read_again(step: Step, desk: Desk, row: MessageRow) -> Read | None:
    """Return what was kept of a letter as it is read now; None where it is destroyed."""
    manner = desk.office.mail
    kept = kept_of(step.session, row, manner.limits, row.arrived_at)
    return read_one(kept, manner) if kept else None


def _open(
    step: Step, desk: Desk, row: MessageRow, place: Place, *, read: Read | None
) -> dict[str, object]:
    if read is None:
        raise InputError(f"what arrived as {row.id} is destroyed", hint="dsr open KIND")
    opening = Opening(step, desk.office, key_of(step, desk))
    request = request_of(read, place.rights, step.now)
    # a table's headings were read by a mapping, which its kept row does not name
    named = of_persons(read, (*request.identifiers, *_named(row)))
    request = replace(request, identifiers=tuple(dict.fromkeys((*named, *place.identifiers))))
    if is_forwarded(read):
        row.reasons = [*row.reasons, FORWARDED]
    if row.sort is MailSort.AUTHORITY:
        request = _of_authority(request)
    case, tickets = opening.open(request)
    opening.flush()
    row.outcome, row.case_number = MessageOutcome.OPENED, case
    row.text_key = text_key(read.message) or None
    return {"tickets": [number for number, _ in tickets]}


def _of_authority(request: Request) -> Request:
    """Return what an authority's letter asks: it is nobody's data that its own address names."""
    own = (IdentifierType.EMAIL, (request.sender or "").lower())
    others = tuple(
        (kind, value) for kind, value in request.identifiers if (kind, value.lower()) != own
    )
    return replace(request, sender=None, role=RequesterRole.UNKNOWN, identifiers=others)


def _named(row: MessageRow) -> list[tuple[IdentifierType, str]]:
    return [(IdentifierType(each["type"]), each["value"]) for each in row.identifiers]


def _join(step: Step, row: MessageRow, number: int) -> dict[str, object]:
    ticket = ticket_of(step.session, number)
    row.outcome, row.case_number = MessageOutcome.JOINED, ticket.case_number
    row.ticket = number
    take(step, ticket, Action.JOIN, facts={"message": row.sha256})
    return {"ticket": number}
