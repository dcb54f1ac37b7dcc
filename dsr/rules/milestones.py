"""Reads the office's own pace and the monitor's tiers, and computes the examples beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from dsr.domain.cited import Tier
from dsr.domain.milestones import Course, Milestone, Pace, Stage, UnderLaw, milestones
from dsr.domain.vocabulary import Kind, Scope
from dsr.errors import ConfigError
from dsr.rules import book, office
from dsr.rules.reading import DATA, into, read_toml

if TYPE_CHECKING:  # a list reads calendars only
    from dsr.domain.law import Law

PLACE = DATA / "milestones.toml"


@dataclass(frozen=True, slots=True)
class Example:
    """The milestones of a request under one law, worked out by hand."""

    text: str
    kind: Kind
    law: str
    received_on: date
    expect: Mapping[Stage, date]
    scope: Scope | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class _File:
    paces: tuple[Pace, ...]
    tiers: tuple[Tier, ...]
    examples: tuple[Example, ...]


@cache
def _file() -> _File:
    return into(_File, read_toml(PLACE), PLACE.name)


def pace_of(kind: Kind, scope: Scope | None) -> Pace:
    """Return the office's own pace for a kind and scope.

    Raises:
        ConfigError: The file is wrong, or none serves it.
    """
    for pace in _file().paces:
        if pace.serves(kind, scope):
            return pace
    raise ConfigError(f"{PLACE.name}: paces: none serves {kind}")


def tiers_of(law: "Law") -> Sequence[Tier]:
    """Return when the monitor speaks under a law: the pack's own tiers, else the office's."""
    return law.tiers or _file().tiers


def examples() -> tuple[Example, ...]:
    """Return the examples of the file."""
    return _file().examples


def computed(example: Example) -> tuple[Milestone, ...]:
    """Return what the milestones of an example really are, in an office of its law's calendar."""
    from dsr.domain.clocks import ClockFacts, compute

    law = book.law(example.law)
    calendar, target = book.calendars_for(law, example.place)
    right = (example.kind, example.scope)
    facts = ClockFacts(received_on=example.received_on)
    dates = compute(law, *right, facts, calendar=calendar, target_calendar=target)
    needs_proof = office.kind_rule(example.kind, example.scope).needs_proof
    course = Course(
        example.kind, example.scope, example.received_on, dates.target_on, needs_proof=needs_proof
    )
    under = UnderLaw(law, example.received_on, calendar)
    return milestones(course, [under], pace_of(example.kind, example.scope), calendar)
