"""Rows as they are judged: the columns are the tables' own, and many are read as each is."""

from importlib import import_module
from pkgutil import iter_modules

import pytest
from sqlalchemy import TableClause
from sqlmodel import SQLModel

from dsr.domain.vocabulary import Kind, ProofResult
from dsr.store import light, tables
from dsr.store.light import IDENTIFIER, PROOF, SOURCE
from dsr.store.standing import has_sources, read_ahead, rows_of
from dsr.store.tables.people import ProofRow
from dsr.store.tables.registers import SourceRow
from dsr.store.tables.tickets import TicketRow

LIGHT = [each for each in vars(light).values() if isinstance(each, TableClause)]


@pytest.mark.parametrize("table", LIGHT, ids=lambda table: table.name)
def test_a_light_table_has_columns_of_the_table_and_their_types(table):
    for module in iter_modules(tables.__path__):
        import_module(f"{tables.__name__}.{module.name}")
    whole = SQLModel.metadata.tables[table.name]
    for column in table.c:
        own = whole.c[column.name].type
        if (table.name, column.name) == ("event", "body"):
            continue  # a text; as an object it is only looked into
        assert repr(column.type) == repr(own).replace("AutoString", "String")


def proof(ticket, method, result=ProofResult.VERIFIED):
    return {"ticket": ticket, "method": method, "result": result}


def test_rows_are_those_of_one_ticket_in_order_and_see_what_is_not_yet_flushed(desk, opened):
    one, two = opened(), opened(Kind.COPY)
    with desk.write() as step:
        for ticket, method in ((two, "video"), (one, "known_facts"), (one, "video")):
            row = ProofRow(
                **proof(ticket, method), covers=[], officer="li", at=step.now, on=step.today
            )
            step.session.add(row)
        found = rows_of(step.session, PROOF, one)
        assert [each.method for each in found] == ["known_facts", "video"]
        assert found[0].result is ProofResult.VERIFIED


def test_what_is_read_ahead_is_what_is_read_one_by_one(desk, opened):
    numbers = [opened(sender=f"{n}@example.com", identifiers=()) for n in range(3)]
    with desk.read() as session:
        tickets = [session.get_one(TicketRow, number) for number in numbers]
        people = [ticket.person for ticket in tickets]
        each = [list(rows_of(session, IDENTIFIER, person)) for person in people]
        with read_ahead(session, tickets):
            assert [list(rows_of(session, IDENTIFIER, person)) for person in people] == each
            assert not has_sources(session)
        assert all(each)


def test_nothing_is_read_ahead_where_something_is_written(desk, opened):
    number = opened()
    with (
        desk.write() as step,
        pytest.raises(AssertionError),
        read_ahead(step.session, [step.session.get_one(TicketRow, number)]),
    ):
        pass


def test_a_source_counts_as_long_as_it_is_active(desk):
    with desk.write() as step:
        step.session.add(SourceRow(key="crm", url="sqlite:///x", datamap="", active=False))
        step.session.flush()
        assert not has_sources(step.session)
        step.session.get_one(SourceRow, "crm").active = True
        step.session.flush()
        assert has_sources(step.session)
        assert SOURCE.name == "source"
