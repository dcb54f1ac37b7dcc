"""A law's dates without a ticket: what would be due if."""

from dataclasses import dataclass
from datetime import date, timedelta

from dsr.domain.clocks import ClockFacts, Pause
from dsr.domain.law import PauseReason
from dsr.domain.vocabulary import ClockMode, Kind, Scope
from dsr.errors import UsageError
from dsr.rules import book
from dsr.services.dates import what_if
from dsr.services.showing import derivation
from dsr.services.views import DerivationView

#: The days that can be asked about: no law here is older, and every clock ends within reach.
FIRST, LAST = date(1990, 1, 1), date(2200, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is supposed to have happened.

    Attributes:
        asked_on, resumed_on: A wait for proof or clarification, whichever stops the law's clock.
        extended: The extension was taken in time.
    """

    law: str
    kind: Kind
    received_on: date
    scope: Scope | None = None
    place: str | None = None
    verified_on: date | None = None
    asked_on: date | None = None
    resumed_on: date | None = None
    extended: bool = False


def dates(question: Question) -> list[DerivationView]:
    """Return the dates with how they come about.

    Raises:
        NotFoundError: There is no such law or place.
        UsageError: The days contradict each other or are out of reach, or a withdrawal has no
            scope.
    """
    for day in (
        question.received_on,
        question.verified_on,
        question.asked_on,
        question.resumed_on,
    ):
        if day and not FIRST <= day <= LAST:
            raise UsageError("a day is out of reach", hint=f"from {FIRST} to {LAST}")
    if question.kind is Kind.WITHDRAWAL and question.scope is None:
        raise UsageError("a withdrawal needs a scope", hint="--scope marketing")
    if question.resumed_on and not question.asked_on:
        raise UsageError("--resumed needs --asked", hint="dsr due --help")
    found = what_if(
        question.law, question.kind, question.scope, _facts(question), place=question.place
    )
    return [derivation(found)]


def _presumed(question: Question) -> date | None:
    """Return when proof was asked for where nobody says: at once, if verification starts it."""
    rule = book.law(question.law).clock(question.kind, question.scope)
    if question.verified_on and rule and rule.mode is ClockMode.FROM_VERIFIED:
        return question.received_on
    return None


def _facts(question: Question) -> ClockFacts:
    pauses: tuple[Pause, ...] = ()
    if question.asked_on:
        resumed_on = question.resumed_on or question.verified_on
        pauses = (Pause(question.asked_on, resumed_on, PauseReason.PROOF),)
    return ClockFacts(
        received_on=question.received_on,
        verified_on=question.verified_on,
        proof_asked_on=question.asked_on or _presumed(question),
        pauses=pauses,
        extended_on=question.received_on + timedelta(days=1) if question.extended else None,
    )
