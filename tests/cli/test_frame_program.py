"""The real table of commands: every entry loads, help is cheap and as it was."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from dsr.cli.entries import ENTRIES
from dsr.cli.lazy import LazyGroup, command_of

GOLDEN = Path(__file__).parent.parent / "golden" / "help" / "dsr.txt"
HEAVY = {"sqlmodel", "sqlalchemy", "email", "rich", "pydantic", "jinja2", "yaml", "tabulate"}
LEAVES = [
    (f"{name} {inner}".strip(), leaf)
    for name, entry in ENTRIES.items()
    for inner, leaf in (entry.entries or {"": entry}).items()
]


def dsr(*words, **environment):
    """Run the program in a process of its own, and name the heavy modules that it imported."""
    code = (
        "import sys, atexit\n"
        f"names = {sorted(HEAVY)!r}\n"
        "atexit.register(lambda: sys.stderr.write(' '.join("
        "name for name in names if sys.modules.get(name))))\n"
        "from dsr.cli.main import main; main()"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DSR_")}
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        check=False,
        env={**kept, "COLUMNS": "80", **environment},
    )


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["task", "--help"]], ids=" ".join)
def test_what_only_tells_about_the_program_imports_nothing_heavy(words):
    done = dsr(*words)
    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_imports_nothing_heavy(shell):
    asked = {
        "_DSR_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": "dsr task re",
        "COMP_CWORD": "2",
        "_TYPER_COMPLETE_ARGS": "dsr task re",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    done = dsr(**asked)
    assert "remind" in done.stdout
    assert done.stderr == ""


def test_no_command_imports_the_database_layer_before_it_runs():
    """`dsr list --help` and the completion of its options load the module: 0.4 s too much."""
    modules = sorted({leaf.function.partition(":")[0] for _, leaf in LEAVES})
    code = (
        "import importlib, sys\n"
        f"for name in {[name for name in modules if find_spec(name)]!r}:\n"
        "    importlib.import_module(name)\n"
        f"    found = [heavy for heavy in {sorted(HEAVY)!r} if heavy in sys.modules]\n"
        "    assert not found, f'{name} imports {found}'\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_the_version_is_that_of_the_package():
    assert dsr("--version").stdout == "dsr 0.4.0\n"


def test_the_help_is_as_it_was():
    """Look at `COLUMNS=80 dsr --help`, then write it to the golden file if it is meant."""
    assert dsr("--help").stdout == GOLDEN.read_text(encoding="utf-8")


def test_the_help_lists_the_daily_commands_first():
    headings = list(dict.fromkeys(entry.section for entry in ENTRIES.values()))
    assert headings == [
        "Daily", "Intake", "Queue", "Identity", "Clock", "Work", "Decision", "Answer", "Evidence",
        "Set-up",
    ]  # fmt: skip


@pytest.mark.parametrize(("line", "entry"), LEAVES, ids=[line for line, _ in LEAVES])
def test_every_line_of_help_is_short_and_a_sentence(line, entry):
    assert len(entry.help) <= 60, line
    assert entry.help.endswith(".")
    assert entry.help[0].isupper()


@pytest.mark.parametrize(("line", "entry"), LEAVES, ids=[line for line, _ in LEAVES])
def test_every_entry_loads_and_says_what_the_table_says(line, entry):
    attribute = entry.function.partition(":")[2]
    group = type("Group", (LazyGroup,), {"entries": {"name": entry}})(name="group")

    command = group.load("name")

    assert command.help.splitlines()[0] == entry.help
    assert attribute == command.callback.__name__
    assert "dsr " in command.help, f"the help of {line!r} has no example"


def test_a_command_of_the_name_is_built_from_its_function():
    def done(number: int) -> None:
        """Do it."""

    assert command_of(done, "done").name == "done"
