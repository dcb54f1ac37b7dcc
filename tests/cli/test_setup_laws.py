"""The law packs on the command line: read, and checked."""

import json

from dsr.output.visible import cell_width
from dsr.rules import book, office
from dsr.rules.reading import DATA


def test_a_law_is_shown_on_eighty_columns_and_whole_to_programs(run):
    shown = run("law show CN").stdout
    whole = json.loads(run("law show cn -o json").stdout)

    assert max(map(cell_width, shown.split("\n"))) <= 80
    assert "15 working days, from receipt, never paused" in shown
    keys = ["code", "names", "version", "citation", "calendar", "clocks", "rules"]
    assert list(whole)[: len(keys)] == keys
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
    files = {row["file"] for row in rows}
    assert {"cn.toml", "cn-2026.toml", "phrases"} <= files
    assert {place.name for place in DATA.iterdir() if place.name.endswith(".toml")} <= files
    assert "ok: " in run("law lint").stdout


def test_every_fault_of_every_file_is_told_with_its_rule_and_article(run, tmp_path):
    laws = tmp_path / "rules" / "laws"
    laws.mkdir(parents=True)
    text = (DATA / "laws" / "cn.toml").read_text("utf-8")
    head = 'version = "2026-12-01"\nreplaces = "2026-11-23"\nwhy = "a test"'
    text = text.replace('version = "2026-11-23"', head, 1)
    (laws / "cn.toml").write_text(text.replace("amount = 15", "amount = 14"), "utf-8")
    wrong = text.replace("[roll]\ncitation", "[roll]\nsource").replace("amount = 30", "amount = 0")
    (laws / "eu.toml").write_text(wrong.replace('code = "CN"', 'code = "EU"'), "utf-8")
    (tmp_path / "rules" / "policy.toml").write_text("phome = 1\nemial = 2\n")
    (tmp_path / "rules" / "grounds.toml").write_text("")

    result = run(f"law lint {tmp_path / 'rules'} -o json", exits=10)

    rows = json.loads(result.stdout)
    told = {}
    for row in rows:
        told.setdefault(row["file"], []).append(row)
    computed = [row["text"] for row in told["cn.toml"]]
    assert any("due_nominal_on is 2026-10-14, not 2026-10-15" in each for each in computed)
    assert len(computed) > 3
    keys = {row["key"]: row for row in told["eu.toml"]}
    assert {"roll.source", "clocks.5.period"} <= keys.keys()
    assert "8.7" in keys["clocks.5.period"]["citation"]
    assert keys["clocks.5.period"]["rule"] == "clocks: access, copy"
    assert {row["key"] for row in told["policy.toml"]} == {"phome", "emial"}
    assert "no command reads it" in told["grounds.toml"][0]["text"]
    assert "4 of 4 files are wrong" in result.stderr
    run(f"law lint {tmp_path}", exits=3)


def test_the_faults_are_told_to_people_on_eighty_columns(run, tmp_path):
    laws = tmp_path / "rules" / "laws"
    laws.mkdir(parents=True)
    (laws / "eu.toml").write_text('version = "1"\nreplaces = "2026-11-23"\nwhy = "x"\n')
    calendars = tmp_path / "rules" / "calendars"
    calendars.mkdir()
    year = (DATA / "calendars" / "cn-2026.toml").read_text("utf-8")
    off = year.replace("working = [", "working = [\n    2026-10-03,", 1)
    (calendars / "cn-2026.toml").write_text(off, "utf-8")

    shown = run(f"law lint {tmp_path / 'rules'}", exits=10).stdout

    assert max(map(cell_width, shown.split("\n"))) <= 80
    assert "version: is a day, as 2026-01-31" in shown
    assert "working: 2026-10-03 is also off" in shown


def test_the_organisations_own_folder_is_checked_besides_the_shipped_rules(run, tmp_path):
    laws = tmp_path / "rules" / "laws"
    laws.mkdir(parents=True)
    (laws / "eu.toml").write_text('why = "x"\n')
    run.variables["DSR_RULES_FOLDER"] = str(tmp_path / "rules")

    rows = json.loads(run("law lint -o json", exits=10).stdout)

    assert [(row["file"], row["of"]) for row in rows if row["result"] == "wrong"] == [
        ("eu.toml", "own")
    ]
    assert {row["of"] for row in rows} == {"own", "shipped"}
    book.use(None)


def test_an_earlier_version_of_a_law_is_shown(run):
    whole = json.loads(run("law show EU --version 2026-11-23 -o json").stdout)

    assert (whole["version"], whole["of"], whole["zone"]) == (
        "2026-11-23",
        "shipped",
        "Europe/Lisbon",
    )
    assert {each["what"] for each in whole["grounds"]} >= {"H1", "S1"}
    assert {"S2", "S4"} == set(whole["unknown_grounds"])
    assert {"receipt", "identity"} <= {each["rule"] for each in whole["rules"]}
    run("law show EU --version 2020-01-01", exits=7)
    for code in book.law_codes():
        assert max(map(cell_width, run(f"law show {code}").stdout.split("\n"))) <= 80


def test_every_ground_stands_with_what_it_owes_and_who_approves_it(run):
    found = {each["code"]: each for each in json.loads(run("law grounds -o json").stdout)}
    assert found.keys() == {code for code, ground in office.grounds().items() if ground.withholds}
    for code, ground in office.grounds().items():
        if ground.withholds:
            assert ("evidence" in found[code]["owes"]) is ground.needs_evidence, code
            assert found[code]["citation"] == ground.citation
            assert found[code]["approvers"], code
