"""What a law states, piece by piece, each with its source and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from dsr.domain.vocabulary import Kind, LetterName

NOTHING: Mapping[Any, Any] = MappingProxyType({})


def nothing() -> Mapping[Any, Any]:
    """Return an empty mapping, for a field that is seldom filled."""
    return NOTHING


class Unit(StrEnum):
    """In what a period is counted; working days are those of the place's calendar."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


class Certainty(StrEnum):
    """How sure a statement is.

    VERIFIED was read in the official text, SECONDARY in what others write about it, and DESIGN is
    this house's choice where the law names nothing.
    """

    VERIFIED = "verified"
    SECONDARY = "secondary"
    DESIGN = "design"


@dataclass(frozen=True, slots=True)
class Article:
    """Where a rule stands that needs no number and no words."""

    citation: str
    certainty: Certainty

    def __post_init__(self) -> None:
        _needs_citation(self.citation)


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as a law words it: fifteen working days, one month."""

    amount: int
    unit: Unit
    citation: str
    certainty: Certainty

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError("a period has an amount of at least 1")
        _needs_citation(self.citation)


@dataclass(frozen=True, slots=True)
class Age:
    """A birthday in completed years."""

    years: int
    citation: str
    certainty: Certainty

    def __post_init__(self) -> None:
        _needs_citation(self.citation)


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence for the requester in each language, by its BCP 47 code ("en", "zh")."""

    text: Mapping[str, str]
    citation: str
    certainty: Certainty

    def __post_init__(self) -> None:
        _needs_citation(self.citation)


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that a letter must do; equal codes under several laws are one duty.

    Attributes:
        text: What must be done, for the office.
        letters: The letters that it binds; none means whatever gives less than was asked.
        needs: The letter's facts that it makes mandatory, by their names in fields.toml.
        tell: A sentence of the letter to the requester; empty where the facts say it.
    """

    code: str
    text: Mapping[str, str]
    citation: str
    certainty: Certainty
    letters: tuple[LetterName, ...] = ()
    needs: tuple[str, ...] = ()
    tell: Mapping[str, str] = field(default_factory=nothing)

    def __post_init__(self) -> None:
        _needs_citation(self.citation)


@dataclass(frozen=True, slots=True)
class Keep:
    """What was asked for and not given is kept; after the period an officer looks whether it ends.

    Attributes:
        kinds: The requests whose refusal it follows.
        text: The article, as a letter that keeps it from erasure cites it, by language.
        until: Until when, in words of that letter, by language.
    """

    kinds: tuple[Kind, ...]
    amount: int
    unit: Unit
    text: Mapping[str, str]
    until: Mapping[str, str]
    citation: str
    certainty: Certainty

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError("a period has an amount of at least 1")
        _needs_citation(self.citation)

    @property
    def period(self) -> Period:
        """The period after which somebody looks."""
        return Period(self.amount, self.unit, self.citation, self.certainty)


@dataclass(frozen=True, slots=True)
class Start:
    """The day from which a law's rights can be used: nothing received before it has a clock."""

    on: date
    citation: str
    certainty: Certainty

    def __post_init__(self) -> None:
        _needs_citation(self.citation)


@dataclass(frozen=True, slots=True)
class Equivalent:
    """What letters cite under this law for a ground of the policy, by language."""

    text: Mapping[str, str]
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Tier:
    """How near a date is, for the monitor: the first tier that fits is the one.

    Attributes:
        code: A word, as `soon`.
        days_left: At most this many working days are left; below 0 the date has passed.
    """

    code: str
    days_left: int
    citation: str
    certainty: Certainty

    def __post_init__(self) -> None:
        _needs_citation(self.citation)


def _needs_citation(citation: str) -> None:
    if not citation.strip():
        raise ValueError("it needs a citation")
