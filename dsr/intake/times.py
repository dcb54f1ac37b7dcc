"""When a mail arrived: by the stamp of its place and our server's trace. Claims stay claims."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

_FIRST = datetime(1990, 1, 1, tzinfo=UTC)  # no mail of an office came before: a clock was unset


def plausible(at: datetime | None) -> datetime | None:
    """Return an instant at which a mail may have come; None for the dates of clocks not set."""
    return at if at is not None and at >= _FIRST else None


def delivered_at(stamped_at: datetime | None, trace: str) -> datetime | None:
    """Return when a mail came: the earlier of its place's stamp and the topmost trace.

    The topmost Received is our own server's; those below it, and Date, are anybody's claims. What
    lies before there was mail says nothing.
    """
    traced_at = date_of(trace.rpartition(";")[2].strip())
    return min(filter(None, map(plausible, (stamped_at, traced_at))), default=None)


def date_of(value: str) -> datetime | None:
    """Return the instant that a header names, in UTC; None where it names none."""
    found = parsedate_tz(value[:100])
    if not found:
        return None
    try:
        return datetime(*found[:6], tzinfo=UTC) - timedelta(seconds=found[9] or 0)
    except (ValueError, OverflowError):
        return None
