"""Letters as files: a text, and a mail that a mail program opens as a draft to send."""

import re
from email.message import EmailMessage
from pathlib import Path

from sqlmodel import Session

from dsr.domain.vocabulary import LetterName, LetterState, Outcome
from dsr.errors import ConfigError, NotAllowedError
from dsr.intake.thread import token
from dsr.letters.forms import Form, forms_here, in_form
from dsr.rules import office
from dsr.services.case_letters import numbers_of, write_for_case
from dsr.services.desk import Desk
from dsr.services.keys import read_key
from dsr.services.laying import lay
from dsr.services.letter_requests import completed
from dsr.services.letters import (
    TO_OTHERS,
    LetterRequest,
    answer_letter,
    first_message,
    frozen_of,
)
from dsr.services.lifting import tellings
from dsr.services.sending import become
from dsr.services.steps import ticket_of
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.tickets import TicketRow

#: No answering machine answers these: two of them would never stop writing to each other.
_ANSWERED_BY_NO_MACHINE = {
    "Auto-Submitted": "auto-replied",
    "X-Auto-Response-Suppress": "All",
    "Precedence": "bulk",
}
#: A Message-ID that can stand in a header: no blank, no encoded word, which would be decoded there.
_MESSAGE_ID = re.compile(r"<(?!.*=\?)[!-;=?-~]+@[!-;=?-~]+>")


def freeze(
    desk: Desk,
    number: int,
    request: LetterRequest,
    folder: Path,
    *,
    forms: tuple[Form, ...] | None = None,
) -> tuple[list[LetterRow], list[Path]]:
    """Freeze a letter that no step of its own writes, as an acknowledgement, and lay it down.

    Letters that are frozen already are only laid down again, as they are: of the notices to
    recipients all, of any other name the last.

    Raises:
        NotAllowedError: A fact that the letter cannot do without is missing; it is named.
        ConfigError: The folder cannot be written.
    """
    with desk.write() as step:
        ticket = ticket_of(step.session, number)
        rows = frozen_of(step.session, ticket, request.name)
        if request.name is LetterName.LIFTING:  # what was told of an earlier restriction is over
            rows = tellings(step.session, ticket)[-1:]
        if not rows:
            _check_not_an_answer(ticket, request)
            asked = completed(step.session, ticket, request)
            rows = [write_for_case(step, desk, ticket, asked)]
        several = request.name is LetterName.RECIPIENT_NOTICE
        files: list[Path] = []
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for index, row in enumerate(rows, start=1):
                stem = f"{request.name}-{index}" if several else request.name.value
                session = step.session
                place = folder / stem
                files += lay_down(session, desk, ticket, letter=row, place=place, forms=forms)
                if row.state == LetterState.READY:
                    become(step, row, LetterState.HANDED_OVER)
        except OSError as error:
            raise ConfigError(f"{folder} cannot be written: {error.strerror}") from None
    return rows, files


def _check_not_an_answer(ticket: TicketRow, request: LetterRequest) -> None:
    answers = {answer_letter(ticket, Outcome(outcome)) for outcome in Outcome}
    if request.name is LetterName.CASE_ANSWER:
        raise NotAllowedError(
            "the letter 'case_answer' is written by the answer itself",
            hint=f"dsr answer case:{ticket.case_number}",
        )
    if request.name in answers:
        raise NotAllowedError(
            f"the letter '{request.name}' is written by the answer itself",
            hint=f"dsr answer {ticket.number}",
        )


def lay_down(
    session: Session,
    desk: Desk,
    ticket: TicketRow,
    *,
    letter: LetterRow,
    place: Path,
    forms: tuple[Form, ...] | None = None,
) -> tuple[Path, ...]:
    """Write a letter into a folder, in its forms and as a mail; a copy is attached by hand.

    Args:
        session: Of the letter's transaction.
        desk: The desk.
        ticket: What the letter is of.
        letter: The frozen letter.
        place: The folder and the files' name, to which each gets its ending.
        forms: Which; None is every form that can be made here.

    Raises:
        ConfigError: One is to be a PDF, and none can be made here.
        ConflictError: What is there in the place of one is no file of ours.
        OSError: The folder cannot be written.
    """
    files = []
    for form in forms or forms_here():
        files.append(place.with_name(place.name + form.ending))
        lay(files[-1], frozen_in(form, letter))
    files.append(place.with_name(f"{place.name}.eml"))
    lay(files[-1], bytes(as_mail(session, desk, ticket, letter)))
    return tuple(files)


def frozen_in(form: Form, letter: LetterRow) -> bytes:
    """Return a frozen letter in a form: the same words, and the same hash."""
    words = (letter.subject, letter.text)
    return in_form(form, words, language=letter.language, sha256=letter.sha256)


def as_mail(session: Session, desk: Desk, ticket: TicketRow, letter: LetterRow) -> EmailMessage:
    """Return a letter as a mail; a reply joins the ticket by its Message-ID.

    In the person's own letters the subject carries the ticket's token besides, and the mail stands
    in the thread of the request. Others get neither: the token would let them write for the person.
    """
    company = office.company(desk.office.rules_folder)
    mail = EmailMessage()
    mail["From"] = company.email
    if letter.recipient:
        mail["To"] = letter.recipient
    mail["Subject"] = letter.subject
    mail["Message-ID"] = letter.message_id
    mail["X-DSR-Id"] = ", ".join(map(str, numbers_of(session, letter)))
    mail["X-Unsent"] = "1"  # mail programs open it as a draft
    for name, value in _ANSWERED_BY_NO_MACHINE.items():
        mail[name] = value
    if letter.name not in TO_OTHERS:
        key = read_key(desk.office.key_file, may_make=False)
        mail.replace_header("Subject", f"{letter.subject} [{token(ticket.number, key)}]")
        opened = first_message(session, ticket)
        if opened is not None and _MESSAGE_ID.fullmatch(opened.message_id or ""):
            mail["In-Reply-To"] = opened.message_id
    mail.set_content(letter.text)
    return mail
