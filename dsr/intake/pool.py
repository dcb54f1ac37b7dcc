"""Reads and classifies what arrived, here or in several processes; results come in their order."""

import gc
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Protocol, TypeVar

from dsr.domain.limits import MIB, Manner
from dsr.errors import ConflictError
from dsr.intake.arrival import Arrival

if TYPE_CHECKING:  # where all is known, nothing is read: what reads it is not even loaded
    from dsr.intake.budget import Budget
    from dsr.intake.classify import Finding
    from dsr.intake.message import Message
    from dsr.rules.phrases import Phrases

Reading = tuple["Message", "Finding"]
"""What one arrival says, and what it asks for."""

#: What may wait to be read or kept at once, but for one larger lot alone: a large mailbox never
#: sits in memory.
LOTS_A_WORKER = 2  # that wait for it
MOST_BYTES = 16 * MIB  # on their way to workers
_OBJECTS_PER_COLLECTION = 50_000
AS_EVER = Manner()
_STUMBLES = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RuntimeError,  # a text that leads too deep is one
    MemoryError,
)


class Lot(Protocol):
    """Some arrivals that are read together."""

    fresh: list[Arrival]


L = TypeVar("L", bound=Lot)


def read(arrival: Arrival, manner: Manner = AS_EVER) -> Reading:
    """Read one arrival and say what it asks; neither ever fails, nor takes much longer than said.

    Args:
        arrival: Any bytes, or a row of a form.
        manner: What it may cost, and whose word counts about its sender.
    """
    return read_all([arrival], manner)[0]


def read_all(arrivals: Sequence[Arrival], manner: Manner = AS_EVER) -> list[Reading]:
    """Read some arrivals, by the phrases as they are now; see `read`."""
    if not arrivals:
        return []  # where all is known, the phrases are not loaded

    from dsr.intake.budget import budget
    from dsr.rules import phrases

    words = phrases.load(manner.phrases, examples=False)
    with budget(manner.limits.seconds) as each:
        return [_read(arrival, manner, words, each) for arrival in arrivals]


def _read(arrival: Arrival, manner: Manner, words: "Phrases", each: "Budget") -> Reading:
    from dsr.intake.budget import OverdueError
    from dsr.intake.classify import Finding, classify_message
    from dsr.intake.message import beginning_of, parse

    message = None
    try:
        with each:
            message = parse(arrival, manner.limits, manner.server)
            return message, classify_message(message, words, manner.region)
    except OverdueError:
        why = f"it takes more than {manner.limits.seconds:g} s to read"
    except _STUMBLES as error:
        why = f"its text cannot be classified ({type(error).__name__})"
    return message or beginning_of(arrival, manner), Finding(unread=why)


def in_order(
    lots: Iterable[L], jobs: int, rules_folder: Path | None, manner: Manner = AS_EVER
) -> Iterator[tuple[L, list[Reading]]]:
    """Yield each lot with what its arrivals say, in the order of the lots.

    Args:
        lots: What is to be read; taken only a little ahead of what is yielded.
        jobs: How many processes read; one reads here.
        rules_folder: The organisation's own rule files, if any.
        manner: How they are read.

    Raises:
        ConflictError: A process that reads came to an end by itself.
    """
    if jobs == 1:
        for lot in lots:
            yield lot, read_all(lot.fresh, manner)
        return
    # spawned, for a fork would share the database's connection
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (rules_folder, manner))
    try:
        yield from _through(pool, lots, jobs * LOTS_A_WORKER, manner)
    except BrokenProcessPool:
        why = "a process that reads mail came to an end by itself; what was imported is kept"
        raise ConflictError(why, hint="the same command with --jobs 1") from None
    finally:
        pool.shutdown(cancel_futures=True)


def _through(
    pool: ProcessPoolExecutor, lots: Iterable[L], most: int, manner: Manner
) -> Iterator[tuple[L, list[Reading]]]:
    waiting: deque[tuple[L, Future[list[Reading]], int]] = deque()
    size = 0
    for lot in lots:
        weight = sum(arrival.size for arrival in lot.fresh)
        while waiting and (len(waiting) >= most or size + weight > MOST_BYTES):
            done, future, freed = waiting.popleft()
            size -= freed
            yield done, future.result()
            del done, future
        size += weight
        waiting.append((lot, _submitted(pool, lot, manner), weight))
    for done, future, _ in waiting:
        yield done, future.result()


def _submitted(pool: ProcessPoolExecutor, lot: Lot, manner: Manner) -> "Future[list[Reading]]":
    if lot.fresh:
        return pool.submit(read_all, lot.fresh, manner)
    nothing: Future[list[Reading]] = Future()
    nothing.set_result([])
    return nothing


def _begin(rules_folder: Path | None, manner: Manner) -> None:
    """Make a process ready to read; it ends with the one that started it, however that ends."""
    from dsr.rules import book, phrases

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that writes says what happened
    Thread(target=_end_with_parent, daemon=True).start()
    gc.set_threshold(_OBJECTS_PER_COLLECTION)
    book.use(rules_folder)
    phrases.load(manner.phrases, examples=False)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
