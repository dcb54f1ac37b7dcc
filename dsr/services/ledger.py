"""The ledger of what arrived: listed, and one thing shown with the words that decided."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from dsr.domain.people import mask
from dsr.domain.vocabulary import IdentifierType, MessageOutcome
from dsr.errors import NotFoundError
from dsr.services.desk import Desk
from dsr.services.originals import kept_of
from dsr.services.requested import Read, read_one
from dsr.store import ledger, today
from dsr.store.filters import Filter, parse
from dsr.store.log import Entry
from dsr.store.tables.messages import MessageRow

TRIAGE = Filter("outcome", (MessageOutcome.TRIAGE.value,))


@dataclass(frozen=True, slots=True)
class ArrivedView:
    """One thing that arrived, and where it went.

    Attributes:
        number: Its number in the ledger; `id` is the same.
        ticket: The ticket that it joined, or may belong to; `tickets` are those of its case.
    """

    number: int
    id: int
    arrived_at: datetime
    source: str
    outcome: str
    sort: str
    urgent: bool
    test: bool
    sender: str | None
    language: str
    case: int | None
    ticket: int | None
    tickets: tuple[int, ...]
    suggested: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpanView:
    """Words of a letter that ask for a right, and the pattern that says so.

    Attributes:
        start: Where they stand in the text, in characters; None where they stand in the subject.
    """

    kind: str
    scope: str | None
    confidence: str
    words: str
    start: int | None
    pattern: str
    language: str


@dataclass(frozen=True, slots=True)
class DecidedView:
    """What an officer decided on it: when, by whom, from where to where, and why.

    Attributes:
        why: The reason; None where none was given, or it is erased.
    """

    at: datetime
    officer: str
    before: str
    after: str
    tickets: tuple[int, ...]
    why: str | None


@dataclass(frozen=True, slots=True)
class LetterShown(ArrivedView):
    """The same with what was written, for whoever decides on it.

    Attributes:
        reply_to: Where it wants answers, if elsewhere than at its sender's.
        claimed_at: When it says itself that it was written.
    """

    message_id: str | None
    sha256: str
    subject: str | None
    text: str
    quoted: str
    spans: tuple[SpanView, ...]
    stated: tuple[dict[str, str | None], ...]
    attachments: tuple[str, ...]
    warnings: tuple[str, ...]
    authenticated: str
    reply_to: str | None
    claimed_at: datetime | None
    decided: tuple[DecidedView, ...]


@dataclass(frozen=True, slots=True)
class Arrived:
    """The rows of a list of the ledger as they come, and how many fit the filters in all.

    Attributes:
        total: None where all rows come: whoever shows them counts them.
    """

    rows: Iterator[ArrivedView]
    total: int | None


def inbox(desk: Desk, words: Sequence[str] = (), *, limit: int | None = None) -> Arrived:
    """Return what arrived and fits filters as they were typed, the newest first.

    Raises:
        UsageError: A word is no filter, or its value is unknown.
    """
    return _listed(desk, parse(words, ledger.KEYS), limit)


def waiting(desk: Desk, *, limit: int | None = None) -> Arrived:
    """Return what a person has to look at: an authority's letters first, then what is urgent."""
    return _listed(desk, [TRIAGE], limit, urgent_first=True)


def set_aside(desk: Desk) -> int:
    """Return how many things were kept that could not be read as a whole, and wait for somebody."""
    with desk.read() as session:
        return today.set_aside(session)


def _listed(
    desk: Desk, filters: Sequence[Filter], limit: int | None, *, urgent_first: bool = False
) -> Arrived:
    query = ledger.fitting(filters, today=desk.today(), zone=desk.office.zone)
    total = None
    if limit is not None:
        with desk.read() as session:
            total = ledger.count(session, query)
    return Arrived(_rows(desk, query, limit, urgent_first=urgent_first), total)


def _rows(
    desk: Desk, query: Any, limit: int | None, *, urgent_first: bool
) -> Iterator[ArrivedView]:
    """Give rows as they come: a ledger of years does not sit in memory."""
    with desk.read() as session:
        for chunk in ledger.listed(session, query, limit=limit, urgent_first=urgent_first):
            cases = {row.case_number for row in chunk if row.case_number is not None}
            tickets = ledger.tickets_of(session, cases)
            for row in chunk:
                yield _view(row, tickets.get(row.case_number, ()))


def show(desk: Desk, number: int) -> LetterShown:
    """Return one thing whole, for deciding on it; that it was read is written down.

    Raises:
        NotFoundError: Nothing of that number arrived.
    """
    with desk.write() as step:
        row = message_of(step.session, number)
        step.trail.append(Entry("read_message", case_number=row.case_number, facts={"id": number}))
        view = view_of(step.session, row)
        manner = desk.office.mail
        kept = kept_of(step.session, row, manner.limits)
        decided = tuple(map(_decided, ledger.decisions_on(step.session, number)))
    read = read_one(kept, manner) if kept else None
    message = read.message if read else None
    spans = tuple(spans_of(read)) if read else ()
    values = {each.name: getattr(view, each.name) for each in fields(ArrivedView)}
    warnings = message.warnings if message else ("its bytes are destroyed",)
    reasons = [reason for reason in view.reasons if reason not in warnings]
    return LetterShown(
        **{**values, "sender": row.sender, "reasons": _worded(reasons, spans)},
        message_id=row.message_id,
        sha256=row.sha256,
        subject=row.subject,
        text=message.text if message else row.excerpt or "",
        quoted=message.quoted if message else "",
        spans=spans,
        stated=tuple(row.stated or ()),
        attachments=tuple(each.name for each in message.attachments) if message else (),
        warnings=warnings,
        authenticated=message.authenticated if message else "",
        reply_to=message.reply_to if message else None,
        claimed_at=message.claimed_at if message else None,
        decided=decided,
    )


def _decided(row: Any) -> DecidedView:
    facts = json.loads(row.body)["facts"]
    tickets = facts.get("tickets") or ([facts["ticket"]] if "ticket" in facts else [])
    return DecidedView(row.at, row.officer, facts["from"], facts["to"], tuple(tickets), row.value)


def _worded(reasons: Sequence[str], spans: Sequence[SpanView]) -> tuple[str, ...]:
    """Return reasons, beside each pattern the words that it found."""
    found = {f"{one.kind}: {one.pattern} ({one.confidence})": one.words for one in spans}
    words = {reason: " ".join(said.split()) for reason, said in found.items()}
    return tuple(f'{one} "{words[one]}"' if words.get(one) else one for one in reasons)


def spans_of(read: Read) -> Iterator[SpanView]:
    """Give the words that ask for rights, each with where it stands."""
    for each in read.finding.kinds:
        start = read.message.text.find(each.span) if each.span else -1
        yield SpanView(
            kind=each.kind.value,
            scope=each.scope.value if each.scope else None,
            confidence=each.confidence,
            words=each.span,
            start=start if start >= 0 else None,
            pattern=each.pattern,
            language=each.language,
        )


def message_of(session: Session, number: int) -> MessageRow:
    """Return a row of the ledger.

    Raises:
        NotFoundError: Nothing of that number arrived.
    """
    row = session.get(MessageRow, number)
    if row is None:
        last = session.exec(select(MessageRow.id).order_by(col(MessageRow.id).desc())).first()
        hint = f"the last one is {last}" if last else "dsr import makes the first"
        raise NotFoundError(f"nothing arrived as number {number}", hint=hint)
    return row


def view_of(session: Session, row: MessageRow) -> ArrivedView:
    """Return a row of the ledger as it is listed: its sender masked."""
    cases = [] if row.case_number is None else [row.case_number]
    return _view(row, ledger.tickets_of(session, cases).get(row.case_number or 0, ()))


def _view(row: Any, tickets: tuple[int, ...]) -> ArrivedView:
    return ArrivedView(
        number=row.id,
        id=row.id,
        arrived_at=row.arrived_at,
        source=row.source,
        outcome=row.outcome.value,
        sort=row.sort.value,
        urgent=row.urgent,
        test=row.test,
        sender=mask(IdentifierType.EMAIL, row.sender) if row.sender else None,
        language=row.language,
        case=row.case_number,
        ticket=row.ticket,
        tickets=tickets,
        suggested=tuple(str(each["kind"]) for each in row.suggested),
        reasons=tuple(row.reasons),
    )
