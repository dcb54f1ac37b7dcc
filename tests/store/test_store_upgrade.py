"""The schema: what migrations make is what the tables say; an upgrade saves before it changes."""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Enum, MetaData, create_engine
from sqlmodel import SQLModel, select

from dsr.errors import ConflictError, TrailError
from dsr.store import fresh, health, log, upgrade
from dsr.store.columns import Instant
from dsr.store.engine import HEAD, make_engine, open_store, transaction
from dsr.store.tables import every
from dsr.store.tables.people import PersonRow

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
#: A migration of later days, which rebuilds a table that others point to.
LATER = '''"""Rebuild the persons."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade():
    with op.batch_alter_table("person", recreate="always") as batch:
        batch.add_column(sa.Column("joined", sa.String(), nullable=True))
    with op.batch_alter_table("event", recreate="always") as batch:
        batch.add_column(sa.Column("host", sa.String(), nullable=True))
    {more}
'''


def scripts():
    config = Config()
    config.set_main_option("script_location", "dsr.store:migrations")
    return ScriptDirectory.from_config(config)


def stamp(database, revision):
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))


def revision_of(database):
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]


def a_row(database):
    engine = make_engine(f"sqlite:///{database}")
    with transaction(engine, write=True) as session:
        session.add(PersonRow(id=7))
        session.flush()
        session.connection().exec_driver_sql(
            "INSERT INTO identifier VALUES (7, 'email', 'mei@example.com', 'x', 0)"
        )
    engine.dispose()


@pytest.fixture
def later(tmp_path):
    """Return what upgrades a database with one more migration than the program has."""

    def run(database, more="pass"):
        folder = tmp_path / "migrations"
        shutil.copytree(Path(upgrade.__file__).parent / "migrations", folder)
        place = folder / "versions" / "0005_later.py"
        place.write_text(LATER.format(more=more))
        engine = make_engine(f"sqlite:///{database}")
        try:
            upgrade.upgrade(engine, HEAD, scripts=str(folder), head="0005")
            with engine.connect() as connection:
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        finally:
            engine.dispose()

    return run


@pytest.fixture
def migrated(tmp_path):
    """Return a database that all migrations made, one after the other."""
    place = tmp_path / "migrated.sqlite3"
    engine = make_engine(f"sqlite:///{place}")
    upgrade.upgrade(engine, None)
    engine.dispose()
    return place


def test_migrations_make_exactly_what_the_tables_say(migrated):
    engine = create_engine(f"sqlite:///{migrated}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, every.METADATA)
    engine.dispose()

    assert differences == []


def schema_of(place):
    """Return by table its columns, indexes and foreign keys, and the triggers; in no order.

    What migrations filled new columns of old rows with stays there as a default, and is left out.
    """
    with closing(sqlite3.connect(place)) as connection:
        names = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
        found = {(kind, name, table) for kind, name, table, _ in names}
        found |= {(kind, name, sql) for kind, name, _, sql in names if kind == "trigger"}
        for table in [name for kind, name, _, _ in names if kind == "table"]:
            columns = connection.execute(f"PRAGMA table_xinfo('{table}')").fetchall()
            found |= {(table, *row[1:4], *row[5:]) for row in columns}
            keys = connection.execute(f"PRAGMA foreign_key_list('{table}')").fetchall()
            found |= {(table, *row[2:]) for row in keys}
        for index in [name for kind, name, _, _ in names if kind == "index"]:
            rows = connection.execute(f"PRAGMA index_xinfo('{index}')").fetchall()
            found |= {(index, row[0], *row[2:]) for row in rows}
    return found


def test_a_new_database_is_what_the_migrations_make(database, migrated):
    new, old = schema_of(database), schema_of(migrated)
    assert new == old
    assert len(new) > 300


def test_of_two_that_make_a_new_database_the_second_finds_it_made(database):
    engine = make_engine(f"sqlite:///{database}")
    fresh.create(engine)  # what a process does that looked before the other was done
    engine.dispose()

    assert revision_of(database) == HEAD


def test_a_new_database_waits_for_whoever_writes(tmp_path):
    place = tmp_path / "new.sqlite3"
    engine = make_engine(f"sqlite:///{place}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 20")
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ConflictError, match="another process holds"):
            fresh.create(engine)
    engine.dispose()
    open_store(f"sqlite:///{place}").dispose()
    assert revision_of(place) == HEAD


def test_the_program_writes_the_newest_schema():
    assert scripts().get_heads() == [HEAD]
    assert len(scripts().get_bases()) == 1


def test_no_migration_goes_back():
    assert all(not hasattr(one.module, "downgrade") for one in scripts().walk_revisions())


def test_a_database_that_is_newer_is_not_touched(database):
    stamp(database, "0999")
    before = database.read_bytes()

    with pytest.raises(TrailError, match=r"newer than this program \(schema 0999") as caught:
        open_store(f"sqlite:///{database}")
    assert caught.value.exit_code == 9
    assert database.read_bytes() == before
    assert [path.name for path in database.parent.glob("*.bak")] == []


def test_an_upgrade_saves_the_database_first_and_keeps_every_row(database, later):
    a_row(database)
    before = os.umask(0)
    try:
        later(database)
    finally:
        os.umask(before)
    saved = database.with_name("dsr.sqlite3.0004.bak")

    assert revision_of(database) == "0005"
    assert revision_of(saved) == "0004"
    assert saved.stat().st_mode & 0o777 == 0o600
    for place in (database, saved):
        with closing(sqlite3.connect(place)) as connection:
            assert connection.execute("SELECT person FROM identifier").fetchall() == [(7,)]
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_rebuilt_trail_has_its_triggers_again(database, later):
    later(database)

    engine = make_engine(f"sqlite:///{database}")
    with transaction(engine, write=False) as session:
        assert health.missing_triggers(session) == []
    engine.dispose()


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ('op.execute("DELETE FROM person")', TrailError),
        ("raise ZeroDivisionError", ZeroDivisionError),
    ],
    ids=["rows that would point nowhere", "a fault in it"],
)
def test_an_upgrade_that_fails_is_undone(database, later, more, error):
    a_row(database)

    with pytest.raises(error):
        later(database, more)
    assert revision_of(database) == HEAD
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT id FROM person").fetchall() == [(7,)]
        columns = [row[1] for row in connection.execute("PRAGMA table_info(person)")]
    assert columns == ["id"]


def test_whoever_comes_second_finds_the_work_done(database):
    engine = make_engine(f"sqlite:///{database}")
    upgrade.upgrade(engine, None)  # what a process thinks that looked before the other was done
    engine.dispose()

    assert revision_of(database) == HEAD
    assert [path.name for path in database.parent.glob("*.bak")] == []


def test_without_a_backup_there_is_no_upgrade(database, later):
    database.with_name("dsr.sqlite3.0004.bak").write_text("my own notes, which stay" * 100)

    with pytest.raises(ConflictError, match=r"cannot be written .SQLITE_NOTADB.; nothing"):
        later(database)
    assert revision_of(database) == HEAD
    assert "my own notes" in database.with_name("dsr.sqlite3.0004.bak").read_text()


def test_an_upgrade_waits_for_whoever_writes(database):
    stamp(database, "base")
    engine = make_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 20")
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ConflictError, match="another process holds"):
            upgrade.upgrade(engine, None)
    engine.dispose()


def test_every_trigger_has_a_name_that_health_finds(database):
    engine = make_engine(f"sqlite:///{database}")
    with transaction(engine, write=False) as session:
        assert health.missing_triggers(session) == []
    with closing(sqlite3.connect(database)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        assert len(names.fetchall()) == len(log.TRIGGERS)
    engine.dispose()


def first_rows(engine, before):
    """Put a row into every table of a schema, each pointing to the others' first rows."""
    with transaction(engine, write=True) as session:
        trail = log.Trail(session, NOW, "li", "li-system")
        trail.append(log.Entry("officer_added", facts={"officer": "li"}))
        trail.append(log.Entry("note", 1, 1, "working", "working", sealed={"why": "called"}))
        trail.flush()
        for table in before.sorted_tables:
            if table.name not in {"event", "secret", "alembic_version"}:
                values = {column.name: first_value(column) for column in table.columns}
                session.connection().execute(table.insert(), [values])


def first_value(column):
    """Return a value that the tables of today can read, too."""
    today = every.METADATA.tables[column.table.name].columns[column.name].type
    if isinstance(today, Enum):
        return today.enums[0]
    if isinstance(today, Instant):
        return "2026-11-23T02:00:00Z"
    if isinstance(today, JSON):
        return []
    kinds = {int: 1, bool: True, str: "x", bytes: b"x", date: date(2026, 11, 23)}
    return kinds[column.type.python_type]


def rows_of(database, tables):
    with closing(sqlite3.connect(database)) as connection:
        return {
            name: connection.execute(f"SELECT {', '.join(columns)} FROM {name}").fetchall()
            for name, columns in tables.items()
        }


@pytest.fixture(params=["0001", "0002"])
def of_an_old_schema(tmp_path, request):
    """Return a database of an old schema with a row in every table, and its columns."""
    place = tmp_path / "old.sqlite3"
    engine = make_engine(f"sqlite:///{place}")
    upgrade.upgrade(engine, None, head=request.param)
    before = MetaData()
    before.reflect(engine)
    first_rows(engine, before)
    engine.dispose()
    columns = {
        table.name: [f'"{column.name}"' for column in table.columns]
        for table in before.sorted_tables
        if table.name != "alembic_version"
    }
    return place, {f'"{name}"': names for name, names in columns.items()}


def test_a_row_of_every_table_of_an_old_schema_is_there_after_the_upgrade(of_an_old_schema):
    place, tables = of_an_old_schema
    before = rows_of(place, tables)
    assert len(tables) >= 22
    assert all(before.values())

    engine = open_store(f"sqlite:///{place}")

    assert revision_of(place) == HEAD
    assert rows_of(place, tables) == before
    with transaction(engine, write=False) as session:
        assert health.missing_triggers(session) == []
        assert (health.faults(session), health.lost_rows(session)) == ([], 0)
        assert log.verify(session).events == 2
        for row in SQLModel.__subclasses__():  # today's tables read what was written then
            if hasattr(row, "__table__"):
                session.exec(select(row)).all()
    engine.dispose()


def test_the_trail_of_an_upgraded_database_goes_on_and_stays(of_an_old_schema):
    place, _ = of_an_old_schema

    engine = open_store(f"sqlite:///{place}")

    with transaction(engine, write=True) as session:
        trail = log.Trail(session, NOW, "li", "li-system")
        trail.append(log.Entry("note"))
        trail.flush()
    with transaction(engine, write=False) as session:
        assert log.verify(session).events == 3
    with (
        pytest.raises(TrailError, match="what has happened stays"),
        transaction(engine, write=True) as session,
    ):
        session.connection().exec_driver_sql("DELETE FROM event WHERE id = 1")
    engine.dispose()
