"""Late attempts to change what an answer says or how a ticket ends."""

import json

import pytest


def test_what_was_taken_up_as_a_request_is_not_called_none(walk):
    number = walk.found("deletion")
    stderr = walk(f"close {number} --as not_a_request --why 'too much work'", exits=4).stderr
    assert "taken up as a request" in stderr


def test_an_answer_leaves_in_the_language_that_was_approved(walk):
    number = walk.found("deletion --language en")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    assert "another language" in walk(f"answer {number} --language zh --dry-run", exits=4).stderr


@pytest.mark.parametrize("name", ["deletion", "refusal", "no_data"])
def test_an_answer_is_no_letter_to_be_laid_down_before_it_is_given(walk, name):
    number = walk.found("deletion")
    stderr = walk(f"letter {number} {name} --dir {walk.folder}", exits=4).stderr
    assert f"dsr answer {number}" in stderr


def test_the_trail_says_by_which_rule_of_four_eyes_was_approved(walk):
    number = walk.found("deletion")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    events = json.loads(walk(f"log {number} -o json").stdout)
    assert [e["facts"]["four_eyes"] for e in events if e["action"] == "approve"] == ["alone"]
