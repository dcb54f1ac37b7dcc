"""Every file in cases/ is a company in small, somebody who asks, and what must be found."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

CASES = sorted((Path(__file__).parent / "cases").glob("*.yml"))


def bag(rows):
    return Counter(repr(sorted(row.items())) for row in rows)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_search_finds_what_the_case_says(path, run_case):
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    report, rows = run_case(case)
    found = {f"{entry.source}.{entry.collection}": entry for entry in report.collections}
    assert found.keys() == case["expect"].keys()
    for name, expected in case["expect"].items():
        entry = found[name]
        assert (name, str(entry.result)) == (name, expected["result"]), entry.warnings
        assert bag(rows.of(name)) == bag(expected.get("rows", []))
        assert entry.rows == len(expected.get("rows", []))
        assert list(entry.warnings) == expected.get("warnings", [])
        assert sorted(rows.foreign_of(name)) == sorted(expected.get("foreign", []))
        if "categories" in expected:
            assert list(entry.categories) == expected["categories"]
    if "order" in case:
        assert rows.order() == case["order"]
