"""Reads YAML nodes strictly by type; problems are collected, none stops it. Knows no key."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from dsr.errors import nearest
from dsr.sources.datamap import Words
from dsr.sources.yamltree import Node

KEY = re.compile(r"[A-Za-z0-9_.<>-]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a datamap, or doubtful, and where."""

    path: Path
    line: int
    what: str
    hint: str = ""
    warning: bool = False

    @property
    def where(self) -> str:
        """The file and the line."""
        return f"{self.path}:{self.line}"


@dataclass(slots=True)
class Form:
    """Reads the nodes of one file and remembers what was wrong with them."""

    path: Path
    findings: list[Finding] = field(default_factory=list)

    def wrong(self, line: int, place: str, what: str, hint: str = "") -> None:
        """Note an error."""
        self.findings.append(Finding(self.path, line, _at(place, what), hint))

    def doubtful(self, line: int, place: str, what: str) -> None:
        """Note a warning."""
        self.findings.append(Finding(self.path, line, _at(place, what), warning=True))

    def keys(
        self,
        node: Node,
        place: str,
        known: Iterable[str],
        elsewhere: Mapping[str, str] | None = None,
    ) -> dict[str, Node]:
        """Return a mapping's entries that are known and not null.

        Args:
            node: What should be a mapping.
            place: Its path, for the problem.
            known: The keys that it may have.
            elsewhere: Keys that belong to another level, each with the words that say where.
        """
        if not isinstance(node.value, dict):
            self.wrong(node.line, place, "must be a mapping of keys to values")
            return {}
        allowed, moved = tuple(known), elsewhere or {}
        found: dict[str, Node] = {}
        for key, value in node.value.items():
            if key not in allowed:
                hint = moved.get(key) or _likely(key, allowed, moved)
                what = "is in the wrong place" if key in moved else "unknown key"
                self.wrong(node.key_lines[key], place, f"{key}: {what}", hint)
            elif value.value is not None:
                found[key] = value
        return found

    def need(self, node: Node, place: str, *keys: str) -> None:
        """Note keys that a mapping must have and lacks."""
        if isinstance(node.value, dict):
            for key in keys:
                entry = node.value.get(key)
                if entry is None or entry.value in (None, ""):
                    self.wrong(node.line, place, f"{key}: is missing")

    def text(self, node: Node | None, place: str) -> str:
        """Return a text; a number is taken as its digits."""
        if node is None:
            return ""
        if isinstance(node.value, bool) or not isinstance(node.value, str | int):
            self.wrong(node.line, place, "must be text", "put it in quotes")
            return ""
        return str(node.value)

    def key(self, node: Node | None, place: str) -> str:
        """Return a key: letters, digits, and _ . - < >."""
        word = self.text(node, place)
        if node is not None and word and not KEY.fullmatch(word):
            self.wrong(node.line, place, "may hold only letters, digits, and _ . - < >")
        return word

    def choice(self, node: Node | None, place: str, words: Sequence[str]) -> str:
        """Return one of a few words."""
        word = self.text(node, place)
        if node is not None and word and word not in words:
            self.wrong(node.line, place, f"{word!r} is not known", nearest(word, list(words)))
            return ""
        return word

    def flag(self, node: Node | None, place: str) -> bool:
        """Return true or false."""
        if node is None:
            return False
        if not isinstance(node.value, bool):
            self.wrong(node.line, place, "must be true or false")
            return False
        return node.value

    def number(self, node: Node | None, place: str, least: int) -> int | None:
        """Return a whole number, not below the least."""
        if node is None:
            return None
        whole = isinstance(node.value, int) and not isinstance(node.value, bool)
        if not whole or not isinstance(node.value, int) or node.value < least:
            self.wrong(node.line, place, f"must be a whole number from {least}")
            return None
        return node.value

    def items(self, node: Node | None, place: str) -> tuple[Node, ...]:
        """Return a list's items."""
        if node is None:
            return ()
        if not isinstance(node.value, tuple):
            self.wrong(node.line, place, "must be a list")
            return ()
        return node.value

    def key_list(self, node: Node | None, place: str) -> tuple[str, ...]:
        """Return a list of keys."""
        return tuple(word for item in self.items(node, place) if (word := self.key(item, place)))

    def words(self, node: Node | None, place: str) -> Words:
        """Return words in English and Chinese; plain text stands for both."""
        if node is None:
            return Words()
        if isinstance(node.value, str):
            return Words(node.value, node.value)
        found = self.keys(node, place, ("en", "zh"))
        return Words(
            *(self.text(found.get(tongue), f"{place}.{tongue}") for tongue in ("en", "zh"))
        )

    def free(self, node: Node | None, place: str) -> dict[str, object]:
        """Return a mapping whose keys are nobody's business here."""
        if node is None:
            return {}
        if not isinstance(node.value, dict):
            self.wrong(node.line, place, "must be a mapping of keys to values")
            return {}
        return {key: bare(value) for key, value in node.value.items()}


def bare(node: Node) -> object:
    """Return a node's value without lines."""
    if isinstance(node.value, dict):
        return {key: bare(inner) for key, inner in node.value.items()}
    if isinstance(node.value, tuple):
        return [bare(inner) for inner in node.value]
    return node.value


def _at(place: str, what: str) -> str:
    return f"{place}: {what}" if place else what


def _likely(key: str, known: Sequence[str], moved: Mapping[str, str]) -> str:
    close = get_close_matches(key, [*known, *moved], n=1, cutoff=0.5)
    if close and close[0] in moved:
        return f"did you mean {close[0]}? {moved[close[0]]}"
    return nearest(key, list(known))
