"""What a reader hands on: the bytes of one thing that arrived. Nothing here reads or judges it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

MIB = 1 << 20


def shown(path: Path) -> str:
    """Return a path as it can be shown and kept; bytes that are no text become escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one mail may cost; what goes beyond is kept and set aside, never parsed.

    Attributes:
        raw_bytes: The whole mail.
        header_bytes: The header block of the mail.
        header_chars: One header's value; the rest of it is not read.
        headers: How many headers one part may have.
        lines: How many lines the mail may have.
        depth: How deep parts may lie in parts.
        parts: How many parts a mail may have.
        attachments: How many attachments are listed.
        html_chars: How much of a mark-up part is read.
        text_chars: How much text is kept of all parts together.
        seconds: How long it may be computed on; then somebody has to read it.
    """

    raw_bytes: int = 50 * MIB
    header_bytes: int = 256 << 10
    header_chars: int = 64 << 10
    headers: int = 1_000
    lines: int = 2_000_000
    depth: int = 20
    parts: int = 500
    attachments: int = 200
    html_chars: int = 256 << 10
    text_chars: int = MIB
    seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """One thing that arrived, as bytes.

    Attributes:
        source: The file, or file and 1-based index (``file#3``).
        raw: Its bytes; of something longer than the limit, the beginning.
        received_at: When it arrived as the place where it lay says, in UTC; never its own claim.
        form: The fields, where it is a row of a form.
        cut: It is longer than ``raw``.
        mail: The mail to read, where the bytes are no mail (an Outlook file).
        warnings: What its reader found odd about it.
        problem: Why its reader could not read it; it is to be set aside.
    """

    source: str
    raw: bytes
    received_at: datetime | None = None
    form: Mapping[str, str] | None = None
    cut: bool = False
    mail: bytes | None = None
    warnings: tuple[str, ...] = ()
    problem: str | None = None
