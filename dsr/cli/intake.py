"""Commands on what arrives: import, open, triage, inbox."""

from datetime import datetime
from typing import Annotated, Any

import typer

from dsr.cli.batches import Tally
from dsr.cli.desk import open_desk
from dsr.cli.options import DryRun, Fields, Limit, limit_of
from dsr.cli.queue import QUEUE
from dsr.cli.show import ROWS_OF_A_TABLE, app_of
from dsr.domain.vocabulary import Channel, Kind, MessageOutcome, RequesterRole, Scope
from dsr.errors import UsageError
from dsr.output.render import Column


def _numbers(tickets: Any) -> str:
    return ", ".join(str(each["number"]) for each in tickets)


IMPORTED = (
    Column("source", "Source"),
    Column("message_id"),
    Column("sha256"),
    Column("outcome", "Outcome"),
    Column("tickets", "Tickets", _numbers),
    Column("language", "Language"),
    Column("requester_role"),
    Column("identifiers"),
    Column("reasons", "Why"),
)
ARRIVED = (
    Column("id", "Number"),
    Column("arrived_at", "Arrived"),
    Column("source"),
    Column("outcome", "Outcome"),
    Column("sender", "From"),
    Column("language"),
    Column("case"),
    Column("tickets", "Tickets"),
    Column("suggested", "Perhaps"),
    Column("reasons", "Why"),
)
LETTER = (*ARRIVED, Column("subject", "Subject"), Column("text", "Text"))


def open_ticket(
    ctx: typer.Context,
    kinds: Annotated[list[Kind], typer.Argument(metavar="KIND...", help="Rights, as copy.")],
    channel: Annotated[Channel, typer.Option(help="How it arrived.")] = Channel.PHONE,
    identifier: Annotated[
        list[str] | None,
        typer.Option(metavar="TYPE=@file", help="What names the person: email, phone, account."),
    ] = None,
    scope: Annotated[Scope | None, typer.Option(help="What a withdrawal withdraws.")] = None,
    role: Annotated[RequesterRole, typer.Option(help="Who asks.")] = RequesterRole.SUBJECT,
    language: Annotated[str, typer.Option(help="Of the answer, as zh-Hans.")] = "zh-Hans",
    text: Annotated[
        str, typer.Option(metavar="@file|-", help="What was said: the note of the call.")
    ] = "",
    received: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="When it really arrived."),
    ] = None,
    law: Annotated[str, typer.Option(metavar="CODE,...", help="Laws; else the office's.")] = "",
    place: Annotated[str | None, typer.Option(help="Whose holidays count, as DE.")] = None,
    born: Annotated[
        str | None, typer.Option(metavar="@file|-", help="The person's birth date.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Open tickets by hand: phone, post, in person.

    Several rights make one case of several tickets. Personal values come from files or -, since
    others can see a command line.

    Examples:
        dsr open copy --identifier phone=- --text @call.txt
        dsr open deletion cancellation --channel post --identifier email=@mail.txt
        dsr open withdrawal --scope marketing --identifier phone=@number.txt
    """
    from dsr.cli.pairs import listed
    from dsr.cli.values import birth_date, identifiers
    from dsr.services.receiving import ByHand, open_by_hand

    app = app_of(ctx)
    desk = open_desk(app)
    taken = ByHand(
        rights=tuple((kind, scope if kind is Kind.WITHDRAWAL else None) for kind in kinds),
        channel=channel,
        identifiers=identifiers(app, identifier or []),
        role=role,
        language=language,
        text=app.read_private(text, "what was said", option="--text") if text else "",
        received_on=received.date() if received else None,
        laws=tuple(code.upper() for code in listed(law)),
        place=place,
        born_on=birth_date(app, born) if born else None,
    )
    app.rows(open_by_hand(desk, taken, dry_run=dry_run), QUEUE, limit="all")


def import_(
    ctx: typer.Context,
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE...", help="mbox, Maildir, .eml, .csv, .jsonl, or -."),
    ],
    fields: Fields = None,
    dry_run: DryRun = False,
) -> None:
    """Read mail and forms into tickets.

    Everything that arrives has one row in the ledger, and its outcome: opened, joined, duplicate,
    triage, ignored, quarantined. What is unsure goes to triage, never to a wrong ticket. Nothing is
    fetched, executed or unpacked. The same mailbox imported again changes nothing.

    Examples:
        dsr import desk.mbox
        dsr import Maildir/ letters/ form.csv
        cat mail.eml | dsr import - -o jsonl
    """
    import sys
    from contextlib import nullcontext

    from dsr.services.intake import Imported

    app = app_of(ctx)
    work = Imported(open_desk(app), sources, sys.stdin.buffer, dry_run=dry_run)
    quiet = nullcontext(lambda _: None)
    with app.progress(None, "importing") if app.is_for_people else quiet as step:
        work.telling = step
        app.rows(work.views(), IMPORTED, fields=fields)
    for problem in work.problems:
        app.problem(problem)
    if app.is_for_people:
        app.say("  ".join(f"{n} {outcome}" for outcome, n in sorted(work.counts.items())))
        if work.counts["triage"]:
            app.say("next: dsr triage")
    app.end(Tally(done=work.counts.total(), failed=len(work.problems)))


def triage(
    ctx: typer.Context,
    number: Annotated[
        int | None, typer.Argument(metavar="NUMBER", help="One of them; without, all.")
    ] = None,
    open_: Annotated[
        list[Kind] | None, typer.Option("--open", metavar="KIND", help="It asks for this right.")
    ] = None,
    scope: Annotated[Scope | None, typer.Option(help="What a withdrawal withdraws.")] = None,
    join: Annotated[
        int | None, typer.Option("--join", metavar="TICKET", help="It belongs to this ticket.")
    ] = None,
    ignore: Annotated[bool, typer.Option("--ignore", help="It asks for nothing.")] = False,
    why: Annotated[str, typer.Option(metavar="TEXT", help="Why it asks for nothing.")] = "",
    limit: Limit = None,
    dry_run: DryRun = False,
) -> None:
    """Decide on what could not be sorted.

    Without a number: the letters that wait. With one: the letter, or what you decide on it.

    Examples:
        dsr triage
        dsr triage 17
        dsr triage 17 --open deletion --open withdrawal --scope marketing
        dsr triage 18 --join 42
        dsr triage 19 --ignore --why "an invoice"
    """
    from dsr.services import ledger

    app = app_of(ctx)
    desk = open_desk(app)
    if number is None:
        app.rows(ledger.inbox(desk, [MessageOutcome.TRIAGE]), ARRIVED, limit=limit)
        return
    _one_decision(open_, join, ignore=ignore)
    if open_:
        rights = [(kind, scope if kind is Kind.WITHDRAWAL else None) for kind in open_]
        app.record(ledger.open_from(desk, number, rights, dry_run=dry_run), ARRIVED)
    elif join is not None:
        app.record(ledger.join(desk, number, join, dry_run=dry_run), ARRIVED)
    elif ignore:
        app.record(ledger.ignore(desk, number, why, dry_run=dry_run), ARRIVED)
    else:
        app.record(ledger.show(desk, number), LETTER)


def _one_decision(open_: list[Kind] | None, join: int | None, *, ignore: bool) -> None:
    if sum((bool(open_), join is not None, ignore)) > 1:
        raise UsageError("decide one thing", hint="one of --open, --join, --ignore")


def inbox(
    ctx: typer.Context,
    outcome: Annotated[
        list[MessageOutcome] | None, typer.Option(help="Only what went there.")
    ] = None,
    limit: Limit = None,
    fields: Fields = None,
) -> None:
    """Show what arrived and where it went.

    Examples:
        dsr inbox
        dsr inbox --outcome quarantined --outcome ignored
        dsr inbox -o jsonl
    """
    from dsr.services import ledger

    app = app_of(ctx)
    people = app.is_for_people
    most = limit_of(limit, ROWS_OF_A_TABLE if people else None)
    rows = ledger.inbox(open_desk(app), outcome or (), limit=most)
    app.rows(rows, ARRIVED, limit="all", fields=fields)
