"""The calendar years as shipped, those of other places, and what a wrong file is told."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from dsr.errors import ConfigError, NotFoundError
from dsr.rules import book
from dsr.rules.years import read_year


def days_of(year):
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_agrees_with_an_independent_calendar(year):
    calendar = book.calendar("CN")

    worked = [day for day in days_of(year) if calendar.is_working(day)]

    assert worked == [day for day in days_of(year) if chinese_calendar.is_workday(day)]
    assert len(worked) == 248
    assert not calendar.is_provisional(date(year, 1, 1), date(year, 12, 31))


def test_an_unpublished_year_knows_weekends_and_statutory_holidays_only():
    calendar = book.calendar("CN")
    days = calendar.year_days(2027)

    assert calendar.is_provisional(date(2026, 12, 31), date(2027, 1, 1))
    assert not days.working
    assert sorted(days.off) == [
        date(2027, 1, 1),
        *(date(2027, 2, day) for day in range(5, 9)),
        date(2027, 4, 5),
        date(2027, 5, 1),
        date(2027, 5, 2),
        date(2027, 6, 9),
        date(2027, 9, 15),
        *(date(2027, 10, day) for day in range(1, 4)),
    ]


def test_known_years_import_neither_pydantic_nor_holidays():
    script = (
        "import sys; from datetime import date; from dsr.rules import book;"
        "count = book.calendar('CN').working_days_between(date(2025, 6, 1), date(2026, 12, 31));"
        "print(count, sorted({'pydantic', 'holidays', 'dateutil'} & sys.modules.keys()))"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout == "396 []\n"


def test_the_office_s_own_year_is_taken_first(tmp_path):
    a_year(tmp_path, {"working": "working = [2027-01-09]"}, year=2027)

    shipped, own = book.calendar("CN"), book.calendar("CN", own=tmp_path)

    assert shipped.is_provisional(date(2027, 1, 1), date(2027, 1, 2))
    assert not own.is_provisional(date(2026, 1, 1), date(2027, 12, 31))
    assert own.is_working(date(2027, 1, 9))


def test_the_office_may_correct_a_shipped_year(tmp_path):
    a_year(tmp_path, {"working": "working = [2026-12-26]"}, year=2026)

    assert not book.calendar("CN").is_working(date(2026, 12, 26))
    assert book.calendar("CN", own=tmp_path).is_working(date(2026, 12, 26))
    assert book.calendar("CN", own=tmp_path).is_working(date(2025, 1, 26))


@pytest.mark.parametrize(
    ("place", "day", "worked"),
    [
        ("DE", date(2026, 4, 6), False),
        ("DE", date(2026, 6, 4), True),  # Corpus Christi is no holiday of all Germany
        ("DE-BY", date(2026, 6, 4), False),
        ("fr", date(2026, 7, 14), False),
        ("UK", date(2026, 12, 28), False),
        ("GB", date(2026, 4, 6), False),
        ("GB-SCT", date(2026, 4, 6), True),
        ("EL", date(2026, 3, 25), False),
        ("HU", date(2026, 1, 10), False),  # worked there, but a Saturday under Regulation 1182/71
        ("IL", date(2026, 11, 22), True),  # a Sunday
    ],
)
def test_other_places_have_the_public_holidays_of_theirs(place, day, worked):
    assert book.calendar(place).is_working(day) is worked


def test_no_place_has_no_calendar():
    assert book.calendar(None) is None


@pytest.mark.parametrize(
    ("place", "hint"), [("DX", "known|mean"), ("DE-BX", "DE-B"), ("Germany", ""), ("", "")]
)
def test_an_unknown_place_is_told_the_near_ones(place, hint):
    with pytest.raises(NotFoundError, match="there is no place") as raised:
        book.calendar(place)

    assert any(part in raised.value.hint for part in hint.split("|"))


def a_year(folder, changes=(), year=2028):
    lines = {
        "place": 'place = "CN"',
        "year": f"year = {year}",
        "citation": 'citation = "a notice"',
        "working": f"working = [{year}-01-08, {year}-01-09]",
        "off": f'[[off]]\nname = "元旦"\nfrom = {year}-01-01\nto = {year}-01-03',
    }
    place = Path(folder) / f"cn-{year}.toml"
    place.write_text("\n".join((lines | dict(changes)).values()), encoding="utf-8")
    return place


def test_a_year_s_file_is_read_with_its_spans_and_its_source(tmp_path):
    days = read_year(a_year(tmp_path))

    assert days.off == {date(2028, 1, day) for day in (1, 2, 3)}
    assert days.working == {date(2028, 1, 8), date(2028, 1, 9)}
    assert (days.known, days.source) == (True, "a notice")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"working": "working = [2028-01-01]"}, "working: 2028-01-01 is also off"),
        ({"working": "working = [2028-01-10]"}, "working.1: 2028-01-10 is no weekend day"),
        ({"working": "working = [2027-12-04]"}, "working.1: 2027-12-04 is not in 2028"),
        ({"working": 'working = ["2028-01-08"]'}, "working.1: is needed, a day"),
        ({"working": "working = [2028-01-08T00:00:00]"}, "working.1: is needed, a day"),
        ({"working": ""}, "working: is needed, a list"),
        ({"year": "years = 2028"}, "years: unknown key"),
        ({"year": ""}, "year: is needed, a int"),
        ({"year": "year = 2029"}, r"year: CN 2029 belongs in a file cn-2029\.toml"),
        ({"citation": ""}, "citation: is needed"),
        ({"citation": 'citation = " "'}, "citation: names no source"),
        ({"off": "off = [2028-01-01]"}, r"off\.1: is a table"),
        ({"off": '[[off]]\nname = "x"\nfrom = 2028-01-02\nto = 2028-01-01'}, r"off\.1\.to: "),
        ({"off": '[[off]]\nname = "x"\nfrom = 2028-01-02'}, r"off\.1\.to: is needed"),
        ({"off": "[[off]]\nfrom = 2028-01-02\nto = 2028-01-02"}, r"off\.1\.name: is needed"),
        ({"off": '[[off]]\nname = "x"\nform = 2028-01-02'}, r"off\.1\.form: unknown key"),
    ],
)
def test_a_wrong_year_is_told_file_and_key(tmp_path, changes, says):
    with pytest.raises(ConfigError, match=rf"cn-2028\.toml: {says}"):
        read_year(a_year(tmp_path, changes))
