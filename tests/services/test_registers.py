"""Officers, recipients and clients: who may change them, and what the trail says of it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from dsr.domain.vocabulary import OfficerRole
from dsr.errors import ConfigError, ConflictError, NotAllowedError, NotFoundError, UsageError
from dsr.services import parties, registers
from dsr.services.parties import Client, Recipient
from dsr.services.registers import OfficerView, Registered
from dsr.store.tables.trail import EventRow, SecretRow

NAMES = {"en": "Short Message Ltd.", "zh": "短信公司"}


def last_event(desk):
    with desk.read() as session:
        row = session.exec(select(EventRow).order_by(EventRow.id.desc())).first()
    return row.action, json.loads(row.body)["facts"]


def events(desk):
    with desk.read() as session:
        return len(session.exec(select(EventRow.id)).all())


def officers(desk):
    with desk.read() as session:
        return {one.name: one for one in registers.officers(session)}


def test_whoever_comes_first_is_an_officer_who_may_add_others(desk):
    done = registers.add_officer(desk, "wang", ["legal", "approver"], full_name="Wang Fang")

    assert done == Registered("wang", "added")
    assert officers(desk)["wang"] == OfficerView(
        "wang", "Wang Fang", ("approver", "legal"), None, active=True
    )
    assert officers(desk)["li"].os_user == "li-system"
    facts = {"officer": "wang", "roles": ["approver", "legal"], "os_user": None}
    assert last_event(desk) == ("officer_added", facts)


def test_a_name_in_full_is_sealed(desk):
    registers.add_officer(desk, "wang", ["handler"], full_name="Wang Fang")

    with desk.read() as session:
        assert [row.value for row in session.exec(select(SecretRow))] == ["Wang Fang"]
        assert not any("Wang Fang" in row.body for row in session.exec(select(EventRow)))


def test_adding_the_same_officer_again_changes_and_says_nothing(desk):
    registers.add_officer(desk, "wang", ["handler"])
    before = events(desk)

    assert registers.add_officer(desk, "wang", ["handler"]).result == "unchanged"
    assert events(desk) == before


def test_an_officer_is_not_changed_by_adding_him_otherwise(desk):
    registers.add_officer(desk, "wang", ["handler"])

    with pytest.raises(ConflictError) as caught:
        registers.add_officer(desk, "wang", ["approver"])
    assert caught.value.hint == "dsr officer set wang --help"


@pytest.mark.parametrize(
    "name", ["", "none", "a b", "@me", "x" * 33, "a,b", "_x", "-x", "a\nb", "王芳"]
)
def test_some_names_are_no_officers(desk, name):
    with pytest.raises(UsageError):
        registers.add_officer(desk, name, ["handler"])


def test_an_officer_has_a_chinese_name_in_full(desk):
    assert registers.add_officer(desk, "wang", ["handler"], full_name="王芳").result == "added"


def test_an_unknown_role_is_told_the_nearest(desk):
    with pytest.raises(UsageError) as caught:
        registers.add_officer(desk, "wang", ["aprover"])
    assert caught.value.hint == "did you mean approver?"
    with pytest.raises(UsageError):
        registers.add_officer(desk, "wang", [])


def test_a_change_says_what_it_was(desk):
    registers.add_officer(desk, "wang", ["handler"])

    done = registers.set_officer(desk, "wang", roles=["approver"], active=False)

    assert done.result == "changed"
    assert last_event(desk) == (
        "officer_changed",
        {
            "officer": "wang",
            "roles": {"from": ["handler"], "to": ["approver"]},
            "active": {"from": True, "to": False},
        },
    )
    assert registers.set_officer(desk, "wang", active=False).result == "unchanged"


def test_the_last_admin_stays(desk):
    registers.add_officer(desk, "wang", ["handler"])

    for change in ({"active": False}, {"roles": ["handler"]}):
        with pytest.raises(NotAllowedError, match="nobody could change"):
            registers.set_officer(desk, "li", **change)
    assert OfficerRole.ADMIN in officers(desk)["li"].roles
    registers.set_officer(desk, "wang", roles=["admin"])
    registers.set_officer(desk, "li", roles=["handler"])


def test_an_unknown_officer_is_told_the_nearest(desk):
    registers.add_officer(desk, "wang", ["handler"])

    with pytest.raises(NotFoundError) as caught:
        registers.set_officer(desk, "wnag", active=True)
    assert caught.value.hint == "did you mean wang?"


@pytest.mark.parametrize("role", ["handler", "approver", "legal"])
def test_only_an_admin_changes_registers(desk, role):
    registers.add_officer(desk, "wang", [role])
    other = replace(desk, officer="wang")
    before = events(desk)

    for change in (
        lambda: registers.add_officer(other, "chen", ["admin"]),
        lambda: registers.set_officer(other, "wang", roles=["admin"]),
        lambda: parties.add_clients(other, [Client("lanhai", NAMES)]),
        lambda: parties.add_recipients(other, [Recipient("sms", NAMES, "entrusted")]),
        lambda: parties.remove_client(other, "lanhai"),
        lambda: parties.remove_recipient(other, "sms"),
    ):
        with pytest.raises(NotAllowedError, match="wang is no admin"):
            change()
    assert events(desk) == before


def test_a_recipient_is_added_changed_and_removed(desk):
    sms = Recipient("sms", NAMES, "entrusted", "privacy@sms.example.net")

    def stored():
        with desk.read() as session:
            return parties.recipients(session)

    assert parties.add_recipients(desk, [sms]) == [Registered("sms", "added")]
    assert stored() == [sms]
    assert parties.add_recipients(desk, [sms]) == [Registered("sms", "unchanged")]
    changed = replace(sms, type="partner")
    assert parties.add_recipients(desk, [changed]) == [Registered("sms", "changed")]
    assert last_event(desk)[1] == {
        "recipient": "sms",
        "names": NAMES,
        "type": "partner",
        "sources": [],
    }
    assert parties.remove_recipient(desk, "sms").result == "removed"
    assert last_event(desk) == ("recipient_removed", {"recipient": "sms"})
    assert stored() == []
    assert parties.remove_recipient(desk, "sms").result == "unchanged"
    assert parties.add_recipients(desk, [changed]) == [Registered("sms", "added")]


def test_a_contact_stays_out_of_the_chain(desk):
    parties.add_clients(desk, [Client("lanhai", NAMES, "mei@lanhai.example.com")])

    with desk.read() as session:
        assert not any("mei@" in row.body for row in session.exec(select(EventRow)))
        assert session.exec(select(SecretRow)).one().value == "mei@lanhai.example.com"


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (Recipient("a b", NAMES, "entrusted"), "recipient's key"),
        (Recipient("sms", {}, "entrusted"), "has no name"),
        (Recipient("sms", {"en": " "}, "entrusted"), "has no name"),
        (Recipient("sms", {"English": "x"}, "entrusted"), "'English' is no language"),
        (Recipient("sms", NAMES, "enthrusted"), "'enthrusted' is no type"),
    ],
)
def test_a_recipient_that_cannot_be(desk, entry, says):
    good = Recipient("good", NAMES, "partner")

    with pytest.raises(UsageError, match=says):
        parties.add_recipients(desk, [good, entry])
    with desk.read() as session:
        assert parties.recipients(session) == []


def test_a_recipient_of_an_unknown_source_is_refused(desk):
    with pytest.raises(NotFoundError, match=r"no source crm\.contacts") as caught:
        parties.add_recipients(desk, [Recipient("sms", NAMES, "partner", None, ("crm.contacts",))])
    assert caught.value.hint == "dsr source add comes first"


def test_a_dry_run_changes_nothing(desk):
    assert parties.add_clients(desk, [Client("lanhai", NAMES)], dry_run=True)[0].result == "added"
    with desk.read() as session:
        assert parties.clients(session) == []


def test_an_unknown_client_is_told_the_nearest(desk):
    parties.add_clients(desk, [Client("lanhai", NAMES)])

    with pytest.raises(NotFoundError) as caught:
        parties.remove_client(desk, "lanhia")
    assert caught.value.hint == "did you mean lanhai?"


def test_a_file_may_list_recipients_and_clients(tmp_path):
    file = tmp_path / "registers.toml"
    file.write_text(
        '[[recipient]]\nkey = "sms"\nnames = { en = "Sms" }\ntype = "partner"\n'
        'categories = ["user.name"]\nsources = ["crm"]\n'
        '[[client]]\nkey = "lanhai"\nnames = { zh = "蓝海" }\n'
    )

    assert parties.recipients_in(file) == [
        Recipient("sms", {"en": "Sms"}, "partner", None, ("crm",))
    ]
    assert parties.clients_in(file) == [Client("lanhai", {"zh": "蓝海"})]


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("", NotFoundError, "has no"),
        ("[[client]]\n", ConfigError, "key"),
        ("[[recipients]]\n", ConfigError, "unknown key"),
        ("[[client]]\nkey = 1\nnames = {}\n", ConfigError, r"client\.1\.key"),
        ("[[x]]]", ConfigError, "line 1"),
    ],
)
def test_a_wrong_file_is_named(tmp_path, text, error, says):
    file = tmp_path / "registers.toml"
    file.write_text(text)

    with pytest.raises(error, match=says) as caught:
        parties.clients_in(file)
    assert str(file) in str(caught.value)


def test_a_missing_file_is_named():
    with pytest.raises(ConfigError, match=r"/nowhere\.toml"):
        parties.recipients_in(Path("/nowhere.toml"))
