"""A text as it is judged: folded once, cut into words once, into clauses only where needed."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

from dsr.intake.clauses import Clause, clauses_of
from dsr.intake.match import Found, look_up
from dsr.rules.lexicon import UNSPACED
from dsr.rules.phrases import STEM, TOKEN, Lexicon, Pair, Phrases
from dsr.rules.sieve import Sifted

_SCRIPTS = {
    "han": re.compile("[\u3400-\u9fff]"),
    "kana": re.compile("[\u3041-\u30fa]"),
    "hangul": re.compile("[\uac00-\ud7af]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "greek": re.compile("[\u0370-\u03ff]"),
}
_KANA_OF_JAPANESE = 2  # so many times its kana are more than the rest of a Japanese text
_KANA_BESIDE_JAPANESE = 5  # and so many times they are less in a Chinese one
_CHAR = "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_TORN = re.compile(rf"(?<={_CHAR})[^\w,;:!?，；：！？。…()（）]+(?={_CHAR})")
"""What stands between characters that may yet make one word: the end of a line, a blank."""


class Page:
    """A text as it is judged.

    Attributes:
        text: As it was written: subject, an empty line, the text.
        folded: The same, character for character, for comparing.
        phrases: The languages.
        tokens: Its tokens.
        words: The same, each once.
        body: Where the text begins behind the subject.
        language: What it is written in (BCP 47).
    """

    def __init__(self, text: str, folded: str, body: int, phrases: Phrases) -> None:
        self.text = text
        self.folded = folded
        self.body = body
        self.phrases = phrases
        self.language = "und"
        self.tokens: list[str] = TOKEN.findall(folded)
        self.words = frozenset(self.tokens)
        self._known: dict[str, frozenset[str]] = {}
        self._sought: dict[str, dict[str, list[str]]] = {}
        self._pairs: dict[str, frozenset[Pair]] = {}
        self._present: dict[str, int] = {}
        self._places: dict[tuple[str, str], list[int]] = {}
        self._found: dict[tuple[str, int, int], Found] = {}

    @cached_property
    def pairs(self) -> frozenset[Pair]:
        """Its pairs of neighbouring tokens."""
        return frozenset(zip(self.tokens, self.tokens[1:], strict=False))

    @cached_property
    def _heads(self) -> frozenset[str]:
        """Its tokens, and each two characters of scripts without spaces that are neighbours."""
        if self.folded.isascii():
            return self.words
        return self.words.union([a + b for a, b in self.pairs if a >= UNSPACED <= b])

    @cached_property
    def _whole(self) -> tuple[str, list[int], list[int]]:
        """The folded text without what tears words apart; from where on how much is left out."""
        if self.folded.isascii():
            return self.folded, [0], [0]
        starts, shifts = [0], [0]
        for match in _TORN.finditer(self.folded):
            starts.append(match.start() - shifts[-1])
            shifts.append(shifts[-1] + match.end() - match.start())
        return (_TORN.sub("", self.folded) if len(starts) > 1 else self.folded), starts, shifts

    def places_of(self, group: str, lexicon: Lexicon) -> list[int]:
        """Return where the terms of a group may begin, in order; looked up once."""
        key = lexicon.file.language, group
        if key not in self._places:
            self._places[key] = self.places(self._strings(group, lexicon))
        return self._places[key]

    def _strings(self, group: str, lexicon: Lexicon) -> Iterable[str]:
        """Return what to look for where a group may stand."""
        language = lexicon.file.language
        if language not in self._sought:
            sought: dict[str, list[str]] = {}
            heads = lexicon.heads
            for head in heads.keys() & self.known(lexicon):
                for name, strings in heads[head]:
                    sought.setdefault(name, []).extend(strings)
            self._sought[language] = sought
        return self._sought[language].get(group, ())

    @cached_property
    def sifted(self) -> Sifted:
        """Which languages may be of interest, for all the words that stand there."""
        return self.phrases.sieve.sift(self.words)

    @cached_property
    def askers(self) -> tuple[Lexicon, ...]:
        """The languages in which the text may ask for something."""
        known = (self.phrases.lexicons[name] for name in self.sifted.rights)
        return tuple(
            lexicon
            for lexicon in known
            if lexicon.file.script in self._scripts and lexicon.may_ask(self.words)
        )

    @cached_property
    def smellers(self) -> tuple[Lexicon, ...]:
        """The languages one of whose words of privacy stands there."""
        known = (self.phrases.lexicons[name] for name in self.sifted.smells)
        return tuple(lexicon for lexicon in known if lexicon.file.script in self._scripts)

    def spoken(self, others: Iterable[str]) -> tuple[Lexicon, ...]:
        """Return the language of the text, if it has phrases, and others beside it."""
        names = dict.fromkeys((self.language.partition("-")[0], *others))
        known = (self.phrases.lexicons.get(name) for name in names)
        return tuple(lexicon for lexicon in known if lexicon)

    @cached_property
    def _scripts(self) -> frozenset[str]:
        if self.folded.isascii():
            return frozenset({"latin"})
        found = {name for name, script in _SCRIPTS.items() if script.search(self.folded)}
        if {"han", "kana"} <= found:  # whose characters are the Chinese ones?
            kana, han = (len(_SCRIPTS[name].findall(self.folded)) for name in ("kana", "han"))
            found -= {"han"} if kana * _KANA_OF_JAPANESE > han else set()
            found -= {"kana"} if kana * _KANA_BESIDE_JAPANESE < han else set()
        return frozenset({"latin", *found})

    def places(self, strings: Iterable[str]) -> list[int]:
        """Return where any of these words, beginnings of words or characters stand, in order."""
        found: list[int] = []
        whole, starts, shifts = self._whole
        for string in strings:
            word = string.removesuffix(STEM)
            at = whole.find(word)
            while at >= 0:
                if word >= UNSPACED or not (at and _goes_on(whole[at - 1])):
                    found.append(at)
                at = whole.find(word, at + 1)
        found.sort()
        if len(starts) == 1:
            return found
        return [at + shifts[bisect_right(starts, at) - 1] for at in found]

    def clauses(self, places: list[int] | None = None) -> list[Clause]:
        """Return its clauses; a paragraph without any of these places is not cut."""
        if places is None:
            return clauses_of(self.folded, lambda _start, _end: True)
        return clauses_of(self.folded, lambda start, end: any_between(places, start, end))

    def found(self, clause: Clause, lexicon: Lexicon) -> Found:
        """Return the groups of one language in a clause; each is looked up once."""
        key = lexicon.file.language, clause.start, clause.end
        known = self._found.get(key)
        if known is None:
            known = self._found[key] = look_up(self.folded, clause, lexicon)
        return known

    def known(self, lexicon: Lexicon) -> frozenset[str]:
        """Return the tokens, beside them the stems that they have in a language."""
        if not lexicon.stems:
            return self._heads
        language = lexicon.file.language
        if language not in self._known:
            stem_of = lexicon.stem_of
            stems = [stem for token in self.words if (stem := stem_of(token))]
            self._known[language] = self._heads.union(stems)
        return self._known[language]

    def pairs_of(self, lexicon: Lexicon) -> frozenset[Pair]:
        """Return the pairs of neighbours, with the stems that they have in a language."""
        if not lexicon.stems:
            return self.pairs
        language = lexicon.file.language
        if language not in self._pairs:
            self._pairs[language] = self._pairs_with_stems(lexicon)
        return self._pairs[language]

    def _pairs_with_stems(self, lexicon: Lexicon) -> frozenset[Pair]:
        stems = {token: stem for token in self.words if (stem := lexicon.stem_of(token))}
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
            self._present[language] = lexicon.present(self.known(lexicon), self.pairs_of(lexicon))
        return self._present[language]

    def saying(self, group: str, lexicon: Lexicon) -> Iterator[Found]:
        """Yield the clauses in which a group stands, anywhere in the text."""
        if not self.present(lexicon) & lexicon.bits.get(group, 0):  # most are not looked for
            return
        places = self.places_of(group, lexicon)
        for clause in self.clauses(places):
            if any_between(places, clause.start, clause.end):
                found = self.found(clause, lexicon)
                if found.has(group):
                    yield found


def any_between(places: list[int], start: int, end: int) -> bool:
    """Say whether one of the places, which are in order, lies in a stretch."""
    at = bisect_left(places, start)
    return at < len(places) and places[at] < end


def _goes_on(char: str) -> bool:
    """Say whether a word of a spaced script goes on with a character."""
    return char < UNSPACED and char.isalnum()
