"""Commands that keep the company's systems: connecting, checking, previewing."""

from pathlib import Path
from typing import Annotated

import typer

from dsr.cli.desk import open_desk
from dsr.cli.options import DryRun, Fields, Limit
from dsr.cli.pairs import listed, pairs
from dsr.cli.registers import RESULTS
from dsr.cli.show import app_of
from dsr.errors import CheckError, UsageError
from dsr.output.render import Column

SOURCES = (
    Column("key", "Key"),
    Column("label", "Label"),
    Column("url", "URL"),
    Column("datamap", "Datamap"),
)
FINDINGS = (
    Column("source", "Source"),
    Column("collection", "Collection"),
    Column("result", "Result"),
    Column("text", "What"),
)
FOUND = (
    Column("source", "Source"),
    Column("collection", "Collection"),
    Column("result", "Result"),
    Column("rows", "Rows"),
    Column("warnings", "Warnings"),
)

ERASED = (
    Column("source", "Source"),
    Column("collection", "Collection"),
    Column("key", "Key"),
    Column("field", "Field"),
    Column("strategy"),
    Column("result", "Result"),
    Column("after", "After"),
    Column("reason", "Reason"),
    Column("rows"),
)

Datamaps = Annotated[
    list[Path], typer.Argument(metavar="DATAMAP...", help="Files that describe the sources.")
]
Places = Annotated[
    list[str] | None,
    typer.Option(
        "--url", metavar="KEY=URL", help="A SQLite file's path, a URL, env:NAME or file:PATH."
    ),
]
Key = Annotated[str, typer.Argument(metavar="KEY", help="The source's key.")]


def source_add(
    ctx: typer.Context, datamaps: Datamaps, url: Places = None, dry_run: DryRun = False
) -> None:
    """Add a source.

    Each dataset of a datamap becomes one. The datamap is read where it is each time.

    Examples:
        dsr source add datamap.yaml --url crm=/srv/crm.db --url billing=env:BILLING_URL
        dsr source add datamap.yaml --url crm=/srv/crm.db --dry-run
    """
    from dsr.services import connecting

    places = pairs(url or [], "--url")
    app = app_of(ctx)
    done = connecting.add_sources(open_desk(app), datamaps, places, dry_run=dry_run)
    app.rows(done, RESULTS, limit="all")
    if dry_run:
        app.say("nothing was changed (--dry-run)")
    elif app.is_for_people:
        app.say("next: dsr source check")


def source_list(ctx: typer.Context, fields: Fields = None, limit: Limit = None) -> None:
    """Show the sources.

    Examples:
        dsr source list
        dsr source list -o json --fields key,url
    """
    from dsr.services import connecting

    app = app_of(ctx)
    with open_desk(app).read() as session:
        app.rows(connecting.sources(session), SOURCES, fields=fields, limit=limit)


def source_check(
    ctx: typer.Context,
    key: Annotated[str | None, typer.Argument(metavar="[KEY]", help="One source only.")] = None,
    fields: Fields = None,
    limit: Limit = None,
) -> None:
    """Check that a source answers.

    Its tables and columns are compared with the datamap. Exit code 10 if something is found.

    Examples:
        dsr source check
        dsr source check crm -o json
    """
    from dsr.services import connecting

    app = app_of(ctx)
    findings = connecting.check_sources(open_desk(app), key)
    found = [one for one in findings if one.result != connecting.FINE]
    if found or not app.is_for_people:
        app.rows(found if app.is_for_people else findings, FINDINGS, fields=fields, limit=limit)
    else:
        app.say(f"{len(findings)} checks, nothing found")
    if found:
        raise CheckError(
            f"{len(found)} of {len(findings)} checks found something",
            hint="mend the datamap or the source, then: dsr source add DATAMAP --url KEY=URL",
        )


def source_preview(
    ctx: typer.Context,
    datamaps: Datamaps,
    identity: Annotated[
        list[str],
        typer.Option(metavar="NAME=@FILE", help="What a person is known by: email=@file, or -."),
    ],
    url: Places = None,
    categories: Annotated[
        str | None, typer.Option(metavar="CATEGORY,...", help="Only these data categories.")
    ] = None,
    erase: Annotated[
        str | None,
        typer.Option(
            metavar="STRATEGY", help="What an erasure would change: null_rewrite, hash=SHA-512 ..."
        ),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="With --erase: carry it out, in systems for tests.")
    ] = False,
    fields: Fields = None,
    limit: Limit = None,
) -> None:
    """Show what a search would find.

    For setting a datamap up; only an admin may do this, and it is logged. With --erase it shows
    each cell that an erasure would change, by STRATEGY where the datamap says nothing, and what it
    would leave; STRATEGY may hold its main setting, or be JSON as in a datamap.

    Examples:
        dsr source preview datamap.yaml --url crm=/srv/crm.db --identity email=@address.txt
        dsr source preview crm.yaml --url crm=t.db --identity email=@who --erase string_rewrite=X
    """
    from dsr.services import previewing, strategies

    app = app_of(ctx)
    if write and erase is None:
        raise UsageError("--write is for an erasure", hint="--erase STRATEGY --write")
    strategy = strategies.strategy_of(erase) if erase is not None else None
    identities = {
        name: (app.read_private(value, f"the identity {name}", option=f"--identity {name}="),)
        for name, value in pairs(identity, "--identity").items()
    }
    places = pairs(url or [], "--url")
    if not places:
        raise UsageError("no source would be asked", hint="--url KEY=URL")
    trial = previewing.Trial(datamaps, places, identities, tuple(listed(categories)) or None)
    if strategy is None:
        app.rows(previewing.preview(open_desk(app), trial), FOUND, fields=fields, limit=limit)
        return
    found = previewing.preview_erasure(open_desk(app), trial, strategy, write=write)
    app.rows(found, ERASED, fields=fields, limit=limit)
    for line in previewing.summed_up(found):
        app.say(line)
    previewing.insist_on_all(found)


def source_remove(ctx: typer.Context, key: Key) -> None:
    """Remove a source.

    It is searched no more; what tickets say of it stays.

    Examples:
        dsr source remove crm
        dsr source remove billing -o json
    """
    from dsr.services import connecting

    app = app_of(ctx)
    app.rows([connecting.remove_source(open_desk(app), key)], RESULTS)
