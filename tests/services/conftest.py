"""A process of its own for some work, killed at will; a company of two systems to work on."""

import os
import shutil
import signal
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from dsr.domain.vocabulary import IdentifierType, Kind
from dsr.services import approvals, identity
from dsr.services.connecting import add_sources
from dsr.services.decisions import propose
from dsr.services.identity import Shown
from dsr.services.items import Decision
from dsr.services.planning import plan
from dsr.services.searching import find
from dsr.store.engine import make_engine

DATAMAP = """
dataset:
  - fides_key: crm
    collections:
      - name: person
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: name, data_categories: [user.name]}
      - name: note
        fides_meta: {masking_strategy_override: {strategy: delete}}
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - name: person_id
            fides_meta: {references: [{dataset: crm, field: person.id, direction: from}]}
          - {name: text, data_categories: [user.content]}
  - fides_key: shop
    collections:
      - name: buyer
        fides_meta: {masking_strategy_override: {strategy: delete}}
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
"""
CRM = """
CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT UNIQUE NOT NULL, name TEXT NOT NULL);
CREATE TABLE note (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES person (id), text TEXT);
INSERT INTO person VALUES (1, 'mei@example.com', 'Mei'), (2, 'bo@example.com', 'Bo');
INSERT INTO note VALUES (1, 1, 'called'), (2, 1, 'wrote'), (3, 2, 'called');
"""
SHOP = """
CREATE TABLE buyer (id INTEGER PRIMARY KEY, email TEXT);
INSERT INTO buyer VALUES (7, 'mei@example.com'), (8, 'bo@example.com');
"""
SOURCES = {"crm": CRM, "shop": SHOP}


def _killed(desk, work, arm=None, after=None):
    """Do some work in a process of its own; `arm` or the clock kills it. Return whether."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if arm:
                arm()
            if after is not None:
                signal.signal(signal.SIGALRM, signal.SIG_DFL)
                signal.setitimer(signal.ITIMER_REAL, after)
            engine = make_engine(desk.engine.url.render_as_string())
            work(replace(desk, engine=engine))
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _die_at(moment, *, reads=True):
    """Return what kills the process before its statement, or its commit, of that number.

    Those of the company's systems count as well as those of our own database; without `reads` only
    those that change something: in between, all is as it was.
    """

    def arm():
        left = [moment]

        def count(*_):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        def statement(_connection, _cursor, text, *_):
            if reads or not text.lstrip().upper().startswith(("SELECT", "PRAGMA", "WITH")):
                count()

        event.listen(Engine, "before_cursor_execute", statement)
        event.listen(Engine, "commit", count)

    return arm


@pytest.fixture
def killed():
    """Return what does some work in a process of its own that is killed."""
    return _killed


@pytest.fixture
def die_at():
    """Return what arms a process to die at a statement."""
    return _die_at


@dataclass(frozen=True, slots=True)
class Company:
    """Two systems, and an approved deletion in both.

    Attributes:
        number: The deletion's ticket.
        systems: The systems' files, in the order in which the deletion reaches them.
    """

    number: int
    database: Path
    systems: tuple[Path, ...]

    @property
    def _files(self) -> tuple[Path, ...]:
        return (self.database, *self.systems)

    def keep(self) -> None:
        """Remember how everything is."""
        for place in self._files:
            shutil.copyfile(place, place.with_suffix(".before"))

    def as_before(self) -> None:
        """Put everything back as it was."""
        for place in self._files:
            shutil.copyfile(place.with_suffix(".before"), place)

    def dump(self, place: Path) -> list[str]:
        """Return a system whole, as text."""
        with closing(sqlite3.connect(place)) as connection:
            return list(connection.iterdump())

    def done(self) -> list[str]:
        """Return the events that say that a system's part is done."""
        done = "SELECT body FROM event WHERE action = 'apply' AND body LIKE '%\"done\"%'"
        return self.own(done)

    def own(self, query: str) -> list[str]:
        """Return the first column of a query on our own database."""
        with closing(sqlite3.connect(self.database)) as connection:
            return [row[0] for row in connection.execute(query)]


@pytest.fixture
def company(desk, database, opened, tmp_path) -> Company:
    """Return a company of two systems, and an approved deletion in them."""
    places = {name: tmp_path / f"{name}.db" for name in SOURCES}
    for name, script in SOURCES.items():
        with closing(sqlite3.connect(places[name])) as connection:
            connection.executescript(script)
    (tmp_path / "datamap.yaml").write_text(DATAMAP, encoding="utf-8")
    add_sources(desk, [tmp_path / "datamap.yaml"], {name: str(p) for name, p in places.items()})
    number = opened(Kind.DELETION)
    identity.accept(desk, number, Shown("in_person", (IdentifierType.EMAIL, "mei@example.com")))
    find(desk, number)
    plan(desk, number)
    propose(desk, number, Decision())
    approvals.approve(desk, number)
    desk.engine.dispose()
    made = Company(number, database, tuple(places.values()))
    made.keep()
    return made
