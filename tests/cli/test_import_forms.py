import json

import pytest

from dsr.cli import terminal

TABLE = "Mail,Nachricht,Filiale\nann@example.org,Bitte löschen Sie meine Daten.,Nord\n"
ODD = "Wer,Was\nann@example.org,Please delete all my personal data.\n"


@pytest.fixture
def form(tmp_path):
    def write(text: str, name: str = "form.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def outcomes(result):
    return [json.loads(line)["outcome"] for line in result.stdout.splitlines()]


def test_a_table_whose_headings_say_nothing_is_refused_with_the_option_to_type(run, form):
    result = run(f"import {form(ODD)}", exits=2)
    assert "Wer, Was" in result.stderr
    assert "--map email=HEADING" in result.stderr
    assert "ann@example.org" not in result.stderr
    assert run("inbox -o jsonl").stdout == ""


def test_a_mapping_is_given_once_and_remembered_by_its_name(run, form, walk):
    path = form(ODD)
    first = run(f"import {path} --map email=Wer,text=Was --map-name webform -o jsonl")
    assert outcomes(first) == ["opened"]
    assert "mapping webform: added" in first.stderr
    again = form("Wer,Was\nbob@example.org,Please delete all my personal data.\n", "next.csv")
    second = run(f"import {again} --map-name webform -o jsonl")
    assert outcomes(second) == ["opened"]
    assert "mapping" not in second.stderr
    assert walk.rows("select name from mapping") == ["webform"]
    events = " ".join(walk.rows("select body from event"))
    assert "mapping_added" in events
    assert "Wer" not in events


def test_a_changed_mapping_says_so_and_is_an_event(run, form, walk):
    run(f"import {form(ODD)} --map email=Wer,text=Was --map-name webform")
    other = form("Wer,Text\nbob@example.org,Please delete all my personal data.\n", "b.csv")
    result = run(f"import {other} --map email=Wer,text=Text --map-name webform")
    assert "mapping webform: changed" in result.stderr
    assert "mapping_changed" in " ".join(walk.rows("select body from event"))


def test_a_dry_run_remembers_no_mapping(run, form, walk):
    run(f"import {form(ODD)} --map email=Wer,text=Was --map-name webform --dry-run")
    assert walk.rows("select name from mapping") == []


def test_a_mapping_that_nobody_made_is_no_mapping(run, form):
    run(f"import {form(ODD)} --map email=Wer,text=Was --map-name webform")
    result = run(f"import {form(ODD, 'b.csv')} --map-name webfrom", exits=3)
    assert "webform" in result.stderr


def test_a_form_that_lost_a_column_of_its_mapping_is_refused(run, form):
    run(f"import {form(ODD)} --map email=Wer,text=Was --map-name webform")
    other = form("Wer,Etwas\nbob@example.org,hello\n", "b.csv")
    assert "'Was'" in run(f"import {other} --map-name webform", exits=2).stderr


@pytest.mark.parametrize(
    "words", ["--map email", "--map mail=Wer", "--map email=Wer,email=Was", "--map email=A,text=A"]
)
def test_a_mapping_that_is_none_is_wrong_usage(run, form, words):
    run(f"import {form(ODD)} {words}", exits=2)


def test_headings_that_mean_one_thing_need_no_mapping_and_others_stay(run, form, walk):
    assert outcomes(run(f"import {form(TABLE)} -o jsonl")) == ["opened"]
    assert [json.loads(one) for one in walk.rows("select extra from ticket")] == [
        {"Filiale": "Nord"}
    ]


def test_whoever_sits_at_the_terminal_is_asked_once(run, form, monkeypatch):
    path = form(ODD)
    monkeypatch.setattr(terminal, "is_there", lambda: True)  # a test has no terminal
    asked = run(f"import {path} --map-name webform -o jsonl", input="1\nnothing\nWas\n")
    assert outcomes(asked) == ["opened"]
    assert "there is no such column" in asked.stderr
    other = form("Wer,Was\nbob@example.org,Please delete all my personal data.\n", "b.csv")
    monkeypatch.undo()
    assert outcomes(run(f"import {other} --map-name webform -o jsonl")) == ["opened"]


def test_a_table_comes_by_standard_input_too(run):
    result = run("import - -o jsonl", input=TABLE.encode())
    assert outcomes(result) == ["opened"]
    result = run("import - --map email=Wer,text=Was -o jsonl", input=ODD.encode())
    assert outcomes(result) == ["opened"]


OPENDSR = {
    "regulation": "gdpr",
    "subject_request_id": "a7551968-d5d6-44b2-9831-815ac9017798",
    "subject_request_type": "erasure",
    "submitted_time": "2026-11-20T15:00:00Z",
    "subject_identities": [
        {"identity_type": "email", "identity_value": "ann@example.org", "identity_format": "raw"}
    ],
    "status_callback_urls": ["http://127.0.0.1:9/never"],
}
DRP = {
    "agent-id": "aa-id",
    "business-id": "cb-id",
    "agent-request-id": "foo-7",
    "expires-at": "2026-11-23T03:00:00Z",
    "issued-at": "2026-11-23T02:00:00Z",
    "drp.version": "0.9.4",
    "exercise": "sale:opt-out",
    "regime": "ccpa",
    "name": "Ann Lee",
    "email": "ann@example.org",
    "email_verified": True,
}


def test_an_opendsr_request_is_a_ticket_whose_status_is_told_in_its_words(run, form, walk):
    run(f"import {form(json.dumps(OPENDSR, indent=1), 'r.json')}")
    ticket = walk.show(1)
    assert (ticket["kind"], ticket["requester_role"]) == ("deletion", "client")
    assert "EU" in ticket["laws"]
    before = walk.dump()
    told = json.loads(run("export 1 --status-format opendsr").stdout)
    assert told["subject_request_id"] == OPENDSR["subject_request_id"]
    assert told["request_status"] == "pending"
    assert walk.dump() == before
    assert "example.org" not in json.dumps(told)


def test_a_drp_request_is_an_agents_and_its_status_is_told_in_its_words(run, form, walk):
    run(f"import {form(json.dumps(DRP), 'r.jsonl')}")
    ticket = walk.show(1)
    assert (ticket["kind"], ticket["requester_role"]) == ("withdrawal", "agent")
    assert "US-CA" in ticket["laws"]
    lookups = walk.rows("select value from identifier where not of_sender order by value")
    assert lookups == ["ann lee", "ann@example.org"]  # the person's, not the agent's own
    assert ticket["language"] == "en"
    told = json.loads(run("export 1 --status-format drp").stdout)
    assert (told["status"], told["reason"]) == ("open", None)
    assert (told["request_id"], told["agent_request_id"]) == ("1", "foo-7")
    run("close 1 --as withdrawn --why said")
    told = json.loads(run("export 1 --status-format drp").stdout)
    assert (told["status"], told["processing_details"]) == ("revoked", "withdrawn")


@pytest.mark.parametrize(
    ("request_", "status", "reason", "urgent"),
    [
        (
            OPENDSR,
            {"subject_request_id": OPENDSR["subject_request_id"], "request_status": "cancelled"},
            "opendsr: cancelled: withdrawn",
            True,
        ),
        (
            DRP,
            {"request_id": "1", "agent_request_id": "foo-7", "status": "revoked", "reason": None},
            "drp: revoked: withdrawn",
            True,
        ),
        (
            DRP,
            {"request_id": "1", "status": "denied", "reason": "no_match"},
            "drp: denied: no_data",
            True,
        ),
        (
            DRP,
            {"request_id": "foo-7", "status": "in_progress", "reason": "need_user_verification"},
            "drp: in_progress: verifying",
            False,
        ),
    ],
)
def test_a_status_of_another_program_joins_the_ticket_of_its_request(
    run, form, walk, request_, status, reason, urgent
):
    run(f"import {form(json.dumps(request_), 'request.jsonl')}")
    before = walk.show(1)
    said = run(f"import {form(json.dumps(status), 'status.jsonl')} -o jsonl").stdout
    row = json.loads(said)
    assert (row["outcome"], row["ticket"], row["urgent"]) == ("joined", 1, urgent)
    assert row["reasons"] == [reason]
    after = walk.show(1)
    assert (after["status"], after["outcome"]) == (before["status"], None)
    assert row["number"] in walk.rows("select id from message where ticket = 1")
    again = run(f"import {form(json.dumps(status), 'status.jsonl')} -o jsonl")
    assert "joined" not in again.stdout


def test_a_status_in_one_file_with_its_request_joins_it_too(run, form):
    status = {"request_id": "foo-7", "status": "revoked"}
    both = form(f"{json.dumps(DRP)}\n{json.dumps(status)}\n", "both.jsonl")
    assert outcomes(run(f"import {both} -o jsonl")) == ["opened", "joined"]


@pytest.mark.parametrize(
    ("status", "reasons"),
    [
        (
            {"request_id": "foo-8", "status": "revoked"},
            ["drp: revoked: withdrawn", "no ticket is known by that number"],
        ),
        (
            {"subject_request_id": "foo-7", "request_status": "cancelled"},  # another's number
            ["opendsr: cancelled: withdrawn", "no ticket is known by that number"],
        ),
    ],
)
def test_a_status_of_an_unknown_request_is_looked_at_by_a_person(run, form, status, reasons):
    run(f"import {form(json.dumps(DRP), 'r.jsonl')}")
    row = json.loads(run(f"import {form(json.dumps(status), 's.jsonl')} -o jsonl").stdout)
    assert (row["outcome"], row["reasons"]) == ("triage", reasons)


def test_a_number_that_two_requests_have_names_neither(run, form):
    two = [json.dumps({**DRP, "exercise": word}) for word in ("deletion", "access")]
    both = form("\n".join(two), "both.jsonl")
    run(f"import {both}")
    status = json.dumps({"request_id": "foo-7", "status": "revoked"})
    assert outcomes(run(f"import {form(status, 's.jsonl')} -o jsonl")) == ["triage"]


def test_a_word_that_the_format_lacks_joins_its_ticket_and_is_not_repeated(run, form):
    run(f"import {form(json.dumps(DRP), 'r.jsonl')}")
    status = json.dumps({"request_id": "foo-7", "status": "Ann Lee"})
    row = json.loads(run(f"import {form(status, 's.jsonl')} -o jsonl").stdout)
    assert row["reasons"] == ["drp: a status that is not known"]


def test_a_form_with_a_status_among_its_fields_stays_a_form(run, form):
    row = {
        "request_id": "7",
        "status": "open",
        "email": "ann@example.org",
        "text": "Delete my data",
    }
    assert outcomes(run(f"import {form(json.dumps(row), 'r.jsonl')} -o jsonl")) == ["opened"]


def test_taking_part_in_a_sale_again_is_looked_at_by_a_person(run, form):
    again = json.dumps({**DRP, "exercise": "sale:opt-in"})
    assert outcomes(run(f"import {form(again, 'r.jsonl')} -o jsonl")) == ["triage"]


def test_a_form_that_waited_in_triage_opens_for_the_person_it_names(run, form, walk):
    again = json.dumps({**DRP, "exercise": "sale:opt-in"})
    run(f"import {form(again, 'r.jsonl')}")
    run("triage 1 --open withdrawal --scope consent")
    ticket = walk.show(1)
    assert (ticket["kind"], ticket["requester_role"]) == ("withdrawal", "agent")


def test_a_request_made_again_after_its_ticket_was_closed_is_a_new_one(run, form):
    text = "email,kind\nannex@x.example,deletion\n"
    assert outcomes(run(f"import {form(text, 'y1.csv')} -o jsonl")) == ["opened"]
    run("close 1 --as not_a_request --why spam")
    assert outcomes(run(f"import {form(text, 'y2.csv')} -o jsonl")) == ["opened"]
    assert outcomes(run(f"import {form(text, 'y2.csv')} -o jsonl")) == ["duplicate"]
    assert len(run("inbox -o jsonl").stdout.splitlines()) == 2


def test_a_wrong_row_fails_the_batch_and_has_its_row_in_the_ledger(run, form):
    path = form("email,kind\nann@x.example,flowers\nann@x.example,deletion\n")
    for _ in range(2):
        result = run(f"import {path} -o jsonl", exits=6)
        assert "row 1: kind is no known word" in result.stderr
        assert "ann@x.example" not in result.stderr
    assert sorted(outcomes(run("inbox -o jsonl"))) == ["opened", "quarantined"]


def test_what_a_folder_holds_besides_is_said_and_no_failure(run, form):
    folder = form(TABLE).parent / "letters"
    folder.mkdir()
    form("From: a@x.example\nSubject: x\n\nPlease delete my data.\n", "letters/a.eml")
    form(TABLE, "letters/form.csv")
    result = run(f"import {folder} -o jsonl")
    assert "1 passed over: tables and forms" in result.stderr
    assert outcomes(result) == ["opened"]
