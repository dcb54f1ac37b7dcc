"""Text that strangers wrote, made harmless to a terminal and measured. No layout here."""

import re
from unicodedata import category, east_asian_width

#: Printable to Python, yet nothing is seen: fillers, joiners and variation selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_HARMLESS_SPACES = "Zs"  # the wide space of Chinese text among them


def visible(text: str, *, keep_lines: bool = False) -> str:
    """Spell out control, direction and unseen characters: a subject line must not steer a terminal.

    Args:
        text: What a stranger may have written.
        keep_lines: Whether line ends stay what they are; any other control character never does.
    """
    if text.isprintable() and not _UNSEEN.search(text):
        return text
    if keep_lines:
        return "\n".join(visible(line) for line in text.replace("\r\n", "\n").split("\n"))
    return "".join(_spelled(char) if _is_unseen(char) else char for char in text)


def cell_width(text: str) -> int:
    """Return how many columns of a terminal a visible text takes."""
    if text.isascii():
        return len(text)
    return sum(_char_width(char) for char in text)


def clip(text: str, width: int) -> str:
    """Return a visible text cut to a number of columns, with an ellipsis where it was longer."""
    if cell_width(text) <= width:
        return text
    kept = ""
    room = width - 1  # the ellipsis takes one
    for char in text:
        room -= _char_width(char)
        if room < 0:
            break
        kept += char
    return f"{kept}…"


def _is_unseen(char: str) -> bool:
    if char.isprintable():
        return _UNSEEN.match(char) is not None
    return category(char) != _HARMLESS_SPACES


def _spelled(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def _char_width(char: str) -> int:
    if east_asian_width(char) in "WF":
        return 2
    return 0 if category(char) in {"Mn", "Me"} else 1
