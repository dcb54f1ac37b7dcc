"""The day of receipt: by two zones, moved with a reason; and the day that an authority sets."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from dsr.clock import FixedClock
from dsr.domain.vocabulary import Channel, IdentifierType, Kind, MessageOutcome
from dsr.errors import NotAllowedError, UsageError
from dsr.rules import book
from dsr.services import deriving, handling
from dsr.services.evidence import verify
from dsr.services.receiving import ByHand, open_by_hand
from dsr.services.setting import Changes, set_values
from dsr.services.steps import ticket_of
from dsr.store.tables.cases import ClockRow
from dsr.store.tables.messages import MessageRow
from dsr.store.tables.registers import OfficerRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.trail import EventRow, SecretRow

#: Two in the morning of 5 March at the office is the evening of the fourth in all of Europe.
NIGHT = datetime(2026, 3, 4, 18, tzinfo=UTC)
STAMP = "the stamp on the envelope"


def ticket(desk, number):
    with desk.read() as session:
        return ticket_of(session, number)


def starts(desk, number):
    with desk.read() as session:
        rows = session.exec(select(ClockRow).where(ClockRow.ticket == number))
        return {row.law: row.start_on for row in rows}


def zone_steps(desk, number):
    return {
        each.law: [step for step in each.steps if step["rule"] == "zone"]
        for each in deriving.derivations(desk, number)
    }


def last_event(desk):
    with desk.read() as session:
        event = session.exec(select(EventRow).order_by(EventRow.id.desc())).first()
        sealed = session.exec(select(SecretRow.value).where(SecretRow.event == event.id)).all()
    return json.loads(event.body)["facts"], sealed


def test_a_mail_of_the_night_came_the_evening_before_in_europe(desk, opened):
    number = opened(Kind.ACCESS, received_at=NIGHT, laws=("CN", "EU"), place="DE")

    assert ticket(desk, number).received_on == date(2026, 3, 5)
    assert starts(desk, number) == {"CN": date(2026, 3, 5), "EU": date(2026, 3, 4)}
    assert ticket(desk, number).due_on == date(2026, 4, 7)  # after a Saturday and Easter
    found = zone_steps(desk, number)
    assert found["CN"] == []
    (step,) = found["EU"]
    assert (step["from"], step["to"]) == (date(2026, 3, 5), date(2026, 3, 4))
    assert "Thursday 2026-03-05 at the office" in step["text"]
    assert "Wednesday 2026-03-04 in Europe/Lisbon, the westernmost zone" in step["text"]
    assert step["citation"] == book.law("EU").receipt.citation


def test_a_mail_of_the_day_came_on_that_day_everywhere(desk, opened):
    noon = NIGHT.replace(day=5, hour=4)
    number = opened(Kind.ACCESS, received_at=noon, laws=("CN", "EU"))

    assert set(starts(desk, number).values()) == {date(2026, 3, 5)}
    assert zone_steps(desk, number) == {"CN": [], "EU": []}


def test_to_the_east_the_day_is_never_a_later_one(desk, opened):
    late = datetime(2026, 3, 5, 15, 30, tzinfo=UTC)  # half past eleven at night; tomorrow in Tokyo
    number = opened(Kind.ACCESS, received_at=late, laws=("CN", "JP"))

    assert set(starts(desk, number).values()) == {date(2026, 3, 5)}
    assert zone_steps(desk, number) == {"CN": [], "JP": []}


def test_another_law_counts_from_its_own_day_when_it_is_set(desk, opened):
    number = opened(Kind.ACCESS, received_at=NIGHT, laws=("CN",))
    set_values(desk, number, Changes(laws=("EU",)))
    assert starts(desk, number) == {"EU": date(2026, 3, 4)}
    set_values(desk, number, Changes(received_on=date(2026, 3, 2), why=STAMP))

    assert starts(desk, number) == {"EU": date(2026, 3, 2)}  # a day has no hour to move it by
    assert zone_steps(desk, number) == {"EU": []}


def test_a_day_that_lies_back_is_shown_late_at_once_and_its_reason_sealed(desk, opened):
    number = opened(Kind.DELETION)
    step = set_values(desk, number, Changes(received_on=date(2026, 10, 28), why=STAMP))
    assert step.said == "set received_on; 3 working days late"
    assert step.due_on == date(2026, 11, 18)
    facts, sealed = last_event(desk)

    assert facts == {"received_on": "2026-10-28", "due_on": "2026-11-18"}
    assert sealed == [STAMP]
    assert STAMP not in json.dumps(facts)
    assert verify(desk).ok


@pytest.mark.parametrize(
    ("received", "today", "says"),
    [
        (date(2026, 10, 30), (11, 23), "1 working day late"),  # due on Friday
        (date(2026, 10, 30), (11, 21), "late since 2026-11-20"),  # on Saturday
        (date(2026, 10, 30), (11, 20), None),
    ],
)
def test_how_late_it_is_is_counted_in_days_of_work(desk, opened, received, today, says):
    number = opened(Kind.DELETION, received_at=datetime(2026, 11, 19, 2, tzinfo=UTC))
    clock = FixedClock(datetime(2026, *today, 2, tzinfo=UTC), desk.clock.zone)
    said = set_values(
        replace(desk, clock=clock), number, Changes(received_on=received, why=STAMP)
    ).said

    assert said == "; ".join(filter(None, ["set received_on", says]))


@pytest.mark.parametrize("why", ["", "  "])
@pytest.mark.parametrize(
    "changes",
    [
        Changes(received_on=date(2026, 11, 2)),
        Changes(authority_due_on=date(2026, 11, 30)),
        Changes(authority_due_on=date(2026, 11, 30), place="DE"),
    ],
)
def test_no_date_is_moved_without_a_reason(desk, opened, changes, why):
    number = opened(Kind.DELETION)
    before = ticket(desk, number)
    with pytest.raises(UsageError, match="reason") as caught:
        set_values(desk, number, replace(changes, why=why))

    assert "--why" in caught.value.hint
    assert ticket(desk, number) == before


def test_other_changes_may_have_a_reason(desk, opened):
    number = opened(Kind.DELETION)
    set_values(desk, number, Changes(place="DE"))
    assert last_event(desk)[1] == []
    set_values(desk, number, Changes(language="zh", why="she wrote in Chinese"))

    assert last_event(desk)[1] == ["she wrote in Chinese"]


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1926, 11, 23), date(1989, 12, 31)])
def test_no_request_is_older_than_any_law(desk, opened, day):
    number = opened(Kind.DELETION)
    taken = ByHand(
        rights=((Kind.DELETION, None),),
        channel=Channel.POST,
        identifiers=((IdentifierType.EMAIL, "mei@example.com"),),
        received_on=day,
    )
    with pytest.raises(UsageError, match="no request is so old"):
        set_values(desk, number, Changes(received_on=day, why=STAMP))
    with pytest.raises(UsageError, match="no request is so old"):
        open_by_hand(desk, taken)
    with desk.read() as session:
        assert session.exec(select(TicketRow.number)).all() == [number]


def test_an_authority_brings_the_day_nearer_and_its_letter_can_be_taken_back(desk, opened):
    number = opened(Kind.DELETION)  # due on 11 December
    step = set_values(
        desk, number, Changes(authority_due_on=date(2026, 11, 30), why="letter 17 of the CAC")
    )
    assert (step.said, step.due_on) == ("set authority_due_on", date(2026, 11, 30))
    facts, sealed = last_event(desk)
    assert (facts["authority_due_on"], sealed) == ("2026-11-30", ["letter 17 of the CAC"])
    back = set_values(desk, number, Changes(no_authority_due=True, why="withdrawn by phone"))

    assert back.due_on == date(2026, 12, 11)
    assert last_event(desk)[0] == {"authority_due_on": None, "due_on": "2026-12-11"}
    with pytest.raises(UsageError, match="nothing to set"):
        set_values(desk, number, Changes(no_authority_due=True, why="again"))


def test_an_authority_gives_no_more_time_than_the_law(desk, opened):
    number = opened(Kind.DELETION)
    step = set_values(
        desk, number, Changes(authority_due_on=date(2027, 3, 1), why="letter 17 of the CAC")
    )

    assert step.due_on == date(2026, 12, 11)
    assert "the law asks for the answer by 2026-12-11" in step.said


def test_an_authority_that_asks_at_once_makes_the_ticket_late(desk, opened):
    number = opened(Kind.DELETION, received_at=datetime(2026, 11, 10, 2, tzinfo=UTC))
    changes = Changes(authority_due_on=date(2026, 11, 20), why="the letter lay for a week")

    assert set_values(desk, number, changes).said == "set authority_due_on; 1 working day late"


def test_no_authority_asks_for_an_answer_before_the_question(desk, opened):
    number = opened(Kind.DELETION)
    with pytest.raises(UsageError, match="before the receipt"):
        set_values(desk, number, Changes(authority_due_on=date(2026, 11, 19), why="letter"))
    assert ticket(desk, number).authority_due_on is None


LATER = Changes(received_on=date(2026, 11, 22), why=STAMP)


@pytest.fixture
def two(desk):
    """Return a desk of an office of two, whose officer li approves nothing."""
    with desk.write() as step:
        step.session.add(OfficerRow(name="wang", roles=["approver"], os_user="wang"))
        handling.officer(step, "li").roles = ["handler", "admin"]
    return desk


def test_a_later_receipt_is_for_an_approver_to_say(two, opened):
    number = opened(Kind.DELETION)  # received on the 20th
    before = ticket(two, number)
    with pytest.raises(NotAllowedError, match="an approver or legal says so"):
        set_values(two, number, LATER)
    assert ticket(two, number) == before
    set_values(replace(two, officer="wang"), number, LATER)
    assert ticket(two, number).received_on == date(2026, 11, 22)
    set_values(two, number, Changes(received_on=date(2026, 11, 19), why=STAMP))  # earlier: free
    assert ticket(two, number).received_on == date(2026, 11, 19)


def test_who_works_alone_says_it_himself(desk, opened):
    number = opened(Kind.DELETION)
    with desk.write() as step:
        handling.officer(step, "li").roles = ["handler"]
    set_values(desk, number, LATER)
    assert ticket(desk, number).received_on == date(2026, 11, 22)


@pytest.mark.parametrize("outcome", [MessageOutcome.OPENED, MessageOutcome.JOINED])
def test_nothing_was_received_after_it_arrived(desk, opened, outcome):
    number = opened(Kind.DELETION)
    with desk.write() as step:
        values = {"suggested": [], "identifiers": [], "reasons": [], "outcome": outcome}
        for mail, day in ((1, 23), (2, 21)):
            at = datetime(2026, 11, day, 2, tzinfo=UTC)
            case = ticket_of(step.session, number).case_number
            row = MessageRow(id=mail, source="x", sha256="x", content_key="x", arrived_at=at)
            row.sqlmodel_update({**values, "case_number": case})
            step.session.add(row)
    with pytest.raises(NotAllowedError, match="arrived on 2026-11-21") as caught:
        set_values(desk, number, LATER)

    assert "up to 2026-11-21" in caught.value.hint
    set_values(desk, number, replace(LATER, received_on=date(2026, 11, 21)))
