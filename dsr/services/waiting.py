"""How long a ticket may wait for the person who wrote: questions, and lapsing for want of proof."""

from datetime import date

from sqlmodel import Session, col, select

from dsr.domain.vocabulary import ProofResult
from dsr.rules.terms import terms
from dsr.store.tables.people import ProofRow
from dsr.store.tables.tickets import TicketRow


def clarification_objection(ticket: TicketRow) -> str | None:
    """Return why a ticket is not held up by questions, or None."""
    rule = terms().questions
    if ticket.kind in rule.never_for:
        return f"a {ticket.kind} is not held up by questions ({rule.citation})"
    return None


def lapse_objection(session: Session, ticket: TicketRow, today: date) -> str | None:
    """Return why a ticket cannot lapse for want of proof today, or None."""
    asked = session.exec(
        select(ProofRow)
        .where(col(ProofRow.ticket) == ticket.number, ProofRow.result == ProofResult.ASKED)
        .order_by(col(ProofRow.id))
    ).all()
    patience = terms().lapse
    if len(asked) < 1 + patience.reminders:
        return f"the person was asked {len(asked)} times; a reminder goes out first"
    waited = (today - asked[0].on).days
    by_target = ticket.target_on is not None and today >= ticket.target_on
    if waited < patience.days and not by_target:
        return f"proof was asked {waited} days ago; {patience.days} days are given"
    return None
