"""Which right an article of a law is, where a clause names both."""

import re
from collections.abc import Iterator

from dsr.domain.vocabulary import Kind, Scope
from dsr.intake.match import Found, Span
from dsr.rules.naming import article_number
from dsr.rules.phrases import Law, Lexicon

_BARE = re.compile(r"\b(1798\.\d{3})\b()()")
_EASTERN = re.compile(
    r"(?:第\s?|(?=\d))([〇零一二三四五六七八九十百\d]{1,6})\s?条(?:\s?[之の]\s?([一二三四五六七八九\d]{1,2}))?"
    r"(?:\s?第?\s?([一二三四五六七八九十\d]{1,2})\s?[款项項])?"
)
_KOREAN = re.compile(r"제?\s?(\d{1,3})\s?조(?:\s?의\s?(\d{1,2}))?(?:\s?제?\s?(\d{1,2})\s?항)?")
_MORE = re.compile(r"(\d{1,3})((?:\(\w{1,3}\))?)")
_FIGURES = re.compile(r"\((\w{1,3})\)|(\d{1,2})")
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
    for number, part, place in _named(text, span):
        yield from _rights(laws, number, part, place)


def _named(text: str, span: Span) -> Iterator[tuple[str, str, Span]]:
    """Yield the articles that are named: number, paragraph ("3" or ""), and where."""
    for pattern in (article_number(), _BARE):
        for match in pattern.finditer(text, *span):
            yield match[1], _part(match[2] or ""), match.span()
            for one in _MORE.finditer(match[3] or ""):
                yield one[1], _part(one[2]), match.span()
    if text.isascii():
        return
    for pattern in (_EASTERN, _KOREAN):
        for match in pattern.finditer(text, *span):
            again = f"-{_number(match[2])}" if match[2] else ""
            yield _number(match[1]) + again, _number(match[3] or ""), match.span()


def _part(text: str) -> str:
    """Return the paragraph that "(3)" or "Abs. 3" names."""
    found = _FIGURES.search(text)
    return (found[1] or found[2]) if found else ""


def _rights(laws: dict[str, Law], number: str, part: str, span: Span) -> Iterator[Article]:
    """Yield what an article is, its paragraph before the whole article."""
    for name, law in laws.items():
        right = law.articles.get(f"{number}({part})") or law.articles.get(number)
        if right:
            kind, _, scope = right.partition(":")
            yield Kind(kind), Scope(scope) if scope else None, span, f"{name} {number}"


def _number(text: str) -> str:
    """Return a number in figures: "四十七" is 47, "35조의2" is 35-2."""
    if text.isascii():
        return text
    if "조" in text:
        return text.replace(" ", "").replace("조의", "-").removesuffix("조")
    total = unit = 0
    for char in text:
        if char == "十":
            total, unit = total + (unit or 1) * 10, 0
        elif char == "百":
            total, unit = total + (unit or 1) * 100, 0
        else:
            unit = _DIGIT.get(char, int(char) if char.isdecimal() else 0)
    return str(total + unit)
