"""Plans what an erasure changes: which fields and rows are meant, and what stands there after."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dsr.rules import erasure
from dsr.sources.datamap import Collection, Field, Masking, within
from dsr.sources.drafting import DELETE, Cell, Draft
from dsr.sources.fitting import length_of, objection
from dsr.sources.gathering import Company
from dsr.sources.masking import CannotMaskError, mask
from dsr.sources.plan import Erase, Left, is_reached
from dsr.sources.tables import Row, Table

PERSONAL = ("user",)  # below it stands every category of what belongs to a person
PRESERVE = "preserve"
CONSTANT = "string_rewrite"
TRIES = 3  # how often another value is made where a row has it already


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a field is not masked."""

    left: Left
    reason: str


def erase(draft: Draft, company: Company, wish: Erase) -> None:
    """Plan the erasure in every table; ties between rows are looked at afterwards.

    Raises:
        SourceError: A source stops answering.
    """
    for table in company.tables.values():
        aimed = aimed_at(table.collection, wish)
        fields = [one for one in aimed if (*table.address, one.name) not in wish.spared]
        if fields and is_reached(wish.collections, table.address, table.collection):
            _Erasing(draft, company, wish, table).plan(fields)


def aimed_at(collection: Collection, wish: Erase) -> list[Field]:
    """Return the fields of a collection that a wish is about."""
    targets = PERSONAL if wish.categories is None else wish.categories
    whole = any(within(category, targets) for category in collection.categories)
    return [one for one in collection.fields if _is_meant(one, targets, whole=whole)]


def _is_meant(field: Field, targets: Sequence[str], *, whole: bool) -> bool:
    if any(within(category, targets) for category in field.all_categories()):
        return True
    # A category of the whole collection means its fields, and not what ties its rows together
    return whole and not (field.primary_key or field.references)


@dataclass(frozen=True, slots=True)
class _Erasing:
    """The erasure of one table's rows."""

    draft: Draft
    company: Company
    wish: Erase
    table: Table

    def plan(self, fields: Sequence[Field]) -> None:
        goes = self._goes(fields)
        rows = [row for row in self.table.rows if goes or _holds(row, fields)]
        rows = self._without_others(rows)
        rows = self._without_shared(rows)
        if not rows:
            return
        if self.table.schema.is_view:
            self.draft.leave(Left.BY_HAND, rows, "a view cannot be written")
        elif goes:
            self.draft.gone.update(dict.fromkeys(rows))
        else:
            for one in fields:
                self._mask(one, rows)
            self._settle()
        self.draft.drop_what_has_no_key(self.table)

    def _goes(self, fields: Sequence[Field]) -> bool:
        """Tell whether whole rows go: so it is said, and no part of them is to stay."""
        said = self.table.collection.masking or self.wish.strategy
        personal = {one.name for one in aimed_at(self.table.collection, Erase())}
        spared = any(place[:2] == self.table.address for place in self.wish.spared)
        whole = personal <= {one.name for one in fields} and not spared
        return said is not None and said.strategy == DELETE and whole

    def _without_others(self, rows: Sequence[Row]) -> list[Row]:
        """Leave the rows that tell of somebody else too, unless it was decided otherwise."""
        named = self.wish.with_others
        theirs = [row for row in rows if row.foreign and not self._named(row, named)]
        names = sorted(set().union(*(row.foreign for row in theirs)))
        reason = f"the row points to somebody else too (by {', '.join(names)})"
        self.draft.leave(Left.OTHERS, theirs, reason)
        left = set(theirs)
        return [row for row in rows if row not in left]

    def _without_shared(self, rows: Sequence[Row]) -> list[Row]:
        """Leave the rows to which rows of others point, unless it was decided otherwise."""
        sharers = self.company.sharers(self.table) if rows else {}
        named = self.wish.with_shared
        shared = [row for row in rows if row in sharers and not self._named(row, named)]
        names = sorted({str(address) for row in shared for address in sharers[row]})
        reason = f"rows of others point to it (in {', '.join(names)})"
        self.draft.leave(Left.SHARED, shared, reason)
        left = set(shared)
        return [row for row in rows if row not in left]

    def _named(self, row: Row, named: frozenset[tuple[str, ...]]) -> bool:
        """Tell whether a decision names a row, or its whole collection."""
        address = self.table.address
        if address in named:
            return True
        key = tuple(str(value) for value in self.draft.key_of(row).values())
        return len(key) == 1 and (*address, *key) in named

    def _mask(self, field: Field, rows: Sequence[Row]) -> None:
        filled = [row for row in rows if row.cells[field.name] is not None]
        why = self._objection(field)
        if why is None:
            referred = self._referred(field, filled)
            reason = "rows of other tables refer to the value"
            self.draft.leave(Left.BLOCKED, referred, reason, name=field.name)
            needed = set(referred)
            lost = [row for row in filled if row not in needed and not self._make(row, field)]
            self.draft.leave(Left.BLOCKED, lost, "no masking fits the column", name=field.name)
        else:
            self.draft.leave(why.left, filled, why.reason, name=field.name)

    def _objection(self, field: Field) -> Objection | None:
        """Return why a field is masked in no row."""
        if field.read_only:
            return Objection(Left.READ_ONLY, "the datamap says that it is only read")
        if self._first(field).strategy == PRESERVE:
            return Objection(Left.READ_ONLY, "the datamap or the wish preserves it")
        if reason := self.table.unchangeable(field.name):
            return Objection(Left.BLOCKED, reason)
        if self._is_part(field):
            return Objection(Left.BLOCKED, "it is a document of which only a part is meant")
        return None

    def _is_part(self, field: Field) -> bool:
        """Tell whether only some of what is nested in a field is meant; a cell is one value."""
        targets = self.wish.categories
        if targets is None or not field.fields:
            return False
        return not all(within(category, targets) for category in field.all_categories())

    def _referred(self, field: Field, rows: Sequence[Row]) -> list[Row]:
        """Return the rows whose value a foreign key of a table needs."""
        found: dict[Row, None] = {}
        for owner, tie in self.table.referred:
            if field.name.casefold() in {name.casefold() for name in tie.target_columns}:
                there = self.company.pointing(self.table, owner, tie, rows)
                found.update(dict.fromkeys(row for row in rows if there[row]))
        return list(found)

    def _first(self, field: Field) -> Masking:
        """Return the masking that is meant: the field's, the collection's, the wish's, the rules'.

        Rows that are to be deleted, and of which a part is meant, are masked by the rules.
        """
        said = (field.masking, self.table.collection.masking, self.wish.strategy)
        found = next((one for one in said if one is not None and one.strategy != DELETE), None)
        if found is not None:
            return found
        categories = tuple(field.all_categories()) or self.table.collection.categories
        return erasure.strategy_for(categories)

    def _make(self, row: Row, field: Field, *, salt: str = "") -> bool:
        """Plan what stands in a cell after, by the first masking that fits; tell whether one did.

        Args:
            row: The row.
            field: The cell.
            salt: Not empty where what was made before is taken: only what differs is made.
        """
        value = row.cells[field.name]
        for masking in self._choices(field, is_taken=bool(salt)):
            try:
                after = self._masked(row, field, masking, salt)
            except CannotMaskError:
                continue
            if type(after) is type(value) and after == value and not salt:
                return True  # it is erased already
            self.draft.set(row, field.name, Cell(masking.strategy, after))
            return True
        return False

    def _choices(self, field: Field, *, is_taken: bool) -> Iterator[Masking]:
        """Give what is tried for a field, in order; where a value is taken, what differs by row."""
        first = self._first(field)
        if is_taken:
            kept = {"format_preservation": first.configuration.get("format_preservation")}
            yield Masking("random_string_rewrite", kept if all(kept.values()) else {})
        else:
            yield first
        for one in erasure.fallbacks():
            if not (is_taken and one.strategy == CONSTANT):
                yield one

    def _masked(self, row: Row, field: Field, masking: Masking, salt: str) -> object:
        column = self.table.schema.column(field.name)
        told = "\0".join((*self.table.address, field.name, salt, repr(self.draft.key_of(row))))
        made = mask(
            row.cells[field.name],
            masking,
            seed=self.draft.seed,
            length=length_of(column, field),
            salt=told,
        )
        if why := objection(made, column, field):
            raise CannotMaskError(why)
        return made

    def _settle(self) -> None:
        """Make other values where the table wants values that no other row has."""
        for attempt in range(1, TRIES + 1):
            taken = list(self.draft.collisions(self.table))
            if not taken:
                return
            for row, names in taken:
                self._make_another(row, names, f"again {attempt}")
        for row, names in list(self.draft.collisions(self.table)):
            for name in self._masked_here(row, names):
                del self.draft.cells[row][name]
                self.draft.leave(Left.BLOCKED, [row], "another row has the same value", name=name)

    def _make_another(self, row: Row, names: Sequence[str], salt: str) -> None:
        for name in self._masked_here(row, names)[:1]:
            field = self.table.collection.field(name)
            before = self.draft.cells[row].pop(name)
            if field is None or not self._make(row, field, salt=salt):
                self.draft.cells[row][name] = before

    def _masked_here(self, row: Row, names: Sequence[str]) -> list[str]:
        planned = self.draft.cells.get(row, {})
        return [name for name in names if name in planned]


def _holds(row: Row, fields: Sequence[Field]) -> bool:
    return any(row.cells[one.name] is not None for one in fields)
