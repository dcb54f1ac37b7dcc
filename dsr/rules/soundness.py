"""What a law pack must hold besides its shape, lest a command stumble over it later."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from dsr.domain.cited import Period
from dsr.domain.law import Law
from dsr.domain.vocabulary import Kind, Scope
from dsr.rules.reading import Fault

T = TypeVar("T")

FIRST_LANGUAGE = "en"  # what a text falls back to where it lacks the asked language
LONGEST = 4_000  # of any unit: more is a slip of the pen, and counting it would never end
_VERSION = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def unsound(law: Law, named: str | None) -> Iterator[Fault]:
    """Give what is wrong with a pack that has the right shape.

    Args:
        law: The pack.
        named: The version in the name of its file, if there is one.
    """
    if not _VERSION.fullmatch(law.version):
        yield Fault("version", "is a day, as 2026-01-31")
    elif named is not None and law.version != named:
        yield Fault("version", f"{law.version} is not the {named} of the file's name")
    if not law.citation.strip():
        yield Fault("citation", "it needs a citation")
    if law.zone is not None and not _is_zone(law.zone):
        yield Fault("zone", "is no time zone", "write a name such as Europe/Berlin")
    for path, period in of_type(law, Period):
        if period.amount > LONGEST:
            yield Fault(path, f"a period has an amount of at most {LONGEST}")
    for path, texts in texts_of(law):
        if not texts.get(FIRST_LANGUAGE, "").strip():
            yield Fault(f"{path}.{FIRST_LANGUAGE}", "is missing: every text is there in English")
    yield from _unserved(law)


def _unserved(law: Law) -> Iterator[Fault]:
    unserved = [kind for kind in Kind if not any(kind in rule.kinds for rule in law.clocks)]
    if unserved:
        yield Fault("clocks", f"none serves {', '.join(unserved)}")
        return
    scopes = [scope for scope in Scope if law.clock(Kind.WITHDRAWAL, scope) is None]
    if scopes:
        yield Fault("clocks", f"none serves a withdrawal of {', '.join(scopes)}")


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no key at all, a folder of zones
        return False
    return True


def of_type(value: Any, wanted: type[T]) -> Iterator[tuple[str, T]]:
    """Give every value of a type in a pack, each with the path of its key."""
    for path, each in _walk(value, ""):
        if isinstance(each, wanted):
            yield path, each


def texts_of(law: Law) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Give every text of a pack by language, each with the path of its key; empty ones are none."""
    for path, value in _walk(law, ""):
        if isinstance(value, Mapping) and value and {*map(type, value.values())} == {str}:
            yield path, value


def _walk(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, value
    for key, inner in _inside(value):
        yield from _walk(inner, f"{path}.{key}" if path else key)


def _inside(value: Any) -> Iterator[tuple[str, Any]]:
    if is_dataclass(value):
        yield from ((field.name, getattr(value, field.name)) for field in fields(value))
    elif isinstance(value, Mapping):
        yield from ((str(key), inner) for key, inner in value.items())
    elif isinstance(value, tuple):
        yield from ((str(number), inner) for number, inner in enumerate(value, start=1))
