"""In which language something is written: by script, else by small words. For the reply only."""

import re
from collections.abc import Mapping

from dsr.rules.phrases import Lexicon, Phrases

UNKNOWN = "und"
_READ = 1_000
_SCRIPTS: Mapping[str, re.Pattern[str]] = {
    "ja": re.compile("[\u3041-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "han": re.compile("[\u3400-\u9fff]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "hi": re.compile("[\u0900-\u097f]"),
}
_WORD = re.compile(r"[^\W\d_]+")
_UKRAINIAN = re.compile("[іїєґ]")
_BULGARIAN = re.compile("[ъщ]")
_RUSSIAN = re.compile("[ыэё]")
_BOTH_SCRIPTS = frozenset("后里系范了制于云布占征准并注么台尽着账表板伙才托志游雇记纪周干面只采家回佣")


def language_of(text: str, phrases: Phrases) -> str:
    """Return the language of a text (BCP 47), ``und`` where nothing tells.

    Args:
        text: The text as it was written; its beginning is read.
        phrases: Which small words and characters tell.
    """
    text = text[:_READ]
    if text.isascii():
        return _by_words(text, phrases)
    counts = {name: len(pattern.findall(text)) for name, pattern in _SCRIPTS.items()}
    words = len(_WORD.findall(text))
    if counts["ja"] and counts["ja"] * 5 > counts["han"]:
        return "ja" if counts["ja"] + counts["han"] >= words / 2 else _by_words(text, phrases)
    name = max(counts, key=lambda one: counts[one])
    latin = sum(char.isascii() and char.isalpha() for char in text)
    weight = counts[name] * (4 if name == "han" else 1)
    if weight * 2 < latin or not counts[name]:
        return _by_words(text, phrases)
    if name == "han":
        return _chinese(text, phrases.lexicons.get("zh"))
    return _cyrillic(text) if name == "cyrillic" else name


def _by_words(text: str, phrases: Phrases) -> str:
    scores: dict[str, int] = {}
    for word in _WORD.findall(text.lower()):
        for language in phrases.languages_of.get(word, ()):
            scores[language] = scores.get(language, 0) + 1
    return max(scores, key=lambda language: scores[language], default=UNKNOWN)


def _chinese(text: str, lexicon: Lexicon | None) -> str:
    """Return which of the two scripts has more characters that only it has; simplified if even."""
    if lexicon is None:
        return "zh"
    traditional = lexicon.script.keys()
    simplified = {chr(code) for code in lexicon.script.values()} - _BOTH_SCRIPTS
    old = sum(ord(char) in traditional and char not in simplified for char in text)
    new = sum(char in simplified and ord(char) not in traditional for char in text)
    return "zh-Hant" if old > new else "zh-Hans"


def _cyrillic(text: str) -> str:
    small = text.lower()
    if _UKRAINIAN.search(small):
        return "uk"
    return "bg" if _BULGARIAN.search(small) and not _RUSSIAN.search(small) else "ru"
