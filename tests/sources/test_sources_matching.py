"""Which values mean the same person or row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr.errors import InputError
from dsr.sources.matching import (
    IN_LIST,
    How,
    conditions,
    email_forms,
    key_forms,
    same_key,
    strip_phone,
    wanted,
)


@pytest.mark.parametrize(
    "stored",
    ["ada@example.org", "ADA@EXAMPLE.ORG", " Ada@Example.org\n", "aDA@example.ORG"],
)
def test_an_address_is_held_in_any_case(stored):
    assert wanted("email", ("Ada@Example.org",)).holds(stored)
    assert not wanted("email", ("Ada@Example.org",)).holds(f"x{stored.strip()}")


def test_of_an_address_a_to_z_alone_are_folded():
    sought = wanted("email", ("élan@example.org",))
    assert sought.holds("éLAN@EXAMPLE.ORG")
    assert not sought.holds("Élan@example.org")
    assert wanted("email", ("Élan@example.org",)).holds("ÉLAN@example.org")
    assert not wanted("email", ("groß@example.org",)).holds("gross@example.org")
    assert not wanted("email", ("\u212aim@example.org",)).holds("kim@example.org")


def test_an_account_is_no_address_whatever_it_looks_like():
    sought = wanted("account", ("Ada@Example.org",))
    assert sought.how is How.EXACT
    assert not sought.holds("ada@example.org")
    assert wanted("mobile", ("+8613800138000",)).how is How.PHONE


@pytest.mark.parametrize(
    ("given_as", "stored"),
    [
        ("+8613800138000", "138 0013 8000"),
        ("008613800138000", "+86-138-0013-8000"),
        ("+447400123456", "07400 123456"),
        ("+13823456789", "+1 (382) 345-6789"),
        ("+8613800138000", "86 13800138000"),
        ("+447400123456", "(07400) 123/456"),
        ("+442079460958", 442079460958),
        ("+85291234567", "9123.4567"),
        ("13800138000", "138\u00a00013\u20118000"),
    ],
)
def test_a_number_is_held_however_it_is_written(given_as, stored):
    assert wanted("phone_number", (given_as,)).holds(stored)


@pytest.mark.parametrize(
    ("given_as", "stored"),
    [
        ("+8613823456789", "+1 382-345-6789"),
        ("+8613823456789", "001 382 345 6789"),
        ("+13823456789", "13823456789"),
        ("+13823456789", "138 2345 6789"),
        ("+13823456789", "+86 13823456789"),
        ("+442079460958", "020 7946 0958"),
        ("13823456789", "+13823456789"),
    ],
)
def test_a_number_is_of_its_country(given_as, stored):
    assert not wanted("phone_number", (given_as,)).holds(stored)


@pytest.mark.parametrize("stored", ["+4413800138000", "1380013800", "13800138001", ""])
def test_another_number_is_not_held(stored):
    assert not wanted("phone_number", ("+8613800138000",)).holds(stored)


@pytest.mark.parametrize("value", ["+", "+999", "++", "call me"])
def test_a_number_that_is_none_is_compared_as_it_stands(value):
    assert wanted("phone_number", (value,)).how is How.PHONE


def test_zero_and_numbers_are_the_same_as_text_and_as_number():
    assert wanted("account", ("0",)).forms == {"0", 0}
    assert key_forms(0) == {0, "0"}
    assert key_forms(7.0) == {7, "7"}
    assert key_forms("007") == {"007"}
    assert key_forms("²") == {"²"}
    assert key_forms(b"7") == {b"7"}
    assert key_forms(True) == {1}


@given(st.integers())
def test_a_number_beyond_what_databases_hold_stays_text(number):
    for form in (*key_forms(number), *key_forms(str(number))):
        assert isinstance(form, str) or -(2**63) <= form < 2**63


@given(st.one_of(st.integers(), st.floats(allow_nan=False), st.text(), st.binary()))
def test_every_form_of_a_key_means_the_same_row(value):
    forms = {
        form for form in key_forms(value) if not (isinstance(form, float) and form.is_integer())
    }
    assert {same_key((form,)) for form in forms} <= {same_key((value,))}


@given(st.text())
def test_a_form_of_an_address_is_its_own_form(text):
    for form in email_forms(text):
        assert form in email_forms(form)


@given(st.text())
def test_stripping_a_number_twice_strips_nothing_more(text):
    assert strip_phone(strip_phone(text)) == strip_phone(text)


@given(st.integers(0, 3 * IN_LIST))
def test_conditions_cover_all_values_in_parts_that_fit(count):
    parts = list(conditions(("id",), How.EXACT, ((number,) for number in range(count))))
    assert [value for part in parts for (value,) in part.values] == list(range(count))
    assert all(0 < len(part.values) <= IN_LIST for part in parts)


def test_a_value_that_is_no_text_is_refused_without_repeating_it():
    with pytest.raises(InputError) as caught:
        wanted("email", ("ada\udcff@example.org",))
    assert "ada" not in str(caught.value)
