"""A list of 10,000 tickets costs little more than the bare libraries."""

import sys
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

import pytest

from dsr.clock import FixedClock
from dsr.domain.vocabulary import Channel, IdentifierType, Kind, Scope
from dsr.services.desk import Office, open_desk
from dsr.services.opening import Opening, Request

MOST = 1.15  # times a bare script that selects and prints 50 rows of one table
TICKETS = 10_000
NOW = datetime.now(UTC).replace(microsecond=0)
BARE = Path(__file__).with_name("bare_list.py")


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    """Make an office of 10,000 open tickets."""
    folder = tmp_path_factory.mktemp("list")
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


def test_a_list_costs_little_more_than_the_bare_libraries(against, database):
    program = [sys.executable, "-c", "from dsr.cli.main import main; main()"]
    command = [*program, "--db", str(database), "list"]
    assert against(command, [sys.executable, str(BARE), str(database)], rounds=15) <= MOST
