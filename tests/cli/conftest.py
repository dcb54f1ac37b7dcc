"""The sample company, built once, and an office of three officers who work for it."""

import hashlib
import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dsr.clock import FixedClock

COMPANY = Path(__file__).parents[2] / "fixtures" / "company"
SYSTEMS = ("crm", "platform", "billing")
CLOCK = FixedClock(datetime(2026, 11, 23, 2, tzinfo=UTC), "Asia/Shanghai")

WANG = "Wang.Fang@mail.example.com"
#: What no event may hold: how the people of these tests are named.
PERSONAL = ("wang.fang", "19900000001", "王芳", "james.whitfield", "whitfield", "nobody@", "xuexue")


@pytest.fixture(scope="session")
def company_systems(tmp_path_factory) -> Path:
    """Build the company's databases once; nothing of ours ever writes to them."""
    folder = tmp_path_factory.mktemp("company")
    for name in SYSTEMS:
        with closing(sqlite3.connect(folder / f"{name}.db")) as connection, connection:
            connection.executescript((COMPANY / f"{name}.sql").read_text(encoding="utf-8"))
        connection.close()
    return folder


@pytest.fixture(scope="session")
def company_office(company_systems, empty_database, tmp_path_factory) -> Path:
    """Return a database with sources, recipients, clients and officers registered."""
    from dsr.cli.main import app
    from dsr.cli.show import App

    folder = tmp_path_factory.mktemp("office")
    database = folder / "dsr.sqlite3"
    shutil.copyfile(empty_database, database)
    variables = {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
        "DSR_DATABASE_URL": str(database),
        "DSR_KEY_FILE": str(folder / "dsr.key"),
        "DSR_OFFICER": "li",
        "NO_COLOR": "1",
    }
    urls = [word for name in SYSTEMS for word in ("--url", f"{name}={company_systems / name}.db")]
    for words in (
        ["source", "add", str(COMPANY / "datamap.yaml"), *urls],
        ["recipient", "add", "--from", str(COMPANY / "registers.toml")],
        ["client", "add", "--from", str(COMPANY / "registers.toml")],
        ["officer", "set", "li", "--roles", "handler,admin"],
        ["officer", "add", "wang", "--roles", "approver,admin"],
        ["officer", "add", "zhao", "--roles", "legal,approver"],
    ):
        obj = App()
        obj.clock = CLOCK
        with obj.ends:
            result = CliRunner(env=variables).invoke(app, words, obj=obj)
        assert result.exit_code == 0, f"{words}\n{result.stderr}"
    return database


@dataclass(frozen=True, slots=True)
class Walk:
    """Walks tickets through the sample company's office by its command line, as officer li.

    Attributes:
        run: Runs a command line.
        folder: The test's own folder.
        untouched: The database of the office before its first ticket.
        kept: Where offices with a searched first ticket are kept for the tests after this one.
    """

    run: Any
    folder: Path
    untouched: Path
    kept: Path

    def __call__(self, line: str, **said: Any) -> Any:
        """Run `dsr LINE`; see `Run`."""
        return self.run(line, **said)

    def json(self, line: str, **said: Any) -> Any:
        """Run `dsr LINE -o json` and return what it gave."""
        return json.loads(self.run(f"{line} -o json", **said).stdout)

    def later(self, days: int) -> "Walk":
        """Return the same office so many days later."""
        clock = FixedClock(self.run.clock.instant + timedelta(days=days), self.run.clock.zone)
        return replace(self, run=replace(self.run, clock=clock))

    def file(self, text: str, name: str = "said.txt") -> str:
        """Write a text down and return how the command line names its file."""
        place = self.folder / name
        place.write_text(text, encoding="utf-8")
        return f"@{place}"

    def open(self, what: str, who: str = WANG, type_: str = "email") -> list[int]:
        """Open tickets by hand and return their numbers."""
        named = self.file(who, "who.txt")
        opened = self.json(f"open {what} --identifier {type_}={named}")
        return [each["number"] for each in opened]

    def verified(self, what: str, who: str = WANG) -> int:
        """Open one ticket and prove who asks."""
        number = self.open(what, who)[0]
        self.run(f"verify pass {number} --method video")
        return number

    def found(self, what: str, who: str = WANG) -> int:
        """Open one ticket, prove who asks, and search; what a test before did so is taken over."""
        names = ("DSR_DATABASE_URL", "DSR_KEY_FILE")
        files = [Path(self.run.variables[name]) for name in names]
        log = files[0].with_name(f"{files[0].name}-wal")  # what it holds is in no file copied
        is_first = files[0].read_bytes() == self.untouched.read_bytes()
        is_first = is_first and not (log.exists() and log.stat().st_size)
        kept = self.kept / hashlib.sha256(f"{what}\0{who}".encode()).hexdigest()
        if is_first and kept.exists():
            for file in files:
                shutil.copyfile(kept / file.name, file)
            return 1
        number = self.verified(what, who)
        self.run(f"find {number}")
        if is_first:
            kept.mkdir()
            with (
                closing(sqlite3.connect(files[0])) as office,
                closing(sqlite3.connect(kept / files[0].name)) as copy,
            ):
                office.backup(copy)
            shutil.copyfile(files[1], kept / files[1].name)
        return number

    def tasks(self, number: int, *kinds: str) -> list[int]:
        """Return the open tasks of a ticket, all or of some kinds."""
        listed = self.json(f"task list {number}")
        unfinished = {"open", "failed", "reminded"}
        return [
            each["number"]
            for each in listed
            if each["state"] in unfinished and (not kinds or each["kind"] in kinds)
        ]

    def work(self, number: int, *kinds: str) -> None:
        """Do the open tasks of a ticket, all or of some kinds."""
        for task in self.tasks(number, *kinds):
            self.run(f"task done {number} {task} --proof ok")

    def show(self, number: int) -> Any:
        """Return a ticket as programs see it."""
        return self.json(f"show {number}")

    def item(self, number: int, source: str) -> Any:
        """Return the one item of a ticket that is of a source, and of no field alone."""
        (found,) = (
            each
            for each in self.show(number)["items"]
            if each["source"] == source and not each["field"]
        )
        return found

    def letter(self, number: int, name: str) -> str:
        """Return a letter as it went out; its hash is that of its text."""
        frozen = self.json(f"letter {number} {name} --frozen")
        whole = f"{frozen['subject']}\n\n{frozen['text']}"
        hashes = {hashlib.sha256(text.encode()).hexdigest() for text in (frozen["text"], whole)}
        assert frozen["sha256"] in hashes
        return whole

    def ended(self, number: int, outcome: str, letter: str, *, status: str = "closed") -> str:
        """Insist that a ticket ended so, with its letter and a sound trail; return the letter."""
        shown = self.show(number)
        assert (shown["status"], shown["outcome"]) == (status, outcome)
        assert letter in {each["name"] for each in shown["letters"]}
        self.sound()
        return self.letter(number, letter)

    def sound(self) -> None:
        """Insist that the trail holds and that no event names anybody."""
        assert self.json("audit verify")["ok"]
        bodies = " ".join(self.rows("select body from event")).casefold()
        assert not [each for each in PERSONAL if each.casefold() in bodies]

    def rows(self, query: str) -> list[Any]:
        """Return the first column of a query on the office's database."""
        connection = sqlite3.connect(self.run.variables["DSR_DATABASE_URL"])
        try:
            return [row[0] for row in connection.execute(query)]
        finally:
            connection.close()

    def behind(self, statement: str, *values: Any) -> None:
        """Change something in the office's database behind the program's back."""
        place = self.run.variables["DSR_DATABASE_URL"]
        with closing(sqlite3.connect(place)) as connection, connection:
            connection.execute(statement, values)

    def dump(self) -> list[str]:
        """Return the whole database as text: what a dry run must leave as it is."""
        connection = sqlite3.connect(self.run.variables["DSR_DATABASE_URL"])
        try:
            return list(connection.iterdump())
        finally:
            connection.close()

    @property
    def out(self) -> Path:
        """Return the workspace, where answers are laid."""
        return Path(self.run.variables["DSR_WORKSPACE"])


@pytest.fixture(scope="session")
def kept_offices(tmp_path_factory) -> Path:
    """Return where offices with a searched first ticket are kept."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def walk(run, database, company_office, kept_offices, tmp_path) -> Walk:
    """Return what walks tickets through the sample company's office on 2026-11-23."""
    shutil.copyfile(company_office, database)
    return Walk(run, tmp_path, company_office, kept_offices)


@dataclass(frozen=True, slots=True)
class Systems:
    """The sample company's databases, the test's own copies, which may be written to."""

    folder: Path

    def place(self, name: str) -> Path:
        """Return the file of one of them."""
        return self.folder / f"{name}.db"

    def rows(self, name: str, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what a query gives."""
        with closing(sqlite3.connect(self.place(name))) as connection:
            return connection.execute(query, values).fetchall()

    def change(self, name: str, statement: str, *values: Any) -> None:
        """Change something behind the program's back."""
        with closing(sqlite3.connect(self.place(name))) as connection, connection:
            connection.execute(statement, values)

    def dump(self) -> dict[str, list[str]]:
        """Return all of them as text."""
        dumps = {}
        for name in SYSTEMS:
            with closing(sqlite3.connect(self.place(name))) as connection:
                dumps[name] = list(connection.iterdump())
        return dumps


@pytest.fixture
def systems(walk, company_systems, tmp_path) -> Systems:
    """Give the test's office copies of the company's systems of its own."""
    folder = tmp_path / "systems"
    shutil.copytree(company_systems, folder)
    urls = " ".join(f"--url {name}={folder / name}.db" for name in SYSTEMS)
    walk(f"source add {COMPANY / 'datamap.yaml'} {urls}")
    return Systems(folder)


GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture
def golden(tmp_path) -> Callable[[str, str], None]:
    """Return what compares a text with a golden file, after what differs from run to run.

    A file that is missing is written, and the test fails once: somebody is to read it.
    """

    def compare(name: str, text: str) -> None:
        text = text.replace(str(tmp_path), "FOLDER")
        text = re.sub(r"\b[0-9a-f]{64}\b", "SHA256", text)
        text = re.sub(r"\b[a-z2-9]{4}(-[a-z2-9]{4}){4}\b", "PASSPHRASE", text)
        text = re.sub(r'"size": \d+', '"size": 0', text)
        place = GOLDEN / name
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
            pytest.fail(f"{place} was missing and is written: read it")
        assert text == place.read_text(encoding="utf-8")

    return compare
