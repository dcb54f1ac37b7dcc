"""What a table allows: its columns, keys and ties, as its source declares them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import text

from dsr.sources.sql import Reader

LENGTH = re.compile(r"CHAR[A-Z ]*\(\s*(\d+)\s*\)", re.IGNORECASE)  # VARCHAR(40), NATIONAL CHAR (9)
ROW_NUMBERS = ("rowid", "_rowid_", "oid")  # what SQLite calls its number of a row
NO_ACTIONS = ("NO ACTION", "RESTRICT")

KIND = text("SELECT type FROM sqlite_master WHERE name = :name COLLATE NOCASE AND type = 'view'")
TRIGGERS = text(
    "SELECT name, sql FROM sqlite_master"
    " WHERE type = 'trigger' AND tbl_name = :name COLLATE NOCASE ORDER BY name"
)
COLUMNS = text(
    'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(:name)'
)
INDEXES = text("SELECT name FROM pragma_index_list(:name) WHERE \"unique\" AND origin <> 'pk'")
INDEXED = text(
    "SELECT i.name, m.sql FROM pragma_index_info(:name) i"
    " LEFT JOIN sqlite_master m ON m.type = 'index' AND m.name = :name ORDER BY i.seqno"
)
TIES = text(
    'SELECT m.name, f.id, f."table", f."from", f."to", f.on_delete'
    " FROM sqlite_master m, pragma_foreign_key_list(m.name) f"
    " WHERE m.type = 'table' AND (m.name = :name COLLATE NOCASE OR :name IS NULL)"
    ' AND (f."table" = :target COLLATE NOCASE OR :target IS NULL) ORDER BY m.name, f.id, f.seq'
)


@dataclass(frozen=True, slots=True)
class ColumnSchema:
    """A column as it is declared.

    Attributes:
        type_text: The declared type; empty where there is none.
        primary_key_position: From 1; 0 where it is no part of the primary key.
        max_length: Of a text, where the type declares one; SQLite itself does not insist on it.
        default: The declared default, as SQL.
        generated: Computed from other columns: nobody can set it.
    """

    name: str
    type_text: str
    nullable: bool
    primary_key_position: int = 0
    max_length: int | None = None
    default: str | None = None
    generated: bool = False


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns that point to another table's, and what becomes of them when that row goes.

    Attributes:
        on_delete: As SQL says it: "NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT".
    """

    columns: tuple[str, ...]
    table: str
    target_columns: tuple[str, ...]
    on_delete: str = "NO ACTION"

    @property
    def acts(self) -> bool:
        """Whether the rows here change by themselves when the row there goes."""
        return self.on_delete not in NO_ACTIONS


class Referring(NamedTuple):
    """A table and a foreign key of it."""

    table: str
    key: ForeignKey


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A table or view.

    Attributes:
        columns: By casefolded name; none where there is no such table.
        primary_key: In its order; none where the table has none.
        unique: The columns of every other unique index, partial ones too; of an index over
            expressions the columns that these name.
    """

    columns: Mapping[str, ColumnSchema]
    primary_key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    is_view: bool = False

    def column(self, name: str) -> ColumnSchema | None:
        """Return the column of a name, if there is one."""
        return self.columns.get(name.casefold())

    @property
    def row_number(self) -> str:
        """The name of SQLite's own number of a row, where a table has no primary key, else empty.

        It is the first that no column has; a view and a table without such numbers have none.
        """
        if self.is_view or self.primary_key or not self.columns:
            return ""
        return next((name for name in ROW_NUMBERS if name not in self.columns), "")

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' own names, in the table's order."""
        return tuple(column.name for column in self.columns.values())


def triggers(reader: Reader, table: str) -> tuple[str, ...]:
    """Return the names of what the database runs by itself when rows of a table change or go.

    Raises:
        SourceError: The source does not answer.
    """
    found = reader.run(TRIGGERS.bindparams(name=table))
    return tuple(str(name) for name, written in found if not _only_inserts(str(written)))


def _only_inserts(written: str) -> bool:
    """Tell whether a trigger runs for new rows alone; a name that says more is taken as more."""
    head = re.split(r"\bON\b", written, maxsplit=1, flags=re.IGNORECASE)[0].upper()
    return bool(re.search(r"\bINSERT\b", head)) and not re.search(r"\b(UPDATE|DELETE)\b", head)


def read_schema(reader: Reader, table: str) -> TableSchema:
    """Return what a table allows.

    Raises:
        SourceError: The source does not answer.
    """
    columns = [_column(*row) for row in reader.run(COLUMNS.bindparams(name=table))]
    keyed = sorted((c.primary_key_position, c.name) for c in columns if c.primary_key_position)
    indexes = [str(name) for (name,) in reader.run(INDEXES.bindparams(name=table))]
    return TableSchema(
        columns={column.name.casefold(): column for column in columns},
        primary_key=tuple(name for _, name in keyed),
        unique=tuple(_indexed(reader, name, columns) for name in indexes),
        foreign_keys=tuple(tie.key for tie in _ties(reader, table, None)),
        is_view=any(reader.run(KIND.bindparams(name=table))),
    )


def referring(reader: Reader, table: str) -> tuple[Referring, ...]:
    """Return the foreign keys, of all tables and of the table itself, that point at a table.

    Raises:
        SourceError: The source does not answer.
    """
    return _ties(reader, None, table)


def _column(*row: object) -> ColumnSchema:
    name, declared, not_null, default, position, hidden = row
    length = LENGTH.search(str(declared))
    return ColumnSchema(
        str(name),
        str(declared),
        not not_null,
        int(str(position)),
        int(length[1]) if length else None,
        None if default is None else str(default),
        bool(hidden),
    )


def _indexed(reader: Reader, index: str, columns: list[ColumnSchema]) -> tuple[str, ...]:
    parts = list(reader.run(INDEXED.bindparams(name=index)))
    if all(name is not None for name, _ in parts):
        return tuple(str(name) for name, _ in parts)
    written = str(parts[0][1]).casefold()
    return tuple(c.name for c in columns if _word(c.name).search(written))


def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name.casefold())}(?!\w)")


def _ties(reader: Reader, table: str | None, target: str | None) -> tuple[Referring, ...]:
    found: dict[tuple[str, int], list[tuple[object, ...]]] = {}
    for row in reader.run(TIES.bindparams(name=table, target=target)):
        found.setdefault((str(row[0]), int(row[1])), []).append(row)
    return tuple(Referring(owner, _tie(reader, rows)) for (owner, _), rows in found.items())


def _tie(reader: Reader, rows: list[tuple[object, ...]]) -> ForeignKey:
    table, on_delete = str(rows[0][2]), str(rows[0][5])
    targets = tuple(str(row[4]) for row in rows if row[4] is not None)
    if not targets:  # it points to the other table's primary key without naming it
        columns = [_column(*row) for row in reader.run(COLUMNS.bindparams(name=table))]
        keyed = sorted((c.primary_key_position, c.name) for c in columns if c.primary_key_position)
        targets = tuple(name for _, name in keyed)
    return ForeignKey(tuple(str(row[3]) for row in rows), table, targets, on_delete)
