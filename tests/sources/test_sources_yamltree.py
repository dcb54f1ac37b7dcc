"""Hostile and broken YAML is refused, quickly and in words."""

import time

import pytest

from dsr.errors import ConfigError
from dsr.sources.datamap import lint, read_datamap
from dsr.sources.yamltree import read_tree


def bomb():
    first = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"
    tens = (", ".join([f"*a{level}"] * 10) for level in range(30))
    return "\n".join([first, *(f"a{n}: &a{n} [{ten}]" for n, ten in enumerate(tens, start=1))])


HOSTILE = {
    "alias bomb": (bomb(), "more than 200000 values"),
    "alias in itself": ("a: &a [*a]", "an alias of nothing"),
    "alias of nothing": ("a: *b", ""),
    "deep flow": ("[" * 100_000, "nested deeper"),
    "deep block": ("\n".join(" " * level + "- a:" for level in range(0, 200, 2)), "nested deeper"),
    "python tag": ("a: !!python/object/apply:os.system ['true']", "tags are not read"),
    "tag on a key": ("!!str a: 1", "no plain word"),
    "plain tag": ("!!str a", "tags are not read"),
    "list as key": ("? [a, b]\n: 1", "no plain word"),
    "two documents": ("a: 1\n---\nb: 2", "second document"),
    "empty": ("", "is empty"),
    "comment only": ("# nothing", "is empty"),
    "no YAML": ("a: [1, 2", "is no YAML"),
    "tab": ("a:\n\t- b", "is no YAML"),
    "NUL": ("a: \x00", "is no YAML"),
    "huge": ("a: " + "x" * 10_000_000, "longer than 4 MiB"),
    "many values": ("[" + "a," * 220_000 + "]", "more than 200000 values"),
}


@pytest.mark.parametrize(("text", "said"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_in_words_and_at_once(datamap, text, said):
    path = datamap(text)
    start = time.monotonic()
    with pytest.raises(ConfigError) as caught:
        read_datamap(path)
    assert time.monotonic() - start < 5
    assert said in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert len(str(caught.value)) < len(str(path)) + 200
    (problem,) = lint(path)
    assert (problem.exit_code, problem.slug) == (7, "setting")
    assert problem.where.startswith(str(path))


def test_a_file_that_is_missing_a_folder_or_no_utf8_is_refused(tmp_path):
    latin = tmp_path / "latin.yml"
    latin.write_bytes("dataset: é".encode("latin-1"))
    for path, said in (
        (tmp_path / "none.yml", "cannot be read"),
        (tmp_path, "cannot be read"),
        (latin, "not UTF-8"),
    ):
        with pytest.raises(ConfigError, match=said):
            read_datamap(path)


def test_values_have_the_types_that_yaml_gives_them(datamap):
    text = "a: 1\nb: 'yes'\nc: yes\nd: ~\ne: 2026-11-23\nf: 1.5\ng: 0x10\nh: " + "9" * 5000
    root = read_tree(datamap(text)).root
    values = {key: node.value for key, node in root.value.items()}
    assert values.pop("h") == "9" * 5000  # too long for a number: stays text
    assert values == {
        "a": 1,
        "b": "yes",
        "c": True,
        "d": None,
        "e": "2026-11-23",
        "f": 1.5,
        "g": 16,
    }


def test_an_alias_means_what_it_points_to(datamap):
    root = read_tree(datamap("a: &x [1, 2]\nb: *x")).root
    assert root.value["a"] is root.value["b"]


def test_lines_and_repeated_keys_are_known(datamap):
    tree = read_tree(datamap("a:\n  b: 1\n  b: 2\nc: 3"))
    assert tree.root.key_lines == {"a": 1, "c": 4}
    assert tree.repeated == ((3, "b"),)
    assert tree.root.value["a"].value["b"].value == 1
