"""Opening further tickets in the case of one: a letter asked for more than was seen at first."""

from collections.abc import Sequence

from dsr.domain.vocabulary import ENDED, Action, Kind, Scope
from dsr.errors import ConflictError, UsageError
from dsr.rules import office
from dsr.services import dates
from dsr.services.desk import Desk, Step
from dsr.services.handling import after
from dsr.services.keys import read_key
from dsr.services.opening import Opening, Request, Right
from dsr.services.proving import proofs_of
from dsr.services.steps import take, ticket_of
from dsr.services.views import StepView
from dsr.store.tables.tickets import TicketRow
from dsr.store.tickets import of_case


def split(
    desk: Desk, number: int, rights: Sequence[Right], *, dry_run: bool = False
) -> list[StepView]:
    """Open a ticket for each further right, of the same person and the same letter.

    The new ones have the receipt, the language and the laws of the old one. What was proved for
    the old one is not proved for them: a proof is for one ticket.

    Raises:
        NotFoundError: There is no such ticket.
        UsageError: A withdrawal has no scope, or a right is named twice.
        ConflictError: The case has an open ticket of that kind already.
    """
    with desk.write(keep=not dry_run) as step:
        ticket = ticket_of(step.session, number)
        _check(step, ticket, rights)
        key = read_key(desk.office.key_file, may_make=False)
        opening = Opening(step, desk.office, key)
        numbers = opening.further(ticket, Request.like(ticket, rights))
        opened = [
            [new, kind.value, scope] for new, (kind, scope) in zip(numbers, rights, strict=True)
        ]
        opening.flush()
        take(step, ticket, Action.SPLIT, facts={"opened": opened})
        _date_anew(step, ticket)
        return [_view(step, ticket, new) for new in numbers]


def _check(step: Step, ticket: TicketRow, rights: Sequence[Right]) -> None:
    if len(set(rights)) < len(rights):
        raise UsageError("a right is named twice", hint=f"dsr split {ticket.number} KIND...")
    for kind, scope in rights:
        if kind is Kind.WITHDRAWAL and scope is None:
            raise UsageError("a withdrawal needs a scope", hint=f"--scope: {', '.join(Scope)}")
        for each in of_case(step.session, ticket.case_number):
            if (each.kind, each.scope) == (kind, scope) and each.status not in ENDED:
                raise ConflictError(
                    f"ticket {each.number} of the same case asks for that already",
                    hint=f"dsr show {each.number}",
                )


def _date_anew(step: Step, ticket: TicketRow) -> None:
    """Let what is answered before an erasure take the erasure's earlier day."""
    for each in of_case(step.session, ticket.case_number):
        if each.status not in ENDED:
            dates.recompute(step.session, each)


def _view(step: Step, ticket: TicketRow, new: int) -> StepView:
    opened = ticket_of(step.session, new)
    said = f"opened from ticket {ticket.number}"
    rule = office.kind_rule(opened.kind, opened.scope)
    shown = list(dict.fromkeys(row.method for row in proofs_of(step.session, ticket.number)))
    if rule.needs_proof and shown:
        said += f"; its proof counts for it alone: dsr verify pass {new} --method {shown[0]}"
    return after(step, opened, said)
