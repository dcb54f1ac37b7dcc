"""How tickets are named on the command line: 42, case:17, 1-3,5, or - for standard input."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dsr.errors import InputError, UsageError

MOST_NUMBERS = 10_000  # of one command line or input; whoever needs more has mistyped a range
FORMS = "write a number (42), a case (case:17), a range (1-3,5), or - for standard input"
_PART = re.compile(r"(?:case:)?(?P<first>\d{1,9})(?:-(?P<last>\d{1,9}))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """One ticket, or every ticket of one case; `str` gives what would be typed."""

    number: int
    is_case: bool = False

    def __str__(self) -> str:
        return f"case:{self.number}" if self.is_case else str(self.number)


def read_references(
    words: Sequence[str], lines: Iterable[str] = (), what: str = "ticket"
) -> list[Reference]:
    """Return what words name, in order, each once.

    Args:
        words: The arguments; `-` stands for the lines.
        lines: Standard input, which is read only if a word asks for it.
        what: What the numbers are of, for errors.

    Raises:
        UsageError: A word is no reference. It is not repeated: it may be somebody's name.
        InputError: A line is no reference.
    """
    found: dict[Reference, None] = {}
    for position, word in enumerate(words, start=1):
        if word == "-":
            references = _of_lines(lines, what)
        else:
            references = _of_word(word, UsageError(f"argument {position} is no {what}", hint=FORMS))
        for reference in references:
            found[reference] = None
            if len(found) > MOST_NUMBERS:
                raise UsageError(f"more than {MOST_NUMBERS} numbers at once", hint=FORMS)
    return list(found)


def _of_lines(lines: Iterable[str], what: str) -> Iterator[Reference]:
    for number, line in enumerate(lines, start=1):
        if word := line.strip():
            yield from _of_word(word, InputError(f"line {number} of standard input is no {what}"))


def _of_word(word: str, otherwise: Exception) -> Iterator[Reference]:
    for part in word.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise otherwise
        first = int(match["first"])
        last = int(match["last"] or first)
        if not 1 <= first <= last:
            raise otherwise
        for number in range(first, last + 1):
            yield Reference(number, is_case=part.startswith("case:"))
