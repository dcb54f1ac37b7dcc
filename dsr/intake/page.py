"""A text as it is judged: folded once, cut into words once, into clauses only where needed."""

import re
from bisect import bisect_left
from collections.abc import Iterable

from dsr.intake.clauses import Clause, clauses_of
from dsr.intake.match import Found, look_up
from dsr.rules.phrases import STEM, TOKEN, Lexicon, Pair

_SCRIPTS = {
    "han": re.compile("[\u3400-\u9fff]"),
    "kana": re.compile("[\u3041-\u30ff]"),
    "hangul": re.compile("[\uac00-\ud7af]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "greek": re.compile("[\u0370-\u03ff]"),
}


class Page:
    """A text as it is judged.

    Attributes:
        text: As it was written: subject, an empty line, the text.
        folded: The same, character for character, for comparing.
        tokens: Its tokens.
        pairs: Its pairs of neighbouring tokens.
        body: Where the text begins behind the subject.
    """

    __slots__ = ("_present", "_read", "_whole", "body", "folded", "pairs", "text", "tokens")

    def __init__(self, text: str, folded: str, body: int) -> None:
        self.text = text
        self.folded = folded
        self.body = body
        self.tokens: list[str] = TOKEN.findall(folded)
        self.pairs = frozenset(zip(self.tokens, self.tokens[1:], strict=False))
        self._read: dict[str, tuple[frozenset[str], frozenset[Pair]]] = {}
        self._present: dict[str, int] = {}
        self._whole: dict[str, Found] = {}

    def places(self, tokens: Iterable[str]) -> list[int]:
        """Return where any of these tokens may stand, in order; a part of a word counts too."""
        found: list[int] = []
        for term in tokens:
            token = term.removesuffix(STEM)
            at = self.folded.find(token)
            while at >= 0:
                found.append(at)
                at = self.folded.find(token, at + 1)
        found.sort()
        return found

    def clauses(self, places: list[int] | None = None) -> list[Clause]:
        """Return its clauses; a paragraph without any of these places is not cut."""
        if places is None:
            return clauses_of(self.folded, lambda _start, _end: True)
        return clauses_of(self.folded, lambda start, end: any_between(places, start, end))

    def may_be(self, lexicon: Lexicon) -> bool:
        """Say whether the text has a character of the language's script at all."""
        script = _SCRIPTS.get(lexicon.file.script)
        return script is None or (not self.folded.isascii() and bool(script.search(self.folded)))

    def read(self, lexicon: Lexicon) -> tuple[frozenset[str], frozenset[Pair]]:
        """Return the tokens and the pairs of neighbours, and beside them the stems they have."""
        language = lexicon.file.language
        if language not in self._read:
            tokens = frozenset(self.tokens)
            stems = {token: stem for token in tokens if (stem := lexicon.stem_of(token))}
            self._read[language] = tokens.union(stems.values()), self._pairs_with(stems)
        return self._read[language]

    def _pairs_with(self, stems: dict[str, str]) -> frozenset[Pair]:
        if not stems:
            return self.pairs
        more: set[Pair] = set()
        for one, two in self.pairs:
            if one in stems or two in stems:
                ones = (one, stems[one]) if one in stems else (one,)
                twos = (two, stems[two]) if two in stems else (two,)
                more.update((first, second) for first in ones for second in twos)
        return self.pairs | more

    def present(self, lexicon: Lexicon) -> int:
        """Return the bits of the groups that the text holds."""
        language = lexicon.file.language
        if language not in self._present:
            self._present[language] = lexicon.present(*self.read(lexicon))
        return self._present[language]

    def whole(self, lexicon: Lexicon) -> Found:
        """Return the groups of the whole text: who writes, of what else he speaks."""
        language = lexicon.file.language
        if not self.present(lexicon) & lexicon.asides:  # most letters speak of nothing else
            return Found()
        if language not in self._whole:
            everything = Clause(0, len(self.folded))
            self._whole[language] = look_up(self.folded, everything, lexicon)
        return self._whole[language]


def any_between(places: list[int], start: int, end: int) -> bool:
    """Say whether one of the places, which are in order, lies in a stretch."""
    at = bisect_left(places, start)
    return at < len(places) and places[at] < end
