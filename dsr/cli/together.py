"""Commands on tickets that belong together and what hangs on them: link, split, attach, hold."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dsr.cli.batches import Skipped
from dsr.cli.desk import open_desk
from dsr.cli.options import DryRun, OfWithdrawal
from dsr.cli.pairs import listed
from dsr.cli.queue import QUEUE
from dsr.cli.references import Reference
from dsr.cli.show import App, app_of
from dsr.cli.tickets import STEPS, Ticket, Why, each_step, numbers, one_number
from dsr.domain.vocabulary import Kind
from dsr.errors import UsageError
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.services.desk import Desk

ATTACHED = (
    Column("number", "File"),
    Column("name", "Name"),
    Column("what", "What"),
    Column("size", "Bytes"),
    Column("sha256"),
    Column("kept", "Kept"),
    Column("officer", "Officer"),
    Column("at", "Attached"),
)
Reveal = Annotated[
    str | None, typer.Option(metavar="WHY", help="See what is not yours; the reason is kept.")
]


def link(
    ctx: typer.Context,
    reference: Ticket,
    others: Annotated[
        list[str], typer.Argument(metavar="OTHER...", help="What belongs to it: 43, case:17, -.")
    ],
    why: Why = None,
    undo: Annotated[bool, typer.Option("--undo", help="They do not belong together.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Link tickets that belong together.

    An access or copy is then answered before a linked deletion is carried out, and takes its
    earlier day.

    Examples:
        dsr link 42 57 --why "the same person, by another address"
        dsr link 42 57 --undo
    """
    from dsr.services import linking

    app = app_of(ctx)
    desk = open_desk(app)
    number = one_number(app, desk, reference)
    words = app.read_text(why, "the reason", option="--why") if why else ""

    def work(other: Reference) -> object:
        if undo:
            return linking.unlink(desk, number, other.number, words, dry_run=dry_run)
        done = linking.link(desk, number, other.number, words, dry_run=dry_run)
        return done or Skipped(f"linked with {number} already")

    app.each([Reference(other) for other in numbers(app, desk, others)], work, STEPS)


def split(
    ctx: typer.Context,
    reference: Ticket,
    kinds: Annotated[list[Kind], typer.Argument(metavar="KIND...", help="What is asked besides.")],
    scope: OfWithdrawal = None,
    dry_run: DryRun = False,
) -> None:
    """Open further tickets for the same letter.

    They are of the same case and person, with the same receipt. A proof of identity is for one
    ticket: verify pass says it again for the new ones.

    Examples:
        dsr split 42 deletion
        dsr split 42 copy withdrawal --scope marketing
    """
    from dsr.services import splitting

    app = app_of(ctx)
    desk = open_desk(app)
    number = one_number(app, desk, reference)
    rights = [(kind, scope if kind is Kind.WITHDRAWAL else None) for kind in kinds]
    app.rows(splitting.split(desk, number, rights, dry_run=dry_run), STEPS, limit="all")


def attach(
    ctx: typer.Context,
    reference: Ticket,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A file, or - with --name.")
    ] = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="What the file is called.")] = "",
    what: Annotated[str, typer.Option(metavar="TEXT", help="What it is: text, @file or -.")] = "",
    paper: Annotated[
        bool, typer.Option("--paper", help="An identity paper: only hash, size and day stay.")
    ] = False,
    show: Annotated[bool, typer.Option("--list", help="Show what is attached.")] = False,
    get: Annotated[
        int | None, typer.Option("--get", metavar="N", help="Give file N back, into --dir.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--dir", metavar="DIR", help="Where it is put.")
    ] = None,
    reveal: Reveal = None,
    dry_run: DryRun = False,
) -> None:
    """Put a file to a ticket, list or get files.

    A copy of an identity paper is not kept: with --paper its bytes are looked at and left.

    Examples:
        dsr attach 42 answer-of-the-bank.pdf --what "its confirmation"
        dsr attach 42 card.jpg --paper
        dsr attach 42 --get 1 --dir out
    """
    app = app_of(ctx)
    desk = open_desk(app)
    number = one_number(app, desk, reference)
    if sum((file is not None, show, get is not None)) != 1:
        raise UsageError("say one of FILE, --list and --get N", hint=f"dsr attach {number} FILE")
    if file is not None:
        words = app.read_text(what, "what it is", option="--what") if what else ""
        _attach(app, desk, number, file, (name, words, paper, dry_run))
        return
    _give_back(app, desk, number, (get, to, reveal))


def _attach(
    app: App, desk: "Desk", number: int, file: str, said: tuple[str, str, bool, bool]
) -> None:
    from dsr.services import attaching

    name, what, paper, dry_run = said
    if file == "-" and not name:
        raise UsageError("standard input has no name", hint="--name NAME")
    given = attaching.Given(name or file, what, paper=paper)
    hint = f"look where it lies, then dsr attach {number} FILE, or - with --name"
    with (
        app.open_file(file, f"the file to attach ({_masked(file)})", hint=hint) as stream,
        attaching.spooled(desk, stream) as kept,
    ):
        app.rows([attaching.attach(desk, number, given, kept, dry_run=dry_run)], STEPS)


def _masked(file: str) -> str:
    """Return which file was typed, without its name, which may be somebody's."""
    path = Path(file)
    return f"{path.name[:1]}***{path.suffix}" if file != "-" else "standard input"


def _give_back(
    app: App, desk: "Desk", number: int, said: tuple[int | None, Path | None, str | None]
) -> None:
    from dsr.services import attaching

    position, folder, why = said
    reveal = app.read_text(why, "the reason", option="--reveal") if why else why
    if position is None:
        app.rows(attaching.attachments(desk, number, reveal), ATTACHED, limit="all")
        return
    if folder is None:
        raise UsageError("say where the file is put", hint="--dir DIR")
    place = attaching.hand_out(desk, number, position, folder, reveal=reveal)
    app.say(f"written: {place}")


def hold(
    ctx: typer.Context,
    references: Annotated[
        list[str] | None, typer.Argument(metavar="REF...", help="Without, what is held is shown.")
    ] = None,
    why: Why = None,
    lift: Annotated[bool, typer.Option("--lift", help="Take the hold away.")] = False,
    item: Annotated[
        str | None,
        typer.Option("--item", "--items", metavar="N,...", help="Items of an erasure alone."),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Put tickets under a legal hold, or lift it.

    While one ticket of a person is held, nothing of that person is changed in any system, and what
    is kept of the ticket is not destroyed. A stop of marketing still puts the person on our own
    list at once; its work in the systems waits. Legal, admin and approver may hold; legal and admin
    lift. With --item the rows of one item are not erased and the rest goes on; legal alone does it.

    Examples:
        dsr hold 42 --why "claim of 20 November"
        dsr hold 42 --lift --why "settled"
        dsr hold 42 --item 3 --why "claim of 20 November"
        dsr hold
    """
    app = app_of(ctx)
    desk = open_desk(app)
    if not references:
        if why is not None or lift or item:
            raise UsageError("say which tickets", hint="dsr hold REF --why TEXT")
        _show_held(app, desk)
        return
    from dsr.services import holding

    words = app.read_text(why, "the reason", option="--why")
    if item is not None:
        of_item = holding.lift_item if lift else holding.hold_item
        named = listed(item)
        each_step(app, desk, references, lambda n: of_item(desk, n, named, words, dry_run=dry_run))
        return
    work = holding.lift if lift else holding.hold
    each_step(app, desk, references, lambda n: work(desk, n, words, dry_run=dry_run))


def _show_held(app: App, desk: "Desk") -> None:
    from dsr.services import tickets

    with desk.read() as session:
        words = ["held:yes", "is:any"]
        held = tickets.list_tickets(session, desk, words, limit=None, today=desk.today())
        app.rows(held.rows, QUEUE, limit="all")
