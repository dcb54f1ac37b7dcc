"""Keeps a deletion from tearing rows apart: what points, by foreign keys, to a row that goes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dsr.sources.datamap import Address
from dsr.sources.drafting import Cell, Draft
from dsr.sources.gathering import Company
from dsr.sources.plan import Left
from dsr.sources.schema import ForeignKey
from dsr.sources.tables import Row, Table

EMPTY = "null_rewrite"


class Tie(NamedTuple):
    """A foreign key that points to a table in which rows are to go."""

    table: Table
    owner: str
    key: ForeignKey


@dataclass(slots=True)
class Ties:
    """The foreign keys that a deletion meets.

    Attributes:
        free: The person's own rows that the wish may change.
        loosened: Cells that are emptied so that they point nowhere; done before all else.
    """

    draft: Draft
    company: Company
    free: frozenset[Row]
    loosened: dict[Row, dict[str, None]] = field(default_factory=dict)

    def respect(self) -> None:
        """Leave rows to which rows outside the plan point; each one left may hold others.

        A foreign key that deletes or empties by itself is such a tie too: what would follow may be
        somebody else's.

        Raises:
            SourceError: A source does not answer.
        """
        while held := self._held() or self._in_rings():
            for row, reason in held.items():
                del self.draft.gone[row]
                self.draft.leave(Left.BLOCKED, [row], reason)
        self._loosen()

    def sequence(self, addresses: Sequence[Address]) -> list[Row]:
        """Return the rows that go, what points before what it points to.

        Args:
            addresses: Their collections, in the order that is wanted besides.
        """
        pointing = self._pointing()
        ordered: dict[Row, None] = {}
        for first in sorted(self.draft.gone, key=lambda row: addresses.index(row.table.address)):
            below = [first]  # a stack: a row is taken when all that point to it are
            while below:
                left = [one for one in pointing.get(below[-1], ()) if one not in ordered]
                if left:
                    below.append(left[0])
                else:
                    ordered[below.pop()] = None
        return list(ordered)

    def _ties(self) -> Iterator[Tie]:
        for table in list(dict.fromkeys(row.table for row in self.draft.gone)):
            for owner, key in table.referred:
                yield Tie(table, owner, key)

    def _going(self, tie: Tie) -> list[Row]:
        return [row for row in self.draft.gone if row.table is tie.table]

    def _owner(self, tie: Tie) -> Table | None:
        """Return the table whose rows point, where something of the person was found in it."""
        wanted = (tie.table.address.source, tie.owner.casefold())
        return next(
            (
                table
                for address, table in self.company.tables.items()
                if (address.source, address.collection.casefold()) == wanted
            ),
            None,
        )

    def _held(self) -> dict[Row, str]:
        """Return the rows to which rows outside the plan point, each with the reason."""
        held: dict[Row, dict[str, None]] = {}
        for tie in self._ties():
            rows = self._going(tie)
            there = self.company.pointing(tie.table, tie.owner, tie.key, rows)
            known = self._known(tie)
            for row in rows:
                if there[row] > known[row.key_of(tie.key.target_columns)]:
                    held.setdefault(row, {})[tie.owner] = None
        return {row: f"rows that stay refer to it: {', '.join(all_)}" for row, all_ in held.items()}

    def _known(self, tie: Tie) -> Counter[object]:
        """Count the rows that point, by what they point to, that go too or can be loosened."""
        owner = self._owner(tie)
        return Counter(
            child.key_of(tie.key.columns)
            for child in (owner.rows if owner else ())
            if child in self.draft.gone or child in self.loosened or self._loose(child, tie.key)
        )

    def _loose(self, child: Row, key: ForeignKey) -> str:
        """Return the column of a row that may be emptied so that it points nowhere, if any."""
        if child not in self.free:
            return ""
        for column in key.columns:
            name = child.table.name_of(column)
            declared, said = child.table.schema.column(column), child.table.collection.field(name)
            may = declared is not None and declared.nullable and not declared.generated
            stays = (said and said.read_only) or (*child.table.address, name) in self.draft.spared
            if may and not child.table.is_key(column) and not stays:
                return name if self.draft.key_of(child) else ""
        return ""

    def _loosen(self) -> None:
        """Empty what points, in the person's rows that stay, to rows that go."""
        for tie in self._ties():
            going = {row.key_of(tie.key.target_columns) for row in self._going(tie)}
            owner = self._owner(tie)
            for child in owner.rows if owner else ():
                points = child not in self.draft.gone and child.key_of(tie.key.columns) in going
                if points and child not in self.loosened and (name := self._loose(child, tie.key)):
                    self._empty(child, name)

    def _empty(self, row: Row, name: str) -> None:
        self.draft.set(row, name, Cell(EMPTY, None))
        self.loosened.setdefault(row, {})[name] = None

    def _pointing(self) -> dict[Row, list[Row]]:
        """Return the rows that go and point, by the row that goes and is pointed to."""
        found: dict[Row, list[Row]] = {}
        for tie in self._ties():
            above = {row.key_of(tie.key.target_columns): row for row in self._going(tie)}
            owner = self._owner(tie)
            for child in owner.rows if owner else ():
                row = above.get(child.key_of(tie.key.columns))
                if row is not None and row is not child and child in self.draft.gone:
                    found.setdefault(row, []).append(child)
        return found

    def _in_rings(self) -> dict[Row, str]:
        """Return the rows that point to each other in a ring: none of them can go first."""
        pointing = self._pointing()
        left = dict(self.draft.gone)
        while free := [row for row in left if not any(c in left for c in pointing.get(row, ()))]:
            for row in free:
                del left[row]
        return dict.fromkeys(left, "rows that point to each other, or to such rows, cannot go")


def order(
    addresses: Iterable[Address], company: Company, after: Mapping[Address, Iterable[Address]]
) -> list[Address]:
    """Return collections in the order in which they are erased: what points comes first.

    Args:
        addresses: The collections.
        company: Their tables.
        after: What the datamap wants each of them to be erased after.
    """
    left = list(addresses)
    tied = {one: _pointing_here(one, company) & set(left) - {one} for one in left}
    wished = {one: set(after.get(one, ())) & set(left) - {one} for one in left}
    ordered: list[Address] = []
    while left:
        done = set(ordered)
        free = [one for one in left if tied[one] <= done]
        chosen = next((one for one in free if wished[one] <= done), (free or left)[0])
        ordered.append(chosen)
        left.remove(chosen)
    return ordered


def _pointing_here(address: Address, company: Company) -> set[Address]:
    owners = {owner.casefold() for owner, _ in company.tables[address].referred}
    return {
        one
        for one in company.tables
        if one.source == address.source and one.collection.casefold() in owners
    }
