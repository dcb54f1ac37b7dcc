"""What a table allows is read as its source declares it, whatever its names hold."""

import pytest

from dsr.sources.schema import ColumnSchema, ForeignKey, Referring, read_schema, referring
from dsr.sources.sql import reading


@pytest.fixture
def shop(database):
    path = database(
        'create table "a \'b" (id integer primary key, Email varchar(40) not null unique,'
        " \"first name\" text default 'x', twice int as (id * 2), stored int as (id) stored);"
        'create unique index "i \'1" on "a \'b" (lower("first name")) where id > 0;'
        'create unique index i2 on "a \'b" (Email, id); create index i3 on "a \'b" (id);'
        'create table k (a national character varying (12), "notnull" int, "table" blob,'
        ' primary key ("notnull", a)) without rowid;'
        'create table c (id integer primary key, p references "A \'B" on delete cascade, a, b,'
        " up references c (id) on delete set null, foreign key (b, a) references k);"
        "create table bare (x, y text(9), z char(0x9)); create view v as select * from k;"
        "create virtual table words using fts5 (body);"
    )
    with reading(f"sqlite:///{path}") as reader:
        yield reader


def test_columns_say_what_fits(shop):
    schema = read_schema(shop, "A 'B")
    assert schema.names == ("id", "Email", "first name", "twice", "stored")
    assert schema.primary_key == ("id",)
    assert schema.column("EMAIL") == ColumnSchema("Email", "varchar(40)", False, max_length=40)
    assert schema.columns["first name"].default == "'x'"
    assert schema.columns["id"].primary_key_position == 1
    assert [name for name in schema.names if schema.columns[name.casefold()].generated] == [
        "twice",
        "stored",
    ]
    assert not schema.is_view
    assert schema.column("nothing") is None


def test_unique_columns_are_those_of_every_index_and_expression(shop):
    found = {frozenset(one) for one in read_schema(shop, "a 'b").unique}
    assert found == {frozenset(one) for one in (["Email"], ["Email", "id"], ["first name", "id"])}


def test_a_key_of_several_columns_is_in_its_own_order(shop):
    schema = read_schema(shop, "k")
    assert schema.primary_key == ("notnull", "a")
    assert schema.columns["a"].max_length == 12
    assert not schema.columns["a"].nullable
    assert schema.columns["table"].nullable
    assert schema.unique == ()


def test_ties_say_where_they_lead_and_what_follows(shop):
    down = ForeignKey(("p",), "A 'B", ("id",), "CASCADE")
    both = ForeignKey(("b", "a"), "k", ("notnull", "a"))
    itself = ForeignKey(("up",), "c", ("id",), "SET NULL")
    assert set(read_schema(shop, "C").foreign_keys) == {down, both, itself}
    assert referring(shop, "a 'b") == (Referring("c", down),)
    assert referring(shop, "K") == (Referring("c", both),)
    assert referring(shop, "c") == (Referring("c", itself),)
    assert [tie.acts for tie in (down, both, itself)] == [True, False, True]


def test_a_table_without_declarations_a_view_and_none(shop):
    bare = read_schema(shop, "bare")
    assert [one.max_length for one in bare.columns.values()] == [None, None, None]
    assert (bare.primary_key, bare.unique, bare.foreign_keys) == ((), (), ())
    view = read_schema(shop, "V")
    assert view.is_view
    assert view.names == ("a", "notnull", "table")
    assert dict(read_schema(shop, "none").columns) == {}
    assert read_schema(shop, "words").column("body")
