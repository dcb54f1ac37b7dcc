"""What goes with a letter or stands in it whole: a copy, an answer, what a law wants said."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """The encrypted copy that goes with a letter.

    Attributes:
        sha256: Of the encrypted archive, in hexadecimal digits; `size` is in bytes.
        files: What is in it, one name or description each.
        tools: Programs that open it.
        passphrase_channel: How the passphrase travels, never with the copy.
        rows: How many records it holds.
        redacted: How many cells were hidden because they concern other people.
        available_until_on: The last day on which it can be fetched.
    """

    file_name: str
    sha256: str
    size: int
    files: tuple[str, ...]
    tools: tuple[str, ...]
    passphrase_channel: str
    rows: int | None = None
    redacted: int = 0
    available_until_on: date | None = None


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """One ticket's own answer within the letter of its case, composed already.

    Attributes:
        title: What it answers, with the ticket's reference: the subject of its own letter.
        text: What its own letter says, without heading, remedies and contact.
    """

    title: str
    text: str = field(metadata={"paragraphs": True})


@dataclass(frozen=True, slots=True)
class OwedFacts:
    """What a law makes mandatory in one letter.

    Attributes:
        need: A fact by its name in fields.toml, or alternatives joined by "|".
        law: The law's code.
        citation: The article that demands it.
    """

    need: str
    law: str
    citation: str


@dataclass(frozen=True, slots=True)
class ToldFacts:
    """A sentence that a law wants said; equal codes are one duty."""

    code: str
    text: str
