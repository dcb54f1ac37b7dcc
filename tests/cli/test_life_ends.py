"""Every other way a ticket ends, and those who speak for others."""

import pytest

NOBODY = "nobody@example.org"
#: Somebody whom only a list that a client uploaded knows.
ENTRUSTED = "pan.zixuan0@lanhai.example.com"


def test_a_search_that_found_nothing_is_answered_so(walk):
    number = walk.found("access --language en", NOBODY)
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk(f"answer {number}")
    letter = walk.ended(number, "no_data", "no_data")
    assert NOBODY not in letter


@pytest.mark.parametrize("kind", ["deletion", "cancellation", "copy", "correction"])
def test_where_nothing_is_held_nothing_is_to_be_done(walk, kind):
    number = walk.found(kind, NOBODY)
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    assert walk.tasks(number) == []
    walk(f"answer {number}")
    walk.ended(number, "no_data", "no_data")


def test_a_correction_of_nothing_found_opens_no_work_anywhere(walk):
    number = walk.found("correction", NOBODY)
    changes = walk.file("手机号: -> 19900000777")
    walk(f"propose {number} --changes {changes}")
    walk(f"approve {number} --as wang")
    assert walk.tasks(number) == []
    walk(f"answer {number}")
    walk.ended(number, "no_data", "no_data")


def test_a_refusal_of_everything_says_why_and_how_to_object(walk):
    number = walk.found("deletion --language en")
    reason = walk.file("A tax audit is under way.")
    walk(
        f"refuse {number} H1 --reason {reason} --internal memo --until 2029-12-31 "
        "--citation 'Tax Collection Law Art. 24'"
    )
    walk(f"approve {number} --as zhao")
    assert "tasks are not done" in walk(f"answer {number}", exits=4).stderr
    walk.work(number, "stop_use")
    walk(f"answer {number}")
    letter = walk.ended(number, "refused", "refusal")
    assert "Other use: stopped on 23 November 2026; since then it is used only for" in letter
    assert "changed or erased" not in letter
    assert "A tax audit is under way." in letter
    assert "Tax Collection Law Art. 24" in letter
    assert "people's court" in letter.casefold()
    assert "memo" not in letter
    assert walk.tasks(number) == []


def test_a_part_that_is_refused_is_told_and_left_out_of_the_copy(walk):
    number = walk.found("copy --language en")
    shown = walk.json(f"find {number}")
    assert any(each["collection"] == "chats" for each in shown)
    walk(f"propose {number} --draft")
    chats = next(i for i in walk.show(number)["items"] if i["source"] == "crm.chats")
    walk(f"refuse {number} H7 --items {chats['number']} --reason 'prices of others' --draft")
    walk(f"export {number}")
    walk(f"propose {number}")
    walk(f"approve {number} --as zhao")
    walk(f"answer {number}")
    letter = walk.ended(number, "partly_refused", "copy")
    assert "prices of others" in letter
    files = walk.rows(f"select manifest from package where ticket = {number}")[0]
    assert "chats" not in files
    assert "contacts" in files


def test_what_was_refused_can_be_granted_after_all(walk):
    number = walk.found("deletion")
    walk(f"refuse {number} H3 --items 6 --reason x --citation 'PIPL Art. 18' --draft")
    assert walk.show(number)["items"][5]["ground"] == "H3"
    walk(f"propose {number} --grant 6")
    item = walk.show(number)["items"][5]
    assert (item["proposal"], item["ground"], item["reason"]) == ("grant", None, None)


def test_a_deletion_of_which_everything_is_kept_says_restricted(walk):
    number = walk.found("deletion --language en")
    walk(f"propose {number} --draft")
    granted = [str(i["number"]) for i in walk.show(number)["items"] if i["proposal"] == "grant"]
    walk(
        f"propose {number} --keep {','.join(granted)} --citation 'Archives Law Art. 13' "
        "--until 2030-01-01"
    )
    walk(f"approve {number} --as wang")
    tasks = walk.json(f"task list {number}")
    assert {task["kind"] for task in tasks} == {"retention", "stop_use"}
    kept = {item["source"].split(".")[0] for item in walk.show(number)["items"]}
    stops = [task["target"] for task in tasks if task["kind"] == "stop_use"]
    assert sorted(kept) == stops  # one for each system, not for each item
    walk(f"answer {number}", exits=4)
    walk.work(number, "stop_use")
    walk(f"answer {number}")
    letter = walk.ended(number, "restricted", "deletion")
    assert "Archives Law Art. 13" in letter
    assert "Other use: stopped on 23 November 2026" in letter


def test_what_only_a_client_decides_on_is_referred_and_not_answered(walk):
    number = walk.found("access --language en", ENTRUSTED)
    found = [each for each in walk.json(f"find {number}") if each["result"] == "found"]
    assert [each["collection"] for each in found] == ["uploaded_employees_lanhai"]
    assert f"dsr refer {number} --to lanhai" in walk(f"propose {number}", exits=4).stderr
    walk(f"refer {number} --to lanhai")
    letter = walk.ended(number, "referred", "referral")
    assert "Lanhai Dairy" in letter
    notice = walk.letter(number, "client_notice")
    assert f"DSR-{number}" in notice
    assert [each["kind"] for each in walk.json(f"task list {number}")] == ["assistance"]
    walk.work(number)
    walk.sound()


def test_a_client_that_is_not_known_is_not_referred_to(walk):
    number = walk.open("access")[0]
    assert "lanhai" in walk(f"refer {number} --to lanhia", exits=3).stderr


def test_a_guardian_shows_the_guardianship_and_who_the_guardian_is(walk):
    born = walk.file("2014-05-18", "born.txt")
    number = walk.open(f"access --role guardian --born {born}", "xu.xiaoyu@mail.example.com")[0]
    first = walk(f"verify pass {number} --method guardian_document").stdout
    assert "identity is not verified" in first
    assert walk.show(number)["status"] == "verifying"
    walk(f"find {number}", exits=4)
    weak = walk(f"verify pass {number} --method mailbox_reply").stdout
    assert "stronger proof" in weak
    walk(f"find {number}", exits=4)
    walk(f"verify pass {number} --method video")
    assert walk.show(number)["minor"]
    walk(f"approve {number} --to-view li --as wang")
    walk(f"find {number}")
    walk(f"export {number}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk(f"answer {number}", exits=4)  # the child's mailbox is not the guardian's
    walk(f"answer {number} --sent-by in_person --proof 'handed over'")
    walk.ended(number, "fulfilled", "access")


def test_a_child_does_not_ask_alone(walk):
    born = walk.file("2014-05-18", "born.txt")
    number = walk.open(f"access --born {born}", "xu.xiaoyu@mail.example.com")[0]
    walk(f"verify pass {number} --method video")
    shown = walk.show(number)
    assert shown["status"] == "verifying"
    assert "guardian" in shown["missing"][0]["what"]


@pytest.mark.parametrize(
    ("role", "paper"), [("agent", "power_of_attorney"), ("near_relative", "kinship_and_death")]
)
def test_who_speaks_for_another_shows_both_authority_and_identity(walk, role, paper):
    number = walk.open(f"correction --role {role}")[0]
    walk(f"verify pass {number} --method known_facts")
    walk(f"find {number}", exits=4)
    walk(f"verify pass {number} --method {paper}")
    walk(f"find {number}")


def test_a_request_that_was_taken_back_ends_with_a_letter(walk):
    number = walk.open("copy")[0]
    walk(f"close {number} --as withdrawn --why 'wrote so'")
    walk.ended(number, "withdrawn", "withdrawn")


def test_a_request_lapses_after_a_reminder_and_thirty_days_and_comes_back_with_the_proof(walk):
    number = walk.open("copy")[0]
    walk(f"verify ask {number}")
    walk(f"close {number} --as lapsed --why silence", exits=4)
    walk.later(10)(f"verify ask {number}")
    walk.later(29)(f"close {number} --as lapsed --why silence", exits=4)
    late = walk.later(31)
    late(f"close {number} --as lapsed --why silence")
    late.ended(number, "lapsed", "lapse")
    late(f"reopen {number} --why 'proof arrived'")
    late(f"find {number}", exits=4)
    late(f"verify pass {number} --method video")
    late(f"find {number}")


def test_nothing_lapses_before_the_day_that_the_reminder_names(walk):
    number = walk.open("copy")[0]
    walk(f"verify ask {number}")
    walk.later(29)(f"verify ask {number}")
    stderr = walk.later(31)(f"close {number} --as lapsed --why silence", exits=4).stderr
    assert "a reply is awaited until" in stderr


def test_a_duplicate_names_the_ticket_that_it_repeats(walk):
    first, second = walk.open("copy")[0], walk.open("copy")[0]
    walk(f"close {second} --as duplicate --why same", exits=2)
    walk(f"close {second} --as duplicate --of {second} --why same", exits=2)
    walk(f"close {second} --as duplicate --of {first} --why same")
    assert f"DSR-{first}" in walk.ended(second, "duplicate", "duplicate")


def test_what_is_no_request_ends_so_and_without_a_letter_only_with_a_reason(walk):
    first, second = walk.open("complaint")[0], walk.open("explanation")[0]
    walk(f"close {first} --as not_a_request --why 'a price list'")
    walk.ended(first, "not_a_request", "not_a_request")
    walk(f"close {second} --as not_a_request --why spam --no-letter 'no address'")
    shown = walk.show(second)
    assert (shown["status"], shown["letters"]) == ("closed", [])
    assert "no address" in str(walk.json(f"log {second} --reveal check"))


@pytest.mark.parametrize("outcome", ["fulfilled", "refused", "no_data", "restricted", "referred"])
def test_no_ticket_ends_as_decided_without_a_decision(walk, outcome):
    number = walk.open("deletion")[0]
    walk(f"close {number} --as {outcome} --why x", exits=4)


def test_a_question_waits_and_its_answer_goes_on(walk):
    number = walk.verified("copy")
    walk(f"clarify {number} --ask ' '", exits=4)
    walk(f"clarify {number} --ask 'Which account?'")
    assert walk.show(number)["status"] == "waiting"
    assert "Which account?" in walk.letter(number, "clarification")
    walk(f"find {number}", exits=4)
    walk(f"resume {number}")
    walk(f"find {number}")
    marketing = walk.open("withdrawal --scope marketing")[0]
    walk(f"propose {marketing} --draft")
    walk(f"clarify {marketing} --ask why", exits=4)


def test_an_extension_exists_under_european_law_and_not_under_chinese(walk):
    number = walk.verified("access --law EU --place DE --language en")
    before = walk.show(number)["due_on"]
    walk(f"extend {number} --why 'many systems'")
    after = walk.show(number)["due_on"]
    assert after > before
    assert "many systems" in walk.letter(number, "extension")
    walk(f"extend {number} --why again", exits=4)
    chinese = walk.verified("access")
    walk(f"extend {chinese} --why 'many systems'", exits=4)
    mixed = walk.verified("access --law CN,EU")
    walk(f"extend {mixed} --why 'many systems'", exits=4)


def test_an_answer_that_bounced_is_decided_and_sent_again(walk):
    number = walk.open("explanation")[0]
    walk(f"propose {number} --say answer=first")
    walk(f"answer {number}")
    due = walk.show(number)["due_on"]
    walk(f"reopen {number} --why ' '", exits=4)
    walk(f"reopen {number} --why bounced")
    assert walk.show(number)["due_on"] == due
    walk(f"answer {number}", exits=4)
    walk(f"propose {number} --say answer=second")
    walk(f"answer {number}")
    assert "second" in walk.ended(number, "fulfilled", "explanation")


def test_work_that_is_done_is_not_ordered_again_when_an_answer_goes_out_again(walk):
    number = walk.found("deletion")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk.work(number)
    walk(f"answer {number}")
    notices = len(walk.show(number)["letters"])
    walk(f"reopen {number} --why bounced")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    assert walk.tasks(number) == []
    walk(f"answer {number}")
    assert len(walk.show(number)["letters"]) == notices + 1


def test_a_decision_that_is_returned_drops_the_work_that_nobody_began(walk):
    number = walk.found("deletion")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    first = walk.tasks(number, "source")
    walk(f"task done {number} {first[0]} --proof ok")
    letters = len(walk.show(number)["letters"])
    walk(f"return {number} --why 'keep the chats'")
    assert walk.tasks(number, "source", "backup") == []
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    shown = walk.show(number)
    assert len(shown["letters"]) == letters  # recipients are not written to twice
    assert len(walk.tasks(number, "source")) == len(first) - 1
    walk.work(number)
    walk(f"answer {number}")
    walk.ended(number, "partly_refused", "deletion")


def test_each_recipient_ends_as_confirmed_silent_after_a_reminder_or_excepted(walk):
    number = walk.found("deletion")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk.work(number, "source", "stop_use")
    one, two, three, *rest = walk.tasks(number, "recipient")
    walk(f"task except {number} {one} --code lw --why x", exits=3)
    walk(f"task except {number} {one} --code law --why 'Tax Law Art. 24'")
    walk(f"task except {number} {two} --code unreachable --why silent", exits=4)
    walk(f"task remind {number} {two} --how mail")
    walk(f"task except {number} {two} --code unreachable --why silent")
    walk(f"task fail {number} {three} --why 'mail bounced'")
    source = walk.json(f"task list {number}")[0]
    walk(f"task except {number} {source['number']} --code law --why x", exits=5)
    walk(f"answer {number}")
    walk.work(number)
    walk.ended(number, "partly_refused", "deletion")
    assert rest
