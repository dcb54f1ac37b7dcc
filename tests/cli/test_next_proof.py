"""Which proof the next command names, and who may say that a minor is none."""

import pytest

CHILD = "xu.xiaoyu@mail.example.com"


def following(walk, line):
    """Return the next command that a step names."""
    return walk.json(line)[0]["next_command"]


@pytest.fixture
def of_child(walk):
    """Return a guardian's request for a child of eleven, for which proof was asked."""
    born = walk.file("2015-05-18", "born.txt")
    number = walk.open(f"copy --role guardian --born {born}", CHILD)[0]
    walk(f"verify ask {number}")
    return number


def test_once_authority_is_shown_identity_is_next_by_a_method_that_suffices(walk, of_child):
    awaited = f"dsr verify pass {of_child} --method "
    line = f"verify pass {of_child} --method guardian_document"
    assert following(walk, f"assign {of_child} --to @me") == f"dsr {line}"
    assert following(walk, line) == awaited + "video"
    walk(f"verify pass {of_child} --method video")
    assert walk.show(of_child)["status"] == "working"


def test_once_identity_is_shown_authority_is_next(walk, of_child):
    passed = following(walk, f"verify pass {of_child} --method video")
    assert passed == f"dsr verify pass {of_child} --method guardian_document"


def test_after_a_search_that_found_more_the_stronger_proof_is_next(walk):
    number = walk.open("copy")[0]
    walk(f"verify ask {number} --method mailbox_reply")
    walk(f"verify pass {number} --method mailbox_reply")
    walk(f"find {number}")
    walk(f"verify ask {number}")
    said = following(walk, f"assign {number} --to @me")
    assert said == f"dsr verify pass {number} --method video"


def test_that_a_minor_is_none_is_for_an_approver_to_say(walk):
    number = walk.open(f"copy --born {walk.file('2012-05-18', 'born.txt')}", CHILD)[0]
    old = walk.file("1980-05-18", "old.txt")
    before = walk.dump()
    refused = walk(f"set {number} --born {old}", exits=4).stderr
    assert "--as APPROVER" in refused
    assert walk.dump() == before
    walk(f"set {number} --born {walk.file('2013-05-18', 'younger.txt')}")  # a minor all the same
    walk(f"set {number} --born {old} --as wang")
    assert walk.rows(f"select minor from ticket where number = {number}") == [0]
