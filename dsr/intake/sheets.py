"""What style sheets say of hiding, written into the elements that they say it of."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dsr.intake.selectors import Elements, Selector, TooLongError, selector_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_RULES = 2_000  # selectors that are read of all style sheets of a mail
_READ = 5_000  # the same, each as often as it stands there
_LOOKED_AT = 100_000  # so many elements are looked at; what comes to more was made to take long
_FEW = 50
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?")
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|([^0-9a-fA-F\n]))")
_PIECE = re.compile(r"([^{}]*)([{}])")
_ALWAYS = re.compile(r"@media\s+(?:only\s+)?(?:all|screen)", re.IGNORECASE)
_EVERYWHERE = frozenset({"", "all", "screen", "only screen"})
_HIDING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|mso-hide:all|(?:opacity|font-size):0(?![.\d])"
    r"|(?:text-indent|left|top):-\d{3}"
)
_FLAT = re.compile(r"(?:max-)?(?:width|height):0(?![.\d])")
_SIZES = ("font-size", "font")
_TELLING = frozenset(
    {
        "display",
        "visibility",
        "mso-hide",
        "opacity",
        "font",
        "font-size",
        "text-indent",
        "left",
        "top",
        "width",
        "height",
        "max-width",
        "max-height",
    }
)
_LAST_CODE = 0x10FFFF

Style = dict[str, tuple[str, bool]]
"""The value of each property, and whether it is important."""


def plain_style(text: str) -> str:
    """Return style in lower case, without comments and with its escapes undone."""
    if "/*" in text:
        text = _COMMENT.sub(" ", text)
    return _unescaped(text).lower()


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_letter, text) if "\\" in text else text


def _letter(found: re.Match[str]) -> str:
    if found[2]:
        return found[2]
    code = int(found[1], 16)
    return chr(code) if 0 < code <= _LAST_CODE else " "


def write_in(tree: "LexborHTMLParser") -> bool:
    """Write what the sheets of a mark-up say of hiding into its elements, as their own style.

    Read are rules of tags, classes and ids, wherever these stand in each other, that hold on any
    screen. What an element says itself goes before them.

    Args:
        tree: The mark-up; it is changed.

    Returns:
        Whether a rule that cannot be read for sure may hide some of the text.
    """
    sheets = [node.text(deep=False) for node in tree.css("style") if _holds(node)]
    rules = _hiding(_rules("\n".join(sheets)))
    if not rules:
        return False
    found: dict[int, tuple[LexborNode, Style]] = {}
    elements = Elements(tree, _LOOKED_AT)
    doubt = False
    try:
        for selector, style in rules:
            nodes = elements.named(selector)
            if not selector.is_sure:
                doubt = doubt or (_hides(style) and _says_something(nodes))
                continue
            for node in nodes:
                _add(found.setdefault(node.mem_id, (node, {}))[1], style)
    except TooLongError:
        doubt = True
    for node, style in found.values():
        _write(node, style)
    return doubt


def _says_something(nodes: "list[LexborNode]") -> bool:
    """Say whether any of some elements has a text, as one of many has."""
    return len(nodes) > _FEW or any(node.text().strip() for node in nodes)


def _holds(sheet: "LexborNode") -> bool:
    return (sheet.attributes.get("media") or "").strip().lower() in _EVERYWHERE


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """Yield selectors and declarations; those that hold on some screens only are left out."""
    rule: str | None = None
    skipped = 0
    text = _STRING.sub(" ", _COMMENT.sub(" ", text)) + "}"  # the end closes what is open
    for before, brace in _PIECE.findall(text):
        if brace == "{":
            head = before.rpartition(";")[2].strip()
            if skipped or rule is not None:
                skipped += 1
            elif not head.startswith("@"):
                rule = head
            elif not _ALWAYS.fullmatch(head):
                skipped = 1
        elif skipped:
            skipped -= 1
        elif rule is not None:
            yield rule, before
            rule = None


def _hiding(rules: Iterator[tuple[str, str]]) -> list[tuple[Selector, Style]]:
    """Return the rules about what may hide, the strongest last; none if none hides."""
    found: dict[Selector, Style] = {}
    read = 0
    for heads, said in rules:
        style = _declared(plain_style(said))
        some = _unescaped(heads).split(",", _READ)[:_READ] if style else []
        read += len(some)
        for selector in filter(None, map(selector_of, some)):
            _add(found.setdefault(selector, {}), style)
        if len(found) > _RULES or read > _READ:
            break
    hiding = {name for style in found.values() for name in style if _hides({name: style[name]})}
    if "font-size" in hiding:
        hiding.update(_SIZES)
    strongest_last = sorted(found.items(), key=lambda each: each[0].weight)
    told = (
        (selector, {name: style[name] for name in style if name in hiding})
        for selector, style in strongest_last
    )
    return [(selector, style) for selector, style in told if style]


def _declared(style: str) -> Style:
    """Return the declarations that are about hiding, the last of each property."""
    found: Style = {}
    flat = "overflow" in style and "hidden" in style
    for each in style.split(";"):
        name, _, told = each.partition(":")
        value, mark, _ = told.partition("!")
        name, value = name.strip(), " ".join(value.split())
        said = f"{name}:{value}"
        if name in _TELLING and (flat or not _FLAT.match(said)):
            _add(found, {name: (value, bool(mark))})
    return found


def _hides(style: Style) -> bool:
    said = [f"{name}:{value}" for name, (value, _) in style.items()]
    return any(_HIDING.match(each) or _FLAT.match(each) for each in said)


def _add(style: Style, more: Style) -> None:
    """Put later declarations over earlier ones, but for those that are important."""
    for name, (value, important) in more.items():
        if important or not style.get(name, ("", False))[1]:
            style[name] = (value, important)


def _write(node: "LexborNode", style: Style) -> None:
    own = node.attributes.get("style") or ""
    said = _declared(plain_style(own))
    more = [
        f"{name}:{value}"
        for name, (value, important) in style.items()
        if (name not in said or (important and not said[name][1]))
        and (name in _SIZES or _hides({name: (value, important)}))
    ]
    if more:
        node.attrs["style"] = ";".join([own, *more])
