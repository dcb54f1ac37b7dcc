"""A bar on standard error for what takes long, on terminals only."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any

PATIENCE_S = 2.0  # nobody wants to see a bar before
_WHOLE = 10  # a rate from here on needs no fraction


class Pace:
    """How many things were done, and how fast."""

    def __init__(self) -> None:
        self.done = 0
        self._since = monotonic()  # a span, not a time of day: the clock has no part in it

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        return monotonic() - self._since

    def __str__(self) -> str:
        rate = self.done / max(self.seconds, 0.001)
        return f"{rate:,.0f}/s" if rate >= _WHOLE else f"{rate:.1f}/s"


@contextmanager
def progress(
    total: int | None, text: str, pace: Pace | None = None
) -> Iterator[Callable[[int], None]]:
    """Show how far something is once it takes long; yields what to call with each step's size.

    The time that remains is shown where the total is known.

    Args:
        total: How many steps there are, if that is known.
        text: What is going on.
        pace: What is shown beside the text, as it is at each step.
    """
    bar = _Bar(total, text, pace)
    try:
        yield bar.advance if sys.stderr.isatty() else _nothing
    finally:
        bar.stop()


def _nothing(_steps: int) -> None:
    """Stand for a bar where nobody looks."""


class _Bar:
    def __init__(self, total: int | None, text: str, pace: Pace | None) -> None:
        self._total = total
        self._text = text
        self._pace = pace
        self._done = 0
        self._since = monotonic()  # a span, not a time of day: the clock has no part in it
        self._shown: Any = None

    def advance(self, steps: int) -> None:
        self._done += steps
        if self._shown is None and monotonic() - self._since > PATIENCE_S:
            self._shown = self._started()
        if self._shown is not None:
            task = self._shown.task_ids[0]
            self._shown.update(task, completed=self._done, description=self._words)

    @property
    def _words(self) -> str:
        pace = self._pace
        return self._text if pace is None else f"{self._text}: {pace.done:,}, {pace}"

    def stop(self) -> None:
        if self._shown is not None:
            with suppress(BrokenPipeError):
                self._shown.stop()

    def _started(self) -> Any:
        from rich.console import Console  # 50 ms that only long work pays
        from rich.progress import Progress

        bar = Progress(console=Console(stderr=True), transient=True)
        bar.add_task(self._words, total=self._total)
        bar.start()
        return bar
