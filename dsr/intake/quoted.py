"""Tells what somebody wrote now from what he quotes; marks, never deletes."""

import re

from dsr.rules.folding import fold
from dsr.rules.quoting import quoting

_RULE = "-_*=#~ \t"
_UNDERLINE = re.compile(r"_{20,80}$")
_HEADER = re.compile(r"\s*\**([^\s:*]{1,12}(?: ?[^\s:*]{1,6})?)\s{0,4}\**\s?:")
_MARKS = (">", ":", "：", "--", "__", "**", "==")
_ENOUGH = 3  # headers in a row are those of a quoted mail
_LINES = 20_000  # that are looked at; the rest counts as one


def separate(text: str) -> tuple[str, str]:
    """Return the new text and the quoted text of a mail.

    Args:
        text: The whole text, its lines ended by a line feed.
    """
    if not any(map(text.__contains__, _MARKS)):
        return text, ""
    lines = text.split("\n", _LINES)
    new: list[str] = []
    quoted: list[str] = []
    for number, line in enumerate(lines):
        if line.startswith(">"):
            quoted.append(line.lstrip("> "))
        elif _introduces(lines, number, line):
            if _quote_follows(lines, number):
                quoted.append(line)
                continue
            quoted.extend(lines[number:])
            break
        else:
            new.append(line)
    return "\n".join(new).strip(), "\n".join(quoted).strip()


def _introduces(lines: list[str], number: int, line: str) -> bool:
    """Say whether a line begins a quotation."""
    end = line.rstrip()[-1:]
    if not end or (end not in ":：-_*=>" and ":" not in line and "：" not in line):
        return False
    small = fold(line.strip()[-400:])
    words = quoting()
    if small.endswith(words.wrote) or (
        small.endswith(":") and any(each in small for each in words.wrote_within)
    ):
        return _is_attribution(lines, number, small)
    if words.dated.search(small) or (end in "-_*=:：" and _is_divider(small)):
        return True
    return _starts_header_block(lines, number)


def _is_divider(small: str) -> bool:
    """Say whether a line is "---- Original Message ----" or a long underline."""
    if _UNDERLINE.fullmatch(small):
        return True
    bare = small.strip(_RULE).removesuffix(":").strip(_RULE)
    return len(bare) < len(small) and bare in quoting().divider


def _is_attribution(lines: list[str], number: int, small: str) -> bool:
    """Say whether "... wrote:" names a date or an address; the line before may hold them."""
    before = lines[number - 1] if number else ""
    return any(char.isdigit() or char == "@" for char in small + before[-200:])


def _quote_follows(lines: list[str], number: int) -> bool:
    """Say whether the quotation has ``>`` marks: then new text may stand below it."""
    following = (line for line in lines[number + 1 : number + 4] if line.strip())
    return next(following, "").startswith(">")


def _starts_header_block(lines: list[str], number: int) -> bool:
    """Say whether three headers of a quoted mail stand here."""
    found = 0
    words = quoting().header
    for line in lines[number : number + 8]:
        if not line.strip():
            continue
        match = _HEADER.match(fold(line[:80]))
        if not match or match[1].strip() not in words:
            break
        found += 1
    return found >= _ENOUGH
