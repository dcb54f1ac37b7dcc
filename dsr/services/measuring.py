"""The measure of withdrawals in the sources, for many persons in one walk. Decides nothing.

It writes without an approved plan: what forbids to apply one is asked here, at each commit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from dsr.domain.vocabulary import UNFINISHED, SearchResult, TaskKind, TaskState
from dsr.errors import ConflictError, NotAllowedError, SourceError
from dsr.services import facts as ticket_facts
from dsr.services.alike import for_each
from dsr.services.catalogue import Catalogue, load
from dsr.services.desk import Desk, Step
from dsr.services.fulfilment import TaskEnd, end_task
from dsr.services.holding import held_among
from dsr.services.keys import read_key
from dsr.services.steps import ticket_of
from dsr.services.wishing import Choice, wish_of
from dsr.sources.plan import BY_SOMEBODY, Plan, Wish, counted
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import TaskRow


@dataclass(slots=True)
class Measured:
    """What came of it.

    Attributes:
        failed: Why a source could not be worked, by its key.
        held: Which legal hold forbade to change a source, by its key.
        by_hand: Sources in which somebody has to do something.
        by_itself: Whether each person is to be looked at alone: it is not known whose work is left.
        note: Notes in a ticket's tasks what failed, and where nothing was to be done.
    """

    failed: dict[str, str] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    by_hand: frozenset[str] = frozenset()
    by_itself: bool = False
    note: Callable[[Step, TicketRow], None] = lambda _step, _ticket: None


class _HeldError(NotAllowedError):
    """A legal hold came: nothing of the person is changed."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is read before the sources are asked."""

    catalogue: Catalogue
    wish: Wish
    waiting: frozenset[str]


def measure(
    desk: Desk, groups: Sequence[Sequence[int]], identities: Mapping[str, tuple[str, ...]]
) -> Measured:
    """Set in the sources what withdrawals of one scope ask for, and end the tasks of it.

    All are one walk, and one transaction in each source, inside the one of ours that records it.
    What is left to note, the caller notes with his own last step. Of a person under a legal hold
    nothing is changed.
    Done twice it changes nothing more: what is set already is not set again.

    Args:
        desk: The desk.
        groups: Numbers of tickets that wait for it; those of a group are alike.
        identities: What the persons are known by: the identity's name and its values.
    """
    from dsr.sources.planning import make_plan

    ready = _look(desk, groups[0][0])
    if not ready.waiting:
        return Measured()
    made, report = make_plan(
        ready.catalogue.datasets,
        ready.catalogue.urls,
        identities,
        ready.wish,
        key=read_key(desk.office.key_file, may_make=False),
        now=desk.clock.now(),
        read_only=ready.catalogue.read_only,
    )
    found = Measured(
        {each.source: _why(each.warnings) for each in report.having(SearchResult.FAILED)},
        by_hand=frozenset(each.source for each in made.left if each.left in BY_SOMEBODY),
    )
    work = _Round(desk, groups, made, ready, found, is_whole=not found.failed)
    if found.by_hand and work.persons > 1:
        return Measured(by_itself=True)
    try:
        work.apply()
    except (ConflictError, _HeldError) as error:
        if work.persons > 1:
            return Measured(by_itself=True)
        found.failed.setdefault("", str(error))
    found.note = work.note
    return found


def _why(warnings: Sequence[str]) -> str:
    return warnings[0] if warnings else "it gave no answer"


def _look(desk: Desk, number: int) -> _Ready:
    with desk.read() as session:
        ticket = ticket_of(session, number)
        catalogue = load(session)
        items = ticket_facts.items_of(session, number)
        return _Ready(
            catalogue,
            wish_of(ticket, items, catalogue, Choice(), officer=desk.officer),
            frozenset(task.target for task in _waiting(ticket_facts.tasks_of(session, number))),
        )


def _waiting(tasks: Sequence[TaskRow]) -> list[TaskRow]:
    return [t for t in tasks if t.kind is TaskKind.SOURCE and t.state in UNFINISHED]


@dataclass(frozen=True, slots=True)
class _Round:
    """One plan for the persons of several tickets, being carried out.

    Attributes:
        is_whole: Whether every source could be read: else what leads from it to others is unknown.
    """

    desk: Desk
    groups: Sequence[Sequence[int]]
    made: Plan
    ready: _Ready
    found: Measured
    is_whole: bool

    @property
    def persons(self) -> int:
        """For how many it is."""
        return sum(map(len, self.groups))

    def apply(self) -> None:
        """Work each source; one that fails does not hold up the others.

        Where one could not be read, the others are worked as far as it is known what is to be done
        there, and their tasks stay open.

        Raises:
            ConflictError: A row changed meanwhile; nothing of its source is changed.
            _HeldError: One of several persons is under a legal hold.
        """
        from dsr.sources.writing import apply_part

        key = read_key(self.desk.office.key_file, may_make=False)
        for source in self.made.sources:
            recording = partial(self._recording, source)
            url = self.ready.catalogue.urls[source]
            try:
                apply_part(url, self.made.of(source), key, committing=recording)
            except SourceError as error:
                self.found.failed[source] = str(error)
            except _HeldError as error:
                if self.persons > 1:
                    raise
                self.found.held[source] = str(error)

    @contextmanager
    def _recording(self, source: str) -> Iterator[None]:
        """Record that a source's part is done; its commit is the last thing before ours.

        Our lock is held: no legal hold can come in between.
        """
        with self.desk.write() as step:
            numbers = [number for group in self.groups for number in group]
            if held := held_among(step.session, numbers):
                raise _HeldError(next(iter(held.values())))
            for group in self.groups if self.is_whole else ():
                for_each(step, self.desk, group, lambda s, t: self._end_task(s, t, source))
            yield

    def note(self, step: Step, ticket: TicketRow) -> None:
        """Note what failed or was forbidden; end the tasks where nothing was to be done."""
        waiting, failed, held = self.ready.waiting, self.found.failed, self.found.held
        idle = waiting - set(self.made.sources) - self.found.by_hand if self.is_whole else set()
        for source in sorted(waiting & (idle | failed.keys() | held.keys())):
            self._end_task(step, ticket, source)

    def _end_task(self, step: Step, ticket: TicketRow, source: str) -> None:
        """Note what became of the work in a source, in the ticket's task of it."""
        end = self._end_of(source)
        for task in _waiting(ticket_facts.tasks_of(step.session, ticket.number)):
            if task.target == source and (task.state, task.result) != (TaskState.OPEN, end.result):
                end_task(step, ticket, task, end, more={"plan": self.made.sha256})

    def _end_of(self, source: str) -> TaskEnd:
        if why := self.found.failed.get(source):
            return TaskEnd(TaskState.FAILED, why)
        if why := self.found.held.get(source):
            return TaskEnd(TaskState.OPEN, why)
        return TaskEnd(TaskState.DONE, self._result(source))

    def _result(self, source: str) -> str:
        cells, rows = counted(self.made.of(source))
        together = f" for {self.persons} persons at once" if self.persons > 1 else ""
        return f"{cells} cells changed, {rows} rows deleted{together}"
