"""How collections lead to one another: ways, their direction, what is read first. Reads no row."""

from collections import deque
from collections.abc import Collection as SizedIterable
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

from dsr.sources.datamap import Address, Collection, Dataset, Field, Reference


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from rows of one collection to rows of another whose fields hold the same values.

    Attributes:
        start_fields: Fields there; several belong together and must all agree.
        end_fields: The fields here, in the same order.
        holder: The collection whose row holds the reference (many of them may point to one row).
        either: The datamap names no direction; the way is fixed when it is first walked.
    """

    start: Address
    start_fields: tuple[str, ...]
    end: Address
    end_fields: tuple[str, ...]
    holder: Address
    either: bool = False

    def turned(self) -> "Edge":
        """Return the way back."""
        return replace(
            self,
            start=self.end,
            start_fields=self.end_fields,
            end=self.start,
            end_fields=self.start_fields,
        )


@dataclass(frozen=True, slots=True)
class Graph:
    """All collections that take part, and the ways between them."""

    collections: Mapping[Address, Collection]
    edges: tuple[Edge, ...]
    after: Mapping[Address, frozenset[Address]]

    def starts(self, identities: SizedIterable[str]) -> list[Address]:
        """Return the collections that can be asked for one of these identities."""
        return [
            address
            for address, collection in self.collections.items()
            if any(field.identity in identities for field in collection.fields)
        ]


class Plan(NamedTuple):
    """What is read for given starts: collections in order, and each way in one direction."""

    order: tuple[Address, ...]
    edges: tuple[Edge, ...]


def build(datasets: Sequence[Dataset]) -> Graph:
    """Return the graph of datasets; references that lead out of it are left out."""
    collections = {
        Address(dataset.fides_key, collection.name): collection
        for dataset in datasets
        for collection in dataset.collections
        if not collection.skip_processing
    }
    edges: dict[tuple[object, ...], Edge] = {}
    for address, collection in collections.items():
        for edge in _edges_of(address, collection, collections):
            key = (edge.start, edge.start_fields, edge.end, edge.end_fields, edge.either)
            edges.setdefault(key, edge)  # both sides may tell of the same way
    return Graph(collections, tuple(edges.values()), _waits(datasets, collections))


def plan(graph: Graph, starts: Sequence[Address]) -> Plan:
    """Walk from the starts breadth-first, fix the free directions, and order what is reached."""
    used: list[Edge] = []
    left = list(graph.edges)
    reached = dict.fromkeys(starts)
    queue = deque(starts)
    while queue:
        here = _next_of(queue, graph.after)
        taken = [edge for edge in left if here in (edge.start, edge.end if edge.either else None)]
        left = [edge for edge in left if edge not in taken]
        for edge in taken:
            way = edge if edge.start == here else edge.turned()
            used.append(way)
            if way.end not in reached:
                reached[way.end] = None
                queue.append(way.end)
    return Plan(_ordered(list(reached), used, graph.after), tuple(used))


def _next_of(queue: deque[Address], after: Mapping[Address, frozenset[Address]]) -> Address:
    """Take the first that waits for no other in the queue; in a ring simply the first."""
    waiting = set(queue)
    free = (one for one in queue if not after.get(one, frozenset()) & (waiting - {one}))
    chosen = next(free, queue[0])
    queue.remove(chosen)
    return chosen


def _ordered(
    reached: list[Address], edges: Sequence[Edge], after: Mapping[Address, frozenset[Address]]
) -> tuple[Address, ...]:
    """Put each after what feeds it; a ring is entered where it was first reached."""
    members = set(reached)
    feeds = {one: (set(after.get(one, ())) & members) - {one} for one in reached}
    for edge in edges:
        if edge.start != edge.end:
            feeds[edge.end].add(edge.start)
    ordered: dict[Address, None] = {}
    left = list(reached)
    while left:
        chosen = next((one for one in left if feeds[one] <= ordered.keys()), left[0])
        left.remove(chosen)
        ordered[chosen] = None
    return tuple(ordered)


def _edges_of(
    address: Address, collection: Collection, known: Mapping[Address, Collection]
) -> Iterator[Edge]:
    """Give the ways that one collection's references make, in both possible directions."""
    groups: dict[tuple[Address, str], list[tuple[Field, Reference]]] = {}
    for field in collection.fields:
        for reference in field.references:
            target = known.get(reference.address)
            if target is not None and target.field(reference.field) is not None:
                group = groups.setdefault((reference.address, reference.direction), [])
                group.append((field, reference))
    for (other, direction), group in groups.items():
        for pairs in belonging_together(group, known[other]):
            here, there = tuple(zip(*pairs, strict=True))
            edge = Edge(address, here, other, there, address, either=not direction)
            yield edge.turned() if direction == "from" else edge


def belonging_together(
    group: Sequence[tuple[Field, Reference]], target: Collection
) -> list[tuple[tuple[str, str], ...]]:
    """Split the references to one collection into those that must hold at once.

    References to different fields are one composite key, unless each of those fields alone tells
    the row (an identity, or the only primary key): then they are several ways. Two fields that
    refer to the same field are several ways, each with the rest of the key.
    """
    by_target: dict[str, list[str]] = {}
    for field, reference in group:
        by_target.setdefault(reference.field, []).append(field.name)
    alone = all(_tells_the_row(target, name) for name in by_target)
    if alone or is_ambiguous(group):
        return [((field.name, reference.field),) for field, reference in group]
    choices = [[(name, there) for name in names] for there, names in by_target.items()]
    return list(product(*choices))


def is_ambiguous(group: Sequence[tuple[Field, Reference]]) -> bool:
    """Tell whether one field refers to two fields of the same collection."""
    names = [field.name for field, _ in group]
    return len(set(names)) < len(names)


def _tells_the_row(target: Collection, name: str) -> bool:
    keys = [field.name for field in target.fields if field.primary_key]
    field = target.field(name)
    return keys == [name] or bool(field and field.identity)


def _waits(
    datasets: Sequence[Dataset], collections: Mapping[Address, Collection]
) -> dict[Address, frozenset[Address]]:
    """Return what each collection is read after, by its own word and by its dataset's."""
    earlier = {dataset.fides_key: dataset.after for dataset in datasets}
    waits = {}
    for address, collection in collections.items():
        sources = earlier[address.source]
        whole = {other for other in collections if other.source in sources}
        waits[address] = frozenset(whole.union(collection.after) & collections.keys() - {address})
    return waits


def rings(after: Mapping[Address, SizedIterable[Address]]) -> list[Address]:
    """Return the collections that wait for each other in a ring, or for such a ring."""
    left = {address: set(others) & after.keys() for address, others in after.items()}
    while free := [address for address, others in left.items() if not others]:
        for address in free:
            del left[address]
        for others in left.values():
            others.difference_update(free)
    return list(left)
