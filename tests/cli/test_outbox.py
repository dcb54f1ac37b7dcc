"""Letters on their way: laid down once, sent with proof, come back; one letter of a case is one."""

import email
from email import policy

import pytest

from dsr.letters.forms import forms_here
from dsr.services.outbox import lay

KEYS = [
    "letter",
    "number",
    "case",
    "kind",
    "name",
    "language",
    "channel",
    "to",
    "state",
    "since",
    "due_on",
    "tickets",
    "command",
]


@pytest.fixture
def asked(walk):
    """Return a ticket whose identity request is written."""
    number = walk.open("copy")[0]
    walk(f"verify ask {number}")
    return number


def out(walk):
    return walk.folder / "out"


def states(walk):
    return walk.rows("select state from letter order by id")


def bounce(walk, letter, name, *, as_report=True):
    """Import what a mail server sends when our letter could not be delivered."""
    head = f"From: MAILER-DAEMON@mx.example.net\nSubject: Undelivered\nMessage-ID: <{name}@mx>\n"
    if as_report:
        body = (
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
            "--b\nContent-Type: text/plain\n\nThe address does not exist.\n"
            "--b\nContent-Type: message/delivery-status\n\n"
            "Reporting-MTA: dns; mx.example.net\n\n"
            "Final-Recipient: rfc822; somebody@mail.example.com\nAction: failed\nStatus: 5.1.1\n"
            f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {letter}\nSubject: x\n--b--\n"
        )
    else:
        body = f"In-Reply-To: {letter}\nReturn-Path: <>\n\nIt could not be delivered.\n"
    place = walk.folder / f"{name}.eml"
    place.write_text(head + body, encoding="utf-8")
    (view,) = walk.json(f"import {place}")
    return view


def test_the_outbox_shows_what_waits_masked_and_its_keys_stay(walk, asked):
    (line,) = walk.json("outbox")
    assert list(line) == KEYS
    assert (line["number"], line["name"], line["state"]) == (asked, "identity_request", "ready")
    assert (line["to"], line["tickets"]) == ("w***@mail.example.com", [asked])
    assert line["command"] == f"dsr outbox {asked} --dir DIR"
    shown = walk("outbox")
    assert "2026-11-23" in shown.stdout
    assert "wang.fang" not in shown.stdout.casefold()
    assert f"dsr outbox {asked} --dir DIR" in shown.stdout
    assert "dsr" not in shown.stderr


def test_a_ready_letter_is_laid_down_once_and_again_only_when_asked(walk, asked):
    (line,) = walk.json(f"outbox --dir {out(walk)}")
    assert line["state"] == "handed_over"
    files = sorted(each.name for each in out(walk).iterdir())
    ends = sorted([".eml", *(form.ending for form in forms_here())])
    assert files == [f"DSR-{asked}-identity_request-1{end}" for end in ends]
    mail = email.message_from_bytes((out(walk) / files[0]).read_bytes(), policy=policy.default)
    assert (mail["X-Unsent"], mail["To"]) == ("1", "wang.fang@mail.example.com")
    assert {each.stat().st_mode & 0o777 for each in out(walk).iterdir()} == {0o600}
    (event,) = [each for each in walk.json(f"log {asked}") if each["facts"].get("to")]
    assert event["facts"] == {
        "letter": 1,
        "name": "identity_request",
        "from": "ready",
        "to": "handed_over",
    }
    again = walk(f"outbox --dir {walk.folder / 'second'}")
    assert "no letter waits" in again.stderr
    assert not (walk.folder / "second").exists()
    walk(f"outbox --dir {walk.folder / 'second'} --again")
    assert len(list((walk.folder / "second").iterdir())) == len(ends)
    walk.sound()


def test_of_two_who_lay_the_same_letter_down_one_finds_it_handed_over(walk, asked, desk):
    assert lay(desk, 1, out(walk)) is not None
    assert lay(desk, 1, out(walk)) is None
    assert lay(desk, 1, out(walk), again=True) is not None


def test_a_dry_run_lays_nothing_down(walk, asked):
    before = walk.dump()
    assert "handed_over" in walk(f"outbox {asked} --dir {out(walk)} --dry-run").stdout
    assert not out(walk).exists()
    assert walk.dump() == before


def test_a_folder_that_cannot_be_written_leaves_the_letter_ready(walk, asked):
    out(walk).write_text("a file")
    walk(f"outbox {asked} --dir {out(walk)}", exits=7)
    assert states(walk) == ["ready"]


def test_what_left_is_recorded_with_its_proof(walk, asked):
    assert "--proof" in walk("outbox --sent 1", exits=2).stderr
    assert "--proof" in walk("outbox --sent 1 --proof ' '", exits=4).stderr
    (line,) = walk.json("outbox --sent 1 --proof 'mail server, 23 November'")
    assert (line["state"], line["since"]) == ("sent", "2026-11-23T02:00:00Z")
    assert walk.rows("select proof from letter") == ["mail server, 23 November"]
    assert walk.json("outbox") == []
    assert [each["state"] for each in walk.json("outbox --state sent")] == ["sent"]
    assert "recorded as sent already" in walk("outbox --sent 1 --proof again").stderr
    walk.sound()


def test_a_batch_goes_on_after_a_letter_that_is_not_there(walk, asked):
    walk(f"verify ask {asked}")
    result = walk("outbox --sent 1-2,99 --proof ok", exits=6)
    assert "there is no letter 99" in result.stderr
    assert states(walk) == ["sent", "sent"]


def test_an_answer_that_did_not_arrive_offers_to_reopen_and_does_not_do_it(walk):
    number = walk.open("explanation")[0]
    walk(f"propose {number} --say answer=so")
    walk(f"answer {number}")
    assert "--why" in walk("outbox --undelivered 1", exits=2).stderr
    (line,) = walk.json("outbox --undelivered 1 --why 'the address does not exist'")
    assert (line["state"], line["command"]) == (
        "undelivered",
        f"dsr reopen {number} --why bounced",
    )
    assert walk.show(number)["status"] == "closed"
    walk(line["command"].removeprefix("dsr "))
    assert walk.show(number)["status"] == "working"


@pytest.mark.parametrize("as_report", [True, False], ids=["report", "plain"])
def test_a_bounce_marks_its_letter_by_itself_and_takes_no_ticket_on(walk, as_report):
    number = walk.open("explanation")[0]
    walk(f"clarify {number} --ask 'which one?'")
    (letter,) = walk.rows("select message_id from letter")
    view = bounce(walk, letter, "back", as_report=as_report)
    assert (view["outcome"], view["tickets"][0]["number"]) == ("joined", number)
    (line,) = walk.json("outbox --state undelivered")
    assert (line["letter"], line["command"]) == (1, f"dsr outbox {number} --dir DIR --again")
    assert walk.show(number)["status"] == "waiting"
    (joined,) = [each for each in walk.json(f"log {number}") if each["action"] == "join"]
    assert joined["facts"]["undelivered"] == [1]
    bounce(walk, letter, "once-more", as_report=as_report)  # it came back before
    assert states(walk) == ["undelivered"]


def test_a_bounce_of_somebody_elses_letter_marks_nothing(walk, asked):
    assert bounce(walk, "<theirs@example.net>", "back")["outcome"] == "ignored"
    assert states(walk) == ["ready"]


def test_an_answer_that_was_handed_over_is_still_recorded_as_sent_by_the_answer(walk):
    number = walk.open("explanation")[0]
    walk(f"propose {number} --say answer=so")
    walk(f"answer {number} --sent-by post")
    (line,) = walk.json("outbox")
    assert line["command"] == "dsr outbox --sent 1 --proof TEXT"
    walk(f"outbox {number} --dir {out(walk)}")
    walk(f"answer {number} --proof 'EMS 1'")
    assert states(walk) == ["sent"]


def test_a_notice_that_was_handed_over_counts_as_sent_with_its_task(walk):
    number = walk.found("deletion")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk(f"outbox --dir {out(walk)}")
    assert set(states(walk)) == {"handed_over"}
    first, *_ = walk.tasks(number, "recipient")
    walk(f"task done {number} {first} --proof 'mail of 23 November'")
    assert states(walk).count("sent") == 1


def test_one_letter_of_a_case_is_one_line_and_is_recorded_for_all_its_tickets(walk):
    numbers = walk.open("access deletion --language en")
    walk(f"letter {numbers[0]} acknowledgement")
    walk("verify ask case:1")
    (line,) = walk.json("outbox")
    assert line["tickets"] == numbers
    assert walk.json(f"outbox {numbers[1]}") == [line]
    walk(f"outbox {numbers[1]} --dir {out(walk)}")
    assert states(walk) == ["handed_over"] * 2
    assert len(list(out(walk).glob("*.txt"))) == len(list(out(walk).glob("*.eml"))) == 1
    walk("outbox --sent 1 --proof ok")
    assert states(walk) == ["sent"] * 2
    for number in numbers:
        noted = [each for each in walk.json(f"log {number}") if each["facts"].get("to") == "sent"]
        assert len(noted) == 1


def test_filters_choose_letters_and_unknown_states_are_named(walk, asked):
    other = walk.open("access")[0]
    walk(f"verify ask {other}")
    assert [each["number"] for each in walk.json(f"outbox {other}")] == [other]
    assert walk.json("outbox --state handed_over,undelivered") == []
    assert len(walk.json("outbox --state all")) == 2
    assert "did you mean" in walk("outbox --state redy", exits=2).stderr.casefold()
    walk("outbox --sent 1 --undelivered 2 --proof x --why y", exits=2)
