"""The columns of what arrived, listed and shown whole. No command is here."""

from typing import Any

from dsr.output.render import Column
from dsr.output.values import text

#: Of nearly every mail: worth a line only where it is shown whole.
_UNVERIFIED = "sender: unverified"


def why_of(reasons: Any) -> str:
    """Return reasons for a line of a list."""
    return text([each for each in reasons if each != _UNVERIFIED])


def _flagged(sort: Any) -> str:
    return "" if sort == "plain" else str(sort)


ARRIVED = (
    Column("number", "Number"),
    Column("id"),
    Column("arrived_at", "Arrived"),
    Column("source"),
    Column("outcome", "Outcome"),
    Column("sort", "Sort", _flagged),
    Column("urgent"),
    Column("test"),
    Column("sender", "From"),
    Column("language"),
    Column("case"),
    Column("ticket"),
    Column("tickets", "Tickets"),
    Column("suggested"),
    Column("reasons", "Why", why_of),
)
SPAN = (
    Column("kind", "Perhaps"),
    Column("scope", "Scope"),
    Column("confidence", "Sure"),
    Column("words", "Words"),
    Column("start"),
    Column("pattern", "Pattern"),
    Column("language"),
)
DECIDED = (
    Column("at", "When"),
    Column("officer", "Officer"),
    Column("before", "From"),
    Column("after", "To"),
    Column("tickets", "Tickets"),
    Column("why", "Why"),
)
STATED = (
    Column("what", "What"),
    Column("value", "Value"),
    Column("old", "From"),
    Column("new", "To"),
)
WRITTEN = (Column("number", "Number"), Column("file", "File"))
LETTER = (
    *ARRIVED,
    Column("message_id"),
    Column("sha256", "SHA-256"),
    Column("authenticated", "Sender"),
    Column("reply_to", "Answers to"),
    Column("claimed_at", "Dated"),
    Column("warnings", "Odd"),
    Column("attachments", "With it"),
    Column("decided", "Decided", columns=DECIDED),
    Column("stated", "It states", columns=STATED),
    Column("spans", "Found", columns=SPAN),
    Column("subject", "Subject"),
    Column("text", "Text"),
    Column("quoted", "Quoted"),
)
