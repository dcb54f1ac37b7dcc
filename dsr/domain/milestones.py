"""What is done by when on the way to an answer, and how near a date is. No number is here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dsr.domain.calendars import PLAIN_WEEK, Calendar
from dsr.domain.cited import Certainty, Period, Tier
from dsr.domain.law import Law
from dsr.domain.periods import after
from dsr.domain.vocabulary import Kind, Scope


class Stage(StrEnum):
    """What is done on the way to an answer, in the usual order."""

    ACKNOWLEDGEMENT = "acknowledgement"
    PROOF = "proof"
    SEARCH = "search"
    PROPOSAL = "proposal"
    TARGET = "internal_target"


#: What is missing where a stage is not met.
LACKING: dict[Stage, str] = {
    Stage.ACKNOWLEDGEMENT: "receipt is not acknowledged",
    Stage.PROOF: "proof is not asked for, so waiting for it will not count",
    Stage.SEARCH: "nothing is searched",
    Stage.PROPOSAL: "nothing is proposed",
    Stage.TARGET: "it is not answered",
}


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the office itself works some kinds, all counted from receipt.

    Attributes:
        kinds: The kinds it serves.
        target: When the answer is out.
        scopes: The scopes of a withdrawal that it serves; none means every scope.
        search: When the sources are searched; None where nothing is.
        proposal: When a decision is proposed; None where that is no step of its own.
    """

    kinds: tuple[Kind, ...]
    target: Period
    scopes: tuple[Scope, ...] = ()
    search: Period | None = None
    proposal: Period | None = None

    def serves(self, kind: Kind, scope: Scope | None) -> bool:
        """Return whether this is the pace of a kind, and of a scope where it names scopes."""
        return kind in self.kinds and (not self.scopes or scope in self.scopes)


@dataclass(frozen=True, slots=True)
class UnderLaw:
    """A law of a ticket, the day of receipt under it, and the working days of its place."""

    law: Law
    received_on: date
    calendar: Calendar | None


@dataclass(frozen=True, slots=True)
class Course:
    """A ticket, as far as its milestones depend on it.

    Attributes:
        received_on: The day of receipt at the office.
        target_on: What its clocks say the office works to; no milestone is later.
        needs_proof: Whether its kind needs proof of identity.
        extended: The person was told a later date, so the office's own target is over, and what is
            proposed comes as many working days before the new one as it did before.
    """

    kind: Kind
    scope: Scope | None
    received_on: date
    target_on: date
    needs_proof: bool = True
    extended: bool = False


@dataclass(frozen=True, slots=True)
class Milestone:
    """The day by which a stage is met: under which law, or by the office's own pace (None)."""

    stage: Stage
    on: date
    law: str | None
    citation: str
    certainty: Certainty


def milestones(
    course: Course, laws: Iterable[UnderLaw], pace: Pace, calendar: Calendar | None
) -> tuple[Milestone, ...]:
    """Return a ticket's milestones, the earliest first; of several laws the earliest day counts.

    Args:
        course: The ticket.
        laws: Its laws.
        pace: The office's own pace for its kind.
        calendar: The office's working days; without one, Monday to Friday.
    """
    found: dict[Stage, Milestone] = {}
    for each in (*_of_laws(course, laws), *_of_office(course, pace, calendar)):
        known = found.get(each.stage)
        if known is None or each.on < known.on:
            found[each.stage] = each
    last = found[Stage.TARGET].on
    capped = (_not_after(last, each) for each in found.values())
    order = tuple(Stage)
    return tuple(sorted(capped, key=lambda each: (each.on, order.index(each.stage))))


def next_open(found: Sequence[Milestone], met: frozenset[Stage]) -> Milestone | None:
    """Return the first milestone that is not met, passed or to come; None where all are met."""
    return next((each for each in found if each.stage not in met), None)


def missed(found: Sequence[Milestone], met: frozenset[Stage], today: date) -> Milestone | None:
    """Return the milestone that was missed last, or None where none was."""
    passed = [each for each in found if each.stage not in met and each.on < today]
    return passed[-1] if passed else None


def tier_of(tiers: Iterable[Tier], days_left: int, *, is_overdue: bool) -> Tier | None:
    """Return the nearest tier that fits, or None where the date is far.

    A tier below 0 fits what is overdue alone: the thing itself may be late while the answer is not.

    Args:
        tiers: Of a law.
        days_left: Working days to the earlier of acting and answering; below 0 it has passed.
        is_overdue: The last day for the answer has passed.
    """
    fitting = (
        tier
        for tier in tiers
        if days_left <= tier.days_left and (is_overdue or tier.days_left >= 0)
    )
    return min(fitting, key=lambda tier: tier.days_left, default=None)


def _of_laws(course: Course, laws: Iterable[UnderLaw]) -> Iterable[Milestone]:
    for each in laws:
        rule = each.law.clock(course.kind, course.scope)
        receipt = (rule.acknowledge if rule else None) or each.law.acknowledge
        if receipt is not None:
            yield _under(each, Stage.ACKNOWLEDGEMENT, receipt)
        if course.needs_proof and rule is not None and rule.credit is not None:
            yield _under(each, Stage.PROOF, rule.credit)


def _under(each: UnderLaw, stage: Stage, period: Period) -> Milestone:
    on = after(each.received_on, period.amount, period.unit, each.calendar or PLAIN_WEEK)
    return Milestone(stage, on, each.law.code, period.citation, period.certainty)


def _of_office(course: Course, pace: Pace, calendar: Calendar | None) -> Iterable[Milestone]:
    stages = (
        (Stage.SEARCH, pace.search),
        (Stage.PROPOSAL, pace.proposal),
        (Stage.TARGET, pace.target),
    )
    days, target = calendar or PLAIN_WEEK, pace.target
    paced_on = after(course.received_on, target.amount, target.unit, days)
    for stage, period in stages:
        if period is not None:
            on = after(course.received_on, period.amount, period.unit, days)
            if course.extended and stage is not Stage.SEARCH:
                on = days.before(course.target_on, days.working_days_between(on, paced_on))
            elif stage is Stage.TARGET:
                on = min(on, course.target_on)
            yield Milestone(stage, on, None, period.citation, period.certainty)


def _not_after(last: date, each: Milestone) -> Milestone:
    return Milestone(each.stage, min(each.on, last), each.law, each.citation, each.certainty)
