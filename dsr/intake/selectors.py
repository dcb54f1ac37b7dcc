"""Which elements a selector of a style sheet names: by what they are, and where they stand."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_LONGEST, _MOST_STEPS = 1_000, 12
_STEP = re.compile(r"\s*([>+]|~(?!=))\s*|\s+")
_ATTRIBUTE = re.compile(r"\[\s*([\w-]{1,60})\s*(?:([~|^$*]?=)([^\[\]]{0,200}))?\]")
_WORD = re.compile(r"[a-zA-Z_][\w-]{0,100}")
_COMPOUND = re.compile(
    r"(\*|[a-zA-Z][a-zA-Z0-9]{0,20})?((?:[.#][\w-]{1,100}|\[[^\[\]\s]{1,200}\]){0,6})"
)
_NAMED = re.compile(r"([.#])([\w-]+)|(\[[^\]]+\])")
#: States that a letter has only under a hand, and what a sheet adds before and after.
_FLEETING = re.compile(
    r":(?:hover|active|focus(?:-within|-visible)?|visited|target|checked|disabled)\b"
    r"|::|:(?:before|after|first-l(?:ine|etter))\b"
)
_WHOLE = frozenset({"", "html", "body"})
_BELOW, _EARLIER = " ", "~"


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector that was read.

    Attributes:
        weight: How strong it is: ids, classes, tags.
        steps: What stands between an element and the one before (nothing before the first), and
            the element.
        is_sure: It names these elements and no others; else the last step names them, and more.
    """

    weight: tuple[int, int, int]
    steps: tuple[tuple[str, str], ...]
    is_sure: bool = True


def selector_of(head: str) -> Selector | None:
    """Return a selector, without its letters' case; None for one that hides nothing by itself.

    Args:
        head: One selector, without escapes.
    """
    head = head.strip()
    if not head or _FLEETING.search(head):
        return None
    plain = _ATTRIBUTE.sub(_attribute, head)
    is_sure = plain.count("=") == head.count("=")  # what stood in quotation marks is not there
    head = plain
    pieces = _STEP.split(head[:_LONGEST])
    names, between = pieces[::2], [mark or _BELOW for mark in pieces[1::2]]
    read = [_COMPOUND.fullmatch(name) for name in names]
    if len(head) > _LONGEST or len(names) > _MOST_STEPS or not all(names) or not all(read):
        return _doubtful(names[-1])
    found = [_element(one) for one in read if one]
    if _is_whole(read[-1]) or (names == ["*"]):
        return None
    weights = [weight for weight, _ in found]
    ids, classes, tags = (sum(column) for column in zip(*weights, strict=True))
    steps = zip(["", *between], [css for _, css in found], strict=True)
    return Selector((ids, classes, tags), tuple(steps), is_sure)


def _attribute(found: re.Match[str]) -> str:
    """Return what is asked of an attribute; where a value cannot be told, that it is there."""
    name, relation, value = found[1], found[2], (found[3] or "").strip()
    return f"[{name}{relation}{value}]" if _WORD.fullmatch(value) else f"[{name}]"


def _doubtful(last: str) -> Selector | None:
    """Return what is known of a selector that cannot be read: of what is to be looked at."""
    begun = _COMPOUND.match(last)
    if begun is None or (begun[0] and _is_whole(begun)):
        return None
    return Selector((0, 0, 0), (("", _element(begun)[1]),), is_sure=False)


def _is_whole(read: re.Match[str] | None) -> bool:
    """Say whether an element is the page itself: what hides that is no trick."""
    return read is not None and not read[2] and (read[1] or "").lower() in _WHOLE


def _element(read: re.Match[str]) -> tuple[tuple[int, int, int], str]:
    names = _NAMED.findall(read[2])
    ids = sum(mark == "#" for mark, _, _ in names)
    parts = [
        asked or f'[{"id=" if mark == "#" else "class~="}"{name}" i]' for mark, name, asked in names
    ]
    tag = read[1] if read[1] and read[1] != "*" else ""
    return (ids, len(names) - ids, bool(tag)), tag + "".join(parts) or "*"


class TooLongError(Exception):
    """The selectors of a mark-up were made to take long."""


class Elements:
    """The elements of a mark-up, by selectors; each step looks at each element once."""

    def __init__(self, tree: "LexborHTMLParser", most: int) -> None:
        """Begin.

        Args:
            tree: The mark-up.
            most: How many elements are looked at, each as often as a step looks at it.
        """
        self._tree, self._left = tree, most
        self._known: dict[str, list[LexborNode]] = {}

    def named(self, selector: Selector) -> "list[LexborNode]":
        """Return what a selector names.

        Raises:
            TooLongError: So much was looked at before that it ends here.
        """
        (_, first), *others = selector.steps
        nodes = self._all(first)
        for between, css in others:
            if not nodes:
                return []
            before = {node.mem_id for node in nodes}
            known: dict[int, bool] = {}
            nodes = [one for one in self._all(css) if self._stands(one, between, before, known)]
        return nodes

    def _all(self, css: str) -> "list[LexborNode]":
        if css not in self._known:
            self._known[css] = self._tree.css(css)
        self._pay(len(self._known[css]))
        return self._known[css]

    def _pay(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise TooLongError

    def _stands(
        self, node: "LexborNode", between: str, before: Collection[int], known: dict[int, bool]
    ) -> bool:
        """Say whether an element stands under or behind one of some others."""
        at = _next(node, between)
        if between not in {_BELOW, _EARLIER}:
            return at is not None and at.mem_id in before
        passed: list[int] = []
        found = False
        while at is not None:
            if at.mem_id in known or at.mem_id in before:
                found = at.mem_id in before or known[at.mem_id]
                break
            passed.append(at.mem_id)
            at = _next(at, between)
        self._pay(len(passed))
        known.update(dict.fromkeys(passed, found))
        return found


def _next(node: "LexborNode", between: str) -> "LexborNode | None":
    """Return the element around one, or the one before it in the same."""
    if between in {_BELOW, ">"}:
        return node.parent
    at = node.prev
    while at is not None and (at.tag or "-").startswith("-"):  # a text, a comment
        at = at.prev
    return at
