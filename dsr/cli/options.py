"""Options that many commands share, and what they choose. Nothing is shown here."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dsr.domain.vocabulary import Scope
from dsr.errors import UsageError, nearest

if TYPE_CHECKING:
    from dsr.output.render import Column

MOST_DIGITS = 9
Limit = Annotated[
    str | None,
    typer.Option("--limit", metavar="N|all", help="How many rows; a table shows 50 else."),
]
Fields = Annotated[
    str | None, typer.Option("--fields", metavar="KEY,...", help="Which fields, in which order.")
]
Ids = Annotated[bool, typer.Option("--ids", help="Numbers only, one a line.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")]
References = Annotated[
    list[str],
    typer.Argument(metavar="REF...", help="42, case:17, 1-3,5, or - for numbers on stdin."),
]


def day(what: str, *names: str) -> Any:
    """Return an option that is a day, written as 2026-03-05.

    Args:
        what: What day it is, for the help.
        names: Its names; else it is called as its parameter is.
    """
    return typer.Option(*names, formats=["%Y-%m-%d"], metavar="DATE", help=what)


AsOf = Annotated[datetime | None, day("As of that day.", "--as-of")]
OfWithdrawal = Annotated[Scope | None, typer.Option(help="What a withdrawal withdraws.")]
Place = Annotated[str | None, typer.Option(help="Whose holidays count, as DE.")]
Born = Annotated[str | None, typer.Option(metavar="@file|-", help="The person's birth date.")]


def limit_of(said: str | None, otherwise: int | None) -> int | None:
    """Return how many rows `--limit` allows; None is all.

    Raises:
        UsageError: It is neither a number above zero nor `all`.
    """
    if said is None:
        return otherwise
    if said == "all":
        return None
    if said.isascii() and said.isdecimal() and len(said) <= MOST_DIGITS and int(said) > 0:
        return int(said)
    raise UsageError("--limit is no number", hint="write a number from 1 to 999999999, or all")


def rest_of(ctx: typer.Context) -> str:
    """Return the option by which a command shows all its rows, where a table has only some."""
    has_limit = any("--limit" in each.opts for each in ctx.command.params)
    return "--limit all" if has_limit else "-o jsonl"


def chosen(columns: "Sequence[Column]", fields: str | None, *, people: bool) -> "list[Column]":
    """Return the columns that `--fields` names, in its order; all without it.

    Args:
        columns: What there is to choose from.
        fields: What was said.
        people: Whether the result is a table, which holds only so many.

    Raises:
        UsageError: A field is unknown, or they are too many for a table.
    """
    from dsr.output.render import MOST_COLUMNS

    if fields is None:
        return list(columns)
    known = {column.key: column for column in columns}
    keys = [key.strip() for key in fields.split(",") if key.strip()]
    for key in keys:
        if key not in known:
            raise UsageError(f"there is no field {key}", hint=nearest(key, list(known)))
    if people and len(keys) > MOST_COLUMNS:
        raise UsageError(
            f"a table shows at most {MOST_COLUMNS} fields", hint="say -o csv, or fewer fields"
        )
    return [replace(known[key], title=known[key].title or key) for key in keys]
