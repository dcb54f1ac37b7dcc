"""One language's phrases, made ready to be matched quickly. What they mean is in their file."""

import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from dsr.errors import ConfigError, nearest
from dsr.rules.wording import CONFIDENCES, MEANT, Carried, PatternLine, PhraseFile

_UNSPACED = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_ELIDED = (
    "(?:l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu"  # French
    "|un|all|dell|dall|nell|sull|quest|quell)'(?=[^\\W\\d_])"  # Italian
)
TOKEN = re.compile(rf"{_ELIDED}|[^\W_{_UNSPACED}]+(?:'[^\W\d_{_UNSPACED}]+)?|[{_UNSPACED}]")
"""A word of a spaced script (an elided article apart: "l'" + "accès"), or one character of a
script without spaces; Korean, whose words take endings, counts as one of these."""

STEM = "*"
"""What stands behind the beginning of a word, for every word that begins so."""
_TERM = re.compile(rf"(?:{TOKEN.pattern})\*?")

Pair = tuple[str, str]
Longer = tuple[tuple[str, ...], frozenset[str]]

_SHORTEST_STEM = 3
_KNOWN = 50_000  # words whose stems are remembered, of one language
_ASIDES = ("role_", "follow_up", "legal")
_PERSONS = ("self", "plural", "you")
_STEP = re.compile(r"<([a-z_]+)>|(\.\.)|(~)|([^\s<>~]+)")


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
        pairs: Words that stand side by side in it.
    """

    name: str
    line: PatternLine
    steps: tuple[Step, ...]
    groups: frozenset[str]
    mask: int = 0
    pairs: frozenset[Pair] = frozenset()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language, ready to be matched.

    Attributes:
        file: What the file says.
        words: By token, the groups of the terms that it is.
        terms: By the first two tokens of a term: the others, and its groups; the longest first.
        all: The patterns.
        bits: The bit of each group.
        word_bits: As ``words``, the bits of the groups.
        term_bits: As ``terms``: the pairs that follow, and the bits of the groups.
        firsts: By group, the tokens with which its terms begin.
        starts: The tokens with which any term begins.
        asides: The bits of what is said beside the wish: who writes, reminders, threats.
        stems: The beginnings of words that its terms name, with the star.
        own: Its pronouns of one person who writes.
        addressed: Its pronouns of whoever is written to.
    """

    file: PhraseFile
    words: Mapping[str, frozenset[str]]
    terms: Mapping[Pair, tuple[Longer, ...]]
    all: tuple[Pattern, ...]
    bits: Mapping[str, int]
    word_bits: Mapping[str, int]
    term_bits: Mapping[Pair, tuple[tuple[frozenset[Pair], int], ...]]
    firsts: Mapping[str, frozenset[str]]
    starts: frozenset[str]
    asides: int
    stems: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    addressed: frozenset[str] = frozenset()
    _known: dict[str, str] = field(default_factory=dict)

    def stem_of(self, token: str) -> str:
        """Return the longest stem with which a word begins, with its star; empty if none."""
        if not self.stems:
            return ""
        found = self._known.get(token)
        if found is None:
            starts = (token[:end] + STEM for end in range(len(token), _SHORTEST_STEM - 1, -1))
            found = next((start for start in starts if start in self.stems), "")
            if len(self._known) < _KNOWN:
                self._known[token] = found
        return found

    def present(self, tokens: AbstractSet[str], pairs: AbstractSet[Pair]) -> int:
        """Return the bits of the groups that a text holds; hardly ever one too many.

        It is what makes ordinary mail cheap: a few operations on sets tell that no pattern fits.

        Args:
            tokens: The tokens of the text.
            pairs: Its pairs of neighbouring tokens.
        """
        found = 0
        for token in self.word_bits.keys() & tokens:
            found |= self.word_bits[token]
        for pair in self.term_bits.keys() & pairs:
            for others, bits in self.term_bits[pair]:
                if others <= pairs:
                    found |= bits
        return found

    def candidates(self, present: int, pairs: AbstractSet[Pair]) -> tuple[Pattern, ...]:
        """Return the patterns all of whose groups are present, and whose words are neighbours."""
        return tuple(
            pattern
            for pattern in self.all
            if pattern.mask & present == pattern.mask and pattern.pairs <= pairs
        )

    def carry(self, rule: Carried, name: str) -> Pattern:
        """Return a rule of the clause before as a pattern, for what may veto it."""
        line = PatternLine(rule.kind, (), scope=rule.scope)
        return Pattern(name, line, (Step(rule.verb, ""),), frozenset({rule.verb, "owner"}))


def tokens_of(term: str) -> tuple[str, ...]:
    """Return the tokens of a folded term; a stem keeps its star."""
    return tuple(_TERM.findall(term))


def compiled(file: PhraseFile, place: str, fold: Callable[[str], str]) -> Lexicon:
    """Return a language ready to be matched.

    Args:
        file: What its file says.
        place: The file, for errors.
        fold: How texts are made comparable.

    Raises:
        ConfigError: A group is missing or unknown, or a pattern cannot be read.
    """
    written = _groups(file, place)
    patterns = tuple(_patterns(file, set(written), place))
    literals = {step.group[1:] for one in patterns for step in one.steps if step.group[0] == "="}
    written |= {f"={word}": (word,) for word in literals}
    groups = {
        group: tuple(tokens for term in terms if (tokens := tokens_of(fold(term))))
        for group, terms in written.items()
    }
    bits = {group: 1 << number for number, group in enumerate(sorted(groups))}
    firsts = {group: frozenset(term[0] for term in terms) for group, terms in groups.items()}
    ready = tuple(
        replace(one, mask=_sum(bits, one.groups), pairs=_neighbours(one, fold)) for one in patterns
    )
    words, longer = _terms(groups)
    stems = frozenset(
        token for terms in groups.values() for term in terms for token in term if STEM in token
    )
    if short := sorted(stem for stem in stems if len(stem) <= _SHORTEST_STEM):
        raise ConfigError(f"{place}: {short[0]} is too short a stem: three letters at least")
    single = {group: {term[0] for term in groups[group] if len(term) == 1} for group in _PERSONS}
    return Lexicon(
        file=file,
        words=words,
        terms=longer,
        all=ready,
        bits=bits,
        word_bits={word: _sum(bits, known) for word, known in words.items()},
        term_bits=_term_bits(longer, bits),
        firsts=firsts,
        starts=frozenset(words) | {first for first, _ in longer},
        asides=sum(bit for group, bit in bits.items() if group.startswith(_ASIDES)),
        stems=stems,
        own=frozenset(single["self"] - single["plural"]),
        addressed=frozenset(single["you"]),
    )


def _groups(file: PhraseFile, place: str) -> dict[str, tuple[str, ...]]:
    groups = {**file.verbs, **file.objects, **file.words}
    groups |= {f"role_{role}": terms for role, terms in file.roles.items()}
    groups |= {f"law_{law}": known.names for law, known in file.laws.items()}
    if missing := sorted(MEANT - groups.keys()):
        raise ConfigError(f"{place}: the group {missing[0]} is missing", hint="see en.toml")
    return groups


def _term_bits(
    terms: Mapping[Pair, tuple[Longer, ...]], bits: Mapping[str, int]
) -> dict[Pair, tuple[tuple[frozenset[Pair], int], ...]]:
    return {
        first: tuple(
            (frozenset(zip((first[1], *rest), rest, strict=False)), _sum(bits, known))
            for rest, known in ends
        )
        for first, ends in terms.items()
    }


def _sum(bits: Mapping[str, int], groups: AbstractSet[str]) -> int:
    return sum(bits[group] for group in groups)


def _terms(
    groups: Mapping[str, tuple[tuple[str, ...], ...]],
) -> tuple[dict[str, frozenset[str]], dict[Pair, tuple[Longer, ...]]]:
    """Return the terms of one token, and the others by their first two tokens, longest first."""
    by_tokens: dict[tuple[str, ...], set[str]] = {}
    for group, terms in groups.items():
        for tokens in terms:
            by_tokens.setdefault(tokens, set()).add(group)
    single: dict[str, frozenset[str]] = {}
    longer: dict[Pair, tuple[Longer, ...]] = {}
    for tokens in sorted(by_tokens, key=len, reverse=True):
        known = frozenset(by_tokens[tokens])
        if len(tokens) == 1:
            single[tokens[0]] = known
        else:
            first = tokens[0], tokens[1]
            longer[first] = (*longer.get(first, ()), (tokens[2:], known))
    return single, longer


def _patterns(file: PhraseFile, groups: set[str], place: str) -> Iterator[Pattern]:
    for number, line in enumerate(file.patterns, start=1):
        if line.confidence not in CONFIDENCES:
            hint = nearest(line.confidence, list(CONFIDENCES))
            raise ConfigError(f"{place}: patterns.{number}.confidence is unknown", hint=hint)
        for text in line.any:
            steps = tuple(_steps(text, groups, f"{place}: patterns.{number}"))
            name = f"{file.language}.{line.kind}.{number}"
            yield Pattern(name, line, steps, frozenset(step.group for step in steps))


def _steps(text: str, groups: set[str], place: str) -> Iterator[Step]:
    gap = ""
    found = False
    for match in _STEP.finditer(text):
        if match[2] or match[3]:
            gap = match[0]
            continue
        if match[1] and match[1] not in groups:
            hint = nearest(match[1], sorted(groups))
            raise ConfigError(f"{place}: <{match[1]}> is no group", hint=hint)
        yield Step(match[1] or f"={match[4]}", gap)
        gap, found = "", True
    if not found or gap:
        raise ConfigError(f"{place}: a pattern begins and ends with a group or a word")


def _neighbours(pattern: Pattern, fold: Callable[[str], str]) -> frozenset[Pair]:
    """Return the plain words of a pattern that stand side by side."""
    steps = zip(pattern.steps, pattern.steps[1:], strict=False)
    return frozenset(
        (tokens_of(fold(one.group))[-1], tokens_of(fold(two.group))[0])
        for one, two in steps
        if not two.gap and one.group[0] == two.group[0] == "="
    )
