"""Makes one language's phrase file ready to be matched."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from dsr.errors import ConfigError, nearest
from dsr.rules.lexicon import (
    SHORTEST_STEM,
    STEM,
    TOKEN,
    UNSPACED,
    Entry,
    Lexicon,
    Longer,
    Pair,
    Pattern,
    Step,
)
from dsr.rules.wording import CONFIDENCES, MEANT, PhraseFile

Groups = Mapping[str, tuple[tuple[str, ...], ...]]

_TERM = re.compile(rf"(?:{TOKEN.pattern})\*?")
_PERSONS = ("self", "plural", "you")
_STEP = re.compile(r"<([a-z_]+)>|(\.\.)|(~)|'([^']+)'(?=\s|$)|([^\s<>~]+)")
_BETWEEN = "\n"  # stands in no term


def tokens_of(term: str) -> tuple[str, ...]:
    """Return the tokens of a folded term; a stem keeps its star."""
    return tuple(_TERM.findall(term))


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
    literals = {step.group[1:] for one in patterns for step in one.steps if step.group[0] == "="}
    written |= {f"={word}": (word,) for word in literals}
    groups = {group: _tokens(terms, fold) for group, terms in written.items()}
    bits = {group: 1 << number for number, group in enumerate(sorted(groups))}
    words, longer = _terms(groups)
    keys = {
        group: frozenset([_telling(term, common) for term in terms])
        for group, terms in groups.items()
    }
    weights = {group: (len(tokens & common), len(tokens)) for group, tokens in keys.items()}
    ready = tuple(_ready(one, groups, bits, weights) for one in patterns)
    single = {group: {term[0] for term in groups[group] if len(term) == 1} for group in _PERSONS}
    return Lexicon(
        file=file,
        entries=_entries(words, longer),
        all=ready,
        by_key=_by_key(ready, bits),
        bits=bits,
        word_bits={word: _sum(bits, known) for word, known in words.items()},
        term_bits=_term_bits(longer, bits),
        terms=groups,
        key_bits=_key_bits(keys, bits),
        free=sum([bits[f"law_{law}"] for law in file.laws]),
        carried=frozenset([bits[rule.verb] | bits[rule.object] for rule in file.carried]),
        keys=keys,
        firsts={group: frozenset([term[0] for term in terms]) for group, terms in groups.items()},
        heads=_by_head({group: _heads(terms, common) for group, terms in groups.items()}),
        labels=tuple(
            (key, fold(word)) for key, words in file.identifiers.items() for word in words
        ),
        stems=_stems(groups, place),
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


def _tokens(terms: Iterable[str], fold: Callable[[str], str]) -> tuple[tuple[str, ...], ...]:
    """Return the terms of a group as tokens; folded all at once, which costs far less."""
    folded = fold(_BETWEEN.join(terms)).split(_BETWEEN)
    return tuple([tokens for term in folded if (tokens := tokens_of(term))])


def _ready(
    one: Pattern, groups: Groups, bits: Mapping[str, int], weights: Mapping[str, tuple[int, int]]
) -> Pattern:
    key, *others = sorted(one.groups, key=lambda group: (weights[group], group))
    return replace(
        one,
        mask=_sum(bits, one.groups),
        pairs=_neighbours(one, groups),
        key=key,
        others=tuple(others),
    )


def _key_bits(keys: Mapping[str, AbstractSet[str]], bits: Mapping[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for group, tokens in keys.items():
        for token in tokens:
            found[token] = found.get(token, 0) | bits[group]
    return found


def _by_key(
    patterns: tuple[Pattern, ...], bits: Mapping[str, int]
) -> tuple[tuple[int, tuple[Pattern, ...]], ...]:
    found: dict[str, list[Pattern]] = {}
    for one in patterns:
        found.setdefault(one.key, []).append(one)
    return tuple((bits[key], tuple(known)) for key, known in found.items())


def _heads(
    terms: Iterable[tuple[str, ...]], common: AbstractSet[str]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for term in terms:
        if len(term) == 1:
            found[term[0]] = (term[0],)
        elif all(token >= UNSPACED for token in term):
            head = term[0] + term[1]
            found[head] = (*found.get(head, ()), "".join(term))
        else:
            key = _telling(term, common)
            found[key] = (key,)
    return found


def _by_head(
    heads: Mapping[str, Mapping[str, tuple[str, ...]]],
) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for group, known in heads.items():
        for head, strings in known.items():
            found.setdefault(head, []).append((group, strings))
    return {head: tuple(known) for head, known in found.items()}


def _telling(term: tuple[str, ...], common: AbstractSet[str]) -> str:
    """Return the one token of a term that tells most."""
    if len(term) == 1:
        return term[0]
    return max(term, key=lambda token: (token not in common, len(token)))


def _stems(groups: Groups, place: str) -> frozenset[str]:
    tokens = {token for terms in groups.values() for term in terms for token in term}
    stems = frozenset(token for token in tokens if STEM in token)
    if short := sorted(stem for stem in stems if len(stem) <= SHORTEST_STEM):
        raise ConfigError(f"{place}: {short[0]} is too short a stem: three letters at least")
    return stems


def _entries(
    words: Mapping[str, frozenset[str]], longer: Mapping[Pair, tuple[Longer, ...]]
) -> dict[str, Entry]:
    seconds: dict[str, dict[str, tuple[Longer, ...]]] = {word: {} for word in words}
    for (first, second), terms in longer.items():
        seconds.setdefault(first, {})[second] = terms
    return {word: Entry(words.get(word, frozenset()), known) for word, known in seconds.items()}


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
    return sum([bits[group] for group in groups])


def _terms(groups: Groups) -> tuple[dict[str, frozenset[str]], dict[Pair, tuple[Longer, ...]]]:
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


def _neighbours(pattern: Pattern, groups: Groups) -> frozenset[Pair]:
    """Return the plain words of a pattern that stand side by side."""
    steps = zip(pattern.steps, pattern.steps[1:], strict=False)
    return frozenset(
        (groups[one.group][0][-1], groups[two.group][0][0])
        for one, two in steps
        if not two.gap
        and one.group[0] == two.group[0] == "="
        and groups[one.group]
        and groups[two.group]
    )
