"""Tells what the words of a text say in all languages, by one look-up a word.

The groups of all languages are the bits of one number, each language's beside the others'. What a
word adds is worked out when it is first met, so that a language none of whose words stand in a
text costs that text nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dsr.rules.lexicon import SHORTEST_STEM, STEM, TOKEN, Lexicon

_KNOWN = 100_000  # words that are remembered
_FOLLOWING = 1_000  # and behind one beginning of terms
_SMELLS = ("smell", "personal_data")

Stems = tuple[tuple[int, str], ...]
"""Which stem a word has in which language, by its number; only where it has one."""
End = tuple[int, tuple[str, ...], int]
"""How a term goes on behind its beginning: the number of its language, the words, its bits."""


class Ends(dict[str, "Longer | None"]):
    """By the word that follows the beginning of a term: the terms that end, and those that go on.

    What follows is looked up when it is first met.
    """

    def __init__(self, ends: Sequence[End], sieve: "Sieve") -> None:
        """Begin with no word met.

        Args:
            ends: How the terms go on; each has a word at least.
            sieve: Tells which stems a word has.
        """
        super().__init__()
        self._by_next: dict[str, list[End]] = {}
        for end in ends:
            self._by_next.setdefault(end[1][0], []).append(end)
        self._sieve = sieve
        self._stems = any(STEM in word for word in self._by_next)

    def __missing__(self, word: str) -> "Longer | None":
        """Look up a word that was not met here before."""
        ends = list(self._by_next.get(word, ()))
        for number, stem in self._sieve.stems_of(word) if self._stems else ():
            ends += [end for end in self._by_next.get(stem, ()) if end[0] == number]
        found: Longer | None = None
        if ends:
            bits = 0
            for number, rest, here in ends:
                bits |= here << self._sieve.parts[number].shift if len(rest) == 1 else 0
            further = [(number, rest[1:], here) for number, rest, here in ends if len(rest) > 1]
            found = bits, Ends(further, self._sieve) if further else None
        if len(self) < _FOLLOWING:
            self[word] = found
        return found


Longer = tuple[int, Ends | None]
_Known = tuple[int, Ends | None]


@dataclass(frozen=True, slots=True)
class Part:
    """Where a language's groups are among the bits.

    Attributes:
        name: The language.
        lexicon: Its words and patterns.
        shift: Its first bit.
        full: All its bits, the first one being 1.
        telling: The bits of what can begin to ask in it: patterns' keys, carried verbs and laws.
    """

    name: str
    lexicon: Lexicon
    shift: int
    full: int
    telling: int


@dataclass(frozen=True, slots=True)
class Sieve:
    """What each word says of the languages, as bits: groups, then smells, then labels.

    Attributes:
        parts: The languages, in the order in which they are asked.
        numbers: By language, which of them it is.
        smells: The first bit that says of a language that a word of privacy of it stands there.
        labels: The first bit that says that a word stands there that names accounts or orders.
        words: By token, the bits of the terms that it is.
        stems: By the beginning of a token, with its star: language, its bits, and bits that count
            even where a longer stem hides it.
        firsts: By the first token of longer terms, how they go on.
    """

    parts: tuple[Part, ...]
    numbers: Mapping[str, int]
    smells: int
    labels: int
    words: Mapping[str, int]
    stems: Mapping[str, Sequence[tuple[int, int, int]]]
    firsts: Mapping[str, Sequence[End]]
    _known: dict[str, _Known] = field(default_factory=dict)
    _stems: dict[str, Stems] = field(default_factory=dict)

    def present(self, tokens: Sequence[str]) -> int:
        """Return the bits of the groups whose terms stand in a text, in all languages.

        Args:
            tokens: The tokens of the text, in order.
        """
        found = 0
        known = self._known
        ends: Ends | None = None
        for at, token in enumerate(tokens):
            if ends is not None and (longer := ends[token]):
                found |= longer[0]
                if longer[1] is not None:
                    found |= self._further(longer[1], tokens, at + 1)
            bits, ends = known.get(token) or self._look(token)
            if bits:
                found |= bits
        return found

    def _further(self, ends: Ends | None, tokens: Sequence[str], at: int) -> int:
        """Return the bits of the terms of three words and more that end from a token on."""
        found = 0
        while ends is not None and at < len(tokens):
            longer = ends[tokens[at]]
            if longer is None:
                break
            found |= longer[0]
            ends = longer[1]
            at += 1
        return found

    def part(self, language: str) -> Part:
        """Return where a language's groups are among the bits."""
        return self.parts[self.numbers[language]]

    def of(self, found: int, part: Part) -> int:
        """Return the bits of one language, as its lexicon has them."""
        return found >> part.shift & part.full

    def smelling(self, found: int) -> list[Lexicon]:
        """Return the languages one of whose words of privacy stands there."""
        return self._named(found >> self.smells)

    def labelling(self, found: int) -> list[Lexicon]:
        """Return the languages one of whose words before accounts or orders stands there."""
        return self._named(found >> self.labels)

    def _named(self, bits: int) -> list[Lexicon]:
        return [part.lexicon for at, part in enumerate(self.parts) if bits >> at & 1]

    def stems_of(self, token: str) -> Stems:
        """Return the longest stem that a word has in each language."""
        if token not in self._known:
            self._look(token)
        return self._stems.get(token, ())

    def _look(self, token: str) -> _Known:
        bits = self.words.get(token, 0)
        longest: dict[int, tuple[int, str]] = {}
        for end in range(SHORTEST_STEM, len(token) + 1) if self.stems else ():
            stem = token[:end] + STEM
            for number, here, always in self.stems.get(stem, ()):
                bits |= always
                longest[number] = here, stem
        for here, _ in longest.values():
            bits |= here
        ends = list(self.firsts.get(token, ()))
        for number, (_, stem) in longest.items():
            ends += [end for end in self.firsts.get(stem, ()) if end[0] == number]
        known = bits, Ends(ends, self) if ends else None
        if len(self._known) < _KNOWN:
            self._known[token] = known
            if longest:
                self._stems[token] = tuple([(at, stem) for at, (_, stem) in longest.items()])
        return known


def sieve_of(lexicons: Mapping[str, Lexicon]) -> Sieve:
    """Return the sieve of all languages."""
    parts: list[Part] = []
    shift = 0
    for name, lexicon in lexicons.items():
        count = len(lexicon.bits)
        parts.append(Part(name, lexicon, shift, (1 << count) - 1, lexicon.telling << shift))
        shift += count
    words: dict[str, int] = {}
    stems: dict[str, list[tuple[int, int, int]]] = {}
    firsts: dict[str, list[End]] = {}
    for number, part in enumerate(parts):
        lexicon = part.lexicon
        single = {word: bits << part.shift for word, bits in lexicon.word_bits.items()}
        always: dict[str, int] = {}
        for level, keys in enumerate((_smells(lexicon), _labels(lexicon))):
            for key in keys:
                bit = 1 << shift + level * len(parts) + number
                always[key] = always.get(key, 0) | bit
        for word in single.keys() | always.keys() | lexicon.stems:
            if STEM in word:
                both = number, single.get(word, 0), always.get(word, 0)
                stems.setdefault(word, []).append(both)
            else:
                words[word] = words.get(word, 0) | single.get(word, 0) | always.get(word, 0)
        for (first, second), ends in lexicon.longer.items():
            known = firsts.setdefault(first, [])
            known += [(number, (second, *rest), bits) for rest, bits in ends]
    numbers = {part.name: number for number, part in enumerate(parts)}
    return Sieve(tuple(parts), numbers, shift, shift + len(parts), words, stems, firsts)


def _smells(lexicon: Lexicon) -> set[str]:
    return {key for group in _SMELLS for key in lexicon.keys.get(group, ())}


def _labels(lexicon: Lexicon) -> set[str]:
    terms = (TOKEN.findall(words) for _, words in lexicon.labels)
    return {max(term, key=len) for term in terms if term}
