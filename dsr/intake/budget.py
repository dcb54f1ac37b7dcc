"""Stops what computes for too long, as reading a mail that was made to be slow."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread

_TICKS = 8  # of a budget


class OverdueError(BaseException):
    """It took too long; no `except Exception` on the way keeps it."""


class Budget:
    """What each of many blocks of Python may compute, one after the other; see `budget`."""

    def __init__(self) -> None:
        """Begin outside of any block."""
        self._left = 0

    def __enter__(self) -> None:
        """Begin a block, with all of its time."""
        self._left = _TICKS

    def __exit__(self, *_: object) -> None:
        """End a block: nothing is stopped any more."""
        self._left = 0

    def tick(self, _number: int, _frame: object) -> None:
        """Take off some time, and stop the block whose time is over.

        It is stopped again if the first stop was swallowed on its way, as in a finaliser.

        Raises:
            OverdueError: The time is over.
        """
        if self._left > 1:
            self._left -= 1
        elif self._left:
            raise OverdueError


@contextmanager
def budget(seconds: float) -> Iterator[Budget]:
    """Give what stops a block after so many seconds of its process's own computing.

    Waiting costs nothing, nor does a machine that is busy with something else. It works in the
    main thread alone, where both an import and the processes that read for it do their work. The
    clock is started once for all blocks: to start it takes its time, too.

    Args:
        seconds: How long each block may take at most; it may be an eighth less.
    """
    each = Budget()
    if current_thread() is not main_thread():
        yield each
        return
    before = signal.signal(signal.SIGVTALRM, each.tick)
    tick = seconds / _TICKS
    signal.setitimer(signal.ITIMER_VIRTUAL, tick, tick)
    try:
        yield each
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
