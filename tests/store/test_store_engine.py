"""Opening a database: what is made, with which rights, and what is said where it cannot be used."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import select

from dsr.domain.vocabulary import IdentifierType
from dsr.errors import ConfigError, ConflictError, TrailError
from dsr.store.engine import BUSY_MS, explain, make_engine, open_store, transaction
from dsr.store.tables.people import IdentifierRow, PersonRow

OTHER_USER = 65534


@contextmanager
def opened(url):
    engine = open_store(str(url) if "://" in str(url) else f"sqlite:///{url}")
    try:
        yield engine
    finally:
        engine.dispose()


def impatient(engine, milliseconds=30):
    """Let the test not wait as long as an officer would."""
    wait = f"PRAGMA busy_timeout = {milliseconds}"
    event.listen(engine, "connect", lambda connection, _: connection.execute(wait))


def pragma(engine, name):
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def add_person(engine, number=1):
    with transaction(engine, write=True) as session:
        session.add(PersonRow(id=number))


def persons(engine):
    with transaction(engine, write=False) as session:
        return session.exec(select(PersonRow.id)).all()


def test_a_new_database_is_for_its_owner_only(tmp_path):
    place = tmp_path / "data" / "dsr.sqlite3"
    before = os.umask(0)
    try:
        with opened(place) as engine, transaction(engine, write=True) as session:
            session.add(PersonRow(id=1))
            session.flush()
            files = {path.name: path.stat().st_mode & 0o777 for path in place.parent.iterdir()}
    finally:
        os.umask(before)

    names = ("dsr.sqlite3", "dsr.sqlite3-wal", "dsr.sqlite3-shm")
    assert files == dict.fromkeys(names, 0o600)
    assert place.parent.stat().st_mode & 0o777 == 0o700


def test_every_connection_is_set_as_safety_wants_it(engine):
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": BUSY_MS,
    }

    assert {name: pragma(engine, name) for name in wanted} == wanted


def test_the_connection_that_upgraded_is_not_used_again(tmp_path):
    with opened(tmp_path / "new.sqlite3") as engine:
        assert pragma(engine, "foreign_keys") == 1


def test_opening_again_changes_nothing(database):
    with opened(database):
        pass
    before = database.read_bytes()
    with opened(database):
        pass

    assert database.read_bytes() == before


def test_an_empty_file_becomes_a_database(tmp_path):
    place = tmp_path / "empty.sqlite3"
    place.touch(mode=0o600)

    with opened(place) as engine:
        add_person(engine)
        assert persons(engine) == [1]


def test_two_processes_may_use_a_new_database_first_at_once(tmp_path):
    program = (
        "import sys; from dsr.store.engine import open_store; sys.stdin.read(1); "
        "open_store(sys.argv[1]).dispose()"
    )
    urls = [f"sqlite:///{tmp_path}/{name}.sqlite3" for name in ("a", "b")]
    line = [sys.executable, "-c", program]
    several = [
        subprocess.Popen([*line, url], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for url in urls
        for _ in range(2)
    ]
    for process in several:
        process.stdin.write(b"!")
        process.stdin.flush()
    told = [process.communicate()[1].decode() for process in several]

    assert [process.returncode for process in several] == [0] * 4, told
    for url in urls:
        with opened(url) as engine, engine.connect() as connection:
            versions = connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()
            assert len(versions) == 1


@pytest.mark.parametrize(
    "tables",
    [
        ["CREATE TABLE customers (name TEXT)"],
        [
            "CREATE TABLE alembic_version (version_num TEXT)",
            "INSERT INTO alembic_version VALUES ('ab12')",
        ],
        [
            "CREATE TABLE alembic_version (version_num TEXT)",
            "CREATE TABLE event (id)",
            "CREATE TABLE secret (id)",
        ],
    ],
    ids=["without Alembic", "with Alembic of its own", "without a revision"],
)
def test_the_database_of_another_program_stays_as_it_is(tmp_path, tables):
    place = tmp_path / "shop.sqlite3"
    with closing(sqlite3.connect(place)) as connection, connection:
        for statement in tables:
            connection.execute(statement)
        before = connection.execute("SELECT sql FROM sqlite_master").fetchall()

    with pytest.raises(ConfigError, match="belongs to another program"):
        open_store(f"sqlite:///{place}")
    with closing(sqlite3.connect(place)) as connection:
        assert connection.execute("SELECT sql FROM sqlite_master").fetchall() == before


def test_what_is_no_database_is_not_touched(tmp_path):
    place = tmp_path / "letter.txt"
    place.write_text("Dear Sir or Madam, " * 100)

    with pytest.raises(ConfigError, match="not a database"):
        open_store(f"sqlite:///{place}")
    assert place.read_text() == "Dear Sir or Madam, " * 100


def test_a_damaged_database_is_said_to_be_damaged(database):
    with opened(database) as engine:
        for number in range(300):
            add_person(engine, number)
    root = "SELECT rootpage FROM sqlite_master WHERE name = 'person'"
    with closing(sqlite3.connect(database)) as connection:
        page, size = (connection.execute(one).fetchone()[0] for one in (root, "PRAGMA page_size"))
    content = bytearray(database.read_bytes())
    content[size * (page - 1) : size * page] = b"\xff" * size
    database.write_bytes(content)

    with (
        opened(database) as engine,
        pytest.raises(TrailError, match="damaged"),
        transaction(engine, write=False) as session,
    ):
        session.connection().exec_driver_sql("SELECT * FROM person").all()


def test_a_folder_is_no_database(tmp_path):
    with pytest.raises(ConfigError, match="cannot be opened"):
        open_store(f"sqlite:///{tmp_path}")


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(ConfigError, match="cannot be made: File exists"):
        open_store(f"sqlite:///{tmp_path}/file/dsr.sqlite3")


def test_a_path_that_is_too_long_is_a_setting(tmp_path):
    with pytest.raises(ConfigError, match="cannot be made: File name too long"):
        open_store(f"sqlite:///{tmp_path}/{'a' * 300}")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://office/dsr", "a postgresql database is not known"),
        ("no url at all", "cannot be read"),
        ("sqlite+nonsense:///x", "cannot be read"),
        ("sqlite://somewhere/x", "cannot be read"),
        ("sqlite://", "in memory keeps nothing"),
        ("sqlite:///:memory:", "in memory keeps nothing"),
    ],
)
def test_a_url_that_leads_to_no_database_is_a_setting(url, says):
    with pytest.raises(ConfigError, match=says) as caught:
        open_store(url)
    assert caught.value.exit_code == 7


def test_a_database_opened_for_reading_is_read_and_not_written(database):
    with opened(database) as engine:
        add_person(engine)

    with opened(f"sqlite:///file:{database}?mode=ro&uri=true") as engine:
        assert persons(engine) == [1]
        with pytest.raises(ConfigError, match="read-only"):
            add_person(engine, 2)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize(
    ("folder", "file", "says"),
    [
        (0o700, 0o600, "cannot be made: Permission denied"),
        (0o755, 0o600, "may not be|cannot be opened"),
        (0o755, 0o644, "read-only|cannot be opened"),
    ],
    ids=["a closed folder", "a closed file", "a file to read"],
)
def test_whoever_has_no_right_is_told_so(tmp_path_factory, empty_database, folder, file, says):
    place = tmp_path_factory.mktemp("private") / "dsr.sqlite3"
    place.write_bytes(empty_database.read_bytes())
    place.chmod(file)
    place.parent.chmod(folder)
    for above in place.parents[1:]:
        if above == Path(tempfile.gettempdir()):
            break
        above.chmod(0o755)
    program = (
        f"import os; from dsr.store.engine import open_store, transaction; "
        f"import dsr.store.upgrade; os.setuid({OTHER_USER})\n"
        f"from dsr.errors import ConfigError\n"
        f"try:\n with transaction(open_store('sqlite:///{place}'), write=True): pass\n"
        f"except ConfigError as error: print(error)"
    )
    line = [sys.executable, "-c", program]
    done = subprocess.run(line, check=False, capture_output=True, text=True)

    assert done.stderr == ""
    assert any(part in done.stdout for part in says.split("|")), done.stdout


def test_a_writer_waits_its_turn_and_then_says_that_it_is_busy(database, engine):
    impatient(engine)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ConflictError, match="another process holds") as caught:
            add_person(engine)
        assert persons(engine) == []  # whoever reads does not wait
        other.execute("ROLLBACK")

    assert (caught.value.exit_code, caught.value.hint) == (5, "try again")
    add_person(engine)
    assert persons(engine) == [1]


def test_a_reader_sees_one_state_however_long_it_reads(engine):
    with transaction(engine, write=False) as session:
        before = session.exec(select(PersonRow.id)).all()
        add_person(engine)
        assert session.exec(select(PersonRow.id)).all() == before == []
    assert persons(engine) == [1]


def add_and_fail(engine):
    with transaction(engine, write=True) as session:
        session.add(PersonRow(id=1))
        session.flush()
        _ = 1 / 0


def test_what_fails_in_the_middle_leaves_nothing(engine):
    with pytest.raises(ZeroDivisionError):
        add_and_fail(engine)

    assert persons(engine) == []


def full(engine):
    """Give the database no page more than it has."""

    def limit(connection, _record):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    engine.dispose()
    event.listen(engine, "connect", limit)


def fill(engine, megabytes=3):
    with transaction(engine, write=True) as session:
        statement = text("INSERT INTO blob VALUES (hex(randomblob(32)), 0, randomblob(1000), 1, 0)")
        for _ in range(megabytes * 1000):
            session.connection().execute(statement)


def test_a_full_database_changes_nothing_and_works_again_with_room(database):
    with opened(database) as engine:
        full(engine)
        with pytest.raises(ConflictError, match=r"the disk is full; nothing was changed"):
            fill(engine, megabytes=1)
    with opened(database) as engine:
        assert pragma(engine, "integrity_check") == "ok"
        add_person(engine)
        assert persons(engine) == [1]


def test_a_full_disk_changes_nothing_and_works_again_with_room(tmp_path, empty_database):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        place = disk / "dsr.sqlite3"
        place.write_bytes(empty_database.read_bytes())
        with opened(place) as engine:
            add_person(engine)
            with pytest.raises(ConflictError, match=r"disk .*; nothing was changed"):
                fill(engine)
            assert persons(engine) == [1]
            assert pragma(engine, "integrity_check") == "ok"
            subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)
            fill(engine, megabytes=1)
            add_person(engine, 2)
            assert persons(engine) == [1, 2]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_value_is_in_no_text_of_an_error(engine):
    name = IdentifierRow(person=1, type=IdentifierType.EMAIL, value="mei@example.com", lookup="x")
    add_person(engine)
    with transaction(engine, write=True) as session:
        session.add(name)

    with pytest.raises(ConflictError) as caught, transaction(engine, write=True) as session:
        session.add(IdentifierRow(**name.model_dump()))
    chain = [caught.value, caught.value.__cause__]
    assert str(caught.value) == "it is there already, or in use (SQLITE_CONSTRAINT_PRIMARYKEY)"
    assert all("mei" not in f"{each} {each!r}" for each in chain)


def test_a_row_that_points_nowhere_is_refused(engine):
    with (
        pytest.raises(ConflictError, match="SQLITE_CONSTRAINT_FOREIGNKEY"),
        transaction(engine, write=True) as session,
    ):
        session.connection().exec_driver_sql(
            "INSERT INTO identifier VALUES (9, 'email', 'mei@example.com', 'x', 0)"
        )


def test_sqlalchemys_own_errors_hide_the_values_too(engine):
    insert = "INSERT INTO person VALUES (:id)"
    with pytest.raises(IntegrityError) as caught, engine.connect() as connection:
        connection.execute(text(insert), [{"id": 20261123}, {"id": 20261123}])
    assert "20261123" not in str(caught.value)

    row = IdentifierRow(person=1, type="mei@example.com", value="x", lookup="x")
    with pytest.raises(StatementError) as wrong, transaction(engine, write=True) as session:
        session.add(row)
    assert "hide_parameters" in str(wrong.value)


def test_an_error_that_nobody_foresaw_is_still_ours(engine):
    with (
        pytest.raises(ConflictError, match=r"the database refused \(SQLITE_ERROR\)"),
        transaction(engine, write=True) as session,
    ):
        session.connection().exec_driver_sql("SELECT * FROM nowhere")


def test_an_error_without_sqlites_name_is_named_by_its_type():
    wrapped = IntegrityError("x", None, ValueError("mei@example.com"))

    assert str(explain(wrapped)) == "the database refused (ValueError)"


def test_an_engine_alone_makes_no_tables(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/bare.sqlite3")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0
    engine.dispose()
