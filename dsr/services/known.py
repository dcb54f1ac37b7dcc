"""What is known before a batch of messages is judged: looked up once, kept up as the batch goes."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from dsr.domain.limits import Limits
from dsr.domain.vocabulary import ENDED, IdentifierType, Kind
from dsr.intake.again import same_form, text_key
from dsr.intake.authentication import Authenticated
from dsr.intake.judged import AS_EVER, Known, OpenCase
from dsr.intake.message import Message
from dsr.intake.statuses import Request, names_of
from dsr.intake.thread import FALSE_SENDER, tokens_for, wanted
from dsr.services.desk import Step, keyed
from dsr.store import messages
from dsr.store.tables.people import IdentifierRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tickets import by_numbers, by_requests

BEGINNING = 300  # characters of a letter that are compared with another
_COUNTED = 1_000  # mails of one sender, if no flood is more: what came before them tells no more

Named = Iterable[tuple[IdentifierType, str]]


@dataclass(slots=True)
class Lookup:
    """The known of one batch, and the tickets it names.

    Attributes:
        tickets: Case and kind of every ticket that may be joined.
        asked: By case: the kinds that its tickets are for.
        ended: Tickets that are answered or closed.
    """

    content_keys: set[str] = field(default_factory=set)
    hashes: set[str] = field(default_factory=set)
    own_ids: dict[str, int] = field(default_factory=dict)
    heard_ids: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    parties: dict[int, set[str]] = field(default_factory=dict)
    tickets: dict[int, tuple[int, Kind]] = field(default_factory=dict)
    asked: dict[int, set[Kind]] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)
    cases: dict[str, list[OpenCase]] = field(default_factory=dict)
    came: dict[str, list[datetime]] = field(default_factory=dict)
    limits: Limits = AS_EVER
    requests: dict[Request, set[int]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, step: Step, batch: Sequence[Message], key: bytes, *, test: bool, limits: Limits
    ) -> "Lookup":
        """Look up what a batch makes it necessary to know; only a test knows what was a test."""
        session = step.session
        want = wanted(batch)
        found = cls(limits=limits)
        found.content_keys = set(messages.cases_by_key(session, want.content_keys, test=test))
        found.hashes = messages.seen_bytes(session, want.hashes, test=test)
        found.own_ids = messages.tickets_by_letter(session, want.ids)
        answered = messages.cases_by_message(session, want.ids, test=test)
        found.heard_ids = {one: _first_of(session, case) for one, case in answered.items()}
        found.came = _came(step, batch, want.senders, limits)
        found.cases = _cases_of(session, want.senders, key)
        found.requests = by_requests(session, want.requests, test=test)
        begun = {case.ticket for cases in found.cases.values() for case in cases}
        begun.update(*(one for one in found.requests.values() if len(one) == 1))
        found._remember(
            session, {*found.own_ids.values(), *found.heard_ids.values(), *want.numbers, *begun}
        )
        found.tokens = tokens_for(want.numbers & found.tickets.keys(), key)
        return found

    def known(self, message: Message, received_at: datetime) -> Known:
        """Return what the rules judge a message by: also how many its sender wrote before it."""
        sender = (message.sender or "").lower()
        times = self.came.get(sender, [])
        since = received_at - _window(self.limits)
        before = bisect_right(times, received_at) - bisect_left(times, since)
        return Known(
            self.content_keys,
            self.hashes,
            self.own_ids,
            self.heard_ids,
            self.tokens,
            self.parties,
            self.cases,
            {sender: before},
            self.limits,
            self.requests,
            self.ended,
        )

    def add(self, message: Message, received_at: datetime) -> None:
        """Remember a message of this batch: the next one may repeat it."""
        believed = message.authenticated != Authenticated.FAILED
        if message.sender and believed:
            insort(self.came.setdefault(message.sender.lower(), []), received_at)
        self.content_keys.add(message.content_key)
        self.hashes.add(message.identity)

    def new_in(self, number: int, kinds: Iterable[Kind]) -> bool:
        """Say whether a reply to a ticket asks for what its case does not ask for, or no more."""
        case, _ = self.tickets[number]
        rights = set(kinds)
        return bool(rights) and (number in self.ended or not rights <= self.asked.get(case, set()))

    def opened(
        self, message: Message, case: int, tickets: Sequence[tuple[int, Kind]], named: Named
    ) -> str:
        """Remember tickets that this batch opened: a reply may follow in the same mailbox.

        Returns the key of the letter's text, by `again.text_key`.
        """
        key = text_key(message)
        for number, kind in tickets:
            self.tickets[number] = (case, kind)
            self.asked.setdefault(case, set()).add(kind)
            self.parties[number] = {message.writer.lower()} if message.writer else set()
            for request in names_of(message.form, number):
                self.requests.setdefault(request, set()).add(number)
        if message.message_id and tickets:
            self.heard_ids[message.message_id] = tickets[0][0]
        if message.writer and tickets:
            kinds = frozenset(kind for _, kind in tickets)
            text = message.text[:BEGINNING]
            begun = OpenCase(tickets[0][0], kinds, text, key, same_form(named))
            self.cases.setdefault(message.writer.lower(), []).append(begun)
        return key

    def _remember(self, session: Session, numbers: Iterable[int]) -> None:
        rows = by_numbers(session, list(numbers))
        if not rows:
            return
        self.tickets = {number: (row.case_number, row.kind) for number, row in rows.items()}
        self.ended = {number for number, row in rows.items() if row.status in ENDED}
        cases = col(TicketRow.case_number).in_({row.case_number for row in rows.values()})
        for case, kind in session.exec(select(TicketRow.case_number, TicketRow.kind).where(cases)):
            self.asked.setdefault(case, set()).add(Kind(kind))
        people: dict[int, list[int]] = {}
        for number, row in rows.items():
            people.setdefault(row.person, []).append(number)
        query = select(IdentifierRow).where(
            col(IdentifierRow.person).in_(list(people)),
            IdentifierRow.type == IdentifierType.EMAIL,
        )
        self.parties = {number: set() for number in rows}
        for identifier in session.exec(query):
            for number in people[identifier.person]:
                self.parties[number].add(identifier.value.lower())


def _cases_of(session: Session, senders: Iterable[str], key: bytes) -> dict[str, list[OpenCase]]:
    """Return the cases in work that mails from addresses opened."""
    points = {keyed(key, IdentifierType.EMAIL, sender): sender for sender in senders}
    people = select(IdentifierRow.person, IdentifierRow.lookup).where(
        col(IdentifierRow.lookup).in_(list(points)), col(IdentifierRow.of_sender)
    )
    named = {person: points[point] for person, point in session.exec(people)}
    if not named:
        return {}
    query = select(TicketRow).where(
        col(TicketRow.person).in_(list(named)),
        col(TicketRow.status).not_in(ENDED),
        col(TicketRow.test).is_(False),
    )
    grouped: dict[tuple[int, str], list[TicketRow]] = {}
    for row in session.exec(query.order_by(col(TicketRow.number))):
        grouped.setdefault((row.case_number, named[row.person]), []).append(row)
    texts = messages.beginnings(session, [case for case, _ in grouped])
    names = _names_of(session, named)
    found: dict[str, list[OpenCase]] = {}
    for (case, sender), rows in grouped.items():
        kinds = frozenset(row.kind for row in rows)
        known = frozenset[tuple[IdentifierType, str]]().union(*(names[row.person] for row in rows))
        opened = OpenCase(rows[0].number, kinds, *texts.get(case, ("", "")), known)
        found.setdefault(sender, []).append(opened)
    return found


def _names_of(
    session: Session, people: Iterable[int]
) -> dict[int, set[tuple[IdentifierType, str]]]:
    """Return what names some people, as it is stored."""
    found: dict[int, set[tuple[IdentifierType, str]]] = {person: set() for person in people}
    query = select(IdentifierRow.person, IdentifierRow.type, IdentifierRow.value).where(
        col(IdentifierRow.person).in_(list(found))
    )
    for person, kind, value in session.exec(query):
        found[person].add((IdentifierType(kind), value))
    return found


def _came(
    step: Step, batch: Sequence[Message], senders: Iterable[str], limits: Limits
) -> dict[str, list[datetime]]:
    """Return when mails came from the senders of a batch, lately before any of it, in order."""
    times = [min(message.received_at or step.now, step.now) for message in batch]
    if not times:
        return {}
    span = min(times) - _window(limits), max(times)
    most = max(limits.flood_mails, _COUNTED)
    found: dict[str, list[datetime]] = {}
    for sender, at in messages.lately(step.session, senders, span, but=FALSE_SENDER, most=most):
        found.setdefault(sender, []).append(at)
    return found


def _window(limits: Limits) -> timedelta:
    """Return in what time a flood is one."""
    return timedelta(hours=limits.flood_hours)


def _first_of(session: Session, case: int) -> int:
    query = select(TicketRow.number).where(TicketRow.case_number == case)
    return session.exec(query.order_by(col(TicketRow.number))).first() or 0
