"""Steps through the services: whatever is done in whatever order, the trail tells all of it."""

import json
import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from dsr.clock import FixedClock
from dsr.domain.vocabulary import (
    Action,
    Channel,
    IdentifierType,
    Kind,
    Outcome,
    Proposal,
    RequesterRole,
    Scope,
    SearchResult,
    Status,
    TaskState,
)
from dsr.errors import DsrError, NotAllowedError, NotFoundError, UsageError
from dsr.services import approvals, clock_steps, closing, extending, handling, identity, setting
from dsr.services.answers import Handing, answer
from dsr.services.closing import Closing
from dsr.services.dates import recompute
from dsr.services.decisions import propose
from dsr.services.evidence import verify
from dsr.services.fulfilment import TaskEnd, tasks, work_task
from dsr.services.giving import Less
from dsr.services.identity import Shown
from dsr.services.items import Decision
from dsr.services.receiving import ByHand, open_by_hand
from dsr.services.setting import Changes
from dsr.services.steps import take, ticket_of
from dsr.store.columns import instant_text
from dsr.store.tables.cases import ClockRow, StopRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.trail import EventRow
from dsr.store.tables.work import SearchRow

#: The events that may move a due date later, each because of what it records itself.
MAY_MOVE_LATER = {
    Action.ASK_FOR_PROOF,  # a wait begins; where it restarts the clock, from the question
    Action.PROVE,  # a wait ends; where identity starts the clock, it starts
    Action.CLARIFY,
    Action.RESUME,
    Action.EXTEND,
    Action.SET,  # another law, place, kind or day of receipt: what was guessed is put right
    Action.CLOSE,  # a wait ends with the ticket
    Action.REFER,
}
STATEMENTS = {"answer": "We use it to pay you.", "finding": "You were right."}
DATES = ("due_nominal_on", "due_on", "target_on", "act_by_on", "provisional")


def at(desk, days):
    """Return the same desk some days later."""
    later = FixedClock(desk.clock.instant + timedelta(days=days), desk.clock.zone)
    return replace(desk, clock=later)


def state(desk, number):
    with desk.read() as session:
        row = ticket_of(session, number)
        clocks = session.exec(select(ClockRow).where(ClockRow.ticket == number)).all()
        stops = session.exec(select(StopRow).where(StopRow.ticket == number)).all()
        found = {name: getattr(row, name) for name in ("status", "laws", *DATES)}
        found["clocks"] = {one.law: one.due_legal_on for one in clocks}
        found["open waits"] = sum(one.resumed_on is None for one in stops)
        return found


def events(desk, number):
    """Return the bodies of a ticket's events; `log` would write down that they were read."""
    query = select(EventRow).where(EventRow.ticket == number).order_by(EventRow.id)
    with desk.read() as session:
        return [json.loads(row.body) for row in session.exec(query)]


def search(desk, number, result=SearchResult.FOUND):
    """Say that the one source was searched; no source needs to be there for it."""
    row = SearchRow(
        ticket=number,
        source="crm",
        collection="customers",
        result=result,
        rows=1,
        warnings=[],
        categories=["user.contact.email"],
        at=desk.clock.now(),
    )
    with desk.write() as step:
        step.session.add(row)


def moves(desk, number, luck):
    """Return what an officer might type next, sense or nonsense."""
    why = luck.choice(["because of it", "", "he called"])
    day = desk.today() - timedelta(days=luck.randrange(0, 9))
    methods = [Shown("known_facts"), Shown("mailbox_reply"), Shown("in_person")]
    changes = [
        Changes(laws=("CN", "EU"), place="DE"),
        Changes(laws=("EU",)),
        Changes(laws=("CN",)),
        Changes(received_on=day, why="the stamp"),
        Changes(kind=luck.choice([Kind.ACCESS, Kind.DELETION, Kind.COPY])),
        Changes(language="zh-Hans"),
    ]
    ends = [*Outcome]
    return [
        lambda: identity.ask(desk, number, ("known_facts",)),
        lambda: identity.ask(desk, number),
        lambda: identity.accept(desk, number, luck.choice(methods)),
        lambda: identity.accept(desk, number, methods[2]),
        lambda: identity.fail(desk, number, "known_facts", why),
        lambda: clock_steps.clarify(desk, number, why),
        lambda: clock_steps.clarify(desk, number, "which years?"),
        lambda: clock_steps.resume(desk, number, why),
        lambda: extending.extend(desk, number, why),
        lambda: handling.assign(desk, number, "li"),
        lambda: handling.note(desk, number, why),
        lambda: setting.set_values(desk, number, luck.choice(changes)),
        lambda: propose(desk, number, Decision(statements=STATEMENTS)),
        lambda: propose(desk, number, Decision(statements=STATEMENTS)),
        lambda: propose(
            desk, number, Decision(less=(Less(Proposal.REFUSE, "S4"),), statements=STATEMENTS)
        ),
        lambda: approvals.approve(desk, number),
        lambda: approvals.send_back(desk, number, why),
        lambda: answer(desk, number, Handing(proof="by hand")),
        lambda: closing.close(desk, number, luck.choice([None, Closing(luck.choice(ends), why)])),
        lambda: closing.reopen(desk, number, why),
        *[
            lambda task=task: work_task(desk, number, task.number, TaskEnd(TaskState.DONE, "done"))
            for task in tasks(desk, number)
        ],
    ]


def onward(desk, number, status, luck):
    """Return what leads to the end from a status."""
    ways = {
        Status.WORKING: lambda: propose(desk, number, Decision(statements=STATEMENTS)),
        Status.WAITING: lambda: clock_steps.resume(desk, number),
        Status.APPROVAL: lambda: approvals.approve(desk, number),
        Status.CLOSED: lambda: closing.reopen(desk, number, "it bounced"),
    }
    if status in {Status.RECEIVED, Status.VERIFYING}:
        return lambda: identity.accept(desk, number, Shown("in_person"))
    ended = [
        lambda task=task: work_task(desk, number, task.number, TaskEnd(TaskState.DONE, "done"))
        for task in tasks(desk, number)
    ]
    return luck.choice([ways.get(status, lambda: answer(desk, number, Handing())), *ended])


def check(before, after, event, told):
    """Hold one step against the trail: what it changed, the last event says."""
    if before["status"] is not after["status"]:
        assert told, "a status changed without an event"
        assert (told[0]["before"], told[-1]["after"]) == (before["status"], after["status"])
    for one in told:
        assert (one["officer"], one["os_user"]) == ("li", "li-system")
        assert one["at"] == instant_text(event)
        assert one["action"] in {action.value for action in Action}
    if after["due_on"] > before["due_on"]:
        movers = [one for one in told if Action(one["action"]) in MAY_MOVE_LATER]
        assert movers, f"moved later by {[one['action'] for one in told]}"
        assert movers[-1]["facts"]["due_on"] == after["due_on"].isoformat()
    if after["due_on"] != before["due_on"]:
        assert any("due_on" in one["facts"] for one in told)


def walk(desk, number, luck, steps, straight=0.4):
    done = []
    for _ in range(steps):
        desk = at(desk, luck.choice([0, 0, 1, 2, 12]))
        before, length = state(desk, number), len(events(desk, number))
        try:
            if luck.random() < straight:
                onward(desk, number, before["status"], luck)()
            else:
                luck.choice(moves(desk, number, luck))()
        except DsrError:
            assert state(desk, number) == before
            assert len(events(desk, number)) == length
            continue
        after, told = state(desk, number), events(desk, number)[length:]
        check(before, after, desk.clock.now(), told)
        done += told
        assert_stored_dates_are_counted_anew(desk, number)
    return desk, done


def assert_stored_dates_are_counted_anew(desk, number):
    """Nothing waits to be counted at the next occasion, which would not be its reason."""
    with desk.write(keep=False) as step:
        ticket = ticket_of(step.session, number)
        stored = [getattr(ticket, name) for name in DATES]
        recompute(step.session, ticket)
        assert [getattr(ticket, name) for name in DATES] == stored


@pytest.mark.parametrize("laws", [("CN",), ("EU",), ("CN", "EU")], ids="+".join)
@pytest.mark.parametrize(
    ("seed", "kind"),
    [
        (1, Kind.ACCESS),
        (2, Kind.DELETION),
        (3, Kind.COPY),
        (4, Kind.CANCELLATION),
        (5, Kind.EXPLANATION),
        (6, Kind.COMPLAINT),
        (7, Kind.RESTRICTION),
    ],
)
def test_whatever_is_typed_the_trail_tells_every_change(desk, opened, seed, kind, laws):
    number = opened(kind, laws=laws)
    search(desk, number)
    desk, done = walk(desk, number, random.Random(seed), 24)

    assert len(done) > 3
    audit = verify(desk)
    assert (audit.ok, audit.why) == (True, None)


def test_the_walks_meet_every_status_that_a_ticket_can_have(desk, opened):
    met = set()
    for seed in range(10):
        number = opened([Kind.CANCELLATION, Kind.ACCESS][seed % 2])
        search(desk, number)
        _, done = walk(desk, number, random.Random(seed), 30, straight=0.4)
        met |= {one[end] for one in done for end in ("before", "after")}

    assert met >= {status.value for status in Status} - {"none"}


def test_a_step_tells_who_when_and_what(desk, opened):
    number = opened()
    handling.note(desk, number, "she called")
    told = events(desk, number)[-1]

    assert (told["officer"], told["at"]) == ("li", instant_text(desk.clock.now()))
    assert (told["action"], told["before"], told["after"]) == ("note", "received", "received")
    assert "called" not in json.dumps(told)  # the chain keeps a commitment only


def change_and_approve(step, ticket):
    ticket.who, ticket.status = "somebody else", Status.CLOSED
    take(step, ticket, Action.APPROVE)


def test_a_refused_step_changes_nothing_though_the_session_saw_the_change(desk, opened):
    number = opened()
    before = state(desk, number)
    with pytest.raises(NotAllowedError), desk.write() as step:
        change_and_approve(step, ticket_of(step.session, number))

    assert state(desk, number) == before
    assert verify(desk).events == 2  # the first officer, the opening


def test_a_ticket_that_is_not_there_names_the_last_one(desk, opened):
    with desk.read() as session, pytest.raises(NotFoundError, match="no ticket 9") as caught:
        ticket_of(session, 9)
    assert "makes the first" in caught.value.hint
    number = opened()
    with desk.read() as session, pytest.raises(NotFoundError) as caught:
        ticket_of(session, 9)
    assert caught.value.hint == f"the last one is {number}"


def test_every_command_takes_a_dry_run_without_leaving_a_trace(desk, opened):
    number = opened()
    before, length = state(desk, number), len(events(desk, number))

    view = identity.accept(desk, number, Shown("in_person"), dry_run=True)
    assert view.status == "working"
    assert state(desk, number) == before
    assert len(events(desk, number)) == length


def test_what_was_decided_does_not_stand_when_the_ticket_becomes_another(desk, opened):
    """Else a decision that needs no second officer would carry one that does."""
    number = opened(Kind.EXPLANATION)
    propose(desk, number, Decision(statements=STATEMENTS))
    assert state(desk, number)["status"] is Status.WORKING
    setting.set_values(desk, number, Changes(kind=Kind.WITHDRAWAL, scope=Scope.COOKIES))

    with pytest.raises(NotAllowedError, match="changed after it was decided") as caught:
        answer(desk, number, Handing())
    assert caught.value.hint == f"dsr propose {number}"


def test_work_that_outlives_a_return_can_be_ended(desk, opened):
    number = opened(Kind.CANCELLATION)
    search(desk, number)
    identity.accept(desk, number, Shown("in_person"))
    propose(desk, number, Decision())
    approvals.approve(desk, number)
    assert state(desk, number)["status"] is Status.FULFILLING
    approvals.send_back(desk, number, "the wrong person")
    for task in tasks(desk, number):
        work_task(desk, number, task.number, TaskEnd(TaskState.DONE, "taken back"))

    assert state(desk, number)["status"] is Status.WORKING
    assert tasks(desk, number) == []


def test_a_question_without_words_is_not_asked(desk, opened):
    number = opened()
    identity.accept(desk, number, Shown("in_person"))

    with pytest.raises(NotAllowedError, match="no reason is given"):
        clock_steps.clarify(desk, number, "  ")


def test_an_answered_ticket_is_not_closed_as_something_else(desk, opened):
    number = opened(Kind.EXPLANATION)
    propose(desk, number, Decision(statements=STATEMENTS))
    answer(desk, number, Handing())
    with pytest.raises(NotAllowedError, match="does not take 'close'"):
        closing.close(desk, number, Closing(Outcome.WITHDRAWN, "he called"))


@pytest.mark.parametrize(
    ("outcome", "of"), [(Outcome.DUPLICATE, None), (Outcome.DUPLICATE, 1)], ids=["none", "itself"]
)
def test_a_duplicate_repeats_another_ticket(desk, opened, outcome, of):
    number = opened()
    with pytest.raises(UsageError, match="repeats another"):
        closing.close(desk, number, Closing(outcome, "twice", of=of))
    other = opened()
    assert closing.close(desk, other, Closing(outcome, "twice", of=number)).status == "closed"


def test_a_reopened_ticket_is_decided_anew(desk, opened):
    number = opened(Kind.EXPLANATION)
    propose(desk, number, Decision(statements=STATEMENTS))
    answer(desk, number, Handing())
    closing.reopen(desk, number, "the answer bounced")
    with desk.read() as session:
        row = session.get_one(TicketRow, number)
        assert not row.decided
        assert (row.outcome, row.answered_at, row.closed_at) == (None, None, None)
    with pytest.raises(NotAllowedError, match="nothing has been decided"):
        answer(desk, number, Handing())


def test_by_hand_and_by_step_the_first_event_opens(desk):
    taken = ByHand(
        rights=((Kind.ACCESS, None), (Kind.DELETION, None)),
        channel=Channel.PHONE,
        identifiers=((IdentifierType.EMAIL, "mei@example.com"),),
        role=RequesterRole.SUBJECT,
    )
    for view in open_by_hand(desk, taken):
        first = events(desk, view.number)[0]
        assert (first["action"], first["before"], first["after"]) == ("open", "none", "received")
