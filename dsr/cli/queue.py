"""Commands on the queue: list, next, show, due, assign, set, note."""

from datetime import datetime
from typing import Annotated

import typer

from dsr.cli import terminal
from dsr.cli.desk import open_desk
from dsr.cli.options import (
    AsOf,
    Born,
    DryRun,
    Fields,
    Ids,
    Limit,
    OfWithdrawal,
    Place,
    References,
    day,
    limit_of,
)
from dsr.cli.show import ROWS_OF_A_TABLE, app_of
from dsr.cli.tickets import Ticket, Why, each_step, one_number
from dsr.domain.vocabulary import Kind, RequesterRole
from dsr.errors import UsageError
from dsr.output.render import Column


def _left(days: int | None) -> str:
    return "" if days is None else f"{days} wd"


QUEUE = (
    Column("number", "Ticket"),
    Column("case"),
    Column("kind", "Kind"),
    Column("status", "Status"),
    Column("outcome"),
    Column("who", "Who"),
    Column("laws"),
    Column("received_at"),
    Column("due_on", "Due"),
    Column("target_on"),
    Column("act_by_on"),
    Column("provisional"),
    Column("overdue"),
    Column("days_left", "Left", _left),
    Column("assignee", "Officer"),
    Column("requester_role"),
    Column("language"),
)
NEXT = (*QUEUE, Column("why", "Why"), Column("command", "Type"))
Filters = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILTER...", help="kind:copy due:3d assignee:@me not:law:EU ..."),
]


def list_tickets(
    ctx: typer.Context,
    filters: Filters = None,
    limit: Limit = None,
    fields: Fields = None,
    ids: Ids = False,
    as_of: AsOf = None,
) -> None:
    """Show the queue, the most urgent first.

    Filters: kind scope status outcome is due received assignee law overdue minor held role channel
    case text; not: before one turns it round; a comma is "or".

    Examples:
        dsr list kind:deletion status:working,waiting due:3d
        dsr list assignee:none --ids | dsr assign - --to li
        dsr list is:any text:refund -o json
    """
    from dsr.services import tickets

    app = app_of(ctx)
    desk = open_desk(app)
    people = app.is_for_people and not ids
    most = limit_of(limit, ROWS_OF_A_TABLE if people else None)
    today = as_of.date() if as_of else desk.today()
    with desk.read() as session:
        listed = tickets.list_tickets(session, desk, filters or [], limit=most, today=today)
        app.rows(listed.rows, QUEUE, limit="all", fields=fields, ids=ids)
    if people and most is not None and listed.total > most:
        app.say(f"{most} of {listed.total} shown; --limit all shows every one")


def next_ticket(ctx: typer.Context, filters: Filters = None) -> None:
    """Show the most urgent ticket, why it is, and what to type.

    Examples:
        dsr next
        dsr next assignee:@me -o json
    """
    from dsr.services import tickets

    app = app_of(ctx)
    found = tickets.next_ticket(open_desk(app), filters or [])
    if found is not None:
        app.record(found, NEXT)
    elif app.is_for_people:
        app.say("nothing is open")
    else:
        app.rows([], NEXT)


def show_ticket(
    ctx: typer.Context,
    reference: Ticket,
    reveal: Annotated[
        str | None, typer.Option(metavar="WHY", help="See personal values; the reason is kept.")
    ] = None,
) -> None:
    """Show one ticket: what is asked, due and missing.

    Personal values are shown whole to the ticket's officer; to others with --reveal.

    Examples:
        dsr show 42
        dsr show 42 --reveal "the person called"
        dsr show 42 -o json
    """
    from dsr.cli.screens import SHOWN, screen
    from dsr.services.showing import show

    app = app_of(ctx)
    desk = open_desk(app)
    shown = show(desk, one_number(app, desk, reference), reveal)
    if app.is_for_people:
        typer.echo(screen(shown, app.settings.zone, terminal.width()))
    else:
        app.record(shown, SHOWN)


def assign(
    ctx: typer.Context,
    references: References,
    to: Annotated[str, typer.Option("--to", metavar="OFFICER", help="Whose it is; @me too.")],
    dry_run: DryRun = False,
) -> None:
    """Give tickets to an officer.

    Examples:
        dsr assign 42 --to li
        dsr list assignee:none --ids | dsr assign - --to @me
    """
    from dsr.services import handling

    app = app_of(ctx)
    desk = open_desk(app)
    each_step(app, desk, references, lambda n: handling.assign(desk, n, to, dry_run=dry_run))


def set_ticket(
    ctx: typer.Context,
    references: References,
    kind: Annotated[Kind | None, typer.Option(help="Which right it is.")] = None,
    scope: OfWithdrawal = None,
    law: Annotated[
        str | None, typer.Option("--law", metavar="CODE,...", help="The laws that apply.")
    ] = None,
    place: Place = None,
    role: Annotated[RequesterRole | None, typer.Option(help="Who wrote.")] = None,
    language: Annotated[str | None, typer.Option(help="Of the answer, as zh-Hans.")] = None,
    born: Born = None,
    received: Annotated[datetime | None, day("The day it really arrived.")] = None,
    authority_due: Annotated[datetime | None, day("The day an authority's letter sets.")] = None,
    no_authority_due: Annotated[
        bool, typer.Option("--no-authority-due", help="No authority sets a day any more.")
    ] = False,
    identifier: Annotated[
        list[str] | None,
        typer.Option(metavar="TYPE=@file", help="What names the person: email, phone ..."),
    ] = None,
    waive_access: Annotated[
        str | None,
        typer.Option(metavar="WHY", help="The person wants no answer before the erasure."),
    ] = None,
    why: Why = None,
    dry_run: DryRun = False,
) -> None:
    """Set a ticket's laws, kind, place or language.

    Its dates are computed anew: a day of receipt or of an authority is set with --why, and an
    authority's is never later than the law's own. An access or copy of the same case is answered
    before anything is erased; --waive-access, which stands alone, records that the person gave that
    up in writing.

    Examples:
        dsr set 42 --law CN,EU --place DE
        dsr set 42 --kind withdrawal --scope marketing
        dsr set 42 --received 2026-11-02 --why "it lay at the reception"
        dsr set 43 --waive-access "letter of 20 November"
    """
    from dsr.cli.values import birth_date, identifiers
    from dsr.services import setting, waiving

    app = app_of(ctx)
    desk = open_desk(app)
    if waive_access is not None:
        why = app.read_text(waive_access, "the reason", option="--waive-access")
        waive = waiving.waive_access
        each_step(app, desk, references, lambda n: waive(desk, n, why, dry_run=dry_run))
        return
    if authority_due and no_authority_due:
        raise UsageError("an authority sets a day or none", hint="dsr set --help")
    changes = setting.Changes(
        kind=kind,
        scope=scope,
        laws=tuple(law.upper().split(",")) if law else None,
        place=place,
        role=role,
        language=language,
        born_on=birth_date(app, born) if born else None,
        received_on=received.date() if received else None,
        authority_due_on=authority_due.date() if authority_due else None,
        no_authority_due=no_authority_due,
        identifiers=identifiers(app, identifier or []),
        why=app.read_text(why, "the reason", option="--why") if why is not None else "",
    )
    each_step(
        app, desk, references, lambda n: setting.set_values(desk, n, changes, dry_run=dry_run)
    )


def note(
    ctx: typer.Context,
    references: References,
    text: Annotated[
        str | None, typer.Option("--text", "-m", metavar="TEXT", help="Text, @file or -.")
    ] = None,
) -> None:
    """Write a note on a ticket.

    Examples:
        dsr note 42 -m "called back, will write again"
        dsr note 42 --text @memo.txt
    """
    from dsr.services import handling

    app = app_of(ctx)
    desk = open_desk(app)
    words = app.read_text(text, "the note", option="--text")
    each_step(app, desk, references, lambda n: handling.note(desk, n, words))
