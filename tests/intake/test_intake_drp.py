import base64
import json

import pytest

from dsr.intake.classify import classify_message
from dsr.intake.message import parse

REQUEST = {
    "agent-id": "aa-id",
    "business-id": "cb-id",
    "agent-request-id": "foo-7",
    "expires-at": "2026-11-23T03:00:00Z",
    "issued-at": "2026-11-23T02:00:00Z",
    "drp.version": "0.9.4",
    "exercise": "deletion",
    "regime": "ccpa",
    "name": "Ann Lee",
    "email": "ann@example.org",
    "email_verified": True,
    "phone_number": "+14155550123",
    "power_of_attorney": "https://127.0.0.1:9/never",
    "status_callback": "https://127.0.0.1:9/never",
}


def envelope(values: dict) -> bytes:
    return base64.b64encode(b"\x07" * 64 + json.dumps(values).encode())


def test_a_request_is_an_agents_for_somebody(read):
    (found,), problems = read("-", json.dumps(REQUEST).encode())
    assert not problems
    form = found.form
    assert (form["kind"], form["law"], form["requester_role"]) == ("deletion", "US-CA", "agent")
    assert (form["email"], form["phone"], form["name"]) == (
        "ann@example.org",
        "+14155550123",
        "Ann Lee",
    )
    assert (form["id"], form["agent-id"], form["expires-at"]) == (
        "foo-7",
        "aa-id",
        "2026-11-23T03:00:00Z",
    )
    assert "its signature is not verified" in found.warnings
    assert "status_callback" not in form


@pytest.mark.parametrize(
    ("word", "kinds"),
    [
        ("access", ["access"]),
        ("access:categories", ["access"]),
        ("access:specific", ["copy"]),
        ("deletion", ["deletion"]),
        ("sale:opt_out", ["withdrawal"]),
        ("sale:opt-out", ["withdrawal"]),
        ("sale:opt_in", []),
        ("sale:never", []),
        ("", []),
    ],
)
def test_each_right_that_is_exercised_is_one_of_ours_or_is_looked_at(read, phrases, word, kinds):
    (found,), _ = read("-", json.dumps({**REQUEST, "exercise": word}).encode())
    assert [one.kind.value for one in classify_message(parse(found), phrases).opens] == kinds


@pytest.mark.parametrize("wrap", [False, True])
@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".txt", ""])
def test_a_signed_envelope_is_opened_and_kept_as_it_came(read, tmp_path, suffix, wrap):
    path = tmp_path / f"request{suffix}"
    raw = envelope(REQUEST)
    if wrap and suffix == ".json":
        raw = b"\n".join(raw[start : start + 76] for start in range(0, len(raw), 76))
    path.write_bytes(raw + b"\n")
    (found,), problems = read(path)
    assert not problems
    assert found.form["email"] == "ann@example.org"
    assert found.raw == envelope(REQUEST)


def test_an_older_request_has_its_particulars_in_meta(read):
    old = {
        "meta": {"version": "0.5"},
        "exercise": "access",
        "regime": "ccpa",
        "email": "ann@example.org",
    }
    (found,), _ = read("-", json.dumps(old).encode())
    assert (found.form["kind"], found.form["drp.version"]) == ("access", "0.5")


@pytest.mark.parametrize(
    "raw",
    [
        base64.b64encode(b"\x07" * 200),
        base64.b64encode(b"\x07" * 64 + b'{"exercise": '),
        base64.b64encode(b"\x07" * 64 + b"{}" * 40),
        b"A" * 90,
        b"A" * 5_000_000,
    ],
)
def test_an_envelope_of_something_else_is_a_problem(read, raw):
    found, problems = read("-", raw)
    assert not found
    assert len(problems) == 1


def test_a_form_with_a_field_called_exercise_is_no_such_request(read):
    (found,), _ = read("-", b'{"exercise": "yoga", "email": "a@b.cn", "text": "x"}')
    assert found.form == {"exercise": "yoga", "email": "a@b.cn", "text": "x"}
