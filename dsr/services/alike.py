"""Work on many tickets that are alike: judged once, on the first, and written down for each.

Tickets are alike that were opened together, by the same words, for one address each: nothing that a
rule looks at tells them apart. One that was changed since is worked by itself. What is written to
somebody else than the person is never copied.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, SQLModel, col, delete, func, select

from dsr.letters.clean import cleaned
from dsr.letters.compose import Composed, language_for, render
from dsr.services.decisions import decision_body, hash_of
from dsr.services.desk import Desk, Step
from dsr.services.letters import TO_OTHERS, LetterRequest, message_id_of
from dsr.services.steps import ticket_of
from dsr.store.log import Entry, Trail
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.people import IdentifierRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import TaskRow

Work = Callable[[Step, TicketRow], None]

#: What a ticket has for itself; all other columns are the same for tickets that are alike.
OWN = frozenset({"number", "case_number", "who", "person", "proposed_hash"})
SHARED = (
    *("kind", "scope", "status", "outcome", "laws", "place", "policy_version", "language"),
    *("received_at", "received_on", "due_nominal_on", "due_on", "target_on", "act_by_on"),
    *("provisional", "extended_on", "assignee", "requester_role", "channel", "minor", "born_on"),
    *("proposed_by", "proposed_by_user", "approvals_due", "decided", "first_approver"),
    *(
        "extended_to_on",
        "authority_due_on",
        "late_after_on",
        "breached_at",
        "answered_at",
        "held_at",
        "instructed_by",
        "complaint",
        "closed_at",
        "item_numbers",
        "statements",
        "extra",
        "test",
        "silent",
    ),
)
#: What hangs on a ticket and is the same for each.
HANGING: tuple[type[ItemRow] | type[TaskRow], ...] = (ItemRow, TaskRow)


@dataclass(frozen=True, slots=True)
class _Other:
    """A ticket that becomes what the first one became.

    Attributes:
        address: Where a letter to the person goes, if it goes by mail.
    """

    number: int
    case: int
    address: str


class _Listening(Trail):
    """Passes events on to a trail, and remembers them."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self.entries: list[Entry] = []

    def append(self, entry: Entry) -> int:
        """Append an event."""
        self.entries.append(entry)
        return self._trail.append(entry)

    def flush(self) -> str | None:
        """Write what was appended."""
        return self._trail.flush()


def for_each(step: Step, desk: Desk, numbers: Sequence[int], work: Work) -> None:
    """Do some work on tickets that are alike.

    The first is worked by the steps themselves. What became of it becomes of the others, each with
    its own hash, letter and events; where that cannot be, each is worked by itself.
    """
    first, *rest = numbers
    rest = _alike(step.session, first, rest)
    for number in numbers[1:]:
        if number not in rest:
            work(step, ticket_of(step.session, number))
    ticket = ticket_of(step.session, first)
    before = _last_letter(step.session)
    listening = _Listening(step.trail)
    work(replace(step, trail=listening), ticket)
    step.session.flush()
    if not rest:
        return
    letters = _letters(step, desk, ticket, before)
    if letters is None:
        for number in rest:
            work(step, ticket_of(step.session, number))
        return
    others = _others(step.session, rest)
    hashes = _hashes(step.session, ticket, others)
    _copy_rows(step.session, ticket, others, hashes)
    own = _write_letters(step, desk, letters, others)
    for other in others:
        for entry in listening.entries:
            step.trail.append(_told(entry, other, hashes, own))


def _alike(session: Session, first: int, rest: Sequence[int]) -> list[int]:
    """Return those of the rest that are still what the first one is."""
    looks = _looks(session, [first, *rest]) if rest else {}
    return [number for number in rest if looks[number] == looks[first]]


def _looks(session: Session, numbers: Sequence[int]) -> dict[int, list[tuple[Any, ...]]]:
    """Return what tickets share, by their numbers, with what hangs on them."""
    session.flush()
    found: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for table, key, names in (
        (TicketRow, "number", SHARED),
        *((each, "ticket", _names(each)) for each in HANGING),
    ):
        own, *shared = (col(getattr(table, name)) for name in (key, *names))
        query = select_columns(own, *shared).where(own.in_(numbers)).order_by(own, *shared[:1])
        for number, *values in session.connection().execute(query):
            found[number].append((table.__name__, *values))
    return found


def _names(table: type[SQLModel]) -> tuple[str, ...]:
    return ("number", *(name for name in table.model_fields if name not in {"ticket", "number"}))


def _last_letter(session: Session) -> int:
    return session.exec(select(func.max(LetterRow.id))).one() or 0


def _letters(
    step: Step, desk: Desk, ticket: TicketRow, before: int
) -> "list[tuple[LetterRow, Any]] | None":
    """Return the letters that the work wrote, each with its facts; None where one has no likes."""
    from dsr.services.letter_facts import facts_for

    query = select(LetterRow).where(LetterRow.ticket == ticket.number, col(LetterRow.id) > before)
    found: list[tuple[LetterRow, Any]] = []
    for row in step.session.exec(query):
        if row.name in TO_OTHERS:
            return None
        request = LetterRequest(row.name)
        said = facts_for(step.session, desk, ticket, request=request, today=step.today)
        facts = cleaned(said)
        if render(row.name, language_for(row.language), facts).sha256 != row.sha256:
            return None  # it says something that only this moment knew
        found.append((row, facts))
    return found


def _others(session: Session, numbers: Sequence[int]) -> list[_Other]:
    query = (
        select(TicketRow.number, TicketRow.case_number, IdentifierRow.value)
        .join(IdentifierRow, col(IdentifierRow.person) == col(TicketRow.person))
        .where(col(TicketRow.number).in_(numbers))
        .order_by(col(TicketRow.number))
    )
    return [_Other(*row) for row in session.exec(query)]


def _hashes(session: Session, ticket: TicketRow, others: Sequence[_Other]) -> dict[int, str]:
    if ticket.proposed_hash is None:
        return {}
    body = decision_body(session, ticket)
    assert hash_of(body) == ticket.proposed_hash
    return {other.number: hash_of(_body_of(body, other.number)) for other in others}


def _body_of(body: dict[str, Any], number: int) -> dict[str, Any]:
    items = [{**item, "ticket": number} for item in body["items"]]
    return {**body, "ticket": number, "items": items}


def _copy_rows(
    session: Session, ticket: TicketRow, others: Sequence[_Other], hashes: dict[int, str]
) -> None:
    numbers = [other.number for other in others]
    same = {name: getattr(ticket, name) for name in SHARED}
    rows = [{"number": n, "proposed_hash": hashes.get(n), **same} for n in numbers]
    session.execute(update(TicketRow), rows)
    connection = session.connection()
    for table in HANGING:
        session.exec(delete(table).where(col(table.ticket).in_(numbers)))
        query = select(table).where(col(table.ticket) == ticket.number)
        values = [_values(row) for row in session.exec(query)]
        if values:
            connection.execute(
                insert(table), [{**each, "ticket": n} for n in numbers for each in values]
            )


def _values(row: SQLModel) -> dict[str, Any]:
    return {name: getattr(row, name) for name in type(row).model_fields}


def _write_letters(
    step: Step,
    desk: Desk,
    letters: Sequence[tuple[LetterRow, Any]],
    others: Sequence[_Other],
) -> dict[tuple[int, str], str]:
    """Write each one's letters; return their hashes by ticket and the hash of the first's."""
    rows: list[dict[str, Any]] = []
    own: dict[tuple[int, str], str] = {}
    for letter, facts in letters:
        shared = _values(letter)
        del shared["id"]
        for other in others:
            said = replace(facts, reference=f"DSR-{other.number}")
            text = render(letter.name, language_for(letter.language), said)
            own[other.number, letter.sha256] = text.sha256
            rows.append({**shared, **_own(desk, letter, text, other)})
    if rows:
        step.session.connection().execute(insert(LetterRow), rows)
    return own


def _own(desk: Desk, letter: LetterRow, text: Composed, other: _Other) -> dict[str, Any]:
    return {
        "case_number": other.case,
        "ticket": other.number,
        "subject": text.subject,
        "text": text.text,
        "sha256": text.sha256,
        "message_id": message_id_of(desk, text, other.number),
        "recipient": other.address if letter.recipient else None,
    }


def _told(
    entry: Entry, other: _Other, hashes: dict[int, str], letters: dict[tuple[int, str], str]
) -> Entry:
    """Return an event of the first ticket as that of another one."""
    facts = dict(entry.facts)
    if "hash" in facts:
        facts["hash"] = hashes[other.number]
    if "sha256" in facts:
        facts["sha256"] = letters[other.number, facts["sha256"]]
    return replace(entry, ticket=other.number, case_number=other.case, facts=facts)
