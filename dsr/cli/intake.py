"""Commands on what arrives: import, open."""

from datetime import datetime
from typing import Annotated

import typer

from dsr.cli.desk import open_desk
from dsr.cli.options import Born, DryRun, Fields, OfWithdrawal, Place, day
from dsr.cli.queue import QUEUE
from dsr.cli.show import app_of
from dsr.domain.vocabulary import Channel, Kind, RequesterRole

MOST_JOBS = 64


def open_ticket(
    ctx: typer.Context,
    kinds: Annotated[list[Kind], typer.Argument(metavar="KIND...", help="Rights, as copy.")],
    channel: Annotated[Channel, typer.Option(help="How it arrived.")] = Channel.PHONE,
    identifier: Annotated[
        list[str] | None,
        typer.Option(metavar="TYPE=@file", help="What names the person: email, phone, account."),
    ] = None,
    scope: OfWithdrawal = None,
    role: Annotated[RequesterRole, typer.Option(help="Who asks.")] = RequesterRole.SUBJECT,
    language: Annotated[str, typer.Option(help="Of the answer, as zh-Hans.")] = "zh-Hans",
    text: Annotated[
        str, typer.Option(metavar="@file|-", help="What was said: the note of the call.")
    ] = "",
    received: Annotated[datetime | None, day("When it really arrived.")] = None,
    law: Annotated[str, typer.Option(metavar="CODE,...", help="Laws; else the office's.")] = "",
    place: Place = None,
    born: Born = None,
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
        typer.Argument(metavar="SOURCE...", help="mbox, Maildir, .eml, .csv, imaps://, or -."),
    ],
    jobs: Annotated[
        int, typer.Option(min=1, max=MOST_JOBS, help="How many processes read at once.")
    ] = 1,
    since: Annotated[datetime | None, day("Leave what was received before.")] = None,
    silent_before: Annotated[
        datetime | None, day("Open what is older unacknowledged; what you order is written.")
    ] = None,
    test: Annotated[bool, typer.Option("--test", help="Never counted, never answered.")] = False,
    password_file: Annotated[
        str, typer.Option(metavar="FILE", help="A mailbox's password; else imap_password.")
    ] = "",
    oauth: Annotated[bool, typer.Option("--oauth", help="It is a token of OAuth.")] = False,
    move_to: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Move what was kept there, on the server.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Read a server's folder from its first mail.")
    ] = False,
    plain: Annotated[
        bool, typer.Option("--plain", help="No encryption for imap://, on this machine only.")
    ] = False,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="KEY=HEADING,...", help="Which column of a table is which."),
    ] = None,
    map_name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Remember --map, or use it, by this name.")
    ] = None,
    fields: Fields = None,
    dry_run: DryRun = False,
) -> None:
    """Read mail and forms into tickets.

    Everything that arrives has one row in the ledger, and its outcome: opened, joined, duplicate,
    triage, ignored, quarantined. What is unsure goes to triage, never to a wrong ticket. Nothing is
    fetched, executed or unpacked. A folder is read with all that is in it; tables, and subfolders
    of a Maildir as .Sent, only where you name them. The same mailbox imported again changes
    nothing: an import that was stopped goes on by the same command. On a mail server nothing is
    marked as read or moved unless you say so, and each run reads what is new.

    Examples:
        dsr import desk.mbox --jobs 2
        dsr import imaps://privacy%40office.example@mail.office.example/INBOX
        dsr import Maildir/ letters/ form.csv --silent-before 2026-01-01
        dsr import form.csv --map email=Mail,text=Nachricht --map-name webform
        cat mail.eml | dsr import - -o jsonl
    """
    import sys

    from dsr.cli.headings import columns_of
    from dsr.cli.imported import show_import
    from dsr.services.intake import Imported
    from dsr.services.mailboxes import Access, Mailboxes
    from dsr.services.wishes import Wishes

    app = app_of(ctx)
    wishes = Wishes(
        dry_run=dry_run,
        jobs=jobs,
        since=since.date() if since else None,
        silent_before=silent_before.date() if silent_before else None,
        test=test,
    )
    said = app.settings.said["imap_password"].value
    password = f"file:{password_file}" if password_file else said
    access = Access(password=password, oauth=oauth, plain=plain, move_to=move_to, again=again)
    desk = open_desk(app)
    told = columns_of(app, desk, sources, said=columns or (), name=map_name, dry_run=dry_run)
    with Mailboxes(desk, access, wishes, limits=desk.office.mail.limits) as servers:
        servers.told = told
        work = Imported(desk, sources, sys.stdin.buffer, wishes, servers.opens)
        work.beside, work.problems = servers.follow(sources), servers.problems
        show_import(app, work, fields, servers)
