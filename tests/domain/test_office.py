"""What follows from the rule of a kind: whether there is something to do in the systems."""

import pytest

from dsr.domain.law import Certainty
from dsr.domain.office import KindRule, Need
from dsr.domain.vocabulary import Kind, LetterName, TaskKind


def a_rule(**changes):
    values = {
        "kind": Kind.EXPLANATION,
        "name": {"en": "explanation"},
        "policy_section": "",
        "right": {"en": "Law 1"},
        "needs_proof": False,
        "searches": False,
        "package": False,
        "tasks": (),
        "letter": LetterName.EXPLANATION,
        "approval": Need.NONE,
        "irreversible": False,
        "soft_refusal": False,
        "askers": (),
        "citation": "Law 2",
        "certainty": Certainty.DESIGN,
    }
    return KindRule(**values | changes)


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ({}, False),
        ({"tasks": (TaskKind.RECIPIENT, TaskKind.HUMAN_REVIEW)}, False),
        ({"tasks": (TaskKind.SOURCE,)}, True),
        ({"erases": True}, True),
        ({"measures": ("restrict",)}, True),
    ],
)
def test_systems_change_where_something_is_erased_set_or_worked_in_a_source(changes, changed):
    assert a_rule(**changes).changes_systems is changed
