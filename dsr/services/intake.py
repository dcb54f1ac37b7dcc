"""Importing what arrived: batch by batch, each kept whole with its tickets in one transaction."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from typing import BinaryIO

from dsr.domain.vocabulary import MessageOutcome, RequesterRole
from dsr.errors import ConflictError, DsrError, Problem
from dsr.intake.arrival import Arrival
from dsr.intake.read import arrivals
from dsr.services.desk import Desk
from dsr.services.filing import Writer
from dsr.services.requested import Read, read_one
from dsr.services.views import ImportedView
from dsr.store.log import Entry
from dsr.store.messages import seen_bytes

BATCH_ITEMS, BATCH_BYTES = 100, 4 << 20


@dataclass(slots=True)
class Imported:
    """A running import: the views as they come, and what could not be read at all."""

    desk: Desk
    sources: Sequence[str]
    stdin: BinaryIO
    dry_run: bool = False
    telling: Callable[[int], None] = lambda _: None
    problems: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def views(self) -> Iterator[ImportedView]:
        """Give what became of each thing, as soon as it is kept; nothing sits in memory whole.

        Raises:
            NotFoundError: A source is not there; nothing was imported.
            InputError: A source is nothing that can be imported; nothing was imported.
        """
        opened = [arrivals(source, self.stdin) for source in self.sources]
        for batch in _batches(chain.from_iterable(opened), self.problems):
            for view in self._kept(batch):
                self.counts[view.outcome] += 1
                yield view
            self.telling(len(batch))

    def _kept(self, batch: list[Arrival]) -> list[ImportedView]:
        """Keep a batch; where it is refused, each item by itself, so that one spoils no other."""
        with self.desk.read() as session:
            hashes = [blob_hash(arrival) for arrival in batch]
            seen = seen_bytes(session, hashes)
        places: dict[int, ImportedView] = {}
        fresh: list[tuple[int, Read]] = []
        for place, (arrival, digest) in enumerate(zip(batch, hashes, strict=True)):
            if digest in seen:
                places[place] = _seen_already(arrival, digest)
            else:
                seen.add(digest)
                fresh.append((place, read_one(arrival)))
        written = self._written([read for _, read in fresh], len(places))
        for (place, _), view in zip(fresh, written, strict=True):
            if view is not None:
                places[place] = view
        return [places[place] for place in sorted(places)]

    def _written(self, batch: list[Read], seen: int) -> list[ImportedView | None]:
        try:
            return [*self._write(batch, seen)]
        except ConflictError:
            raise
        except (DsrError, ValueError):
            return [self._alone(read) for read in batch]

    def _alone(self, read: Read) -> ImportedView | None:
        try:
            return self._write([read], 0)[0]
        except ConflictError:
            raise
        except DsrError as error:
            problem = Problem(read.arrival.source, str(error), error.exit_code, error.slug)
        except ValueError as error:  # said without its words: they may quote the mail
            problem = Problem(read.arrival.source, f"cannot be kept ({type(error).__name__})")
        self.problems.append(problem)
        return None

    def _write(self, batch: list[Read], seen: int) -> list[ImportedView]:
        with self.desk.write(keep=not self.dry_run) as step:
            writer = Writer(step, self.desk, batch)
            views = [writer.keep(read) for read in batch]
            writer.flush()
            counts = Counter(view.outcome for view in views)
            facts = {"seen_before": seen, "outcomes": dict(sorted(counts.items()))}
            step.trail.append(Entry("import", facts=facts))
        return views


def blob_hash(arrival: Arrival) -> str:
    """Return the SHA-256 of what arrived."""
    return sha256(arrival.raw).hexdigest()


def _batches(
    items: Iterable[Arrival | Problem], problems: list[Problem]
) -> Iterator[list[Arrival]]:
    batch: list[Arrival] = []
    size = 0
    for item in items:
        if isinstance(item, Problem):
            problems.append(item)
            continue
        batch.append(item)
        size += len(item.raw)
        if len(batch) >= BATCH_ITEMS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _seen_already(arrival: Arrival, digest: str) -> ImportedView:
    return ImportedView(
        source=arrival.source,
        message_id=None,
        sha256=digest,
        outcome=MessageOutcome.DUPLICATE.value,
        tickets=(),
        language="und",
        requester_role=RequesterRole.UNKNOWN.value,
        identifiers=(),
        reasons=("the same bytes were imported before",),
    )
