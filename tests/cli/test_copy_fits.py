"""The copy that goes out is the one that was decided on, and a refusal of nearly all one of all."""

import json

import pyzipper

SECRET = "--reason 'It would give a trade secret away.' --internal 'see memo'"
TRADE = f"H7 {SECRET}"
OTHER = "the copy was made for other items"


def handed_over(walk, number):
    """Approve, answer, and return what is in the copy: its tables, and what is withheld."""
    walk(f"approve {number} --as zhao")
    answered = walk.json(f"answer {number}")
    (name,) = (each for each in answered["files"] if each.endswith(".zip"))
    with pyzipper.AESZipFile(name) as archive:
        archive.setpassword(answered["passphrase"].encode())
        whole = json.loads(archive.read("data.json"))
    tables = {f"{each['source']}.{each['collection']}" for each in whole["collections"]}
    return tables, whole["withheld"]


def chats_refused(walk):
    """Return a copy of which the chats are refused in a draft, and the number of that item."""
    number = walk.found("copy --language en")
    walk(f"propose {number} --draft")
    chats = walk.item(number, "crm.chats")["number"]
    walk(f"refuse {number} {TRADE} --items {chats} --draft")
    return number, chats


# ---- The copy and its items ----


def test_what_is_refused_after_the_copy_was_made_is_not_handed_over(walk):
    number = walk.found("copy --language en")
    walk(f"export {number}")
    walk(f"propose {number} --draft")
    chats = walk.item(number, "crm.chats")["number"]
    error = walk(f"refuse {number} {TRADE} --items {chats}", exits=4).stderr
    assert OTHER in error
    assert "--draft" in error
    assert f"dsr export {number}" in error
    walk(f"refuse {number} {TRADE} --items {chats} --draft")
    (missing,) = walk.show(number)["missing"]
    assert (OTHER in missing["what"], missing["command"]) == (True, f"dsr export {number}")
    walk(f"propose {number}", exits=4)
    walk(f"export {number}")
    walk(f"propose {number}")
    tables, withheld = handed_over(walk, number)
    assert "crm.chats" not in tables
    assert [each["collection"] for each in withheld] == ["chats"]


def test_what_is_granted_after_the_copy_was_made_is_not_left_out(walk):
    number, chats = chats_refused(walk)
    walk(f"export {number}")
    assert OTHER in walk(f"propose {number} --grant {chats}", exits=4).stderr
    walk(f"propose {number} --grant {chats} --draft")
    walk(f"go {number}")
    tables, withheld = handed_over(walk, number)
    assert "crm.chats" in tables
    assert withheld == []


def test_another_ground_or_article_is_told_by_a_copy_made_anew(walk):
    number, chats = chats_refused(walk)
    walk(f"export {number}")
    assert OTHER in walk(f"refuse {number} H6 {SECRET} --items {chats}", exits=4).stderr


def test_how_finely_items_are_listed_needs_no_other_copy_while_all_is_granted(walk):
    number = walk.found("copy --language en")
    walk(f"export {number}")
    walk(f"propose {number} --by field")


def test_a_search_that_finds_more_needs_another_copy(walk, systems):
    systems.change("crm", "create table set_aside as select * from chats")
    systems.change("crm", "delete from chats")
    number = walk.verified("copy --language en")
    walk(f"find {number}")
    walk(f"export {number}")
    systems.change("crm", "insert into chats select * from set_aside")
    walk(f"find {number}")
    assert OTHER in walk(f"propose {number}", exits=4).stderr
    walk(f"export {number}")
    walk(f"propose {number}")
    assert "crm.chats" in handed_over(walk, number)[0]


def test_approval_and_answer_judge_the_copy_again(walk):
    number = walk.found("copy --language en")
    walk(f"export {number}")
    walk(f"propose {number}")
    walk.behind("update package set items_hash = ''")
    error = walk(f"approve {number} --as zhao", exits=4).stderr
    assert OTHER in error
    assert f"dsr return {number}" in error
    walk(f"return {number} --why 'the copy is another'")
    walk(f"export {number}")
    walk(f"propose {number}")
    walk(f"approve {number} --as zhao")
    walk.behind("update package set items_hash = ''")
    assert OTHER in walk(f"answer {number}", exits=4).stderr


def test_nothing_tells_a_quiet_item_from_another_one_by_machine(walk, tmp_path):
    number = walk.found("copy --language en")
    walk(f"propose {number} --draft")
    chats, leads = (
        walk.item(number, "crm.chats")["number"],
        walk.item(number, "crm.leads")["number"],
    )
    law = "--citation 'Criminal Procedure Law Art. 54'"
    walk(f"refuse {number} H4 --items {chats} {SECRET} {law} --draft")
    walk(f"refuse {number} {TRADE} --items {leads} --draft")
    walk(f"export {number} --review {tmp_path / 'seen'}")
    told = json.loads((tmp_path / "seen" / "data.json").read_text("utf-8"))["withheld"]
    assert len({tuple((key, type(value)) for key, value in each.items()) for each in told}) == 1
    assert all(value or key == "field" for each in told for key, value in each.items())
    for place in (tmp_path / "seen").rglob("*"):
        text = place.read_text("utf-8") if place.is_file() else ""
        for word in ("H4", "H7", "T1", "riminal"):
            assert word not in text, place


# ---- A refusal of the whole in substance ----


def fields(walk, number):
    walk(f"propose {number} --by field --draft")
    listed = walk.show(number)["items"]
    named = {each["field"]: each["number"] for each in listed}
    return listed, named


def all_but(listed, *numbers):
    return ",".join(str(each["number"]) for each in listed if each["number"] not in numbers)


def test_to_grant_the_name_alone_is_to_refuse_the_whole(walk):
    number = walk.found("copy --language en")
    listed, named = fields(walk, number)
    line = f"refuse {number} {TRADE} --items {all_but(listed, named['full_name'])}"
    assert "cannot refuse the whole" in walk(line, exits=4).stderr


def test_to_grant_a_few_fields_of_many_is_to_refuse_the_whole(walk):
    number = walk.found("copy --language en")
    listed, named = fields(walk, number)
    few = (named["job_title"], named["full_name"])
    line = f"refuse {number} {TRADE} --items {all_but(listed, *few)}"
    assert "cannot refuse the whole" in walk(line, exits=4).stderr


def test_a_ground_that_may_refuse_the_whole_needs_legal_where_next_to_nothing_is_granted(walk):
    number = walk.found("copy --language en")
    listed, named = fields(walk, number)
    line = f"refuse {number} H6 {SECRET} --items {all_but(listed, named['full_name'])} --draft"
    walk(line)
    assert "legal's citation" in walk(f"propose {number}", exits=4).stderr
    walk(f"{line} --citation 'Civil Code Art. 1034'")
    walk(f"export {number}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    assert "second officer" in walk(f"answer {number}", exits=4).stderr
    walk(f"approve {number} --as zhao")
    walk(f"answer {number}")
    assert walk.show(number)["outcome"] == "partly_refused"


def test_a_redacted_field_is_no_refusal_of_the_whole(walk):
    number = walk.found("copy --language en")
    walk(f"propose {number} --draft")
    contacts = walk.item(number, "crm.contacts")["number"]
    walk(f"refuse {number} {TRADE} --items {contacts}.job_title --draft")
    walk(f"export {number}")
    walk(f"propose {number}")
