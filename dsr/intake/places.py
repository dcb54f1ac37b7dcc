"""Where something lay, of what tells nothing else apart from the same thing sent once more."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from dsr.errors import Problem
from dsr.intake.arrival import Arrival, Wrong

#: What tells a mail from the same words sent again: a date, a number, or the trace of servers.
_TELLS = re.compile(rb"(?im)^(?:date|message-id|received)[ \t]*:")
_USUAL = (b"\nReceived:", b"\nDate:", b"\nMessage-ID:")  # as most write it: found far sooner
_HEAD = 64 << 10  # bytes in which headers are looked for
_OWN = ("id", "received_at")


def with_places(items: Iterable[Arrival | Problem], where: str) -> Iterator[Arrival | Problem]:
    """Yield what a source holds; what has no date or number of its own is given its place.

    The place is the source and which of the equal ones in it this is, not the row's number: a
    source that grew, or a part of it, is known again.

    Args:
        items: What the source holds.
        where: What tells the source from others, the same whenever it is read.
    """
    equal: Counter[int] = Counter()
    for item in items:
        if isinstance(item, Wrong) and item.arrival is not None:
            yield replace(item, arrival=_placed(item.arrival, where, equal))
        elif isinstance(item, Arrival):
            yield _placed(item, where, equal)
        else:
            yield item


def _placed(arrival: Arrival, where: str, equal: Counter[int]) -> Arrival:
    if arrival.place or tells_itself(arrival):
        return arrival  # a folder's mail has its place already
    key = int(arrival.sha256[:16], 16)  # eight bytes of each: a table may be long
    equal[key] += 1
    return replace(arrival, place=f"{where}\0{equal[key]}")


def at_place(arrival: Arrival, place: str) -> Arrival:
    """Return an arrival with its place, if it needs one."""
    return arrival if tells_itself(arrival) else replace(arrival, place=place)


def tells_itself(arrival: Arrival) -> bool:
    """Say whether the bytes alone tell an arrival from the same request made again."""
    if arrival.form is not None:
        return any(arrival.form.get(key) for key in _OWN)
    raw = arrival.raw if arrival.mail is None else arrival.mail
    head = raw[:_HEAD]
    marks = (b"\n\n", b"\r\n\r\n", b"\r\r") if b"\r" in head else (b"\n\n",)
    ends = [end for mark in marks if (end := head.find(mark)) >= 0]
    head = head[: min(ends, default=len(head))].replace(b"\r", b"\n")
    return any(mark in head for mark in _USUAL) or bool(_TELLS.search(head))
