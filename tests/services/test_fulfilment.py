"""How tasks end: by whomever, the row and the event are the same; a review is not one's own."""

import json
from dataclasses import replace

import pytest
from sqlmodel import select

from dsr.domain.vocabulary import Kind, TaskKind, TaskState
from dsr.errors import ConflictError, NotAllowedError, UsageError
from dsr.services.applying import apply
from dsr.services.desk import FourEyes
from dsr.services.fulfilment import TaskEnd, work_task
from dsr.services.identity import Shown, accept
from dsr.services.instructing import end_assistance
from dsr.services.steps import ticket_of
from dsr.store.tables.registers import OfficerRow
from dsr.store.tables.trail import EventRow, SecretRow
from dsr.store.tables.work import TaskRow

DONE = TaskEnd(TaskState.DONE, "done so")
UPHELD = TaskEnd(TaskState.DONE, "looked at anew", "upheld", not_owner=True)


@pytest.fixture
def working(desk, opened):
    """Return what opens a review with one task, whose answer somebody prepared."""

    def open_one(kind, *, target="office", by="li", user="li-system"):
        number = opened(Kind.REVIEW)
        accept(desk, number, Shown("video"))
        with desk.write() as step:
            ticket = ticket_of(step.session, number)
            ticket.proposed_by, ticket.proposed_by_user = by, user
            task = {"ticket": number, "number": 1, "target": target, "label": "it"}
            step.session.add(TaskRow(**task, kind=kind, state=TaskState.OPEN))
        return number

    return open_one


def ends(desk):
    """Return what the trail says of tasks: the facts, and what is sealed beside them."""
    with desk.read() as session:
        rows = session.exec(select(EventRow).where(EventRow.action == "work_task")).all()
        sealed = {each.event: (each.name, each.value) for each in session.exec(select(SecretRow))}
        return [(row.ticket, json.loads(row.body)["facts"], sealed[row.id]) for row in rows]


def test_the_end_of_a_task_is_told_in_one_way_by_whatever_it_ends(desk, company, working):
    by_plan, by_word, by_answer = (
        company.number,
        working(TaskKind.BACKUP),
        working(TaskKind.ASSISTANCE, target="lanhai"),
    )
    apply(desk, by_plan)
    work_task(desk, by_word, 1, DONE)
    with desk.write() as step:
        ticket = ticket_of(step.session, by_answer)
        ticket.instructed_by = "lanhai"
        end_assistance(step, ticket)
    told = ends(desk)
    assert {number for number, *_ in told} == {by_plan, by_word, by_answer}
    for number, facts, (name, result) in told:
        plan = {"plan": facts["plan"]} if number == by_plan else {}
        task = {"task": facts["task"], "from": "open", "to": "done", "code": None}
        assert facts == task | plan
        with desk.read() as session:
            row = session.get_one(TaskRow, (number, facts["task"]))
        assert (name, result) == ("result", row.result)
        assert (row.state, row.officer, row.done_on) == (TaskState.DONE, "li", desk.today())


def test_a_reminded_task_is_counted_and_a_failed_one_is_not_done(desk, working):
    number = working(TaskKind.BACKUP)
    work_task(desk, number, 1, TaskEnd(TaskState.REMINDED, "by mail"))
    work_task(desk, number, 1, TaskEnd(TaskState.FAILED, "no answer"))
    with desk.read() as session:
        row = session.get_one(TaskRow, (number, 1))
    assert (row.reminders, row.state, row.done_on) == (1, TaskState.FAILED, None)


def test_a_task_that_ended_names_what_to_look_at(desk, working):
    number = working(TaskKind.BACKUP)
    work_task(desk, number, 1, DONE)
    with pytest.raises(ConflictError) as refusal:
        work_task(desk, number, 1, DONE)
    assert refusal.value.hint == f"dsr task list {number}"


def test_other_work_than_a_review_has_no_result_of_one(desk, working):
    number = working(TaskKind.BACKUP)
    with pytest.raises(UsageError, match="no such result") as refusal:
        work_task(desk, number, 1, UPHELD)
    assert refusal.value.hint == f"dsr task done {number} 1 --proof TEXT"


def test_one_officer_alone_reviews_what_he_decided_and_the_trail_says_so(desk, working):
    view = work_task(desk, working(TaskKind.HUMAN_REVIEW), 1, UPHELD)
    assert "one officer alone" in view.said
    ((_, facts, _),) = ends(desk)
    assert (facts["alone"], facts["four_eyes"], facts["code"]) == (True, "alone", "upheld")


def test_a_review_of_what_another_decided_is_nobodys_alone(desk, working):
    number = working(TaskKind.HUMAN_REVIEW, by="zhao", user="zhao-system")
    view = work_task(desk, number, 1, UPHELD)
    assert "alone" not in view.said
    ((_, facts, _),) = ends(desk)
    assert (facts["alone"], facts["four_eyes"]) == (False, "alone")


@pytest.mark.parametrize(("four_eyes", "allowed"), [(FourEyes.USER, False), (FourEyes.NAME, True)])
def test_the_same_system_user_reviews_under_another_name_only_where_names_count(
    desk, working, four_eyes, allowed
):
    number = working(TaskKind.HUMAN_REVIEW)
    with desk.write() as step:
        step.session.add(OfficerRow(name="li2", roles=["handler"], os_user="li-system"))
    other = replace(desk, officer="li2", office=replace(desk.office, four_eyes=four_eyes))
    if allowed:
        work_task(other, number, 1, UPHELD)
    else:
        with pytest.raises(NotAllowedError, match="somebody else reviews"):
            work_task(other, number, 1, UPHELD)
