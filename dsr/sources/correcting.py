"""Plans a correction: the cells where the old value stands now, and those that keep it."""

from collections.abc import Sequence
from dataclasses import dataclass

from dsr.domain.people import CATEGORIES
from dsr.domain.vocabulary import IdentifierType
from dsr.sources.contacts import as_written
from dsr.sources.datamap import Address, Field, within
from dsr.sources.drafting import Cell, Draft
from dsr.sources.fitting import objection, typed
from dsr.sources.gathering import Company
from dsr.sources.matching import email_forms, key_forms, phone_forms, strip_phone
from dsr.sources.plan import CORRECT, Correct, Left, Remainder, Wish, is_reached
from dsr.sources.results import Cut
from dsr.sources.tables import Row, Table


def correct(draft: Draft, company: Company, wish: Wish) -> None:
    """Plan every correction, and say of each that meets no value that it does not.

    Raises:
        SourceError: A source stops answering.
    """
    for item in wish.correct:
        is_named = any(
            _names(item, address, field)
            for address, collection in company.graph.collections.items()
            for field in collection.fields
        )
        met = [
            _Correcting(draft, company, table, item).plan(by_category=not is_named)
            for table in company.tables.values()
            if is_reached(wish.collections, table.address, table.collection)
        ]
        if not any(met):
            reason = f"item {item.number}: what is to be corrected is no current value of a field"
            draft.left.append(Remainder("", "", Left.BY_HAND, 0, reason, field=item.label))
    for table in company.tables.values():
        _refuse_repeated(draft, table)
        draft.drop_what_has_no_key(table)


@dataclass(frozen=True, slots=True)
class _Correcting:
    """One correction in one table."""

    draft: Draft
    company: Company
    table: Table
    item: Correct

    def plan(self, *, by_category: bool) -> bool:
        """Plan what is to be changed here; tell whether anything here was meant at all.

        Args:
            by_category: No field anywhere has the name, so those of the category are meant.
                What is added needs a field that is named: any empty one would do.
        """
        met = False
        for field in self.table.collection.fields:
            named = _names(self.item, self.table.address, field)
            likewise = self._is_of_category(field) and bool(self.item.old)
            if named or (likewise and (by_category or self._why_it_stays(field))):
                rows = self._rows(field)
                self._change(field, rows)
                met = met or bool(rows) or (named and self._is_done(field))
        return met

    def _is_of_category(self, field: Field) -> bool:
        category = self.item.category
        return bool(category) and any(within(one, (category,)) for one in field.categories)

    def _rows(self, field: Field) -> list[Row]:
        """Return the rows in which the old value stands in a field."""
        rows = self.table.rows if self.item.old else self.table.own
        return [row for row in rows if self._means(row.cells[field.name], field)]

    def _is_done(self, field: Field) -> bool:
        return any(
            _same(row.cells[field.name], self.item.new, self._categories(field))
            for row in self.table.own
        )

    def _means(self, value: object, field: Field) -> bool:
        if not self.item.old:
            return value in (None, "")
        return _same(value, self.item.old, self._categories(field))

    def _categories(self, field: Field) -> tuple[str, ...]:
        return (*field.categories, self.item.category)

    def _why_it_stays(self, field: Field) -> tuple[Left, str] | None:
        """Return why a field keeps what it says."""
        law = self.table.collection.kept_by_law
        reason = self.table.unchangeable(field.name)
        if law is not None:
            return Left.KEPT, f"it is kept as it is by law: {law.citation.said('en')}"
        if field.read_only:
            return Left.READ_ONLY, "the datamap says that it is only read"
        if self.table.collection.record:
            return Left.READ_ONLY, "it records what happened, which is not rewritten"
        return (Left.BLOCKED, reason) if reason else None

    def _change(self, field: Field, rows: Sequence[Row]) -> None:
        if not rows:
            return
        stays = self._why_it_stays(field)
        if stays is not None:
            self.draft.leave(stays[0], rows, stays[1], name=field.name)
            return
        if self.table.schema.is_view:
            self.draft.leave(Left.BY_HAND, rows, "a view cannot be written")
            return
        sharers = self.company.sharers(self.table)
        shared = [row for row in rows if row in sharers]
        theirs = [row for row in rows if row.foreign]
        self.draft.leave(Left.SHARED, shared, "rows of others point to it")
        self.draft.leave(Left.OTHERS, theirs, "the row points to somebody else too")
        self._set(field, [row for row in rows if row not in sharers and not row.foreign])

    def _set(self, field: Field, rows: Sequence[Row]) -> None:
        """Plan the new value for a field, in each row as it is written there."""
        column = self.table.schema.column(field.name)
        kind = _contact(field.categories or (self.item.category,))
        blocked: dict[str, list[Row]] = {}
        for row in rows:
            value = row.cells[field.name]
            written = as_written(kind, self.item.new, value) if kind else self.item.new
            new = typed(written, column, field) if written else None
            is_none = bool(self.item.new) and not written
            why = f"the new value is no {kind}" if is_none else objection(new, column, field)
            if why:
                blocked.setdefault(why, []).append(row)
            elif value != new:
                self.draft.set(row, field.name, Cell(CORRECT, new))
        for why, there in blocked.items():
            self.draft.leave(Left.BLOCKED, there, why, name=field.name)


def _refuse_repeated(draft: Draft, table: Table) -> None:
    """Leave a corrected cell that the table wants to differ from all others, and does not."""
    for row, names in list(draft.collisions(table)):
        planned = draft.cells.get(row, {})
        for name in [one for one in names if one in planned and planned[one].how == CORRECT]:
            del planned[name]
            draft.leave(Left.BLOCKED, [row], "another row has the new value", name=name)
        if not planned:
            draft.cells.pop(row, None)


def _names(item: Correct, address: Address, field: Field) -> bool:
    """Tell whether a correction names a field, by its name, its path or its label."""
    path = f"{address.collection}.{field.name}"
    words = (field.name, path, f"{address.source}.{path}", field.label.en, field.label.zh)
    return item.label.strip().casefold() in {word.casefold() for word in words if word}


def _same(value: object, said: str, categories: Sequence[str]) -> bool:
    """Tell whether a cell says what somebody wrote, in the sense of its data category."""
    if value is None or isinstance(value, Cut | bytes) or not said:
        return False
    stored, said = str(value).strip(), said.strip()
    if _is_of(IdentifierType.EMAIL, categories):
        return not email_forms(stored).isdisjoint(email_forms(said))
    if _is_of(IdentifierType.PHONE, categories):
        return strip_phone(stored) in phone_forms(said) or strip_phone(said) in phone_forms(stored)
    if _is_of(IdentifierType.NAME, categories):
        return stored.split() == said.split()
    return not key_forms(value if not isinstance(value, str) else stored).isdisjoint(
        key_forms(said)
    )


def _contact(categories: Sequence[str]) -> IdentifierType | None:
    """Return what a field of these categories is written as, where it is an e-mail or a phone."""
    contacts = (IdentifierType.EMAIL, IdentifierType.PHONE)
    return next((kind for kind in contacts if _is_of(kind, categories)), None)


def _is_of(kind: IdentifierType, categories: Sequence[str]) -> bool:
    return any(within(one, (CATEGORIES[kind],)) for one in categories)
