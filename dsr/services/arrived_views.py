"""What use cases return of what arrived: frozen; the fields are the keys of the JSON, in order."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MessageView:
    """Something that arrived for the ticket's case.

    Attributes:
        quoted: What was quoted or forwarded, where the right was found only there.
        is_party: Whether it came from somebody whom the case names; what an officer let join from
            elsewhere did not.
        warnings: What is odd about it.
        stated: What the letter states beside its wish: suggestions, decided by nobody yet.
    """

    source: str
    received_at: datetime
    sender: str | None
    subject: str | None
    text: str | None
    stated: tuple[dict[str, str | None], ...] = ()
    quoted: str | None = None
    is_party: bool = True
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedView:
    """What became of one thing that arrived.

    Attributes:
        number: Its row in the ledger; None where it has none.
        ticket: The one that it joined, or may belong to.
        suggested: The rights that were found, those too that were not sure enough for a ticket.
    """

    source: str
    message_id: str | None
    sha256: str
    outcome: str
    tickets: tuple[dict[str, object], ...]
    language: str
    requester_role: str
    identifiers: tuple[dict[str, str], ...]
    reasons: tuple[str, ...]
    suggested: tuple[dict[str, str | None], ...] = ()
    sort: str = "plain"
    urgent: bool = False
    warnings: tuple[str, ...] = ()
    ticket: int | None = None
    number: int | None = None
