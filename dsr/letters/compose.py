"""Writes a letter from its template and facts. It neither sends nor stores one."""

import hashlib
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib.resources import files
from re import compile as pattern
from typing import TYPE_CHECKING, Literal

from dsr.domain.vocabulary import LetterName
from dsr.letters.clean import cleaned
from dsr.letters.enclosed import AnswerFacts
from dsr.letters.facts import LetterFacts
from dsr.letters.needs import check

if TYPE_CHECKING:
    from jinja2 import Environment

Language = Literal["en", "zh"]

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_EMPTY_LINES = pattern(r"\n{3,}")
_LINE_ENDS = pattern(r"[ \t]+\n")


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter as it goes out.

    Attributes:
        sha256: Of the subject, an empty line and the text, in UTF-8.
        template_sha256: Of the letter's template and the parts that the language's letters share.
    """

    subject: str
    text: str
    sha256: str
    template_sha256: str


def language_for(tag: str | None) -> Language:
    """Return the language of our letter to somebody who wrote in a language (BCP 47)."""
    return "zh" if (tag or "").strip().lower().startswith("zh") else "en"


def compose(name: LetterName, language: Language, facts: LetterFacts) -> Composed:
    """Write one letter.

    Raises:
        NotAllowedError: A mandatory fact is missing, and is named; nothing was rendered.
    """
    harmless: LetterFacts = cleaned(facts)
    check(name, harmless)
    return render(name, language, harmless)


def render(name: LetterName, language: Language, harmless: LetterFacts) -> Composed:
    """Write one letter from facts that are cleaned and checked: of many that are alike, once."""
    template = _environment(language).get_template(f"{name}.txt.j2")
    context = {each.name: getattr(harmless, each.name) for each in fields(harmless)}
    whole = _tidied(template.render(context))
    subject, _, text = whole.partition("\n\n")
    text = f"{text}\n"
    sha256 = _sha256(f"{subject}\n\n{text}")
    return Composed(subject, text, sha256, template_hash(name, language))


def compose_part(name: LetterName, language: Language, facts: LetterFacts) -> AnswerFacts:
    """Write one answer of a letter that answers several tickets; it has all its own letter needs.

    Raises:
        NotAllowedError: A mandatory fact is missing, and is named; nothing was rendered.
    """
    harmless: LetterFacts = cleaned(facts)
    check(name, harmless)
    template = _environment(language).get_template(f"{name}.txt.j2")
    context = template.new_context({e.name: getattr(harmless, e.name) for e in fields(harmless)})
    title, text = ("".join(template.blocks[block](context)) for block in ("subject", "body"))
    return AnswerFacts(title.strip(), _tidied(text))


@cache
def template_hash(name: LetterName, language: Language) -> str:
    """Return the SHA-256 of what a letter is made from: its template and the shared parts."""
    folder = files("dsr.letters") / "templates" / language
    shared = sorted(place.name for place in folder.iterdir() if place.name.startswith("_"))
    parts = [*shared, f"{name}.txt.j2"]
    return _sha256("\x00".join((folder / part).read_text(encoding="utf-8") for part in parts))


@cache
def _environment(language: Language) -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("dsr.letters", f"templates/{language}"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(),  # plain text stays as it is
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,  # a part ends its own last line
    )
    environment.filters["day"] = _english_day if language == "en" else _chinese_day
    environment.filters["size"] = _size
    return environment


def _english_day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _size(count: int) -> str:
    """Return a number of bytes as people read it."""
    for unit, step in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= step:
            return f"{count / step:.1f} {unit}"
    return f"{count} B"


def _tidied(text: str) -> str:
    return _EMPTY_LINES.sub("\n\n", _LINE_ENDS.sub("\n", text)).strip()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
