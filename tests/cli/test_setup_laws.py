"""The law packs on the command line: read, and checked."""

import json

from dsr.output.visible import cell_width
from dsr.rules import office
from dsr.rules.reading import DATA


def test_a_law_is_shown_on_eighty_columns_and_whole_to_programs(run):
    shown = run("law show CN").stdout
    whole = json.loads(run("law show cn -o json").stdout)

    assert max(map(cell_width, shown.split("\n"))) <= 80
    assert "15 working days, from receipt, never paused" in shown
    keys = ["code", "names", "version", "citation", "calendar", "clocks", "rules"]
    assert list(whole) == keys
    assert all(clock["citation"] and clock["certainty"] for clock in whole["clocks"])
    assert {kind for clock in whole["clocks"] for kind in clock["kinds"]} >= {"access", "deletion"}
    assert "did you mean CN" in run("law show CM", exits=3).stderr


def test_laws_are_listed_with_those_that_are_on(run):
    rows = json.loads(run("law list -o json").stdout)

    assert {row["code"]: row["on"] for row in rows if row["code"] in {"CN", "EU"}} == {
        "CN": True,
        "EU": False,
    }


def test_the_shipped_rules_are_right(run):
    rows = json.loads(run("law lint -o json").stdout)

    assert {row["result"] for row in rows} == {"ok"}
    assert {"cn.toml", "cn-2026.toml", "kinds.toml", "policy.toml"} <= {row["file"] for row in rows}


def test_a_wrong_rule_is_named(run, tmp_path):
    laws = tmp_path / "rules" / "laws"
    laws.mkdir(parents=True)
    text = (DATA / "laws" / "cn.toml").read_text("utf-8")
    (laws / "cn.toml").write_text(text.replace("amount = 15", "amount = 14"), "utf-8")
    (tmp_path / "rules" / "policy.toml").write_text("phome = 1\n")

    result = run(f"law lint {tmp_path / 'rules'} -o json", exits=10)

    rows = {row["file"]: row for row in json.loads(result.stdout)}
    assert "due_nominal_on is 2026-10-14, not 2026-10-15" in rows["cn.toml"]["text"]
    assert "phome: unknown key" in rows["policy.toml"]["text"]
    assert "2 of 2 files are wrong" in result.stderr
    run(f"law lint {tmp_path}", exits=3)


def test_every_ground_stands_with_what_it_owes_and_who_approves_it(run):
    found = {each["code"]: each for each in json.loads(run("law grounds -o json").stdout)}
    assert found.keys() == {code for code, ground in office.grounds().items() if ground.withholds}
    for code, ground in office.grounds().items():
        if ground.withholds:
            assert ("evidence" in found[code]["owes"]) is ground.needs_evidence, code
            assert found[code]["citation"] == ground.citation
            assert found[code]["approvers"], code
