"""What commands on tickets share: which tickets are meant, and how a step is shown. No command."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from dsr.cli.references import Reference
from dsr.cli.show import App
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.services.desk import Desk
    from dsr.services.views import StepView

STEPS = (
    Column("number", "Ticket"),
    Column("kind"),
    Column("status", "Status"),
    Column("outcome"),
    Column("due_on", "Due"),
    Column("said", "Done"),
    Column("next_command", "Next"),
)

Ticket = Annotated[str, typer.Argument(metavar="REF", help="The ticket's number.")]
Why = Annotated[
    str | None, typer.Option("--why", metavar="TEXT", help="The reason: text, @file or -.")
]
Language = Annotated[str | None, typer.Option("--language", metavar="en|zh", help="Of the letter.")]


def numbers(app: App, desk: "Desk", words: Sequence[str]) -> list[int]:
    """Return the numbers of the tickets that were named; a case stands for all of its tickets.

    Raises:
        NotFoundError: There is no such case.
    """
    found: dict[int, None] = {}
    for reference in app.references(words):
        for number in _of(desk, reference):
            found[number] = None
    return list(found)


def one_number(app: App, desk: "Desk", word: str) -> int:
    """Return the number of the one ticket that was named.

    Raises:
        UsageError: Several were named.
    """
    from dsr.errors import UsageError

    named = numbers(app, desk, [word])
    if len(named) != 1:
        raise UsageError("this command takes one ticket", hint=f"it was given {len(named)}")
    return named[0]


def each_step(
    app: App, desk: "Desk", words: Sequence[str], work: Callable[[int], "StepView"]
) -> None:
    """Do one step on each ticket that was named, and show where it stands then."""
    references = [Reference(number) for number in numbers(app, desk, words)]
    app.each(references, lambda reference: work(reference.number), STEPS)


def _of(desk: "Desk", reference: Reference) -> list[int]:
    if not reference.is_case:
        return [reference.number]
    from dsr.errors import NotFoundError
    from dsr.store.tickets import of_case

    with desk.read() as session:
        tickets = [row.number for row in of_case(session, reference.number)]
    if not tickets:
        raise NotFoundError(f"there is no case {reference.number}", hint="dsr list is:any")
    return tickets
