"""A decision carried out in the company's systems: planned, approved, applied, resumed."""

import hashlib
import json
import sqlite3
import zlib
from contextlib import closing

import pytest

from dsr.sources import planning

#: Wang Fang and Zhang Jianguo live together: their address is one row.
SHARED = "--with-shared crm.households --why 'both have moved'"
WHITFIELD = "james.whitfield@inbox.example.org"


@pytest.fixture
def planned(walk, systems):
    """Return what plans a deletion of somebody and gives its ticket's number."""

    def make(who="Wang.Fang@mail.example.com", *, approved=True, plan=SHARED):
        number = walk.found("deletion", who)
        walk(f"plan {number} {plan}")
        if approved:
            walk(f"propose {number}")
            walk(f"approve {number} --as wang")
        return number

    return make


def test_a_deletion_is_planned_approved_applied_and_answered(walk, systems, planned):
    number = planned()
    before = systems.dump()
    assert walk.show(number)["next_command"] == f"dsr apply {number}"

    walk(f"apply {number} --yes")

    assert systems.rows("crm", "select full_name from contacts where id = 1") == [("[erased]",)]
    assert systems.rows("crm", "select count(*) from leads where email like 'wang.fang@%'") == [
        (0,)
    ]
    kept = "select count(*) from invoices where sent_to_email = 'wang.fang@mail.example.com'"
    assert systems.rows("billing", kept) == [(2,)]
    assert systems.dump() != before
    assert not walk.tasks(number, "source")
    walk.work(number, "stop_use")
    walk(f"answer {number}")
    letter = walk.ended(number, "partly_refused", "deletion", status="answered")
    assert "30" in letter
    ledger = walk.rows("select count(*) from erasure")[0]
    parts = [each["facts"] for each in walk.json(f"log {number}") if "done" in each["facts"]]
    assert sum(facts["ledger"] for facts in parts) == ledger > 0
    assert "wang" not in " ".join(walk.rows("select lookup from erasure"))


def test_a_plan_changes_nothing_and_shows_no_value(walk, systems, planned):
    before = systems.dump()
    number = planned(approved=False)
    lines = walk.json(f"plan {number} --stored")
    assert systems.dump() == before
    assert {"set", "delete", "kept"} <= {line["result"] for line in lines}
    said = json.dumps(lines, ensure_ascii=False).casefold()
    assert "wang.fang" not in said
    assert "王芳" not in said


def test_a_plan_is_part_of_what_is_approved(walk, systems, planned):
    number = planned(approved=False)
    walk(f"propose {number}")
    walk(f"plan {number}", exits=4)  # it is proposed: what is approved stays as it is
    first = walk.rows("select sha256 from plan")
    walk(f"return {number} --why again --as wang")
    systems.change("crm", "update contacts set job_title = 'x' where id = 1")
    walk(f"plan {number}")
    assert walk.rows("select sha256 from plan") != first


def test_a_plan_for_other_items_cannot_be_proposed(walk, systems, planned):
    number = planned(approved=False)
    items = walk.show(number)["items"]
    granted = next(each["number"] for each in items if each["proposal"] == "grant")
    less = f'--keep {granted} --ground K2 --citation "Civil Code Art. 509" --until 2030-01-01'
    refused = walk(f"propose {number} {less} --internal memo", exits=4)
    assert "the plan was made for other items" in refused.stderr
    assert f"dsr plan {number}" in refused.stderr


def test_a_row_that_changed_since_stops_its_source_and_nothing_of_it_is_changed(
    walk, systems, planned
):
    number = planned()
    systems.change("crm", "update contacts set job_title = 'promoted' where id = 1")
    before = systems.dump()["crm"]
    refused = walk(f"apply {number} --yes", exits=5)
    assert "crm" in refused.stderr
    assert "promoted" not in refused.stderr
    assert systems.dump()["crm"] == before
    walk(f"return {number} --why 'a row changed'")  # nothing is half done
    walk(f"plan {number} {SHARED}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk(f"apply {number} --yes")
    assert systems.rows("crm", "select job_title from contacts where id = 1") == [(None,)]


def test_a_locked_source_fails_alone_and_the_next_run_does_what_is_left(walk, systems, planned):
    number = planned()
    with closing(sqlite3.connect(systems.place("platform"))) as other:
        other.execute("BEGIN EXCLUSIVE")
        refused = walk(f"apply {number} --yes", exits=8)
        assert "locked" in refused.stderr
    states = dict(
        zip(*[walk.rows(f"select {c} from plan_part") for c in ("source", "state")], strict=True)
    )
    assert states["platform"] != "done"
    walk(f"apply {number} --yes")
    assert set(walk.rows("select state from plan_part")) == {"done"}
    again = walk.json(f"apply {number} --yes")
    assert again == []  # nothing is done twice


def test_a_source_that_was_done_but_not_recorded_is_not_done_twice(
    walk, systems, planned, database
):
    number = planned()
    walk(f"apply {number} --yes")
    done = systems.dump()
    with closing(sqlite3.connect(database)) as own, own:  # as if killed before our own commit
        own.execute("update plan_part set state = 'begun' where source = 'crm'")
    assert [each["result"] for each in walk.json(f"apply {number} --yes")] == ["was done already"]
    assert systems.dump() == done


def test_an_edited_plan_file_is_refused(walk, systems, planned, tmp_path):
    number = planned()
    place = tmp_path / "plan.jsonl"
    walk(f"plan {number} --stored --save {place}")
    text = place.read_text()
    place.write_text(text.replace("[erased]", "[gone]"))
    refused = walk(f"apply {number} --plan {place} --yes", exits=4)
    assert "another plan" in refused.stderr
    place.write_text(text)
    walk(f"apply {number} --plan {place} --yes")


def test_a_plan_that_was_changed_in_the_database_is_refused(walk, systems, planned, database):
    number = planned()
    before = systems.dump()
    with closing(sqlite3.connect(database)) as own, own:
        sha = own.execute("select sha256 from plan").fetchone()[0]
        own.execute("delete from blob where sha256 = ?", (sha,))
    walk(f"apply {number} --yes", exits=4)
    assert systems.dump() == before


def test_a_plan_that_was_put_in_anothers_place_is_refused(walk, systems, planned, database):
    number = planned()
    before = systems.dump()
    with closing(sqlite3.connect(database)) as own, own:
        sha = own.execute("select sha256 from plan").fetchone()[0]
        raw = b"".join(
            zlib.decompress(data)
            for (data,) in own.execute(
                "select data from blob where sha256 = ? order by part", (sha,)
            )
        )
        fewer = raw.partition(b"\n")[2]
        own.execute("update blob set data = ? where sha256 = ?", (zlib.compress(fewer), sha))
    assert "another one" in walk(f"apply {number} --yes", exits=4).stderr
    with closing(sqlite3.connect(database)) as own, own:  # and its hash with it
        other = hashlib.sha256(fewer).hexdigest()
        own.execute("update blob set sha256 = ? where sha256 = ?", (other, sha))
        own.execute("update plan set sha256 = ?", (other,))
    assert "changed after" in walk(f"apply {number} --yes", exits=4).stderr
    assert systems.dump() == before


def test_items_that_change_while_a_plan_is_made_void_it(walk, systems, monkeypatch):
    number = walk.found("deletion", WHITFIELD)
    walk(f"propose {number} --draft")
    made = planning.make_plan

    def slow(*said, **named):
        walk(f"propose {number} --keep 2 --ground K2 --citation 'Law 1' --until 2030-01-01 --draft")
        return made(*said, **named)

    monkeypatch.setattr(planning, "make_plan", slow)
    assert "changed while it was made" in walk(f"plan {number}", exits=5).stderr
    assert walk.rows("select count(*) from plan") == [0]


def test_what_was_changed_in_the_systems_is_answered_and_not_withdrawn(walk, systems):
    number = walk.found("correction", WHITFIELD)
    walk(f"correct {number} {walk.file('Name: James Whitfield -> James Q. Whitfield')}")
    walk(f"plan {number}")
    walk(f"propose {number}")
    walk(f"apply {number} --yes")
    walk(f"return {number} --why 'looked at once more'")
    walk(f"close {number} --as withdrawn --why 'she called'", exits=4)


def test_a_hold_on_another_ticket_of_the_person_holds_too(walk, systems, planned):
    number = planned()
    other = walk.open("explanation")[0]
    walk(f"hold {other} --why 'court order' --as zhao")
    assert f"ticket {other} is under a legal hold" in walk(f"apply {number} --yes", exits=4).stderr


def test_a_legal_hold_stops_applying(walk, systems, planned):
    number = planned()
    before = systems.dump()
    walk(f"hold {number} --why 'court order' --as zhao")
    refused = walk(f"apply {number} --yes", exits=4)
    assert "legal hold" in refused.stderr
    assert systems.dump() == before
    walk(f"hold {number} --lift --why over --as zhao")
    walk(f"apply {number} --yes")


def test_without_a_decision_nothing_is_applied(walk, systems, planned):
    number = planned(approved=False)
    walk(f"apply {number} --yes", exits=4)
    walk(f"propose {number}")
    walk(f"apply {number} --yes", exits=4)


def test_what_people_share_stays_without_a_decision(walk, systems, planned):
    number = planned(approved=False, plan="")
    lines = walk.json(f"plan {number} --stored")
    shared = [line for line in lines if line["result"] == "shared"]
    assert [line["collection"] for line in shared] == ["households"]
    undecided = walk(f"propose {number}", exits=4)
    assert "crm.households, whose rows are not the person's alone" in undecided.stderr
    refused = walk(f"plan {number} --with-shared crm.households", exits=4)
    assert "--why" in refused.stderr
    walk(f"plan {number} {SHARED}")
    lines = walk.json(f"plan {number} --stored")
    assert not [line for line in lines if line["result"] == "shared"]
    walk(f"plan {number} --with-shared crm.nothing --why 'both moved'", exits=3)


def test_what_people_share_may_be_kept_instead(walk, systems, planned):
    number = planned(approved=False, plan="")
    item = next(i["number"] for i in walk.show(number)["items"] if i["source"] == "crm.households")
    why = "--reason 'your household shares it' --internal 'another contact lives there'"
    walk(f"refuse {number} T2 --items {item} {why} --draft")
    walk(f"plan {number}")
    walk(f"propose {number}")


def test_a_correction_changes_what_is_current_and_leaves_records_alone(walk, systems):
    number = walk.found("correction", WHITFIELD)
    name = "platform.logins.display_name"
    walk(f"correct {number} {walk.file('Name: James Whitfield -> James Q. Whitfield')}")
    walk(f"plan {number}")
    walk(f"propose {number}")
    walk(f"apply {number} --yes")
    assert name
    current = systems.rows(
        "crm", "select full_name from contacts where lower(email) = ?", WHITFIELD
    )
    assert current == [("James Q. Whitfield",)]
    invoices = systems.rows(
        "billing", "select distinct title from invoices where sent_to_email = ?", WHITFIELD
    )
    assert ("James Q. Whitfield",) not in invoices


def test_a_correction_that_meets_no_value_is_not_carried_out_and_not_told(walk, systems):
    number = walk.found("correction", WHITFIELD)
    walk(f"correct {number} {walk.file('Name: Nobody At All -> Somebody')}")
    planned = walk(f"plan {number}")
    assert f"next: dsr plan {number}" in planned.stderr
    refused = walk(f"propose {number}", exits=4)
    assert "item 1: what is to be corrected is no current value" in refused.stderr
    assert "Nobody" not in refused.stderr
    gone = walk(f"go {number}").stdout
    assert f"dsr correct {number}" in gone
    walk(f"correct {number} {walk.file('Name: James Whitfield -> Somebody')}")
    walk(f"plan {number}")
    walk(f"propose {number}")


def test_only_systems_in_which_something_changes_are_told_of(walk, systems):
    number = walk.found("correction", WHITFIELD)
    walk(f"correct {number} {walk.file('Job title: Marketing Manager -> Head of Marketing')}")
    walk(f"plan {number}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk(f"apply {number} --yes")
    walk(f"answer {number}")
    letter = walk.letter(number, "correction")
    assert "客户关系系统" in letter
    assert "结算系统" not in letter
    assert "营销平台" not in letter


def test_a_system_without_the_measure_stays_somebodys_work(walk, systems):
    number = walk.open("restriction")[0]
    walk(f"plan {number}")
    walk(f"propose {number} --say reason=checked")
    walk(f"apply {number} --yes")
    open_ = [t["target"] for t in walk.json(f"task list {number}") if t["state"] == "open"]
    assert set(open_) >= {"billing", "platform"}
    walk(f"answer {number}", exits=4)


def test_of_whom_nothing_is_held_nobody_is_told_and_nothing_is_said_to_be_done(walk, systems):
    number = walk.open("withdrawal --scope cookies", "nobody.here@example.com")[0]
    walk(f"plan {number}")
    walk(f"propose {number}")
    assert walk.tasks(number) == []
    walk(f"answer {number}")
    letter = walk.ended(number, "fulfilled", "withdrawal")
    assert "已停止相关处理" not in letter


def test_a_childs_file_is_planned_with_leave_only(walk, systems):
    born = walk.file("2014-05-18", "born.txt")
    who = "xu.xiaoyu@mail.example.com"
    named = f"--identifier email={walk.file(who, 'who.txt')} --born {born}"
    number = walk.json(f"open withdrawal --scope cookies {named}")[0]["number"]
    assert "leave" in walk(f"plan {number}", exits=4).stderr
    walk(f"approve {number} --to-view li --as wang")
    walk(f"plan {number}")


def test_a_hold_reaches_what_an_officer_linked(walk, systems, planned):
    number = planned()
    other = walk.open("explanation", "somebody.else@example.com")[0]
    walk(f"hold {other} --why claim --as zhao")
    walk(f"link {number} {other} --why 'the same person'")
    assert f"ticket {other} is under a legal hold" in walk(f"apply {number} --yes", exits=4).stderr


def test_a_plan_may_be_left_to_people(walk, systems, planned):
    number = planned(approved=False)
    walk(f"plan {number} --by-hand")
    walk(f"plan {number} --by-hand", exits=3)
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    assert "no plan was made" in walk(f"apply {number} --yes", exits=4).stderr
    walk.work(number, "source", "stop_use")
    walk(f"answer {number}")


def test_a_suppression_follows_a_corrected_address(walk, systems):
    stopped = walk.open("withdrawal --scope marketing", WHITFIELD)[0]
    walk(f"stop {stopped}")
    number = walk.found("correction", WHITFIELD)
    changes = walk.file(f"E-mail address: {WHITFIELD} -> jw@inbox.example.org")
    walk(f"correct {number} {changes}")
    walk(f"plan {number}")
    walk(f"propose {number}")
    walk(f"apply {number} --yes")
    asked = walk(
        "suppressed - --only yes", input=f"jw@inbox.example.org\n{WHITFIELD}\nx@example.com\n"
    )
    assert asked.stdout.split() == ["jw@inbox.example.org", WHITFIELD]


def test_a_cancellation_stops_the_service_and_erases_what_may_go(walk, systems):
    number = walk.found("cancellation")
    walk(f"plan {number} {SHARED}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk(f"apply {number} --yes")
    assert systems.rows(
        "platform", "select status, display_name from logins where crm_contact_id = 1"
    ) == [("cancelled", "[erased]")]
    assert not walk.tasks(number, "service_stop", "erase_or_anonymise")
    walk.work(number, "stop_use")
    walk(f"answer {number}")
    walk.ended(number, "partly_refused", "cancellation", status="answered")


def test_a_withdrawal_leaves_the_core_service_alone(walk, systems):
    number = walk.open("withdrawal --scope consent")[0]
    walk(f"plan {number}")
    fields = {
        (line["collection"], line["field"])
        for line in walk.json(f"plan {number} --stored")
        if line["result"] == "set"
    }
    assert fields == {("consents", "given"), ("consents", "withdrawn_at")}
    walk(f"propose {number}")
    walk(f"apply {number} --yes")
    assert systems.rows("platform", "select status from logins where crm_contact_id = 1") == [
        ("active",)
    ]
