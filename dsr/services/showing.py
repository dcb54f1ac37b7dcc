"""One ticket on one screen: what decides first, and the command to type next."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from dsr.domain.guards import Facts
from dsr.domain.people import mask
from dsr.domain.vocabulary import ENDED
from dsr.domain.workflow import next_step
from dsr.rules import office
from dsr.services import facts as ticket_facts
from dsr.services import proving
from dsr.services.around import around
from dsr.services.arrived_views import MessageView
from dsr.services.dates import clocks_of
from dsr.services.decisions import still_stands
from dsr.services.desk import Desk
from dsr.services.facts import gather, seen_by
from dsr.services.fulfilment import task_view
from dsr.services.letters import letter_view, letters_of
from dsr.services.looking import may_see_plain, write_down
from dsr.services.milestones import next_milestone
from dsr.services.steps import ticket_of
from dsr.services.tickets import line_of, office_calendar
from dsr.services.told import told
from dsr.services.viewing import HIDDEN, is_quiet, sees_quiet, without_quiet
from dsr.services.views import (
    ClockView,
    EventView,
    IdentityView,
    ItemView,
    MissingView,
    ShownTicket,
)
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.people import ProofRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.trail import EventRow, SecretRow


def show(desk: Desk, number: int, reveal: str | None = None) -> ShownTicket:
    """Return a ticket whole; personal values plain to its officer, masked to anybody else.

    Args:
        desk: The desk.
        number: The ticket.
        reveal: Why somebody else needs to see them; that is written down before anything is shown.

    Raises:
        NotFoundError: There is no such ticket.
        NotAllowedError: The reason is empty, or there is no leave to see a minor's data.
    """
    with desk.read() as session:
        plain = may_see_plain(session, desk, [ticket_of(session, number)], reveal)
    if plain:
        write_down(desk, [number], reveal)
    with desk.read() as session:
        return _shown(session, desk, ticket_of(session, number), plain=plain)


def _shown(session: Session, desk: Desk, ticket: TicketRow, *, plain: bool) -> ShownTicket:
    today = desk.today()
    stands = still_stands(session, ticket)
    gathered = gather(session, ticket, today, unchanged=stands)
    facts = seen_by(session, ticket, gathered, desk.officer)
    missing, command = next_step(ticket.status, facts, ticket.number)
    quiet = plain or sees_quiet(session, ticket, desk.officer)
    tasks = ticket_facts.tasks_of(session, ticket.number)
    return ShownTicket(
        **line_of_row(ticket, today, desk),
        identity=_identity(session, ticket, facts, plain=plain),
        clocks=_clocks(session, ticket),
        items=tuple(
            item_view(row, ticket.language, plain=plain, quiet=quiet)
            for row in ticket_facts.items_of(session, ticket.number)
        ),
        missing=tuple(
            MissingView(each.what if quiet else without_quiet(each.what), each.command)
            for each in missing
        ),
        next_command=command,
        messages=_messages(session, desk, ticket, plain=plain),
        tasks=tuple(map(task_view, tasks)),
        letters=tuple(map(letter_view, letters_of(session, ticket))),
        events=events(session, ticket.number, plain=plain, quiet=quiet),
        scope=ticket.scope.value if ticket.scope else None,
        channel=ticket.channel.value,
        minor=ticket.minor,
        silent=ticket.silent,
        test=ticket.test,
        policy_version=ticket.policy_version,
        breached_at=ticket.breached_at,
        milestone=next_milestone(session, ticket, office_calendar(desk)),
        **around(session, ticket, facts, plain=plain),
        hints=_hints(session, ticket),
    )


def _hints(session: Session, ticket: TicketRow) -> tuple[MissingView, ...]:
    """Return the laws that an open ticket may be worked by besides."""
    if ticket.status in ENDED:
        return ()
    from dsr.services.suggesting import suggestions

    return suggestions(session, ticket)


def line_of_row(ticket: TicketRow, today: date, desk: Desk) -> dict[str, Any]:
    """Return a ticket as a line of the queue."""
    return line_of(ticket, today, office_calendar(desk))


def _identity(session: Session, ticket: TicketRow, facts: Facts, *, plain: bool) -> IdentityView:
    objection = facts.proof_objection if facts.needs_proof else None
    proofs = session.exec(
        select(ProofRow).where(ProofRow.ticket == ticket.number).order_by(col(ProofRow.id))
    )
    return IdentityView(
        verified=bool(proving.proofs_of(session, ticket.number)) and objection is None,
        objection=objection,
        identifiers=tuple(
            {"type": row.type.value, "value": row.value if plain else mask(row.type, row.value)}
            for row in proving.identifiers_of(session, ticket)
        ),
        proofs=tuple(
            {
                "method": row.method,
                "result": row.result.value,
                "officer": row.officer,
                "on": row.on.isoformat(),
            }
            for row in proofs
        ),
    )


def _clocks(session: Session, ticket: TicketRow) -> tuple[ClockView, ...]:
    return tuple(
        ClockView(
            law=each.law,
            mode=each.mode.value,
            start_on=each.start_on,
            due_nominal_on=each.due_nominal_on,
            due_legal_on=each.due_legal_on,
            target_on=each.target_on,
            act_by_on=each.act_by_on,
            provisional=each.provisional,
        )
        for each in clocks_of(session, ticket)
    )


def item_view(row: ItemRow, language: str, *, plain: bool, quiet: bool) -> ItemView:
    """Return an item as it is shown.

    Args:
        row: The item.
        language: The ticket's.
        plain: What a correction changes may be seen.
        quiet: So may a ground of which nothing is told, with its article and its end.
    """
    change = f"{row.old} -> {row.new}" if row.new else None
    until = row.until_on.isoformat() if row.until_on else row.until_when
    view = ItemView(
        number=row.number,
        label=row.label,
        category=office.category_of(row.category).code if row.category else "",
        source=".".join(filter(None, (row.source, row.collection))),
        proposal=row.proposal.value,
        ground=row.ground or None,
        reason=_reason(row, language),
        citation=row.citation or None,
        until=until or None,
        change=change if plain or change is None else "...",
        field=row.field or None,
        held=row.held_at is not None,
    )
    if quiet or not is_quiet(row.ground):
        return view
    hidden = HIDDEN if view.until else None
    return replace(view, ground=HIDDEN, reason=HIDDEN, citation=HIDDEN, until=hidden)


def _reason(row: ItemRow, language: str) -> str | None:
    """Return the reason to the person as the letter says it: of an either/or ground one half."""
    return told(row, language).reason if row.reason and row.ground in office.grounds() else None


def _messages(
    session: Session, desk: Desk, ticket: TicketRow, *, plain: bool
) -> tuple[MessageView, ...]:
    from dsr.services.contributions import contributions

    return contributions(session, ticket, desk.office.mail, plain=plain)


def events(session: Session, ticket: int, *, plain: bool, quiet: bool) -> tuple[EventView, ...]:
    """Return the trail of a ticket; free text only where it may be seen and is still there."""
    query = select(EventRow).where(EventRow.ticket == ticket).order_by(col(EventRow.id))
    rows = list(session.exec(query))
    whys = _whys(session, [row.id for row in rows]) if plain else {}
    return tuple(_event(row, whys.get(row.id), quiet=quiet) for row in rows)


def _whys(session: Session, numbers: Sequence[int]) -> dict[int, str]:
    query = select(SecretRow).where(col(SecretRow.event).in_(list(numbers)))
    found: dict[int, str] = {}
    for row in session.exec(query):
        found[row.event] = "; ".join(filter(None, [found.get(row.event), row.value]))
    return found


def _event(row: EventRow, why: str | None, *, quiet: bool) -> EventView:
    body = json.loads(row.body)
    return EventView(
        id=row.id,
        at=row.at,
        officer=row.officer,
        action=row.action,
        ticket=row.ticket,
        before=body["before"],
        after=body["after"],
        facts=body["facts"] if quiet else without_quiet(body["facts"]),
        why=why,
        digest=row.digest,
    )
