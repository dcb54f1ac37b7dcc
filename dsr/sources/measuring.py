"""Plans measures: what the datamap says to set in the person's rows where a request asks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from dsr.sources.datamap import Measure
from dsr.sources.drafting import Cell, Draft
from dsr.sources.fitting import objection
from dsr.sources.gathering import Company
from dsr.sources.matching import key_forms
from dsr.sources.plan import Left, Wish, is_reached
from dsr.sources.results import Cut
from dsr.sources.tables import Row, Table

COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Moment:
    """What stands for a value in a datamap: when the plan is made, and for whom."""

    now: datetime
    officer: str

    def value(self, said: object) -> object:
        """Return the value that is meant."""
        utc = self.now.astimezone(UTC)
        meant: Mapping[str, object] = {
            "$now": utc.strftime("%Y-%m-%d %H:%M:%S"),
            "$today": utc.strftime("%Y-%m-%d"),
            "$officer": self.officer,
            "$null": None,
        }
        if isinstance(said, bool):
            return int(said)
        return meant.get(said, said) if isinstance(said, str) else said


def measure(draft: Draft, company: Company, wish: Wish, now: datetime) -> None:
    """Plan the measures in every table that has them.

    Raises:
        SourceError: A source stops answering.
    """
    moment = Moment(now, wish.officer)
    for table in company.tables.values():
        if names := _measures_of(table, wish):
            for name in names:
                if (said := table.collection.measures.get(name)) is not None:
                    _Measuring(draft, table, name, moment).plan(said, wish)
            draft.drop_what_has_no_key(table)


def _measures_of(table: Table, wish: Wish) -> tuple[str, ...]:
    """Return the names of the measures that reach a collection, each once."""
    own = wish.measures if _is_measured(table, wish) else ()
    return tuple(dict.fromkeys((*own, *wish.further.get(table.address, ()))))


def _is_measured(table: Table, wish: Wish) -> bool:
    """Tell whether measures reach a collection: a company's only with its authority."""
    if table.collection.holder == COMPANY and not wish.of_company:
        return False
    return is_reached(wish.collections, table.address, table.collection)


@dataclass(frozen=True, slots=True)
class _Measuring:
    """One measure in one table."""

    draft: Draft
    table: Table
    name: str
    moment: Moment

    def plan(self, said: Measure, wish: Wish) -> None:
        rows = [row for row in self.table.rows if _meets(row, said)]
        rows = [row for row in rows if self._differs(row, said)]
        # A company's row names several people; that it names the person is enough
        is_company = self.table.collection.holder == COMPANY and wish.of_company
        ours: list[Row] = []
        theirs: list[Row] = []
        for row in rows:
            is_ours = not row.foreign or (is_company and self.table.names_the_person(row))
            (ours if is_ours else theirs).append(row)
        self.draft.leave(Left.OTHERS, theirs, f"{self.name}: the row points to somebody else too")
        if ours and self.table.schema.is_view:
            self.draft.leave(Left.BY_HAND, ours, f"{self.name}: a view cannot be written")
            return
        for name in said.set if ours else ():
            self._set(name, self.moment.value(said.set[name]), ours)

    def _differs(self, row: Row, said: Measure) -> bool:
        return any(
            not _equal(row.cells[name], self.moment.value(value))
            for name, value in said.set.items()
        )

    def _set(self, name: str, value: object, rows: Sequence[Row]) -> None:
        column, field = self.table.schema.column(name), self.table.collection.field(name)
        changing = [row for row in rows if not _equal(row.cells[name], value)]
        why = self.table.unchangeable(name) or objection(value, column, field)
        if why:
            self.draft.leave(Left.BLOCKED, changing, f"{self.name}: {why}", name=name)
            return
        for row in changing:
            self.draft.set(row, name, Cell(self.name, value))


def _meets(row: Row, said: Measure) -> bool:
    return all(
        any(_equal(row.cells[name], value) for value in values)
        for name, values in said.where.items()
    )


def _equal(cell: object, value: object) -> bool:
    if cell is None or value is None:
        return cell is value
    if isinstance(cell, Cut):
        return False
    return not key_forms(cell).isdisjoint(key_forms(value))
