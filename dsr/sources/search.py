"""Finds every row of a person in all sources: the walk, and what it reports. Knows no SQL."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Self

from dsr.domain.vocabulary import SearchResult
from dsr.errors import SourceError
from dsr.sources.datamap import Address, Collection, Dataset, within
from dsr.sources.graph import Graph, build, plan
from dsr.sources.matching import Wanted, is_blank, known_by
from dsr.sources.places import Place, Way, compared_how, is_loose, kept_fields, warnings_of
from dsr.sources.results import CollectionResult, Cut, SearchReport, Sink
from dsr.sources.schema import read_schema
from dsr.sources.sharing import Sharing
from dsr.sources.sql import Reader, check_url, reading

NAMES_SHOWN = 10


def search(
    datasets: Sequence[Dataset],
    connect: Mapping[str, str],
    identities: Mapping[str, tuple[str, ...]],
    *,
    only: Sequence[str] | None = None,
    sink: Sink | None = None,
) -> SearchReport:
    """Find every row that belongs to a person, in every source, and hand it over as it is read.

    A source or collection that fails is a result; the others go on.

    Args:
        datasets: The datamap.
        connect: The URL of each source by its key; a source without one is not asked.
        identities: What the subject is known by: the identity's name and its values.
        only: Data categories to hand over; a category stands for all below it. None: everything.
        sink: Takes the rows.

    Raises:
        ConfigError: A URL is none, or of a kind that is not supported.
        InputError: A value of an identity is no text.
    """
    known = known_by(identities)
    check_urls(datasets, connect)
    with Sources(connect) as sources:
        walk = Walk(build(datasets), known, sources, only=only, sink=sink)
        walk.run()
        return walk.report(datasets)


def check_urls(datasets: Sequence[Dataset], connect: Mapping[str, str]) -> None:
    """Look at the sources' URLs before one of them is asked.

    Raises:
        ConfigError: A URL is none, or of a kind that is not supported.
    """
    for dataset in datasets:
        if dataset.fides_key in connect:
            check_url(connect[dataset.fides_key])


class Sources:
    """The open sources of one search, each opened once, when it is first asked."""

    def __init__(self, connect: Mapping[str, str]) -> None:
        self.connect = connect
        self._stack = ExitStack()
        self._readers: dict[str, Reader] = {}
        self._failures: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def reader(self, source: str) -> Reader:
        """Return a source's reader.

        Raises:
            SourceError: It is not connected, or cannot be opened; it is not tried twice.
        """
        if source not in self.connect:
            raise SourceError("the source is not connected")
        if source in self._failures:
            raise SourceError(self._failures[source])
        if source not in self._readers:
            try:
                self._readers[source] = self._stack.enter_context(reading(self.connect[source]))
            except SourceError as error:
                self._failures[source] = str(error)
                raise
        return self._readers[source]


class Walk:
    """One search: asks place after place until no new key turns up.

    Rows of the subject are followed first. Rows that carry somebody else's identity are followed
    when all else is done, and what only they lead to is marked.
    """

    def __init__(
        self,
        graph: Graph,
        known: Mapping[str, Wanted],
        sources: Sources,
        *,
        only: Sequence[str] | None,
        sink: Sink | None,
        whole: bool = False,
        lenient: bool = False,
    ) -> None:
        self.graph, self.sources, self.only, self.sink = graph, sources, only, sink
        self.lenient = lenient  # a row with two addresses is the subject's by either of them
        self.whole = whole  # rows come with the columns that the datamap does not name
        order, edges = plan(graph, graph.starts(known))
        self.places = {address: self._place(address, known) for address in order}
        for edge in edges:
            loose = is_loose(edge, graph.collections)
            way = Way(edge, compared_how(edge, graph.collections), loose)
            self.places[edge.start].ways_out.append(way)
            self.places[edge.end].ways_in.append(way)

    def _place(self, address: Address, known: Mapping[str, Wanted]) -> Place:
        collection = self.graph.collections[address]
        matched = {
            field.name: known[field.identity]
            for field in collection.fields
            if field.identity in known
        }
        connected = address.source in self.sources.connect
        return Place(address, collection, matched, kept_fields(collection, self.only), connected)

    def run(self) -> None:
        """Read until nothing new turns up, then see who else points to what was found."""
        for found in self.places.values():
            self._open(found)
        for own in (True, False):
            while place := self._next(own=own):
                self._ask(place, own=own)
        Sharing(self.graph, self.places, self.sources.reader).note()

    def _next(self, *, own: bool) -> Place | None:
        waiting = (one for one in self.places.values() if one.usable and one.waits(own=own))
        return next(waiting, None)

    def _open(self, place: Place) -> None:
        """Compare a table with what the datamap says of it, before anything relies on it."""
        if not place.connected:
            return
        try:
            columns = self.sources.reader(place.address.source).columns(place.address.collection)
        except SourceError as error:
            place.failure = str(error)
            return
        there = {name.casefold() for name in columns}
        missing = [name for name in place.fields if name.casefold() not in there]
        if not columns:
            place.failure = "there is no such table"
        elif missing:
            place.failure = f"the table has no column {', '.join(missing)}"
        described = {name.casefold() for name in place.fields}
        unknown = [name for name in columns if name.casefold() not in described]
        if unknown and not place.failure:
            named = ", ".join(unknown[:NAMES_SHOWN]) + (", ..." if unknown[NAMES_SHOWN:] else "")
            place.notes.append(f"columns that the datamap does not name: {named}")
            if self.whole:
                place.fields = place.kept = (*place.fields, *unknown)
        if self.whole and not place.failure:
            self._number(place)

    def _number(self, place: Place) -> None:
        """Read the rows of a table without a key with the source's own number of each."""
        reader = self.sources.reader(place.address.source)
        place.row_number = read_schema(reader, place.address.collection).row_number
        if place.row_number:
            place.fields = place.kept = (*place.fields, place.row_number)

    def _ask(self, place: Place, *, own: bool) -> None:
        judges = [way for way in place.ways_in if self._is_of_persons(way)]
        try:
            reader = self.sources.reader(place.address.source)
            for question, way in place.questions(own=own):
                place.asked = True
                led_here = frozenset() if own else frozenset(question.fields)
                is_tie = way is not None and way.loose
                times: Counter[bytes] = Counter()
                for row in reader.rows(place.address.collection, place.fields, question):
                    if place.is_new(row, times):
                        place.tied[question.fields] += is_tie
                        place.by_others += bool(led_here) and not is_tie
                        self._take(place, row, judges, led_here)
        except SourceError as error:
            place.failure = str(error)

    def _is_of_persons(self, way: Way) -> bool:
        """Tell whether rows here name their person by it, and all the subject's keys are known."""
        start = self.places[way.edge.start]
        names_person = way.edge.holder == way.edge.end != way.edge.start
        return names_person and bool(start.identities) and start.usable

    def _take(
        self,
        place: Place,
        row: tuple[object, ...],
        judges: Sequence[Way],
        led_here: frozenset[str],
    ) -> None:
        """Judge whose row it is, keep the keys to follow, and hand the row over.

        Args:
            place: Its collection.
            row: Its cells.
            judges: Ways whose keys tell whose row it is.
            led_here: The fields by which rows of somebody else led here; none if the subject's did.
        """
        cells = dict(zip(place.fields, row, strict=True))
        given = {name: cells[name] for name in place.identities if not is_blank(cells[name])}
        mine = {name for name, value in given.items() if place.identities[name].holds(value)}
        asked = () if led_here else judges
        pointing = [way.edge.end_fields for way in asked if way.points_elsewhere(cells)]
        carried = frozenset(given.keys() - mine).union(*pointing)
        # One address is the subject's, and one is not.
        disputed = bool(mine) and given.keys() > mine and not self.lenient
        own = not led_here and not disputed and (bool(mine) or not carried)
        if carried:
            place.foreign_rows += 1
            place.foreign.update(carried)
        for way in place.ways_out:
            way.give(cells, own=own)
        self._hand_over(place, cells, carried | led_here)

    def _hand_over(
        self, place: Place, cells: Mapping[str, object], foreign: frozenset[str]
    ) -> None:
        if not place.kept:
            place.hidden += 1
            return
        place.rows += 1
        values = {name: cells[name] for name in place.kept}
        place.cut += sum(isinstance(value, Cut) for value in values.values())
        if self.sink is not None:
            self.sink.row(*place.address, values, foreign)

    def report(self, datasets: Sequence[Dataset]) -> SearchReport:
        """Return what the walk found out, collection by collection of the datamap."""
        entries = [self.result_of(each, one) for each in datasets for one in each.collections]
        return SearchReport(tuple(entries))

    def result_of(self, dataset: Dataset, collection: Collection) -> CollectionResult:
        """Return what the walk found out about one collection of the datamap."""
        address = Address(dataset.fides_key, collection.name)
        place = self.places.get(address)
        held = collection.all_categories()
        categories = tuple(one for one in held if self.only is None or within(one, self.only))
        if place is None or not place.connected:
            reason = self._reason_not_asked(address, collection)
            result = CollectionResult(*address, SearchResult.NOT_ASKED, 0, (reason,), categories)
        else:
            gaps = self._gaps_before(place)
            warnings = (*filter(None, [place.failure]), *gaps, *warnings_of(place))
            word = _word(place, gaps)
            result = CollectionResult(*address, word, place.rows, warnings, categories)
        return result

    def _reason_not_asked(self, address: Address, collection: Collection) -> str:
        if address.source not in self.sources.connect:
            return "the source is not connected"
        if collection.skip_processing:
            return "the datamap leaves it out (skip_processing)"
        names = sorted({field.identity for field in collection.fields if field.identity})
        if names:
            return f"it is found by {', '.join(names)}, which was not given"
        return "no identity leads here"

    def _gaps_before(self, place: Place) -> tuple[str, ...]:
        """Name the collections on the way here that could not be searched."""
        reached, queue = {place.address}, [place]
        gaps = []
        for one in queue:
            for address in dict.fromkeys(way.edge.start for way in one.ways_in):
                if address not in reached:
                    reached.add(address)
                    queue.append(self.places[address])
                    if not self.places[address].usable:
                        gaps.append(f"may be incomplete: {address} could not be searched")
        return tuple(gaps)


def _word(place: Place, gaps: Sequence[str]) -> SearchResult:
    if place.failure:
        return SearchResult.FAILED
    if place.rows:
        return SearchResult.FOUND
    return SearchResult.NOT_ASKED if gaps and not place.asked else SearchResult.NONE
