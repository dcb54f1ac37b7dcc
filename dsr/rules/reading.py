"""Reads one TOML rule file into dataclasses, and names file, key and mend where it is wrong."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar, get_args, get_origin

from dsr.errors import ConfigError, nearest

T = TypeVar("T")

DATA: Traversable = files("dsr.rules") / "data"


def read_toml(place: Traversable) -> dict[str, Any]:
    """Return a TOML file's tables.

    Raises:
        ConfigError: The file is missing, is no UTF-8, or is no TOML; the line is named.
    """
    try:
        return tomllib.loads(place.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{place}: cannot be read ({type(error).__name__})") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{place}: {error}", hint="correct the file at that line") from None


def into(shape: type[T], values: Mapping[str, Any], place: str) -> T:
    """Return values as a dataclass, strictly: what the dataclass does not know is an error.

    Args:
        shape: A dataclass, of fields that may be dataclasses, tuples or mappings of them.
        values: What the file says.
        place: The file, for the error.

    Raises:
        ConfigError: A key is missing, unknown, or of a wrong type; the path of the key is named.
    """
    from pydantic import TypeAdapter, ValidationError

    _refuse_unknown(shape, values, place, "")
    try:
        return TypeAdapter(shape).validate_python(dict(values))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{place}: {key}: {first['msg']}") from None


def _refuse_unknown(shape: Any, values: Any, place: str, path: str) -> None:
    """Walk values beside their shape: pydantic passes over unknown keys of plain dataclasses."""
    if is_dataclass(shape) and isinstance(values, Mapping):
        known = {field.name: field.type for field in fields(shape)}
        for key, value in values.items():
            if key not in known:
                hint = nearest(str(key), list(known))
                raise ConfigError(f"{place}: {path}{key}: unknown key", hint=hint)
            _refuse_unknown(known[key], value, place, f"{path}{key}.")
        return
    inner = [part for part in get_args(shape) if part is not type(None)]
    if not inner:
        return
    if isinstance(values, list):
        for number, value in enumerate(values, start=1):
            _refuse_unknown(inner[0], value, place, f"{path}{number}.")
    elif isinstance(values, Mapping) and len(inner) > 1 and get_origin(shape) is not None:
        for key, value in values.items():
            _refuse_unknown(inner[-1], value, place, f"{path}{key}.")
    else:  # an optional table
        _refuse_unknown(inner[0], values, place, path)
