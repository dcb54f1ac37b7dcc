"""Options of the form KEY=VALUE, and lists by comma. Values are not repeated in errors."""

from collections.abc import Sequence

from dsr.errors import UsageError


def pairs(words: Sequence[str], option: str) -> dict[str, str]:
    """Return what was said as KEY=VALUE, in order.

    Raises:
        UsageError: A word has no key or no value, or a key is said twice.
    """
    found: dict[str, str] = {}
    for position, word in enumerate(words, start=1):
        key, equals, value = word.partition("=")
        if not (equals and key and value):
            raise UsageError(f"{option} number {position} is not KEY=VALUE")
        if key in found:
            raise UsageError(f"{option} {key} is said twice")
        found[key] = value
    return found


def listed(words: str | None) -> list[str]:
    """Return what is listed by commas, without empty words."""
    return [word.strip() for word in (words or "").split(",") if word.strip()]
