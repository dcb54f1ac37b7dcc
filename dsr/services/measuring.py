"""The measure of withdrawals in the sources, for many persons in one walk. Decides nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial

from sqlmodel import col, select

from dsr.domain.vocabulary import UNFINISHED, Action, SearchResult, TaskKind, TaskState
from dsr.errors import ConflictError, SourceError
from dsr.services import facts as ticket_facts
from dsr.services.alike import for_each
from dsr.services.catalogue import Catalogue, load
from dsr.services.desk import Desk, Step
from dsr.services.keys import read_key
from dsr.services.steps import take, ticket_of
from dsr.services.wishing import Choice, wish_of
from dsr.sources.plan import BY_SOMEBODY, Plan, Wish, counted
from dsr.store.tables.registers import SourceRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import TaskRow


@dataclass(slots=True)
class Measured:
    """What came of it.

    Attributes:
        failed: Why a source could not be worked, by its key.
        by_hand: Sources in which somebody has to do something.
        by_itself: Whether each person is to be looked at alone: it is not known whose work is left.
        note: Notes in a ticket's tasks what failed, and where nothing was to be done.
    """

    failed: dict[str, str] = field(default_factory=dict)
    by_hand: frozenset[str] = frozenset()
    by_itself: bool = False
    note: Callable[[Step, TicketRow], None] = lambda _step, _ticket: None


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is read before the sources are asked."""

    catalogue: Catalogue
    wish: Wish
    waiting: frozenset[str]
    read_only: frozenset[str]


def measure(
    desk: Desk, groups: Sequence[Sequence[int]], identities: Mapping[str, tuple[str, ...]]
) -> Measured:
    """Set in the sources what withdrawals of one scope ask for, and end the tasks of it.

    All are one walk, and one transaction in each source, inside the one of ours that records it.
    What is left to note, the caller notes with his own last step.
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
        read_only=ready.read_only,
    )
    found = Measured(
        {each.source: _why(each.warnings) for each in report.having(SearchResult.FAILED)},
        frozenset(each.source for each in made.left if each.left in BY_SOMEBODY),
    )
    several = sum(map(len, groups)) > 1
    if found.by_hand and several:
        return Measured(by_itself=True)
    work = _Round(desk, groups, made, ready, found)
    try:
        work.apply()
    except ConflictError as error:
        if several:
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
        closed = select(SourceRow.key).where(col(SourceRow.active), col(SourceRow.read_only))
        return _Ready(
            catalogue,
            wish_of(ticket, items, catalogue, Choice(), officer=desk.officer),
            frozenset(task.target for task in _waiting(ticket_facts.tasks_of(session, number))),
            frozenset(session.exec(closed)),
        )


def _waiting(tasks: Sequence[TaskRow]) -> list[TaskRow]:
    return [t for t in tasks if t.kind is TaskKind.SOURCE and t.state in UNFINISHED]


@dataclass(frozen=True, slots=True)
class _Round:
    """One plan for the persons of several tickets, being carried out."""

    desk: Desk
    groups: Sequence[Sequence[int]]
    made: Plan
    ready: _Ready
    found: Measured

    def apply(self) -> None:
        """Work each source; one that fails does not hold up the others.

        Where a source could not be read, what leads from it to others is not known: they are worked
        as far as it is, and their tasks stay open.
        """
        from dsr.sources.writing import apply_part

        key = read_key(self.desk.office.key_file, may_make=False)
        is_whole = not self.found.failed
        for source in self.made.sources:
            recording = partial(self._recording, source) if is_whole else nullcontext
            url = self.ready.catalogue.urls[source]
            try:
                apply_part(url, self.made.of(source), key, committing=recording)
            except SourceError as error:
                self.found.failed[source] = str(error)

    @contextmanager
    def _recording(self, source: str) -> Iterator[None]:
        """Record that a source's part is done; its commit is the last thing before ours."""
        with self.desk.write() as step:
            for group in self.groups:
                for_each(step, self.desk, group, lambda s, t: self._end_task(s, t, source))
            yield

    def note(self, step: Step, ticket: TicketRow) -> None:
        """Note which sources failed; end the tasks of those in which nothing was to be done."""
        waiting, failed = self.ready.waiting, self.found.failed
        idle = waiting - set(self.made.sources) - self.found.by_hand if not failed else set()
        ended = {**dict.fromkeys(idle, ""), **{s: why for s, why in failed.items() if s in waiting}}
        for source, why in sorted(ended.items()):
            self._end_task(step, ticket, source, why)

    def _end_task(self, step: Step, ticket: TicketRow, source: str, failed: str = "") -> None:
        """Note what became of the work in a source, in the ticket's task of it."""
        for task in _waiting(ticket_facts.tasks_of(step.session, ticket.number)):
            if task.target == source:
                before, task.state = task.state, TaskState.FAILED if failed else TaskState.DONE
                task.officer, task.done_on = step.officer, None if failed else step.today
                task.result = failed or self._result(source)
                step.session.add(task)
                facts = {"task": task.number, "from": before.value, "to": task.state.value}
                plan = {"code": None, "plan": self.made.sha256}
                take(step, ticket, Action.WORK_TASK, facts={**facts, **plan})

    def _result(self, source: str) -> str:
        cells, rows = counted(self.made.of(source))
        persons = sum(map(len, self.groups))
        together = f" for {persons} persons at once" if persons > 1 else ""
        return f"{cells} cells changed, {rows} rows deleted{together}"
