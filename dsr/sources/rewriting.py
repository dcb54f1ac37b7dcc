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


class Part:
    """One part of a plan, inside a transaction that somebody else ends."""

    def __init__(self, connection: Connection, key: bytes) -> None:
        self._connection = connection
        self._reader = Reader(connection)
        self._key = key
        self._schemas: dict[str, TableSchema] = {}
        self._acting: dict[str, tuple[Referring, ...]] = {}

    def is_done(self, rows: Sequence[Row], *, may_be_done: bool) -> bool:
        """Return whether all is as it is to be, where that may be; otherwise all is as it was.

        Raises:
            ConflictError: It is neither.
            SourceError: The source does not answer, or shows a view.
        """
        found = [pair for row in rows for pair in self._states(row, self._schema(row))]
        if may_be_done and all(states >= AFTER for _, states in found):
            return True
        changed = [change for change, states in found if not states >= BEFORE]
        if changed:
            raise _conflict(changed, len(found))
        return False

    def write(self, rows: Sequence[Row]) -> None:
        """Write every row, and look at all of them again.

        Raises:
            SourceError: The source refuses a value, makes another one of it, or changes more.
            ConflictError: Rows that the plan does not name would change too.
        """
        for row in rows:
            _insist(row, self._schema(row))
        before = self._total()
        for row in rows:
            if row.cells:
                self._set(row)
            else:
                self._delete(row)
        for row in rows:
            self._look_again(row)
        if more := self._total() - before - len(rows):
            what = f"{rows[0].changes[0].source}: the database changes {more} rows by itself"
            raise SourceError(f"{what}; nothing was changed", hint=TRIGGERS)

    def _total(self) -> int:
        """Return how many rows this connection has changed, those of triggers and ties too."""
        driver: Any = self._connection.connection.driver_connection
        return int(driver.total_changes)

    def _schema(self, row: Row) -> TableSchema:
        name = row.collection
        if name not in self._schemas:
            self._schemas[name] = read_schema(self._reader, name)
        schema = self._schemas[name]
        # SQLite takes an unknown name in double quotes for a text: so all are looked up
        for each in (*row.key, *row.cells):
            if schema.column(each) is None and not (_is_numbered(row, schema) and each in row.key):
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
        identity = schema.primary_key or tuple(filter(None, [schema.row_number]))
        fields = (*dict.fromkeys((*identity, *schema.names, *row.cells)),)
        found = self._reader.keyed(row.collection, fields, row.key)
        if len(found) != 1:
            yield from ((change, NEITHER) for change in row.changes)
            return
        cells = dict(zip(fields, found[0], strict=True))
        known = {name: cells[name] for name in identity}
        row.exact = row.key if any(isinstance(part, Cut) for part in known.values()) else known
        for change in row.changes:
            value = cells[change.field]
            was = BEFORE if self._stands(row, schema, cells, change) else NEITHER
            yield change, was | (AFTER if _equal(value, row.cells[change.field]) else NEITHER)

    def _stands(
        self, row: Row, schema: TableSchema, cells: Mapping[str, object], change: Change
    ) -> bool:
        """Tell whether a cell is as it was; of a row without a key, whether the whole row is."""
        if _is_numbered(row, schema):
            whole = {name: cells[name] for name in schema.names}
            return row_fingerprint(self._key, whole) == change.before
        return fingerprint(self._key, cells[change.field]) == change.before

    def _state_of_row(self, row: Row, schema: TableSchema) -> frozenset[str]:
        row.exact = row.key
        found = self._reader.keyed(row.collection, schema.names, row.key)
        if len(found) != 1:  # without a primary key, a row that is not found may be elsewhere
            return AFTER if not found and _has_whole_key(row, schema) else NEITHER
        made = row_fingerprint(self._key, dict(zip(schema.names, found[0], strict=True)))
        return BEFORE if made == row.changes[0].before else NEITHER

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


def _is_numbered(row: Row, schema: TableSchema) -> bool:
    """Tell whether the source's own number tells a row."""
    return row.key.keys() == {schema.row_number}


def _has_whole_key(row: Row, schema: TableSchema) -> bool:
    given = {name.casefold() for name, value in row.key.items() if value is not None}
    return bool(schema.primary_key) and given >= {name.casefold() for name in schema.primary_key}


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
