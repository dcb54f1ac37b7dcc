"""A plan in the making: cells and rows that would change, and what is left. Decides nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dsr.sources.matching import Key, same_key
from dsr.sources.plan import Change, Left, Remainder, Work, fingerprint, row_fingerprint
from dsr.sources.schema import triggers
from dsr.sources.tables import Row, Table

DELETE = "delete"


class Cell(NamedTuple):
    """What becomes of a cell, and by what."""

    how: str
    after: object


@dataclass(slots=True)
class Draft:
    """What is planned so far; the first word on a cell stands.

    Attributes:
        key: Of the hashes by which values are known again.
        seed: What masks are made from; drawn by chance for one plan, and kept nowhere.
        cells: By row and field.
        gone: Rows to delete.
        keys: What tells each row that was asked for its key.
        spared: Fields that stay as they are by a decision: (source, collection, field).
    """

    key: bytes
    seed: bytes
    cells: dict[Row, dict[str, Cell]] = field(default_factory=dict)
    gone: dict[Row, None] = field(default_factory=dict)
    left: list[Remainder] = field(default_factory=list)
    keys: dict[Row, Mapping[str, object]] = field(default_factory=dict)
    spared: frozenset[tuple[str, str, str]] = frozenset()

    def set(self, row: Row, name: str, cell: Cell) -> None:
        """Plan another value for a cell, unless something is planned for it already."""
        self.cells.setdefault(row, {}).setdefault(name, cell)

    def after(self, row: Row, name: str) -> object:
        """Return what a cell will be."""
        planned = self.cells.get(row, {}).get(name)
        return planned.after if planned else row.cells[name]

    def changed(self, table: Table) -> list[Row]:
        """Return the rows of a table in which a cell changes."""
        return [row for row in self.cells if row.table is table and row not in self.gone]

    def leave(self, left: Left, rows: Sequence[Row], reason: str, *, name: str = "") -> None:
        """Note what is left of some rows of a table; where it is whole rows, with their keys."""
        if not rows:
            return
        table = rows[0].table
        keys = () if name else tuple(filter(None, (self.key_of(row) for row in rows)))
        self.left.append(Remainder(*table.address, left, len(rows), reason, field=name, keys=keys))

    def key_of(self, row: Row) -> Mapping[str, object]:
        """Return what tells a row from all others; nothing where nothing does."""
        if row not in self.keys:
            self.keys[row] = row.table.find_key(row)[0]
        return self.keys[row]

    def drop_what_has_no_key(self, table: Table) -> None:
        """Leave the rows of a table that nothing tells from others."""
        planned = [row for row in (*self.gone, *self.changed(table)) if row.table is table]
        lost = [row for row in planned if not self.key_of(row)]
        for row in lost:
            self.gone.pop(row, None)
            self.cells.pop(row, None)
        if lost:
            self.leave(Left.BLOCKED, lost, table.find_key(lost[0])[1])

    def note_triggers(self) -> None:
        """Say where the database runs something of its own on rows that change or go.

        What that is nobody can tell beforehand; the writer undoes all where it changes a row.

        Raises:
            SourceError: The source does not answer.
        """
        rows = Counter(row.table for row in dict.fromkeys((*self.cells, *self.gone)))
        for table, number in rows.items():
            if names := ", ".join(triggers(table.reader, table.address.collection)):
                reason = f"a trigger of the database runs on this table: {names}"
                self.left.append(Remainder(*table.address, Left.BY_HAND, number, reason))

    def collisions(self, table: Table) -> Iterator[tuple[Row, tuple[str, ...]]]:
        """Give the rows whose planned values another row has where the table forbids it.

        Raises:
            SourceError: The source does not answer.
        """
        for unique in table.schema.unique if self.changed(table) else ():
            names = tuple(table.name_of(column) for column in unique)
            made = self._made(table, names)
            taken = Counter(made.values())
            there = table.holding(unique, list(taken))
            for row, key in made.items():
                if there[key] or taken[key] > 1:
                    taken[key] -= 1  # one of several may have it
                    yield row, names

    def _made(self, table: Table, names: tuple[str, ...]) -> dict[Row, Key]:
        """Return what some columns will hold together, by the row, where it is something new."""
        made = {}
        for row in self.changed(table):
            values = [self.after(row, name) for name in names]
            key = same_key(values)
            is_new = key != same_key(row.cells[name] for name in names)
            if is_new and None not in values:
                made[row] = key
        return made

    def cells_of(self, row: Row) -> Iterator[Change]:
        """Give the cells of a row that change."""
        if row not in self.gone:
            for name, cell in self.cells.get(row, {}).items():
                yield self._set(row, name, cell)

    def deletion_of(self, row: Row) -> Change:
        """Return the deletion of a row."""
        before = self._whole(row)
        return Change(*row.table.address, self.key_of(row), Work.DELETE, "", DELETE, before)

    def _whole(self, row: Row) -> str:
        names = row.table.schema.names
        cells = {each: row.cells[row.table.name_of(each)] for each in names}
        return row_fingerprint(self.key, cells)

    def _set(self, row: Row, name: str, cell: Cell) -> Change:
        key = self.key_of(row)
        numbered = key.keys() == {row.table.place.row_number}
        before = self._whole(row) if numbered else fingerprint(self.key, row.cells[name])
        return Change(
            *row.table.address, key, Work.SET, name, cell.how, before=before, after=cell.after
        )
