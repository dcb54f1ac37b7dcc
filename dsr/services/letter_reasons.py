"""Which reason one letter gives: its own, and no other letter's. Composes nothing."""

from sqlmodel import Session, col, select

from dsr.domain.vocabulary import Action, LetterName, Outcome
from dsr.services.letters import LetterRequest, answer_letter
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.trail import EventRow, SecretRow


def reason_of(session: Session, ticket: TicketRow, request: LetterRequest) -> dict[str, str]:
    """Return the reason that a letter gives where it is not the decision's own.

    What was said with the decision stands in the answer alone; an extension that was made keeps
    the reason that was given for it.
    """
    if request.reason:
        return {"reason": request.reason}
    if request.name is LetterName.EXTENSION and ticket.extended_on is not None:
        return {"reason": _sealed(session, ticket, Action.EXTEND)}
    answers = {answer_letter(ticket, outcome) for outcome in Outcome}
    return {} if request.name in answers else {"reason": ""}


def _sealed(session: Session, ticket: TicketRow, action: Action) -> str:
    """Return why the last step of an action was taken; empty where that was erased."""
    query = (
        select(SecretRow.value)
        .join(EventRow, col(EventRow.id) == col(SecretRow.event))
        .where(
            EventRow.ticket == ticket.number,
            EventRow.action == action.value,
            SecretRow.name == "why",
        )
    )
    return session.exec(query.order_by(col(EventRow.id).desc())).first() or ""
