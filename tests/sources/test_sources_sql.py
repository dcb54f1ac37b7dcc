"""A company's database is read, never written, and its failures are told in words."""

import sqlite3
from contextlib import closing

import pytest

from dsr.errors import ConfigError, SourceError
from dsr.sources import sql, writing
from dsr.sources.matching import Condition, How
from dsr.sources.results import CELL_LIMIT, Cut
from dsr.sources.sql import check_url, engine_for, reading


def test_what_can_be_read_can_be_written():
    assert sql.ENGINES.keys() == writing.ENGINES.keys()


def all_rows(reader, table, fields, field, *values):
    condition = Condition((field,), How.EXACT, tuple((value,) for value in values))
    return list(reader.rows(table, fields, condition))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://u:secret@host/shop", "postgresql, which is not supported"),
        ("sqlite+aiosqlite:////srv/secret.db", "not supported"),
        ("secret", "cannot be read"),
        ("", "cannot be read"),
        ("sqlite://", "whole path"),
        ("sqlite:///secret.db", "whole path"),
        ("sqlite:////srv/secret.db?mode=rwc", "whole path"),
        ("sqlite:///:memory:", "whole path"),
    ],
)
def test_a_url_of_another_kind_is_a_setting_to_mend_and_is_not_repeated(url, said):
    with pytest.raises(ConfigError, match=said) as caught:
        check_url(url)
    assert "secret" not in str(caught.value)


def test_a_database_that_is_not_there_is_not_made(tmp_path):
    with (
        pytest.raises(SourceError, match="no such database file"),
        reading(f"sqlite:///{tmp_path}/x"),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_folder_and_a_text_are_no_databases(tmp_path):
    text = tmp_path / "letter.db"
    text.write_text("Dear officer, my address is ada@example.org" * 50)
    for path, said in ((tmp_path, "no such"), (text, "no SQLite database")):
        with pytest.raises(SourceError, match=said) as caught, reading(f"sqlite:///{path}"):
            pass
        assert "ada" not in str(caught.value)


def test_a_locked_database_is_told_after_two_seconds(database):
    path = database("create table a (x);")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin exclusive")
        with (
            pytest.raises(SourceError, match="locked by another program"),
            reading(f"sqlite:///{path}"),
        ):
            pass


def test_nothing_can_be_written(database):
    path = database("create table a (x); insert into a values (1);")
    before = path.read_bytes()
    with engine_for(f"sqlite:///{path}").connect() as connection:
        for statement in ("insert into a values (2)", "delete from a", "create table b (x)"):
            with pytest.raises(Exception, match="readonly"):
                connection.exec_driver_sql(statement)
        assert connection.exec_driver_sql("pragma query_only").scalar() == 1
        connection.rollback()
        connection.exec_driver_sql("pragma query_only = off")  # the file itself is open for reading
        with pytest.raises(Exception, match="readonly"):
            connection.exec_driver_sql("insert into a values (2)")
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_one_search_sees_one_moment(database):
    path = database("create table a (x); insert into a values (1);")
    with closing(sqlite3.connect(path)) as other:
        other.execute("pragma journal_mode = wal")
        with reading(f"sqlite:///{path}") as reader:
            assert len(all_rows(reader, "a", ["x"], "x", 1)) == 1
            other.execute("insert into a values (1)")
            other.commit()
            assert len(all_rows(reader, "a", ["x"], "x", 1)) == 1


def test_names_are_quoted_whatever_they_hold(database):
    table, column = 'or"der; drop table a; --', 'na"me %s :x [y]'
    path = database(
        "create table a (x);"
        'create table "or""der; drop table a; --" ("na""me %s :x [y]", "select");'
        'insert into "or""der; drop table a; --" values (1, 2);'
    )
    with reading(f"sqlite:///{path}") as reader:
        assert reader.columns(table) == (column, "select")
        assert all_rows(reader, table, [column, "select"], column, 1) == [(1, 2)]
        both = Condition((column, "select"), How.EXACT, ((1, 2),))
        assert reader.count(table, both) == 1
        assert reader.columns("a") == ("x",)
        assert reader.columns("b") == ()


def test_cells_keep_their_type_and_huge_ones_are_cut_in_the_database(database):
    path = database(
        "create table a (k, v); insert into a values "
        "(1, null), (1, 0), (1, 1.5), (1, 'é'), (1, x'00ff'), (1, cast(x'61ff' as text)), "
        "(1, cast(x'610062' as text)), (1, zeroblob(3000000)), (1, printf('%.*c', 2000000, 'x')), "
        "(1, cast('ä' || x'00' || replace(printf('%.*c', 1000000, 'x'), 'x', 'ä') as text));"
    )
    with reading(f"sqlite:///{path}") as reader:
        cells = [value for (value,) in all_rows(reader, "a", ["v"], "k", 1)]
    assert cells[:7] == [None, 0, 1.5, "é", b"\x00\xff", b"a\xff", "a\x00b"]
    assert cells[7:9] == [Cut(bytes(CELL_LIMIT)), Cut("x" * CELL_LIMIT)]
    assert len(cells[9].start.encode()) == CELL_LIMIT - 1  # the last letter does not fit
    assert cells[9].start.startswith("ä\x00ää")


def test_a_failure_in_the_middle_names_no_value(database):
    path = database(
        "create table a (email text); insert into a values ('ada@example.org');"
        "create view v as select email, abs(-9223372036854775808) as n from a;"
    )
    with reading(f"sqlite:///{path}") as reader, pytest.raises(SourceError) as caught:
        all_rows(reader, "v", ["email", "n"], "email", "ada@example.org")
    assert "refused the question" in str(caught.value)
    assert "ada" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
