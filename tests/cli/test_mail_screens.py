"""What an officer sees of a mail after its import: in the table, on the ticket, in the day."""

import json

import pytest

HEAD = "From: {sender}\nTo: desk@example.org\nSubject: {subject}\nMessage-ID: <{name}@x.example>\n"


@pytest.fixture
def sends(walk, tmp_path):
    """Return what imports one mail; gives the result of the command."""

    def send(name: str, text: str, more: str = "", *options: str, **said: str):
        values = {"sender": "ann@example.com", "subject": "my data", **said}
        head = HEAD.format(name=name, **values)
        file = tmp_path / f"{name}.eml"
        file.write_text(f"{head}{more}\n{text}\n", encoding="utf-8")
        return walk(f"import {file} {' '.join(options)}")

    return send


DELETE = "Please delete all my personal data."


def test_what_is_odd_stands_in_the_table_and_on_the_ticket(walk, sends):
    told = sends("odd", DELETE, "Reply-To: other@example.net\n")
    assert "answers are wanted elsewhere" in told.stdout
    shown = walk("show 1").stdout
    assert "odd: answers are wanted elsewhere" in shown
    assert "other@example.net" not in shown
    odd, nobody = walk.show(1)["messages"][0]["warnings"]
    assert odd == "answers are wanted elsewhere (Reply-To)"
    assert nobody.startswith("the sender's address names nobody: dsr set REF --identifier")


def test_a_right_in_what_was_forwarded_is_seen_on_the_ticket(walk, sends):
    sends("fwd", f"See below.\n\n-----Original Message-----\nFrom: b@example.com\n\n{DELETE}")
    walk("triage 1 --open deletion")
    [message] = walk.json("show 1 --reveal 'to read it'")["messages"]
    assert DELETE in message["quoted"]
    assert DELETE not in message["text"]
    assert "quoted:" in walk("show 1 --reveal 'to read it'").stdout


def test_what_a_stranger_added_is_marked(walk, sends):
    sends("first", DELETE)
    sends("other", "I have a question on my privacy.", sender="Eve <eve@example.net>")
    walk("triage 2 --join 1")
    sends("own", "I have a question on my privacy, once more.")
    walk("inbox move 3 --join 1 --why 'she writes herself'")
    flags = [each["is_party"] for each in walk.show(1)["messages"]]
    assert flags == [True, False, True]
    assert walk("show 1").stdout.count("(not a party)") == 1


def test_silent_and_test_tickets_say_so(walk, sends):
    sends("old", DELETE, "", "--silent-before", "2026-12-31")
    sends("rehearsed", "Please send me a copy of my personal data.", "", "--test")
    silent, test = walk.show(1), walk.show(2)
    assert (silent["silent"], silent["test"]) == (True, False)
    assert (test["silent"], test["test"]) == (False, True)
    assert "silent: nobody is written to by himself" in walk("show 1").stdout
    assert "test: counted nowhere" in walk("show 2").stdout


def test_a_silent_ticket_stops_before_its_first_letter(walk, sends):
    sends("old", DELETE, "", "--silent-before", "2026-12-31")
    [went] = walk.json("go 1")
    assert "it is silent" in went["why"]
    assert went["next_command"].startswith("dsr verify ask 1")
    assert walk.show(1)["letters"] == []
    walk("verify ask 1")
    assert [each["name"] for each in walk.show(1)["letters"]] != []


def test_who_promises_nothing_of_a_test(walk, sends):
    sends("rehearsed", DELETE, "", "--test")
    asked = walk.file("ann@example.com")
    assert walk.json(f"who {asked}") == []
    sends("earnest", DELETE)
    assert [each["number"] for each in walk.json(f"who {asked}")] == [2]


def test_the_day_dates_a_reply_by_its_receipt(walk, sends):
    sends("first", DELETE)
    received = "Received: from a by b; Fri, 20 Nov 2026 08:15:00 +0800\n"
    sends("second", "I have a question on my privacy.", received)
    walk("inbox move 2 --join 1 --why 'it is hers'")
    replies = [each for each in walk.json("today") if each["section"] == "reply"]
    assert [each["why"] for each in replies] == ["a mail came on 2026-11-20"]


def test_rows_of_an_import_name_the_ledger_and_the_ticket(walk, tmp_path, sends):
    def rows(line: str) -> list[dict[str, object]]:
        return json.loads(walk(f"{line} -o json").stdout)

    sends("first", DELETE)
    [again] = rows(f"import {tmp_path / 'first.eml'}")
    assert (again["outcome"], again["number"], again["ticket"]) == ("duplicate", 1, 1)
    other = HEAD.format(name="b", sender="bo@example.com", subject="copy")
    file = tmp_path / "b.eml"
    file.write_text(f"{other}\nPlease send me a copy of my personal data.\n")
    [opened] = rows(f"import {file}")
    assert (opened["number"], opened["tickets"][0]["number"]) == (2, 2)
    assert walk.json("inbox show 2")["tickets"] == [2]


def test_an_import_says_what_it_was(walk, tmp_path, sends):
    assert "a test: never counted" in sends("rehearsed", DELETE, "", "--test").stderr
    assert "no name" in walk("import ''", exits=2).stderr
    (tmp_path / "spool").touch()
    (tmp_path / "box" / "new").mkdir(parents=True)
    for empty in ("spool", "box"):
        assert "nothing to import" in walk(f"import {tmp_path / empty}").stderr
