"""Dates as forms write them: read where they mean one instant, never guessed."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr.errors import InputError
from dsr.intake.arrival import Aside
from dsr.intake.written import Habit, day_first, instant

HERE = Habit("Asia/Shanghai")
AT_TWO = datetime(2026, 11, 20, 6, 3, tzinfo=UTC)  # 14:03 in Shanghai
SOME_TIME = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2026/11/20 14:03", AT_TWO),
        ("2026/11/20", SOME_TIME),
        ("2026年11月20日 14:03", AT_TWO),
        ("2026年11月20日14时03分", AT_TWO),
        ("２０２６／１１／２０　１４：０３", AT_TWO),
        ("2026/11/20 下午 2:03", AT_TWO),
        ("2026/11/20(金) 14:03", AT_TWO),
        ("2026. 11. 20 오후 2:03:00", AT_TWO),
        ("20.11.2026 14:03", AT_TWO),
        ("20.11.2026, 14:03 Uhr", AT_TWO),
        ("20/11/2026 14.03.00", AT_TWO),
        ("20/11/2026 à 14h03", AT_TWO),
        ("11/20/2026 14:03:00", AT_TWO),
        ("11/20/2026 2:03 PM", AT_TWO),
        ("2026/11/20 2:03:00 PM GMT+8", AT_TWO),
        ("2026/11/20 7:03:00 AM MEZ", AT_TWO),
        ("Fri, 20 Nov 2026 14:03:00 +0800", AT_TWO),
        ("Fri, 20 Nov 2026 06:03:00 GMT", AT_TWO),
        ("November 20, 2026 2:03 pm", AT_TWO),
        ("Fri Nov 20 2026 14:03:00 GMT+0800 (China Standard Time)", AT_TWO),
        ("46346", SOME_TIME),
        ("46346.5", datetime(2026, 11, 20, 4, tzinfo=UTC)),
        ("46346,58", datetime(2026, 11, 20, 5, 55, 12, tzinfo=UTC)),
        ("05/05/2026", datetime(2026, 5, 5, 12, tzinfo=UTC)),
        ("03.04.2026", datetime(2026, 4, 3, 12, tzinfo=UTC)),
        ("12/31/2026 12:30 AM", datetime(2026, 12, 30, 16, 30, tzinfo=UTC)),
    ],
)
def test_a_date_that_means_one_instant_is_read(written, read_as):
    assert instant(written, HERE) == read_as


@pytest.mark.parametrize(
    "written", ["03/04/2026", "3-4-2026 10:00", "20.11.26", "2026/11/20 1:00 CST"]
)
def test_a_date_that_could_be_several_is_none_of_them(written):
    assert instant(written, HERE) is None


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "31/31/2026", "2026-02-30", "2026/13/01", "14:03", "2026/11/20 25:03",
     "2026/11/20 14:03 and more", "2026/11/20 14:03 AM", "7", "2026/11/20 1:00 +99", "1" * 5_000],
)  # fmt: skip
def test_what_is_no_date_is_said(written):
    with pytest.raises(InputError):
        instant(written, HERE)


@given(st.text("0123456789/.-: T年月日APMZ+,", max_size=60))
def test_no_text_breaks_the_reading_of_dates(text):
    try:
        found = instant(text, HERE)
    except InputError:
        return
    assert found is None or found.tzinfo is UTC


def test_a_column_tells_its_order_only_where_nothing_belies_it():
    assert day_first(["03/04/2026", "20/11/2026 1:00"]) is True
    assert day_first(["3/4/2026", "11/20/2026", "2026-01-02"]) is False
    assert day_first(["20/11/2026", "11/20/2026"]) is None
    assert day_first(["03/04/2026", "", "31/31/2026"]) is None


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Auckland", 20), ("America/Los_Angeles", 20), ("Asia/Shanghai", 20)]
)
def test_a_day_without_an_hour_is_that_day_in_every_office(zone, day):
    from zoneinfo import ZoneInfo

    assert instant("2026-11-20", Habit(zone)).astimezone(ZoneInfo(zone)).day == day


def rows(dates, heading="Timestamp"):
    lines = "".join(f"{n}@example.org,copy,{date}\n" for n, date in enumerate(dates))
    return f"email,kind,{heading}\n{lines}".encode()


@pytest.mark.parametrize(
    ("telling", "month"), [("20/11/2026 14:03:22", 4), ("11/20/2026 14:03:22", 3)]
)
def test_one_row_tells_how_the_whole_column_is_meant(read, telling, month):
    found, problems = read("-", rows(["03/04/2026 10:00", *["05/05/2026"] * 3_000, telling]))
    assert (len(found), problems) == (3_002, [])
    assert found[0].received_at.month == month
    assert not found[0].warnings


def test_a_date_that_stays_unclear_sets_no_request_aside(read):
    found, problems = read("-", rows(["03/04/2026 10:00", "2026-03-05"]))
    assert problems == []
    assert [one.received_at is None for one in found] == [True, False]
    (warning,) = found[0].warnings
    assert warning.startswith("Timestamp could be several dates: received when it was seen")
    assert "dsr set TICKET --received" in warning


def test_a_time_without_an_offset_is_the_offices(read):
    (row,), _ = read("-", rows(["2026-11-20 23:30"]), zone="America/New_York")
    assert row.received_at == datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
    line = b'{"email": "a@b.cn", "kind": "copy", "submitted_at": "2026-11-20T23:30"}\n'
    for text in (line, b"[\n" + line + b"]"):
        (row,), _ = read("-", text, zone="America/New_York")
        assert row.received_at == datetime(2026, 11, 21, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "heading",
    ["Eingang am", "Fecha", "Datum", "Date d'envoi", "Date d’envoi", "日期", "时间", "提交日期",
     "Date", "Date submitted", "Created at", "Submitted", "Fecha de envío", "送信日時"],
)  # fmt: skip
def test_a_column_of_dates_is_known_by_its_usual_names(read, heading):
    (row,), problems = read("-", rows(["2026/11/20 14:03"], heading), zone="Asia/Shanghai")
    assert (row.received_at, problems) == (AT_TWO, [])


def test_a_loose_name_gives_way_to_one_that_says_more(read):
    text = b"email,kind,Date,Submitted\na@b.cn,copy,2026-01-02,2026-11-20 06:03\n"
    (row,), (note,) = read("-", text)
    assert (row.received_at, note.what) == (AT_TWO, "kept unread: Date")


def test_headings_that_stay_unread_are_named_once(read):
    text = b"email,kind,Shop,,Town\n" + b"a@b.cn,copy,x,y,z\n" * 3
    found, (note,) = read("-", text)
    assert isinstance(note, Aside)
    assert (len(found), note.what) == (3, "kept unread: Shop, Town")
    text = b'{"email": "a@b.cn", "kind": "copy", "Shop": "x", "Town": ""}\n' * 3
    assert [one.what for one in read("-", text)[1]] == ["kept unread: Shop"]
