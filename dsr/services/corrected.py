"""Which identifiers a correction changes: a proof bound to one of them proves nothing."""

from collections.abc import Iterable, Sequence
from typing import Any

from dsr.domain.authority import Identifier
from dsr.domain.office import belongs
from dsr.domain.people import CATEGORIES, normalise
from dsr.domain.vocabulary import IdentifierType
from dsr.errors import InputError


def corrected(known: Iterable[Identifier], items: Sequence[Any]) -> list[Identifier]:
    """Return those of the known identifiers whose value, old or new, the items change.

    Where an item does not say the old value, every identifier of its category may be meant.
    """
    return [each for each in known if any(_changes(item, *each) for item in items)]


def _changes(item: Any, kind: IdentifierType, value: str) -> bool:
    if value in {_normal(kind, item.old), _normal(kind, item.new)}:
        return True
    category = CATEGORIES.get(kind, "")
    return not item.old and bool(item.category) and belongs(item.category, (category,))


def _normal(kind: IdentifierType, written: str) -> str:
    """Return a value as identifiers are kept; as it stands where it is none of its type."""
    try:
        return normalise(kind, written)
    except InputError:
        return written


def type_of(category: str) -> IdentifierType | None:
    """Return the type of contact point that a data category is, or None."""
    contacts = (IdentifierType.EMAIL, IdentifierType.PHONE)
    return next((kind for kind in contacts if belongs(category, (CATEGORIES[kind],))), None)
