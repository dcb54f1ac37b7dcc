"""The monitor as it is typed: what is near or past, what was said, and the code for a job."""

import json

import pytest

from dsr.rules import book

KEYS = (
    *("number", "case", "kind", "status", "outcome", "who", "laws", "received_at", "due_on"),
    *("target_on", "act_by_on", "provisional", "overdue", "days_left", "assignee"),
    *("requester_role", "language", "tier", "law", "breached_at", "milestone", "milestone_on"),
    "held",
)


@pytest.fixture
def aged(walk):
    """Return an office three weeks after a deletion and a stop of marketing came."""
    walk.open("deletion")  # due on 14 December
    walk.open("withdrawal --scope marketing")
    return walk.later(22)  # 15 December


def test_programs_get_the_keys_of_a_list_and_then_how_near(aged):
    found = aged.json("overdue")

    assert [tuple(each) for each in found] == [KEYS, KEYS]
    assert [(each["number"], each["tier"], each["law"]) for each in found] == [
        (2, "breached", "CN"),
        (1, "breached", "CN"),
    ]
    assert found[1]["milestone"] == "internal_target"
    assert found[1]["milestone_on"] == "2026-12-07"
    assert [each["held"] for each in found] == [False, False]
    listed = aged.json("list")
    assert [{key: each[key] for key in listed[0]} for each in found] == [listed[0], listed[1]]


def test_people_see_what_is_urgent_and_why(aged):
    aged("hold 1 --why 'the court' --as zhao")
    lines = aged("overdue").stdout.splitlines()

    assert lines[0].split() == ["Ticket", "Kind", "Due", "Left", "Officer", "Tier", "Missed"]
    assert "deletion" in lines[3]
    assert "breached, held" in lines[3]
    assert aged("overdue kind:access").stderr == "nothing to show\n"


def test_a_job_learns_by_the_code_that_something_is_late(walk):
    walk.open("deletion")
    assert walk("overdue --check").stdout == ""
    near = walk.later(21)  # the last day
    assert json.loads(near("overdue --check -o json").stdout)[0]["tier"] == "due"
    past = walk.later(22)
    found = past("overdue --check -o json", exits=10)

    assert json.loads(found.stdout)[0]["tier"] == "breached"
    error = json.loads(found.stderr)
    assert (error["error"], error["late"]) == ("check", 1)
    late = past("overdue --check --ids --limit 1", exits=10).stderr
    assert "1 ticket is late" in late
    assert "hint: dsr show 1" in late
    past("overdue --check kind:access")
    past("overdue --remind", exits=0)
    past("overdue --remind --check", exits=10)  # said already, and late still


def test_a_reminder_is_said_once_and_the_breach_shows_on_the_ticket(aged):
    first = [json.loads(line) for line in aged("overdue --remind -o jsonl").stdout.splitlines()]
    assert [each["number"] for each in first] == [2, 1]
    assert {each["breached_at"] for each in first} == {"2026-12-15T02:00:00Z"}
    assert aged.json("overdue --remind") == []
    shown = aged.show(1)

    assert shown["breached_at"] == "2026-12-15T02:00:00Z"
    assert list(shown)[-4:] == ["breached_at", "milestone", "silent", "test"]
    assert "on 2026-12-15 the monitor found that the last day had passed" in aged("show 1").stdout
    assert [e["action"] for e in shown["events"]][-2:] == ["breach", "remind"]
    aged.sound()


def test_a_reminder_is_tried_first_and_is_always_of_today_and_whole(aged):
    before = aged.dump()
    assert len(aged.json("overdue --remind --dry-run")) == 2
    for more in ("--limit 1", "--as-of 2026-12-31"):
        assert "of today, and whole" in aged(f"overdue --remind {more}", exits=2).stderr

    assert aged.dump() == before


def test_another_day_can_be_looked_at(walk):
    walk.open("deletion")
    assert walk.json("overdue") == []
    (found,) = walk.json("overdue --as-of 2026-12-12")

    assert (found["tier"], found["days_left"]) == ("soon", 1)


def test_numbers_alone_go_on_to_the_next_command(aged):
    assert aged("overdue --ids kind:deletion").stdout == "1\n"
    assert aged("overdue --fields number,tier --limit 1 -o csv").stdout == (
        "number,tier\n2,breached\n"
    )


PACK = """
code = "CN"
version = "2026-12-01"
replaces = "{version}"
why = "our own watch"

[[tiers]]
code = "watch"
days_left = 30
citation = "our handbook, 4"
certainty = "design"
"""


def test_the_organisations_own_threshold_stands_in_its_own_folder(walk, tmp_path):
    walk.open("deletion")
    assert walk.json("overdue") == []
    laws = tmp_path / "rules" / "laws"
    laws.mkdir(parents=True)
    text = PACK.format(version=book.law("CN").version)
    (laws / "cn.toml").write_text(text, encoding="utf-8")
    walk.run.variables["DSR_RULES_FOLDER"] = str(laws.parent)
    try:
        (found,) = walk.json("overdue")
        (laws / "cn.toml").write_text(text.replace("= 30", "= 3"), encoding="utf-8")
        book.forget()  # a new process would read it anew
        assert walk.json("overdue") == []
    finally:
        book.use(None)

    assert (found["tier"], found["law"], found["due_on"]) == ("watch", "CN", "2026-12-14")


def test_a_tickets_milestones_are_told_with_their_sources(walk):
    number = walk.verified("access")
    lines = walk(f"due {number} --milestones").stdout.splitlines()
    assert lines[0].split() == ["Milestone", "By", "Met", "Law", "Source", "Certainty"]
    stages = [line.split()[:3] for line in lines[2:]]
    assert stages == [
        ["acknowledgement", "2026-11-26", "no"],
        ["proof", "2026-11-26", "yes"],
        ["search", "2026-12-02", "no"],
        ["proposal", "2026-12-09", "no"],
        ["internal_target", "2026-12-14", "no"],
    ]
    (found,) = walk.json(f"due {number} --milestones")
    (plain,) = walk.json(f"due {number}")

    assert {key: value for key, value in found.items() if key != "milestones"} == plain
    assert list(found["milestones"][0]) == [
        *("stage", "on", "met", "law", "citation", "certainty", "lacking"),
    ]
    assert "milestones are of a ticket" in walk("due --milestones", exits=2).stderr


def test_show_tells_the_next_milestone_until_all_are_met(walk):
    number = walk.open("explanation")[0]
    assert "receipt is not acknowledged: by 2026-11-26" in walk(f"show {number}").stdout
    walk(f"letter {number} acknowledgement --dir {walk.folder / 'letters'}")
    assert walk.show(number)["milestone"]["stage"] == "proposal"
    walk(f"propose {number} --say answer='so it is'")
    assert walk.show(number)["milestone"]["stage"] == "internal_target"
    walk(f"answer {number}")

    assert walk.show(number)["milestone"] is None
