"""How mail programs introduce what they quote: data, by language."""

import re
from dataclasses import dataclass
from functools import cache

from dsr.rules.alternatives import ByLanguage, all_of, either
from dsr.rules.folding import fold
from dsr.rules.reading import shipped


@dataclass(frozen=True, slots=True)
class QuotingFile:
    """The file, as it is written: terms by language."""

    wrote: ByLanguage
    wrote_within: ByLanguage
    dated: ByLanguage
    year: ByLanguage
    month: ByLanguage
    divider: ByLanguage
    header: ByLanguage
    reply: ByLanguage


@dataclass(frozen=True, slots=True)
class Quoting:
    """The same, ready to be looked for: terms of all languages, folded.

    Attributes:
        wrote: End a line that introduces a quotation.
        wrote_within: Stand in one that a name ends.
        dated: Finds the end of one that is a date, a name and an address, and no verb.
        divider: Stand alone on a line, or between dashes.
        header: Names of headers.
        reply: Begins the subject of an answer or of what is sent on, once or many times.
    """

    wrote: tuple[str, ...]
    wrote_within: tuple[str, ...]
    dated: re.Pattern[str]
    divider: frozenset[str]
    header: frozenset[str]
    reply: re.Pattern[str]


@cache
def quoting() -> Quoting:
    """Return the terms of all languages.

    Raises:
        ConfigError: The file is wrong; the key is named.
    """
    file = shipped(QuotingFile, "quoting.toml")
    return Quoting(
        wrote=all_of(file.wrote),
        wrote_within=all_of(file.wrote_within),
        dated=_dated(file),
        divider=frozenset(all_of(file.divider)),
        header=frozenset(all_of(file.header)),
        reply=_beginning(all_of(file.reply)),
    )


def bare_subject(subject: str) -> str:
    """Return a subject without what mail programs put before it ("Re:", "Fwd:")."""
    begun = quoting().reply.match(fold(subject))
    return subject[begun.end() :] if begun else subject


def _dated(file: QuotingFile) -> re.Pattern[str]:
    year, month = (f"(?:[/.-]|{either(all_of(signs))})" for signs in (file.year, file.month))
    day = rf"\d{{4}}{year}\d{{1,2}}{month}\d{{1,2}}"
    sender = r"[<\[].{1,120}@.{1,120}[>\]]"
    return re.compile(rf"{day}.{{0,200}}{sender}\s*{either(all_of(file.dated))}?\s*:?$")


def _beginning(terms: tuple[str, ...]) -> re.Pattern[str]:
    number = r"(?:\[\d{1,4}\]|\(\d{1,4}\)|\^\d{1,4})"
    return re.compile(rf"\s*(?:{either(terms)}\s?{number}?\s?[:\uff1a]\s*)+")
