"""Making the office, and the doctor who looks after it."""

import sqlite3
import tomllib
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from dsr import config
from dsr.domain.vocabulary import Kind
from dsr.errors import ConfigError
from dsr.services import doctor, registers, upkeep
from dsr.services.desk import FourEyes
from dsr.store import blobs
from dsr.store.tables.messages import BlobRow

TODAY = date(2026, 11, 23)


def results(desk, **said):
    return {one.check: one for one in doctor.examine(desk, **said)}


def change(database, *statements):
    with closing(sqlite3.connect(database)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_an_office_is_made_once(desk):
    first = upkeep.make_office(desk, new_database=True)
    key = desk.office.key_file.read_bytes()
    again = upkeep.make_office(desk, new_database=False)

    assert [one.what for one in first] == ["database", "key", "workspace", "first officer"]
    assert {one.result for one in first} == {"made"}
    assert {one.result for one in again} == {"there"}
    assert first[3].place == "li"
    assert desk.office.key_file.read_bytes() == key
    assert desk.office.key_file.stat().st_mode & 0o777 == 0o600
    assert desk.office.workspace.stat().st_mode & 0o777 == 0o700


def test_a_key_that_identifiers_need_is_not_made_anew(desk, opened):
    opened()
    desk.office.key_file.unlink()

    with pytest.raises(ConfigError, match="missing"):
        upkeep.make_office(desk, new_database=False)
    assert not desk.office.key_file.exists()


def test_a_configuration_file_names_every_setting_and_sets_none(tmp_path):
    place = tmp_path / "deep" / "config.toml"

    assert upkeep.make_config(str(place), {}).result == "made"

    text = place.read_text("utf-8")
    assert tomllib.loads(text) == {}
    assert all(f"\n# {name} = " in text for name in config.KNOWN)
    assert place.stat().st_mode & 0o777 == 0o600
    settings = config.load({"config": str(place)}, {})
    assert {setting.origin for setting in settings.said.values()} == {"default"}
    uncommented = "\n".join(line.removeprefix("# ") for line in text.split("\n") if " = " in line)
    place.write_text(uncommented, "utf-8")
    assert config.load({"config": str(place)}, {}).retention_months == settings.retention_months


def test_a_configuration_file_that_is_there_stays(tmp_path):
    place = tmp_path / "config.toml"
    place.write_text('zone = "Europe/Berlin"\n')

    assert upkeep.make_config(str(tmp_path), {"officer": "li"}).result == "there"
    assert place.read_text() == 'zone = "Europe/Berlin"\n'


def test_what_options_say_is_remembered(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "config.toml"

    upkeep.make_config(
        str(place), {"database_url": "db/office.db", "officer": "li", "output": "csv"}
    )

    said = tomllib.loads(place.read_text("utf-8"))
    assert said == {"database_url": str(tmp_path / "db" / "office.db"), "officer": "li"}


def test_a_password_is_not_remembered(tmp_path):
    place = tmp_path / "config.toml"

    upkeep.make_config(str(place), {"database_url": "postgresql://dsr:geheim@db/dsr"})

    assert "geheim" not in place.read_text("utf-8")


def test_a_new_office_is_well_but_has_no_sources(desk):
    upkeep.make_office(desk, new_database=True)

    found = results(desk)

    assert not [one for one in found.values() if one.result == "wrong"]
    doubtful = {name for name, one in found.items() if one.result == "warning"}
    assert doubtful == {"head file", "sources"}
    assert all(one.command for one in found.values() if one.result != "ok")


@pytest.mark.parametrize(
    ("mode", "result"), [(0o600, "ok"), (0o640, "warning"), (0o604, "wrong"), (0o666, "wrong")]
)
def test_files_that_others_can_open_are_named(desk, database, mode, result):
    upkeep.make_office(desk, new_database=True)
    database.chmod(mode)
    desk.office.key_file.chmod(mode)

    found = results(desk)

    assert (found["database file"].result, found["key file"].result) == (result, result)
    assert result == "ok" or found["database file"].command == f"chmod 600 {database}"


def test_a_missing_key_is_wrong_only_where_it_is_needed(desk, opened):
    assert results(desk)["key file"].result == "warning"
    opened()
    desk.office.key_file.unlink()
    assert results(desk)["key file"].result == "wrong"


def test_a_broken_trail_and_lost_triggers_are_named_and_the_rest_is_checked(desk, database):
    registers.add_officer(desk, "wang", ["handler"])
    change(database, "DROP TRIGGER event_no_update", "UPDATE event SET officer = 'xi' WHERE id = 2")

    found = results(desk)

    assert found["trail"].result == "wrong"
    assert "broken at event 2" in found["trail"].text
    assert "event_no_update" in found["triggers"].text
    assert found["destruction"].result == "ok"


def test_rows_that_point_nowhere_are_counted(desk, database):
    change(database, "INSERT INTO stop (ticket, reason, asked_on) VALUES (9, 'x', '2026-01-01')")

    assert results(desk)["references"].text == "1 rows point nowhere"


def test_a_damaged_database_is_told_not_raised(desk, database, opened):
    for _ in range(40):
        opened()
    desk.engine.dispose()
    size = database.stat().st_size
    with database.open("r+b") as file:  # past the schema, so that it can be opened at all
        file.seek(size // 2)
        file.write(b"\xff" * (size // 4))

    found = results(desk)

    assert "wrong" in {one.result for one in found.values()}


def test_what_is_past_its_day_is_destroyed_on_request(desk):
    with desk.write() as step:
        blobs.keep(step.session, b"an identity card", destroy_on=TODAY)
        blobs.keep(step.session, b"a letter", destroy_on=date(2026, 11, 24))

    assert results(desk)["destruction"].result == "wrong"
    assert results(desk, fix=True)["destruction"].result == "ok"
    with desk.read() as session:
        assert [row.size for row in session.exec(select(BlobRow))] == [len(b"a letter")]


def test_mending_is_written_down_and_only_where_something_was_mended(desk, database):
    change(database, "DROP TRIGGER event_no_delete")

    assert results(desk, fix=True)["triggers"].result == "ok"
    count = results(desk, fix=True)["trail"].text
    assert count == "2 events hold"  # the first officer, the mending


def test_the_head_file_must_end_with_the_head(desk, tmp_path):
    place = tmp_path / "heads.txt"
    desk = replace(desk, office=replace(desk.office, head_file=place))
    registers.add_officer(desk, "wang", ["handler"])
    assert results(desk)["head file"].result == "ok"

    lines = place.read_text().split()
    place.write_text("")
    assert results(desk)["head file"].result == "warning"
    place.write_text("\n".join([*lines, "0" * 63 + "1"]))
    found = results(desk)
    assert (found["trail"].result, found["head file"].result) == ("wrong", "warning")
    place.unlink()
    assert results(desk)["head file"].result == "warning"


def test_dates_that_a_calendar_may_still_move_are_listed(desk, opened):
    number = opened(Kind.DELETION, received_at=datetime(2026, 12, 20, 2, tzinfo=UTC))

    found = results(desk)["calendars"]

    assert found.result == "warning"
    assert f"2027 is not known; provisional dates: tickets {number}" in found.text


def test_an_office_of_one_with_two_approvers_is_doubtful(desk):
    assert results(desk)["four eyes"].result == "ok"
    registers.add_officer(desk, "wang", ["approver"])
    found = results(desk)["four eyes"]
    assert (found.result, "li, wang" in found.text) == ("warning", True)
    registers.set_officer(desk, "wang", active=False)
    assert results(desk)["four eyes"].result == "ok"
    two = replace(desk, office=replace(desk.office, four_eyes=FourEyes.USER))
    registers.set_officer(desk, "wang", active=True)
    assert results(two)["four eyes"].result == "ok"
