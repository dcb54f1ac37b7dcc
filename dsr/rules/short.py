"""Words of letters too short to be sentences: laws, headings, one word, what points elsewhere."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from dsr.domain.vocabulary import Kind, Scope
from dsr.rules.alternatives import any_of
from dsr.rules.folding import fold
from dsr.rules.lexicon import TOKEN, UNSPACED
from dsr.rules.reading import shipped

Meant = Mapping[str, tuple[tuple[str, Kind, Scope | None], ...]]


@dataclass(frozen=True, slots=True)
class _ShortFile:
    """The file, as it is written; see its head."""

    laws: tuple[str, ...]
    rights: tuple[str, ...]
    exercises: tuple[str, ...]
    requests: tuple[str, ...]
    teaching: tuple[str, ...]
    points: tuple[str, ...]
    stop: tuple[str, ...]
    questions: tuple[str, ...]
    meanings: tuple[str, ...]
    entitled: tuple[str, ...]
    headings: Mapping[str, Mapping[str, tuple[str, ...]]]
    nouns: Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class ShortWords:
    """The words, ready to be looked for in a folded text.

    Attributes:
        laws: Finds the name of a law, also within a compound ("DSGVO-Anfrage").
        rights: Finds the rights as a whole.
        exercises: Finds that somebody exercises them.
        requests: Finds a word for a request.
        teaching: Finds what a law is taught or sold by.
        points: Finds what points at what came with a mail.
        questions: Finds what asks by when.
        meanings: Finds what asks what a right means.
        entitled: Finds what says that somebody has one.
        keys: Tokens one of which stands in every text in which a law or rights are found, but for
            those of `signs`.
        signs: The same in scripts without spaces, as characters.
        stop: Words that, alone in a mail, end advertising.
        headings: By what as a whole line is a request: its language and its right.
        nouns: The same of what is one beside a law's name.
    """

    laws: re.Pattern[str]
    rights: re.Pattern[str]
    exercises: re.Pattern[str]
    requests: re.Pattern[str]
    teaching: re.Pattern[str]
    points: re.Pattern[str]
    questions: re.Pattern[str]
    meanings: re.Pattern[str]
    entitled: re.Pattern[str]
    keys: frozenset[str]
    signs: tuple[str, ...]
    stop: frozenset[str]
    headings: Meant
    nouns: Meant


@cache
def short_words() -> ShortWords:
    """Return the words.

    Raises:
        ConfigError: The file is wrong.
    """
    file = shipped(_ShortFile, "short.toml")
    hints = [fold(word) for word in (*file.laws, *file.exercises, *file.rights)]
    return ShortWords(
        laws=any_of(file.laws),
        rights=any_of(file.rights),
        exercises=any_of(file.exercises),
        requests=any_of(file.requests),
        teaching=any_of(file.teaching),
        points=any_of(file.points),
        questions=any_of(file.questions),
        meanings=any_of(file.meanings),
        entitled=any_of(file.entitled),
        keys=frozenset(max(TOKEN.findall(word), key=len) for word in hints if word < UNSPACED),
        signs=tuple(word for word in hints if word >= UNSPACED),
        stop=frozenset(fold(word) for word in file.stop),
        headings=_meant(file.headings),
        nouns=_meant(file.nouns),
    )


def _meant(tables: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Meant:
    """Return by folded word in which languages it means which right: `kind` or `kind:scope`."""
    found: dict[str, tuple[tuple[str, Kind, Scope | None], ...]] = {}
    for language, rights in tables.items():
        for right, words in rights.items():
            kind, _, scope = right.partition(":")
            one = language, Kind(kind), Scope(scope) if scope else None
            for word in words:
                found[fold(word)] = (*found.get(fold(word), ()), one)
    return found
