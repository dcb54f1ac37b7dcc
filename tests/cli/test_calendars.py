"""Calendar years on the command line: looked up, added, and what a new one does to open tickets."""

import hashlib
import json
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from dsr.clock import FixedClock
from dsr.output.visible import cell_width
from dsr.rules import book

#: The new year's holiday of 2027 as a notice could have it.
NOTICE = """
place = "CN"
year = 2027
citation = "国务院办公厅关于2027年部分节假日安排的通知"
working = [{working}]

[[off]]
name = "元旦"
from = 2027-01-01
to = {to}
"""
DECEMBER = FixedClock(datetime(2026, 12, 18, 2, tzinfo=UTC), "Asia/Shanghai")


@pytest.fixture
def office(walk, tmp_path):
    """Return an office in December 2026 that has a folder for rules of its own, still empty."""
    walk.run.variables["DSR_RULES_FOLDER"] = str(tmp_path / "rules")
    yield replace(walk, run=replace(walk.run, clock=DECEMBER))
    book.use(None)


def a_year(office, working="2027-01-03", to="2027-01-02", name="notice.toml"):
    """Write a year down; with a worked Sunday, deadlines of January come a day earlier."""
    return Path(office.file(NOTICE.format(working=working, to=to), name)[1:])


def recomputed(office, line="", **said):
    result = office(f"calendar recompute {line} -o json", **said)
    return json.loads(result.stdout), result.stderr


def events(office, number):
    return [each for each in office.json(f"log {number}") if each["action"] == "recompute"]


def test_years_are_listed_with_where_each_comes_from(office):
    office(f"calendar add {a_year(office)}")
    rows = {(row["place"], row["year"]): row for row in office.json("calendar list")}

    assert rows["CN", 2026]["kept"] == "shipped"
    assert rows["CN", 2026]["source"].startswith("国务院办公厅关于2026年")
    assert (rows["CN", 2027]["kept"], rows["CN", 2027]["known"]) == ("own", True)
    assert (rows["CN", 2028]["kept"], rows["CN", 2028]["known"]) == ("library", False)
    assert list(rows["CN", 2028]) == ["place", "year", "known", "kept", "source"]


def test_a_year_is_shown_with_its_days_off_by_name_and_its_worked_weekends(run):
    shown = run("calendar show CN 2026").stdout
    whole = json.loads(run("calendar show UK 2027 -o json").stdout)

    assert max(map(cell_width, shown.split("\n"))) <= 100
    assert "2026-10-01  Thursday   国庆节" in shown
    assert "2026-10-10  Saturday" in shown.split("Worked weekends:")[1]
    assert "Working days: 248" in shown
    assert (whole["place"], whole["known"], whole["kept"]) == ("GB-ENG", True, "library")
    assert {"on": "2027-03-26", "weekday": "Friday", "name": "Good Friday"} in whole["off"]
    assert whole["working"] == []
    assert "there is no place 'DX'" in run("calendar show DX 2026", exits=3).stderr
    run("calendar show CN 2300", exits=2)


def test_a_year_is_added_whole_and_says_what_to_do_next(office, tmp_path):
    file, target = a_year(office), tmp_path / "rules" / "calendars" / "cn-2027.toml"
    dry = office.json(f"calendar add {file} --dry-run")
    assert (dry["result"], dry["instead_of"]) == ("would be added", "library")
    assert not target.parent.exists()

    result = office(f"calendar add {file} -o json")
    said = json.loads(result.stdout)

    assert (said["result"], said["off"], said["working"]) == ("added", 2, 1)
    assert said["next_command"] == "dsr calendar recompute"
    assert "dsr calendar recompute" in result.stderr
    assert target.read_bytes() == file.read_bytes()
    assert [each.name for each in target.parent.iterdir()] == ["cn-2027.toml"]  # nothing half made
    assert office.json(f"calendar add {file}")["result"] == "there already"


def test_another_year_takes_the_place_of_the_offices_own_only_when_told(office, tmp_path):
    target = tmp_path / "rules" / "calendars" / "cn-2027.toml"
    office(f"calendar add {a_year(office)}")
    before, other = target.read_bytes(), a_year(office, working="", name="other.toml")

    assert "--replace" in office(f"calendar add {other}", exits=5).stderr
    assert "--why" in office(f"calendar add {other} --replace", exits=2).stderr
    office(f"calendar add {other} --replace --why corrected --dry-run")
    assert target.read_bytes() == before
    said = office.json(f"calendar add {other} --replace --why corrected")
    assert (said["result"], said["instead_of"]) == ("replaced", "own")
    assert target.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("place", "year", "replaced"), [("CN", 2026, "shipped"), ("DE", 2027, "library")]
)
def test_a_year_that_is_certain_is_replaced_only_with_a_reason(office, place, year, replaced):
    text = NOTICE.format(working="", to="2027-01-01").replace("2027", str(year))
    file = office.file(text.replace('"CN"', f'"{place}"'), "year.toml")[1:]
    assert "then say --replace --why TEXT" in office(f"calendar add {file}", exits=5).stderr
    assert "with its reason" in office(f"calendar add {file} --replace", exits=2).stderr
    said = office.json(f"calendar add {file} --replace --why -", input="the notice of May")

    assert (said["result"], said["instead_of"]) == ("added", replaced)
    (body,) = office.rows("select body from event where action = 'calendar_added'")
    facts = json.loads(body)["facts"]
    digest = hashlib.sha256(Path(file).read_bytes()).hexdigest()
    told = {"place": place, "year": year, "sha256": digest, "replaced": replaced}
    assert facts == told
    assert "the notice of May" not in body
    assert "the notice of May" in office.rows("select value from secret")
    office.sound()


def test_a_year_is_added_by_an_admin_or_legal_alone(office, tmp_path):
    file = a_year(office)
    office("officer add chen --roles handler")
    assert "chen is no admin or legal" in office(f"calendar add {file} --as chen", exits=4).stderr
    assert not (tmp_path / "rules" / "calendars").exists()
    office(f"calendar add {file} --as zhao")
    (body,) = office.rows("select body from event where action = 'calendar_added'")
    assert json.loads(body)["facts"]["replaced"] is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"to = 2027-01-02": "to = 2027-06-30"}, "off: 132 working days are no year"),
        ({"2027": "2201"}, "year: 2201 is out of reach, from 1990 to 2200"),
        ({"2027": "1989"}, "year: 1989 is out of reach"),
    ],
)
def test_a_year_that_cannot_be_is_refused(office, tmp_path, changes, says):
    file = a_year(office, working="")
    text = file.read_text("utf-8")
    for old, new in changes.items():
        text = text.replace(old, new)
    file.write_text(text, "utf-8")

    assert says in office(f"calendar add {file}", exits=7).stderr
    assert not (tmp_path / "rules").exists()


def test_more_spans_than_days_are_not_even_counted(office):
    span = '{ name = "x", from = 2027-01-01, to = 2027-12-31 },\n'
    head = 'place = "CN"\nyear = 2027\ncitation = "x"\nworking = []\n'
    file = office.file(f"{head}off = [\n{span * 15_000}]\n", "long.toml")[1:]

    assert (
        "off: 15000 are more than a year has days" in office(f"calendar add {file}", exits=7).stderr
    )


def test_the_first_year_without_a_file_follows_the_shipped_ones(office):
    text = NOTICE.format(working="", to="1995-01-02").replace("2027", "1995")
    file = office.file(text, "old.toml")[1:]
    office(f"calendar add {file}")
    missing = [row["year"] for row in office.json("calendar list") if row["kept"] == "library"]

    assert missing == [2027]


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda it: it.symlink_to("nowhere")])
def test_what_lies_there_and_is_no_file_is_told_and_not_passed_over(office, tmp_path, make):
    target = tmp_path / "rules" / "calendars" / "cn-2027.toml"
    target.parent.mkdir(parents=True)
    make(target)
    line = "due --law CN --kind deletion --received 2026-12-20"

    assert "cn-2027.toml: " in office(line, exits=7).stderr
    assert "is no file" in office(f"calendar add {a_year(office)}", exits=7).stderr


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("2027-01-03", "2027-01-02", "working: 2027-01-02 is also off"),
        ("2027-01-03", "2027-01-04", "working.1: 2027-01-04 is no weekend day"),
        ("2027-01-03", "2026-01-03", "working.1: 2026-01-03 is not in 2027"),
        ("citation", "citaton", "citaton: unknown key"),
        ('"CN"', '"DX"', "place: there is no place 'DX'"),
        ('"CN"', '"cn"', "place: cn is written CN"),
    ],
)
def test_a_wrong_year_is_told_file_and_key_and_nothing_is_kept(office, tmp_path, old, new, says):
    file = a_year(office)
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")

    assert f"notice.toml: {says}" in office(f"calendar add {file}", exits=7).stderr
    assert not (tmp_path / "rules").exists()


def test_without_a_folder_of_its_own_the_office_is_told_the_setting(run, tmp_path):
    (tmp_path / "year.toml").write_text(NOTICE.format(working="", to="2027-01-01"), "utf-8")

    result = run(f"calendar add {tmp_path / 'year.toml'}", exits=7)

    assert "rules_folder" in result.stderr


def test_a_file_that_is_not_there_or_a_folder_that_cannot_be_is_an_error(office, tmp_path):
    office(f"calendar add {tmp_path / 'none.toml'}", exits=3)
    (tmp_path / "rules").write_text("a file", "utf-8")
    assert "cannot be written" in office(f"calendar add {a_year(office)}", exits=7).stderr


def test_a_year_moves_what_was_provisional_and_tells_first_what_is_due_earlier(office):
    [deletion] = office.open("deletion")
    [access] = office.open("access", "james.whitfield@inbox.example.org")
    due = office.show(deletion)
    assert due["provisional"]
    office(f"calendar add {a_year(office)}")
    before = office.dump()
    dry, told = recomputed(office, "--dry-run")
    assert office.dump() == before
    moved, alert = recomputed(office)

    assert "would move" in told
    assert dry == moved
    assert moved[0]["number"] == deletion
    assert moved[0]["move"] == "earlier"
    assert (moved[0]["due_before_on"], moved[0]["due_on"]) == ("2027-01-11", "2027-01-08")
    assert (moved[0]["provisional_before"], moved[0]["provisional"]) == (True, False)
    assert f"ALERT: due earlier than before: {deletion}" in alert
    assert {row["number"] for row in moved} == {deletion, access}
    assert office.show(deletion)["due_on"] == "2027-01-08"
    office.sound()


def test_each_moved_ticket_says_in_its_trail_what_moved_and_by_which_calendar(office):
    [number] = office.open("deletion")
    office(f"calendar add {a_year(office)}")
    office(f"calendar recompute {number}")

    [event] = events(office, number)

    assert event["facts"]["before"]["due_on"] == "2027-01-11"
    assert event["facts"]["after"]["due_on"] == "2027-01-08"
    years = {each["year"]: each for each in event["facts"]["calendars"]}
    assert years[2027]["source"] == "国务院办公厅关于2027年部分节假日安排的通知"
    assert years[2026]["known"]
    assert event["before"] == event["after"] == "received"


def test_a_second_time_nothing_moves_and_nothing_is_written(office):
    other = "james.whitfield@inbox.example.org"
    numbers = [*office.open("deletion"), *office.open("copy explanation", other)]
    untouched = office.dump()
    assert recomputed(office)[0] == []
    assert office.dump() == untouched
    office(f"calendar add {a_year(office)}")
    recomputed(office)
    once = office.dump()

    assert recomputed(office)[0] == []
    assert office.dump() == once
    assert all(len(events(office, number)) <= 1 for number in numbers)


def test_days_off_make_a_date_later_and_people_see_old_and_new(office):
    [number] = office.open("deletion")
    office(f"calendar add {a_year(office, working='', to='2027-01-06')}")
    result = office("calendar recompute")

    assert "ALERT" not in result.stderr
    assert "later" in result.stdout
    assert "2027-01-11 -> 2027-01-14" in result.stdout
    assert max(map(cell_width, result.stdout.split("\n"))) <= 120
    assert office.show(number)["due_on"] == "2027-01-14"


def test_only_provisional_dates_move_by_a_year_that_was_not_known(office):
    laws = ("CN", "EU --place DE", "CN,EU --place DE")
    kinds = ("deletion", "access", "complaint", "withdrawal --scope consent")
    for law, kind in product(laws, kinds):
        office.open(f"{kind} --law {law}", f"{kind[:4]}@{law[:2]}.example")
    names = ("due_on", "target_on", "act_by_on", "provisional")

    def dates():
        return {row["number"]: [row[name] for name in names] for row in office.json("list")}

    before = dates()
    office(f"calendar add {a_year(office, working='', to='2027-01-06')}")
    moved = {row["number"] for row in recomputed(office)[0]}
    after = dates()

    assert moved
    assert moved <= {number for number, row in before.items() if row[-1]}
    assert all(after[number] == before[number] for number in before.keys() - moved)
    assert not any(row[-1] for row in after.values())


def test_an_access_that_waits_for_a_deletion_takes_its_new_day_in_the_same_run(office):
    access, deletion = office.open("access deletion")
    office(f"calendar add {a_year(office)}")
    recomputed(office)

    assert office.show(access)["target_on"] == office.show(deletion)["target_on"] == "2027-01-08"
    assert recomputed(office)[0] == []


def test_answered_and_closed_tickets_stay_as_they_are(office):
    [closed] = office.open("deletion")
    office(f"close {closed} --as withdrawn --why 'she called'")
    before = office.show(closed)
    office(f"calendar add {a_year(office)}")

    assert recomputed(office)[0] == []
    assert "its dates stay as they are" in office(f"calendar recompute {closed}", exits=4).stderr
    assert office.show(closed)["due_on"] == before["due_on"]


def test_one_that_fails_does_not_keep_the_others(office):
    [broken], [good] = office.open("deletion"), office.open("correction")
    with closing(sqlite3.connect(office.run.variables["DSR_DATABASE_URL"])) as connection:
        pinned = json.dumps({"CN": "1999-01-01"})
        connection.execute("update ticket set laws = ? where number = ?", (pinned, broken))
        connection.commit()
    office(f"calendar add {a_year(office)}")
    moved, told = recomputed(office, exits=6)

    assert [row["number"] for row in moved] == [good]
    assert "1999-01-01" in told
    office(f"calendar recompute {broken}", exits=7)
    assert "1 failed" in office(f"calendar recompute {broken},{good}", exits=6).stderr
    assert "there is no ticket 99" in office("calendar recompute 99", exits=3).stderr


def test_a_test_is_among_no_moved_and_no_provisional_tickets(office, tmp_path):
    form = tmp_path / "form.csv"
    form.write_text("id,kind,email\n1,deletion,ann@example.org\n")
    office(f"import {form} --test")
    checks = json.loads(office("doctor -o json", exits=10).stdout)
    (told,) = (row["text"] for row in checks if row["check"] == "calendars")
    assert told == "every date of an open ticket is certain"

    office(f"calendar add {a_year(office)}")
    assert recomputed(office)[0] == []
