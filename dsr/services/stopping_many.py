"""Stopping marketing for a column of addresses: each gets its ticket, and all go to the end."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from dsr.domain.vocabulary import ENDED, Channel, IdentifierType, RequesterRole, Scope
from dsr.errors import DsrError, NotAllowedError, Problem, SourceError, UsageError
from dsr.services.addresses import Line, batches
from dsr.services.alike import for_each
from dsr.services.desk import Desk, Step
from dsr.services.holding import held_among
from dsr.services.measuring import measure
from dsr.services.opening import Opening, Request
from dsr.services.receiving import ByHand, instant_of, keep_notes, key_of
from dsr.services.searching import IDENTITIES
from dsr.services.stopping import RIGHT, answer_if_done, decide, reasons, stop
from dsr.store.suppressions import Entry, Point, asked_already, holding, put
from dsr.store.tables.tickets import TicketRow
from dsr.store.tickets import by_numbers

BATCH = 250  # addresses in one transaction
AGAIN = "the same column again does what is left"


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the addresses of a column reached the office.

    Attributes:
        language: Of the letters; without, Chinese for numbers of China and else English.
        received_on: The day they arrived, where that was not today.
    """

    channel: Channel = Channel.FORM
    language: str | None = None
    received_on: date | None = None


@dataclass(frozen=True, slots=True)
class StoppedView:
    """What became of one line: stopped, skipped or failed."""

    line: int
    ticket: int | None
    outcome: str
    act_by_on: date | None


@dataclass(slots=True)
class Column:
    """A running stop of a column of addresses: the views as they come, and what failed.

    Attributes:
        problems: What failed, by lines and sources, never by what stood there.
        is_source: Whether a source failed.
        seen: The ticket of each address that was read so far; None in a dry run.
    """

    desk: Desk
    lines: Iterable[Line]
    wishes: Wishes
    dry_run: bool = False
    problems: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    is_source: bool = False
    seen: dict[Point, int | None] = field(default_factory=dict)

    def views(self) -> Iterator[StoppedView]:
        """Give what became of each line, batch by batch, each kept before it is told.

        Raises:
            UsageError: The day of receipt is still to come.
        """
        if self.wishes.received_on and self.wishes.received_on > self.desk.today():
            day = self.wishes.received_on
            raise UsageError(f"{day} is still to come", hint="--received DATE")
        for batch in batches(self.lines, BATCH):
            for view in _Batch(self, batch).work():
                self.counts[view.outcome] += 1
                yield view

    def fail(self, where: str, error: DsrError) -> None:
        """Keep what failed, for the end."""
        self.is_source = self.is_source or isinstance(error, SourceError)
        what = f"{error} ({error.hint})" if error.hint else str(error)
        self.problems.append(Problem(where, what, error.exit_code, error.slug))


class _Batch:
    """Some lines of a column, worked together."""

    def __init__(self, column: Column, lines: Sequence[Line]) -> None:
        self.column, self.desk, self.lines = column, column.desk, lines
        self.views: dict[int, StoppedView] = {}
        self.new: list[Line] = []
        self.opened: dict[int, Line] = {}
        self.groups: list[list[int]] = []
        self.repeated: list[tuple[Line, Point]] = []
        self.going_on: list[tuple[Line, int]] = []

    def work(self) -> list[StoppedView]:
        """Work the lines; return what became of each, in order.

        First every ticket with its suppression, then the sources, then the letters: killed in
        between, the next run goes on from there.
        """
        with self.desk.write(keep=not self.column.dry_run) as step:
            key = key_of(step, self.desk)
            self._sort(step, key)
            if self.new:
                self._open(step, key)
        if not self.column.dry_run:
            if self.opened:
                self._carry_out()
            for line, number in self.going_on:
                self._go_on(line, number)
        for line, point in self.repeated:
            self._note(line, "skipped", self.column.seen[point])
        return [self.views[line.number] for line in self.lines]

    def _note(
        self, line: Line, outcome: str, ticket: int | None = None, act_by_on: date | None = None
    ) -> None:
        self.views[line.number] = StoppedView(line.number, ticket, outcome, act_by_on)

    def _sort(self, step: Step, key: bytes) -> None:
        """Tell apart what is new, what was asked before, what is done, and what is no address."""
        seen, good = self.column.seen, [line for line in self.lines if line.type is not None]
        points = {line.number: line.point(key) for line in good}
        asked = asked_already(step.session, points.values(), Scope.MARKETING)
        held = {
            (row.type, row.lookup): row.ticket
            for row in holding(step.session, points.values(), Scope.MARKETING)
        }
        tickets = by_numbers(step.session, [*asked.values(), *held.values()])
        for line in self.lines:
            point = points.get(line.number)
            if point is None:
                self._note(line, "failed")
                self.column.problems.append(Problem(f"line {line.number}", "this is no address"))
            elif point in seen:
                self.repeated.append((line, point))
            elif (number := asked.get(point)) is not None:
                seen[point] = number
                self._note(line, "stopped", number, tickets[number].act_by_on)
                self.going_on.append((line, number))
            elif (number := held.get(point)) is not None:
                seen[point] = number
                self._note(line, "skipped", number, tickets[number].act_by_on)
            else:
                seen[point] = None
                self.new.append(line)

    def _open(self, step: Step, key: bytes) -> None:
        """Open a ticket for each new address, and decide it; its suppression holds from here."""
        wishes, dry_run = self.column.wishes, self.column.dry_run
        opening = Opening(step, self.desk.office, key)
        received_at = instant_of(self.desk, step, wishes.received_on)
        alike: defaultdict[tuple[str, IdentifierType], list[int]] = defaultdict(list)
        cases: defaultdict[str, list[int]] = defaultdict(list)
        entries = []
        for line in self.new:
            assert line.type is not None
            language = wishes.language or _language(line)
            case, [(number, _)] = opening.open(
                Request(
                    rights=(RIGHT,),
                    identifiers=((line.type, line.value),),
                    role=RequesterRole.SUBJECT,
                    language=language,
                    received_at=received_at,
                    channel=wishes.channel,
                )
            )
            alike[language, line.type].append(number)
            cases[language].append(case)
            point = line.point(key)
            entries.append(Entry(point, Scope.MARKETING, number))
            self.column.seen[point] = None if dry_run else number
            self.opened[number] = line
        self._tell(opening)
        opening.flush()
        for language, numbers in cases.items():
            taken = ByHand(rights=(RIGHT,), channel=wishes.channel, language=language)
            keep_notes(step, taken, numbers)
        self.groups = list(alike.values())
        for group in self.groups:
            for_each(step, self.desk, group, lambda s, t: decide(s, self.desk, t))
        put(step.session, entries, step.now)

    def _tell(self, opening: Opening) -> None:
        """Note what is opened, with the day by which marketing has stopped."""
        for row in opening.rows[TicketRow]:
            number = None if self.column.dry_run else row["number"]
            self._note(self.opened[row["number"]], "stopped", number, row["act_by_on"])

    def _carry_out(self) -> None:
        """Do the work in the sources in one walk, and answer; else each ticket by itself."""
        self._leave_out_the_held()
        if not self.groups:
            return
        identities: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
        for line in self.opened.values():
            assert line.type is not None
            identities[IDENTITIES[line.type]] += (line.value,)
        try:
            found = measure(self.desk, self.groups, identities)
        except DsrError as error:
            self._fail(error)
            return
        if found.by_itself:
            for number, line in self.opened.items():
                self._go_on(line, number)
            return
        with self.desk.write() as step:
            for group in self.groups:
                for_each(
                    step, self.desk, group, lambda s, t: answer_if_done(s, self.desk, t, found)
                )
        if found.failed:
            self._fail(SourceError(reasons(found.failed), hint="dsr source check, then this again"))
        elif found.held:  # it came meanwhile, and it is the only line
            self._fail(NotAllowedError(reasons(found.held), hint=f"when it is lifted: {AGAIN}"))

    def _leave_out_the_held(self) -> None:
        """Go on alone with those of whom a legal hold forbids to change anything."""
        with self.desk.read() as session:
            held = held_among(session, self.opened)
        for number in held:
            self._go_on(self.opened.pop(number), number)
        groups = ([each for each in group if each not in held] for group in self.groups)
        self.groups = [group for group in groups if group]

    def _fail(self, error: DsrError) -> None:
        """Note that all that was opened is suppressed and yet to be carried out."""
        lines = [line.number for line in self.opened.values()]
        self.column.fail(f"lines {lines[0]}-{lines[-1]}, which are suppressed", error)
        for line in self.opened.values():
            self.views[line.number] = replace(self.views[line.number], outcome="failed")

    def _go_on(self, line: Line, number: int) -> None:
        """Carry one ticket to its end, with the steps that it still lacks."""
        try:
            view = stop(self.desk, number)
        except DsrError as error:
            self.column.fail(f"line {line.number}, ticket {number}", error)
        else:
            if view is None or view.status in ENDED:
                return
            where = f"line {line.number}, ticket {number}"
            self.column.problems.append(Problem(where, view.said))
        self.views[line.number] = replace(self.views[line.number], outcome="failed")


def _language(line: Line) -> str:
    """Return the language of a letter where nobody said one: Chinese to a number of China."""
    return "zh-Hans" if line.value.startswith("+86") else "en"
