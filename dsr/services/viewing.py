"""Whether an officer may see a minor's data. Gives no leave."""

from sqlmodel import Session

from dsr.rules.terms import terms
from dsr.store.light import PERMIT
from dsr.store.standing import rows_of
from dsr.store.tables.tickets import TicketRow


def view_objection(session: Session, ticket: TicketRow, officer: str) -> str | None:
    """Return why an officer may not see a minor's data yet (or None)."""
    if not ticket.minor:
        return None
    if any(permit.officer == officer for permit in rows_of(session, PERMIT, ticket.number)):
        return None
    return f"{officer} has no leave to see a minor's data ({terms().minors_view.citation})"
