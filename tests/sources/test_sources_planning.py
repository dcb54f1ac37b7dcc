"""What a plan says for corrections, measures, and sources that cannot be asked or written."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone

import pytest

from dsr.domain.vocabulary import SearchResult
from dsr.errors import ConfigError
from dsr.sources.datamap import Masking, read_datamap
from dsr.sources.plan import (
    Correct,
    Erase,
    Left,
    Wish,
    Work,
    fingerprint,
    read_plan,
    row_fingerprint,
)
from dsr.sources.planning import make_plan
from dsr.sources.results import CELL_LIMIT
from dsr.sources.writing import apply_part

KEY = b"k" * 32
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=timezone(timedelta(hours=8)))
WHO = {"email": ("ada@example.org",)}

TABLES = """
    create table contact (
        id integer primary key, email text, name varchar(12), mobile text, work_mobile text,
        floor int, stopped_at text, status text not null, nick text unique
    );
    insert into contact values
        (1, 'Ada@Example.org', 'Ada  Long ', '199 0000 0001', null, 3, null, 'open', 'ada'),
        (2, 'ben@example.org', 'Ben', '19900000002', null, 4, null, 'open', 'ben');
    create table invoice (id integer primary key, contact_id int, sent_to text);
    insert into invoice values (1, 1, 'ada@example.org');
    create table firm (id integer primary key, email text, boss_email text, status text);
    insert into firm values (1, 'ada@example.org', 'boss@example.org', 'open');
"""
MAP = """
dataset:
  - fides_key: crm
    collections:
      - name: contact
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: name, data_categories: [user.name]}
          - {name: mobile, data_categories: [user.contact.phone_number]}
          - {name: work_mobile, data_categories: [user.contact.phone_number]}
          - {name: floor, data_categories: [user.contact.address]}
          - {name: stopped_at, fides_meta: {read_only: true}}
          - {name: status, fides_meta: {read_only: true}}
          - {name: nick, data_categories: [user.account.username]}
      - name: invoice
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - name: contact_id
            fides_meta: {references: [{dataset: crm, field: contact.id, direction: from}]}
          - {name: sent_to, data_categories: [user.contact.email]}
      - name: firm
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: boss_email, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: status}
    meta:
      dsr:
        collections:
          contact:
            measures:
              stop_marketing:
                {set: {stopped_at: $now, status: stopped}, where: {floor: ["3", 9], status: [open]}}
              restrict: {set: {stopped_at: $today, nick: $officer}}
              lift_restriction: {set: {status: $null, mobile: $null, stopped_at: $null}}
            fields:
              mobile: {label: {en: Mobile number, zh: 手机号}}
          invoice:
            kept_by_law: {citation: Accounting rules, until: 30 years}
            measures: {stop_service: {set: {sent_to: $null}}}
          firm:
            holder: company
            measures: {stop_service: {set: {status: closed}, where: {status: [open]}}}
"""


@pytest.fixture
def crm(database, datamap):
    return read_datamap(datamap(MAP)), {"crm": f"sqlite:///{database(TABLES)}"}


@pytest.fixture
def plan(crm):
    def make(wish, who=WHO, **more):
        return make_plan(*crm, who, wish, key=KEY, now=NOW, **more)[0]

    return make


@pytest.fixture
def alter(crm):
    def run(statement):
        with closing(sqlite3.connect(crm[1]["crm"].removeprefix("sqlite:///"))) as connection:
            connection.execute(statement)
            connection.commit()

    return run


def correction(label, old, new, category=""):
    return Wish(correct=(Correct(1, label, category, old, new),))


def cells(made):
    return [(each.collection, each.field, each.after) for each in made.changes]


def left(made):
    return [(each.collection, each.left, each.field, each.rows) for each in made.left]


@pytest.mark.parametrize(
    ("label", "old", "new"),
    [
        ("mobile", "+8619900000001", "+8619900000009"),
        ("contact.mobile", "199-0000-0001", "+8619900000009"),
        ("crm.contact.mobile", "19900000001", "+8619900000009"),
        ("MOBILE NUMBER", "19900000001", "+8619900000009"),
        ("手机号", "19900000001", "+8619900000009"),
    ],
)
def test_a_field_is_meant_by_its_name_its_path_or_its_label(plan, label, old, new):
    made = plan(correction(label, old, new))
    assert cells(made) == [("contact", "mobile", "19900000009")]
    assert made.changes[0].how == "correct"
    assert made.changes[0].before == fingerprint(KEY, "199 0000 0001")


def test_a_category_means_fields_where_no_field_has_the_name(plan):
    made = plan(correction("phone", "19900000001", "13800138000", "user.contact.phone_number"))
    assert cells(made) == [("contact", "mobile", "13800138000")]


def test_a_name_means_no_other_fields_of_its_category(plan, alter):
    alter("update contact set work_mobile = mobile")
    made = plan(correction("mobile", "19900000001", "13800138000", "user.contact.phone_number"))
    assert cells(made) == [("contact", "mobile", "13800138000")]


def test_addresses_are_known_without_case_and_names_without_blanks(plan):
    assert cells(plan(correction("email", "ADA@example.ORG ", "a@example.org"))) == [
        ("contact", "email", "a@example.org")
    ]
    assert cells(plan(correction("name", " Ada Long", "Ada L."))) == [("contact", "name", "Ada L.")]
    assert cells(plan(correction("name", "ada long", "Ada L."))) == []


def test_a_record_of_what_happened_is_not_corrected_and_is_erased(datamap, crm):
    noted = MAP.replace("          contact:\n", "          contact:\n            record: true\n", 1)
    datasets = read_datamap(datamap(noted))
    wish = correction("mobile", "19900000001", "1")
    made, _ = make_plan(datasets, crm[1], WHO, wish, key=KEY, now=NOW)
    assert (made.changes, left(made)) == ((), [("contact", Left.READ_ONLY, "mobile", 1)])
    erased, _ = make_plan(datasets, crm[1], WHO, Wish(erase=Erase()), key=KEY, now=NOW)
    assert ("contact", "mobile", None) in cells(erased)


def test_a_field_that_is_only_read_is_not_corrected_and_is_named(plan):
    made = plan(correction("contact.status", "open", "closed"))
    assert (made.changes, left(made)) == ((), [("contact", Left.READ_ONLY, "status", 1)])


def test_a_view_is_corrected_by_somebody(datamap, crm, alter):
    alter("create view person as select * from contact")
    datasets = read_datamap(
        datamap(
            MAP.replace("- name: contact\n", "- name: person\n")
            .replace("field: contact.id", "field: person.id")
            .split("    meta:", maxsplit=1)[0]
        )
    )
    wish = correction("mobile", "19900000001", "1")
    made, _ = make_plan(datasets, crm[1], WHO, wish, key=KEY, now=NOW)
    assert (made.changes, left(made)) == ((), [("person", Left.BY_HAND, "", 1)])


def test_a_row_that_names_another_too_is_not_corrected_and_is_named(plan):
    made = plan(correction("firm.email", "ada@example.org", "a@example.org"))
    assert made.changes == ()
    assert left(made) == [("firm", Left.OTHERS, "", 1)]


def test_numbers_stay_numbers(plan):
    assert cells(plan(correction("floor", "3", "4"))) == [("contact", "floor", 4)]


def test_what_is_added_goes_into_an_empty_field_that_is_named(plan):
    added = cells(plan(correction("work_mobile", "", "138 0013 8000")))
    assert added == [("contact", "work_mobile", "13800138000")]
    assert cells(plan(correction("mobile", "", "13800138000"))) == []
    by_category = plan(correction("phone", "", "13800138000", "user.contact.phone_number"))
    assert cells(by_category) == []
    assert left(by_category) == [("", Left.BY_HAND, "phone", 0)]


@pytest.mark.parametrize(
    ("stands", "new", "written"),
    [
        ("+8619900000001", "199 0000 0999", "+8619900000999"),
        ("+86 199-0000-0001", "+86 199 0000 0999", "+8619900000999"),
        ("+442079460958", "020 7946 0959", "+442079460959"),
        ("008619900000001", "199 0000 0999", "008619900000999"),
        ("8619900000001", "199 0000 0999", "8619900000999"),
        ("199 0000 0001", "199 0000 0999", "19900000999"),
        ("19900000001", "+44 20 7946 0959", "+442079460959"),
        ("020 1234 5678", "+86 20 1234 5679", "02012345679"),
    ],
)
def test_a_new_number_is_written_as_the_old_one_is(plan, alter, stands, new, written):
    alter(f"update contact set mobile = '{stands}'")
    assert cells(plan(correction("mobile", stands, new))) == [("contact", "mobile", written)]


@pytest.mark.parametrize(
    ("label", "old", "new", "why"),
    [
        ("mobile", "19900000001", "call me", "the new value is no phone"),
        ("mobile", "19900000001", "1", "the new value is no phone"),
        ("contact.email", "ada@example.org", "ada at home", "the new value is no email"),
    ],
)
def test_what_is_no_number_or_address_is_not_written_as_one(plan, label, old, new, why):
    made = plan(correction(label, old, new))
    assert made.changes == ()
    assert [(each.left, each.reason) for each in made.left] == [(Left.BLOCKED, why)]


def test_a_new_address_is_written_without_blanks(plan):
    made = plan(correction("contact.email", "ada@example.org", " Ada@B.example "))
    assert cells(made) == [("contact", "email", "Ada@B.example")]


def test_a_record_that_a_law_keeps_is_not_rewritten_and_is_named(plan):
    made = plan(correction("contact.email", "ada@example.org", "a@b.org", "user.contact.email"))
    assert cells(made) == [("contact", "email", "a@b.org")]
    assert left(made) == [("invoice", Left.KEPT, "sent_to", 1)]
    assert "Accounting rules" in made.left[0].reason


@pytest.mark.parametrize(
    ("label", "old", "new", "why"),
    [
        ("name", "Ada Long", "A name that is too long", "12 characters at most"),
        ("floor", "3", "third", "another kind (integer)"),
        ("nick", "ada", "ben", "another row has the new value"),
        ("contact.id", "1", "7", "primary key"),
    ],
)
def test_a_value_that_does_not_fit_is_blocked(plan, label, old, new, why):
    made = plan(correction(label, old, new))
    assert made.changes == ()
    assert left(made) == [("contact", Left.BLOCKED, label.rpartition(".")[2], 1)]
    assert why in made.left[0].reason
    assert new not in made.left[0].reason


def test_an_empty_value_does_not_go_where_the_table_wants_one(datamap, crm):
    writable = MAP.replace("{name: status, fides_meta: {read_only: true}}", "{name: status}")
    wish = correction("contact.status", "open", "")
    made, _ = make_plan(read_datamap(datamap(writable)), crm[1], WHO, wish, key=KEY, now=NOW)
    assert left(made) == [("contact", Left.BLOCKED, "status", 1)]


def test_a_value_that_is_nowhere_is_said_without_the_value(plan):
    made = plan(correction("name", "Somebody Else", "Ada"))
    assert left(made) == [("", Left.BY_HAND, "name", 0)]
    assert "Somebody" not in made.text().decode()


def test_a_correction_that_is_done_leaves_nothing_to_do(plan, crm):
    wish = correction("mobile", "19900000001", "+8619900000009")
    made = plan(wish)
    apply_part(crm[1]["crm"], made.changes, KEY)
    again = plan(wish)
    assert (again.changes, again.left) == ((), ())


def test_a_row_that_others_share_is_not_corrected_for_one(database, datamap):
    path = database(
        "create table home (id integer primary key, town text);"
        "insert into home values (1, 'Old');"
        "create table person (id integer primary key, email text, home_id int);"
        "insert into person values (1, 'ada@example.org', 1), (2, 'ben@example.org', 1)"
    )
    datasets = read_datamap(
        datamap(
            """
dataset:
  - fides_key: crm
    collections:
      - name: home
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: town, data_categories: [user.contact.address.city]}
      - name: person
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - name: home_id
            fides_meta: {references: [{dataset: crm, field: home.id, direction: to}]}
"""
        )
    )
    connect = {"crm": f"sqlite:///{path}"}
    wish = correction("town", "Old", "New")
    made, _ = make_plan(datasets, connect, WHO, wish, key=KEY, now=NOW)
    assert made.changes == ()
    assert left(made) == [("home", Left.SHARED, "", 1)]
    assert made.left[0].keys == ({"id": 1},)


def test_a_measure_sets_what_the_datamap_says_in_rows_that_are_concerned(plan):
    made = plan(Wish(measures=("stop_marketing",)))
    assert cells(made) == [
        ("contact", "stopped_at", "2026-11-23 01:30:00"),
        ("contact", "status", "stopped"),
    ]
    assert {each.how for each in made.changes} == {"stop_marketing"}


def test_a_measure_that_is_done_changes_nothing_more(plan, crm):
    made = plan(Wish(measures=("stop_marketing",)))
    apply_part(crm[1]["crm"], made.changes, KEY)
    assert plan(Wish(measures=("stop_marketing",))).changes == ()


def test_a_measure_leaves_rows_that_are_not_concerned(plan, alter):
    alter("update contact set floor = 4 where id = 1")
    assert plan(Wish(measures=("stop_marketing",))).changes == ()


def test_today_and_the_officer_stand_for_what_they_say(plan):
    made = plan(Wish(measures=("restrict",), officer="li"))
    assert cells(made) == [("contact", "stopped_at", "2026-11-23"), ("contact", "nick", "li")]


def test_null_empties_and_is_blocked_where_the_table_wants_a_value(plan):
    made = plan(Wish(measures=("lift_restriction",)))
    assert cells(made) == [("contact", "mobile", None)]
    assert left(made) == [("contact", Left.BLOCKED, "status", 1)]


def test_what_a_company_holds_is_reached_with_its_authority_only(plan):
    wish = Wish(measures=("stop_service",), collections=frozenset({("crm", "firm")}))
    without = plan(wish)
    assert (without.changes, without.left) == ((), ())
    with_authority = Wish(measures=("stop_service",), of_company=True, collections=wish.collections)
    assert cells(plan(with_authority)) == [("firm", "status", "closed")]


def test_a_measure_leaves_a_persons_row_that_names_another_too(datamap, crm):
    datasets = read_datamap(datamap(MAP.replace("holder: company", "holder: person")))
    wish = Wish(measures=("stop_service",), collections=frozenset({("crm", "firm")}))
    made, _ = make_plan(datasets, crm[1], WHO, wish, key=KEY, now=NOW)
    assert (made.changes, left(made)) == ((), [("firm", Left.OTHERS, "", 1)])


def test_measures_reach_no_collection_beyond_those_that_are_named(plan):
    elsewhere = frozenset({("crm", "invoice")})
    assert plan(Wish(measures=("stop_marketing",), collections=elsewhere)).changes == ()
    assert cells(plan(Wish(measures=("stop_service",)))) == [("invoice", "sent_to", None)]


def test_rows_that_a_client_decides_on_are_reached_where_they_are_named(datamap, crm):
    noted = MAP.replace(
        "          contact:\n", "          contact:\n            role: processor\n", 1
    ).replace("          contact:\n", "          contact:\n            client: dairy\n", 1)
    datasets = read_datamap(datamap(noted))
    named = frozenset({("crm", "contact")})
    fix = (Correct(1, "mobile", "", "19900000001", "13800138000"),)
    for wish, changes in (
        (Wish(measures=("stop_marketing",)), 0),
        (Wish(measures=("stop_marketing",), collections=named), 2),
        (Wish(correct=fix), 0),
        (Wish(correct=fix, collections=named), 1),
    ):
        made, _ = make_plan(datasets, crm[1], WHO, wish, key=KEY, now=NOW)
        assert len(made.changes) == changes


def test_a_row_that_is_to_go_is_not_changed_first(plan, datamap, crm):
    gone = MAP.replace(
        "- name: contact\n        fields:",
        "- name: contact\n        fides_meta: {masking_strategy_override: {strategy: delete}}\n"
        "        fields:",
    )
    wish = Wish(erase=Erase(), measures=("stop_marketing",))
    made, _ = make_plan(read_datamap(datamap(gone)), crm[1], WHO, wish, key=KEY, now=NOW)
    works = [(each.work, each.collection) for each in made.changes if each.collection == "contact"]
    assert works == [(Work.DELETE, "contact")]


def test_what_a_measure_says_of_a_cell_stands_before_an_erasure(plan):
    made = plan(Wish(erase=Erase(), measures=("restrict",), officer="li"))
    assert [each for each in cells(made) if each[1] == "nick"] == [("contact", "nick", "li")]


def test_a_source_that_is_only_read_is_left_to_somebody_with_the_number_of_rows(plan):
    made = plan(Wish(erase=Erase()), read_only=frozenset({"crm"}))
    assert made.changes == ()
    by_hand = [each for each in left(made) if each[1] is Left.BY_HAND]
    assert by_hand == [("contact", Left.BY_HAND, "", 1), ("invoice", Left.BY_HAND, "", 1)]


def test_a_source_that_is_not_connected_is_left_to_somebody(crm):
    made, report = make_plan(crm[0], {}, WHO, Wish(erase=Erase()), key=KEY, now=NOW)
    assert [each.result for each in report.collections] == [SearchResult.NOT_ASKED] * 3
    assert left(made) == [(name, Left.BY_HAND, "", 0) for name in ("contact", "invoice", "firm")]
    assert {each.reason for each in made.left} == {"the source is not connected"}


def test_a_source_that_cannot_be_read_is_left_to_somebody_with_the_reason(crm, tmp_path):
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"no database" * 100)
    made, report = make_plan(
        crm[0], {"crm": f"sqlite:///{broken}"}, WHO, Wish(erase=Erase()), key=KEY, now=NOW
    )
    assert len(report.having(SearchResult.FAILED)) == 3
    assert "no SQLite database" in made.left[0].reason


def test_what_a_wish_does_not_reach_is_left_to_nobody(crm):
    only = Erase(collections=frozenset({("crm", "contact")}))
    made, _ = make_plan(crm[0], {}, WHO, Wish(erase=only), key=KEY, now=NOW)
    assert left(made) == [("contact", Left.BY_HAND, "", 0)]


@pytest.mark.parametrize("strategy", ["random_string_rewrite", "hash", "hmac", "aes_encrypt"])
def test_nobody_makes_a_plan_s_masks_again_with_the_office_s_key_and_the_address(plan, strategy):
    wish = Wish(erase=Erase(categories=("user.account.username",), strategy=Masking(strategy)))
    once, again = plan(wish), plan(wish)
    assert [change.how for change in once.changes] == [strategy]
    assert once.changes[0].after != again.changes[0].after
    assert once.changes[0].before == again.changes[0].before
    assert read_plan(once.text()) == once


def test_under_one_seed_a_plan_is_the_same_each_time(plan):
    wish = Wish(erase=Erase(categories=("user.name",), strategy=Masking("hmac")))
    assert plan(wish, seed=b"s" * 32).sha256 == plan(wish, seed=b"s" * 32).sha256


@pytest.mark.parametrize(
    ("described", "key"),
    [
        ("{name: line, fides_meta: {primary_key: true}}", {"line": 4}),
        ("{name: line}", {"number": 7}),
    ],
)
def test_a_row_is_told_by_the_datamaps_key_else_by_the_tables_own(
    database, datamap, described, key
):
    path = database(
        "create table note (number integer primary key, line int, email text, body text);"
        "insert into note values (7, 4, 'ada@example.org', 'x')"
    )
    text = f"""
dataset:
  - fides_key: crm
    collections:
      - name: note
        fields:
          - {described}
          - {{name: email, data_categories: [system], fides_meta: {{identity: email}}}}
          - {{name: body, data_categories: [user.content]}}
"""
    connect, datasets = {"crm": f"sqlite:///{path}"}, read_datamap(datamap(text))
    made, _ = make_plan(datasets, connect, WHO, Wish(erase=Erase()), key=KEY, now=NOW)
    assert [dict(each.key) for each in made.changes] == [key]


def test_a_row_without_a_key_is_told_by_its_number_and_by_nothing_of_the_person(database, datamap):
    path = database(
        "create table note (email text, body text);"
        "insert into note values ('ada@example.org', 'secret')"
    )
    text = """
dataset:
  - fides_key: crm
    collections:
      - name: note
        fields:
          - {name: email, data_categories: [system], fides_meta: {identity: email}}
          - {name: body, data_categories: [user.content]}
"""
    connect, datasets = {"crm": f"sqlite:///{path}"}, read_datamap(datamap(text))
    made, _ = make_plan(datasets, connect, WHO, Wish(erase=Erase()), key=KEY, now=NOW)
    (change,) = made.changes
    assert change.key == {"rowid": 1}
    whole = {"email": "ada@example.org", "body": "secret"}
    assert change.before == row_fingerprint(KEY, whole)
    assert not any(word in made.text() for word in (b"ada", b"secret"))
    apply_part(connect["crm"], read_plan(made.text()).changes, KEY)


@pytest.mark.parametrize(
    ("trigger", "said"),
    [
        ("x after update on contact begin select 1; end", True),
        ("x after delete on contact begin select 1; end", True),
        ("on_insert after update of name on CONTACT begin select 1; end", True),
        ("x before insert on contact begin select 1; end", False),
        ("x after update on firm begin select 1; end", False),
    ],
)
def test_a_trigger_of_a_table_that_changes_is_named(plan, alter, trigger, said):
    alter(f"create trigger {trigger}")
    made = plan(correction("name", "Ada Long", "Ada L."))
    assert cells(made) == [("contact", "name", "Ada L.")]
    assert left(made) == ([("contact", Left.BY_HAND, "", 1)] if said else [])


def test_a_huge_cell_is_erased_without_being_read_whole(database, datamap):
    path = database(
        f"create table note (id integer primary key, email text, body text);"
        f"insert into note values (1, 'ada@example.org', printf('%.*c', {CELL_LIMIT + 9}, 'x'))"
    )
    datasets = read_datamap(
        datamap(
            """
dataset:
  - fides_key: crm
    collections:
      - name: note
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: email, data_categories: [system], fides_meta: {identity: email}}
          - {name: body, data_categories: [user.content]}
"""
        )
    )
    connect = {"crm": f"sqlite:///{path}"}
    made, _ = make_plan(datasets, connect, WHO, Wish(erase=Erase()), key=KEY, now=NOW)
    assert len(made.text()) < 1000
    apply_part(connect["crm"], made.changes, KEY)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("select body from note").fetchall() == [(None,)]


def test_a_field_with_nested_fields_is_not_erased_for_a_part_of_it(database, datamap):
    path = database(
        "create table note (id integer primary key, email text, body text);"
        "insert into note values (1, 'ada@example.org', '{}')"
    )
    text = """
dataset:
  - fides_key: crm
    collections:
      - name: note
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: email, data_categories: [system], fides_meta: {identity: email}}
          - name: body
            fides_meta: {data_type: object}
            fields:
              - {name: town, data_categories: [user.contact.address.city]}
              - {name: shoe, data_categories: [user.behavior]}
"""
    connect = {"crm": f"sqlite:///{path}"}
    datasets = read_datamap(datamap(text))
    part = Wish(erase=Erase(categories=("user.behavior",)))
    made, _ = make_plan(datasets, connect, WHO, part, key=KEY, now=NOW)
    assert left(made) == [("note", Left.BLOCKED, "body", 1)]
    whole, _ = make_plan(datasets, connect, WHO, Wish(erase=Erase()), key=KEY, now=NOW)
    assert cells(whole) == [("note", "body", None)]


@pytest.mark.parametrize(
    ("measures", "says"),
    [
        ("{stop: {set: {status: x}}}", "stop: unknown key"),
        ("{restrict: {set: {colour: x}}}", "colour: is not described here"),
        ("{restrict: {set: {status: x}, where: {colour: [x]}}}", "colour: is not described here"),
        ("{restrict: {where: {status: [x]}}}", "set: is missing"),
        ("{restrict: {set: {status: $tomorrow}}}", "'$tomorrow' is not known"),
        ("{restrict: {set: {status: null}}}", "status: says nothing"),
        ("{restrict: {set: {status: [a]}}}", "must be one value"),
        ("{restrict: {set: [status]}}", "must be a mapping of fields to values"),
        ("{restrict: {set: {id: 4}}}", "id: is a primary key"),
    ],
)
def test_a_measure_that_the_collection_does_not_know_is_an_error_with_its_line(
    datamap, measures, says
):
    text = MAP.split("    meta:", maxsplit=1)[0]
    text += "    meta:\n      dsr:\n        collections:\n          contact:\n"
    lines = text.count("\n") + 1
    text += f"            measures: {measures}\n"
    with pytest.raises(ConfigError) as caught:
        read_datamap(datamap(text))
    assert says in str(caught.value)
    assert f"datamap.yml:{lines}:" in str(caught.value)


def test_a_holder_is_a_person_or_a_company(datamap):
    with pytest.raises(ConfigError, match="'firm' is not known"):
        read_datamap(datamap(MAP.replace("holder: company", "holder: firm")))


def test_instants_are_said_in_utc(plan, crm):
    made = make_plan(
        *crm, WHO, Wish(measures=("restrict",)), key=KEY, now=datetime(2026, 1, 1, tzinfo=UTC)
    )[0]
    assert cells(made)[0] == ("contact", "stopped_at", "2026-01-01")
