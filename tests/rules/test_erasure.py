"""How a field is erased by its category: every example of the file, and what is wrong in one."""

from importlib.resources import files

import pytest

from dsr.errors import ConfigError
from dsr.rules.erasure import erasure, fallbacks, read_erasure, strategy_for
from dsr.sources.datamap import STRATEGIES, Masking
from dsr.sources.masking import mask

FILE = files("dsr.rules") / "data" / "erasure.toml"
RULES = erasure()


@pytest.mark.parametrize("example", RULES.examples, ids=lambda one: one.text)
def test_every_example_is_erased_as_it_says(example):
    assert strategy_for(example.categories).strategy == example.strategy
    assert strategy_for(example.categories[::-1]).strategy == example.strategy


def test_every_rule_has_an_example_and_a_citation():
    shown = {category for one in RULES.examples for category in one.categories}
    for rule in RULES.category:
        assert rule.citation
        assert any(
            category == prefix or category.startswith(f"{prefix}.")
            for prefix in rule.prefixes
            for category in shown
        )
    assert all(one.citation for one in RULES.fallback)


def test_a_rule_comes_with_its_configuration():
    assert strategy_for(["user.name"]) == Masking("string_rewrite", {"rewrite_value": "[erased]"})
    assert strategy_for(["user.demographic.date_of_birth"]).configuration == {"to": "year"}


def test_every_strategy_is_one_that_can_be_carried_out():
    every = [rule.masking for rule in RULES.category] + [*fallbacks(), Masking(RULES.otherwise)]
    assert {one.strategy for one in every} <= set(STRATEGIES) - {"preserve", "delete"}
    for one in every:
        assert mask("1987-05-12", one, seed=b"seed") != "1987-05-12"


def test_no_rule_makes_the_mask_from_the_value():
    assert not {rule.strategy for rule in RULES.category} & {"hash", "hmac", "aes_encrypt"}


def test_what_is_tried_in_the_end_is_taken_by_any_column():
    tried = [mask("a", one, seed=b"seed") for one in fallbacks()]
    assert tried[0] is None
    assert tried[1] == "[erased]"
    assert len(str(tried[2])) == 24
    assert tried[3] == ""
    assert mask(1987, fallbacks()[-1], seed=b"seed") == 0


@pytest.fixture
def changed(tmp_path):
    """Return what reads a changed copy of the file."""

    def read(old, new):
        text = FILE.read_text(encoding="utf-8")
        assert old in text
        place = tmp_path / "erasure.toml"
        place.write_text(text.replace(old, new, 1), encoding="utf-8")
        return read_erasure(place)

    return read


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('prefixes = ["user.name"]', 'prefixes = ["user"]', "user stands twice"),
        ("strategy =", "stratagem =", "stratagem: unknown key"),
        ('prefixes = ["user"]\n', "", "prefixes"),
        ('otherwise = "null_rewrite"\n', "", "otherwise"),
    ],
)
def test_a_file_that_is_wrong_is_named_with_the_place(changed, old, new, said):
    with pytest.raises(ConfigError, match=said) as caught:
        changed(old, new)
    assert str(caught.value).startswith("erasure.toml: ")
