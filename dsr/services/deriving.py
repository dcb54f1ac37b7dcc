"""How dates come about: step by step with articles, and day by day where asked."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date

from dsr.domain.clock_facts import ClockFacts
from dsr.domain.clocks import acknowledge_by
from dsr.domain.day_by_day import day_by_day
from dsr.domain.law import PLACE, Law
from dsr.domain.reckoning import ClockStep
from dsr.errors import UsageError
from dsr.rules import book
from dsr.services.dates import Asked, asked_of, clock_under, facts_under
from dsr.services.desk import Desk
from dsr.services.steps import ticket_of

#: Days of a span that are told one by one: more than any law gives, with long waits.
MOST_DAYS = 1100


@dataclass(frozen=True, slots=True)
class DerivationView:
    """One law's dates and how they come about.

    Attributes:
        acknowledge_on: By when receipt is confirmed, where the law or the house names a period.
        certainty: How sure the length of the period is.
        days: The span day by day, where it was asked for.
    """

    law: str
    kind: str
    mode: str
    start_on: date
    due_nominal_on: date
    due_legal_on: date
    target_on: date
    act_by_on: date | None
    provisional: bool
    steps: tuple[dict[str, object], ...]
    acknowledge_on: date | None
    certainty: str
    days: tuple[dict[str, object], ...] | None


def derivations(desk: Desk, number: int, *, days: bool = False) -> list[DerivationView]:
    """Return the dates of a ticket's laws with how they come about.

    Args:
        desk: The desk.
        number: The ticket.
        days: Whether each span is told day by day besides.

    Raises:
        NotFoundError: There is no such ticket.
        ConfigError: No pack is the version that the ticket pins.
    """
    with desk.read() as session:
        asked, facts = asked_of(session, ticket_of(session, number))
    return [derivation(code, asked, facts, days=days) for code in asked.laws]


def derivation(code: str, asked: Asked, facts: ClockFacts, *, days: bool) -> DerivationView:
    """Return one law's dates as they are shown.

    Raises:
        NotFoundError: The law sets no clock for the kind, or there is no such law or place.
        NotAllowedError: The law was not in force on the day of receipt.
        UsageError: The span is too long to be told day by day.
    """
    law = book.law(code, asked.laws[code])
    rule = law.clock(asked.kind, asked.scope)
    dates = clock_under(code, asked, facts)
    assert rule is not None
    calendar = book.calendar_for(law, asked.place)
    received_on = facts_under(law, facts, asked.received_at).received_on
    if days and (long := (dates.due_legal_on - received_on).days) > MOST_DAYS:
        raise UsageError(
            f"the span of {law.code} has {long} days, and at most {MOST_DAYS} are told one by one",
            hint="dsr due --explain, without --days",
        )
    spans = day_by_day(dates, rule.period, calendar, received_on) if days else None
    return DerivationView(
        law=dates.law,
        kind=dates.kind.value,
        mode=dates.mode.value,
        start_on=dates.start_on,
        due_nominal_on=dates.due_nominal_on,
        due_legal_on=dates.due_legal_on,
        target_on=dates.target_on,
        act_by_on=dates.act_by_on,
        provisional=dates.provisional,
        steps=told((*_of_place(law, asked.place, received_on), *dates.steps)),
        acknowledge_on=acknowledge_by(
            law, asked.kind, received_on, calendar=calendar, scope=asked.scope
        ),
        certainty=rule.period.certainty.value,
        days=tuple(map(asdict, spans)) if spans is not None else None,
    )


def _of_place(law: Law, place: str | None, received_on: date) -> Iterator[ClockStep]:
    """Say of a place that it is none of a law whose place counts."""
    if law.calendar == PLACE and place is not None and not book.is_place_of(law, place):
        text = f"{place} is no place of {law.code}: its holidays do not count"
        cited = law.roll.citation if law.roll else law.counting.citation
        yield ClockStep("place", received_on, received_on, cited, text)


def told(steps: Iterable[ClockStep]) -> tuple[dict[str, object], ...]:
    """Return moves as they are shown."""
    return tuple(
        {
            "rule": step.rule,
            "from": step.from_on,
            "to": step.to_on,
            "citation": step.citation,
            "text": step.text,
        }
        for step in steps
    )
