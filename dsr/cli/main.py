"""The program: the options that every command takes, and the entry point. No command is here."""

import gc
import os
import sys
from io import BufferedReader, RawIOBase, TextIOWrapper
from typing import Annotated, Any

import typer

from dsr import __version__
from dsr.cli.entries import ENTRIES
from dsr.cli.lazy import Border
from dsr.cli.show import App
from dsr.errors import UsageError

FORMATS = ("table", "json", "jsonl", "csv")
OBJECTS_PER_COLLECTION = 500_000  # the garbage collector's 700 cost a `list` 6 % of its time


def remember(ctx: typer.Context, param: typer.CallbackParam, value: str | None) -> str | None:
    """Keep what was said before or after the command's name; what is said last stands."""
    if value is not None and param.name is not None and isinstance(ctx.obj, App):
        ctx.obj.said[param.name] = value
    return value


def one_of_formats(ctx: typer.Context, param: typer.CallbackParam, value: str | None) -> str | None:
    """Keep a format that there is."""
    if value is not None and value not in FORMATS:
        raise typer.BadParameter(f"one of {', '.join(FORMATS)} is wanted", ctx=ctx)
    return remember(ctx, param, value)


def formats(incomplete: str) -> list[str]:
    """Complete a format's name."""
    return [name for name in FORMATS if name.startswith(incomplete)]


Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FORMAT",
        callback=one_of_formats,
        autocompletion=formats,
        expose_value=False,
        help="table, json, jsonl or csv.",
    ),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--db",
        metavar="PATH|URL",
        callback=remember,
        expose_value=False,
        help="Another database.",
    ),
]
Officer = Annotated[
    str | None,
    typer.Option("--as", metavar="OFFICER", callback=remember, expose_value=False, help="Act as."),
]


def everywhere(
    output: Output = None, database_url: Database = None, officer: Officer = None
) -> None:
    """Take the options that every command takes."""


def show_version(value: bool) -> None:
    """Print the version and end."""
    if value:
        typer.echo(f"dsr {__version__}")
        raise typer.Exit


def root(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=show_version,
            is_eager=True,
            expose_value=False,
            help="Print the version and end.",
        ),
    ] = False,
    output: Output = None,
    database_url: Database = None,
    officer: Officer = None,
) -> None:
    """Run data-subject requests from the terminal: clocks, decisions, letters and proof."""


class Root(Border):
    """The program's own table, run and options."""

    entries = ENTRIES
    everywhere = (everywhere,)
    make_obj = App


app = typer.Typer(name="dsr", cls=Root, rich_markup_mode=None, pretty_exceptions_enable=False)
app.callback()(root)


class ClosedInput(RawIOBase):
    """Stands for a standard input that was closed: reading it is wrong usage, no bug."""

    def readable(self) -> bool:
        """Let readers come as far as reading."""
        return True

    def readinto(self, _buffer: Any) -> int:
        """Refuse.

        Raises:
            UsageError: Always.
        """
        raise UsageError("standard input is closed", hint="give a file, or a text, instead of -")


def open_closed_streams() -> None:
    """Put something in the place of the standard streams that whoever started us has closed.

    In this order: the system gives the lowest number, and no database shall become number 1.
    """
    if sys.stdin is None:
        os.open(os.devnull, os.O_RDONLY)
        sys.stdin = TextIOWrapper(BufferedReader(ClosedInput()), encoding="utf-8")
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def main() -> Any:
    """Run the command line of this process."""
    open_closed_streams()
    gc.set_threshold(OBJECTS_PER_COLLECTION)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal of another encoding is no failure
            stream.reconfigure(errors="backslashreplace")
    if "_DSR_COMPLETE" in os.environ:
        # Typer would draw each line of help by rich, 0.1 s for every press of the tab key.
        sys.modules["rich"] = None  # type: ignore[assignment] # Python's way to say: not there
    return app(prog_name="dsr")
