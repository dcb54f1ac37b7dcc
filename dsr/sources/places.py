"""What a search knows of each collection while it walks: keys, rows seen. Asks no source."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from dsr.domain.people import CATEGORIES
from dsr.domain.vocabulary import IdentifierType
from dsr.sources.datamap import Address, Collection, within
from dsr.sources.graph import Edge
from dsr.sources.matching import (
    Condition,
    How,
    Key,
    Wanted,
    conditions,
    forms_of,
    is_blank,
    same_key,
)
from dsr.sources.results import CELL_LIMIT, Cut

DIGEST_BYTES = 12
EMAIL_CATEGORY = CATEGORIES[IdentifierType.EMAIL]


@dataclass(slots=True)
class Way:
    """A way between two collections, with the keys that went over it.

    Attributes:
        own: Keys out of rows that are the subject's.
        others: Keys that only rows of somebody else gave.
        waiting: Keys of `own` to ask for next.
        waiting_others: Keys of `others` to ask for when all else is done.
        given: How many rows of the subject gave a key.
        loose: What it leads to is somebody else's, unless it carries the subject's own identity.
    """

    edge: Edge
    how: How = How.EXACT
    loose: bool = False
    own: set[Key] = field(default_factory=set)
    others: set[Key] = field(default_factory=set)
    waiting: list[Key] = field(default_factory=list)
    waiting_others: list[Key] = field(default_factory=list)
    given: int = 0

    def give(self, cells: Mapping[str, object], *, own: bool) -> None:
        """Take the key out of a row and keep it, if it is complete and new."""
        values = tuple(cells[name] for name in self.edge.start_fields)
        if any(is_blank(value) or isinstance(value, Cut) for value in values):
            return
        self.given += own
        key = same_key(values, self.how)
        if key in self.own:
            return
        if own and not self.loose:
            self.own.add(key)
            self.waiting.append(values)
        elif key not in self.others:
            self.others.add(key)
            self.waiting_others.append(values)

    def points_elsewhere(self, cells: Mapping[str, object]) -> bool:
        """Tell whether a row at the end has a key that no row of the subject gave."""
        values = tuple(cells[name] for name in self.edge.end_fields)
        return not any(map(is_blank, values)) and same_key(values, self.how) not in self.own

    def take(self, *, own: bool) -> list[Key]:
        """Hand out the keys that wait."""
        taken = self.waiting if own else [key for key in self.waiting_others if self._is_new(key)]
        if own:
            self.waiting = []
        else:
            self.waiting_others = []
        return taken

    def _is_new(self, values: Key) -> bool:
        return same_key(values, self.how) not in self.own


@dataclass(slots=True)
class Place:
    """A collection that the walk reaches.

    Attributes:
        identities: Its fields that can be matched with what the subject is known by.
        kept: The fields that go to the sink.
        connected: Whether its source has a URL.
        fields: The columns to read.
        row_number: The source's own number of a row, which is read where the table has no key.
        failure: Why it could not be searched.
        asked: Whether a question was put to it.
        hidden: Rows that hold none of the categories asked for.
        by_others: Rows that only rows of somebody else led to.
        tied: Rows that only loose ways led to, by the fields that they are found by.
        foreign: The fields that pointed to somebody else, each with how often.
        notes: Where its table and the datamap differ.
        sharing: Who else points to its rows.
    """

    address: Address
    collection: Collection
    identities: Mapping[str, Wanted]
    kept: tuple[str, ...]
    connected: bool
    fields: tuple[str, ...] = ()
    ways_in: list[Way] = field(default_factory=list)
    ways_out: list[Way] = field(default_factory=list)
    row_number: str = ""
    start_waits: bool = True
    failure: str = ""
    asked: bool = False
    rows: int = 0
    hidden: int = 0
    cut: int = 0
    by_others: int = 0
    tied: Counter[tuple[str, ...]] = field(default_factory=Counter)
    foreign: Counter[str] = field(default_factory=Counter)
    foreign_rows: int = 0
    notes: list[str] = field(default_factory=list)
    sharing: list[str] = field(default_factory=list)
    _seen: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.fields = tuple(one.name for one in self.collection.fields)

    @property
    def usable(self) -> bool:
        """Whether it can be asked."""
        return self.connected and not self.failure

    def waits(self, *, own: bool) -> bool:
        """Tell whether there is something to ask."""
        if own and self.start_waits and self.identities:
            return True
        return any(way.waiting if own else way.waiting_others for way in self.ways_in)

    def questions(self, *, own: bool) -> Iterator[tuple[Condition, Way | None]]:
        """Give every question that waits, each once, with the way that it comes by."""
        if own and self.start_waits:
            self.start_waits = False
            for name, wanted in self.identities.items():
                alone = [(form,) for form in sorted(wanted.forms, key=repr)]
                yield from ((each, None) for each in conditions((name,), wanted.how, alone))
        for way in self.ways_in:
            forms = forms_of(way.take(own=own), way.how)
            yield from ((each, way) for each in conditions(way.edge.end_fields, way.how, forms))

    def is_new(self, row: tuple[object, ...], times: Counter[bytes]) -> bool:
        """Tell whether a row is met for the first time, and remember it.

        Rows that look the same always come with the same answers, so the second one of an answer
        is another row, and the second answer brings both again.

        Args:
            row: Its cells.
            times: How often each row came with the present answer.
        """
        digest = blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES)
        key = digest.digest()
        times[key] += 1
        if times[key] > 1:
            key += times[key].to_bytes(8)
        if key in self._seen:
            return False
        self._seen.add(key)
        return True


def kept_fields(collection: Collection, only: Sequence[str] | None) -> tuple[str, ...]:
    """Return the fields to hand over; a category of the whole collection keeps whole rows."""
    whole = only is None or any(within(category, only) for category in collection.categories)
    return tuple(
        one.name
        for one in collection.fields
        if whole or any(within(category, only or ()) for category in one.all_categories())
    )


def is_loose(edge: Edge, collections: Mapping[Address, Collection]) -> bool:
    """Tell whether what a way leads to is somebody else's, as long as it does not say itself whose.

    A row that names a manager or an introducer is in the same table as theirs. And what the
    subject's row merely points to says whose it is, where its table holds identities.
    """
    if edge.start == edge.end:
        return True
    names_somebody = any(one.identity for one in collections[edge.end].fields)
    return edge.holder == edge.start and names_somebody


def compared_how(edge: Edge, collections: Mapping[Address, Collection]) -> How:
    """Return how the keys of a way are compared: addresses of e-mail without case."""
    if len(edge.end_fields) > 1:
        return How.EXACT
    ends = ((edge.start, edge.start_fields[0]), (edge.end, edge.end_fields[0]))
    for address, name in ends:
        one = collections[address].field(name)
        if one and ("mail" in one.identity or EMAIL_CATEGORY in one.categories):
            return How.EMAIL
    return How.EXACT


def warnings_of(place: Place) -> tuple[str, ...]:
    """Say what an officer must know of the rows of a place; in names and numbers only."""
    if place.hidden:
        return (f"rows with none of the categories asked for: {place.hidden}", *place.notes)
    said = []
    if place.foreign_rows:
        names = ", ".join(sorted(place.foreign))
        said.append(f"rows that point to somebody else: {place.foreign_rows} (by {names})")
    if place.by_others:
        said.append(f"rows reached only through rows of somebody else: {place.by_others}")
    if tied := place.tied.total():
        names = ", ".join(sorted(set().union(*+place.tied)))
        said.append(f"rows of somebody else to which rows found are tied: {tied} (by {names})")
    if place.cut:
        said.append(f"cells longer than {CELL_LIMIT} that were cut: {place.cut}")
    return (*said, *place.sharing, *place.notes)
