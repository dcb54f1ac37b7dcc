"""Opening by hand: what an officer takes down, and what is asked back."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from dsr.domain.vocabulary import Channel, IdentifierType, Kind, RequesterRole, Scope
from dsr.errors import ConfigError, InputError, NotFoundError, UsageError
from dsr.services.receiving import ByHand, open_by_hand
from dsr.store import blobs
from dsr.store.tables.messages import MessageRow
from dsr.store.tables.tickets import TicketRow

CALL = ByHand(
    rights=((Kind.ACCESS, None),),
    channel=Channel.PHONE,
    identifiers=((IdentifierType.PHONE, "+8613800138000"),),
    text="She wants to know what we hold.",
)


def tickets(desk):
    with desk.read() as session:
        return session.exec(select(TicketRow).order_by(TicketRow.number)).all()


def test_a_call_is_kept_with_its_note(desk):
    (view,) = open_by_hand(desk, CALL)
    with desk.read() as session:
        message = session.exec(select(MessageRow)).one()
        kept = b"".join(blobs.read(session, message.blob))

    assert (view.number, view.kind, view.status) == (1, "access", "received")
    assert kept.decode() == CALL.text
    assert (message.source, message.outcome, message.case_number) == ("open:phone", "opened", 1)
    assert message.reasons == ["taken down by li"]


def test_the_same_words_twice_are_two_cases(desk):
    open_by_hand(desk, CALL)
    open_by_hand(desk, CALL)

    assert [row.case_number for row in tickets(desk)] == [1, 2]


def test_a_look_opens_nothing_and_gives_no_number(desk):
    assert open_by_hand(desk, CALL, dry_run=True)[0].number == 1
    assert tickets(desk) == []
    assert open_by_hand(desk, CALL)[0].number == 1


def test_a_letter_that_lay_counts_from_its_arrival(desk):
    open_by_hand(desk, replace(CALL, received_on=date(2026, 11, 20)))
    open_by_hand(desk, replace(CALL, received_on=date(2026, 11, 23)))
    before, today = tickets(desk)

    assert (before.received_on, before.received_at.hour) == (
        date(2026, 11, 20),
        12,
    )  # the evening there
    assert (today.received_on, today.received_at) == (date(2026, 11, 23), desk.clock.now())
    assert before.due_on < today.due_on


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"rights": ()}, UsageError, "at least one right"),
        ({"rights": ((Kind.WITHDRAWAL, None),)}, UsageError, "needs a scope"),
        ({"identifiers": ()}, UsageError, "nothing names the person"),
        ({"received_on": date(2026, 11, 24)}, UsageError, "still to come"),
        ({"laws": ("XX",)}, NotFoundError, "no law"),
        ({"identifiers": ((IdentifierType.EMAIL, "mei at home"),)}, InputError, "e-mail"),
    ],
)
def test_what_is_lacking_is_asked_before_anything_is_kept(desk, changes, error, says):
    with pytest.raises(error, match=says) as caught:
        open_by_hand(desk, replace(CALL, **changes))
    assert "mei" not in str(caught.value)
    assert tickets(desk) == []


def test_of_our_own_motion_nobody_needs_to_be_named(desk):
    own = replace(
        CALL,
        channel=Channel.OWN_MOTION,
        identifiers=(),
        text="",
        rights=((Kind.WITHDRAWAL, Scope.MARKETING),),
    )
    (view,) = open_by_hand(desk, own)
    with desk.read() as session:
        assert session.exec(select(MessageRow.blob)).one() is None
    assert view.who == "unknown"


@pytest.mark.parametrize(
    ("born", "received", "minor"),
    [
        (date(2008, 11, 23), None, False),  # eighteen today
        (date(2008, 11, 24), None, True),
        (date(2008, 11, 23), date(2026, 11, 20), True),  # seventeen when the letter came
    ],
)
def test_who_is_a_minor_is_judged_by_the_day_of_receipt(desk, born, received, minor):
    open_by_hand(desk, replace(CALL, born_on=born, received_on=received))

    assert tickets(desk)[0].minor is minor


def test_a_guardian_asks_for_a_minor(desk):
    open_by_hand(desk, replace(CALL, role=RequesterRole.GUARDIAN))
    assert tickets(desk)[0].minor


def test_a_lost_key_stops_it_before_a_second_one_is_made(desk):
    open_by_hand(desk, CALL)
    desk.office.key_file.unlink()
    with pytest.raises(ConfigError, match="is missing"):
        open_by_hand(desk, CALL)
    assert len(tickets(desk)) == 1


def test_the_clock_of_the_office_says_what_today_is(desk):
    night = replace(desk.clock, instant=datetime(2026, 11, 23, 16, 30, tzinfo=UTC))
    open_by_hand(replace(desk, clock=night), CALL)
    assert tickets(desk)[0].received_on == date(2026, 11, 24)
