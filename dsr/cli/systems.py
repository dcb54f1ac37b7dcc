"""Commands that change the company's systems: correct, plan, apply."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dsr.cli.desk import open_desk
from dsr.cli.options import DryRun, Fields, Limit, Yes
from dsr.cli.pairs import listed
from dsr.cli.show import App, app_of
from dsr.cli.tickets import STEPS, Ticket, Why, one_number
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.services.desk import Desk

LINES = (
    Column("source", "Source"),
    Column("collection", "Collection"),
    Column("result", "What"),
    Column("field", "Field"),
    Column("key", "Row"),
    Column("how", "How"),
    Column("after"),
    Column("rows"),
    Column("reason", "Why"),
    Column("until"),
)
APPLIED = (
    Column("ticket", "Ticket"),
    Column("source", "Source"),
    Column("result", "Result"),
    Column("cells", "Cells"),
    Column("rows", "Rows deleted"),
)
Collections = Annotated[str, typer.Option(metavar="SOURCE.COLLECTION[:KEY],...", help="See below.")]


def correct(
    ctx: typer.Context,
    reference: Ticket,
    changes: Annotated[str, typer.Argument(metavar="@file|-", help='Lines "field: old -> new".')],
    dry_run: DryRun = False,
) -> None:
    """Say what becomes what in a correction.

    A field is named as the datamap names or labels it, or as source.collection.field; without an
    old value something is added. Nothing is proposed yet: plan it first.

    Examples:
        dsr correct 42 @changes.txt
        echo "mobile: 13900000000 -> 13900000001" | dsr correct 42 -
    """
    from dsr.cli.values import changes as read_changes
    from dsr.services import decisions, items

    app = app_of(ctx)
    desk = open_desk(app)
    number = one_number(app, desk, reference)
    decision = items.Decision(changes=read_changes(app, changes), draft=True)
    app.rows([decisions.propose(desk, number, decision, dry_run=dry_run)], STEPS)


def plan(
    ctx: typer.Context,
    reference: Ticket,
    with_shared: Collections = "",
    with_others: Collections = "",
    why: Why = None,
    by_hand: Annotated[
        bool, typer.Option("--by-hand", help="Forget the plan: people do the work.")
    ] = False,
    stored: Annotated[bool, typer.Option("--stored", help="Show the plan that is kept.")] = False,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the plan's lines to a new file.")
    ] = None,
    dry_run: DryRun = False,
    limit: Limit = None,
    fields: Fields = None,
) -> None:
    """Plan what a ticket changes in the company's systems.

    Every cell that would change, and what is left and why; nothing is changed. The plan is kept
    with its hash, which is approved with the decision. Rows to which rows of others point, and
    rows that tell of somebody else, stay, unless --with-shared or --with-others names their
    collection and --why says why.

    Examples:
        dsr plan 42
        dsr plan 42 --with-shared crm.households --why "nobody else lives there"
        dsr plan 42 --stored -o json
    """
    from dsr.services import planning, plans, wishing

    app = app_of(ctx)
    desk = open_desk(app)
    number = one_number(app, desk, reference)
    if by_hand:
        planning.leave_to_people(desk, number)
        app.say(f"next: dsr propose {number}")
        return
    if stored:
        view = plans.planned(desk, number)
    else:
        words = app.read_text(why, "the reason", option="--why") if why else ""
        choice = wishing.Choice(tuple(listed(with_shared)), tuple(listed(with_others)), words)
        view = planning.plan(desk, number, choice, dry_run=dry_run)
    if save is not None and not dry_run:
        plans.save(desk, number, save)
    app.rows(view.lines, LINES, limit=limit, fields=fields)
    left = f"; {view.left} left to decide or to do by hand" if view.left else ""
    app.say(f"{view.cells} cells change, {view.rows} rows go{left}; plan {view.sha256[:12]}")
    if not dry_run:
        _say_next(app, desk, number)


def _say_next(app: App, desk: "Desk", number: int) -> None:
    from dsr.services.steps import next_command

    if command := next_command(desk, number):
        app.say(f"next: {command}")


def apply(
    ctx: typer.Context,
    reference: Ticket,
    plan_file: Annotated[
        Path | None, typer.Option("--plan", metavar="FILE", help="Only if it is this plan.")
    ] = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Carry an approved plan out in the company's systems.

    One transaction a source: its rows are compared with the plan, changed, counted and read back,
    or none is. Interrupted, it is typed again and goes on where it was; nothing is done twice.

    Examples:
        dsr apply 42 --yes
        dsr apply 42 --plan plan.jsonl --yes
        dsr apply 42 --dry-run
    """
    from dsr.services import applying

    app = app_of(ctx)
    desk = open_desk(app)
    number = one_number(app, desk, reference)
    if not dry_run:
        app.confirm(f"change the company's systems for ticket {number}?", yes=yes)
    done = applying.apply(desk, number, plan_file=plan_file, dry_run=dry_run)
    app.rows(done, APPLIED)
    if not dry_run:
        _say_next(app, desk, number)
