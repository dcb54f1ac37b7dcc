"""Cells as JSON."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from dsr.sources.results import Cut, plain


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, None),
        (0, 0),
        (True, True),
        (1.5, 1.5),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        ("=1+1", "=1+1"),
        (b"\x00\xff", {"base64": "AP8="}),
        (memoryview(b"a"), {"base64": "YQ=="}),
        (datetime(2026, 11, 23, 9, tzinfo=UTC), "2026-11-23T09:00:00+00:00"),
        (date(2026, 11, 23), "2026-11-23"),
        (Decimal("1.10"), "1.10"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Cut("ab"), {"cut": "ab"}),
        (Cut(b"a"), {"cut": {"base64": "YQ=="}}),
        ({"a": [Decimal(1), b"a"]}, {"a": ["1", {"base64": "YQ=="}]}),
    ],
)
def test_a_cell_becomes_what_json_can_carry(cell, expected):
    assert plain(cell) == expected
    json.dumps(plain(cell), allow_nan=False)
