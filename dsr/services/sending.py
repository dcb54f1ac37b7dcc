"""How an answer leaves: the way, whether it may go there, and the proof of it. Writes no letter."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from dsr.domain.vocabulary import ENDED, Action, Channel, LetterName, LetterState
from dsr.errors import ConflictError, NotAllowedError
from dsr.services.desk import Desk, Step
from dsr.services.handling import after
from dsr.services.letters import address_of, answer_letter, frozen_of
from dsr.services.steps import take, ticket_of
from dsr.services.views import StepView
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.tickets import TicketRow

#: States of a letter of which nobody has said yet that it left.
NOT_SENT = frozenset({LetterState.READY, LetterState.HANDED_OVER})
#: What may become of a letter in each state; what was sent is laid down again by nobody.
BECOMES: Mapping[LetterState, frozenset[LetterState]] = {
    LetterState.READY: frozenset(LetterState) - {LetterState.READY},
    LetterState.HANDED_OVER: frozenset(LetterState) - {LetterState.READY},
    LetterState.SENT: frozenset({LetterState.UNDELIVERED}),
    LetterState.UNDELIVERED: frozenset({LetterState.HANDED_OVER, LetterState.SENT}),
}


@dataclass(frozen=True, slots=True)
class Handing:
    """How an answer leaves.

    Attributes:
        folder: Where letter, mail and copy are laid; a folder of the ticket below the workspace.
        channel: How the officer sends them: email, post, in_person, phone; empty, as said before.
        proof: What shows that it was sent; without, the letter waits in the outbox.
        no_proof: Why nothing shows it, where it was sent all the same.
        language: Overrides the language of the request.
    """

    folder: Path | None = None
    channel: str = Channel.EMAIL
    proof: str = ""
    no_proof: str = ""
    language: str | None = None

    @property
    def state(self) -> LetterState:
        """What becomes of the letter: it waits in the outbox until something says it was sent."""
        return LetterState.SENT if self.said else LetterState.READY

    @property
    def said(self) -> dict[str, str]:
        """What the trail seals: the proof, or why there is none."""
        both = {"proof": self.proof.strip(), "no_proof": self.no_proof.strip()}
        return {key: text for key, text in both.items() if text}


def check_way(session: Session, ticket: TicketRow, name: LetterName, handing: Handing) -> None:
    """Let an answer leave by mail only where an address is proved for it.

    Raises:
        NotAllowedError: None is; it goes another way.
    """
    if handing.channel == Channel.EMAIL and address_of(session, ticket, name) is None:
        raise NotAllowedError(
            "no mail address of whoever asks is proved: the answer goes another way",
            hint=f"dsr answer {ticket.number} --sent-by post|phone|in_person --proof TEXT",
        )


def mark(step: Step, letter: LetterRow, handing: Handing) -> None:
    """Note on an answer's letter how it leaves, and whether it has left."""
    letter.channel = handing.channel or letter.channel
    if handing.state is LetterState.SENT:
        move(step, letter, handing.state, handing.said.get("proof"))
    step.session.add(letter)


def waits(desk: Desk, number: int) -> bool:
    """Return whether an answer is written and it is not yet recorded that it was sent.

    Raises:
        NotFoundError: There is no such ticket.
    """
    with desk.read() as session:
        return _waiting(session, ticket_of(session, number)) is not None


def _waiting(session: Session, ticket: TicketRow) -> LetterRow | None:
    if ticket.status not in ENDED or ticket.outcome is None:
        return None
    own = frozen_of(session, ticket, answer_letter(ticket, ticket.outcome))
    rows = [*own, *frozen_of(session, ticket, LetterName.CASE_ANSWER)]
    rows.sort(key=lambda row: row.id or 0)
    return next((row for row in rows[-1:] if row.state in NOT_SENT), None)


def same_mail(session: Session, letter: LetterRow) -> list[LetterRow]:
    """Return a letter's rows: one, or one for each ticket that one letter of a case is for."""
    query = select(LetterRow).where(LetterRow.message_id == letter.message_id)
    return list(session.exec(query.order_by(col(LetterRow.id))))


def move(step: Step, letter: LetterRow, state: LetterState, proof: str | None = None) -> str:
    """Let a row of a letter be in another state; nothing else sets one. Returns the one before.

    Raises:
        ConflictError: That does not become of a letter in its state.
    """
    before = LetterState(letter.state)
    if state not in BECOMES[before]:
        hint = f"dsr outbox {letter.ticket} --state all"
        if before is LetterState.SENT:
            hint = f"dsr outbox --undelivered {letter.id} --why TEXT, if it did not arrive"
        said = state.replace("_", " ")
        raise ConflictError(f"letter {letter.id} is {before}: it is not {said} now", hint=hint)
    letter.state = state.value
    if state is LetterState.SENT:
        letter.sent_at, letter.proof = step.now, proof or None
    step.session.add(letter)
    return before.value


def become(
    step: Step, letter: LetterRow, state: LetterState, text: str = "", *, proved: bool = True
) -> None:
    """Record what became of a letter, in the file of each ticket that it is for.

    Args:
        step: The transaction.
        letter: One of its rows.
        state: Handed over, sent or undelivered.
        text: What proves that it was sent, why nothing does, or why it did not arrive.
        proved: Whether that text proves that it was sent.

    Raises:
        ConflictError: That does not become of a letter in its state.
    """
    is_sent = state is LetterState.SENT
    key = ("proof" if proved else "no_proof") if is_sent else "why"
    for row in same_mail(step.session, letter):
        before = move(step, row, state, text if proved else None)
        assert row.ticket is not None
        facts = {"letter": row.id, "name": row.name.value, "from": before, "to": state.value}
        sealed = {key: text} if text else {}
        take(step, ticket_of(step.session, row.ticket), Action.NOTE, facts=facts, sealed=sealed)
    step.session.flush()


def record_sending(desk: Desk, number: int, handing: Handing) -> StepView:
    """Record that an answer that waited has left: what shows it, or why nothing does; which way.

    Raises:
        NotAllowedError: No answer of the ticket waits to be sent.
    """
    with desk.write() as step:
        ticket = ticket_of(step.session, number)
        letter = _waiting(step.session, ticket)
        if letter is None:
            raise NotAllowedError(
                f"no answer of ticket {number} waits to be sent", hint=f"dsr show {number}"
            )
        for row in same_mail(step.session, letter):
            mark(step, row, handing)
            facts = {"letter": row.state, "channel": row.channel}
            of_row = ticket_of(step.session, row.ticket or number)
            take(step, of_row, Action.NOTE, facts=facts, sealed=handing.said)
        return after(step, ticket, f"sent by {letter.channel}")
