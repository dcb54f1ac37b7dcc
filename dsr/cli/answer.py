"""Commands that answer and end: letter, answer, close, reopen."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dsr.cli.desk import open_desk
from dsr.cli.options import DryRun, References
from dsr.cli.show import App, app_of
from dsr.cli.tickets import STEPS, Language, Ticket, Why, each_step, numbers, one_number
from dsr.domain.vocabulary import Channel, LetterName, Outcome
from dsr.errors import UsageError
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.services.answers import Answered
    from dsr.services.desk import Desk
    from dsr.services.sending import Handing
    from dsr.store.tables.letters import LetterRow

LETTER = (
    Column("subject", "Subject"),
    Column("text", "Text"),
    Column("language", "Language"),
    Column("sha256", "SHA-256"),
)
SHOWN_ONCE = "the passphrase is shown once and kept nowhere; --again makes another one"
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
    question: Annotated[
        str | None, typer.Option("--ask", metavar="TEXT", help="What a clarification asks.")
    ] = None,
    why: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Why, as a lifting tells it.")
    ] = None,
    frozen: Annotated[bool, typer.Option("--frozen", help="As it went out.")] = False,
    to: Annotated[
        Path | None,
        typer.Option("--dir", metavar="DIR", help="Freeze it, and lay it here as text and mail."),
    ] = None,
) -> None:
    """Preview any letter.

    Nothing is stored without --dir. The approver reads the same letter in his own language with
    --language. Notices to recipients are laid down and shown all, one for each of them.

    Examples:
        dsr letter 42 acknowledgement
        dsr letter 42 deletion --language en
        dsr letter case:17 acknowledgement --dir out
        dsr letter 42 recipient_notice --dir out
        dsr letter 42 identity_request --frozen
    """
    from dsr.services import letters, mails

    app = app_of(ctx)
    desk = open_desk(app)
    number = number_of_letter(app, desk, reference, name)
    asked = app.read_text(question, "the question", option="--ask") if question is not None else ""
    reason = app.read_text(why, "the reason", option="--why") if why is not None else ""
    request = letters.LetterRequest(name, question=asked, reason=reason, language=language)
    if to is not None:
        rows, files = mails.freeze(desk, number, request, to)
        for file in files:
            app.say(f"written: {file}")
        _show_letters(app, rows)
    elif frozen:
        _show_letters(app, letters.frozen(desk, number, name))
    else:
        text = letters.preview(desk, number, request)
        found = {"subject": text.subject, "text": text.text, "sha256": text.sha256}
        found["language"] = letters.language_of(desk, number, language)
        _show_letter(app, found)


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


def _show_letters(app: App, rows: "Sequence[LetterRow]") -> None:
    """Show frozen letters; for programs one is a record, and several are rows."""
    keys = [column.key for column in LETTER]
    found = [{key: getattr(row, key) for key in keys} for row in rows]
    if len(found) > 1 and not app.is_for_people:
        app.rows(found, LETTER, limit="all")
        return
    for each in found:
        _show_letter(app, each)


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
    sent_by: Annotated[
        Channel | None, typer.Option("--sent-by", help="How you send it; else by email.")
    ] = None,
    proof: Annotated[str, typer.Option(metavar="TEXT", help="What shows it was sent.")] = "",
    language: Language = None,
    again: Annotated[bool, typer.Option("--again", help="Encrypt an answered copy anew.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Send the answer, or record how it was sent.

    The letter is frozen and laid down as text and as a mail to send; a copy is encrypted, and its
    passphrase is shown once: give it by telephone, never with the copy. With --dry-run the letter
    is shown and nothing changes. Without a proved mail address another way is named by --sent-by;
    the answer then counts as sent with --proof, which may also be recorded later. For case:17 one
    letter answers all of its tickets that are ready, and names the others.

    Examples:
        dsr answer 42 --dry-run
        dsr answer 42 --dir /secure/out --proof "sent 2026-11-23 10:12"
        dsr answer case:17 --dir /secure/out
        dsr answer 42 --sent-by post --proof "EMS 1049812345"
    """
    from dsr.services import answers, sending

    app = app_of(ctx)
    desk = open_desk(app)
    if reference.startswith("case:") and not again:
        case = _one_case(app, reference)
        waiting = [n for n in numbers(app, desk, [reference]) if sending.waits(desk, n)]
        if proof and waiting and not dry_run:
            app.rows([sending.record_sending(desk, waiting[0], proof, sent_by)], STEPS)
            return
        handing = sending.Handing(to, sent_by or Channel.EMAIL, proof, language)
        _answer_case(app, desk, case, (handing, dry_run))
        return
    number = one_number(app, desk, reference)
    if proof and not again and not dry_run and sending.waits(desk, number):
        app.rows([sending.record_sending(desk, number, proof, sent_by)], STEPS)
        return
    handing = sending.Handing(to, sent_by or Channel.EMAIL, proof, language)
    if again:
        done = answers.hand_over_again(desk, number, handing)
    else:
        done = answers.answer(desk, number, handing, dry_run=dry_run)
    if dry_run:
        _show_letter(app, {"subject": done.subject, "text": done.text})
        return
    app.record(_answered(done), ANSWERED)
    if done.passphrase and app.is_for_people:
        app.say(SHOWN_ONCE)


def _answered(done: "Answered") -> dict[str, Any]:
    view = {name: getattr(done.view, name) for name in ("number", "status", "outcome")}
    rest = {"letter": done.letter, "files": done.files, "passphrase": done.passphrase}
    return {**view, **rest, "next_command": done.view.next_command}


def _one_case(app: App, reference: str) -> int:
    named = app.references([reference])
    if len(named) != 1:
        raise UsageError("one answer is for one case", hint="case:17")
    return named[0].number


def _answer_case(app: App, desk: "Desk", case: int, said: "tuple[Handing, bool]") -> None:
    """Answer what is ready of a case by one letter, and name the rest."""
    from dsr.services import case_answers

    handing, dry_run = said
    done = case_answers.answer_case(desk, case, handing, dry_run=dry_run)
    if dry_run:
        first = done.answered[0]
        _show_letter(app, {"subject": first.subject, "text": first.text})
    else:
        app.rows([_answered(each) for each in done.answered], ANSWERED, limit="all")
    for other in done.not_ready:
        app.say(f"ticket {other.number} is not in this letter: {other.why} ({other.command})")
    if any(each.passphrase for each in done.answered) and app.is_for_people:
        app.say(SHOWN_ONCE)


def close(
    ctx: typer.Context,
    references: References,
    outcome: Annotated[
        Outcome | None,
        typer.Option("--as", metavar="OUTCOME", help="withdrawn lapsed duplicate not_a_request."),
    ] = None,
    why: Annotated[
        str | None, typer.Option("--why", metavar="TEXT", help="For the file only.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What the letter says besides.")
    ] = None,
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Withdrawn when; else today."),
    ] = None,
    of: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="The ticket that a duplicate repeats.")
    ] = None,
    no_letter: Annotated[str, typer.Option(metavar="WHY", help="Why no letter is possible.")] = "",
    dry_run: DryRun = False,
) -> None:
    """Close tickets that need no answer.

    Whoever wrote is told by letter: --reason is said there, --why stays in the file. An answered
    ticket closes by itself with its last task.

    Examples:
        dsr close 42 --as withdrawn --on 2026-11-20 --why "by telephone"
        dsr close 43 --as duplicate --of 42 --why "the same letter by post"
        dsr close 44 --as not_a_request --why spam --reason "Price lists are on our website."
    """
    from dsr.services import closing

    app = app_of(ctx)
    desk = open_desk(app)
    end = None
    if outcome is not None:
        words = app.read_text(why, "the reason", option="--why")
        told = app.read_text(reason, "what is told", option="--reason") if reason else ""
        end = closing.Closing(outcome, words, of, no_letter, told, on.date() if on else None)
    elif any(said is not None for said in (why, of, reason, on)):
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
