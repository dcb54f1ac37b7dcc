"""A failure in words: for a person, or as one JSON line. It never repeats a personal value."""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TextIO

import typer

from dsr.cli.lazy import NoCommandError
from dsr.errors import DsrError, InputError, InterruptedWorkError, UsageError
from dsr.output.visible import visible

READER_LEFT = 141
BUG = 1
#: What a word of the command line may look like to be repeated in a message about wrong usage.
_TELLS_NOBODY = re.compile(r"-.*|[a-z][a-z_:-]*|[A-Z_]+|\d{1,5}|\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, as it is told."""

    slug: str
    message: str
    hint: str = ""
    exit_code: int = BUG
    facts: Mapping[str, str | int | None] = field(default_factory=dict)
    frames: tuple[str, ...] = ()


def report(error: BaseException, line: list[str]) -> int:
    """Tell a failure on standard error and return the exit code.

    Args:
        error: What came up to the border.
        line: The command line, without the program's name.
    """
    if isinstance(error, BrokenPipeError):
        _drop(sys.stdout, sys.stderr)
        return READER_LEFT
    if isinstance(error, OSError) and _is_about_output(error):
        _drop(sys.stdout)
    as_json = wants_json(line)
    failure = failure_of(error, line)
    text = told(failure, as_json=as_json)
    if isinstance(error, NoCommandError) and not as_json:
        text = error.text
    try:
        typer.echo(text, err=True)
    except BrokenPipeError:
        _drop(sys.stderr)
    return failure.exit_code


def failure_of(error: BaseException, line: list[str]) -> Failure:
    """Return what to tell of an exception; of an unforeseen one only its type and where it was."""
    match error:
        case DsrError():
            frames = tuple(_frames(error)) if os.environ.get("DSR_DEBUG") else ()
            facts = (error.slug, str(error), error.hint, error.exit_code, error.facts, frames)
            return Failure(*facts)
        case typer.TyperException():
            message = discreet(" ".join(error.format_message().split()), line)
            hint = f"{getattr(getattr(error, 'ctx', None), 'command_path', 'dsr')} --help"
            return Failure(UsageError.slug, message, hint, UsageError.exit_code)
        case typer.Abort() | KeyboardInterrupt():
            code = InterruptedWorkError.exit_code
            return Failure(InterruptedWorkError.slug, "stopped", exit_code=code)
        case OSError() if _is_about_output(error):
            message = f"the result cannot be written ({os.strerror(error.errno or 0)})"
            return Failure(InputError.slug, message, exit_code=InputError.exit_code)
    message = f"this is a bug in dsr ({type(error).__name__})"
    hint = "report the lines that name files; they hold no values"
    return Failure("bug", message, hint, BUG, frames=tuple(_frames(error)))


def told(failure: Failure, *, as_json: bool) -> str:
    """Return what to print: one JSON line for a program, some lines for a person."""
    if as_json:
        import json

        facts = {"error": failure.slug, "message": failure.message, "hint": failure.hint}
        frames = {"frames": failure.frames} if failure.frames else {}
        return json.dumps({**facts, **failure.facts, **frames})
    lines = [f"dsr: {failure.message}", *(f"  {frame}" for frame in failure.frames)]
    if failure.hint:
        lines.append(f"hint: {failure.hint}")
    return "\n".join(visible(line) for line in lines)


def wants_json(line: list[str]) -> bool:
    """Tell whether errors go to a program: wrong usage may stop before an option is read."""
    said = re.findall(r"(?:^|\0)(?:-o|--output)[=\0]?([a-z]+)(?=\0|$)", "\0".join(line))
    if not said:
        from dsr.config import load

        try:
            said = [load({}, os.environ).output]
        except DsrError:
            said = [os.environ.get("DSR_OUTPUT", "")]
    return said[-1] in {"json", "jsonl"}


def discreet(message: str, line: list[str]) -> str:
    """Return a message about wrong usage without the words that may name somebody."""
    for word in sorted(line, key=len, reverse=True):
        for value in (word, word.partition("=")[2]):
            if re.search(r"\w", value) and not _TELLS_NOBODY.fullmatch(value):
                message = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "***", message)
    return message


def _is_about_output(error: OSError) -> bool:
    """Tell a full disk behind standard output from a failure elsewhere: that names its file."""
    import errno

    return error.filename is None and error.errno in {errno.ENOSPC, errno.EIO, errno.EDQUOT}


def _drop(*streams: TextIO) -> None:
    """Point streams at nothing, lest Python complain of what it cannot write when it ends."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        try:
            os.dup2(nothing, stream.fileno())
        except (OSError, ValueError):  # a test's stream has no descriptor
            continue
    os.close(nothing)


def _frames(error: BaseException) -> Iterator[str]:
    from traceback import walk_tb

    for frame, number in walk_tb(error.__traceback__):
        yield f"{_place(frame)}:{number} {frame.f_code.co_name}"


def _place(frame: FrameType) -> str:
    """Return a file without the folders above its package: those may name the user."""
    path = Path(frame.f_code.co_filename)
    above = str(frame.f_globals.get("__name__", "")).count(".") + 1
    above += path.name == "__init__.py"
    return "/".join(path.parts[-above:])
