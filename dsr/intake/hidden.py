"""Takes out of mark-up what a reader of the mail never saw."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from dsr.intake.sheets import plain_style

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_STYLED = "[style],[hidden],[color]"
_GROUNDED = "[bgcolor],[background],[style*=background]"
_SIZED = "[style*=font]"
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|opacity\s*:\s*0(?![.\d])|(?<![-\w])(?:max-)?(?:width|height)\s*:\s*0(?![.\d])"
    r"|(?:text-indent|left|top)\s*:\s*-\d{3}"
)
_NO_SIZE = re.compile(r"font-size\s*:\s*0(?![.\d])")
_SIZE = re.compile(r"font(?:-size)?\s*:(?!\s*0(?![.\d]))")
_COLOR = re.compile(r"(?<![-\w])color\s*:\s*([#\w][^;!]{0,40})")
_GROUND = re.compile(r"background(?:-color)?\s*:\s*([#\w][^;!]{0,200})")
_HEX = re.compile(r"#(?:f{3}|(?:f[a-f\d]){3})")
_NO_GROUND = frozenset({"", "none", "transparent", "inherit", "initial", "unset"})


def without_hidden(tree: "LexborHTMLParser", *, painted: bool) -> bool:
    """Take out the elements that no reader saw, and say whether one had text.

    Args:
        tree: The mark-up; it is changed.
        painted: A style sheet sets backgrounds, so that white letters may well be seen.
    """
    styled = tree.css(_STYLED)
    if not styled:
        return False
    sized = _above(node for node in tree.css(_SIZED) if _SIZE.search(_style(node)))
    grounds = {node.mem_id for node in tree.css(_GROUNDED) if not _is_white(_ground(node))}
    pale: dict[int, bool] = {}
    hidden = False
    for node in reversed(styled):  # what lies inside goes first
        style = _style(node)
        if _NO_SIZE.search(style) and node.mem_id in sized:
            hidden = _drop_own_text(node) or hidden
        elif (
            "hidden" in node.attributes
            or _HIDING.search(style)
            or _NO_SIZE.search(style)
            or (not painted and _is_pale(node, style, grounds, pale))
        ):
            hidden = hidden or bool(node.text().strip())
            node.replace_with(" ")
    return hidden


def _style(node: "LexborNode") -> str:
    return plain_style(node.attributes.get("style") or "")


def _above(nodes: Iterable["LexborNode"]) -> set[int]:
    """Return the elements that hold one of some elements; each is looked at once."""
    found: set[int] = set()
    for node in nodes:
        above = node.parent
        while above is not None and above.mem_id not in found:
            found.add(above.mem_id)
            above = above.parent
    return found


def _drop_own_text(node: "LexborNode") -> bool:
    """Take out the letters of no size between elements that have one."""
    own = [each for each in node.iter(include_text=True) if each.tag == "-text"]
    seen = any((each.text_content or "").strip() for each in own)
    for each in own:
        each.decompose()
    return seen


def _is_pale(node: "LexborNode", style: str, grounds: set[int], pale: dict[int, bool]) -> bool:
    """Say whether an element's letters have the colour of what they stand on."""
    told = _COLOR.search(style)
    color = _bare(told[1] if told else node.attributes.get("color") or "")
    if not color:
        return False
    if color == _ground(node):
        return True
    return _is_white(color) and not _stands_on_color(node, grounds, pale)


def _stands_on_color(node: "LexborNode", grounds: set[int], known: dict[int, bool]) -> bool:
    """Say whether an element, or one around it, has a background of a colour."""
    passed: list[int] = []
    above: LexborNode | None = node
    found = False
    while above is not None:
        key = above.mem_id
        if key in known or key in grounds:
            found = known.get(key, True)
            break
        passed.append(key)
        above = above.parent
    known.update(dict.fromkeys(passed, found))
    return found


def _ground(node: "LexborNode") -> str:
    """Return the background of an element as it is written; a picture is one too."""
    told = _GROUND.search(_style(node))
    attributes = node.attributes
    return _bare(told[1] if told else attributes.get("bgcolor") or attributes.get("background"))


def _bare(color: str | None) -> str:
    return "".join((color or "").lower().split())


def _is_white(color: str) -> bool:
    white = color in {"white", "rgb(255,255,255)"} or bool(_HEX.fullmatch(color))
    return white or color in _NO_GROUND
