"""Tells what the words of a text say in all languages, by one look-up a word.

The groups of all languages are the bits of one number, each language's beside the others'. What a
word adds is worked out when it is first met, so that a language none of whose words stand in a
text costs that text nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain, count, islice
from operator import or_

from dsr.rules.lexicon import LONGEST_STEM, SHORTEST_STEM, STEM, Entry, Lexicon, tokens_in

_KNOWN = 20_000  # words that are remembered, and those of one text beside them
_FOLLOWING = 300  # and behind one beginning of terms
_TEXTS, _LONG = 2_000, 400  # texts that are remembered, and characters of each at most

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


class Met(dict[str, int]):
    """By word, the bits that it adds by itself; each is looked up when it is first met."""

    def __init__(self, look: Callable[[str], int]) -> None:
        """Begin with no word met.

        Args:
            look: Tells what a word adds, and remembers it if that is worth while.
        """
        super().__init__()
        self._look = look

    def __missing__(self, word: str) -> int:
        """Look up a word that was not met before."""
        return self._look(word)


@dataclass(frozen=True, slots=True, eq=False)  # each is but itself, so that it may be a key
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

    def ends_of(self, number: int, entry: Entry) -> Iterator[End]:
        """Yield how the longer terms of an entry go on; the language has this number."""
        for second, terms in entry.longer.items():
            for rest, groups in terms:
                yield number, (second, *rest), self.lexicon.bits_of(groups)


class Sieve:
    """What each word says of the languages, as bits: smells, labels and a hint, then groups.

    Attributes:
        parts: The languages, in the order in which they are asked.
        numbers: By language, which of them it is.
    """

    def __init__(
        self,
        parts: tuple[Part, ...],
        marks: Mapping[str, int],
        owners: Mapping[str, tuple[int, ...]],
    ) -> None:
        """Begin with no word met.

        Args:
            parts: The languages, in the order in which they are asked.
            marks: By token, or its beginning with a star, the lowest bits: of which languages it
                is a word of privacy, in which it names accounts or orders, whether it hints at a
                law.
            owners: By token, or its beginning with a star, which languages have terms that begin
                so.
        """
        self.parts = parts
        self.numbers = {part.name: at for at, part in enumerate(parts)}
        self._marks = marks
        self._owners = owners
        self._begins = frozenset([word[:SHORTEST_STEM] for word in (*marks, *owners)])
        self._met = Met(self._look)
        self._ends: dict[str, Ends] = {}
        self._stems: dict[str, Stems] = {}
        self._texts: dict[str, int] = {}

    def within(self, text: str) -> int:
        """Return the bits of the groups whose terms stand in a folded text, in all languages.

        Greetings, signatures and what a company writes below every mail come again and again:
        such texts are remembered.
        """
        found = self._texts.get(text)
        if found is None:
            found = self.present(tokens_in(text))
            if len(text) <= _LONG:
                if len(self._texts) >= _TEXTS:
                    self._texts.clear()
                self._texts[text] = found
        return found

    def present(self, tokens: Sequence[str]) -> int:
        """Return the bits of the groups whose terms stand in a text, in all languages.

        Args:
            tokens: The tokens of the text, in order.
        """
        if len(self._met) >= _KNOWN:  # here only: what the words of one text say is kept together
            self._forget()
        bits = map(self._met.__getitem__, set(tokens))  # long numbers: each word's but once
        found = reduce(or_, filter(None, bits), 0)
        begun = map(self._ends.get, tokens)
        second, third = islice(tokens, 1, None), chain(islice(tokens, 2, None), [""])
        for ends, token, after, at in zip(begun, second, third, count(3), strict=False):
            if ends is not None and (longer := ends[token]):
                found |= longer[0]
                if longer[1] is not None and (longest := longer[1][after]):
                    found |= longest[0] | self._further(longest[1], tokens, at)
        return found

    def _further(self, ends: Ends | None, tokens: Sequence[str], at: int) -> int:
        """Return the bits of the terms of four words and more that end from a token on."""
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
        return self._named(found)

    def labelling(self, found: int) -> list[Lexicon]:
        """Return the languages one of whose words before accounts or orders stands there."""
        return self._named(found >> len(self.parts))

    def hinting(self, found: int) -> bool:
        """Say whether a word stands there that hints at a law, in whatever language."""
        return bool(found >> 2 * len(self.parts) & 1)

    def _named(self, bits: int) -> list[Lexicon]:
        return [part.lexicon for at, part in enumerate(self.parts) if bits >> at & 1]

    def stems_of(self, token: str) -> Stems:
        """Return the longest stem that a word has in each language."""
        if token not in self._met:
            self._look(token)
        return self._stems.get(token, ())

    def _look(self, token: str) -> int:
        if token[:SHORTEST_STEM] not in self._begins:
            return 0  # as most numbers, which never come again: none is remembered
        bits = self._marks.get(token, 0)
        longest: dict[int, str] = {}
        first = len(token) if token.isdecimal() else SHORTEST_STEM  # a number takes no ending
        for end in range(first, min(len(token), LONGEST_STEM) + 1):
            stem = token[:end] + STEM
            bits |= self._marks.get(stem, 0)  # of privacy speaks a shorter one, too
            for number in self._owners.get(stem, ()):
                longest[number] = stem
        ends: list[End] = []
        begun = [(number, token) for number in self._owners.get(token, ())]
        for number, word in (*begun, *longest.items()):
            part = self.parts[number]
            entry = part.lexicon.entries.get(word)
            if entry:
                bits |= part.lexicon.bits_of(entry.alone) << part.shift
                ends += part.ends_of(number, entry)
        self._met[token] = bits
        if ends:
            self._ends[token] = Ends(ends, self)
        if longest:
            self._stems[token] = tuple(longest.items())
        return bits

    def _forget(self) -> None:
        """Forget the words that say nothing, most of which never come again; all if few are."""
        telling = {word: bits for word, bits in self._met.items() if bits or word in self._ends}
        self._met.clear()
        if len(telling) < _KNOWN // 2:
            self._met.update(telling)
        for known in (self._ends, self._stems):
            for word in known.keys() - self._met.keys():
                del known[word]


def sieve_of(lexicons: Mapping[str, Lexicon], hints: Iterable[str] = ()) -> Sieve:
    """Return the sieve of all languages.

    Args:
        lexicons: The languages.
        hints: Tokens that hint at a law.
    """
    marks: dict[str, int] = {}
    owners: dict[str, tuple[int, ...]] = {}
    parts: list[Part] = []
    shift = 2 * len(lexicons) + 1
    for number, (name, lexicon) in enumerate(lexicons.items()):
        count = len(lexicon.bits)
        parts.append(Part(name, lexicon, shift, (1 << count) - 1, lexicon.telling << shift))
        shift += count
        for level, words in enumerate((lexicon.smells, lexicon.labels)):
            for word in words:
                marks[word] = marks.get(word, 0) | 1 << level * len(lexicons) + number
        for word in lexicon.entries.keys() | lexicon.stems:
            owners[word] = (*owners.get(word, ()), number)
    for word in hints:
        marks[word] = marks.get(word, 0) | 1 << 2 * len(lexicons)
    return Sieve(tuple(parts), marks, owners)
