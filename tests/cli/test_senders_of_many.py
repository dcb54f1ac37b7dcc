"""An address that many people write from: a form's, a machine's, a colleague's who forwards."""

import pytest

HEAD = "From: {sender}\nTo: desk@example.org\nSubject: {subject}\nMessage-ID: <{name}@x.example>\n"
DELETE = "Please delete my data."
NAMED = "select value from identifier join ticket on ticket.person = identifier.person"
FORWARD = "FYI\n\n-----Original Message-----\nFrom: carl@mail.example\nSubject: me\n\n" + DELETE
ATTACHED = """\
Content-Type: multipart/mixed; boundary=b

--b

see attached
--b
Content-Type: message/rfc822

From: Dora <dora@mail.example>
Subject: data

Please delete all my personal data.
--b--
"""


@pytest.fixture
def arrives(walk, tmp_path):
    """Return what imports one mail and gives its row."""
    count = iter(range(100))

    def send(text, *, sender="Form <web@acme.example>", answers="", subject="Contact"):
        name = f"m{next(count)}"
        head = HEAD.format(name=name, sender=sender, subject=subject)
        more = f"Reply-To: {answers}\n" if answers else ""
        blank = "" if text.startswith("Content-Type") else "\n"
        (tmp_path / f"{name}.eml").write_text(f"{head}{more}{blank}{text}\n", encoding="utf-8")
        [row] = walk.json(f"import {tmp_path / name}.eml")
        return row

    return send


def named(walk, number):
    return walk.rows(f"{NAMED} where ticket.number = {number} order by value")


def others(walk, number):
    return "same person" in walk(f"show {number}").stdout


def test_a_form_that_many_people_fill_in_swallows_and_joins_nothing(walk, arrives):
    first = arrives(DELETE, answers="ann@mail.example")
    same = arrives(DELETE, answers="bob@mail.example")
    bare = arrives(DELETE, answers="Bob <bob@mail.example>, cy@mail.example")
    assert [row["outcome"] for row in (first, same, bare)] == ["opened"] * 3
    for answers in ("cat@mail.example", "ann@mail.example"):
        news = arrives("Any news about my request?", answers=answers)
        assert (news["outcome"], news["ticket"], news["urgent"]) == ("triage", None, True)
    assert not any(named(walk, number) for number in (1, 2, 3))
    assert not any(others(walk, number) for number in (1, 2, 3))


def test_whose_answers_go_to_himself_is_known_again(walk, arrives):
    sender = "Ann <ann@mail.example>"
    arrives(DELETE, sender=sender, answers="ANN@mail.example")
    again = arrives(DELETE, sender=sender)
    assert (again["outcome"], again["ticket"]) == ("duplicate", 1)
    assert named(walk, 1) == ["ann@mail.example"]


def test_answers_wanted_elsewhere_repeat_nothing_that_the_sender_asked_himself(walk, arrives):
    arrives(DELETE, sender="ann@mail.example")
    other = arrives(DELETE, sender="ann@mail.example", answers="eve@mail.example")
    assert (other["outcome"], named(walk, 2)) == ("opened", [])


@pytest.mark.parametrize(
    "machine",
    [
        "noreply@acme.example",
        "No-Reply@acme.example",
        "do_not.reply@acme.example",
        "shop-noreply+17@acme.example",
        "form@acme.example",
        "contact-forms2@acme.example",
        "kontaktformular@acme.example",
        "ne-pas-repondre@acme.example",
        "notifications@acme.example",
    ],
)
def test_a_machine_is_nobodys_identity_and_no_letter_goes_to_it(walk, arrives, machine):
    body = "Name: {0}\nE-mail: {0}@mail.example\nsent by {1}\n\n" + DELETE
    for who in ("eve", "finn"):
        assert arrives(body.format(who, machine), sender=machine)["outcome"] == "opened"
    assert [*named(walk, 1), *named(walk, 2)] == ["eve@mail.example", "finn@mail.example"]
    assert not others(walk, 1)
    assert "the sender's address names nobody" in " ".join(walk("show 1").stdout.split())
    walk("verify ask 1")
    assert [row["to"] for row in walk.json("outbox")] == ["e***@mail.example"]


@pytest.mark.parametrize("person", ["ann.former", "norep", "bothe", "systema", "reform"])
def test_a_person_of_a_like_name_is_a_person(walk, arrives, person):
    arrives(DELETE, sender=f"{person}@mail.example")
    assert named(walk, 1) == [f"{person}@mail.example"]


def test_where_nothing_names_the_person_the_ticket_opens_and_the_officer_names_him(
    walk, arrives, tmp_path
):
    arrives(DELETE, sender="noreply@acme.example")
    assert named(walk, 1) == []
    assert "dsr set REF --identifier" in " ".join(walk("show 1").stdout.split())
    (tmp_path / "who").write_text("ann@mail.example")
    walk(f"set 1 --identifier email=@{tmp_path / 'who'}")
    assert named(walk, 1) == ["ann@mail.example"]


@pytest.mark.parametrize("text", [FORWARD, ATTACHED], ids=["quoted", "attached"])
@pytest.mark.parametrize("command", ["triage 1", "inbox move 1 --why it"])
def test_who_forwards_a_request_is_not_taken_for_the_person(walk, arrives, tmp_path, text, command):
    row = arrives(text, sender="Col <col@acme.example>", subject="FW: me")
    assert (row["outcome"], row["identifiers"]) == ("triage", [])
    (tmp_path / "who").write_text("carl@mail.example")
    walk(f"{command} --open deletion --identifier email=@{tmp_path / 'who'}")
    assert named(walk, 1) == ["carl@mail.example"]
    assert "forwarded: its sender is not taken" in " ".join(walk("inbox show 1").stdout.split())


def test_an_officer_may_say_that_who_forwards_is_the_person(walk, arrives, tmp_path):
    arrives(FORWARD, sender="Col <col@acme.example>", subject="FW: me")
    (tmp_path / "who").write_text("col@acme.example")
    walk(f"triage 1 --open deletion --identifier email=@{tmp_path / 'who'}")
    assert named(walk, 1) == ["col@acme.example"]


def test_who_asks_is_named_only_where_a_ticket_opens_and_never_in_the_arguments(walk, arrives):
    arrives(FORWARD, sender="Col <col@acme.example>", subject="FW: me")
    told = walk("triage 1 --open deletion --identifier email=carl@mail.example", exits=2)
    assert "carl@mail.example" not in told.stdout + told.stderr
    walk("triage 1 --ignore --why x --identifier email=-", exits=2)
    walk("triage 1 --identifier email=-", exits=2)
    assert walk.rows("select count(*) from ticket") == [0]


def test_a_machine_that_a_person_speaks_of_does_not_name_him(walk, arrives):
    text = f"My account gets mail from noreply@acme.example and bo@mail.example. {DELETE}"
    arrives(text, sender="ann@mail.example")
    assert named(walk, 1) == ["ann@mail.example", "bo@mail.example"]


def test_where_a_mail_wants_its_answers_is_shown_and_each_oddity_once(walk, arrives):
    row = arrives(DELETE, answers="ann@mail.example")
    shown = walk.json(f"inbox show {row['number']}")
    assert (shown["reply_to"], shown["claimed_at"]) == ("ann@mail.example", None)
    assert "answers are wanted elsewhere (Reply-To)" in shown["warnings"]
    assert not set(shown["warnings"]) & set(shown["reasons"])
    assert "Answers to: ann@mail.example" in walk(f"inbox show {row['number']}").stdout
