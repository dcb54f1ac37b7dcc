"""One clock worked through, move by move. What is asked of clocks is in clocks.py."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dsr.domain.calendars import PLAIN_WEEK, Calendar, YearDays
from dsr.domain.clock_facts import ClockFacts, Wait, wait_for_proof, waits
from dsr.domain.clock_words import (
    ACT_BY,
    LAST_DAY,
    TARGET,
    on_day,
    period_text,
    provisional_text,
    roll_text,
    said,
    waiting_text,
    zone_text,
)
from dsr.domain.law import ClockRule, Extension, Law, Period, Unit
from dsr.domain.periods import after
from dsr.domain.vocabulary import ClockMode

HOUSE = "rule of the house"


@dataclass(frozen=True, slots=True)
class ClockStep:
    """One move of the calculation, for a reader who checks it; equal days: it moved nothing."""

    rule: str
    from_on: date
    to_on: date
    citation: str
    text: str


class Reckoning:
    """Works one clock through, writes each move down, remembers which unpublished years it met.

    Attributes:
        steps: The moves so far.
        waiting: A wait is open that will move the dates when it ends.
        disputed: Days that were added on the milder of two readings.
        unpublished: The years without a schedule that a date depends on.
        moving: Which dates those years may move.
    """

    def __init__(
        self,
        law: Law,
        rule: ClockRule,
        facts: ClockFacts,
        *,
        calendar: Calendar | None,
        as_of: date | None,
        target_calendar: Calendar | None = None,
    ) -> None:
        self.law, self.rule, self.facts, self.calendar = law, rule, facts, calendar
        self.days = calendar or PLAIN_WEEK
        self.target_days = target_calendar or self.days
        self.as_of, self.waits = as_of, waits(facts, as_of)
        self.steps: list[ClockStep] = []
        self.waiting = False
        self.disputed = timedelta()
        self.told: date | None = None
        self.unpublished: dict[int, YearDays] = {}
        self.moving: dict[int, dict[str, None]] = {}

    def start(self) -> date:
        """Return the day from which the period runs."""
        received = start = self.facts.received_on
        text = f"received on {on_day(received)}; that day is not counted"
        self._note_zone(received)
        self._write("start", (received, received), text, self.law.counting.citation)
        if self.rule.mode is ClockMode.FROM_VERIFIED:
            return self._start_when_verified()
        for wait in self.waits:
            if wait.reason in self.rule.restarts_for and self._moves(wait, self._until(start)):
                start = max(start, wait.until_on)
        if start > received:
            text = f"the answer came on {on_day(start)}; the period runs anew from there"
            if self.waiting and self.as_of is None:
                text = waiting_text(start)
            self._write("restart", (received, start), text, self._waiting_cited())
        return start

    def nominal(self, start: date) -> date:
        """Return the end of the period, with its extension, then with the days of waiting."""
        base = self._after(start, self.rule.period)
        cited = f"{self.rule.period.citation}; {self.law.counting.citation}"
        self._write(
            "period",
            (start, base),
            period_text(self.rule.period, start, base, self.calendar),
            cited,
        )
        due = self._extended(start, base)
        for wait, before, moved in self._pauses(start, due):
            if self._moves(wait, before):
                text = f"{(moved - before).days} days of waiting for {wait.reason} are added"
                if wait.is_open and self.as_of is None:
                    text = waiting_text(wait.until_on)
                self._write("pause", (before, moved), text, self._waiting_cited())
                self.disputed += self._both_ends() if moved > before else timedelta()
            due = moved
        return self._as_told(due)

    def roll(self, nominal: date) -> date:
        """Return the last day in time: the nominal one, or the next working day where it is off."""
        roll = self.law.roll
        if roll is None:
            return nominal
        legal = self.days.next_working(nominal) if self.calendar else nominal
        self._touch(nominal, legal)
        if text := roll_text(self.law.code, nominal, legal, self.calendar):
            self._write("roll", (nominal, legal), text, roll.citation)
        return legal

    def authority(self, nominal: date, legal: date) -> tuple[date, date]:
        """Return both dates under an authority's letter, which can only bring them nearer."""
        due = self.facts.authority_due_on
        if due is None:
            return nominal, legal
        nearer = min(due, legal)
        text = f"an authority asks for the answer by {on_day(due)}"
        if nearer < due:
            text += ", which gives no more time than the law; it moves nothing"
        self._write("authority", (legal, nearer), text, "the authority's letter")
        return min(nominal, due), nearer

    def safe(self, start: date, nominal: date) -> date:
        """Return the end of the period as its stricter reading has it, else the nominal date."""
        strict, ended = self.rule.safe, nominal - self.disputed
        if strict is not None:
            ended -= self._after(start, self.rule.period) - self._after(start, strict)
        if ended == nominal:
            return nominal
        text = f"read strictly the period ends on {on_day(ended)}, and the office works to that"
        cited = strict.citation if strict is not None else self._waiting_cited()
        self._write("safe", (nominal, ended), text, cited)
        return ended

    def target(self, nominal: date) -> date:
        """Return the day to work to: the last working day not after the nominal date."""
        target = self.target_days.last_working_not_after(nominal)
        self._touch(target, nominal, TARGET, self.target_days)
        text = f"the last working day not after the nominal date is {on_day(target)}"
        self._write("target", (nominal, target), text, HOUSE)
        return target

    def act_by(self, nominal: date) -> date | None:
        """Return the day by which the thing itself is done, at the latest with the answer."""
        period, received = self.rule.act_by, self.facts.received_on
        if period is None:
            return None
        done = min(self._after(received, period, ACT_BY), nominal)
        text = f"the thing itself is done within {said(period)} of receipt, before the answer"
        self._write("act_by", (received, done), text, period.citation)
        return done

    def note_unpublished(self, nominal: date) -> None:
        """Write down the years that a date depends on and whose schedule is not published."""
        for year in sorted(self.unpublished):
            text = provisional_text(year, [*self.moving[year]])
            self._write("provisional", (nominal, nominal), text, self.unpublished[year].source)

    def is_provisional(self) -> bool:
        """Return whether a date may move that is not the office's own target."""
        return any(moving.keys() - {TARGET} for moving in self.moving.values())

    def _note_zone(self, received: date) -> None:
        """Write down where the day of receipt is an earlier one than at the office."""
        office, receipt = self.facts.office_received_on, self.law.receipt
        if office is not None and office != received:
            text = zone_text(office, received, self.law)
            cited = receipt.citation if receipt else self.law.counting.citation
            self._write("zone", (office, received), text, cited)

    def _start_when_verified(self) -> date:
        received, verified = self.facts.received_on, self.facts.verified_on
        if verified is not None and verified <= received:
            return received
        for wait in wait_for_proof(self.facts, None):
            if not self._moves(wait):
                continue
            if verified is None:
                text = "identity is not verified yet; counted from receipt until it is"
            else:
                text = f"identity was verified on {on_day(verified)}; the period runs from there"
            move = (received, verified or received)
            self._write("verified", move, text, self._waiting_cited())
            return move[1]
        return received

    def _extended(self, start: date, base: date) -> date:
        """Return the period's end with the extension that was given, if it was given in time."""
        extension, given = self.law.extension, self.facts.extended_on
        if given is None:
            return base
        first = max((moved for _, _, moved in self._pauses(start, base)), default=base)
        if extension is None or not self.rule.extendable:
            longer, cited = base, self.law.citation
            text = "there is no extension here; the notice moves nothing"
        elif given > first:
            longer, cited = base, extension.notice.citation
            text = f"the notice left on {on_day(given)}, after {on_day(first)}; it moves nothing"
        else:
            longer, cited = self._longer(start, base, extension), extension.conditions.citation
            text = f"the notice left on {on_day(given)}"
            if self.facts.notice_supposed:
                text = "supposing that the notice left in time"
            text += f"; counted anew from {on_day(start)}"
            if self.facts.extended_to_on is not None:
                self.told = max(first, self.facts.extended_to_on)
        self._write("extension", (base, longer), text, cited)
        return longer

    def _longer(self, start: date, base: date, extension: Extension) -> date:
        added, period = extension.period, self.rule.period
        if added is None:
            return max(base, self.facts.extended_to_on or base)
        return self._after(start, replace(period, amount=period.amount + added.amount))

    def _as_told(self, due: date) -> date:
        """Return the day that the person was told, where a notice named an earlier one."""
        if self.told is None or self.told >= due or self.law.extension is None:
            return due
        text = f"the notice names {on_day(self.told)}, and what was told holds"
        self._write("extension", (due, self.told), text, self.law.extension.notice.citation)
        return self.told

    def _pauses(self, start: date, base: date) -> Iterator[tuple[Wait, date, date]]:
        """Yield each wait that this clock knows, with the last day before and after it."""
        covered, due = start + self._both_ends(), base  # the day of the start counts nowhere
        for wait in self.waits:
            if wait.asked_on is None or wait.reason not in self.rule.pauses_for:
                continue
            before = due
            if self._objection(wait, due) is None:
                end = wait.until_on + self._both_ends()
                due += max(end - max(wait.asked_on, covered), timedelta())
                covered = max(covered, end)
            yield wait, before, due

    def _both_ends(self) -> timedelta:
        return timedelta(days=int(self.rule.both_ends_count))

    def _until(self, start: date) -> date:
        """Return the nominal day of the period from a start, without a word of it."""
        silent = Reckoning(
            self.law, self.rule, self.facts, calendar=self.calendar, as_of=self.as_of
        )
        return silent.nominal(start)

    def _objection(self, wait: Wait, due: date | None) -> str | None:
        """Return why a wait moves nothing, or None where it moves the clock."""
        credit, asked = self.rule.credit, wait.asked_on
        if credit is not None:
            last = self._after(self.facts.received_on, credit)
            if asked is None or asked > last:
                within = f"{said(credit)} of receipt ({on_day(last)})"
                return f"{wait.reason} was not asked for within {within}"
        if due is None:
            return None
        if asked is None:
            return f"{wait.reason} was not asked for"
        return f"{wait.reason} was asked for after the last day" if asked > due else None

    def _moves(self, wait: Wait, due: date | None = None) -> bool:
        """Return whether a wait moves the clock; write down why where it does not."""
        objection = self._objection(wait, due)
        if objection is None:
            self.waiting = self.waiting or wait.is_open
            return True
        at = due or self.facts.received_on
        cited = self.rule.credit.citation if self.rule.credit else self._waiting_cited()
        self._write("credit", (at, at), f"{objection}; the wait moves nothing", cited)
        return False

    def _after(self, start: date, period: Period, what: str = LAST_DAY) -> date:
        """Return a period's last day, and take note of the years it was counted through."""
        end = after(start, period.amount, period.unit, self.days)
        if period.unit is Unit.WORKING_DAYS:
            self._touch(start + timedelta(days=1), end, what)
        return end

    def _touch(
        self, first: date, last: date, what: str = LAST_DAY, calendar: Calendar | None = None
    ) -> None:
        for days in (calendar or self.days).unpublished(first, last):
            self.unpublished[days.year] = days
            self.moving.setdefault(days.year, {})[what] = None

    def _write(self, rule: str, move: tuple[date, date], text: str, citation: str) -> None:
        self.steps.append(ClockStep(rule, *move, citation, text))

    def _waiting_cited(self) -> str:
        return self.rule.waiting.citation if self.rule.waiting else self.rule.period.citation
