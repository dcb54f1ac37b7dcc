"""Nothing that goes out tells of a ground that is kept quiet, and few in the office see which."""

import json

import pytest

QUIET = "--internal 'case 7' --citation 'Criminal Procedure Law Art. 54' --reason x"
#: As a letter shows them, they all say police.
HIDDEN_WORDS = [
    "the police asked",
    "the po\u200blice asked",
    "the po\u00adlice asked",
    "ｐｏｌｉｃｅ",
]


def behave_as(walk, officer):
    walk.run.variables["DSR_OFFICER"] = officer


@pytest.fixture
def drafted(walk):
    """Return a copy of which one item is drafted under a quiet ground, and another one's number."""
    number = walk.found("copy --language en")
    walk(f"assign {number} --to @me")
    walk(f"propose {number} --draft")
    chats, leads = (
        walk.item(number, "crm.chats")["number"],
        walk.item(number, "crm.leads")["number"],
    )
    walk(f"refuse {number} H4 --items {chats} {QUIET} --draft")
    return number, leads


@pytest.fixture
def refused(walk):
    """Return a copy that was refused on a quiet ground, approved by wang and zhao, and answered."""
    number = walk.found("copy --language en")
    walk(f"refuse {number} H4 {QUIET}")
    walk(f"approve {number} --as wang")
    walk(f"approve {number} --as zhao")
    walk(f"answer {number}")
    walk("officer add chen --roles approver")
    walk("officer add sun --roles legal")
    return number


# ---- What is written ----


@pytest.mark.parametrize("words", HIDDEN_WORDS)
def test_no_invisible_character_hides_a_word_that_tips_somebody_off(walk, words):
    number = walk.found("copy --language en")
    line = f"refuse {number} H4 --reason '{words}' --internal y --citation 'Criminal Law Art. 1'"
    assert "tip the person off" in walk(line, exits=4).stderr


def test_no_other_item_of_the_letter_tells_of_a_quiet_one(walk, drafted):
    number, leads = drafted
    other = f"refuse {number} H7 --items {leads} --internal y"
    told = "--reason 'What the police asked for is a trade secret.'"
    walk(f"{other} {told} --draft")
    assert any("tip the person off" in each["what"] for each in walk.show(number)["missing"])
    assert "tip the person off" in walk(f"propose {number}", exits=4).stderr
    told = "--reason 'It is a trade secret.' --citation 'Criminal Procedure Law Art. 54'"
    assert "tip the person off" in walk(f"{other} {told}", exits=4).stderr
    walk(f"{other} --reason 'It is a trade secret.' --draft")
    walk(f"export {number}")
    walk(f"propose {number}")


def test_neither_a_question_nor_a_reason_for_delay_tells_of_a_quiet_item(walk, drafted):
    number, _ = drafted
    walk(f"set {number} --law EU --why 'she moved'")
    for line in (
        f"clarify {number} --ask 'Were you ever asked by the police?'",
        f"extend {number} --why 'the prosecutor has the files'",
        f"letter {number} clarification --ask 'Is it about the criminal matter?'",
    ):
        assert "tip" in walk(line, exits=4).stderr
    walk(f"clarify {number} --ask 'Which years do you mean?'")


def test_a_question_in_another_matter_may_name_the_police(walk):
    number = walk.found("copy --language en")
    walk(f"clarify {number} --ask 'Do you mean the record of your call to the police?'")


@pytest.mark.parametrize(
    "said",
    [
        "finding='The public security organs asked for it.'",
        "measures='We ask the prosecutor again.'",
    ],
)
def test_a_complaint_about_a_quiet_refusal_tells_no_more_than_the_refusal(walk, refused, said):
    number = walk.open("complaint --language en")[0]
    words = {"finding": "'It was right.'", "complaint_result": "upheld", "measures": "'None.'"}
    words |= dict([said.split("=", 1)])
    line = " ".join(f"--say {name}={text}" for name, text in words.items())
    error = walk(f"propose {number} {line}", exits=4).stderr
    assert "tip the person off" in error
    assert "H4" not in error
    assert walk.show(refused)["outcome"] == "refused"


def test_a_complaint_about_a_quiet_refusal_needs_the_same_approvals(walk, refused):
    number = walk.open("complaint --language en")[0]
    said = "--say complaint_result=rejected --say finding='It was looked at again.'"
    proposed = walk(f"propose {number} {said}").stdout
    assert "2 approvals due" in proposed
    assert "legal" in proposed
    walk(f"approve {number} --as chen")
    walk(f"answer {number}", exits=4)
    walk(f"approve {number} --as sun")
    walk(f"answer {number}")
    assert "H4" not in json.dumps(walk.show(number))


def test_a_link_made_after_the_approval_is_heeded_by_the_answer(walk, refused):
    other = walk.open("explanation --language en", "someone.else@example.org")[0]
    walk(f"propose {other} --say answer='We told the police nothing.'")
    walk(f"link {other} {refused}")
    assert "tip the person off" in walk(f"answer {other}", exits=4).stderr


# ---- Who sees it ----


def test_only_who_works_or_approves_sees_which_ground_is_kept_quiet(walk, drafted):
    number, leads = drafted
    walk(
        f"refuse {number} H7 --items {leads} --reason 'It is a trade secret.' --internal y --draft"
    )
    walk(f"export {number}")
    walk(f"propose {number}")
    walk("officer add chen --roles handler")
    for officer, sees in (("li", True), ("wang", True), ("zhao", True), ("chen", False)):
        behave_as(walk, officer)
        for line in (f"show {number}", f"show {number} -o json", f"log {number} -o json"):
            told = walk(line).stdout
            assert ("H4" in told) is sees, (officer, line)
            assert sees or "Procedure" not in told
    (item,) = (each for each in walk.show(number)["items"] if each["source"] == "crm.chats")
    assert (item["ground"], item["citation"], item["reason"]) == ("...", "...", "...")
    (item,) = (each for each in walk.show(number)["items"] if each["number"] == leads)
    assert (item["ground"], item["reason"]) == ("H7", "It is a trade secret.")
    assert "H4" in walk(f"log {number} --reveal 'asked by legal'").stdout
    assert "H4" in walk(f"show {number} --reveal 'asked by legal'").stdout
    behave_as(walk, "li")
    reads = [
        e for e in walk.json(f"log {number}") if e["action"] == "read" and e["officer"] == "chen"
    ]
    assert len(reads) == 2


def test_counts_of_single_hard_grounds_are_for_those_who_answer_for_them(walk, refused):
    assert walk.json("report --fields refusals")[0]["refusals"] == {"hard": 1}
    walk("officer add gao --roles auditor")
    for officer in ("wang", "zhao", "gao"):
        behave_as(walk, officer)
        assert walk.json("report --fields refusals")[0]["refusals"] == {"H4": 1}
