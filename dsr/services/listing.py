"""Lists what is decided on: by source, category, collection or field; numbers never change."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlmodel import Session

from dsr.domain.decisions import Grain
from dsr.domain.office import in_language
from dsr.domain.vocabulary import Proposal
from dsr.errors import NotAllowedError, NotFoundError, UsageError, nearest
from dsr.rules import office
from dsr.services.catalogue import Catalogue
from dsr.services.extents import (
    data_category,
    deciding,
    is_plain,
    personal_fields,
    places,
    refused_whole,
)
from dsr.sources.datamap import Collection
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.tickets import TicketRow

#: How a part of something is named, by language.
_PART = {"en": "{whole}: {part}", "zh": "{whole}：{part}"}
#: What is decided on an item, and goes with it where it is listed anew.
_DECISION = (
    *("proposal", "ground", "reason", "internal_reason", "citation", "evidence"),
    *("until_on", "until_when", "alternative", "held_at"),
)


#: So many items are named in an error.
_NAMED = 10


class Place(NamedTuple):
    """What an item covers; `category` is the policy's, and counts for whole sources alone."""

    source: str = ""
    collection: str = ""
    field: str = ""
    category: str = ""

    @property
    def key(self) -> str:
        """Return the words under which its number is remembered."""
        return "/".join(self)


def place_of(row: ItemRow) -> Place:
    """Return what an item covers."""
    coarse = bool(row.source) and not row.collection
    category = office.category_of(row.category).code if coarse and row.category else ""
    return Place(row.source, row.collection, row.field, category)


def number_of(ticket: TicketRow, rows: Iterable[ItemRow], place: Place) -> int:
    """Return the number of a place in a ticket: once given it stays, and is given to no other."""
    known = {place_of(row).key: row.number for row in rows} | (ticket.item_numbers or {})
    if place.key not in known:
        known[place.key] = max(known.values(), default=0) + 1
    ticket.item_numbers = known
    return known[place.key]


@dataclass(slots=True)
class Listing:
    """The items of one ticket while they are listed anew.

    Attributes:
        rows: The items as they are, in order.
    """

    session: Session
    ticket: TicketRow
    catalogue: Catalogue
    rows: list[ItemRow] = field(default_factory=list)

    def by(self, grain: Grain) -> None:
        """List the items at a grain; what was decided stays decided, field by field.

        Raises:
            NotAllowedError: Nothing was found that could be listed so.
        """
        covered = places(self.session, self.ticket, self.catalogue, self.rows)
        if not covered:
            raise NotAllowedError(
                "nothing was found that is listed by source, category or field",
                hint=f"dsr find {self.ticket.number}",
            )
        tables = {place: self.catalogue.collection(*place) for place in covered}
        plain = [place for place in covered if is_plain(tables[place], self.ticket)]
        stays = [row for row in self.rows if (row.source, row.collection) not in plain]
        listed = {place_of(row): row for row in stays if row.collection}
        for place, cells in _grouped(plain, self.catalogue, grain).items():
            self._list(listed, place, cells)
        self._become(listed.values())

    def _list(self, listed: dict[Place, ItemRow], place: Place, cells: Sequence[Place]) -> None:
        """Put an item on the list, and those of its fields on which something else was decided."""
        old = {place_of(row): row for row in self.rows}
        decided = {cell: self._deciding(cell) for cell in cells}
        row = old.get(place)
        if row is None:
            row = self._new(place)
            if len({_decision(each) for each in decided.values()}) == 1:
                _take_over(row, next(iter(decided.values())))
        listed[place] = row
        for cell, other in decided.items():
            if _decision(other) != _decision(row) and cell != place:
                listed[cell] = old.get(cell) or self._new(cell)
                _take_over(listed[cell], other)

    def _deciding(self, place: Place) -> ItemRow | None:
        table = self.catalogue.collection(place.source, place.collection)
        found = table.field(place.field) if table and place.field else None
        return deciding(self.rows, (place.source, place.collection), table, found)

    def _new(self, place: Place) -> ItemRow:
        return ItemRow(
            ticket=self.ticket.number,
            number=number_of(self.ticket, self.rows, place),
            label=self._label(place),
            category=self._category(place),
            source=place.source,
            collection=place.collection,
            field=place.field,
            proposal=Proposal.GRANT,
            evidence=[],
        )

    def _label(self, place: Place) -> str:
        language = self.ticket.language
        whole = self.catalogue.label(place.source, language)
        part = ""
        table = self.catalogue.collection(place.source, place.collection)
        if place.category:
            named = (each for each in office.categories().all if each.code == place.category)
            part = in_language(next(named).name, language)
        elif table is not None:
            whole = table.label.said(language) or f"{place.source}.{place.collection}"
            found = table.field(place.field) if place.field else None
            part = (found.label.said(language) or found.name) if found else ""
        return in_language(_PART, language).format(whole=whole, part=part) if part else whole

    def _category(self, place: Place) -> str:
        """Return the data category by which an item is counted; a whole source has none."""
        if place.collection:
            table = self.catalogue.collection(place.source, place.collection)
            if table is None:
                return ""
            if place.field:
                return data_category(table, table.field(place.field))
            return next((code for each in table.fields if (code := data_category(table, each))), "")
        dataset = self.catalogue.dataset(place.source)
        tables = dataset.collections if dataset and place.category else ()
        found = (data_category(table, each) for table in tables for each in table.fields)
        return next(
            (each for each in found if each and office.category_of(each).code == place.category), ""
        )

    def chosen(self, names: Sequence[int | str]) -> list[ItemRow]:
        """Return items by number, or a part of one by its path (`2.salary`), split off; else all.

        Raises:
            NotFoundError: There is no such item, collection or field; near ones are named.
            UsageError: The item has no parts.
        """
        if not names:
            return list(self.rows)
        found = [self._one(str(name)) for name in names]
        self._become(self.rows)
        return [row for row in found if row in self.rows]

    def _one(self, name: str) -> ItemRow:
        number, _, path = name.partition(".")
        row = next((row for row in self.rows if str(row.number) == number.lstrip("0")), None)
        if row is None:
            raise self._unknown(number)
        return self._part(row, path) if path else row

    def _unknown(self, number: str) -> NotFoundError:
        """Return what is said of an item that is not there: which ones are, or why none is."""
        own = self.ticket.number
        stands = refused_whole(self.rows)
        if stands is not None and office.kind_rule(self.ticket.kind, self.ticket.scope).searches:
            return NotFoundError(
                f"there is no item {number}: the request is refused as a whole ({stands.ground})",
                hint=f"dsr propose {own} --grant all --draft, then name the items",
            )
        named = [f"{row.number} {row.label}" for row in self.rows[:_NAMED]]
        more = len(self.rows) - len(named)
        rest = f", and {more} more: dsr show {own}" if more else ""
        return NotFoundError(f"there is no item {number}", hint=f"items: {', '.join(named)}{rest}")

    def _part(self, row: ItemRow, path: str) -> ItemRow:
        """Return an item for a part of another one; it takes over what was decided on that."""
        place = self._named(row, path)
        there = next((each for each in self.rows if place_of(each) == place), None)
        if there is not None:
            return there
        made = self._new(place)
        _take_over(made, self._deciding(place) or row)
        self.rows.append(made)
        return made

    def _named(self, row: ItemRow, path: str) -> Place:
        if not row.source or row.field:
            raise UsageError(
                f"item {row.number} has no parts", hint=f"dsr show {self.ticket.number}"
            )
        words = path.split(".") if not row.collection else [row.collection, *path.split(".")]
        covered = places(self.session, self.ticket, self.catalogue, self.rows)
        names = [name for source, name in covered if source == row.source]
        table = self.catalogue.collection(row.source, words[0])
        if words[0] not in names or table is None:
            raise NotFoundError(
                f"item {row.number} has no collection {words[0]!r}", hint=nearest(words[0], names)
            )
        if len(words) == 1:
            return Place(row.source, table.name)
        fields = [each.name for each in table.fields]
        name = ".".join(words[1:])
        if name not in fields:
            raise NotFoundError(
                f"item {row.number} has no field {name!r}", hint=nearest(name, fields)
            )
        return Place(row.source, table.name, name)

    def _become(self, rows: Iterable[ItemRow]) -> None:
        """Take these items as the list; one of which all is split off decides nothing more."""
        self.rows[:] = sorted(rows, key=lambda row: row.number)
        for row in list(self.rows):
            if not row.field and row.source and not self._covers(row):
                self.rows.remove(row)

    def _covers(self, row: ItemRow) -> bool:
        """Tell whether an item decides on something of a person, or on what no datamap tells of."""
        covered = places(self.session, self.ticket, self.catalogue, self.rows)
        mine = [
            place
            for place in covered
            if place[0] == row.source and row.collection in {"", place[1]}
        ]
        for place in mine:
            table = self.catalogue.collection(*place)
            cells = [*personal_fields(table)] if table else []
            rest = not cells and deciding(self.rows, place, table, None) is row
            if rest or any(deciding(self.rows, place, table, each) is row for each in cells):
                return True
        return False


def _grouped(
    plain: Sequence[tuple[str, str]], catalogue: Catalogue, grain: Grain
) -> dict[Place, list[Place]]:
    """Return the places of a grain, each with the fields that it covers."""
    grouped: dict[Place, list[Place]] = {}
    for source, name in plain:
        table = catalogue.collection(source, name)
        assert table is not None
        for place, cell in _cells(source, table, grain):
            grouped.setdefault(place, []).append(cell)
    return grouped


def _cells(source: str, table: Collection, grain: Grain) -> Iterator[tuple[Place, Place]]:
    fields = list(personal_fields(table))
    if not fields:
        yield Place(source, table.name), Place(source, table.name)
    for each in fields:
        cell = Place(source, table.name, each.name)
        code = office.category_of(data_category(table, each)).code
        yield (
            {
                Grain.FIELD: cell,
                Grain.COLLECTION: Place(source, table.name),
                Grain.CATEGORY: Place(source, category=code),
                Grain.SOURCE: Place(source),
            }[grain],
            cell,
        )


def _decision(row: ItemRow | None) -> tuple[object, ...]:
    """Return what is decided on an item; what no item decides on is granted."""
    if row is None:
        return (Proposal.GRANT, "", "", "", "", (), None, "", "", None)
    values = (getattr(row, name) for name in _DECISION)
    return tuple(tuple(value) if isinstance(value, list) else value for value in values)


def _take_over(row: ItemRow, other: ItemRow | None) -> None:
    for name in _DECISION if other is not None and other is not row else ():
        value = getattr(other, name)
        setattr(row, name, list(value) if isinstance(value, list) else value)
