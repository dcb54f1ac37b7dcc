"""What was read, made fit to be written: no field of a message holds what no file can."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from dsr.intake.decode import storable

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

D = TypeVar("D", bound="DataclassInstance")


def fit(record: D) -> D:
    """Return a record of texts, whatever lies in it, that can be written as it is.

    Args:
        record: A message, or a part of one; it is given back itself if nothing is amiss.
    """
    changed = {}
    for each in fields(record):
        value = getattr(record, each.name)
        made = _fit(value)
        if made is not value and made != value:
            changed[each.name] = made
    return replace(record, **changed) if changed else record


def _fit(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, tuple):
        return tuple(map(_fit, value))
    if isinstance(value, Mapping):
        return {_fit(key): _fit(each) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return fit(value)
    return value
