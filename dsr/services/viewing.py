"""Whether an officer may see a minor's data, or a ground that is kept quiet. Gives no leave."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from dsr.domain.vocabulary import OfficerRole
from dsr.rules import office
from dsr.rules.terms import terms
from dsr.store.light import OFFICER, PERMIT
from dsr.store.standing import rows_of
from dsr.store.tables.tickets import TicketRow

#: What stands in the place of what is not shown.
HIDDEN = "..."
_ANSWERING = frozenset({OfficerRole.APPROVER, OfficerRole.LEGAL})


def view_objection(session: Session, ticket: TicketRow, officer: str) -> str | None:
    """Return why an officer may not see a minor's data yet (or None)."""
    if not ticket.minor:
        return None
    if any(permit.officer == officer for permit in rows_of(session, PERMIT, ticket.number)):
        return None
    return f"{officer} has no leave to see a minor's data ({terms().minors_view.citation})"


def sees_quiet(session: Session, ticket: TicketRow, officer: str) -> bool:
    """Tell whether an officer needs to know a quiet ground: he works on the ticket, or approves."""
    mine = officer in {ticket.assignee, ticket.proposed_by}
    return mine or bool(_roles(session, officer) & _ANSWERING)


def sees_grounds(session: Session, officer: str) -> bool:
    """Tell whether an officer may read counts of each ground: a small one may name a ticket."""
    return bool(_roles(session, officer) & {*_ANSWERING, OfficerRole.AUDITOR})


def is_quiet(code: str) -> bool:
    """Tell whether a code is that of a ground of which nothing may be told."""
    ground = office.grounds().get(code)
    return ground is not None and ground.quiet


def without_quiet(said: Any) -> Any:
    """Return a value without each text in it that names a quiet ground."""
    if isinstance(said, str):
        return HIDDEN if _quiet_codes().search(said) else said
    if isinstance(said, Mapping):
        return {key: without_quiet(value) for key, value in said.items()}
    return [without_quiet(each) for each in said] if isinstance(said, list | tuple) else said


@cache
def _quiet_codes() -> re.Pattern[str]:
    codes = "|".join(re.escape(code) for code in office.grounds() if is_quiet(code))
    return re.compile(rf"\b({codes})\b")


def _roles(session: Session, officer: str) -> frozenset[OfficerRole]:
    query = select(OFFICER.c.roles).where(OFFICER.c.name == officer, OFFICER.c.active)
    found = session.connection().execute(query).scalar()
    return frozenset(map(OfficerRole, found or ()))
