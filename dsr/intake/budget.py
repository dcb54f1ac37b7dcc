"""Stops what computes for too long, as reading a mail that was made to be slow."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread

_AGAIN = 0.25  # s; where the first stop was swallowed on its way, as in a finaliser


class OverdueError(BaseException):
    """It took too long; no `except Exception` on the way keeps it."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Stop a block of Python after so many seconds of its process's own computing.

    Waiting costs nothing, nor does a machine that is busy with something else. It works in the
    main thread alone, where both an import and the processes that read for it do their work.

    Args:
        seconds: How long; fractions count.

    Raises:
        OverdueError: The time is over.
    """
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _stop(_number: int, _frame: object) -> None:
    raise OverdueError
