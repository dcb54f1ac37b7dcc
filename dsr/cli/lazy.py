"""Commands that are imported when they are used, by public names of Typer only; and the border."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup
from typer.main import get_command

from dsr.errors import ConfigError, UsageError

_LOST_BYTE = re.compile(r"[\ud800-\udfff]")  # how Python passes on what is no UTF-8
MOST = 999_999_999  # the largest number that an argument may be


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the help, and where its function lives; a group has entries of its own instead.

    Attributes:
        help: The line, which is also the first line of the function's docstring.
        function: Module and function, as in "dsr.cli.queue:list_tickets".
        entries: The commands of a group.
        default: Of a group, the command that is meant where none is named.
        section: The heading that the line stands under.
    """

    help: str
    function: str = ""
    entries: "Mapping[str, Entry]" = field(default_factory=dict)
    section: str = "Commands"
    default: str = ""


class NoCommandError(UsageError):
    """A group was called without a command; `text` is its help."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__("a command is missing", hint=f"{path} --help")
        self.text = text


class EscapedError(Exception):
    """Carries what Typer's own border would swallow past it, as the cause."""


def command_of(function: Callable[..., None], name: str) -> Any:
    """Build one command from one function; an indented example in its docstring stays as it is."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name)(function)
    command = get_command(app)
    command.name = name
    command.help = _kept_as_written(command.help or "")
    return command


def _kept_as_written(help_: str) -> str:
    r"""Mark the paragraphs with indented lines by \b, so that the help does not wrap them."""
    paragraphs = help_.split("\n\n")
    return "\n\n".join(f"\b\n{part}" if "\n    " in part else part for part in paragraphs)


class LazyGroup(TyperGroup):
    """Lists stand-ins from a table; puts the real command in place when one is resolved."""

    entries: ClassVar[Mapping[str, Entry]] = {}
    default: ClassVar[str] = ""
    everywhere: ClassVar[tuple[Callable[..., None], ...]] = ()  # their options follow every command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, entry in self.entries.items():
            self.commands[name] = TyperGroup(name=name, help=entry.help, rich_markup_mode=None)

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the group's own options; they are texts and flags, which need no pydantic."""
        params: list[Any] = super().get_params(ctx)
        _take_as_it_is(params)
        return params

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the group's own options; without any word, say what there is."""
        if self.default and not {*args[:1]} & {*self.entries, "--help"}:
            args = [self.default, *args]
        if not args and not ctx.resilient_parsing:
            raise NoCommandError(ctx.command_path, ctx.get_help())
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command as usual, then put the real one in the stand-in's place."""
        name, command, rest = super().resolve_command(ctx, args)
        if name is not None and name in self.entries:
            command = self.load(name)
        return name, command, rest

    def load(self, name: str) -> Any:
        """Import and build one command, or a group that stays lazy itself."""
        entry = self.entries[name]
        if entry.entries:
            members = {"entries": entry.entries, "everywhere": self.everywhere}
            group = type("Group", (LazyGroup,), {**members, "default": entry.default})
            return group(name=name, help=entry.help, rich_markup_mode=None)
        module, _, attribute = entry.function.partition(":")
        command = command_of(getattr(import_module(module), attribute), name)
        _spare_pydantic(command)
        _bound_numbers(command)
        taken = {option for param in command.params for option in param.opts}
        for function in self.everywhere:  # `close --as withdrawn` keeps its own --as
            for param in command_of(function, "").params:
                command.params += [param] if taken.isdisjoint(param.opts) else []
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands under their headings, all names as wide as the widest."""
        del ctx
        width = max(map(len, self.entries), default=0)
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, entry in self.entries.items():
            sections.setdefault(entry.section, []).append((name.ljust(width), entry.help))
        for heading, lines in sections.items():
            with formatter.section(heading):
                formatter.write_dl(lines)


class Border(LazyGroup):
    """The one place where a failure becomes words on standard error and an exit code."""

    make_obj: ClassVar[Callable[[], Any]] = dict  # what a run keeps in its context

    def main(self, args: Sequence[str] | None = None, *rest: Any, **kwargs: Any) -> Any:
        """Run one command line and leave with its exit code."""
        line = list(sys.argv[1:] if args is None else args)
        kwargs["standalone_mode"] = False
        kwargs.setdefault("obj", type(self).make_obj())
        with getattr(kwargs["obj"], "ends", nullcontext()):
            try:
                _check_words(line, os.environ)
                result = super().main(line, *rest, **kwargs)
                sys.stdout.flush()
                code = result if isinstance(result, int) else 0
            except Exception as error:  # noqa: BLE001 - the border: whatever comes becomes a code
                code = self._report(error, line)
        sys.exit(code)

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Read the words before the command's name."""
        with _past_typer():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with _past_typer():
            return super().invoke(ctx)

    def _report(self, error: Exception, line: list[str]) -> int:
        from dsr.cli.failures import report  # only what fails pays for it

        cause = error.__cause__ if isinstance(error, EscapedError) else error
        return report(cause or error, line)


def _check_words(line: Sequence[str], variables: Mapping[str, str]) -> None:
    """Refuse words that are not text; they are not repeated, since nothing could print them."""
    for position, word in enumerate(line, start=1):
        if _LOST_BYTE.search(word):
            raise UsageError(f"argument {position} is not UTF-8", hint="dsr --help")
    for name, value in variables.items():
        if name.startswith("DSR_") and _LOST_BYTE.search(value):
            raise ConfigError(f"{name} is not UTF-8", hint="dsr config")


def _bound_numbers(command: Any) -> None:
    """Keep whole numbers to nine digits: larger ones name nothing, and SQLite cannot hold them."""
    for param in command.params:
        param.process_value = partial(_bounded, param.process_value)


def _bounded(read: Callable[[Any, Any], Any], ctx: Any, value: Any) -> Any:
    found = read(ctx, value)
    for number in found if isinstance(found, list | tuple) else (found,):
        if isinstance(number, int) and abs(number) > MOST:
            raise UsageError("a number has more than 9 digits", hint=f"{ctx.command_path} --help")
    return found


def _spare_pydantic(command: Any) -> None:
    """Let completion take words as they are: Typer would import pydantic, 80 ms a press of tab."""
    listed = command.get_params

    def get_params(ctx: Any) -> list[Any]:
        params: list[Any] = listed(ctx)
        if ctx.resilient_parsing:
            _take_as_it_is(params)
        return params

    command.get_params = get_params


def _take_as_it_is(params: list[Any]) -> None:
    for param in params:
        param.process_value = partial(_called_back, param)


def _called_back(param: Any, ctx: Any, value: Any) -> Any:
    return param.callback(ctx, param, value) if param.callback else value


@contextmanager
def _past_typer() -> Iterator[None]:
    """Take these past Typer's main, which makes 1 of a broken pipe and 130 of a missing end."""
    try:
        yield
    except (OSError, EOFError, KeyboardInterrupt) as error:
        raise EscapedError from error
