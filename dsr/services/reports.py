"""Counts for the year's report: requests, times, refusals. Nothing here changes anything."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import ceil

from sqlmodel import Session

from dsr.clock import day_of
from dsr.domain.office import Grade
from dsr.domain.vocabulary import Status
from dsr.errors import UsageError
from dsr.rules import office
from dsr.store.counts import Counts

ENDED = frozenset({Status.ANSWERED, Status.CLOSED})


@dataclass(frozen=True, slots=True)
class ReportView:
    """What happened to the tickets received in one period.

    Attributes:
        period: A month, as `2026-11`, or "all".
        by_law: A ticket under two laws counts under both.
        by_outcome: Of tickets that ended; what is only proposed has none.
        in_time: Answered on its due day or before.
        late: Answered after its due day.
        open_late: Still open, and its due day is over.
        unanswered: Closed without an answer: withdrawn, lapsed, duplicate, no request, referred.
        median_days: From receipt to answer, in calendar days of the office; half take no longer.
        p90_days: Nine of ten take no longer.
        refusals: Tickets that give less than was asked, by ground; the hard ones may be together.
    """

    period: str
    received: int
    by_kind: Mapping[str, int]
    by_law: Mapping[str, int]
    by_channel: Mapping[str, int]
    by_outcome: Mapping[str, int]
    open: int
    open_late: int
    in_time: int
    late: int
    unanswered: int
    median_days: int | None
    p90_days: int | None
    extensions: int
    pauses: int
    refusals: Mapping[str, int]


@dataclass(slots=True)
class _Period:
    """Collects the counts of one period."""

    kinds: Counter[str] = field(default_factory=Counter)
    laws: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)
    extensions: int = 0
    pauses: int = 0

    def view(self, period: str) -> ReportView:
        return ReportView(
            period=period or "all",
            received=self.kinds.total(),
            by_kind=_sorted(self.kinds),
            by_law=_sorted(self.laws),
            by_channel=_sorted(self.channels),
            by_outcome=_sorted(self.outcomes),
            open=self.states["open"] + self.states["open_late"],
            open_late=self.states["open_late"],
            in_time=self.states["in_time"],
            late=self.states["late"],
            unanswered=self.states["unanswered"],
            median_days=_share(self.days, 0.5),
            p90_days=_share(self.days, 0.9),
            extensions=self.extensions,
            pauses=self.pauses,
            refusals=_sorted(self.refusals),
        )


def report(
    session: Session,
    *,
    today: date,
    zone: str,
    first: date | None = None,
    last: date | None = None,
    by: str | None = None,
    apart: bool = False,
) -> list[ReportView]:
    """Return the counts of the tickets received in a span, in one period or month by month.

    Args:
        session: A transaction.
        today: What is due before is late.
        zone: Whose days answers are counted in, an IANA name.
        first: The first day of receipt, included.
        last: The last day of receipt, included.
        by: "month", or None for one period.
        apart: Each ground by itself; else the hard ones are one number, for of the quiet among them
            a small one would tell whose they are.

    Raises:
        UsageError: The span ends before it begins, or `by` is no period.
    """
    if by not in {None, "month"}:
        raise UsageError(f"--by {by} is not known", hint="--by month")
    if first and last and last < first:
        raise UsageError("the span ends before it begins", hint="--from DATE --to DATE")
    counts = Counts(session, first=first, last=last, monthly=by == "month")
    periods: dict[str, _Period] = {} if by else {"": _Period()}
    _count_words(counts, periods, apart=apart)
    _count_times(counts, periods, today, zone)
    return [periods[name].view(name) for name in sorted(periods)]


def _count_words(counts: Counts, periods: dict[str, _Period], *, apart: bool) -> None:
    for name, kind, channel, outcome, count in counts.words():
        period = periods.setdefault(name, _Period())
        period.kinds[kind.value] += count
        period.channels[channel.value] += count
        if outcome:
            period.outcomes[outcome.value] += count
    for name, law, count in counts.laws():
        periods[name].laws[law] += count
    for name, extended, stops in counts.waits():
        if name in periods:
            periods[name].extensions, periods[name].pauses = int(extended or 0), int(stops)
    hard = {g.code for g in office.grounds().values() if g.grade is Grade.HARD and not apart}
    for name, ground, count in counts.refusals(hard, Grade.HARD.value):
        periods[name].refusals[ground] += count


def _count_times(counts: Counts, periods: dict[str, _Period], today: date, zone: str) -> None:
    for name, received_on, due_on, late_after_on, status, answered_at in counts.times():
        period = periods[name]
        if answered_at is not None:
            answered_on = day_of(answered_at, zone)
            period.days[(answered_on - received_on).days] += 1
            period.states["late" if due_on and answered_on > due_on else "in_time"] += 1
        elif status in ENDED:
            period.states["unanswered"] += 1
        else:
            period.states["open_late" if late_after_on and late_after_on < today else "open"] += 1


def _sorted(counter: Counter[str]) -> dict[str, int]:
    """Return counts, the largest first; equal ones by name."""
    return dict(sorted(counter.items(), key=lambda item: (-item[1], item[0])))


def _share(days: Counter[int], share: float) -> int | None:
    """Return the number of days that a share of all answers does not exceed."""
    wanted, passed = ceil(days.total() * share), 0
    for day in sorted(days):
        passed += days[day]
        if passed >= wanted:
            return day
    return None
