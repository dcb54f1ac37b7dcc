"""A frozen letter as a page of HTML, for reading and printing. It adds no word to the letter."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from jinja2 import Template

_LANGUAGES = {"zh": "zh-CN", "en": "en"}
_RULE = re.compile(r"-{3,}")
_PART_RULE = re.compile(r"={10,}")
_CHINESE_HEADING = re.compile(r"【[^】]+】")
_BULLETS = ("* ", "· ")
_RULES: Mapping[str, re.Pattern[str]] = {"part": _PART_RULE, "heading": _RULE}
_MORE = "  "  # a line that belongs to the point above it


@dataclass(slots=True)
class Block:
    """A piece of a letter: a heading, the title of a part, a paragraph, or a list.

    Attributes:
        lines: Of a heading or paragraph.
        points: Of a list, the lines of each of its points.
    """

    kind: Literal["part", "heading", "paragraph", "list"]
    lines: list[str] = field(default_factory=list)
    points: list[list[str]] = field(default_factory=list)


def page(subject: str, text: str, *, language: str, sha256: str) -> bytes:
    """Return a letter as one self-contained page in UTF-8: no script, no link, nothing fetched.

    The same letter gives the same bytes.

    Args:
        subject: Its subject, the page's title.
        text: As it was composed, plain.
        language: Its language, `en` or `zh`.
        sha256: Of the frozen letter; it stands in the page's head.
    """
    return (
        _template()
        .render(
            subject=subject,
            blocks=list(blocks(text)),
            language=_LANGUAGES.get(language, language),
            sha256=sha256,
        )
        .encode()
    )


def blocks(text: str) -> Iterator[Block]:
    """Give the pieces of a plain letter, recognised by the form that our templates give them."""
    lines = text.rstrip("\n").split("\n")
    block: Block | None = None
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        begun = _begun(line, below)
        if block is not None and _goes_on(block, line, begun):
            continue
        if block is not None:
            yield block
        block = begun
    if block is not None:
        yield block


def _goes_on(block: Block, line: str, begun: Block | None) -> bool:
    """Add a line to the piece that is open, if it belongs to it."""
    if block.kind in _RULES and _RULES[block.kind].fullmatch(line):
        return True
    if block.kind == "list" and line.startswith(_MORE):
        block.points[-1].append(line.strip())
        return True
    if begun is None or begun.kind != block.kind or begun.kind in _RULES:
        return False
    block.lines += begun.lines
    block.points += begun.points
    return True


def _begun(line: str, below: str) -> Block | None:
    """Return the piece that a line begins, or None for an empty line."""
    if not line:
        return None
    if line.startswith(_BULLETS):
        return Block("list", points=[[line[2:].strip()]])
    if _PART_RULE.fullmatch(below):
        return Block("part", [line])
    ruled = _RULE.fullmatch(below) is not None and len(below) == len(line)
    is_heading = ruled or _CHINESE_HEADING.fullmatch(line) is not None
    return Block("heading" if is_heading else "paragraph", [line])


@cache
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("dsr.letters", "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("letter.html.j2")
