"""The ledger: listed by filters, shown with the words that decided, corrected with an event."""

import json
import sqlite3
from contextlib import closing

import pytest

from dsr.cli.arrived import why_of
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

    [moved] = json.loads(
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


def test_the_evidence_of_what_ended_otherwise_stays(arrived):
    arrived("triage 3 --join 1")
    arrived('close 1 --as withdrawn --why "she wrote so"')
    for number in (1, 3):
        refused = arrived(f'inbox move {number} --ignore --why "tidy"', exits=4)
        assert "the evidence of ticket 1, which ended as withdrawn" in refused.stderr
        assert "dsr show 1" in refused.stderr
    assert arrived.rows("select count(*) from blob where destroy_on is not null") == [1]
    arrived('inbox move 3 --open access --why "another matter"')
    arrived.sound()


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


def test_triage_says_what_is_missing_and_names_no_option_of_another_command(arrived):
    assert "dsr triage NUMBER" in arrived("triage --open deletion", exits=2).stderr
    assert "which one" in arrived("triage --ignore --why x", exits=2).stderr
    scope = arrived("triage 3 --open deletion --scope marketing", exits=2)
    assert "of a withdrawal" in scope.stderr
    assert (
        "of a withdrawal"
        in arrived("inbox move 3 --open deletion --scope marketing --why x", exits=2).stderr
    )
    for line in ("triage 3 --ignore --join 1 --why x", "triage 3 --why x"):
        assert "--triage" not in arrived(line, exits=2).stderr
    assert "decided on them" in arrived("triage 1-3", exits=2).stderr
    assert "case:17 --ids" in arrived("triage case:1 --ignore --why x", exits=2).stderr


def test_what_is_decided_already_is_moved_and_not_decided_again(arrived):
    assert "next: dsr inbox move 1 --open" in arrived("triage 1").stderr
    assert "next: dsr triage 3 --open" in arrived("triage 3").stderr
    assert "--why" in arrived("triage 2 --open copy", exits=2).stderr
    opened = arrived('triage 2 --open copy --why "a copy is asked for in a picture"')
    assert "next: dsr show 2" in opened.stderr
    assert "next: dsr show 2" in arrived("triage 3 --join 2").stderr


def test_a_dry_run_of_a_decision_says_that_nothing_was_kept(arrived):
    before = arrived.dump()
    for line in ("triage 3 --open copy", 'inbox move 2 --triage --why "to be seen"'):
        for form in ("table", "json"):
            assert "nothing was kept" in arrived(f"{line} --dry-run -o {form}").stderr
    assert arrived.dump() == before


def test_the_reasons_of_decisions_can_be_read_again(arrived):
    arrived('triage 3 --ignore --why "a question on the policy"')
    arrived('inbox move 3 --join 1 --why "it is hers after all"')
    decided = arrived.json("inbox show 3")["decided"]
    assert [(each["before"], each["after"], each["why"]) for each in decided] == [
        ("triage", "ignored", "a question on the policy"),
        ("ignored", "joined", "it is hers after all"),
    ]
    assert [(each["officer"], each["tickets"]) for each in decided] == [("li", []), ("li", [1])]
    assert "a question on the policy" in arrived("inbox show 3").stdout
    assert arrived.json("inbox show 1")["decided"] == []


def test_many_are_decided_each_by_itself(arrived):
    assert arrived("triage --ids").stdout == "3\n"
    numbers = arrived("inbox not:outcome:opened --ids").stdout
    ended = arrived("triage - --ignore --why newsletters", input=numbers + "9\n", exits=6)
    assert "2 done, 0 skipped, 1 failed" in ended.stderr
    assert outcomes(arrived, "outcome:ignored").keys() == {2, 3}
    moved = arrived("inbox move 2,3 --triage --why 'seen anew' -o json")
    assert [each["number"] for each in json.loads(moved.stdout)] == [2, 3]


def test_lists_are_short_and_one_thing_says_the_words_found(arrived):
    [row] = arrived.json("inbox ticket:1")
    assert row["number"] == row["id"] == 1
    assert not any("copy of my" in reason for reason in row["reasons"])
    shown = arrived.json("inbox show 1")
    assert any(f'"{shown["spans"][0]["words"]}"' in reason for reason in shown["reasons"])


def test_an_unverified_sender_is_no_news_and_a_failed_one_is():
    assert why_of(("sender: unverified", "not sure")) == "not sure"
    assert why_of(("sender: failed",)) == "sender: failed"


def test_a_long_ledger_is_given_row_by_row(arrived, database):
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "with recursive n(i) as (select 10 union all select i + 1 from n where i < 2600)"
            " insert into message (id, source, sha256, content_key, arrived_at, outcome, sort,"
            " language, requester_role, suggested, identifiers, reasons, urgent, test)"
            " select i, 'a.mbox#' || i, 'x' || i, 'y' || i, arrived_at, outcome, sort, language,"
            " requester_role, suggested, identifiers, reasons, 0, 0 from n, message where id = 2"
        )
        plan = connection.execute(
            "explain query plan select id from message where arrived_at >= '2026-11-23'"
        ).fetchall()
    assert "ix_message_arrived_at" in str(plan)
    rows = [json.loads(line) for line in arrived("inbox -o jsonl").stdout.splitlines()]
    assert [row["number"] for row in rows] == [*range(2600, 9, -1), 3, 2, 1]
    assert rows[-1]["tickets"] == [1]
    assert "50 of 2594 shown" in arrived("inbox").stderr


def test_what_an_officer_opened_is_known_when_it_is_asked_again(arrived, tmp_path):
    arrived("triage 3 --open access")
    text = (tmp_path / "doubt.eml").read_text(encoding="utf-8")
    again = text.replace("<doubt@", "<again@")
    (tmp_path / "again.eml").write_text(again, encoding="utf-8")
    arrived(f"import {tmp_path / 'again.eml'}")
    keys = arrived.rows("select text_key from message where id in (1, 3)")
    assert all(keys)
    assert len(set(keys)) == len(keys)


def test_an_authority_is_not_the_person_of_whom_it_writes(arrived, tmp_path):
    text = "The complainant is greta@example.org.\nMy request: how do you use her personal data?"
    (tmp_path / "cnil.eml").write_text(f"From: case@cnil.fr\nSubject: Case 7\n\n{text}\n")
    arrived(f"import {tmp_path / 'cnil.eml'}")
    assert arrived.json("triage")[0]["sort"] == "authority"
    arrived("triage 4 --open access")
    assert arrived.rows(
        "select value from identifier join ticket on ticket.person = identifier.person"
        " where ticket.number = 2"
    ) == ["greta@example.org"]


def test_the_day_that_an_authority_sets_is_shown_with_the_command_that_notes_it(run, tmp_path):
    head = "From: case@cnil.fr\nSubject: a complaint\nDate: Tue, 3 Nov 2026 08:15:00 +0800\n\n"
    text = "Please delete all personal data of Ann (ann@example.org). "
    (tmp_path / "a.eml").write_text(f"{head}{text}Please answer by 12 December 2026.\n")
    run(f"import {tmp_path / 'a.eml'}")
    waits = run("triage 1").stderr
    assert "it sets a day: 2026-12-12\n" in waits
    assert "dsr set" not in waits  # there is no ticket yet
    run("triage 1 --open deletion")
    told = run("inbox show 1").stderr
    assert "it sets a day: dsr set 1 --authority-due 2026-12-12 --why TEXT" in told
    run("set 1 --authority-due 2026-12-12 --why letter")
    assert "--authority-due" not in run("inbox show 1 -o json").stderr
