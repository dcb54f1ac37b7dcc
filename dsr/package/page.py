"""The page of a copy that people read: one file, no network, no script."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsr.domain.vocabulary import SearchResult
from dsr.package.about import CopyAbout
from dsr.package.cells import for_people, is_cut, shown
from dsr.package.files import private_text
from dsr.package.spool import Gathered
from dsr.package.words import Words, words_of

if TYPE_CHECKING:
    from jinja2 import Environment

SHOWN_ROWS = 500  # of one collection; a browser on a telephone stays quick
SHOWN_LENGTH = 2000  # characters of one cell
MOST_COLUMNS = 6  # a wider table is shown record by record

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?")


@dataclass(frozen=True, slots=True)
class PageCell:
    """One cell as the page shows it; `style` is also its class in the page's style."""

    label: str
    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """What the page says about the whole copy."""

    rows: int
    redacted: int
    shortened: int


def write_page(path: Path, gathered: Sequence[Gathered], about: CopyAbout, totals: Totals) -> None:
    """Write index.html, part by part."""
    words = words_of(about.language)
    context = {
        "words": words,
        "about": about,
        "totals": totals,
        "found": [each for each in gathered if each.rows],
        "nothing_found": [each for each in gathered if each.gap is SearchResult.NONE],
        "unsearched": [
            each for each in gathered if each.gap in {SearchResult.FAILED, SearchResult.NOT_ASKED}
        ],
        "records": partial(_records, words),
        "shown_rows": SHOWN_ROWS,
        "most_columns": MOST_COLUMNS,
    }
    with private_text(path) as stream:
        stream.writelines(_environment().get_template("index.html.j2").generate(context))


def write_readme(path: Path, gathered: Sequence[Gathered], about: CopyAbout) -> None:
    """Write README.txt."""
    template = _environment().get_template(f"readme.{about.language}.txt.j2")
    long = any(each.rows > SHOWN_ROWS for each in gathered)
    context = {"about": about, "words": words_of(about.language), "long": long}
    with private_text(path) as stream:
        stream.write(template.render(context))


def _records(words: Words, gathered: Gathered) -> Iterator[list[PageCell]]:
    """Yield the first records, each with every column of its collection."""
    for row in islice(gathered.read(), SHOWN_ROWS):
        yield [_cell(words, gathered.label_of(name), row.get(name)) for name in gathered.columns]


def _cell(words: Words, label: str, value: Any) -> PageCell:
    match value:
        case None | "":
            text, style = words["empty"], "empty"
        case bool():
            text, style = words.yes_or_no(value=value), ""
        case int() | float():
            text, style = str(value), "number"
        case {"base64": str() as encoded, **rest} if not rest:
            size = len(encoded) * 3 // 4 - encoded.count("=", -2)
            text, style = words["binary"] % {"size": size}, "empty"
        case str() if value == words["redacted"]:
            text, style = value, "redacted"
        case str() if _INSTANT.fullmatch(value):
            text, style = value.replace("T", " "), "date"
        case _:
            text, style = _long(words, value), ""
    return PageCell(label, text, style)


def _long(words: Words, value: Any) -> str:
    """Return a text cell, no longer than a reader of the page can bear."""
    text = for_people(value)
    if is_cut(value):
        return text[:SHOWN_LENGTH] + str(words["shortened"])
    return text if len(text) <= SHOWN_LENGTH else text[:SHOWN_LENGTH] + str(words["cut"])


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("dsr.package"),
        undefined=StrictUndefined,
        # By what stands before ".j2": everything but plain text is escaped.
        autoescape=select_autoescape(disabled_extensions=("txt.j2",), default=True),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_harmless,
    )
    environment.filters["day"] = lambda day, words: words.day(day)
    return environment


def _harmless(value: Any) -> Any:
    """Spell out what would steer or turn a text, wherever a template prints one."""
    return shown(value) if type(value) is str else value
