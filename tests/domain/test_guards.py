"""Each guard of each row: taken away, a test here is red."""

import pytest

from dsr.domain.guards import CLOSINGS, Facts
from dsr.domain.vocabulary import Action, Outcome, Status
from dsr.domain.workflow import STEPS, step_for
from dsr.errors import NotAllowedError

#: What a requirement is called: facts that meet it, facts that do not, words of the objection.
RULES = {
    "no proof needed": ({"needs_proof": False}, {"needs_proof": True}, "needs proof of identity"),
    "proof needed": ({"needs_proof": True}, {"needs_proof": False}, "hinder the person"),
    "proved": (
        {"needs_proof": True, "proof_objection": None},
        {"proof_objection": "who is it"},
        "who is it",
    ),
    "searched": (
        {"searches": True, "searched": True},
        {"searches": True, "searched": False},
        "have not been searched",
    ),
    "answered by sources": ({"sources_failed": 0}, {"sources_failed": 2}, "2 searches failed"),
    "packaged": (
        {"packages": True, "packaged": True},
        {"packages": True, "packaged": False},
        "has not been put together",
    ),
    "copy fits": ({"copy_objection": None}, {"copy_objection": "another copy"}, "another copy"),
    "lawful": ({"item_objection": None}, {"item_objection": "a hard stop"}, "a hard stop"),
    "reviewer": ({"reviewer_objection": None}, {"reviewer_objection": "the same"}, "the same"),
    "approval due": ({"approval_due": True}, {"approval_due": False}, "needs no second officer"),
    "no approval due": ({"approval_due": False}, {"approval_due": True}, "needs a second officer"),
    "decided": ({"decided": True}, {"decided": False}, "nothing has been decided"),
    "still decided": ({"unchanged": True}, {"unchanged": False}, "changed after it was decided"),
    "approved": ({"approved": True}, {"approved": False}, "has not approved"),
    "may approve": ({"approver_objection": None}, {"approver_objection": "his own"}, "his own"),
    "unchanged": ({"unchanged": True}, {"unchanged": False}, "changed after it was proposed"),
    "access first": ({"answer_first": None}, {"answer_first": 6}, "ticket 6 asks for the same"),
    "work": ({"live_tasks": 1}, {"live_tasks": 0}, "no task to carry out"),
    "work done": ({"live_tasks": 0}, {"live_tasks": 3}, "3 tasks are not done"),
    "all done": ({"open_tasks": 0}, {"open_tasks": 1}, "1 follow-ups are open"),
    "may ask back": (
        {"clarification_objection": None},
        {"clarification_objection": "never for this"},
        "never for this",
    ),
    "may extend": (
        {"extension_objection": None},
        {"extension_objection": "no extension"},
        "no extension",
    ),
    "may lapse": (
        {"closing_as": Outcome.LAPSED, "lapse_objection": None},
        {"closing_as": Outcome.LAPSED, "lapse_objection": "too early"},
        "too early",
    ),
    "may end so": (
        {"closing_as": Outcome.WITHDRAWN},
        {"closing_as": Outcome.FULFILLED},
        "without a decision only",
    ),
    "nothing irreversible": ({"irreversible_done": False}, {"irreversible_done": True}, "already"),
    "client": ({"client_named": True}, {"client_named": False}, "no client is named"),
    "may view": ({"view_objection": None}, {"view_objection": "no leave"}, "no leave"),
    "changes": ({"changes_systems": True}, {"changes_systems": False}, "changes nothing"),
    "plan fits": ({"plan_objection": None}, {"plan_objection": "other items"}, "other items"),
    "planned": ({"planned": True}, {"planned": False}, "no plan was made"),
    "whole": ({"half_applied": False}, {"half_applied": True}, "interrupted"),
    "not held": ({"hold_objection": None}, {"hold_objection": "a legal hold"}, "a legal hold"),
    "reason": ({"reason_given": True}, {"reason_given": False}, "no reason is given"),
}
READY = (
    "proved",
    "may view",
    "searched",
    "answered by sources",
    "packaged",
    "copy fits",
    "lawful",
    "plan fits",
    "reviewer",
)
ENDING = ("may end so", "may lapse", "nothing irreversible", "reason")
S, A = Status, Action
#: What each row insists on, said once more than in the table: whoever loosens one changes both.
WANTED = {
    (S.RECEIVED, A.ACCEPT): ("no proof needed",),
    (S.RECEIVED, A.ASK_FOR_PROOF): ("proof needed",),
    (S.RECEIVED, A.PROVE): ("proved",),
    (S.RECEIVED, A.FAIL_PROOF): ("reason",),
    (S.VERIFYING, A.PROVE): ("proved",),
    (S.VERIFYING, A.FAIL_PROOF): ("reason",),
    (S.WORKING, A.ASK_FOR_PROOF): ("proof needed",),
    (S.WORKING, A.PROVE): ("proved",),
    (S.WORKING, A.SEARCH): ("proved", "may view"),
    (S.WORKING, A.EXPORT): ("proved", "may view", "searched"),
    (S.WORKING, A.PLAN): ("changes", "proved", "may view", "searched", "answered by sources"),
    (S.WORKING, A.CLARIFY): ("reason", "may ask back"),
    (S.WORKING, A.PROPOSE): (*READY, "approval due"),
    (S.WORKING, A.DECIDE): (*READY, "no approval due"),
    (S.WORKING, A.FULFIL): ("decided", "access first", "work"),
    (S.WORKING, A.ANSWER): ("proved", "decided", "copy fits", "still decided", "work done"),
    (S.APPROVAL, A.APPROVE): ("may approve", "unchanged", "copy fits", "access first"),
    (S.APPROVAL, A.RETURN): ("reason",),
    (S.APPROVAL, A.FULFIL): ("approved", "unchanged", "copy fits", "access first", "work"),
    (S.APPROVAL, A.ANSWER): ("proved", "approved", "unchanged", "copy fits", "work done"),
    (S.FULFILLING, A.ANSWER): ("proved", "unchanged", "copy fits", "work done"),
    (S.FULFILLING, A.APPLY): ("planned", "unchanged", "not held", "access first"),
    (S.FULFILLING, A.RETURN): ("reason", "whole"),
    (S.ANSWERED, A.FINISH): ("all done",),
    (S.ANSWERED, A.REOPEN): ("reason",),
    (S.CLOSED, A.REOPEN): ("reason",),
    (S.CLOSED, A.INSTRUCT): ("client", "reason"),
    **{
        (status, A.EXTEND): ("may extend", "reason")
        for status in (S.RECEIVED, S.VERIFYING, S.WORKING, S.WAITING, S.APPROVAL)
    },
    **{
        (status, A.CLOSE): ENDING
        for status in (S.RECEIVED, S.VERIFYING, S.WORKING, S.WAITING, S.APPROVAL)
    },
    **{
        (status, A.REFER): ("client", "nothing irreversible")
        for status in (S.RECEIVED, S.VERIFYING, S.WORKING, S.WAITING)
    },
}
EACH = [(pair, name) for pair, names in WANTED.items() for name in names]


def facts(names, broken=None):
    said = {}
    for name in names:
        said |= RULES[name][0]
    return Facts(**(said | (RULES[broken][1] if broken else {})))


@pytest.mark.parametrize(("pair", "name"), EACH, ids=lambda part: str(part).replace(" ", "-"))
def test_a_step_is_refused_for_each_thing_that_its_row_insists_on(pair, name):
    with pytest.raises(NotAllowedError, match=RULES[name][2]):
        step_for(*pair, facts(WANTED[pair], broken=name), 7)


@pytest.mark.parametrize("pair", WANTED, ids="-".join)
def test_a_step_is_taken_when_everything_is_met(pair):
    assert step_for(*pair, facts(WANTED[pair])) is STEPS[pair]


def test_no_row_insists_on_more_than_is_said_here():
    for pair, step in STEPS.items():
        assert len(step.guards) == len(WANTED.get(pair, ())), pair


def test_every_rule_stands_in_a_row():
    assert {name for _, name in EACH} == set(RULES)


def test_where_nothing_is_searched_no_search_is_missing():
    step_for(Status.WORKING, Action.EXPORT, Facts(proof_objection=None, searches=False))


def test_proof_may_be_asked_of_who_asks_for_another_though_the_kind_needs_none():
    asking = Facts(needs_proof=False, authority_objection="no power of attorney")

    assert step_for(Status.RECEIVED, Action.ASK_FOR_PROOF, asking).target is Status.VERIFYING
    with pytest.raises(NotAllowedError, match="no power of attorney"):
        step_for(Status.RECEIVED, Action.PROVE, asking)


def test_only_a_lapse_waits_for_its_time():
    ended = Facts(closing_as=Outcome.WITHDRAWN, lapse_objection="too early")

    assert step_for(Status.VERIFYING, Action.CLOSE, ended).target is Status.CLOSED


@pytest.mark.parametrize("outcome", [None, *sorted(set(Outcome) - CLOSINGS)])
def test_no_other_end_goes_without_a_decision(outcome):
    with pytest.raises(NotAllowedError, match="without a decision only"):
        step_for(Status.WORKING, Action.CLOSE, Facts(closing_as=outcome))


def test_nobody_is_taken_for_verified_until_it_is_said():
    with pytest.raises(NotAllowedError, match="identity of the person is not verified"):
        step_for(Status.WORKING, Action.SEARCH, Facts())
