"""The phrases by which a letter asks for a right, as data: one file a language, each readable.

How a clause is judged is in `dsr.intake`; this module knows only what the files say. `README` of
the format, in short. A *group* is a set of words or word sequences. A *pattern* is a line such as
``<delete> ~ <owner> ~ <thing>``: groups in angle brackets and plain words, one after the other;
``~`` allows a few words between (none of the group ``break``), ``..`` allows anything up to
``reach`` characters within the clause. Of two terms the longer hides the shorter inside it, so
"access card" is no "access".
"""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path

from dsr.domain.vocabulary import Kind, Scope
from dsr.errors import ConfigError, nearest
from dsr.rules.reading import DATA, into, read_toml

TOKEN = re.compile(
    r"[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:'[^\W\d_\u3040-\u30ff\u3400-\u9fff]+)?"
    r"|[\u3040-\u30ff\u3400-\u9fff]"
)
"""A word of a spaced script, or one character of a script without spaces."""

CONFIDENCES = ("high", "medium", "low")
MEANT = frozenset(
    {
        "self",
        "ask",
        "frame",
        "soft_frame",
        "negation",
        "hypothesis",
        "break",
        "footer",
        "follow_up",
        "request",
        "that",
        "smell",
        "legal",
        "business",
        "their",
        "owner",
        "plural",
        "you",
    }
)
"""Groups that the procedure itself looks at; every language must say them."""

_STEP = re.compile(r"<([a-z_]+)>|(\.\.)|(~)|([^\s<>~]+)")


Pair = tuple[str, str]
Longer = tuple[tuple[str, ...], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Example:
    """A text and what it asks for: computed by the tests."""

    text: str
    kinds: tuple[str, ...] = ()
    subject: str = ""


@dataclass(frozen=True, slots=True)
class PatternLine:
    """Patterns that mean one right.

    Attributes:
        kind: The right.
        scope: What a withdrawal withdraws.
        confidence: high, medium or low.
        any: The patterns.
        heading: They count in a subject or a heading only.
        alone: They count only where they are the whole text.
        free: They count without a first person or a request beside them.
    """

    kind: Kind
    any: tuple[str, ...]
    confidence: str = "medium"
    scope: Scope | None = None
    heading: bool = False
    alone: bool = False
    free: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """A verb whose object the clause before named ("Please delete it")."""

    verb: str
    object: str
    kind: Kind
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """How a law is named, and which right which of its articles is (``kind`` or ``kind:scope``)."""

    names: tuple[str, ...]
    articles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PhraseFile:
    """One language's file, as it is written.

    Attributes:
        language: Its code; ``zh`` holds both scripts.
        reach: How many characters ``..`` may span.
        near: How many tokens ``~`` may span.
        verbs: Groups without which a clause asks for nothing.
        objects: Groups of what a wish is about.
        words: All other groups.
        roles: Groups by the role of a writer that they show.
        identifiers: Words before an account's name and an order's number.
        commands: Groups that take the object away from patterns of other kinds than these.
        imperative: Groups that at the start of a clause are a request by themselves.
        carried: Which right a verb is whose object stands in the clause before.
        patterns: What asks for which right.
        examples: Texts and what they ask for.
        laws: Which article is which right.
        traditional: Characters that count as those of ``simplified``, in the same order.
        simplified: See ``traditional``.
    """

    language: str
    reach: int
    near: int
    verbs: Mapping[str, tuple[str, ...]]
    objects: Mapping[str, tuple[str, ...]]
    words: Mapping[str, tuple[str, ...]]
    roles: Mapping[str, tuple[str, ...]]
    identifiers: Mapping[str, tuple[str, ...]]
    commands: Mapping[str, tuple[Kind, ...]]
    imperative: tuple[str, ...]
    carried: tuple[Carried, ...]
    patterns: tuple[PatternLine, ...]
    examples: tuple[Example, ...] = ()
    laws: Mapping[str, Law] = field(default_factory=dict)
    traditional: str = ""
    simplified: str = ""


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
        triggers: Tokens one of which stands wherever the pattern stands.
    """

    name: str
    line: PatternLine
    steps: tuple[Step, ...]
    groups: frozenset[str]
    mask: int = 0
    pairs: frozenset[Pair] = frozenset()
    triggers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language, ready to be matched.

    Attributes:
        file: What the file says.
        words: By token, the groups of the terms that it is.
        terms: By the first two tokens of a term: the others, and its groups; the longest first.
        all: The patterns.
        patterns: The same, by first group.
        bits: The bit of each group.
        word_bits: As ``words``, the bits of the groups.
        term_bits: As ``terms``: the pairs that follow, and the bits of the groups.
        firsts: By group, the tokens with which its terms begin.
        script: Characters that count as others.
    """

    file: PhraseFile
    words: Mapping[str, frozenset[str]]
    terms: Mapping[Pair, tuple[Longer, ...]]
    all: tuple[Pattern, ...]
    patterns: Mapping[str, tuple[Pattern, ...]]
    bits: Mapping[str, int]
    word_bits: Mapping[str, int]
    term_bits: Mapping[Pair, tuple[tuple[frozenset[Pair], int], ...]]
    firsts: Mapping[str, frozenset[str]]
    script: Mapping[int, int]

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


@dataclass(frozen=True, slots=True)
class OtherLanguage:
    """A language without patterns yet: known by its words, and what in it smells of privacy."""

    stop_words: tuple[str, ...]
    smell: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrases:
    """All languages.

    Attributes:
        lexicons: By language, those with patterns.
        languages_of: By small word, the languages (BCP 47) that have it.
        script: Characters that count as others, of all languages.
        smells: By language without patterns, words that smell of a request.
    """

    lexicons: Mapping[str, Lexicon]
    languages_of: Mapping[str, tuple[str, ...]]
    script: Mapping[int, int]
    smells: Mapping[str, tuple[str, ...]]


def tokens_of(text: str) -> tuple[str, ...]:
    """Return the tokens of a text that is in lower case already."""
    return tuple(TOKEN.findall(text))


def load(folder: Path | None = None) -> Phrases:
    """Return the phrases that come with the program, or an office's own instead.

    Args:
        folder: Where ``<language>.toml`` files lie; a language that lies here is taken from here.

    Raises:
        ConfigError: A file is wrong; file and key are named.
    """
    return _load(str(folder) if folder else "")


@lru_cache(maxsize=4)
def _load(folder: str) -> Phrases:
    places: dict[str, Traversable] = {}
    for home in (DATA / "phrases", *([Path(folder)] if folder else [])):
        places |= {place.name: place for place in home.iterdir() if place.name.endswith(".toml")}
    others = places.pop("languages.toml", None)
    lexicons: dict[str, Lexicon] = {}
    for name in sorted(places):
        file = into(PhraseFile, read_toml(places[name]), str(places[name]))
        lexicons[file.language] = _compile(file, str(places[name]))
    return _with_others(lexicons, others)


def _with_others(lexicons: Mapping[str, Lexicon], place: Traversable | None) -> Phrases:
    tables = read_toml(place) if place else {}
    others = {key: into(OtherLanguage, table, f"{place}: {key}") for key, table in tables.items()}
    languages: dict[str, tuple[str, ...]] = {}
    for key, one in others.items():
        for word in one.stop_words:
            languages[word] = (*languages.get(word, ()), key)
    return Phrases(
        lexicons=lexicons,
        languages_of=languages,
        script={old: new for one in lexicons.values() for old, new in one.script.items()},
        smells={key: one.smell for key, one in others.items()},
    )


def _compile(file: PhraseFile, place: str) -> Lexicon:
    script = _script(file, place)
    groups = {**file.verbs, **file.objects, **file.words}
    groups |= {f"role_{role}": terms for role, terms in file.roles.items()}
    groups |= {f"law_{law}": known.names for law, known in file.laws.items()}
    if missing := sorted(MEANT - groups.keys()):
        raise ConfigError(f"{place}: the group {missing[0]} is missing", hint="see en.toml")
    patterns = tuple(_patterns(file, set(groups), place))
    literals = {step.group[1:] for one in patterns for step in one.steps if step.group[0] == "="}
    groups |= {f"={word}": (word,) for word in literals}
    bits = {group: 1 << number for number, group in enumerate(sorted(groups))}
    firsts = {
        group: frozenset(tokens[0] for term in terms if (tokens := tokens_of(_fold(term, script))))
        for group, terms in groups.items()
    }
    ready = tuple(
        replace(
            one,
            mask=_sum(bits, one.groups),
            pairs=_neighbours(one),
            triggers=firsts[_deciding(one, file)],
        )
        for one in patterns
    )
    by_first: dict[str, tuple[Pattern, ...]] = {}
    for one in ready:
        by_first[one.steps[0].group] = (*by_first.get(one.steps[0].group, ()), one)
    words, longer = _terms(groups, script)
    return Lexicon(
        file=file,
        words=words,
        terms=longer,
        all=ready,
        patterns=by_first,
        bits=bits,
        word_bits={word: _sum(bits, known) for word, known in words.items()},
        term_bits={
            first: tuple(
                (frozenset(zip((first[1], *rest), rest, strict=False)), _sum(bits, known))
                for rest, known in ends
            )
            for first, ends in longer.items()
        },
        firsts=firsts,
        script=script,
    )


def _sum(bits: Mapping[str, int], groups: AbstractSet[str]) -> int:
    return sum(bits[group] for group in groups)


def _script(file: PhraseFile, place: str) -> dict[int, int]:
    if len(file.traditional) != len(file.simplified):
        raise ConfigError(f"{place}: traditional and simplified are not equally long")
    pairs = zip(file.traditional, file.simplified, strict=True)
    return {ord(one): ord(other) for one, other in pairs}


def _fold(term: str, script: Mapping[int, int]) -> str:
    return term.lower().translate(dict(script))


def _terms(
    groups: Mapping[str, tuple[str, ...]], script: Mapping[int, int]
) -> tuple[dict[str, frozenset[str]], dict[Pair, tuple[Longer, ...]]]:
    """Return the terms of one token, and the others by their first two tokens, longest first."""
    by_tokens: dict[tuple[str, ...], set[str]] = {}
    for group, terms in groups.items():
        for term in terms:
            if tokens := tokens_of(_fold(term, script)):
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


def _neighbours(pattern: Pattern) -> frozenset[Pair]:
    """Return the plain words of a pattern that stand side by side."""
    steps = zip(pattern.steps, pattern.steps[1:], strict=False)
    return frozenset(
        (tokens_of(one.group)[-1], tokens_of(two.group)[0])
        for one, two in steps
        if not two.gap and one.group[0] == two.group[0] == "="
    )


def _deciding(pattern: Pattern, file: PhraseFile) -> str:
    """Return the group by which a pattern is looked for: verb, object, rare word, or first."""
    verbs = [step.group for step in pattern.steps if step.group in file.verbs]
    objects = [step.group for step in pattern.steps if step.group in file.objects]
    literals = sorted((step.group for step in pattern.steps if step.group[0] == "="), key=len)
    return (verbs or objects or literals[-1:] or [pattern.steps[0].group])[0]
