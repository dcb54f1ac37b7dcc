"""Commands on the phrases by which letters are understood: try, add, list, remove, quality."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from dsr.cli.arrived import SPAN, STATED
from dsr.cli.desk import open_desk
from dsr.cli.marking import marked
from dsr.cli.options import DryRun, Fields, OfWithdrawal
from dsr.cli.show import app_of
from dsr.domain.vocabulary import Kind
from dsr.errors import UsageError
from dsr.output.render import Column


def _said(flag: Any) -> str:
    return "yes" if flag else ""


READ_AS = (
    Column("language", "Language"),
    Column("requester_role", "Who writes"),
    Column("follow_up", "Reminder", _said),
    Column("smells", "Privacy", _said),
    Column("spans", "Found", columns=SPAN),
    Column("stated", "It states", columns=STATED),
    Column("identifiers", "Names"),
    Column("reasons", "Why"),
    Column("subject", "Subject"),
    Column("text", "Text"),
)
OWN = (
    Column("language", "Language"),
    Column("kind", "Kind"),
    Column("scope", "Scope"),
    Column("phrase", "Phrase"),
    Column("file", "File"),
)
QUALITY = (
    Column("language", "Language"),
    Column("kind", "Kind"),
    Column("texts", "Texts"),
    Column("found", "Found"),
    Column("wrong", "Wrong"),
    Column("precision", "Precision"),
    Column("recall", "Recall"),
)


def try_(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(metavar="@file|-", help="The text.")],
    subject: Annotated[str, typer.Option(metavar="@file", help="The subject, if any.")] = "",
    mail: Annotated[bool, typer.Option("--mail", help="It is a mail with its headers.")] = False,
) -> None:
    """Show how a text would be read.

    Nothing is kept. The words that ask for a right stand between » and «.

    Examples:
        dsr rules try @letter.txt
        pbpaste | dsr rules try -
        dsr rules try @mail.eml --mail -o json
    """
    from dsr.services import phrasing

    app = app_of(ctx)
    folder = app.settings.rules_folder
    if mail:
        with app.open_file(text.removeprefix("@"), "the mail") as stream:
            read = phrasing.try_mail(stream.read(), folder)
    else:
        about = app.read_private(subject, "the subject", option="--subject") if subject else ""
        read = phrasing.try_text(app.read_private(text, "the text", option="TEXT"), about, folder)
    if app.is_for_people:
        read = replace(read, text=marked(read.text, read.spans))
    app.record(read, READ_AS)
    if app.is_for_people and not read.spans:
        app.say('nothing asks for a right; teach one: dsr rules add KIND "THE WORDS"')


def add(
    ctx: typer.Context,
    kind: Annotated[Kind, typer.Argument(metavar="KIND", help="The right it asks for.")],
    phrase: Annotated[str, typer.Argument(metavar="PHRASE", help="The words, side by side.")],
    language: Annotated[str, typer.Option(metavar="CODE", help="Of the phrase, as de.")] = "en",
    scope: OfWithdrawal = None,
    dry_run: DryRun = False,
) -> None:
    """Teach a phrase: it goes into the office's own file.

    The file is RULES_FOLDER/phrases/CODE.toml; what it says is added to what comes with the
    program. The phrase is its own example, checked at once, and so is that no text by it asks
    that is known to ask for nothing.

    Examples:
        dsr rules add deletion "scratch me out of your ledger"
        dsr rules add withdrawal "basta spam" --language it --scope marketing
    """
    from dsr.services import teaching

    app = app_of(ctx)
    if kind is Kind.WITHDRAWAL and scope is None:
        raise UsageError("a withdrawal needs a scope", hint="--scope marketing")
    if kind is not Kind.WITHDRAWAL and scope is not None:
        raise UsageError("a scope is of a withdrawal", hint="leave --scope out")
    desk = open_desk(app)
    app.record(teaching.add(desk, language, phrase, kind, scope=scope, dry_run=dry_run), OWN)
    if dry_run:
        app.say("nothing was kept (--dry-run)")


def list_(ctx: typer.Context, fields: Fields = None) -> None:
    """Show the phrases of the office's own files.

    Examples:
        dsr rules list
        dsr rules list -o json
    """
    from dsr.services import teaching

    app = app_of(ctx)
    app.rows(teaching.listed(app.settings.rules_folder), OWN, limit="all", fields=fields)


def remove(
    ctx: typer.Context,
    language: Annotated[str, typer.Argument(metavar="CODE", help="Of the phrase, as de.")],
    phrase: Annotated[str, typer.Argument(metavar="PHRASE", help="As it was taught.")],
    dry_run: DryRun = False,
) -> None:
    """Take back a phrase that was taught.

    Examples:
        dsr rules remove en "scratch me out of your ledger"
        dsr rules remove it "basta spam" --dry-run
    """
    from dsr.services import teaching

    app = app_of(ctx)
    app.record(teaching.remove(open_desk(app), language, phrase, dry_run=dry_run), OWN)
    if dry_run:
        app.say("nothing was kept (--dry-run)")


def quality(
    ctx: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Labelled texts, a file a language.")
    ],
    fields: Fields = None,
) -> None:
    """Measure over labelled texts how letters are read.

    Examples:
        dsr rules quality fixtures/requests/*.toml
        dsr rules quality ours.toml -o csv
    """
    from dsr.services import phrasing

    app = app_of(ctx)
    found = phrasing.measure(files, app.settings.rules_folder)
    app.rows(found, QUALITY, limit="all", fields=fields)
