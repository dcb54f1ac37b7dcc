"""How mail programs introduce what they quote: data, by language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from dsr.rules.folding import fold
from dsr.rules.reading import DATA, into, read_toml

ByLanguage = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class QuotingFile:
    """The file, as it is written: terms by language."""

    wrote: ByLanguage
    wrote_within: ByLanguage
    divider: ByLanguage
    header: ByLanguage
    reply: ByLanguage


@dataclass(frozen=True, slots=True)
class Quoting:
    """The same, ready to be looked for: terms of all languages, folded.

    Attributes:
        wrote: End a line that introduces a quotation.
        wrote_within: Stand in one that a name ends.
        divider: Stand alone on a line, or between dashes.
        header: Names of headers.
        reply: Begins the subject of an answer or of what is sent on, once or many times.
    """

    wrote: tuple[str, ...]
    wrote_within: tuple[str, ...]
    divider: frozenset[str]
    header: frozenset[str]
    reply: re.Pattern[str]


@cache
def quoting() -> Quoting:
    """Return the terms of all languages.

    Raises:
        ConfigError: The file is wrong; the key is named.
    """
    place = DATA / "quoting.toml"
    file = into(QuotingFile, read_toml(place), str(place))
    return Quoting(
        wrote=tuple(dict.fromkeys(_all(file.wrote))),
        wrote_within=tuple(dict.fromkeys(_all(file.wrote_within))),
        divider=frozenset(_all(file.divider)),
        header=frozenset(_all(file.header)),
        reply=_beginning(_all(file.reply)),
    )


def bare_subject(subject: str) -> str:
    """Return a subject without what mail programs put before it ("Re:", "Fwd:")."""
    begun = quoting().reply.match(fold(subject))
    return subject[begun.end() :] if begun else subject


def _beginning(terms: list[str]) -> re.Pattern[str]:
    either = "|".join(re.escape(term) for term in sorted(set(terms), key=len, reverse=True))
    number = r"(?:\[\d{1,4}\]|\(\d{1,4}\)|\^\d{1,4})"
    return re.compile(rf"\s*(?:(?:{either})\s?{number}?\s?[:\uff1a]\s*)+")


def _all(terms: ByLanguage) -> list[str]:
    return [fold(term) for each in terms.values() for term in each]
