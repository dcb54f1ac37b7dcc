"""Which way dates move when they are computed anew."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum


class Way(StrEnum):
    """Whether somebody must hurry."""

    EARLIER = "earlier"
    LATER = "later"


def way(pairs: Iterable[tuple[date | None, date | None]]) -> Way | None:
    """Return which way dates move, the worst first, or None where every day stays.

    A day that was none before is an earlier one: nobody worked to it yet.

    Args:
        pairs: Each date before and after.
    """
    found = [*pairs]
    if any(after and (before is None or after < before) for before, after in found):
        return Way.EARLIER
    return Way.LATER if any(before != after for before, after in found) else None
