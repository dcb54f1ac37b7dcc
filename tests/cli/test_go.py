"""Going on with a ticket: the next steps are taken until a person must decide."""

import shutil
import sqlite3

import pytest

XU = "xu.min@mail.example.com"  # of whom nothing sensitive is held
ENTRUSTED = "pan.zixuan0@lanhai.example.com"
NOBODY = "nobody@mail.example.com"


@pytest.fixture
def systems(walk, company_systems, database):
    """Give the office systems of its own, to which may be written."""
    for place in company_systems.glob("*.db"):
        shutil.copyfile(place, walk.folder / place.name)
    connection = sqlite3.connect(database)
    with connection:
        for key, url in connection.execute("SELECT key, url FROM source").fetchall():
            own = url.replace(str(company_systems), str(walk.folder))
            connection.execute("UPDATE source SET url = ? WHERE key = ?", (own, key))
    connection.close()
    return walk.folder


def gone(walk, number, options=""):
    (view,) = walk.json(f"go {number} {options}")
    return view


def begun(view):
    """Return with which word each step begins."""
    return [step.split()[0] for step in view["steps"]]


def test_an_undisputed_copy_takes_three_commands(walk):
    number = walk.verified("copy", XU)
    view = gone(walk, number)
    assert list(view) == [
        "number",
        "kind",
        "status",
        "outcome",
        "due_on",
        "steps",
        "why",
        "next_command",
    ]
    assert begun(view) == ["searched", "put", "proposed"]
    assert view["next_command"] == f"dsr approve {number} --as OFFICER"
    walk(f"approve {number} --as wang")
    view = gone(walk, number)
    assert (view["steps"], view["next_command"]) == ([], f"dsr answer {number}")
    assert "leaves the house" in view["why"]
    walk(f"answer {number}")
    walk.ended(number, "fulfilled", "copy")
    assert (walk.out / f"DSR-{number}" / f"DSR-{number}.zip").exists()
    assert gone(walk, number)["why"] == "it is closed"


def test_people_are_told_each_step_and_what_to_type(walk):
    number = walk.verified("copy", XU)
    shown = walk(f"go {number}").stdout.splitlines()
    assert shown[0].startswith(f"{number}: searched 25 collections: ")
    assert shown[-2].startswith(f"{number}: stops: another officer approves it")
    assert shown[-1] == f"    dsr approve {number} --as OFFICER"


def test_proof_is_asked_for_once_and_then_somebody_judges_it(walk):
    number = walk.open("copy")[0]
    view = gone(walk, number)
    assert begun(view) == ["asked"]
    assert view["next_command"].startswith(f"dsr verify pass {number} --method ")
    assert gone(walk, number)["steps"] == []
    assert len(walk.show(number)["letters"]) == 1


def test_proof_is_asked_for_a_whole_case_by_one_letter(walk):
    first, second = walk.open("access deletion")
    gone(walk, first)
    assert gone(walk, second)["steps"] == []
    assert len(set(walk.rows("select message_id from letter"))) == 1


def test_proof_that_was_asked_for_and_does_not_suffice_is_left_to_somebody(walk):
    number = walk.open("access")[0]
    walk(f"verify ask {number} --method mailbox_reply")
    walk(f"verify pass {number} --method mailbox_reply")
    view = gone(walk, number)
    assert begun(view) == ["searched"]  # what is found asks for more
    assert view["next_command"] == f"dsr verify ask {number}"


def test_a_withdrawal_is_carried_out_and_waits_for_its_answer(walk, systems):
    number = walk.open("withdrawal --scope cookies", XU)[0]
    view = gone(walk, number)
    assert begun(view) == ["taken", "planned:", "decided", "carried"]
    assert (view["status"], view["next_command"]) == ("fulfilling", f"dsr answer {number}")
    assert set(walk.show(number)["plan"]["parts"].values()) == {"done"}
    walk(f"answer {number}")
    walk.sound()


def test_which_consents_are_meant_is_left_to_somebody(walk, systems):
    number = walk.open("withdrawal --scope consent", XU)[0]
    view = gone(walk, number)
    assert begun(view) == ["taken", "planned:"]
    assert "for a purpose" in view["why"]


def test_an_approved_deletion_is_carried_out_and_stops_where_people_work(walk, systems):
    number = walk.verified("deletion", XU)
    view = gone(walk, number)
    assert begun(view) == ["searched", "planned:"]
    decide = f"dsr plan {number} --with-shared crm.households --why TEXT"
    for again in (view, gone(walk, number)):
        assert "crm.households (shared)" in again["why"]
        assert again["next_command"] == decide
    walk(decide.removeprefix("dsr "))
    assert begun(gone(walk, number)) == ["proposed"]
    walk(f"approve {number} --as wang")
    view = gone(walk, number)
    assert begun(view) == ["carried"]
    assert view["next_command"] == f"dsr task list {number}"  # other use of what is kept stops
    walk.work(number, "stop_use")
    assert gone(walk, number)["next_command"] == f"dsr answer {number}"
    rows = sqlite3.connect(systems / "crm.db")
    assert rows.execute("SELECT count(*) FROM contacts WHERE email = ?", (XU,)).fetchone() == (0,)
    rows.close()


def test_a_held_person_is_not_erased(walk, systems):
    number = walk.verified("deletion", XU)
    walk(f"find {number}")
    walk(f"plan {number} --with-shared crm.households --why alone")
    walk(f"propose {number}")
    walk(f"hold {number} --why court --as zhao")
    walk(f"approve {number} --as wang")
    view = gone(walk, number)
    assert (view["steps"], view["status"]) == ([], "fulfilling")
    assert "legal hold" in view["why"]


@pytest.mark.parametrize("what", ["copy", "deletion"])
def test_where_nothing_is_found_that_is_proposed(walk, what):
    view = gone(walk, walk.verified(what, NOBODY))
    assert (begun(view)[0], begun(view)[-1]) == ("searched", "proposed")
    assert "no_data" in view["steps"][-1]


@pytest.mark.parametrize(
    ("what", "why", "command"),
    [
        ("correction", "what becomes what", "dsr propose 1 --changes"),
        ("explanation", "owes words: answer", "dsr propose 1 --say answer="),
        ("complaint", "owes words: finding", "dsr propose 1 --say finding="),
    ],
)
def test_words_that_only_an_officer_knows_are_left_to_him(walk, what, why, command):
    number = walk.open(what, XU)[0]
    if what == "correction":
        walk(f"verify pass {number} --method video")
    view = gone(walk, number)
    assert why in view["why"]
    assert view["next_command"].startswith(command)


def test_sensitive_data_need_the_stronger_proof_and_the_second_officer_and_no_third_look(walk):
    number = walk.open("copy")[0]
    walk(f"verify pass {number} --method mailbox_reply")
    view = gone(walk, number)
    assert begun(view) == ["searched", "asked"]  # what was found asks for more than a mailbox
    walk(f"verify pass {number} --method video")
    view = gone(walk, number)
    assert begun(view)[-1] == "proposed"
    assert view["next_command"].startswith("dsr approve")


def test_a_stop_of_marketing_goes_to_its_end(walk, systems):
    number = walk.open("withdrawal --scope marketing")[0]
    assert walk.show(number)["next_command"] == f"dsr stop {number}"
    gone(walk, number)
    assert walk.show(number)["status"] == "closed"


def test_a_repeated_request_is_looked_at(walk):
    walk.open("copy", XU)
    view = gone(walk, walk.verified("copy", XU))
    assert "ticket 1 asks for the same" in view["why"]
    assert view["next_command"] == "dsr close 2 --as duplicate --of 1 --why TEXT"
    walk("close 1 --as withdrawn --why 'he said so'")
    assert begun(gone(walk, 2)) == ["proposed"]


def test_a_marketing_stop_is_not_held_up_because_it_repeats_another(walk, systems):
    walk.open("withdrawal --scope marketing", XU)
    number = walk.open("withdrawal --scope marketing", XU)[0]
    assert begun(gone(walk, number))[-1] == "stopped"


def test_what_a_client_decides_on_is_not_proposed(walk):
    number = walk.verified("access", ENTRUSTED)
    view = gone(walk, number)
    assert "the company alone does not decide on platform." in view["why"]
    assert view["next_command"] == f"dsr refer {number} --to lanhai"


def test_an_item_that_an_officer_drafted_otherwise_is_his_to_propose(walk):
    number = walk.verified("copy", XU)
    walk(f"find {number}")
    walk(f"refuse {number} H7 --items 2 --reason prices --internal prices --draft")
    view = gone(walk, number)
    assert "item 2 is not to be granted (H7)" in view["why"]


def test_a_minors_file_waits_for_leave_and_then_for_a_look(walk):
    born = walk.file("2014-05-31", "born.txt")
    number = walk.open(f"copy --role guardian --born {born}", XU)[0]
    walk(f"verify pass {number} --method guardian_document")
    walk(f"verify pass {number} --method video")
    view = gone(walk, number)
    assert "no leave" in view["why"]
    walk(f"approve {number} --to-view li --as wang")
    assert "minor" in gone(walk, number)["why"]


def test_a_source_that_does_not_answer_stops_it(walk, systems):
    number = walk.verified("copy", XU)
    (systems / "crm.db").write_bytes(b"no database")
    view = gone(walk, number)
    assert begun(view) == ["searched"]
    assert "searches failed" in view["why"]
    assert view["next_command"] == f"dsr find {number}"


def test_a_dry_run_says_the_first_step_and_changes_nothing(walk):
    number = walk.verified("copy", XU)
    before = walk.dump()
    view = gone(walk, number, "--dry-run")
    assert view["steps"] == ["would search the sources"]
    assert walk.dump() == before


def test_a_batch_goes_on_after_a_ticket_that_is_not_there(walk):
    number = walk.open("copy", XU)[0]
    result = walk("go 99,1", exits=6)
    assert "there is no ticket 99" in result.stderr
    assert walk.show(number)["status"] == "verifying"


def test_an_auditor_takes_no_step(walk):
    walk("officer add he --roles auditor")
    walk.open("explanation")
    assert "auditor" in walk("go 1 --as he", exits=4).stderr


def test_a_copy_that_tells_of_somebody_else_is_looked_at_first(walk):
    """Her own address, and a number that is another contact's."""
    named = (
        walk.file("tang.xiaoyan@mail.example.com", "a.txt"),
        walk.file("+8619900000122", "b.txt"),
    )
    opened = walk.json(f"open copy --identifier email={named[0]} --identifier phone={named[1]}")
    number = opened[0]["number"]
    walk(f"verify pass {number} --method video")
    view = gone(walk, number)
    assert "somebody else's and covered" in view["why"]
    assert f"dsr export {number} --review" in view["why"]
    assert "values of others are covered" in walk(f"propose {number}").stdout
