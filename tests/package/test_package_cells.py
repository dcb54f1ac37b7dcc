import json
from datetime import date, time
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr.package.cells import for_people, for_spreadsheet, is_cut, plain, shown, to_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)  # fmt: skip


@given(VALUES)
def test_json_gives_back_what_went_in_and_can_always_be_encoded(value):
    text = to_json(value)
    text.encode()
    assert json.loads(text) == value


@given(st.text(st.characters()))
def test_shown_text_has_no_harmful_character_and_is_stable(text):
    once = shown(text)
    once.encode()
    assert shown(once) == once
    assert not [char for char in once if char not in "\n\t" and ord(char) < 32]


@given(st.text())
def test_no_text_becomes_a_formula(text):
    cell = for_spreadsheet(text)
    if cell.lstrip()[:1] in tuple("=@＝＋－＠"):
        pytest.fail("a spreadsheet may run it")
    if cell.lstrip()[:1] in tuple("+-"):
        assert not any(char.isalpha() or char in "=(*/" for char in cell)


@pytest.mark.parametrize("text", ["+86 138 0000 0000", "-5", "-1,288.10", "plain", "a=b", ""])
def test_telephone_numbers_and_amounts_stay_as_they_are(text):
    assert for_spreadsheet(text) == text


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1+cmd|' /C calc'!A0", "-2-3", "@SUM(A1)", " =1", "\t=1", "＝1", "\r=1", "\n=1"],
)
def test_a_formula_is_disarmed(text):
    assert for_spreadsheet(text).startswith("'")


def test_a_number_is_no_formula():
    assert for_spreadsheet(-5) == "-5"
    assert for_spreadsheet(plain(Decimal("-5.10"))) == "-5.10"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (b"\x00", {"base64": "AA=="}), (memoryview(b"\x00"), {"base64": "AA=="}),
        (date(2026, 1, 2), "2026-01-02"), (time(8, 30), "08:30:00"), (float("inf"), "inf"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"), ({1: (2,)}, {"1": [2]}),
        ({"b", "a"}, ["a", "b"]), (Decimal("1.10"), "1.10"), (True, True), (None, None),
    ],
)  # fmt: skip
def test_a_drivers_value_becomes_json(value, said):
    assert plain(value) == said


def test_a_cut_cell_is_known_before_and_after():
    assert is_cut({"cut": "x"})
    assert not is_cut({"cut": "x", "more": 1})
    assert for_people({"cut": {"base64": "AA=="}}) == "AA=="


def test_what_is_missing_is_empty():
    assert for_people(None) == ""
