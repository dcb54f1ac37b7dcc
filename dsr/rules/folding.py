"""Makes texts and terms comparable: one case, one width, no accents, one form of each character."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

_APOSTROPHES = "\u2018\u2019\u02bc\uff07\u00b4\u0060"
_ALIKE = {"ı": "i", "ς": "σ", "đ": "d", "ł": "l", "ø": "o"}  # not accents for Unicode
_WITH_ACCENTS = "\u0400"  # letters before it, Latin and Greek, are often typed without theirs
_KNOWN = 50_000  # characters that are remembered


class Letters(dict[int, int]):
    """By character, the one that it counts as; each is worked out once and remembered."""

    def __missing__(self, code: int) -> int:
        """Return what a character counts as that was not met before."""
        small = _fold_char(chr(code))
        other = ord(small) if len(small) == 1 else code
        folded = other if other == code else self.get(other, other)
        if len(self) < _KNOWN:
            self[code] = folded
        return folded


_PLAIN = Letters()


def fold(text: str, table: Mapping[int, int] | None = None) -> str:
    """Return text for comparing, character for character: lower case, narrow, without accents.

    Every character keeps its place, so that what is found there can be quoted from the original.

    Args:
        text: Any text.
        table: Characters that count as others (traditional as simplified).
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    letters = table if isinstance(table, Letters) else Letters(table) if table else _PLAIN
    lines = [  # line by line: what is all ASCII costs a tenth
        line.lower().replace("`", "'") if line.isascii() else line.translate(letters)
        for line in text.split("\n")
    ]
    return "\n".join(lines)


@lru_cache(maxsize=20_000)
def _fold_char(char: str) -> str:
    if char in _APOSTROPHES:
        return "'"
    if other := _ALIKE.get(char.lower()):
        return other
    base, *marks = list(unicodedata.normalize("NFKD", char))
    if marks and base.isalpha() and base < _WITH_ACCENTS and all(map(_is_mark, marks)):
        return base.lower()
    return unicodedata.normalize("NFKC", char).lower()


def _is_mark(char: str) -> bool:
    return unicodedata.combining(char) > 0
