"""Each strategy's mask: what it keeps of a value, where it fits, and that it is made again."""

import base64
import hashlib
import re
from datetime import UTC, date, datetime

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dsr.sources.datamap import STRATEGIES, Masking
from dsr.sources.masking import CannotMaskError, mask
from dsr.sources.results import Cut

SEED = b"s" * 32
NUMBER = "13800138000"
MADE = ("random_string_rewrite", "hash", "hmac", "aes_encrypt")
TEXTS = ("string_rewrite", *MADE)


def masked(value, strategy, *, seed=SEED, fits=None, salt="", **configuration):
    return mask(value, Masking(strategy, configuration), seed=seed, length=fits, salt=salt)


@pytest.mark.parametrize("strategy", [one for one in STRATEGIES if one != "delete"])
def test_nothing_stays_nothing(strategy):
    assert masked(None, strategy) is None


@pytest.mark.parametrize("strategy", TEXTS)
@pytest.mark.parametrize("value", [NUMBER, "", b"\xff\0", Cut("x" * 9), "\ud800", "\0"])
def test_a_mask_is_a_text_that_holds_nothing_of_the_value_and_is_made_the_same_again(
    strategy, value
):
    found = masked(value, strategy, salt="crm.people.1.name")
    assert isinstance(found, str)
    assert NUMBER not in found
    assert found == masked(value, strategy, salt="crm.people.1.name")


@pytest.mark.parametrize("strategy", MADE)
def test_another_seed_makes_another_mask(strategy):
    assert masked(NUMBER, strategy) != masked(NUMBER, strategy, seed=b"t" * 32)


@pytest.mark.parametrize("strategy", TEXTS)
def test_equal_values_of_two_cells_are_equal_hashes_and_different_in_what_is_drawn(strategy):
    one, other = (masked(NUMBER, strategy, salt=salt) for salt in ("people.1", "people.2"))
    assert (one != other) is (strategy in {"random_string_rewrite", "aes_encrypt"})


def test_what_is_drawn_by_chance_does_not_come_from_the_value():
    one = masked(NUMBER, "random_string_rewrite", salt="a")
    assert one == masked("another", "random_string_rewrite", salt="a")
    assert re.fullmatch("[a-z0-9]{30}", one)
    many = {masked(NUMBER, "random_string_rewrite", salt=str(n)) for n in range(500)}
    assert len(many) == 500
    assert set("".join(many)) == set("abcdefghijklmnopqrstuvwxyz0123456789")


def test_a_bare_hash_of_the_value_is_none_of_them():
    for name in ("sha256", "sha512"):
        bare = hashlib.new(name, NUMBER.encode()).hexdigest()
        for strategy in ("hash", "hmac"):
            for algorithm in ("SHA-256", "SHA-512"):
                assert masked(NUMBER, strategy, algorithm=algorithm) != bare
    assert len(masked(NUMBER, "hash")) == 64
    assert len(masked(NUMBER, "hmac", algorithm="SHA-512")) == 128
    assert masked(NUMBER, "hash") != masked(NUMBER, "hmac")


def test_what_is_encrypted_differs_by_value_and_is_whole():
    one, other = (
        base64.b64decode(masked(value, "aes_encrypt")) for value in (NUMBER, "1380013800x")
    )
    assert one[:12] != other[:12]
    assert len(one) == 12 + len(NUMBER) + 16
    with pytest.raises(InvalidTag):
        AESGCM(SEED).decrypt(one[:12], one[12:], None)


def test_a_constant_is_the_datamaps_or_a_word():
    assert masked(NUMBER, "string_rewrite") == "[erased]"
    assert masked(NUMBER, "string_rewrite", rewrite_value="-") == "-"
    assert masked(NUMBER, "string_rewrite", rewrite_value=0) == "0"
    assert masked(7, "string_rewrite", rewrite_value=0) == 0
    assert masked(7.5, "string_rewrite", rewrite_value=0) == 0


@pytest.mark.parametrize("value", [7, 7.5, date(1987, 5, 12)])
@pytest.mark.parametrize("strategy", TEXTS)
def test_a_text_does_not_go_where_a_number_or_a_date_stands(value, strategy):
    with pytest.raises(CannotMaskError, match="does not go where a") as caught:
        masked(value, strategy)
    assert "7" not in str(caught.value)


@pytest.mark.parametrize("value", [NUMBER, 7, 7.5, b"x", date(1987, 5, 12), True])
def test_anything_may_become_nothing_or_stay(value):
    assert masked(value, "null_rewrite") is None
    assert masked(value, "preserve") is value


@pytest.mark.parametrize(
    ("strategy", "length", "expected"),
    [
        ("string_rewrite", 4, "[era"),
        ("string_rewrite", 0, ""),
        ("string_rewrite", 40, "[erased]"),
        ("random_string_rewrite", 10, "[a-z0-9]{10}"),
        ("hash", 10, "[0-9a-f]{10}"),
    ],
)
def test_a_mask_is_cut_to_the_column(strategy, length, expected):
    found = masked(NUMBER, strategy, fits=length)
    assert found == expected or re.fullmatch(expected, found)
    assert len(found) <= length


def test_a_suffix_stays_where_enough_comes_before_it():
    shape = {"format_preservation": {"suffix": "@x.invalid"}}
    assert masked(NUMBER, "string_rewrite", **shape) == "[erased]@x.invalid"
    assert masked(NUMBER, "string_rewrite", fits=12, **shape) == "[e@x.invalid"
    assert masked(NUMBER, "string_rewrite", fits=10, **shape) == "[erased]"
    for strategy in MADE:
        whole = masked(NUMBER, strategy, **shape)
        assert whole.endswith("@x.invalid")
        fitting = masked(NUMBER, strategy, fits=18, **shape)
        assert fitting == whole[:8] + "@x.invalid"
        assert masked(NUMBER, strategy, fits=17, **shape) == whole[:17]


def test_a_cut_mask_that_must_differ_still_does():
    shape = {"format_preservation": {"suffix": "@erased.invalid"}}
    many = {
        masked(NUMBER, "random_string_rewrite", fits=20, salt=str(n), **shape) for n in range(2000)
    }
    assert len(many) == 2000


@pytest.mark.parametrize(
    ("value", "to", "expected"),
    [
        ("1987-05-12", "year", "1987-01-01"),
        ("1987-05-12", "month", "1987-05-01"),
        ("1987-05-12 23:59:58.123", "month", "1987-05-01 00:00:00.000"),
        ("1987-05-12T23:59:58Z", "year", "1987-01-01T00:00:00Z"),
        ("1987-05-12T23:59:58+08:00", "year", "1987-01-01T00:00:00+00:00"),
        ("1988-02-29", "year", "1988-01-01"),
        (date(1987, 5, 12), "year", date(1987, 1, 1)),
        (datetime(1987, 5, 12, 9, 1, 2, 3, UTC), "month", datetime(1987, 5, 1, tzinfo=UTC)),
    ],
)
def test_a_date_becomes_the_first_day_of_its_year_or_month(value, to, expected):
    found = masked(value, "truncate_date", to=to)
    assert found == expected
    assert type(found) is type(expected)


def test_a_year_is_what_is_left_of_a_date_where_nothing_is_said():
    assert masked("1987-05-12", "truncate_date", fits=4) == "1987-01-01"


@pytest.mark.parametrize(
    "value",
    ["", "12.5.1987", "1987", "1987-13-01", "1987-05-12 ada", 1987, b"1987-05-12", "1987-W20-2"],
)
def test_what_is_no_date_is_not_guessed_at(value):
    with pytest.raises(CannotMaskError, match="no date") as caught:
        masked(value, "truncate_date")
    assert "1987" not in str(caught.value)


@pytest.mark.parametrize(
    ("strategy", "configuration", "said"),
    [
        ("delete", {}, "delete masks no value"),
        ("vanish", {}, "vanish masks no value"),
        ("null_rewrite", {"rewrite_value": 1}, "has no setting rewrite_value"),
        ("string_rewrite", {"rewite_value": "x"}, "has no setting rewite_value"),
        ("string_rewrite", {"rewrite_value": None}, "neither a text nor a number"),
        ("string_rewrite", {"rewrite_value": True}, "neither a text nor a number"),
        ("random_string_rewrite", {"length": 0}, "not between 1 and"),
        ("random_string_rewrite", {"length": 10_001}, "not between 1 and"),
        ("random_string_rewrite", {"length": "9"}, "length is none"),
        ("random_string_rewrite", {"length": True}, "length is none"),
        ("hash", {"algorithm": "MD5"}, "none of SHA-256, SHA-512"),
        ("hmac", {"algorithm": 5}, "algorithm is none"),
        ("aes_encrypt", {"mode": "ECB"}, "mode is not GCM"),
        ("truncate_date", {"to": "day"}, "neither year nor month"),
        ("hash", {"format_preservation": "x"}, "format_preservation is none"),
        ("hash", {"format_preservation": {"suffix": 5}}, "format_preservation is none"),
    ],
)
def test_a_configuration_that_is_wrong_is_told_in_words(strategy, configuration, said):
    with pytest.raises(CannotMaskError, match=said) as caught:
        masked("1987-05-12", strategy, **configuration)
    assert isinstance(caught.value, ValueError)
