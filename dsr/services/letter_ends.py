"""How long the record of a request is kept, and who decided: what an answer ends with."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from dsr.domain.calendars import PLAIN_WEEK
from dsr.domain.decisions import APPROVING_ROLES
from dsr.domain.office import Company, in_language
from dsr.domain.periods import after
from dsr.domain.vocabulary import LASTING, Proposal
from dsr.rules import book
from dsr.rules.terms import terms
from dsr.services import facts as ticket_facts
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import TaskRow


def record_until_on(
    session: Session, ticket: TicketRow, tasks: Sequence[TaskRow], today: date
) -> date:
    """Return the day until which the record is kept, as far as it is known: by the longest law.

    It is counted from the closing: the day on which the last follow-up is due, or today.
    """
    due = [t.due_on for t in tasks if t.due_on and t.follow_up and t.kind not in LASTING]
    closing = max([today, *due])
    items = ticket_facts.items_of(session, ticket.number)
    refused = any(row.proposal is not Proposal.GRANT for row in items)
    laws = [book.law(*pinned) for pinned in ticket.laws.items()]
    periods = [law.record_term for law in laws]
    if refused:
        periods += [law.refused_record_term for law in laws if law.refused_record_term]
    return max(after(closing, each.amount, each.unit, PLAIN_WEEK) for each in periods)


def decided_by(session: Session, ticket: TicketRow, company: Company, language: str) -> str:
    """Return the roles that decided: who answers for it, and of those who approved, what they are.

    Of officers the role alone is told, never the name.
    """
    given = ticket_facts.approver_roles(session, ticket) if ticket.proposed_hash else []
    roles = sorted({role for each in given for role in each & APPROVING_ROLES})
    officer = in_language(company.officer, language)
    if not roles:
        return officer
    wording = terms().wording
    also = in_language(wording.roles_also, language)
    named = also.join(in_language(terms().roles[role], language) for role in roles)
    return in_language(wording.decided_by, language).format(officer=officer, roles=named)
