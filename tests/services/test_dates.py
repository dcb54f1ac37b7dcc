"""A ticket's stored dates: counted once or twice they are the same, and only acts move them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import select

from dsr.clock import FixedClock
from dsr.domain.clocks import ClockFacts
from dsr.domain.law import PauseReason
from dsr.domain.vocabulary import Kind, Outcome, Scope
from dsr.errors import NotFoundError, UsageError
from dsr.services import clock_steps, closing, identity, setting
from dsr.services.closing import Closing
from dsr.services.dates import (
    Asked,
    Dates,
    asked_of,
    clocks_for,
    clocks_of,
    recompute,
    supposed,
)
from dsr.services.identity import Shown
from dsr.services.setting import Changes
from dsr.services.steps import ticket_of
from dsr.store.tables.cases import ClockRow, StopRow

NAMES = ("due_nominal_on", "due_on", "target_on", "act_by_on", "provisional")


def at(desk, days):
    later = FixedClock(desk.clock.instant + timedelta(days=days), desk.clock.zone)
    return replace(desk, clock=later)


def dates(desk, number):
    with desk.read() as session:
        ticket = ticket_of(session, number)
        return {name: getattr(ticket, name) for name in NAMES}


def due(desk, number):
    return dates(desk, number)["due_on"]


def stops(desk, number):
    with desk.read() as session:
        rows = session.exec(select(StopRow).where(StopRow.ticket == number).order_by(StopRow.id))
        return [(row.reason, row.asked_on, row.resumed_on) for row in rows]


def test_counted_twice_is_counted_once(desk, opened):
    number = opened(Kind.COPY, laws=("CN", "EU"), place="DE")
    identity.ask(desk, number)
    identity.accept(at(desk, 3), number, Shown("in_person"))
    before = dates(desk, number)
    for _ in range(2):
        with desk.write() as step:
            recompute(step.session, ticket_of(step.session, number))
        assert dates(desk, number) == before
    with desk.read() as session:
        rows = session.exec(select(ClockRow).where(ClockRow.ticket == number)).all()
    assert sorted(row.law for row in rows) == ["CN", "EU"]


def test_a_marketing_stop_is_done_the_next_working_day(desk, opened):
    number = opened(Kind.WITHDRAWAL, Scope.MARKETING)  # received on Friday, 20 November
    found = dates(desk, number)

    assert found["act_by_on"] == date(2026, 11, 23)
    assert found["due_on"] == date(2026, 12, 11)  # fifteen working days


@pytest.mark.parametrize("scope", [Scope.CONSENT, Scope.OBJECTION, Scope.COOKIES])
def test_another_withdrawal_is_done_in_two_working_days(desk, opened, scope):
    assert dates(desk, opened(Kind.WITHDRAWAL, scope))["act_by_on"] == date(2026, 11, 24)


def test_what_is_only_answered_has_no_day_of_action(desk, opened):
    assert dates(desk, opened(Kind.ACCESS))["act_by_on"] is None


def test_another_law_counts_anew_and_the_earliest_is_worked_to(desk, opened):
    number = opened(Kind.ACCESS)
    cn = due(desk, number)
    setting.set_values(desk, number, Changes(laws=("EU",)))
    eu = due(desk, number)
    setting.set_values(desk, number, Changes(laws=("CN", "EU")))

    assert cn == date(2026, 12, 21)  # thirty days end on a Sunday
    assert eu == date(2026, 12, 20)  # one month; without a place nothing rolls
    assert due(desk, number) == min(cn, eu)


def test_a_place_makes_the_last_day_roll(desk, opened):
    number = opened(Kind.ACCESS, laws=("EU",))
    before = due(desk, number)
    setting.set_values(desk, number, Changes(place="DE"))

    assert (before, due(desk, number)) == (date(2026, 12, 20), date(2026, 12, 21))


def test_an_unknown_place_changes_nothing(desk, opened):
    number = opened(Kind.ACCESS, laws=("EU",))
    before = dates(desk, number)
    with pytest.raises(NotFoundError):
        setting.set_values(desk, number, Changes(place="XX"))
    assert dates(desk, number) == before


def test_another_day_of_receipt_moves_everything_with_it(desk, opened):
    number = opened(Kind.DELETION)
    setting.set_values(desk, number, Changes(received_on=date(2026, 11, 2), why="the stamp"))
    with desk.read() as session:
        ticket = ticket_of(session, number)

    assert (ticket.received_on, ticket.due_on) == (date(2026, 11, 2), date(2026, 11, 23))
    evening = "2026-11-02T12:00:00+00:00"  # at the office
    assert ticket.received_at.isoformat() == evening


def test_nothing_was_received_tomorrow(desk, opened):
    number = opened()
    before = dates(desk, number)
    with pytest.raises(UsageError, match="still to come"):
        setting.set_values(desk, number, Changes(received_on=date(2026, 11, 24), why="the stamp"))
    assert dates(desk, number) == before


def test_another_kind_has_another_clock(desk, opened):
    number = opened(Kind.DELETION)
    setting.set_values(desk, number, Changes(kind=Kind.ACCESS))

    assert due(desk, number) == date(2026, 12, 21)


def test_an_open_wait_gives_no_time_until_it_ends(desk, opened):
    number = opened(Kind.ACCESS)
    before = due(desk, number)
    identity.ask(desk, number)
    assert due(desk, number) == before
    assert stops(desk, number) == [("proof", date(2026, 11, 23), None)]
    identity.accept(at(desk, 10), number, Shown("in_person"))

    assert stops(desk, number) == [("proof", date(2026, 11, 23), date(2026, 12, 3))]
    assert due(desk, number) == date(2027, 1, 4)  # thirty days from proof: 2 January, a Saturday


def test_a_reminder_begins_no_second_wait(desk, opened):
    number = opened(Kind.ACCESS)
    identity.ask(desk, number)
    identity.ask(at(desk, 5), number)
    assert len(stops(desk, number)) == 1


def test_a_question_after_a_failed_proof_begins_the_wait_that_moves_the_clock(desk, opened):
    number = opened(Kind.ACCESS)
    identity.fail(desk, number, "known_facts", "the wrong year")
    assert stops(desk, number) == []
    identity.ask(desk, number)
    with desk.write(keep=False) as step:
        ticket = ticket_of(step.session, number)
        stored = ticket.due_on
        assert recompute(step.session, ticket).due_on == stored
    assert stops(desk, number) == [("proof", date(2026, 11, 23), None)]


def test_a_proof_after_a_lapse_starts_the_clock_where_identity_does(desk, opened):
    number = opened(Kind.ACCESS)
    identity.ask(desk, number)
    closing.close(at(desk, 4), number, Closing(Outcome.WITHDRAWN, "she called"))
    closing.reopen(at(desk, 20), number, "she came after all")
    identity.accept(at(desk, 20), number, Shown("in_person"))

    assert due(desk, number) == date(2027, 1, 12)  # thirty days from 13 December


def test_no_wait_goes_on_while_a_ticket_is_closed(desk, opened):
    number = opened(Kind.ACCESS, laws=("CN",))
    identity.accept(desk, number, Shown("in_person"))
    clock_steps.clarify(desk, number, "which years?")
    closing.close(at(desk, 4), number, Closing(Outcome.WITHDRAWN, "she called"))
    ended = [("clarification", date(2026, 11, 23), date(2026, 11, 27))]
    assert stops(desk, number) == ended
    closing.reopen(at(desk, 60), number, "she wrote again")
    assert stops(desk, number) == ended


def test_only_the_waits_for_one_reason_end(desk, opened):
    number = opened(Kind.ACCESS)
    with desk.write() as step:
        for reason in PauseReason:
            step.session.add(StopRow(ticket=number, reason=reason, asked_on=step.today))
    identity.accept(at(desk, 1), number, Shown("in_person"))

    ended = {reason: day for reason, _, day in stops(desk, number)}
    assert ended == dict.fromkeys(PauseReason) | {"proof": date(2026, 11, 24)}


def test_the_earliest_of_several_clocks_is_the_tickets():
    facts = ClockFacts(received_on=date(2026, 11, 20))
    asked = Asked(dict.fromkeys(("CN", "EU")), Kind.ACCESS, None, "DE")
    every = clocks_for(asked, facts)
    found = Dates.of(every)

    assert found.due_on == min(one.due_legal_on for one in every)
    assert found.target_on == min(one.target_on for one in every)
    assert found.act_by_on is None
    assert Dates.of(every[::-1]) == found


def test_what_the_ticket_stores_is_what_its_laws_say(desk, opened):
    number = opened(Kind.COPY, laws=("CN", "EU"))
    with desk.read() as session:
        ticket = ticket_of(session, number)
        assert asked_of(session, ticket)[1].received_on == date(2026, 11, 20)
        assert Dates.of(clocks_of(session, ticket)).due_on == ticket.due_on


def test_a_question_without_a_ticket_takes_the_laws_own_place():
    facts = ClockFacts(received_on=date(2026, 3, 5))
    asked = supposed("EU", Kind.ACCESS, None, place=None)
    (found,) = clocks_for(asked, facts)

    assert asked == supposed("EU", Kind.ACCESS, None, place="DE")
    assert found.due_legal_on == date(2026, 4, 7)  # 5 April is Easter Sunday, Monday is off
