"""Which e-mail addresses, phones, accounts and orders a text names; each in its one form."""

import re
from collections.abc import Iterator

from dsr.domain.vocabulary import IdentifierType
from dsr.errors import InputError
from dsr.rules.phrases import Lexicon, Phrases

Identifier = tuple[IdentifierType, str]

_EMAIL = re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,190}\.[a-z]{2,24}", re.IGNORECASE)
_PHONE = re.compile(r"(?<![A-Za-z0-9_.@/*-])(\+|00)?\d[\d ().-]{5,20}\d(?![A-Za-z0-9_@*])")
_DIGITS = re.compile(r"\D")
_MOBILE_CN = re.compile(r"(?:0086|86)?1[3-9]\d{9}")
_VALUE = re.compile(
    r"[\s:#=：＃\"'“”‘’「」是为為(（]{0,6}(?:is|no\.?|number|id)?[\s:#=：\"'“”「」]{0,4}"
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{1,62}[A-Za-z0-9]|\d{2,}")
_SHORTEST_PHONE = 7
_MOST = 20


def identifiers_in(text: str, phrases: Phrases, region: str = "CN") -> tuple[Identifier, ...]:
    """Return what a text names a person by, normalised, each once, in the order of their types.

    A phone without a country code counts only if it is a mobile phone of the mainland, or if the
    word before it says that it is a phone; other long numbers are everything else.

    Args:
        text: What the person wrote himself.
        phrases: The words before accounts and orders.
        region: The country of a phone without a country code (ISO 3166).
    """
    found: dict[Identifier, None] = {}
    for kind, value in _raw(text, phrases):
        if normal := _normal(kind, value, region):
            found.setdefault((kind, normal))
        if len(found) >= _MOST:
            break
    return tuple(found)


def _raw(text: str, phrases: Phrases) -> Iterator[Identifier]:
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield IdentifierType.EMAIL, match[0].strip(".")
    for match in _PHONE.finditer(text):
        if _is_phone(match):
            yield IdentifierType.PHONE, match[0]
    small = text.lower()
    if len(small) == len(text):
        for lexicon in phrases.lexicons.values():
            yield from _labelled(text, small, lexicon)


def _is_phone(match: re.Match[str]) -> bool:
    digits = _DIGITS.sub("", match[0])
    if len(digits) < _SHORTEST_PHONE:
        return False
    if match[1] or _MOBILE_CN.fullmatch(digits):
        return True
    before = match.string[max(0, match.start() - 24) : match.start()].lower()
    return any(
        word in before for word in ("phone", "mobile", "tel", "电话", "電話", "手机", "手機")
    )


def _labelled(text: str, small: str, lexicon: Lexicon) -> Iterator[Identifier]:
    """Yield the names that stand behind a word such as "user name"."""
    for key, words in lexicon.file.identifiers.items():
        for word in words:
            start = small.find(word)
            while start >= 0:
                end = start + len(word)
                if value := _behind(text, start, end):
                    yield IdentifierType(key), value
                start = small.find(word, end)


def _behind(text: str, start: int, end: int) -> str:
    """Return the value behind a label: it has a digit or a sign, or the label says "is" or ":"."""
    word = text[start:end]
    if word.isascii() and (text[start - 1 : start].isalpha() or text[end : end + 1].isalpha()):
        return ""
    gap = _VALUE.match(text, end)
    if gap is None:
        return ""
    value = _NAME.match(text, gap.end())
    if value is None or "@" in value[0] or _MOBILE_CN.fullmatch(value[0]):
        return ""
    told = any(mark in gap[0] for mark in ":#=：＃") or "is" in gap[0].split() or not word.isascii()
    telling = any(not char.isalpha() for char in value[0]) and any(c.isdigit() for c in value[0])
    return value[0] if told or telling else ""


def _normal(kind: IdentifierType, value: str, region: str) -> str:
    from dsr.domain.people import normalise

    try:
        return normalise(kind, value, region)
    except InputError:
        return ""
