"""Commands that answer and end: letter, answer, close, reopen."""

from pathlib import Path
from typing import Annotated

import typer

from dsr.cli.desk import open_desk
from dsr.cli.options import DryRun, References
from dsr.cli.show import App, app_of
from dsr.cli.tickets import Language, Ticket, Why, each_step, one_number
from dsr.domain.vocabulary import Channel, LetterName, Outcome
from dsr.errors import UsageError
from dsr.output.render import Column

LETTER = (
    Column("subject", "Subject"),
    Column("text", "Text"),
    Column("language", "Language"),
    Column("sha256", "SHA-256"),
)
ANSWERED = (
    Column("number", "Ticket"),
    Column("status", "Status"),
    Column("outcome", "Outcome"),
    Column("letter", "Letter"),
    Column("files", "Files"),
    Column("passphrase", "Passphrase"),
    Column("next_command", "Next"),
)


def letter(
    ctx: typer.Context,
    reference: Ticket,
    name: Annotated[LetterName, typer.Argument(metavar="LETTER", help="As deletion or refusal.")],
    language: Language = None,
    frozen: Annotated[bool, typer.Option("--frozen", help="As it went out.")] = False,
    to: Annotated[
        Path | None,
        typer.Option("--dir", metavar="DIR", help="Freeze it, and lay it here as text and mail."),
    ] = None,
) -> None:
    """Preview any letter.

    Nothing is stored without --dir. The approver reads the same letter in his own language with
    --language.

    Examples:
        dsr letter 42 acknowledgement
        dsr letter 42 deletion --language en
        dsr letter 42 acknowledgement --dir out
        dsr letter 42 identity_request --frozen
    """
    from dsr.services import letters

    app = app_of(ctx)
    desk = open_desk(app)
    number = one_number(app, desk, reference)
    if to is not None:
        row, files = letters.freeze(desk, number, name, to, language=language)
        for file in files:
            app.say(f"written: {file}")
    if frozen or to is not None:
        row = letters.frozen(desk, number, name)
        found = {"subject": row.subject, "text": row.text, "language": row.language}
        found["sha256"] = row.sha256
    else:
        text = letters.preview(desk, number, name, language=language)
        found = {"subject": text.subject, "text": text.text, "sha256": text.sha256}
        found["language"] = letters.language_of(desk, number, language)
    _show_letter(app, found)


def _show_letter(app: App, found: dict[str, str]) -> None:
    if app.is_for_people:
        from dsr.output.visible import visible

        typer.echo(visible(f"{found['subject']}\n\n{found['text']}", keep_lines=True))
    else:
        app.record(found, LETTER)


def answer(
    ctx: typer.Context,
    reference: Ticket,
    to: Annotated[
        Path | None, typer.Option("--dir", metavar="DIR", help="Where letter and copy are laid.")
    ] = None,
    sent_by: Annotated[Channel, typer.Option("--sent-by", help="How you send it.")] = Channel.EMAIL,
    proof: Annotated[str, typer.Option(metavar="TEXT", help="What shows it was sent.")] = "",
    language: Language = None,
    again: Annotated[bool, typer.Option("--again", help="Encrypt an answered copy anew.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Send the answer, or record how it was sent.

    The letter is frozen and laid down as text and as a mail to send; a copy is encrypted, and its
    passphrase is shown once: give it by telephone, never with the copy. With --dry-run the letter
    is shown and nothing changes.

    Examples:
        dsr answer 42 --dry-run
        dsr answer 42 --dir /secure/out --proof "sent 2026-11-23 10:12"
        dsr answer 42 --sent-by post --proof "EMS 1049812345"
    """
    from dsr.services import answers

    app = app_of(ctx)
    desk = open_desk(app)
    number = one_number(app, desk, reference)
    handing = answers.Handing(to, sent_by.value, proof, language)
    if again:
        done = answers.hand_over_again(desk, number, handing)
    else:
        done = answers.answer(desk, number, handing, dry_run=dry_run)
    if dry_run:
        _show_letter(app, {"subject": done.subject, "text": done.text})
        return
    view = {name: getattr(done.view, name) for name in ("number", "status", "outcome")}
    rest = {"letter": done.letter, "files": done.files, "passphrase": done.passphrase}
    app.record({**view, **rest, "next_command": done.view.next_command}, ANSWERED)
    if done.passphrase and app.is_for_people:
        app.say("the passphrase is shown once and kept nowhere; --again makes another one")


def close(
    ctx: typer.Context,
    references: References,
    outcome: Annotated[
        Outcome | None,
        typer.Option("--as", metavar="OUTCOME", help="withdrawn lapsed duplicate not_a_request."),
    ] = None,
    why: Why = None,
    of: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="The ticket that a duplicate repeats.")
    ] = None,
    no_letter: Annotated[str, typer.Option(metavar="WHY", help="Why no letter is possible.")] = "",
    dry_run: DryRun = False,
) -> None:
    """Close tickets that need no answer.

    Whoever wrote is told by letter. An answered ticket closes by itself with its last task.

    Examples:
        dsr close 42 --as withdrawn --why "the person wrote so on 20 November"
        dsr close 43 --as duplicate --of 42 --why "the same letter by post"
    """
    from dsr.services import closing

    app = app_of(ctx)
    desk = open_desk(app)
    end = None
    if outcome is not None:
        words = app.read_text(why, "the reason", option="--why")
        end = closing.Closing(outcome, words, of, no_letter)
    elif why is not None or of is not None:
        raise UsageError("say how it ends", hint="--as withdrawn")
    each_step(app, desk, references, lambda n: closing.close(desk, n, end, dry_run=dry_run))


def reopen(
    ctx: typer.Context, references: References, why: Why = None, dry_run: DryRun = False
) -> None:
    """Reopen a closed ticket.

    Examples:
        dsr reopen 42 --why "the answer bounced"
        dsr reopen 42 --why @complaint.txt
    """
    from dsr.services import closing

    app = app_of(ctx)
    desk = open_desk(app)
    words = app.read_text(why, "the reason", option="--why")
    each_step(app, desk, references, lambda n: closing.reopen(desk, n, words, dry_run=dry_run))
