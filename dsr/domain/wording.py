"""How words to the person are read, and which of them give a quiet ground away. Writes none."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import product

from dsr.domain.office import Ground, Place

#: Categories of characters that show nothing of their own: control, format, marks, unassigned.
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Me", "Mn"})
#: Letters and signs that are blank.
_BLANK = frozenset("\u115f\u1160\u3164\u2800")
_SPACED = re.compile("(?<=[\u2e80-\u9fff]) (?=[\u2e80-\u9fff])")


def gives_away(said: Iterable[str], ground: Ground) -> str | None:
    """Return why words to the person would give a ground away that is told quietly (or None)."""
    texts = [as_read(each) for each in said]
    for forbidden in ground.forbidden:
        if ground.code in forbidden.grounds and forbidden.place is Place.REASON:
            phrases = map(_phrase, forbidden.phrases)
            if any(phrase in text for phrase, text in product(phrases, texts)):
                return f"{forbidden.why} ({forbidden.citation})"
    return None


@cache
def _phrase(text: str) -> str:
    return as_read(text)


def as_read(text: str) -> str:
    """Return a text as a reader sees it and phrases are compared.

    Compatible characters, no case, no marks and nothing that a letter does not show; single spaces,
    and none between Chinese characters.
    """
    seen = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    shown = (c for c in seen if c.isspace() or unicodedata.category(c) not in _UNSEEN)
    words = " ".join("".join(c for c in shown if c not in _BLANK).split())
    return _SPACED.sub("", words)
