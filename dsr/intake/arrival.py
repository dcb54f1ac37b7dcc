"""What a reader hands on: the bytes of one thing that arrived. Nothing here reads or judges it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from dsr.errors import Problem
from dsr.intake.overlong import Overlong


def shown(path: Path) -> str:
    """Return a path as it can be shown and kept; bytes that are no text become escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


@dataclass(frozen=True)  # without slots: its hash is remembered
class Arrival:
    """One thing that arrived, as bytes.

    Attributes:
        source: The file, or file and 1-based index (``file#3``).
        raw: Its bytes; of something longer than the limit, the headers or somewhat more.
        received_at: When it arrived as the place where it lay says, in UTC; never its own claim.
        form: The fields, where it is a row of a form.
        cut: It is longer than ``raw``.
        mail: The mail to read, where the bytes are no mail (an Outlook file).
        warnings: What its reader found odd about it.
        problem: Why its reader could not read it; it is to be set aside.
        whole: Of something longer than ``raw``, the SHA-256 of all its bytes.
        place: Where it lay, of what has no date or number of its own: the same bytes elsewhere
            arrived once more. Empty where the bytes alone say what arrived.
        long: Of something longer than the limit, all of it, to be kept; in a process that only
            reads, None.
    """

    source: str
    raw: bytes
    received_at: datetime | None = None
    form: Mapping[str, str] | None = None
    cut: bool = False
    mail: bytes | None = None
    warnings: tuple[str, ...] = ()
    problem: str | None = None
    whole: str = ""
    place: str = ""
    long: Overlong | None = None

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.raw) if self.long is None else self.long.size

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of all its bytes."""
        return self.whole or sha256(self.raw).hexdigest()

    @property
    def identity(self) -> str:
        """The key by which it is known again, as 64 hexadecimal digits."""
        return placed(self.sha256, self.place) if self.place else self.sha256


def of_long(arrival: Arrival, long: Overlong | None) -> Arrival:
    """Return an arrival with all of it beside, where it is too long to be held."""
    if long is None:
        return arrival
    odd = (*arrival.warnings, *long.warnings)
    return replace(arrival, cut=True, whole=long.sha256, warnings=odd, long=long)


def placed(digest: str, place: str) -> str:
    """Return the key of some bytes at their place."""
    return sha256(f"{place}\0{digest}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Wrong(Problem):
    """A part of a file that is wrong, as a row of a form: said, and kept all the same.

    Attributes:
        arrival: What is kept and set aside; its problem says why.
    """

    arrival: Arrival | None = None


@dataclass(frozen=True, slots=True)
class Aside(Problem):
    """What a folder holds that is not imported: said, and no failure."""
