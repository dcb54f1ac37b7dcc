"""Which e-mail addresses, phones, accounts and orders a text names; each in its one form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dsr.domain.vocabulary import IdentifierType
from dsr.errors import InputError
from dsr.intake.language import language_of
from dsr.intake.page import Page
from dsr.rules.folding import fold
from dsr.rules.lexicon import UNSPACED
from dsr.rules.naming import naming, phone_label, value_gap
from dsr.rules.phrases import Lexicon, Phrases

Identifier = tuple[IdentifierType, str]

_EMAIL = re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,190}\.[a-z]{2,24}", re.IGNORECASE)
_PHONE = re.compile(r"(?<![A-Za-z0-9_.@/*-])(\+|00)?\d[\d ().-]{5,20}\d(?![A-Za-z0-9_@*])")
_DIGITS = re.compile(r"\D")
_MOBILE_CN = re.compile(r"(?:0086|86)?1[3-9]\d{9}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,62}[A-Za-z0-9]")
_FURTHER = re.compile("[^\\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[/$*&#\u2010-\u2015](?=\\w)")
_GROUP = re.compile("[ \u00a0\u202f](?=[0-9]{2,4}(?!\\w|[./-][0-9]))")
_OPEN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{5,63}+(?![@:/]|\.\w)")  # it may end in a dash
_ENDED = re.compile(r"[\"'”’)]?(?:[.,;!?)\n]|\s*$|\s+([^\W\d_]+))")
_LAST = re.compile(r"[\"'”’)]?[ \t]*(?:[.,;!?)\n]|\Z)")
_IS_LABEL = re.compile(r"[ \t]?[:：]")
_SHORTEST_PHONE = 7  # digits
_LABEL = 24  # characters before a number in which a word may say that it is a phone's
_QUOTES = frozenset("\"'“”‘’「」„")
_LONG_NUMBER = 4  # digits that are a name behind a label such as "account"
_MOST = 20  # identifiers of one text


@dataclass(frozen=True, slots=True)
class _Label:
    """Words behind which a name may stand.

    Attributes:
        kind: What it names.
        at: Where they begin in the text.
        end: Where they end.
        lexicon: Their language.
        own: That is the text's own: what the label "is" may be a mere word.
    """

    kind: IdentifierType
    at: int
    end: int
    lexicon: Lexicon
    own: bool


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
    for label in _longest(_labels(page)):
        if value := _behind(page, label):
            yield label.kind, value


def _is_phone(match: re.Match[str]) -> bool:
    digits = _DIGITS.sub("", match[0])
    if len(digits) < _SHORTEST_PHONE:
        return False
    if match[1] or _MOBILE_CN.fullmatch(digits):
        return True
    before = match.string[max(0, match.start() - _LABEL) : match.start()]
    return bool(phone_label().search(fold(before)))


def _labels(page: Page) -> list[_Label]:
    """Return the words such as "user name"; what several languages have counts as the first's."""
    found: dict[tuple[str, int, int], _Label] = {}
    for lexicon in page.spoken(one.file.language for one in page.labelled):
        own = page.language.startswith(lexicon.file.language)
        here = [
            one for token in lexicon.labels.keys() & page.words for one in lexicon.labels[token]
        ]
        for key, words in sorted(here):
            if key == IdentifierType.PHONE:
                continue  # a number tells by itself what it is
            for at, end in _places(page.folded, words):
                if (key, at, end) not in found:
                    found[key, at, end] = _Label(IdentifierType(key), at, end, lexicon, own)
    return list(found.values())


def _places(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Yield where words stand in a folded text, those of scripts with spaces as whole words."""
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        beside = text[max(0, start - 1) : start], text[end : end + 1]
        if words[0] >= UNSPACED or not any(one.isalpha() and one < UNSPACED for one in beside):
            yield start, end
        start = text.find(words, end)


def _longest(labels: list[_Label]) -> Iterator[_Label]:
    """Yield the labels that stand within no longer one: the "id" of "open id" is no account's."""
    within: set[tuple[int, int]] = set()
    reached = 0
    for at, minus in sorted({(one.at, -one.end) for one in labels}):
        if -minus <= reached:
            within.add((at, -minus))
        reached = max(reached, -minus)
    return (one for one in labels if (one.at, one.end) not in within)


def _behind(page: Page, label: _Label) -> str:
    """Return the value behind a label: it has a digit or a sign, or the label says "is" or ":"."""
    text = page.text
    gap = value_gap().match(text, label.end)
    if gap is None:
        return ""
    name = _OPEN_ID if label.kind is IdentifierType.OPEN_ID else _NAME
    at = gap.end()
    value = name.match(text, at + (text[at : at + 1] == "@"))
    if value is None or "@" in value[0] or _MOBILE_CN.fullmatch(value[0]) or _goes_on(value):
        return ""
    loose = page.folded[label.at : label.end] in naming().loose
    if _is_telling(value[0], loose=loose) or _is_told(page, label, gap[0], value):
        return value[0]
    return ""


def _goes_on(value: re.Match[str]) -> bool:
    """Say whether more of a name follows than was taken: half of it may be somebody else's."""
    if value[0].isdigit() and _GROUP.match(value.string, value.end()):
        return True
    return _FURTHER.match(value.string, value.end()) is not None


def _is_told(page: Page, label: _Label, gap: str, value: re.Match[str]) -> bool:
    """Say whether label and signs say that a mere word behind them is a name.

    Args:
        page: The text.
        label: The label.
        gap: What stands between label and value.
        value: The word.
    """
    spaced = page.folded[label.at] < UNSPACED
    loose = page.folded[label.at : label.end] in naming().loose
    mark = page.text[value.start() - 1]
    quoted = mark in _QUOTES and page.text[value.end() : value.end() + 1] in _QUOTES
    marks = [":", "#", "=", "：", "＃", *naming().particles]
    signed = quoted or mark == "@" or any(one in gap for one in marks) or not spaced
    said = label.own and not set(naming().states).isdisjoint(gap.split())
    empty = "\n" in gap and _IS_LABEL.match(page.text, value.end())  # the field below comes next
    if empty or (not signed and (loose or not said)):
        return False
    account = label.kind is IdentifierType.ACCOUNT
    if label.kind is IdentifierType.OPEN_ID:
        return value[0] not in {value[0].lower(), value[0].upper(), value[0].capitalize()}
    if account and mark == "@":
        return True
    if spaced and _is_ordinary(page, value, label.lexicon):
        return account and signed and not loose and _is_chosen(page, label, gap, value)
    titled = loose and value[0].istitle()
    return (signed and not loose) or (not titled and _is_ended(page, value))


def _is_chosen(page: Page, label: _Label, gap: str, value: re.Match[str]) -> bool:
    """Say whether an ordinary word behind "user name:" is a name all the same.

    It stands on the same line; a small word ("my e-mail address") ends what is said, besides.
    """
    word = page.folded[slice(*value.span())]
    if "\n" in gap or word in naming().absent:
        return False
    languages = page.phrases.languages_of.get(word, ())
    small = page.language in languages or label.lexicon.file.language in languages
    small = small or word in naming().no_names
    return not small or _LAST.match(page.text, value.end()) is not None


def _is_telling(value: str, *, loose: bool) -> bool:
    """Say whether a value is a name by its signs; behind an ordinary word a short number is none.

    Args:
        value: What stands behind the label.
        loose: The label is an ordinary word.
    """
    if value.isdigit():
        return len(value) >= (_LONG_NUMBER if loose else 1)
    return any(char.isdigit() for char in value) or "_" in value


def _is_ordinary(page: Page, value: re.Match[str], lexicon: Lexicon) -> bool:
    """Say whether a value is a word of the language, and no name."""
    word = page.folded[slice(*value.span())]
    known = naming()
    if word in known.no_names or word in known.absent or word in page.phrases.languages_of:
        return True
    return lexicon.entry(word) is not None


def _is_ended(page: Page, value: re.Match[str]) -> bool:
    """Say whether a sentence ends behind a value, or goes on with a small word."""
    behind = _ENDED.match(page.folded, value.end())
    if behind is None:
        return False
    return not behind[1] or behind[1] in page.phrases.languages_of


def _normal(kind: IdentifierType, value: str, region: str) -> str:
    from dsr.domain.people import normalise

    try:
        return normalise(kind, value, region)
    except InputError:
        return ""
