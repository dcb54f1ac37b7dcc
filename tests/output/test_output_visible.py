"""What strangers wrote cannot steer a terminal, hide, or run in a spreadsheet."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from types import MappingProxyType
from unicodedata import bidirectional, category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr.output.render import Column, Format, write
from dsr.output.values import inert, instant, plain, text
from dsr.output.visible import cell_width, clip, visible


class Plainness(Enum):
    SIMPLE = 1


ANYTHING = st.text(st.characters(codec=None, exclude_categories=())) | st.text(
    st.sampled_from("a\x1b\x07\r\n\t\x9b\u202e\u2066\u200b\u200d\ufeff\U000e0041\ud800\u3164é中 =")
)
DIRECTION = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"}


@given(ANYTHING)
def test_no_control_direction_or_unseen_character_is_left(written):
    shown = visible(written)
    for char in shown:
        assert category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        assert bidirectional(char) not in DIRECTION
        assert char not in "\u034f\u115f\u1160\u2800\u3164\ufe0f\uffa0"


@given(ANYTHING)
def test_what_is_visible_stays_as_it_is(written):
    assert visible(visible(written)) == visible(written)


@given(ANYTHING)
def test_a_text_of_several_lines_keeps_its_line_ends_and_nothing_else(written):
    shown = visible(written, keep_lines=True)
    assert visible(shown.replace("\n", "")) == shown.replace("\n", "")
    assert shown.count("\n") == written.count("\n")


@given(ANYTHING)
def test_what_is_visible_can_be_written_anywhere(written):
    visible(written).encode("utf-8")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("退款\x1b[2J", "退款\\x1b[2J"),
        ("invoice\u202efdp.exe", "invoice\\u202efdp.exe"),
        ("a\u200bb", "a\\u200bb"),
        ("a\r\nb", "a\\r\\nb"),
        ("\x9b31m", "\\x9b31m"),
        ("中\u3000文\u00a0x", "中\u3000文\u00a0x"),
        ("naïve 日本語 🎉", "naïve 日本語 🎉"),
    ],
)
def test_characters_are_spelled_as_a_programmer_would(written, shown):
    assert visible(written) == shown


@given(ANYTHING.map(visible), st.integers(1, 30))
def test_what_is_clipped_fits(written, width):
    clipped = clip(written, width)
    assert cell_width(clipped) <= width
    assert clipped == written or written.startswith(clipped.removesuffix("…"))


@pytest.mark.parametrize(
    ("shown", "width"), [("abc", 3), ("张三", 4), ("Ａ", 2), ("e\u0301", 1), ("สวัสดี", 4), ("🎉", 2)]
)
def test_wide_and_combining_characters_count_as_the_terminal_does(shown, width):
    assert cell_width(shown) == width


@pytest.mark.parametrize("start", list("=+-@\t\r\n＝＋－＠"))
def test_no_text_starts_as_a_formula(start):
    assert inert(f"{start}HYPERLINK(1)").startswith("'")


@given(ANYTHING)
def test_a_spreadsheet_runs_nothing_that_a_stranger_wrote(written):
    stream = io.StringIO()
    write([{"x": written}], [Column("x", "X")], Format.CSV, stream)
    found = list(csv.reader(io.StringIO(stream.getvalue())))
    assert found[0] == ["x"]
    assert not "".join(found[1]).startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert visible(stream.getvalue(), keep_lines=True) == stream.getvalue()


@given(ANYTHING)
def test_json_is_ascii_and_loses_nothing(written):
    stream = io.StringIO()
    write([{"x": written}], [Column("x", "X")], Format.JSONL, stream)
    assert all(" " <= char <= "~" for char in stream.getvalue().removesuffix("\n"))
    assert json.loads(stream.getvalue()) == {"x": written}


@given(ANYTHING)
def test_a_cell_of_a_table_takes_one_line(written):
    stream = io.StringIO()
    write([{"x": written}], [Column("x", "X")], Format.TABLE, stream)
    assert stream.getvalue().count("\n") == 3
    assert visible(stream.getvalue(), keep_lines=True) == stream.getvalue()


def test_an_instant_is_told_in_utc():
    east = timezone(timedelta(hours=8))
    assert instant(datetime(2026, 11, 23, 8, tzinfo=east)) == "2026-11-23T00:00:00Z"
    assert instant(datetime(2026, 11, 23, 8, 0, 0, 5, tzinfo=UTC)) == "2026-11-23T08:00:00.000005Z"
    with pytest.raises(ValueError, match="without a zone"):
        instant(datetime.fromisoformat("2026-11-23T08:00"))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "yes"),
        (0, "0"),
        (("CN", "EU"), "CN, EU"),
        ({"due": date(2026, 1, 2)}, "due 2026-01-02"),
        (frozenset({"b", "a"}), "a, b"),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00Z"),
        (Column("k"), "key k, title , show <function text, columns "),
        (Format.CSV, "csv"),
    ],
)
def test_people_read_values_as_words(value, shown):
    assert text(value).startswith(shown.partition("<")[0])


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (frozenset({"b", "a"}), ["a", "b"]),
        (MappingProxyType({"a": 1}), {"a": 1}),
        (Plainness.SIMPLE, 1),
        (date(2026, 1, 2), "2026-01-02"),
    ],
)
def test_programs_read_values_as_json(value, said):
    assert plain(value) == said


def test_what_json_cannot_say_is_an_error():
    with pytest.raises(TypeError, match="no JSON for complex"):
        plain(1j)
