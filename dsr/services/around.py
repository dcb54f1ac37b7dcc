"""What stands around a ticket: hold, other tickets, plan, copy, files, leave to see it."""

from typing import Any

from sqlmodel import Session, col, select

from dsr.domain.guards import Facts
from dsr.services.attaching import rows_of
from dsr.services.planned import parts_of
from dsr.services.prompting import prompts
from dsr.services.related import linked_numbers, together
from dsr.services.repeats import earlier_answers
from dsr.services.views import (
    FileView,
    OtherView,
    PermitView,
    PlanStateView,
    WaitingCopyView,
)
from dsr.store.tables.cases import PermitRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PackageRow, PlanRow


def around(session: Session, ticket: TicketRow, facts: Facts, *, plain: bool) -> dict[str, Any]:
    """Return those values of a shown ticket that other things than itself tell.

    Args:
        session: A transaction.
        ticket: The ticket.
        facts: Its facts.
        plain: Names of files may be seen.
    """
    number = ticket.number
    return {
        "held": facts.hold_objection,
        "links": _links(session, ticket),
        "plan": _plan(session, number),
        "package": _package(session, number),
        "attachments": tuple(
            FileView(position, row.name if plain else None, row.size, row.kept)
            for position, row in enumerate(rows_of(session, number), start=1)
        ),
        "earlier": tuple(each.said for each in earlier_answers(session, ticket)),
        "permits": tuple(
            PermitView(row.officer, row.approver)
            for row in session.exec(select(PermitRow).where(col(PermitRow.ticket) == number))
        ),
        "prompts": prompts(session, ticket),
    }


def _links(session: Session, ticket: TicketRow) -> tuple[OtherView, ...]:
    """Return the other tickets that belong to it, and by what: its case, a link, the person."""
    linked = set(linked_numbers(session, ticket))
    return tuple(
        OtherView(
            number=other.number,
            kind=other.kind.value,
            status=other.status.value,
            by="case"
            if other.case_number == ticket.case_number
            else "link"
            if other.number in linked
            else "person",
        )
        for other in together(session, ticket)
    )


def _plan(session: Session, number: int) -> PlanStateView | None:
    row = session.get(PlanRow, number)
    if row is None:
        return None
    parts = {part.source: part.state.value for part in parts_of(session, number)}
    return PlanStateView(row.sha256, row.cells, row.rows, row.left, tuple(row.by_hand), parts)


def _package(session: Session, number: int) -> WaitingCopyView | None:
    row = session.get(PackageRow, number)
    if row is None:
        return None
    return WaitingCopyView(row.sha256, row.rows, row.size, row.destroy_on)
