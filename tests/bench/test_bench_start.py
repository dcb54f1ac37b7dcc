"""Start-up counts: telling about the program costs little more than importing Typer."""

import sys

import pytest

MOST = 1.3  # times `import typer`, whole processes
FLOOR = [sys.executable, "-c", "import typer"]
PROGRAM = [sys.executable, "-c", "from dsr.cli.main import main; main()"]


@pytest.mark.parametrize("words", [["--help"], ["--version"]], ids=" ".join)
def test_telling_about_the_program_costs_little_more_than_typer(against, words):
    assert against([*PROGRAM, *words], FLOOR) <= MOST
