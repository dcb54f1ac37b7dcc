"""Lists of words, of one language or of all, as one thing to look for in a folded text."""

import re
from collections.abc import Iterable, Mapping

from dsr.rules.folding import fold
from dsr.rules.lexicon import UNSPACED

ByLanguage = Mapping[str, tuple[str, ...]]


def all_of(terms: ByLanguage) -> tuple[str, ...]:
    """Return the terms of all languages, folded, each once, in their order."""
    return tuple(dict.fromkeys(fold(term) for each in terms.values() for term in each))


def either(words: Iterable[str], blank: str = r"\s+") -> str:
    """Return an expression for any of some words, folded, the longest first.

    Args:
        words: The words.
        blank: The expression for a blank in them.
    """
    return f"(?:{'|'.join(_escaped(word, blank) for word in _longest_first(words))})"


def either_begun(words: Iterable[str], blank: str = r"\s+", letter: str = r"\w") -> str:
    """Return the same where none of them begins within a word.

    What stands before a word is looked at behind its first letter, not before it: so the search
    goes from one such letter to the next, and tries nothing in between.

    Args:
        words: The words.
        blank: The expression for a blank in them.
        letter: The expression for what may not stand before a word.
    """
    terms = [
        f"{re.escape(word[0])}(?<!{letter}{re.escape(word[0])}){_escaped(word[1:], blank)}"
        for word in _longest_first(words)
    ]
    return f"(?:{'|'.join(terms)})"


def any_of(words: Iterable[str], blank: str = r"\s+", letter: str = r"[^\W_]") -> re.Pattern[str]:
    """Return what finds any of some words: whole ones in scripts with spaces, others anywhere.

    Args:
        words: The words.
        blank: The expression for a blank in them.
        letter: The expression for what may not stand beside a whole word.
    """
    folded = {fold(word) for word in words}
    spaced = [word for word in folded if word < UNSPACED]
    whole = [f"{either_begun(spaced, blank, letter)}(?!{letter})"] if spaced else []
    others = [either(folded.difference(spaced))] if len(spaced) < len(folded) else []
    return re.compile("|".join([*whole, *others]))


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted({fold(word) for word in words}, key=lambda word: (-len(word), word))


def _escaped(word: str, blank: str) -> str:
    return re.escape(word).replace("\\ ", blank)
