"""What every command is given: settings, results, talk, questions, batches. No command is here."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO

import typer

from dsr.cli import terminal
from dsr.cli.batches import Skipped, Tally, problem_of
from dsr.cli.options import chosen, limit_of, rest_of
from dsr.cli.references import Reference, read_references
from dsr.errors import DsrError, InputError, Problem, UsageError

if TYPE_CHECKING:
    from dsr.cli.progress import Pace
    from dsr.clock import Clock
    from dsr.config import Settings
    from dsr.output.render import Column, Format

ROWS_OF_A_TABLE = 50


class App:
    """One run: what was said on the command line, and how its results and its talk are shown."""

    def __init__(self) -> None:
        self.said: dict[str, str] = {}  # settings by option, before or after the command's name
        self.clock: Clock | None = None  # None: the machine's, in the office's zone
        self.ends = ExitStack()  # what is closed when the run is over
        self.rest = "--limit all"  # what shows the rows that a table has no room for
        self._stdin_read_for = ""

    @cached_property
    def settings(self) -> "Settings":
        """Every setting with its origin, read at first use: options may follow the command.

        Raises:
            ConfigError: The configuration cannot be read.
        """
        from dsr.config import load

        return load(self.said, os.environ)

    @property
    def format(self) -> "Format":
        """What results look like."""
        from dsr.output.render import Format

        return Format(self.settings.output)

    @property
    def is_for_people(self) -> bool:
        """Whether the result is a table."""
        return self.settings.output == "table"

    def rows(
        self,
        rows: Iterable[Any],
        columns: "Sequence[Column]",
        *,
        limit: str | None = None,
        fields: str | None = None,
        ids: bool = False,
    ) -> None:
        """Show rows; a table shows the first 50 and says how many there are.

        Args:
            rows: Mappings, or objects with an attribute for each column's key.
            columns: All that programs get; people see those with a title.
            limit: What `--limit` said.
            fields: What `--fields` said.
            ids: Show nothing but the first column's value of each row.

        Raises:
            UsageError: The limit is no number, a field is unknown, or they are too many.
        """
        from dsr.output.render import write, write_ids

        people = self.is_for_people and not ids
        most = limit_of(limit, ROWS_OF_A_TABLE if people else None)
        if ids:
            write_ids(rows, columns[0].key, sys.stdout, limit=most)
            return
        picked = chosen(columns, fields, people=people)
        width = terminal.width() if people else None
        written = write(rows, picked, self.format, sys.stdout, limit=most, width=width)
        if people and written.total == 0:
            self.say("nothing to show")
        elif people and written.shown < written.total:
            self.say(f"{written.shown} of {written.total} shown; {self.rest} shows every one")

    def record(
        self, record: Any, columns: "Sequence[Column]", *, fields: str | None = None
    ) -> None:
        """Show one object: a line a value for people, one object for programs.

        Raises:
            UsageError: A field is unknown.
        """
        from dsr.output.record import write_record

        picked = chosen(columns, fields, people=False)
        width = terminal.width() if self.is_for_people else None
        write_record(record, picked, self.format, sys.stdout, width=width)

    def say(self, text: str) -> None:
        """Say something on standard error; what strangers wrote in it is made harmless."""
        from dsr.output.visible import visible

        typer.echo(visible(text, keep_lines=True), err=True)

    def ask(self, text: str, option: str, *, hidden: bool = False) -> str:
        """Ask for what an option did not say.

        Raises:
            UsageError: Nobody is there to ask; the option is named.
        """
        if not terminal.is_there():
            raise UsageError(f"{option} is missing", hint=f"give {option}: nobody is there to ask")
        if hidden:
            from getpass import getpass

            return getpass(f"{text}: ", sys.stderr)
        return terminal.answer(f"{text}: ")

    def confirm(self, text: str, *, yes: bool) -> None:
        """Go on only if `--yes` or the person says so; a declined question ends the command.

        Raises:
            UsageError: Nobody is there to ask, and `--yes` was not said.
            Abort: The person declined.
        """
        if yes:
            return
        if not terminal.is_there():
            raise UsageError(
                "this needs a confirmation", hint="look at it with --dry-run, then say --yes"
            )
        if terminal.answer(f"{text} [y/N]: ").lower() not in {"y", "yes"}:
            raise typer.Abort

    def read_text(self, value: str | None, what: str, *, option: str, start: str = "") -> str:
        """Return a text from `-`, `@file`, the words themselves, or the user's editor.

        Args:
            value: What was typed; None opens the editor where somebody is there.
            what: What it is, for errors.
            option: What to type instead.
            start: What the editor shows at first.

        Raises:
            UsageError: Nothing was typed and nobody is there, or standard input is taken.
            NotFoundError: There is no such file.
            InputError: It cannot be read, is too long, or is not UTF-8.
        """
        from dsr.cli.reading import edit, read_named

        if value is None:
            if not terminal.is_there():
                raise UsageError(f"{what} is missing", hint=f"give {option} as text, @file or -")
            return edit(what, start, self.settings.workspace)
        if value == "-":
            self._take_stdin(what)
        return read_named(value, what)

    def read_private(self, value: str, what: str, *, option: str) -> str:
        """Return a personal value, which comes from `-` or `@file` and never from the arguments.

        Raises:
            UsageError: It stands in the command line, or standard input is taken.
            NotFoundError: There is no such file.
            InputError: It cannot be read, is too long, or is not UTF-8.
        """
        from dsr.cli.reading import is_named

        if not is_named(value):
            hint = f"write {option} - or {option} @file: others can see a command line"
            raise UsageError(f"{what} may not stand in the command line", hint=hint)
        return self.read_text(value, what, option=option).strip()

    def open_file(
        self, value: str, name: str, *, hint: str = ""
    ) -> AbstractContextManager[BinaryIO]:
        """Open standard input (`-`) or the file of a path for its bytes.

        Args:
            value: What was typed.
            name: What the file is called in errors, as "the file to attach".
            hint: What to type where it cannot be read.

        Raises:
            UsageError: Standard input is taken.
            NotFoundError: There is no such file.
            InputError: It is a folder, or cannot be read.
        """
        from dsr.cli.reading import open_file

        if value == "-":
            self._take_stdin(name)
        return open_file(value, name, hint=hint)

    def references(self, words: Sequence[str], what: str = "ticket") -> list[Reference]:
        """Return what arguments name, tickets or numbers of `what`; `-` reads standard input.

        Raises:
            UsageError: A word is no reference, or standard input is taken.
            InputError: A line is no reference, or is not UTF-8.
        """
        lines: list[str] = []
        if "-" in words:
            lines = self.read_text("-", f"the list of {what}s", option="REF").split("\n")
        return read_references(words, lines, what)

    def each(
        self,
        references: Sequence[Reference],
        work: Callable[[Reference], Any],
        columns: "Sequence[Column]" = (),
    ) -> None:
        """Do the work for each; where one of several fails, say so and go on.

        Args:
            references: What to work on.
            work: Returns the row to show, `Skipped`, or None.
            columns: How to show the rows; none are shown without.

        Raises:
            DsrError: The only one failed: its own error.
            InputError: Some of several failed, after all were tried.
        """
        rows, tally = list[Any](), Tally()
        for reference in references:
            try:
                result = work(reference)
            except DsrError as error:
                if len(references) == 1:
                    raise
                self.problem(problem_of(reference, error))
                tally.failed += 1
                continue
            if isinstance(result, Skipped):
                self.say(f"{reference}: {result.why}")
                tally.skipped += 1
            else:
                rows += [] if result is None else [result]
                tally.done += 1
        if columns and rows:
            self.rows(rows, columns, limit="all")
        self.end(tally)

    def end(self, tally: Tally) -> None:
        """Tell how a batch of several went.

        Raises:
            InputError: Something failed; what did not is done and stays done.
        """
        if tally.failed:
            raise InputError(
                str(tally),
                hint="mend what is named above and run it again: only the rest is left to do",
                done=tally.done,
                skipped=tally.skipped,
                failed=tally.failed,
            )
        if self.is_for_people and tally.done + tally.skipped > 1:
            self.say(str(tally))

    def problem(self, problem: Problem) -> None:
        """Tell one failing item of a batch on standard error; the rest goes on."""
        from dsr.cli.failures import Failure, told

        as_json = self.settings.output in {"json", "jsonl"}
        message = problem.what if as_json else f"{problem.where}: {problem.what}"
        failure = Failure(problem.slug, message, facts={"where": problem.where})
        typer.echo(told(failure, as_json=as_json), err=True)

    def progress(
        self, total: int | None, text: str, pace: "Pace | None" = None
    ) -> AbstractContextManager[Callable[[int], None]]:
        """Show a bar on a terminal once the block takes over two seconds; call it with steps."""
        from dsr.cli.progress import progress

        return progress(total, text, pace)

    def _take_stdin(self, what: str) -> None:
        if self._stdin_read_for:
            raise UsageError(f"standard input is read for {self._stdin_read_for} already")
        self._stdin_read_for = what


def app_of(ctx: typer.Context) -> App:
    """Return the run that a command belongs to."""
    app = ctx.obj
    assert isinstance(app, App)
    app.rest = rest_of(ctx)
    return app
