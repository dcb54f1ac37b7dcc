"""The ledger of what arrived: listed, and one thing shown with the words that decided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlmodel import Session, col, select

from dsr.domain.people import mask
from dsr.domain.vocabulary import IdentifierType, MessageOutcome
from dsr.errors import NotFoundError
from dsr.intake.kept import arrival_again
from dsr.services.desk import Desk
from dsr.services.requested import Read, read_one
from dsr.store import blobs, ledger
from dsr.store.filters import Filter, parse
from dsr.store.log import Entry
from dsr.store.tables.messages import MessageRow
from dsr.store.tickets import of_case

TRIAGE = Filter("outcome", (MessageOutcome.TRIAGE.value,))


@dataclass(frozen=True, slots=True)
class ArrivedView:
    """One thing that arrived, and where it went.

    Attributes:
        ticket: The ticket that it joined; `tickets` are those of its case.
    """

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
class LetterShown(ArrivedView):
    """The same with what was written, for whoever decides on it."""

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


@dataclass(frozen=True, slots=True)
class Arrived:
    """The rows of a list of the ledger, and how many fit the filters in all."""

    rows: Sequence[ArrivedView]
    total: int


def inbox(desk: Desk, words: Sequence[str] = (), *, limit: int | None = None) -> Arrived:
    """Return what arrived and fits filters as they were typed, the newest first.

    Raises:
        UsageError: A word is no filter, or its value is unknown.
    """
    return _listed(desk, parse(words, ledger.KEYS), limit)


def waiting(desk: Desk, *, limit: int | None = None) -> Arrived:
    """Return what a person has to look at: an authority's letters first, then what is urgent."""
    return _listed(desk, [TRIAGE], limit, urgent_first=True)


def _listed(
    desk: Desk, filters: Sequence[Filter], limit: int | None, *, urgent_first: bool = False
) -> Arrived:
    with desk.read() as session:
        rows, total = ledger.listed(
            session,
            filters,
            today=desk.today(),
            zone=desk.office.zone,
            limit=limit,
            urgent_first=urgent_first,
        )
        return Arrived([view_of(session, row) for row in rows], total)


def show(desk: Desk, number: int) -> LetterShown:
    """Return one thing whole, for deciding on it; that it was read is written down.

    Raises:
        NotFoundError: Nothing of that number arrived.
    """
    with desk.write() as step:
        row = message_of(step.session, number)
        step.trail.append(Entry("read_message", case_number=row.case_number, facts={"id": number}))
        view = view_of(step.session, row)
        raw = b"".join(blobs.read(step.session, row.blob)) if row.blob else b""
    read = read_one(arrival_again(row.source, raw), desk.office.mail) if raw else None
    message = read.message if read else None
    values = {each.name: getattr(view, each.name) for each in fields(ArrivedView)}
    return LetterShown(
        **{**values, "sender": row.sender},
        message_id=row.message_id,
        sha256=row.sha256,
        subject=row.subject,
        text=message.text if message else row.excerpt or "",
        quoted=message.quoted if message else "",
        spans=tuple(spans_of(read)) if read else (),
        stated=tuple(row.stated or ()),
        attachments=tuple(each.name for each in message.attachments) if message else (),
        warnings=message.warnings if message else ("its bytes are destroyed",),
        authenticated=message.authenticated if message else "",
    )


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
    tickets = of_case(session, row.case_number) if row.case_number is not None else []
    return ArrivedView(
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
        tickets=tuple(ticket.number for ticket in tickets),
        suggested=tuple(str(each["kind"]) for each in row.suggested),
        reasons=tuple(row.reasons),
    )
