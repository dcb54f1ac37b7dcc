"""The command that explains dates: due, of a ticket or of a what-if."""

from datetime import datetime
from typing import Annotated, Any

import typer

from dsr.cli.desk import open_desk
from dsr.cli.show import app_of
from dsr.cli.tickets import one_number
from dsr.domain.vocabulary import Kind, Scope
from dsr.errors import UsageError
from dsr.output.render import Column

FORMATS = ["%Y-%m-%d"]
STEP = (
    Column("rule", "Rule"),
    Column("from", "From"),
    Column("to", "To"),
    Column("citation", "Source"),
    Column("text", "What"),
)
DATES = (
    Column("law", "Law"),
    Column("kind", "Kind"),
    Column("mode", "Mode"),
    Column("start_on", "Starts"),
    Column("due_nominal_on", "Nominal"),
    Column("due_legal_on", "Due"),
    Column("target_on", "Target"),
    Column("act_by_on"),
    Column("provisional"),
    Column("steps"),
)


def due(
    ctx: typer.Context,
    reference: Annotated[
        str | None, typer.Argument(metavar="REF", help="A ticket; without, a what-if.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show every step.")] = False,
    law: Annotated[str | None, typer.Option(metavar="CODE", help="What-if: the law.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="What-if: the right.")] = None,
    scope: Annotated[Scope | None, typer.Option(help="What-if: of a withdrawal.")] = None,
    place: Annotated[str | None, typer.Option(help="What-if: whose holidays, as DE.")] = None,
    received: Annotated[
        datetime | None,
        typer.Option(formats=FORMATS, metavar="DATE", help="What-if: the day of receipt."),
    ] = None,
    verified: Annotated[
        datetime | None,
        typer.Option(formats=FORMATS, metavar="DATE", help="What-if: the day of verification."),
    ] = None,
    asked: Annotated[
        datetime | None,
        typer.Option(formats=FORMATS, metavar="DATE", help="What-if: the day we asked back."),
    ] = None,
    resumed: Annotated[
        datetime | None,
        typer.Option(formats=FORMATS, metavar="DATE", help="What-if: the day the reply came."),
    ] = None,
    extended: Annotated[bool, typer.Option("--extended", help="What-if: extended.")] = False,
) -> None:
    """Explain a due date, step by step.

    Without a ticket it answers a what-if.

    Examples:
        dsr due 42 --explain
        dsr due --law CN --kind copy --received 2026-09-03 --verified 2026-09-05
        dsr due --law EU --place DE --kind access --received 2026-03-05 -o json
    """
    from dsr.services import showing, what_if

    app = app_of(ctx)
    if reference is not None:
        desk = open_desk(app)
        found = showing.derivations(desk, one_number(app, desk, reference))
    else:
        if law is None or kind is None or received is None:
            raise UsageError("a what-if needs --law, --kind and --received", hint="dsr due --help")
        found = what_if.dates(
            what_if.Question(
                law=law,
                kind=kind,
                scope=scope,
                place=place,
                received_on=received.date(),
                verified_on=verified.date() if verified else None,
                asked_on=asked.date() if asked else None,
                resumed_on=resumed.date() if resumed else None,
                extended=extended,
            )
        )
    _show_dates(app_of(ctx), found, explain=explain, one=reference is None)


def _show_dates(app: Any, found: Any, *, explain: bool, one: bool) -> None:
    if not app.is_for_people:
        if one:
            app.record(found[0], DATES)
        else:
            app.rows(found, DATES)
        return
    app.rows(found, DATES)
    if any(each.provisional for each in found):
        app.say("provisional: the schedule of that year is not published; the date may move")
    for each in found if explain else ():
        typer.echo(f"\n{each.law}")
        app.rows(each.steps, STEP)
