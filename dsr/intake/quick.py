"""Parses an ordinary mail quickly into what the standard library's parser makes of it.

Whatever is odd in any way is left to that parser, which knows what to make of it. It reads line by
line and compiles an expression for each boundary, so that ordinary mail takes it five times as
long.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message as Part
from email.policy import compat32

from dsr.intake.parts import media_type_of

_NEXT_HEADER = {"\n": re.compile(r"\n(?![ \t])"), "\r\n": re.compile(r"\r\n(?![ \t])")}
_HEADER = re.compile(r"(?!From )[!-9;-~]+:")
_DEPTH = 8  # parts in parts; what is deeper is read by the other parser


@dataclass(frozen=True, slots=True)
class _Mail:
    """A mail's text, of which parts are looked at where they stand: it may be large."""

    text: str
    eol: str
    make: Callable[[], Part]


class OddError(Exception):
    """A mail is not written as most are."""


def parsed(raw: bytes, make: Callable[[], Part]) -> Part | None:
    """Return a mail with its parts, without preambles and epilogues; None where it is odd.

    Args:
        raw: Any bytes.
        make: Makes an empty part.
    """
    text = raw.decode("ascii", "surrogateescape")
    eol = "\n"
    if returns := text.count("\r"):
        eol = "\r\n"
        if not returns == text.count(eol) == text.count("\n"):
            return None
    try:
        return _part(_Mail(text, eol, make), 0, len(text), _DEPTH)
    except OddError:
        return None


def _part(mail: _Mail, start: int, end: int, depth: int) -> Part:
    text, eol = mail.text, mail.eol
    blank = text.find(eol + eol, start, end)
    if blank < 0 or not depth:
        raise OddError
    part = mail.make()
    for header in _NEXT_HEADER[eol].split(text[start:blank]):
        if not _HEADER.match(header):
            raise OddError
        part.set_raw(*compat32.header_source_parse([header]))  # differs with Python's version
    media_type = media_type_of(part)
    if media_type.startswith("message/") or media_type == "multipart/digest":
        raise OddError
    if not media_type.startswith("multipart/"):
        part.set_payload(text[blank + 2 * len(eol) : end])
        return part
    boundary = part.get_boundary()
    if not boundary or "\n" in boundary or "\r" in boundary:
        raise OddError
    # The first mark may follow the blank line at once, whose end is then the mark's beginning.
    for first, last in _inner(mail, f"{eol}--{boundary}", blank + len(eol), end):
        part.attach(_part(mail, first, last, depth - 1))
    return part


def _inner(mail: _Mail, mark: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where the texts between the marks of a boundary stand; the last mark closes it."""
    text, eol = mail.text, mail.eol
    found: list[tuple[int, int]] = []
    place = text.find(mark, start, end)
    while place >= 0:
        after = place + len(mark)
        if text.startswith("--", after, end):
            closed = after + 2
            ends_well = closed == end or text.startswith(eol, closed, end)
            if not found or not ends_well or text.find(mark, closed, end) >= 0:
                break
            return found
        first = after + len(eol)
        place = text.find(mark, after, end)
        if not text.startswith(eol, after, end) or place < first:
            break
        found.append((first, place))
    raise OddError
