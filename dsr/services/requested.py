"""One thing that arrived, read: what it asks for, of whom, and when it was received."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dsr.clock import day_of
from dsr.domain.limits import Manner
from dsr.domain.vocabulary import (
    FOR_ANOTHER,
    Channel,
    IdentifierType,
    Kind,
    RequesterRole,
    Scope,
)
from dsr.intake.arrival import Arrival
from dsr.intake.classify import QUOTED, Finding
from dsr.intake.columns import KEYS
from dsr.intake.message import Message
from dsr.intake.pool import AS_EVER, read
from dsr.rules.mail import words
from dsr.services.opening import Request

Named = tuple[IdentifierType, str]

#: The keys of a form that the program reads itself; the others, and its own number for the request,
#: are kept with the ticket.
FORM_KEYS = frozenset(KEYS) - {"id"}


@dataclass(frozen=True, slots=True)
class Read:
    """One thing that arrived, read and classified, before it is judged."""

    arrival: Arrival
    message: Message
    finding: Finding


def read_one(arrival: Arrival, manner: Manner = AS_EVER) -> Read:
    """Read one arrival and say what it asks; neither ever fails."""
    return Read(arrival, *read(arrival, manner))


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
        sender=writer_of(read),
        role=role,
        language=read.finding.language,
        received_at=received_at(message, now),
        channel=Channel.FORM if message.form is not None else Channel.EMAIL,
        laws=tuple(code.strip().upper() for code in form.get("law", "").split(",") if code.strip()),
        minor=role is RequesterRole.GUARDIAN,
        extra=_beside(form, read.finding) or None,
    )


def _beside(form: Mapping[str, str], finding: Finding) -> dict[str, str]:
    """Return what a form says besides; a phone of a country that nobody knows, as it is written."""
    unread = "phone" in form and not any(
        kind is IdentifierType.PHONE for kind, _ in finding.identifiers
    )
    kept = FORM_KEYS - {"phone"} if unread else FORM_KEYS
    return {key: value for key, value in form.items() if key not in kept}


def named_in(read: Read) -> tuple[tuple[IdentifierType, str], ...]:
    """Return what names the data subject: what was said, and the sender who writes for himself."""
    writer = writer_of(read)
    named = of_persons(read, read.finding.identifiers)
    if writer and read.finding.role not in FOR_ANOTHER:
        named = (*named, (IdentifierType.EMAIL, writer))
    return tuple(dict.fromkeys(named))


def of_persons(read: Read, named: Iterable[Named]) -> tuple[Named, ...]:
    """Return identifiers without machines' addresses, and without a sender's that is nobody's."""
    sender = (read.message.sender or "").lower()
    nobody = sender if writer_of(read) is None else ""
    return tuple(
        (kind, value)
        for kind, value in named
        if kind is not IdentifierType.EMAIL
        or (value.lower() != nobody and not words().is_machine(value))
    )


def writer_of(read: Read) -> str | None:
    """Return the sender's address if the wish may be his: not a machine's, nor who forwards one."""
    return None if is_forwarded(read) else read.message.writer


def is_forwarded(read: Read) -> bool:
    """Tell whether a wish stands only in a letter that was quoted or attached: it is another's."""
    return QUOTED in read.finding.reasons


def dated(read: Read, now: datetime, zone: str) -> Read:
    """Return one thing as it is, and a form whose receipt would be a day to come with a warning."""
    at = read.message.received_at
    if read.message.form is None or at is None or day_of(at, zone) <= day_of(now, zone):
        return read
    odd = (*read.message.warnings, "received on a day to come, it says: received now")
    return replace(read, message=replace(read.message, warnings=odd))


def received_at(message: Message, now: datetime) -> datetime:
    """Return the instant of receipt, which is never to come."""
    return min(message.received_at or now, now)
