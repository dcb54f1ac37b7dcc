"""In which language something is written: by script, else by small words. For the reply only."""

import re
from functools import lru_cache
from string import ascii_letters

from dsr.intake.clauses import Clause
from dsr.intake.page import Page
from dsr.rules.phrases import Lexicon, Phrases

UNKNOWN = "und"
_READ = 1_000
_TELLING = 3  # small words of one language in a clause tell what it is
_ALIKE = 2  # so many times fewer small words than another language has may a clause have
_NOT_HAN = bytes({*range(256)} - {*range(0x34, 0xA0)})  # first bytes of other characters
_OTHER = re.compile("[\u0370-\u06ff\u0900-\u097f\u0e00-\u0e7f\u3041-\u30ff\uac00-\ud7af]+")
_NOT_LATIN = bytes({*range(128)} - {*ascii_letters.encode()})
_STARTS = (
    ("\u0370", "el"),
    ("\u0400", "cyrillic"),
    ("\u0590", "he"),
    ("\u0600", "ar"),
    ("\u0900", "hi"),
    ("\u0e00", "th"),
    ("\u3041", "ja"),
    ("\uac00", "ko"),
)
_CYRILLIC = frozenset({"bg", "ru", "uk"})
_NEIGHBOURS = {"da": "sv"}  # whose words stand in the other's file
_WORD = re.compile(r"[^\W\d_]+")
_UKRAINIAN = re.compile("[іїєґ]")
_BULGARIAN = re.compile("ъ")
_RUSSIAN = re.compile("[ыэё]")
_BOTH_SCRIPTS = frozenset(
    "后里系范了制于云布占征准并注么台尽着账表板伙才托志游雇记纪周干面只采家回佣"
)


def language_of(text: str, phrases: Phrases) -> str:
    """Return the language of a text (BCP 47), ``und`` where nothing tells.

    Args:
        text: The text as it was written; its beginning is read.
        phrases: Which small words and characters tell.
    """
    text = text[:_READ]
    if text.isascii():
        return _by_words(text, phrases)
    han, latin = _han_in(text), _latin_in(text)
    other = list("".join(_OTHER.findall(text)))
    script = _script_of(other)
    if script == "ja" and len(other) * 5 > han:
        han, other = 0, other * 2
    if max(len(other), han * 4) * 2 < latin or not (han or other):
        return _by_words(text, phrases)
    if han > len(other):
        return _chinese(text, phrases.lexicons.get("zh"))
    return _cyrillic(text, phrases) if script == "cyrillic" else script


def is_of_language(page: Page, clause: Clause, lexicon: Lexicon) -> bool:
    """Say whether a clause may be of a language: "remove me" is no Portuguese among English words.

    Languages of the Latin script look alike, and Bulgarian and Russian; the language of the text
    itself always may be.

    Args:
        page: The text.
        clause: A stretch of it.
        lexicon: The language.
    """
    language = lexicon.file.language
    if lexicon.file.script == "cyrillic" and page.language in _CYRILLIC:
        return (page.language == "bg") == (language == "bg")
    if lexicon.file.script != "latin" or page.language.partition("-")[0] == language:
        return True
    if _NEIGHBOURS.get(page.language) == language:
        return True
    scores = _scores(page.text[clause.start : clause.end], page.phrases)
    most = max(scores.values(), default=0)
    return most < _TELLING or scores.get(language, 0) * _ALIKE >= most


def _han_in(text: str) -> int:
    """Return how many Chinese characters stand in a text, told by the first of their two bytes."""
    return len(text.encode("utf-16-be", "surrogatepass")[::2].translate(None, _NOT_HAN))


def _latin_in(text: str) -> int:
    """Return how many letters without an accent stand in a text."""
    return len(text.encode("ascii", "ignore").translate(None, _NOT_LATIN))


def _script_of(characters: list[str]) -> str:
    """Return the script that most of these characters belong to."""
    counts: dict[str, int] = {}
    for char in characters:
        name = next(name for start, name in reversed(_STARTS) if char >= start)
        counts[name] = counts.get(name, 0) + 1
    return max(counts, key=lambda name: counts[name], default="")


def _by_words(text: str, phrases: Phrases) -> str:
    scores = _scores(text, phrases)
    return max(scores, key=lambda language: scores[language], default=UNKNOWN)


def _scores(text: str, phrases: Phrases) -> dict[str, int]:
    """Return how many small words of each language stand in a text."""
    scores: dict[str, int] = {}
    known = phrases.languages_of
    for word in _WORD.findall(text.lower()):
        for language in known.get(word, ()):
            scores[language] = scores.get(language, 0) + 1
    return scores


def _chinese(text: str, lexicon: Lexicon | None) -> str:
    """Return which of the two scripts has more characters that only it has; simplified if even."""
    if lexicon is None:
        return "zh"
    old, new = _tellers(lexicon.file.traditional, lexicon.file.simplified)
    return "zh-Hant" if len(old.findall(text)) > len(new.findall(text)) else "zh-Hans"


@lru_cache(maxsize=4)
def _tellers(traditional: str, simplified: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds the characters that only one of the scripts has."""
    old = set(traditional) - set(simplified)
    new = set(simplified) - set(traditional) - _BOTH_SCRIPTS
    return re.compile(f"[{''.join(sorted(old))}]"), re.compile(f"[{''.join(sorted(new))}]")


def _cyrillic(text: str, phrases: Phrases) -> str:
    """Return the language by the letters that only one has, else by its small words."""
    small = text.lower()
    ukrainian, russian = len(_UKRAINIAN.findall(small)), len(_RUSSIAN.findall(small))
    if ukrainian or russian:
        return "uk" if ukrainian > russian else "ru"
    scores = _scores(text, phrases)
    bulgarian = scores.get("bg", 0) + len(_BULGARIAN.findall(small))
    return "bg" if bulgarian > scores.get("ru", 0) else "ru"
