"""The laws of the house that a machine can hold: imports, time, sizes, exceptions to the rules."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from importlinter.application import use_cases
from importlinter.configuration import configure

import dsr

HOUSE = Path(dsr.__file__).parent
ROOT = HOUSE.parent
SOURCES = sorted(HOUSE.rglob("*.py"))
GENERATED = HOUSE / "store" / "migrations" / "versions"
LONGEST_MODULE, LONGEST_FUNCTION = 300, 40
#: Exceptions to the checkers' rules, each with its reason on the line. Fewer is better.
MOST_EXCEPTIONS = 7
READS_TIME = {"now", "today", "utcnow", "time", "time_ns", "localtime", "gmtime"}
TELLS_TIME = {"datetime", "date", "time"}


def written():
    return [path for path in SOURCES if GENERATED not in path.parents]


def named(path):
    return str(path.relative_to(ROOT))


@cache
def trees():
    return [(named(path), ast.parse(path.read_text())) for path in written()]


def test_every_arrow_points_down(capsys):
    configure()
    kept = use_cases.lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None)

    assert kept, capsys.readouterr().out


def test_only_the_clock_reads_the_time():
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in READS_TIME
        and isinstance(node.value, ast.Name)
        and node.value.id in TELLS_TIME
    ]

    assert found
    assert {place.split(":")[0] for place in found} == {"dsr/clock.py"}


def test_only_one_function_sets_a_status():
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "status"
        and isinstance(node.ctx, ast.Store)
    ]

    assert {place.split(":")[0] for place in found} == {"dsr/services/steps.py"}


def test_no_module_is_longer_than_can_be_read():
    lengths = {named(path): len(path.read_text().splitlines()) for path in written()}

    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_no_function_is_longer_than_a_screen():
    found = {
        f"{name}:{node.name}": length
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := _body(node)) > LONGEST_FUNCTION
    }

    assert found == {}


def _body(node):
    """Return how many lines a function has below its signature and its docstring."""
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return node.end_lineno - first.lineno + 1


def test_the_middle_function_is_short():
    lengths = sorted(
        _body(node)
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    )

    assert lengths[len(lengths) // 2] <= 8


def test_each_exception_to_a_checkers_rule_says_why():
    exceptions = [
        (f"{named(path)}:{number}", line)
        for path in written()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(r"#\s*(?:noqa|type:\s*ignore)", line)
    ]
    bare = [
        place
        for place, line in exceptions
        if not re.search(r"(?:noqa: [A-Z]+\d+|ignore\[[\w-]+\])\s+[-#] *\S+ \S+", line)
    ]

    assert bare == []
    assert len(exceptions) <= MOST_EXCEPTIONS, exceptions


@pytest.mark.parametrize("folder", ["cli", "store"])
def test_annotations_that_are_evaluated_are_not_put_off(folder):
    for path in (HOUSE / folder).rglob("*.py"):
        assert "from __future__ import annotations" not in path.read_text(), named(path)


def test_every_package_and_module_says_what_lives_there():
    for name, tree in trees():
        assert ast.get_docstring(tree), name


def test_the_map_of_the_intake_names_each_of_its_modules():
    folder = HOUSE / "intake"
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}

    assert {name for name in modules if not re.search(rf"\b{name}\b", said)} == set()
