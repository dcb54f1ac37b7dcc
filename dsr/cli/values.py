"""Personal values of options, which come from @file or - and never stand in the arguments."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from dsr.cli.show import App
from dsr.domain.vocabulary import IdentifierType
from dsr.errors import InputError, UsageError, nearest

if TYPE_CHECKING:
    from dsr.services.items import Change


def identifiers(app: App, words: Sequence[str]) -> tuple[tuple[IdentifierType, str], ...]:
    """Return what was said as TYPE=@file or TYPE=-.

    Raises:
        UsageError: A type is unknown, or a value stands in the arguments.
    """
    found = []
    for word in words:
        name, equals, value = word.partition("=")
        kind = identifier_type(name)
        if not equals:
            raise UsageError(f"--identifier {kind} has no value", hint=f"{kind}=@file, or {kind}=-")
        found.append((kind, app.read_private(value, f"the {kind}", option=f"{kind}=")))
    return tuple(found)


def identifier_type(name: str) -> IdentifierType:
    """Return a type of identifier by its word.

    Raises:
        UsageError: There is no such type.
    """
    known = [word.value for word in IdentifierType]
    if name not in known:
        raise UsageError(f"{name!r} is no type of identifier", hint=nearest(name, known))
    return IdentifierType(name)


def birth_date(app: App, value: str) -> date:
    """Return a birth date that stands in a file or on standard input.

    Raises:
        InputError: It is no date; it is not repeated.
    """
    written = app.read_private(value, "the birth date", option="--born")
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise InputError("the birth date is no date", hint="write it as 2014-05-31") from None


def changes(app: App, value: str) -> "tuple[Change, ...]":
    """Return corrections written as lines `field: old -> new`.

    Raises:
        InputError: A line is not of that form; its number is named, not its words.
    """
    from dsr.services.items import Change

    found = []
    text = app.read_private(value, "the changes", option="--changes")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        label, colon, both = line.replace("：", ":").partition(":")
        old, arrow, new = both.replace("→", "->").partition("->")
        if not (colon and arrow and label.strip() and new.strip()):
            raise InputError(
                f"line {number} of the changes cannot be read", hint='write "field: old -> new"'
            )
        found.append(Change(label.strip(), old.strip(), new.strip()))
    return tuple(found)
