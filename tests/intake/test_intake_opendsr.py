import json

import pytest

from dsr.domain.formats import StatusFormat
from dsr.domain.vocabulary import ENDED, Outcome, Status
from dsr.intake.classify import classify_message
from dsr.intake.message import parse
from dsr.rules.book import law_codes
from dsr.rules.status_formats import formats, told, understood, vocabulary

REQUEST = {
    "regulation": "ccpa",
    "subject_request_id": "a7551968-d5d6-44b2-9831-815ac9017798",
    "subject_request_type": "portability",
    "submitted_time": "2026-11-20T15:00:00Z",
    "subject_identities": [
        {"identity_type": "email", "identity_value": "ann@example.org", "identity_format": "raw"},
        {"identity_type": "email", "identity_value": "9f86d08", "identity_format": "sha256"},
    ],
    "api_version": "3.0",
    "status_callback_urls": ["http://127.0.0.1:9/never"],
}


def test_a_request_is_read_by_its_shape_and_its_bytes_are_kept(read):
    line = json.dumps(REQUEST)
    (found,), problems = read("-", line.encode() + b"\n")
    assert not problems
    assert found.raw == line.encode()
    assert found.received_at is None  # what it says of that is a claim
    form = found.form
    assert (form["kind"], form["email"], form["law"]) == ("copy", "ann@example.org", "US-CA")
    assert (form["id"], form["requester_role"]) == (REQUEST["subject_request_id"], "client")
    assert "9f86d08" in form["other_identities"]
    assert any("called back" in one for one in found.warnings)


@pytest.mark.parametrize(
    ("word", "kind"), [("access", "access"), ("portability", "copy"), ("erasure", "deletion")]
)
def test_each_type_of_request_is_a_right(read, phrases, word, kind):
    raw = json.dumps({**REQUEST, "subject_request_type": word}).encode()
    (found,), _ = read("-", raw)
    assert [one.kind.value for one in classify_message(parse(found), phrases).opens] == [kind]


@pytest.mark.parametrize(
    "change",
    [
        {"subject_request_type": "teleport"},
        {
            "subject_identities": [
                {"identity_type": "ios_vendor_id", "identity_value": "x", "identity_format": "raw"}
            ]
        },
    ],
)
def test_what_is_not_understood_opens_nothing_by_itself(read, phrases, change):
    (found,), problems = read("-", json.dumps({**REQUEST, **change}).encode())
    assert not problems
    assert not classify_message(parse(found), phrases).opens


@pytest.mark.parametrize(
    "change",
    [
        {"subject_identities": None},
        {"subject_identities": [1, None, {}]},
        {"subject_request_id": None, "subject_identities": "x"},
    ],
)
def test_a_request_that_names_nobody_is_a_problem(read, change):
    _, (problem,) = read("-", json.dumps({**REQUEST, **change}).encode())
    assert "names nobody" in problem.what


@pytest.mark.parametrize("name", StatusFormat)
def test_every_status_and_outcome_has_a_word_that_the_format_has(name):
    words = vocabulary(name)
    for status in Status:
        for outcome in (None, *Outcome):
            said = told(name, status, outcome)
            assert said.word in words.words
            assert said.reason is None or said.reason in words.reasons


@pytest.mark.parametrize("name", StatusFormat)
def test_every_word_of_a_format_is_understood_and_comes_back(name):
    words = vocabulary(name)
    assert {word.partition(".")[0] for word in words.understood} == set(words.words)
    for each in words.understood:
        word, _, reason = each.partition(".")
        meant = understood(name, word, reason or None)
        assert meant is not None
        assert (meant.outcome is not None) == (meant.status in ENDED)
        # what lies under one of their words never comes back as an end, or as none
        back = told(name, meant.status, meant.outcome)
        if word != "expired":
            assert back.word == word
    assert understood(name, "teleported") is None
    assert words.source


def test_a_refusal_says_the_reason_of_its_ground():
    drp = StatusFormat.DRP
    assert told(drp, Status.CLOSED, Outcome.REFUSED, ["S1"]).reason == "too_many_requests"
    assert told(drp, Status.CLOSED, Outcome.REFUSED, ["H7", "H5"]).reason == "suspected_fraud"
    assert told(drp, Status.CLOSED, Outcome.REFUSED, ["H7"]).reason == "other"
    assert told(drp, Status.WORKING, Outcome.REFUSED, ["S1"]).word == "in_progress"
    assert set(vocabulary(drp).grounds.values()) <= set(vocabulary(drp).reasons)


def test_every_law_that_is_named_has_a_pack():
    assert set(formats().laws.values()) <= set(law_codes())
