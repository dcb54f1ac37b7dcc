"""How speed is measured: whole processes by turns with a named floor, so that both slow alike."""

import os
import subprocess
from statistics import median
from time import perf_counter

import pytest


@pytest.fixture
def against(benchmark, tmp_path):
    """Return what times a command against its floor and gives the ratio of their medians."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as where it is installed

    def span(command) -> float:
        begun = perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
        return perf_counter() - begun

    def ratio(command, floor, *, rounds=11, warm=True) -> float:
        ours: list[float] = []
        theirs: list[float] = []
        if warm:  # compiles
            span(floor)
            span(command)
        benchmark.pedantic(
            lambda: ours.append(span(command)),
            setup=lambda: theirs.append(span(floor)),
            rounds=rounds,
        )
        found = median(ours) / median(theirs)
        benchmark.extra_info["times the floor"] = round(found, 2)
        return found

    return ratio
