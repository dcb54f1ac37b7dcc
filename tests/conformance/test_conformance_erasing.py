"""Every file in erasing/ is a company in small, an erasure, and what its tables must hold after."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from dsr.errors import ConfigError
from dsr.sources.datamap import Masking, read_datamap
from dsr.sources.plan import Erase, Wish, read_plan
from dsr.sources.planning import make_plan
from dsr.sources.writing import apply_part

CASES = sorted((Path(__file__).parent / "erasing").glob("*.yml"))
KEY = b"k" * 32
SEED = b"s" * 32
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture
def company(tmp_path):
    def build(case):
        connect = {}
        for name, script in case["sources"].items():
            path = tmp_path / f"{name}.sqlite"
            with closing(sqlite3.connect(path)) as connection:
                connection.executescript(script)
            connect[name] = f"sqlite:///{path}"
        datamap = tmp_path / "datamap.yml"
        datamap.write_text(case["datamap"], encoding="utf-8")
        return read_datamap(datamap), connect

    return build


def wish_of(said):
    named = {
        word: frozenset(tuple(each.split(".")) for each in said.get(word, ()))
        for word in ("with_shared", "with_others")
    }
    categories = tuple(said["categories"]) if "categories" in said else None
    strategy = Masking(**said["strategy"]) if "strategy" in said else None
    return Wish(erase=Erase(categories=categories, strategy=strategy, **named))


def looks_like(found, wanted):
    if isinstance(wanted, str) and wanted.startswith("~"):
        return re.fullmatch(wanted[1:], str(found)) is not None
    return found == wanted and type(found) is type(wanted)


def rows_of(connect, place):
    source, table = place.split(".")
    with closing(sqlite3.connect(connect[source].removeprefix("sqlite:///"))) as connection:
        return [list(row) for row in connection.execute(f"select * from {table} order by rowid")]


def same_rows(found, wanted):
    return len(found) == len(wanted) and all(
        len(one) == len(other) and all(map(looks_like, one, other))
        for one, other in zip(found, wanted, strict=True)
    )


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_an_erasure_changes_what_the_case_says_and_no_more(path, company):
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    datasets, connect = company(case)
    identities = {name: tuple(values) for name, values in case["identities"].items()}

    def plan():
        wish = wish_of(case["erase"])
        return make_plan(datasets, connect, identities, wish, key=KEY, now=NOW, seed=SEED)[0]

    if "refused" in case:
        with pytest.raises(ConfigError, match=re.escape(case["refused"])):
            plan()
        return
    made = plan()
    assert plan().sha256 == made.sha256
    kept = read_plan(made.text())
    for source in kept.sources:
        apply_part(connect[source], kept.of(source), KEY)
    for place, wanted in case["after"].items():
        assert same_rows(rows_of(connect, place), wanted), (place, rows_of(connect, place))
    places = list(dict.fromkeys(f"{each.source}.{each.collection}" for each in made.changes))
    assert places == case.get("order", places)
    assert len(made.changes) == case.get("changes", len(made.changes))
    assert len(made.left) == len(case["left"]), made.left
    for found, wanted in zip(kept.left, case["left"], strict=True):
        told = {name: getattr(found, name) for name in wanted}
        told = {name: list(v) if name == "keys" else v for name, v in told.items()}
        assert told == wanted
