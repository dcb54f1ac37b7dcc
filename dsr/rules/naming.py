"""Words by which letters name phones, identity papers and articles of laws, in all languages."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from dsr.rules.folding import fold
from dsr.rules.lexicon import UNSPACED
from dsr.rules.reading import DATA, into, read_toml


@dataclass(frozen=True, slots=True)
class Naming:
    """The words, as the file has them.

    Attributes:
        phone: What stands before a telephone number.
        identity_papers: Kinds of identity papers.
        article: What stands before the number of an article of a law.
        paragraph: What stands before the number of a paragraph of it.
        joiners: What joins the numbers of several.
        regions: By language, the country of a phone without a country code.
    """

    phone: tuple[str, ...]
    identity_papers: tuple[str, ...]
    article: tuple[str, ...]
    paragraph: tuple[str, ...]
    joiners: tuple[str, ...]
    regions: Mapping[str, str]


@cache
def naming() -> Naming:
    """Return the words.

    Raises:
        ConfigError: The file is wrong.
    """
    place = DATA / "naming.toml"
    return into(Naming, read_toml(place), place.name)


@cache
def identity_paper() -> re.Pattern[str]:
    """Return what finds a kind of identity paper in a folded text."""
    return _any_of(naming().identity_papers)


@cache
def phone_label() -> re.Pattern[str]:
    """Return what finds a word that says that a number is a phone's, in a folded text."""
    return _any_of(naming().phone)


@cache
def article_number() -> re.Pattern[str]:
    """Return what finds an article in a folded text: number, paragraph, and more numbers."""
    known = naming()
    before, part, and_ = (
        _words(words) for words in (known.article, known.paragraph, known.joiners)
    )
    number = r"\d{1,4}[a-z]?(?![^\W_\d])(?:\.\d{1,3}(?!\d))?"
    inner = rf"(?:\s?\(\w{{1,3}}\)|\s?,?\s?(?:{part})\.?\s?\d{{1,2}}(?!\d))"
    joined = rf"\s?(?:,|&|(?:{and_})(?!\w))\s?(?:(?:{before})\.?\s?)?"
    more = rf"(?:{joined}\d{{1,3}}(?:\(\w{{1,3}}\))?(?!\w))"
    mark = r"(?:\.?\s{0,2}(?:n\.?\s?[o°º]\.?|nr\.?)?\s{0,2})"
    return re.compile(rf"(?<!\w)(?:{before}){mark}({number})({inner}{{0,3}})({more}{{0,5}})")


def _words(words: Iterable[str]) -> str:
    folded = {fold(word) for word in words}
    return "|".join(map(re.escape, sorted(folded, key=lambda word: (-len(word), word))))


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of some words; of scripts with spaces whole words, as names have them.

    A blank stands for a blank or what stands for it in the name of a file.
    """
    folded = sorted({fold(word) for word in words}, key=lambda word: (-len(word), word))
    spaced = "|".join(
        re.escape(word).replace("\\ ", "[ _-]{0,2}") for word in folded if word < UNSPACED
    )
    others = "|".join(re.escape(word) for word in folded if word >= UNSPACED)
    return re.compile(rf"(?<![^\W_\d]){'(?:' + spaced + ')'}(?![^\W_\d])|{others}")
