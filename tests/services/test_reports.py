"""Counts of the report, against tickets whose numbers are known."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr.clock import FixedClock
from dsr.domain.vocabulary import Action, Channel, Kind, Outcome, Proposal, Scope, Status
from dsr.errors import UsageError
from dsr.services import reports
from dsr.store.log import Entry
from dsr.store.tables.cases import ItemRow, StopRow
from dsr.store.tables.tickets import TicketRow

TODAY = date(2026, 11, 23)


@pytest.fixture
def made(desk, opened):
    """Return what opens a ticket and then sets columns of it, as a life would have done."""

    def make(
        kind=Kind.ACCESS,
        scope=None,
        *,
        received_at=None,
        channel=Channel.EMAIL,
        by=None,
        **columns,
    ):
        at = received_at or datetime(2026, 10, 12, 2, tzinfo=UTC)
        number = opened(kind, scope, received_at=at, channel=channel)
        with desk.write() as step:
            ticket = step.session.get(TicketRow, number)
            for name, value in columns.items():
                setattr(ticket, name, value)
            if "due_on" in columns:
                ticket.late_after_on = ticket.due_on
            step.session.add(ticket)
        if by is not None:
            clock = FixedClock(columns["answered_at"], "Asia/Shanghai")
            with replace(desk, clock=clock).write() as step:
                entry = Entry(by.value, number, ticket.case_number, "working", "closed", {}, {})
                step.trail.append(entry)
        return number

    return make


@pytest.fixture
def add(desk):
    def add_rows(*rows):
        with desk.write() as step:
            step.session.add_all(rows)

    return add_rows


def report(desk, **said):
    with desk.read() as session:
        return reports.report(session, today=TODAY, zone="Asia/Shanghai", **said)


def answered(days, outcome=Outcome.FULFILLED):
    at = datetime(2026, 10, 12, 2, tzinfo=UTC) + timedelta(days=days)
    return {
        "status": Status.ANSWERED,
        "answered_at": at,
        "outcome": outcome,
        "by": Action.ANSWER,
    }


def test_an_office_without_tickets_has_a_report_of_noughts(desk):
    (only,) = report(desk)

    assert (only.period, only.received, only.by_kind, only.median_days) == ("all", 0, {}, None)
    assert report(desk, by="month") == []


def test_every_ticket_is_counted_once_in_each_word(desk, made):
    made(Kind.ACCESS, **answered(3))
    made(Kind.DELETION, channel=Channel.PHONE, **answered(9, Outcome.REFUSED))
    made(Kind.DELETION)

    (only,) = report(desk)

    assert only.received == 3
    assert list(only.by_kind.items()) == [("deletion", 2), ("access", 1)]
    assert only.by_channel == {"email": 2, "phone": 1}
    assert only.by_outcome == {"fulfilled": 1, "refused": 1}
    assert only.by_law == {"CN": 3}


def test_a_ticket_under_two_laws_counts_under_both(desk, opened):
    opened(laws=("CN", "EU"))

    (only,) = report(desk)

    assert (only.received, only.by_law) == (1, {"CN": 1, "EU": 1})


def test_an_answer_is_late_only_after_its_due_day_in_the_office(desk, made):
    due = {"due_on": date(2026, 10, 20)}
    last_second = datetime(2026, 10, 20, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Shanghai
    ended = {"status": Status.CLOSED, "by": Action.ANSWER}
    made(**due, **ended, answered_at=last_second)
    made(**due, **ended, answered_at=last_second + timedelta(seconds=1))
    made(**due, status=Status.CLOSED, outcome=Outcome.DUPLICATE)
    made(due_on=TODAY)
    made(due_on=TODAY - timedelta(days=1))

    (only,) = report(desk)

    assert (only.in_time, only.late, only.unanswered) == (1, 1, 1)
    assert (only.open, only.open_late) == (2, 1)
    assert (only.median_days, only.p90_days) == (8, 9)


#: How each way without an answer ends, and the step that ends it.
WITHOUT = {
    Outcome.WITHDRAWN: Action.CLOSE,
    Outcome.LAPSED: Action.CLOSE,
    Outcome.DUPLICATE: Action.CLOSE,
    Outcome.NOT_A_REQUEST: Action.CLOSE,
    Outcome.REFERRED: Action.REFER,
}


def test_what_was_closed_without_an_answer_is_counted_apart(desk, made):
    at = datetime(2026, 10, 14, 2, tzinfo=UTC)
    for outcome, step in WITHOUT.items():
        made(status=Status.CLOSED, outcome=outcome, answered_at=at, by=step)
    made(**answered(3, Outcome.REFERRED))  # a decision may say so too, and is an answer

    (only,) = report(desk)

    assert (only.in_time, only.late, only.unanswered) == (1, 0, len(WITHOUT))
    assert (only.median_days, only.p90_days) == (3, 3)
    assert only.by_outcome == {outcome.value: 1 for outcome in WITHOUT} | {"referred": 2}


def test_what_is_only_proposed_has_no_outcome_and_refuses_nothing(desk, made, add):
    waiting = {"status": Status.APPROVAL, "outcome": Outcome.REFUSED}
    at = datetime(2026, 10, 14, 2, tzinfo=UTC)
    withdrawn = {"status": Status.CLOSED, "outcome": Outcome.WITHDRAWN, "answered_at": at}
    numbers = [made(**waiting), made(**withdrawn, by=Action.CLOSE)]
    add(
        *(
            ItemRow(
                ticket=number,
                number=1,
                label="invoices",
                proposal=Proposal.REFUSE,
                ground="H1",
                evidence=[],
            )
            for number in numbers
        )
    )

    (only,) = report(desk)

    assert (only.by_outcome, only.refusals) == ({"withdrawn": 1}, {})


def test_days_run_from_receipt_to_the_answer(desk, made):
    for days in (1, 2, 3, 4, 5, 6, 7, 8, 9, 40):
        made(**answered(days))

    (only,) = report(desk)

    assert (only.median_days, only.p90_days) == (5, 9)


@given(st.lists(st.integers(0, 400), min_size=1))
def test_a_share_of_all_answers_takes_no_longer(days):
    counted = reports.Counter(days)

    for share in (0.5, 0.9):
        limit = reports._share(counted, share)
        assert sum(day <= limit for day in days) >= share * len(days)
        assert sum(day < limit for day in days) < share * len(days)


def test_extensions_pauses_and_refusals_are_counted(desk, made, add):
    refused = made(extended_on=date(2026, 10, 20), **answered(9, Outcome.PARTLY_REFUSED))
    undecided = made(Kind.DELETION)
    add(
        StopRow(ticket=refused, reason="proof", asked_on=date(2026, 10, 13)),
        StopRow(ticket=refused, reason="clarification", asked_on=date(2026, 10, 15)),
        StopRow(ticket=undecided, reason="proof", asked_on=date(2026, 10, 13)),
        *(
            ItemRow(
                ticket=number,
                number=item,
                label="invoices",
                proposal=proposal,
                ground=ground,
                evidence=[],
            )
            for number, item, proposal, ground in (
                (refused, 1, Proposal.KEEP, "H1"),
                (refused, 2, Proposal.REFUSE, "H1"),
                (refused, 3, Proposal.REFUSE, "S1"),
                (refused, 4, Proposal.GRANT, ""),
                (refused, 5, Proposal.KEEP, "K1"),
                (undecided, 1, Proposal.REFUSE, "H7"),
            )
        ),
    )

    (only,) = report(desk, apart=True)

    assert (only.received, only.extensions, only.pauses) == (2, 1, 3)
    assert only.refusals == {"H1": 1, "K1": 1, "S1": 1}
    (together,) = report(desk)
    assert together.refusals == {"hard": 1, "K1": 1, "S1": 1}


def test_months_are_told_apart_by_the_day_of_receipt_in_the_office(desk, made):
    made(Kind.WITHDRAWAL, Scope.MARKETING, received_at=datetime(2026, 9, 30, 15, 59, tzinfo=UTC))
    made(Kind.COPY, received_at=datetime(2026, 9, 30, 16, tzinfo=UTC))
    made(Kind.COPY, **answered(3))

    september, october = report(desk, by="month")

    assert (september.period, september.by_kind) == ("2026-09", {"withdrawal": 1})
    assert (october.period, october.by_kind) == ("2026-10", {"copy": 2})
    assert (september.median_days, october.median_days) == (None, 3)


def test_a_span_includes_both_its_days(desk, made):
    for day in (11, 12, 13):
        made(received_at=datetime(2026, 10, day, 2, tzinfo=UTC))
    twelfth = date(2026, 10, 12)

    assert report(desk, first=twelfth)[0].received == 2
    assert report(desk, last=twelfth)[0].received == 2
    assert report(desk, first=twelfth, last=twelfth)[0].received == 1
    assert sum(report(desk, last=twelfth)[0].by_law.values()) == 2


@pytest.mark.parametrize(
    "said", [{"by": "week"}, {"first": TODAY, "last": TODAY - timedelta(days=1)}]
)
def test_a_span_or_period_that_makes_no_sense_is_refused(desk, said):
    with pytest.raises(UsageError):
        report(desk, **said)
