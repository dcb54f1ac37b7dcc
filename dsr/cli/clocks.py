"""Commands on a ticket's clock: clarify, resume, extend."""

from datetime import datetime
from typing import Annotated

import typer

from dsr.cli.desk import open_desk
from dsr.cli.options import DryRun, References, day
from dsr.cli.show import app_of
from dsr.cli.tickets import Why, each_step


def clarify(
    ctx: typer.Context,
    references: References,
    question: Annotated[
        str | None, typer.Option("--ask", metavar="TEXT", help="The question: text, @file or -.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Ask the requester what is meant.

    Examples:
        dsr clarify 42 --ask "Which of your two accounts do you mean?"
        dsr clarify 42 --ask @question.txt
    """
    from dsr.services import clock_steps

    app = app_of(ctx)
    desk = open_desk(app)
    words = app.read_text(question, "the question", option="--ask")
    each_step(app, desk, references, lambda n: clock_steps.clarify(desk, n, words, dry_run=dry_run))


def resume(
    ctx: typer.Context, references: References, why: Why = None, dry_run: DryRun = False
) -> None:
    """Go on: the requester has replied.

    Examples:
        dsr resume 42
        dsr resume 42 --why "no reply in 30 days: a reasonable search goes on"
    """
    from dsr.services import clock_steps

    app = app_of(ctx)
    desk = open_desk(app)
    words = app.read_text(why, "the reason", option="--why") if why is not None else ""
    each_step(app, desk, references, lambda n: clock_steps.resume(desk, n, words, dry_run=dry_run))


def extend(
    ctx: typer.Context,
    references: References,
    why: Why = None,
    until: Annotated[
        datetime | None,
        day("The new date, where the law leaves it to us."),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Extend the time to answer, with reasons.

    Once, before the first date, where a law of the ticket knows an extension (Chinese law knows
    none) and no other law asks for the answer as early as before. The new date is the law's, or an
    earlier one that the notice names.

    Examples:
        dsr extend 42 --why "five systems and 40,000 records are concerned"
        dsr extend 42 --why @reason.txt --until 2027-01-15 --dry-run
    """
    from dsr.services import extending

    app = app_of(ctx)
    desk = open_desk(app)
    words = app.read_text(why, "the reason", option="--why")
    day = until.date() if until else None
    each_step(
        app, desk, references, lambda n: extending.extend(desk, n, words, day, dry_run=dry_run)
    )
