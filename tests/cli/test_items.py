"""What is decided item by item, down to a field: in copy, systems, letter and file."""

import csv
import json

import pytest

FIELD = "job_title"
REFUSED = "--reason 'It would give a trade secret away.' --internal 'see memo'"
ALONE = "--with-shared crm.households --why 'nobody else lives there'"
KEPT = "--citation 'Civil Code Art. 188' --until-when 'the end of the claim'"


def items(walk, number):
    return {
        (each["source"], each["field"] or "", each["label"] if "." not in each["source"] else ""): (
            each["number"],
            each["proposal"],
            each["ground"],
        )
        for each in walk.show(number)["items"]
    }


@pytest.fixture
def copy(walk):
    """Return a copy of which one field is refused: its ticket, and the item it was part of."""
    number = walk.found("copy --language en")
    walk(f"propose {number} --draft")
    contacts = walk.item(number, "crm.contacts")["number"]
    walk(f"refuse {number} H7 --items {contacts}.{FIELD} {REFUSED} --draft")
    return number, contacts


# ---- A field ----


def test_a_refused_field_stands_in_the_copy_as_a_mark_and_nowhere_else(
    walk, copy, systems, tmp_path
):
    number, _ = copy
    ((title,),) = systems.rows(
        "crm", f"select {FIELD} from contacts where lower(email) = ?", "wang.fang@mail.example.com"
    )
    walk(f"export {number} --review {tmp_path / 'seen'}")
    whole = json.loads((tmp_path / "seen" / "data.json").read_text("utf-8"))
    (contacts,) = (each for each in whole["collections"] if each["collection"] == "contacts")
    assert {row[FIELD] for row in contacts["rows"]} == {whole["withheld_mark"]}
    assert {row["company_name"] for row in contacts["rows"]} != {whole["withheld_mark"]}
    assert [each["field"] for each in whole["withheld"]] == [FIELD]
    (table,) = (tmp_path / "seen" / "csv").glob("*crm-contacts.csv")
    with table.open(encoding="utf-8-sig") as file:
        assert {row[FIELD] for row in csv.DictReader(file)} == {whole["withheld_mark"]}
    assert "trade secret" in (tmp_path / "seen" / "index.html").read_text("utf-8")
    facts = walk.show(number)["events"][-1]["facts"]
    ((source, collection, field, ground, before),) = facts["redactions"]
    assert (source, collection, field, ground) == ("crm", "contacts", FIELD, "H7")
    assert len(before) == 32
    assert title not in json.dumps(walk.show(number), ensure_ascii=False)


def test_the_letter_names_a_refused_field_with_its_ground(walk, copy):
    number, _ = copy
    walk(f"export {number}")
    walk(f"propose {number}")
    walk(f"approve {number} --as zhao")
    walk(f"answer {number}")
    text = walk.ended(number, "partly_refused", "copy")
    assert "trade secret" in text
    assert "see memo" not in text


def test_a_quiet_ground_is_told_nowhere_in_the_copy(walk, tmp_path):
    number = walk.found("copy --language en")
    walk(f"propose {number} --draft")
    contacts = walk.item(number, "crm.contacts")["number"]
    quiet = "--reason x --internal y --citation 'Criminal Procedure Law Art. 54' --draft"
    walk(f"refuse {number} H4 --items {contacts}.{FIELD} {quiet}")
    walk(f"export {number} --review {tmp_path / 'seen'}")
    told = (tmp_path / "seen" / "data.json").read_text("utf-8").casefold()
    assert "code" not in json.loads(told)["withheld"][0]
    assert "h4" not in json.loads(told)["withheld"][0]["ground"]
    assert "criminal" not in told


def test_an_access_letter_does_not_show_the_category_of_a_refused_field(walk):
    number = walk.found("access --language en")
    walk(f"propose {number} --draft")
    chats = walk.item(number, "crm.chats")["number"]
    walk(f"refuse {number} H7 --items {chats} {REFUSED} --draft")
    facts = walk(f"letter {number} access --preview").stdout
    held = facts.partition("Our decision")[0]
    assert " / Chat messages" not in held
    assert "Chat messages: refused" in facts


def test_a_kept_field_is_left_alone_by_the_plan_and_the_rest_is_erased(walk, systems):
    number = walk.found("deletion --language en")
    walk(f"find {number}")
    walk(f"propose {number} --draft")
    leads = walk.item(number, "crm.leads")["number"]
    before = systems.rows("crm", "select id, mobile, full_name from leads order by id")
    walk(f"propose {number} --restrict {leads}.mobile --ground K3 {KEPT} --draft")
    lines = walk.json(f"plan {number} {ALONE}")
    (kept,) = (e for e in lines if e["collection"] == "leads" and e["result"] == "kept")
    assert (kept["field"], kept["until"]) == ("mobile", "the end of the claim")
    assert "K3" in kept["reason"]
    assert not [e for e in lines if e["collection"] == "leads" and e["result"] == "delete"]
    walk(f"propose {number}")
    walk(f"approve {number} --as zhao")
    walk(f"apply {number} --yes")
    after = systems.rows("crm", "select id, mobile, full_name from leads order by id")
    assert [row[:2] for row in after] == [row[:2] for row in before]
    assert after != before
    assert walk.tasks(number, "retention")


def test_a_row_of_which_a_field_is_kept_does_not_go_though_the_field_tells_of_nobody(walk, systems):
    number = walk.found("deletion --language en")
    walk(f"find {number}")
    walk(f"propose {number} --draft")
    leads = walk.item(number, "crm.leads")["number"]
    gone = [e for e in walk.json(f"plan {number} {ALONE}") if e["result"] == "delete"]
    assert "leads" in {each["collection"] for each in gone}
    walk(f"propose {number} --restrict {leads}.id --ground K3 {KEPT} --draft")
    gone = [e for e in walk.json(f"plan {number} {ALONE}") if e["result"] == "delete"]
    assert "leads" not in {each["collection"] for each in gone}


# ---- How items are listed ----


def test_numbers_stay_through_every_listing(walk, copy):
    number, contacts = copy
    first = items(walk, number)
    for grain in ("field", "category", "source", "collection", "field"):
        walk(f"propose {number} --by {grain} --draft")
        now = items(walk, number)
        known = first | now
        assert all(known[place][0] == first[place][0] for place in first)
        assert now["crm.contacts", FIELD, ""][1:] == ("refuse", "H7")
        assert len({each["number"] for each in walk.show(number)["items"]}) == len(
            walk.show(number)["items"]
        )
        first = known
    assert ("crm.contacts", "", "") not in now
    assert contacts not in {value[0] for value in now.values()}


def test_a_category_is_decided_in_a_whole_source(walk, tmp_path):
    number = walk.found("copy --language en")
    walk(f"propose {number} --by category --draft")
    shown = walk.show(number)["items"]
    (found,) = (e for e in shown if e["category"] == "identity" and e["source"] == "crm")
    walk(f"refuse {number} H6 --items {found['number']} {REFUSED} --draft")
    walk(f"export {number} --review {tmp_path / 'seen'}")
    whole = json.loads((tmp_path / "seen" / "data.json").read_text("utf-8"))
    crm = [row for each in whole["collections"] if each["source"] == "crm" for row in each["rows"]]
    marks = {row.get("full_name") or row.get("email") for row in crm} - {None}
    assert marks == {whole["withheld_mark"]}


def test_what_is_no_part_of_an_item_is_named_with_the_nearest(walk, copy):
    number, contacts = copy
    error = walk(f"propose {number} --keep {contacts}.jobtitle --draft", exits=3).stderr
    assert FIELD in error
    walk(f"propose {number} --keep 99 --draft", exits=3)
    walk(f"propose {number} --keep x --draft", exits=2)


def test_all_fields_under_one_ground_are_the_whole_of_a_request(walk):
    number = walk.found("access")
    walk(f"propose {number} --by field --draft")
    named = ",".join(str(each["number"]) for each in walk.show(number)["items"])
    line = f"refuse {number} H7 --items {named} {REFUSED}"
    assert "cannot refuse the whole" in walk(line, exits=4).stderr


# ---- Restricted instead ----


def test_all_that_is_restricted_is_looked_at_when_its_end_comes(walk):
    number = walk.found("deletion --language en")
    walk(f"propose {number} --draft")
    named = ",".join(str(each["number"]) for each in walk.show(number)["items"])
    law = "--citation 'Tax Collection Law Art. 24' --until 2031-12-31"
    walk(f"propose {number} --restrict {named} {law} --draft")
    reasons = {each["reason"] for each in walk.show(number)["items"]}
    assert not [reason for reason in reasons if "technically" in reason]
    walk(f"plan {number}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    listed = walk.json(f"task list {number}")
    due = {each["due_on"] for each in listed if each["kind"] == "retention"}
    assert due == {"2031-12-31"}
    walk.work(number, *{each["kind"] for each in listed} - {"retention"})
    walk(f"answer {number}")
    assert "2031" in walk.letter(number, "deletion")


# ---- Hard stops ----


def test_a_draft_may_lack_a_reference_and_a_decision_may_not(walk):
    number = walk.found("deletion --language en")
    walk(f"refuse {number} H1 --reason 'A law keeps it.' --until 2031-12-31 --draft")
    error = walk(f"propose {number}", exits=4).stderr
    assert "H1 needs a citation" in error
    assert "PIPL Art." in error
    line = f"refuse {number} H1 --reason 'A law keeps it.' --until 2031-12-31"
    walk(f"{line} --citation 'Tax Collection Law Art. 24'")
    walk(f"approve {number} --as zhao")
    walk.work(number)
    walk(f"answer {number}")
    text = walk.ended(number, "refused", "refusal")
    assert "Tax Collection Law Art. 24" in text
    assert walk.show(number)["items"][0]["citation"] == "Tax Collection Law Art. 24"


def test_another_law_after_a_draft_brings_its_own_stops(walk):
    number = walk.found("copy --language en")
    walk(f"propose {number} --draft")
    line = f"refuse {number} S2 --items 1 {REFUSED} --alternative 'a printed extract' --draft"
    walk(line)
    walk(f"set {number} --law CN,EU")
    error = walk(f"propose {number}", exits=4).stderr
    assert "S2 is not known under EU" in error
    assert "GDPR Art. 12(5)" in error


def test_a_minor_after_a_draft_brings_the_stops_of_minors(walk):
    number = walk.found("copy --language en")
    walk(f"propose {number} --draft")
    walk(f"refuse {number} H5 --items 1 {REFUSED} --evidence log --draft")
    walk(f"set {number} --born {walk.file('2010-05-18', 'born.txt')}")
    walk(f"approve {number} --to-view li --as wang")
    assert "minor" in walk(f"propose {number}", exits=4).stderr


def test_a_law_that_changed_is_heeded_by_the_approval(walk):
    number = walk.found("access --language en")
    walk(f"propose {number} --draft")
    line = f"refuse {number} S4 --items 1 {REFUSED} --alternative later --until 2027-03-01"
    walk(f"{line} --draft")
    walk(f"export {number}")
    walk(line)
    laws = json.loads(walk.rows("select laws from ticket")[0])
    walk.behind("update ticket set laws = ?", json.dumps(laws | {"EU": eu_version()}))
    error = walk(f"approve {number} --as wang", exits=4).stderr
    assert "S4 is not known under EU" in error


def eu_version():
    from dsr.rules import book

    return book.law("EU").version


def test_a_citation_of_before_does_not_count_as_legals_own(walk):
    number = walk.found("copy --language en")
    walk(f"propose {number} --draft")
    *most, last = (str(each["number"]) for each in walk.show(number)["items"])
    walk(f"refuse {number} H6 --items {','.join(most)} {REFUSED} --draft")
    walk(f"set {number} --law CN,EU")
    line = f"refuse {number} H6 --items {last} {REFUSED} --citation 'PIPL Art. 18'"
    error = walk(line, exits=4).stderr
    assert "legal's citation" in error


def test_nothing_that_arrives_decides_anything(walk):
    rows = (
        "id,kind,email,ground,proposal,decision\n1,access,wang.fang@mail.example.com,S1,refuse,H7\n"
    )
    walk.file(rows, "forms.csv")
    walk(f"import {walk.folder / 'forms.csv'}")
    assert walk.rows("select count(*) from item") == [0]


# ---- Approval ----


def test_what_is_approved_is_told_in_words_before(walk, copy):
    number, _ = copy
    walk(f"export {number}")
    walk(f"propose {number}")
    before = walk.dump()
    said = walk.json(f"approve {number} --as wang --dry-run")[0]["said"]
    for words in ("partly_refused", "H7", "granted", "risk:", "letter 'copy'", "prepared by li"):
        assert words in said
    assert walk.dump() == before


def test_company_facts_that_changed_void_an_approval(walk, copy):
    number, _ = copy
    folder = walk.folder / "rules"
    folder.mkdir()
    walk.run.variables["DSR_RULES_FOLDER"] = str(folder)
    walk(f"export {number}")
    walk(f"propose {number}")
    (folder / "policy.toml").write_text('email = "privacy@jing.example.com"\n', "utf-8")
    from dsr.rules import office

    office.company.cache_clear()
    assert "changed after it was proposed" in walk(f"approve {number} --as wang", exits=4).stderr


# ---- Asked before ----


@pytest.fixture
def repeated(walk):
    """Return a request for an explanation that was answered, and the same asked again."""
    first = walk.open("explanation --language en")[0]
    walk(f"propose {first} --say answer='so it is'")
    walk(f"answer {first}")
    return first, walk.open("explanation --language en")[0]


AGAIN = "S1 --reason 'It was told before.' --alternative 'the answer, sent again'"


def test_an_earlier_answer_is_shown_and_proposed_as_the_evidence(walk, repeated):
    first, again = repeated
    assert f"DSR-{first} answered the same person" in walk(f"show {again}").stdout
    said = walk.json(f"refuse {again} {AGAIN}")[0]["said"]
    assert f"DSR-{first} answered the same person the same right on 2026-11-23" in said
    walk(f"approve {again} --as wang")
    walk(f"answer {again}")
    text = walk.ended(again, "refused", "refusal")
    assert f"on 23 November 2026, under the reference DSR-{first}" in text


def test_what_was_never_answered_is_not_repetitive(walk):
    number = walk.open("explanation")[0]
    error = walk(f"refuse {number} {AGAIN} --evidence 'letter of 3 May'", exits=4).stderr
    assert "no answer to the same person" in error
    walk(f"refuse {number} {AGAIN} --draft")
    walk(f"propose {number}", exits=4)


def test_after_a_long_time_nothing_is_repetitive(walk, repeated):
    later = walk.later(91)
    again = later.open("explanation")[0]
    assert "more than 90" in later(f"refuse {again} {AGAIN}", exits=4).stderr


# ---- A legal hold on an item ----


@pytest.fixture
def leads(walk, systems):
    """Return a deletion that is drafted, and its item for the leads."""
    number = walk.found("deletion --language en")
    walk(f"find {number}")
    walk(f"propose {number} --draft")
    return number, walk.item(number, "crm.leads")["number"]


def test_a_held_item_is_not_erased_and_the_rest_is(walk, systems, leads):
    number, item = leads
    walk(f"hold {number} --item {item} --why claim --as wang", exits=4)
    walk(f"hold {number} --item {item} --why claim --as zhao")
    assert "HELD" in walk(f"show {number}").stdout
    before = systems.dump()["crm"]
    walk(f"plan {number} {ALONE}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk(f"apply {number} --yes")
    after = systems.dump()["crm"]
    assert [e for e in after if '"leads"' in e] == [e for e in before if '"leads"' in e]
    assert after != before
    assert items(walk, number)["crm.leads", "", ""][1:] == ("keep", "K3")
    walk.sound()


def test_a_hold_after_the_approval_is_heeded_by_apply(walk, systems, leads):
    number, item = leads
    walk(f"plan {number} {ALONE}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    said = walk.json(f"hold {number} --item {item} --why claim --as zhao")[0]["said"]
    assert f"dsr return {number}" in said
    before = systems.rows("crm", "select * from leads")
    done = walk.json(f"apply {number} --yes")
    assert systems.rows("crm", "select * from leads") == before
    assert [each for each in done if "a legal hold" in each["result"]]
    walk(f"answer {number}", exits=4)


def test_a_lifted_hold_gives_the_item_back(walk, leads):
    number, item = leads
    walk(f"hold {number} --item {item} --why claim --as zhao")
    walk(f"propose {number} --draft")
    walk(f"hold {number} --item {item} --lift --why settled --as zhao")
    assert items(walk, number)["crm.leads", "", ""][1] == "grant"
    actions = [each["action"] for each in walk.show(number)["events"]]
    assert actions.count("hold") == actions.count("release") == 1


# ---- A source that fails ----


def test_what_could_not_be_collected_is_shown_so_and_completed_by_another_search(walk, systems):
    number = walk.verified("access")
    place = systems.place("billing")
    gone = place.rename(place.with_suffix(".gone"))
    place.write_bytes(b"no database")
    walk(f"find {number}", exits=8)
    shown = walk.rows("select distinct source || ' ' || result from search where result = 'failed'")
    assert shown == ["billing failed"]
    assert "searches failed" in walk(f"propose {number}", exits=4).stderr
    place.unlink()
    gone.rename(place)
    walk(f"find {number}")
    assert walk.rows("select count(*) from search where result = 'failed'") == [0]
    assert "billing.invoices" in {each["source"] for each in drafted(walk, number)}


def drafted(walk, number):
    walk(f"propose {number} --draft")
    return walk.show(number)["items"]
