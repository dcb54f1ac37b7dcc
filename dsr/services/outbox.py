"""Letters on their way: ready, handed over, sent, come back; and what an officer records of them.

A letter that goes out once for several tickets is one row for each of them, of one Message-ID: here
it is one letter, under its lowest number, and what becomes of it becomes of all its rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from sqlmodel import col, select

from dsr.domain.people import mask
from dsr.domain.vocabulary import ENDED, IdentifierType, LetterName
from dsr.errors import ConfigError, NotAllowedError, NotFoundError
from dsr.services.desk import Desk, Step
from dsr.services.letters import answer_letter
from dsr.services.mails import lay_down
from dsr.services.sending import HANDED_OVER, READY, SENT, UNDELIVERED, become, same_mail
from dsr.services.steps import ticket_of
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.tickets import TicketRow

STATES = (READY, HANDED_OVER, SENT, UNDELIVERED)
#: What is still to be dealt with, the worst first.
LEFT = (UNDELIVERED, READY, HANDED_OVER)


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """A letter and where it stands; `since` is when it was sent, or else written."""

    letter: int
    number: int
    case: int
    kind: str
    name: str
    language: str
    channel: str
    to: str | None
    state: str
    since: datetime
    due_on: date | None
    tickets: tuple[int, ...]
    command: str


def outbox(
    desk: Desk, numbers: Sequence[int] | None = None, states: Sequence[str] = LEFT
) -> list[OutboxLine]:
    """Return letters in some states, of some tickets or of all, the worst and the oldest first."""
    query = select(LetterRow, TicketRow).join(TicketRow, col(LetterRow.ticket) == TicketRow.number)
    query = query.where(col(LetterRow.state).in_(list(states)))
    if numbers is not None:
        theirs = select(LetterRow.message_id).where(col(LetterRow.ticket).in_(list(numbers)))
        query = query.where(col(LetterRow.message_id).in_(theirs))
    with desk.read() as session:
        rows = session.exec(query.order_by(col(LetterRow.message_id), col(LetterRow.id))).all()
        lines = [
            _line(list(same)) for _, same in groupby(rows, key=lambda pair: pair[0].message_id)
        ]
    return sorted(lines, key=lambda line: (_rank(line.state), line.since, line.letter))


def _rank(state: str) -> int:
    return LEFT.index(state) if state in LEFT else len(LEFT)


def lay(
    desk: Desk, letter: int, folder: Path, *, again: bool = False, dry_run: bool = False
) -> tuple[OutboxLine, tuple[Path, ...]] | None:
    """Lay a letter into a folder as text and as a draft to send, and note that it was handed over.

    Returns:
        The letter and its files; None where it was handed over before, without `again`.

    Raises:
        NotFoundError: There is no such letter.
        ConfigError: The folder cannot be written; the letter stays as it was.
    """
    with desk.write(keep=not dry_run) as step:
        rows = _rows(step, letter)
        first, ticket = rows[0]
        if first.state != READY and not again:
            return None
        become(step, first, HANDED_OVER)
        if dry_run:
            return _line(rows), ()
        stem = f"DSR-{ticket.number}-{first.name}-{first.id}"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            files = lay_down(step.session, desk, ticket, letter=first, folder=folder, stem=stem)
        except OSError as error:
            raise ConfigError(f"{folder} cannot be written: {error.strerror}") from None
        return _line(rows), files


def record(
    desk: Desk, letter: int, state: str, text: str, *, dry_run: bool = False
) -> OutboxLine | None:
    """Record that a letter was sent, with what proves it, or that it did not arrive, and why.

    Returns:
        The letter; None where that was recorded before.

    Raises:
        NotFoundError: There is no such letter.
        NotAllowedError: Nothing is said that proves it, or why it did not arrive.
    """
    if not text.strip():
        option = "--proof TEXT" if state == SENT else "--why TEXT"
        raise NotAllowedError("what shows it is to be said", hint=option)
    with desk.write(keep=not dry_run) as step:
        rows = _rows(step, letter)
        if rows[0][0].state == state:
            return None
        become(step, rows[0][0], state, text)
        return _line(rows)


def _rows(step: Step, letter: int) -> list[tuple[LetterRow, TicketRow]]:
    """Return every row of a letter, with its ticket."""
    row = step.session.get(LetterRow, letter)
    if row is None or row.ticket is None:
        raise NotFoundError(f"there is no letter {letter}", hint="dsr outbox")
    return [
        (each, ticket_of(step.session, each.ticket))
        for each in same_mail(step.session, row)
        if each.ticket is not None
    ]


def _line(rows: Sequence[tuple[LetterRow, TicketRow]]) -> OutboxLine:
    letter, ticket = rows[0]
    assert letter.id is not None
    address = letter.recipient and mask(IdentifierType.EMAIL, letter.recipient)
    line = OutboxLine(
        letter=letter.id,
        number=ticket.number,
        case=ticket.case_number,
        kind=ticket.kind.value,
        name=letter.name.value,
        language=letter.language,
        channel=letter.channel,
        to=address,
        state=letter.state,
        since=letter.sent_at or letter.written_at,
        due_on=ticket.due_on,
        tickets=tuple(of.number for _, of in rows),
        command="",
    )
    return replace(line, command=_command(letter, ticket))


def _command(letter: LetterRow, ticket: TicketRow) -> str:
    if letter.state == UNDELIVERED:
        if _answers(letter, ticket):
            return f"dsr reopen {ticket.number} --why bounced"
        return f"dsr outbox {ticket.number} --dir DIR --again"
    if letter.state == READY and letter.channel == LetterRow.model_fields["channel"].default:
        return f"dsr outbox {ticket.number} --dir DIR"
    if letter.state == SENT:
        return f"dsr outbox --undelivered {letter.id} --why TEXT"
    return f"dsr outbox --sent {letter.id} --proof TEXT"


def _answers(letter: LetterRow, ticket: TicketRow) -> bool:
    """Return whether a letter is the answer of a ticket that has ended by it."""
    if ticket.status not in ENDED or ticket.outcome is None:
        return False
    return letter.name in {answer_letter(ticket, ticket.outcome), LetterName.CASE_ANSWER}
