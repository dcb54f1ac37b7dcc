"""Letters on their way: the command outbox."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dsr.cli.batches import Skipped
from dsr.cli.desk import open_desk
from dsr.cli.options import DryRun, Fields, Limit
from dsr.cli.pairs import listed
from dsr.cli.references import Reference
from dsr.cli.show import App, app_of
from dsr.cli.tickets import Why, numbers
from dsr.errors import UsageError, nearest
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.services.desk import Desk

OUTBOX = (
    Column("letter", "Letter"),
    Column("number", "Ticket"),
    Column("case"),
    Column("kind"),
    Column("name", "Name"),
    Column("language"),
    Column("channel"),
    Column("to", "To"),
    Column("state", "State"),
    Column("since", "Since"),
    Column("due_on", "Due"),
    Column("tickets"),
    Column("command"),
)
READY, HANDED_OVER, SENT, UNDELIVERED = "ready", "handed_over", "sent", "undelivered"
#: What is typed of letters in each state, where there are any.
OUTBOX_HINTS = {
    READY: "to send what is ready: dsr outbox --dir DIR",
    HANDED_OVER: "once it has left: dsr outbox --sent LETTER,... --proof TEXT",
    UNDELIVERED: "what came back: dsr show TICKET, then send it another way",
}


def outbox(
    ctx: typer.Context,
    references: Annotated[
        list[str] | None, typer.Argument(metavar="REF...", help="Tickets; without, all.")
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(metavar="STATE,...", help="ready, handed_over, sent, undelivered or all."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--dir", metavar="DIR", help="Lay what is ready here, to send.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="With --dir: what was handed over or came back too.")
    ] = False,
    sent: Annotated[
        str | None, typer.Option(metavar="LETTER,...", help="These letters were sent: --proof.")
    ] = None,
    proof: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What shows that they were sent.")
    ] = None,
    undelivered: Annotated[
        str | None, typer.Option(metavar="LETTER,...", help="These did not arrive: --why.")
    ] = None,
    why: Why = None,
    limit: Limit = None,
    fields: Fields = None,
    dry_run: DryRun = False,
) -> None:
    """Show letters that wait, and record how they left.

    With --dir each letter that is ready is laid down as a text and as a draft for a mail program,
    once. --sent and --undelivered take the numbers of letters, as 12,14-16.

    Examples:
        dsr outbox
        dsr outbox 42 --dir out
        dsr outbox --sent 12,14-16 --proof "mail server, 23 November"
        dsr outbox --undelivered 12 --why "the address does not exist"
    """
    from dsr.services import outbox as letters

    app = app_of(ctx)
    _one_of(to, sent, undelivered)
    desk = open_desk(app)
    if sent is not None:
        text = app.read_text(proof, "what shows it", option="--proof")
        _record(app, desk, sent, (SENT, text, dry_run))
    elif undelivered is not None:
        text = app.read_text(why, "why it did not arrive", option="--why")
        _record(app, desk, undelivered, (UNDELIVERED, text, dry_run))
    else:
        named = numbers(app, desk, references) if references else None
        if to is not None:
            _lay(app, desk, named, (to, again, dry_run))
        else:
            found = letters.outbox(desk, named, _states(state))
            app.rows(found, _columns(app), limit=limit, fields=fields)
            _hint(app, {line.state for line in found})


def _one_of(to: Path | None, sent: str | None, undelivered: str | None) -> None:
    if sum(each is not None for each in (to, sent, undelivered)) > 1:
        raise UsageError(
            "one thing at a time: --dir, --sent or --undelivered", hint="dsr outbox --help"
        )


def _columns(app: App) -> list[Column]:
    """Return the columns of letters; people are told days of the office's zone."""
    from dsr.clock import day_of

    zone = app.settings.zone
    return [
        replace(column, show=lambda at: day_of(at, zone).isoformat())
        if column.key == "since"
        else column
        for column in OUTBOX
    ]


def _hint(app: App, states: set[str]) -> None:
    if app.is_for_people:
        for state, words in OUTBOX_HINTS.items():
            if state in states:
                app.say(words)


def _states(said: str | None) -> tuple[str, ...]:
    from dsr.services.outbox import LEFT, STATES

    if said is None:
        return LEFT
    words = listed(said)
    for word in words:
        if word not in {*STATES, "all"}:
            raise UsageError(f"{word!r} is no state of a letter", hint=nearest(word, list(STATES)))
    return STATES if "all" in words else tuple(words)


def _lay(app: App, desk: "Desk", named: Sequence[int] | None, how: tuple[Path, bool, bool]) -> None:
    """Lay letters down, each in a transaction of its own."""
    from dsr.services import outbox as letters

    folder, again, dry_run = how
    states = letters.LEFT if again else (READY,)

    def work(reference: Reference) -> object:
        laid = letters.lay(desk, reference.number, folder, again=again, dry_run=dry_run)
        if laid is None:
            return Skipped("handed over meanwhile")
        line, files = laid
        for file in files:
            app.say(f"written: {file}")
        return line

    found = letters.outbox(desk, named, states)
    if not found and app.is_for_people:
        app.say("no letter waits; --again lays down what was handed over")
    app.each([Reference(line.letter) for line in found], work, _columns(app))


def _record(app: App, desk: "Desk", words: str, what: tuple[str, str, bool]) -> None:
    """Record what became of letters, each in a transaction of its own."""
    from dsr.services import outbox as letters

    state, text, dry_run = what

    def work(reference: Reference) -> object:
        line = letters.record(desk, reference.number, state, text, dry_run=dry_run)
        return line or Skipped(f"it is recorded as {state} already")

    app.each(app.references([words]), work, _columns(app))
