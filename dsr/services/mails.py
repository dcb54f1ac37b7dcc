"""Letters as files: a text, and a mail that a mail program opens as a draft to send."""

from email.message import EmailMessage
from pathlib import Path

from sqlmodel import Session

from dsr.intake.thread import token
from dsr.rules import office
from dsr.services.desk import Desk
from dsr.services.keys import read_key
from dsr.services.letters import first_message
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.tickets import TicketRow


def lay_down(
    session: Session, desk: Desk, ticket: TicketRow, *, letter: LetterRow, folder: Path, stem: str
) -> tuple[Path, ...]:
    """Write a letter into a folder, as text and as a mail; a copy is attached by hand.

    Raises:
        OSError: The folder cannot be written.
    """
    text, mail = folder / f"{stem}.txt", folder / f"{stem}.eml"
    text.write_text(f"{letter.subject}\n\n{letter.text}", encoding="utf-8")
    mail.write_bytes(bytes(as_mail(session, desk, ticket, letter)))
    for place in (text, mail):
        place.chmod(0o600)
    return text, mail


def as_mail(session: Session, desk: Desk, ticket: TicketRow, letter: LetterRow) -> EmailMessage:
    """Return a letter as a mail whose subject carries the ticket's token: a reply joins by it."""
    company = office.company(desk.office.rules_folder)
    mail = EmailMessage()
    mail["From"] = company.email
    if letter.recipient:
        mail["To"] = letter.recipient
    key = read_key(desk.office.key_file, may_make=False)
    mail["Subject"] = f"{letter.subject} [{token(ticket.number, key)}]"
    mail["Message-ID"] = letter.message_id
    mail["X-DSR-Id"] = f"{ticket.number}"
    mail["X-Unsent"] = "1"  # mail programs open it as a draft
    opened = first_message(session, ticket)
    if opened is not None and opened.message_id and opened.message_id.isascii():
        mail["In-Reply-To"] = opened.message_id
    mail.set_content(letter.text)
    return mail
