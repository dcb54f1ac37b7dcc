"""Set-up on the command line: what is made, shown and checked."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden" / "json"
COMPANY = Path(__file__).parents[2] / "fixtures" / "company"


@pytest.fixture
def company(tmp_path):
    """Make the sample company's databases and return the options that say where they are."""
    options = []
    for key in ("crm", "platform", "billing"):
        with closing(sqlite3.connect(tmp_path / f"{key}.db")) as connection:
            connection.executescript((COMPANY / f"{key}.sql").read_text("utf-8"))
        options.append(f"--url {key}={tmp_path / key}.db")
    return f"{COMPANY / 'datamap.yaml'} {' '.join(options)}"


def golden(name, text, **stands_for):
    """Compare with a golden file, after what differs from run to run is replaced.

    DSR_UPDATE_GOLDEN=1 writes the file anew; look at the difference before it is kept.
    """
    for word, value in stands_for.items():
        text = text.replace(str(value), f"<{word}>")
    if os.environ.get("DSR_UPDATE_GOLDEN") == "1":
        (GOLDEN / name).write_text(text, "utf-8")
    assert text == (GOLDEN / name).read_text("utf-8")


def test_a_company_is_set_up_by_four_commands(run, company):
    assert json.loads(run("init -o json").stdout)[0]["result"] == "made"
    added = json.loads(run(f"source add {company} -o json").stdout)
    assert [one["key"] for one in added] == ["crm", "platform", "billing"]
    run(f"recipient add --from {COMPANY / 'registers.toml'}")
    run(f"client add --from {COMPANY / 'registers.toml'}")

    recipients = json.loads(run("recipient list -o json").stdout)
    assert list(recipients[0]) == ["key", "names", "type", "contact", "sources"]
    assert {one["key"] for one in json.loads(run("client list -o json").stdout)} == {
        "lanhai",
        "northgate",
        "qinghe",
    }
    assert "nothing found" in run("source check").stderr
    run("doctor")


def test_init_is_done_once_and_says_what_comes_next(run, tmp_path):
    del run.variables["DSR_DATABASE_URL"]
    first = run("init -o json")
    again = run("init")

    rows = json.loads(first.stdout)
    assert [(row["what"], row["result"]) for row in rows] == [
        ("configuration", "made"),
        ("database", "made"),
        ("key", "made"),
        ("workspace", "made"),
        ("first officer", "made"),
    ]
    assert list(rows[0]) == ["what", "place", "result"]
    assert Path(rows[1]["place"]).stat().st_mode & 0o777 == 0o600
    assert "made" not in again.stdout
    assert "next: dsr source add" in again.stderr


def test_init_remembers_the_database_that_an_option_named(run, tmp_path):
    place = tmp_path / "elsewhere" / "office.db"
    del run.variables["DSR_DATABASE_URL"], run.variables["DSR_OFFICER"]
    run(f"--db {place} --as chen init")

    officers = json.loads(run("officer list -o json").stdout)

    assert [one["name"] for one in officers] == ["chen"]
    assert place.exists()


def test_init_makes_the_configuration_file_that_a_variable_names(run, tmp_path):
    place = tmp_path / "own" / "dsr.toml"
    run.variables["DSR_CONFIG"] = str(place)

    run("init")

    assert place.is_file()
    assert run("config -o json").exit_code == 0


def test_the_keys_of_config_hold(run, tmp_path):
    run.variables["DSR_DATABASE_URL"] = "postgresql://dsr:geheim@db/dsr"

    result = run("config -o json")

    assert "geheim" not in result.stdout
    golden("config.json", result.stdout, home=run.variables["HOME"], folder=tmp_path)


def test_the_keys_of_report_hold(run, opened, desk):
    opened()

    golden("report.json", run("report -o json").stdout)
    assert run("report --by month -o csv").stdout.startswith("period,received,by_kind,")
    assert "2026-11" in run("report --by month").stdout
    assert "\n  access: 1\n" in run("report").stdout
    assert "no day" in run("report --from monday", exits=2).stderr


def test_the_keys_of_audit_hold(run):
    run("officer add wang")

    result = run("audit verify -o json")

    golden("audit.json", result.stdout, head=json.loads(result.stdout)["head"])


def test_officers_on_the_command_line(run):
    assert json.loads(run("officer add wang --roles approver,handler -o json").stdout) == [
        {"key": "wang", "result": "added"}
    ]
    listed = json.loads(run("officer list -o json").stdout)
    assert listed[1] == {
        "name": "wang",
        "full_name": None,
        "roles": ["handler", "approver"],
        "os_user": None,
        "active": True,
    }
    told = run("officer set wang --roles legal --inactive")
    assert "changed" in told.stdout
    assert "nothing to change" in run("officer set wang", exits=2).stderr
    assert "hint: did you mean wang?" in run("officer set wnag --active", exits=3).stderr
    assert "officer li is no longer" not in run("officer list").stdout


def test_an_office_of_one_hears_when_it_is_none_any_more(run):
    assert "four_eyes" not in run("officer add chen --roles handler").stderr
    assert 'set four_eyes = "user"' in run("officer add wang --roles approver").stderr
    run.variables["DSR_FOUR_EYES"] = "user"
    assert "four_eyes" not in run("officer add zhao --roles approver").stderr


def test_one_recipient_is_typed(run, company):
    run(f"source add {company}")
    run(
        'recipient add sms --name en="Sms Ltd." --name zh=短信 --type partner --sources crm,billing'
    )

    (only,) = json.loads(run("recipient list -o json").stdout)

    assert only == {
        "key": "sms",
        "names": {"en": "Sms Ltd.", "zh": "短信"},
        "type": "partner",
        "contact": None,
        "sources": ["crm", "billing"],
    }
    assert "did you mean crm.contacts" in run(
        "recipient add x --name en=X --sources crm.contact", exits=3
    ).stderr  # fmt: skip
    assert "removed" in run("recipient remove sms").stdout
    assert "did you mean sms" not in run("recipient remove smss", exits=3).stderr


@pytest.mark.parametrize(
    "line",
    [
        "client add",
        "client add lanhai --from x.toml --name en=X",
        "client add lanhai --name Lanhai",
        "client add lanhai --name en=A --name en=B",
        "client add lanhai",
        "source add map.yaml --url crm",
        "source preview map.yaml --url crm=/x.db --identity email=mei@example.com",
        "source preview map.yaml --identity email=@x",
    ],
)
def test_wrong_usage_changes_nothing_and_repeats_no_value(run, line, tmp_path):
    result = run(line, exits=3 if "@x" in line else 2)

    assert "mei@" not in result.stderr
    assert "bug" not in result.stderr


def test_a_preview_takes_its_value_from_a_file_or_standard_input(run, company, tmp_path):
    value = tmp_path / "address.txt"
    value.write_text("nobody@example.com\n")

    named = run(f"source preview {company} --identity email=@{value} -o json")
    piped = run(f"source preview {company} --identity email=- -o json", input="nobody@example.com")

    rows = json.loads(named.stdout)
    assert list(rows[0]) == ["source", "collection", "result", "rows", "warnings"]
    assert named.stdout == piped.stdout
    assert "nobody" not in named.stdout + named.stderr


def test_a_check_that_finds_something_exits_with_10(run, company, tmp_path):
    run(f"source add {company}")
    with closing(sqlite3.connect(tmp_path / "crm.db")) as connection:
        connection.execute("DROP TABLE chats")

    result = run("source check crm", exits=10)

    assert "there is no such table" in result.stdout
    assert "contacts" not in result.stdout
    assert "wrong: source crm" in run("doctor", exits=10).stderr
