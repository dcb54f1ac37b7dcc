"""The answer: the last look, the frozen letter, and the files handed over."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from sqlmodel import Session

from dsr.domain.vocabulary import ENDED, Action, Outcome, Proposal
from dsr.errors import ConfigError, ConflictError, NotAllowedError
from dsr.letters.compose import language_for
from dsr.letters.enclosed import PackageFacts
from dsr.services import facts as ticket_facts
from dsr.services import mails
from dsr.services.decisions import is_unchanged
from dsr.services.desk import Desk, Step
from dsr.services.fulfilment import finish_if_done
from dsr.services.handling import after
from dsr.services.instructing import end_assistance
from dsr.services.keeping import keep_refused
from dsr.services.letter_planned import package_facts
from dsr.services.letters import (
    LetterRequest,
    answer_letter,
    composed,
    write_letter,
)
from dsr.services.lifting import settle
from dsr.services.sending import Handing, check_way, mark
from dsr.services.silence import check_answer
from dsr.services.steps import take, ticket_of
from dsr.services.views import StepView
from dsr.store import blobs
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PackageRow


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer left behind: the ticket, the files, and the passphrase, once."""

    view: StepView
    letter: str
    subject: str
    text: str
    files: tuple[str, ...]
    passphrase: str | None


def answer(desk: Desk, number: int, handing: Handing, *, dry_run: bool = False) -> Answered:
    """Freeze the answer, lay its files down, and record how it is sent.

    The files are whole before the ticket is answered, and the ticket is answered before anybody
    sees the passphrase: killed in between, the command is typed again.

    Raises:
        NotAllowedError: Something is missing before the answer, or the letter lacks a fact, or no
            mail address is proved and another way is due.
        ConflictError: The files cannot be written.
    """
    folder = handing.folder or desk.office.workspace / f"DSR-{number}"
    with staging(folder) as stage, desk.write(keep=not dry_run) as step:
        ticket = ticket_of(step.session, number)
        if dry_run:
            return _looked_at(step, desk, ticket, handing)
        may_answer(step, ticket, handing)
        outcome = ticket.outcome or Outcome.FULFILLED
        name = answer_letter(ticket, outcome)
        check_way(step.session, ticket, name, handing)
        package, passphrase = encrypted(step.session, ticket, stage, handing.language)
        request = LetterRequest(name, language=handing.language, package=package)
        letter = write_letter(step, desk, ticket, request)
        mark(step, letter, handing)
        mails.lay_down(step.session, desk, ticket, letter=letter, place=stage / "letter")
        end_with(step, ticket, outcome, handing)
        view = after(step, ticket, f"answered as {outcome} by the letter '{name}'")
        files = move(stage, folder)
    return Answered(view, name.value, letter.subject, letter.text, files, passphrase)


def end_with(step: Step, ticket: TicketRow, outcome: Outcome, handing: Handing) -> None:
    """Take the step of the answer, and close the ticket if nothing is left to follow up."""
    package = step.session.get(PackageRow, ticket.number)
    take(
        step,
        ticket,
        Action.ANSWER,
        facts={
            "outcome": outcome.value,
            "channel": handing.channel,
            "letter": handing.state,
            "package": package.encrypted_sha256 if package else None,
        },
        sealed=handing.said,
        known={"unchanged": is_unchanged(step.session, ticket)},
    )
    ticket.outcome = outcome
    step.session.add(ticket)
    keep_refused(step, ticket)
    settle(step, ticket)
    end_assistance(step, ticket)
    finish_if_done(step, ticket)


def may_answer(step: Step, ticket: TicketRow, handing: Handing) -> None:
    """Let every guard speak before a file is written."""
    from dsr.domain.workflow import step_for

    said = language_for(handing.language or ticket.language)
    if ticket.proposed_hash is not None and said != language_for(ticket.language):
        raise NotAllowedError(
            f"the answer was approved in another language than {said}",
            hint=f"dsr return {ticket.number} --why TEXT, then dsr set {ticket.number} --language",
        )
    check_answer(
        step.session, ticket, f'dsr return {ticket.number} --why "in neutral words", then propose'
    )
    known = {"unchanged": is_unchanged(step.session, ticket)}
    facts = ticket_facts.gather(step.session, ticket, step.today, **known)
    step_for(ticket.status, Action.ANSWER, facts, ticket.number)


def _looked_at(step: Step, desk: Desk, ticket: TicketRow, handing: Handing) -> Answered:
    """Return the answer as it would go out today; the copy is named, not encrypted."""
    may_answer(step, ticket, handing)
    name = answer_letter(ticket, ticket.outcome or Outcome.FULFILLED)
    check_way(step.session, ticket, name, handing)
    request = LetterRequest(name, language=handing.language)
    text = composed(step.session, desk, ticket, request=request, today=step.today)
    view = after(step, ticket, f"would be answered by the letter '{name}'")
    return Answered(view, name.value, text.subject, text.text, (), None)


def encrypted(
    session: Session, ticket: TicketRow, stage: Path, language: str | None
) -> tuple[PackageFacts | None, str | None]:
    """Encrypt the copy that waits, if the answer has one."""
    from dsr.package.archive import encrypt, new_passphrase

    row = session.get(PackageRow, ticket.number)
    granted = any(
        item.proposal is Proposal.GRANT for item in ticket_facts.items_of(session, ticket.number)
    )
    if row is None or not granted:
        return None, None
    plain = stage / "plain.zip"
    with plain.open("wb") as file:
        for part in blobs.read(session, row.sha256):
            file.write(part)
    with plain.open("rb") as file:
        whole = file_digest(file, "sha256").hexdigest() == row.sha256
    if not whole:  # exactly the copy that was approved goes out, or none
        back = "reopen" if ticket.status in ENDED else "return"
        raise NotAllowedError(
            "the copy that waited is destroyed, or another one than was approved",
            hint=f'dsr {back} {ticket.number} --why "the copy is gone", then dsr export',
        )
    passphrase = new_passphrase()
    target = encrypt(plain, stage / f"DSR-{ticket.number}.zip", passphrase)
    plain.unlink()
    with target.open("rb") as file:
        row.encrypted_sha256 = file_digest(file, "sha256").hexdigest()
    session.add(row)
    size = target.stat().st_size
    said = language_for(language or ticket.language)
    facts = package_facts(row, sha256=row.encrypted_sha256, size=size, language=said)
    return facts, passphrase


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Give a private folder beside the one that the files end in; it is gone afterwards.

    Raises:
        ConflictError: The disk is full.
        ConfigError: The folder cannot be made.
    """
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".answer-", dir=folder.parent))
    except OSError as error:
        raise ConfigError(f"{folder.parent} cannot be written: {error.strerror}") from None
    try:
        yield stage
    except OSError as error:
        raise ConflictError(
            f"the files cannot be written: {error.strerror}; nothing was changed",
            hint="make room, then type it again",
        ) from None
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def move(stage: Path, folder: Path) -> tuple[str, ...]:
    """Move the finished files to their folder, each whole or not at all."""
    folder.mkdir(mode=0o700, exist_ok=True)
    moved = []
    for place in sorted(stage.iterdir()):
        with place.open("rb") as file:
            os.fsync(file.fileno())
        target = folder / place.name
        place.chmod(0o600)
        place.replace(target)
        moved.append(str(target))
    return tuple(moved)


def hand_over_again(desk: Desk, number: int, handing: Handing) -> Answered:
    """Encrypt the copy of an answered ticket anew: the passphrase was lost, the file not got.

    Raises:
        NotAllowedError: The ticket is not answered, or its plain copy is destroyed.
    """
    folder = handing.folder or desk.office.workspace / f"DSR-{number}"
    with staging(folder) as stage, desk.write() as step:
        ticket = ticket_of(step.session, number)
        if ticket.status not in ENDED:
            raise NotAllowedError(f"ticket {number} is not answered", hint=f"dsr answer {number}")
        package, passphrase = encrypted(step.session, ticket, stage, handing.language)
        if package is None:
            raise NotAllowedError(
                f"the answer to ticket {number} has no copy",
                hint=f"dsr show {number}",
            )
        take(step, ticket, Action.NOTE, facts={"handed_over_again": package.sha256})
        view = after(step, ticket, "the copy is encrypted anew")
        files = move(stage, folder)
    return Answered(view, "", "", "", files, passphrase)
