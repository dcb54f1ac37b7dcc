"""The search as a whole: failures side by side, hostile rows, many rows, a plain model."""

import sqlite3
import time
import tracemalloc
from collections import Counter
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsr.domain.vocabulary import SearchResult
from dsr.errors import ConfigError, InputError
from dsr.sources.datamap import Address, Collection, Dataset, Field, Reference
from dsr.sources.results import CELL_LIMIT, Cut, SearchReport, plain
from dsr.sources.search import search
from dsr.sources.sql import BUSY_SECONDS


def field(name, *references, identity=""):
    made = tuple(
        Reference(Address(*where.split(".")[:2]), where.split(".")[2], direction)
        for where, direction in references
    )
    return Field(name, identity=identity, references=made)


def dataset(key, **collections):
    made = tuple(Collection(name, fields=tuple(fields)) for name, fields in collections.items())
    return Dataset(key, collections=made)


def url(path):
    return f"sqlite:///{path}"


ACCOUNT = {"account": [field("email", identity="email")]}
ADA = {"email": ("ada@example.org",)}


def by_name(report):
    return {f"{entry.source}.{entry.collection}": entry for entry in report.collections}


def test_a_source_that_fails_does_not_stop_the_others(database, tmp_path, rows):
    script = "create table account (email text); insert into account values ('ada@example.org');"
    good, locked = database(script, "good"), database(script, "locked")
    other = database("create table somewhere (email text);", "other")
    text = tmp_path / "text.db"
    text.write_text("no database" * 100)
    connect = {
        "locked": url(locked),
        "gone": url(tmp_path / "gone.db"),
        "text": url(text),
        "other": url(other),
        "good": url(good),
    }
    keys = [*connect, "unconnected"]
    with closing(sqlite3.connect(locked, isolation_level=None)) as holder:
        holder.execute("begin exclusive")
        datasets = [dataset(key, **ACCOUNT) for key in keys]
        datasets.append(dataset("twin", **{f"t{n}": ACCOUNT["account"] for n in range(5)}))
        start = time.monotonic()
        report = search(datasets, connect | {"twin": url(locked)}, ADA, sink=rows)
        assert time.monotonic() - start < 3 * BUSY_SECONDS  # a locked source is tried once
    failed, report = report.collections[6:], SearchReport(report.collections[:6])
    assert {entry.result for entry in failed} == {SearchResult.FAILED}
    assert [entry.result for entry in report.collections] == [
        SearchResult.FAILED,
        SearchResult.FAILED,
        SearchResult.FAILED,
        SearchResult.FAILED,
        SearchResult.FOUND,
        SearchResult.NOT_ASKED,
    ]
    assert [entry.warnings[0] for entry in report.having(SearchResult.FAILED)] == [
        "the database is locked by another program",
        "there is no such database file",
        "the file is no SQLite database, or is encrypted",
        "there is no such table",
    ]
    assert (report.rows, len(rows.taken)) == (1, 1)
    assert not (tmp_path / "gone.db").exists()


def test_a_url_that_cannot_be_is_refused_before_anything_is_read(database, rows):
    good = database("create table account (email text);", "good")
    datasets = [dataset("good", **ACCOUNT), dataset("bad", **ACCOUNT)]
    unreached = dataset("far", island=[field("id")])
    connect = {"good": url(good), "bad": "mysql://h/d", "far": "mysql://h/d"}
    for datamap in (datasets, [*datasets[:1], unreached]):
        with pytest.raises(ConfigError, match="not supported"):
            search(datamap, connect, ADA, sink=rows)
    assert rows.taken == []


def test_nothing_is_asked_without_an_identity(database, rows):
    path = database("create table account (email text); insert into account values ('');")
    for identities in ({}, {"email": ()}, {"email": ("",)}, {"email": ("  ",)}, {"name": ("Ada",)}):
        report = search([dataset("shop", **ACCOUNT)], {"shop": url(path)}, identities, sink=rows)
        assert report.collections[0].result in (SearchResult.NOT_ASKED, SearchResult.NONE)
        assert rows.taken == []


def test_a_value_that_is_no_text_is_refused(database):
    path = database("create table account (email text);")
    with pytest.raises(InputError):
        search([dataset("shop", **ACCOUNT)], {"shop": url(path)}, {"email": ("\udcff@x",)})


HOSTILE = [
    "=HYPERLINK('http://example.net')",
    "<script>alert(1)</script>",
    "'; drop table note; --",
    "\x1b[31mred",
    "\u202eevil",
    "a\x00b",
    "%s %(x)s :x ?",
    "",
]


def test_hostile_cells_pass_through_as_they_are(database, rows):
    path = database("create table note (email text, text text, more);")
    with closing(sqlite3.connect(path)) as connection:
        for text in HOSTILE:
            connection.execute("insert into note values ('ada@example.org', ?, ?)", (text, text))
        connection.execute(
            "insert into note values ('ada@example.org', cast(x'ff' as text), ?)",
            ("x" * 3_000_000,),
        )
        connection.commit()
    shop = dataset("shop", note=[field("email", identity="email"), field("text"), field("more")])
    report = search([shop], {"shop": url(path)}, ADA, sink=rows)
    assert [row["text"] for row in rows.values] == [*HOSTILE, b"\xff"]
    assert rows.values[-1]["more"] == Cut("x" * CELL_LIMIT)
    assert report.collections[0].warnings == ("cells longer than 1048576 that were cut: 1",)
    assert plain(rows.values[-1]["text"]) == {"base64": "/w=="}
    with closing(sqlite3.connect(path)) as connection:  # the company's own cell is as long as ever
        assert connection.execute("select max(length(more)) from note").fetchone() == (3_000_000,)


@pytest.mark.parametrize(
    "value", ["' or 1=1 --", "%", "_", "\x00", "*", '"email"', "email", "x" * 9999]
)
def test_a_hostile_identity_finds_only_itself(database, rows, value):
    path = database(
        "create table account (email text, no text); insert into account values ('a@b', 'c');"
    )
    shop = dataset(
        "shop", account=[field("email", identity="email"), field("no", identity="account")]
    )
    report = search(
        [shop], {"shop": url(path)}, {"email": (value,), "account": (value,)}, sink=rows
    )
    assert report.collections[0].result is SearchResult.NONE


def test_a_column_that_is_gone_is_not_taken_for_a_text(database):
    """SQLite reads an unknown name in double quotes as text: "email" would find the word email."""
    path = database("create table account (id int); insert into account values (1);")
    shop = dataset("shop", account=[field("id"), field("email", identity="account")])
    report = search([shop], {"shop": url(path)}, {"account": ("email",)})
    assert report.collections[0].result is SearchResult.FAILED
    assert report.collections[0].warnings == ("the table has no column email",)


def test_names_with_quotes_are_searched(database, rows):
    path = database(
        'create table "my ""table""; --" ("e ""mail""" text); '
        'insert into "my ""table""; --" values (\'ada@example.org\');'
    )
    shop = dataset("shop", **{'my "table"; --': [field('e "mail"', identity="email")]})
    assert search([shop], {"shop": url(path)}, ADA, sink=rows).rows == 1


def test_a_collection_that_fails_half_way_says_how_much_came(database, rows):
    path = database(
        "create table a (email text, n int);"
        "insert into a values ('ada@example.org', 1), ('ada@example.org', -9223372036854775808);"
        "create view v as select email, abs(n) as n from a;"
        "create table b (n int); insert into b values (1);"
    )
    shop = dataset(
        "shop",
        v=[field("email", identity="email"), field("n")],
        b=[field("n", ("shop.v.n", "from"))],
    )
    found = by_name(search([shop], {"shop": url(path)}, ADA, sink=rows))
    assert found["shop.v"].result is SearchResult.FAILED
    assert found["shop.v"].warnings[0].startswith("the database refused the question")
    assert found["shop.b"].warnings == ("may be incomplete: shop.v could not be searched",)


LARGE = """
create table account (id integer primary key, email text);
insert into account values (1, 'ada@example.org'), (2, 'ben@example.org');
create table visit (id integer primary key, account_id int, page text);
create index visit_account on visit (account_id);
create table click (visit_id int, at int, what text);
create index click_visit on click (visit_id);
with recursive n (i) as (select 1 union all select i + 1 from n where i < {count})
insert into visit select i, 1 + i % 2, printf('%.*c', 500, 'p') from n;
insert into click select id, 7, printf('%.*c', 500, 'c') from visit;
insert into click select id, 7, printf('%.*c', 500, 'c') from visit where id % 4 = 0;
"""
LARGE_MAP = dataset(
    "shop",
    account=[field("id"), field("email", identity="email")],
    visit=[field("id"), field("account_id", ("shop.account.id", "from")), field("page")],
    click=[field("visit_id", ("shop.visit.id", "from")), field("at"), field("what")],
)


class Counting:
    def __init__(self):
        self.count = Counter()

    def row(self, *taken):
        self.count[taken[1]] += 1


def test_more_keys_than_a_statement_holds_are_followed_and_twins_counted(database):
    path = database(LARGE.format(count=6_000))
    sink = Counting()
    report = search([LARGE_MAP], {"shop": url(path)}, ADA, sink=sink)
    assert sink.count == {"account": 1, "visit": 3_000, "click": 4_500}
    assert [entry.rows for entry in report.collections] == [1, 3_000, 4_500]


def test_rows_do_not_sit_in_memory(database):
    path = database(LARGE.format(count=20_000))  # some 15 MB of text
    tracemalloc.start()
    search([LARGE_MAP], {"shop": url(path)}, ADA, sink=Counting())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000


def test_a_row_that_two_ways_lead_to_is_handed_over_once(database, rows):
    path = database(
        "create table account (id int, email text, backup text);"
        "insert into account values (1, 'ada@example.org', 'ada@example.org');"
        "create table memo (writer int, reader int);"
        "insert into memo values (1, 1), (1, 1), (1, 2);"
    )
    shop = dataset(
        "shop",
        account=[field("id"), field("email", identity="email"), field("backup", identity="email")],
        memo=[
            field("writer", ("shop.account.id", "from")),
            field("reader", ("shop.account.id", "from")),
        ],
    )
    search([shop], {"shop": url(path)}, ADA, sink=rows)
    assert [place for place, _, _ in rows.taken] == ["shop.account"] + ["shop.memo"] * 3


def test_a_column_without_a_value_leads_nowhere(database, rows):
    path = database(
        "create table account (email text, a int, b int);"
        "insert into account values ('ada@example.org', 1, null);"
        "create table pair (a int, b int); insert into pair values (1, null), (1, 2);"
    )
    shop = dataset(
        "shop",
        account=[field("email", identity="email"), field("a"), field("b")],
        pair=[
            field("a", ("shop.account.a", "from")),
            field("b", ("shop.account.b", "from")),
        ],
    )
    report = search([shop], {"shop": url(path)}, ADA, sink=rows)
    assert by_name(report)["shop.pair"].result is SearchResult.NONE


def test_warnings_hold_no_personal_value(database, rows):
    path = database(
        "create table account (id int, email text, ref text);"
        "insert into account values (1, 'ada@example.org', 'k-secret');"
        "insert into account values (2, 'ben@example.org', 'k-secret');"
        "create table thing (k text, email text);"
        "insert into thing values ('k-secret', 'cyd@example.org');"
        "create table spot (k text); insert into spot values ('k-secret')"
    )
    shop = dataset(
        "shop",
        account=[
            field("id"),
            field("email", identity="email"),
            field("ref", ("shop.thing.k", "to"), ("shop.spot.k", "to")),
        ],
        thing=[field("k"), field("email", identity="email")],
        spot=[field("k")],
    )
    report = search([shop], {"shop": url(path)}, ADA, sink=rows)
    said = " ".join(warning for entry in report.collections for warning in entry.warnings)
    assert "point here too: 1 (by ref)" in said
    assert "point to somebody else: 1 (by email)" in said
    assert "rows found are tied: 1 (by k)" in said
    for value in ("ada", "ben", "cyd", "secret", "@"):
        assert value not in said


TABLES = ("a", "b", "c")
small = st.integers(0, 3)


@st.composite
def companies(draw):
    """Three tables of (x, y, name), references between any of their columns, and some rows."""
    ties = draw(
        st.lists(
            st.tuples(
                st.sampled_from(TABLES),
                st.sampled_from("xy"),
                st.sampled_from(TABLES),
                st.sampled_from("xy"),
                st.sampled_from(("from", "to")),
            ),
            max_size=4,
            unique_by=lambda tie: (tie[0], tie[2], tie[4]),  # no two that belong together
        )
    )
    rows = {
        table: draw(st.lists(st.tuples(st.none() | small, st.none() | small, small), max_size=6))
        for table in TABLES
    }
    return ties, rows


def closure(ties, rows):
    """Find the rows of person 0 the slow way: over and over, until nothing new is found."""
    arrows = [
        (there, that, here, this) if direction == "from" else (here, this, there, that)
        for here, this, there, that, direction in ties
    ]
    found = {(table, i) for table in TABLES for i, row in enumerate(rows[table]) if row[2] == 0}
    while True:
        more = set(found)
        for start, out, end, into in arrows:
            keys = {rows[t][i]["xy".index(out)] for t, i in found if t == start} - {None}
            more |= {(end, i) for i, row in enumerate(rows[end]) if row["xy".index(into)] in keys}
        if more == found:
            return {table: Counter(rows[t][i] for t, i in found if t == table) for table in TABLES}
        found = more


@settings(max_examples=40, deadline=None)
@given(companies())
def test_any_company_gives_what_the_plain_model_gives(tmp_path_factory, company):
    ties, rows = company
    path = tmp_path_factory.mktemp("company") / "c.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma synchronous = off")
        for table in TABLES:
            connection.execute(f"create table {table} (x int, y, who int)")
            connection.executemany(f"insert into {table} values (?, ?, ?)", rows[table])
        connection.commit()
    collections = {
        table: [
            *(
                field(
                    column,
                    *(
                        (f"c.{there}.{that}", direction)
                        for here, this, there, that, direction in ties
                        if (here, this) == (table, column)
                    ),
                )
                for column in "xy"
            ),
            field("who", identity="account"),
        ]
        for table in TABLES
    }
    taken = {table: Counter() for table in TABLES}

    class Sink:
        def row(self, *given):
            taken[given[1]][tuple(given[2].values())] += 1

    search([dataset("c", **collections)], {"c": url(path)}, {"account": ("0",)}, sink=Sink())
    assert taken == closure(ties, rows)
