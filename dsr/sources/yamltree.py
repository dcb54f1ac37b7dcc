"""Reads YAML into nodes with their line, and refuses what only a hostile file has."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from dsr.errors import ConfigError

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 40
MAX_NODES = 200_000

Scalar: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file.

    Attributes:
        key_lines: For a mapping: the line of each key.
        weight: How many nodes it is, repeated ones counted each time.
    """

    value: "Scalar | tuple[Node, ...] | dict[str, Node]"
    line: int
    key_lines: dict[str, int] = field(default_factory=dict)
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Tree:
    """A file's root, and the keys that it says twice (line, key)."""

    root: Node
    repeated: tuple[tuple[int, str], ...]


def read_tree(path: Path) -> Tree:
    """Return the one document of a YAML file.

    Raises:
        ConfigError: The file cannot be read, is no YAML, or is too big, too deep, tagged or a bomb.
    """
    import yaml

    text = _text_of(path)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where it is built
    composer = _Composer(path, yaml.parse(text, Loader=loader))
    try:
        return composer.document()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{path}:{line}: is no YAML: {error.problem}") from None
    except yaml.YAMLError:
        raise ConfigError(f"{path}: is no YAML: it holds control characters") from None


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({type(error).__name__})") from None
    if len(content) > MAX_BYTES:
        raise ConfigError(f"{path}: is longer than {MAX_BYTES // 1024 // 1024} MiB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8", hint="save it as UTF-8") from None


class _Composer:
    """Makes nodes of a parser's events; only this recurses, down to MAX_DEPTH."""

    def __init__(self, path: Path, events: Iterator[Any]) -> None:
        from yaml.constructor import SafeConstructor
        from yaml.resolver import Resolver

        self.path = path
        self.events = events
        self.anchors: dict[str, Node] = {}
        self.repeated: list[tuple[int, str]] = []
        self.resolver: Any = Resolver()
        self.constructor: Any = SafeConstructor()

    def document(self) -> Tree:
        from yaml import events as kinds

        next(self.events)  # the stream's start
        if isinstance(next(self.events), kinds.StreamEndEvent):
            raise ConfigError(f"{self.path}: is empty")
        root = self.node(next(self.events), 0)
        next(self.events)  # the document's end
        after = next(self.events)
        if not isinstance(after, kinds.StreamEndEvent):
            self.refuse(after, "a second document; a datamap is one")
        return Tree(root, tuple(self.repeated))

    def refuse(self, event: Any, why: str) -> NoReturn:
        raise ConfigError(f"{self.path}:{_line(event)}: {why}")

    def weigh(self, event: Any, weight: int) -> None:
        if weight > MAX_NODES:
            self.refuse(event, f"more than {MAX_NODES} values")

    def node(self, event: Any, depth: int) -> Node:
        from yaml import events as kinds

        if depth > MAX_DEPTH:
            self.refuse(event, f"nested deeper than {MAX_DEPTH} levels")
        if isinstance(event, kinds.AliasEvent):
            return self.alias(event)
        if event.tag is not None:
            self.refuse(event, "tags are not read here")
        if isinstance(event, kinds.ScalarEvent):
            made = Node(self.scalar(event), _line(event))
        elif isinstance(event, kinds.SequenceStartEvent):
            made = self.sequence(event, depth)
        else:
            made = self.mapping(event, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = made
        return made

    def alias(self, event: Any) -> Node:
        known = self.anchors.get(event.anchor)
        if known is None:
            self.refuse(event, "an alias of nothing that ended before it")
        return known

    def scalar(self, event: Any) -> Scalar:
        from yaml import ScalarNode

        tag = self.resolver.resolve(ScalarNode, event.value, event.implicit)
        kind = tag.rpartition(":")[2]
        if kind not in ("null", "bool", "int", "float"):
            return str(event.value)  # dates too: a datamap has none
        try:
            made: Scalar = self.constructor.construct_object(ScalarNode(tag, event.value))
        except ValueError:
            return str(event.value)
        return made

    def sequence(self, event: Any, depth: int) -> Node:
        from yaml import events as kinds

        items: list[Node] = []
        weight = 1
        while not isinstance(inner := next(self.events), kinds.SequenceEndEvent):
            items.append(self.node(inner, depth + 1))
            weight += items[-1].weight
            self.weigh(inner, weight)
        return Node(tuple(items), _line(event), weight=weight)

    def mapping(self, event: Any, depth: int) -> Node:
        from yaml import events as kinds

        entries: dict[str, Node] = {}
        lines: dict[str, int] = {}
        weight = 1
        while not isinstance(inner := next(self.events), kinds.MappingEndEvent):
            if not isinstance(inner, kinds.ScalarEvent) or inner.tag is not None:
                self.refuse(inner, "a key that is no plain word")
            key, line = str(inner.value), _line(inner)
            value = self.node(next(self.events), depth + 1)
            weight += 1 + value.weight
            self.weigh(inner, weight)
            if key in entries:
                self.repeated.append((line, key))
            else:
                entries[key], lines[key] = value, line
        return Node(entries, _line(event), lines, weight)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
