"""The command that makes a person's copy, and tells other programs how far a ticket is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dsr.cli.desk import open_desk
from dsr.cli.options import DryRun
from dsr.cli.show import app_of
from dsr.cli.tickets import Ticket, one_number
from dsr.domain.formats import StatusFormat
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.services.desk import Desk

PACKAGE = (
    Column("ticket", "Ticket"),
    Column("sha256", "SHA-256"),
    Column("size", "Bytes"),
    Column("rows", "Rows"),
    Column("redacted", "Covered"),
    Column("manifest", "Files", columns=(Column("name", "File"), Column("size", "Bytes"))),
    Column("destroy_on", "Kept until"),
)


def export(
    ctx: typer.Context,
    reference: Ticket,
    review: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Lay the plain copy here too, to read.")
    ] = None,
    status_format: Annotated[
        StatusFormat | None,
        typer.Option(help="Print where the ticket stands in this format; no copy is made."),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Make the package with the person's copy.

    It waits, plain and in the database, until the answer encrypts it; the approver approves its
    hash. Rows that a client decides on are left out, other people's identifiers are covered.

    Examples:
        dsr export 42
        dsr export 42 --review /tmp/look
        dsr export 42 --status-format opendsr
    """
    from dsr.services import searching

    app = app_of(ctx)
    desk = open_desk(app)
    number = one_number(app, desk, reference)
    if status_format is not None:
        _show_status(desk, number, status_format)
        return
    telling = app.say if app.is_for_people else (lambda _: None)
    row = searching.export(desk, number, review=review, dry_run=dry_run, telling=telling)
    app.record(row, PACKAGE)


def _show_status(desk: "Desk", number: int, name: StatusFormat) -> None:
    """Print the status object itself: another program reads it, whatever `-o` says."""
    import json

    from dsr.services.status_formats import status_of

    typer.echo(json.dumps(status_of(desk, number, name), indent=2))
