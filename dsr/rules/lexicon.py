"""One language's phrases, ready to be matched quickly. What they mean is in their file."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dsr.rules.wording import Carried, PatternLine, PhraseFile

_UNSPACED = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_ELIDED = (
    "(?:l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu"  # French
    "|un|all|dell|dall|nell|sull|quest|quell)'(?=[^\\W\\d_]|$)"  # Italian
)
TOKEN = re.compile(rf"{_ELIDED}|[^\W_{_UNSPACED}]+(?:'[^\W\d_{_UNSPACED}]+)?|[{_UNSPACED}]")
"""A word of a spaced script (an elided article apart: "l'" + "accès"), or one character of a
script without spaces; Korean, whose words take endings, counts as one of these."""
_RUN = re.compile(rf"[^\W_{_UNSPACED}]+|[{_UNSPACED}]+")
"""The same in a text without an apostrophe, found sooner: characters that adjoin in one piece."""
_SPACELESS = re.compile(rf"[{_UNSPACED}]")
_HAN, _BEHIND_HAN = "\u3400", "\ua000"  # the most frequent of them, told sooner
_BLANKED = "".join(char if char.isalnum() else " " for char in map(chr, range(128)))
"""By ASCII character, itself where it belongs to a word."""
_BLANKED_OR_APOSTROPHE = _BLANKED[:39] + "'" + _BLANKED[40:]

UNSPACED = "\u3040"
"""A token that sorts from here on is one character of a script without spaces."""
STEM = "*"
"""What stands behind the beginning of a word, for every word that begins so."""
SHORTEST_STEM, LONGEST_STEM = 3, 30  # letters

Pair = tuple[str, str]
Longer = tuple[tuple[str, ...], frozenset[str]]

_KNOWN = 5_000  # words that are remembered, of one language; then all are forgotten
_UNSEEN = object()


def tokens_in(text: str) -> list[str]:
    """Return the tokens of a folded text, in order; those of plain ASCII are found far sooner."""
    if not text.isascii():
        return TOKEN.findall(text) if "'" in text else _cut(_RUN.findall(text))
    if "'" not in text:
        return text.translate(_BLANKED).split()
    found: list[str] = []
    for word in text.translate(_BLANKED_OR_APOSTROPHE).split():
        if "'" in word:
            found += TOKEN.findall(f"{word} ")  # no elided article ends here
        else:
            found.append(word)
    return found


def _cut(runs: list[str]) -> list[str]:
    """Return the tokens of runs of characters."""
    if max(runs, default="") < UNSPACED:
        return runs
    found: list[str] = []
    for run in runs:
        if _HAN <= run < _BEHIND_HAN or (run >= UNSPACED and _SPACELESS.match(run)):
            found += run
        else:
            found.append(run)
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """A group, and what may stand between it and the one before: ``""``, ``~`` or ``..``."""

    group: str
    gap: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, ready to be matched.

    Attributes:
        name: Language, kind and number, as reasons quote it.
        line: What it means.
        steps: Its groups in order.
        groups: The same, as a set.
        mask: The same, as bits of its lexicon.
        order: Which of its lexicon it is.
        key: The group whose words tell most.
        bit: The same, as the bit of its lexicon.
        beside: The bit of the group whose words tell most beside those; the same if it is alone.
    """

    name: str
    line: PatternLine
    steps: tuple[Step, ...]
    groups: frozenset[str]
    mask: int = 0
    order: int = 0
    key: str = ""
    bit: int = 0
    beside: int = 0


Keyed = tuple[int, int, tuple[tuple[int, Pattern], ...]]
"""The patterns of one key, each behind its mask; before them the bit of the key, and the bits one
of which each needs, too."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The terms that begin with a word.

    Attributes:
        alone: The groups of the word itself.
        longer: By the second word of longer terms: the others, and their groups; longest first.
    """

    alone: frozenset[str]
    longer: Mapping[str, tuple[Longer, ...]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language, ready to be matched.

    Attributes:
        file: What the file says.
        entries: By word, or by its beginning with a star, the terms that begin there.
        all: The patterns.
        by_key: The same by the length of the number that is the bit of their key.
        bits: The bit of each group.
        persons: Its pronouns and the like as tokens, by the groups self, plural and you.
        free: The bits of its laws.
        carried: The bits of each verb, and of the object that the clause before names.
        bare: The bits of those verbs.
        telling: The bits without any of which nothing is asked: keys, carried verbs and laws.
        agents: The bits of the roles of those who write for somebody else.
        smells: Of each term of privacy the one token that tells most.
        labels: What stands before accounts, orders and phones, by the one token that tells most:
            the type, and the folded words.
        stems: The beginnings of words that its terms name, with the star.
        own: Its pronouns of one person who writes.
        addressed: Its pronouns of whoever is written to.
    """

    file: PhraseFile
    entries: Mapping[str, Entry]
    all: tuple[Pattern, ...]
    by_key: tuple[Keyed, ...]
    bits: Mapping[str, int]
    persons: Mapping[str, tuple[tuple[str, ...], ...]]
    free: int
    carried: frozenset[tuple[int, int]]
    bare: int
    telling: int
    agents: int
    smells: frozenset[str]
    labels: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    stems: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    addressed: frozenset[str] = frozenset()
    _known: dict[str, str] = field(default_factory=dict)
    _met: dict[str, Entry | None] = field(default_factory=dict)

    def stem_of(self, token: str) -> str:
        """Return the longest stem with which a word begins, with its star; empty if none."""
        if not self.stems:
            return ""
        found = self._known.get(token)
        if found is None:
            longest = min(len(token), LONGEST_STEM)
            starts = (token[:end] + STEM for end in range(longest, SHORTEST_STEM - 1, -1))
            found = next((start for start in starts if start in self.stems), "")
            if len(self._known) >= _KNOWN:
                self._known.clear()
            self._known[token] = found
        return found

    def entry(self, token: str) -> Entry | None:
        """Return the terms that begin with a word, or with the stem that it has; None if none."""
        if not self.stems:
            return self.entries.get(token)
        found = self._met.get(token, _UNSEEN)
        if found is _UNSEEN:
            found = _joined(self.entries.get(token), self.entries.get(self.stem_of(token)))
            if len(self._met) >= _KNOWN:
                self._met.clear()
            self._met[token] = found
        return found  # type: ignore[return-value]  # the marker of a miss never gets here

    def terms(self) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
        """Yield all terms as tokens, each with its groups: for what is done now and then."""
        for first, entry in self.entries.items():
            if entry.alone:
                yield (first,), entry.alone
            for second, terms in entry.longer.items():
                yield from (((first, second, *rest), groups) for rest, groups in terms)

    def bits_of(self, groups: Iterable[str]) -> int:
        """Return the bits of some groups."""
        return sum([self.bits[group] for group in groups])

    def candidates(self, present: int) -> list[Pattern]:
        """Return the patterns all of whose groups are present, in their order.

        It is what makes ordinary mail cheap: a few operations on numbers tell that none fits.

        Args:
            present: The bits of the groups that a text holds.
        """
        lacking = ~present
        found: list[Pattern] = []
        keys = present & self.telling
        while keys:
            bit, needed, known = self.by_key[keys.bit_length()]
            keys ^= bit
            if needed & present:
                found += [one for mask, one in known if not mask & lacking]
        if len(found) > 1:
            found.sort(key=_order)
        return found

    def carry(self, rule: Carried, name: str) -> Pattern:
        """Return a rule of the clause before as a pattern, for what may veto it."""
        line = PatternLine(rule.kind, (), scope=rule.scope)
        return Pattern(name, line, (Step(rule.verb, ""),), frozenset({rule.verb, "owner"}))


def _order(pattern: Pattern) -> int:
    return pattern.order


def _joined(one: Entry | None, other: Entry | None) -> Entry | None:
    if one is None or other is None:
        return one or other
    longer = dict(one.longer)
    for second, terms in other.longer.items():
        both = (*longer.get(second, ()), *terms)
        longer[second] = tuple(sorted(both, key=lambda term: -len(term[0])))
    return Entry(one.alone | other.alone, longer)
