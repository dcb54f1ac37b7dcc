"""A copy with everything that strangers put into databases, in a folder of its own."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

import pytest

from dsr.domain.vocabulary import SearchResult
from dsr.package.about import CollectionAbout, CopyAbout
from dsr.package.copy import CopyWriter

NOBODY = frozenset()


def an_about(language="en"):
    return CopyAbout(
        reference="DSR-42",
        language=language,
        company_name="Example Digital Co., Ltd.",
        contact=("Personal information protection officer", "privacy@example.com"),
        as_of=date(2026, 11, 12),
        requested_on=date(2026, 11, 11),
        subject_label="Li <b>Xiaoming</b>",
        policy_title="Privacy Policy",
        remedies=("You may complain to the authority.",),
    )


@pytest.fixture
def about():
    """What a copy says about itself, by language."""
    return an_about


@pytest.fixture
def writer(tmp_path):
    """A copy in the making, in English."""
    made = CopyWriter(tmp_path / "copy", an_about())
    yield made
    made.discard()


@pytest.fixture(scope="session")
def hostile_copy(tmp_path_factory):
    """Return the finished copy of hostile rows in a language, to be read only, and its manifest."""

    @cache
    def make(language="en"):
        folder = tmp_path_factory.mktemp("hostile") / language
        with CopyWriter(folder, an_about(language)) as writer:
            _fill(writer)
            return folder, writer.finish()

    return make


def _fill(writer):
    contacts = CollectionAbout(
        source_label="Customer relations",
        label="Contacts <i>",
        labels={"name": "Name", "referrer": "Referred by <u>"},
        categories={"name": "identity"},
        category="relations",
        purpose="answering <enquiries>",
        basis="consent",
        retention="two years",
        origin="our form",
        recipients=("Example SMS Ltd.", "Example Live Ltd."),
    )
    writer.collection("crm", "contacts", contacts)
    writer.row("crm", "contacts", _row(), frozenset({"referrer", "manager"}))
    writer.row("crm", "contacts", {"name": "李小明", "late": "a column seen late"}, NOBODY)
    writer.row("../../etc", "pass wd\u202e", {"=1+1": "x"}, NOBODY)
    writer.searched("crm", "contacts", SearchResult.FOUND)
    for source, result in (
        ("events", SearchResult.NONE),
        ("archive", SearchResult.FAILED),
        ("push", SearchResult.NOT_ASKED),
    ):
        writer.collection(source, "all", CollectionAbout(source_label=source.title()))
        writer.searched(source, "all", result)


def _row():
    return {
        "id": 7,
        "name": '=HYPERLINK("https://evil.example","me")',
        "page": "<script>alert(1)</script>",
        "file": "invoice\u202efdp.exe",
        "broken": "a\x00b\x1b[31m\ud800",
        "huge": "好" * 1_700_000,  # 5 MB
        "chinese": "静安区",
        "paid": Decimal("1288.10"),
        "at": datetime(2026, 10, 1, 8, tzinfo=UTC),
        "agreed": True,
        "blob": b"\x00\x01",
        "tree": {"a": [1, None, float("nan")], "b": "\u2028"},
        "referrer": "wang@example.org",
        "manager": None,
        "nothing": None,
    }
