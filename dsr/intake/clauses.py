"""Cuts folded text into clauses: sentences, headings, items of a list under their lead-in."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from dsr.rules.sentences import sentences

_SENTENCE_END = re.compile(r"[.!?;](?=\s|$)|[!?;](?=[\u3040-\u9fff])|(?<=[\u4e00-\u9fff])\.|[。…]+")
_LAST_WORD = re.compile(r"[a-zα-ωа-я.]{1,8}$")
_NUMBER_NEXT = re.compile(r"\.\s{0,2}[^\s\d]{0,6}\d")
_ORDINAL_REACH = 16  # characters before a full stop
_WRAP = 45  # characters: a line this long may have been wrapped
_WRAP_HAN = 24  # the same of a line that is not all ASCII
_LONGEST = 700  # characters of a clause
_ITEM_NUMBER = 2  # characters, as in "12."
HEADING = 90  # characters of a line that may be a heading


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of the text.

    Attributes:
        start: Its first character.
        end: After its last.
        item: It is an item of a list, or goes on after a semicolon: it inherits the lead-in.
        alone: It is a paragraph of one short line.
    """

    start: int
    end: int
    item: bool = False
    alone: bool = False


class Paragraph(NamedTuple):
    """A stretch of the text between real line ends; wrapped lines are joined.

    Attributes:
        start: Its first character.
        end: After its last.
        item: It begins as an item of a list.
    """

    start: int
    end: int
    item: bool = False


def paragraphs_of(text: str) -> list[Paragraph]:
    """Return the paragraphs of a folded text, in order."""
    signs = sentences()
    found: list[Paragraph] = []
    position = 0
    open_ = False
    for line in text.split("\n"):
        end = position + len(line)
        if bare := line.rstrip():
            item = signs.item.match(line) is not None
            if open_ and not item:
                found[-1] = Paragraph(found[-1].start, end, found[-1].item)
            else:
                found.append(Paragraph(position, end, item))
            open_ = bare[-1] in signs.goes_on or _is_wrapped(bare)
        else:
            open_ = False
        position = end + 1
    return found


def clauses_of(text: str, paragraph: Paragraph) -> list[Clause]:
    """Return the clauses of a paragraph of a folded text, in order: at least one."""
    start, end = paragraph.start, paragraph.end
    whole = text[start:end].rstrip()
    alone = len(whole) <= HEADING and "\n" not in whole
    return [
        Clause(begin, stop, paragraph.item or (number > 0 and closing == ";"), alone)
        for number, (begin, stop, closing) in enumerate(_sentences(text, start, end))
    ]


def _is_wrapped(line: str) -> bool:
    """Say whether a line may go on in the next: it is long and no sentence ends there."""
    limit = _WRAP if line.isascii() else _WRAP_HAN
    return len(line) >= limit and line[-1] not in ".!?:;。…"


def _sentences(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Return the sentences of a paragraph, each with the mark that stood before it."""
    found: list[tuple[int, int, str]] = []
    before = ""
    begin = start
    for match in _SENTENCE_END.finditer(text, start, end):
        if match[0] == "." and _is_shortened(text, match.start(), start):
            continue
        _add(found, (begin, match.end(), before))
        begin, before = match.end(), match[0][0]
    _add(found, (begin, end, before))
    return [(one, two, mark) for one, two, mark in found if text[one:two].strip()]


def _add(found: list[tuple[int, int, str]], piece: tuple[int, int, str]) -> None:
    """Add a sentence; a monster is cut, so that no clause costs more than others."""
    begin, end, before = piece
    while end - begin > _LONGEST:
        found.append((begin, begin + _LONGEST, before))
        begin += _LONGEST
    if begin < end:
        found.append((begin, end, before))


def _is_shortened(text: str, at: int, start: int) -> bool:
    """Say whether a full stop ends a shortened word or an item's number, not a sentence."""
    match = _LAST_WORD.search(text, max(start, at - 8), at)
    word = match[0] if match else ""
    signs = sentences()
    if word in signs.shortened or signs.behind_ordinal.match(text, at):
        return True
    if word in signs.shortened_before_number and _NUMBER_NEXT.match(text, at):
        return True
    if signs.before_ordinal.search(text, max(start, at - _ORDINAL_REACH), at):
        return True
    piece = text[start:at].strip()
    return len(piece) <= _ITEM_NUMBER and piece.isalnum()
