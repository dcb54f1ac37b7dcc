"""Killed at any moment, a ticket is as before the step or as after it, and the trail holds."""

import random
import shutil
import sqlite3
from contextlib import closing
from itertools import count

import pytest

from dsr.domain.vocabulary import Channel, IdentifierType, Kind, SearchResult
from dsr.services import approvals, identity
from dsr.services.answers import Handing, answer
from dsr.services.decisions import propose
from dsr.services.desk import Desk
from dsr.services.evidence import verify
from dsr.services.handling import note
from dsr.services.identity import Shown
from dsr.services.items import Decision
from dsr.services.receiving import ByHand, open_by_hand
from dsr.store.tables.work import SearchRow

TAKEN = ByHand(
    rights=((Kind.EXPLANATION, None), (Kind.CANCELLATION, None)),
    channel=Channel.PHONE,
    identifiers=((IdentifierType.EMAIL, "mei@example.com"),),
    text="She called and asked for both.",
)
#: The way of ticket 2 to its end; each name is a step that may be killed.
STEPS = {
    "open": lambda desk: open_by_hand(desk, TAKEN),
    "ask": lambda desk: identity.ask(desk, 2),
    "pass": lambda desk: identity.accept(desk, 2, Shown("in_person", comment="her passport")),
    "propose": lambda desk: propose(desk, 2, Decision()),
    "approve": lambda desk: approvals.approve(desk, 2),
    "note": lambda desk: note(desk, 2, "the other officer called her"),
}


def search(desk):
    row = SearchRow(
        ticket=2,
        source="crm",
        collection="customers",
        result=SearchResult.FOUND,
        rows=1,
        warnings=[],
        categories=[],
        at=desk.clock.now(),
    )
    with desk.write() as step:
        step.session.add(row)


def tables(database):
    """Return how many rows each table has, and where each ticket stands."""
    with closing(sqlite3.connect(database)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        found = {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for (name,) in names
        }
        found["tickets"] = connection.execute("SELECT status, due_on FROM ticket").fetchall()
        return found


def assert_sound(desk, database):
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    audit = verify(desk)
    assert (audit.ok, audit.why) == (True, None)


@pytest.fixture
def ready(desk, database):
    """Return what brings the desk to just before a step, and remembers the file."""

    def bring(name):
        for each, work in STEPS.items():
            if each == "propose":
                search(desk)
            if each == name:
                break
            work(desk)
        desk.engine.dispose()
        place = database.with_name("before")
        shutil.copyfile(database, place)
        return place

    return bring


@pytest.mark.parametrize("name", [*STEPS])
def test_killed_at_any_statement_a_ticket_is_as_before_or_as_after(
    desk, database, ready, name, killed, die_at
):
    start = ready(name)
    STEPS[name](desk)
    desk.engine.dispose()
    before, after = tables(start), tables(database)
    seen = set()
    for moment in range(0, 400, 3):
        shutil.copyfile(start, database)
        died = killed(desk, STEPS[name], die_at(moment))
        found = tables(database)
        assert found in (before, after), f"killed at statement {moment}"
        seen.add(found == after)
        assert_sound(desk, database)
        desk.engine.dispose()
        if not died:
            break
    assert not died
    assert seen == {True, False}


def test_killed_at_random_moments_the_trail_holds_and_work_goes_on(desk, database, killed):
    def work(own: Desk):
        for _ in range(10_000):
            for view in open_by_hand(own, TAKEN):
                note(own, view.number, "x" * 5000)
                identity.accept(own, view.number, Shown("in_person"))

    luck, opened = random.Random(20261123), 0
    for kill in count():
        if kill >= 25 and opened > 20:  # a slow machine opens less before each kill
            break
        assert killed(desk, work, after=luck.uniform(0.005, 0.1))
        assert_sound(desk, database)
        with closing(sqlite3.connect(database)) as connection:
            tickets = connection.execute("SELECT count(*) FROM ticket").fetchone()[0]
            messages = connection.execute("SELECT count(*) FROM message").fetchone()[0]
            cases = connection.execute('SELECT count(*) FROM "case"').fetchone()[0]
            clocks = connection.execute("SELECT count(*) FROM clock").fetchone()[0]
        assert tickets >= opened  # what was told is kept
        assert (tickets, clocks, messages) == (2 * cases, 2 * cases, cases)  # each letter whole
        opened = tickets
    assert len(open_by_hand(desk, TAKEN)) == 2


def test_an_answer_that_was_killed_is_typed_again(desk, database, opened, killed, die_at):
    number = opened(Kind.EXPLANATION)
    propose(desk, number, Decision(statements={"answer": "We use it to pay you."}))
    desk.engine.dispose()
    start = database.with_name("before")
    shutil.copyfile(database, start)
    folder = desk.office.workspace / f"DSR-{number}"
    before = tables(start)

    def work(own):
        answer(own, number, Handing())

    for moment in range(0, 400, 7):
        shutil.copyfile(start, database)
        shutil.rmtree(desk.office.workspace, ignore_errors=True)
        died = killed(desk, work, die_at(moment))
        if not died:
            break
        assert_sound(desk, database)
        if tables(database) == before:
            work(desk)
            desk.engine.dispose()
        assert tables(database)["tickets"][0][0] == "closed"
        assert [path.suffix for path in folder.iterdir()]
        assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}
    assert not died
