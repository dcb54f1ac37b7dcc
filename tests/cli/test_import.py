"""What an import says at its end, and what silent and test tickets are spared."""

import json

import pytest


def mail(number: int, wish: str = "Please delete all my personal data.") -> bytes:
    return (
        f"From s{number}@example.org Tue Nov  3 08:15:00 2026\n"
        f"From: Sender <s{number}@example.org>\nTo: desk@example.com\nSubject: a request\n"
        f"Message-ID: <{number}.cli@example.org>\nDate: Tue, 3 Nov 2026 08:15:00 +0800\n\n"
        f"{wish}\n\n"
    ).encode()


@pytest.fixture
def mailbox(tmp_path):
    """Return the path of a mailbox of two requests and an invoice."""
    path = tmp_path / "desk.mbox"
    path.write_bytes(mail(1) + mail(2) + mail(3, "The invoice for October is correct."))
    return path


def listed(run, line: str):
    return json.loads(run(f"{line} -o json").stdout)


def test_the_count_at_the_end_says_what_each_outcome_means(run, mailbox):
    said = run(f"import {mailbox}").stderr

    assert "3  seen" in said
    assert "2  opened       became tickets                dsr today" in said
    assert "1  ignored      asks for no right             dsr inbox outcome:ignored" in said
    assert "triage" not in said
    assert "3  duplicate    came before: nothing changed" in run(f"import {mailbox}").stderr


def test_a_dry_run_says_that_nothing_was_kept(run, mailbox):
    assert "nothing was kept (--dry-run)" in run(f"import {mailbox} --dry-run").stderr
    assert listed(run, "list") == []


def test_what_since_skips_is_counted_by_itself(run, mailbox):
    said = run(f"import {mailbox} --since 2026-11-04").stderr

    assert "3  skipped      received before --since: not stored" in said
    assert listed(run, "inbox") == []


def test_programs_get_no_count_beside_the_results(run, mailbox):
    done = run(f"import {mailbox} -o jsonl --jobs 1")

    assert len(done.stdout.splitlines()) == 3
    assert done.stderr == ""


def test_more_jobs_than_there_may_be_are_wrong_usage(run, mailbox):
    run(f"import {mailbox} --jobs 0", exits=2)
    run(f"import {mailbox} --jobs 65", exits=2)


def test_a_test_is_marked_and_counts_nowhere(run, mailbox):
    run(f"import {mailbox} --test")

    assert [each["who"].startswith("(test) ") for each in listed(run, "list")] == [True, True]
    assert listed(run, "today") == []
    assert listed(run, "overdue") == []
    assert sum(each["received"] for each in listed(run, "report")) == 0
    run("next")
    assert "nothing" in run("next").stderr.lower()


def test_a_test_is_never_answered(run, mailbox, tmp_path):
    run(f"import {mailbox} --test")

    refused = run(f"letter 1 acknowledgement --dir {tmp_path / 'out'}", exits=4)
    assert "ticket 1 is a test" in refused.stderr
    hint = "close 1 --as not_a_request --no-letter test --why test"
    assert hint in refused.stderr
    run(hint)
    assert listed(run, "list status:closed")[0]["number"] == 1


def test_a_test_brings_no_other_ticket_forward(run, mailbox, tmp_path):
    path = tmp_path / "copy.mbox"
    path.write_bytes(mail(1, "Please send me a copy of my personal data."))
    run(f"import {path}")
    before = listed(run, "list")
    run(f"import {mailbox} --test")

    assert [each for each in listed(run, "list") if each["number"] == before[0]["number"]] == before


def test_of_a_silent_ticket_no_acknowledgement_is_asked_and_its_clock_runs(run, mailbox, tmp_path):
    run(f"import {mailbox} --silent-before 2026-12-01 --since 2026-11-01")

    refused = run(f"letter 1 acknowledgement --dir {tmp_path / 'out'}", exits=4)
    assert "ticket 1 is silent" in refused.stderr
    assert all(each["due_on"] for each in listed(run, "list"))
