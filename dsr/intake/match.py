"""Finds patterns of word groups in one clause. No regular expression runs over strangers' text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from dsr.intake.clauses import Clause
from dsr.rules.lexicon import STEM, UNSPACED, Entry
from dsr.rules.phrases import TOKEN, Lexicon, Pattern

_MOST_HITS = 12  # of one group in one clause
_MOST_PATHS = 12  # ways in which one pattern may stand in a clause
Span = tuple[int, int]
_KEPT = frozenset({"self", "owner", "plural"})
_KEPT_OF_WORDS = _KEPT | {"ask"}  # a character may be half of another word ("请求")
"""What no longer term hides that begins with it."""
_NONE: frozenset[str] = frozenset()
_CUT = re.compile("[,;:!?，；：！？。()（）]")  # no term goes on behind it


@dataclass(slots=True)
class Found:
    """The words of one clause, and which groups stand where.

    Attributes:
        tokens: Its tokens.
        spans: Where each stands in the text.
        groups: By group: from which token to which.
    """

    tokens: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    groups: dict[str, list[Span]] = field(default_factory=dict)

    def has(self, group: str) -> bool:
        """Say whether a group stands in the clause."""
        return group in self.groups

    def of(self, group: str) -> list[Span]:
        """Return where a group stands."""
        return self.groups.get(group, [])


def cut(text: str, clause: Clause) -> tuple[list[str], list[Span]]:
    """Return the tokens of a clause of a folded text, and where they stand in the text."""
    spans = [match.span() for match in TOKEN.finditer(text, clause.start, clause.end)]
    return [text[start:end] for start, end in spans], spans


def look_up(text: str, words: tuple[list[str], list[Span]], lexicon: Lexicon) -> Found:
    """Return the groups in a clause of a folded text; the longer term hides the shorter in it.

    Args:
        text: The folded text.
        words: The clause, as `cut` gives it; it may serve many languages.
        lexicon: The language.
    """
    tokens = words[0]
    found = Found(*words)
    entry_of = lexicon.entry
    covered = 0
    for at, token in enumerate(tokens):
        entry = entry_of(token)
        if entry is None:  # most tokens: they cost no more than this
            continue
        end, groups = at + 1, entry.alone
        if entry.longer and end < len(tokens):
            until, known = _longest(entry, at, (text, found, lexicon))
            if until > end:
                end, groups = until, known
        itself = bool(groups) and end > covered
        if itself:
            covered = end
            _note(found, groups, (at, end))
        if not itself or end > at + 1:  # "how do I" hides no first person
            kept = _KEPT_OF_WORDS if token < UNSPACED else _KEPT
            _note(found, entry.alone & kept, (at, at + 1))
    return found


def _longest(
    entry: Entry, at: int, context: tuple[str, Found, Lexicon]
) -> tuple[int, frozenset[str]]:
    """Return after which token the longest term ends that begins here, and its groups."""
    text, found, lexicon = context
    tokens, spans = found.tokens, found.spans
    second, third = tokens[at + 1], tokens[at + 2] if at + 2 < len(tokens) else ""
    stem = lexicon.stem_of(second)
    best, groups = 0, _NONE
    for form in (second, stem) if stem else (second,):
        for rest, known in entry.longer.get(form, ()):
            end = at + 2 + len(rest)
            if end < best:
                break
            if rest and rest[0] != third and STEM not in rest[0]:
                continue  # so most end
            if rest and not _goes_on(lexicon, rest, tokens[at + 2 : end]):
                continue
            if _CUT.search(text, spans[at][1], spans[end - 1][0]):
                continue  # "my data, processing it" names no data processing
            best, groups = end, known | groups if end == best else known
            break
    return best, groups


def _goes_on(lexicon: Lexicon, rest: tuple[str, ...], tokens: list[str]) -> bool:
    if len(rest) != len(tokens):
        return False
    for term, token in zip(rest, tokens, strict=True):
        if term not in (token, lexicon.stem_of(token)):
            return False
    return True


def _note(found: Found, groups: frozenset[str], place: Span) -> None:
    for group in groups:
        places = found.groups.setdefault(group, [])
        if len(places) < _MOST_HITS:
            places.append(place)


def paths(pattern: Pattern, found: Found, lexicon: Lexicon) -> Iterator[tuple[Span, ...]]:
    """Yield where the steps of a pattern stand, if they stand as it says; at most a few ways."""
    if not pattern.groups <= found.groups.keys():
        return
    ways: list[tuple[Span, ...]] = [(place,) for place in found.of(pattern.steps[0].group)]
    for step in pattern.steps[1:]:
        ways = [
            (*way, place)
            for way in ways
            for place in found.of(step.group)
            if _follows(way[-1][1], place[0], step.gap, (found, lexicon))
        ][:_MOST_PATHS]
        if not ways:
            return
    yield from ways


def _follows(end: int, start: int, gap: str, context: tuple[Found, Lexicon]) -> bool:
    """Say whether a step may begin at a token when the one before ended at another."""
    found, lexicon = context
    if start < end:
        return False
    if start == end:
        return True
    if gap == "~":
        breaks = found.of("break")
        return start - end <= lexicon.file.near and not any(end <= at < start for at, _ in breaks)
    return gap == ".." and found.spans[start][0] - found.spans[end - 1][1] <= lexicon.file.reach
