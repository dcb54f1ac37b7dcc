"""The command that explains dates: due, of a ticket or of a what-if."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dsr.cli.desk import open_desk
from dsr.cli.options import day
from dsr.cli.show import App, app_of
from dsr.cli.tickets import numbers
from dsr.domain.law import PauseReason
from dsr.domain.vocabulary import Kind, Scope
from dsr.errors import UsageError
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.services.deriving import DerivationView
    from dsr.services.desk import Desk

MOST_NAMED = 5  # tickets of a case in one hint
STEP = (
    Column("rule", "Rule"),
    Column("from", "From"),
    Column("to", "To"),
    Column("citation", "Source"),
    Column("text", "What"),
)
DAY = (
    Column("on", "Date"),
    Column("weekday", "Day"),
    Column("counted", "Counts"),
    Column("number", "No."),
    Column("why", "Why"),
)
MILESTONE = (
    Column("stage", "Milestone"),
    Column("on", "By"),
    Column("met", "Met"),
    Column("law", "Law"),
    Column("citation", "Source"),
    Column("certainty", "Certainty"),
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
    Column("acknowledge_on"),
    Column("certainty"),
    Column("days"),
)


def _day(text: str) -> Any:
    return day(f"What-if: {text}")


def due(
    ctx: typer.Context,
    reference: Annotated[
        str | None, typer.Argument(metavar="REF", help="A ticket; without, a what-if.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show every step.")] = False,
    days: Annotated[bool, typer.Option("--days", help="Show the span day by day.")] = False,
    milestones: Annotated[
        bool, typer.Option("--milestones", help="Of a ticket: what is done by when on the way.")
    ] = False,
    law: Annotated[
        list[str] | None, typer.Option(metavar="CODE,...", help="What-if: the law, or several.")
    ] = None,
    kind: Annotated[Kind | None, typer.Option(help="What-if: the right.")] = None,
    scope: Annotated[Scope | None, typer.Option(help="What-if: of a withdrawal.")] = None,
    place: Annotated[str | None, typer.Option(help="What-if: whose holidays, as DE.")] = None,
    received: Annotated[
        str | None,
        typer.Option(
            metavar="DATE|INSTANT",
            help="What-if: the day of receipt, or the instant, as 2026-03-05T02:00+08:00.",
        ),
    ] = None,
    verified: Annotated[datetime | None, _day("the day of verification.")] = None,
    asked: Annotated[datetime | None, _day("the day we asked back.")] = None,
    resumed: Annotated[datetime | None, _day("the day the reply came.")] = None,
    asked_for: Annotated[
        PauseReason | None, typer.Option("--for", help="What-if: what was asked for.")
    ] = None,
    extended: Annotated[bool, typer.Option("--extended", help="What-if: extended.")] = False,
    extended_to: Annotated[
        datetime | None, _day("the new date, where the law leaves it to the notice.")
    ] = None,
    authority: Annotated[datetime | None, _day("the day that an authority set.")] = None,
) -> None:
    """Explain a due date, step by step.

    Without a ticket it answers a what-if; of several laws, each, with the earliest marked.

    Examples:
        dsr due 42 --explain --days
        dsr due --law CN --kind copy --received 2026-09-03 --verified 2026-09-05
        dsr due --law CN,EU --place DE --kind access --received 2026-03-05 -o json
    """
    app = app_of(ctx)
    supposed: dict[str, Any] = {
        "kind": kind,
        "scope": scope,
        "place": place,
        "verified_on": _date(verified),
        "asked_on": _date(asked),
        "resumed_on": _date(resumed),
        "asked_for": asked_for,
        "extended": extended,
        "extended_to_on": _date(extended_to),
        "authority_due_on": _date(authority),
    }
    laws = tuple(code.strip() for word in law or () for code in word.split(",") if code.strip())
    if reference is None:
        if milestones:
            raise UsageError("milestones are of a ticket", hint="dsr due REF --milestones")
        _show_what_if(app, laws, received, supposed, explain=explain, days=days)
        return
    if law or received or any(supposed.values()):
        raise UsageError("either a ticket or a what-if", hint="dsr due --help")
    desk = open_desk(app)
    number, found = _derived(app, desk, reference, days=days)
    if milestones:
        _show_milestones(app, desk, number, found, explain=explain)
    else:
        _show_dates(app, found, explain=explain, one=False)


def _derived(
    app: App, desk: "Desk", reference: str, *, days: bool
) -> "tuple[int, list[DerivationView]]":
    """Return the number of the one ticket that was named, and how its dates came about."""
    from dsr.services import deriving

    named = numbers(app, desk, [reference])
    _check_one(reference, named)
    return named[0], deriving.derivations(desk, named[0], days=days)


def _show_what_if(
    app: App,
    laws: tuple[str, ...],
    received: str | None,
    supposed: dict[str, Any],
    *,
    explain: bool,
    days: bool,
) -> None:
    """Answer what the dates would be.

    Raises:
        UsageError: Law, kind or receipt was not said.
    """
    from dsr.services import what_if

    if not laws or supposed["kind"] is None or received is None:
        raise UsageError("a what-if needs --law, --kind and --received", hint="dsr due --help")
    question = what_if.Question(
        laws=laws, received=_receipt(received), zone=app.settings.zone, **supposed
    )
    found = what_if.dates(question, app.settings.rules_folder, days=days)
    _show_dates(app, found, explain=explain, one=len(found) == 1)


def _check_one(reference: str, named: list[int]) -> None:
    """Refuse a case of several tickets: a date is one ticket's.

    Raises:
        UsageError: It has several; the command for each is named.
    """
    if len(named) != 1:
        each = " or ".join(f"dsr due {number}" for number in named[:MOST_NAMED])
        raise UsageError(
            f"{reference} names {len(named)} tickets, and each has its own dates",
            hint=each or "dsr due REF",
        )


def _date(said: datetime | None) -> date | None:
    return said.date() if said else None


def _receipt(said: str) -> date | datetime:
    """Return a day, or an instant with its offset.

    Raises:
        UsageError: It is neither.
    """
    try:
        found = date.fromisoformat(said) if len(said) == len("2026-03-05") else _instant(said)
    except ValueError:
        raise UsageError(
            "--received is no date and no instant with its offset",
            hint="--received 2026-03-05, or --received 2026-03-05T02:00+08:00",
        ) from None
    return found


def _instant(said: str) -> datetime:
    found = datetime.fromisoformat(said)
    if found.tzinfo is None:
        raise ValueError
    return found


def _tell_supposed(app: App, found: "list[DerivationView]") -> None:
    """Say what was supposed because nobody named it: without --explain nobody would see it."""
    for each in found:
        for step in each.steps:
            if step["rule"] == "supposed":
                app.say(f"{each.law}: {step['text']}")


def _show_dates(app: App, found: "list[DerivationView]", *, explain: bool, one: bool) -> None:
    _tell_supposed(app, found)
    if not app.is_for_people:
        if one:
            app.record(found[0], DATES)
        else:
            app.rows(found, DATES)
        return
    app.rows(found, _marked(found))
    if any(each.provisional for each in found):
        app.say("provisional: the schedule of that year is not published; the date may move")
    elif any(step["rule"] == "provisional" for each in found for step in each.steps):
        app.say("the schedule of that year is not published; only the target may move")
    for each in found:
        if explain:
            confirmed = f"; receipt is confirmed by {each.acknowledge_on}"
            sure = f"certainty of its period: {each.certainty}"
            typer.echo(f"\n{each.law}: {sure}{confirmed if each.acknowledge_on else ''}")
            app.rows(each.steps, STEP, limit="all")
        if each.days is not None:
            typer.echo(f"\n{each.law}: day by day")
            app.rows(each.days, DAY, limit="all")


def _show_milestones(
    app: App, desk: "Desk", number: int, found: "list[DerivationView]", *, explain: bool
) -> None:
    """Show what is done by when on the way to a ticket's answer; programs get it with the dates."""
    from dsr.services.milestones import all_milestones

    marks = all_milestones(desk, number)
    if app.is_for_people:
        if explain or any(each.days is not None for each in found):
            _show_dates(app, found, explain=explain, one=False)
            typer.echo("\nmilestones")
        app.rows(marks, MILESTONE, limit="all")
        return
    dates = ({each.key: getattr(row, each.key) for each in DATES} for row in found)
    app.rows(({**row, "milestones": marks} for row in dates), (*DATES, Column("milestones")))


def _marked(found: "list[DerivationView]") -> tuple[Column, ...]:
    """Return the columns; of several laws the earliest is marked."""
    if not found[1:]:
        return DATES
    first = min(each.due_legal_on for each in found)
    earliest = {each.law for each in found if each.due_legal_on == first}
    law = Column("law", "Law", show=lambda code: f"{code} (earliest)" * (code in earliest) or code)
    return (law, *DATES[1:])
