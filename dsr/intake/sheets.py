"""What style sheets say of hiding, written into the elements that they say it of."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_RULES = 2_000
_WRITTEN = 100_000  # so many rules are written in; what comes to more was made to take long
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|([^0-9a-fA-F\n]))")
_PIECE = re.compile(r"([^{}]*)([{}])")
_ALWAYS = re.compile(r"@media\s+(?:only\s+)?(?:all|screen)", re.IGNORECASE)
_EVERYWHERE = frozenset({"", "all", "screen", "only screen"})
_SIMPLE = re.compile(r"([a-zA-Z][a-zA-Z0-9]{0,20})?((?:[.#][\w-]{1,100}){0,4})")
_NAMED = re.compile(r"([.#])([\w-]+)")
_WHOLE = frozenset({"", "html", "body"})
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


def write_in(tree: "LexborHTMLParser") -> None:
    """Write what the sheets of a mark-up say of hiding into its elements, as their own style.

    Read are rules of a tag, a class, an id, or of these together, that hold on any screen; what
    cannot be read is passed over. What an element says itself goes before them.

    Args:
        tree: The mark-up; it is changed.
    """
    sheets = [node.text() for node in tree.css("style") if _holds(node)]
    rules = _hiding(_rules("\n".join(sheets)))
    if not rules:
        return
    found: dict[int, tuple[LexborNode, Style]] = {}
    left = _WRITTEN
    for selector, style in rules:
        nodes = tree.css(selector)
        left -= len(nodes)
        if left < 0:
            break
        for node in nodes:
            _add(found.setdefault(node.mem_id, (node, {}))[1], style)
    for node, style in found.values():
        _write(node, style)


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


def _hiding(rules: Iterator[tuple[str, str]]) -> list[tuple[str, Style]]:
    """Return the simple rules about what may hide, the strongest last; none if none hides."""
    found: dict[str, tuple[tuple[int, int, int], Style]] = {}
    for heads, said in rules:
        style = _declared(plain_style(said))
        for weight, selector in filter(None, map(_selector, heads.split(",") if style else ())):
            _add(found.setdefault(selector, (weight, {}))[1], style)
        if len(found) > _RULES:
            break
    hiding = {name for _, style in found.values() for name in style if _hides({name: style[name]})}
    if "font-size" in hiding:
        hiding.update(_SIZES)
    strongest_last = sorted(found.items(), key=lambda each: each[1][0])
    told = (
        (selector, {name: style[name] for name in style if name in hiding})
        for selector, (_, style) in strongest_last
    )
    return [(selector, style) for selector, style in told if style]


def _selector(head: str) -> tuple[tuple[int, int, int], str] | None:
    """Return how strong a simple selector is, and one that takes no letter's case seriously."""
    match = _SIMPLE.fullmatch(_unescaped(head.strip()).removeprefix("*"))
    if match is None or (not match[2] and (match[1] or "").lower() in _WHOLE):
        return None
    names = _NAMED.findall(match[2])
    ids = sum(mark == "#" for mark, _ in names)
    parts = [f'[{"id=" if mark == "#" else "class~="}"{name}" i]' for mark, name in names]
    return (ids, len(names) - ids, bool(match[1])), (match[1] or "") + "".join(parts)


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
