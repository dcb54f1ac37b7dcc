"""Commands that keep the registers of officers, recipients and clients."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dsr.cli.desk import open_desk
from dsr.cli.options import DryRun, Fields, Limit
from dsr.cli.pairs import listed, pairs
from dsr.cli.show import App, app_of
from dsr.errors import UsageError
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.services.desk import Desk
    from dsr.services.registers import Registered

RESULTS = (Column("key", "Key"), Column("result", "Result"))
OFFICERS = (
    Column("name", "Officer"),
    Column("full_name", "Name"),
    Column("roles", "Roles"),
    Column("os_user", "System user"),
    Column("active", "Active"),
)
CLIENTS = (Column("key", "Key"), Column("names", "Names"), Column("contact", "Contact"))
RECIPIENTS = (
    Column("key", "Key"),
    Column("names", "Names"),
    Column("type", "Type"),
    Column("contact"),
    Column("sources", "Sources"),
)

Officer = Annotated[str, typer.Argument(metavar="OFFICER", help="The officer's short name.")]
Roles = Annotated[
    str, typer.Option(metavar="ROLE,...", help="handler, approver, legal, auditor, admin.")
]
SystemUser = Annotated[
    str | None, typer.Option("--os-user", help="The operating-system user's name.")
]
Key = Annotated[str, typer.Argument(metavar="KEY", help="The short name in the register.")]
NewKey = Annotated[str | None, typer.Argument(metavar="[KEY]", help="A short name.")]
Names = Annotated[
    list[str] | None, typer.Option("--name", metavar="LANGUAGE=NAME", help="As letters call it.")
]
Contact = Annotated[str | None, typer.Option(help="Where it is written to.")]
File = Annotated[
    Path | None, typer.Option("--from", metavar="FILE", help="A TOML file that lists many.")
]


def officer_add(
    ctx: typer.Context,
    name: Officer,
    roles: Roles = "handler",
    full_name: Annotated[str, typer.Option(help="The officer's name in full.")] = "",
    os_user: SystemUser = None,
) -> None:
    """Add an officer.

    Examples:
        dsr officer add wang --roles approver --os-user wang
        dsr officer add chen --roles handler,legal --full-name "Chen Jing"
    """
    from dsr.services import registers

    app = app_of(ctx)
    desk = open_desk(app)
    done = registers.add_officer(desk, name, listed(roles), full_name=full_name, os_user=os_user)
    _show(app, [done])
    if os_user is None and app.is_for_people and app.settings.four_eyes == "user":
        app.say(f"officers differ here by system user: dsr officer set {name} --os-user USER")
    _say_if_not_alone(app, desk)


def officer_list(ctx: typer.Context, fields: Fields = None, limit: Limit = None) -> None:
    """Show the officers.

    Examples:
        dsr officer list
        dsr officer list -o csv --fields name,roles
    """
    from dsr.services import registers

    app = app_of(ctx)
    with open_desk(app).read() as session:
        app.rows(registers.officers(session), OFFICERS, fields=fields, limit=limit)


def officer_set(
    ctx: typer.Context,
    name: Officer,
    roles: Annotated[str | None, typer.Option(metavar="ROLE,...", help="All roles anew.")] = None,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="Whether the officer works here.")
    ] = None,
    os_user: SystemUser = None,
) -> None:
    """Change an officer's roles.

    Examples:
        dsr officer set wang --roles approver,legal
        dsr officer set chen --inactive
    """
    from dsr.services import registers

    if roles is None and active is None and os_user is None:
        raise UsageError(
            "nothing to change", hint="give --roles, --os-user, --active or --inactive"
        )
    app = app_of(ctx)
    desk = open_desk(app)
    words = None if roles is None else listed(roles)
    _show(app, [registers.set_officer(desk, name, roles=words, active=active, os_user=os_user)])
    _say_if_not_alone(app, desk)


def recipient_add(
    ctx: typer.Context,
    key: NewKey = None,
    name: Names = None,
    type_: Annotated[
        str,
        typer.Option("--type", help="entrusted, affiliate, partner, client_designated, authority."),
    ] = "entrusted",
    contact: Contact = None,
    sources: Annotated[
        str | None, typer.Option(metavar="SOURCE,...", help="What it got: crm, or crm.contacts.")
    ] = None,
    file: File = None,
    dry_run: DryRun = False,
) -> None:
    """Add a recipient.

    Examples:
        dsr recipient add sms --name en="Sms Ltd." --name zh=短信公司 --sources crm.contacts
        dsr recipient add --from registers.toml --dry-run
    """
    from dsr.services import parties

    def typed(known_as: str) -> parties.Recipient:
        names, places = pairs(name or [], "--name"), tuple(listed(sources))
        return parties.Recipient(known_as, names, type_, contact, places)

    entries = _entries(key, file, typed, parties.recipients_in)
    app = app_of(ctx)
    _show(app, parties.add_recipients(open_desk(app), entries, dry_run=dry_run), dry_run=dry_run)


def recipient_list(ctx: typer.Context, fields: Fields = None, limit: Limit = None) -> None:
    """Show the recipients.

    Examples:
        dsr recipient list
        dsr recipient list --fields key,contact
    """
    from dsr.services import parties

    app = app_of(ctx)
    with open_desk(app).read() as session:
        app.rows(parties.recipients(session), RECIPIENTS, fields=fields, limit=limit)


def recipient_remove(ctx: typer.Context, key: Key) -> None:
    """Remove a recipient.

    What tickets say of it stays.

    Examples:
        dsr recipient remove sms
        dsr recipient remove expo_partner -o json
    """
    from dsr.services import parties

    app = app_of(ctx)
    _show(app, [parties.remove_recipient(open_desk(app), key)])


def client_add(
    ctx: typer.Context,
    key: NewKey = None,
    name: Names = None,
    contact: Contact = None,
    file: File = None,
    dry_run: DryRun = False,
) -> None:
    """Add a client.

    Examples:
        dsr client add lanhai --name en="Lanhai Dairy" --contact privacy@lanhai.example.com
        dsr client add --from registers.toml
    """
    from dsr.services import parties

    def typed(known_as: str) -> parties.Client:
        return parties.Client(known_as, pairs(name or [], "--name"), contact)

    entries = _entries(key, file, typed, parties.clients_in)
    app = app_of(ctx)
    _show(app, parties.add_clients(open_desk(app), entries, dry_run=dry_run), dry_run=dry_run)


def client_list(ctx: typer.Context, fields: Fields = None, limit: Limit = None) -> None:
    """Show the clients.

    Examples:
        dsr client list
        dsr client list -o json
    """
    from dsr.services import parties

    app = app_of(ctx)
    with open_desk(app).read() as session:
        app.rows(parties.clients(session), CLIENTS, fields=fields, limit=limit)


def client_remove(ctx: typer.Context, key: Key) -> None:
    """Remove a client.

    What tickets say of it stays.

    Examples:
        dsr client remove lanhai
        dsr client remove northgate -o json
    """
    from dsr.services import parties

    app = app_of(ctx)
    _show(app, [parties.remove_client(open_desk(app), key)])


def _entries(
    key: str | None,
    file: Path | None,
    typed: Callable[[str], Any],
    read: Callable[[Path], list[Any]],
) -> list[Any]:
    """Return the one entry that was typed, or those of a file."""
    if (key is None) == (file is None):
        raise UsageError("give either a KEY with its --name, or --from FILE")
    return read(file.expanduser()) if file is not None else [typed(key or "")]


def _show(app: App, done: "list[Registered]", *, dry_run: bool = False) -> None:
    app.rows(done, RESULTS, limit="all")
    if dry_run:
        app.say("nothing was changed (--dry-run)")


def _say_if_not_alone(app: App, desk: "Desk") -> None:
    """Say what an office of one must change when a second officer may approve."""
    from dsr.services import registers

    if app.is_for_people and app.settings.four_eyes == "alone":
        with desk.read() as session:
            several = len(registers.approvers(session)) > 1
        if several:
            app.say('several officers may approve now: set four_eyes = "user" (dsr config)')
