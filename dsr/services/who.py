"""Who calls: the tickets of whoever has a phone number or an address, and what to say of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from dsr.domain.people import normalise
from dsr.domain.vocabulary import ENDED, IdentifierType
from dsr.errors import UsageError
from dsr.rules import office
from dsr.rules.phone import phone
from dsr.services.desk import Desk, keyed
from dsr.services.keys import read_key
from dsr.services.tickets import line_of, office_calendar
from dsr.store.tables.people import IdentifierRow
from dsr.store.tables.tickets import TicketRow


@dataclass(frozen=True, slots=True)
class WhoLine:
    """A ticket of whoever calls, masked, and what to say of it in each language."""

    number: int
    case: int
    kind: str
    status: str
    outcome: str | None
    who: str
    received_on: date
    due_on: date | None
    days_left: int | None
    overdue: bool
    assignee: str | None
    say_zh: str
    say_en: str


def who(desk: Desk, written: str) -> list[WhoLine]:
    """Return the tickets that name a phone number or a mail address, open ones first.

    Raises:
        UsageError: Nothing was given.
        InputError: It is neither a number nor an address; it is not repeated.
        ConfigError: The key of keyed hashes is missing though the database needs it.
    """
    kind, value = _read(written)
    with desk.read() as session:
        rows = _tickets(session, desk, kind, value)
        return list(_lines(desk, rows))


def nothing(desk: Desk) -> dict[str, str]:
    """Return what to say, by language, to somebody under whose number no request is found."""
    return phone().nothing.filled(contact=office.company(desk.office.rules_folder).email)


def _read(written: str) -> tuple[IdentifierType, str]:
    text = written.strip().replace("＠", "@")
    if not text:
        raise UsageError(
            "it is empty: one phone number or mail address is to be given",
            hint="dsr who - and type it, or one line in a file: dsr who @FILE",
        )
    kind = IdentifierType.EMAIL if "@" in text else IdentifierType.PHONE
    return kind, normalise(kind, text)


def _tickets(session: Session, desk: Desk, kind: IdentifierType, value: str) -> Sequence[TicketRow]:
    if session.exec(select(IdentifierRow.person).limit(1)).first() is None:
        return ()  # nobody is named yet, and there may be no key
    key = read_key(desk.office.key_file, may_make=False)
    persons = select(IdentifierRow.person).where(IdentifierRow.lookup == keyed(key, kind, value))
    query = select(TicketRow).where(
        col(TicketRow.person).in_(persons), col(TicketRow.test).is_(False)
    )  # a test promises nothing to anybody
    ended = col(TicketRow.status).in_(ENDED)
    return session.exec(query.order_by(ended, col(TicketRow.number).desc())).all()


def _lines(desk: Desk, rows: Sequence[TicketRow]) -> Iterator[WhoLine]:
    today, calendar = desk.today(), office_calendar(desk)
    for row in rows:
        line = line_of(row, today, calendar)
        said = phone().late if line["overdue"] else phone().statuses[row.status]
        say = said.filled(number=row.number, received=row.received_on, due=_due(row))
        yield WhoLine(
            **{key: line[key] for key in WhoLine.__slots__ if key in line},
            received_on=row.received_on,
            say_zh=say["zh"],
            say_en=say["en"],
        )


def _due(row: TicketRow) -> date:
    """Return the day to name: the law's; a ticket without dates has just arrived."""
    return row.due_on or row.received_on
