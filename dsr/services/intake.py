"""Importing what arrived: batch by batch, each kept whole with its tickets in one transaction."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, takewhile
from typing import BinaryIO

from dsr.clock import day_of
from dsr.errors import ConflictError, DsrError, Problem
from dsr.intake.arrival import Arrival
from dsr.intake.pool import Reading, in_order
from dsr.intake.read import arrivals
from dsr.services.desk import Desk, Step
from dsr.services.filing import Writer
from dsr.services.lots import Lot, lots, without_problems
from dsr.services.requested import Read, received_at
from dsr.services.views import ImportedView
from dsr.services.wishes import Wishes
from dsr.store.log import Entry

AGAIN = "the same command again: it goes on where it stopped"

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
    counts: Counter[str] = field(default_factory=Counter)
    seen: int = 0
    skipped: int = 0
    _known: int = 0  # seen before, and not yet written down in an event

    def views(self) -> Iterator[ImportedView]:
        """Give what became of each thing, as soon as it is kept; nothing sits in memory whole.

        Raises:
            NotFoundError: A source is not there; nothing was imported.
            InputError: A source is nothing that can be imported; nothing was imported.
            ConflictError: The database is busy, the disk is full, or a process that reads died;
                what came before is kept.
            DsrError: The count does not come out: something seen has no outcome.
        """
        opened = [self.opens(source, self.stdin) for source in self.sources]
        coming = without_problems(self._counted(chain.from_iterable(opened)), self.problems)
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
            self.seen += 1
            yield item

    def _check(self) -> None:
        """Hold what was seen against what became of it."""
        became = self.counts.total() + self.skipped + len(self.problems)
        if became != self.seen:
            why = f"the count does not come out: {self.seen} seen, {became} with an outcome"
            raise DsrError(why, hint=AGAIN)

    def _kept(self, lot: Lot, readings: list[Reading]) -> Iterator[ImportedView]:
        """Keep a lot and give its views; those that were received too early have none."""
        self._known += lot.known
        reads = [Read(one, *said) for one, said in zip(lot.fresh, readings, strict=True)]
        wanted = [read for read in reads if self._is_wanted(read)]
        self.skipped += len(reads) - len(wanted)
        became = {id(read.arrival): view for read, view in self._written(wanted, lot.arrivals)}
        fresh = iter(lot.fresh)
        for place in lot.places:
            view = place if place is not None else became.get(id(next(fresh)))
            if view is not None:
                yield view

    def _is_wanted(self, read: Read) -> bool:
        since = self.wishes.since
        if since is None:
            return True
        received = received_at(read.message, self.desk.clock.now())
        return day_of(received, self.desk.office.zone) >= since

    def _written(
        self, batch: list[Read], arrived: list[Arrival]
    ) -> list[tuple[Read, ImportedView | None]]:
        """Keep a batch; where it is refused, each item by itself, so that one spoils no other."""
        if not batch and self.beside is None:
            return []  # what is known alone is counted by an event at the end
        try:
            return [*zip(batch, self._write(batch, arrived), strict=True)]
        except ConflictError:
            raise
        except (DsrError, ValueError):
            views = [(read, self._alone(read)) for read in batch]
        self._write_beside(arrived, {id(read.arrival) for read, view in views if view is None})
        return views

    def _write_beside(self, arrived: list[Arrival], failed: set[int]) -> None:
        """Say how far the sources were read: not beyond what failed, which is to come again."""
        if self.beside is not None:
            self._write([], list(takewhile(lambda one: id(one) not in failed, arrived)))
            self.beside = None if failed else self.beside

    def _alone(self, read: Read) -> ImportedView | None:
        try:
            return self._write([read], [])[0]
        except ConflictError:
            raise
        except DsrError as error:
            problem = Problem(read.arrival.source, str(error), error.exit_code, error.slug)
        except ValueError as error:  # said without its words: they may quote the mail
            problem = Problem(read.arrival.source, f"cannot be kept ({type(error).__name__})")
        self.problems.append(problem)
        return None

    def _write(self, batch: list[Read], arrived: list[Arrival]) -> list[ImportedView]:
        """Keep a batch in one transaction; what was seen meanwhile gets no row.

        Raises:
            ConflictError: The database is busy or the disk is full; what came before is kept.
        """
        try:
            with self.desk.write(keep=not self.wishes.dry_run) as step:
                writer = Writer(step, self.desk, batch, self.wishes)
                views = [writer.keep(read) for read in batch]
                writer.flush()
                if self.beside is not None and arrived:
                    self.beside(step, arrived)
                facts = {
                    "seen_before": self._known + writer.repeated,
                    "outcomes": dict(sorted(writer.counts.items())),
                }
                step.trail.append(Entry("import", facts=facts))
        except ConflictError as error:
            hint = f"{error.hint}; then {AGAIN}" if error.hint else AGAIN
            raise ConflictError(str(error), hint=hint) from None
        self._known = 0
        return views
