"""Commands that stand in for the real ones: each does one thing that the frame must bear."""

import sys
from dataclasses import dataclass
from threading import Event
from typing import Annotated

import typer

from dsr import errors
from dsr.cli.batches import Skipped
from dsr.cli.options import Fields, Ids, Limit, References, Yes
from dsr.cli.show import app_of
from dsr.output.render import Column

COLUMNS = (
    Column("number", "No"),
    Column("who", "Who"),
    Column("laws", "Laws"),
    Column("language"),
)


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    who: str = "a***@example.org"
    laws: tuple[str, ...] = ("CN", "EU")
    language: str = "zh"


def fail(name: str) -> None:
    """Fail as expected.

    Examples:
        dsr fail NotFoundError
        dsr fail ConflictError
    """
    raise getattr(errors, name)("it went wrong", hint="mend it", ticket=42)


def bug(ctx: typer.Context, person: str = "Ada Lovelace") -> None:
    """Fail as nobody expected."""
    del ctx
    raise KeyError(person)


def rows(
    ctx: typer.Context,
    count: int = 3,
    limit: Limit = None,
    fields: Fields = None,
    ids: Ids = False,
) -> None:
    """Show rows."""
    found = (Row(number) for number in range(1, count + 1))
    app_of(ctx).rows(found, COLUMNS, limit=limit, fields=fields, ids=ids)


def record(ctx: typer.Context) -> None:
    """Show one."""
    app_of(ctx).record(Row(7), COLUMNS)


def settings(ctx: typer.Context) -> None:
    """Say what the settings are."""
    here = app_of(ctx).settings
    sys.stdout.write(f"{here.output} {here.database_url} {here.officer}\n")


def each(ctx: typer.Context, references: References) -> None:
    """Work on several: 13 is not there, 4 was done before."""
    app = app_of(ctx)

    def work(reference: object) -> object:
        if str(reference) == "13":
            raise errors.NotFoundError("there is no ticket 13", hint="dsr list")
        return Skipped("done before") if str(reference) == "4" else Row(reference.number)

    app.each(app.references(references), work, COLUMNS)


def sure(ctx: typer.Context, yes: Yes = False) -> None:
    """Ask before."""
    app_of(ctx).confirm("Really?", yes=yes)
    sys.stdout.write("done\n")


def ask(ctx: typer.Context, to: str | None = None) -> None:
    """Ask for a name."""
    sys.stdout.write(f"to {to or app_of(ctx).ask('To whom', '--to')}\n")


def read(
    ctx: typer.Context,
    text: str | None = None,
    private: Annotated[str | None, typer.Option(help="A personal value.")] = None,
) -> None:
    """Read a text."""
    app = app_of(ctx)
    if private is not None:
        sys.stdout.write(app.read_private(private, "the phone number", option="--private") + "|")
    sys.stdout.write(app.read_text(text, "the note", option="--text") + "\n")


def close(ctx: typer.Context, how: Annotated[str, typer.Option("--as")] = "") -> None:
    """Close, with a word of its own for how."""
    sys.stdout.write(f"closed as {how} by {app_of(ctx).settings.officer}\n")


def wait() -> None:
    """Wait for Ctrl-C."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    Event().wait(30)


def work(ctx: typer.Context, steps: int = 3) -> None:
    """Take long, as far as the bar can tell."""
    with app_of(ctx).progress(steps, "working") as advance:
        for _ in range(steps):
            advance(1)
