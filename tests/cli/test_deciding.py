"""What is proposed, taken back, drafted and approved: what is said, and what is never recorded."""

import pytest

REASON = "--reason 'Forty mails in a day ask for nothing but work.'"
ABUSE = f"H5 {REASON} --evidence '40 mails'"
ALONE = "--with-shared crm.households --why 'nobody else lives there'"
ARTICLE = "--citation 'Civil Code Art. 132'"
NEVER = "--reason 'It would take a year of work.' --alternative 'the live systems'"


def items(walk, number):
    return [
        (each["source"], each["proposal"], each["ground"]) for each in walk.show(number)["items"]
    ]


def said(walk, line):
    return walk.json(line)[0]["said"]


# ---- A refusal of the whole, returned ----


@pytest.fixture
def returned(walk):
    """Return an access that was refused as a whole, and returned."""
    number = walk.found("access --language en")
    walk(f"export {number}")
    walk(f"refuse {number} {ABUSE} {ARTICLE}")
    walk(f"return {number} --why 'grant it' --as zhao")
    return number


def test_what_is_proposed_again_is_what_was_refused_and_it_is_said(walk, returned):
    words = said(walk, f"propose {returned}")
    assert "the whole is refused as it stood (H5)" in words
    assert f"dsr propose {returned} --grant all" in words
    assert items(walk, returned) == [("", "refuse", "H5")]
    assert walk.show(returned)["outcome"] == "refused"


def test_a_refusal_of_the_whole_is_taken_back_by_one_word(walk, returned):
    walk(f"propose {returned} --grant all")
    shown = items(walk, returned)
    assert {proposal for _, proposal, _ in shown} == {"grant"}
    assert all(source for source, _, _ in shown)
    assert walk.show(returned)["outcome"] == "fulfilled"


def test_granting_all_leaves_what_a_law_keeps(walk):
    number = walk.found("deletion --language en")
    walk(f"propose {number} --draft")
    before = items(walk, number)
    assert {"keep", "grant"} <= {proposal for _, proposal, _ in before}
    found = ",".join(str(e["number"]) for e in walk.show(number)["items"] if not e["ground"])
    walk(f"refuse {number} H6 --items {found} --reason 'It would harm somebody.' --draft")
    walk(f"propose {number} --grant all --draft")
    assert items(walk, number) == before
    walk(f"refuse {number} H6 --reason 'It would harm somebody.' --draft")
    assert len(items(walk, number)) == 1
    walk(f"propose {number} --grant all --draft")
    assert items(walk, number) == before


def test_no_item_is_named_beside_a_refusal_of_the_whole(walk, returned):
    error = walk(f"refuse {returned} H7 --items 3 {REASON} --draft", exits=3).stderr
    assert "refused as a whole (H5)" in error
    assert f"dsr propose {returned} --grant all --draft" in error


def test_what_a_correction_changes_is_never_lost_by_granting_it(walk):
    number = walk.found("correction --language en")
    changes = walk.file("phone: 1 -> 2\nname: a -> b\n", "changes.txt")
    walk(f"propose {number} --changes {changes} --draft")
    walk(f"refuse {number} N7 --items 1 {REASON} --alternative 'a statement' --draft")
    walk(f"propose {number} --grant 1 --draft")
    assert walk.rows("select new from item order by number") == ["2", "b"]
    walk(f"refuse {number} N2 {REASON} --draft")
    assert "--changes" in walk(f"propose {number} --grant all --draft", exits=2).stderr


def test_a_legal_hold_outlives_a_refusal_of_the_whole(walk):
    number = walk.found("deletion --language en")
    walk(f"propose {number} --draft")
    named = next(e["number"] for e in walk.show(number)["items"] if not e["ground"])
    walk(f"hold {number} --items {named} --why claim --as zhao")
    walk(f"refuse {number} H6 {REASON} --draft")
    walk(f"propose {number} --grant all --draft")
    held = [each["number"] for each in walk.show(number)["items"] if each["held"]]
    assert held == [named]


# ---- Hard stops of a draft ----


@pytest.mark.parametrize(
    ("what", "line", "words"),
    [
        ("access --law CN,EU", f"refuse 1 S4 --items 2 {NEVER} --until 2027-01-01", "under EU"),
        ("copy", "propose 1 --restrict 3", "is not for copy"),
        ("deletion", "propose 1 --keep 3 --until 2020-01-01", "2020-01-01, which is over"),
        ("withdrawal --scope consent", f"refuse 1 S1 {NEVER}", "S1"),
        ("copy", f"refuse 1 H7 {REASON}", "cannot refuse the whole"),
        ("copy", "refuse 1 H6 --items 1 --reason 'It is not basic information.'", "not basic"),
    ],
)
def test_a_draft_meets_the_stops_that_nothing_typed_later_would_lift(walk, what, line, words):
    if what.startswith("withdrawal"):
        walk.open(what)
    else:
        walk.found(what)
    walk("propose 1 --draft")
    before = walk.dump()
    assert words in walk(f"{line} --draft", exits=4).stderr
    assert walk.dump() == before


def test_a_draft_is_not_refused_for_what_another_one_met_before(walk):
    number = walk.found("copy --language en")
    walk(f"propose {number} --draft")
    walk(f"refuse {number} S2 --items 1 {NEVER} --draft")
    walk(f"set {number} --law CN,EU")
    walk(f"refuse {number} H7 --items 2 {REASON} --draft")
    assert "EU" in walk(f"refuse {number} S2 --items 1 {NEVER} --draft", exits=4).stderr


def test_no_draft_rewrites_what_lies_with_the_approver(walk):
    number = walk.found("deletion --language en")
    walk(f"propose {number}")
    before = walk.dump()
    error = walk(f"refuse {number} H6 {REASON} --draft", exits=4).stderr
    assert f"dsr return {number}" in error
    assert walk.dump() == before


def test_the_next_command_is_not_to_approve_what_changed_since(walk):
    number = walk.found("deletion --language en")
    walk(f"propose {number}")
    assert walk.show(number)["next_command"].startswith(f"dsr approve {number}")
    walk.behind("update item set label = 'something else' where number = 1")
    assert walk.show(number)["next_command"].startswith(f"dsr return {number}")


def test_the_status_is_judged_before_the_options(walk):
    number = walk.found("deletion --language en")
    walk(f"propose {number}")
    error = walk(f"refuse {number} H1 {REASON}", exits=4).stderr
    assert "a ticket in status approval does not take 'propose'" in error
    assert "--citation" not in error


# ---- What is owed ----


def test_all_that_a_refusal_lacks_is_named_with_one_command(walk):
    number = walk.found("deletion --language en")
    error = walk(f"refuse {number} H1 {REASON}", exits=4).stderr
    assert "needs a citation" in error
    assert "until when" in error
    command = f"dsr refuse {number} H1 --reason TEXT --citation TEXT --until DATE"
    assert command in error


@pytest.mark.parametrize("citation", ["x", "PIPL", "Art. 5", "第三条", "个人信息保护法"])
def test_a_citation_names_a_law_and_an_article(walk, citation):
    number = walk.found("deletion --language en")
    line = f"refuse {number} H1 {REASON} --until 2031-12-31 --citation '{citation}'"
    for how in ("", "--draft"):
        error = walk(f"{line} {how}", exits=4).stderr
        assert "names no law with its article" in error
        assert "--citation TEXT" in error


@pytest.mark.parametrize("citation", ["Tax Collection Law Art. 24", "《税收征收管理法》第二十四条"])
def test_a_citation_that_names_both_stands(walk, citation):
    number = walk.found("deletion --language en")
    walk(f"refuse {number} H1 {REASON} --until 2031-12-31 --citation '{citation}'")
    assert walk.show(number)["items"][0]["citation"] == citation


def test_a_typed_citation_stands_beside_what_the_other_laws_cite(walk):
    number = walk.found("deletion --law CN,EU,UK --language en")
    line = f"refuse {number} H1 {REASON} --until 2031-12-31 --citation 'Tax Law Art. 24'"
    walk(line)
    cited = walk.show(number)["items"][0]["citation"]
    assert cited.startswith("Tax Law Art. 24; ")
    assert cited.count("GDPR, Article") == 2
    walk(f"return {number} --why 'look again' --as zhao")
    walk(f"propose {number}")
    assert walk.show(number)["items"][0]["citation"] == cited
    assert "Tax Law Art. 24; " in walk(f"letter {number} refusal --preview").stdout


def test_all_words_that_are_owed_are_named_with_one_command(walk):
    number = walk.open("complaint")[0]
    error = walk(f"propose {number} --say measures=x", exits=4).stderr
    assert "finding (" in error
    assert "complaint_result (" in error
    command = error.partition("hint: ")[2]
    assert command.startswith(f"dsr propose {number} --say measures=TEXT ")
    assert "--say finding=TEXT" in command
    assert "--say complaint_result=upheld|partly_upheld|rejected" in command


@pytest.mark.parametrize("option", ["--until-when later", "--citation 'Law 3'", "--reason x"])
def test_what_is_said_of_nothing_that_is_kept_is_an_error(walk, option):
    number = walk.found("deletion")
    assert "--keep N" in walk(f"propose {number} {option}", exits=2).stderr


def test_items_are_named_with_their_words_and_not_all_of_them(walk):
    number = walk.found("access --language en")
    walk(f"propose {number} --draft")
    shown = walk.show(number)["items"]
    error = walk(f"refuse {number} H7 --item 99 {REASON}", exits=3).stderr
    assert f"{shown[0]['number']} {shown[0]['label']}" in error
    assert f"and {len(shown) - 10} more: dsr show {number}" in error


# ---- Asked before ----


def test_who_got_nothing_repeats_nothing(walk):
    first = walk.open("explanation --language en")[0]
    walk(f"refuse {first} {ABUSE}")
    walk(f"approve {first} --as zhao")
    walk(f"answer {first}")
    again = walk.open("explanation --language en")[0]
    line = f"refuse {again} S1 --reason 'told before' --alternative later"
    assert "no answer to the same person" in walk(line, exits=4).stderr
    error = walk(f"{line} --evidence DSR-{first}", exits=4).stderr
    assert f"DSR-{first} shows no repetition: it gave nothing" in error
    walk(f"{line} --draft")
    assert "same request" not in walk.show(again)["items"][0]["reason"]
    assert "(refused; gave nothing" in walk.show(again)["earlier"][0]


def test_the_same_that_is_open_is_closed_as_a_duplicate(walk):
    first = walk.open("explanation --language en")[0]
    second = walk.open("explanation --language en")[0]
    command = f"dsr close {second} --as duplicate --of {first} --why TEXT"
    (view,) = walk.json(f"go {second}")
    assert view["next_command"] == command
    assert command in said(walk, f"propose {second} --say answer='so it is'")


# ---- Who approves ----


def test_who_may_approve_is_named(walk):
    number = walk.found("access --language en")
    walk(f"export {number}")
    assert "1 approval due, by wang or zhao" in said(walk, f"propose {number}")
    walk(f"return {number} --why 'look again' --as zhao")
    assert "1 approval due, by zhao (legal)" in said(walk, f"refuse {number} {ABUSE} {ARTICLE}")


def test_two_approvals_name_whose_role_is_among_them(walk):
    number = walk.found("access --language en")
    quiet = "H2 --reason x --internal y --citation 'State Security Law Art. 4'"
    words = said(walk, f"refuse {number} {quiet}")
    assert "2 approvals due, by wang or zhao; one of them legal" in words


def test_after_the_last_approval_nothing_is_due(walk):
    number = walk.found("access --language en")
    walk(f"export {number}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    error = walk(f"approve {number} --as zhao", exits=4).stderr
    assert "nothing is due" in error
    assert f"dsr answer {number}" in error


def test_who_made_a_plan_that_was_made_anew_may_approve(walk):
    number = walk.found("deletion --language en")
    walk(f"plan {number} {ALONE} --as wang")
    walk(f"plan {number} {ALONE}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")


def test_who_made_the_plan_that_is_proposed_does_not_approve_it(walk):
    number = walk.found("deletion --language en")
    walk(f"plan {number} {ALONE} --as wang")
    walk(f"propose {number}")
    assert "made the plan" in walk(f"approve {number} --as wang", exits=4).stderr


def test_a_return_without_a_comment_names_the_option(walk):
    number = walk.found("deletion")
    walk(f"propose {number}")
    assert "the comment (--why) is missing" in walk(f"return {number} --as wang", exits=2).stderr
    empty = walk(f"return {number} --why ' ' --as wang", exits=4).stderr
    assert "the comment (--why) is missing" in empty


def test_a_reason_in_another_language_than_the_letter_is_said(walk):
    number = walk.found("access --language zh")
    walk(f"export {number}")
    words = said(walk, f"refuse {number} {ABUSE} {ARTICLE} --draft")
    assert "language of the reason: en; the letter is zh" in words
    chinese = "--reason '该请求超出了法律赋予该项权利的目的。'"
    words = said(walk, f"refuse {number} H5 {chinese} --evidence x --draft")
    assert "language of the reason" not in words
