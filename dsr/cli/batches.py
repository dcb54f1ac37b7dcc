"""How a batch of tickets goes: what was done, skipped, failed. Nothing is shown here."""

from dataclasses import dataclass

from dsr.cli.references import Reference
from dsr.errors import DsrError, Problem


@dataclass(frozen=True, slots=True)
class Skipped:
    """What the work of a batch returns where nothing was left to do."""

    why: str


@dataclass(slots=True)
class Tally:
    """How a batch went so far."""

    done: int = 0
    skipped: int = 0
    failed: int = 0

    def __str__(self) -> str:
        return f"{self.done} done, {self.skipped} skipped, {self.failed} failed"


def problem_of(reference: Reference, error: DsrError) -> Problem:
    """Return what to tell of one that failed while the others go on."""
    mended = f"{error} ({error.hint})" if error.hint else str(error)
    return Problem(str(reference), mended, error.exit_code, error.slug)
