"""Gathers what a plan is made from: the person's rows, and what their tables allow."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dsr.errors import SourceError
from dsr.sources.datamap import Address, Dataset
from dsr.sources.graph import Edge, Graph, build
from dsr.sources.matching import How, Key, conditions, is_blank, known_by, same_key
from dsr.sources.places import compared_how
from dsr.sources.results import Cut
from dsr.sources.schema import ForeignKey
from dsr.sources.search import Sources, Walk
from dsr.sources.tables import Row, Table, forms, holding


@dataclass(frozen=True, slots=True)
class Company:
    """The tables in which something of the person was found, and how collections are tied."""

    graph: Graph
    walk: Walk
    tables: dict[Address, Table]

    def sharers(self, table: Table) -> dict[Row, Counter[Address]]:
        """Return, for the person's rows to which rows of others point, how many and from where."""
        found: dict[Row, Counter[Address]] = {}
        for edge in self.graph.edges:
            if _points_to(edge, table.address) and not self._is_the_way_back(edge):
                for row, count in self._pointing(edge, table).items():
                    found.setdefault(row, Counter())[edge.start] += count
        return found

    def pointing(
        self, table: Table, owner: str, tie: ForeignKey, rows: Sequence[Row]
    ) -> Counter[Row]:
        """Count the rows of a table that point to some rows by a foreign key.

        Args:
            table: Where the rows are that are pointed to.
            owner: The table whose rows point.
            tie: Its foreign key.
            rows: The rows that are pointed to.

        Raises:
            SourceError: The source does not answer.
        """
        keys = {row: row.key_of(tie.target_columns) for row in rows}
        wanted = [key for key in dict.fromkeys(keys.values()) if key is not None]
        there = holding(table.reader, owner, tie.columns, wanted)
        return Counter({row: there[key] for row, key in keys.items() if key is not None})

    def _is_the_way_back(self, edge: Edge) -> bool:
        """Tell whether the search went the other way: what it found there is the person's."""
        start = self.walk.places.get(edge.start)
        return start is not None and any(way.edge == edge.turned() for way in start.ways_in)

    def _pointing(self, edge: Edge, table: Table) -> dict[Row, int]:
        """Return how many rows of others a way leads from, by the row that it leads to."""
        how = compared_how(edge, self.graph.collections)
        keys = {row: _key(row, edge.end_fields, how) for row in table.own}
        wanted = [key for key in dict.fromkeys(keys.values()) if key is not None]
        try:
            there = self._held(edge, wanted, how) if wanted else Counter()
        except SourceError:
            return {}  # the search of that collection says that it failed
        start = self.tables.get(edge.start)
        found = start.own if start else []
        ours = Counter(_key(row, edge.start_fields, how) for row in found)
        others = {row: there[key] - ours[key] for row, key in keys.items() if key is not None}
        return {row: count for row, count in others.items() if count > 0}

    def _held(self, edge: Edge, keys: Sequence[Key], how: How) -> Counter[Key]:
        """Count the rows that point. Nothing that lacks a column is asked: SQLite would answer."""
        reader = self.walk.sources.reader(edge.start.source)
        columns = {name.casefold() for name in reader.columns(edge.start.collection)}
        held: Counter[Key] = Counter()
        if columns.issuperset(name.casefold() for name in edge.start_fields):
            for condition in conditions(edge.start_fields, how, forms(keys, how)):
                rows = reader.rows(edge.start.collection, edge.start_fields, condition)
                held.update(same_key(row, how) for row in rows)
        return held


def _points_to(edge: Edge, address: Address) -> bool:
    return edge.holder == edge.start != edge.end == address


def _key(row: Row, fields: Sequence[str], how: How) -> Key | None:
    values = [row.cells[name] for name in fields]
    if any(is_blank(value) or isinstance(value, Cut) for value in values):
        return None
    return same_key(values, how)


class Gathered:
    """Takes the rows of a search, by collection."""

    def __init__(self) -> None:
        self.rows: dict[Address, list[tuple[Mapping[str, object], frozenset[str]]]] = {}

    def row(
        self, source: str, collection: str, values: Mapping[str, object], foreign: frozenset[str]
    ) -> None:
        """Take one row."""
        self.rows.setdefault(Address(source, collection), []).append((values, foreign))


def gather(
    datasets: Sequence[Dataset],
    identities: Mapping[str, tuple[str, ...]],
    sources: Sources,
    *,
    lenient: bool = False,
) -> Company:
    """Search the sources and return every row of the person with what its table allows.

    Args:
        datasets: The datamap.
        identities: What the person is known by.
        sources: The open sources.
        lenient: A row that has one of the addresses and another one is the person's all the same:
            a stop that reaches one too many does no harm, one too few does.

    Raises:
        InputError: A value of an identity is no text.
        SourceError: A source stops answering after its rows were read.
    """
    graph, sink = build(datasets), Gathered()
    walk = Walk(
        graph, known_by(identities), sources, only=None, sink=sink, whole=True, lenient=lenient
    )
    walk.run()
    tables = {}
    for address, rows in sink.rows.items():
        place = walk.places[address]
        if place.usable:
            table = Table(place, sources.reader(address.source))
            table.rows += [Row(table, values, foreign) for values, foreign in rows]
            tables[address] = table
    return Company(graph, walk, tables)
