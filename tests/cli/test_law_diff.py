"""An organisation's own packs, their versions, and what a new one would change, by commands."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from dsr.domain.cited import Certainty, Start
from dsr.domain.vocabulary import Kind, Proposal
from dsr.output.visible import cell_width
from dsr.rules import book, packs
from dsr.services import law_changes
from dsr.store.tables.cases import ItemRow

SHIPPED = "2026-11-23"
SATURDAY = date(2026, 11, 28)
PERIOD = '[clocks.period]\namount = 1\nunit = "months"'


@pytest.fixture
def own(run, tmp_path):
    """Return what writes an own pack of EU law that gives so many days; it is in use at once."""
    folder = tmp_path / "rules" / "laws"
    folder.mkdir(parents=True)
    run.variables["DSR_RULES_FOLDER"] = str(folder.parent)

    def write(version: str, days: int, *changes: tuple[str, str], name: str = "eu.toml") -> Path:
        text = (packs.LAWS / "eu.toml").read_text("utf-8")
        head = f'version = "{version}"\nreplaces = "{SHIPPED}"\nwhy = "our promise"'
        text = text[: text.index("[[examples]]")].replace(f'version = "{SHIPPED}"', head, 1)
        text = text.replace(PERIOD, f'[clocks.period]\namount = {days}\nunit = "days"')
        text = text.replace('amount = 2\nunit = "months"', 'amount = 60\nunit = "days"')
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        received = SATURDAY - timedelta(days=days)
        example = (
            '[[examples]]\ntext = "x"\nkind = "access"\nplace = "DE"\n'
            f"facts = {{ received_on = {received} }}\n"
            f"expect = {{ due_nominal_on = {SATURDAY}, due_legal_on = 2026-11-30 }}\n"
        )
        place = folder / name
        place.write_text(text + example, encoding="utf-8")
        book.forget()
        return place

    yield write
    book.use(None)


def ticket(run, tmp_path, what="access"):
    who = tmp_path / "who.txt"
    who.write_text("mei@example.com")
    line = f"open {what} --identifier email=@{who} --law EU --place DE -o json"
    return json.loads(run(line).stdout)[0]["number"]


def due(run, number):
    return json.loads(run(f"show {number} -o json").stdout)["due_on"]


def test_an_own_pack_changes_a_due_date_and_its_example_computes(run, own, tmp_path):
    what_if = "due --law EU --place DE --kind access --received 2026-03-02 -o json"
    before = json.loads(run(what_if).stdout)["due_legal_on"]
    own("2026-12-01", 10)

    assert before == "2026-04-02"
    assert due(run, ticket(run, tmp_path)) == "2026-12-03"
    run(f"law lint {tmp_path / 'rules'}")
    checks = {row["check"]: row for row in json.loads(run("doctor -o json").stdout)}
    assert checks["laws"]["text"].startswith("own packs: EU 2026-12-01 in place of 2026-11-23")


def test_own_packs_are_listed_with_what_they_replace(run, own):
    own("2026-12-01", 10)
    rows = {row["code"]: row for row in json.loads(run("law list -o json").stdout)}

    assert (rows["EU"]["of"], rows["EU"]["version"]) == ("own", "2026-12-01")
    assert rows["EU"]["replaces"] == SHIPPED
    assert (rows["CN"]["of"], rows["CN"]["replaces"], rows["CN"]["warning"]) == (
        "shipped",
        None,
        None,
    )


def test_a_broken_own_pack_names_file_and_key_and_the_lists_still_work(run, own, tmp_path):
    number = ticket(run, tmp_path)
    own("2026-12-01", 10, ('calendar = "place"', 'calender = "place"'))

    told = run(f"show {number}", exits=7).stderr
    assert "eu.toml" in told
    assert "calender: unknown key" in told
    assert "did you mean calendar" in told
    assert json.loads(run("list -o json").stdout)[0]["number"] == number
    rows = {row["code"]: row for row in json.loads(run("law list -o json").stdout)}
    assert "calender: unknown key" in rows["EU"]["warning"]
    assert rows["CN"]["warning"] is None
    checks = {row["check"]: row for row in json.loads(run("doctor -o json", exits=10).stdout)}
    assert (checks["laws"]["result"], checks["laws"]["command"]) == ("wrong", "dsr law lint")
    assert "eu.toml: calender: unknown key" in checks["laws"]["text"]


def test_open_tickets_keep_the_version_that_they_pin_and_new_ones_take_the_new(run, own, tmp_path):
    first = own("2026-12-01", 10)
    old = ticket(run, tmp_path)
    first.rename(first.with_name("eu-2026-12-01.toml"))
    own("2026-12-10", 20)
    new = ticket(run, tmp_path)

    assert (due(run, old), due(run, new)) == ("2026-12-03", "2026-12-14")
    run(f"set {old} --language en")
    assert due(run, old) == "2026-12-03"
    run(f"set {old} --law EU")
    assert due(run, old) == "2026-12-14"


def test_a_pinned_version_that_is_gone_says_what_to_do(run, own, tmp_path):
    own("2026-12-01", 10)
    number = ticket(run, tmp_path)
    own("2026-12-10", 20)

    told = run(f"show {number}", exits=7).stderr
    assert "no pack is the version 2026-12-01 of EU" in told
    assert "dsr set REF --law EU" in told
    text = run("doctor -o json", exits=10).stdout
    assert f"(tickets {number})" in text
    run(f"set {number} --law EU")
    assert due(run, number) == "2026-12-14"


def test_what_differs_is_told_in_words_and_to_programs(run, own):
    own("2026-12-01", 10, ('code = "court"', 'code = "tribunal"'))
    shown = run(f"law diff EU@{SHIPPED} EU").stdout
    rows = json.loads(run(f"law diff EU@{SHIPPED} EU -o json").stdout)

    assert max(map(cell_width, shown.split("\n"))) <= 80
    found = {(row["part"], row["change"]): row for row in rows}
    within = found["answer within", "changed"]
    assert (within["old"], within["new"]) == ("1 month", "10 days")
    assert {kind.value for kind in Kind if kind is not Kind.WITHDRAWAL} <= set(within["names"])
    assert found["a refusal must", "removed"]["names"] == ["court"]
    assert found["a refusal must", "added"]["names"] == ["tribunal"]
    assert "2 months more" in found["extension", "changed"]["old"]
    assert run("law diff CN CN").stdout == ""


def test_a_file_is_compared_before_it_is_used(run, own, tmp_path):
    place = own("2026-12-01", 10)
    draft = place.rename(tmp_path / "eu.toml")
    book.forget()

    rows = json.loads(run(f"law diff EU {draft} -o json").stdout)
    assert "10 days" in {row["new"] for row in rows}
    run("law diff EU nowhere.toml", exits=3)
    run("law diff EU EU@soon", exits=2)
    run("law diff EU XX", exits=3)
    run("law diff EU EU@2020-01-01", exits=7)


def test_tickets_that_would_change_stand_with_both_dates_the_earlier_first(run, own, tmp_path):
    later, sooner = ticket(run, tmp_path, "withdrawal --scope consent"), ticket(run, tmp_path)
    chinese = json.loads(
        run(f"open access --identifier email=@{tmp_path / 'who.txt'} -o json").stdout
    )
    days = '[clocks.act_by]\namount = {}\nunit = "working_days"'
    act_by = (days.format(2), days.format(9))
    draft = own("2026-12-01", 10, act_by).rename(tmp_path / "eu.toml")
    slow = draft.read_text("utf-8")
    at = slow.index('kinds = ["withdrawal"]\nmode')
    draft.write_text(slow[:at] + slow[at:].replace("amount = 10", "amount = 50", 1), "utf-8")
    book.forget()
    before = run("list -o json").stdout

    result = run(f"law diff EU {draft} --tickets -o jsonl")

    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(row["number"], row["moves"]) for row in rows] == [
        (sooner, "earlier"),
        (later, "later"),
    ]
    assert (rows[0]["old_due_on"], rows[0]["new_due_on"]) == ("2026-12-23", "2026-12-03")
    assert rows[0]["new_target_on"] == "2026-12-03"
    assert rows[1]["old_act_by_on"] < rows[1]["new_act_by_on"]
    assert rows[0]["pinned"] == SHIPPED
    assert chinese[0]["number"] not in {row["number"] for row in rows}
    assert f"EARLIER: 1 ticket would be due on an earlier day: {sooner}" in result.stderr
    assert run("list -o json").stdout == before
    assert run("law diff EU EU --tickets -o jsonl").stdout == ""
    run("law diff EU UK --tickets", exits=2)


def test_a_ground_that_becomes_unknown_or_is_cited_otherwise_is_told_of_its_item(desk, opened):
    number = opened(laws=("EU",), place="DE")
    common = {"ticket": number, "label": "x", "proposal": Proposal.REFUSE, "evidence": []}
    with desk.write() as step:
        step.session.add(ItemRow(number=1, ground="H7", **common))
        step.session.add(ItemRow(number=2, ground="S1", **common))
        step.session.add(ItemRow(number=3, **{**common, "proposal": Proposal.GRANT}))
    old = book.law("EU")
    other = {"en": "GDPR, Article 12(5)(b)", "zh": "x"}
    grounds = {**old.grounds, "S1": replace(old.grounds["S1"], text=other)}
    new = replace(old, unknown_grounds=("H7",), grounds=grounds)

    (found,) = law_changes.ticket_changes(desk, old, new)

    assert (found.number, found.moves) == (number, "otherwise")
    assert found.old_due_on == found.new_due_on
    assert found.grounds == (
        "item 1: H7 becomes unknown to EU",
        "item 2: S1 cited as 'GDPR, Article 12(5)(b)', not 'GDPR, Article 12(5)'",
    )


def test_a_law_that_is_not_in_force_yet_leaves_a_ticket_without_a_date(desk, opened):
    number = opened(laws=("EU",))
    old = book.law("EU")
    new = replace(old, in_force=Start(date(2027, 1, 1), "x", Certainty.DESIGN))

    (found,) = law_changes.ticket_changes(desk, old, new)

    assert (found.number, found.new_due_on, found.moves) == (number, None, "later")
    assert "is in force from 2027-01-01" in found.note


def test_a_change_reaches_no_test(run, own, tmp_path):
    form = tmp_path / "form.csv"
    form.write_text("id,kind,email,law\n1,access,ann@example.org,EU\n")
    run(f"import {form} --test")
    number = ticket(run, tmp_path)
    own("2026-12-01", 10)
    rows = json.loads(run(f"law diff EU@{SHIPPED} EU --tickets -o json").stdout)
    assert [each["number"] for each in rows] == [number]
