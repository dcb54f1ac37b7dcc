"""Notices rows that belong to the subject and to others as well. Follows no key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice

from dsr.errors import SourceError
from dsr.sources.datamap import Address
from dsr.sources.graph import Edge, Graph
from dsr.sources.matching import IN_LIST, Condition, Key, forms_of
from dsr.sources.places import Place, compared_how
from dsr.sources.sql import Reader


@dataclass(frozen=True, slots=True)
class Sharing:
    """Counts, after a walk, the rows of others that point to rows it found."""

    graph: Graph
    places: Mapping[Address, Place]
    reader: Callable[[str], Reader]

    def note(self) -> None:
        """Note at each place how many rows that are not the subject's point to rows found there."""
        for place in self.places.values():
            for fields, keys in _pointed_at(place).items():
                for edge in self.graph.edges:
                    if _points_to(edge, place.address) and edge.end_fields == fields:
                        self._note(place, edge, keys)

    def _note(self, place: Place, edge: Edge, keys: set[Key]) -> None:
        condition = self._condition(edge, keys)
        try:
            others = self._count(edge, condition) - self._found(edge) if condition else 0
        except SourceError:
            return  # the search of that collection says that it failed
        if others > 0:
            names = ", ".join(edge.start_fields)
            place.sharing.append(
                f"rows of others in {edge.start} that point here too: {others} (by {names})"
            )

    def _condition(self, edge: Edge, keys: set[Key]) -> Condition | None:
        """Return the question for the rows that point; None where it would take more than one."""
        how = compared_how(edge, self.graph.collections)
        forms = tuple(islice(forms_of(keys, how), IN_LIST + 1))
        return Condition(edge.start_fields, how, forms) if len(forms) <= IN_LIST else None

    def _count(self, edge: Edge, condition: Condition) -> int:
        """Count the rows that point. Nothing that lacks a column is asked: SQLite would answer."""
        reader = self.reader(edge.start.source)
        there = {name.casefold() for name in reader.columns(edge.start.collection)}
        if not there.issuperset(name.casefold() for name in edge.start_fields):
            return 0
        return reader.count(edge.start.collection, condition)

    def _found(self, edge: Edge) -> int:
        """Return how many of them are the subject's."""
        holder = self.places.get(edge.start)
        ways = holder.ways_out if holder else ()
        return sum(way.given for way in ways if way.edge == edge)


def _pointed_at(place: Place) -> dict[tuple[str, ...], set[Key]]:
    """Return the keys by which the subject's rows point to rows here, by field."""
    keys: dict[tuple[str, ...], set[Key]] = {}
    for way in place.ways_in:
        if place.usable and way.own and _points_to(way.edge, place.address):
            keys.setdefault(way.edge.end_fields, set()).update(way.own)
    return keys


def _points_to(edge: Edge, address: Address) -> bool:
    """Tell whether rows elsewhere hold a reference to rows of a collection."""
    return edge.holder == edge.start != edge.end == address
