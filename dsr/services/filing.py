"""Filing one thing that arrived: judged, its case opened or joined, its bytes kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from dsr.domain.vocabulary import (
    FOR_ANOTHER,
    Action,
    Channel,
    IdentifierType,
    Kind,
    LetterState,
    MessageOutcome,
    RequesterRole,
    Scope,
    Status,
)
from dsr.intake.arrival import Arrival
from dsr.intake.classify import Finding, classify_message
from dsr.intake.detach import detach
from dsr.intake.message import Message, parse
from dsr.intake.thread import UNDELIVERED, Judgement, judge
from dsr.rules import phrases as phrase_book
from dsr.rules.terms import terms
from dsr.services.desk import Desk, Step
from dsr.services.known import Lookup
from dsr.services.opening import Opening, Request
from dsr.services.receiving import key_of
from dsr.services.steps import take, ticket_of
from dsr.services.views import ImportedView
from dsr.store import blobs
from dsr.store.numbers import draw
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.messages import BlobRow, MessageRow
from dsr.store.today import REPLY, RETURNED

#: The keys of a form that the program reads itself; the others are kept with the ticket.
FORM_KEYS = frozenset(
    {
        "kind",
        "scope",
        "email",
        "phone",
        "account",
        "name",
        "received_at",
        "language",
        "text",
        "law",
        "requester_role",
    }
)


#: A letter that asks for more rights than this is looked at by somebody first.
MOST_RIGHTS = 10

ASKS_ANEW = "a reply that asks for something new"


@dataclass(frozen=True, slots=True)
class Read:
    """One thing that arrived, read and classified, before it is judged."""

    arrival: Arrival
    message: Message
    finding: Finding


def read_one(arrival: Arrival) -> Read:
    """Read one arrival and say what it asks; neither ever fails."""
    message = parse(arrival)
    finding = classify_message(message, phrase_book.load())
    return Read(arrival, message, finding)


class Writer:
    """Keeps judged messages and opens their tickets; everything is written at the end."""

    def __init__(self, step: Step, desk: Desk, batch: Sequence[Read]) -> None:
        self.step = step
        self.desk = desk
        key = key_of(step, desk)
        self.lookup = Lookup.of(step.session, [read.message for read in batch], key)
        self.opening = Opening(step, desk.office, key)
        self.messages: list[dict[str, Any]] = []
        self.blobs: dict[str, list[dict[str, Any]]] = {}
        self.joins: list[tuple[int, Read, Judgement]] = []

    def keep(self, read: Read) -> ImportedView:
        """Judge one message, open what it asks for, and return what became of it."""
        judgement = judge(read.message, read.finding, self.lookup.known)
        rights = rights_of(read)
        outcome = judgement.outcome
        reasons = judgement.reasons
        if outcome is MessageOutcome.OPENED and not 0 < len(rights) <= MOST_RIGHTS:
            outcome = MessageOutcome.TRIAGE
            reasons = (*reasons, f"{len(rights)} rights in one letter")
        asked = [kind for kind, _ in rights]
        if (
            outcome is MessageOutcome.JOINED
            and judgement.ticket
            and self.lookup.new_in(judgement.ticket, asked)
        ):
            outcome, reasons = MessageOutcome.TRIAGE, (*reasons, ASKS_ANEW)
        case, tickets = self._open(read, rights, outcome)
        if judgement.ticket is not None and outcome is MessageOutcome.JOINED:
            self.joins.append((judgement.ticket, read, judgement))
            case, kind = self.lookup.tickets[judgement.ticket]
            tickets = [(judgement.ticket, kind)]
        self._row(read, outcome, case=case, reasons=reasons)
        self.lookup.add(read.message)
        return self._view(read, outcome, tickets, reasons)

    def _open(
        self,
        read: Read,
        rights: tuple[tuple[Kind, Scope | None], ...],
        outcome: MessageOutcome,
    ) -> tuple[int | None, list[tuple[int, Kind]]]:
        if outcome is not MessageOutcome.OPENED:
            return None, []
        case, tickets = self.opening.open(request_of(read, rights, self.step.now))
        self.lookup.opened(read.message, case, tickets)
        return case, tickets

    def flush(self) -> None:
        """Write what was collected, then let replies join their tickets."""
        self.opening.flush()
        connection = self.step.session.connection()
        known = blobs.known(self.step.session, self.blobs)
        new = [row for key, rows in self.blobs.items() if key not in known for row in rows]
        if new:
            connection.execute(insert(BlobRow), new)
        if self.messages:
            numbers = draw(self.step.session, "message", len(self.messages))
            for number, row in zip(numbers, self.messages, strict=True):
                row["id"] = number
            connection.execute(insert(MessageRow), self.messages)
        for number, read, judgement in self.joins:
            self._join(number, read, judgement)

    def _join(self, number: int, read: Read, judgement: Judgement) -> None:
        """Write a reply down in its ticket; one that waits for it goes on by itself."""
        from dsr.domain.law import PauseReason
        from dsr.services.handling import end_pause

        ticket = ticket_of(self.step.session, number)
        facts: dict[str, Any] = {"message": read.message.sha256, "reasons": list(judgement.reasons)}
        came_back = UNDELIVERED in judgement.reasons
        if came_back:
            returned = read.message.returned_ids or read.message.references[:1]
            facts[RETURNED] = self._note_undelivered(returned)
        take(self.step, ticket, Action.JOIN, facts=facts)
        if ticket.status is Status.WAITING and not came_back:
            end_pause(self.step, ticket, PauseReason.CLARIFICATION)
            take(self.step, ticket, Action.RESUME, facts={REPLY: read.message.sha256})

    def _note_undelivered(self, returned: tuple[str, ...]) -> list[int | None]:
        """Mark what came back, and return its letters."""
        from sqlmodel import col, select

        from dsr.services.sending import move

        query = select(LetterRow).where(col(LetterRow.message_id).in_(returned))
        letters = self.step.session.exec(query).all()
        for letter in letters:
            if letter.state != LetterState.UNDELIVERED:
                move(self.step, letter, LetterState.UNDELIVERED)
        return [letter.id for letter in letters]

    def _row(
        self, read: Read, outcome: MessageOutcome, *, case: int | None, reasons: tuple[str, ...]
    ) -> None:
        message, finding = read.message, read.finding
        self.messages.append(
            {
                "source": message.source,
                "sha256": message.sha256,
                "content_key": message.content_key,
                "message_id": message.message_id,
                "arrived_at": _received_at(message, self.step.now),
                "outcome": outcome,
                "case_number": case,
                "sender": message.sender,
                "sender_name": message.sender_name or None,
                "subject": message.subject or None,
                "excerpt": message.text[:300] or None,
                "language": read.finding.language,
                "requester_role": read.finding.role,
                "suggested": [
                    {"kind": each.kind.value, "scope": each.scope and each.scope.value}
                    for each in finding.kinds
                ],
                "identifiers": [
                    {"type": kind.value, "value": value} for kind, value in named_in(read)
                ],
                "reasons": list(reasons),
                "blob": self._blob(read, outcome),
            }
        )

    def _blob(self, read: Read, outcome: MessageOutcome) -> str:
        """Collect the bytes to keep: without identity papers, and those for a few days only."""
        raw = read.arrival.raw
        papers = {each.sha256 for each in read.message.attachments if each.identity_paper}
        if papers:
            raw, taken = detach(raw, papers)
            until = self.step.today + timedelta(days=terms().identity_papers.keep_days)
            for paper in taken:
                self._collect(paper, until)
        keep_until: date | None = None
        if outcome is MessageOutcome.IGNORED:
            keep_until = self.step.today + timedelta(days=terms().not_a_request.keep_days)
        return self._collect(raw, keep_until)

    def _collect(self, content: bytes, destroy_on: date | None) -> str:
        rows = blobs.rows_of(content, destroy_on=destroy_on)
        key = str(rows[0]["sha256"])
        self.blobs[key] = rows
        return key

    def _view(
        self,
        read: Read,
        outcome: MessageOutcome,
        tickets: list[tuple[int, Kind]],
        reasons: tuple[str, ...],
    ) -> ImportedView:
        return ImportedView(
            source=read.message.source,
            message_id=read.message.message_id,
            sha256=read.message.sha256,
            outcome=outcome.value,
            tickets=tuple({"number": n, "kind": kind.value} for n, kind in tickets),
            language=read.finding.language,
            requester_role=read.finding.role.value,
            identifiers=tuple({"type": k.value, "value": v} for k, v in named_in(read)),
            reasons=reasons,
        )


def rights_of(read: Read) -> tuple[tuple[Kind, Scope | None], ...]:
    """Return the rights that open tickets: what a form names, else what was found with confidence.

    A withdrawal that says no more is one of consent.
    """
    form = read.message.form or {}
    said = Scope(form["scope"]) if form.get("scope") in list(Scope) else None
    found = [
        (each.kind, (each.scope or said or Scope.CONSENT) if each.kind is Kind.WITHDRAWAL else None)
        for each in read.finding.opens
    ]
    return tuple(dict.fromkeys(found))


def request_of(read: Read, rights: tuple[tuple[Kind, Scope | None], ...], now: datetime) -> Request:
    """Return what a message asks, as a case is opened from it."""
    message, form = read.message, read.message.form or {}
    role = read.finding.role
    return Request(
        rights=rights,
        identifiers=named_in(read),
        sender=message.sender,
        role=role,
        language=read.finding.language,
        received_at=_received_at(message, now),
        channel=Channel.FORM if message.form is not None else Channel.EMAIL,
        laws=tuple(code.strip().upper() for code in form.get("law", "").split(",") if code.strip()),
        minor=role is RequesterRole.GUARDIAN,
        extra={key: value for key, value in form.items() if key not in FORM_KEYS} or None,
    )


def named_in(read: Read) -> tuple[tuple[IdentifierType, str], ...]:
    """Return what names the data subject: what was said, and the sender who writes for himself."""
    named, sender = read.finding.identifiers, read.message.sender
    if sender and read.finding.role not in FOR_ANOTHER:
        named = (*named, (IdentifierType.EMAIL, sender))
    return tuple(dict.fromkeys(named))


def _received_at(message: Message, now: datetime) -> datetime:
    """Return the instant of receipt, which is never to come."""
    return min(message.received_at or now, now)
