"""A stop of 1,000 addresses in three systems, with ticket, suppression and letter each."""

import shutil
import sqlite3
import subprocess
import sys
import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest

from dsr.clock import SystemClock
from dsr.domain.vocabulary import Scope
from dsr.services.addresses import read_column
from dsr.services.desk import Office, open_desk
from dsr.services.suppressing import Asked

ADDRESSES = 1000
MOST = 6.0  # times a bare script that keeps a ticket, ten events and a letter for each
LINES, MOST_MEMORY_MB = 100_000, 20
BARE = Path(__file__).with_name("bare_stop.py")
COMPANY = Path(__file__).parents[2] / "fixtures" / "company"
SYSTEMS = ("crm", "platform", "billing")
PROGRAM = [sys.executable, "-c", "from dsr.cli.main import main; main()"]


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Path:
    """Make an office with the sample company's systems, and a column of addresses."""
    folder = tmp_path_factory.mktemp("stop")
    urls = []
    for name in SYSTEMS:
        with closing(sqlite3.connect(folder / f"{name}.db")) as connection:
            connection.executescript((COMPANY / f"{name}.sql").read_text(encoding="utf-8"))
        urls += ["--url", f"{name}={folder / name}.db"]
    with closing(sqlite3.connect(folder / "crm.db")) as connection:
        query = "select email from contacts union all select mobile from contacts"
        known = [row[0] for row in connection.execute(query)]
    made = [f"person{number}@example.com" for number in range(ADDRESSES)]
    (folder / "column.txt").write_text("\n".join([*known, *made][:ADDRESSES]), encoding="utf-8")
    command = [*PROGRAM, "--db", str(folder / "dsr.sqlite3"), "source", "add"]
    environment = {"PATH": "", "HOME": str(folder), "DSR_KEY_FILE": str(folder / "dsr.key")}
    subprocess.run(
        [*command, str(COMPANY / "datamap.yaml"), *urls], check=True, env=environment, text=True
    )
    shutil.copytree(folder, folder / "kept")
    return folder


def test_a_stop_of_a_thousand_costs_a_known_multiple_of_keeping_them(against, office):
    column, key = office / "column.txt", office / "dsr.key"
    program = "from dsr.cli.main import main; main()"
    stop = (
        f"cp {office}/kept/*.db {office}/ && rm -f {office}/dsr.sqlite3-* {key} && "
        f"cp {office}/kept/dsr.sqlite3 {office}/ && DSR_KEY_FILE={key} exec {sys.executable} "
        f"-c '{program}' --db {office}/dsr.sqlite3 stop @{column}"
    )
    floor = f"rm -f {office}/bare.db; exec {sys.executable} {BARE} {office}/bare.db < {column}"
    ratio = against(["sh", "-c", stop], ["sh", "-c", floor], rounds=3)
    with closing(sqlite3.connect(office / "dsr.sqlite3")) as connection:
        for query in ("ticket where status = 'closed'", "suppression", "letter"):
            assert connection.execute(f"select count(*) from {query}").fetchone() == (ADDRESSES,)
    assert ratio <= MOST


def test_a_long_list_is_looked_up_in_little_memory(office):
    settings = Office(key_file=office / "dsr.key")
    url = f"sqlite:///{office / 'dsr.sqlite3'}"
    clock = SystemClock(settings.zone)
    desk = open_desk(url, clock=clock, officer="li", os_user="li", office=settings)
    lines = read_column(f"{number}@example.com\n".encode() for number in range(LINES))
    tracemalloc.start()
    asked = Asked(desk, lines, Scope.MARKETING)
    assert sum(1 for _ in asked.answers()) == LINES
    peak_mb = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    desk.engine.dispose()
    assert peak_mb < MOST_MEMORY_MB
