"""Work on tickets that are alike: each becomes what it would have become alone."""

import json
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from dsr.domain.vocabulary import Channel, IdentifierType, RequesterRole, Scope
from dsr.services import alike, stopping, stopping_many
from dsr.services.addresses import read_column
from dsr.services.connecting import add_sources
from dsr.services.evidence import verify
from dsr.services.holding import hold
from dsr.services.keys import read_key
from dsr.services.opening import Opening, Request
from dsr.services.steps import ticket_of
from dsr.store.engine import open_store
from dsr.store.tables.every import MODULES
from dsr.store.tables.tickets import TicketRow

assert MODULES  # every table is known
COMPANY = Path(__file__).parents[2] / "fixtures" / "company"
SYSTEMS = ("crm", "platform", "billing")
ADDRESSES = ("bo@example.com", "dan@example.com", "mei@example.com")

#: Tables whose rows are made for each ticket: opened with it, or written with its own number.
MADE_FOR_EACH = {"clock", "event", "letter", "suppression"}
#: Tables that no work on tickets that are alike puts a row in.
UNTOUCHED = {
    "reminder",
    "approval",
    "attachment",
    "erasure",
    "link",
    "message",
    "package",
    "permit",
    "plan",
    "plan_part",
    "proof",
    "search",
    "stop",
}
#: What differs from ticket to ticket, by table.
OWN = {
    "ticket": alike.OWN,
    "letter": {"id", "case_number", "sha256", "recipient"},
    "event": {"id", "previous", "digest", "case_number"},
    "suppression": {"id", "lookup"},
}


def tables_of_tickets():
    return {
        name: table for name, table in SQLModel.metadata.tables.items() if "ticket" in table.columns
    }


def test_every_column_of_a_ticket_is_its_own_or_shared():
    assert set(alike.SHARED).isdisjoint(alike.OWN)
    assert len(set(alike.SHARED)) == len(alike.SHARED)
    assert {*alike.SHARED, *alike.OWN} == set(TicketRow.model_fields)


def test_every_table_that_hangs_on_a_ticket_is_copied_made_for_each_or_untouched():
    hanging = {table.__tablename__ for table in alike.HANGING}
    groups = (hanging, MADE_FOR_EACH, UNTOUCHED)
    assert sum(map(len, groups)) == len(set().union(*groups))
    assert set().union(*groups) == set(tables_of_tickets())


def rows(database, query):
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def said(value, number):
    """Return a value without what names its ticket; one plan for several counts for all."""
    if not isinstance(value, str):
        return value
    value = re.sub(rf"(?<=DSR-){number}\b|(?<=\.){number}(?=@)", "N", value)
    value = re.sub(r"^\d+ cells changed, 0 rows deleted( for 3 persons at once)?$", "DONE", value)
    return re.sub(r"[0-9a-f]{24,64}(?=[.@])", "HASH", value)


def event(database, row, number):
    """Return an event by what it says: its own hashes are there, and are told apart elsewhere."""
    body = json.loads(row["body"])
    sealed = rows(database, f"select name, value from secret where event = {row['id']}")
    assert dict(sealed).keys() == body["sealed"].keys()
    facts = {k: bool(v) if k in {"hash", "sha256", "plan"} else v for k, v in body["facts"].items()}
    told = {k: v for k, v in body.items() if k not in {"id", "previous", "case", "ticket"}}
    values = sorted((name, said(value, number)) for name, value in sealed)
    return {**told, "facts": facts, "sealed": values}


def kept(database, number):
    """Return all that is kept of a ticket but for what is its own."""
    found = {}
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        for name in ("ticket", *tables_of_tickets()):
            key = "number" if name == "ticket" else "ticket"
            query = f'select * from "{name}" where {key} = {number} order by rowid'
            found[name] = [dict(row) for row in connection.execute(query)]
    for row in found["event"]:
        row["body"] = event(database, row, number)
    return {
        name: [
            {k: said(v, number) for k, v in row.items() if k not in {"ticket", *OWN.get(name, ())}}
            for row in listed
        ]
        for name, listed in found.items()
    }


@pytest.fixture
def office(desk, tmp_path):
    """Return what makes another office like the desk's, with systems of its own."""
    kept_database = tmp_path / "kept.sqlite3"
    desk.engine.dispose()
    shutil.copyfile(desk.engine.url.database, kept_database)
    made = []

    def make(name):
        folder = tmp_path / name
        folder.mkdir()
        database = folder / "dsr.sqlite3"
        shutil.copyfile(kept_database, database)
        places = {}
        for system in SYSTEMS:
            places[system] = str(folder / f"{system}.db")
            with closing(sqlite3.connect(places[system])) as connection:
                script = (COMPANY / f"{system}.sql").read_text(encoding="utf-8")
                connection.executescript(script)
        settings = replace(desk.office, key_file=folder / "dsr.key")
        other = replace(desk, engine=open_store(f"sqlite:///{database}"), office=settings)
        made.append(other)
        add_sources(other, [COMPANY / "datamap.yaml"], places)
        return other, database

    yield make
    for each in made:
        each.engine.dispose()


def known(database):
    """Return an address that the systems know, with a consent that is to be set."""
    query = "select c.email from contacts c join consents s on s.contact_id = c.id "
    query += "where s.purpose = 'marketing_email' and s.given = 1 order by c.id limit 3"
    return [each for (each,) in rows(database.with_name("crm.db"), query)]


def open_alike(desk, addresses):
    """Open a ticket for each address as a column of addresses does."""
    with desk.write() as step:
        opening = Opening(step, desk.office, read_key(desk.office.key_file, may_make=True))
        for address in addresses:
            opening.open(
                Request(
                    rights=(stopping.RIGHT,),
                    identifiers=((IdentifierType.EMAIL, address),),
                    role=RequesterRole.SUBJECT,
                    language="en",
                    received_at=step.now,
                    channel=Channel.FORM,
                )
            )
        opening.flush()


@pytest.mark.parametrize("addresses", [ADDRESSES, None], ids=["unknown", "known"])
def test_what_was_worked_together_is_as_each_stopped_alone(office, addresses):
    together, one = office("together")
    alone, other = office("alone")
    addresses = addresses or known(one)
    lines = read_column([f"{each}\n".encode() for each in addresses])
    work = stopping_many.Column(together, lines, stopping_many.Wishes())
    assert [view.outcome for view in work.views()] == ["stopped"] * 3
    open_alike(alone, addresses)
    for number in (1, 2, 3):
        stopping.stop(alone, number)
    for number in (1, 2, 3):
        found, wanted = kept(one, number), kept(other, number)
        assert {name for name, listed in wanted.items() if listed} >= {"event", "task", "letter"}
        for name, listed in wanted.items():
            assert found[name] == listed, name
    for desk in (together, alone):
        assert verify(desk).ok


def test_a_ticket_that_was_changed_meanwhile_is_worked_by_itself(office):
    desk, database = office("one")
    open_alike(desk, ADDRESSES)
    hold(desk, 1, "a court asked for it")
    with desk.write() as step:
        row = ticket_of(step.session, 3)
        row.assignee = "wang"
        step.session.add(row)
    with desk.write() as step:
        alike.for_each(step, desk, [1, 2, 3], lambda s, t: stopping.decide(s, desk, t))
    assert rows(database, "select held_at is not null, assignee, scope from ticket") == [
        (1, None, Scope.MARKETING),
        (0, None, Scope.MARKETING),
        (0, "wang", Scope.MARKETING),
    ]
    decided = "select ticket from event where action = 'decide' order by ticket"
    assert rows(database, decided) == [(1,), (2,), (3,)]
    assert verify(desk).ok


def test_a_task_that_somebody_did_meanwhile_stays_done(office):
    desk, database = office("one")
    open_alike(desk, ADDRESSES)
    with desk.write() as step:
        alike.for_each(step, desk, [1, 2, 3], lambda s, t: stopping.decide(s, desk, t))
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("update task set result = 'by hand' where ticket = 2 and number = 1")

    def finish(step, ticket):
        ticket.place = "Shanghai"
        step.session.add(ticket)

    with desk.write() as step:
        alike.for_each(step, desk, [1, 2, 3], finish)
    assert rows(database, "select distinct place from ticket") == [("Shanghai",)]
    assert rows(database, "select ticket from task where result = 'by hand'") == [(2,)]
