"""Commands on what arrives: import, open, triage, inbox."""

from datetime import datetime
from typing import Annotated

import typer

from dsr.cli.desk import open_desk
from dsr.cli.options import DryRun
from dsr.cli.queue import QUEUE
from dsr.cli.show import app_of
from dsr.domain.vocabulary import Channel, Kind, RequesterRole, Scope


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
