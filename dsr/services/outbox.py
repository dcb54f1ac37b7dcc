"""Letters on their way: ready, handed over, sent, come back; and what an officer records of them.

A letter that goes out once for several tickets is one row for each of them, of one Message-ID: here
it is one letter, under its lowest number, and what becomes of it becomes of all its rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from dsr.domain.people import mask
from dsr.domain.vocabulary import BY_HAND, ENDED, IdentifierType, LetterName, LetterState
from dsr.errors import ConfigError, NotAllowedError, NotFoundError
from dsr.services.desk import Desk, Step
from dsr.services.letters import answer_letter
from dsr.services.mails import lay_down
from dsr.services.sending import become, same_mail
from dsr.services.steps import ticket_of
from dsr.store import outbox as queries
from dsr.store.outbox import Chosen
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.tickets import TicketRow


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


@dataclass(frozen=True, slots=True)
class Listed:
    """Letters as they come, and how many there are in all."""

    rows: Iterator[OutboxLine]
    total: int


def outbox(session: Session, chosen: Chosen, limit: int | None = None) -> Listed:
    """Return letters, the worst and the oldest first."""
    rows = queries.letters(session, chosen, limit)
    lines = (_line(row, row, tickets) for row, tickets in rows)
    return Listed(lines, queries.count(session, chosen))


def waiting(desk: Desk, chosen: Chosen) -> list[int]:
    """Return the numbers of letters, in the order of `outbox`."""
    with desk.read() as session:
        return queries.numbers(session, chosen)


def lay(
    desk: Desk, letter: int, folder: Path, *, again: bool = False, dry_run: bool = False
) -> tuple[OutboxLine, tuple[Path, ...]] | None:
    """Lay a letter into a folder as text and as a draft to send, and note that it was handed over.

    Returns:
        The letter and its files; None where it was handed over before, without `again`.

    Raises:
        NotFoundError: There is no such letter.
        ConfigError: The folder cannot be written; the letter stays as it was.
        ConflictError: It was sent: it is laid down again only if it did not arrive.
    """
    with desk.write(keep=not dry_run) as step:
        rows = _rows(step, letter)
        first, ticket = rows[0]
        if first.state != LetterState.READY and not again:
            return None
        become(step, first, LetterState.HANDED_OVER)
        if dry_run:
            return _line_of(rows), ()
        stem = f"DSR-{ticket.number}-{first.name}-{first.id}"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            files = lay_down(step.session, desk, ticket, letter=first, place=folder / stem)
        except OSError as error:
            raise ConfigError(f"{folder} cannot be written: {error.strerror}") from None
        return _line_of(rows), files


def record(
    desk: Desk,
    letter: int,
    state: LetterState,
    text: str,
    *,
    proved: bool = True,
    dry_run: bool = False,
) -> OutboxLine | None:
    """Record that a letter was sent, with what proves it, or that it did not arrive, and why.

    Where nothing proves that it was sent (`proved` is false), the text says why.

    Returns:
        The letter; None where that was recorded before.

    Raises:
        NotFoundError: There is no such letter.
        NotAllowedError: Nothing is said that proves it, or why it did not arrive.
        ConflictError: That does not become of a letter in its state.
    """
    if not text.strip():
        sent = "--proof TEXT" if proved else "--no-proof TEXT"
        option = sent if state is LetterState.SENT else "--why TEXT"
        raise NotAllowedError("what shows it is to be said", hint=option)
    with desk.write(keep=not dry_run) as step:
        rows = _rows(step, letter)
        if rows[0][0].state == state:
            return None
        become(step, rows[0][0], state, text, proved=proved)
        return _line_of(rows)


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


def _line_of(rows: Sequence[tuple[LetterRow, TicketRow]]) -> OutboxLine:
    return _line(*rows[0], tuple(of.number for _, of in rows))


def _line(letter: Any, ticket: Any, tickets: tuple[int, ...]) -> OutboxLine:
    """Return a line of a letter and its first ticket, of rows or of their columns."""
    return OutboxLine(
        letter=letter.id,
        number=ticket.number,
        case=ticket.case_number,
        kind=ticket.kind.value,
        name=letter.name.value,
        language=letter.language,
        channel=letter.channel,
        to=letter.recipient and mask(IdentifierType.EMAIL, letter.recipient),
        state=letter.state,
        since=letter.sent_at or letter.written_at,
        due_on=ticket.due_on,
        tickets=tickets,
        command=_command(letter, ticket),
    )


def _command(letter: Any, ticket: Any) -> str:
    match LetterState(letter.state):
        case LetterState.UNDELIVERED if _answers(letter, ticket):
            return f"dsr reopen {ticket.number} --why bounced"
        case LetterState.UNDELIVERED:
            return f"dsr outbox {ticket.number} --dir DIR --again"
        case LetterState.READY if letter.channel == BY_HAND:
            return f"dsr outbox {ticket.number} --dir DIR"
        case LetterState.SENT:
            return f"dsr outbox --undelivered {letter.id} --why TEXT"
    return f"dsr outbox --sent {letter.id} --proof TEXT"


def _answers(letter: Any, ticket: Any) -> bool:
    """Return whether a letter is the answer of a ticket that has ended by it."""
    if ticket.status not in ENDED or ticket.outcome is None:
        return False
    return letter.name in {answer_letter(ticket, ticket.outcome), LetterName.CASE_ANSWER}
