"""What a law has kept after a refusal: no erasure of the same person takes it meanwhile."""

REFUSED = "--reason 'prices of others' --citation 'PIPL Art. 45(1)' --evidence log"


def refused(walk, law, ground="H7"):
    """Return an answered access of which the chats were refused, their place, and what was said."""
    number = walk.found(f"access --language en --law {law}")
    walk(f"propose {number} --draft")
    chats = next(i for i in walk.show(number)["items"] if "chats" in i["source"])
    walk(f"refuse {number} {ground} {REFUSED} --items {chats['number']} --draft")
    walk(f"export {number}")
    said = walk(f"propose {number} --say no_transfers=yes --say no_automated_decision=yes").stdout
    walk(f"approve {number} --as zhao")
    if "approve" in walk.show(number)["next_command"]:
        walk(f"approve {number} --as wang")
    walk(f"answer {number}")
    return number, chats["source"], said


def kept(walk, number):
    return [t for t in walk.json(f"task list {number}") if t["kind"] == "retention"]


def test_what_was_refused_is_kept_from_erasure_until_an_officer_ends_it(walk, systems):
    number, place, _ = refused(walk, "SG")
    (task,) = kept(walk, number)
    assert (task["target"], task["due_on"]) == (place, "2026-12-23")
    assert "PDPA s. 22A" in task["result"]
    assert walk.show(number)["status"] == "closed"  # it waits for nothing
    later = walk.later(2)
    deletion = later.found("deletion --language en --law SG")
    later(f"plan {deletion}")
    item = next(i for i in later.show(deletion)["items"] if i["source"] == place)
    assert (item["proposal"], item["ground"]) == ("keep", "K1")
    assert "22A" in item["citation"]
    assert "every review" in item["until"]
    end = f"dsr task done {number} {task['number']} --proof TEXT"
    assert end in [each["command"] for each in later.show(deletion)["prompts"]]
    grant = f"propose {deletion} --grant {item['number']} --draft"
    error = later(grant, exits=4).stderr
    assert place in error
    assert end in error
    later(f"task done {number} {task['number']} --proof 'no review was asked for'")
    later(grant)


def test_a_plan_made_before_the_refusal_does_not_erase_what_it_refused(walk, systems):
    deletion = walk.found("deletion --language en --law CA")
    walk(f"set {deletion} --waive-access 'in writing'")
    walk(f"plan {deletion} --with-shared crm.households --why 'nobody else lives there'")
    walk(f"propose {deletion}")
    walk(f"approve {deletion} --as wang")
    before = systems.dump()
    number, place, _ = refused(walk, "CA")
    (task,) = kept(walk, number)
    assert task["due_on"] == "2027-05-23"
    error = walk(f"apply {deletion} --yes", exits=4).stderr
    assert place in error
    assert f"dsr task done {number} {task['number']}" in error
    assert systems.dump() == before


def test_where_no_law_says_so_nothing_is_kept_for_a_refusal(walk):
    number, _, _ = refused(walk, "EU")
    assert kept(walk, number) == []


def test_what_the_law_asks_of_the_office_besides_is_said_once(walk):
    _, _, said = refused(walk, "HK", "H6")
    assert said.count("the law asks besides: HK: Enter the refusal") == 1


def test_several_tasks_end_at_once_and_one_that_fails_is_named(walk):
    number = walk.open("restriction --language en")[0]
    walk(f"propose {number} --say reason='the name is checked'")
    sources = walk.tasks(number, "source")
    assert len(sources) > 1
    walk(f"task done {number} {' '.join(map(str, [*sources, 99]))} --proof ok", exits=6)
    assert walk.tasks(number, "source") == []
