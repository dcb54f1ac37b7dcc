"""The stop of marketing in one command, and the list that other systems ask."""

import json
import re
import sqlite3
from contextlib import closing

import pytest

WHITFIELD = "james.whitfield@inbox.example.org"
WANG = "wang.fang@mail.example.com"
PURPOSES = "('marketing_email', 'marketing_sms', 'wechat_push')"


@pytest.fixture
def given(systems):
    """Return what counts the marketing consents that somebody still gives."""

    def count(email):
        query = "select count(*) from consents s join contacts c on c.id = s.contact_id "
        query += f"where lower(c.email) = ? and s.given = 1 and s.purpose in {PURPOSES}"
        return systems.rows("crm", query, email)[0][0]

    return count


def stopped(walk, text, options=""):
    return json.loads(walk(f"stop - {options} -o json", input=text).stdout)


def test_a_stop_is_one_command_from_the_address_to_the_letter(walk, given):
    assert given(WANG)
    assert stopped(walk, f"{WANG}\n") == [
        {"line": 1, "ticket": 1, "outcome": "stopped", "act_by_on": "2026-11-24"}
    ]
    assert given(WANG) == 0
    letter = walk.ended(1, "fulfilled", "withdrawal")
    assert "DSR-1" in letter
    shown = walk.show(1)
    assert (shown["channel"], shown["scope"], shown["language"]) == ("form", "marketing", "en")
    assert shown["identity"]["proofs"] == []
    assert [(each["state"], each["channel"]) for each in shown["letters"]] == [("ready", "email")]
    assert walk.tasks(1) == []


def test_nothing_but_marketing_changes_in_any_system(walk, systems, given):
    before = systems.dump()
    stopped(walk, f"{WANG}\n{WHITFIELD}\n19900000001\n")
    after = systems.dump()
    assert (after["platform"], after["billing"]) == (before["platform"], before["billing"])
    gone = [line for line in before["crm"] if line not in after["crm"]]
    assert gone
    assert all(line.startswith('INSERT INTO "consents"') for line in gone)
    assert len(before["crm"]) == len(after["crm"])


def test_a_stop_of_a_ticket_that_came_by_mail_goes_to_its_end(walk, given):
    number = walk.open("withdrawal --scope marketing")[0]
    view = walk.json(f"stop {number}")[0]
    assert (view["status"], view["outcome"]) == ("closed", "fulfilled")
    assert given(WANG) == 0
    walk.ended(number, "fulfilled", "withdrawal")
    again = walk(f"stop {number}")
    assert "it has ended" in again.stderr
    assert walk.rows("select count(*) from letter") == [1]


def test_cases_and_ranges_are_stopped_and_the_rest_goes_on(walk, systems):
    first = walk.open("withdrawal --scope marketing")[0]
    copy = walk.open("copy")[0]
    last = walk.open("withdrawal --scope marketing", WHITFIELD)[0]
    failed = walk(f"stop {first}-{last}", exits=6)
    assert f"{copy}: ticket {copy} is a copy" in failed.stderr
    assert [walk.show(number)["status"] for number in (first, copy, last)] == [
        "closed",
        "received",
        "closed",
    ]


def test_a_ticket_of_another_kind_is_refused_with_a_hint(walk):
    for what in ("copy", "withdrawal --scope consent", "deletion"):
        number = walk.open(what)[0]
        before = walk.dump()
        refused = walk(f"stop {number}", exits=4)
        assert "only marketing is stopped so" in refused.stderr
        assert "hint: dsr show" in refused.stderr
        assert walk.dump() == before


def test_a_planned_stop_is_carried_out_by_its_plan(walk, systems, given):
    number = walk.open("withdrawal --scope marketing")[0]
    walk(f"plan {number}")
    walk(f"stop {number}")
    assert given(WANG) == 0
    walk.ended(number, "fulfilled", "withdrawal")
    assert walk.rows("select state from plan_part") == ["done"]


def test_what_is_no_address_is_named_by_its_line_alone(walk, systems):
    column = f"address\n{WANG}\nsecret-person@@x\n\n# remark\n{WHITFIELD},James\nnot a number\n"
    done = walk("stop - -o jsonl", input=column, exits=6)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["line"], row["outcome"]) for row in rows] == [
        (2, "stopped"),
        (3, "failed"),
        (6, "stopped"),
        (7, "failed"),
    ]
    failed = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert [each["where"] for each in failed if "where" in each] == ["line 3", "line 7"]
    assert "2 done, 0 skipped, 2 failed" in done.stderr
    for written in ("secret", "not a number", "wang"):
        assert written not in done.stderr.casefold()


def test_numbers_are_answered_in_chinese_and_the_rest_in_english(walk, systems):
    stopped(walk, "13800000001\n+44 7700 900123\nx@example.com\n")
    assert walk.rows("select language from ticket order by number") == ["zh-Hans", "en", "en"]
    stopped(walk, "13800000002\n", "--language en --channel wechat --received 2026-11-20")
    shown = walk.show(4)
    assert (shown["language"], shown["channel"], shown["act_by_on"]) == (
        "en",
        "wechat",
        "2026-11-23",
    )


def test_a_column_may_stand_in_a_file_and_say_its_type(walk, systems):
    place = walk.file("mei_88\n", "accounts.txt")
    assert json.loads(walk(f"stop {place} --type account -o json").stdout)[0]["ticket"] == 1
    kinds = walk.rows("select type from identifier")
    assert kinds == ["account"]
    assert walk.rows("select channel from letter") == ["by_hand"]


WRONG = {
    "stop - 42": 2,
    "stop - @x.txt": 2,
    "stop @there.is.none": 3,
    "stop - --received 2027-01-01": 2,
    "stop somebody@example.com": 2,
    "suppressed somebody@example.com": 2,
    "suppressed": 2,
    "suppressed - --end 1": 2,
    "suppressed --end 1 --why 'she said so'": 3,
    "suppressed --end 1": 2,
    "suppressed - --only no -o json": 2,
    "suppressed @x.txt --only yes -o table": 2,
}


def test_wrong_usage_is_told_and_changes_nothing(walk):
    before = walk.dump()
    for line, code in WRONG.items():
        refused = walk(line, input=f"{WANG}\n", exits=code)
        assert "somebody" not in refused.stderr
        assert re.search('hint"?: .', refused.stderr), line
    assert walk.dump() == before


def test_a_dry_run_changes_nothing_anywhere(walk, systems):
    number = walk.open("withdrawal --scope marketing", WHITFIELD)[0]
    before, outside = walk.dump(), systems.dump()
    assert stopped(walk, f"{WANG}\n{WANG}\n", "--dry-run") == [
        {"line": 1, "ticket": None, "outcome": "stopped", "act_by_on": "2026-11-24"},
        {"line": 2, "ticket": None, "outcome": "skipped", "act_by_on": None},
    ]
    walk(f"stop {number} --dry-run")
    assert (walk.dump(), systems.dump()) == (before, outside)


def test_a_source_that_fails_stops_nobody_s_suppression(walk, systems, given):
    place = systems.place("crm")
    away = place.with_suffix(".away")
    place.rename(away)
    failed = walk("stop - -o jsonl", input=f"{WANG}\n{WHITFIELD}\n", exits=8)
    assert [json.loads(line)["outcome"] for line in failed.stdout.splitlines()] == ["failed"] * 2
    assert "source crm" in failed.stderr
    assert walk.rows("select count(*) from suppression") == [2]
    states = walk.rows("select target || ' ' || state from task where ticket = 1 order by 1")
    assert states == ["crm failed", "platform open"]
    away.rename(place)
    assert given(WANG)
    assert [row["outcome"] for row in stopped(walk, f"{WANG}\n{WHITFIELD}\n")] == ["stopped"] * 2
    assert (given(WANG), given(WHITFIELD)) == (0, 0)
    for number in (1, 2):
        walk.ended(number, "fulfilled", "withdrawal")


def test_one_ticket_whose_source_fails_says_so_and_is_gone_on_with(walk, systems, given):
    number = walk.open("withdrawal --scope marketing")[0]
    place = systems.place("crm")
    place.rename(place.with_suffix(".away"))
    failed = walk(f"stop {number}", exits=8)
    assert f"dsr stop {number}" in failed.stderr
    assert walk.rows("select ticket from suppression") == [number]
    place.with_suffix(".away").rename(place)
    walk(f"stop {number}")
    assert given(WANG) == 0
    walk.ended(number, "fulfilled", "withdrawal")


def test_a_source_that_is_locked_fails_and_leaves_the_others_done(
    walk, systems, given, monkeypatch
):
    monkeypatch.setattr("dsr.sources.writing.BUSY_SECONDS", 0)
    with closing(sqlite3.connect(systems.place("crm"))) as other:
        other.execute("begin immediate")
        failed = walk("stop -", input=f"{WANG}\n", exits=8)
        other.rollback()
    assert "crm" in failed.stderr
    states = "select target || ' ' || state from task where ticket = 1 order by 1"
    assert walk.rows(states) == ["crm failed", "platform done"]
    stopped(walk, f"{WANG}\n")
    assert given(WANG) == 0


def test_a_source_that_is_read_only_is_worked_by_hand(walk, systems, given):
    systems.place("crm").chmod(0o400)
    with closing(sqlite3.connect(walk.run.variables["DSR_DATABASE_URL"])) as own, own:
        own.execute("update source set read_only = 1 where key = 'crm'")
    column = f"{WANG}\nnobody@elsewhere.example.com\n"
    done = walk("stop - -o jsonl", input=column, exits=6)
    outcomes = [json.loads(line)["outcome"] for line in done.stdout.splitlines()]
    assert outcomes == ["failed", "stopped"]
    assert "by hand in crm" in done.stderr
    assert given(WANG)
    walk.work(1, "source")
    walk("stop 1")
    walk.ended(1, "fulfilled", "withdrawal")


# A legal hold.


def test_a_hold_lets_nothing_change_in_the_systems_and_suppresses_all_the_same(
    walk, systems, given
):
    other = walk.open("explanation")[0]
    walk(f"hold {other} --why 'court order' --as zhao")
    number = walk.open("withdrawal --scope marketing")[0]
    before = systems.dump()
    for _ in range(2):
        refused = walk(f"stop {number}", exits=4)
        assert f"source crm: ticket {other} is under a legal hold" in refused.stderr
        assert "the contact points are suppressed all the same" in refused.stderr
        assert f"hint: when the hold is lifted: dsr stop {number}" in refused.stderr
    assert systems.dump() == before
    assert walk.rows("select ticket from suppression") == [number]
    shown = "select target || ' ' || state || ' ' || coalesce(result, '') from task "
    crm, platform = walk.rows(f"{shown} where ticket = {number} order by 1")
    assert crm == f"crm open ticket {other} is under a legal hold"
    assert platform == "platform done 0 cells changed, 0 rows deleted"
    assert walk.rows("select count(*) from event where action = 'work_task'") == [2]
    walk(f"hold {other} --lift --why 'settled' --as zhao")
    walk(f"stop {number}")
    assert given(WANG) == 0
    walk.ended(number, "fulfilled", "withdrawal")


def test_of_a_column_those_who_are_held_wait_and_the_others_go_on(walk, systems, given):
    held = walk.open("explanation")[0]
    walk(f"hold {held} --why 'court order' --as zhao")
    column = f"{WHITFIELD}\n{WANG}\nnobody@elsewhere.example.com\n"
    wanted = given(WANG)
    for outcomes in (["stopped", "failed", "stopped"], ["skipped", "failed", "skipped"]):
        done = walk("stop - -o jsonl", input=column, exits=6)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        assert [row["outcome"] for row in rows] == outcomes
        assert f"ticket {held} is under a legal hold" in done.stderr
        assert (given(WANG), given(WHITFIELD)) == (wanted, 0)
    number = rows[1]["ticket"]
    assert walk.rows("select count(*) from suppression") == [3]
    states = f"select target || ' ' || state from task where ticket = {number} order by 1"
    assert walk.rows(states) == ["crm open", "platform done"]
    together = "select count(*) from task where result like '%for 2 persons at once'"
    assert walk.rows(together) == [4]  # the others of the column are still worked as one
    assert walk.rows("select count(*) from ticket where status = 'closed'") == [2]
    walk(f"hold {held} --lift --why 'settled' --as zhao")
    assert [row["outcome"] for row in stopped(walk, column)] == ["skipped", "stopped", "skipped"]
    assert given(WANG) == 0
    walk.ended(number, "fulfilled", "withdrawal")


def test_a_hold_on_somebody_of_whom_nothing_is_to_be_changed_holds_up_nothing(walk, systems):
    number = walk.open("withdrawal --scope marketing", "nobody@elsewhere.example.com")[0]
    walk(f"hold {number} --why 'court order' --as zhao")
    walk(f"stop {number}")
    walk.ended(number, "fulfilled", "withdrawal")


def test_a_planned_stop_waits_for_the_hold_too(walk, systems):
    number = walk.open("withdrawal --scope marketing")[0]
    walk(f"plan {number}")
    walk(f"hold {number} --why 'court order' --as zhao")
    before = systems.dump()
    assert "legal hold" in walk(f"stop {number}", exits=4).stderr
    assert systems.dump() == before
    assert walk.rows("select ticket from suppression") == [number]


# The list.


def answered(walk, text, options="", **said):
    return json.loads(walk(f"suppressed - {options} -o json", input=text, **said).stdout)


def test_other_systems_ask_by_a_column(walk, systems):
    stopped(walk, f"{WANG}\n")
    assert answered(walk, f"x@example.com\n{WANG.upper()}\n") == [
        {"line": 1, "suppressed": False, "scope": "marketing", "since": None, "ticket": None},
        {
            "line": 2,
            "suppressed": True,
            "scope": "marketing",
            "since": "2026-11-23T02:00:00Z",
            "ticket": 1,
        },
    ]
    assert not any(row["suppressed"] for row in answered(walk, f"{WANG}\n", "--scope consent"))


def test_a_shell_script_gets_whom_it_may_write_to(walk, systems):
    stopped(walk, f"{WANG}\n")
    column = f"address,name\n{WANG},Wang\n\nx@example.com, Mr X \nWANG@@mail\n19900000099\n"
    for only, lines in (
        ("no", ["x@example.com, Mr X ", "19900000099"]),
        ("yes", [f"{WANG},Wang"]),
    ):
        told = walk(f"suppressed - --only {only}", input=column, exits=6)
        assert told.stdout.splitlines() == lines
        assert "line 5: this is no address" in told.stderr
        assert "WANG" not in told.stderr


def test_an_office_that_knows_nobody_has_an_empty_list(run):
    assert (
        json.loads(run("suppressed - -o json", input=f"{WANG}\n").stdout)[0]["suppressed"] is False
    )


def test_a_long_list_is_told_line_by_line(walk, systems):
    stopped(walk, f"{WANG}\n")
    column = "".join(f"person{number}@example.com\n" for number in range(3000)) + f"{WANG}\n"
    told = walk("suppressed - --only no", input=column)
    assert told.stdout == column.removesuffix(f"{WANG}\n")


def test_consent_that_is_given_again_ends_a_suppression(walk, systems):
    stopped(walk, f"{WANG}\n")
    walk("suppressed --end 1 --why 'signed up by web form 8812' --dry-run")
    assert answered(walk, f"{WANG}\n")[0]["suppressed"]
    walk("suppressed --end 1 --why 'signed up by web form 8812'")
    assert not answered(walk, f"{WANG}\n")[0]["suppressed"]
    assert "signed up by web form 8812" in walk.rows("select value from secret")
    assert stopped(walk, f"{WANG}\n")[0]["outcome"] == "stopped"
    assert answered(walk, f"{WANG}\n")[0]["ticket"] == 2


SERVICES = "select status from logins union all select status from accounts"
UNCHANGED = {"en": "We do not stop our core services", "zh-Hans": "停止提供核心业务功能"}


@pytest.mark.parametrize(
    ("scope", "language"), [("consent", "en"), ("objection", "zh-Hans"), ("cookies", "en")]
)
def test_every_other_withdrawal_suppresses_in_its_scope_and_says_what_goes_on(
    walk, systems, scope, language
):
    number = walk.open(f"withdrawal --scope {scope} --language {language}")[0]
    walk(f"plan {number}")
    walk(f"propose {number}")
    assert answered(walk, f"{WANG}\n", f"--scope {scope}")[0]["ticket"] == number
    assert not answered(walk, f"{WANG}\n")[0]["suppressed"]
    before, running = systems.dump(), systems.rows("platform", SERVICES)
    walk(f"apply {number} --yes")
    assert systems.dump() != before
    assert systems.dump()["billing"] == before["billing"]
    assert systems.rows("platform", SERVICES) == running
    kinds = set(walk.rows("select kind from task"))
    assert kinds <= {"source", "recipient", "after_withdrawal"}
    assert ("after_withdrawal" in kinds) == (scope == "consent")
    walk(f"answer {number}")
    walk.work(number, "source", "recipient")
    for task in walk.tasks(number, "after_withdrawal"):
        walk(f"task done {number} {task} --result other_basis --proof 'the contract goes on'")
    assert UNCHANGED[language] in walk.ended(number, "fulfilled", "withdrawal")


def test_a_stop_that_only_a_test_asked_for_is_still_made(walk, tmp_path):
    form = tmp_path / "form.csv"
    form.write_text("id,kind,scope,email\n1,withdrawal,marketing,ann@example.org\n")
    walk(f"import {form} --test")
    (done,) = stopped(walk, "ann@example.org\n")
    assert done["ticket"] == 2
