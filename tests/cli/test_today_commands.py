"""The command of each line of the day is the one that `show` names, wherever a ticket stands."""

import sqlite3
from contextlib import closing

import pytest

from dsr.domain.vocabulary import Kind, RequesterRole
from dsr.domain.workflow import guards_ahead, next_step
from dsr.services import facts, today
from dsr.services.steps import ticket_of

SHARED = "--with-shared crm.households --why 'both have moved'"
XU = "xu.xiaoyu@mail.example.com"
PHONE = "+8619900000001"


def told(walk, number):
    """Return what the day of a year later says to type for an open ticket, late or waiting."""
    lines = walk.json("today --as-of 2027-12-01")
    when = {("late", number), ("due", number)}
    (found,) = [e["command"] for e in lines if (e["section"], e["number"]) in when]
    return found


def test_who_is_waited_for_beyond_the_day_is_not_forgotten(walk):
    number = walk.open("copy")[0]
    walk(f"verify ask {number} --method video")
    said = walk("today --as-of 2027-12-01").stdout
    assert "waits for the requester beyond 2026-12-23" in said
    assert "Late" not in said


def agree(walk, number):
    """Insist that day and screen name the same command, and return it."""
    shown = walk.show(number)["next_command"]
    assert told(walk, number) == shown
    return shown


def test_of_a_copy_on_its_way(walk):
    number = walk.open("copy")[0]
    assert agree(walk, number) == f"dsr verify ask {number}"
    walk(f"verify ask {number} --method video")
    assert agree(walk, number) == f"dsr verify pass {number} --method video"
    walk(f"verify pass {number} --method video")
    assert agree(walk, number) == f"dsr find {number}"
    walk(f"find {number}")
    assert agree(walk, number) == f"dsr export {number}"
    walk(f"export {number}")
    assert agree(walk, number) == f"dsr propose {number}"
    walk(f"propose {number}")
    assert agree(walk, number) == f"dsr approve {number} --as OFFICER"
    walk(f"approve {number} --as wang")
    assert agree(walk, number) == f"dsr answer {number}"


def test_where_the_proof_is_too_weak_for_what_was_found(walk):
    number = walk.open("copy")[0]
    walk(f"verify pass {number} --method known_facts")
    walk(f"find {number}")
    assert agree(walk, number) == f"dsr verify ask {number}"


def test_where_what_is_corrected_was_the_proof(walk):
    number = walk.open("correction", PHONE, "phone")[0]
    walk(f"verify pass {number} --method one_time_code")
    walk(f"find {number}")
    changes = walk.file(f"手机号: {PHONE} -> +8619900000999")
    walk(f"propose {number} --changes {changes} --draft")
    assert agree(walk, number) == f"dsr verify ask {number}"


def test_of_a_deletion_with_its_plan(walk, systems):
    number = walk.found("deletion")
    assert agree(walk, number) == f"dsr plan {number}"
    walk(f"plan {number} {SHARED}")
    assert agree(walk, number) == f"dsr propose {number}"
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    assert agree(walk, number) == f"dsr apply {number}"
    walk(f"hold {number} --why court --as zhao")
    assert agree(walk, number) == f"dsr hold {number} --lift --why TEXT"
    walk(f"hold {number} --lift --why over --as zhao")
    walk(f"apply {number} --yes")
    assert agree(walk, number) == f"dsr task list {number}"  # what is kept is used no more
    walk.work(number, "stop_use")
    assert agree(walk, number) == f"dsr answer {number}"


def test_where_the_plan_is_stale_or_leaves_rows_to_decide(walk, systems):
    number = walk.found("deletion")
    walk(f"plan {number}")
    assert agree(walk, number) == f"dsr plan {number}"
    walk(f"plan {number} {SHARED}")
    item = next(i["number"] for i in walk.show(number)["items"] if i["source"] == "crm.households")
    walk(f"refuse {number} T2 --items {item} --reason shared --internal others --draft")
    assert agree(walk, number) == f"dsr plan {number}"


def changed(database, statement):
    """Bring the office into a state that a killed run or an older office leaves."""
    with closing(sqlite3.connect(database)) as own, own:
        own.execute(statement)


def test_where_a_plan_leaves_all_work_to_people(walk, systems, database):
    number = walk.found("deletion")
    changed(database, "update source set read_only = 1")
    walk(f"plan {number} {SHARED}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    assert walk.rows("select count(*) from plan_part") == [0]
    assert agree(walk, number) == f"dsr task list {number}"
    walk.work(number, "source", "stop_use")
    assert agree(walk, number) == f"dsr answer {number}"


def test_where_every_part_is_done_but_a_task_that_applying_ends(walk, systems, database):
    number = walk.found("deletion")
    walk(f"plan {number} {SHARED}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    changed(database, "update plan_part set state = 'done'")
    assert walk.tasks(number, "source")
    assert agree(walk, number) == f"dsr apply {number}"
    later = walk.later(20)
    tasks = [e["command"] for e in later.json("today") if e["section"] == "task"]
    assert f"dsr apply {number}" in tasks


def test_where_the_access_goes_first(walk):
    access, erasure = walk.open("access deletion")
    walk(f"verify pass {erasure} --method video")
    walk(f"find {erasure}")
    walk(f"propose {erasure}")
    assert agree(walk, erasure) == f"dsr show {access}"
    agree(walk, access)


def test_where_leave_is_needed_to_see_a_minors_data(walk):
    born = walk.file("2014-05-31", "born.txt")
    number = walk.open(f"copy --role guardian --born {born}", XU)[0]
    for method in ("guardian_document", "video"):
        walk(f"verify pass {number} --method {method}")
    assert agree(walk, number) == f"dsr approve {number} --to-view li --as APPROVER"
    walk(f"approve {number} --to-view li --as wang")
    assert agree(walk, number) == f"dsr find {number}"


def test_where_legal_has_not_yet_approved(walk):
    walk("officer add chen --roles approver")
    number = walk.found("deletion")
    walk(f"refuse {number} H2 --reason x --internal y --citation 'State Security Law Art. 4'")
    walk(f"approve {number} --as wang")
    walk(f"approve {number} --as chen")
    assert agree(walk, number) == f"dsr approve {number} --as OFFICER"
    walk(f"approve {number} --as zhao")
    assert agree(walk, number) == f"dsr answer {number}"


def test_of_what_needs_no_proof(walk):
    assert agree(walk, walk.open("withdrawal --scope marketing")[0]) == "dsr stop 1"
    number = walk.open("explanation")[0]
    assert agree(walk, number) == f"dsr propose {number}"
    walk(f"clarify {number} --ask what?")
    assert agree(walk, number) == f"dsr resume {number}"
    walk(f"resume {number}")
    walk(f"propose {number} --say answer=so")
    assert agree(walk, number) == f"dsr answer {number}"
    number = walk.open("complaint")[0]
    walk(f"set {number} --kind copy")
    agree(walk, number)


def test_of_an_answered_ticket_whose_only_work_left_is_looked_at_later(walk, desk):
    number = walk.found("deletion")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk.work(number, "source", "stop_use")
    walk(f"answer {number}")
    with desk.read() as session:
        ticket = ticket_of(session, number)
        ahead = facts.ahead(session, ticket, desk.today(), "li")
        assert ahead.open_tasks == len(walk.tasks(number, "recipient", "backup"))
        assert ahead.open_tasks < len(walk.tasks(number))
        _, command = next_step(ticket.status, ahead, number)
    assert command == walk.show(number)["next_command"] == f"dsr task list {number}"


@pytest.mark.parametrize("kind", list(Kind))
def test_facts_of_many_tickets_are_those_of_each(desk, opened, kind):
    numbers = [opened(kind, identifiers=(), sender=f"{n}@example.com") for n in range(3)]
    with desk.read() as session:
        each = [
            facts.ahead(session, ticket_of(session, number), desk.today(), "li")
            for number in numbers
        ]
        day = today._day(session, desk, today.Whose("li"), None)
        rows = session.connection().execute(today.queries._tickets()).all()
        together = [todo.facts for todo in today.judged(day, rows)]
    assert each == together


def test_what_no_guard_ahead_asks_is_not_looked_up_and_the_rest_is_as_gathered(desk, opened):
    number = opened(Kind.DELETION)
    opened(Kind.ACCESS)
    with desk.read() as session:
        ticket = ticket_of(session, number)
        whole = facts.gather(session, ticket, desk.today())
        ahead = facts.ahead(session, ticket, desk.today(), "li")
        assert next_step(ticket.status, whole, number) == next_step(ticket.status, ahead, number)
        assert whole.answer_first == 2
        assert ahead.answer_first is None
        names = {name for guard, (name, _) in facts._ASKED_BY.items()}
        asked = {facts._ASKED_BY[g][0] for g in guards_ahead(ticket.status) & set(facts._ASKED_BY)}
        for name in ahead.__slots__:
            if name not in names - asked | {"viewer"}:
                assert getattr(ahead, name) == getattr(whole, name), name


def test_two_clients_of_one_agent_are_not_one_person_to_who_approves(walk, opened, database):
    """The agent's own address stands in both files; only one of them was approved by wang."""
    common = {"sender": "agent@example.com", "role": RequesterRole.AGENT}
    judged = opened(Kind.COPY, identifiers=(), **common)
    complaint = opened(Kind.COMPLAINT, identifiers=(), **common)
    changed(database, f"update ticket set first_approver = 'wang' where number = {judged}")
    walk(f"propose {complaint} --say finding=unfounded --say complaint_result=rejected")
    lines = walk.json("today --as wang")
    assert [e["number"] for e in lines if e["section"] == "approval"] == [complaint]
    walk(f"approve {complaint} --as wang")
