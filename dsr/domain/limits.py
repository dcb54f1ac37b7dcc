"""What one mail may cost, as an office sets it: ``raw_mb=50 parts=500``."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dsr.errors import ConfigError, nearest

MIB = 1 << 20
_KIB = 1 << 10
#: Each word: which limit it sets, what one of it is, and the most that makes sense.
_WORDS = {
    "raw_mb": ("raw_bytes", MIB, 1_000),
    "kept_mb": ("kept_bytes", MIB, 1_000_000),
    "header_kb": ("header_bytes", _KIB, 10_000),
    "headers": ("headers", 1, 100_000),
    "lines": ("lines", 1, 100_000_000),
    "depth": ("depth", 1, 100),
    "parts": ("parts", 1, 100_000),
    "attachments": ("attachments", 1, 100_000),
    "html_kb": ("html_chars", _KIB, 10_000),
    "text_kb": ("text_chars", _KIB, 100_000),
    "seconds": ("seconds", 1, 600),
    "addresses": ("addresses", 1, 100_000),
    "references": ("references", 1, 10_000),
    "nested": ("nested", 1, 100),
    "flood": ("flood_mails", 1, 100_000),
    "flood_hours": ("flood_hours", 1, 168),
}
#: What may be a fraction.
_FRACTIONS = frozenset({"seconds", "flood_hours"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one mail may cost; what goes beyond is kept and set aside, never parsed.

    Attributes:
        raw_bytes: The whole mail; of a longer one the headers alone are read.
        kept_bytes: How much of such a mail is kept, which is all of any that is real: a stream
            without an end fills no disk.
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
        addresses: How many of its recipients are read.
        references: How many of the mails that it answers are looked up, the newest.
        nested: How deep mails may lie in mails; what lies deeper is kept unread.
        flood_mails: So many mails of one sender before it make it one of a flood.
        flood_hours: Within so many hours.
        folder: Where a mail that is too long to be held lies meanwhile; None is the system's own.
    """

    raw_bytes: int = 50 * MIB
    kept_bytes: int = 2_000 * MIB
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
    addresses: int = 500
    references: int = 100
    nested: int = 5
    flood_mails: int = 20
    flood_hours: float = 2
    folder: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How mail is read in an office.

    Attributes:
        limits: What one mail may cost.
        server: The name under which our own mail server writes what it knows; empty believes none.
        phrases: The office's folder of phrases of its own, if any.
        region: The country (ISO 3166) of phones without a country code, where nothing else tells
            it; of an office whose law is no country's, that law, by which no number is read.
    """

    limits: Limits = field(default_factory=Limits)
    server: str = ""
    phrases: Path | None = None
    region: str = "CN"


def limits_of(said: str) -> Limits:
    """Return the limits that a setting names; the others stay as they are.

    Args:
        said: Words such as ``raw_mb=50 seconds=2``, by blanks or commas; may be empty.

    Raises:
        ConfigError: A word is no limit, or its number makes no sense.
    """
    limits = Limits()
    for word in said.replace(",", " ").split():
        name, _, number = word.partition("=")
        if name not in _WORDS:
            raise ConfigError(f"mail_limits: {name} is no limit", hint=nearest(name, [*_WORDS]))
        key, unit, most = _WORDS[name]
        value = _number(number, whole=name not in _FRACTIONS)
        if value is None or not 0 < value <= most:
            hint = f"write a number up to {most:,}, as {name}={_said(Limits(), name)}"
            raise ConfigError(f"mail_limits: {name} is no number that makes sense", hint=hint)
        changed: dict[str, Any] = {key: value * unit}
        limits = replace(limits, **changed)
    return limits


def _number(text: str, *, whole: bool) -> float | None:
    try:
        return int(text) if whole else float(text)
    except ValueError:
        return None


def _said(limits: Limits, name: str) -> str:
    key, unit, _ = _WORDS[name]
    return f"{getattr(limits, key) / unit:g}"
