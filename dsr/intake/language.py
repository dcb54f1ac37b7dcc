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
_LETTERS = "".join(char if char.isalpha() else " " for char in map(chr, range(128)))
_WITHOUT_KANA = 200  # characters that a Japanese text may have without any of its own
_UKRAINIAN = re.compile("[іїєґ]")
_BULGARIAN = re.compile("ъ")
_RUSSIAN = re.compile("[ыэё]")


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
        if not other and len(text) <= _WITHOUT_KANA and _is_japanese(text, phrases):
            return "ja"
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
    scores = _scores_of(page, clause.start, clause.end)
    most, here = max(scores.values(), default=0), scores.get(language, 0)
    if here * _ALIKE >= max(most, 1):
        return True
    whole = _scores_of(page, 0, _READ)  # "stop receiving mails" in an English text
    return most < _TELLING > whole.get(page.language, 0) - whole.get(language, 0) * _ALIKE


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
    best = max(scores.values(), default=0)
    close = {language for language, score in scores.items() if score * _ALIKE > best}
    if len(close) > 1:
        telling = _telling(text, phrases)
        return max(scores, key=lambda language: (telling[language], scores[language]))
    return next(iter(close), UNKNOWN)


def _scores(text: str, phrases: Phrases) -> dict[str, int]:
    """Return how many small words of each language stand in a text."""
    scores: dict[str, int] = {}
    for languages in filter(None, map(phrases.languages_of.get, _words(text))):
        for language in languages:
            scores[language] = scores.get(language, 0) + 1
    return scores


def _scores_of(page: Page, start: int, end: int) -> dict[str, int]:
    """Return the same for a stretch of a text; each is counted once for all languages."""
    known = page.scores.get((start, end))
    if known is None:
        known = page.scores[start, end] = _scores(page.text[start:end], page.phrases)
    return known


def _telling(text: str, phrases: Phrases) -> dict[str, float]:
    """Return how much the small words of a text tell of each language.

    Each counts once, and the less the more languages have it, as "de" and "en".
    """
    told: dict[str, float] = {}
    for languages in filter(None, map(phrases.languages_of.get, dict.fromkeys(_words(text)))):
        for language in languages:
            told[language] = told.get(language, 0) + 1 / len(languages)
    return told


def _words(text: str) -> list[str]:
    small = text.lower()
    return small.translate(_LETTERS).split() if text.isascii() else _WORD.findall(small)


def _is_japanese(text: str, phrases: Phrases) -> bool:
    """Say whether more words stand in a text of Chinese characters that only Japanese has."""
    japanese, chinese = (sum(map(text.count, phrases.signs[name])) for name in ("ja", "zh"))
    return japanese > chinese


def _chinese(text: str, lexicon: Lexicon | None) -> str:
    """Return which of the two scripts has more characters that only it has; simplified if even."""
    if lexicon is None:
        return "zh"
    old, new = _tellers(lexicon.file.traditional, lexicon.file.simplified)
    traditional = len(old.findall(text))
    return "zh-Hant" if traditional and traditional > len(new.findall(text)) else "zh-Hans"


@lru_cache(maxsize=4)
def _tellers(traditional: str, simplified: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds the characters that only one of the scripts has.

    What counts as another is not always of its script ("妳" counts as "你", "喺" as "在"): GB 2312
    has what is written in the one, Big5 what is written in the other.
    """
    old = set(traditional) - set(simplified) - set(_written(traditional, "gb2312"))
    new = set(simplified) - set(traditional) - set(_written(simplified, "big5"))
    return re.compile(f"[{''.join(sorted(old))}]"), re.compile(f"[{''.join(sorted(new))}]")


def _written(characters: str, charset: str) -> str:
    """Return those of some characters that a charset has."""
    return characters.encode(charset, "ignore").decode(charset)


def _cyrillic(text: str, phrases: Phrases) -> str:
    """Return the language by the letters that only one has, else by its small words."""
    small = text.lower()
    ukrainian, russian = len(_UKRAINIAN.findall(small)), len(_RUSSIAN.findall(small))
    if ukrainian or russian:
        return "uk" if ukrainian > russian else "ru"
    scores = _scores(text, phrases)
    bulgarian = scores.get("bg", 0) + len(_BULGARIAN.findall(small))
    return "bg" if bulgarian > scores.get("ru", 0) else "ru"
