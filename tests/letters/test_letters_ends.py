"""What an answer ends with: who decided, how long its record is kept, what a law adds to it."""

from datetime import date, timedelta

import pytest

from dsr.domain.vocabulary import Kind, LetterName, Proposal, TaskKind, TaskState
from dsr.letters.needs import missing
from dsr.rules import book
from dsr.services.letter_facts import facts_for
from dsr.services.letter_items import _own, _Reading
from dsr.services.letter_results import Results
from dsr.services.letters import LetterRequest
from dsr.services.steps import ticket_of
from dsr.sources.plan import Change, Work
from dsr.store.tables.cases import ApprovalRow, ItemRow
from dsr.store.tables.registers import ClientRow, OfficerRow
from dsr.store.tables.work import TaskRow

LANGUAGES = ("en", "zh")
TODAY = date(2026, 11, 23)


def told(desk, number, name=LetterName.DELETION, **said):
    with desk.read() as session:
        ticket = ticket_of(session, number)
        request = LetterRequest(name, **said)
        return facts_for(session, desk, ticket, request=request, today=desk.today())


def add(desk, *rows):
    with desk.write() as step:
        step.session.add_all(rows)


def item(number, proposal=Proposal.GRANT, **values):
    row = {"label": "x", "evidence": [], "reason": "because", "citation": "a law, art. 1"}
    return ItemRow(ticket=number, number=1, proposal=proposal, **{**row, **values})


def approved(desk, number, **officers):
    """Let officers of some roles approve a ticket."""
    with desk.write() as step:
        ticket = ticket_of(step.session, number)
        ticket.proposed_hash = "h"
        step.session.add(ticket)
        for name, roles in officers.items():
            step.session.add(OfficerRow(name=name, roles=roles, active=True))
            given = {"ticket": number, "hash": "h", "os_user": name, "at": step.now}
            step.session.add(ApprovalRow(officer=name, void=False, **given))


@pytest.mark.parametrize(
    ("officers", "language", "says"),
    [
        ({}, "en", "Personal Information Protection Officer"),
        ({"wang": ["approver", "admin"]}, "en", "; approved by an officer with power to approve"),
        ({"zhao": ["legal"]}, "en", "; approved by the legal department"),
        ({"zhao": ["legal"], "wang": ["approver"]}, "zh", "；审批：审批人员、法务部门"),
    ],
)
def test_a_letter_tells_the_recorded_roles_of_who_approved_and_no_name(
    desk, opened, officers, language, says
):
    number = opened(Kind.DELETION, laws=("CN",))
    approved(desk, number, **officers)
    said = told(desk, number, language=language).decided_by
    assert said.endswith(says)
    assert not [name for name in officers if name in said]


@pytest.mark.parametrize(
    ("laws", "proposal", "months"),
    [
        (("CN",), Proposal.GRANT, 36),
        (("CN", "HK"), Proposal.GRANT, 36),
        (("CN", "HK"), Proposal.REFUSE, 48),  # the log book of refusals
    ],
)
def test_the_record_is_kept_for_the_longest_term_of_the_laws(desk, opened, laws, proposal, months):
    number = opened(Kind.DELETION, laws=laws)
    ground = {} if proposal is Proposal.GRANT else {"ground": "H3"}
    add(desk, item(number, proposal, **ground))
    until = told(desk, number, LetterName.WITHDRAWAL).record_until_on
    assert until == date(TODAY.year + months // 12, TODAY.month, TODAY.day)


def test_the_record_is_counted_from_the_last_follow_up_and_not_from_what_outlives_the_ticket(
    desk, opened
):
    number = opened(Kind.DELETION, laws=("CN",))
    row = {"ticket": number, "label": "x", "state": TaskState.OPEN, "follow_up": True}
    ends = {TaskKind.BACKUP: TODAY + timedelta(days=8), TaskKind.RETENTION: date(2040, 1, 1)}
    for at, (kind, due_on) in enumerate(ends.items(), start=1):
        add(desk, TaskRow(number=at, kind=kind, target="crm", due_on=due_on, **row))
    assert told(desk, number, LetterName.WITHDRAWAL).record_until_on == date(2029, 12, 1)


def change(work, after=None, field="name"):
    return Change("crm", "contacts", {"id": 1}, work, field, "how", "before", after)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ((change(Work.DELETE, field=""),), {"en": "erased", "zh": "已删除"}),
        ((change(Work.SET),), {"en": "erased", "zh": "已删除"}),
        ((change(Work.SET, "[erased]"),), {"en": "anonymised", "zh": "已匿名化处理"}),
        (
            (change(Work.SET, "[erased]"), change(Work.SET, field="city")),
            {"en": "erased in part, anonymised in part", "zh": "部分已删除，部分已匿名化处理"},
        ),
        ((), {"en": "done as granted", "zh": "已按决定办理"}),
    ],
)
def test_a_granted_part_says_whether_it_was_erased_or_anonymised(changes, says, language):
    row = item(1, source="crm", collection="contacts")
    results = Results(erases=True, changes=changes)
    assert results.said(row, TODAY, language) == says[language]
    assert results.said(row, None, language) == ""
    other = item(1, source="crm", collection="chats")
    assert results.said(other, TODAY, "en") == "done as granted"
    assert Results(erases=False, changes=changes).said(row, TODAY, language) == ""


@pytest.mark.parametrize("code", ["EU", "UK"])
def test_an_access_answer_in_europe_says_exactly_what_the_policy_says_in_general(code, full_facts):
    law = book.law(code)
    owed = {n for d in law.letter_duties if d.letters == (LetterName.ACCESS,) for n in d.needs}
    assert {
        "decision_logic|no_automated_decision",
        "decision_effects|no_automated_decision",
        "transfers|no_transfers",
    } <= owed


def test_without_a_word_on_effects_a_european_access_answer_is_not_written(desk, opened):
    number = opened(laws=("CN", "EU"))
    gaps = missing(LetterName.ACCESS, told(desk, number, LetterName.ACCESS))
    assert [gap for gap in gaps if "15(1)(h)" in gap and "what may follow" in gap]
    assert [gap for gap in gaps if "15(2)" in gap]
    with desk.write() as step:
        ticket = ticket_of(step.session, number)
        ticket.statements = {"no_automated_decision": "yes", "no_transfers": "yes"}
        step.session.add(ticket)
    gaps = missing(LetterName.ACCESS, told(desk, number, LetterName.ACCESS))
    assert not [gap for gap in gaps if "15(1)(h)" in gap or "15(2)" in gap]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_rules_say_to_the_person_is_told_a_client_of_the_person(desk, opened, language):
    number = opened(Kind.ACCESS, laws=("CN",), language=language)
    add(desk, ClientRow(key="lanhai", names={"en": "L", "zh": "L"}, contact="x@l.example"))
    with desk.write() as step:
        ticket = ticket_of(step.session, number)
        ticket.instructed_by = "lanhai"
        step.session.add(ticket)
    with desk.read() as session:
        said = _Reading(item(number), ticket_of(session, number), None, language)
        text = {"en": "Your consents, and yours; as your account", "zh": "您的同意记录"}[language]
        theirs = {
            "en": "The person's consents, and yours; as the person's account",
            "zh": "该个人的同意记录",
        }
        assert _own(said, text) == theirs[language]
