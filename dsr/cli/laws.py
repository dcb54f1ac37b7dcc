"""Commands that look up, check and compare the law packs."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dsr.cli.desk import open_desk
from dsr.cli.options import Fields
from dsr.cli.show import App, app_of
from dsr.errors import CheckError
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.domain.law import Law
    from dsr.services.law_changes import TicketChange

MOST_NAMED = 10
LAWS = (
    Column("code", "Code"),
    Column("name", "Law"),
    Column("version", "Version"),
    Column("on", "On"),
    Column("citation"),
    Column("in_force", "In force"),
    Column("of", "Of"),
    Column("replaces", "Replaces"),
    Column("warning"),
)
GROUNDS = (
    Column("code", "Code"),
    Column("name", "Ground"),
    Column("kinds", "For"),
    Column("owes", "Owes"),
    Column("approvers", "Approved by"),
    Column("citation", "Source"),
)
KEYS = (
    *("code", "names", "version", "citation", "calendar", "clocks", "rules", "of", "replaces"),
    *("why", "in_force", "zone", "what_if_place", "places", "rights", "grounds", "unknown_grounds"),
    "bases",
)
LINTED = (
    Column("file", "File"),
    Column("result", "Result"),
    Column("text", "What"),
    Column("key", "Key"),
    Column("rule", "Rule"),
    Column("citation", "Article"),
    Column("hint"),
    Column("of", "Of"),
)
CHANGES = (
    Column("part", "What"),
    Column("names", "Of"),
    Column("change", "Change"),
    Column("old", "Old"),
    Column("new", "New"),
)
TICKETS = (
    Column("number", "Ticket"),
    Column("kind", "Kind"),
    Column("moves", "Moves"),
    Column("pinned"),
    Column("old_due_on", "Due"),
    Column("new_due_on", "New due"),
    Column("old_target_on"),
    Column("new_target_on", "New target"),
    Column("old_act_by_on"),
    Column("new_act_by_on"),
    Column("grounds", "Grounds"),
    Column("note"),
)
Code = Annotated[str, typer.Argument(metavar="CODE", help="CN, EU, ...; see dsr law list.")]
State = typer.Argument(help="CODE, CODE@VERSION, or a file.")


def law_list(ctx: typer.Context, fields: Fields = None) -> None:
    """Show the law packs.

    The organisation's own say which version of a shipped pack they replace. A pack that is wrong,
    or whose shipped one has moved on, is told apart.

    Examples:
        dsr law list
        dsr law list -o json
    """
    from dsr.services import lawbook

    app = _with_own_rules(ctx)
    found = lawbook.laws(app.settings.laws)
    app.rows(found, LAWS, fields=fields, limit="all")
    for each in found if app.is_for_people else ():
        if each.warning:
            app.say(f"{each.code}: {each.warning}")


def law_show(
    ctx: typer.Context,
    code: Code,
    version: Annotated[
        str | None, typer.Option(metavar="DATE", help="An earlier one, as a ticket pins it.")
    ] = None,
) -> None:
    """Show one law pack.

    Each statement stands with its source and how sure it is: verified in the official text,
    secondary, or this house's own design.

    Examples:
        dsr law show CN
        dsr law show EU --version 2026-11-23 -o json
    """
    from dsr.cli.law_screen import told
    from dsr.services import lawbook

    app = _with_own_rules(ctx)
    view = lawbook.law_view(code, version)
    if app.is_for_people:
        titled = dict(told(view))
        app.record(titled, [Column(title, title) for title in titled])
    else:
        app.record(view, [Column(key) for key in KEYS])


def law_grounds(ctx: typer.Context, fields: Fields = None) -> None:
    """Show why less may be given than was asked.

    Each ground stands with the kinds that it is for, what it owes, and who must approve it.

    Examples:
        dsr law grounds
        dsr law grounds --fields code,owes
    """
    from dsr.services import lawbook

    app_of(ctx).rows(lawbook.grounds(), GROUNDS, fields=fields, limit="all")


def law_lint(
    ctx: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[FOLDER]", help="The shipped rules and your own without it."),
    ] = None,
    fields: Fields = None,
) -> None:
    """Check a folder of rules.

    Keys, citations, texts and calendar days are checked, and every example is computed. Every fault
    of every file is told. Exit code 10 if something is wrong.

    Examples:
        dsr law lint
        dsr law lint ~/privacy/rules -o json
    """
    from dsr.cli.law_screen import linted
    from dsr.services import linting

    app = app_of(ctx)
    found = linting.lint(folder.expanduser() if folder else None, app.settings.rules_folder)
    if app.is_for_people and fields is None:
        typer.echo(linted(found))
    else:
        app.rows(found, LINTED, fields=fields, limit="all")
    files = {(one.of, one.file) for one in found}
    wrong = {(one.of, one.file) for one in found if one.result == linting.WRONG}
    if wrong:
        said = f"{len(wrong)} of {len(files)} files are wrong"
        raise CheckError(said, hint="correct what is named")


def law_diff(
    ctx: typer.Context,
    old: Annotated[str, State],
    new: Annotated[str, State],
    tickets: Annotated[
        bool, typer.Option("--tickets", help="The open tickets that would change instead.")
    ] = False,
    fields: Fields = None,
) -> None:
    """Show what differs between two states of a law.

    With --tickets: the open tickets whose dates or grounds would change, those with an earlier date
    first. Nothing is changed.

    Examples:
        dsr law diff EU@2026-11-23 EU
        dsr law diff EU draft/eu.toml --tickets
    """
    from dsr.cli.law_screen import diffed
    from dsr.services import law_changes

    app = _with_own_rules(ctx)
    before, after = law_changes.law_of(old), law_changes.law_of(new)
    if tickets:
        _show_tickets(app, before, after, fields)
        return
    found = law_changes.changes(before, after)
    if app.is_for_people and found and fields is None:
        typer.echo(f"{before.code} {before.version} -> {after.code} {after.version}\n")
        typer.echo(diffed(found))
    else:
        app.rows(found, CHANGES, fields=fields, limit="all")


def _show_tickets(app: App, old: "Law", new: "Law", fields: str | None) -> None:
    """Show the tickets as they come, and alert where a date moves to an earlier day."""
    from dsr.services import law_changes

    earlier: list[int] = []
    found = law_changes.ticket_changes(open_desk(app), old, new)
    app.rows(_noting(found, earlier), TICKETS, fields=fields, limit="all")
    if earlier:
        many = "tickets" if len(earlier) > 1 else "ticket"
        named = ", ".join(map(str, earlier[:MOST_NAMED])) + " ..." * (len(earlier) > MOST_NAMED)
        app.say(f"EARLIER: {len(earlier)} {many} would be due on an earlier day: {named}")


def _noting(found: "Iterator[TicketChange]", earlier: list[int]) -> "Iterator[TicketChange]":
    from dsr.domain.moves import Way

    for each in found:
        if each.moves == Way.EARLIER:
            earlier.append(each.number)
        yield each


def _with_own_rules(ctx: typer.Context) -> App:
    """Return the run, which reads the organisation's own rules before the shipped ones."""
    from dsr.rules import book

    app = app_of(ctx)
    book.use(app.settings.rules_folder)
    return app
