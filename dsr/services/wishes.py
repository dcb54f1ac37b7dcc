"""How an import is done, as it was asked for."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How an import is done.

    Attributes:
        dry_run: Say what would become of everything, and keep nothing.
        jobs: How many processes read and classify; one writes in any case.
        since: What was received before this day is left where it lies.
        silent_before: Nobody is written to by himself about what was received before this day.
        test: Nothing of it counts or is answered.
    """

    dry_run: bool = False
    jobs: int = 1
    since: date | None = None
    silent_before: date | None = None
    test: bool = False
