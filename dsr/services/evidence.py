"""The trail as evidence: what happened to a ticket, and whether the trail holds."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlmodel import Session, col, select

from dsr.domain.vocabulary import Action
from dsr.errors import ConfigError, InputError, NotFoundError
from dsr.services.desk import Desk
from dsr.services.looking import may_see_plain, write_down
from dsr.services.steps import ticket_of
from dsr.services.viewing import sees_quiet, without_quiet
from dsr.services.views import EventView
from dsr.store import held, log
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.trail import EventRow, SecretRow
from dsr.store.tickets import of_case

#: What comes of reading a row that is no event: a wrong instant, no text, no JSON, no mapping.
_NO_EVENT = (ValueError, TypeError, LookupError, AttributeError)
MOST_CHANGED = 20  # rows that are named; the office puts a backup back anyway
MOST_BYTES = 64 << 20  # of the head file: a million heads
_HEAD = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True, slots=True)
class History:
    """The events of a ticket or a case, and how many of their texts are kept from the reader."""

    events: tuple[EventView, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class HeadView:
    """The end of the trail, to keep elsewhere."""

    events: int
    head: str


@dataclass(frozen=True, slots=True)
class AuditView:
    """What a check of the whole trail showed.

    Attributes:
        first_broken: The first event that is changed, missing or out of place.
        why: What is wrong there.
        heads: How many heads that were kept elsewhere the trail was held against.
        changed_rows: What rows say otherwise than the trail, a sentence each, not all of many.
    """

    ok: bool
    events: int
    head: str
    first_broken: int | None
    why: str | None
    heads: int
    changed_rows: tuple[str, ...] = ()


def history(
    desk: Desk, number: int, *, is_case: bool = False, reveal: str | None = None
) -> History:
    """Return what happened to a ticket, or to a case and all its tickets.

    The free text of an event is shown to the ticket's officer, which is written down, and to
    others who say why; so is a ground that is kept quiet, which approvers and legal see as well.

    Args:
        desk: The desk.
        number: The ticket's or the case's number.
        is_case: Whether it is a case's.
        reveal: Why somebody else needs to read it.

    Raises:
        NotFoundError: There is no such ticket or case.
        NotAllowedError: The reason is empty, or there is no leave to see a minor's data.
    """
    with desk.read() as session:
        tickets = _tickets(session, number, is_case=is_case)
        plain = may_see_plain(session, desk, tickets, reveal)
        sealed = _sealed(session, _rows(session, number, is_case=is_case))
    if plain and (sealed or reveal is not None):
        write_down(desk, [ticket.number for ticket in tickets], reveal, log=True)
    with desk.read() as session:
        rows = _rows(session, number, is_case=is_case)
        sealed = _sealed(session, rows)
        tickets = _tickets(session, number, is_case=is_case)
        seen = {t.number for t in tickets if plain or sees_quiet(session, t, desk.officer)}
        events = tuple(
            _event(row, sealed.get(row.id) if plain else None, quiet=row.ticket in seen)
            for row in rows
        )
    return History(events, 0 if plain else len(sealed))


def verify(desk: Desk, kept: Sequence[str] = ()) -> AuditView:
    """Check the whole trail, also against heads that were kept elsewhere, and rows against it.

    Args:
        desk: The desk; its head file is looked at too.
        kept: Digests in the order in which they were the head.
    """
    heads = [*kept, *heads_of(desk)]
    with desk.read() as session:
        found = _walked(session)
        broken, why = found.first_broken, found.why
        if broken is None:
            broken, why = _against(session, heads) or _against_tickets(session) or (None, None)
        rows = () if broken is not None else tuple(islice(held.changed(session), MOST_CHANGED))
    if rows:
        why = f"rows were changed behind the trail's back: {rows[0]}"
    ok = broken is None and not rows
    return AuditView(ok, found.events, found.head, broken, why, len(heads), rows)


def lost_seals(desk: Desk) -> int:
    """Return how many texts that events committed to are gone."""
    with desk.read() as session:
        return held.lost_seals(session)


def head(desk: Desk) -> HeadView:
    """Return the number and the digest of the last event."""
    with desk.read() as session:
        return HeadView(*log.head(session))


def heads_in(text: str) -> list[str]:
    """Return every digest in a text, in order.

    Raises:
        InputError: There is none.
    """
    found = _HEAD.findall(text.lower())
    if not found:
        raise InputError("no head is in it", hint="64 hexadecimal digits: dsr audit head")
    return found


def heads_of(desk: Desk) -> list[str]:
    """Return the heads in the office's head file, oldest first; none where there is no file.

    Raises:
        ConfigError: The file cannot be read, is none, or is too large.
    """
    place = desk.office.head_file
    if place is None or not place.exists():
        return []
    if not place.is_file() or place.stat().st_size > MOST_BYTES:
        why = f"the head file {place} is no file of at most {MOST_BYTES >> 20} MiB"
        raise ConfigError(why, hint="set head_file")
    try:
        with place.open(encoding="ascii", errors="replace") as file:
            return [match for line in file for match in _HEAD.findall(line)]
    except OSError as error:
        raise ConfigError(f"the head file {place} cannot be read: {error.strerror}") from None


def _tickets(session: Session, number: int, *, is_case: bool) -> list[TicketRow]:
    found = of_case(session, number) if is_case else [ticket_of(session, number)]
    if not found:
        raise NotFoundError(f"there is no case {number}", hint="dsr list --fields number,case")
    return found


def _rows(session: Session, number: int, *, is_case: bool) -> list[EventRow]:
    where = EventRow.case_number if is_case else EventRow.ticket
    query = select(EventRow).where(col(where) == number).order_by(col(EventRow.id))
    return list(session.exec(query))


def _sealed(session: Session, rows: Iterable[EventRow]) -> dict[int, str]:
    """Return the texts that are still there, by event."""
    query = select(SecretRow).where(col(SecretRow.event).in_([row.id for row in rows]))
    texts: dict[int, list[str]] = {}
    for secret in session.exec(query.order_by(col(SecretRow.name))):
        texts.setdefault(secret.event, []).append(secret.value)
    return {event: "; ".join(values) for event, values in texts.items()}


def _event(row: EventRow, why: str | None, *, quiet: bool) -> EventView:
    body: dict[str, Any] = json.loads(row.body)
    return EventView(
        id=row.id,
        at=row.at,
        officer=row.officer,
        action=row.action,
        ticket=row.ticket,
        before=body["before"],
        after=body["after"],
        facts=body["facts"] if quiet else without_quiet(body["facts"]),
        why=why,
        digest=row.digest,
    )


def _walked(session: Session) -> log.Verification:
    """Walk the trail; a row that cannot even be read as an event is where it breaks."""
    try:
        return log.verify(session)
    except _NO_EVENT:
        number, digest = log.head(session)
        broken, why = _unreadable(session), "it cannot be read as an event"
        return log.Verification(False, number, digest, first_broken=broken, why=why)


def _unreadable(session: Session) -> int:
    numbers = session.exec(select(EventRow.id).order_by(col(EventRow.id))).all()
    for number in numbers:
        try:
            row = session.get_one(EventRow, number)
            _event(row, None, quiet=True)
            row.body.encode()  # bytes in place of a text are no event either
        except _NO_EVENT:
            return number
    return numbers[0]


def _against(session: Session, heads: Sequence[str]) -> tuple[int, str] | None:
    """Find the first kept head that the trail does not pass through."""
    wanted = set(heads) - {log.GENESIS}
    query = select(EventRow.id, EventRow.digest).execution_options(yield_per=1000)
    numbers = {digest: number for number, digest in session.exec(query) if digest in wanted}
    last = 0
    for digest in heads:
        if digest in wanted and digest not in numbers:
            why = "a head kept elsewhere is not in the trail: events were cut off or replaced"
            return last + 1, why
        last = max(last, numbers.get(digest, 0))
    return None


def _against_tickets(session: Session) -> tuple[int, str] | None:
    """Find a ticket that no event opened: the end of the trail was cut off, or all of it."""
    opened = select(EventRow.ticket).where(EventRow.action == Action.OPEN.value)
    told = col(TicketRow.number).not_in(opened.where(col(EventRow.ticket).is_not(None)))
    number = session.exec(select(TicketRow.number).where(told).limit(1)).first()
    if number is None:
        return None
    return log.head(session)[0] + 1, f"the event that opened ticket {number} is missing"
