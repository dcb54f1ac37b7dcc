"""The table: whole, without dead ends, as the domain tells it; and its words are commands."""

import ast
import shlex
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.main import get_command

import dsr
from dsr.cli.lazy import LazyGroup
from dsr.cli.main import app
from dsr.domain import guards, workflow
from dsr.domain.commands import COMMANDS
from dsr.domain.guards import Facts, Guard
from dsr.domain.vocabulary import Action, Outcome, Status
from dsr.domain.workflow import (
    FORWARD,
    STEPS,
    ClockEffect,
    guards_ahead,
    next_step,
    step_for,
    typed_from,
)
from dsr.errors import NotAllowedError
from dsr.rules import office

OPENED = [status for status in Status if status is not Status.NONE]
#: The column "goes to". A decision that waits for approval may still be withdrawn: "from every
#: status before the first irreversible step".
GOES_TO = {
    Status.NONE: {Status.RECEIVED},
    Status.RECEIVED: {Status.VERIFYING, Status.WORKING, Status.CLOSED},
    Status.VERIFYING: {Status.WORKING, Status.CLOSED},
    Status.WORKING: {
        Status.VERIFYING,
        Status.WAITING,
        Status.APPROVAL,
        Status.FULFILLING,
        Status.ANSWERED,
        Status.CLOSED,
    },
    Status.WAITING: {Status.WORKING, Status.CLOSED},
    Status.APPROVAL: {Status.WORKING, Status.FULFILLING, Status.ANSWERED, Status.CLOSED},
    Status.FULFILLING: {Status.ANSWERED, Status.WORKING},
    Status.ANSWERED: {Status.CLOSED, Status.WORKING},
    Status.CLOSED: {Status.WORKING},
}
TRUTH = st.booleans()
OBJECTION = st.none() | st.just("because")
COUNT = st.integers(0, 3)
METHODS = tuple(office.proof_methods())
ANY_FACTS = st.builds(
    Facts,
    needs_proof=TRUTH,
    proof_objection=OBJECTION,
    authority_objection=OBJECTION,
    likely_method=st.sampled_from(METHODS),
    searches=TRUTH,
    searched=TRUTH,
    sources_failed=COUNT,
    packages=TRUTH,
    packaged=TRUTH,
    items=COUNT,
    item_objection=OBJECTION,
    approval_due=TRUTH,
    changes_systems=TRUTH,
    planned=TRUTH,
    plan_objection=OBJECTION,
    applied=TRUTH,
    half_applied=TRUTH,
    hold_objection=OBJECTION,
    view_objection=OBJECTION,
    sources=TRUTH,
    stops_marketing=TRUTH,
    decided=TRUTH,
    approved=TRUTH,
    approver_objection=OBJECTION,
    unchanged=TRUTH,
    answer_first=st.none() | st.just(41),
    live_tasks=COUNT,
    open_tasks=COUNT,
    clarification_objection=OBJECTION,
    extension_objection=OBJECTION,
    lapse_objection=OBJECTION,
    closing_as=st.none() | st.sampled_from(Outcome),
    client_named=TRUTH,
    reason_given=TRUTH,
    irreversible_done=TRUTH,
    reviewer_objection=OBJECTION,
)


def parse(line):
    """Read a command line as the program would, without doing it."""
    program, *words = shlex.split(line)
    assert program == "dsr"
    command = get_command(app)
    while isinstance(command, LazyGroup):
        command = command.load(words.pop(0))
    command.make_context(command.name, words).close()


def every_guard():
    return {name: found for name, found in vars(guards).items() if isinstance(found, Guard)}


def check(status, action, facts):
    row = STEPS.get((status, action))
    if row is not None and not any(guard.objection(facts) for guard in row.guards):
        assert step_for(status, action, facts, 7) is row
        assert row.target in {status} | GOES_TO[status]
        return
    with pytest.raises(NotAllowedError) as caught:
        step_for(status, action, facts, 7)
    said = ", ".join(typed_from(status))
    assert (f"possible now: {said or 'nothing'}" if row is None else "dsr ") in caught.value.hint


def test_each_pair_is_a_row_or_is_refused_with_what_is_possible():
    for status, action in product(Status, Action):
        check(status, action, Facts())


@settings(max_examples=400)
@given(status=st.sampled_from(Status), action=st.sampled_from(Action), facts=ANY_FACTS)
def test_no_facts_make_the_table_give_way(status, action, facts):
    check(status, action, facts)


def test_the_moving_rows_are_those_of_the_domain():
    found = {status: set() for status in Status}
    for (status, _), step in STEPS.items():
        if step.target is not status:
            found[status].add(step.target)

    assert found == GOES_TO


def test_only_a_reopening_or_a_clients_instruction_leaves_the_end():
    leading = {a for (s, a), step in STEPS.items() if s is Status.CLOSED and step.target is not s}

    assert leading == {Action.REOPEN, Action.INSTRUCT}


def test_the_guards_ahead_are_those_of_every_way_on():
    for status in Status:
        ways = {action for _, action, _ in FORWARD.get(status, ())}
        asked = {guard for action in ways for guard in STEPS[status, action].guards}
        assert guards_ahead(status) == asked
    assert guards_ahead(Status.CLOSED) == frozenset()


def test_nothing_but_the_opening_stands_before_a_ticket():
    assert [pair for pair in STEPS if pair[0] is Status.NONE] == [(Status.NONE, Action.OPEN)]
    assert [pair for pair in STEPS if pair[1] is Action.OPEN] == [(Status.NONE, Action.OPEN)]


@pytest.mark.parametrize("status", OPENED)
def test_every_status_reaches_the_end_without_being_reopened(status):
    seen, at = set(), {status}
    while at - seen:
        seen |= at
        at = {
            step.target
            for (start, action), step in STEPS.items()
            if start in seen and action is not Action.REOPEN
        }
    assert Status.CLOSED in seen


def test_what_ends_stops_the_clock_and_what_goes_on_starts_it_again():
    ends = {Status.ANSWERED, Status.CLOSED}
    for (status, action), step in STEPS.items():
        if step.target in ends and status not in ends:
            assert step.clock is ClockEffect.STOP, (status, action)
        if status in ends and step.target not in ends:
            assert step.clock is ClockEffect.GO_ON, (status, action)


def test_whatever_begins_or_ends_a_wait_moves_the_clock_wherever_it_is_done():
    effects = {
        Action.ASK_FOR_PROOF: ClockEffect.PAUSE,
        Action.CLARIFY: ClockEffect.PAUSE,
        Action.PROVE: ClockEffect.VERIFY,
        Action.RESUME: ClockEffect.RESUME,
        Action.EXTEND: ClockEffect.EXTEND,
    }
    for (status, action), step in STEPS.items():
        assert step.clock is effects.get(action, step.clock), (status, action)


def test_every_action_has_a_row_and_a_use_case_that_takes_it():
    used = set()
    for path in (Path(dsr.__file__).parent / "services").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "Action":
                used.add(node.attr)

    assert {action for _, action in STEPS} == set(Action)
    assert used == {action.name for action in Action}


def test_tasks_can_be_ended_wherever_a_ticket_may_stand_with_tasks():
    after_a_decision = {Status.WORKING, Status.APPROVAL, Status.FULFILLING, Status.ANSWERED}
    for status in (*after_a_decision, Status.CLOSED):
        assert (status, Action.WORK_TASK) in STEPS


def test_the_table_for_people_has_every_moving_row_once():
    rows = workflow.table()

    assert len({row[:2] for row in rows}) == len(rows)
    assert {(row[0], row[2]) for row in rows} == {
        (status.value, target.value) for status, targets in GOES_TO.items() for target in targets
    }
    assert ("received", "verify ask", "verifying", "a clock that may pause, pauses") in rows
    assert ("working", "fulfil (by itself)", "fulfilling", "") in rows


@pytest.mark.parametrize("command", sorted(set(COMMANDS.values())))
def test_what_is_possible_can_be_typed(command):
    group = get_command(app)
    for word in command.split():
        group = group.load(word)


def test_what_the_program_does_by_itself_is_not_called_possible():
    for status in Status:
        for command in typed_from(status):
            assert command in COMMANDS.values()
    assert "accept" not in typed_from(Status.RECEIVED)
    assert "fulfil" not in typed_from(Status.APPROVAL)


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.VERIFYING])
def test_a_question_before_the_proof_goes_out_as_a_letter(status):
    with pytest.raises(NotAllowedError, match=f"a ticket in status {status}") as caught:
        step_for(status, Action.CLARIFY, Facts(), 7)
    assert "dsr letter 7 clarification --ask TEXT --dir DIR" in caught.value.hint
    assert caught.value.hint.startswith("dsr verify ")


@pytest.mark.parametrize("name", every_guard())
def test_the_command_that_mends_what_a_guard_misses_is_one(name):
    parse(every_guard()[name].mended_by(Facts(answer_first=41), 42))


@pytest.mark.parametrize(
    "command", [each[2] for ways in FORWARD.values() for each in ways], ids=lambda text: text
)
def test_the_command_of_each_next_step_is_one(command):
    parse(command.format(number=42, method=METHODS[0]))


def test_a_command_that_is_none_is_found_out():
    with pytest.raises(KeyError):
        parse("dsr verfy ask 42")
    with pytest.raises(Exception, match="No such option"):
        parse("dsr propose 42 --nonsense")


@given(status=st.sampled_from(Status), facts=ANY_FACTS)
def test_there_is_a_command_to_type_until_the_end(status, facts):
    missing, command = next_step(status, facts, 42)

    if status in {Status.NONE, Status.CLOSED}:
        assert (missing, command) == ((), None)
    else:
        assert command is not None
        assert "{" not in command
        assert {"42", "41"} & set(command.split())  # 41 is the access to be answered first
        assert all(each.what and each.command.startswith("dsr ") for each in missing)


@given(status=st.sampled_from([*FORWARD]), facts=ANY_FACTS)
def test_what_is_missing_is_exactly_what_the_guards_of_the_next_step_say(status, facts):
    missing, _ = next_step(status, facts, 42)
    fitting = next(way for way in FORWARD[status] if way[0](facts))

    if missing:
        with pytest.raises(NotAllowedError, match="is not possible yet"):
            step_for(status, fitting[1], facts, 42)
    else:
        assert step_for(status, fitting[1], facts, 42)


@given(facts=ANY_FACTS)
def test_a_missing_proof_is_asked_for_before_anything_else(facts):
    missing, command = next_step(Status.WORKING, facts, 42)

    if not facts.decided and facts.needs_proof and facts.proof_objection:
        assert missing[0].what == "because"
        assert command == "dsr verify ask 42"
