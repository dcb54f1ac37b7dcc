"""What one mail may cost, as an office sets it: ``raw_mb=50 parts=500``."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dsr.errors import ConfigError, nearest
from dsr.intake.arrival import MIB, Limits

_KIB = 1 << 10
#: Each word: which limit it sets, what one of it is, and the most that makes sense.
_WORDS = {
    "raw_mb": ("raw_bytes", MIB, 1_000),
    "header_kb": ("header_bytes", _KIB, 10_000),
    "headers": ("headers", 1, 100_000),
    "lines": ("lines", 1, 100_000_000),
    "depth": ("depth", 1, 100),
    "parts": ("parts", 1, 100_000),
    "attachments": ("attachments", 1, 100_000),
    "html_kb": ("html_chars", _KIB, 10_000),
    "text_kb": ("text_chars", _KIB, 100_000),
    "seconds": ("seconds", 1, 600),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How mail is read in an office.

    Attributes:
        limits: What one mail may cost.
        server: The name under which our own mail server writes what it knows; empty believes none.
        phrases: The office's folder of phrases of its own, if any.
    """

    limits: Limits = field(default_factory=Limits)
    server: str = ""
    phrases: Path | None = None


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
        value = _number(number, whole=name != "seconds")
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
