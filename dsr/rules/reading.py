"""Reads one TOML rule file into dataclasses, and names file, key and mend where it is wrong."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin

import tomli

from dsr.errors import ConfigError, nearest

T = TypeVar("T")

DATA: Traversable = files("dsr.rules") / "data"
OWN, SHIPPED = "own", "shipped"  # whose a rule file is
MOST_BYTES = 1 << 20  # of a rule file: the longest shipped one has a twentieth of it
MOST_DOTS = 200  # of a line: a key of thousands of parts would take the reader minutes


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a rule file.

    Attributes:
        key: The path of the key, as `clocks.1.period.amount`; empty where it is the whole file.
        what: What is wrong.
        hint: What mends it.
    """

    key: str
    what: str
    hint: str = ""


class RuleError(ConfigError):
    """A rule file is wrong; the message tells the first fault.

    Attributes:
        faults: Every one that was found.
    """

    def __init__(self, place: object, faults: Sequence[Fault]) -> None:
        first = faults[0]
        key = f"{first.key}: " if first.key else ""
        more = f" (and {len(faults) - 1} more: dsr law lint)" if len(faults) > 1 else ""
        super().__init__(f"{place}: {key}{first.what}{more}", hint=first.hint)
        self.faults = tuple(faults)


def read_toml(place: Traversable) -> dict[str, Any]:
    """Return a TOML file's tables.

    Raises:
        ConfigError: The file is missing, is too long, is no UTF-8, or is no TOML; the line is
            named.
    """
    try:
        return tomli.loads(_content(place).decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise _whole(place, f"cannot be read ({type(error).__name__})") from None
    except tomli.TOMLDecodeError as error:
        raise _whole(place, str(error), "correct the file at that line") from None
    except RecursionError:
        raise _whole(place, "tables or lists are nested too deeply") from None
    except ValueError:  # an integer of thousands of digits
        raise _whole(place, "a number is too long") from None


def _content(place: Traversable) -> bytes:
    if isinstance(place, Path) and place.exists() and not (place.is_file() or place.is_dir()):
        raise _whole(place, "is no file")  # a pipe would never end
    with place.open("rb") as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _whole(place, f"is larger than {MOST_BYTES} bytes")
    if any(line.count(b".") > MOST_DOTS for line in content.split(b"\n")):
        raise _whole(place, f"a line has more than {MOST_DOTS} dots")
    return content


def _whole(place: Traversable, what: str, hint: str = "") -> RuleError:
    return RuleError(place, [Fault("", what, hint)])


def shipped(shape: type[T], name: str) -> T:
    """Return a rule file that comes with the program, as a dataclass; see `into`.

    Raises:
        ConfigError: The file is wrong; the key is named.
    """
    return into(shape, read_toml(DATA / name), name)


def into(shape: type[T], values: Mapping[str, Any], place: str) -> T:
    """Return values as a dataclass, strictly: what the dataclass does not know is an error.

    Args:
        shape: A dataclass, of fields that may be dataclasses, tuples or mappings of them.
        values: What the file says.
        place: The file, for the error.

    Raises:
        RuleError: Keys are missing, unknown, or of a wrong type; the path of each is named.
    """
    from pydantic import ValidationError

    faults = [*_unknown(shape, values, "")]
    try:
        read: T = _validator(cast("Any", shape))(dict(values))
    except ValidationError as error:
        told = error.errors(include_url=False, include_input=False, include_context=False)
        faults += [_told(shape, each["loc"], each["type"], each["msg"]) for each in told]
    if faults:
        raise RuleError(place, faults)
    return read


def _told(shape: Any, parts: tuple[int | str, ...], what: str, said: str) -> Fault:
    hint = _to_type(shape, parts) if what == "missing" else ""
    return Fault(_path(parts), said, hint)


def _to_type(shape: Any, parts: tuple[int | str, ...]) -> str:
    """Return what is typed for a key that is missing; of a table, its keys besides."""
    for part in parts:
        shape = _part_of(shape, part)
    key, table = parts[-1], ".".join(part for part in parts if isinstance(part, str))
    inner = _part_of(shape, 0) if get_origin(shape) is tuple else None
    if is_dataclass(inner):
        return f"[[{table}]] {_keys(inner)}"
    if is_dataclass(shape):
        return f"[{table}] {_keys(shape)}"
    value = _value(shape) if inner is None else f"[{_value(inner).partition(' | ')[0]}]"
    return f"{key} = {value}" if value else ""


def _keys(shape: Any) -> str:
    """Return the keys that a table needs."""
    needed = (f for f in fields(shape) if f.default is MISSING and f.default_factory is MISSING)
    return ", ".join(field.name for field in needed)


def _value(shape: Any) -> str:
    if get_origin(shape) is not None:  # words by language
        return '{ en = "...", zh = "..." }' if get_args(shape) == (str, str) else ""
    if isinstance(shape, type) and issubclass(shape, StrEnum):
        return " | ".join(f'"{each.value}"' for each in shape)
    return {int: "1", str: '"..."', bool: "true", date: "2026-01-31"}.get(shape, "")


def _part_of(shape: Any, part: int | str) -> Any:
    """Return the shape of a key of a table or of an entry of a list; None where it has none."""
    if is_dataclass(shape):
        return next((_plain(f.type) for f in fields(shape) if f.name == part), None)
    args = get_args(shape)
    return _plain(args[0 if get_origin(shape) is tuple else -1]) if args else None


def _plain(shape: Any) -> Any:
    """Return what an optional value is where it is there."""
    inner = [part for part in get_args(shape) if part is not type(None)]
    return inner[0] if get_origin(shape) in {Union, UnionType} and inner else shape


@cache
def _validator(shape: Any) -> Callable[[Any], Any]:
    """Return what makes a dataclass of values: to make it costs more than to use it."""
    from pydantic import TypeAdapter

    return TypeAdapter(shape).validate_python


def _path(parts: Sequence[int | str]) -> str:
    """Return the path of a key; lists are counted from 1, as people do."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in parts)


def _unknown(shape: Any, values: Any, path: str) -> Iterator[Fault]:
    """Walk values beside their shape: pydantic passes over unknown keys of plain dataclasses."""
    if is_dataclass(shape) and isinstance(values, Mapping):
        known = {field.name: field.type for field in fields(shape)}
        for key, value in values.items():
            if key in known:
                yield from _unknown(known[key], value, f"{path}{key}.")
            else:
                yield Fault(f"{path}{key}", "unknown key", nearest(str(key), list(known)))
        return
    inner = [part for part in get_args(shape) if part is not type(None)]
    if not inner:
        return
    if isinstance(values, list):
        if inner[0] is str:  # words, of which there are tens of thousands
            return
        for number, value in enumerate(values, start=1):
            yield from _unknown(inner[0], value, f"{path}{number}.")
    elif isinstance(values, Mapping) and len(inner) > 1 and get_origin(shape) is not None:
        for key, value in values.items():
            yield from _unknown(inner[-1], value, f"{path}{key}.")
    else:  # an optional table
        yield from _unknown(inner[0], values, path)
