"""Opening tickets by hand: for calls, letters, visits, and of the office's own motion."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlmodel import select

from dsr.domain.clock_facts import EARLIEST
from dsr.domain.mail import MailSort
from dsr.domain.people import normalise
from dsr.domain.vocabulary import (
    Channel,
    IdentifierType,
    Kind,
    MessageOutcome,
    RequesterRole,
    Scope,
)
from dsr.errors import UsageError
from dsr.rules import book
from dsr.services.desk import Desk, Step
from dsr.services.keys import read_key
from dsr.services.lines import TicketView
from dsr.services.opening import Opening, Request
from dsr.services.tickets import office_calendar, view_of
from dsr.store import blobs
from dsr.store.numbers import draw
from dsr.store.tables.messages import MessageRow
from dsr.store.tables.people import IdentifierRow
from dsr.store.tickets import by_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """What an officer takes down.

    Attributes:
        identifiers: What names the data subject.
        text: What was said or written; the note of a call.
        received_on: The day it arrived, where that was not today.
    """

    rights: tuple[tuple[Kind, Scope | None], ...]
    channel: Channel
    identifiers: tuple[tuple[IdentifierType, str], ...] = ()
    role: RequesterRole = RequesterRole.SUBJECT
    language: str = "en"
    text: str = ""
    received_on: date | None = None
    laws: tuple[str, ...] = ()
    place: str | None = None
    born_on: date | None = None


def open_by_hand(desk: Desk, taken: ByHand, *, dry_run: bool = False) -> list[TicketView]:
    """Open a case by hand and return its tickets.

    Raises:
        UsageError: A withdrawal has no scope, nothing names the person, or the day is to come.
        NotFoundError: A law has no pack.
        InputError: An identifier is none of its type.
    """
    _check(desk, taken)
    with desk.write(keep=not dry_run) as step:
        opening = Opening(step, desk.office, key_of(step, desk))
        case, numbers = opening.open(_request(desk, step, taken))
        opening.flush()
        _keep_note(step, taken, case)
        step.session.flush()
        rows = by_numbers(step.session, [number for number, _ in numbers])
        calendar = office_calendar(desk)
        return [view_of(rows[number], step.today, calendar) for number, _ in numbers]


def key_of(step: Step, desk: Desk) -> bytes:
    """Return the key of keyed hashes; it is made only while nothing depends on an older one."""
    used = step.session.exec(select(IdentifierRow.person).limit(1)).first() is not None
    return read_key(desk.office.key_file, may_make=not used)


def _check(desk: Desk, taken: ByHand) -> None:
    if not taken.rights:
        raise UsageError("name at least one right", hint="dsr open copy --identifier email=@file")
    if any(kind is Kind.WITHDRAWAL and scope is None for kind, scope in taken.rights):
        raise UsageError("a withdrawal needs a scope", hint="--scope marketing")
    if not taken.identifiers and taken.channel is not Channel.OWN_MOTION:
        raise UsageError("nothing names the person", hint="--identifier email=@file")
    for kind, value in taken.identifiers:
        normalise(kind, value)
    if taken.received_on:
        check_receipt(taken.received_on, desk.today())


def check_receipt(day: date, today: date) -> None:
    """Refuse a day on which nothing can have arrived.

    Raises:
        UsageError: It is still to come, or so long ago that it must be a mistake.
    """
    if day > today:
        raise UsageError(f"{day} is still to come", hint="--received DATE")
    if day < EARLIEST:
        raise UsageError(
            f"{day} is before {EARLIEST}: no request is so old", hint="--received DATE"
        )


def _request(desk: Desk, step: Step, taken: ByHand) -> Request:
    return Request(
        rights=taken.rights,
        identifiers=taken.identifiers,
        role=taken.role,
        language=taken.language,
        received_at=instant_of(desk, step, taken.received_on),
        channel=taken.channel,
        laws=taken.laws,
        place=taken.place,
        minor=_is_minor(desk, taken),
        born_on=taken.born_on,
    )


def instant_of(desk: Desk, step: Step, day: date | None) -> datetime:
    """Return the instant of receipt: now, or the evening of the day it really arrived.

    In the evening it is the same day in every zone to the west: a day without an hour is no earlier
    day under another law.
    """
    if day is None or day == step.today:
        return step.now
    return datetime.combine(day, time(20), ZoneInfo(desk.office.zone))


def _is_minor(desk: Desk, taken: ByHand) -> bool:
    if taken.role is RequesterRole.GUARDIAN:
        return True
    if taken.born_on is None:
        return False
    on = taken.received_on or desk.today()  # as `set` counts it
    age = on.year - taken.born_on.year
    age -= (on.month, on.day) < (taken.born_on.month, taken.born_on.day)
    laws = taken.laws or desk.office.laws
    return any(age < book.law(code).minors.adult_from.years for code in laws)


def _keep_note(step: Step, taken: ByHand, case: int) -> None:
    content = taken.text.encode()
    blob = blobs.keep(step.session, content) if content else None
    keep_notes(step, taken, [case], blob=blob)


def keep_notes(step: Step, taken: ByHand, cases: Sequence[int], *, blob: str | None = None) -> None:
    """Write into the ledger what an officer took down, for each case that it opened."""
    numbers = draw(step.session, "message", len(cases))
    rows = [
        {
            "id": number,
            "source": f"open:{taken.channel.value}",
            "sha256": sha256(taken.text.encode()).hexdigest(),
            "content_key": sha256(b"by hand\0" + str(case).encode()).hexdigest(),
            "arrived_at": step.now,
            "outcome": MessageOutcome.OPENED,
            "case_number": case,
            "excerpt": taken.text[:300] or None,
            "language": taken.language,
            "requester_role": taken.role,
            "suggested": [],
            "identifiers": [],
            "reasons": [f"taken down by {step.officer}"],
            "blob": blob,
            "sort": MailSort.FORM,
            "urgent": False,
            "test": False,
        }
        for number, case in zip(numbers, cases, strict=True)
    ]
    step.session.flush()
    step.session.connection().execute(insert(MessageRow), rows)
