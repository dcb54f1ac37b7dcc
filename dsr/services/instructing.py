"""A client's instruction on what it entrusted, worked in the ticket that was referred to it."""

from dataclasses import dataclass

from sqlmodel import col, delete

from dsr.domain.vocabulary import (
    UNFINISHED,
    Action,
    Kind,
    Outcome,
    ProofResult,
    RequesterRole,
    TaskKind,
    TaskState,
)
from dsr.errors import ConflictError, NotAllowedError, NotFoundError, UsageError
from dsr.rules import office
from dsr.rules.terms import terms
from dsr.services import proving
from dsr.services.closing import forget_decision
from dsr.services.dates import working_calendar
from dsr.services.desk import Desk, Step
from dsr.services.facts import tasks_of
from dsr.services.fulfilment import TaskEnd, end_task
from dsr.services.handling import one_step
from dsr.services.items import Change, Decision, forget_items, prepare
from dsr.services.plans import forget_plan
from dsr.services.searching import forget_package
from dsr.services.steps import take
from dsr.services.views import StepView
from dsr.store.tables.people import ProofRow
from dsr.store.tables.registers import ClientRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import SearchRow, TaskRow


@dataclass(frozen=True, slots=True)
class Instruction:
    """What a client instructs.

    Attributes:
        kind: What is to be done with the person's data.
        proof: The instruction itself and what shows that it is the client's; kept sealed.
        changes: For a correction, what becomes what.
    """

    kind: Kind
    proof: str
    changes: tuple[Change, ...] = ()


def instruct(
    desk: Desk, number: int, task: int, told: Instruction, *, dry_run: bool = False
) -> StepView:
    """Take a referred ticket into work again, by the client's instruction and for its data alone.

    The client answers for who the person is: the instruction is the proof of what names the person
    so far, and of nothing that is named later.

    Raises:
        NotFoundError: There is no such task, or its client is no longer registered.
        ConflictError: The task has ended.
        NotAllowedError: The ticket was not referred, or nothing shows the instruction.
        UsageError: The kind is nothing that is done with data, or a value does not fit it.
    """
    _check(told)

    def work(step: Step, ticket: TicketRow) -> str:
        row, client = _assistance(step, ticket, task)
        _forget(step, ticket)
        before = ticket.kind.value
        ticket.kind, ticket.scope, ticket.instructed_by = told.kind, None, client.key
        ticket.statements = None
        step.session.add(_vouched(step, ticket))
        take(
            step,
            ticket,
            Action.INSTRUCT,
            facts={"client": client.key, "task": task, "kind": told.kind.value, "was": before},
            sealed={"instruction": told.proof},
            known={"client_named": True, "reason_given": bool(told.proof.strip())},
        )
        row.due_on = working_calendar(ticket).add_working_days(
            step.today, terms().assistance.working_days
        )
        step.session.add(row)
        if told.changes:
            prepare(step, ticket, Decision(changes=told.changes, draft=True))
        return f"in work again as {told.kind}, by the instruction of {client.key}"

    return one_step(desk, number, work, dry_run=dry_run)


def _check(told: Instruction) -> None:
    if not office.kind_rule(told.kind, None).searches:
        known = ", ".join(kind for kind in Kind if office.kind_rule(kind, None).searches)
        raise UsageError(f"a client's instruction is no {told.kind}", hint=f"--kind: {known}")
    if bool(told.changes) is not (told.kind is Kind.CORRECTION):
        raise UsageError(
            "a correction, and nothing else, says what becomes what",
            hint='--kind correction --changes @file, with lines "field: old -> new"',
        )


def _assistance(step: Step, ticket: TicketRow, task: int) -> tuple[TaskRow, ClientRow]:
    """Return the open task of helping a client, and the client."""
    row = step.session.get(TaskRow, (ticket.number, task))
    if row is None or row.kind is not TaskKind.ASSISTANCE:
        raise NotFoundError(
            f"ticket {ticket.number} has no task {task} to assist a client",
            hint=f"dsr task list {ticket.number}",
        )
    if row.state not in UNFINISHED:
        raise ConflictError(
            f"task {task} is {row.state} already",
            hint=f"dsr reopen {ticket.number} --why TEXT, then dsr refer --to {row.target}",
        )
    if ticket.outcome is not Outcome.REFERRED:
        raise NotAllowedError(
            f"ticket {ticket.number} is not referred to a client",
            hint=f"dsr show {ticket.number}",
        )
    client = step.session.get(ClientRow, row.target)
    if client is None or not client.active:
        raise NotFoundError(f"{row.target} is no client any more", hint="dsr client add")
    return row, client


def _forget(step: Step, ticket: TicketRow) -> None:
    """Drop what was prepared for the request itself: another one is worked now."""
    forget_decision(step, ticket)
    forget_items(step.session, ticket)
    step.session.exec(delete(SearchRow).where(col(SearchRow.ticket) == ticket.number))
    forget_plan(step.session, ticket.number)
    forget_package(step.session, ticket.number)


def _vouched(step: Step, ticket: TicketRow) -> ProofRow:
    """Return the client's authority as a proof of everything that names the person so far."""
    return ProofRow(
        ticket=ticket.number,
        method=proving.authority_method(RequesterRole.CLIENT).code,
        result=ProofResult.VERIFIED,
        covers=[
            [row.type.value, row.value] for row in proving.identifiers_of(step.session, ticket)
        ],
        officer=step.officer,
        at=step.now,
        on=step.today,
        comment="",
    )


def end_assistance(step: Step, ticket: TicketRow) -> None:
    """End the task of assisting the client whose instruction has been answered."""
    if ticket.instructed_by is None:
        return
    for row in tasks_of(step.session, ticket.number):
        mine = row.kind is TaskKind.ASSISTANCE and row.target == ticket.instructed_by
        if mine and row.state in UNFINISHED:
            end_task(step, ticket, row, TaskEnd(TaskState.DONE, "answered by letter"))
