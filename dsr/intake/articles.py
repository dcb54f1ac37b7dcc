"""Which right an article of a law is, where a clause names both."""

import re
from collections.abc import Iterator

from dsr.domain.vocabulary import Kind, Scope
from dsr.intake.match import Found, Span
from dsr.rules.phrases import Law, Lexicon

_WESTERN = re.compile(
    r"(?:\bart(?:icle|ikel|ículo|igo|icolo)?s?\b\.?|§{1,2}|\bsec(?:tion)?s?\b\.?)\s{0,2}"
    r"(\d{1,4}(?:\.\d{1,3})?)((?:\s?\(\w{1,3}\)){0,3})"
    r"((?:\s?(?:,|and|or|&|to|und|et|y)\s?\d{1,3}(?:\(\w{1,3}\))?){0,5})"
)
_BARE = re.compile(r"\b(1798\.\d{3})\b()()")
_CHINESE = re.compile(
    r"第\s?([〇零一二三四五六七八九十百\d]{1,6})\s?条(?:\s?第\s?([一二三四\d])\s?[款项])?()"
)
_MORE = re.compile(r"(\d{1,3})((?:\(\w{1,3}\))?)")
_DIGIT = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0}

Article = tuple[Kind, Scope | None, Span, str]


def articles_in(text: str, span: Span, found: Found, lexicon: Lexicon) -> Iterator[Article]:
    """Yield the rights whose articles a clause names beside their law.

    Args:
        text: The folded text.
        span: The clause in it.
        found: Its groups; laws among them.
        lexicon: What the laws' articles are.
    """
    laws = {name: law for name, law in lexicon.file.laws.items() if found.has(f"law_{name}")}
    if not laws:
        return
    for pattern in (_WESTERN, _BARE, _CHINESE):
        for match in pattern.finditer(text, *span):
            numbers = [(_number(match[1]), match[2] or "")]
            numbers += [(one[1], one[2]) for one in _MORE.finditer(match[3] or "")]
            for number, part in numbers:
                yield from _rights(laws, number, part, match.span())


def _rights(laws: dict[str, Law], number: str, part: str, span: Span) -> Iterator[Article]:
    """Yield what an article is, its paragraph before the whole article."""
    inner = part.replace(" ", "")
    inner = f"({_number(inner)})" if inner and inner[0] != "(" else inner.partition(")")[0] + ")"
    for name, law in laws.items():
        right = law.articles.get(number + inner) or law.articles.get(number)
        if right:
            kind, _, scope = right.partition(":")
            yield Kind(kind), Scope(scope) if scope else None, span, f"{name} {number}"


def _number(text: str) -> str:
    """Return a number in figures: "四十七" is 47."""
    if text.isascii():
        return text
    total = unit = 0
    for char in text:
        if char == "十":
            total, unit = total + (unit or 1) * 10, 0
        elif char == "百":
            total, unit = total + (unit or 1) * 100, 0
        else:
            unit = _DIGIT.get(char, int(char) if char.isdecimal() else 0)
    return str(total + unit)
