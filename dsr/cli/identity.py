"""Commands that prove who asks: verify ask, pass, fail."""

from typing import Annotated

import typer

from dsr.cli.desk import open_desk
from dsr.cli.options import DryRun, References
from dsr.cli.references import Reference
from dsr.cli.show import app_of
from dsr.cli.tickets import STEPS, each_step, numbers, one_number
from dsr.errors import UsageError

Method = Annotated[
    str, typer.Option("--method", metavar="METHOD", help="How, as one_time_code; see verify ask.")
]


def ask(
    ctx: typer.Context,
    references: References,
    method: Annotated[
        list[str] | None,
        typer.Option("--method", metavar="METHOD", help="What to ask for; else the mildest."),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Ask the requester for proof.

    Without --method the mildest proof that suffices is asked for. Asked again, it is the reminder.
    For case:17 one letter asks for all of its tickets that lack a proof.
    Methods: mailbox_reply known_facts account_login one_time_code video in_person
    redacted_document power_of_attorney guardian_document kinship_and_death company_authority.

    Examples:
        dsr verify ask 42
        dsr verify ask case:17
        dsr verify ask 42 --method power_of_attorney --method mailbox_reply
        dsr list status:received --ids | dsr verify ask -
    """
    from dsr.services import case_letters, identity

    app = app_of(ctx)
    desk = open_desk(app)
    methods = tuple(method or ())

    def work(reference: Reference) -> object:
        asking = case_letters.ask if reference.is_case else identity.ask
        return asking(desk, reference.number, methods, dry_run=dry_run)

    app.each(app.references(references), work, STEPS)


def pass_(
    ctx: typer.Context,
    reference: Annotated[
        str, typer.Argument(metavar="REF", help="One ticket, or case:17 for one person's tickets.")
    ],
    method: Method,
    identifier: Annotated[
        str | None,
        typer.Option(metavar="TYPE[=@file]", help="What it was bound to, where several fit."),
    ] = None,
    comment: Annotated[
        str, typer.Option(help="What was compared; never a document's number.")
    ] = "",
    dry_run: DryRun = False,
) -> None:
    """Record that the proof suffices.

    A proof counts for this ticket only, and only for what it was bound to.

    Examples:
        dsr verify pass 42 --method mailbox_reply
        dsr verify pass 42 --method one_time_code --identifier phone
        dsr verify pass case:17 --method in_person
        dsr verify pass 42 --method power_of_attorney --comment "signed 2026-11-02, term 1 year"
    """
    from dsr.cli.values import identifier_type
    from dsr.services import identity

    app = app_of(ctx)
    desk = open_desk(app)
    bound = None
    if identifier is not None:
        name, equals, value = identifier.partition("=")
        kind = identifier_type(name)
        bound = (
            kind,
            app.read_private(value, f"the {kind}", option=f"{kind}=") if equals else None,
        )
    shown = identity.Shown(method, bound, comment)
    named = numbers(app, desk, [reference])
    if len(named) > 1 and not reference.startswith("case:"):
        raise UsageError("a proof is for one ticket, or for one case", hint="case:17")
    words = [str(number) for number in named]
    each_step(app, desk, words, lambda n: identity.accept(desk, n, shown, dry_run=dry_run))


def fail(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help="The ticket's number.")],
    method: Method,
    why: Annotated[str | None, typer.Option(metavar="TEXT", help="Text, @file or -.")] = None,
    more: Annotated[bool, typer.Option("--more", help="Not failed, but more is needed.")] = False,
) -> None:
    """Record that the proof does not suffice.

    Examples:
        dsr verify fail 42 --method known_facts --why "the month of registration was wrong"
        dsr verify fail 42 --method mailbox_reply --more --why "the copy also needs a phone code"
    """
    from dsr.services import identity

    app = app_of(ctx)
    desk = open_desk(app)
    reason = app.read_text(why, "the reason", option="--why")
    each_step(
        app,
        desk,
        [str(one_number(app, desk, reference))],
        lambda n: identity.fail(desk, n, method, reason, more=more),
    )
