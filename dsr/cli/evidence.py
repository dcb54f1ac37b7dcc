"""Commands that give account: the trail of a ticket, its check, the report."""

from datetime import date
from typing import Annotated

import typer

from dsr.cli.desk import open_desk
from dsr.cli.options import Fields, Limit
from dsr.cli.show import app_of
from dsr.errors import TrailError, UsageError
from dsr.output.render import Column

EVENTS = (
    Column("id", "No."),
    Column("at", "At"),
    Column("officer", "Officer"),
    Column("action", "Action"),
    Column("ticket"),
    Column("before"),
    Column("after", "Status"),
    Column("facts", "Facts"),
    Column("why", "Why"),
    Column("digest"),
)
TRAIL = (
    Column("ok", "Holds"),
    Column("events", "Events"),
    Column("head", "Head"),
    Column("first_broken", "First broken"),
    Column("why", "Why"),
    Column("heads", "Heads compared"),
    Column("changed_rows", "Changed rows"),
)
HEAD = (Column("events", "Events"), Column("head", "Head"))
COUNTS = (
    Column("period", "Period"),
    Column("received", "Received"),
    Column("by_kind", "By kind"),
    Column("by_law", "By law"),
    Column("by_channel", "By channel"),
    Column("by_outcome", "By outcome"),
    Column("open", "Open"),
    Column("open_late", "Open, late"),
    Column("in_time", "Answered in time"),
    Column("late", "Answered late"),
    Column("unanswered", "Closed without an answer"),
    Column("median_days", "Median days"),
    Column("p90_days", "90 % within days"),
    Column("extensions", "Extensions"),
    Column("pauses", "Pauses"),
    Column("refusals", "Refusals by ground"),
)
MONTHLY = frozenset(
    {"period", "received", "open", "open_late", "in_time", "late", "median_days"},
)


def log(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help="42 or case:17.")],
    reveal: Annotated[
        str | None, typer.Option(metavar="WHY", help="Read the sealed texts; this is logged.")
    ] = None,
    fields: Fields = None,
    limit: Limit = None,
) -> None:
    """Show the trail of a ticket.

    Examples:
        dsr log 42
        dsr log case:17 -o jsonl --fields id,at,action,digest
        dsr log 42 --reveal "complaint of 3 November"
    """
    from dsr.services import evidence

    app = app_of(ctx)
    references = app.references([reference])
    if len(references) != 1:
        raise UsageError("one ticket or one case at a time", hint="dsr log 42")
    one = references[0]
    found = evidence.history(open_desk(app), one.number, is_case=one.is_case, reveal=reveal)
    app.rows(found.events, EVENTS, fields=fields, limit=limit)
    if found.hidden and app.is_for_people:
        app.say(f'{found.hidden} texts are sealed; dsr log {one} --reveal "why" shows them')


def verify(
    ctx: typer.Context,
    head: Annotated[
        str | None,
        typer.Option(metavar="DIGEST|@FILE", help="A head that was kept elsewhere, or many."),
    ] = None,
) -> None:
    """Check that the whole trail holds.

    Tickets, letters and proofs are held against it. Heads that were kept elsewhere show that
    nothing was cut off its end; the head file that a setting names is compared by itself. Exit
    code 9 if the trail is broken or a row differs.

    Examples:
        dsr audit verify
        dsr audit verify --head @/mnt/apart/heads.txt -o json
    """
    from dsr.services import evidence

    app = app_of(ctx)
    kept = []
    if head is not None:
        kept = evidence.heads_in(app.read_text(head, "the head", option="--head"))
    found = evidence.verify(open_desk(app), kept)
    app.record(found, TRAIL)
    if found.changed_rows:
        raise TrailError(
            found.why or "",
            hint="keep this file as it is, and compare it with a backup",
            changed_rows=len(found.changed_rows),
        )
    if not found.ok:
        raise TrailError(
            f"the trail is broken at event {found.first_broken}: {found.why}",
            hint="keep this file as it is, and compare it with a backup",
            first_broken=found.first_broken,
        )


def head(ctx: typer.Context) -> None:
    """Print the trail's head, to keep elsewhere.

    Examples:
        dsr audit head >> /mnt/apart/heads.txt
        dsr audit head -o json
    """
    from dsr.services import evidence

    app = app_of(ctx)
    app.record(evidence.head(open_desk(app)), HEAD)


def report(
    ctx: typer.Context,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Received on this day or later.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Received on this day or before.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="month", help="One line a month.")] = None,
    fields: Fields = None,
    limit: Limit = None,
) -> None:
    """Count requests, times and refusals.

    Approvers, legal and auditors see each ground by itself; to others the hard ones are one number.

    Examples:
        dsr report --from 2026-01-01 --to 2026-06-30
        dsr report --by month -o csv
    """
    from dsr.services import reports, viewing

    app = app_of(ctx)
    desk = open_desk(app)
    span = {"first": _day(first, "--from"), "last": _day(last, "--to")}
    with desk.read() as session:
        apart = viewing.sees_grounds(session, desk.officer)
        found = reports.report(
            session, today=desk.today(), zone=desk.office.zone, by=by, apart=apart, **span
        )
    if app.is_for_people and by is None:
        app.record(found[0], COUNTS, fields=fields)
    else:
        app.rows(found, _columns(people=app.is_for_people), fields=fields, limit=limit)


def _columns(*, people: bool) -> list[Column]:
    """Return the columns of a month: people see those that fit a line."""
    return [
        column if not people or column.key in MONTHLY else Column(column.key) for column in COUNTS
    ]


def _day(said: str | None, option: str) -> date | None:
    if said is None:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise UsageError(f"{option} is no day", hint="write it as 2026-01-31") from None
