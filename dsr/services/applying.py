"""Carrying a plan out: one transaction in each source, inside the one of ours that records it.

A source's part is marked as begun before anything happens there. Its commit and our record of it
are next to each other, our lock held: nothing can forbid the work in between. Killed between the
two, the next `apply` looks at the rows themselves: all are as they were, or as they were to be.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from dsr.domain.vocabulary import UNFINISHED, Action, PartState, TaskKind, TaskState
from dsr.errors import (
    ConflictError,
    DsrError,
    InputError,
    NotAllowedError,
    NotFoundError,
    SourceError,
)
from dsr.services import facts as ticket_facts
from dsr.services.catalogue import load
from dsr.services.decisions import is_unchanged
from dsr.services.desk import Desk, Step
from dsr.services.erasures import corrected_contacts, write_ledger
from dsr.services.fulfilment import TaskEnd, end_task
from dsr.services.holding import unheld_of
from dsr.services.keeping import check_erasable
from dsr.services.keys import read_key
from dsr.services.planned import WHOLE, ended_by, parts_of
from dsr.services.plans import stored_plan
from dsr.services.restricting import erased_places, is_measured
from dsr.services.steps import take, ticket_of
from dsr.services.suppressing import follow
from dsr.services.views import AppliedView
from dsr.sources.plan import Change, Plan, counted
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PlanPartRow, PlanRow, TaskRow

#: Work that one source's part of a plan ends.
OF_A_SOURCE = frozenset({TaskKind.SOURCE, TaskKind.STOP_USE})


@dataclass(slots=True)
class _Part:
    """One source's part, ready to be done.

    Attributes:
        was_begun: An earlier run may have done it, or another one does it now.
        run: What this run marks the part with, so that it takes back its own mark alone.
        committed: The source has kept it; whatever fails now, it is not taken back.
        held: How many of its changes are passed over: their items are under a legal hold.
    """

    source: str
    url: str
    changes: tuple[Change, ...]
    was_begun: bool
    run: str
    committed: bool = False
    held: int = 0


def apply(
    desk: Desk, number: int, *, plan_file: Path | None = None, dry_run: bool = False
) -> list[AppliedView]:
    """Carry the approved plan of a ticket out; what an earlier run did is not done again.

    Args:
        desk: The desk.
        number: The ticket.
        plan_file: The plan as somebody holds it: refused if it is another one than was approved.
        dry_run: Look at it only.

    Raises:
        NotAllowedError: It is not decided, another plan was approved, or a legal hold forbids it.
        ConflictError: A row changed since the plan was made; nothing is changed by this run.
        SourceError: A source cannot be written; nothing of it is changed.
    """
    made, parts = _ready(desk, number, plan_file)
    key = read_key(desk.office.key_file, may_make=False)
    if dry_run:
        return [_view(number, part, "would change") for part in parts]
    _look_at_all(parts, key, number)
    done = [_carry_out(desk, part, made, number=number, key=key) for part in parts]
    _finish(desk, number, made)
    return done


def _look_at_all(parts: Sequence[_Part], key: bytes, number: int) -> None:
    """Compare the rows of every source with the plan before the first one is changed."""
    from dsr.sources.writing import look_part

    try:
        for part in parts:
            look_part(part.url, part.changes, key, may_be_done=part.was_begun)
    except ConflictError as error:
        raise ConflictError(
            f"{error}; no system was changed by this run",
            hint=f'dsr return {number} --why "a row changed", then dsr plan {number}',
        ) from None


def _ready(desk: Desk, number: int, plan_file: Path | None) -> tuple[Plan, list[_Part]]:
    with desk.write(keep=False) as step:
        ticket = ticket_of(step.session, number)
        _allow(step, ticket)
        made = stored_plan(step.session, number)
        check_erasable(step.session, ticket, erased_places(made))
        if plan_file is not None and _sha256(plan_file, number) != made.sha256:
            raise NotAllowedError(
                "this is another plan than was approved", hint=f"dsr apply {number}"
            )
        urls = load(step.session).urls
        left = [row for row in parts_of(step.session, number) if row.state is not PartState.DONE]
        for row in left:
            if row.source not in urls:
                raise NotFoundError(
                    f"the source {row.source} is no longer registered", hint="dsr source list"
                )
        parts = [
            _Part(
                row.source,
                urls[row.source],
                free := unheld_of(step.session, ticket, made.of(row.source)),
                row.state is PartState.BEGUN,
                secrets.token_hex(8),
                held=len(made.of(row.source)) - len(free),
            )
            for row in left
        ]
        return made, parts


def _sha256(place: Path, number: int) -> str:
    hint = f"dsr plan {number} --stored --save FILE"
    try:
        return sha256(place.read_bytes()).hexdigest()
    except FileNotFoundError:
        raise NotFoundError(f"there is no file {place}", hint=hint) from None
    except OSError as error:
        raise InputError(f"the plan {place} cannot be read: {error.strerror}", hint=hint) from None


def _allow(step: Step, ticket: TicketRow) -> None:
    """Let every guard of applying speak now; nothing is written."""
    from dsr.domain.workflow import step_for

    facts = ticket_facts.gather(step.session, ticket, step.today, **_known(step, ticket))
    step_for(ticket.status, Action.APPLY, facts, ticket.number)


def _known(step: Step, ticket: TicketRow) -> dict[str, bool]:
    return {"unchanged": is_unchanged(step.session, ticket)}


def _carry_out(desk: Desk, part: _Part, made: Plan, *, number: int, key: bytes) -> AppliedView:
    from dsr.sources.writing import apply_part

    with desk.write() as step:
        _begin(step, ticket_of(step.session, number), part)
    try:
        done = apply_part(
            part.url,
            part.changes,
            key,
            committing=lambda: _recording(desk, number, part, made),
            may_be_done=part.was_begun,
        )
    except DsrError as error:
        if part.committed:
            raise SourceError(
                f"{part.source} was changed, but that could not be recorded: {error}",
                hint=f"mend that, then dsr apply {number}: it looks at the rows and records it",
            ) from None
        # A conflict is told after the rows were looked at: nothing of ours is there.
        if isinstance(error, ConflictError) or not part.was_begun:
            with desk.write() as step:
                _take_back(step, number, part)
        raise
    return _view(number, part, "was done already" if done.already else "changed")


def _begin(step: Step, ticket: TicketRow, part: _Part) -> None:
    _allow(step, ticket)
    row = _open_part(step, ticket.number, part)
    before, row.state = row.state, PartState.BEGUN
    row.begun_at, row.officer, row.run = step.now, step.officer, part.run
    step.session.add(row)
    if before is PartState.PLANNED:
        facts = {"begun": part.source}
        take(step, ticket, Action.APPLY, facts=facts, known=_known(step, ticket))


@contextmanager
def _recording(desk: Desk, number: int, part: _Part, made: Plan) -> Iterator[None]:
    """Ask once more whether it is allowed, let the source commit, and record that it did."""
    with desk.write() as step:
        ticket = ticket_of(step.session, number)
        row = _open_part(step, number, part)
        row.state, row.done_at, row.officer = PartState.DONE, step.now, step.officer
        row.cells, row.rows = counted(part.changes)
        step.session.add(row)
        follow(step, desk, ticket, corrected_contacts(step, ticket, part.changes))
        facts = {
            "done": part.source,
            "cells": row.cells,
            "rows": row.rows,
            "plan": step.session.get_one(PlanRow, number).sha256,
            "ledger": write_ledger(step, desk, ticket, part.changes),
        }
        take(step, ticket, Action.APPLY, facts=facts, known=_known(step, ticket))
        _end_tasks(step, ticket, made)
        yield
        part.committed = True


def _open_part(step: Step, number: int, part: _Part) -> PlanPartRow:
    row = step.session.get(PlanPartRow, (number, part.source))
    if row is None or row.state is PartState.DONE:
        raise ConflictError(
            f"another officer has just done {part.source}", hint=f"dsr show {number}"
        )
    return row


def _take_back(step: Step, number: int, part: _Part) -> None:
    """Note that nothing happened: the source refused, and its transaction was undone."""
    row = step.session.get(PlanPartRow, (number, part.source))
    if row is not None and (row.state, row.run) == (PartState.BEGUN, part.run):
        row.state, row.begun_at, row.run = PartState.PLANNED, None, None
        step.session.add(row)
        ticket = ticket_of(step.session, number)
        take(step, ticket, Action.NOTE, facts={"not_applied": part.source})


def _finish(desk: Desk, number: int, made: Plan) -> None:
    """End the tasks that the plan was for; what somebody must do by hand stays open."""
    with desk.write() as step:
        _end_tasks(step, ticket_of(step.session, number), made)


def _end_tasks(step: Step, ticket: TicketRow, made: Plan) -> None:
    parts = parts_of(step.session, ticket.number)
    undone = {part.source for part in parts if part.state is not PartState.DONE}
    plan = step.session.get_one(PlanRow, ticket.number)
    items = ticket_facts.items_of(step.session, ticket.number)
    for task in ticket_facts.tasks_of(step.session, ticket.number):
        planned = made.of(task.target) if task.kind in OF_A_SOURCE else made.changes
        held = len(unheld_of(step.session, ticket, planned)) < len(planned)
        waits = held or (bool(undone) if task.kind in WHOLE else task.target in undone)
        ends = ended_by(plan, task) or (
            task.kind is TaskKind.STOP_USE and is_measured(ticket, items, made, task.target)
        )
        if task.state in UNFINISHED and ends and not waits:
            _end_task(step, ticket, task, made)


def _end_task(step: Step, ticket: TicketRow, task: TaskRow, made: Plan) -> None:
    changes = made.of(task.target) if task.kind in OF_A_SOURCE else made.changes
    cells, rows = counted(changes)
    result = f"{cells} cells changed, {rows} rows deleted; plan {made.sha256[:12]}"
    end_task(step, ticket, task, TaskEnd(TaskState.DONE, result), more={"plan": made.sha256})


def _view(number: int, part: _Part, result: str) -> AppliedView:
    cells, rows = counted(part.changes)
    held = f"; {part.held} changes passed over: a legal hold" if part.held else ""
    return AppliedView(number, part.source, f"{result}{held}", cells, rows)
