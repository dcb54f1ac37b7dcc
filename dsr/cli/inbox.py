"""Commands on the ledger of what arrived: inbox and its corrections, triage."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dsr.cli.desk import open_desk
from dsr.cli.marking import marked
from dsr.cli.options import DryRun, Fields, Ids, Limit, limit_of
from dsr.cli.show import ROWS_OF_A_TABLE, App, app_of
from dsr.domain.vocabulary import Kind, MessageOutcome, Scope
from dsr.errors import UsageError
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.services.ledger import Arrived, LetterShown
    from dsr.services.sorting import Place


def _flagged(sort: Any) -> str:
    return "" if sort == "plain" else str(sort)


ARRIVED = (
    Column("id", "Number"),
    Column("arrived_at", "Arrived"),
    Column("source"),
    Column("outcome", "Outcome"),
    Column("sort", "Sort", _flagged),
    Column("urgent"),
    Column("test"),
    Column("sender", "From"),
    Column("language"),
    Column("case"),
    Column("ticket"),
    Column("tickets", "Tickets"),
    Column("suggested"),
    Column("reasons", "Why"),
)
SPAN = (
    Column("kind", "Perhaps"),
    Column("scope", "Scope"),
    Column("confidence", "Sure"),
    Column("words", "Words"),
    Column("start"),
    Column("pattern", "Pattern"),
    Column("language"),
)
STATED = (
    Column("what", "What"),
    Column("value", "Value"),
    Column("old", "From"),
    Column("new", "To"),
)
LETTER = (
    *ARRIVED,
    Column("message_id"),
    Column("sha256", "SHA-256"),
    Column("authenticated", "Sender"),
    Column("warnings", "Odd"),
    Column("attachments", "With it"),
    Column("stated", "It states", columns=STATED),
    Column("spans", "Found", columns=SPAN),
    Column("subject", "Subject"),
    Column("text", "Text"),
    Column("quoted", "Quoted"),
)
Filters = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILTER...", help="outcome:ignored sort:bounce since:3d ..."),
]
Open = Annotated[
    list[Kind] | None, typer.Option("--open", metavar="KIND", help="It asks for this right.")
]
Scoped = Annotated[Scope | None, typer.Option(help="What a withdrawal withdraws.")]
Join = Annotated[
    int | None, typer.Option("--join", metavar="TICKET", help="It belongs to this ticket.")
]
Ignore = Annotated[bool, typer.Option("--ignore", help="It asks for nothing.")]


def inbox(
    ctx: typer.Context,
    filters: Filters = None,
    limit: Limit = None,
    fields: Fields = None,
    ids: Ids = False,
) -> None:
    """Show what arrived and where it went.

    Filters: outcome sort kind language source case ticket since until urgent test; all must hold,
    and "not:" turns one round.

    Examples:
        dsr inbox
        dsr inbox outcome:quarantined,ignored since:7d
        dsr inbox sort:bounce -o jsonl
    """
    from dsr.services import ledger

    app = app_of(ctx)
    most = limit_of(limit, ROWS_OF_A_TABLE if app.is_for_people and not ids else None)
    _show(app, ledger.inbox(open_desk(app), filters or [], limit=most), fields=fields, ids=ids)


def _show(app: App, found: "Arrived", *, fields: str | None = None, ids: bool = False) -> None:
    app.rows(found.rows, ARRIVED, limit="all", fields=fields, ids=ids)
    if app.is_for_people and len(found.rows) < found.total:
        app.say(f"{len(found.rows)} of {found.total} shown; --limit all shows every one")


def show(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Of the ledger.")],
) -> None:
    """Show one thing that arrived, whole.

    The words that ask for a right stand between » and «. That you read it is written down.

    Examples:
        dsr inbox show 17
        dsr inbox show 17 -o json
    """
    from dsr.services import ledger

    app = app_of(ctx)
    _letter(app, ledger.show(open_desk(app), number))


def _letter(app: App, shown: "LetterShown") -> None:
    if app.is_for_people:
        shown = replace(shown, text=marked(shown.text, shown.spans))
    app.record(shown, LETTER)


def move(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Of the ledger.")],
    open_: Open = None,
    scope: Scoped = None,
    join: Join = None,
    ignore: Ignore = False,
    triage_: Annotated[bool, typer.Option("--triage", help="Somebody must look.")] = False,
    why: Annotated[str, typer.Option(metavar="TEXT", help="Why it goes elsewhere.")] = "",
    dry_run: DryRun = False,
) -> None:
    """Correct where something went; the correction is an event.

    What opened tickets is moved when these are closed: dsr close REF --as not_a_request.

    Examples:
        dsr inbox move 17 --open copy --why "it asks for a copy in its last line"
        dsr inbox move 18 --join 42 --why "the same person, from another address"
        dsr inbox move 19 --triage --why "the legal team wants to see it"
    """
    from dsr.services import sorting

    app = app_of(ctx)
    place = _place(open_, scope, join, ignore=ignore, triage=triage_)
    moved = sorting.move(open_desk(app), number, place, why, dry_run=dry_run)
    app.record(moved, ARRIVED)


def _place(
    open_: list[Kind] | None,
    scope: Scope | None,
    join: int | None,
    *,
    ignore: bool,
    triage: bool = False,
) -> "Place":
    from dsr.services.sorting import Place

    if ignore and triage:
        raise UsageError("decide one thing", hint="one of --open, --join, --ignore, --triage")
    outcome = MessageOutcome.IGNORED if ignore else MessageOutcome.TRIAGE if triage else None
    rights = tuple((kind, scope if kind is Kind.WITHDRAWAL else None) for kind in open_ or ())
    return Place(rights, join, outcome)


def triage(
    ctx: typer.Context,
    number: Annotated[
        int | None, typer.Argument(metavar="NUMBER", help="One of them; without, all.")
    ] = None,
    open_: Open = None,
    scope: Scoped = None,
    join: Join = None,
    ignore: Ignore = False,
    why: Annotated[str, typer.Option(metavar="TEXT", help="Why it asks for nothing.")] = "",
    limit: Limit = None,
    dry_run: DryRun = False,
) -> None:
    """Decide on what could not be sorted.

    Without a number: the letters that wait, an authority's first. With one: the letter, or what you
    decide on it. Nothing is learned by itself: dsr rules add teaches a phrase.

    Examples:
        dsr triage
        dsr triage 17
        dsr triage 17 --open deletion --open withdrawal --scope marketing
        dsr triage 18 --join 42
        dsr triage 19 --ignore --why "an invoice"
    """
    from dsr.services import ledger, sorting

    app = app_of(ctx)
    desk = open_desk(app)
    if number is None:
        most = limit_of(limit, ROWS_OF_A_TABLE if app.is_for_people else None)
        _show(app, ledger.waiting(desk, limit=most))
        return
    if not (open_ or join is not None or ignore):
        _letter(app, ledger.show(desk, number))
        if app.is_for_people:
            app.say(f"next: dsr triage {number} --open KIND, --join TICKET, or --ignore --why TEXT")
        return
    place = _place(open_, scope, join, ignore=ignore)
    app.record(sorting.decide(desk, number, place, why, dry_run=dry_run), ARRIVED)
