"""Letters on their way: the command outbox."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dsr.cli.batches import Skipped
from dsr.cli.desk import open_desk
from dsr.cli.letter import say_if_no_pdf
from dsr.cli.options import DryRun, Fields, Limit, limit_of
from dsr.cli.pairs import listed
from dsr.cli.references import Reference
from dsr.cli.show import ROWS_OF_A_TABLE, App, app_of
from dsr.cli.tickets import Why, numbers
from dsr.domain.vocabulary import LetterState
from dsr.errors import UsageError, nearest
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.services.desk import Desk

OUTBOX = (
    Column("letter", "Letter"),
    Column("number", "Ticket"),
    Column("case"),
    Column("kind"),
    Column("name", "Name"),
    Column("language"),
    Column("channel"),
    Column("to", "To"),
    Column("state", "State"),
    Column("since", "Since"),
    Column("due_on"),
    Column("tickets"),
    Column("command", "Type"),
)
Tickets = Annotated[
    list[str] | None, typer.Argument(metavar="REF...", help="Tickets; without, all.")
]
State = Annotated[
    str | None,
    typer.Option(metavar="STATE,...", help=f"{', '.join(LetterState)} or all."),
]
Folder = Annotated[
    Path | None, typer.Option("--dir", metavar="DIR", help="Lay what is ready here, to send.")
]
Again = Annotated[
    bool, typer.Option("--again", help="With --dir: what was handed over or came back too.")
]
Sent = Annotated[
    str | None, typer.Option(metavar="LETTER,...", help="These letters were sent: --proof.")
]
Proof = Annotated[str | None, typer.Option(metavar="TEXT", help="What shows that they were sent.")]
NoProof = Annotated[
    str | None,
    typer.Option("--no-proof", metavar="WHY", help="They were sent, and nothing shows it."),
]
Undelivered = Annotated[
    str | None, typer.Option(metavar="LETTER,...", help="These did not arrive: --why.")
]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was typed, in the order of the command's options."""

    references: Sequence[str]
    state: str | None
    folder: Path | None
    again: bool
    sent: str | None
    proof: str | None
    no_proof: str | None
    undelivered: str | None
    why: str | None
    limit: str | None
    fields: str | None
    dry_run: bool

    def mode(self) -> "Callable[[App, Desk, _Asked], None]":
        """Return what is to be done.

        Raises:
            UsageError: Two things at a time.
        """
        modes = ((self.folder, _lay), (self.sent, _sent), (self.undelivered, _undelivered))
        named = [mode for said, mode in modes if said is not None]
        if len(named) > 1:
            raise UsageError(
                "one thing at a time: --dir, --sent or --undelivered", hint="dsr outbox --help"
            )
        return named[0] if named else _show


def outbox(
    ctx: typer.Context,
    references: Tickets = None,
    state: State = None,
    to: Folder = None,
    again: Again = False,
    sent: Sent = None,
    proof: Proof = None,
    no_proof: NoProof = None,
    undelivered: Undelivered = None,
    why: Why = None,
    limit: Limit = None,
    fields: Fields = None,
    dry_run: DryRun = False,
) -> None:
    """Show letters that wait, and record how they left.

    With --dir each letter that is ready is laid down once, in all its forms and as a draft for a
    mail program. --sent and --undelivered take the numbers of letters, as 12,14-16.

    Examples:
        dsr outbox
        dsr outbox 42 --dir out
        dsr outbox --sent 12,14-16 --proof "mail server, 23 November"
        dsr outbox --sent 17 --no-proof "put into the letter box by hand"
        dsr outbox --undelivered 12 --why "the address does not exist"
    """
    app = app_of(ctx)
    said = (references or (), state, to, again, sent, proof, no_proof)
    asked = _Asked(*said, undelivered, why, limit, fields, dry_run)
    asked.mode()(app, open_desk(app), asked)


def _show(app: App, desk: "Desk", asked: _Asked) -> None:
    from dsr.services import outbox as letters
    from dsr.store.outbox import Chosen

    chosen = Chosen(_states(asked.state), _named(app, desk, asked))
    most = limit_of(asked.limit, ROWS_OF_A_TABLE if app.is_for_people else None)
    with desk.read() as session:
        found = letters.outbox(session, chosen, most)
        app.rows(found.rows, _columns(app), limit="all", fields=asked.fields)
    if app.is_for_people and most is not None and found.total > most:
        app.say(f"{most} of {found.total} shown; --limit all shows every one")


def _named(app: App, desk: "Desk", asked: _Asked) -> list[int] | None:
    return numbers(app, desk, asked.references) if asked.references else None


def _columns(app: App) -> list[Column]:
    """Return the columns of letters; people are told days of the office's zone."""
    from dsr.clock import day_of

    zone = app.settings.zone
    return [
        replace(column, show=lambda at: day_of(at, zone).isoformat())
        if column.key == "since"
        else column
        for column in OUTBOX
    ]


def _states(said: str | None) -> tuple[LetterState, ...]:
    from dsr.store.outbox import LEFT

    if said is None:
        return LEFT
    words, known = listed(said), [state.value for state in LetterState]
    for word in words:
        if word not in {*known, "all"}:
            raise UsageError(f"{word!r} is no state of a letter", hint=nearest(word, known))
    return tuple(LetterState if "all" in words else map(LetterState, words))


def _lay(app: App, desk: "Desk", asked: _Asked) -> None:
    """Lay letters down, each in a transaction of its own."""
    from dsr.services import outbox as letters
    from dsr.store.outbox import LEFT, Chosen

    folder = asked.folder
    assert folder is not None

    def work(reference: Reference) -> object:
        laid = letters.lay(desk, reference.number, folder, again=asked.again, dry_run=asked.dry_run)
        if laid is None:
            return Skipped("handed over meanwhile")
        line, files = laid
        for file in files:
            app.say(f"written: {file}")
        return line

    states = LEFT if asked.again else (LetterState.READY,)
    found = letters.waiting(desk, Chosen(states, _named(app, desk, asked)))
    if not found and app.is_for_people:
        app.say("no letter waits; --again lays down what was handed over")
    app.each([Reference(letter) for letter in found], work, _columns(app))
    if found and not asked.dry_run:
        say_if_no_pdf(app)


def _sent(app: App, desk: "Desk", asked: _Asked) -> None:
    if asked.proof is not None and asked.no_proof is not None:
        raise UsageError("there is a proof or there is none", hint="--proof or --no-proof")
    if asked.no_proof is None:
        text = app.read_text(asked.proof, "what shows it", option="--proof")
    else:
        text = app.read_text(asked.no_proof, "why nothing shows it", option="--no-proof")
    _record(app, desk, asked, (asked.sent or "", LetterState.SENT, text))


def _undelivered(app: App, desk: "Desk", asked: _Asked) -> None:
    text = app.read_text(asked.why, "why it did not arrive", option="--why")
    _record(app, desk, asked, (asked.undelivered or "", LetterState.UNDELIVERED, text))


def _record(app: App, desk: "Desk", asked: _Asked, what: tuple[str, LetterState, str]) -> None:
    """Record what became of letters, each in a transaction of its own."""
    from dsr.services import outbox as letters

    words, state, text = what

    def work(reference: Reference) -> object:
        said = {"proved": asked.no_proof is None, "dry_run": asked.dry_run}
        line = letters.record(desk, reference.number, state, text, **said)
        return line or Skipped(f"it is recorded as {state} already")

    app.each(app.references([words]), work, _columns(app))
