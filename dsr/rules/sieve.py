"""Tells which languages a text may ask in, by one look-up a word, however many languages there are.

Every pattern has a group that is its key: where no word of it stands, the pattern cannot fit. A
language none of whose key words stand in a text costs that text nothing.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from dsr.rules.lexicon import SHORTEST_STEM, STEM, TOKEN, Lexicon

_KNOWN = 100_000  # words that are remembered
_SMELLS = ("smell", "personal_data")


@dataclass(frozen=True, slots=True)
class Sifted:
    """Languages (as their files name them) that a text may be of interest in.

    Attributes:
        rights: A right could be asked for in these.
        smells: A word of privacy of theirs stands there.
        labels: A word that names accounts, orders or phones stands there.
    """

    rights: tuple[str, ...]
    smells: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sieve:
    """What each word says of the languages, as bits: rights, then smells, then labels.

    Attributes:
        languages: The languages, in the order of the bits.
        words: By token.
        stems: By the beginning of a token, with its star.
    """

    languages: tuple[str, ...]
    words: Mapping[str, int]
    stems: Mapping[str, int]
    _known: dict[str, int] = field(default_factory=dict)

    def sift(self, tokens: AbstractSet[str]) -> Sifted:
        """Return what the tokens of a text say."""
        found = 0
        known = self._known
        for token in tokens:
            bits = known.get(token)
            found |= self._look(token) if bits is None else bits
        count = len(self.languages)
        return Sifted(
            self._named(found), self._named(found >> count), self._named(found >> 2 * count)
        )

    def _look(self, token: str) -> int:
        bits = self.words.get(token, 0)
        if self.stems:
            for end in range(SHORTEST_STEM, len(token) + 1):
                bits |= self.stems.get(token[:end] + STEM, 0)
        if len(self._known) < _KNOWN:
            self._known[token] = bits
        return bits

    def _named(self, bits: int) -> tuple[str, ...]:
        return tuple([name for at, name in enumerate(self.languages) if bits >> at & 1])


def sieve_of(lexicons: Mapping[str, Lexicon]) -> Sieve:
    """Return the sieve of all languages."""
    words: dict[str, int] = {}
    stems: dict[str, int] = {}
    for at, lexicon in enumerate(lexicons.values()):
        for level, keys in enumerate((_rights(lexicon), _smells(lexicon), _labels(lexicon))):
            bit = 1 << at + level * len(lexicons)
            for key in keys:
                table = stems if key.endswith(STEM) else words
                table[key] = table.get(key, 0) | bit
    return Sieve(tuple(lexicons), words, stems)


def _rights(lexicon: Lexicon) -> set[str]:
    file = lexicon.file
    groups = {pattern.key for pattern in lexicon.all}
    groups |= {rule.verb for rule in file.carried} | {f"law_{law}" for law in file.laws}
    return {key for group in groups for key in lexicon.keys[group]}


def _smells(lexicon: Lexicon) -> set[str]:
    return {key for group in _SMELLS for key in lexicon.keys.get(group, ())}


def _labels(lexicon: Lexicon) -> set[str]:
    terms = (TOKEN.findall(words) for _, words in lexicon.labels)
    return {max(term, key=len) for term in terms if term}
