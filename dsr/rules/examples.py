"""The examples in a law's file, and whether the law computes them as they say."""

from dataclasses import dataclass, fields
from datetime import date
from importlib.resources.abc import Traversable

from dsr.domain.clock_facts import ClockFacts
from dsr.domain.clocks import compute
from dsr.domain.vocabulary import Kind, Scope
from dsr.errors import ConfigError, UsageError
from dsr.rules.book import calendar_for
from dsr.rules.packs import read_law
from dsr.rules.reading import into, read_toml


@dataclass(frozen=True, slots=True)
class Expected:
    """The dates that an example names; a target or act-by that it leaves out is not compared."""

    due_nominal_on: date
    due_legal_on: date
    target_on: date | None = None
    act_by_on: date | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """A calculation whose outcome somebody worked out by hand."""

    text: str
    kind: Kind
    facts: ClockFacts
    expect: Expected
    scope: Scope | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class _File:
    examples: tuple[Example, ...]


def read_examples(place: Traversable) -> tuple[Example, ...]:
    """Return the examples of one law's file.

    Raises:
        ConfigError: There is none, or one is wrong; file and key are named.
    """
    values = read_toml(place).get("examples")
    if not values:
        raise ConfigError(f"{place}: examples: a law has at least one")
    try:
        return into(_File, {"examples": values}, str(place)).examples
    except UsageError as error:  # the facts of one contradict each other
        raise ConfigError(f"{place}: examples: {error}") from None


def differences(place: Traversable) -> list[str]:
    """Return what a law's file computes otherwise than its examples say.

    Raises:
        ConfigError: The file is wrong; file and key are named.
    """
    law = read_law(place)
    found: list[str] = []
    for example in read_examples(place):
        calendar = calendar_for(law, example.place)
        dates = compute(law, example.kind, example.scope, example.facts, calendar=calendar)
        for field in fields(Expected):
            wanted, computed = getattr(example.expect, field.name), getattr(dates, field.name)
            if wanted not in {None, computed}:
                found.append(f"{example.text}: {field.name} is {computed}, not {wanted}")
    return found
