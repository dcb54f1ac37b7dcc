"""How speed is measured: whole processes by turns with a named floor, so that both slow alike."""

import os
import subprocess
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

from dsr.clock import FixedClock
from dsr.domain.vocabulary import Channel, IdentifierType, Kind, Scope
from dsr.services.desk import Office, open_desk
from dsr.services.opening import Opening, Request

TICKETS = 10_000
NOW = datetime.now(UTC).replace(microsecond=0)


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


@pytest.fixture(scope="session")
def large_office(tmp_path_factory) -> Path:
    """Make an office of 10,000 open tickets."""
    folder = tmp_path_factory.mktemp("large")
    office = Office(key_file=folder / "dsr.key")
    desk = open_desk(
        f"sqlite:///{folder / 'dsr.sqlite3'}",
        clock=FixedClock(NOW, office.zone),
        officer="li",
        os_user="li",
        office=office,
    )
    with desk.write() as step:
        opening = Opening(step, office, b"k" * 32)
        for number, kind in enumerate(islice(cycle(Kind), TICKETS)):
            opening.open(
                Request(
                    rights=((kind, Scope.MARKETING if kind is Kind.WITHDRAWAL else None),),
                    identifiers=((IdentifierType.EMAIL, f"person{number}@example.com"),),
                    received_at=NOW - timedelta(days=number % 20),
                    channel=Channel.EMAIL,
                )
            )
        opening.flush()
    desk.engine.dispose()
    return folder / "dsr.sqlite3"
