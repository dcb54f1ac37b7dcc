"""Words by which letters name phones, identity papers and articles of laws, in all languages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from dsr.rules.alternatives import any_of, either
from dsr.rules.reading import shipped

_NAMED = {"blank": "[ _-]{0,2}", "letter": r"[^\W_\d]"}  # as words stand in the names of files


@dataclass(frozen=True, slots=True)
class Naming:
    """The words, as the file has them.

    Attributes:
        phone: What stands before a telephone number.
        identity_papers: Kinds of identity papers.
        article: What stands before the number of an article of a law.
        number: What may stand between that and the number.
        paragraph: What stands before the number of a paragraph of it.
        joiners: What joins the numbers of several.
        states: What says, between a label and a value, that this is it.
        before_value: What else may stand there.
        particles: The same in scripts without spaces.
        loose: Labels that are ordinary words.
        no_names: What stands behind a label and tells no name.
        absent: What stands there and says that the name is elsewhere, or nowhere.
        regions: By language, the country of a phone without a country code.
    """

    phone: tuple[str, ...]
    identity_papers: tuple[str, ...]
    article: tuple[str, ...]
    number: tuple[str, ...]
    paragraph: tuple[str, ...]
    joiners: tuple[str, ...]
    states: tuple[str, ...]
    before_value: tuple[str, ...]
    particles: tuple[str, ...]
    loose: frozenset[str]
    no_names: frozenset[str]
    absent: frozenset[str]
    regions: Mapping[str, str]


@cache
def naming() -> Naming:
    """Return the words.

    Raises:
        ConfigError: The file is wrong.
    """
    return shipped(Naming, "naming.toml")


@cache
def identity_paper() -> re.Pattern[str]:
    """Return what finds a kind of identity paper in a folded text."""
    return any_of(naming().identity_papers, **_NAMED)


@cache
def phone_label() -> re.Pattern[str]:
    """Return what finds a word that says that a number is a phone's, in a folded text."""
    return any_of(naming().phone, **_NAMED)


@cache
def value_gap() -> re.Pattern[str]:
    """Return what finds, in a text as it is written, all between a label and its value."""
    known = naming()
    words = sorted((*known.states, *known.before_value), key=len, reverse=True)
    whole = ((re.escape(one), "(?![A-Za-zÀ-ɏ_-])" if one[-1].isalpha() else "") for one in words)
    word, particles = "|".join(map("".join, whole)), "".join(known.particles)
    before, behind = r"\s:#=：＃\"'“”‘’「」(（", r"\s:#=：\"'“”「」"
    return re.compile(rf"[{before}{particles}]{{0,6}}(?:{word})?[{behind}]{{0,4}}")


@cache
def article_number() -> re.Pattern[str]:
    """Return what finds an article in a folded text: number, paragraph, and more numbers."""
    known = naming()
    before, part, and_ = (
        either(words) for words in (known.article, known.paragraph, known.joiners)
    )
    number = r"\d{1,4}[a-z]?(?![^\W_\d])(?:\.\d{1,3}(?!\d))?"
    inner = rf"(?:\s?\(\w{{1,3}}\)|\s?,?\s?{part}\.?\s?\d{{1,2}}(?!\d))"
    joined = rf"\s?(?:,|&|{and_}(?!\w))\s?(?:{before}\.?\s?)?"
    more = rf"(?:{joined}\d{{1,3}}(?:\(\w{{1,3}}\))?(?!\w))"
    sign = either(known.number, r"\s?")
    mark = rf"(?:\.?\s{{0,2}}(?:{sign}\.?)?\s{{0,2}})"
    return re.compile(rf"(?<!\w){before}{mark}({number})({inner}{{0,3}})({more}{{0,5}})")
