"""Makes texts and terms comparable: one case, one width, no accents, one form of each character."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

_APOSTROPHES = "\u2018\u2019\u02bc\uff07\u00b4\u0060"
_WITH_ACCENTS = "\u0400"  # letters before it, Latin and Greek, are often typed without theirs


def fold(text: str, table: Mapping[int, int] | None = None) -> str:
    """Return text for comparing, character for character: lower case, narrow, without accents.

    Every character keeps its place, so that what is found there can be quoted from the original.

    Args:
        text: Any text.
        table: Characters that count as others (traditional as simplified).
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    table = dict(table or {})
    for char in set(text):
        small = _fold_char(char)
        if len(small) == 1 and ord(char) not in table and small != char:
            table[ord(char)] = table.get(ord(small), ord(small))
    return text.translate(table)


@lru_cache(maxsize=20_000)
def _fold_char(char: str) -> str:
    if char in _APOSTROPHES:
        return "'"
    base, *marks = list(unicodedata.normalize("NFKD", char))
    if marks and base.isalpha() and base < _WITH_ACCENTS and all(map(_is_mark, marks)):
        return base.lower()
    return unicodedata.normalize("NFKC", char).lower()


def _is_mark(char: str) -> bool:
    return unicodedata.combining(char) > 0
