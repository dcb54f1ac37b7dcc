"""Referring a request, or a part of it, to the client who decides on the data."""

from datetime import date

from sqlmodel import Session, col, select

from dsr.domain.vocabulary import Action, LetterName, Outcome
from dsr.domain.workflow import step_for
from dsr.errors import NotAllowedError, NotFoundError, nearest
from dsr.rules import office
from dsr.rules.terms import terms
from dsr.services.dates import working_calendar
from dsr.services.desk import Desk, Step
from dsr.services.facts import gather
from dsr.services.fulfilment import open_assistance
from dsr.services.handling import after
from dsr.services.keys import read_key
from dsr.services.letters import LetterRequest, to_send, write_letter
from dsr.services.opening import Opening, Request
from dsr.services.steps import take, ticket_of
from dsr.services.views import StepView
from dsr.store.tables.registers import ClientRow
from dsr.store.tables.tickets import TicketRow


def refer(
    desk: Desk, number: int, client: str, *, part: bool = False, dry_run: bool = False
) -> StepView:
    """Refer a ticket to the client who decides; tell the person and the client; stay to assist.

    Args:
        desk: The desk.
        number: The ticket.
        client: The client's key.
        part: Refer a new ticket of the same right in its place: the rest is ours to answer.
        dry_run: Look at it only.

    Raises:
        NotFoundError: There is no such client.
        NotAllowedError: Something irreversible is done, the ticket has ended, or a stop of
            marketing would be referred as a whole.
    """
    with desk.write(keep=not dry_run) as step:
        ticket = ticket_of(step.session, number)
        row = _client(step.session, client)
        if part:
            ticket = _part_of(step, desk, ticket)
        elif _is_ours(ticket):
            raise NotAllowedError(
                "what we send ourselves stops, whoever passed the wish on: only the rest is "
                f"referred ({terms().own_marketing.citation})",
                hint=f"dsr refer {number} --to {row.key} --part",
            )
        late = step.today > refer_by(ticket)
        facts = {"client": row.key, "late": late}
        take(step, ticket, Action.REFER, facts=facts, known={"client_named": True})
        ticket.outcome, ticket.instructed_by = Outcome.REFERRED, None
        open_assistance(step, ticket, row)
        names = LetterName.REFERRAL, LetterName.CLIENT_NOTICE
        for name in names:
            write_letter(step, desk, ticket, LetterRequest(name, client=row))
        where = f"ticket {ticket.number} is referred" if part else "referred"
        return after(step, ticket, f"{where} to {row.key}; {to_send(ticket.number, *names)}")


def _is_ours(ticket: TicketRow) -> bool:
    """Tell whether a request stays ours though a client decides on a part of it."""
    rule = office.kind_rule(ticket.kind, ticket.scope)
    return rule.stops_marketing and ticket.instructed_by is None


def refer_by(ticket: TicketRow) -> date:
    """Return the day by which a request is passed on to the client who decides."""
    days = terms().referral.working_days
    return working_calendar(ticket).add_working_days(ticket.received_on, days)


def _part_of(step: Step, desk: Desk, ticket: TicketRow) -> TicketRow:
    """Open a ticket of the same right in the same case, for what the client decides on."""
    step_for(
        ticket.status,
        Action.REFER,
        gather(step.session, ticket, step.today, client_named=True),
        ticket.number,
    )
    opening = Opening(step, desk.office, read_key(desk.office.key_file, may_make=False))
    (number,) = opening.further(ticket, Request.like(ticket, [(ticket.kind, ticket.scope)]))
    opening.flush()
    scope = ticket.scope.value if ticket.scope else None
    take(step, ticket, Action.SPLIT, facts={"opened": [[number, ticket.kind.value, scope]]})
    return ticket_of(step.session, number)


def _client(session: Session, key: str) -> ClientRow:
    row = session.get(ClientRow, key)
    if row is None or not row.active:
        known = session.exec(select(ClientRow.key).where(col(ClientRow.active)))
        raise NotFoundError(f"there is no client {key!r}", hint=nearest(key, list(known)))
    return row
