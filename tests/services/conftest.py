"""A process of its own for some work, killed at a statement or after a time."""

import os
import signal
import time
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from dsr.store.engine import make_engine


def _killed(desk, work, arm=None, after=None):
    """Do some work in a process of its own; `arm` or the clock kills it. Return whether."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if arm:
                arm()
            engine = make_engine(desk.engine.url.render_as_string())
            work(replace(desk, engine=engine))
            code = 0
        finally:
            os._exit(code)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _die_at(moment, *, reads=True):
    """Return what kills the process before its statement, or its commit, of that number.

    Those of the company's systems count as well as those of our own database; without `reads` only
    those that change something: in between, all is as it was.
    """

    def arm():
        left = [moment]

        def count(*_):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        def statement(_connection, _cursor, text, *_):
            if reads or not text.lstrip().upper().startswith(("SELECT", "PRAGMA", "WITH")):
                count()

        event.listen(Engine, "before_cursor_execute", statement)
        event.listen(Engine, "commit", count)

    return arm


@pytest.fixture
def killed():
    """Return what does some work in a process of its own that is killed."""
    return _killed


@pytest.fixture
def die_at():
    """Return what arms a process to die at a statement."""
    return _die_at
