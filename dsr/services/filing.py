"""Filing one thing that arrived: judged, its case opened or joined, its bytes kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from dsr.clock import day_of
from dsr.domain.mail import MailSort
from dsr.domain.vocabulary import (
    Action,
    Kind,
    LetterState,
    MessageOutcome,
    Scope,
    Status,
)
from dsr.intake.again import text_key
from dsr.intake.classify import Finding
from dsr.intake.detach import detach
from dsr.intake.message import Message
from dsr.intake.thread import UNDELIVERED, Judgement, judge
from dsr.rules.terms import terms
from dsr.services.arrived_views import ImportedView
from dsr.services.desk import Desk, Step
from dsr.services.known import Lookup
from dsr.services.lots import seen_already
from dsr.services.opening import Opening
from dsr.services.receiving import key_of
from dsr.services.requested import Read, named_in, received_at, request_of, rights_of
from dsr.services.steps import take, ticket_of
from dsr.services.wishes import Wishes
from dsr.store import blobs
from dsr.store.numbers import draw
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.messages import BlobRow, MessageRow
from dsr.store.today import REPLY, RETURNED

#: A letter that asks for more rights than this is looked at by somebody first.
MOST_RIGHTS = 10

#: Under this name an event keeps that a request was made once more.
ASKED_AGAIN = "asked_again"
ASKS_ANEW = "a reply that asks for something new"


class Writer:
    """Keeps judged messages and opens their tickets; everything is written at the end."""

    def __init__(self, step: Step, desk: Desk, batch: Sequence[Read], wishes: Wishes) -> None:
        self.step = step
        self.desk = desk
        self.wishes = wishes
        key = key_of(step, desk)
        messages = [read.message for read in batch]
        self.lookup = Lookup.of(step, messages, key, test=wishes.test)
        self.opening = Opening(step, desk.office, key)
        self.messages: list[dict[str, Any]] = []
        self.blobs: dict[str, list[dict[str, Any]]] = {}
        self.joins: list[tuple[int, Read, Judgement]] = []
        self.repeats: list[tuple[int | None, Read, Judgement]] = []
        self.counts: Counter[str] = Counter()
        self.repeated = 0
        self._rows: list[dict[str, Any] | None] = []  # of each that was kept, in order

    def keep(self, read: Read) -> ImportedView:
        """Judge one message, open what it asks for, and return what became of it.

        The same bytes may have come in another process, or twice in this batch: only now, under
        the write lock, is it known for sure.
        """
        if read.message.identity in self.lookup.hashes:
            self.repeated += 1
            self._rows.append(None)
            return seen_already(read.arrival.source, read.message.sha256)
        at = received_at(read.message, self.step.now)
        judgement = judge(read.message, read.finding, self.lookup.known(read.message, at))
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
        if outcome is MessageOutcome.DUPLICATE and judgement.sort is not MailSort.FLOOD:
            self.repeats.append((judgement.ticket, read, judgement))
        told = replace(judgement, outcome=outcome, reasons=reasons)
        row = self._row(read, told, case=case)
        self._rows.append(row)
        self.lookup.add(read.message, at)
        self.counts[outcome.value] += 1
        return _view(read, told, tickets, row["sort"])

    def _open(
        self,
        read: Read,
        rights: tuple[tuple[Kind, Scope | None], ...],
        outcome: MessageOutcome,
    ) -> tuple[int | None, list[tuple[int, Kind]]]:
        if outcome is not MessageOutcome.OPENED:
            return None, []
        request = replace(
            request_of(read, rights, self.step.now),
            test=self.wishes.test,
            silent=self._is_old(read),
        )
        case, tickets = self.opening.open(request)
        self.lookup.opened(read.message, case, tickets, request.identifiers)
        return case, tickets

    def _is_old(self, read: Read) -> bool:
        """Tell whether nobody is written to by himself about a request of that time."""
        before = self.wishes.silent_before
        if before is None:
            return False
        return day_of(received_at(read.message, self.step.now), self.desk.office.zone) < before

    def flush(self) -> None:
        """Write what was collected, then let replies join their tickets."""
        self.opening.flush()
        connection = self.step.session.connection()
        until = {key: rows[0]["destroy_on"] for key, rows in self.blobs.items()}
        known = blobs.keep_longer(self.step.session, until)
        new = [row for key, rows in self.blobs.items() if key not in known for row in rows]
        if new and not self.wishes.dry_run:  # a rehearsal of much mail would fill the disk
            connection.execute(insert(BlobRow), new)
        if self.messages:
            numbers = draw(self.step.session, "message", len(self.messages))
            for number, row in zip(numbers, self.messages, strict=True):
                row["id"] = number
            connection.execute(insert(MessageRow), self.messages)
        for number, read, judgement in self.joins:
            self._join(number, read, judgement)
        for repeated, read, judgement in self.repeats:
            if repeated is not None:
                facts = {ASKED_AGAIN: True, **_heard(read, judgement)}
                take(self.step, ticket_of(self.step.session, repeated), Action.JOIN, facts=facts)

    def numbered(self, views: Sequence[ImportedView]) -> list[ImportedView]:
        """Return the views of what was kept, in its order, with the numbers of their rows."""
        pairs = zip(views, self._rows, strict=True)
        return [replace(view, number=row["id"]) if row else view for view, row in pairs]

    def _join(self, number: int, read: Read, judgement: Judgement) -> None:
        """Write a reply down in its ticket; one that waits for it goes on by itself."""
        from dsr.domain.law import PauseReason
        from dsr.services.handling import end_pause

        ticket = ticket_of(self.step.session, number)
        facts = _heard(read, judgement)
        came_back = UNDELIVERED in judgement.reasons
        if came_back:
            facts[RETURNED] = self._note_undelivered(self._returned(number, read.message))
        take(self.step, ticket, Action.JOIN, facts=facts)
        if ticket.status is Status.WAITING and judgement.answers and not came_back:
            end_pause(self.step, ticket, PauseReason.CLARIFICATION)
            take(self.step, ticket, Action.RESUME, facts={REPLY: read.message.sha256})

    def _returned(self, number: int, message: Message) -> tuple[str, ...]:
        """Return which of our letters of a ticket came back."""
        ours = self.lookup.own_ids
        within = tuple(one for one in message.returned_ids if ours.get(one) == number)
        return within or tuple(one for one in message.references if ours.get(one) == number)[:1]

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

    def _row(self, read: Read, told: Judgement, *, case: int | None) -> dict[str, Any]:
        message, finding = read.message, read.finding
        row = {
            "source": message.source,
            "sha256": message.sha256,
            "content_key": message.content_key,
            "message_id": message.message_id,
            "arrived_at": received_at(message, self.step.now),
            "outcome": told.outcome,
            "case_number": case,
            "sender": message.sender,
            "sender_name": message.sender_name or None,
            "subject": message.subject or None,
            "excerpt": message.text[:300] or None,
            "language": read.finding.language,
            "requester_role": read.finding.role,
            "suggested": list(_suggested(finding)),
            "identifiers": [{"type": kind.value, "value": value} for kind, value in named_in(read)],
            "reasons": [*told.reasons, *message.warnings],
            "blob": self._blob(read, told.outcome),
            "sort": MailSort.FORM if _is_plain_form(message, told) else told.sort,
            "stated": [asdict(one) for one in finding.stated] or None,
            "urgent": told.urgent,
            "test": self.wishes.test,
            "ticket": told.ticket,
            "text_key": text_key(message) if told.outcome is MessageOutcome.OPENED else None,
        }
        self.messages.append(row)
        return row

    def _blob(self, read: Read, outcome: MessageOutcome) -> str:
        """Collect the bytes to keep: without identity papers, and those for a few days only."""
        raw = read.arrival.raw
        papers = {each.sha256 for each in read.message.attachments if each.identity_paper}
        if papers:
            raw, taken = detach(read.arrival.mail or raw, papers)
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
        before = self.blobs.get(key)
        if before is None or blobs.is_longer(destroy_on, before[0]["destroy_on"]):
            self.blobs[key] = rows
        return key


def _heard(read: Read, judgement: Judgement) -> dict[str, Any]:
    return {"message": read.message.sha256, "reasons": list(judgement.reasons)}


def _view(
    read: Read, told: Judgement, tickets: Sequence[tuple[int, Kind]], sort: MailSort
) -> ImportedView:
    message, finding = read.message, read.finding
    return ImportedView(
        source=message.source,
        message_id=message.message_id,
        sha256=message.sha256,
        outcome=told.outcome.value,
        tickets=tuple({"number": n, "kind": kind.value} for n, kind in tickets),
        language=finding.language,
        requester_role=finding.role.value,
        identifiers=tuple({"type": k.value, "value": v} for k, v in named_in(read)),
        reasons=told.reasons,
        suggested=_suggested(finding),
        sort=sort.value,
        urgent=told.urgent,
        warnings=message.warnings,
        ticket=told.ticket,
    )


def _suggested(finding: Finding) -> tuple[dict[str, str | None], ...]:
    return tuple(
        {"kind": each.kind.value, "scope": each.scope.value if each.scope else None}
        for each in finding.kinds
    )


def _is_plain_form(message: Message, told: Judgement) -> bool:
    return message.form is not None and told.sort is MailSort.PLAIN
