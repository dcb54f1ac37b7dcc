"""What a letter states beside its wish: by when, of what, what instead of what, how to answer.

They are suggestions for an officer: personal values, decided by nobody yet.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from dsr.intake.page import Page
from dsr.rules.stated_words import (
    DATED,
    FIGURE,
    CorrectionPatterns,
    StatedPatterns,
    correction_patterns,
    stated_patterns,
)

DEADLINE, SCOPE, CORRECTION, CHANNEL = "deadline", "scope", "correction", "channel"

_BEFORE, _BEHIND = 120, 240  # characters around a correction in which old and new stand
_MOST = 10  # things that one text states
_FIGURE = re.compile(r"\d")
_DATED = re.compile(r"\d(?:[./-]\d|\s?[日号일])")
_CLOSE = 80  # characters between a channel and the word for answering
_MONTHS = 12
_STOPS = (". ", "!", "?", "\n", "。", ";")


@dataclass(frozen=True, slots=True)
class Stated:
    """One thing that a letter states.

    Attributes:
        what: deadline, scope, correction or channel.
        value: A date (`2026-05-05`, `--05-05` without a year), days (`15 working_days`), the words
            of an extent, or a channel (email, post, phone); of a correction what is right.
        old: Of a correction, what is wrong.
        new: Of a correction, what is right.
        span: The words, as they stand in the text.
    """

    what: str
    value: str
    old: str = ""
    new: str = ""
    span: str = ""


def stated_in(
    page: Page, corrections: tuple[int, ...], languages: tuple[str, ...]
) -> tuple[Stated, ...]:
    """Return what a text states, each once, in the order deadline, scope, correction, channel.

    Args:
        page: The text.
        corrections: Where its wishes for correction stand.
        languages: In which languages to look.
    """
    found: dict[Stated, None] = {}
    words = _words_of(page)
    for language in languages:
        patterns = stated_patterns(language)
        if patterns is None:
            continue
        corrected = correction_patterns(language) if corrections else None
        for one in _all(_Letter(page, patterns, words), corrected, corrections):
            found.setdefault(one)
            if len(found) >= _MOST:
                return tuple(found)
    return tuple(found)


def _words_of(page: Page) -> frozenset[str]:
    """Return the words of a text, and what stands for figures and dates where it has some."""
    figures = [FIGURE] if _FIGURE.search(page.folded) else []
    dates = [DATED] if figures and _DATED.search(page.folded) else []
    return page.words.union(figures, dates)


@dataclass(frozen=True, slots=True)
class _Letter:
    """A letter, as one language reads it.

    Attributes:
        page: Its text.
        patterns: The language's.
        words: Its words, as `_words_of` gives them.
    """

    page: Page
    patterns: StatedPatterns
    words: frozenset[str]

    def matches(self, what: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Yield what an expression finds; it is tried only where the words stand that it needs."""
        for need in self.patterns.needs[what]:
            if need.isdisjoint(self.words):
                return iter(())
        return pattern.finditer(self.page.folded)

    def span(self, match: re.Match[str]) -> str:
        """Return the words that were found, as they were written."""
        return self.page.text[slice(*match.span())]


def _all(
    letter: _Letter, corrected: CorrectionPatterns | None, corrections: tuple[int, ...]
) -> Iterator[Stated]:
    yield from _deadlines(letter)
    for match in letter.matches("scopes", letter.patterns.scopes):
        span = letter.span(match)
        yield Stated(SCOPE, " ".join(span.split()), span=span)
    if corrected is not None:
        for at in corrections:
            yield from _corrections(letter.page, corrected, at)
    yield from _channels(letter)


def _deadlines(letter: _Letter) -> Iterator[Stated]:
    patterns = letter.patterns
    for match in letter.matches("counts", patterns.counts):
        number = int(match[1]) if match[1].isdecimal() else patterns.numbers.get(match[1], 0)
        unit = patterns.units.get(" ".join(match[2].split()), "")
        if number and unit:
            yield Stated(DEADLINE, f"{number} {unit}", span=letter.span(match))
    for match in letter.matches("dates", patterns.dates):
        if value := _date_of(match, patterns):
            yield Stated(DEADLINE, value, span=letter.span(match))


def _date_of(match: re.Match[str], patterns: StatedPatterns) -> str:
    """Return a date as ISO 8601 writes it; empty if it is none or can be read in two ways."""
    named = {key.rstrip("23"): value for key, value in match.groupdict().items() if value}
    if "iso" in named:
        year, month, day = named["iso"].split("-")
    else:
        year, day = named.get("year", ""), named.get("day", "")
        month = named.get("month", "") or _month_of(named.get("name", ""), patterns)
        if not patterns.day_first and "month3" in match.re.groupindex and match["month3"]:
            day, month = _told_apart(day, month)
    try:
        known = date(int(year or 2000), int(month), int(day))
    except ValueError:
        return ""
    return known.isoformat() if year else f"--{known:%m-%d}"


def _month_of(name: str, patterns: StatedPatterns) -> str:
    return next(
        (str(number) for full, number in patterns.months.items() if full.startswith(name)), ""
    )


def _told_apart(one: str, other: str) -> tuple[str, str]:
    """Return day and month where only one of two numbers can be the month, else nothing."""
    if int(one) > _MONTHS >= int(other):
        return one, other
    return (other, one) if int(other) > _MONTHS >= int(one) else ("", "")


def _corrections(page: Page, patterns: CorrectionPatterns, at: int) -> Iterator[Stated]:
    """Yield what is to be corrected; where no verb tells old from new, both as its value."""
    place = max(0, at - _BEFORE), at + _BEHIND
    for pattern in (*patterns.both, *patterns.instead, *patterns.should):
        match = pattern.search(page.folded, *place)
        if match is None:
            continue
        old, new = (_value(page.text, match, name) for name in ("old", "new"))
        if new and old != new and (old or pattern in patterns.should):
            span = page.text[slice(*match.span())]
            if pattern in patterns.instead:
                yield _told(page.folded, patterns, match, Stated(CORRECTION, new, old, new, span))
            else:
                yield Stated(CORRECTION, new, old, new, span)
            return


def _told(text: str, patterns: CorrectionPatterns, match: re.Match[str], found: Stated) -> Stated:
    """Return "X instead of Y" as its verb tells it, the nearest before it, else behind it."""
    start = max(
        (end for mark in _STOPS if (end := text.rfind(mark, 0, match.start())) >= 0), default=0
    )
    before, behind = (start, match.start()), (match.start(), match.end() + _CLOSE)
    for span, nearest in ((before, max), (behind, min)):
        stands, puts = (_places(one, text, span) for one in (patterns.stands, patterns.puts))
        if stands or puts:
            told = nearest([*stands, *puts])
            return (
                replace(found, value=found.old, old=found.new, new=found.old)
                if told in stands
                else found
            )
    return replace(found, value=f"{found.new} / {found.old}", old="", new="")


def _places(pattern: re.Pattern[str] | None, text: str, span: tuple[int, int]) -> list[int]:
    """Return where what a pattern finds ends in a stretch of a text."""
    return [one.end() for one in pattern.finditer(text, *span)] if pattern else []


def _value(text: str, match: re.Match[str], name: str) -> str:
    if name not in match.re.groupindex:
        return ""
    place = match.span(name)
    if place[0] < 0:
        place = match.span(f"{name}_")
    return " ".join(text[slice(*place)].split()).strip(" .")


def _channels(letter: _Letter) -> Iterator[Stated]:
    for channel, pattern in letter.patterns.channels.items():
        for match in letter.matches(channel, pattern):
            start, end = match.span()
            near = letter.page.folded[max(0, start - _CLOSE) : end + _CLOSE]
            if letter.patterns.answers.search(near):
                yield Stated(CHANNEL, channel, span=letter.span(match))
                break
