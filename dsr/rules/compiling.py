"""Makes one language's phrase file ready to be matched."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from sys import intern

from dsr.domain.vocabulary import IdentifierType, RequesterRole
from dsr.errors import ConfigError, nearest
from dsr.rules.lexicon import (
    LONGEST_STEM,
    SHORTEST_STEM,
    STEM,
    TOKEN,
    Entry,
    Keyed,
    Lexicon,
    Longer,
    Pair,
    Pattern,
    Step,
)
from dsr.rules.wording import CONFIDENCES, MEANT, PhraseFile

Groups = Mapping[str, tuple[tuple[str, ...], ...]]

_TOKEN_OR_END = re.compile(rf"(?:{TOKEN.pattern})\*?|\n", re.MULTILINE)
AGENTS = frozenset(
    f"role_{role}"
    for role in (
        RequesterRole.NEAR_RELATIVE,
        RequesterRole.GUARDIAN,
        RequesterRole.AGENT,
        RequesterRole.CLIENT,
    )
)
"""Groups of the words by which somebody writes for somebody else."""
_PERSONS = ("self", "plural", "you")
_SMELLS = ("smell", "personal_data")
_STEP = re.compile(r"<([a-z_]+)>|(\.\.)|(~)|'([^']+)'(?=\s|$)|([^\s<>~]+)")
_END = "\n"  # stands in no term


def compiled(
    file: PhraseFile, place: str, fold: Callable[[str], str], common: AbstractSet[str] = frozenset()
) -> Lexicon:
    """Return a language ready to be matched.

    Args:
        file: What its file says.
        place: The file, for errors.
        fold: How texts are made comparable.
        common: Small words of any language, which tell little.

    Raises:
        ConfigError: A group is missing or unknown, or a pattern cannot be read.
    """
    written = _groups(file, place)
    patterns = tuple(_patterns(file, set(written), place))
    written |= {group: (group[1:],) for one in patterns for group in one.groups if group[0] == "="}
    groups = {group: _tokens(terms, fold) for group, terms in written.items()}
    bits = {group: 1 << number for number, group in enumerate(sorted(groups))}
    words, longer = _terms(groups)
    keys = _keys(groups, common)
    weights = {group: (len(tokens & common), len(tokens)) for group, tokens in keys.items()}
    ready = tuple(_ready(one, bits, weights) for one in patterns)
    by_key = _by_key(ready, len(bits))
    free = _sum(bits, {f"law_{law}" for law in file.laws})
    bare = _sum(bits, {rule.verb for rule in file.carried})
    carried = frozenset([(bits[rule.verb], bits[rule.object]) for rule in file.carried])
    single = {group: {term[0] for term in groups[group] if len(term) == 1} for group in _PERSONS}
    return Lexicon(
        file=_brief(file),
        entries=_entries(words, longer),
        all=ready,
        by_key=by_key,
        bits=bits,
        persons={group: groups[group] for group in _PERSONS},
        free=free,
        carried=carried,
        bare=bare,
        telling=_union([*(one.bit for one in ready), free, bare]),
        agents=_sum(bits, bits.keys() & AGENTS),
        smells=frozenset().union(*[keys[group] for group in _SMELLS]),
        labels=_labels(file, place, fold),
        stems=_stems(groups, place),
        own=frozenset(single["self"] - single["plural"]),
        addressed=frozenset(single["you"]),
    )


def _brief(file: PhraseFile) -> PhraseFile:
    """Return a file without its terms, which stand in the lexicon: only the groups are named."""
    return replace(
        file,
        verbs=dict.fromkeys(file.verbs, ()),
        objects=dict.fromkeys(file.objects, ()),
        words=dict.fromkeys(file.words, ()),
    )


def _labels(
    file: PhraseFile, place: str, fold: Callable[[str], str]
) -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    known = [one.value for one in IdentifierType]
    for key, words in file.identifiers.items():
        if key not in known:
            raise ConfigError(f"{place}: identifiers.{key} is unknown", hint=nearest(key, known))
        for word in map(fold, words):
            token = max(TOKEN.findall(word), key=len, default="")
            if not token:
                raise ConfigError(f"{place}: identifiers.{key}: a word has no letter")
            found[token] = (*found.get(token, ()), (key, word))
    return found


def _keys(groups: Groups, common: AbstractSet[str]) -> dict[str, frozenset[str]]:
    """Return by group, of each of its terms the token that tells most."""
    return {
        group: frozenset([t[0] if len(t) == 1 else _telling(t, common) for t in terms])
        for group, terms in groups.items()
    }


def _groups(file: PhraseFile, place: str) -> dict[str, tuple[str, ...]]:
    groups = {**file.verbs, **file.objects, **file.words}
    groups |= {f"role_{role}": terms for role, terms in file.roles.items()}
    groups |= {f"law_{law}": known.names for law, known in file.laws.items()}
    if missing := sorted(MEANT - groups.keys()):
        raise ConfigError(f"{place}: the group {missing[0]} is missing", hint="see en.toml")
    carried = [group for rule in file.carried for group in (rule.verb, rule.object)]
    by_key: Mapping[str, Iterable[str]] = {
        "carried": carried,
        "changing": file.changing,
        "commands": file.commands,
        "imperative": file.imperative,
    }
    for key, named in by_key.items():
        if odd := sorted(set(named) - groups.keys()):
            hint = nearest(odd[0], sorted(groups))
            raise ConfigError(f"{place}: {key}: {odd[0]} is no group", hint=hint)
    return groups


def _tokens(terms: Iterable[str], fold: Callable[[str], str]) -> tuple[tuple[str, ...], ...]:
    """Return the terms of a group as tokens; a stem keeps its star, equal tokens are one object.

    They are folded and cut all at once, which costs far less.
    """
    found: list[tuple[str, ...]] = []
    term: list[str] = []
    for token in map(intern, _TOKEN_OR_END.findall(fold(_END.join([*terms, ""])))):
        if token != _END:
            term.append(token)
        elif term:
            found.append(tuple(term))
            term = []
    return tuple(found)


def _ready(
    one: Pattern, bits: Mapping[str, int], weights: Mapping[str, tuple[int, int]]
) -> Pattern:
    first, *others = sorted(one.groups, key=lambda group: (weights[group], group))
    beside = bits[others[0]] if others else bits[first]
    mask = _sum(bits, one.groups)
    return Pattern(
        one.name, one.line, one.steps, one.groups, mask, one.order, first, bits[first], beside
    )


def _by_key(patterns: tuple[Pattern, ...], groups: int) -> tuple[Keyed, ...]:
    found: dict[int, list[Pattern]] = {}
    for one in patterns:
        found.setdefault(one.bit, []).append(one)
    none: Keyed = 0, 0, ()  # the length of no bit
    return none, *[_keyed(bit, found.get(bit, ())) for bit in (1 << at for at in range(groups))]


def _keyed(bit: int, known: Sequence[Pattern]) -> Keyed:
    return bit, _union(one.beside for one in known), tuple([(one.mask, one) for one in known])


def _telling(term: tuple[str, ...], common: AbstractSet[str]) -> str:
    """Return the one token of a longer term that tells most."""
    return max([token for token in term if token not in common] or term, key=len)


def _stems(groups: Groups, place: str) -> frozenset[str]:
    tokens = {token for terms in groups.values() for term in terms for token in term}
    stems = frozenset(token for token in tokens if STEM in token)
    spans = range(SHORTEST_STEM + 1, LONGEST_STEM + 2)  # with the star
    if odd := sorted(stem for stem in stems if len(stem) not in spans):
        least, most = SHORTEST_STEM, LONGEST_STEM
        raise ConfigError(f"{place}: {odd[0]} is no stem: it has {least} to {most} letters")
    return stems


def _entries(
    words: Mapping[str, frozenset[str]], longer: Mapping[Pair, tuple[Longer, ...]]
) -> dict[str, Entry]:
    seconds: dict[str, dict[str, tuple[Longer, ...]]] = {}
    for (first, second), terms in longer.items():
        seconds.setdefault(first, {})[second] = terms
    none: frozenset[str] = frozenset()
    nothing: dict[str, tuple[Longer, ...]] = {}  # most words begin no longer term: one for all
    return {
        word: Entry(words.get(word, none), seconds.get(word, nothing))
        for word in [*words, *(seconds.keys() - words.keys())]
    }


def _sum(bits: Mapping[str, int], groups: AbstractSet[str]) -> int:
    return sum([bits[group] for group in groups])


def _union(bits: Iterable[int]) -> int:
    found = 0
    for one in bits:
        found |= one
    return found


def _terms(groups: Groups) -> tuple[dict[str, frozenset[str]], dict[Pair, tuple[Longer, ...]]]:
    """Return the terms of one token, and the others by their first two tokens, longest first."""
    by_tokens: dict[tuple[str, ...], set[str]] = {}
    for group, terms in groups.items():
        for tokens in terms:
            by_tokens.setdefault(tokens, set()).add(group)
    single: dict[str, frozenset[str]] = {}
    longer: dict[Pair, tuple[Longer, ...]] = {}
    kept: dict[frozenset[str], frozenset[str]] = {}
    for tokens in sorted(by_tokens, key=len, reverse=True):
        known = frozenset(by_tokens[tokens])
        known = kept.setdefault(known, known)
        if len(tokens) == 1:
            single[tokens[0]] = known
        else:
            first = tokens[0], tokens[1]
            longer[first] = (*longer.get(first, ()), (tokens[2:], known))
    return single, longer


def _patterns(file: PhraseFile, groups: set[str], place: str) -> Iterator[Pattern]:
    order = 0
    for number, line in enumerate(file.patterns, start=1):
        if line.confidence not in CONFIDENCES:
            hint = nearest(line.confidence, list(CONFIDENCES))
            raise ConfigError(f"{place}: patterns.{number}.confidence is unknown", hint=hint)
        for text in line.any:
            steps = tuple(_steps(text, groups, f"{place}: patterns.{number}"))
            name = f"{file.language}.{line.kind}.{number}"
            order += 1
            groups_here = frozenset([step.group for step in steps])
            yield Pattern(name, line, steps, groups_here, order=order)


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
        yield Step(match[1] or f"={match[4] or match[5]}", gap)
        gap, found = "", True
    if not found or gap:
        raise ConfigError(f"{place}: a pattern begins and ends with a group or a word")
