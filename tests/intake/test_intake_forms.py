import json
from datetime import UTC, datetime

import pytest

from dsr.domain.vocabulary import IdentifierType, Kind, RequesterRole, Scope
from dsr.errors import InputError
from dsr.intake.classify import classify_message
from dsr.intake.forms import identifiers
from dsr.intake.message import parse

HEADING = "id,kind,email,phone,text,Shop\n"


def table(tmp_path, text: str | bytes):
    path = tmp_path / "form.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_row_is_one_request_and_unknown_columns_stay(read, tmp_path):
    (row,), problems = read(
        table(tmp_path, HEADING + '7,access,a@example.org,,"Hi, there",North\n')
    )
    assert row.source.endswith("form.csv#1")
    assert row.form == {
        "id": "7",
        "kind": "access",
        "email": "a@example.org",
        "text": "Hi, there",
        "Shop": "North",
    }
    assert json.loads(row.raw) == row.form
    assert not problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_is_read_in_any_usual_encoding(read, tmp_path, encoding):
    text = "email,text\na@example.cn,请删除我的个人信息\n".encode(encoding)
    (row,), problems = read(table(tmp_path, text))
    assert row.form["text"] == "请删除我的个人信息"
    assert not problems


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_may_have_another_delimiter(read, tmp_path, delimiter):
    text = delimiter.join(["email", "kind"]) + "\n" + delimiter.join(["a@example.org", "copy"])
    assert read(table(tmp_path, text))[0][0].form["kind"] == "copy"


def test_a_field_may_hold_lines(read, tmp_path):
    found, _ = read(table(tmp_path, 'email,text\na@example.org,"one\ntwo"\nb@example.org,three\n'))
    assert [one.form["text"] for one in found] == ["one\ntwo", "three"]


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("1,access,,,,\n", "row 2: names nobody"),
        ("1,,a@example.org,,,\n", "row 2: says nothing"),
        ("1,axes,a@example.org,,,\n", "row 2: kind is no known word"),
        ("1,access,a@example.org,,,N,more\n", "row 2: 7 fields"),
    ],
)
def test_a_wrong_row_is_named_by_its_number_without_its_values(read, tmp_path, row, what):
    good = "0,access,z@example.org,,,\n"
    found, problems = read(table(tmp_path, HEADING + good + row + good))
    assert len(found) == 2
    assert problems[0].what.startswith(what)
    assert problems[0].where.endswith("form.csv#2")
    assert "a@example.org" not in problems[0].what
    assert "axes" not in problems[0].what


def test_an_unknown_kind_is_answered_with_the_nearest(read, tmp_path):
    _, (problem,) = read(table(tmp_path, HEADING + "1,deletoin,a@example.org,,,\n"))
    assert "deletion" in problem.what


def test_a_field_longer_than_a_mebibyte_is_a_problem(read, tmp_path):
    rows = "1,access,a@example.org,," + "x" * 1_100_000 + ",\n2,access,b@example.org,,,\n"
    found, problems = read(table(tmp_path, HEADING + rows))
    assert len(problems) == 1
    assert "row 1" in problems[0].what
    assert len(found) == 1


def test_a_table_without_any_known_column_is_refused(read, tmp_path):
    with pytest.raises(InputError) as caught:
        read(table(tmp_path, "a,b\n1,2\n"))
    assert "email" in caught.value.hint


def test_headings_may_have_capitals_and_blanks(read, tmp_path):
    assert read(table(tmp_path, "Email , KIND\na@example.org,access\n"))[0][0].form == {
        "email": "a@example.org",
        "kind": "access",
    }


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2026-03-05", datetime(2026, 3, 5, 12, tzinfo=UTC)),
        ("2026-03-05T10:00:00+08:00", datetime(2026, 3, 5, 2, tzinfo=UTC)),
        ("2026-03-05 10:00", datetime(2026, 3, 5, 10, tzinfo=UTC)),
        ("2026-03-05T10:00:00Z", datetime(2026, 3, 5, 10, tzinfo=UTC)),
    ],
)
def test_when_it_was_received_is_read_as_written(read, tmp_path, written, read_as):
    (row,), _ = read(table(tmp_path, f"email,kind,received_at\na@example.org,copy,{written}\n"))
    assert row.received_at == read_as
    assert parse(row).received_at == read_as


@pytest.mark.parametrize("written", ["yesterday", "2026-02-30", "0001-01-01T00:00:00+14:00"])
def test_a_date_that_is_none_is_a_problem(read, tmp_path, written):
    _, (problem,) = read(table(tmp_path, f"email,kind,received_at\na@b.cn,copy,{written}\n"))
    assert "received_at is no date" in problem.what


def test_json_lines_are_rows_too(read, tmp_path):
    path = tmp_path / "form.jsonl"
    path.write_text('\ufeff{"email": "a@example.org", "kind": "copy", "id": 3, "extra": [1]}\n\n')
    (row,), problems = read(path)
    assert row.form == {"email": "a@example.org", "kind": "copy", "id": "3", "extra": "[1]"}
    assert not problems


@pytest.mark.parametrize(
    "line",
    [
        b'{"email": ',
        b"[1, 2]",
        b'"text"',
        b'{"email": ["a@example.org"], "kind": "copy"}',
        b"\xff\xfe{}",
        b'{"email": "\xff"}',
        b"[" * 50_000,
        b'{"id": ' + b"9" * 5_000 + b"}",
    ],
)
def test_a_line_that_is_no_row_is_a_problem_and_the_rest_goes_on(read, tmp_path, line):
    path = tmp_path / "form.jsonl"
    good = b'{"email": "a@example.org", "kind": "copy"}\n'
    path.write_bytes(good + line + b"\n" + good)
    found, problems = read(path)
    assert len(found) == 2
    assert problems[0].what.startswith("row 2")


def test_a_line_without_end_is_passed_over(read, tmp_path):
    path = tmp_path / "form.jsonl"
    path.write_bytes(b'{"x":"' + b"x" * 4_300_000 + b'"}\n{"email":"a@b.cn","kind":"copy"}\n')
    found, problems = read(path)
    assert len(found) == 1
    assert len(problems) == 1


def test_the_same_row_is_the_same_message_and_another_is_not(read, tmp_path):
    rows = "1,access,a@example.org,,,\n1,access,a@example.org,,,\n2,access,a@example.org,,,\n"
    found, _ = read(table(tmp_path, HEADING + rows))
    one, same, other = (parse(row).content_key for row in found)
    assert one == same != other


def test_the_fields_of_a_form_go_before_its_text(read, tmp_path, phrases):
    heading = "kind,scope,email,phone,text,language,requester_role\n"
    row = "withdrawal,consent,A@Example.org,13800005521,please delete my data,de,guardian\n"
    (arrival,), _ = read(table(tmp_path, heading + row))
    found = classify_message(parse(arrival), phrases)
    assert [(one.kind, one.scope) for one in found.opens] == [(Kind.WITHDRAWAL, Scope.CONSENT)]
    assert (found.language, found.role) == ("de", RequesterRole.GUARDIAN)
    assert {kind for kind, _ in found.identifiers} == {IdentifierType.EMAIL, IdentifierType.PHONE}


def test_a_form_without_a_kind_is_judged_by_its_text(read, tmp_path, phrases):
    (arrival,), _ = read(table(tmp_path, "email,text\na@example.org,please delete my data\n"))
    assert [one.kind for one in classify_message(parse(arrival), phrases).opens] == [Kind.DELETION]


def test_an_identifier_that_cannot_be_read_is_named_by_its_key_alone():
    found, unread = identifiers({"email": "not an address", "phone": "13800005521"})
    assert [kind for kind, _ in found] == [IdentifierType.PHONE]
    assert unread == ("email",)
