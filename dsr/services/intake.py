"""Importing what arrived: batch by batch, each kept whole with its tickets in one transaction."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from sqlalchemy.exc import SQLAlchemyError

from dsr.clock import day_of
from dsr.errors import ConflictError, DsrError, Problem, RefusedError
from dsr.intake.arrival import Arrival, Aside
from dsr.intake.pool import Reading, in_order
from dsr.intake.read import arrivals
from dsr.services.arrived_views import ImportedView
from dsr.services.desk import Desk, Step
from dsr.services.lots import Lot, lots, without_problems
from dsr.services.spans import Spans
from dsr.services.wishes import Wishes
from dsr.store.engine import plain_errors
from dsr.store.log import Entry
from dsr.store.messages import rows_in

if TYPE_CHECKING:  # where all is known, nothing is filed: what files it is not even loaded
    from dsr.services.requested import Read

AGAIN = "the same command again: it goes on where it stopped"

#: What one item may do that is written; what the database cannot do at all is a conflict.
_OF_AN_ITEM = (
    DsrError,
    SQLAlchemyError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)

Items = Iterable[Arrival | Problem]


@dataclass(slots=True)
class Imported:
    """A running import: the views as they come, and what could not be read at all.

    Attributes:
        opens: Makes the arrivals of a source; its errors come before anything is imported.
        beside: What else is written in the transaction that keeps some arrivals, as how far a
            mailbox was read; they are given in their order, the known ones too.
        telling: Is told of each lot that is done how many things and bytes it had.
        problems: What could not be read or kept, as far as it is done.
        wrong: What is a wrong part of a file, as a row of a form: it has its row in the ledger.
        notes: What a folder holds that is not imported.
        counts: How many of each outcome.
        seen: How many things came out of the sources, those that could not be read too.
        skipped: How many were received before `since`.
    """

    desk: Desk
    sources: Sequence[str]
    stdin: BinaryIO
    wishes: Wishes = field(default_factory=Wishes)
    opens: Callable[[str, BinaryIO], Items] = arrivals
    beside: Callable[[Step, Sequence[Arrival]], None] | None = None
    telling: Callable[[int, int], None] = lambda _things, _bytes: None
    problems: list[Problem] = field(default_factory=list)
    wrong: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    seen: int = 0
    skipped: int = 0
    _known: int = 0  # seen before, and not yet written down in an event
    _again: int = 0  # seen before
    _rows: Spans = field(default_factory=Spans)  # that this run wrote in the ledger
    _rehearsal: Step | None = None  # of a dry run: all of it is undone at the end

    def views(self) -> Iterator[ImportedView]:
        """Give what became of each thing, as soon as it is kept; nothing sits in memory whole.

        Raises:
            NotFoundError: A source is not there; nothing was imported.
            InputError: A source is nothing that can be imported; nothing was imported.
            ConflictError: The database is busy, the disk is full, or a process that reads died;
                what came before is kept.
            DsrError: The count does not come out: something seen has no outcome, or no row.
        """
        if not self.wishes.dry_run:
            yield from self._views()
            return
        with self.desk.write(keep=False) as self._rehearsal:  # so that a lot knows those before it
            yield from self._views()

    def _views(self) -> Iterator[ImportedView]:
        opened = [self.opens(source, self.stdin) for source in self.sources]
        items = self._counted(chain.from_iterable(opened))
        coming = without_problems(items, self.problems, self.wrong)
        found = lots(self.desk, coming, test=self.wishes.test)
        office = self.desk.office
        for lot, readings in in_order(found, self.wishes.jobs, office.rules_folder, office.mail):
            for view in self._kept(lot, readings):
                self.counts[view.outcome] += 1
                yield view
            self.telling(len(lot.places), lot.size)
            lot.forget()
        if self._known:
            self._write([], [])
        self._check()

    def _counted(self, items: Items) -> Iterator[Arrival | Problem]:
        for item in items:
            if isinstance(item, Aside):
                self.notes.append(f"{item.where}: {item.what}")
                continue
            self.seen += 1
            yield item

    def _check(self) -> None:
        """Hold what was seen against what became of it."""
        became = self.counts.total() + self.skipped + len(self.problems)
        if became != self.seen:
            why = f"the count does not come out: {self.seen} seen, {became} with an outcome"
            raise DsrError(why, hint=AGAIN)
        new = became - self.skipped - len(self.problems) - self._again
        if (rows := self._rows_there()) != new:
            why = f"the count does not come out: {new} new ones, {rows} rows of them in the ledger"
            raise DsrError(why, hint="dsr audit verify, then the same command again")

    def _rows_there(self) -> int:
        """Return how many of the rows that this run wrote are in the ledger."""
        if self._rehearsal is not None:
            return rows_in(self._rehearsal.session, self._rows.pairs)
        with self.desk.read() as session:
            return rows_in(session, self._rows.pairs)

    def _kept(self, lot: Lot, readings: list[Reading]) -> Iterator[ImportedView]:
        """Keep a lot and give its views; those that were received too early have none."""
        self._known += lot.known
        self._again += lot.known
        wanted = self._wanted(lot.fresh, readings) if lot.fresh else []
        self.skipped += len(lot.fresh) - len(wanted)
        became = {id(read.arrival): view for read, view in self._written(wanted, lot.arrivals)}
        fresh = iter(lot.fresh)
        for place in lot.places:
            view = place if place is not None else became.get(id(next(fresh)))
            if view is not None:
                yield view

    def _wanted(self, fresh: list[Arrival], readings: list[Reading]) -> "list[Read]":
        """Return what was not received too early."""
        from dsr.services.requested import Read, dated, received_at

        now, zone = self.desk.clock.now(), self.desk.office.zone
        together = zip(fresh, readings, strict=True)
        reads = [dated(Read(one, *said), now, zone) for one, said in together]
        since = self.wishes.since
        if since is None:
            return reads
        return [read for read in reads if day_of(received_at(read.message, now), zone) >= since]

    def _written(
        self, batch: "list[Read]", arrived: list[Arrival]
    ) -> "list[tuple[Read, ImportedView]]":
        """Keep a batch; where it is refused, each item by itself, so that one spoils no other."""
        if not batch and self.beside is None:
            return []  # what is known alone is counted by an event at the end
        try:
            return [*zip(batch, self._write(batch, arrived), strict=True)]
        except _OF_AN_ITEM as error:
            _unless_of_all(error)
        views = [(read, self._alone(read)) for read in batch]
        if self.beside is not None:
            self._write([], arrived)
        return views

    def _alone(self, read: "Read") -> ImportedView:
        """Keep one item; one that cannot be written as it is gets a row with its bytes and why.

        Raises:
            DsrError: Not even that can be written: it is no fault of the item.
        """
        try:
            return self._write([read], [])[0]
        except _OF_AN_ITEM as error:
            _unless_of_all(error)
            # the words of a mistake may quote the mail
            why = str(error) if isinstance(error, DsrError) else type(error).__name__
        return self._write([_set_aside(read, f"cannot be kept as it is: {why}")], [])[0]

    @contextmanager
    def _step(self) -> Iterator[Step]:
        """Give a step that is kept whole or not at all; in a dry run, a part of the one step."""
        if self._rehearsal is None:
            with self.desk.write() as step:
                yield step
        else:
            with plain_errors(), self._rehearsal.session.begin_nested():
                yield self._rehearsal
                self._rehearsal.trail.flush()

    def _write(self, batch: "list[Read]", arrived: list[Arrival]) -> list[ImportedView]:
        """Keep a batch in one transaction; what was seen meanwhile gets no row.

        Raises:
            ConflictError: The database is busy or the disk is full; what came before is kept.
        """
        try:
            with self._step() as step:
                views, outcomes, again = self._filed(step, batch) if batch else ([], {}, 0)
                if self.beside is not None and arrived:
                    self.beside(step, arrived)
                facts = {
                    "seen_before": self._known + again,
                    "outcomes": dict(sorted(outcomes.items())),
                }
                step.trail.append(Entry("import", facts=facts))
        except ConflictError as error:
            hint = f"{error.hint}; then {AGAIN}" if error.hint else AGAIN
            raise type(error)(str(error), hint=hint) from None
        self._known = 0
        self._again += again
        self._rows.add(view.number for view in views if view.number is not None)
        return views

    def _filed(
        self, step: Step, batch: "list[Read]"
    ) -> tuple[list[ImportedView], dict[str, int], int]:
        """Give the views of a batch, how many have which outcome, and how many were seen before."""
        from dsr.services.filing import Writer

        writer = Writer(step, self.desk, batch, self.wishes)
        for read in batch:
            writer.keep(read)
        writer.flush()
        return writer.views(), writer.counts, writer.repeated


def _unless_of_all(error: Exception) -> None:
    """Raise what stops a run: a database that is busy, full or does not answer."""
    if isinstance(error, ConflictError) and not isinstance(error, RefusedError):
        raise error


def _set_aside(read: "Read", why: str) -> "Read":
    """Return an item of which nothing is written but where it lay, its keys and its bytes."""
    from dsr.intake.classify import Finding
    from dsr.intake.message import Message
    from dsr.services.requested import Read

    message = read.message
    bare = Message(
        message.source,
        message.sha256,
        message.content_key,
        received_at=message.received_at,
        problem=why,
        placed=message.placed,
    )
    return Read(read.arrival, bare, Finding())
