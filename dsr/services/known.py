"""What is known before a batch of messages is judged: looked up once, kept up as the batch goes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from dsr.domain.vocabulary import ENDED, IdentifierType, Kind
from dsr.intake.message import Message
from dsr.intake.thread import Known, tokens_for, wanted
from dsr.store import messages
from dsr.store.tables.people import IdentifierRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tickets import by_numbers


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
    tokens: dict[str, int] = field(default_factory=dict)
    parties: dict[int, set[str]] = field(default_factory=dict)
    tickets: dict[int, tuple[int, Kind]] = field(default_factory=dict)
    asked: dict[int, set[Kind]] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, session: Session, batch: Sequence[Message], key: bytes) -> "Lookup":
        """Look up what a batch makes it necessary to know."""
        want = wanted(batch)
        found = cls()
        found.content_keys = set(messages.cases_by_key(session, want.content_keys))
        found.hashes = messages.seen_bytes(session, want.hashes)
        found.own_ids = messages.tickets_by_letter(session, want.ids)
        for message_id, case in messages.cases_by_message(session, want.ids).items():
            found.own_ids.setdefault(message_id, _first_of(session, case))
        found._remember(session, {*found.own_ids.values(), *want.numbers})
        found.tokens = tokens_for(want.numbers & found.tickets.keys(), key)
        return found

    @property
    def known(self) -> Known:
        """What the rules judge by."""
        return Known(self.content_keys, self.hashes, self.own_ids, self.tokens, self.parties)

    def add(self, message: Message) -> None:
        """Remember a message of this batch: the next one may repeat it."""
        self.content_keys.add(message.content_key)
        self.hashes.add(message.sha256)

    def new_in(self, number: int, kinds: Iterable[Kind]) -> bool:
        """Say whether a reply to a ticket asks for what its case does not ask for, or no more."""
        case, _ = self.tickets[number]
        rights = set(kinds)
        return bool(rights) and (number in self.ended or not rights <= self.asked.get(case, set()))

    def opened(self, message: Message, case: int, tickets: Sequence[tuple[int, Kind]]) -> None:
        """Remember tickets that this batch opened: a reply may follow in the same mailbox."""
        for number, kind in tickets:
            self.tickets[number] = (case, kind)
            self.asked.setdefault(case, set()).add(kind)
            self.parties[number] = {message.sender.lower()} if message.sender else set()
        if message.message_id and tickets:
            self.own_ids[message.message_id] = tickets[0][0]

    def _remember(self, session: Session, numbers: Iterable[int]) -> None:
        rows = by_numbers(session, list(numbers))
        self.tickets = {number: (row.case_number, row.kind) for number, row in rows.items()}
        self.ended = {number for number, row in rows.items() if row.status in ENDED}
        cases = col(TicketRow.case_number).in_({row.case_number for row in rows.values()})
        for case, kind in session.exec(select(TicketRow.case_number, TicketRow.kind).where(cases)):
            self.asked.setdefault(case, set()).add(Kind(kind))
        people = {row.person: number for number, row in rows.items()}
        query = select(IdentifierRow).where(
            col(IdentifierRow.person).in_(list(people)),
            IdentifierRow.type == IdentifierType.EMAIL,
        )
        self.parties = {number: set() for number in rows}
        for identifier in session.exec(query):
            self.parties[people[identifier.person]].add(identifier.value.lower())


def _first_of(session: Session, case: int) -> int:
    query = select(TicketRow.number).where(TicketRow.case_number == case)
    return session.exec(query.order_by(col(TicketRow.number))).first() or 0
