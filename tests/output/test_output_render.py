"""Rows and records in each format, in order, as they come."""

import io
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr.output.record import write_record
from dsr.output.render import Column, Format, table, write, write_ids
from dsr.output.visible import cell_width


@dataclass(frozen=True, slots=True)
class Clock:
    law: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Ticket:
    number: int
    who: str
    received_at: datetime
    due_on: date | None
    laws: tuple[str, ...]
    provisional: bool
    clocks: tuple[Clock, ...] = ()


TICKET = Ticket(
    42,
    "张*",
    datetime(2026, 3, 5, 9, 30, tzinfo=UTC),
    None,
    ("CN", "EU"),
    False,
    (Clock("EU", date(2026, 4, 7)), Clock("CN", date(2026, 3, 26))),
)
COLUMNS = (
    Column("number", "No"),
    Column("who", "Who"),
    Column("received_at"),
    Column("due_on", "Due"),
    Column("laws", "Laws"),
    Column("provisional", "Sure", lambda value: "" if value else "yes"),
    Column("clocks", "", columns=(Column("law", "Law"), Column("due_on", "Due"))),
)


def written(rows, format_, columns=COLUMNS, **options):
    stream = io.StringIO()
    write(rows, columns, format_, stream, **options)
    return stream.getvalue()


def shown(record, format_, columns=COLUMNS):
    stream = io.StringIO()
    write_record(record, columns, format_, stream)
    return stream.getvalue()


def test_json_is_an_array_with_the_keys_in_order_and_null_for_what_is_absent():
    found = json.loads(written([TICKET], Format.JSON))
    assert list(found[0]) == [column.key for column in COLUMNS]
    assert found[0]["due_on"] is None
    assert found[0]["received_at"] == "2026-03-05T09:30:00Z"
    assert found[0]["clocks"][1] == {"law": "CN", "due_on": "2026-03-26"}


@pytest.mark.parametrize("count", [0, 1, 3])
def test_json_is_whole_for_any_number_of_rows(count):
    assert len(json.loads(written([TICKET] * count, Format.JSON))) == count
    assert written([TICKET] * count, Format.JSONL).count("\n") == count
    assert written([TICKET] * count, Format.CSV).count("\n") == count + 1


def test_csv_has_keys_for_headings_and_json_for_what_nests():
    assert written([TICKET], Format.CSV) == (
        "number,who,received_at,due_on,laws,provisional,clocks\n"
        '42,张*,2026-03-05T09:30:00Z,,"[""CN"", ""EU""]",false,'
        '"[{""law"": ""EU"", ""due_on"": ""2026-04-07""}, '
        '{""law"": ""CN"", ""due_on"": ""2026-03-26""}]"\n'
    )


def test_a_table_shows_titled_columns_and_keeps_names_that_look_like_numbers():
    rows = [{"number": "1e5", "who": "007"}, {"number": "2", "who": "null"}]
    assert written(rows, Format.TABLE, COLUMNS[:2]) == (
        "No    Who\n----  -----\n1e5   007\n2     null\n"
    )


def test_a_row_may_be_a_mapping_or_an_object():
    row = {"law": "EU", "due_on": date(2026, 4, 7)}
    columns = (Column("law", "Law"), Column("due_on", "Due"))
    for format_ in Format:
        assert written([row], format_, columns) == written([TICKET.clocks[0]], format_, columns)


def test_more_columns_than_a_reader_can_follow_are_refused():
    with pytest.raises(ValueError, match="at most 7"):
        table([], [Column(str(number), "T") for number in range(8)])


NAMES = st.text(st.sampled_from("ab 张三สวัé\u0301🎉-\x1b\u202e"), min_size=1, max_size=9)


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=4))
def test_columns_stand_under_each_other_whatever_the_script(pairs):
    rows = [{"a": first, "b": "|" + second} for first, second in pairs]
    lines = written(rows, Format.TABLE, (Column("a", "甲"), Column("b", "|乙"))).splitlines()
    starts = {cell_width(line[: line.index("|")]) for line in lines if "|" in line}
    assert len(starts) == 1
    assert len(lines) == len(pairs) + 2


@given(st.lists(st.tuples(NAMES, st.text("xy张", max_size=60)), min_size=1, max_size=4))
def test_a_table_fits_the_terminal(pairs):
    rows = [{"a": first, "b": second} for first, second in pairs]
    columns = (Column("a", "First"), Column("b", "Second"))
    drawn = table(rows, columns, width=40)
    assert max(map(cell_width, drawn.split("\n"))) <= 40


def test_long_headings_are_cut_too():
    columns = [Column("a", "A heading that is long"), Column("b", "同样很长的标题同样很长的标题")]
    drawn = table([{"a": 1, "b": 2}], columns, width=30)
    assert max(map(cell_width, drawn.split("\n"))) <= 30
    assert drawn.startswith("A heading")


def test_a_limit_shows_few_and_counts_all():
    rows = ({"law": str(number)} for number in range(9))
    stream = io.StringIO()
    counted = write(rows, [Column("law", "Law")], Format.JSONL, stream, limit=2)
    assert (counted.shown, counted.total) == (2, 9)
    assert stream.getvalue().count("\n") == 2


@pytest.mark.parametrize("format_", [Format.JSON, Format.JSONL, Format.CSV])
def test_each_row_is_written_before_the_next_is_asked_for(format_):
    stream = io.StringIO()
    seen = []

    def rows():
        for number in range(3):
            yield {"law": f"law-{number}"}
            seen.append(f"law-{number}" in stream.getvalue())

    write(rows(), [Column("law")], format_, stream)
    assert seen == [True] * 3


def test_ids_are_one_value_a_line():
    stream = io.StringIO()
    write_ids([{"number": "1\x1b"}, {"number": 2}, {"number": 3}], "number", stream, limit=2)
    assert stream.getvalue() == "1\\x1b\n2\n"


def test_a_record_is_lines_for_people_with_what_nests_below():
    columns = (*COLUMNS[:6], Column("clocks", "Clocks", columns=COLUMNS[6].columns))
    assert shown(TICKET, Format.TABLE, columns) == (
        "No:   42\n"
        "Who:  张*\n"
        "Laws: CN, EU\n"
        "Sure: yes\n"
        "Clocks:\n"
        "  Law    Due\n"
        "  -----  ----------\n"
        "  EU     2026-04-07\n"
        "  CN     2026-03-26\n"
    )


def test_a_record_keeps_the_lines_of_a_letter_and_nothing_else_of_a_strangers():
    record = {
        "body": "Dear\x1b[2J\n\nAda",
        "steps": [{"rule": "a"}, {"rule": "b"}],
        "no": [],
        "m": {"x": 1},
    }
    columns = [Column(key, key.title()) for key in record]
    assert shown(record, Format.TABLE, columns) == (
        "Body: Dear\\x1b[2J\n\n      Ada\nSteps:\n  - rule a\n  - rule b\nM:\n  x: 1\n"
    )


def test_a_record_is_one_object_for_programs():
    assert json.loads(shown(TICKET, Format.JSON))["number"] == 42
    assert shown(TICKET, Format.JSON).startswith('{\n  "number": 42,\n')
    assert json.loads(shown(TICKET, Format.JSONL)) == json.loads(shown(TICKET, Format.JSON))
    assert shown(TICKET, Format.CSV) == written([TICKET], Format.CSV)
