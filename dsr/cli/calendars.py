"""Commands on calendar years: list, show, add, recompute."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dsr.cli.batches import Tally, problem_of
from dsr.cli.desk import open_desk
from dsr.cli.options import DryRun, Fields
from dsr.cli.references import Reference
from dsr.cli.show import App, app_of
from dsr.cli.tickets import Why, numbers
from dsr.errors import DsrError
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.services.desk import Desk
    from dsr.services.recomputing import MovedView

YEARS = (
    Column("place", "Place"),
    Column("year", "Year"),
    Column("known", "Known"),
    Column("kept", "Kept"),
    Column("source", "Source"),
)
DAYS = (Column("on", "Date"), Column("weekday", "Day"), Column("name", "Name"))
YEAR = (
    Column("place", "Place"),
    Column("year", "Year"),
    Column("source", "Source"),
    Column("known", "Known"),
    Column("kept", "Kept"),
    Column("working_days", "Working days"),
    Column("off", "Off", columns=DAYS),
    Column("working", "Worked weekends", columns=DAYS[:2]),
)
ADDED = (
    Column("place", "Place"),
    Column("year", "Year"),
    Column("result", "Result"),
    Column("instead_of", "Instead of"),
    Column("source", "Source"),
    Column("off", "Days off"),
    Column("working", "Worked weekends"),
    Column("file", "File"),
    Column("next_command", "Next"),
)
MOVED = (
    Column("number"),
    Column("kind"),
    Column("status"),
    Column("move"),
    Column("due_before_on"),
    Column("due_on"),
    Column("target_before_on"),
    Column("target_on"),
    Column("act_by_before_on"),
    Column("act_by_on"),
    Column("provisional_before"),
    Column("provisional"),
    Column("calendars"),
)
FOR_PEOPLE = (
    Column("number", "Ticket"),
    Column("kind", "Kind"),
    Column("move", "Moved"),
    Column("due", "Due"),
    Column("target", "Target"),
    Column("act_by", "Act by"),
    Column("provisional", "Provisional"),
)
MOST_NAMED = 20  # tickets in one alert; the table has them all


def calendar_list(ctx: typer.Context, fields: Fields = None) -> None:
    """Show the calendar years and where each comes from.

    Own years lie in the folder calendars of the office's rules and come first; places without a
    file have the public holidays of the holidays library.

    Examples:
        dsr calendar list
        dsr calendar list -o json
    """
    from dsr.services import calendars

    app = app_of(ctx)
    app.rows(calendars.years(app.settings.rules_folder), YEARS, fields=fields, limit="all")


def calendar_show(
    ctx: typer.Context,
    place: Annotated[str, typer.Argument(metavar="PLACE", help="CN, DE, DE-BY, GB-ENG, ...")],
    year: Annotated[int, typer.Argument(metavar="YEAR", min=1900, max=2200)],
) -> None:
    """Show one year of a place: days off and worked weekends.

    Examples:
        dsr calendar show CN 2026
        dsr calendar show DE-BY 2027 -o json
    """
    from dsr.services import calendars

    app = app_of(ctx)
    app.record(calendars.year(place, year, app.settings.rules_folder), YEAR)


def calendar_add(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A year, written as cn-2026.toml.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of a year that is certain, or own.")
    ] = False,
    why: Why = None,
    dry_run: DryRun = False,
) -> None:
    """Add a calendar year to the office's own rules.

    The file is checked, and copied whole or not at all into the folder calendars of rules_folder.
    An admin or legal adds it, and the trail says so; what takes the place of a shipped year, of one
    that the library is sure of, or of the office's own, needs --replace and --why.

    Examples:
        dsr calendar add cn-2027.toml
        dsr calendar add cn-2027.toml --replace --why "the notice was corrected" --dry-run
    """
    from dsr.services import calendars

    app = app_of(ctx)
    words = app.read_text(why, "the reason", option="--why") if why is not None else ""
    added = calendars.add(
        open_desk(app), file.expanduser(), replace=replace, why=words, dry_run=dry_run
    )
    app.record(added, ADDED)
    if dry_run:
        app.say("nothing was changed")
    elif added.next_command:
        app.say(f"open tickets still have their old dates: {added.next_command}")


def calendar_recompute(
    ctx: typer.Context,
    references: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REF...]", help="Some tickets only; without, every open one."),
    ] = None,
    fields: Fields = None,
    dry_run: DryRun = False,
) -> None:
    """Compute open tickets' dates anew, show which moved.

    Those that are due earlier than before stand first and are told on standard error. Answered and
    closed tickets stay as they are.

    Examples:
        dsr calendar recompute --dry-run
        dsr calendar recompute -o json
    """
    from dsr.services import recomputing

    app = app_of(ctx)
    desk = open_desk(app)
    named = numbers(app, desk, references) if references else None
    chosen = recomputing.open_tickets(desk) if named is None else named
    moved, tally = _recomputed(app, desk, chosen, is_one=len(named or ()) == 1, dry_run=dry_run)
    order = list(recomputing.Move)
    moved.sort(key=lambda view: (order.index(view.move), view.number))
    if app.is_for_people and fields is None:
        app.rows(map(_told, moved), FOR_PEOPLE, limit="all")
    else:
        app.rows(moved, MOVED, fields=fields, limit="all")
    _alert(app, [view.number for view in moved if view.move is recomputing.Move.EARLIER])
    would = "would move" if dry_run else "moved"
    app.say(f"{len(moved)} of {len(chosen)} tickets {would}")
    app.end(tally)


def _recomputed(
    app: App, desk: "Desk", chosen: Sequence[int], *, is_one: bool, dry_run: bool
) -> "tuple[list[MovedView], Tally]":
    """Work each ticket for itself; one that fails does not keep the others."""
    from dsr.services import recomputing

    moved: list[MovedView] = []
    tally = Tally()
    with app.progress(len(chosen), "computing") as advance:
        for number in chosen:
            try:
                view = recomputing.recompute(desk, number, dry_run=dry_run)
            except DsrError as error:
                if is_one:
                    raise
                app.problem(problem_of(Reference(number), error))
                tally.failed += 1
            else:
                moved += [view] if view is not None else []
                tally.done += int(view is not None)
                tally.skipped += int(view is None)
            advance(1)
    return moved, tally


def _alert(app: App, earlier: Sequence[int]) -> None:
    if earlier:
        named = ", ".join(map(str, earlier[:MOST_NAMED])) + " ..." * (len(earlier) > MOST_NAMED)
        app.say(f"ALERT: due earlier than before: {named}")


def _told(view: "MovedView") -> dict[str, Any]:
    """Return a moved ticket as people read it: old -> new."""
    pairs = {
        "due": (view.due_before_on, view.due_on),
        "target": (view.target_before_on, view.target_on),
        "act_by": (view.act_by_before_on, view.act_by_on),
    }
    days = {
        name: f"{before} -> {now}" if before != now else now
        for name, (before, now) in pairs.items()
    }
    return {
        "number": view.number,
        "kind": view.kind,
        "move": view.move,
        "provisional": view.provisional,
        **days,
    }
