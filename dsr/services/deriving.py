"""How dates come about: step by step with articles, and day by day where asked."""

from dataclasses import asdict, dataclass
from datetime import date

from dsr.domain.clock_facts import ClockFacts
from dsr.domain.clocks import ClockDates, acknowledge_by
from dsr.domain.day_by_day import day_by_day
from dsr.rules import book
from dsr.services.dates import Asked, asked_of, clock_under, facts_under
from dsr.services.desk import Desk
from dsr.services.steps import ticket_of


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
    """
    law = book.law(code, asked.laws[code])
    rule = law.clock(asked.kind, asked.scope)
    dates = clock_under(code, asked, facts)
    assert rule is not None
    calendar = book.calendar_for(law, asked.place)
    received_on = facts_under(code, asked.laws[code], facts, asked.received_at).received_on
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
        steps=_steps(dates),
        acknowledge_on=acknowledge_by(
            law, asked.kind, received_on, calendar=calendar, scope=asked.scope
        ),
        certainty=rule.period.certainty.value,
        days=tuple(map(asdict, spans)) if spans is not None else None,
    )


def _steps(dates: ClockDates) -> tuple[dict[str, object], ...]:
    return tuple(
        {
            "rule": step.rule,
            "from": step.from_on,
            "to": step.to_on,
            "citation": step.citation,
            "text": step.text,
        }
        for step in dates.steps
    )
