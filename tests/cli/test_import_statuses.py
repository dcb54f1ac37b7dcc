import json

import pytest

DRP = {
    "agent-id": "aa-id",
    "business-id": "cb-id",
    "agent-request-id": "foo-7",
    "drp.version": "0.9.4",
    "exercise": "deletion",
    "regime": "ccpa",
    "name": "Ann Lee",
    "email": "ann@example.org",
}
OPENDSR = {
    "regulation": "gdpr",
    "subject_request_id": "bar-7",
    "subject_request_type": "erasure",
    "subject_identities": [
        {"identity_type": "email", "identity_value": "ann@example.org", "identity_format": "raw"}
    ],
}
REVOKED = "drp: revoked: withdrawn"
UNKNOWN = "no ticket is known by that number"
SEVERAL = "several tickets are known by that number"
ENDED = "its ticket is answered or closed"
ASKED = {"email": "victim2@example.org", "text": "Please delete all my personal data"}


@pytest.fixture
def became(run, tmp_path):
    """Import objects as one file, and return what became of each."""
    count = 0

    def import_(*objects, more=""):
        nonlocal count
        count += 1
        path = tmp_path / f"{count}.jsonl"
        path.write_text("".join(f"{json.dumps(each)}\n" for each in objects), encoding="utf-8")
        lines = run(f"import {path} {more} -o jsonl").stdout.splitlines()
        return [json.loads(line) for line in lines]

    return import_


def told(row):
    return row["outcome"], row["ticket"], row["reasons"]


@pytest.mark.parametrize(
    "status",
    [
        {"agent_request_id": "1", "request_id": "zz-other", "status": "revoked"},
        {"agent_request_id": 1, "request_id": "1", "status": "revoked"},
        {"subject_request_id": "1", "request_status": "cancelled"},
    ],
)
def test_a_number_that_the_sender_gave_is_never_taken_for_ours(became, status):
    became(DRP, OPENDSR)
    (row,) = became(status)
    assert (row["outcome"], row["ticket"], row["reasons"][1]) == ("triage", None, UNKNOWN)


def test_our_number_counts_where_the_sender_names_none_of_his_own(became):
    became(*({**DRP, "agent-request-id": str(each)} for each in (1001, 1002, 1003)))
    theirs = {"agent_request_id": "3", "request_id": "9", "status": "revoked"}
    assert told(became(theirs)[0]) == ("triage", None, [REVOKED, UNKNOWN])
    ours = {"agent_request_id": None, "request_id": "3", "status": "revoked"}
    assert told(became(ours)[0]) == ("joined", 3, [REVOKED])


def test_a_number_that_is_ours_and_another_senders_names_neither(became):
    became({**DRP, "agent-request-id": "2"}, DRP)
    status = {"request_id": "2", "status": "revoked"}
    assert told(became(status)[0]) == ("triage", None, [REVOKED, SEVERAL])


def test_our_number_names_a_ticket_of_that_format_alone(became):
    became(OPENDSR, ASKED)
    for number in ("1", "2"):
        (row,) = became({"request_id": number, "status": "revoked"})
        assert told(row) == ("triage", None, [REVOKED, UNKNOWN])


@pytest.mark.parametrize("apart", [True, False])
def test_a_number_that_two_requests_have_names_neither_in_one_file_or_apart(became, apart):
    status = {"request_id": "foo-7", "status": "revoked"}
    everything = (DRP, {**DRP, "exercise": "access"}, status)
    lots = [(each,) for each in everything] if apart else [everything]
    rows = [row for lot in lots for row in became(*lot)]
    assert told(rows[-1]) == ("triage", None, [REVOKED, SEVERAL])


def test_two_tickets_of_one_request_are_not_chosen_from(became, run):
    became(DRP)
    run("split 1 access")
    (row,) = became({"request_id": "foo-7", "status": "revoked"})
    assert told(row) == ("triage", None, [REVOKED, SEVERAL])


@pytest.mark.parametrize(
    "row",
    [
        {"id": "foo-7", **ASKED, "format": "drp", "request_status": "open"},
        {"id": "foo-7", **ASKED, "format": "opendsr", "request_status": "pending"},
        {"subject_request_id": "bar-7", **ASKED, "request_status": "pending"},
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_a_request_in_a_table_with_a_programs_words_opens_its_ticket(
    became, run, walk, tmp_path, suffix, row
):
    became(DRP, OPENDSR)
    path = tmp_path / f"row.{suffix}"
    table = "\n".join(",".join(each) for each in (row, row.values()))
    path.write_text(table if suffix == "csv" else json.dumps(row), encoding="utf-8")
    (opened,) = map(json.loads, run(f"import {path} -o jsonl").stdout.splitlines())
    assert (opened["outcome"], [one["number"] for one in opened["tickets"]]) == ("opened", [3])
    assert walk.rows("select sender from message order by id")[-1] == ASKED["email"]
    kept = json.loads(walk.rows("select extra from ticket")[2])
    assert row.get("format") == kept.get("format (column)")
    for status in (
        {"request_id": "foo-7", "status": "revoked"},
        {"subject_request_id": "bar-7", "request_status": "cancelled"},
    ):
        assert became(status)[0]["outcome"] == "joined"  # to it the row is no request


def test_a_column_called_format_is_kept_beside_one_that_looks_like_its_name(became, walk):
    became({**ASKED, "format": "pdf", "format (column)": "A4"})
    kept = json.loads(walk.rows("select extra from ticket")[0])
    assert sorted(kept.values()) == ["A4", "pdf"]
    assert "format" not in kept


@pytest.mark.parametrize(("first", "then"), [("", "--test"), ("--test", "")])
def test_a_status_joins_no_test_unless_it_is_one(became, first, then):
    became(DRP, more=first)
    (row,) = became({"request_id": "foo-7", "status": "revoked"}, more=then)
    assert told(row) == ("triage", None, [REVOKED, UNKNOWN])
    became({**DRP, "name": "Ann A. Lee"}, more=then)
    (row,) = became({"request_id": "foo-7", "status": "revoked", "reason": None}, more=then)
    assert told(row) == ("joined", 2, [REVOKED])


def test_a_status_of_a_request_that_has_ended_is_looked_at_by_a_person(became, run):
    became(DRP)
    run("close 1 --as withdrawn --why said")
    (row,) = became({"request_id": "foo-7", "status": "fulfilled"})
    assert (row["outcome"], row["ticket"], row["reasons"][1:]) == ("triage", 1, [ENDED])
