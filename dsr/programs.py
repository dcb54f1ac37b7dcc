"""Runs another program, which the office itself named: without a shell."""

import subprocess
from collections.abc import Sequence


def run(words: Sequence[str]) -> int:
    """Run a program at the terminal and return its exit code.

    Raises:
        OSError: There is no such program.
    """
    return _run(words, None, None).returncode


def output(words: Sequence[str], seconds: float) -> bytes:
    """Return what a program that nobody talks to writes.

    Raises:
        OSError: There is no such program.
        SubprocessError: It failed, or took longer.
    """
    done = _run(words, subprocess.DEVNULL, subprocess.PIPE, seconds)
    done.check_returncode()
    return done.stdout


def _run(
    words: Sequence[str], stdin: int | None, stdout: int | None, seconds: float | None = None
) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(  # noqa: S603 - the office's own program, without a shell
        words, stdin=stdin, stdout=stdout, timeout=seconds, check=False
    )
