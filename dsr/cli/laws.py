"""Commands that look up and check the law packs."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dsr.cli.options import Fields
from dsr.cli.show import app_of
from dsr.errors import CheckError
from dsr.output.render import Column
from dsr.output.visible import cell_width

if TYPE_CHECKING:
    from dsr.services.lawbook import ClockLine, LawView

LAWS = (
    Column("code", "Code"),
    Column("name", "Law"),
    Column("version", "Version"),
    Column("on", "On"),
    Column("citation"),
)
GROUNDS = (
    Column("code", "Code"),
    Column("name", "Ground"),
    Column("kinds", "For"),
    Column("owes", "Owes"),
    Column("approvers", "Approved by"),
    Column("citation", "Source"),
)
KEYS = ("code", "names", "version", "citation", "calendar", "clocks", "rules")
LINTED = (Column("file", "File"), Column("result", "Result"), Column("text", "What"))
LINE = 58  # of a terminal of 80 columns, what is left beside the titles


def law_list(ctx: typer.Context, fields: Fields = None) -> None:
    """Show the law packs.

    Examples:
        dsr law list
        dsr law list -o json
    """
    from dsr.services import lawbook

    app = app_of(ctx)
    app.rows(lawbook.laws(app.settings.laws), LAWS, fields=fields)


def law_show(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="CN, EU, ...; see dsr law list.")],
) -> None:
    """Show one law pack.

    Each statement stands with its source and how sure it is: verified in the official text,
    secondary, or this house's own design.

    Examples:
        dsr law show CN
        dsr law show EU -o json
    """
    from dsr.services import lawbook

    app = app_of(ctx)
    view = lawbook.law_view(code)
    if app.is_for_people:
        told = dict(_told(view))
        app.record(told, [Column(title, title) for title in told])
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
        Path | None, typer.Argument(metavar="[FOLDER]", help="The shipped rules without it.")
    ] = None,
    fields: Fields = None,
) -> None:
    """Check a folder of rules.

    Keys, citations and calendar days are checked, and every example is computed. Exit code 10 if
    something is wrong.

    Examples:
        dsr law lint
        dsr law lint ~/privacy/rules -o json
    """
    from dsr.services import lawbook

    app = app_of(ctx)
    found = lawbook.lint(folder.expanduser() if folder else None)
    app.rows(found, LINTED, fields=fields, limit="all")
    wrong = sum(one.result == lawbook.WRONG for one in found)
    if wrong:
        raise CheckError(f"{wrong} of {len(found)} files are wrong", hint="correct what is named")


def _told(view: "LawView") -> Iterator[tuple[str, str]]:
    """Give a law as titles and texts that fit 80 columns."""
    yield "Law", f"{view.code}  {view.names['en']}"
    yield "Source", _wrapped(view.citation)
    yield "Version", f"{view.version}, working days of: {view.calendar}"
    for number, clock in enumerate(view.clocks, start=1):
        yield f"Clock {number}", "\n".join(map(_wrapped, _clock(clock)))
    counts: dict[str, int] = {}
    for rule in view.rules:
        counts[rule.rule] = counts.get(rule.rule, 0) + 1
        title = rule.rule.capitalize() + (f" {counts[rule.rule]}" * (counts[rule.rule] > 1))
        yield title, f"{_wrapped(rule.text)}\n{_wrapped(f'{rule.citation} ({rule.certainty})')}"


def _clock(clock: "ClockLine") -> Iterator[str]:
    from dsr.services import lawbook

    scopes = f" ({', '.join(clock.scopes)})" if clock.scopes else ""
    yield ", ".join(clock.kinds) + scopes
    unit = clock.unit.replace("_", " ")
    act = f"; done within {clock.act_by}" if clock.act_by else ""
    more = "; can be extended" if clock.extendable else ""
    yield f"{clock.amount} {unit}, {lawbook.MODES[clock.mode]}{act}{more}"
    yield f"{clock.citation} ({clock.certainty})"


def _wrapped(text: str) -> str:
    """Break a text into lines; Chinese letters are two columns wide and break anywhere."""
    lines = [""]
    for piece in re.findall(r"[!-~]+ *|.", text):
        if cell_width(lines[-1] + piece.rstrip()) > LINE:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)
