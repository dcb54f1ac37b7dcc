"""Commands that answer and end: answer, close, reopen."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dsr.cli.desk import open_desk
from dsr.cli.letter import say_if_no_pdf, show_letter
from dsr.cli.options import DryRun, References, day
from dsr.cli.show import App, app_of
from dsr.cli.tickets import STEPS, Language, Ticket, Why, each_step, numbers, one_number
from dsr.domain.vocabulary import Channel, Outcome
from dsr.errors import UsageError
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.services.answers import Answered
    from dsr.services.desk import Desk
    from dsr.services.sending import Handing

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
    no_proof: Annotated[
        str, typer.Option("--no-proof", metavar="WHY", help="It was sent, and nothing shows it.")
    ] = "",
    language: Language = None,
    again: Annotated[bool, typer.Option("--again", help="Encrypt an answered copy anew.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Send the answer, or record how it was sent.

    The letter is frozen and laid down as text and as a mail to send; a copy is encrypted, and its
    passphrase is shown once: give it by telephone, never with the copy. With --dry-run the letter
    is shown and nothing changes. Without a proved mail address another way is named by --sent-by;
    the answer then counts as sent with --proof, or with --no-proof and the reason, which may also
    be recorded later. For case:17 one letter answers all of its tickets that are ready, and names
    the others.

    Examples:
        dsr answer 42 --dry-run
        dsr answer 42 --dir /secure/out --proof "sent 2026-11-23 10:12"
        dsr answer case:17 --dir /secure/out
        dsr answer 42 --sent-by post --proof "EMS 1049812345"
        dsr answer 42 --sent-by in_person --no-proof "handed over, and he would not sign"
    """
    from dsr.services import sending

    app = app_of(ctx)
    if proof and no_proof:
        raise UsageError("there is a proof or there is none", hint="--proof or --no-proof")
    desk = open_desk(app)
    handing = sending.Handing(to, sent_by or Channel.EMAIL, proof, no_proof, language)
    is_case = reference.startswith("case:") and not again
    case = _one_case(app, reference) if is_case else 0
    named = numbers(app, desk, [reference]) if is_case else [one_number(app, desk, reference)]
    waiting = [] if again or dry_run or not handing.said else named
    waiting = [number for number in waiting if sending.waits(desk, number)]
    if waiting:
        handing = replace(handing, channel=sent_by or "")
        app.rows([sending.record_sending(desk, waiting[0], handing)], STEPS)
    elif is_case:
        _answer_case(app, desk, case, (handing, dry_run))
    else:
        _answer(app, desk, named[0], (handing, again, dry_run))


def _answer(app: App, desk: "Desk", number: int, said: "tuple[Handing, bool, bool]") -> None:
    """Answer one ticket, or encrypt its copy again."""
    from dsr.services import answers

    handing, again, dry_run = said
    if again:
        done = answers.hand_over_again(desk, number, handing)
    else:
        done = answers.answer(desk, number, handing, dry_run=dry_run)
    if dry_run:
        show_letter(app, {"subject": done.subject, "text": done.text})
        return
    app.record(_answered(done), ANSWERED)
    if not again:
        say_if_no_pdf(app)
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
        show_letter(app, {"subject": first.subject, "text": first.text})
    else:
        app.rows([_answered(each) for each in done.answered], ANSWERED, limit="all")
        say_if_no_pdf(app)
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
        day("Withdrawn when; else today."),
    ] = None,
    of: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="The ticket that a duplicate repeats.")
    ] = None,
    no_letter: Annotated[str, typer.Option(metavar="WHY", help="Why no letter is possible.")] = "",
    dry_run: DryRun = False,
) -> None:
    """Close tickets that need no answer.

    Whoever wrote is told by letter, of a whole case by one: --reason is said there, --why stays in
    the file. An answered ticket closes by itself with its last task.

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
    named = numbers(app, desk, references)
    one_case = len(references) == 1 and references[0].startswith("case:") and len(named) > 1
    if end is not None and one_case and end.outcome is Outcome.WITHDRAWN:
        closed = closing.close_case(desk, named, end, dry_run=dry_run)
        each_step(app, desk, references, closed)
        return
    each_step(app, desk, references, lambda n: closing.close(desk, n, end, dry_run=dry_run))


def reopen(
    ctx: typer.Context,
    references: References,
    why: Why = None,
    complaint: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="The complaint that was upheld.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Reopen a closed ticket.

    It keeps its receipt and its history. On a complaint that was upheld it is worked to the
    complaint's date, and another officer than the first one approves.

    Examples:
        dsr reopen 42 --why "the answer bounced"
        dsr reopen 42 --complaint 57 --why @finding.txt
    """
    from dsr.services import closing

    app = app_of(ctx)
    desk = open_desk(app)
    words = app.read_text(why, "the reason", option="--why")
    reopened = partial(closing.reopen, desk, why=words, complaint=complaint, dry_run=dry_run)
    each_step(app, desk, references, reopened)
