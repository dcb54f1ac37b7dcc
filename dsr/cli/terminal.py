"""The person at the terminal: whether somebody is there, how wide it is, one answer. No result."""

import sys

import typer


def is_there() -> bool:
    """Tell whether somebody sits at the terminal, who can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def answer(question: str) -> str:
    """Ask on standard error only: Typer's own prompt leaves a blank in the result.

    Raises:
        Abort: Standard input has ended.
    """
    typer.echo(question, nl=False, err=True)
    if line := sys.stdin.readline():
        return line.strip()
    raise typer.Abort


def width() -> int | None:
    """Return the width to respect; a pipe or a file has none."""
    from shutil import get_terminal_size

    return get_terminal_size().columns if sys.stdout.isatty() else None
