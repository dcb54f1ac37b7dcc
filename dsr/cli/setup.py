"""Commands that make, show and check the office's set-up."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dsr.cli.options import Fields
from dsr.cli.show import App, app_of
from dsr.config import KNOWN, file_place
from dsr.errors import CheckError, DsrError, UsageError
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.services.doctor import Check

MADE = (Column("what", "What"), Column("place", "Where"), Column("result", "Result"))
SETTINGS = (
    Column("setting", "Setting"),
    Column("value", "Value"),
    Column("origin", "From"),
    Column("meaning"),
)
CHECKS = (
    Column("check", "Check"),
    Column("result", "Result"),
    Column("text", "What"),
    Column("command", "Do"),
)


def init(
    ctx: typer.Context,
    shared: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="An office of several on one machine, in this folder."),
    ] = None,
    group: Annotated[
        str, typer.Option(metavar="GROUP", help="The system's group of its officers.")
    ] = "",
) -> None:
    """Make the office: database, key, first officer.

    What is there stays as it is. The database and the officer that options name are written into
    the configuration file, so that later commands find them. With --shared the folder is the
    group's (2770), two officers are two users of the system, and each points DSR_CONFIG to its
    configuration file; letters and packages stay in each one's own workspace.

    Examples:
        dsr init
        dsr --db /srv/privacy/office.sqlite3 --as li init
        dsr init --shared /srv/privacy --group privacy
    """
    if shared is not None:
        _init_shared(app_of(ctx), shared, group)
        return
    if group:
        raise UsageError("--group is for an office of several", hint="--shared DIR")
    from dsr.cli.desk import open_desk
    from dsr.services import upkeep

    app = app_of(ctx)
    made = [upkeep.make_config(os.environ.get("DSR_CONFIG"), app.said)]
    file = upkeep.database_file(app.settings.database_url)
    is_new = file is None or not file.exists()
    made += upkeep.make_office(open_desk(app), new_database=is_new)
    app.rows(made, MADE)
    if app.is_for_people:
        app.say("next: dsr source add DATAMAP --url KEY=PATH, then dsr import MAILBOX, dsr next")
        app.say(f"keep a copy of the key apart from the database: {app.settings.key_file}")


def _init_shared(app: App, folder: Path, group: str) -> None:
    from dsr.cli.desk import open_desk
    from dsr.services import shared, upkeep

    shared.check_options(app.said, group)
    made = shared.make_shared(folder, group)
    app.said.update(shared.said_for(folder))  # whatever else the environment leads to
    made += upkeep.make_office(open_desk(app), new_database=made[-1].result == upkeep.MADE)[2:]
    app.rows(made, MADE)
    if app.is_for_people:
        app.say(f"each officer: export DSR_CONFIG={made[1].place}")
        app.say("next: dsr officer add NAME --os-user USER --roles approver; then each signs in")
        app.say(f"keep a copy of the key apart from the database: {app.settings.key_file}")


def config(ctx: typer.Context, fields: Fields = None) -> None:
    """Show each setting and where it comes from.

    Options stand above the environment, that above the configuration file. Passwords are not shown.

    Examples:
        dsr config
        dsr config -o json --fields setting,value,origin
    """
    app = app_of(ctx)
    rows = [
        {
            "setting": name,
            "value": "***" if name == "imap_password" and setting.value else setting.shown or None,
            "origin": setting.origin,
            "meaning": KNOWN[name].meaning,
        }
        for name, setting in app.settings.said.items()
    ]
    app.rows(rows, SETTINGS, fields=fields)
    if app.is_for_people:
        file = app.settings.file
        app.say(f"configuration file: {file}" if file else f"no file {file_place()}: dsr init")


def doctor(
    ctx: typer.Context,
    fix: Annotated[
        bool,
        typer.Option("--fix", help="Destroy what is due or left over, make lost triggers again."),
    ] = False,
    fields: Fields = None,
) -> None:
    """Check the office's set-up.

    Exit code 10 if anything is wrong; what is only doubtful is a warning.

    Examples:
        dsr doctor
        dsr doctor --fix
        dsr doctor -o json --fields check,result
    """
    app = app_of(ctx)
    found = _examined(app, fix=fix)
    app.rows(found, CHECKS, fields=fields, limit="all")
    wrong = [one for one in found if one.result == "wrong"]
    if wrong:
        names = ", ".join(one.check for one in wrong)
        raise CheckError(f"wrong: {names}", hint=wrong[0].command or "dsr doctor", wrong=len(wrong))


def _examined(app: App, *, fix: bool) -> "list[Check]":
    from dsr.cli.desk import open_desk
    from dsr.services import doctor as checks
    from dsr.services import upkeep

    file = upkeep.database_file(app.settings.database_url)
    if file is not None and not file.exists():
        return [checks.Check("database", "wrong", f"{file} is not there", "dsr init")]
    try:
        desk = open_desk(app)
    except DsrError as error:
        return checks.without_desk(error)
    return checks.examine(desk, fix=fix)
