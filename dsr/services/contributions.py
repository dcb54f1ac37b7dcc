"""What arrived for a ticket's case, as its screen shows it: whose word it is, and what is odd."""

from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from dsr.domain.people import mask
from dsr.domain.vocabulary import IdentifierType, MessageOutcome
from dsr.services.arrived_views import MessageView
from dsr.services.proving import named_in
from dsr.store import blobs
from dsr.store.tables.messages import MessageRow
from dsr.store.tables.tickets import TicketRow

if TYPE_CHECKING:
    from dsr.domain.limits import Manner
    from dsr.intake.message import Message

#: What `intake.classify` says where a right stands in what was quoted or forwarded, and only there.
QUOTED = "only in the quoted text"
#: A note of what was said stands in the ledger as its officer wrote it.
_BY_HAND = "open"


def contributions(
    session: Session, ticket: TicketRow, manner: "Manner", *, plain: bool
) -> tuple[MessageView, ...]:
    """Return what arrived for a ticket's case, the oldest first; texts only where they are plain.

    Args:
        session: A transaction.
        ticket: The ticket.
        manner: How mail is read in the office.
        plain: Whether personal values may be seen.
    """
    case = col(MessageRow.case_number) == ticket.case_number
    rows = session.exec(select(MessageRow).where(case).order_by(col(MessageRow.id)))
    named = named_in(session, ticket)
    parties = {one.value.lower() for one in named if one.type is IdentifierType.EMAIL}
    read = [(row, _message(session, row, manner)) for row in rows]
    return tuple(_view(session, row, message, parties, plain=plain) for row, message in read)


def _view(
    session: Session, row: MessageRow, message: "Message | None", parties: set[str], *, plain: bool
) -> MessageView:
    quoted = message.quoted if message and QUOTED in row.reasons else None
    return MessageView(
        source=row.source,
        received_at=row.arrived_at,
        sender=_sender(row, plain=plain),
        subject=row.subject if plain else None,
        text=_text(session, row, message) if plain else None,
        quoted=quoted if plain else None,
        is_party=_is_party(row, parties),
        warnings=message.warnings if message else (),
        stated=tuple(row.stated or ()) if plain else (),
    )


def _is_party(row: MessageRow, parties: set[str]) -> bool:
    """Say whether it is a party's word: whoever opened the case is one."""
    joined = row.outcome is MessageOutcome.JOINED
    return not joined or (row.sender or "").lower() in parties


def _sender(row: MessageRow, *, plain: bool) -> str | None:
    if row.sender is None or plain:
        return row.sender
    return mask(IdentifierType.EMAIL, row.sender)


def _message(session: Session, row: MessageRow, manner: "Manner") -> "Message | None":
    """Return it as it was read, as long as its bytes are kept."""
    from dsr.intake.message import parse
    from dsr.services.originals import kept_of

    kept = None if row.source.startswith(_BY_HAND) else kept_of(session, row, manner.limits)
    return parse(kept, manner.limits, manner.server) if kept else None


def _raw(session: Session, row: MessageRow) -> bytes:
    return b"".join(blobs.read(session, row.blob)) if row.blob else b""


def _text(session: Session, row: MessageRow, message: "Message | None") -> str | None:
    """Return what was written; of what is destroyed, its beginning."""
    if message is None:
        return _raw(session, row).decode("utf-8", "replace") or row.excerpt
    return message.text or row.excerpt
