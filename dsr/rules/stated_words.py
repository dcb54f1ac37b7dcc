"""The words by which letters state a deadline, an extent, a correction or how to answer."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from dsr.rules.alternatives import either, either_begun
from dsr.rules.folding import fold
from dsr.rules.lexicon import TOKEN, UNSPACED
from dsr.rules.reading import DATA, into, read_toml

FIGURE, DATED = "0", "00"
"""Stand for any figure, and for figures as of a date, among what must stand in a text."""
_DAYS = r"[0-3]?\d"
_YEAR = r"(?:19|20)\d\d"
_QUOTED = r"[\"“”„«‘'「『《]([^\"“”„«»’'」』》\n]{1,60})[\"“”»’'」』》]"
_WORD = r"([^はがを\s,;:!?\"“”„«»()，。；：！？、「」『』]{1,40})"
_LAZY = r"([^\n;!?\"“”„«»，。；！？「」『』]{1,60}?)"
_END = r"(?=[.,;!?\n)，。；！？、]|\s?$)"


@dataclass(frozen=True, slots=True)
class StatedWords:
    """One language's words, as the file has them; see its head."""

    only: tuple[str, ...]
    things: tuple[str, ...]
    of_year: tuple[str, ...]
    corrects: tuple[str, ...]
    answers: tuple[str, ...]
    units: Mapping[str, tuple[str, ...]]
    channels: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]
    before: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    stands: tuple[str, ...] = ()
    puts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    should: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    ordinals: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    day_first: bool = True


@dataclass(frozen=True, slots=True)
class StatedPatterns:
    """One language's words, ready to be looked for in a folded text.

    Attributes:
        counts: Finds a number of days: number, unit.
        dates: Finds a date by which: by names of groups day, month, name, year.
        scopes: Finds an extent.
        channels: By channel, finds it.
        answers: Finds a word without which a channel counts for nothing.
        needs: By what they find (counts, dates, scopes, or a channel), sets of tokens, of each of
            which one must stand in a text.
        units: By folded word, the unit.
        numbers: By folded word, the number.
        day_first: Whether 5/4/2026 can only be the fifth of April.
        months: By the first letters of its folded name, the number of a month.
    """

    counts: re.Pattern[str]
    dates: re.Pattern[str]
    scopes: re.Pattern[str]
    channels: Mapping[str, re.Pattern[str]]
    answers: re.Pattern[str]
    needs: Mapping[str, tuple[frozenset[str], ...]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)
    day_first: bool = True


@dataclass(frozen=True, slots=True)
class CorrectionPatterns:
    """One language's words for what instead of what, ready to be looked for in a folded text.

    Attributes:
        both: Finds old and new (groups `old`, `new`, quoted ones `old_`, `new_`).
        instead: Finds two values of which the verb tells which is old.
        should: Finds a new value alone.
        stands: Finds what says how something is written now; None where a language has none.
        puts: Finds what says how it is to be written; None where a language has none.
    """

    both: tuple[re.Pattern[str], ...]
    instead: tuple[re.Pattern[str], ...]
    should: tuple[re.Pattern[str], ...]
    stands: re.Pattern[str] | None
    puts: re.Pattern[str] | None


@cache
def languages() -> Mapping[str, StatedWords]:
    """Return the words of each language.

    Raises:
        ConfigError: The file is wrong.
    """
    place = DATA / "stated.toml"
    return {
        language: into(StatedWords, table, f"{place.name}: {language}")
        for language, table in read_toml(place).items()
    }


@cache
def stated_patterns(language: str) -> StatedPatterns | None:
    """Return what finds what a letter states in a language; None if it is not known yet.

    Args:
        language: As the phrase files name them.

    Raises:
        ConfigError: The file is wrong.
    """
    words = languages().get(language)
    if words is None:
        return None
    units = {fold(word): unit for unit, known in words.units.items() for word in known}
    return StatedPatterns(
        counts=_counts(words, units),
        dates=_dates(words),
        scopes=_scopes(words),
        channels={name: re.compile(_whole(known)) for name, known in words.channels.items()},
        answers=re.compile(either(words.answers)),
        needs=_needs(words),
        units=units,
        numbers={fold(word): number for word, number in words.numbers.items()},
        day_first=words.day_first,
        months={fold(name): number for number, name in enumerate(words.months, start=1)},
    )


@cache
def correction_patterns(language: str) -> CorrectionPatterns | None:
    """Return the same for what instead of what: few letters ask for it, and they are many.

    Args:
        language: As the phrase files name them.

    Raises:
        ConfigError: The file is wrong.
    """
    words = languages().get(language)
    if words is None:
        return None
    return CorrectionPatterns(
        both=tuple(_correction(template) for template in words.corrects),
        instead=tuple(_correction(template, words.ends) for template in words.instead),
        should=tuple(_correction(template, words.ends) for template in words.should),
        stands=re.compile(_whole(words.stands)) if words.stands else None,
        puts=re.compile(_whole(words.puts)) if words.puts else None,
    )


def _needs(words: StatedWords) -> dict[str, tuple[frozenset[str], ...]]:
    """Return what must stand in a text; figures may stand for what holds `FIGURE` or `DATED`."""
    units = [word for unit in words.units.values() for word in unit]
    months = [name[:3] for name in words.months]
    known: dict[str, tuple[Sequence[str], ...]] = {
        "counts": (units, words.before or words.within, (FIGURE, *words.numbers)),
        "dates": (words.before or words.after, (DATED, *words.months, *months)),
        "scopes": (words.things, (FIGURE, *words.only)),
    }
    known |= {channel: (terms, words.answers) for channel, terms in words.channels.items()}
    spaced = bool(words.before)
    return {
        what: tuple([need for one in terms if (need := _need(one, spaced=spaced))])
        for what, terms in known.items()
    }


def _need(terms: Iterable[str], *, spaced: bool) -> frozenset[str]:
    """Return tokens one of which stands wherever one of the terms does; none if that is unsure."""
    found: set[str] = set()
    for term in sorted(terms, key=len):
        tokens = [
            one
            for one in TOKEN.findall(fold(term))
            if spaced or one >= UNSPACED or one in (FIGURE, DATED)
        ]
        if not tokens:
            return frozenset()
        if found.isdisjoint(tokens):
            found.add(tokens[-1])
    return frozenset(found)


def _whole(words: Iterable[str]) -> str:
    """Return the same as whole words where the script has them."""
    known = tuple(words)
    spaced = fold(known[0]) < UNSPACED
    return rf"{either_begun(known)}(?!\w)" if spaced else either(known)


def _counts(words: StatedWords, units: Iterable[str]) -> re.Pattern[str]:
    number = rf"(\d{{1,3}}|{either(words.numbers)})"
    unit = f"({either(units)})"
    if words.before:
        wait = rf"{either_begun(words.before)}\s+(?:\w+\s+)?"
        return re.compile(rf"{wait}{number}(?:\s?\(\w{{1,12}}\))?[\s-]{{0,2}}{unit}(?!\w)")
    return re.compile(
        rf"(?<![\d年月년월/.-])(?<![월년]\s){number}\s?{unit}\s?{either(words.within)}"
    )


def _dates(words: StatedWords) -> re.Pattern[str]:
    iso = rf"(?P<iso>{_YEAR}-[01]\d-[0-3]\d)"
    if not words.before:
        year = rf"(?:(?P<year>{_YEAR})\s?[年년]\s?)?"
        full = rf"{year}(?P<month>[01]?\d)\s?[月월]\s?(?P<day>{_DAYS})\s?[日号일]"
        return re.compile(rf"(?:{full}|{iso})\s?(?:\(\w\))?\s?{either(words.after)}")
    names = either([*words.months, *(name[:3] for name in words.months)])
    ordinal, join = _perhaps(words.ordinals), _perhaps(words.joins, r"\s")
    year = rf"(?:,?\s?{join}(?P<{{0}}>{_YEAR}))?"
    one = rf"(?P<day>{_DAYS})(?:\.|{ordinal})\s?{join}(?P<name>{names})\.?{year.format('year')}"
    two = rf"(?P<name2>{names})\.?\s(?P<day2>{_DAYS}){ordinal}{year.format('year2')}"
    plain = rf"(?P<day3>{_DAYS})[./](?P<month3>[01]?\d)[./](?P<year3>{_YEAR})"
    article = _perhaps(words.articles, r"\s")
    wait = rf"{either_begun(words.before)}\s+{article}(?:\w+,?\s)?"
    return re.compile(rf"{wait}(?:{iso}|{plain}|{one}|{two})(?!\w)")


def _perhaps(words: Sequence[str], behind: str = "") -> str:
    """Return an expression for one of some words, or none; what stands behind one counts to it."""
    return rf"(?:{either(words)}{behind})?" if words else ""


def _scopes(words: StatedWords) -> re.Pattern[str]:
    only, things = either(words.only), either(words.things)
    years = [one for one in words.of_year if "{year}" in one]
    if years:
        first = "|".join(re.escape(fold(one)).replace(r"\{year\}", _YEAR) for one in years)
        return re.compile(
            rf"{only}\w{{0,6}}?\s?{things}|{things}{only}|(?:{first})\s?\w{{0,4}}?\s?{things}"
        )
    of = rf"\s+{either(words.of_year)}\s+(?:\w+\s+)?{_YEAR}"
    return re.compile(rf"(?<!\w)(?:{only}\s+(?:\w+\s+)?{things}(?:{of})?|{things}{of})(?!\w)")


def _correction(template: str, ends: Sequence[str] = ()) -> re.Pattern[str]:
    """Return what finds old and new as a template puts them; a value is quoted or a few words."""
    pieces = re.split(r"(\{old\}|\{new\})", template)
    found = ""
    stops = rf"(?:{_END}|(?=\s?{_whole(ends)}))" if ends else _END
    for at, piece in enumerate(pieces):
        if piece not in {"{old}", "{new}"}:
            text = re.escape(fold(piece)).replace("\\ ", r"\s+").replace(",", r"\s?,")
            found += (
                r"(?<!\w)" if at == 0 and piece[:1].isalnum() and piece < UNSPACED else ""
            ) + text
            continue
        name = piece[1:-1]
        first, last = not found, at >= len(pieces) - 2 and not pieces[-1]
        value = _WORD if first else (_LAZY + stops if last else _LAZY)
        quoted = _QUOTED.replace("(", f"(?P<{name}_>", 1)
        found += f"(?:{quoted}|{value.replace('(', f'(?P<{name}>', 1)})"
    return re.compile(found)
