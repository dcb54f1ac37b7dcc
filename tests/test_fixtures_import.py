"""The privacy desk's mail as it is imported: what opens, what is kept, and for how long."""

import hashlib
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from dsr.domain.vocabulary import MessageOutcome
from dsr.intake.arrival import Arrival
from dsr.intake.message import parse
from dsr.services.arrived_views import ImportedView
from dsr.services.desk import Desk
from dsr.services.intake import Imported
from dsr.store import blobs
from dsr.store.tables.messages import BlobRow, MessageRow
from dsr.store.tables.tickets import TicketRow

MAIL = Path(__file__).resolve().parent.parent / "fixtures" / "mail"
SOURCES = [
    str(MAIL / name) for name in ("desk.mbox", "maildir", "eml", "requests.csv", "requests.jsonl")
]
EXPECTED = [json.loads(line) for line in (MAIL / "expected.jsonl").read_text("utf-8").splitlines()]
CARD = "eml/identity-card.eml"


def import_all(desk: Desk) -> dict[str, ImportedView]:
    imported = Imported(desk, SOURCES, io.BytesIO())
    views = {view.source.removeprefix(f"{MAIL}/"): view for view in imported.views()}
    assert imported.problems == []
    return views


def counted(desk: Desk) -> tuple[int, int]:
    with desk.read() as session:
        rows = session.exec(select(func.count()).select_from(MessageRow)).one()
        return rows, session.exec(select(func.count()).select_from(TicketRow)).one()


def rows_of(desk: Desk) -> dict[str, MessageRow]:
    with desk.read() as session:
        rows = session.exec(select(MessageRow)).all()
        session.expunge_all()
    return {row.source.removeprefix(f"{MAIL}/"): row for row in rows}


def destroyed_on(desk: Desk, key: str):
    with desk.read() as session:
        query = select(BlobRow.destroy_on).where(BlobRow.sha256 == key, col(BlobRow.part) == 0)
        return session.exec(query).one()


@pytest.fixture
def views(desk) -> dict[str, ImportedView]:
    return import_all(desk)


def test_every_mail_and_form_goes_where_it_should_and_opens_what_it_asks(views):
    found = {
        source: (view.outcome, sorted(one["kind"] for one in view.tickets))
        for source, view in views.items()
        if view.outcome == MessageOutcome.OPENED.value
    } | {
        source: (view.outcome, [])
        for source, view in views.items()
        if view.outcome != MessageOutcome.OPENED.value
    }
    opened = MessageOutcome.OPENED.value
    assert found == {
        one["source"]: (one["outcome"], sorted(one["kinds"]) if one["outcome"] == opened else [])
        for one in EXPECTED
    }


def test_importing_again_opens_nothing_and_adds_no_row(views, desk):
    before = counted(desk)
    again = import_all(desk)
    assert {view.outcome for view in again.values()} == {MessageOutcome.DUPLICATE.value}
    assert not any(view.tickets for view in again.values())
    assert counted(desk) == before
    assert len(views) == len(EXPECTED)


def test_an_identity_paper_is_detached_and_kept_for_a_week_at_most(views, desk):
    raw = (MAIL / CARD).read_bytes()
    paper = next(one for one in parse(Arrival(CARD, raw)).attachments if one.identity_paper)
    last = desk.clock.now().date() + timedelta(days=7)
    assert destroyed_on(desk, paper.sha256) <= last
    row = rows_of(desk)[CARD]
    with desk.read() as session:
        kept = b"".join(blobs.read(session, row.blob))
    assert hashlib.sha256(kept).hexdigest() == row.blob != views[CARD].sha256
    again = parse(Arrival(CARD, kept))
    assert paper.sha256 not in {one.sha256 for one in again.attachments}
    assert again.text == parse(Arrival(CARD, raw)).text


def test_what_is_ignored_or_cannot_be_read_alone_has_a_day_of_destruction(views, desk):
    days = {row.outcome: set() for row in rows_of(desk).values()}
    for row in rows_of(desk).values():
        days[row.outcome].add(destroyed_on(desk, row.blob))
    assert None not in days.pop(MessageOutcome.IGNORED)
    assert None not in days.pop(MessageOutcome.QUARANTINED)
    assert days
    assert all(each == {None} for each in days.values())
    assert any(view.outcome == MessageOutcome.IGNORED.value for view in views.values())
