"""Commands on the ledger of what arrived: inbox and its corrections, triage."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dsr.cli.arrived import ARRIVED, LETTER, WRITTEN
from dsr.cli.desk import open_desk
from dsr.cli.marking import marked
from dsr.cli.options import DryRun, Fields, Ids, Limit, OfWithdrawal, limit_of
from dsr.cli.references import Reference
from dsr.cli.show import ROWS_OF_A_TABLE, App, app_of
from dsr.domain.mail import MailSort
from dsr.domain.vocabulary import Kind, MessageOutcome, Scope
from dsr.errors import UsageError

if TYPE_CHECKING:
    from dsr.services.ledger import Arrived, ArrivedView, LetterShown
    from dsr.services.sorting import Place

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
Filters = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILTER...", help="outcome:ignored sort:bounce since:3d ..."),
]
Numbers = Annotated[
    list[str],
    typer.Argument(metavar="NUMBER...", help="Of the ledger: 17, 1-3,5, or - for stdin."),
]
Open = Annotated[
    list[Kind] | None, typer.Option("--open", metavar="KIND", help="It asks for this right.")
]
Join = Annotated[
    int | None, typer.Option("--join", metavar="TICKET", help="It belongs to this ticket.")
]
Ignore = Annotated[bool, typer.Option("--ignore", help="It asks for nothing.")]
Named = Annotated[
    list[str] | None,
    typer.Option("--identifier", metavar="TYPE=@file", help="With --open: who asks, as email."),
]


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
    rows = found.rows if found.total is None else list(found.rows)
    app.rows(rows, ARRIVED, limit="all", fields=fields, ids=ids)
    if app.is_for_people and isinstance(rows, list) and len(rows) < (found.total or 0):
        app.say(f"{len(rows)} of {found.total} shown; --limit all shows every one")


def show(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Of the ledger.")],
    folder: Annotated[
        str | None,
        typer.Option("--dir", metavar="DIR", help="Put its bytes there as they are kept."),
    ] = None,
) -> None:
    """Show one thing that arrived, whole.

    The words that ask for a right stand between » and «. That you read it is written down. Nothing
    looks into what --dir puts down: open it with care.

    Examples:
        dsr inbox show 17
        dsr inbox show 17 --dir out
    """
    from dsr.services import ledger

    app = app_of(ctx)
    if folder is not None:
        if not folder:  # a path of no letters is the folder one stands in
            raise UsageError("a folder has no name", hint=f"dsr inbox show {number} --dir out")
        from dsr.services.originals import lacking, write_out

        desk = open_desk(app)
        place = write_out(desk, number, Path(folder))
        app.say(f"written: {place}")
        if part := lacking(desk, number):
            app.say(part)
        if not app.is_for_people:
            app.record({"number": number, "file": str(place)}, WRITTEN)
        return
    _letter(app, ledger.show(open_desk(app), number))


def _letter(app: App, shown: "LetterShown") -> None:
    if app.is_for_people:
        shown = replace(shown, text=marked(shown.text, shown.spans))
    app.record(shown, LETTER)
    if app.is_for_people and shown.sort == MailSort.AUTHORITY:
        day = next((one["value"] for one in shown.stated if _is_day(one)), None)
        ticket = shown.ticket or next(iter(shown.tickets), None)
        if day is not None:
            noted = f"dsr set {ticket} --authority-due {day} --why TEXT" if ticket else day
            app.say(f"it sets a day: {noted}")


def _is_day(one: Mapping[str, str | None]) -> bool:
    """Say whether something that a letter states is a day to answer by, with its year."""
    return one["what"] == "deadline" and bool(_DAY.fullmatch(one["value"] or ""))


def move(
    ctx: typer.Context,
    numbers: Numbers,
    open_: Open = None,
    scope: OfWithdrawal = None,
    identifier: Named = None,
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
        dsr inbox sort:list --ids | dsr inbox move - --ignore --why newsletters
    """
    from dsr.services import sorting

    app = app_of(ctx)
    outcome = _outcome(ignore=ignore, triage=triage_)
    place = _place(open_, scope, join, outcome, "--open, --join, --ignore, --triage")
    place = _naming(app, place, identifier)
    desk = open_desk(app)
    _each(app, numbers, partial(sorting.move, desk, place=place, why=why), dry_run=dry_run)


def _outcome(*, ignore: bool, triage: bool = False) -> MessageOutcome | None:
    if ignore and triage:
        raise UsageError("decide one thing", hint="one of --open, --join, --ignore, --triage")
    return MessageOutcome.IGNORED if ignore else MessageOutcome.TRIAGE if triage else None


def _place(
    open_: list[Kind] | None,
    scope: Scope | None,
    join: int | None,
    outcome: MessageOutcome | None,
    ways: str,
) -> "Place":
    from dsr.services.sorting import Place

    if sum((bool(open_), join is not None, outcome is not None)) != 1:
        raise UsageError("decide one thing", hint=f"one of {ways}")
    if scope is not None and Kind.WITHDRAWAL not in (open_ or ()):
        raise UsageError("a scope is of a withdrawal", hint=f"--open withdrawal --scope {scope}")
    rights = tuple((kind, scope if kind is Kind.WITHDRAWAL else None) for kind in open_ or ())
    return Place(rights, join, outcome)


def _naming(app: App, place: "Place", words: list[str] | None) -> "Place":
    """Return a place with what an officer says of who asks; no value stands in the arguments."""
    from dsr.cli.values import identifiers

    return replace(place, identifiers=identifiers(app, words)) if words else place


def _each(
    app: App, words: list[str], decide: "Callable[..., ArrivedView]", *, dry_run: bool
) -> None:
    """Decide on each thing that was named, by itself, and say what to type next."""
    done: list[ArrivedView] = []

    def work(reference: Reference) -> "ArrivedView":
        done.append(decide(reference.number, dry_run=dry_run))
        return done[-1]

    app.each(_named(app, words), work, ARRIVED)
    if dry_run:
        app.say("nothing was kept (--dry-run)")
    elif app.is_for_people:
        ticket = done[0].ticket or next(iter(done[0].tickets), None) if len(done) == 1 else None
        app.say(f"next: dsr show {ticket}" if ticket is not None else "next: dsr triage")


def _named(app: App, words: list[str]) -> list[Reference]:
    """Return what of the ledger was named.

    Raises:
        UsageError: A word is no number.
        InputError: A line of standard input is none.
    """
    named = app.references(words, "number of the ledger")
    if any(each.is_case for each in named):
        raise UsageError("a case is no number of the ledger", hint="dsr inbox case:17 --ids")
    return named


def triage(
    ctx: typer.Context,
    numbers: Annotated[
        list[str] | None,
        typer.Argument(metavar="NUMBER...", help="17, 1-3,5, or - for stdin; without, all."),
    ] = None,
    open_: Open = None,
    scope: OfWithdrawal = None,
    identifier: Named = None,
    join: Join = None,
    ignore: Ignore = False,
    why: Annotated[str, typer.Option(metavar="TEXT", help="Why it asks for nothing.")] = "",
    limit: Limit = None,
    ids: Ids = False,
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
        dsr inbox sort:list --ids | dsr triage - --ignore --why newsletters
    """
    from dsr.services import ledger, sorting

    app = app_of(ctx)
    says = any((open_, scope is not None, identifier, join is not None, ignore, why))
    if not numbers:
        if says or dry_run:
            raise UsageError("which one is decided on?", hint="dsr triage NUMBER, or - for stdin")
        most = limit_of(limit, ROWS_OF_A_TABLE if app.is_for_people and not ids else None)
        desk = open_desk(app)
        _show(app, ledger.waiting(desk, limit=most), ids=ids)
        if app.is_for_people and (aside := ledger.set_aside(desk)):
            app.say(f"set aside besides: {aside}; dsr inbox outcome:quarantined")
        return
    if not says:
        _look(app, numbers)
        return
    place = _place(open_, scope, join, _outcome(ignore=ignore), "--open, --join, --ignore")
    place = _naming(app, place, identifier)
    desk = open_desk(app)
    _each(app, numbers, partial(sorting.decide, desk, place=place, why=why), dry_run=dry_run)


def _look(app: App, words: list[str]) -> None:
    """Show the one letter that was named, and say how it is decided on."""
    from dsr.services import ledger

    named = _named(app, words)
    if len(named) != 1:
        ways = "--open KIND, --join TICKET, or --ignore --why TEXT"
        raise UsageError("say what is decided on them", hint=ways)
    shown = ledger.show(open_desk(app), named[0].number)
    _letter(app, shown)
    if app.is_for_people:
        waits = shown.outcome in {MessageOutcome.TRIAGE, MessageOutcome.QUARANTINED}
        command = "triage" if waits else "inbox move"
        more = "or --ignore --why TEXT" if waits else "--ignore or --triage, with --why TEXT"
        app.say(f"next: dsr {command} {shown.number} --open KIND, --join TICKET, {more}")
