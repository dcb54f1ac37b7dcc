"""How far a ticket is, in the words of the program that asked for it."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from dsr.domain.formats import StatusFormat
from dsr.domain.vocabulary import ENDED, Proposal
from dsr.rules.status_formats import told, vocabulary
from dsr.services.desk import Desk
from dsr.services.steps import ticket_of
from dsr.store.columns import instant_text
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.tickets import TicketRow


def status_of(desk: Desk, number: int, name: StatusFormat) -> dict[str, Any]:
    """Return where a ticket stands, as the format's status object; nothing changes.

    It goes to the outside: it holds numbers, dates and the format's words, and no personal value.

    Raises:
        NotFoundError: There is no such ticket.
    """
    with desk.read() as session:
        ticket = ticket_of(session, number)
        query = select(ItemRow.ground).where(
            ItemRow.ticket == number, ItemRow.proposal != Proposal.GRANT
        )
        grounds = list(session.exec(query.order_by(col(ItemRow.number))))
        shape = _opendsr if name is StatusFormat.OPENDSR else _drp
        due_at = _end_of(ticket.due_on, desk.office.zone)
        return shape(ticket, grounds, due_at)


def _opendsr(ticket: TicketRow, grounds: list[str], due_at: str | None) -> dict[str, Any]:
    said = told(StatusFormat.OPENDSR, ticket.status, ticket.outcome, grounds)
    extra = ticket.extra or {}
    return {
        "controller_id": extra.get("controller_id"),
        "expected_completion_time": due_at,
        "subject_request_id": _number(ticket),
        "request_status": said.word,
        "api_version": extra.get("api_version") or vocabulary(StatusFormat.OPENDSR).version,
        "results_url": None,
    }


def _drp(ticket: TicketRow, grounds: list[str], due_at: str | None) -> dict[str, Any]:
    said = told(StatusFormat.DRP, ticket.status, ticket.outcome, grounds)
    ended = ticket.status in ENDED and ticket.outcome is not None
    return {
        "request_id": str(ticket.number),
        "agent_request_id": (ticket.extra or {}).get("id"),
        "received_at": instant_text(ticket.received_at),
        "expected_by": due_at,
        "processing_details": ticket.outcome.value if ended and ticket.outcome else None,
        "status": said.word,
        "reason": said.reason,
    }


def _number(ticket: TicketRow) -> str:
    """Return the number by which the sender knows the request; else ours."""
    return str((ticket.extra or {}).get("id") or ticket.number)


def _end_of(day: date | None, zone: str) -> str | None:
    """Return the last second of a day of the office."""
    if day is None:
        return None
    return instant_text(datetime.combine(day, time(23, 59, 59), ZoneInfo(zone)).astimezone(UTC))
