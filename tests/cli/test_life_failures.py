"""What breaks meanwhile: sources, the workspace, the package, the program itself."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

SYSTEMS = ("crm", "platform", "billing")


@pytest.fixture
def own(walk, company_systems):
    """An office whose systems are the test's own, to be broken."""
    folder = walk.folder / "systems"
    folder.mkdir()
    for name in SYSTEMS:
        shutil.copyfile(company_systems / f"{name}.db", folder / f"{name}.db")
    connection = sqlite3.connect(walk.run.variables["DSR_DATABASE_URL"])
    with connection:
        connection.execute(
            "update source set url = replace(url, ?, ?)", (str(company_systems), str(folder))
        )
    connection.close()
    return folder


def found_in(walk, number, exits):
    rows = walk.json(f"find {number}", exits=exits)
    return {(each["source"], each["result"]) for each in rows}


def break_missing(folder):
    (folder / "billing.db").unlink()


def break_schema(folder):
    with closing(sqlite3.connect(folder / "billing.db")) as connection, connection:
        for name in ("payments", "invoices", "orders", "customers", "bank_statement_lines"):
            connection.execute(f"alter table {name} rename to {name}_old")
    connection.close()


def break_rubbish(folder):
    (folder / "billing.db").write_bytes(b"no database at all" * 100)


@pytest.mark.parametrize("damage", [break_missing, break_schema, break_rubbish])
def test_a_source_that_fails_is_told_and_the_others_are_kept(walk, own, damage):
    number = walk.verified("deletion")
    shutil.copyfile(own / "billing.db", own / "kept.db")
    damage(own)
    found = found_in(walk, number, 8)
    assert {("billing", "failed"), ("crm", "found"), ("platform", "found")} <= found
    assert ("billing", "none") not in found
    error = walk(f"propose {number}", exits=4).stderr
    assert "searches failed" in error
    shutil.copyfile(own / "kept.db", own / "billing.db")
    assert ("billing", "found") in found_in(walk, number, 0)
    walk(f"propose {number}")


def test_a_locked_source_fails_and_does_not_hang(walk, own):
    number = walk.verified("deletion")
    connection = sqlite3.connect(own / "billing.db", isolation_level=None)
    connection.execute("begin exclusive")
    try:
        found = found_in(walk, number, 8)
    finally:
        connection.execute("rollback")
        connection.close()
    assert {("billing", "failed"), ("crm", "found")} <= found


def test_a_copy_without_a_source_is_not_made(walk, own):
    number = walk.found("copy")
    (own / "billing.db").unlink()
    before = walk.dump()
    assert f"dsr export {number}" in walk(f"export {number}", exits=8).stderr
    assert walk.dump() == before
    assert list(walk.out.iterdir()) == []


def ready(walk):
    number = walk.found("copy")
    walk(f"export {number}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    return number


def test_a_workspace_that_is_a_file_changes_nothing(walk):
    number = ready(walk)
    before = walk.dump()
    place = walk.folder / "file"
    place.write_text("x", encoding="utf-8")
    walk(f"answer {number} --dir {place}/answer", exits=7)
    assert walk.dump() == before
    walk(f"answer {number}")


def test_a_folder_that_is_taken_by_a_file_changes_nothing_and_leaves_no_half_files(walk):
    number = ready(walk)
    before = walk.dump()
    walk.out.mkdir(exist_ok=True)
    (walk.out / f"DSR-{number}").write_text("in the way", encoding="utf-8")
    walk(f"answer {number}", exits=5)
    assert walk.dump() == before
    assert [path.name for path in walk.out.iterdir()] == [f"DSR-{number}"]
    (walk.out / f"DSR-{number}").unlink()
    walk(f"answer {number}")


@pytest.mark.parametrize(
    "damage", ["delete from blob", "update blob set data = x'789c010000ffff00000001'"]
)
def test_a_package_that_is_gone_or_another_one_is_not_answered(walk, damage):
    number = ready(walk)
    connection = sqlite3.connect(walk.run.variables["DSR_DATABASE_URL"])
    with connection:
        connection.execute(damage)
    connection.close()
    before = walk.dump()
    assert f"dsr return {number}" in walk(f"answer {number}", exits=4).stderr
    assert walk.dump() == before
    assert not (walk.out / f"DSR-{number}").exists()
    walk(f"return {number} --why gone")
    walk(f"export {number}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk(f"answer {number}")


KILLED = """
import os
from dsr.services import answers
moved = answers.move
def move(stage, folder):
    moved(stage, folder)
    os._exit(9)
answers.move = move
from dsr.cli.main import main
main()
"""


def test_killed_between_files_and_commit_it_is_typed_again(walk):
    number = ready(walk)
    before = walk.dump()
    variables = {name: value for name, value in walk.run.variables.items() if value is not None}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, "answer", str(number)],
        env={**os.environ, **variables},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 9, done.stderr
    assert any((walk.out / f"DSR-{number}").glob("*.zip"))
    assert walk.dump() == before
    walk(f"answer {number}")
    walk.ended(number, "fulfilled", "copy")
