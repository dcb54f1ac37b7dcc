"""Commands on the work itself: find, task."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from dsr.cli.desk import open_desk
from dsr.cli.options import DryRun, Fields, Limit
from dsr.cli.references import Reference
from dsr.cli.show import App, app_of
from dsr.cli.tickets import STEPS, Ticket, one_number
from dsr.domain.vocabulary import Kind, TaskState
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.services.desk import Desk

FOUND = (
    Column("source", "Source"),
    Column("collection", "Collection"),
    Column("result", "Result"),
    Column("rows", "Rows"),
    Column("warnings", "Warnings"),
)
TASKS = (
    Column("ticket", "Ticket"),
    Column("number", "Task"),
    Column("kind", "Kind"),
    Column("target"),
    Column("label", "Where"),
    Column("state", "State"),
    Column("follow_up"),
    Column("due_on", "Due"),
    Column("done_on", "Done"),
    Column("result"),
)
WHOSE = (
    Column("source", "Source"),
    Column("collection", "Collection"),
    Column("role", "Who decides"),
    Column("client", "Client"),
    Column("result", "Result"),
    Column("client_name", "Name"),
)
TaskNumber = Annotated[int, typer.Argument(metavar="TASK", help="Its number in the ticket.")]
TaskNumbers = Annotated[list[int], typer.Argument(metavar="TASK...", help="Their numbers there.")]


def find(
    ctx: typer.Context,
    reference: Ticket,
    whose: Annotated[
        bool, typer.Option("--whose", help="Only which client's data it is; before any proof.")
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Search the sources for the person's data.

    Only what was proved for this ticket is searched by. "found", "none", "failed" and "not_asked"
    are four different results. Nothing is changed in the sources. With --whose what clients
    entrusted is searched by what is claimed, and only whose it is is told: no value, no count.

    Examples:
        dsr find 42
        dsr find 42 --whose
        dsr find 42 -o json
    """
    from dsr.domain.vocabulary import SearchResult
    from dsr.errors import SourceError
    from dsr.services import searching

    app = app_of(ctx)
    desk = open_desk(app)
    number = one_number(app, desk, reference)
    if whose:
        _show_whose(app, desk, number)
        return
    found = searching.find(desk, number, dry_run=dry_run)
    app.rows(found, FOUND, limit="all")
    if failed := sum(each.result == SearchResult.FAILED for each in found):
        raise SourceError(
            f"{failed} collections could not be searched; the others were",
            hint=f"mend the source (dsr source check), then dsr find {number}",
        )


def _show_whose(app: App, desk: "Desk", number: int) -> None:
    from dsr.services.whose import whose

    seen = whose(desk, number)
    theirs = [row for row in seen.rows if row.client is not None]
    app.rows(theirs if app.is_for_people else seen.rows, WHOSE, limit="all")
    for line in seen.advice if app.is_for_people else ():
        app.say(line)


def list_(
    ctx: typer.Context,
    reference: Annotated[
        str | None, typer.Argument(metavar="REF", help="A ticket; without, all open ones.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Ended ones too.")] = False,
    limit: Limit = None,
    fields: Fields = None,
) -> None:
    """Show tasks.

    Examples:
        dsr task list
        dsr task list 42 -o json
    """
    from dsr.services import fulfilment

    app = app_of(ctx)
    desk = open_desk(app)
    number = one_number(app, desk, reference) if reference is not None else None
    app.rows(fulfilment.tasks(desk, number, every=every), TASKS, limit=limit, fields=fields)


def done(
    ctx: typer.Context,
    reference: Ticket,
    task: TaskNumbers,
    proof: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What was done, what proves it.")
    ] = None,
    result: Annotated[
        str | None,
        typer.Option("--result", metavar="WORD", help="Of a review: upheld, changed."),
    ] = None,
    not_owner: Annotated[
        bool, typer.Option("--not-owner", help="The system that is reviewed is not yours.")
    ] = False,
) -> None:
    """Record that a task is done.

    A review of an automated decision is done by somebody who neither prepared nor approved the
    answer nor owns the system; where no datamap names its owner, --not-owner says so. What he
    found is told to the person. After a withdrawal of consent --result says what becomes of the
    data: delete, anonymise or other_basis.

    Examples:
        dsr task done 42 1 --proof "3 rows deleted, change CHG-1182"
        dsr task done 42 2 3 --proof @confirmation.txt
        dsr task done 43 1 --result changed --proof @finding.txt --as zhao
        dsr task done 44 3 --result other_basis --proof "invoices: Accounting Law Art. 23"
    """
    end = _End(TaskState.DONE, "--proof", result, not_owner)
    _end(ctx, reference, task, text=proof, end=end)


def instruct(
    ctx: typer.Context,
    reference: Ticket,
    task: TaskNumber,
    kind: Annotated[Kind, typer.Option("--kind", help="What the client wants done.")],
    proof: Annotated[
        str | None,
        typer.Option(metavar="@file|-", help="The instruction, and what shows it is theirs."),
    ] = None,
    changes: Annotated[
        str | None, typer.Option(metavar="@file|-", help='Lines "field: old -> new".')
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Work a client's instruction in the ticket.

    TASK is the open task to assist a client to which the ticket was referred. Only what that
    client entrusted is searched and changed; the answer goes to the client.

    Examples:
        dsr task instruct 42 1 --kind deletion --proof @instruction.txt
        dsr task instruct 42 1 --kind correction --proof @instruction.txt --changes @changes.txt
    """
    from dsr.cli.values import changes as read_changes
    from dsr.services import instructing

    app = app_of(ctx)
    desk = open_desk(app)
    said = app.read_private(proof or "", "the instruction", option="--proof")
    told = instructing.Instruction(
        kind, said, read_changes(app, changes) if changes is not None else ()
    )
    number = one_number(app, desk, reference)
    app.rows([instructing.instruct(desk, number, task, told, dry_run=dry_run)], STEPS)


def fail(
    ctx: typer.Context,
    reference: Ticket,
    task: TaskNumber,
    why: Annotated[str | None, typer.Option(metavar="TEXT", help="Text, @file or -.")] = None,
) -> None:
    """Record that a task failed.

    Examples:
        dsr task fail 42 1 --why "the system is down until Monday"
        dsr task fail 42 1 --why @error.txt
    """
    _end(ctx, reference, [task], text=why, end=_End(TaskState.FAILED, "--why"))


def remind(
    ctx: typer.Context,
    reference: Ticket,
    task: TaskNumber,
    how: Annotated[str | None, typer.Option(metavar="TEXT", help="How, and whom.")] = None,
) -> None:
    """Remind whoever has the task.

    Examples:
        dsr task remind 42 2 --how "mail to the SMS gateway's privacy desk"
        dsr task remind 42 2 --how @mail.txt
    """
    _end(ctx, reference, [task], text=how, end=_End(TaskState.REMINDED, "--how"))


def except_(
    ctx: typer.Context,
    reference: Ticket,
    task: TaskNumber,
    code: Annotated[str, typer.Option(metavar="CODE", help="law own_authorisation unreachable.")],
    why: Annotated[str | None, typer.Option(metavar="TEXT", help="Text, @file or -.")] = None,
) -> None:
    """Except a task, with the reason.

    A recipient need not delete where a law says otherwise or the person authorised it apart.

    Examples:
        dsr task except 42 2 --code law --why "tax records, Tax Collection Law Art. 24"
        dsr task except 42 3 --code own_authorisation --why @authorisation.txt
    """
    _end(ctx, reference, [task], text=why, end=_End(TaskState.EXCEPTED, "--why", code))


@dataclass(frozen=True, slots=True)
class _End:
    """What the options say of a task's end, and by which option its text is given."""

    state: TaskState
    option: str
    code: str | None = None
    not_owner: bool = False


def _end(
    ctx: typer.Context, reference: str, tasks: list[int], *, text: str | None, end: _End
) -> None:
    """Record the end of tasks, one by one: where one of several fails, the rest goes on."""
    from dsr.services import fulfilment

    app = app_of(ctx)
    desk = open_desk(app)
    result = app.read_text(text, "what happened", option=end.option)
    number = one_number(app, desk, reference)
    ended = fulfilment.TaskEnd(end.state, result, end.code, end.not_owner)
    app.each(
        [Reference(task) for task in dict.fromkeys(tasks)],
        lambda task: fulfilment.work_task(desk, number, task.number, ended),
        STEPS,
    )
