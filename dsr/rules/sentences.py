"""Where sentences go on and lists begin, beyond what signs tell: data, by language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from dsr.rules.alternatives import ByLanguage, all_of, either
from dsr.rules.reading import shipped


@dataclass(frozen=True, slots=True)
class SentencesFile:
    """The file, as it is written: words, or characters in a row, by language."""

    shortened: ByLanguage
    shortened_before_number: ByLanguage
    before_ordinal: ByLanguage
    behind_ordinal: ByLanguage
    goes_on: Mapping[str, str]
    item_letters: Mapping[str, str]
    item_numerals: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sentences:
    """The same of all languages, ready to be looked for in a folded text.

    Attributes:
        shortened: Words whose full stop ends no sentence.
        shortened_before_number: The same where a number stands in what follows.
        before_ordinal: Ends before a full stop that makes a number an ordinal, or counts a wish
            within a line ("I ask: 1. ...").
        behind_ordinal: Begins at a full stop that does.
        goes_on: Characters with which a line may end, and no sentence does.
        item: Begins a line that is an item of a list.
    """

    shortened: frozenset[str]
    shortened_before_number: frozenset[str]
    before_ordinal: re.Pattern[str]
    behind_ordinal: re.Pattern[str]
    goes_on: frozenset[str]
    item: re.Pattern[str]


@cache
def sentences() -> Sentences:
    """Return what all languages have.

    Raises:
        ConfigError: The file is wrong; the key is named.
    """
    file = shipped(SentencesFile, "sentences.toml")
    before, behind = (either(all_of(one)) for one in (file.before_ordinal, file.behind_ordinal))
    return Sentences(
        shortened=frozenset(all_of(file.shortened)),
        shortened_before_number=frozenset(all_of(file.shortened_before_number)),
        before_ordinal=re.compile(rf"(?:(?<!\w){before}\s?|[:;,]\s)\d{{1,3}}$"),
        behind_ordinal=re.compile(rf"\.\s{behind}"),
        goes_on=frozenset("".join(file.goes_on.values())),
        item=_item("".join(file.item_letters.values()), "".join(file.item_numerals.values())),
    )


def _item(letters: str, numerals: str) -> re.Pattern[str]:
    """Return what begins an item: a dash or dot, a number or letter and its sign."""
    return re.compile(
        r"\s*([-*•·–—]\s|[ivx]{1,4}\s?[-–—.)]\s|・"
        rf"|[{letters}]\."
        r"|\(?[a-z\d]{1,2}[.)、:]|\d{1,2}(?=[^\d\s.,:/-])"
        rf"|[{numerals}]{{1,3}}[.、]|\([{numerals}]{{1,3}}\))"
    )
