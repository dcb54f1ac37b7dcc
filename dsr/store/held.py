"""Whether rows still say what the trail tells of them. Whether the trail holds is in log.py."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import String, func, type_coerce
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from dsr.domain.vocabulary import Action, ProofResult
from dsr.store.log import BATCH
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.people import ProofRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.trail import EventRow, SecretRow

_PROVING = {Action.PROVE.value, Action.FAIL_PROOF.value, Action.INSTRUCT.value}


@dataclass(slots=True)
class _Told:
    """What the events of one ticket say at last."""

    after: str | None = None
    due_on: str | None = None
    is_opened: bool = False
    proofs: int = 0
    letters: set[str] = field(default_factory=set)


def changed(session: Session) -> Iterator[str]:
    """Yield a sentence for each row that was changed behind the trail's back; the trail holds.

    Columns are read as their texts: what was changed need not be a word that dsr knows.
    """
    told: defaultdict[int, _Told] = defaultdict(_Told)
    query = select(EventRow.ticket, EventRow.action, EventRow.body)
    query = query.where(col(EventRow.ticket).is_not(None)).order_by(col(EventRow.id))
    for ticket, action, body in session.exec(query.execution_options(yield_per=BATCH)):
        if ticket is not None:
            _take(told[ticket], action, body)
    yield from _tickets(session, told)
    yield from _letters(session, told)
    yield from _proofs(session, told)


def lost_seals(session: Session) -> int:
    """Return how many texts that events committed to are not there any more."""
    bodies = session.exec(select(EventRow.body).execution_options(yield_per=BATCH))
    sealed = sum(len(json.loads(body)["sealed"]) for body in bodies)
    return sealed - session.exec(select(func.count()).select_from(SecretRow)).one()


def _take(told: _Told, action: str, body: str) -> None:
    event = json.loads(body)
    facts = event["facts"]
    told.after = event["after"] or told.after
    told.due_on = facts.get("due_on") or told.due_on
    told.is_opened = told.is_opened or action == Action.OPEN.value
    told.proofs += action in _PROVING
    if action == Action.WRITE.value:
        told.letters.add(facts.get("sha256"))


def _tickets(session: Session, told: Mapping[int, _Told]) -> Iterator[str]:
    query = select_columns(
        col(TicketRow.number),
        type_coerce(col(TicketRow.status), String),
        type_coerce(col(TicketRow.due_on), String),
        type_coerce(col(TicketRow.laws), String),
    )
    rows = session.connection().execution_options(yield_per=BATCH).execute(query)
    there = set()
    for number, status, due_on, laws in rows:
        there.add(number)
        said = told[number]
        if said.after is not None and said.after != status:
            yield f"ticket {number}: its status is another one than the trail's ({said.after})"
        if said.due_on is not None and said.due_on != due_on:
            yield f"ticket {number}: its due day is another one than the trail's ({said.due_on})"
        if not _is_mapping(laws):
            yield f"ticket {number}: its laws cannot be read"
    for number, said in told.items():
        if said.is_opened and number not in there:
            yield f"ticket {number} is missing, though the trail tells of its opening"


def _is_mapping(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, TypeError):
        return False


def _letters(session: Session, told: Mapping[int, _Told]) -> Iterator[str]:
    query = select(LetterRow.ticket, LetterRow.subject, LetterRow.text, LetterRow.sha256)
    for number, subject, text, digest in session.exec(query.execution_options(yield_per=BATCH)):
        if hashlib.sha256(f"{subject}\n\n{text}".encode()).hexdigest() != digest:
            yield f"ticket {number}: a letter was changed after it was written"
        elif number is not None and digest not in told[number].letters:
            yield f"ticket {number}: the trail does not know one of its letters"


def _proofs(session: Session, told: Mapping[int, _Told]) -> Iterator[str]:
    query = select(ProofRow.ticket, func.count()).group_by(col(ProofRow.ticket))
    for number, count in session.exec(query.where(ProofRow.result == ProofResult.VERIFIED)):
        if count > told[number].proofs:
            yield f"ticket {number}: more proofs were accepted than the trail tells of"
