"""The examples in a law's file, and whether the law computes them as they say."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from importlib.resources.abc import Traversable
from typing import Any

from dsr.domain.clock_facts import ClockFacts
from dsr.domain.clocks import compute
from dsr.domain.law import Law
from dsr.domain.vocabulary import Kind, Scope
from dsr.errors import ConfigError, DsrError, UsageError
from dsr.rules.book import calendar_for
from dsr.rules.packs import read_law, whole
from dsr.rules.reading import Fault, RuleError, into, read_toml
from dsr.rules.soundness import of_type

#: The days that examples speak of: counting to the year 9999 would take minutes.
EARLIEST, LATEST = date(1990, 1, 1), date(2200, 12, 31)


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
    """Return the examples of one law's file; an override without any has the shipped ones.

    Raises:
        ConfigError: There is none, or one is wrong; file and key are named.
    """
    said = read_toml(place)
    values = said.get("examples")
    if values is None and said.get("replaces"):
        values = whole(place, said).get("examples")
    if not values:
        raise RuleError(place, [Fault("examples", "a law has at least one")])
    try:
        return into(_File, {"examples": values}, str(place)).examples
    except UsageError as error:  # the facts of one contradict each other
        told = enumerate(values, start=1)
        number = next(number for number, value in told if _contradicts_itself(value, place))
        raise RuleError(place, [Fault(f"examples.{number}.facts", str(error))]) from None


def _contradicts_itself(value: Any, place: Traversable) -> bool:
    """Return whether the facts of an example contradict each other."""
    try:
        into(Example, value, str(place))
    except UsageError:
        return True
    except ConfigError:  # wrong in another way, which is told when this is mended
        return False
    return False


def differences(place: Traversable) -> list[str]:
    """Return what a law's file computes otherwise than its examples say.

    Raises:
        ConfigError: The file is wrong; file and key are named.
    """
    law = read_law(place)
    return [
        f"{example.text}: {said}"
        for example in read_examples(place)
        for said in wrong(law, example)
    ]


def wrong(law: Law, example: Example) -> Iterator[str]:
    """Give what a law computes otherwise than an example says, in words with both dates."""
    days = [day for _, day in of_type((example.facts, example.expect), date)]
    if any(not EARLIEST <= day <= LATEST for day in days):
        yield f"its days are from {EARLIEST} to {LATEST}"
        return
    rule = law.clock(example.kind, example.scope)
    if example.facts.extended_on and rule and not (law.extension and rule.extendable):
        yield f"facts.extended_on: {law.code} allows no extension ({rule.period.citation})"
        return
    dates: Any = None
    try:
        calendar = calendar_for(law, example.place)
        dates = compute(law, example.kind, example.scope, example.facts, calendar=calendar)
    except (DsrError, OverflowError) as error:
        yield f"it does not compute: {error}"
        return
    for field in fields(Expected):
        wanted, computed = getattr(example.expect, field.name), getattr(dates, field.name)
        if wanted not in {None, computed}:
            yield f"{field.name} is {computed}, not {wanted}"


def example_faults(place: Traversable, law: Law) -> Iterator[Fault]:
    """Give what is wrong with the examples of a file, whose law is read already."""
    try:
        examples = read_examples(place)
    except RuleError as error:
        yield from error.faults
        return
    for number, example in enumerate(examples, start=1):
        for said in wrong(law, example):
            yield Fault(f"examples.{number}", f"{example.text}: {said}")
