"""Which e-mail addresses, phones, accounts and orders a text names; each in its one form."""

import re
from collections.abc import Iterator

from dsr.domain.vocabulary import IdentifierType
from dsr.errors import InputError
from dsr.intake.language import language_of
from dsr.intake.page import Page
from dsr.rules.folding import fold
from dsr.rules.lexicon import UNSPACED
from dsr.rules.naming import naming, phone_label
from dsr.rules.phrases import Lexicon, Phrases

Identifier = tuple[IdentifierType, str]

_EMAIL = re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,190}\.[a-z]{2,24}", re.IGNORECASE)
_PHONE = re.compile(r"(?<![A-Za-z0-9_.@/*-])(\+|00)?\d[\d ().-]{5,20}\d(?![A-Za-z0-9_@*])")
_DIGITS = re.compile(r"\D")
_MOBILE_CN = re.compile(r"(?:0086|86)?1[3-9]\d{9}")
_VALUE = re.compile(
    r"[\s:#=：＃\"'“”‘’「」是为為는은は(（]{0,6}(?:is|est|è|no\.?|n°|number|id)?[\s:#=：\"'“”「」]{0,4}"
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{1,62}[A-Za-z0-9]|\d{2,}")
_SHORTEST_PHONE = 7
_LABEL = 24  # characters before a number in which a word may say that it is a phone's
_MOST = 20


def identifiers_in(text: str, phrases: Phrases, region: str = "CN") -> tuple[Identifier, ...]:
    """Return what a text names a person by; see `identifiers_on`.

    Args:
        text: What the person wrote himself.
        phrases: The words before accounts and orders.
        region: The country of a phone without a country code (ISO 3166).
    """
    page = Page(text, fold(text, phrases.script), 0, phrases)
    page.language = language_of(text, phrases)
    page.region = region
    return identifiers_on(page)


def identifiers_on(page: Page) -> tuple[Identifier, ...]:
    """Return what a text names a person by, normalised, each once, in the order of their types.

    A phone without a country code counts only if it is a mobile phone of the mainland, or if the
    word before it says that it is a phone; other long numbers are everything else.

    Args:
        page: What the person wrote himself.
    """
    regions = naming().regions
    language = page.language
    region = regions.get(language) or regions.get(language.partition("-")[0]) or page.region
    found: dict[Identifier, None] = {}
    for kind, value in _raw(page):
        if normal := _normal(kind, value, region):
            found.setdefault((kind, normal))
        if len(found) >= _MOST:
            break
    return tuple(found)


def _raw(page: Page) -> Iterator[Identifier]:
    text = page.text
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield IdentifierType.EMAIL, match[0].strip(".")
    for match in _PHONE.finditer(text):
        if _is_phone(match):
            yield IdentifierType.PHONE, match[0]
    for lexicon in page.spoken(one.file.language for one in page.labelled):
        own = page.language.startswith(lexicon.file.language)
        yield from _labelled(page, lexicon, own=own)


def _is_phone(match: re.Match[str]) -> bool:
    digits = _DIGITS.sub("", match[0])
    if len(digits) < _SHORTEST_PHONE:
        return False
    if match[1] or _MOBILE_CN.fullmatch(digits):
        return True
    before = match.string[max(0, match.start() - _LABEL) : match.start()]
    return bool(phone_label().search(fold(before)))


def _labelled(page: Page, lexicon: Lexicon, *, own: bool) -> Iterator[Identifier]:
    """Yield the names that stand behind a word such as "user name"."""
    for key, words in lexicon.labels:
        if key == IdentifierType.PHONE:
            continue  # a number tells by itself what it is
        start = page.folded.find(words)
        while start >= 0:
            end = start + len(words)
            if value := _behind(page, start, end, own=own):
                yield IdentifierType(key), value
            start = page.folded.find(words, end)


def _behind(page: Page, start: int, end: int, *, own: bool) -> str:
    """Return the value behind a label: it has a digit or a sign, or the label says "is" or ":".

    Args:
        page: The text.
        start: Where the label begins.
        end: Where it ends.
        own: It is a label of the text's own language: what it "is" may be a mere word.
    """
    text = page.text
    spaced = page.folded[start] < UNSPACED
    if spaced and (text[start - 1 : start].isalpha() or text[end : end + 1].isalpha()):
        return ""
    gap = _VALUE.match(text, end)
    if gap is None:
        return ""
    value = _NAME.match(text, gap.end())
    if value is None or "@" in value[0] or _MOBILE_CN.fullmatch(value[0]):
        return ""
    told = any(mark in gap[0] for mark in ":#=：＃") or not spaced
    told = told or (own and "is" in gap[0].split())
    telling = any(not char.isalpha() for char in value[0]) and any(c.isdigit() for c in value[0])
    return value[0] if told or telling else ""


def _normal(kind: IdentifierType, value: str, region: str) -> str:
    from dsr.domain.people import normalise

    try:
        return normalise(kind, value, region)
    except InputError:
        return ""
