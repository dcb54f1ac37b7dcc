"""Special requests, each to its end: clients' data, children, reviews, freezes, rules, accounts."""

import shutil

import pytest

from tests.cli.conftest import COMPANY

EMPLOYEE = "huang.zhiqiang@lanhai.example.com"
ADMINISTRATOR = "sun.yue@lanhai.example.com"
CHILD = "xu.xiaoyu@mail.example.com"
INSTRUCTION = "Lanhai Dairy, sealed 2026-11-25: delete employee LA0002, as the law asks of us"


def whose(walk, number):
    return walk.json(f"find {number} --whose")


def holding(rows):
    return {(each["collection"], each["client"]) for each in rows if each["result"] == "found"}


@pytest.fixture
def referred(walk):
    """An employee's deletion, referred to his employer: the ticket and the task to assist."""
    number = walk.open("deletion --language en", EMPLOYEE)[0]
    walk(f"refer {number} --to lanhai")
    return number, walk.tasks(number, "assistance")[0]


def instruct(walk, number, task, kind="deletion", *, more="", exits=0):
    proof = walk.file(INSTRUCTION, "instruction.txt")
    return walk(f"task instruct {number} {task} --kind {kind} --proof {proof} {more}", exits=exits)


# ---- Whose data it is ----


def test_whose_data_it_is_is_seen_before_any_proof_without_a_value_or_a_count(walk):
    number = walk.open("deletion", EMPLOYEE)[0]
    rows = whose(walk, number)
    assert list(rows[0])[:5] == ["source", "collection", "role", "client", "result"]
    assert holding(rows) == {("uploaded_employees_lanhai", "lanhai")}
    assert {row["result"] for row in rows if row["role"] == "controller"} == {"not_asked"}
    told = walk(f"find {number} --whose")
    assert f"dsr refer {number} --to lanhai" in told.stderr
    assert "2026-11-26" in told.stderr  # the third working day
    for value in ("黄志强", "LA0002", "19900000055", EMPLOYEE):
        assert value not in told.stdout + told.stderr
    shown = walk.show(number)
    assert shown["status"] == "received"
    noted = shown["events"][-1]
    assert noted["action"] == "note"
    assert noted["facts"]["whose"]
    walk.sound()


def test_what_the_company_itself_decides_on_is_not_searched_before_proof(walk):
    number = walk.open("deletion")[0]
    told = walk(f"find {number} --whose")
    assert "ours to answer" in told.stderr
    assert holding(whose(walk, number)) == set()
    assert walk.rows(f"select count(*) from search where ticket = {number}") == [0]


def test_nothing_is_looked_up_where_it_can_no_longer_be_referred(walk, referred):
    assert "no longer" in walk(f"find {referred[0]} --whose", exits=4).stderr


def test_a_mixed_request_is_referred_in_part_and_the_rest_is_ours(walk):
    number = walk.open("deletion --language en", ADMINISTRATOR)[0]
    assert "--to lanhai --part" in walk(f"find {number} --whose").stderr
    part = walk.json(f"refer {number} --to lanhai --part")[0]
    assert (part["status"], part["outcome"]) == ("closed", "referred")
    assert part["number"] != number
    ours = walk.show(number)
    assert (ours["status"], ours["case"]) == ("received", walk.show(part["number"])["case"])
    walk(f"verify pass {number} --method video")
    walk(f"find {number}")
    walk(f"propose {number}")
    theirs = [each for each in walk.show(number)["items"] if each["ground"] == "N5"]
    assert [each["source"] for each in theirs] == ["platform.uploaded_employees_lanhai"]
    walk(f"return {number} --why again")
    granted = walk(f"propose {number} --grant {theirs[0]['number']}", exits=4).stderr
    assert "a client decides" in granted


def test_a_stop_of_marketing_is_never_referred_as_a_whole(walk):
    number = walk.open("withdrawal --scope marketing", EMPLOYEE)[0]
    error = walk(f"refer {number} --to lanhai", exits=4).stderr
    assert f"dsr refer {number} --to lanhai --part" in error
    part = walk.json(f"refer {number} --to lanhai --part")[0]
    walk.ended(part["number"], "referred", "referral")
    walk(f"propose {number}")
    walk.work(number, "source")
    walk(f"answer {number}")
    walk.work(number)
    walk.ended(number, "fulfilled", "withdrawal")


def test_the_client_gets_the_identifier_and_the_right_and_the_person_hears_who_decides(
    walk, referred
):
    number, _ = referred
    notice = walk.letter(number, "client_notice")
    assert EMPLOYEE in notice
    assert "deletion" in notice
    assert "until you instruct us" in notice
    letter = walk.ended(number, "referred", "referral")
    assert "Lanhai Dairy" in letter
    assert "passed your request on" in letter
    assert walk.json(f"task list {number}")[0]["due_on"] == "2026-11-30"


# ---- The client's later instruction ----


def test_a_clients_instruction_reaches_what_it_entrusted_and_nothing_else(walk, referred):
    number, task = referred
    instruct(walk, number, task)
    shown = walk.show(number)
    assert (shown["status"], shown["kind"]) == ("working", "deletion")
    assert shown["identity"]["verified"]
    found = walk.json(f"find {number}")
    assert {each["collection"] for each in found} == {"uploaded_employees_lanhai"}
    walk(f"propose {number}")
    items = walk.show(number)["items"]
    assert [(each["proposal"], each["ground"]) for each in items] == [("grant", None)]


def test_a_clients_instruction_is_sealed_and_owed(walk, referred):
    number, task = referred
    assert (
        "may not stand in"
        in walk(f"task instruct {number} {task} --kind deletion --proof yes", exits=2).stderr
    )
    empty = walk.file("  ", "empty.txt")
    walk(f"task instruct {number} {task} --kind deletion --proof {empty}", exits=4)
    instruct(walk, number, task, "complaint", exits=2)
    instruct(walk, number, task, "correction", exits=2)
    instruct(walk, number, task)
    assert not [body for body in walk.rows("select body from event") if "LA0002" in body]
    assert [each for each in walk.rows("select value from secret") if "LA0002" in each]
    instruct(walk, number, task, exits=4)


def test_only_a_referred_ticket_takes_a_clients_instruction(walk):
    number = walk.open("deletion", EMPLOYEE)[0]
    instruct(walk, number, 1, exits=3)


def test_what_is_named_after_the_instruction_is_not_vouched_for(walk, referred):
    number, task = referred
    instruct(walk, number, task)
    other = walk.file("pan.zixuan0@lanhai.example.com", "other.txt")
    walk(f"set {number} --identifier email={other}")
    found = walk.json(f"find {number}")
    assert [each["rows"] for each in found] == [1]


def test_the_copy_that_a_client_wants_holds_its_rows_and_goes_to_the_client(walk, referred):
    number, task = referred
    instruct(walk, number, task, "copy")
    walk(f"find {number}")
    walk(f"export {number}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    answered = walk.json(f"answer {number}")
    assert answered["letter"] == "assistance"
    mail = (walk.out / f"DSR-{number}" / "letter.eml").read_text()
    assert "To: privacy@lanhai.example.com" in mail
    letter = walk.ended(number, "fulfilled", "assistance")
    assert "Lanhai Dairy" in letter
    assert walk.rows(f"select rows from package where ticket = {number}") == [1]


def test_a_clients_instruction_is_carried_out_in_its_table_alone(walk, systems, referred):
    number, task = referred
    before = systems.dump()
    instruct(walk, number, task)
    walk(f"find {number}")
    walk(f"plan {number}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk(f"apply {number} --yes")
    table = "platform", "select count(*) from uploaded_employees_lanhai where email = ?"
    assert systems.rows(*table, EMPLOYEE) == [(0,)]
    after = systems.dump()
    gone = {name: set(before[name]) - set(after[name]) for name in before}
    assert [len(gone[name]) for name in ("crm", "platform", "billing")] == [0, 1, 0]
    walk(f"answer {number}")
    assert walk.tasks(number, "assistance") == []
    walk.work(number)
    letter = walk.ended(number, "fulfilled", "assistance")
    assert EMPLOYEE in letter
    tasks = walk.json(f"task list {number} --all")
    assert {each["state"] for each in tasks if each["kind"] == "assistance"} == {"done"}


# ---- Children ----


@pytest.fixture
def of_a_child(walk):
    """A parent's request for a child of twelve by telephone, proved; and a stop of marketing."""
    born = walk.file("2014-05-18", "born.txt")
    asked = f"deletion --role guardian --channel phone --language en --born {born}"
    number = walk.open(asked, CHILD)[0]
    walk(f"verify pass {number} --method guardian_document")
    walk(f"verify pass {number} --method video")
    return number


def test_a_childs_data_are_seen_only_with_leave_from_another(walk, of_a_child):
    number = of_a_child
    refused = walk(f"find {number}", exits=4).stderr
    assert "Protection of Minors" in refused
    assert f"dsr approve {number} --to-view li --as APPROVER" in refused
    assert walk.show(number)["next_command"].startswith(f"dsr approve {number} --to-view li")
    assert "Art. 36" in walk(f"show {number} --reveal why", exits=4).stderr
    assert "Art. 36" in walk(f"log {number} --reveal why", exits=4).stderr
    assert CHILD not in walk(f"show {number}").stdout
    assert "is no" in walk(f"approve {number} --to-view zhao", exits=4).stderr  # by no approver
    walk(f"approve {number} --to-view wang --as wang", exits=4)  # not for himself
    walk(f"approve {number} --to-view nobody --as wang", exits=3)
    walk(f"approve {number} --to-view li --as wang")
    walk(f"find {number}")
    assert CHILD in walk(f"show {number} --reveal why").stdout
    walk(f"show {number} --reveal why --as zhao", exits=4)  # leave is for one officer
    assert walk.rows("select approver from permit") == ["wang"]
    walk.sound()


def test_a_review_copy_of_a_childs_data_is_laid_only_for_who_has_leave(walk, of_a_child):
    number = of_a_child
    walk(f"approve {number} --to-view li --as wang")
    walk(f"find {number}")
    look = walk.folder / "look"
    assert "Art. 36" in walk(f"export {number} --review {look} --as zhao", exits=4).stderr
    assert not look.exists()
    walk(f"export {number} --review {look}")
    assert look.is_dir()


def test_a_grown_persons_file_needs_no_leave(walk):
    number = walk.verified("deletion")
    assert "not a minor" in walk(f"approve {number} --to-view li --as wang", exits=4).stderr


def test_a_parent_has_a_childs_data_deleted_and_is_told_in_writing(walk, systems, of_a_child):
    number = of_a_child
    told = walk(f"approve {number} --to-view li --as wang").stdout
    assert f"dsr split {number} withdrawal --scope marketing" in told
    walk(f"find {number}")
    walk(f"plan {number} --with-shared crm.households --why 'the parent lives there and asks'")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk(f"apply {number} --yes")
    held = "select count(*) from contacts where email = ?"
    assert systems.rows("crm", held, CHILD) == [(0,)]
    walk.work(number, "source", "stop_use")
    walk(f"answer {number}", exits=4)  # no address of the guardian is known
    walk(f"answer {number} --sent-by post --proof 'registered letter'")
    letter = walk.ended(number, "partly_refused", "deletion", status="answered")
    for word in ("backup", "court", "backups", "Our decision, part by part"):
        assert word in letter


def test_marketing_to_a_child_stops_on_the_claim(walk):
    born = walk.file("2014-05-18", "born.txt")
    asked = f"withdrawal --scope marketing --role guardian --born {born}"
    number = walk.open(asked, CHILD)[0]
    walk(f"propose {number}")  # no proof, and no leave: nobody looks at the file
    walk.work(number, "source")
    walk(f"answer {number} --sent-by phone --proof told")
    walk.work(number)
    walk.ended(number, "fulfilled", "withdrawal")


@pytest.mark.parametrize(("born", "objection"), [("2014-05-18", True), ("2011-05-18", False)])
def test_who_is_fourteen_may_ask_alone(walk, born, objection):
    number = walk.open(f"copy --born {walk.file(born, 'born.txt')}", CHILD)[0]
    walk(f"verify pass {number} --method video")
    shown = walk.show(number)
    assert shown["minor"]
    assert (shown["status"] == "verifying") is objection


# ---- A decision that no person took ----


WEIGHS = "--say significant=yes --say significance='it decides who is offered a price'"
EXPLAINED = "--say decision_logic='opens of mails' --say data_used='clicks, visits'"
REASONED = f"{EXPLAINED} {WEIGHS}"


def test_a_review_is_done_by_somebody_who_decided_nothing_and_its_result_is_told(walk):
    number = walk.found("review --language en")
    walk(f"propose {number} {REASONED}")
    walk(f"approve {number} --as wang")
    (task,) = walk.tasks(number, "human_review")
    end = f"task done {number} {task} --proof 'The score left out two visits.'"
    walk(f"{end}", exits=2)
    walk(f"{end} --result better", exits=2)
    for officer in ("li", "wang"):
        assert (
            "somebody else reviews"
            in walk(f"{end} --result changed --as {officer}", exits=4).stderr
        )
    walk(f"answer {number}", exits=4)
    said = walk.json(f"{end} --result changed --as zhao")[0]["said"]
    assert "the decision is still to be changed in Marketing platform" in said
    assert "task list" in walk(f"answer {number}", exits=4).stderr
    walk.work(number, "change")
    before = walk.dump()
    assert "The score left out two visits." in walk(f"answer {number} --dry-run").stdout
    assert walk.dump() == before
    walk(f"answer {number}")
    letter = walk.ended(number, "fulfilled", "review")
    for words in (
        "The automated decision was changed",
        "The score left out two visits.",
        "opens of mails",
        "clicks, visits",
        "may refuse a decision made solely by automated means",
        "to make them better",
    ):
        assert words in letter
    codes = [each["facts"].get("code") for each in walk.show(number)["events"]]
    assert "changed" in codes


def test_a_review_does_not_contradict_the_answer_that_was_approved(walk):
    number = walk.found("review")
    walk(f"propose {number} {REASONED} --say review_result=upheld --say finding=looked")
    walk(f"approve {number} --as wang")
    (task,) = walk.tasks(number, "human_review")
    end = f"task done {number} {task} --proof looked --as zhao"
    assert "says upheld" in walk(f"{end} --result changed", exits=4).stderr
    walk(f"{end} --result upheld")
    assert walk.tasks(number, "change") == []


@pytest.mark.parametrize("decides", [True, False])
def test_a_change_that_the_plan_makes_is_no_further_work(walk, decides):
    text = (COMPANY / "datamap.yaml").read_text(encoding="utf-8")
    noted = "review: {set: {reviewed_by: $officer"
    assert text.count(noted) == 1
    place = walk.folder / "datamap.yaml"
    changed = text.replace(noted, f"{noted}, result: reviewed" if decides else noted)
    place.write_text(changed, encoding="utf-8")
    systems = walk.folder / "own"
    systems.mkdir()
    for each in walk.json("source list"):
        shutil.copyfile(each["url"].removeprefix("sqlite:///"), systems / f"{each['key']}.db")
    names = ("crm", "platform", "billing")
    walk(f"source add {place} " + " ".join(f"--url {n}={systems / n}.db" for n in names))
    number = walk.found("review")
    walk(f"plan {number} --as zhao")
    walk(f"propose {number} {REASONED}")
    walk(f"approve {number} --as wang")
    walk(f"apply {number} --yes --as zhao")
    (task,) = walk.tasks(number, "human_review")
    walk(f"task done {number} {task} --result changed --proof looked --as zhao")
    assert len(walk.tasks(number, "change")) == (0 if decides else 1)


def test_who_reviews_is_named_in_the_source(walk, systems):
    number = walk.found("review")
    walk(f"plan {number}")
    error = walk(f"propose {number} {REASONED}", exits=4).stderr
    assert "whoever reviews plans" in error
    walk(f"plan {number} --as zhao")
    walk(f"propose {number} {REASONED}")
    walk(f"approve {number} --as wang")
    walk(f"apply {number} --yes --as zhao")
    reviewed = systems.rows("platform", "select distinct reviewed_by from targeting_decisions")
    assert ("zhao",) in reviewed
    (task,) = walk.tasks(number, "human_review")
    walk(f"task done {number} {task} --result upheld --proof looked --as zhao")
    walk(f"answer {number}")
    walk.ended(number, "fulfilled", "review")


def test_a_client_may_ask_for_its_users(walk):
    number = walk.open("review --role client")[0]
    walk(f"verify pass {number} --method known_facts")
    assert walk.show(number)["status"] == "verifying"
    walk(f"verify pass {number} --method company_authority")
    assert walk.show(number)["status"] == "working"


# ---- A freeze while something is checked ----


def test_a_freeze_stands_beside_a_correction_and_ends_only_when_the_person_was_told(walk):
    corrected = walk.open("correction --language en")[0]
    number = walk.json(f"split {corrected} restriction")[0]["number"]
    walk(f"propose {number} --say reason='we check the invoice'")
    walk.work(number, "source")
    walk(f"answer {number}")
    letter = walk.ended(number, "fulfilled", "restriction", status="answered")
    for words in (
        "other than storage",
        "we check the invoice",
        "before the restriction is lifted",
        "court",
    ):
        assert words in letter
    assert walk.show(corrected)["status"] == "received"
    (lift,) = walk.tasks(number, "lift")
    end = f"task done {number} {lift} --proof 'use goes on'"
    assert f"dsr letter {number} lifting --why" in walk(end, exits=4).stderr
    walk(f"letter {number} lifting --why 'the invoice was right' --dir {walk.folder / 'out'}")
    told = walk.letter(number, "lifting")
    assert "26 November 2026" in told
    assert "the invoice was right" in told
    assert "2026-11-26" in walk(end, exits=4).stderr  # the day has not come
    walk.later(3)(end)
    assert walk.show(number)["status"] == "closed"


def test_a_freeze_is_set_in_the_source_without_proof(walk, systems):
    number = walk.open("restriction --language en")[0]
    walk(f"plan {number}")
    walk(f"propose {number} --say reason='the address is checked'")
    walk(f"apply {number} --yes")
    frozen = "select count(*) from contacts where restricted_at is not null"
    assert systems.rows("crm", frozen) == [(1,)]
    walk(f"answer {number}", exits=4)  # the other systems know no such measure: people freeze there
    walk.work(number, "source")
    walk(f"answer {number}")
    walk.ended(number, "fulfilled", "restriction", status="answered")


# ---- The rules explained, and a complaint about a refusal ----


def test_the_rules_are_explained_from_the_datamap_to_whoever_asks(walk):
    number = walk.open("explanation --language en")[0]
    walk(f"propose {number} --say answer='You asked what the scores are for.'")
    walk(f"answer {number}")
    letter = walk.ended(number, "fulfilled", "explanation")
    assert walk.show(number)["identity"]["proofs"] == []
    for words in (
        "You asked what the scores are for.",
        "to decide in which order enquiries are answered",  # a purpose
        "three years after the last contact",  # how long
        "Shenlian",  # to whom
        "withdraw a consent",
        "court",
    ):
        assert words in letter
    assert "Lanhai" not in letter  # whose employees are whose is nobody's business
    assert "records)" not in letter


def test_a_complaint_about_a_refusal_is_judged_by_another_and_reopens_it(walk):
    refused = walk.found("correction --language en")
    changes = walk.file("发票金额: 100 -> 90")
    walk(f"propose {refused} --changes {changes} --draft")
    walk(f"refuse {refused} N2 --reason 'the invoice is right' --citation 'PIPL Art. 46'")
    walk(f"approve {refused} --as wang")
    walk(f"answer {refused}")
    walk.ended(refused, "not_applicable", "refusal")
    number = walk.open("complaint --language en")[0]
    upheld = "--say complaint_result=upheld --say measures='The invoice is corrected.'"
    walk(f"propose {number} --say finding='The invoice was wrong after all.' {upheld}")
    walk(f"approve {number} --as wang", exits=4)  # it was his decision
    said = walk(f"approve {number} --as zhao").stdout
    assert f"dsr reopen {refused} --complaint {number} --why" in said
    walk(f"answer {number}")
    letter = walk.ended(number, "fulfilled", "complaint")
    for words in (
        "The invoice was wrong after all.",
        "Your complaint is justified.",
        "The invoice is corrected.",
        "did not take the decision complained of",
    ):
        assert words in letter
    walk(f"reopen {refused} --complaint {number} --why 'complaint upheld'")
    assert walk.show(refused)["status"] == "working"


# ---- Accounts ----


def test_a_persons_deletion_never_touches_a_companys_account(walk, systems):
    number = walk.found("deletion --language en", ADMINISTRATOR)
    account = systems.rows("platform", "select * from accounts where client = 'lanhai'")
    walk(f"plan {number}")
    items = {each["source"]: each for each in walk.show(number)["items"]}
    company = items["platform.accounts"]
    assert (company["proposal"], company["ground"]) == ("refuse", "N8")
    assert "no authority" in walk(f"propose {number} --grant {company['number']}", exits=4).stderr
    walk(f"refer {number} --to lanhai --part")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    assert "that company's authority" in walk(f"letter {number} deletion").stdout
    walk(f"apply {number} --yes")
    assert systems.rows("platform", "select * from accounts where client = 'lanhai'") == account


def test_what_a_law_keeps_is_kept_by_law_where_a_company_asks(walk):
    text = (COMPANY / "datamap.yaml").read_text(encoding="utf-8")
    place = walk.folder / "datamap.yaml"
    held = "            holder: company\n"
    law = '              citation: {en: "Company Archives Act", zh: "档案法"}\n'
    law += '              until: {en: "ten years", zh: "十年"}\n'
    assert text.count(held) == 1
    logins = '            label: {en: "Your login"'
    assert text.count(logins) == 1
    kept = f"            kept_by_law:\n{law}"
    text = text.replace(held, held + kept).replace(logins, kept + logins)
    place.write_text(text, encoding="utf-8")
    urls = {each["key"]: each["url"] for each in walk.json("source list")}
    walk(f"source add {place} " + " ".join(f"--url {key}={url}" for key, url in urls.items()))
    number = walk.open("cancellation --role client", "lanhai_admin", "account")[0]
    for method in ("video", "company_authority"):
        walk(f"verify pass {number} --method {method}")
    walk(f"find {number}")
    walk(f"propose {number} --draft")
    grounds = {each["source"]: each["ground"] for each in walk.show(number)["items"]}
    assert grounds["platform.accounts"] == "K1"
    assert grounds["platform.logins"] == "K1"


def test_whoever_shows_a_companys_authority_is_said_to_ask_for_it(walk):
    number = walk.open("cancellation", "lanhai_admin", "account")[0]
    role = f"dsr set {number} --role client"
    line = f"verify pass {number} --method company_authority"
    assert role in walk.json(line)[0]["said"]
    walk(role.removeprefix("dsr "))
    assert "--role" not in walk.json(line)[0]["said"]


def test_what_a_cancellation_means_is_told_before_it_and_never_made_a_condition(walk):
    number = walk.open("cancellation --language en", ADMINISTRATOR)[0]
    told = walk(f"letter {number} acknowledgement").stdout
    for words in ("can no longer sign in", "they are no condition", "delete or anonymise"):
        assert words in told
    walk(f"verify pass {number} --method video")
    walk(f"find {number}")
    for ground in ("K2", "S1", "S4", "H7"):
        refusal = f"refuse {number} {ground} --reason 'an order is open' --citation x"
        walk(f"{refusal} --until-when 'the order ends' --alternative later", exits=4)


def test_an_administrator_cancels_his_login_and_not_the_companys_account(walk, systems):
    number = walk.found("cancellation --language en", ADMINISTRATOR)
    walk(f"plan {number}")
    items = {each["source"]: each for each in walk.show(number)["items"]}
    company = items["platform.accounts"]
    assert (company["proposal"], company["ground"]) == ("refuse", "N8")
    assert items["platform.logins"]["proposal"] == "grant"
    refused = walk(f"propose {number} --grant {company['number']}", exits=4).stderr
    assert "no authority" in refused
    unreferred = walk(f"propose {number}", exits=4).stderr
    assert f"dsr refer {number} --to lanhai --part" in unreferred
    walk(f"refer {number} --to lanhai --part")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk(f"apply {number} --yes")
    states = "select a.status, l.status from accounts a join logins l on l.account_id = a.id"
    assert systems.rows("platform", f"{states} where a.client = 'lanhai'") == [
        ("open", "cancelled")
    ]
    walk.work(number, "service_stop", "stop_use")
    walk(f"answer {number}")
    letter = walk.ended(number, "partly_refused", "cancellation", status="answered")
    for words in ("you can no longer sign in", "that company's authority", "court"):
        assert words in letter
    walk.work(number)


def test_a_company_cancels_its_account_by_its_authority_and_no_persons_data(walk, systems):
    number = walk.open("cancellation --role client --language en", "lanhai_admin", "account")[0]
    walk(f"verify pass {number} --method video")
    walk(f"find {number}", exits=4)
    walk(f"verify pass {number} --method company_authority")
    walk(f"find {number}")
    walk(f"plan {number}")
    granted = [each for each in walk.show(number)["items"] if each["proposal"] == "grant"]
    assert [each["source"] for each in granted] == ["platform.accounts"]
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk(f"apply {number} --yes")
    status = "select status from accounts where client = 'lanhai'"
    assert systems.rows("platform", status) == [("closed",)]


def test_who_also_wants_deletion_gets_a_ticket_of_it(walk):
    number = walk.open("cancellation")[0]
    opened = walk.json(f"split {number} deletion")[0]
    assert walk.show(opened["number"])["case"] == walk.show(number)["case"]


# ---- No code to the value under correction ----


def test_a_proof_by_the_number_to_be_corrected_plans_nothing(walk):
    number = walk.open("correction", "+86 199 0000 0001", "phone")[0]
    walk(f"verify pass {number} --method one_time_code --identifier phone")
    walk(f"find {number}")
    changes = walk.file("手机号: +8619900000001 -> +8619900000999")
    walk(f"correct {number} {changes}")
    assert "the one to correct" in walk(f"plan {number}", exits=4).stderr
