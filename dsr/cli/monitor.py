"""The command that watches dates: overdue."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dsr.cli.desk import open_desk
from dsr.cli.options import AsOf, DryRun, Fields, Ids, Limit
from dsr.cli.queue import QUEUE, Filters
from dsr.cli.show import App, app_of
from dsr.errors import CheckError, UsageError
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.services.desk import Desk
    from dsr.services.monitor import NearTicket

#: People see of the queue's columns only what tells how urgent it is.
_PEOPLE = frozenset({"number", "kind", "due_on", "days_left", "assignee"})
NEAR = (
    *(each if each.key in _PEOPLE else Column(each.key) for each in QUEUE),
    Column("tier", "Tier"),
    Column("law"),
    Column("breached_at"),
    Column("milestone", "Missed"),
    Column("milestone_on"),
    Column("held"),
)


def overdue(
    ctx: typer.Context,
    filters: Filters = None,
    check: Annotated[
        bool, typer.Option("--check", help="Exit code 10 if a ticket is late, or once was.")
    ] = False,
    remind: Annotated[
        bool, typer.Option("--remind", help="Only what was not said yet; it is written down.")
    ] = False,
    limit: Limit = None,
    fields: Fields = None,
    ids: Ids = False,
    as_of: AsOf = None,
    dry_run: DryRun = False,
) -> None:
    """Show the open tickets whose dates are near or past.

    How near is near stands in each law's pack, in working days to the earlier of acting and
    answering; of several laws the nearest counts. A date that moves while the requester is waited
    for is `waiting`, and never late. With --remind, for a job at night, each ticket is
    shown once for each tier and date, and one whose last day has passed is stamped as a breach.

    Examples:
        dsr overdue assignee:@me
        dsr overdue --remind --check -o jsonl
    """
    from dsr.services import monitor

    app = app_of(ctx)
    desk = open_desk(app)
    words, today = filters or [], as_of.date() if as_of else desk.today()
    if remind:
        if as_of or limit:
            raise UsageError("what is written down is of today, and whole", hint="dsr overdue")
        told = monitor.remind(desk, words, dry_run=dry_run)
        _show(app, told, limit="all", fields=fields, ids=ids)
    else:
        with desk.read() as session:
            found = monitor.near(session, desk, words, today=today)
            _show(app, found, limit=limit, fields=fields, ids=ids)
    if check:
        _check(desk, words, today)


def _show(app: App, rows: "Iterable[NearTicket]", **how: Any) -> None:
    people = app.is_for_people and not how["ids"]
    app.rows(map(_for_people, rows) if people else rows, NEAR, **how)


def _for_people(row: "NearTicket") -> dict[str, Any]:
    """Return a row whose tier also says what stands beside it: a breach, a hold."""
    tier = "waiting for the requester" if row.tier == "waiting" else row.tier or ""
    flags = {"late once": row.breached_at and not row.overdue, "held": row.held}
    words = [tier, *(word for word, is_up in flags.items() if is_up)]
    values = {column.key: getattr(row, column.key) for column in NEAR}
    return {**values, "tier": ", ".join(filter(None, words))}


def _check(desk: "Desk", words: list[str], today: Any) -> None:
    from dsr.services import monitor

    with desk.read() as session:
        count = monitor.late(session, desk, words, today=today)
        first = monitor.first_late(session, desk, words, today=today)
    if count:
        said = "1 ticket is late" if count == 1 else f"{count} tickets are late"
        raise CheckError(f"{said}, or once was", hint=f"dsr show {first}", late=count)
