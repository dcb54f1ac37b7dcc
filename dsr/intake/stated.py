"""What a letter states beside its wish: by when, of what, what instead of what, how to answer.

They are suggestions for an officer: personal values, decided by nobody yet.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from dsr.intake.page import Page
from dsr.rules.stated_words import DATED, FIGURE, StatedPatterns, stated_patterns

DEADLINE, SCOPE, CORRECTION, CHANNEL = "deadline", "scope", "correction", "channel"

_BEFORE, _BEHIND = 120, 240  # characters around a correction in which old and new stand
_MOST = 10
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
    for language in languages:
        patterns = stated_patterns(language)
        if patterns is None:
            continue
        for one in _all(page, patterns, corrections):
            found.setdefault(one)
            if len(found) >= _MOST:
                return tuple(found)
    return tuple(found)


def _all(page: Page, patterns: StatedPatterns, corrections: tuple[int, ...]) -> Iterator[Stated]:
    yield from _deadlines(page, patterns)
    if _may(page, patterns, "scopes"):
        for match in patterns.scopes.finditer(page.folded):
            span = page.text[slice(*match.span())]
            yield Stated(SCOPE, " ".join(span.split()), span=span)
    for at in corrections:
        yield from _corrections(page, patterns, at)
    yield from _channels(page, patterns)


def _may(page: Page, patterns: StatedPatterns, what: str) -> bool:
    """Say whether the words stand in a text without which no expression needs to be tried."""
    return all(
        not need.isdisjoint(page.words)
        or (FIGURE in need and _FIGURE.search(page.folded))
        or (DATED in need and _DATED.search(page.folded))
        for need in patterns.needs[what]
    )


def _deadlines(page: Page, patterns: StatedPatterns) -> Iterator[Stated]:
    for match in patterns.counts.finditer(page.folded) if _may(page, patterns, "counts") else ():
        number = int(match[1]) if match[1].isdecimal() else patterns.numbers.get(match[1], 0)
        unit = patterns.units.get(" ".join(match[2].split()), "")
        if number and unit:
            yield Stated(DEADLINE, f"{number} {unit}", span=page.text[slice(*match.span())])
    for match in patterns.dates.finditer(page.folded) if _may(page, patterns, "dates") else ():
        if value := _date_of(match, patterns):
            yield Stated(DEADLINE, value, span=page.text[slice(*match.span())])


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


def _corrections(page: Page, patterns: StatedPatterns, at: int) -> Iterator[Stated]:
    """Yield what is to be corrected; where no verb tells old from new, both as its value."""
    place = max(0, at - _BEFORE), at + _BEHIND
    for pattern in (*patterns.corrections, *patterns.instead, *patterns.should):
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


def _told(text: str, patterns: StatedPatterns, match: re.Match[str], found: Stated) -> Stated:
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


def _channels(page: Page, patterns: StatedPatterns) -> Iterator[Stated]:
    for channel, pattern in patterns.channels.items():
        for match in pattern.finditer(page.folded) if _may(page, patterns, channel) else ():
            start, end = match.span()
            near = page.folded[max(0, start - _CLOSE) : end + _CLOSE]
            if patterns.answers.search(near):
                yield Stated(CHANNEL, channel, span=page.text[start:end])
                break
