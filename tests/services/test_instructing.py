"""A client's instruction: who gives it, what it proves, and how far it reaches."""

import pytest
from sqlmodel import select

from dsr.domain.vocabulary import (
    IdentifierType,
    Kind,
    LetterName,
    Outcome,
    ProofResult,
    RequesterRole,
    TaskState,
)
from dsr.errors import ConflictError, NotAllowedError, NotFoundError, UsageError
from dsr.rules import office
from dsr.services import case_letters, identity, parties
from dsr.services.closing import Closing, close, reopen
from dsr.services.fulfilment import TaskEnd, tasks, work_task
from dsr.services.instructing import Instruction, instruct
from dsr.services.items import Change
from dsr.services.letters import LetterRequest, answer_letter, preview
from dsr.services.proving import proof_objection, proved_identifiers
from dsr.services.referring import refer
from dsr.services.setting import Changes, set_values
from dsr.services.showing import show
from dsr.services.steps import ticket_of
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.people import ProofRow

TOLD = Instruction(Kind.DELETION, "letter of 25 November, sealed")


@pytest.fixture
def referred(desk, opened):
    """A ticket that was referred to lanhai, whose only task is to assist."""
    parties.add_clients(
        desk, [parties.Client("lanhai", {"en": "Lanhai Dairy"}, "privacy@lanhai.example.com")]
    )
    number = opened(Kind.ACCESS)
    refer(desk, number, "lanhai")
    return number


def ticket(desk, number):
    with desk.read() as session:
        return ticket_of(session, number)


def proved(desk, number):
    with desk.read() as session:
        row = ticket_of(session, number)
        rule = office.kind_rule(row.kind, row.scope)
        return proof_objection(session, row, rule), proved_identifiers(session, row)


def test_the_instruction_proves_what_names_the_person_so_far(desk, referred):
    instruct(desk, referred, 1, TOLD)
    objection, known = proved(desk, referred)
    assert objection is None
    assert known == [(IdentifierType.EMAIL, "mei@example.com")]
    named = ((IdentifierType.PHONE, "+8619900000001"),)
    set_values(desk, referred, Changes(identifiers=named))
    assert proved(desk, referred)[1] == known


def test_an_instruction_that_proves_false_proves_nothing(desk, referred):
    instruct(desk, referred, 1, TOLD)
    with desk.write() as step:
        row = step.session.exec(select(ProofRow)).one()
        row.result = ProofResult.FAILED
        step.session.add(row)
    assert "nothing shows" in proved(desk, referred)[0]


def test_the_referral_makes_the_instruction_due_anew_and_keeps_the_laws_day(desk, referred):
    before = ticket(desk, referred)
    view = instruct(desk, referred, 1, TOLD)
    after = ticket(desk, referred)
    assert (after.kind, after.instructed_by) == (Kind.DELETION, "lanhai")
    assert after.outcome is None
    assert view.status == "working"
    assert after.received_on == before.received_on


def test_a_dry_run_leaves_the_ticket_referred(desk, referred):
    instruct(desk, referred, 1, TOLD, dry_run=True)
    row = ticket(desk, referred)
    assert (row.outcome, row.instructed_by) == (Outcome.REFERRED, None)
    with desk.read() as session:
        assert session.exec(select(ProofRow)).all() == []


def test_its_answer_goes_to_the_client_whatever_comes_out(desk, referred):
    instruct(desk, referred, 1, TOLD)
    row = ticket(desk, referred)
    assert {answer_letter(row, outcome) for outcome in Outcome} == {LetterName.ASSISTANCE}
    text = preview(desk, referred, LetterRequest(LetterName.ASSISTANCE)).text
    assert "Lanhai Dairy" in text
    assert "mei@example.com" in text


def test_no_ticket_that_nobody_instructed_has_such_an_answer(desk, opened):
    with pytest.raises(NotAllowedError):
        preview(desk, opened(), LetterRequest(LetterName.ASSISTANCE))


def test_what_the_client_instructed_is_not_made_another_right(desk, referred):
    instruct(desk, referred, 1, TOLD)
    for changes in (Changes(kind=Kind.COPY), Changes(role=RequesterRole.CLIENT)):
        with pytest.raises(NotAllowedError, match="instruction of lanhai"):
            set_values(desk, referred, changes)
    set_values(desk, referred, Changes(language="zh-Hans"))


def test_a_correction_says_what_becomes_what_and_nothing_else_does(desk, referred):
    change = (Change("Phone", "1", "2"),)
    for told in (
        Instruction(Kind.CORRECTION, "sealed"),
        Instruction(Kind.COPY, "sealed", change),
        Instruction(Kind.WITHDRAWAL, "sealed"),
    ):
        with pytest.raises(UsageError):
            instruct(desk, referred, 1, told)
    instruct(desk, referred, 1, Instruction(Kind.CORRECTION, "sealed", change))
    assert show(desk, referred).items[0].label == "Phone"


def test_a_second_instruction_waits_for_a_second_referral(desk, referred):
    instruct(desk, referred, 1, TOLD)
    with pytest.raises(NotAllowedError):
        instruct(desk, referred, 1, TOLD)
    refer(desk, referred, "lanhai")
    assert ticket(desk, referred).instructed_by is None
    instruct(desk, referred, 2, TOLD)


def test_an_ended_task_and_a_client_that_is_gone_instruct_nothing(desk, referred):
    parties.remove_client(desk, "lanhai")
    with pytest.raises(NotFoundError, match="no client any more"):
        instruct(desk, referred, 1, TOLD)
    work_task(desk, referred, 1, TaskEnd(TaskState.DONE, "they answered themselves"))
    with pytest.raises(ConflictError) as refusal:
        instruct(desk, referred, 1, TOLD)
    assert refusal.value.hint == f"dsr reopen {referred} --why TEXT, then dsr refer --to lanhai"
    assert [each.kind for each in tasks(desk, referred)] == ["assistance"]


def test_a_request_that_was_taken_back_since_is_no_longer_the_clients(desk, referred):
    reopen(desk, referred, "the person wrote again")
    close(desk, referred, Closing(Outcome.WITHDRAWN, "wrote so"))
    with pytest.raises(NotAllowedError, match="not referred"):
        instruct(desk, referred, 1, TOLD)


def test_who_the_person_is_the_client_answers_for_and_the_person_is_not_asked(desk, referred):
    instruct(desk, referred, 1, TOLD)
    with desk.write() as step:  # what the client showed has turned out to be nothing
        step.session.exec(select(ProofRow)).one().result = ProofResult.FAILED
        case = ticket_of(step.session, referred).case_number
    with pytest.raises(NotAllowedError, match="instruction of lanhai") as refusal:
        identity.ask(desk, referred, ("mailbox_reply",))
    assert refusal.value.hint == f"dsr refer {referred} --to lanhai, then dsr task instruct"
    with pytest.raises(NotAllowedError, match="no ticket of case"):
        case_letters.ask(desk, case)
    with desk.read() as session:
        names = session.exec(select(LetterRow.name)).all()
    assert LetterName.IDENTITY_REQUEST not in names
