"""A plan's part is written whole or not at all, and only where all is as it was planned."""

import json
import os
import shutil
import signal
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from itertools import count, pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from dsr.errors import ConfigError, ConflictError, NotAllowedError, SourceError
from dsr.sources import writing
from dsr.sources.plan import AGAIN, Change, Plan, Work, fingerprint, read_plan, row_fingerprint
from dsr.sources.results import Cut, plain, unplain
from dsr.sources.schema import read_schema
from dsr.sources.sql import reading
from dsr.sources.writing import Applied, apply_part, look_part

KEY = b"k" * 32
NOBODY = 65534
PEOPLE = """
    create table people (id integer primary key, name text not null, email text unique, n int);
    create table calls (id integer primary key, person int references people (id), said text);
    insert into people values (1, 'Ada', 'ada@example.org', 7), (2, 'Ben', 'ben@example.org', 8);
    insert into calls values (10, 1, 'hello'), (11, 1, 'again'), (12, 2, 'good day');
"""
VALUES = {
    "quotes": '\'; drop table t; -- "x" `y` [z] %s :a ?',
    "a NUL in a text": "ada\0lovelace",
    "no UTF-8": b"ada\xff\xfe",
    "bytes": b"\0\x01\xff",
    "two MiB of text": "ä" * (1 << 20),
    "two MiB of bytes": b"\xff" * (2 << 20),
    "the largest number": 2**63 - 1,
    "the smallest number": -(2**63),
    "a fraction": 0.1,
    "nothing": None,
    "an empty text": "",
    "line ends": "a\u2028b\x85c\nd\r",
    "a letter beyond the first plane": "𠮷",
    "a number as a text": "0123",
}


def url(path):
    return f"sqlite:///{path}"


def table(path, name):
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = bytes
        quoted = name.replace('"', '""')
        return connection.execute(f'select * from "{quoted}"').fetchall()


def now(path, name, key, fields=None):
    """Return a row as the planner sees it."""
    with reading(url(path)) as reader:
        fields = fields or read_schema(reader, name).names
        (found,) = reader.keyed(name, fields, key)
    return dict(zip(fields, found, strict=True))


def set_(path, name, key, field, after):
    before = fingerprint(KEY, now(path, name, key)[field])
    return Change("shop", name, key, Work.SET, field, "null_rewrite", before, after)


def gone(path, name, key):
    before = row_fingerprint(KEY, now(path, name, key))
    return Change("shop", name, key, Work.DELETE, "", "delete", before)


def numbered(path, name, is_numbered, key, field="", after=None):
    """Return a change of a row as the planner words it where a table has no primary key."""
    with reading(url(path)) as reader:
        names = read_schema(reader, name).names
        (found,) = reader.keyed(name, names, key)
    whole = row_fingerprint(KEY, dict(zip(names, found, strict=True)))
    assert is_numbered or not field
    work, how = (Work.SET, "null_rewrite") if field else (Work.DELETE, "delete")
    return Change("shop", name, key, work, field, how, whole, after)


def kept(changes):
    """Return changes as they come back from where a plan is kept."""
    return read_plan(Plan(tuple(changes)).text()).changes


def refuses(path, changes, *, error=SourceError, match=None):
    """Try, and see that nothing of the file is another, and that no value is said."""
    before = path.read_bytes()
    with pytest.raises(error, match=match) as caught:
        apply_part(url(path), changes, KEY)
    assert path.read_bytes() == before
    assert sorted(one.name for one in path.parent.iterdir()) == [path.name]
    said = f"{caught.value} {caught.value.hint} {caught.value.facts}"
    assert not any(word in said for word in ("ada", "Ada", "ben@", "Ben", "new@", "hello"))
    assert caught.value.__cause__ is None
    assert caught.value.hint
    return caught.value


@contextmanager
def listening(name, listener):
    event.listen(Engine, name, listener)
    try:
        yield
    finally:
        event.remove(Engine, name, listener)


@pytest.fixture
def people(database):
    return database(PEOPLE)


@pytest.fixture
def planned(people):
    """Return a part that sets cells in two rows and deletes three."""
    return [
        set_(people, "people", {"id": 2}, "name", "[erased]"),
        set_(people, "people", {"id": 2}, "email", None),
        set_(people, "calls", {"id": 12}, "said", None),
        gone(people, "calls", {"id": 10}),
        gone(people, "calls", {"id": 11}),
        gone(people, "people", {"id": 1}),
    ]


def test_cells_and_rows_change_and_nothing_else(people, planned):
    assert apply_part(url(people), planned, KEY) == Applied(cells=3, rows=3)
    assert table(people, "people") == [(2, b"[erased]", None, 8)]
    assert table(people, "calls") == [(12, 2, None)]
    assert [one.name for one in people.parent.iterdir()] == [people.name]


def test_what_is_done_is_not_done_again(people, planned):
    apply_part(url(people), planned, KEY)
    before = people.read_bytes()
    again = apply_part(url(people), planned, KEY, may_be_done=True)
    assert again == Applied(cells=3, rows=3, already=True)
    assert people.read_bytes() == before


def test_what_is_found_as_it_was_to_be_is_a_change_where_no_run_began(people, planned):
    apply_part(url(people), planned, KEY)
    with pytest.raises(ConflictError, match="6 of 6 changes no longer fit"):
        look_part(url(people), planned, KEY)
    look_part(url(people), planned, KEY, may_be_done=True)
    refuses(people, planned, error=ConflictError, match="6 of 6 changes no longer fit")


def test_a_row_that_went_before_any_run_is_not_taken_for_erased(people):
    part = [gone(people, "calls", {"id": 10})]
    with closing(sqlite3.connect(people)) as other:
        other.execute("update calls set id = 99 where id = 10")
        other.commit()
    refuses(people, part, error=ConflictError, match="changed since the plan was made")


def test_a_row_without_a_primary_key_that_is_not_found_is_never_done(database):
    path = database("create table t (email text, v); insert into t values ('ada@example.org', 1)")
    for key in ({"email": "ada@example.org"}, {"rowid": 1}):
        part = [numbered(path, "t", "rowid" in key, key)]
        apply_part(url(path), part, KEY)
        with pytest.raises(ConflictError):
            apply_part(url(path), part, KEY, may_be_done=True)
        with closing(sqlite3.connect(path)) as other:
            other.execute("insert into t values ('ada@example.org', 1)")
            other.commit()


def test_looking_changes_nothing_and_holds_no_lock(people, planned):
    before = people.read_bytes()
    look_part(url(people), planned, KEY)
    with closing(sqlite3.connect(people, timeout=0)) as other:
        other.execute("update calls set said = 'hello?' where id = 10")
        other.commit()
    assert people.read_bytes() != before
    before = people.read_bytes()
    with pytest.raises(ConflictError, match=r"1 of 6 changes no longer fit: shop\.calls \(1\)"):
        look_part(url(people), planned, KEY)
    assert people.read_bytes() == before


def test_looking_says_which_source_is_not_there(people, planned, tmp_path):
    look_part(url(tmp_path / "none"), [], KEY)
    with pytest.raises(SourceError, match="shop: there is no such database file"):
        look_part(url(tmp_path / "none"), planned, KEY)
    people.write_bytes(b"no database at all" * 100)
    with pytest.raises(SourceError, match="shop: the file is no SQLite database"):
        look_part(url(people), planned, KEY)


def test_a_part_that_was_kept_is_the_same_part(people, planned):
    assert list(kept(planned)) == planned
    assert apply_part(url(people), kept(planned), KEY).cells == 3
    assert apply_part(url(people), kept(planned), KEY, may_be_done=True).already


def test_a_part_with_nothing_in_it_asks_nothing(tmp_path):
    assert apply_part(url(tmp_path / "none"), [], KEY) == Applied(0, 0)
    assert list(tmp_path.iterdir()) == []


def test_what_is_erased_is_nowhere_in_the_file(people, planned):
    assert b"ben@example.org" in people.read_bytes()
    apply_part(url(people), planned, KEY)
    raw = people.read_bytes()
    assert not any(word in raw for word in (b"ben@", b"Ben", b"ada@", b"hello", b"again"))


HOSTILE, FIELD = 'or"der; drop table a; --', 'na"me %s :x [y]'


@pytest.fixture
def hostile(database):
    """Return what makes a table whose every name and value is hostile, and the key of a row."""

    def make(value, options):
        quoted_table, quoted_field = (f'"{each.replace(chr(34), 2 * chr(34))}"' for each in NAMES)
        path = database(
            f'create table {quoted_table} ("select" primary key, {quoted_field}){options}'
        )
        fits = value is not None and not (isinstance(value, str | bytes) and len(value) > 1000)
        key = value if fits else 1
        as_text = "cast(? as text)" if value == VALUES["no UTF-8"] else "?"
        with closing(sqlite3.connect(path)) as connection:
            row = f"insert into {quoted_table} values ({as_text}, {as_text})"
            connection.execute(row, (key, value))
            connection.execute(f"insert into {quoted_table} values (99, 98)")
            connection.commit()
        return path, {"select": key}

    return make


NAMES = (HOSTILE, FIELD)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("options", ["", " without rowid"])
def test_hostile_rows_are_set_and_deleted_like_others(hostile, value, options):
    path, key = hostile(value, options)
    for make in (
        lambda: set_(path, HOSTILE, key, FIELD, "x"),
        lambda: set_(path, HOSTILE, key, FIELD, None),
        lambda: gone(path, HOSTILE, key),
    ):
        part = kept([make()])
        assert not apply_part(url(path), part, KEY).already
        assert apply_part(url(path), part, KEY, may_be_done=True).already
    assert table(path, HOSTILE) == [(99, 98)]


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_any_value_can_be_the_new_one(database, value):
    path = database("create table t (id integer primary key, v); insert into t values (1, 'ada')")
    part = (set_(path, "t", {"id": 1}, "v", value),)
    assert kept(part) == part
    assert kept([replace(part[0], key={"id": value})])[0].key == {"id": value}
    assert apply_part(url(path), kept(part), KEY) == Applied(1, 0)
    with closing(sqlite3.connect(path)) as connection:
        ((found,),) = connection.execute("select v from t").fetchall()
    assert found == value
    assert type(found) is type(value)
    assert apply_part(url(path), part, KEY, may_be_done=True).already


def test_a_key_of_several_columns_may_hold_nothing_in_one(database):
    path = database(
        "create table t (a, b, v, primary key (a, b));"
        "insert into t values (1, null, 'ada'), (1, 2, 'ben'), (null, null, 'eve')"
    )
    apply_part(url(path), [set_(path, "t", {"a": 1, "b": None}, "v", "x")], KEY)
    apply_part(url(path), [gone(path, "t", {"a": None, "b": None})], KEY)
    assert table(path, "t") == [(1, None, b"x"), (1, 2, b"ben")]


def test_a_key_is_compared_letter_by_letter_whatever_the_column_takes_for_the_same(database):
    path = database(
        "create table t (email text collate nocase, v);"
        "insert into t values ('Ada@example.org', 1), ('ada@example.org', 2)"
    )
    apply_part(url(path), [gone(path, "t", {"email": "ada@example.org"})], KEY)
    assert table(path, "t") == [(b"Ada@example.org", 1)]


def test_rows_without_a_key_may_become_the_same(database):
    path = database(
        "create table t (rowid text, email text, n int, more text as (email || n));"
        "insert into t values ('a', 'ada@example.org', 1), ('a', 'ben@example.org', 1);"
        "insert into t values ('b', 'c', 2)"
    )
    keys = [{"_rowid_": number} for number in (1, 2)]
    part = kept([numbered(path, "t", True, key, "email") for key in keys])
    assert not apply_part(url(path), part, KEY).already
    assert [row[:3] for row in table(path, "t")] == [
        (b"a", None, 1),
        (b"a", None, 1),
        (b"b", b"c", 2),
    ]
    assert apply_part(url(path), part, KEY, may_be_done=True).already


def test_a_row_that_got_the_number_of_another_is_no_such_row(database):
    path = database(
        "create table t (email text, city text);"
        "insert into t values ('ada@example.org', 'X'), ('ben@example.org', 'X')"
    )
    part = [numbered(path, "t", True, {"rowid": 1}, "city")]
    with closing(sqlite3.connect(path)) as other:
        other.executescript("delete from t where rowid = 1; update t set rowid = 1")
    refuses(path, part, error=ConflictError, match=r"shop\.t\.city \(1\)")


def test_two_rows_of_one_key_are_not_guessed_at(database):
    path = database("create table t (a, v); insert into t values (1, 'ada'), (1, 'ben'), (2, 'x')")
    one = Change("shop", "t", {"a": 1}, Work.SET, "v", "x", fingerprint(KEY, "ada"))
    refuses(path, [one], error=ConflictError, match=r"shop\.t\.v \(1\)")
    row = row_fingerprint(KEY, {"a": 1, "v": "ada"})
    refuses(path, [replace(one, work=Work.DELETE, field="", before=row)], error=ConflictError)


def test_a_number_that_the_column_writes_as_a_fraction_is_the_same_number(database):
    path = database(
        "create table t (id integer primary key, v real); insert into t values (1, 2.5)"
    )
    part = [set_(path, "t", {"id": 1}, "v", 0)]
    assert not apply_part(url(path), part, KEY).already
    assert apply_part(url(path), part, KEY, may_be_done=True).already


def test_a_new_value_of_another_type_is_written_as_a_kept_plan_says_it(people):
    day = date(1987, 1, 1)
    part = [
        set_(people, "people", {"id": 1}, "n", True),
        set_(people, "people", {"id": 1}, "name", day),
    ]
    assert [one.after for one in kept(part)] == [True, "1987-01-01"]
    assert not apply_part(url(people), part, KEY).already
    assert apply_part(url(people), part, KEY, may_be_done=True).already
    assert table(people, "people")[0] == (1, b"1987-01-01", b"ada@example.org", 1)


CHANGED = {
    "a cell": "update people set email = 'new@example.org' where id = 2",
    "its type": "update people set email = cast(email as blob) where id = 2",
    "a row that is to go": "update calls set said = 'hello?' where id = 10",
    "a set row went": "delete from people where id = 2",
    "a cell is done already": "update people set email = null where id = 2",
    "a row went already": "delete from calls where id = 11",
}


@pytest.mark.parametrize("statement", CHANGED.values(), ids=CHANGED)
def test_a_row_that_changed_since_is_refused_with_all_the_others(people, planned, statement):
    with closing(sqlite3.connect(people)) as other:
        other.execute(
            "delete from calls where id = 12" if "from people" in statement else "select 1"
        )
        other.execute(statement)
        other.commit()
    error = refuses(people, planned, error=ConflictError, match="changed since the plan was made")
    assert error.hint == AGAIN


def test_a_refusal_says_where_and_how_many(people, planned):
    with closing(sqlite3.connect(people)) as other:
        other.execute("update calls set said = said || '!'")
        other.commit()
    error = refuses(people, planned, error=ConflictError)
    assert str(error).startswith(
        "3 of 6 changes no longer fit: shop.calls (2), shop.calls.said (1) "
    )
    assert error.facts == {"changed": 3}


def test_places_are_not_listed_without_end(database):
    path = database(
        "create table t (id integer primary key, a, b, c, d); insert into t values (1,1,1,1,1)"
    )
    part = [set_(path, "t", {"id": 1}, field, None) for field in "abcd"]
    with closing(sqlite3.connect(path)) as other:
        other.execute("update t set a = 2, b = 2, c = 2, d = 2")
        other.commit()
    refuses(path, part, error=ConflictError, match=r"shop\.t\.c \(1\), 1 more changed")


def test_an_empty_row_in_place_of_one_is_no_erased_row(people):
    part = [set_(people, "calls", {"id": 10}, "said", None)]
    with closing(sqlite3.connect(people)) as other:
        other.execute("delete from calls where id = 10")
        other.commit()
    refuses(people, part, error=ConflictError)


@pytest.mark.parametrize(
    "script",
    ["drop table calls", "alter table calls rename column said to told"],
)
def test_a_table_or_field_that_is_gone_is_a_change(people, planned, script):
    with closing(sqlite3.connect(people)) as other:
        other.execute(script)
        other.commit()
    refuses(people, planned, error=ConflictError, match="is no longer there")


def test_a_column_that_came_is_a_change_of_a_row_that_is_to_go(people, planned):
    with closing(sqlite3.connect(people)) as other:
        other.execute("alter table calls add column more text")
        other.commit()
    refuses(people, planned, error=ConflictError, match=r"shop\.calls \(2\)")


def test_a_plan_that_contradicts_itself_is_refused(people, planned):
    twice = replace(planned[0], after="x")
    both = replace(planned[3], key={"id": 2}, collection="people")
    nothing = replace(planned[3], key={})
    cut = replace(planned[0], after=Cut("a"))
    renamed = set_(people, "people", {"id": 2}, "id", 3)
    for part in ([*planned, twice], [*planned, both], [nothing], [cut], [renamed]):
        refuses(people, part, error=ConflictError)


# ---- What the source does not take ----

REFUSED = {
    "NOT NULL": ("text not null", None, r"shop\.t\.v: the table forbids an empty value"),
    "UNIQUE": (
        "text unique",
        "taken",
        r"shop\.t\.v: the table wants a value there that no other",
    ),
    "UNIQUE that replaces": ("text unique on conflict replace", "taken", "no other row has"),
    "UNIQUE that ignores": ("text unique on conflict ignore", "taken", "no other row has"),
    "NOT NULL that replaces": (
        "text not null on conflict replace default 'd'",
        None,
        "forbids an empty",
    ),
    "CHECK": ("text check (length(v) < 6)", "[erased]", r"shop\.t\.v: the table checks"),
    "FOREIGN KEY": ("text references other (id)", "x", "the row pointed to is not there"),
    "FOREIGN KEY at the end": (
        "text references other (id) deferrable initially deferred",
        "x",
        "the row pointed to is not there",
    ),
    "a declared length": ("varchar(5)", "[erased]", r"shop\.t\.v: .* longer than 5 characters"),
    "a text that is a number": ("integer", "0123", r"shop\.t\.v: the source makes another value"),
    "a number that is a text": ("text", 5, r"shop\.t\.v: the source makes another value"),
    "more than 64 bits": ("integer", 2**63, r"shop\.t\.v: the source takes no such value"),
    "half a letter": ("text", "\ud800", r"shop\.t\.v: the source takes no such value"),
    "a list": ("text", ["a"], r"shop\.t\.v: the source takes no such value"),
    "a computed column": ("text as (w || 'x')", "x", r"shop\.t\.v: the source computes it"),
}


@pytest.mark.parametrize(("column", "after", "said"), REFUSED.values(), ids=REFUSED)
def test_a_value_that_the_table_does_not_take_undoes_everything(database, column, after, said):
    held = "w" if " as " in column else "v"
    path = database(
        "create table other (id text primary key); insert into other values ('ad'), ('taken');"
        f"create table t (id integer primary key, w, v {column});"
        f"insert into t (id, {held}) values (1, 'ad'), (3, 'taken')"
    )
    part = [
        set_(path, "t", {"id": 1}, "w", "[erased]"),
        set_(path, "t", {"id": 1}, "v", after),
    ]
    refuses(path, part, match=said)


def test_a_strict_table_says_that_the_type_is_wrong(database):
    path = database(
        "create table t (id int primary key, v int) strict; insert into t values (1, 7)"
    )
    part = [set_(path, "t", {"id": 1}, "v", "x")]
    error = refuses(path, part, match=r"shop\.t\.v: the table does not take")
    assert "masking_strategy_override" in error.hint


def test_only_the_field_that_is_wrong_is_named(database):
    path = database(
        "create table t (id integer primary key, a text, b text not null);"
        "insert into t values (1, 'ada', 'ben')"
    )
    part = [set_(path, "t", {"id": 1}, name, None) for name in "ab"]
    assert "shop.t.b: " in str(refuses(path, part))


TRIGGERS = {
    "forbids": (
        "before update on people begin select raise(abort, 'ada@example.org') ; end",
        "a trigger of the table forbids it",
    ),
    "rolls back": (
        "before update on people begin select raise(rollback, 'no'); end",
        "a trigger of the table forbids it",
    ),
    "passes over": (
        "before update on people begin select raise(ignore); end",
        "0 rows changed for one",
    ),
    "writes another": (
        "after update of name on people begin update people set name = '-' where id = 2; end",
        r"shop\.people\.name: the source makes another value",
    ),
    "takes it back later": (
        "after delete on calls begin update people set name = 'Ben' where id = 2; end",
        r"shop\.people\.name: the source makes another value",
    ),
    "brings a row back": (
        "after delete on calls begin insert into calls values (old.id, null, old.said); end",
        r"shop\.calls: a deleted row is there again",
    ),
    "takes a row away": (
        "after update of name on people begin delete from people where id = new.id; end",
        r"shop\.people: 0 rows|shop\.people\.name",
    ),
    "calls what nobody should": (
        "after update on people begin select load_extension('x'); end",
        "the database refused the change",
    ),
}


@pytest.mark.parametrize(("trigger", "said"), TRIGGERS.values(), ids=TRIGGERS)
def test_a_trigger_that_meddles_undoes_everything(people, planned, trigger, said):
    with closing(sqlite3.connect(people)) as other:
        other.execute(f"create trigger x {trigger}")
        other.commit()
    refuses(people, planned, match=said)


@pytest.mark.parametrize(
    "script",
    [
        "create trigger x after update on people begin insert into log values (new.id); end",
        "create trigger x after delete on calls begin insert into log values (old.id); end",
        "create trigger x after delete on people begin update log set n = n + 1; end",
        """create table more (name text references people (name) on update cascade);
        create unique index single on people (name); insert into more values ('Ben')""",
    ],
)
def test_what_the_database_changes_besides_undoes_everything(people, planned, script):
    with closing(sqlite3.connect(people)) as other:
        other.executescript(f"create table log (n); insert into log values (0); {script}")
    refuses(people, planned, match="shop: the database changes [123] rows by itself")


def test_a_trigger_that_changes_nothing_may_run(people, planned):
    with closing(sqlite3.connect(people)) as other:
        other.execute("create trigger x after update on people begin select 1; end")
        other.commit()
    assert apply_part(url(people), planned, KEY) == Applied(3, 3)


def test_nothing_in_the_source_is_trusted_and_its_ties_are_kept(people, planned):
    seen = {}

    def look(connection):
        for name in ("trusted_schema", "foreign_keys", "secure_delete"):
            seen[name] = connection.exec_driver_sql(f"pragma {name}").scalar()

    with listening("begin", look):
        apply_part(url(people), planned, KEY)
    assert seen == {"trusted_schema": 0, "foreign_keys": 1, "secure_delete": 1}


def test_a_view_is_not_written(database):
    path = database(
        "create table t (id integer primary key, v text); insert into t values (1, 'ada');"
        "create view w as select * from t;"
        "create trigger x instead of update on w begin update t set v = new.v; end"
    )
    refuses(path, [set_(path, "w", {"id": 1}, "v", "x")], match=r"shop\.w is a view")


def test_a_row_to_which_others_point_stays(people):
    part = [
        set_(people, "people", {"id": 2}, "name", "[erased]"),
        gone(people, "calls", {"id": 10}),
        gone(people, "people", {"id": 1}),
    ]
    refuses(people, part, match=r"shop\.people: another row points there")


@pytest.mark.parametrize("action", ["cascade", "set null", "set default"])
def test_no_row_goes_or_changes_that_the_plan_does_not_name(database, action):
    path = database(PEOPLE.replace("people (id)", f"people on delete {action}"))
    part = [gone(path, "calls", {"id": 10}), gone(path, "people", {"id": 1})]
    said = r"shop\.people: 1 rows of calls would change with a row"
    refuses(path, part, error=ConflictError, match=said)
    part.insert(1, gone(path, "calls", {"id": 11}))
    assert apply_part(url(path), part, KEY) == Applied(0, 3)


def test_a_row_that_points_to_itself_may_go(database):
    path = database(
        "create table t (id integer primary key, up int references t on delete cascade);"
        "insert into t values (1, 1), (2, 1), (3, null)"
    )
    refuses(path, [gone(path, "t", {"id": 1})], error=ConflictError, match="1 rows of t")
    apply_part(url(path), [gone(path, "t", {"id": 2}), gone(path, "t", {"id": 1})], KEY)
    assert table(path, "t") == [(3, None)]


# ---- A source that cannot be written ----


def test_a_source_that_is_not_there_is_not_made(people, planned, tmp_path):
    for place in (tmp_path / "none.db", tmp_path):
        with pytest.raises(SourceError, match="shop: there is no such database file"):
            apply_part(url(place), planned, KEY)
    with pytest.raises(ConfigError, match="not supported"):
        apply_part("mysql://u:ada@host/x", planned, KEY)
    assert [one.name for one in tmp_path.iterdir()] == [people.name]


def test_what_is_no_database_is_told(people, planned):
    people.write_text("Dear officer, I am Ada" * 500)
    refuses(people, planned, match="shop: the file is no SQLite database")


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(writing, "BUSY_SECONDS", 0.05)
    writing._sqlite_engine.cache_clear()


def test_a_locked_source_is_told(people, planned, impatient):
    with closing(sqlite3.connect(people, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(SourceError, match="locked by another program") as caught:
            apply_part(url(people), planned, KEY)
        other.execute("rollback")
    assert caught.value.hint
    assert apply_part(url(people), planned, KEY).cells == 3


def test_a_source_that_somebody_reads_at_the_end_is_not_half_written(people, planned, impatient):
    before = table(people, "people"), table(people, "calls")
    with closing(sqlite3.connect(people, isolation_level=None)) as other:
        other.execute("begin")
        other.execute("select * from people").fetchone()
        with pytest.raises(SourceError, match="locked by another program"):
            apply_part(url(people), planned, KEY)
        other.execute("rollback")
    assert (table(people, "people"), table(people, "calls")) == before
    assert apply_part(url(people), planned, KEY).cells == 3


@pytest.fixture
def guarded():
    """Return what does something as somebody without rights; root may write everything."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)

    @contextmanager
    def as_nobody(mode, place):
        place.chmod(mode)
        if os.geteuid() == 0:
            os.seteuid(NOBODY)
            try:
                yield
            finally:
                os.seteuid(0)
        else:
            yield

    yield folder, as_nobody
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_file_that_may_not_be_written_is_told(people, planned, guarded):
    folder, as_nobody = guarded
    path = shutil.copy(people, folder / "shop.sqlite")
    with as_nobody(0o444, path):
        refuses(path, planned, match="the database may not be written")


def test_a_folder_that_may_not_be_written_is_told(people, planned, guarded):
    folder, as_nobody = guarded
    path = shutil.copy(people, folder / "shop.sqlite")
    path.chmod(0o666)
    with as_nobody(0o555, folder):
        refuses(path, planned, match="the database's folder may not be written")


def test_a_file_that_may_not_be_read_is_told(people, planned, guarded):
    folder, as_nobody = guarded
    path = shutil.copy(people, folder / "shop.sqlite")
    with (
        as_nobody(0, path),
        pytest.raises(SourceError, match="shop: the database file cannot be opened"),
    ):
        apply_part(url(path), planned, KEY)


def test_a_full_disk_undoes_everything(people):
    part = [
        set_(people, "people", {"id": 1}, "name", "x" * 100_000),
        gone(people, "calls", {"id": 12}),
    ]

    def fill(connection):
        pages = connection.exec_driver_sql("pragma page_count").scalar()
        connection.exec_driver_sql(f"pragma max_page_count = {pages + 1}")

    with listening("begin", fill):
        refuses(people, part[::-1], match="the disk is full")


def test_a_source_that_dies_between_two_tables_is_as_it_was(people, planned):
    def die(connection, cursor, statement, parameters, context, executemany):
        if statement.startswith('DELETE FROM "people"'):
            raise sqlite3.OperationalError("disk I/O error at ada@example.org")

    with listening("before_cursor_execute", die):
        refuses(people, planned, match="the database refused the change")
    assert len(table(people, "people")) == 2
    assert len(table(people, "calls")) == 3
    assert apply_part(url(people), planned, KEY) == Applied(3, 3)


# ---- Our own record beside it ----


def test_what_forbids_it_in_the_end_undoes_everything(people, planned):
    @contextmanager
    def held():
        raise NotAllowedError("ticket 1 is under a legal hold")
        yield

    before = people.read_bytes()
    with pytest.raises(NotAllowedError):
        apply_part(url(people), planned, KEY, committing=held)
    assert people.read_bytes() == before


def test_the_source_commits_inside_our_own_step(people, planned):
    seen = []

    @contextmanager
    def ours():
        seen.append(len(table(people, "people")))
        yield
        seen.append(len(table(people, "people")))

    apply_part(url(people), planned, KEY, committing=ours)
    apply_part(url(people), planned, KEY, committing=ours, may_be_done=True)
    assert seen == [2, 1, 1, 1]


def test_a_commit_that_fails_is_a_failure_of_our_own_step(database):
    path = database(
        "create table t (id integer primary key,"
        " up int references t deferrable initially deferred);"
        "insert into t values (1, null)"
    )
    seen = []

    @contextmanager
    def ours():
        try:
            yield
        except SourceError as error:
            seen.append(str(error))
            raise

    part = [set_(path, "t", {"id": 1}, "up", 5)]
    with pytest.raises(SourceError, match="the row pointed to is not there"):
        apply_part(url(path), part, KEY, committing=ours)
    assert seen
    assert table(path, "t") == [(1, None)]


# ---- Killed ----


def killed_at(path, part, number):
    """Apply in a process of its own that is killed before one of its statements; tell whether."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            left = iter(range(number, -1, -1))

            def die(*_):
                if next(left) == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            @contextmanager
            def ours():
                yield
                die()

            event.listen(Engine, "before_cursor_execute", die)
            event.listen(Engine, "commit", die)
            writing._sqlite_engine.cache_clear()
            apply_part(url(path), part, KEY, committing=ours)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_killed_at_any_statement_all_is_as_before_or_as_after(people, planned, journal):
    with closing(sqlite3.connect(people)) as connection:
        connection.execute(f"pragma journal_mode = {journal}")
    part, start = kept(planned), people.with_suffix(".start")
    shutil.copy(people, start)
    found = []
    for number in count():
        for each in people.parent.glob("shop.sqlite*"):
            each.unlink()
        shutil.copy(start, people)
        if not killed_at(people, part, number):
            break
        again = apply_part(url(people), part, KEY, may_be_done=True)
        assert again == Applied(3, 3, already=again.already)
        assert table(people, "people") == [(2, b"[erased]", None, 8)]
        assert table(people, "calls") == [(12, 2, None)]
        found.append(again.already)
    assert len(found) > 20
    assert found.count(True) == 1  # killed after the source's commit, before our own
    assert found[-1]
    assert all(not first or second for first, second in pairwise(found))


def test_two_who_apply_at_once_do_it_once(people, planned):
    part = kept(planned)
    ready, go = os.pipe()
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            code = 9
            try:
                os.read(ready, 1)
                code = int(apply_part(url(people), part, KEY, may_be_done=True).already)
            finally:
                os._exit(code)
        children.append(child)
    os.write(go, b"xxxx")
    ends = sorted(os.WEXITSTATUS(os.waitpid(child, 0)[1]) for child in children)
    os.close(ready)
    os.close(go)
    assert ends == [0, 1, 1, 1]
    assert table(people, "people") == [(2, b"[erased]", None, 8)]


# ---- What a kept plan gives back ----


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_cell_is_the_same_after_json(value):
    assert unplain(json.loads(json.dumps(plain({"a": [value]})))) == {"a": [value]}


def test_a_cell_that_was_cut_and_a_wrong_base64_do_not_come_back():
    for wrong in ({"cut": "a"}, {"base64": "?"}):
        with pytest.raises(ValueError, match=r"beginning|base64"):
            unplain(wrong)
    assert unplain({"base64": "YQ==", "cut": 1}) == {"base64": "YQ==", "cut": 1}


def test_a_whole_row_is_known_by_all_its_columns_in_any_order():
    one = row_fingerprint(KEY, {"a": 1, "b": "x"})
    assert one == row_fingerprint(KEY, {"b": "x", "a": 1})
    assert one not in {
        row_fingerprint(KEY, {"a": "x", "b": 1}),
        row_fingerprint(KEY, {"a": 1}),
        row_fingerprint(KEY, {"a": 1, "b": "x", "c": None}),
        row_fingerprint(b"other", {"a": 1, "b": "x"}),
    }
