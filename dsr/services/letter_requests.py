"""What a letter is asked for with: filled where nobody said it, and whether it may go out now."""

from dataclasses import replace
from datetime import date

from sqlmodel import Session, select

from dsr.domain.vocabulary import ENDED, Action, LetterName, Outcome
from dsr.domain.workflow import step_for
from dsr.errors import NotAllowedError
from dsr.services.facts import gather
from dsr.services.letters import (
    TO_OTHERS,
    LetterRequest,
    answer_letter,
    client_for,
    letters_of,
)
from dsr.services.lifting import check_letter
from dsr.store.tables.people import ProofRow
from dsr.store.tables.tickets import TicketRow


def may_go_out(session: Session, ticket: TicketRow, name: LetterName, today: date) -> bool:
    """Tell whether a letter may go out as it stands: an answer is decided, approved and done."""
    from dsr.services.decisions import is_unchanged

    if ticket.status in ENDED or name not in {answer_letter(ticket, each) for each in Outcome}:
        return True
    if name is not answer_letter(ticket, ticket.outcome or Outcome.FULFILLED):
        return False
    facts = gather(session, ticket, today, unchanged=is_unchanged(session, ticket))
    try:
        step_for(ticket.status, Action.ANSWER, facts, ticket.number)
    except NotAllowedError:
        return False
    return True


def completed(session: Session, ticket: TicketRow, request: LetterRequest) -> LetterRequest:
    """Fill what nobody said: the mildest proofs; a letter to others says to whom, or is none.

    Raises:
        NotAllowedError: It is to others and names nobody, or ends no restriction that stands.
    """
    check_letter(session, ticket, request.name, request.reason)
    named = request.recipient or client_for(session, ticket, request)
    if request.name in TO_OTHERS and named is None:
        _name_the_step(session, ticket, request.name)
    if request.name in {LetterName.IDENTITY_REQUEST, LetterName.LAPSE} and not request.proofs:
        rows = session.exec(select(ProofRow.method).where(ProofRow.ticket == ticket.number))
        codes = tuple(dict.fromkeys(rows)) or ("known_facts",)
        return replace(request, proofs=codes)
    return request


def _name_the_step(session: Session, ticket: TicketRow, name: LetterName) -> None:
    if any(row.name is name for row in letters_of(session, ticket)):
        raise NotAllowedError(
            f"the letters '{name}' of ticket {ticket.number} are written already",
            hint=f"dsr letter {ticket.number} {name} --frozen",
        )
    raise NotAllowedError(
        f"the letter '{name}' is written to each one whom it concerns, by the step itself",
        hint="dsr " + TO_OTHERS[name].format(number=ticket.number),
    )
