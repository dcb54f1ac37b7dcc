"""What arrived, in lots: what the ledger has seen already is told apart before it is read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dsr.domain.vocabulary import MessageOutcome, RequesterRole
from dsr.errors import Problem
from dsr.intake.arrival import Arrival, Wrong
from dsr.services.arrived_views import ImportedView
from dsr.services.desk import Desk
from dsr.store.ledger import known_as

BATCH_ITEMS, BATCH_BYTES = 400, 3 << 20
#: So many are looked up at once: known ones cost little more than that.
CHUNK_ITEMS = 1_000


@dataclass(slots=True)
class Lot:
    """Some of what arrived, in its order.

    Attributes:
        arrivals: All of it.
        places: What is known already; None where the next of the fresh ones stands.
        fresh: What the ledger has not seen.
        size: How many bytes all of it has.
    """

    arrivals: list[Arrival] = field(default_factory=list)
    places: list[ImportedView | None] = field(default_factory=list)
    fresh: list[Arrival] = field(default_factory=list)
    size: int = 0

    @property
    def known(self) -> int:
        """How many the ledger has seen."""
        return len(self.places) - len(self.fresh)

    def forget(self) -> None:
        """Let go of the bytes: what became of them is kept."""
        self.arrivals.clear()
        self.fresh.clear()


def lots(desk: Desk, arrivals: Iterable[Arrival], *, test: bool) -> Iterator[Lot]:
    """Yield what arrived in lots of at most 400 new ones or about 3 MB.

    Args:
        desk: Whose ledger is looked into.
        arrivals: What arrives.
        test: Whether it is imported as a test: only a test knows what was imported as one.
    """
    for chunk in _chunks(arrivals):
        keys = [arrival.identity for arrival in chunk]
        with desk.read() as session:
            seen = known_as(session, keys, test=test)
        lot = Lot()
        for arrival, key in zip(chunk, keys, strict=True):
            lot.arrivals.append(arrival)
            lot.size += arrival.size
            if key in seen:
                digest = arrival.sha256 if arrival.place else key
                lot.places.append(seen_already(arrival.source, digest, *seen[key]))
                continue
            lot.places.append(None)
            lot.fresh.append(arrival)
            if len(lot.fresh) >= BATCH_ITEMS:
                yield lot
                lot = Lot()
        chunk.clear()  # nothing is held while the next is read
        if lot.places:
            yield lot


def _chunks(arrivals: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    chunk: list[Arrival] = []
    size = 0
    for arrival in arrivals:
        chunk.append(arrival)
        size += arrival.size
        if len(chunk) >= CHUNK_ITEMS or size >= BATCH_BYTES:
            del arrival  # nothing large is held beside what is looked at
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def without_problems(
    items: Iterable[Arrival | Problem], problems: list[Problem], wrong: list[Problem]
) -> Iterator[Arrival]:
    """Yield what arrived, and collect what could not be read, and what is wrong but kept."""
    for item in items:
        if isinstance(item, Wrong) and item.arrival is not None:
            wrong.append(Problem(item.where, item.what, item.exit_code, item.slug))
            yield item.arrival
        elif isinstance(item, Problem):
            problems.append(item)
        else:
            yield item


def seen_already(
    source: str, digest: str, number: int | None = None, ticket: int | None = None
) -> ImportedView:
    """Return what became of bytes that the ledger has seen: nothing, and no row.

    Args:
        source: Where they come from.
        digest: Their SHA-256.
        number: The row that they have.
        ticket: What that row opened first, or joined.
    """
    return ImportedView(
        source=source,
        message_id=None,
        sha256=digest,
        outcome=MessageOutcome.DUPLICATE.value,
        tickets=(),
        language="und",
        requester_role=RequesterRole.UNKNOWN.value,
        identifiers=(),
        reasons=("the same bytes were imported before",),
        ticket=ticket,
        number=number,
    )
