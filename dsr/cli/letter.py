"""The command letter: any letter of a ticket, previewed, frozen, shown or laid down."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dsr.cli.desk import open_desk
from dsr.cli.show import App, app_of
from dsr.cli.tickets import Language, Ticket, numbers, one_number
from dsr.domain.vocabulary import LetterName
from dsr.errors import UsageError
from dsr.letters.forms import Form
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.services.desk import Desk
    from dsr.services.letters import LetterRequest
    from dsr.store.tables.letters import LetterRow

LETTER = (
    Column("subject", "Subject"),
    Column("text", "Text"),
    Column("language", "Language"),
    Column("sha256", "SHA-256"),
)


def letter(
    ctx: typer.Context,
    reference: Ticket,
    name: Annotated[LetterName, typer.Argument(metavar="LETTER", help="As deletion or refusal.")],
    language: Language = None,
    question: Annotated[
        str | None, typer.Option("--ask", metavar="TEXT", help="What a clarification asks.")
    ] = None,
    why: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Why, as a lifting tells it.")
    ] = None,
    frozen: Annotated[bool, typer.Option("--frozen", help="As it went out.")] = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="With --dir: as it would be; nothing is frozen.")
    ] = False,
    form: Annotated[
        Form | None, typer.Option("--as", metavar="text|html|pdf", help="In this form only.")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--dir", metavar="DIR", help="Freeze it, and lay it here with a mail."),
    ] = None,
) -> None:
    """Preview any letter.

    Nothing is stored without --dir, or with --preview. The approver reads the same letter in his
    own language with --language. A letter is laid down as text, as a page and, where that can be
    made, as a PDF. Notices to recipients are laid down and shown all, one for each of them.

    Examples:
        dsr letter 42 acknowledgement
        dsr letter 42 deletion --language en
        dsr letter case:17 acknowledgement --dir out
        dsr letter 42 refusal --preview --as pdf --dir out
        dsr letter 42 identity_request --frozen
    """
    from dsr.services import letters, previews

    app = app_of(ctx)
    if form is Form.PDF and to is None:
        raise UsageError("a PDF is laid in a folder", hint="--dir DIR")
    desk = open_desk(app)
    number = number_of_letter(app, desk, reference, name)
    asked = app.read_text(question, "the question", option="--ask") if question is not None else ""
    reason = app.read_text(why, "the reason", option="--why") if why is not None else ""
    request = letters.LetterRequest(name, question=asked, reason=reason, language=language)
    if to is not None and not (preview or frozen):
        _freeze(app, desk, (number, request), (to, form))
        return
    read = previews.frozen if frozen else previews.previewed
    found = read(desk, number, request)
    if to is not None:
        for file in previews.lay_read(found, form, to):
            app.say(f"written: {file}")
        if form is None:
            say_if_no_pdf(app)
    if form is Form.HTML and to is None:
        for each in found:
            typer.echo(previews.in_form_of(each, form))
        return
    _show_all(app, [each.words() for each in found])


def _freeze(
    app: App,
    desk: "Desk",
    what: "tuple[int, LetterRequest]",
    where: tuple[Path, Form | None],
) -> None:
    """Freeze a letter, and lay it down; what is frozen already is laid down again."""
    from dsr.services import mails

    folder, form = where
    forms = (form,) if form else None
    rows, files = mails.freeze(desk, *what, folder, forms=forms)
    for file in files:
        app.say(f"written: {file}")
    if form is None:
        say_if_no_pdf(app)
    _show_all(app, [_of_row(row) for row in rows])


def _of_row(row: "LetterRow") -> dict[str, str]:
    return {column.key: getattr(row, column.key) for column in LETTER}


def say_if_no_pdf(app: App) -> None:
    """Say how the program comes to print, where it cannot yet."""
    from dsr.letters.printed import INSTALL, lacking

    if app.is_for_people and (why := lacking()) is not None:
        app.say(f"no PDF was made: {why} ({INSTALL})")


def number_of_letter(app: App, desk: "Desk", reference: str, name: LetterName) -> int:
    """Return the ticket that a letter is of; one that goes out once for a case, of its first.

    Raises:
        UsageError: Several tickets were named for a letter of one.
    """
    from dsr.services.letter_asking import OF_THE_CASE

    once = {*OF_THE_CASE, LetterName.CASE_ANSWER}
    if reference.startswith("case:") and name in once:
        return numbers(app, desk, [reference])[0]
    return one_number(app, desk, reference)


def _show_all(app: App, found: Sequence[dict[str, str]]) -> None:
    """Show letters; for programs one is a record, and several are rows."""
    if len(found) > 1 and not app.is_for_people:
        app.rows(found, LETTER, limit="all")
        return
    for each in found:
        show_letter(app, each)


def show_letter(app: App, found: dict[str, str]) -> None:
    """Show one letter as text; for programs as a record."""
    if app.is_for_people:
        from dsr.output.visible import visible

        typer.echo(visible(f"{found['subject']}\n\n{found['text']}", keep_lines=True))
    else:
        app.record(found, LETTER)
