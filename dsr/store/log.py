"""The append-only trail: chained events over salted commitments, and its verification."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from dsr.store.columns import instant_text
from dsr.store.tables.trail import EventRow, SecretRow

#: What the first event follows.
GENESIS = "0" * 64
#: Events in memory at once while the trail is walked.
BATCH = 1000

_DOES_NOT_FOLLOW = (
    "WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM event) OR NEW.previous IS NOT "
    "coalesce((SELECT digest FROM event ORDER BY id DESC LIMIT 1), hex(zeroblob(32)))"
)

#: Name, event and condition of each trigger, and what it says.
_RULES = (
    ("event_no_update", "UPDATE ON event", "", "the trail is append-only"),
    ("event_no_delete", "DELETE ON event", "", "the trail is append-only"),
    (
        "event_follows",
        "INSERT ON event",
        _DOES_NOT_FOLLOW,
        "an event follows the last one",
    ),
    ("secret_no_update", "UPDATE ON secret", "", "a commitment cannot be changed"),
)

#: Made by the first migration, and made again after each: a rebuilt table loses its own.
TRIGGERS = tuple(
    f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {when} {condition} "
    f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
    for name, when, condition, says in _RULES
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written down: who did what to which ticket, with which facts.

    Attributes:
        action: The step's word.
        facts: What may be known for ever: numbers, codes, hashes, dates; no personal value.
        sealed: Personal values and free text; the chain holds only salted commitments to them.
        before, after: The ticket's status before and after.
    """

    action: str
    ticket: int | None = None
    case_number: int | None = None
    before: str | None = None
    after: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    sealed: Mapping[str, str] = field(default_factory=dict)


class Trail:
    """Appends events to one transaction; the head is read once, under the write lock."""

    def __init__(self, session: Session, at: datetime, officer: str, os_user: str) -> None:
        self._session = session
        self._who = {"at": instant_text(at), "officer": officer, "os_user": os_user}
        self._at = at
        self._officer = officer
        self._events: list[dict[str, Any]] = []
        self._secrets: list[dict[str, Any]] = []
        self._last: tuple[int, str] | None = None

    def append(self, entry: Entry) -> int:
        """Add an event behind the last one and return its number."""
        number, previous = self._head()
        number += 1
        sealed = {name: self._seal(number, name, value) for name, value in entry.sealed.items()}
        body = canonical(
            {
                "id": number,
                "previous": previous,
                **self._who,
                "action": entry.action,
                "ticket": entry.ticket,
                "case": entry.case_number,
                "before": entry.before,
                "after": entry.after,
                "facts": dict(entry.facts),
                "sealed": sealed,
            }
        )
        digest = hashlib.sha256(body.encode()).hexdigest()
        self._events.append(
            {
                "id": number,
                "previous": previous,
                "digest": digest,
                "body": body,
                "at": self._at,
                "officer": self._officer,
                "action": entry.action,
                "ticket": entry.ticket,
                "case_number": entry.case_number,
            }
        )
        self._last = (number, digest)
        return number

    def flush(self) -> str | None:
        """Write what was appended; return the new head, or None where nothing was."""
        if not self._events:
            return None
        self._session.flush()
        self._session.connection().execute(insert(EventRow), self._events)
        if self._secrets:
            self._session.connection().execute(insert(SecretRow), self._secrets)
        self._events, self._secrets = [], []
        return self._head()[1]

    def _head(self) -> tuple[int, str]:
        if self._last is None:
            self._last = head(self._session)
        return self._last

    def _seal(self, event: int, name: str, value: str) -> str:
        salt = secrets.token_hex(16)
        self._secrets.append({"event": event, "name": name, "salt": salt, "value": value})
        return commitment(salt, value)


def head(session: Session) -> tuple[int, str]:
    """Return the number and digest of the last event; zero and GENESIS before the first."""
    last = session.exec(
        select(col(EventRow.id), col(EventRow.digest)).order_by(col(EventRow.id).desc()).limit(1)
    ).first()
    return (last[0], last[1]) if last else (0, GENESIS)


def canonical(body: Mapping[str, Any]) -> str:
    """Return JSON that is the same wherever it is made: sorted, compact, ASCII."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def commitment(salt: str, value: str) -> str:
    """Return what the chain keeps of a personal value: nobody can guess it without the salt."""
    return hmac.new(bytes.fromhex(salt), value.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Verification:
    """What a walk along the whole trail found."""

    ok: bool
    events: int
    head: str
    first_broken: int | None
    why: str | None


def verify(session: Session, expected_head: str | None = None) -> Verification:
    """Walk the trail and name the first event that does not follow from the one before it.

    Args:
        session: A read transaction.
        expected_head: A head that was kept elsewhere; the trail must pass through it, which
            shows that nothing was cut off its end.
    """
    number, digest, passed = 0, GENESIS, expected_head in (None, GENESIS)
    query = select(EventRow).order_by(col(EventRow.id))
    for row in session.exec(query.execution_options(yield_per=BATCH)):
        if why := _fault(row, number, digest):
            return Verification(ok=False, events=number, head=digest, first_broken=row.id, why=why)
        number, digest = row.id, row.digest
        passed = passed or digest == expected_head
    if not passed:
        why = "the head kept elsewhere is not in the trail: events were cut off or replaced"
        return Verification(ok=False, events=number, head=digest, first_broken=number + 1, why=why)
    broken = next(_broken_seals(session), None)
    if broken is not None:
        why = "a personal value differs from what the event committed to"
        return Verification(ok=False, events=number, head=digest, first_broken=broken, why=why)
    return Verification(ok=True, events=number, head=digest, first_broken=None, why=None)


def _fault(row: EventRow, number: int, digest: str) -> str | None:
    if row.id != number + 1:
        return f"event {number + 1} is missing"
    if row.previous != digest:
        return "it does not follow the event before it"
    if hashlib.sha256(row.body.encode()).hexdigest() != row.digest:
        return "its text was changed"
    body = json.loads(row.body)
    copies = {
        "id": row.id,
        "previous": row.previous,
        "at": instant_text(row.at),
        "officer": row.officer,
        "action": row.action,
        "ticket": row.ticket,
        "case": row.case_number,
    }
    if any(body[key] != value for key, value in copies.items()):
        return "its columns differ from its text"
    return None


def _broken_seals(session: Session) -> Iterator[int]:
    query = (
        select(EventRow, SecretRow)
        .join(SecretRow, col(SecretRow.event) == col(EventRow.id))
        .order_by(col(EventRow.id))
    )
    for event, secret in session.exec(query.execution_options(yield_per=BATCH)):
        sealed = json.loads(event.body)["sealed"]
        if sealed.get(secret.name) != commitment(secret.salt, secret.value):
            yield event.id
