"""What was read, made fit to be written: no field of a message holds what no file can."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
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
    for name in _names(type(record)):
        value = getattr(record, name)
        if value and (made := _fit(value)) is not value and made != value:
            changed[name] = made
    return replace(record, **changed) if changed else record


@cache
def _names(kind: type["DataclassInstance"]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


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
