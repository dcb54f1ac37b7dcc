"""Who calls: his tickets by a number or address, and what to say to somebody who proved nothing."""

import json

import pytest

from dsr.domain.vocabulary import IdentifierType, Kind

KEYS = [
    "number",
    "case",
    "kind",
    "status",
    "outcome",
    "who",
    "received_on",
    "due_on",
    "days_left",
    "overdue",
    "assignee",
    "say_zh",
    "say_en",
]
PHONE = ((IdentifierType.PHONE, "+8619900000001"),)


def asked(run, typed, options="-o json"):
    return json.loads(run(f"who - {options}", input=typed).stdout)


@pytest.mark.parametrize("typed", ["199 0000 0001\n", "+86-199-0000-0001", "  0086 19900000001 "])
def test_a_number_is_found_however_it_is_written(run, opened, typed):
    number = opened(identifiers=PHONE)
    opened(Kind.COPY)
    (line,) = asked(run, typed)
    assert list(line) == KEYS
    assert (line["number"], line["kind"], line["status"]) == (number, "access", "received")


def test_an_address_is_found_without_regard_to_case_and_open_tickets_come_first(run, opened):
    for kind in (Kind.EXPLANATION, Kind.COPY, Kind.EXPLANATION):
        opened(kind)
    run("close 3 --as withdrawn --why 'he said so'")
    assert [each["number"] for each in asked(run, "MEI＠Example.com\n")] == [2, 1, 3]


def test_the_value_stands_in_no_argument_and_comes_from_a_file_too(run, opened, tmp_path):
    opened()
    assert "may not stand in the command line" in run("who mei@example.com", exits=2).stderr
    place = tmp_path / "who.txt"
    place.write_text("mei@example.com\n", encoding="utf-8")
    assert "DSR-1" in run(f"who @{place}").stdout


def test_nothing_found_is_no_error_and_says_what_to_say(run, opened):
    for _ in range(2):  # before and after there is anybody to look among
        result = run("who -", input="nobody@example.com")
        assert "查到任何请求" in result.stdout
        assert "I find no request" in result.stdout
        assert "no ticket names that" in result.stderr
        assert asked(run, "nobody@example.com") == []
        opened()


@pytest.mark.parametrize(("typed", "code"), [("17", 6), ("not@an@address", 6), (" \n", 2)])
def test_what_is_neither_a_number_nor_an_address_is_refused_and_not_repeated(run, typed, code):
    result = run("who -", input=typed, exits=code)
    assert not typed.strip() or typed not in result.stderr


def test_nothing_that_names_the_person_is_shown_and_nothing_is_written(run, opened, desk):
    opened()
    with desk.engine.connect() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM event").scalar_one()
        shown = run("who -", input="mei@example.com").stdout
        after = connection.exec_driver_sql("SELECT count(*) FROM event").scalar_one()
    assert "mei@" not in shown
    assert "m***@example.com" in shown
    assert before == after


def test_what_is_said_has_the_number_and_the_days_in_both_languages(run, opened):
    opened()
    (line,) = asked(run, "mei@example.com")
    assert line["say_zh"] == (
        "我们已收到您2026年11月20日提出的请求，编号为DSR-1。我们将在2026年12月21日前答复您。"
    )
    assert line["say_en"] == (
        "We received your request of 20 November 2026 and it has the number DSR-1."
        " We will answer it by 21 December 2026."
    )


def test_a_late_answer_is_not_promised_for_a_day_that_has_passed(walk):
    walk.open("explanation")
    walk = walk.later(60)
    (line,) = walk.json("who -", input="wang.fang@mail.example.com")
    assert line["overdue"]
    assert "is late, for which we apologise" in line["say_en"]
    assert "深表歉意" in line["say_zh"]


@pytest.mark.parametrize("content", ["", " \n"])
def test_an_empty_file_says_what_to_give(run, tmp_path, content):
    place = tmp_path / "number.txt"
    place.write_text(content, encoding="utf-8")
    refused = run(f"who @{place}", exits=2).stderr
    assert "one phone number or mail address" in refused
    assert "dsr who @FILE" in refused
