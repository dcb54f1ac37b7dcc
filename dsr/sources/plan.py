"""What a plan says: every cell that would change, and what is left and why. Asks no source.

A plan is lines of canonical JSON; its hash is what is approved, and what `apply` insists on. Values
as they are now stand in it as keyed hashes alone: a plan must not keep what it erases.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from dsr.errors import ConflictError
from dsr.sources.datamap import Address, Collection, Masking
from dsr.sources.results import plain, unplain

CORRECT = "correct"
AGAIN = "dsr return, then dsr plan and dsr propose: it is planned and approved anew"
HASH_CHARS = 32  # 128 bits of a keyed hash: nobody finds another value by trying


class Work(StrEnum):
    """What is done to a row: one of its fields gets another value, or the row goes."""

    SET = "set"
    DELETE = "delete"


class Left(StrEnum):
    """Why something of the person is not changed.

    KEPT by a decision, with its ground. READ_ONLY by the datamap. OTHERS: the row tells of somebody
    else too. SHARED: rows of others point to it. BLOCKED: the table does not allow the change.
    BY_HAND: the source cannot be written, so somebody does it there.
    """

    KEPT = "kept"
    READ_ONLY = "read_only"
    OTHERS = "others"
    SHARED = "shared"
    BLOCKED = "blocked"
    BY_HAND = "by_hand"


#: What is left for somebody to do in a source, and what is left for somebody to decide.
BY_SOMEBODY = frozenset({Left.BLOCKED, Left.BY_HAND})
UNDECIDED = BY_SOMEBODY | {Left.SHARED, Left.OTHERS}


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that gets another value, or one row that is deleted.

    Attributes:
        key: What tells the row, by field: its primary key, else the source's own number of it.
        field: The cell; empty where the row is deleted.
        how: The masking strategy, `correct`, or the name of the datamap's measure.
        before: Keyed hash of the value as it is; of the whole row where that is deleted, or where
            the source's own number tells it: a source may give such numbers anew.
        after: The value to be.
    """

    source: str
    collection: str
    key: Mapping[str, object]
    work: Work
    field: str
    how: str
    before: str
    after: object = None


@dataclass(frozen=True, slots=True)
class Remainder:
    """What is not changed, and why.

    Attributes:
        field: One field; empty for whole rows.
        rows: How many rows; 0 where nobody could count them.
        keys: The keys of the rows where a decision may be taken on each.
        reason: In words, with no value of the person.
        until: Until when, in words.
    """

    source: str
    collection: str
    left: Left
    rows: int
    reason: str
    field: str = ""
    until: str = ""
    ground: str = ""
    keys: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What would change, in the order in which it is done, and what is left."""

    changes: tuple[Change, ...]
    left: tuple[Remainder, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources in which something changes, in order."""
        return tuple(dict.fromkeys(change.source for change in self.changes))

    def of(self, source: str) -> tuple[Change, ...]:
        """Return the changes in one source."""
        return tuple(change for change in self.changes if change.source == source)

    def lines(self) -> Iterator[str]:
        """Give the plan as canonical JSON, a line each."""
        for change in self.changes:
            yield _line(asdict(change))
        for remainder in self.left:
            yield _line(asdict(remainder))

    def text(self) -> bytes:
        """Return the plan as it is kept."""
        return "".join(f"{line}\n" for line in self.lines()).encode()

    @property
    def sha256(self) -> str:
        """The hash that is approved."""
        return hashlib.sha256(self.text()).hexdigest()


@dataclass(frozen=True, slots=True)
class Erase:
    """A wish to erase.

    Attributes:
        categories: Only these data categories and those below; None for all.
        collections: Only these collections; None for all that the company decides on.
        strategy: For every field that the datamap says nothing of; None: by category, from rules.
        with_shared: What is erased though it is shared, by a decision: every such row of a source's
            collection, (source, collection), or the one that has a key of one value, which follows
            as text: (source, collection, key).
        with_others: What is erased though it tells of somebody else, likewise.
        spared: Fields that stay as they are by a decision: (source, collection, field). The rows
            that they stand in are not deleted.
    """

    categories: tuple[str, ...] | None = None
    collections: frozenset[tuple[str, str]] | None = None
    strategy: Masking | None = None
    with_shared: frozenset[tuple[str, ...]] = frozenset()
    with_others: frozenset[tuple[str, ...]] = frozenset()
    spared: frozenset[tuple[str, str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Correct:
    """A wish to correct: a field by its name or label, what it says now, what it is to say.

    Attributes:
        number: Of the item that asks for it.
        old: Empty where something is added.
    """

    number: int
    label: str
    category: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted in the sources.

    Attributes:
        measures: Names of the datamap's measures; each collection says what they set there.
        of_company: Measures reach the collections that a company holds, not a person's.
        collections: The collections that corrections and measures reach; None as above.
        officer: Stands for `$officer` in a measure.
        further: Measures of single collections besides, whatever else reaches them.
    """

    erase: Erase | None = None
    correct: tuple[Correct, ...] = ()
    measures: tuple[str, ...] = ()
    of_company: bool = False
    collections: frozenset[tuple[str, str]] | None = None
    officer: str = ""
    further: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)


def is_reached(
    named: frozenset[tuple[str, str]] | None, address: Address, collection: Collection
) -> bool:
    """Tell whether a wish reaches a collection; one that a client decides on must be named."""
    return not collection.is_entrusted if named is None else address in named


def fingerprint(key: bytes, *values: object) -> str:
    """Return the keyed hash by which values are known again without being kept."""
    text = json.dumps([_typed(value) for value in values], ensure_ascii=False)
    made = hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return made.hexdigest()[:HASH_CHARS]


def row_fingerprint(key: bytes, cells: Mapping[str, object]) -> str:
    """Return the keyed hash of a whole row.

    Args:
        key: The key of the hash.
        cells: Every column of the table by the name that the source itself gives it.
    """
    return fingerprint(key, *(part for pair in sorted(cells.items()) for part in pair))


def _typed(value: object) -> list[object]:
    return [type(value).__name__, plain(value)]


def _line(values: Mapping[str, object]) -> str:
    return json.dumps(plain(values), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_plan(text: bytes) -> Plan:
    """Return a plan that was kept.

    Raises:
        ConflictError: It is none: it was edited.
    """
    changes: list[Change] = []
    left: list[Remainder] = []
    try:
        for line in filter(None, text.decode().split("\n")):  # a value may hold other line ends
            values = json.loads(line)
            if "left" in values:
                values["keys"] = tuple(unplain(values["keys"]))
                left.append(Remainder(**{**values, "left": Left(values["left"])}))
            else:
                changes.append(_change(values))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ConflictError("this is no plan, or it was edited", hint=AGAIN) from None
    return Plan(tuple(changes), tuple(left))


def _change(values: dict[str, Any]) -> Change:
    if values.keys() != {field.name for field in fields(Change)}:
        raise ValueError
    cells = {name: unplain(values[name]) for name in ("key", "after")}
    return Change(**{**values, **cells, "work": Work(values["work"])})


def counted(changes: Iterable[Change]) -> tuple[int, int]:
    """Return how many cells change and how many rows go."""
    works = [change.work for change in changes]
    return works.count(Work.SET), works.count(Work.DELETE)


def rows_of(changes: Sequence[Change]) -> int:
    """Return how many rows the changes touch."""
    return len({(c.source, c.collection, json.dumps(plain(c.key))) for c in changes})
