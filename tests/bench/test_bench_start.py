"""Start-up counts: telling about the program costs little more than importing Typer."""

import os
import subprocess
import sys
from statistics import median
from time import perf_counter

import pytest

MOST = 1.3  # times `import typer`, whole processes
ROUNDS = 11
BARE = "import typer"
PROGRAM = "from dsr.cli.main import main; main()"


@pytest.mark.parametrize("words", [["--help"], ["--version"]], ids=" ".join)
def test_telling_about_the_program_costs_little_more_than_typer(benchmark, tmp_path, words):
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as where it is installed
    bare: list[float] = []
    ours: list[float] = []

    def timed(spans, code, *arguments):
        begun = perf_counter()
        command = [sys.executable, "-c", code, *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
        spans.append(perf_counter() - begun)

    for code in (BARE, PROGRAM):  # compiles
        timed([], code, "--version")
    benchmark.pedantic(  # by turns, so that a busy machine slows both
        timed, (ours, PROGRAM, *words), setup=lambda: timed(bare, BARE), rounds=ROUNDS
    )

    ratio = median(ours) / median(bare)
    benchmark.extra_info["times import typer"] = round(ratio, 2)
    assert ratio <= MOST
