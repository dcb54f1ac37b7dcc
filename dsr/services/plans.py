"""Plans that are kept: read back, compared with their hash, shown, written down. Makes none."""

import os
from pathlib import Path

from sqlmodel import Session, col, delete, select

from dsr.errors import ConfigError, ConflictError, NotAllowedError, NotFoundError
from dsr.services.desk import Desk
from dsr.services.permitting import require_view
from dsr.services.steps import ticket_of
from dsr.services.views import PlanLine, PlanView
from dsr.sources.plan import CORRECT, UNDECIDED, Change, Plan, Remainder, counted, read_plan
from dsr.sources.results import plain
from dsr.store import blobs
from dsr.store.tables.work import PlanPartRow, PlanRow


def forget_plan(session: Session, number: int) -> None:
    """Drop a plan that another one takes the place of; the trail keeps its hash."""
    old = session.get(PlanRow, number)
    session.exec(delete(PlanPartRow).where(col(PlanPartRow.ticket) == number))
    if old is not None:
        session.delete(old)
        session.flush()
        same = select(PlanRow.ticket).where(PlanRow.sha256 == old.sha256)
        if session.exec(same).first() is None:  # two plans that change nothing are the same text
            blobs.destroy(session, old.sha256)


def stored_plan(session: Session, number: int) -> Plan:
    """Return a ticket's plan as it was kept.

    Raises:
        NotFoundError: There is none.
        NotAllowedError: Its text is destroyed, or is not the one that was hashed.
    """
    row = session.get(PlanRow, number)
    if row is None:
        raise NotFoundError(f"ticket {number} has no plan", hint=f"dsr plan {number}")
    try:
        found = read_plan(b"".join(blobs.read(session, row.sha256)))
    except ConflictError:
        found = None
    # A plan may change nothing: of nothing, too, there is a hash.
    if found is None or found.sha256 != row.sha256:
        raise NotAllowedError(
            "the plan that was kept is destroyed, or another one than was approved",
            hint=f'dsr return {number} --why "the plan is gone", then dsr plan {number}',
        )
    return found


def planned(desk: Desk, number: int) -> PlanView:
    """Return the plan of a ticket as it was kept.

    Raises:
        NotFoundError: There is no such ticket, or it has no plan.
        NotAllowedError: Its text is destroyed, or was changed.
    """
    with desk.read() as session:
        require_view(session, ticket_of(session, number), desk.officer)
        return view_of(number, stored_plan(session, number))


def view_of(number: int, made: Plan) -> PlanView:
    """Return a plan as it is shown; row keys are there to find the rows, values are not."""
    cells, rows = counted(made.changes)
    return PlanView(
        ticket=number,
        sha256=made.sha256,
        cells=cells,
        rows=rows,
        left=sum(each.left in UNDECIDED for each in made.left),
        lines=(*map(_changed, made.changes), *map(_left, made.left)),
    )


def _changed(change: Change) -> PlanLine:
    return PlanLine(
        source=change.source,
        collection=change.collection,
        result=change.work.value,
        field=change.field or None,
        key=dict(change.key),
        how=change.how or None,
        after="..." if change.how == CORRECT else plain(change.after),
        rows=None,
        reason=None,
        until=None,
    )


def _left(each: Remainder) -> PlanLine:
    return PlanLine(
        source=each.source or None,
        collection=each.collection or None,
        result=each.left.value,
        field=each.field or None,
        key=None,
        how=None,
        after=None,
        rows=each.rows,
        reason=each.reason,
        until=each.until or None,
    )


def save(desk: Desk, number: int, place: Path) -> None:
    """Write a ticket's plan to a new file, as it was hashed: one line of JSON for each change.

    Raises:
        NotFoundError: There is no plan.
        ConfigError: The file exists, or cannot be written.
    """
    with desk.read() as session:
        text = stored_plan(session, number).text()
    try:
        with open(place, "xb", opener=_private) as file:
            file.write(text)
    except OSError as error:
        raise ConfigError(
            f"{place} cannot be written: {error.strerror}", hint="name a new file"
        ) from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
