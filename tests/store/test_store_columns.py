"""Columns and kept bytes: an instant means one thing everywhere; bytes come back as they went."""

import hashlib
import io
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError
from sqlmodel import select

from dsr.domain.vocabulary import Status
from dsr.store import blobs, numbers
from dsr.store.columns import Instant, instant_text, word
from dsr.store.engine import transaction
from dsr.store.tables.cases import CaseRow
from dsr.store.tables.messages import BlobRow
from dsr.store.tables.trail import CounterRow

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(
    min_value=datetime.fromisoformat("0002-01-01"),
    max_value=datetime.fromisoformat("9998-12-31"),
    timezones=ZONES,
)
NO_CHECKS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
TODAY = date(2026, 11, 23)


@given(one=INSTANTS, other=INSTANTS)
def test_instants_sort_as_time_wherever_they_were_said(one, other):
    seconds = [each.replace(microsecond=0) for each in (one, other)]

    texts = instant_text(one), instant_text(other)
    assert (texts[0] < texts[1]) == (seconds[0] < seconds[1])
    assert {len(text) for text in texts} == {20}


@given(instant=INSTANTS)
def test_an_instant_comes_back_in_utc(instant):
    column = Instant()

    back = column.process_result_value(column.process_bind_param(instant, None), None)
    assert back == instant.replace(microsecond=0)
    assert back.utcoffset() == timedelta()


def test_an_instant_without_a_zone_is_refused(engine):
    naive = datetime.fromisoformat("2026-11-23T08:00")
    with pytest.raises(ValueError, match="needs a zone"):
        instant_text(naive)
    with (
        pytest.raises(StatementError, match="needs a zone"),
        transaction(engine, write=True) as session,
    ):
        session.add(CaseRow(number=1, opened_at=naive, token="x"))


def test_an_absent_instant_stays_absent():
    column = Instant()

    assert column.process_bind_param(None, None) is None
    assert column.process_result_value(None, None) is None


def test_a_word_is_stored_as_itself():
    column = word(Status)

    assert column.enums == [status.value for status in Status]
    assert not column.native_enum
    assert column.validate_strings


def read(session, key):
    return b"".join(blobs.read(session, key))


def parts(session, key):
    query = select(BlobRow.part).where(BlobRow.sha256 == key).order_by(BlobRow.part)
    return list(session.exec(query))


@NO_CHECKS
@given(content=st.binary(max_size=3000))
def test_bytes_come_back_as_they_went(engine, content):
    with transaction(engine, write=True) as session:
        key = blobs.keep(session, content)
        assert key == hashlib.sha256(content).hexdigest()
        assert read(session, key) == content
        assert blobs.keep_file(session, io.BytesIO(content)) == key


@pytest.mark.parametrize("size", [0, 1, blobs.PART - 1, blobs.PART, blobs.PART + 1, 3 * blobs.PART])
def test_what_is_long_is_kept_in_parts(engine, size):
    content = b"\x07" * size
    wanted = list(range(max(1, -(-size // blobs.PART))))
    with transaction(engine, write=True) as session:
        key = blobs.keep(session, content)
        assert parts(session, key) == wanted
        assert read(session, key) == content
    with transaction(engine, write=True) as session:
        blobs.destroy(session, key)
        assert blobs.keep_file(session, io.BytesIO(content)) == key
        assert parts(session, key) == wanted
        assert read(session, key) == content


def test_the_same_bytes_are_kept_once(engine):
    with transaction(engine, write=True) as session:
        first = blobs.keep(session, b"a letter")
        assert blobs.keep(session, b"a letter") == first
        assert blobs.keep_file(session, io.BytesIO(b"a letter")) == first
        assert parts(session, first) == [0]


@pytest.mark.parametrize("way", ["bytes", "file"])
@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        (TODAY, None, None),
        (None, TODAY, None),
        (TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=1)),
        (TODAY, TODAY - timedelta(days=1), TODAY),
    ],
)
def test_whoever_needs_bytes_longest_decides_when_they_go(engine, before, after, kept, way):
    with transaction(engine, write=True) as session:
        key = blobs.keep(session, b"a letter", destroy_on=before)
        if way == "bytes":
            blobs.keep(session, b"a letter", destroy_on=after)
        else:
            blobs.keep_file(session, io.BytesIO(b"a letter"), destroy_on=after)
        query = select(BlobRow.destroy_on).where(BlobRow.sha256 == key)
        assert session.exec(query).one() == kept


def test_what_is_due_is_destroyed_whole_and_counted_once(engine, database):
    long = bytes(range(256)) * (blobs.PART // 100)
    with transaction(engine, write=True) as session:
        due = blobs.keep(session, long, destroy_on=TODAY)
        later = blobs.keep(session, b"later", destroy_on=TODAY + timedelta(days=1))
        never = blobs.keep(session, b"never")
        assert blobs.destroy_due(session, TODAY) == 1
        assert blobs.destroy_due(session, TODAY) == 0
        assert blobs.known(session, [due, later, never]) == {later, never}
        assert read(session, due) == b""
        blobs.set_destruction(session, never, TODAY)
        assert blobs.destroy_due(session, TODAY) == 1
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM blob").fetchone() == (1,)


def test_a_number_is_given_once_even_after_its_row_is_gone(engine):
    for wanted in ([1], [2]):
        with transaction(engine, write=True) as session:
            found = list(numbers.draw(session, "case"))
            session.add(CaseRow(number=found[0], opened_at=datetime.now(UTC), token="x"))
            assert found == wanted
        with transaction(engine, write=True) as session:
            session.delete(session.get_one(CaseRow, found[0]))


def test_what_was_undone_gave_no_number(engine):
    with transaction(engine, write=True) as session:
        assert list(numbers.draw(session, "ticket", 5)) == [1, 2, 3, 4, 5]
        session.rollback()
    with transaction(engine, write=True) as session:
        assert list(numbers.draw(session, "ticket")) == [1]


def test_each_series_counts_for_itself_however_it_is_drawn(engine):
    with transaction(engine, write=True) as session:
        several = numbers.Numbers(session)
        assert list(several.draw("ticket", 2)) == [1, 2]
        assert list(several.draw("case")) == [1]
        assert list(several.draw("ticket")) == [3]
        several.flush()
        assert list(numbers.draw(session, "ticket")) == [4]
        assert list(numbers.draw(session, "ticket")) == [5]
        again = numbers.Numbers(session)
        assert list(again.draw("ticket")) == [6]
        again.flush()
        assert session.get_one(CounterRow, "ticket").last == 6
