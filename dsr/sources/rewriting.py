"""The rows of a plan's part: looked at, written, and looked at again. Ends no transaction.

A row is known by its key and by keyed hashes of what stood in it when the plan was made.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, and_, column, delete, func, not_, select, table, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import quoted_name

from dsr.errors import ConflictError, SourceError
from dsr.sources.plan import AGAIN, Change, fingerprint, row_fingerprint
from dsr.sources.refusal import OTHERWISE, refused
from dsr.sources.results import CELL_LIMIT, Cut
from dsr.sources.schema import Referring, TableSchema, read_schema, referring
from dsr.sources.sql import Reader, column_of, same, table_of

TRIGGERS = "look at the triggers of the table (dsr source list tells the file), then try again"
PLACES_SHOWN = 3
ROW_NUMBERS = ("rowid", "_rowid_", "oid")  # what SQLite calls its number of a row
LARGEST = 2**63 - 1
BEFORE, AFTER, NEITHER = frozenset({"before"}), frozenset({"after"}), frozenset[str]()


@dataclass(slots=True)
class Row:
    """A row with all that is to happen to it.

    Attributes:
        key: What tells it when the plan was made.
        cells: The new values by field; none where the row is to go.
        exact: What tells it while the transaction lasts, whatever becomes of its cells.
    """

    changes: list[Change]
    key: Mapping[str, Any]
    cells: dict[str, Any] = field(default_factory=dict)
    exact: Mapping[str, Any] = field(default_factory=dict)

    @property
    def collection(self) -> str:
        """The table."""
        return self.changes[0].collection

    @property
    def place(self) -> str:
        """The table as an error names it."""
        return f"{self.changes[0].source}.{self.collection}"

    def moved(self, schema: TableSchema) -> dict[str, Any] | None:
        """Return what tells the row once it is written, where that is not its key."""
        new = {name.casefold(): value for name, value in self.cells.items()}
        if not new.keys() & {name.casefold() for name in self.key}:
            return None
        moved = {name: new.get(name.casefold(), value) for name, value in self.key.items()}
        return {
            name: moved[name] for name in moved if not schema.columns[name.casefold()].generated
        }


class Part:
    """One part of a plan, inside a transaction that somebody else ends."""

    def __init__(self, connection: Connection, key: bytes) -> None:
        self._connection = connection
        self._reader = Reader(connection)
        self._key = key
        self._schemas: dict[str, TableSchema] = {}
        self._acting: dict[str, tuple[Referring, ...]] = {}

    def is_done(self, rows: Sequence[Row]) -> bool:
        """Return whether all is as it is to be; otherwise all is as it was.

        Raises:
            ConflictError: It is neither.
            SourceError: The source does not answer, or shows a view.
        """
        found = [pair for row in rows for pair in self._states(row, self._schema(row))]
        if all(states >= AFTER for _, states in found):
            return True
        changed = [change for change, states in found if not states >= BEFORE]
        if changed:
            raise _conflict(changed, len(found))
        return False

    def write(self, rows: Sequence[Row]) -> None:
        """Write every row, and look at all of them again.

        Raises:
            SourceError: The source refuses a value, or makes another one of it.
            ConflictError: Rows that the plan does not name would change too.
        """
        for row in rows:
            _insist(row, self._schema(row))
        for row in rows:
            if row.cells:
                self._set(row)
            else:
                self._delete(row)
        for row in rows:
            self._look_again(row)

    def _schema(self, row: Row) -> TableSchema:
        name = row.collection
        if name not in self._schemas:
            self._schemas[name] = read_schema(self._reader, name)
        schema = self._schemas[name]
        # SQLite takes an unknown name in double quotes for a text: so all are looked up
        for each in (*row.key, *row.cells):
            if schema.column(each) is None:
                raise ConflictError(f"{row.place}.{each} is no longer there", hint=AGAIN)
        if schema.is_view:
            raise SourceError(
                f"{row.place} is a view: its rows are changed where they come from",
                hint=f"describe the table behind it in the datamap, then {AGAIN}",
            )
        fixed = {each.casefold() for each in schema.primary_key}
        if fixed & {each.casefold() for each in row.cells}:
            raise ConflictError(f"{row.place}: no plan changes a row's key", hint=AGAIN)
        return schema

    def _states(self, row: Row, schema: TableSchema) -> Iterator[tuple[Change, frozenset[str]]]:
        """Give for each change whether it is still to be done, or done, or both, or neither."""
        if not row.cells:
            yield row.changes[0], self._state_of_row(row, schema)
            return
        identity = schema.primary_key or _row_number(schema)
        cells = self._find(row, schema, (*identity, *row.cells))
        if cells is None:
            yield from ((change, NEITHER) for change in row.changes)
            return
        known = {name: cells[name] for name in identity}
        row.exact = row.key if any(isinstance(part, Cut) for part in known.values()) else known
        for change in row.changes:
            found = cells[change.field]
            was = BEFORE if fingerprint(self._key, found) == change.before else NEITHER
            yield change, was | (AFTER if _equal(found, row.cells[change.field]) else NEITHER)

    def _state_of_row(self, row: Row, schema: TableSchema) -> frozenset[str]:
        row.exact = row.key
        found = self._reader.keyed(row.collection, schema.names, row.key)
        if len(found) != 1:
            return NEITHER if found else AFTER
        made = row_fingerprint(self._key, dict(zip(schema.names, found[0], strict=True)))
        return BEFORE if made == row.changes[0].before else NEITHER

    def _find(
        self, row: Row, schema: TableSchema, fields: Sequence[str]
    ) -> dict[str, object] | None:
        found = self._reader.keyed(row.collection, fields, row.key)
        if not found and (moved := row.moved(schema)):
            found = self._reader.keyed(row.collection, fields, moved)[:1]  # which one, no one tells
        return dict(zip(fields, found[0], strict=True)) if len(found) == 1 else None

    def _set(self, row: Row) -> None:
        columns: list[Any] = [column(quoted_name(name, quote=True)) for name in row.cells]
        written = table(quoted_name(row.collection, quote=True), *columns)
        # A constraint may say ON CONFLICT REPLACE, which deletes another row without a word
        changed = update(written).prefix_with("OR ABORT").where(same(row.exact))
        self._run(changed.values(row.cells), row)

    def _delete(self, row: Row) -> None:
        self._insist_nothing_follows(row)
        self._run(delete(table_of(row.collection)).where(same(row.exact)), row)

    def _run(self, statement: Any, row: Row) -> None:
        try:
            touched = self._connection.execute(statement).rowcount
        except DBAPIError as error:
            raise refused(error, row.place, tuple(row.cells)) from None
        if touched != 1:
            what = f"{row.place}: {touched} rows changed for one; nothing was changed"
            raise SourceError(what, hint=TRIGGERS)

    def _insist_nothing_follows(self, row: Row) -> None:
        """Refuse where other rows would go or change by themselves: the plan names them all."""
        if row.collection not in self._acting:
            ties = referring(self._reader, row.collection)
            self._acting[row.collection] = tuple(tie for tie in ties if tie.key.acts)
        for tie in self._acting[row.collection]:
            (values,) = self._reader.keyed(row.collection, tie.key.target_columns, row.exact)
            pairs = zip(tie.key.columns, values, strict=True)
            others = and_(*(column_of(name) == value for name, value in pairs))
            if tie.table.casefold() == row.collection.casefold():
                others = and_(others, not_(same(row.exact)))
            counted = select(func.count()).select_from(table_of(tie.table)).where(others)
            (number,) = next(self._reader.run(counted))
            if number:
                what = f"{row.place}: {number} rows of {tie.table} would change with a row"
                raise ConflictError(f"{what}; nothing was changed", hint=AGAIN)

    def _look_again(self, row: Row) -> None:
        names = tuple(row.cells) or tuple(row.key)
        found = self._reader.keyed(row.collection, names, row.exact)
        if not row.cells:
            if found:
                what = f"{row.place}: a deleted row is there again; nothing was changed"
                raise SourceError(what, hint=TRIGGERS)
            return
        cells = dict(zip(names, found[0], strict=True)) if len(found) == 1 else {}
        for name, wanted in row.cells.items():
            if name not in cells or not _equal(cells[name], wanted):
                what = f"{row.place}.{name}: the source makes another value of the new one"
                raise SourceError(f"{what}; nothing was changed", hint=OTHERWISE)


def _row_number(schema: TableSchema) -> tuple[str, ...]:
    return next(((name,) for name in ROW_NUMBERS if name not in schema.columns), ())


def _insist(row: Row, schema: TableSchema) -> None:
    """Refuse what SQLite would take, or choke on: a long text, a number of more than 64 bits."""
    for name, value in row.cells.items():
        column_schema = schema.columns[name.casefold()]
        why = ""
        if column_schema.generated:
            why = "the source computes it from other fields"
        elif not _storable(value):
            why = "the source takes no such value"
        elif isinstance(value, str) and len(value) > (column_schema.max_length or len(value)):
            why = f"the new value is longer than {column_schema.max_length} characters"
        if why:
            raise SourceError(f"{row.place}.{name}: {why}; nothing was changed", hint=OTHERWISE)


def _storable(value: object) -> bool:
    if isinstance(value, str):
        return not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, int):
        return -LARGEST - 1 <= value <= LARGEST
    return value is None or isinstance(value, float | bytes)


def _equal(found: object, wanted: object) -> bool:
    if isinstance(found, Cut):
        whole = wanted.encode() if isinstance(wanted, str) else wanted
        if not isinstance(whole, bytes) or len(whole) <= CELL_LIMIT:
            return False
        start = whole[:CELL_LIMIT]
        return found.start == (start.decode(errors="ignore") if whole is not wanted else start)
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return found == wanted  # a column of fractions makes 5.0 of 5
    return type(found) is type(wanted) and found == wanted


def _conflict(changed: Sequence[Change], total: int) -> ConflictError:
    places = Counter(".".join(filter(None, (c.source, c.collection, c.field))) for c in changed)
    shown = [f"{place} ({number})" for place, number in places.most_common(PLACES_SHOWN)]
    if len(places) > PLACES_SHOWN:
        shown.append(f"{len(places) - PLACES_SHOWN} more")
    return ConflictError(
        f"{len(changed)} of {total} changes no longer fit: {', '.join(shown)} changed since the"
        " plan was made; nothing was changed",
        hint=AGAIN,
        changed=len(changed),
    )
