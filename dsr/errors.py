"""Every failure that dsr expects: one class, one exit code, one slug. Nothing here prints."""

from dataclasses import dataclass
from typing import ClassVar


class DsrError(Exception):
    """An expected failure that the person at the keyboard can act on.

    Args:
        message: What is wrong and why; never a personal value.
        hint: The command or the change that mends it.
        facts: Further facts for programs; never a personal value.
    """

    exit_code: ClassVar[int] = 1
    slug: ClassVar[str] = "error"

    def __init__(self, message: str, *, hint: str = "", **facts: str | int | None) -> None:
        super().__init__(message)
        self.hint = hint
        self.facts = facts


class UsageError(DsrError):
    """The command line lacks something or contradicts itself."""

    exit_code = 2
    slug = "usage"


class NotFoundError(DsrError):
    """There is no such ticket, officer, source, ground or file."""

    exit_code = 3
    slug = "not-found"


class NotAllowedError(DsrError):
    """The workflow, a rule of law or the officer's role forbids it."""

    exit_code = 4
    slug = "not-allowed"


class ConflictError(DsrError):
    """It changed meanwhile, is there already, or is busy: try again."""

    exit_code = 5
    slug = "conflict"


class RefusedError(ConflictError):
    """The database works, and takes this alone not: another value may be written."""


class InputError(DsrError):
    """Something that was given cannot be read, or a part of a batch failed."""

    exit_code = 6
    slug = "input"


class ConfigError(DsrError):
    """A setting or a rule file is wrong."""

    exit_code = 7
    slug = "setting"


class SourceError(DsrError):
    """A system of the company did not answer as it should."""

    exit_code = 8
    slug = "source"


class TrailError(DsrError):
    """The trail does not hold, or the database is newer than this program."""

    exit_code = 9
    slug = "trail"


class CheckError(DsrError):
    """A check found something."""

    exit_code = 10
    slug = "check"


class InterruptedWorkError(DsrError):
    """The person at the keyboard stopped it or declined a prompt."""

    exit_code = 130
    slug = "interrupted"


@dataclass(frozen=True, slots=True)
class Problem:
    """One failing item of bulk work; the rest goes on.

    Attributes:
        where: The file, row, message or ticket; never a personal value.
        what: What is wrong with it, and what mends it.
        exit_code: The exit code of its own class, for a batch of one.
        slug: The slug of its class.
    """

    where: str
    what: str
    exit_code: int = InputError.exit_code
    slug: str = InputError.slug


def nearest(word: str, known: "list[str]") -> str:
    """Return a hint that names the nearest known words, or all of them where few."""
    from difflib import get_close_matches

    close = get_close_matches(word, known, n=3, cutoff=0.5)
    if close:
        return "did you mean " + " or ".join(close) + "?"
    return "known: " + ", ".join(known) if known else ""
