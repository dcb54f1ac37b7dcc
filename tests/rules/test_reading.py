"""A rule file becomes a dataclass, or says which key of which file is wrong."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from dsr.errors import ConfigError
from dsr.rules.reading import RuleError, into, read_toml


@dataclass(frozen=True, slots=True)
class Leaf:
    name: str
    size: int = 1


@dataclass(frozen=True, slots=True)
class Tree:
    leaves: tuple[Leaf, ...]
    best: Leaf | None = None
    words: Mapping[str, str] | None = None
    branches: Mapping[str, Leaf] | None = None


def test_nested_tables_become_dataclasses():
    tree = into(
        Tree,
        {
            "leaves": [{"name": "a"}, {"name": "b", "size": 2}],
            "best": {"name": "c"},
            "words": {"en": "tree"},
            "branches": {"left": {"name": "d"}},
        },
        "tree.toml",
    )

    assert tree.leaves == (Leaf("a"), Leaf("b", 2))
    assert (tree.best, tree.words) == (Leaf("c"), {"en": "tree"})
    assert tree.branches == {"left": Leaf("d")}


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"leaves": [], "leafs": []}, "tree.toml: leafs: unknown key"),
        ({"leaves": [{"name": "a"}, {"nam": "b"}]}, r"tree.toml: leaves\.2\.nam: unknown key"),
        ({"leaves": [], "best": {"nane": "c"}}, r"tree.toml: best\.nane: unknown key"),
        (
            {"leaves": [], "branches": {"left": {"nane": "c"}}},
            r"tree.toml: branches\.left\.nane: unknown key",
        ),
        ({}, "tree.toml: leaves: Field required"),
        ({"leaves": [{"name": 1}]}, r"tree.toml: leaves\.1\.name: "),
        ({"leaves": "many"}, "tree.toml: leaves: "),
    ],
)
def test_what_does_not_fit_is_told_its_file_and_its_key(values, says):
    with pytest.raises(ConfigError, match=says):
        into(Tree, values, "tree.toml")


def test_an_unknown_key_is_told_the_near_one():
    with pytest.raises(ConfigError) as raised:
        into(Tree, {"leafs": []}, "tree.toml")

    assert raised.value.hint == "did you mean leaves?"


def test_a_wrong_value_is_not_repeated_in_the_error():
    with pytest.raises(ConfigError) as raised:
        into(Tree, {"leaves": [{"name": "a", "size": "s3cret"}]}, "tree.toml")

    assert "s3cret" not in str(raised.value)


def test_a_file_is_read_as_utf_8(tmp_path):
    place = tmp_path / "a.toml"
    place.write_text('name = "法"', encoding="utf-8")

    assert read_toml(place) == {"name": "法"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a = 1\nb = \n", r"a\.toml: .*line 2"),
        ('name = "法"'.encode("gb18030"), r"a\.toml: cannot be read \(UnicodeDecodeError\)"),
        (None, r"a\.toml: cannot be read \(FileNotFoundError\)"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, content, says):
    place = tmp_path / "a.toml"
    if content is not None:
        place.write_bytes(content)

    with pytest.raises(ConfigError, match=says):
        read_toml(place)


def test_every_fault_is_kept_and_the_first_is_told():
    with pytest.raises(RuleError) as raised:
        into(Tree, {"leafs": [], "leaves": [{"name": 1}, {"size": 2}]}, "tree.toml")

    assert [fault.key for fault in raised.value.faults] == [
        "leafs",
        "leaves.1.name",
        "leaves.2.name",
    ]
    assert str(raised.value) == "tree.toml: leafs: unknown key (and 2 more: dsr law lint)"


def test_the_mark_that_some_editors_put_first_is_passed_over(tmp_path):
    place = tmp_path / "a.toml"
    place.write_bytes(b"\xef\xbb\xbfa = 1\r\n")

    assert read_toml(place) == {"a": 1}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a = " + b"[" * 9_000, "nested too deeply"),
        (b"a = " + b"9" * 9_000, "a number is too long"),
        (b"a" + b".a" * 9_000 + b" = 1", "more than 200 dots"),
        (b"#" * ((1 << 20) + 1), "larger than 1048576 bytes"),
    ],
)
def test_a_file_that_would_cost_the_reader_is_refused(tmp_path, content, says):
    place = tmp_path / "a.toml"
    place.write_bytes(content)

    with pytest.raises(ConfigError, match=rf"a\.toml: .*{says}"):
        read_toml(place)


def test_a_pipe_is_no_file_and_is_not_waited_for(tmp_path):
    place = tmp_path / "a.toml"
    os.mkfifo(place)

    with pytest.raises(ConfigError, match="is no file"):
        read_toml(place)
