"""Looking again: at an automated decision, at a refusal; and what stands frozen meanwhile."""

import pytest

from tests.cli.conftest import COMPANY

EXPLAINED = "--say decision_logic='opens of mails' --say data_used=clicks"
WEIGHS = "--say significant=yes --say significance='it sets a price'"
LIGHT = "--say significant=no --say significance='it orders a newsletter'"
UPHELD = (
    "--say complaint_result=upheld --say finding='It was wrong.' --say measures='It is redone.'"
)
REJECTED = "--say complaint_result=rejected --say finding='The invoice was right.'"


def prompted(walk, number):
    return [each["command"] for each in walk.show(number)["prompts"]]


def facts_of(walk, number, action):
    events = walk.show(number)["events"]
    return [each["facts"] for each in events if each["action"] == action]


# ---- Whether an automated decision weighs on the person ----


def test_a_review_is_not_decided_before_the_test_is_recorded_with_its_reason(walk):
    number = walk.found("review --language en")
    assert any("significant=yes|no" in each for each in prompted(walk, number))
    before = walk.dump()
    error = walk(f"propose {number} {EXPLAINED}", exits=4).stderr
    assert "PIPL Art. 24(1), (3)" in error
    assert "--say significant=yes|no" in error
    assert (
        "--say significance=TEXT"
        in walk(f"propose {number} {EXPLAINED} --say significant=yes", exits=4).stderr
    )
    assert "yes|no" in walk(f"propose {number} --say significant=perhaps", exits=2).stderr
    assert walk.dump() == before
    walk(f"propose {number} {EXPLAINED} {WEIGHS}")
    assert facts_of(walk, number, "propose")[0]["significant"] == "yes"
    assert not any("significant" in each for each in prompted(walk, number))
    walk.sound()


def test_what_does_not_weigh_on_the_person_is_refused_but_explained(walk):
    number = walk.found("review --language en")
    refusal = f"refuse {number} N2 --reason 'A newsletter weighs on nobody.'"
    walk(f"propose {number} --draft {WEIGHS}")
    assert "N2 does not hold" in walk(refusal, exits=4).stderr
    walk(f"propose {number} --draft {LIGHT}")
    assert "decision_logic is missing" in walk(refusal, exits=4).stderr
    walk(f"propose {number} --draft {EXPLAINED}")
    walk(refusal)
    walk(f"approve {number} --as wang")
    walk(f"answer {number}")
    letter = walk.ended(number, "not_applicable", "refusal")
    for words in ("A newsletter weighs on nobody.", "opens of mails", "clicks", "court"):
        assert words in letter
    assert "orders a newsletter" not in letter  # the test's own words are for the file


# ---- Who reviews ----


def owned_by(walk, owner):
    """Name the platform's owner in its datamap; "" for nobody."""
    text = (COMPANY / "datamap.yaml").read_text(encoding="utf-8")
    line = "        owner: chen\n"
    assert text.count(line) == 1
    place = walk.folder / "datamap.yaml"
    place.write_text(text.replace(line, line.replace("chen", owner) if owner else ""), "utf-8")
    urls = {each["key"]: each["url"] for each in walk.json("source list")}
    walk(f"source add {place} " + " ".join(f"--url {key}={url}" for key, url in urls.items()))


def reviewed(walk):
    number = walk.found("review --language en")
    walk(f"propose {number} {EXPLAINED} {WEIGHS}")
    walk(f"approve {number} --as wang")
    (task,) = walk.tasks(number, "human_review")
    return number, f"task done {number} {task} --result upheld --proof looked"


def test_who_owns_the_system_does_not_review_what_it_decided(walk):
    owned_by(walk, "zhao")
    number, end = reviewed(walk)
    assert "zhao owns platform" in walk(f"{end} --as zhao", exits=4).stderr
    assert "zhao owns" in walk(f"{end} --not-owner --as zhao", exits=4).stderr
    walk("officer add chen --roles handler")
    walk(f"{end} --as chen")
    assert facts_of(walk, number, "work_task")[0]["owners"] == ["zhao"]


def test_where_no_owner_is_known_whoever_reviews_says_that_it_is_not_his(walk):
    owned_by(walk, "")
    number, end = reviewed(walk)
    error = walk(f"{end} --as zhao", exits=2).stderr
    assert "nobody is known to own platform" in error
    assert "--not-owner" in error
    walk(f"{end} --not-owner --as zhao")
    (said,) = facts_of(walk, number, "work_task")
    assert (said["not_owner"], said["owners"]) == (True, [])


def test_a_plan_does_not_name_the_systems_owner_as_the_reviewer(walk, systems):
    owned_by(walk, "zhao")
    number = walk.found("review")
    walk(f"plan {number} --as zhao")
    assert "the system is his" in walk(f"propose {number} {EXPLAINED} {WEIGHS}", exits=4).stderr


def test_applying_the_plan_again_does_not_change_the_decision_that_a_review_changed(walk, systems):
    number = walk.found("review")
    go = walk.json(f"go {number}")[0]
    assert go["next_command"] == f"dsr plan {number} --as OFFICER"
    walk(f"plan {number} --as zhao")
    walk(f"propose {number} {EXPLAINED} {WEIGHS}")
    walk(f"approve {number} --as wang")
    walk(f"apply {number} --yes --as zhao")
    (task,) = walk.tasks(number, "human_review")
    done = f"task done {number} {task} --result changed --proof looked --as zhao"
    assert walk.json(done)[0]["next_command"] == f"dsr task list {number}"
    (change,) = walk.tasks(number, "change")
    walk(f"apply {number} --yes --as zhao")
    assert walk.tasks(number, "change") == [change]
    assert "1 tasks are not done" in walk(f"answer {number}", exits=4).stderr
    walk.work(number, "change")
    walk(f"answer {number}")
    walk.ended(number, "fulfilled", "review")


def test_who_asked_is_spoken_with_again_and_the_ticket_is_closed_meanwhile(walk):
    number, end = reviewed(walk)
    walk(f"{end} --as zhao")
    walk(f"answer {number}")
    letter = walk.ended(number, "fulfilled", "review")
    assert "may refuse a decision made solely by automated means" in letter
    (task,) = [each for each in walk.json(f"task list {number}") if each["state"] == "open"]
    assert (task["kind"], task["due_on"]) == ("improvement", "2027-02-21")
    walk(f"task done {number} {task['number']} --proof 'spoke with her; nothing to change'")
    assert walk.show(number)["status"] == "closed"


# ---- A freeze ----


def test_a_freeze_is_due_within_two_working_days(walk):
    number = walk.open("restriction")[0]
    walk(f"propose {number} --say reason=checked")
    dues = {t["due_on"] for t in walk.json(f"task list {number}") if t["kind"] == "source"}
    assert dues == {"2026-11-25"}


def test_work_for_a_withdrawal_is_due_by_the_day_of_the_act(walk):
    number = walk.open("withdrawal --scope consent")[0]
    acting = walk.show(number)["act_by_on"]
    walk(f"propose {number}")
    dues = {t["due_on"] for t in walk.json(f"task list {number}") if t["kind"] == "source"}
    assert dues == {acting}


def test_a_freeze_is_offered_beside_a_correction_and_its_end_beside_the_correction_s(walk):
    corrected = walk.found("correction --language en")
    offer = f"dsr split {corrected} restriction"
    assert offer in prompted(walk, corrected)
    number = walk.json(offer.removeprefix("dsr "))[0]["number"]
    assert offer not in prompted(walk, corrected)
    walk(f"propose {number} --say reason='the name is checked'")
    walk.work(number, "source")
    walk(f"answer {number}")
    assert prompted(walk, number) == []
    walk(f"propose {corrected} --changes {walk.file('姓名: 王芳 -> 王方')}")
    walk.work(corrected, "source")
    walk(f"answer {corrected}")
    tell = f"dsr letter {number} lifting --why TEXT --dir DIR"
    assert prompted(walk, number) == prompted(walk, corrected) == [tell]
    (lift,) = [t for t in walk.json(f"task list {number}") if t["kind"] == "lift"]
    assert lift["due_on"] == "2026-11-23"  # it stands in the officer's day
    assert {"task": lift["number"], "settled": corrected, "due_on": "2026-11-23"} in facts_of(
        walk, number, "note"
    )
    walk(f"letter {number} lifting --why settled --dir {walk.folder / 'out'}")
    assert prompted(walk, number) == [f"dsr task done {number} {lift['number']} --proof TEXT"]


def test_the_end_of_a_restriction_is_told_only_while_it_stands_and_with_its_own_reason(walk):
    number = walk.open("restriction --language en")[0]
    letter = f"letter {number} lifting --why settled --dir {walk.folder / 'out'}"
    assert "nothing is restricted" in walk(letter, exits=4).stderr
    walk(f"propose {number} --say reason='the name is checked'")
    for line in (letter, f"letter {number} lifting --why settled"):
        assert "nothing is restricted" in walk(line, exits=4).stderr
    assert walk.rows("select count(*) from letter where name = 'lifting'") == [0]
    walk.work(number, "source")
    walk(f"answer {number}")
    error = walk(f"letter {number} lifting", exits=4).stderr
    assert "GDPR Art. 18(3)" in error
    assert f"dsr letter {number} lifting --why TEXT" in error
    walk(letter)
    told = walk.letter(number, "lifting")
    assert "settled" in told
    assert "the name is checked" not in told


def test_what_told_the_end_of_an_earlier_restriction_does_not_tell_the_next_one_s(walk):
    number = walk.open("restriction --language en")[0]
    letter = f"letter {number} lifting --why settled --dir {walk.folder / 'out'}"
    walk(f"propose {number} --say reason='the name is checked'")
    walk.work(number, "source")
    walk(f"answer {number}")
    walk(letter)
    later = walk.later(1)
    later(f"reopen {number} --why 'it goes on'")
    later(f"propose {number}")
    later.work(number, "source")
    later(f"answer {number}")
    (lift,) = later.tasks(number, "lift")
    end = f"task done {number} {lift} --proof ok"
    assert "lifting --why" in later.later(5)(end, exits=4).stderr
    later(letter.replace("settled", "'settled again'"))
    later.later(5)(end)


def test_an_extension_is_read_again_with_the_reason_that_was_given(walk):
    number = walk.open("restriction --language en --law EU")[0]
    error = walk(f"letter {number} extension", exits=4).stderr
    assert error.count("the reason") == 1
    assert f"dsr extend {number} --why TEXT" in error
    walk(f"propose {number} --draft --say reason='the name is checked'")
    walk(f"letter {number} extension", exits=4)  # another letter's reason is none of its own
    walk(f"extend {number} --why 'many systems'")
    assert "many systems" in walk(f"letter {number} extension").stdout


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_answer_that_may_not_go_out_yet_is_a_draft(walk, language):
    word = "DRAFT" if language == "en" else "草稿"
    number = walk.open(f"restriction --language {language}")[0]
    walk(f"propose {number} --say reason='the name is checked'")
    assert word in walk(f"letter {number} restriction").stdout
    walk.work(number, "source")
    assert word not in walk(f"letter {number} restriction").stdout
    walk(f"answer {number}")
    assert word not in walk.letter(number, "restriction")
    complaint = walk.open(f"complaint --language {language}")[0]
    walk(f"propose {complaint} {REJECTED}")
    assert word in walk(f"letter {complaint} complaint").stdout
    walk(f"approve {complaint} --as zhao")
    assert word not in walk(f"letter {complaint} complaint").stdout


# ---- A complaint ----


@pytest.fixture
def refused(walk):
    """A correction that li prepared and wang refused, answered."""
    number = walk.found("correction --language en")
    walk(f"propose {number} --changes {walk.file('发票金额: 100 -> 90')} --draft")
    walk(f"refuse {number} N2 --reason 'the invoice is right' --citation 'PIPL Art. 46'")
    walk(f"approve {number} --as wang")
    walk(f"answer {number}")
    return number


def test_a_complaint_has_fifteen_days_of_its_own_and_needs_no_proof(walk):
    number = walk.open("complaint")[0]
    shown = walk.show(number)
    assert shown["due_on"] == "2026-12-08"
    assert shown["identity"]["objection"] is None


def test_neither_who_prepared_nor_who_approved_a_refusal_judges_the_complaint(walk, refused):
    walk("officer set li --roles handler,approver,admin")
    number = walk.open("complaint --language en")[0]
    assert "approved the decision" in walk(f"propose {number} {REJECTED} --as wang", exits=4).stderr
    walk(f"propose {number} {REJECTED} --as zhao")
    for officer, did in (("wang", "approved"), ("li", "prepared")):
        error = walk(f"approve {number} --as {officer}", exits=4).stderr
        assert f"{did} the decision in ticket {refused}" in error
    walk("officer add chen --roles approver")
    walk(f"approve {number} --as chen")


def test_the_same_system_user_judges_no_complaint_under_another_name(walk, refused):
    walk.run.variables["DSR_FOUR_EYES"] = "user"
    number = walk.open("complaint --language en")[0]
    error = walk(f"propose {number} {REJECTED} --as zhao", exits=4).stderr
    assert f"the decision in ticket {refused}" in error


def test_a_complaint_is_about_the_ticket_that_it_is_linked_with(walk, refused):
    other = walk.open("explanation --language en")[0]
    number = walk.open("complaint --language en")[0]
    assert [each for each in prompted(walk, number) if "dsr link" in each]
    walk(f"link {number} {other}")
    assert not [each for each in prompted(walk, number) if "dsr link" in each]
    walk(f"propose {number} {REJECTED}")
    walk(f"approve {number} --as wang")  # he decided in the other one, which it is not about
    walk(f"answer {number}")
    letter = walk.ended(number, "refused", "complaint")
    assert f"DSR-{other}" in letter
    judged = letter.partition("If you are not satisfied")[0]
    assert "did not take the decision" not in judged  # nothing was decided there yet


@pytest.mark.parametrize(
    ("result", "outcome"),
    [("upheld", "fulfilled"), ("partly_upheld", "partly_refused"), ("rejected", "refused")],
)
def test_a_complaint_in_general_is_counted_by_its_result_and_names_no_other_decision(
    walk, result, outcome
):
    number = walk.open("complaint --language en")[0]
    said = f"--say complaint_result={result} --say measures='We are quicker.'"
    assert "finding" in walk(f"propose {number} {said}", exits=4).stderr  # the reasons
    walk(f"propose {number} {said} --say finding='It took long.'")
    walk(f"approve {number} --as zhao")
    walk(f"answer {number}")
    letter = walk.ended(number, outcome, "complaint")
    assert "decision complained of" not in letter.partition("If you are not satisfied")[0]


def test_where_one_officer_judges_alone_no_other_is_claimed(walk, refused):
    walk.run.variables["DSR_FOUR_EYES"] = "alone"
    number = walk.open("complaint --language en")[0]
    walk(f"link {number} {refused}")
    walk(f"propose {number} {REJECTED}")
    assert (
        "decision complained of"
        not in walk(f"letter {number} complaint").stdout.partition("If you are not satisfied")[0]
    )


def test_a_rejected_complaint_has_reasons_and_remedies_and_reopens_nothing(walk, refused):
    number = walk.open("complaint --language en")[0]
    walk(f"link {number} {refused}")
    assert "complaint_result" in walk(f"propose {number} --say finding=x", exits=4).stderr
    walk(f"propose {number} {REJECTED}")
    assert "reopen" not in walk(f"approve {number} --as zhao").stdout
    walk(f"answer {number}")
    letter = walk.ended(number, "refused", "complaint")
    assert "did not take the decision complained of" in letter
    assert walk.json("report")[0]["by_outcome"].get("fulfilled") is None
    for words in ("did not find your complaint justified", "The invoice was right.", "court"):
        assert words in letter
    error = walk(f"reopen {refused} --complaint {number} --why x", exits=4).stderr
    assert "not decided as upheld" in error
    assert facts_of(walk, number, "propose")[0]["complaint_result"] == "rejected"


def test_an_upheld_complaint_says_what_is_done(walk):
    number = walk.open("complaint --language en")[0]
    said = "--say complaint_result=upheld --say finding=x"
    assert "--say measures=" in walk(f"propose {number} {said}", exits=4).stderr
    for wrong in ("complaint_result=perhaps", "review_result=better"):
        walk(f"propose {number} --say {wrong}", exits=2)


def test_what_is_upheld_is_decided_anew_by_the_complaints_date_and_another_officer(walk, refused):
    was = walk.show(refused)
    later = walk.later(20)
    number = later.open("complaint --language en")[0]
    later(f"link {number} {refused}")
    again = f"reopen {refused} --complaint {number} --why upheld"
    assert "not decided as upheld" in later(again, exits=4).stderr
    later(f"propose {number} {UPHELD}")
    assert "not decided as upheld" in later(again, exits=4).stderr
    later(f"approve {number} --as zhao")
    assert f"dsr {again.replace('upheld', 'TEXT')}" in prompted(later, number)
    later(f"{again} --dry-run")
    said = later.json(again)[0]["said"]
    assert "another officer than wang" in said
    now = later.show(refused)
    assert prompted(later, number) == []
    assert (now["number"], now["received_at"]) == (was["number"], was["received_at"])
    assert [e["digest"] for e in now["events"]][: len(was["events"])] == [
        e["digest"] for e in was["events"]
    ]
    assert now["due_on"] == later.show(number)["due_on"] != was["due_on"]
    later(f"set {refused} --language zh-Hans")  # what moves its dates keeps to the complaint's
    assert later.show(refused)["due_on"] == now["due_on"]
    later(f"propose {refused} --changes {later.file('发票金额: 100 -> 90')}")
    assert (
        f"approved the decision in ticket {refused}"
        in later(f"approve {refused} --as wang", exits=4).stderr
    )
    later(f"approve {refused} --as zhao")
    later(f"return {refused} --why 'once more'")
    later(f"propose {refused} --changes {later.file('发票金额: 100 -> 90')}")
    later(f"approve {refused} --as zhao")  # his own approval after the complaint bars nobody
    later.sound()


def test_only_a_complaint_about_the_ticket_reopens_it(walk, refused):
    other = walk.open("explanation")[0]
    number = walk.open("complaint --language en")[0]
    walk(f"link {number} {other}")
    walk(f"propose {number} {UPHELD}")
    walk(f"approve {number} --as zhao")
    again = f"reopen {refused} --why x --complaint"
    assert f"dsr link {number} {refused}" in walk(f"{again} {number}", exits=4).stderr
    assert "no complaint" in walk(f"{again} {other}", exits=2).stderr
    walk(f"{again} 99", exits=3)


# ---- After a consent was withdrawn ----


@pytest.fixture
def withdrawn(walk):
    """A consent that was withdrawn and answered, and the task of what becomes of the data."""
    number = walk.open("withdrawal --scope consent --language en")[0]
    walk(f"propose {number}")
    walk.work(number, "source")
    walk(f"answer {number}")
    (task,) = walk.tasks(number, "after_withdrawal")
    return number, f"task done {number} {task}"


def test_a_withdrawal_asks_what_becomes_of_the_data_and_says_what_to_type(walk, withdrawn):
    number, done = withdrawn
    (command,) = prompted(walk, number)
    assert command == f"dsr {done} --result delete|anonymise|other_basis --proof TEXT"
    error = walk(f"{done} --proof looked", exits=2).stderr
    assert "PIPL Art. 47(1)(3)" in error
    walk(f"{done} --result maybe --proof looked", exits=2)
    walk.work(number, "recipient")
    assert walk.show(number)["status"] == "answered"
    walk(f"{done} --result other_basis --proof 'Accounting Law Art. 23'")
    assert walk.show(number)["status"] == "closed"
    assert facts_of(walk, number, "work_task")[-1]["code"] == "other_basis"


@pytest.mark.parametrize("result", ["delete", "anonymise"])
def test_what_is_to_go_opens_a_deletion_of_the_same_letter(walk, withdrawn, result):
    number, done = withdrawn
    said = walk.json(f"{done} --result {result} --proof 'nothing else carries it'")[0]["said"]
    opened = walk.show(number + 1)
    assert f"ticket {opened['number']} (deletion)" in said
    assert (opened["kind"], opened["status"]) == ("deletion", "received")
    assert opened["case"] == walk.show(number)["case"]
    assert opened["received_at"] == walk.show(number)["received_at"]


def test_a_deletion_that_is_open_already_is_not_opened_twice(walk, withdrawn):
    number, done = withdrawn
    walk(f"split {number} deletion")
    said = walk.json(f"{done} --result delete --proof x")[0]["said"]
    assert f"ticket {number + 1} (deletion) is open for it already" in said
    assert len(walk.rows("select number from ticket")) == 2


def test_only_a_review_and_a_withdrawal_have_results(walk):
    number = walk.open("restriction")[0]
    walk(f"propose {number} --say reason=x")
    (task, *_) = walk.tasks(number, "source")
    assert (
        "no such result"
        in walk(f"task done {number} {task} --result delete --proof x", exits=2).stderr
    )


def test_the_letter_names_the_consent_that_ended(walk):
    number = walk.open("withdrawal --scope consent --language en")[0]
    assert f"dsr propose {number} --say consents=@file" in prompted(walk, number)
    for wrong in (
        "| Shenlian",
        "post | Shenlian | v2 | 1 March 2024",
        "a | b | c | 2024-03-01 | e",
    ):
        place = walk.file(wrong, "wrong.txt")
        error = walk(f"propose {number} --say consents={place}", exits=2).stderr
        assert "purpose | recipient | version | given_on" in error
    said = walk.file("printed post | Shenlian | v2.1 | 2024-03-01\nsurveys\n", "consents.txt")
    walk(f"propose {number} --say consents={said}")
    walk.work(number, "source")
    walk(f"answer {number}")
    letter = walk.ended(number, "fulfilled", "withdrawal", status="answered")
    assert "printed post; provided to Shenlian; given on 1 March 2024; text v2.1" in letter
    assert "surveys" in letter
    assert not [each for each in prompted(walk, number) if "consents" in each]


def test_what_another_tickets_hold_forbids_names_that_ticket(walk, systems):
    number = walk.open("restriction")[0]
    other = walk.open("explanation")[0]
    walk(f"plan {number}")
    walk(f"propose {number} --say reason=checked")
    walk(f"hold {other} --why 'a suit is pending' --as zhao")
    error = walk(f"apply {number} --yes", exits=4).stderr
    assert f"ticket {other} is under a legal hold" in error
    assert f"dsr hold {other} --lift" in error
