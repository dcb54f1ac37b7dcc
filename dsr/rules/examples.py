"""The examples in a law's file, and whether the law computes them as they say."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from importlib.resources.abc import Traversable
from typing import Any

from dsr.domain.calendars import PLAIN_WEEK
from dsr.domain.cited import Unit
from dsr.domain.clock_facts import EARLIEST, LATEST, ClockFacts
from dsr.domain.clocks import compute
from dsr.domain.law import Law
from dsr.domain.periods import after
from dsr.domain.vocabulary import Kind, Scope
from dsr.errors import ConfigError, DsrError, UsageError
from dsr.rules.book import calendars_for
from dsr.rules.packs import whole
from dsr.rules.reading import Fault, RuleError, into, read_toml
from dsr.rules.soundness import of_type

DAYS_OF_A_MONTH = 30


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


def is_mere_count(law: Law, example: Example) -> bool:
    """Return whether an example comes out right also for somebody who knows no calendar.

    Such a count takes thirty days a month, and every weekday for a working day. A law whose last
    day does not move tells itself by what the office works to.
    """
    rule, expect = law.clock(example.kind, example.scope), example.expect
    if rule is None:
        return False
    told = {expect.due_legal_on}
    if law.roll is None:
        told |= {day for day in (expect.target_on, expect.act_by_on) if day is not None}
    unit, amount = rule.period.unit, rule.period.amount
    factor = DAYS_OF_A_MONTH if unit is Unit.MONTHS else 1
    counted = Unit.DAYS if unit is Unit.MONTHS else unit
    return told == {after(example.facts.received_on, amount * factor, counted, PLAIN_WEEK)}


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
        own, target = calendars_for(law, example.place)
        right = (example.kind, example.scope)
        dates = compute(law, *right, example.facts, calendar=own, target_calendar=target)
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
    if all(is_mere_count(law, example) for example in examples):
        said = "each comes out right by counting mere days"
        yield Fault("examples", said, "add one over a holiday, a wait or the end of a month")
