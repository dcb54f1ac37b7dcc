"""A ticket that was reopened on a complaint: one clock, whoever asks for its dates."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dsr.clock import FixedClock
from dsr.domain.law import PauseReason
from dsr.domain.moves import Way, way
from dsr.domain.vocabulary import Kind, LetterName
from dsr.errors import NotAllowedError
from dsr.rules import book
from dsr.services import deriving, extending, law_changes, milestones, setting
from dsr.services.dates import recompute
from dsr.services.letter_days import days
from dsr.services.letters import LetterRequest
from dsr.services.setting import Changes
from dsr.services.steps import ticket_of
from dsr.store.tables.cases import StopRow
from tests.conftest import NOW

RECEIVED = date(2026, 12, 11)


@pytest.fixture
def later(desk):
    return replace(desk, clock=FixedClock(NOW + timedelta(days=20), desk.clock.zone))


def reopened(desk, opened, **former):
    """Return a ticket under EU law that is worked again by the date of a complaint, and that."""
    number = opened(Kind.ACCESS, laws=("EU",), place="DE")
    complaint = opened(
        Kind.COMPLAINT, laws=("EU",), place="DE", received_at=NOW + timedelta(days=18)
    )
    with desk.write() as step:
        ticket = ticket_of(step.session, number)
        ticket.complaint = complaint
        for name, value in former.items():
            setattr(ticket, name, value)
        recompute(step.session, ticket)
    return number, complaint


def due(desk, number):
    with desk.read() as session:
        return ticket_of(session, number).due_on


def test_a_date_that_an_authority_sets_is_heeded_by_a_reopened_ticket(desk, later, opened):
    number, complaint = reopened(desk, opened)
    assert due(desk, number) == due(desk, complaint) == date(2027, 1, 11)

    setting.set_values(
        later, number, Changes(authority_due_on=date(2026, 12, 21), why="their letter")
    )

    assert due(desk, number) == date(2026, 12, 21)
    assert due(desk, complaint) == date(2027, 1, 11)


def test_more_time_moves_the_date_of_a_reopened_ticket_and_its_letter_says_so(desk, later, opened):
    number, complaint = reopened(desk, opened, extended_on=date(2026, 11, 30))
    assert due(desk, number) == date(2027, 1, 11)  # what its first clock was given is over

    extending.extend(later, number, "many systems", dry_run=False)

    assert due(desk, number) == date(2027, 3, 11)
    assert due(desk, complaint) == date(2027, 1, 11)
    with desk.read() as session:
        ticket = ticket_of(session, number)
        request = LetterRequest(LetterName.EXTENSION)
        told = days(session, ticket, request, tasks=(), today=later.today(), zone="UTC")
    assert (told["due_on"], told["new_due_on"]) == (date(2027, 1, 11), date(2027, 3, 11))
    with pytest.raises(NotAllowedError, match="already extended"):
        extending.extend(later, number, "more systems")


def test_a_wait_since_the_complaint_moves_a_reopened_ticket_and_one_before_it_does_not(
    desk, later, opened
):
    number, _ = reopened(desk, opened)
    with desk.write() as step:
        for asked, ended in ((24, 30), (44, 50)):
            first = date(2026, 11, 1)
            stop = StopRow(
                ticket=number,
                reason=PauseReason.PROOF,
                asked_on=first + timedelta(days=asked - 1),
                resumed_on=first + timedelta(days=ended - 1),
            )
            step.session.add(stop)
    with desk.write(keep=False) as step:
        found = recompute(step.session, ticket_of(step.session, number))

    assert found.due_nominal_on == date(2027, 1, 17)  # six days more than 11 January
    (derived,) = deriving.derivations(desk, number)
    assert derived.due_nominal_on == date(2027, 1, 17)


def test_milestones_and_a_changed_law_see_a_reopened_ticket_by_its_complaint(desk, opened):
    number, complaint = reopened(desk, opened)
    marks = {each.stage: each.on for each in milestones.all_milestones(desk, number)}

    assert marks == {e.stage: e.on for e in milestones.all_milestones(desk, complaint)}
    assert min(marks.values()) > RECEIVED
    old = book.law("EU")
    shorter = replace(
        old,
        clocks=tuple(replace(rule, period=replace(rule.period, amount=2)) for rule in old.clocks),
    )
    rows = {row.number: row for row in law_changes.ticket_changes(desk, old, shorter)}
    assert rows[number].old_due_on == rows[complaint].old_due_on == date(2027, 1, 11)
    assert rows[number].new_due_on == rows[complaint].new_due_on == date(2027, 2, 11)


def test_a_day_that_was_none_before_is_an_earlier_one():
    first, second = date(2026, 12, 1), date(2026, 12, 2)

    assert way([(None, second), (first, second)]) is Way.EARLIER
    assert way([(second, first), (first, second)]) is Way.EARLIER
    assert way([(second, None), (first, first)]) is Way.LATER
    assert way([(first, first), (None, None)]) is None
