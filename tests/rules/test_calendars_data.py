"""The calendar years as shipped, those of other places, and what a wrong file is told."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from workalendar.europe import UnitedKingdom
from workalendar.registry import registry

from dsr.errors import ConfigError, NotFoundError
from dsr.rules import book
from dsr.rules.years import read_year


def days_of(year):
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]


@pytest.fixture
def own(tmp_path):
    """Return the folder of an office's own years, and read the shipped rules alone again after."""
    folder = tmp_path / "calendars"
    folder.mkdir()
    book.use(tmp_path)
    yield folder
    book.use(None)


@pytest.mark.parametrize(("year", "count"), [(2024, 251), (2025, 248), (2026, 248)])
def test_every_day_of_china_agrees_with_an_independent_calendar(year, count):
    calendar = book.calendar("CN")

    worked = [day for day in days_of(year) if calendar.is_working(day)]

    assert worked == [day for day in days_of(year) if chinese_calendar.is_workday(day)]
    assert len(worked) == calendar.working_days_in(year) == count
    assert not calendar.unpublished(date(year, 1, 1), date(year, 12, 31))


#: Where a second library differs from ours from 2024 to 2026, and why.
DIFFERENCES = {
    "DE-BY": {"only where most people are Catholic": ["2024-08-15", "2025-08-15"]},
    "NL": {"a day off in years that end in 0 or 5 alone": ["2026-05-05"]},
    "US": {"Juneteenth, since 2021": ["2024-06-19", "2025-06-19", "2026-06-19"]},
    "BR": {
        "Good Friday": ["2024-03-29", "2025-04-18", "2026-04-03"],
        "Zumbi and Black Awareness, since Law 14.759 of 2023": [
            *("2024-11-20", "2025-11-20", "2026-11-20"),
        ],
    },
    "SG": {"the end of Ramadan was gazetted for the Saturday": ["2026-03-20"]},
    "JP": {
        "a Monday in place of a Sunday": [
            *("2024-02-12", "2024-08-12", "2024-09-23", "2024-11-04", "2025-02-24", "2025-11-24"),
        ],
        "the first day after the holidays in place of a Sunday among them": [
            *("2024-05-06", "2025-05-06", "2026-05-06"),
        ],
        "a day between two holidays": ["2026-09-22"],
    },
    "KR": {
        "an alternative holiday for one on a weekend": [
            *("2024-02-12", "2024-05-06", "2025-03-03", "2025-05-06", "2025-10-08", "2026-03-02"),
            *("2026-05-25", "2026-08-17", "2026-10-05"),
        ],
        "a day of elections": ["2024-04-10", "2025-06-03", "2026-06-03"],
        "set by the government for that year": ["2024-10-01", "2025-01-27"],
        "a public holiday since 2026": ["2026-05-01", "2026-07-17"],
    },
    "AU": {"each state substitutes for itself": ["2025-01-27", "2026-04-27", "2026-12-28"]},
    "CA": {"Good Friday": ["2024-03-29", "2025-04-18", "2026-04-03"]},
    "CH": {
        "off in most cantons, but by no law of the Confederation": [
            *("2024-03-29", "2024-04-01", "2024-05-20", "2024-12-26", "2025-04-18", "2025-04-21"),
            *("2025-06-09", "2025-12-26", "2026-04-03", "2026-04-06", "2026-05-25"),
        ],
    },
    **{place: {} for place in ("DE", "GB-ENG", "FR", "IT", "ES", "AT", "PT", "BE", "LU", "HK")},
}


# Both warnings are the second library's own.
@pytest.mark.filterwarnings("ignore:Please take note:UserWarning")
@pytest.mark.filterwarnings("ignore:toSolarDate is deprecated:DeprecationWarning")
@pytest.mark.parametrize("place", sorted(DIFFERENCES))
def test_every_day_of_other_places_agrees_with_a_second_library_but_for_known_ones(place):
    second = UnitedKingdom() if place == "GB-ENG" else registry.get(place)()
    calendar = book.calendar(place)

    differing = [
        str(day)
        for year in (2024, 2025, 2026)
        for day in days_of(year)
        if calendar.is_working(day) != second.is_working_day(day)
    ]

    assert differing == sorted(day for days in DIFFERENCES[place].values() for day in days)


@pytest.mark.parametrize("place", ["DE", "GB-ENG"])
@pytest.mark.parametrize("year", range(2025, 2031))
def test_the_coming_years_of_germany_and_england_are_firm(place, year):
    assert book.year_of(place, year).known


@pytest.mark.parametrize(
    ("place", "year", "why"),
    [
        ("SG", 2029, "only estimates Chinese New Year"),
        ("DE", 1990, "knows DE from 1991 to 2100 only"),
        ("DE", 2101, "knows DE from 1991 to 2100 only"),
        ("IN", 2045, "only estimates"),
        (
            "CN-SH",
            2027,
            "statutory holidays, computed",
        ),  # no part of China has a schedule of its own
    ],
)
def test_a_year_that_the_library_does_not_know_is_provisional_and_says_why(place, year, why):
    days = book.calendar(place).schedule(year)

    assert not days.known
    assert why in days.source
    assert book.calendar(place).unpublished(date(year, 5, 1), date(year, 5, 2))


def test_days_are_named_alike_whatever_language_the_machine_speaks():
    script = (
        "from dsr.rules import book;"
        "print(book.year_of('KR', 2026).names, book.year_of('SG', 2029).known)"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"LANG": language, "LANGUAGE": language, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for language in ("C", "ko")
    }

    assert len(told) == 1
    assert b"Korean New Year" in told.pop()


def test_a_day_off_has_its_name():
    assert book.calendar("CN").holiday(date(2026, 10, 1)) == "国庆节"
    assert book.calendar("DE").holiday(date(2026, 4, 6)) == "Easter Monday"
    assert book.calendar("DE").holiday(date(2026, 4, 4)) is None  # a Saturday like another


def test_an_unpublished_year_knows_weekends_and_statutory_holidays_only():
    calendar = book.calendar("CN")
    days = calendar.year_days(2027)

    assert calendar.unpublished(date(2026, 12, 31), date(2027, 1, 1))
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


def test_the_office_s_own_year_is_taken_first(own):
    shipped = book.calendar("CN")
    a_year(own, {"working": "working = [2027-01-09]"}, year=2027)
    mine = book.calendar("CN")

    assert shipped is mine  # years are read when they are asked for
    assert not mine.unpublished(date(2026, 1, 1), date(2027, 12, 31))
    assert mine.is_working(date(2027, 1, 9))
    book.use(None)
    assert book.calendar("CN").unpublished(date(2027, 1, 1), date(2027, 1, 2))


def test_the_office_may_correct_a_shipped_year(own):
    assert not book.calendar("CN").is_working(date(2026, 12, 26))
    a_year(own, {"working": "working = [2026-12-26]"}, year=2026)
    book.forget()

    assert book.calendar("CN").is_working(date(2026, 12, 26))
    assert book.calendar("CN").is_working(date(2025, 1, 26))


@pytest.mark.parametrize(
    ("place", "asked"), [("DE", "de"), ("GB-ENG", "UK"), ("SG", "SG"), ("DE-BY", "DE-BY")]
)
def test_an_own_year_of_any_place_takes_the_place_of_the_librarys(own, place, asked):
    changes = {"place": f'place = "{place}"', "working": "working = []"}
    a_year(own, changes, year=2029, name=f"{place.lower()}-2029.toml")
    days = book.calendar(asked).schedule(2029)

    assert (days.known, days.source, len(days.off)) == (True, "a notice", 3)
    assert days.names[date(2029, 1, 2)] == "元旦"


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


def a_year(folder, changes=(), year=2028, name=None):
    lines = {
        "place": 'place = "CN"',
        "year": f"year = {year}",
        "citation": 'citation = "a notice"',
        "working": f"working = [{year}-01-08, {year}-01-09]",
        "off": f'[[off]]\nname = "元旦"\nfrom = {year}-01-01\nto = {year}-01-03',
    }
    place = Path(folder) / (name or f"cn-{year}.toml")
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
        ({"working": "working = [2028-01-01]"}, "working: 2028-01-01 is also off .元旦."),
        ({"place": 'place = "CN-SH"', "year": "year = 2028"}, "year: CN-SH 2028 belongs in a file"),
        ({"year": "year = 0"}, "year: 0 is out of reach"),
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


@pytest.mark.parametrize(
    ("place", "name", "says"),
    [
        ("UK", "uk-2028.toml", "place: UK is written GB-ENG"),
        ("de", "de-2028.toml", "place: de is written DE"),
        ("CN-SH", "cn-sh-2028.toml", "place: CN-SH is written CN"),
        ("DX", "dx-2028.toml", "place: there is no place 'DX'"),
        ("IL", "il-2028.toml", "working.2: 2028-01-09 is no weekend day"),  # a Sunday
    ],
)
def test_a_year_of_another_place_is_held_to_that_place(tmp_path, place, name, says):
    with pytest.raises(ConfigError, match=says):
        read_year(a_year(tmp_path, {"place": f'place = "{place}"'}, name=name))
