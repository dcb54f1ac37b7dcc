"""The person's rows as a plan sees them, and what tells each of them from all others."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from dsr.sources.datamap import Address, Collection
from dsr.sources.matching import How, Key, conditions, forms_of, same_key
from dsr.sources.places import Place
from dsr.sources.results import Cut
from dsr.sources.schema import Referring, TableSchema, read_schema, referring
from dsr.sources.sql import Reader

NO_KEY = "no key tells the row"


@dataclass(eq=False, slots=True)
class Row:
    """A row that a search found for the person.

    Attributes:
        cells: By the datamap's name of a column, else by the table's own.
        foreign: The fields that point to somebody else; none in a row that is the person's own.
    """

    table: "Table"
    cells: Mapping[str, object]
    foreign: frozenset[str] = frozenset()

    def key_of(self, columns: Sequence[str]) -> Key | None:
        """Return what is known again in some columns; None where one is empty or too long."""
        values = [self.cells[self.table.name_of(column)] for column in columns]
        if any(value is None or isinstance(value, Cut) for value in values):
            return None
        return same_key(values)


@dataclass(eq=False)
class Table:
    """A collection that was searched, with the person's rows.

    Attributes:
        place: What the search knows of it.
    """

    place: Place
    reader: Reader
    rows: list[Row] = field(default_factory=list)

    @property
    def address(self) -> Address:
        """The source and the collection."""
        return self.place.address

    @property
    def collection(self) -> Collection:
        """What the datamap says of it."""
        return self.place.collection

    @property
    def own(self) -> list[Row]:
        """The rows that are the person's alone, as far as they say themselves."""
        return [row for row in self.rows if not row.foreign]

    @cached_property
    def schema(self) -> TableSchema:
        """What the table allows."""
        return read_schema(self.reader, self.address.collection)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The names of the cells by casefolded column."""
        return {name.casefold(): name for name in self.place.fields}

    def name_of(self, column: str) -> str:
        """Return how cells of a column are named."""
        return self.names.get(column.casefold(), column)

    @cached_property
    def referred(self) -> tuple[Referring, ...]:
        """The foreign keys, of any table, that point to this one."""
        return referring(self.reader, self.address.collection)

    def unchangeable(self, column: str) -> str:
        """Return why a column is never given another value, or nothing."""
        wanted, declared = column.casefold(), self.schema.column(column)
        if self.is_key(column):
            return "it is part of the primary key"
        if declared is not None and declared.generated:
            return "the database computes it"
        for tie in self.schema.foreign_keys:
            if wanted in {name.casefold() for name in tie.columns}:
                return f"it is a foreign key to {tie.table}"
        return ""

    def is_key(self, column: str) -> bool:
        """Tell whether a column is part of the primary key, by the table or the datamap."""
        declared, described = self.schema.column(column), self.collection.field(column)
        return bool(declared and declared.primary_key_position) or bool(
            described and described.primary_key
        )

    def names_the_person(self, row: Row) -> bool:
        """Tell whether a value of a row names the person, whoever else the row names."""
        return any(
            row.cells[name] not in (None, "") and wanted.holds(row.cells[name])
            for name, wanted in self.place.identities.items()
        )

    def find_key(self, row: Row) -> tuple[dict[str, object], str]:
        """Return what tells a row from all others, else an empty key and why there is none.

        No key holds a cell that is not a key: a plan is shown and kept.

        Raises:
            SourceError: The source does not answer.
        """
        for names in self._candidates():
            key = {name: row.cells[name] for name in names}
            if any(value is None or isinstance(value, Cut) for value in key.values()):
                continue
            if self._is_sure(key) or self._is_alone(key):
                return key, ""
        return {}, NO_KEY

    def _candidates(self) -> Iterator[tuple[str, ...]]:
        described = tuple(one.name for one in self.collection.fields if one.primary_key)
        declared = tuple(self.name_of(name) for name in self.schema.primary_key)
        number = tuple(filter(None, [self.place.row_number]))
        yield from filter(None, (described, declared, number))

    def _is_sure(self, key: Mapping[str, object]) -> bool:
        """Tell whether the table itself sees to it that a key is there only once."""
        if key.keys() == {self.place.row_number}:
            return True
        given = {name.casefold() for name in key}
        declared = {name.casefold() for name in self.schema.primary_key}
        return bool(declared) and declared <= given

    def _is_alone(self, key: Mapping[str, object]) -> bool:
        first = next(iter(key))
        return len(self.reader.keyed(self.address.collection, [first], key)) == 1

    def holding(self, columns: Sequence[str], keys: Sequence[Key]) -> Counter[Key]:
        """Count a table's rows by the values of some columns.

        Raises:
            SourceError: The source does not answer.
        """
        return holding(self.reader, self.address.collection, columns, keys)


def holding(
    reader: Reader, table: str, columns: Sequence[str], keys: Sequence[Key]
) -> Counter[Key]:
    """Count the rows of any table of a source that hold one of these keys, by the key.

    Raises:
        SourceError: The source does not answer.
    """
    found: Counter[Key] = Counter()
    for condition in conditions(tuple(columns), How.EXACT, forms(keys)):
        found.update(same_key(row) for row in reader.rows(table, columns, condition))
    return found


def forms(keys: Sequence[Key], how: How = How.EXACT) -> dict[Key, None]:
    """Return every form in which keys may be held, each once."""
    return dict.fromkeys(forms_of(keys, how))
