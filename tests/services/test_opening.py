"""Opening cases: each right its ticket, each ticket its clocks, numbers never twice."""

from datetime import date

import pytest
from sqlmodel import select

from dsr.domain.vocabulary import Action, Channel, IdentifierType, Kind, Scope, Status
from dsr.errors import NotFoundError
from dsr.services.dates import recompute
from dsr.services.desk import keyed
from dsr.services.keys import read_key
from dsr.services.opening import Opening, Request
from dsr.services.steps import ticket_of
from dsr.store.tables.cases import CaseRow, ClockRow
from dsr.store.tables.people import IdentifierRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.trail import EventRow

DATES = ("due_nominal_on", "due_on", "target_on", "act_by_on", "provisional")


def request(desk, *rights, **changes):
    values = {"received_at": desk.clock.now(), "channel": Channel.EMAIL} | changes
    return Request(rights=tuple((kind, None) for kind in rights), **values)


def key_of(desk):
    return read_key(desk.office.key_file, may_make=True)


def test_a_letter_with_three_wishes_is_one_case_with_three_tickets(desk):
    with desk.write() as step:
        opening = Opening(step, desk.office, key_of(desk))
        case, tickets = opening.open(request(desk, Kind.ACCESS, Kind.COPY, Kind.DELETION))
        opening.flush()
    with desk.read() as session:
        rows = session.exec(select(TicketRow).order_by(TicketRow.number)).all()
        events = session.exec(select(EventRow).where(EventRow.action == Action.OPEN)).all()
        cases = session.exec(select(CaseRow)).all()

    assert tickets == [(1, Kind.ACCESS), (2, Kind.COPY), (3, Kind.DELETION)]
    assert {row.case_number for row in rows} == {case} == {row.number for row in cases}
    assert len({row.person for row in rows}) == 1
    assert {row.status for row in rows} == {Status.RECEIVED}
    assert [event.ticket for event in events] == [1, 2, 3]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("laws", [("CN",), ("CN", "EU")], ids="+".join)
def test_the_dates_at_the_opening_are_those_of_any_later_count(desk, opened, kind, laws):
    scope = Scope.MARKETING if kind is Kind.WITHDRAWAL else None
    number = opened(kind, scope, laws=laws)
    with desk.write(keep=False) as step:
        ticket = ticket_of(step.session, number)
        stored = [getattr(ticket, name) for name in DATES]
        recompute(step.session, ticket)
        assert [getattr(ticket, name) for name in DATES] == stored
    with desk.read() as session:
        clocks = session.exec(select(ClockRow).where(ClockRow.ticket == number)).all()
    assert {clock.law for clock in clocks} == set(laws)
    assert stored[1] == min(clock.due_legal_on for clock in clocks)


def test_what_was_said_by_the_sender_is_a_claim_and_looked_up_by_a_keyed_hash(desk, opened):
    opened(
        identifiers=(
            (IdentifierType.EMAIL, "Mei@Example.com"),
            (IdentifierType.PHONE, "+86 138 0013 8000"),
            (IdentifierType.EMAIL, "mei@example.com "),
        ),
        sender="Mei@Example.com",
    )
    with desk.read() as session:
        rows = session.exec(select(IdentifierRow)).all()
    found = {row.type: row for row in rows}

    assert len(rows) == 2
    mail = found[IdentifierType.EMAIL]
    assert mail.of_sender
    assert mail.lookup == keyed(key_of(desk), "email", mail.value)
    assert not found[IdentifierType.PHONE].of_sender


def test_what_is_no_identifier_of_its_type_is_kept_as_it_was_written(desk, opened):
    opened(identifiers=((IdentifierType.PHONE, "ask  my neighbour"),), sender=None)
    with desk.read() as session:
        assert session.exec(select(IdentifierRow.value)).one() == "ask my neighbour"


def test_a_list_shows_nobody_whole(desk, opened):
    opened(identifiers=((IdentifierType.NAME, "李小梅"), (IdentifierType.EMAIL, "mei@example.com")))
    opened(identifiers=(), sender=None)
    with desk.read() as session:
        shown = session.exec(select(TicketRow.who).order_by(TicketRow.number)).all()

    assert "mei@" not in shown[0]
    assert "李小梅" not in shown[0]
    assert shown == [shown[0], "unknown"]


def test_the_trail_says_what_was_opened_without_naming_anybody(desk, opened):
    number = opened(Kind.DELETION)
    with desk.read() as session:
        body = session.exec(select(EventRow.body).where(EventRow.ticket == number)).one()

    assert "mei" not in body
    assert '"kind":"deletion"' in body
    assert '"due_on":"2026-12-' in body


def test_the_day_of_receipt_is_the_offices_not_greenwichs(desk, opened):
    late = desk.clock.now().replace(day=20, hour=17)
    number = opened(received_at=late)
    with desk.read() as session:
        assert ticket_of(session, number).received_on == date(2026, 11, 21)


def test_a_law_without_a_pack_opens_nothing(desk, opened):
    with pytest.raises(NotFoundError, match="there is no law"):
        opened(laws=("XX",))
    with desk.read() as session:
        assert session.exec(select(TicketRow.number)).all() == []
    assert opened() == 1


def test_a_purged_number_is_not_given_again(desk, opened):
    number = opened()
    with desk.write() as step:
        for row in step.session.exec(select(ClockRow)):
            step.session.delete(row)
        step.session.flush()
        step.session.delete(ticket_of(step.session, number))
    assert opened() == number + 1


def test_each_case_has_a_token_that_nobody_can_count_up(desk, opened):
    opened()
    opened()
    with desk.read() as session:
        tokens = session.exec(select(CaseRow.token)).all()
    assert len(set(tokens)) == 2
    assert all(len(token) == 8 for token in tokens)


def for_ana(desk, kind, address="ana@post.example", **changes):
    named = ((IdentifierType.EMAIL, address),)
    with desk.write() as step:
        opening = Opening(step, desk.office, key_of(desk))
        _, [(number, _)] = opening.open(request(desk, kind, identifiers=named, **changes))
        opening.flush()
    return number


def targets(desk):
    with desk.read() as session:
        rows = session.exec(select(TicketRow).order_by(TicketRow.number)).all()
        return [row.target_on for row in rows]


@pytest.mark.parametrize("kinds", [(Kind.DELETION, Kind.COPY), (Kind.COPY, Kind.DELETION)])
def test_a_copy_takes_the_earlier_day_of_a_deletion_in_another_case(desk, kinds):
    for kind in kinds:
        for_ana(desk, kind)

    first, second = targets(desk)
    assert first == second == date(2026, 12, 14)
    with desk.write(keep=False) as step:  # and so does any later count
        for number in (1, 2):
            recompute(step.session, ticket_of(step.session, number))
        assert [ticket_of(step.session, n).target_on for n in (1, 2)] == [first, second]


def test_a_deletion_of_somebody_else_brings_no_copy_forward(desk):
    for_ana(desk, Kind.DELETION)
    for_ana(desk, Kind.COPY, "bo@post.example")

    assert targets(desk) == [date(2026, 12, 14), date(2026, 12, 23)]


def test_two_letters_of_one_import_meet_each_other(desk):
    named = ((IdentifierType.EMAIL, "ana@post.example"),)
    with desk.write() as step:
        opening = Opening(step, desk.office, key_of(desk))
        for kind in (Kind.ACCESS, Kind.CANCELLATION):
            opening.open(request(desk, kind, identifiers=named))
        opening.flush()

    assert len({*targets(desk)}) == 1
