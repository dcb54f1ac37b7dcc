"""What every test may ask for: a desk, and a command line that runs as a user types it."""

import shlex
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from typer.testing import CliRunner

from dsr.cli.main import app
from dsr.cli.show import App
from dsr.clock import FixedClock
from dsr.domain.vocabulary import Channel, IdentifierType, Kind, Scope
from dsr.services.desk import Desk, Office, open_desk
from dsr.services.keys import read_key
from dsr.services.opening import Opening, Request
from dsr.store.engine import open_store

settings.register_profile("new", max_examples=500, print_blob=True)
settings.register_profile("same", derandomize=True)
settings.load_profile("same")  # a tree that was green stays green; `make explore` looks for more
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
ZONE = "Asia/Shanghai"
CLOCK = FixedClock(NOW, ZONE)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory) -> Path:
    """Make a database without rows once; a copy of the file is far cheaper than its migration."""
    path = tmp_path_factory.mktemp("empty") / "dsr.sqlite3"
    open_store(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture
def database(empty_database, tmp_path) -> Path:
    """Return the file of an empty database of the test's own; `desk` and `run` both use it."""
    path = tmp_path / "dsr.sqlite3"
    shutil.copyfile(empty_database, path)
    path.chmod(0o600)
    return path


@pytest.fixture
def desk(database, tmp_path) -> Iterator[Desk]:
    """Return the desk of officer li, who is the first one and works alone, on 2026-11-23."""
    office = Office(zone=ZONE, key_file=tmp_path / "dsr.key", workspace=tmp_path / "out")
    url = f"sqlite:///{database}"
    made = open_desk(url, clock=CLOCK, officer="li", os_user="li-system", office=office)
    yield made
    made.engine.dispose()


@pytest.fixture
def opened(desk) -> Callable[..., int]:
    """Return what opens a ticket at the desk and gives its number; a test names what matters."""

    def open_one(kind: Kind = Kind.ACCESS, scope: Scope | None = None, **changes: Any) -> int:
        values = {
            "identifiers": ((IdentifierType.EMAIL, "mei@example.com"),),
            "sender": "mei@example.com",
            "received_at": NOW - timedelta(days=3),
            "channel": Channel.EMAIL,
        }
        with desk.write() as step:
            opening = Opening(step, desk.office, read_key(desk.office.key_file, may_make=True))
            _, tickets = opening.open(Request(rights=((kind, scope),), **(values | changes)))
            opening.flush()
        return tickets[0][0]

    return open_one


@dataclass(frozen=True, slots=True)
class Run:
    """Runs a command line as a user types it, in a home of its own, and insists on its exit code.

    Attributes:
        variables: The environment of every run; a test may change it.
        clock: What tells the time.
    """

    variables: dict[str, str | None]
    clock: FixedClock

    def __call__(self, line: str, *, exits: int = 0, input: str | bytes | None = None) -> Any:  # noqa: A002 - as CliRunner calls it
        """Run `dsr LINE` and return its result: stdout, stderr, exit_code."""
        obj = App()
        obj.clock = self.clock
        words = shlex.split(line)
        with obj.ends:
            result = CliRunner(env=self.variables).invoke(app, words, obj=obj, input=input)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == exits, f"dsr {line}\n{result.stdout}\n{result.stderr}"
        return result


@pytest.fixture
def run(database, tmp_path) -> Run:
    """Return what runs command lines as officer li on the test's database, on 2026-11-23."""
    home = tmp_path / "home"
    home.mkdir()
    variables: dict[str, str | None] = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "DSR_DATABASE_URL": str(database),
        "DSR_KEY_FILE": str(tmp_path / "dsr.key"),
        "DSR_WORKSPACE": str(tmp_path / "out"),
        "DSR_OFFICER": "li",
        "DSR_CONFIG": None,
        "DSR_OUTPUT": None,
        "DSR_DEBUG": None,
        "NO_COLOR": "1",
    }
    return Run(variables, CLOCK)
