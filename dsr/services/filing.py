"""Filing one thing that arrived: judged, its case opened or joined, its bytes kept."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import date
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
from dsr.intake.message import Message
from dsr.intake.overlong import Overlong
from dsr.intake.thread import UNDELIVERED, Judgement, judge
from dsr.services.arrived_views import ImportedView
from dsr.services.desk import Desk, Step
from dsr.services.known import Lookup
from dsr.services.lots import seen_already
from dsr.services.opening import Opening
from dsr.services.papers import (
    may_hold_papers,
    no_request_until,
    papers_until,
    without_papers,
)
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

#: How something was judged, the tickets that it opened or joined, and its row.
Became = tuple[Judgement, Sequence[tuple[int, Kind]], dict[str, Any]]


class Writer:
    """Keeps judged messages and opens their tickets; everything is written at the end."""

    def __init__(self, step: Step, desk: Desk, batch: Sequence[Read], wishes: Wishes) -> None:
        self.step = step
        self.desk = desk
        self.wishes = wishes
        key = key_of(step, desk)
        messages = [read.message for read in batch]
        limits = desk.office.mail.limits
        self.lookup = Lookup.of(step, messages, key, test=wishes.test, limits=limits)
        self.opening = Opening(step, desk.office, key)
        self.messages: list[dict[str, Any]] = []
        self.blobs: dict[str, list[dict[str, Any]]] = {}
        self.long: dict[str, tuple[Overlong, date | None]] = {}
        self.joins: list[tuple[int, Read, Judgement]] = []
        self.repeats: list[tuple[int | None, Read, Judgement]] = []
        self.counts: Counter[str] = Counter()
        self.repeated = 0
        self._became: list[tuple[Read, Became | None]] = []  # in order; None is known already

    def keep(self, read: Read) -> None:
        """Judge one message, and open what it asks for.

        The same bytes may have come in another process, or twice in this batch: only now, under
        the write lock, is it known for sure.
        """
        if read.message.identity in self.lookup.hashes:
            self.repeated += 1
            self._became.append((read, None))
            return
        at = received_at(read.message, self.step.now)
        judgement = judge(read.message, read.finding, self.lookup.known(read.message, at))
        rights = rights_of(read)
        outcome = judgement.outcome
        if outcome is MessageOutcome.OPENED and not 0 < len(rights) <= MOST_RIGHTS:
            judgement = _for_triage(judgement, f"{len(rights)} rights in one letter")
        asked = [kind for kind, _ in rights]
        if (
            outcome is MessageOutcome.JOINED
            and judgement.ticket
            and self.lookup.new_in(judgement.ticket, asked)
        ):
            judgement = _for_triage(judgement, ASKS_ANEW)
        outcome = judgement.outcome
        case, tickets, key = self._open(read, rights, outcome)
        if judgement.ticket is not None and outcome is MessageOutcome.JOINED:
            self.joins.append((judgement.ticket, read, judgement))
            case, kind = self.lookup.tickets[judgement.ticket]
            tickets = [(judgement.ticket, kind)]
        if outcome is MessageOutcome.DUPLICATE and judgement.sort is not MailSort.FLOOD:
            self.repeats.append((judgement.ticket, read, judgement))
        row = {**self._row(read, judgement), "case_number": case, "text_key": key}
        self.messages.append(row)
        self._became.append((read, (judgement, tickets, row)))
        self.lookup.add(read.message, at)
        self.counts[outcome.value] += 1

    def _open(
        self,
        read: Read,
        rights: tuple[tuple[Kind, Scope | None], ...],
        outcome: MessageOutcome,
    ) -> tuple[int | None, list[tuple[int, Kind]], str | None]:
        """Open what a message asks for; return its case, its tickets and the key of its text."""
        if outcome is not MessageOutcome.OPENED:
            return None, [], None
        request = replace(
            request_of(read, rights, self.step.now),
            test=self.wishes.test,
            silent=self._is_old(read),
        )
        case, tickets = self.opening.open(request)
        key = self.lookup.opened(read.message, case, tickets, request.identifiers)
        return case, tickets, key

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
        until |= {key: destroy_on for key, (_, destroy_on) in self.long.items()}
        known = blobs.keep_longer(self.step.session, until)
        new = [row for key, rows in self.blobs.items() if key not in known for row in rows]
        if new and not self.wishes.dry_run:  # a rehearsal of much mail would fill the disk
            connection.execute(insert(BlobRow), new)
        if not self.wishes.dry_run:
            self._keep_long(known)
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

    def _keep_long(self, known: Collection[str]) -> None:
        """Keep what is too long to be held, part by part."""
        session = self.step.session
        for key, (long, until) in self.long.items():
            if key not in known:
                parts = long.parts()
                blobs.keep_packed(session, key, parts, size=long.kept, destroy_on=until)

    def views(self) -> list[ImportedView]:
        """Return what became of each, in its order, once it is written."""
        return [_view(read, became) for read, became in self._became]

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

    def _row(self, read: Read, told: Judgement) -> dict[str, Any]:
        """Return the row of a message but for its case, and collect the bytes that it keeps."""
        message, finding = read.message, read.finding
        return {
            "source": message.source,
            "sha256": message.sha256,
            "content_key": message.content_key,
            "message_id": message.message_id,
            "arrived_at": received_at(message, self.step.now),
            "outcome": told.outcome,
            "sender": message.sender,
            "sender_name": message.sender_name or None,
            "subject": message.subject or None,
            "excerpt": message.text[:300] or None,
            "language": read.finding.language,
            "requester_role": read.finding.role,
            "suggested": [
                {"kind": each.kind.value, "scope": each.scope.value if each.scope else None}
                for each in finding.kinds
            ],
            "identifiers": [{"type": kind.value, "value": value} for kind, value in named_in(read)],
            "reasons": [*told.reasons, *message.warnings],
            "blob": self._blob(read, told.outcome),
            "sort": MailSort.FORM if _is_plain_form(message, told) else told.sort,
            "stated": [asdict(one) for one in finding.stated] or None,
            "urgent": told.urgent,
            "test": self.wishes.test,
            "ticket": told.ticket,
        }

    def _blob(self, read: Read, outcome: MessageOutcome) -> str:
        """Collect the bytes to keep: without identity papers, and those for a few days only."""
        raw, taken = without_papers(read)
        for paper in taken:
            self._collect(paper, papers_until(self.step.today))
        keep_until: date | None = None
        if outcome is MessageOutcome.IGNORED or may_hold_papers(read):
            keep_until = no_request_until(self.step.today)
        if (long := read.arrival.long) is not None:
            key, before = long.key, self.long.get(long.key)
            if before is None or blobs.is_longer(keep_until, before[1]):
                self.long[key] = long, keep_until
            return key
        as_it_came = not taken and not read.arrival.whole
        return self._collect(raw, keep_until, read.arrival.sha256 if as_it_came else "")

    def _collect(self, content: bytes, destroy_on: date | None, key: str = "") -> str:
        rows = blobs.rows_of(content, key=key, destroy_on=destroy_on)
        key = str(rows[0]["sha256"])
        before = self.blobs.get(key)
        if before is None or blobs.is_longer(destroy_on, before[0]["destroy_on"]):
            self.blobs[key] = rows
        return key


def _heard(read: Read, judgement: Judgement) -> dict[str, Any]:
    return {"message": read.message.sha256, "reasons": list(judgement.reasons)}


def _for_triage(judgement: Judgement, why: str) -> Judgement:
    return replace(judgement, outcome=MessageOutcome.TRIAGE, reasons=(*judgement.reasons, why))


def _view(read: Read, became: Became | None) -> ImportedView:
    message, finding = read.message, read.finding
    if became is None:
        return seen_already(message.source, message.sha256)
    told, tickets, row = became
    return ImportedView(
        source=message.source,
        message_id=message.message_id,
        sha256=message.sha256,
        outcome=told.outcome.value,
        tickets=tuple({"number": n, "kind": kind.value} for n, kind in tickets),
        language=finding.language,
        requester_role=finding.role.value,
        identifiers=tuple(row["identifiers"]),
        reasons=told.reasons,
        suggested=tuple(row["suggested"]),
        sort=row["sort"].value,
        urgent=told.urgent,
        warnings=message.warnings,
        ticket=told.ticket,
        number=row["id"],
    )


def _is_plain_form(message: Message, told: Judgement) -> bool:
    return message.form is not None and told.sort is MailSort.PLAIN
