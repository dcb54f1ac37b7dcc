"""The sample company and the privacy desk's mail hold what the other tests and the demo rely on."""

import csv
import email
import importlib.util
import json
import mailbox
import re
import sqlite3
import sys
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType

import phonenumbers
import pytest
import yaml

from dsr.domain.vocabulary import Kind, MessageOutcome
from dsr.sources.datamap import lint, read_datamap

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
COMPANY = FIXTURES / "company"
MAIL = FIXTURES / "mail"
DATABASES = ("crm", "platform", "billing")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PERSON_EMAILS = (
    ("crm", "contacts", "email"),
    ("crm", "leads", "email"),
    ("platform", "accounts", "administrator_email"),
    ("platform", "logins", "email"),
    ("platform", "uploaded_employees_lanhai", "email"),
    ("platform", "uploaded_employees_northgate", "email"),
    ("platform", "uploaded_employees_qinghe", "email"),
    ("billing", "customers", "email"),
)


def script(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"fixtures_{folder.name}", folder / "build.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def company() -> Iterator[dict[str, sqlite3.Connection]]:
    connections = {name: sqlite3.connect(":memory:") for name in DATABASES}
    for name, connection in connections.items():
        connection.executescript((COMPANY / f"{name}.sql").read_text("utf-8"))
    yield connections
    for connection in connections.values():
        connection.close()


@pytest.fixture(scope="module")
def addresses(company: dict[str, sqlite3.Connection]) -> set[str]:
    return {
        row[0].lower()
        for database, table, column in PERSON_EMAILS
        for row in company[database].execute(f"SELECT {column} FROM {table}")
    }


@pytest.fixture(scope="module")
def expected() -> list[dict]:
    lines = (MAIL / "expected.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return [row[0] for row in found]


def columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def test_every_foreign_key_of_the_company_holds(company):
    for connection in company.values():
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_the_company_has_at_least_twelve_tables_and_each_has_rows(company):
    counts = {
        f"{name}.{table}": connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for name, connection in company.items()
        for table in tables(connection)
    }
    assert len(counts) >= 12
    assert min(counts.values()) > 0


def test_the_company_knows_at_least_three_hundred_people(addresses):
    assert len(addresses) >= 300


def test_every_address_lies_in_a_reserved_domain(company):
    for name, connection in company.items():
        for address in ADDRESS.findall("\n".join(connection.iterdump())):
            assert re.search(r"[@.]example\.(com|net|org)$", address.lower()), name


def test_every_telephone_number_is_possible_and_of_an_invented_block(company):
    numbers = [
        row[0]
        for table in ("contacts", "leads")
        for row in company["crm"].execute(f"SELECT mobile FROM {table}")
    ]
    for number in numbers:
        parsed = phonenumbers.parse(number, "CN")
        assert phonenumbers.is_valid_number(parsed)
        assert str(parsed.national_number).startswith(("1990000", "3023125"))


def test_some_people_are_spelt_with_different_case_in_different_systems(company):
    spelt = {row[0] for row in company["crm"].execute("SELECT email FROM contacts")}
    spelt |= {row[0] for row in company["platform"].execute("SELECT email FROM campaign_events")}
    assert len(spelt) > len({one.lower() for one in spelt}) + 10


def test_a_household_is_shared_and_one_contact_is_a_child(company):
    crm = company["crm"]
    shared = crm.execute(
        "SELECT household_id FROM contacts WHERE household_id NOT NULL"
        " GROUP BY 1 HAVING count(*) > 1"
    ).fetchall()
    assert (1,) in shared
    child = crm.execute(
        "SELECT full_name, guardian_name FROM contacts WHERE birth_date > '2012-11-23'"
    )
    assert child.fetchall() == [("徐小宇", "徐敏")]


def test_an_administrator_is_also_an_employee_that_the_client_uploaded(company):
    both = company["platform"].execute(
        "SELECT a.administrator FROM accounts a JOIN uploaded_employees_lanhai e"
        " ON lower(e.email) = lower(a.administrator_email)"
    )
    assert both.fetchall() == [("孙悦",)]


def test_the_strict_reader_finds_nothing_wrong_with_the_datamap():
    assert lint(COMPANY / "datamap.yaml") == ()


def test_the_datamap_describes_exactly_the_tables_and_columns_of_the_databases(company):
    described = {
        dataset.fides_key: {
            one.name: [field.name for field in one.fields] for one in dataset.collections
        }
        for dataset in read_datamap(COMPANY / "datamap.yaml")
    }
    found = {
        name: {table: columns(connection, table) for table in tables(connection)}
        for name, connection in company.items()
    }
    assert described == found


def test_every_collection_says_what_an_answer_must_say_in_both_languages():
    for dataset in read_datamap(COMPANY / "datamap.yaml"):
        assert dataset.backup_cycle_days
        for collection in dataset.collections:
            words = (collection.label, collection.purpose, collection.retention, collection.origin)
            words += tuple(field.label for field in collection.fields)
            assert all(one.en and one.zh for one in words), collection.name
            assert collection.basis


def test_recipients_and_clients_of_the_datamap_stand_in_the_registers(company):
    registers = tomllib.loads((COMPANY / "registers.toml").read_text("utf-8"))
    recipients = {one["key"] for one in registers["recipient"]}
    clients = {one["key"] for one in registers["client"]}
    datasets = read_datamap(COMPANY / "datamap.yaml")
    collections = {f"{d.fides_key}.{c.name}": c for d in datasets for c in d.collections}
    assert {key for one in collections.values() for key in one.recipients} <= recipients
    assert {one.client for one in collections.values() if one.role == "processor"} == clients
    assert {place for one in registers["recipient"] for place in one["sources"]} <= set(collections)
    given = {row[0] for row in company["crm"].execute("SELECT recipient FROM disclosures")}
    assert given <= recipients


def test_the_datamap_is_plain_yaml_that_other_readers_of_the_format_accept():
    content = yaml.safe_load((COMPANY / "datamap.yaml").read_text("utf-8"))
    assert [one["fides_key"] for one in content["dataset"]] == list(DATABASES)


def test_the_mailboxes_hold_as_many_mails_as_the_demo_needs():
    with closing(mailbox.mbox(MAIL / "desk.mbox", create=False)) as box:
        assert len(box) >= 64
    for folder in ("cur", "new", "tmp"):
        assert (MAIL / "maildir" / folder).is_dir()
    assert len([*(MAIL / "maildir").glob("*/1*")]) >= 8
    assert len([*(MAIL / "eml").glob("*.eml")]) >= 10


def test_every_mail_and_every_row_of_a_form_has_an_expectation(expected):
    with closing(mailbox.mbox(MAIL / "desk.mbox", create=False)) as box:
        sources = [f"desk.mbox#{number}" for number in range(1, len(box) + 1)]
    sources += [str(path.relative_to(MAIL)) for path in (MAIL / "maildir").glob("*/1*")]
    sources += [str(path.relative_to(MAIL)) for path in (MAIL / "eml").glob("*.eml")]
    with (MAIL / "requests.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = (MAIL / "requests.jsonl").read_text("utf-8").splitlines()
    assert min(len(rows), len(lines)) >= 6
    sources += [f"requests.csv#{number}" for number in range(1, len(rows) + 1)]
    sources += [f"requests.jsonl#{number}" for number in range(1, len(lines) + 1)]
    assert sorted(sources) == sorted(one["source"] for one in expected)


def test_expectations_use_the_words_of_the_field(expected):
    for one in expected:
        assert one["outcome"] in set(MessageOutcome)
        assert set(one["kinds"]) <= set(Kind)
        assert bool(one["kinds"]) is (one["outcome"] == "opened"), one["id"]
    assert {kind for one in expected for kind in one["kinds"]} == set(Kind)
    assert {one["outcome"] for one in expected} == set(MessageOutcome)


def test_every_person_marked_as_known_is_in_a_database(expected, addresses):
    known = {one["known"].lower() for one in expected if "known" in one}
    assert len(known) >= 20
    assert known <= addresses


def test_the_one_of_whom_nothing_is_held_is_in_no_database(company):
    for connection in company.values():
        assert "feng.xue@" not in "\n".join(connection.iterdump()).lower()


@pytest.mark.parametrize(
    "kind", ["access", "correction", "deletion", "withdrawal", "cancellation", "copy"]
)
def test_a_ticket_of_each_of_the_six_kinds_can_be_worked_with_data_found(kind, expected):
    assert [one for one in expected if one["kinds"] == [kind] and "known" in one]


def test_addresses_in_the_mail_lie_in_reserved_domains_or_are_the_desk():
    for address in ADDRESS.findall((MAIL / "letters.toml").read_text("utf-8")):
        assert re.search(r"[@.]example\.(com|net|org)$", address) or address.startswith("info@")


def test_the_repeated_mails_repeat_what_they_should(expected):
    with closing(mailbox.mbox(MAIL / "desk.mbox", create=False)) as box:
        mails = [message.as_bytes() for message in box]
    place = {one["id"]: number for number, one in enumerate(expected)}
    assert mails[place["emily-stop"]] == mails[place["emily-stop-again"]]
    first, again = mails[place["liu-deletion"]], mails[place["liu-deletion-resent"]]
    assert first != again
    assert first[first.index(b"From:") :] == again[again.index(b"From:") :]


def test_the_declared_encodings_decode_and_the_undeclared_ones_do_not():
    files = {
        path.stem: email.message_from_bytes(path.read_bytes()) for path in MAIL.glob("eml/*.eml")
    }
    big5 = files["big5-correction"].get_payload(decode=True).decode("big5")
    assert "行銷經理" in big5
    assert files["utf-8-undeclared"].get_content_charset() is None


@pytest.mark.parametrize("folder", [COMPANY, MAIL], ids=["company", "mail"])
def test_building_again_gives_the_same_bytes(folder, tmp_path):
    made = script(folder).build(tmp_path)
    for path in made:
        committed = folder / path.relative_to(tmp_path)
        assert path.read_bytes() == committed.read_bytes(), committed.name
    generated = {"company": {".sql"}, "mail": {".mbox", ".eml", ".jsonl", ".csv", ".com", ""}}
    kept = {
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in generated[folder.name] and path.parent.name != "schema"
    }
    assert kept == {path.relative_to(tmp_path) for path in made}
