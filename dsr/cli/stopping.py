"""Commands on the stop of marketing: stop, suppressed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from dsr.cli.batches import Skipped, Tally
from dsr.cli.desk import open_desk
from dsr.cli.options import DryRun, day
from dsr.cli.references import Reference
from dsr.cli.show import App, app_of
from dsr.cli.tickets import STEPS, Why, numbers, one_number
from dsr.domain.vocabulary import Channel, ContactType, IdentifierType, Scope
from dsr.errors import InputError, Problem, SourceError, UsageError
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.services.addresses import Line
    from dsr.services.desk import Desk
    from dsr.services.stopping_many import Column as Stopping
    from dsr.services.stopping_many import Wishes
    from dsr.services.suppressing import Asked

STOPPED = (
    Column("line", "Line"),
    Column("ticket", "Ticket"),
    Column("outcome", "Outcome"),
    Column("act_by_on", "Act by"),
)
SUPPRESSED = (
    Column("line", "Line"),
    Column("suppressed", "Suppressed"),
    Column("scope", "Scope"),
    Column("since", "Since"),
    Column("ticket", "Ticket"),
)


#: How a column of addresses is given, wherever it cannot be read.
ADDRESSES = "name the file after @, or give its lines on standard input: - < FILE"


class Only(StrEnum):
    """Which lines are repeated."""

    YES = "yes"
    NO = "no"


TypeOption = Annotated[
    ContactType | None, typer.Option("--type", help="Of all lines; else by their shape.")
]


def stop(
    ctx: typer.Context,
    references: Annotated[
        list[str],
        typer.Argument(metavar="REF...|-|@file", help="Tickets, or a column of addresses."),
    ],
    type_: TypeOption = None,
    channel: Annotated[Channel, typer.Option(help="How the addresses arrived.")] = Channel.FORM,
    received: Annotated[
        datetime | None,
        day("When they really arrived."),
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="en|zh", help="Of the letters.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Stop marketing to people, from the ticket to the letter.

    They are suppressed at once and unproved, the sources are set, the letter waits in the outbox.
    On standard input or in a file stand addresses, one a line, e-mail or phone; of several columns
    the first counts. Each gets a ticket. What is stopped already is skipped: the same column again
    does only what is left. A service is never ended by it.

    Examples:
        dsr stop 42
        dsr stop - < unsubscribed.csv
        dsr stop @numbers.txt --type phone --channel wechat -o json
    """
    app = app_of(ctx)
    desk = open_desk(app)
    if columns := [word for word in references if word == "-" or word.startswith("@")]:
        if len(references) > 1:
            raise UsageError("one column at a time, and no tickets with it", hint="dsr stop -")
        from dsr.services.stopping_many import Wishes

        wishes = Wishes(channel, language, received.date() if received else None)
        _stop_column(app, desk, columns[0], type_=type_, wishes=wishes, dry_run=dry_run)
        return
    from dsr.services import stopping

    app.each(
        [Reference(number) for number in numbers(app, desk, references)],
        lambda each: stopping.stop(desk, each.number, dry_run=dry_run) or Skipped("it has ended"),
        STEPS,
    )


def _stop_column(
    app: App,
    desk: "Desk",
    word: str,
    *,
    type_: ContactType | None,
    wishes: "Wishes",
    dry_run: bool,
) -> None:
    from dsr.services.stopping_many import Column as Stopping

    with _lines(app, word, type_) as lines:
        work = Stopping(desk, lines, wishes, dry_run=dry_run)
        app.rows(work.views(), STOPPED)
    for problem in work.problems:
        app.problem(problem)
    _end(app, work)


def _end(app: App, work: "Stopping") -> None:
    """Say how it went; where nothing but a source failed, with its own exit code."""
    counts = work.counts
    tally = Tally(counts["stopped"], counts["skipped"], counts["failed"])
    if tally.failed and work.is_source and all(p.slug == SourceError.slug for p in work.problems):
        raise SourceError(
            f"{tally}: all are suppressed, but not all of the work in the sources is done",
            hint="mend it (dsr source check) and run it again: only the rest is left to do",
            done=tally.done,
            skipped=tally.skipped,
            failed=tally.failed,
        )
    app.end(tally)


def suppressed(
    ctx: typer.Context,
    column: Annotated[
        str | None, typer.Argument(metavar="-|@file", help="A column of addresses.")
    ] = None,
    scope: Annotated[Scope, typer.Option(help="Of which list.")] = Scope.MARKETING,
    type_: TypeOption = None,
    only: Annotated[
        Only | None, typer.Option(help="Repeat the lines that are (not) suppressed, and no more.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--end", metavar="REF", help="The withdrawal that is taken back.")
    ] = None,
    why: Why = None,
    dry_run: DryRun = False,
) -> None:
    """Say of a column of addresses who is suppressed.

    What is no address is named by its line and never among those that may be written to. Whoever
    consents again leaves the list by --end, with the wish on record.

    Examples:
        dsr suppressed - -o csv < newsletter.csv
        dsr suppressed - --only no < list.txt > may_be_written_to.txt
        dsr suppressed --end 42 --why "signed up again on 2026-11-30, web form 8812"
    """
    from dsr.services import suppressing

    app = app_of(ctx)
    desk = open_desk(app)
    if end is not None:
        if column is not None:
            raise UsageError("either a column or --end", hint="dsr suppressed --help")
        wish = app.read_text(why, "the person's wish", option="--why")
        number = one_number(app, desk, end)
        app.rows([suppressing.end(desk, number, wish, dry_run=dry_run)], STEPS)
        return
    if column is None or why is not None or dry_run:
        raise UsageError(
            "--why and --dry-run go with --end; else name a column", hint="-, or @file"
        )
    if only is not None and app.said.get("output"):
        raise UsageError(
            "--only repeats the lines as they came, and takes no --output",
            hint=f"dsr suppressed - -o json, or --only {only} without -o",
        )
    with _lines(app, column, type_) as lines:
        asked = suppressing.Asked(desk, lines, scope)
        if only is None:
            app.rows((view for _, view in asked.answers()), SUPPRESSED)
        else:
            sys.stdout.writelines(_repeated(asked, wanted=only is Only.YES))
    _refuse(app, asked)


def _repeated(asked: "Asked", *, wanted: bool) -> Iterator[str]:
    return (f"{line.text}\n" for line, view in asked.answers() if view.suppressed is wanted)


def _refuse(app: App, asked: "Asked") -> None:
    for number in asked.bad:
        app.problem(Problem(f"line {number}", "this is no address"))
    if asked.bad:
        told = sum(asked.counts.values())
        raise InputError(
            f"{told} told, {len(asked.bad)} are no address", hint="mend the lines named above"
        )


@contextmanager
def _lines(app: App, word: str, type_: ContactType | None) -> "Iterator[Iterator[Line]]":
    """Give the addresses of a column that stands on standard input or in a file."""
    from dsr.services.addresses import lines_of, read_column

    if word != "-" and not word.startswith("@"):
        hint = "write - or @file: others can see a command line"
        raise UsageError("addresses may not stand in the command line", hint=hint)
    with app.open_file(word.removeprefix("@"), "the file of addresses", hint=ADDRESSES) as stream:
        yield read_column(
            lines_of(stream),
            IdentifierType(type_.value) if type_ else None,
            heading=lambda number: app.say(f"line {number} is taken for a heading"),
        )
