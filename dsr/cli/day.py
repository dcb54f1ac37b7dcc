"""Commands of the officer's day: today, who, go."""

from collections.abc import Callable
from typing import Annotated

import typer

from dsr.cli import terminal
from dsr.cli.desk import open_desk
from dsr.cli.options import AsOf, DryRun, References
from dsr.cli.references import Reference
from dsr.cli.show import App, app_of
from dsr.cli.tickets import numbers
from dsr.output.render import Column
from dsr.output.visible import visible

LINES = 10  # of a section of `today`
TODAY = tuple(
    Column(key)
    for key in (
        "section",
        "number",
        "case",
        "kind",
        "status",
        "who",
        "due_on",
        "act_by_on",
        "days_left",
        "why",
        "command",
    )
)
WHO = tuple(
    Column(key)
    for key in (
        "number",
        "case",
        "kind",
        "status",
        "outcome",
        "who",
        "received_on",
        "due_on",
        "days_left",
        "overdue",
        "assignee",
        "say_zh",
        "say_en",
    )
)
GO = tuple(
    Column(key)
    for key in ("number", "kind", "status", "outcome", "due_on", "steps", "why", "next_command")
)


def today(
    ctx: typer.Context,
    mine: Annotated[bool, typer.Option("--mine", help="Only tickets that are yours.")] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Every line, not only the first of each section.")
    ] = False,
    as_of: AsOf = None,
) -> None:
    """Show what there is to do today, each with its command.

    Late, due soon, awaiting your approval, to answer, replies, letters that came
    back or wait to be sent, work outside; your own tickets first.

    Examples:
        dsr today
        dsr today --mine -o json
    """
    from dsr.services import today as day

    app = app_of(ctx)
    desk = open_desk(app)
    on = as_of.date() if as_of else None
    if not app.is_for_people:
        app.rows(day.lines(desk, mine=mine, as_of=on), TODAY, limit="all")
    elif sections := day.today(desk, mine=mine, limit=None if every else LINES, as_of=on):
        from dsr.cli.day_screen import day_screen

        typer.echo(day_screen(sections, terminal.width()))
    else:
        app.say("nothing is due, came back or waits for you")


def who(
    ctx: typer.Context,
    value: Annotated[
        str, typer.Argument(metavar="-|@file", help="Where the phone number or address stands.")
    ],
) -> None:
    """Show the tickets of whoever calls, and what to say.

    One phone number or mail address, from standard input or a file. The caller has proved nothing:
    what is to be said tells neither what was asked for nor whether anything is held.

    Examples:
        dsr who -
        dsr who @number.txt -o json
    """
    from dsr.services import who as calls

    app = app_of(ctx)
    desk = open_desk(app)
    found = calls.who(desk, app.read_private(value, "the phone or address", option="dsr who"))
    if not app.is_for_people:
        app.rows(found, WHO, limit="all")
        return
    from dsr.cli.day_screen import call_screen, to_say

    if found:
        typer.echo(call_screen(found, terminal.width()))
    else:
        app.say("no ticket names that number or address; to say:")
        typer.echo(to_say(calls.nothing(desk), terminal.width()))


def go(ctx: typer.Context, references: References, dry_run: DryRun = False) -> None:
    """Do the next steps of tickets until a person must decide.

    Each step is told, then why it stops and what to type. It asks for proof, searches, puts a copy
    together, plans, proposes what nobody disputes, and carries an approved plan out; it never
    judges a proof, approves, or answers.

    Examples:
        dsr go 42
        dsr list status:working assignee:@me --ids | dsr go -
    """
    from dsr.services import going

    app = app_of(ctx)
    desk = open_desk(app)

    def work(reference: Reference) -> object:
        number = reference.number
        telling = _teller(app, number)
        found = going.go(desk, number, dry_run=dry_run, telling=telling)
        if not app.is_for_people:
            return found
        typer.echo(f"{number}: stops: {visible(found.why)}")
        if found.next_command:
            typer.echo(f"    {found.next_command}")
        return None

    app.each([Reference(number) for number in numbers(app, desk, references)], work, GO)


def _teller(app: App, number: int) -> Callable[[str], None]:
    """Return what tells each step: people where the result stands, programs beside it."""
    return lambda said: typer.echo(visible(f"{number}: {said}"), err=not app.is_for_people)
