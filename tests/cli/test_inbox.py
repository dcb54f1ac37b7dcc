"""The ledger: listed by filters, shown with the words that decided, corrected with an event."""

import json

import pytest

from dsr.cli.marking import marked
from dsr.services.ledger import SpanView

MAILS = {
    "copy": ("mei@example.com", "My data", "Please send me a copy of my personal data."),
    "news": ("news@example.net", "October", "Our new catalogue is out, with forty pages."),
    "doubt": ("lee@example.com", "privacy", "I have a question on my privacy and your policy."),
}


@pytest.fixture
def arrived(walk, tmp_path):
    """Return the office with three mails, and the ledger's number of each."""
    for name, (sender, subject, text) in MAILS.items():
        head = f"From: {sender}\nTo: desk@example.org\nSubject: {subject}\n"
        kind = "List-Unsubscribe: <https://example.net/u>\n" if name == "news" else ""
        mail = f"{head}{kind}Message-ID: <{name}@example.com>\n\n{text}\n"
        (tmp_path / f"{name}.eml").write_text(mail, encoding="utf-8")
        walk(f"import {tmp_path / name}.eml")
    rows = walk.json("inbox")
    assert [row["id"] for row in rows] == [3, 2, 1]
    return walk


def outcomes(walk, *words):
    return {row["id"]: row["outcome"] for row in walk.json(" ".join(("inbox", *words)))}


def test_filters_say_what_is_listed(arrived):
    assert outcomes(arrived, "outcome:ignored") == {2: "ignored"}
    assert outcomes(arrived, "not:outcome:ignored,triage") == {1: "opened"}
    assert outcomes(arrived, "kind:copy") == {1: "opened"}
    assert outcomes(arrived, "source:doubt.eml") == {3: "triage"}
    assert outcomes(arrived, "ticket:1") == {1: "opened"}
    assert outcomes(arrived, "since:2026-11-23", "until:2026-11-23").keys() == {1, 2, 3}
    assert outcomes(arrived, "until:2026-11-22") == {}
    assert outcomes(arrived, "test:yes") == outcomes(arrived, "urgent:yes") == {}
    assert arrived("inbox outcome:triage --ids").stdout == "3\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("sort:bunce", "bounce"),
        ("outcom:opened", "outcome:"),
        ("case:x", "case:17"),
        ("since:soon", "3d, today"),
        ("kind:copie", "copy"),
    ],
)
def test_an_unknown_filter_is_refused_with_the_nearest(arrived, words, said):
    ended = arrived(f"inbox {words}", exits=2)
    assert said in ended.stderr


def test_one_thing_is_shown_whole_with_the_words_that_decided(arrived):
    shown = arrived.json("inbox show 1")
    [span] = [each for each in shown["spans"] if each["kind"] == "copy"]
    at = span["start"]
    assert shown["text"][at : at + len(span["words"])] == span["words"]
    assert (shown["sender"], shown["message_id"]) == ("mei@example.com", "<copy@example.com>")
    assert f"»{span['words']}«" in arrived("inbox show 1").stdout
    assert arrived.rows("select count(*) from event where action = 'read_message'") == [2]


def test_what_was_ignored_by_mistake_opens_its_ticket(arrived):
    before = arrived.dump()
    arrived('inbox move 2 --open access --why "asks in a picture" --dry-run')
    assert arrived.dump() == before

    moved = json.loads(
        arrived('inbox move 2 --open access --why "asks in a picture" -o json').stdout
    )
    assert (moved["outcome"], moved["tickets"]) == ("opened", [2])
    assert arrived.show(2)["kind"] == "access"
    bodies = arrived.rows("select body from event where action = 'triage'")
    facts = json.loads(bodies[-1])["facts"]
    assert facts == {"id": 2, "from": "ignored", "to": "opened", "tickets": [2]}
    assert arrived.rows("select destroy_on from blob where destroy_on is not null") == []
    arrived.sound()


def test_what_opened_a_ticket_is_moved_only_when_that_has_ended(arrived):
    refused = arrived('inbox move 1 --ignore --why "a test of ours"', exits=4)
    assert "dsr close 1 --as not_a_request" in refused.stderr

    arrived('close 1 --as not_a_request --why "a test of ours"')
    arrived('inbox move 1 --ignore --why "a test of ours"')
    assert outcomes(arrived, "outcome:ignored").keys() == {1, 2}
    assert arrived.rows("select count(*) from blob where destroy_on is not null") == [2]


def test_what_joined_the_wrong_ticket_joins_another(arrived):
    arrived("open deletion --identifier email=" + arrived.file("ann@example.com"))
    arrived("triage 3 --join 1")
    again = arrived("triage 3 --join 2", exits=5)
    assert "dsr inbox move 3" in again.stderr

    arrived('inbox move 3 --join 2 --why "her other address"')
    [row] = [row for row in arrived.json("inbox") if row["id"] == 3]
    assert (row["outcome"], row["ticket"], row["tickets"]) == ("joined", 2, [2])
    notes = arrived.rows("select body from event where ticket = 1 and action = 'note'")
    assert any("moved_away" in body for body in notes)
    arrived.sound()


def test_a_correction_needs_a_reason_and_one_place(arrived):
    assert "--why" in arrived("inbox move 3 --triage", exits=2).stderr
    assert "one thing" in arrived("inbox move 3 --triage --ignore --why x", exits=2).stderr
    assert "one thing" in arrived("inbox move 3 --why x", exits=2).stderr
    assert "--scope" in arrived("inbox move 3 --open withdrawal --why x", exits=2).stderr
    assert "the last one is 4" not in arrived("inbox show 9", exits=3).stderr


def test_triage_marks_the_words_and_says_what_to_type(arrived):
    listed = arrived("triage").stdout
    assert "triage" in listed
    shown = arrived("triage 3")
    assert "dsr triage 3 --open KIND" in shown.stderr


def span(start, words):
    return SpanView("copy", None, "high", words, start, "en.copy.1", "en")


def test_spans_that_overlap_are_marked_once():
    text = "send a copy of my data"
    assert marked(text, [span(5, "a copy"), span(7, "copy of my data")]) == (
        "send »a copy« of my data"
    )
    assert marked(text, [span(None, "a copy")]) == text
    assert marked(text, [span(18, "data"), span(0, "send")]) == "»send« a copy of my »data«"
