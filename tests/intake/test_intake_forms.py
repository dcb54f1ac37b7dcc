import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr.domain.vocabulary import IdentifierType, Kind, RequesterRole, Scope
from dsr.errors import InputError, UsageError
from dsr.intake import columns
from dsr.intake.charsets import charset_of
from dsr.intake.classify import classify_message
from dsr.intake.columns import UnmappedError
from dsr.intake.forms import identifiers
from dsr.intake.message import parse
from dsr.rules import headings as headings_of
from dsr.rules.reading import DATA, read_toml

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
    assert [one.what for one in problems] == ["kept unread: Shop"]


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
    _, (problem, _) = read(table(tmp_path, HEADING + "1,deletoin,a@example.org,,,\n"))
    assert "deletion" in problem.what


def test_a_field_longer_than_a_mebibyte_is_a_problem(read, tmp_path):
    rows = "1,access,a@example.org,," + "x" * 1_100_000 + ",\n2,access,b@example.org,,,\n"
    found, (problem, _) = read(table(tmp_path, HEADING + rows))
    assert "row 1" in problem.what
    assert len(found) == 1


def test_a_table_without_any_known_column_is_refused(read, tmp_path):
    with pytest.raises(UnmappedError) as caught:
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
    assert [one.what for one in problems] == ["kept unread: extra"]


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
    found, unread = identifiers({"email": "not an address", "phone": "13800005521"}, "CN")
    assert [kind for kind, _ in found] == [IdentifierType.PHONE]
    assert unread == ("email",)


TEXTS = {
    "zh": "手机号,留言\n13800005521,请删除我的个人信息，谢谢。\n",
    "tw": "電郵,留言\nann@example.org,請刪除我的個人資料，謝謝您的協助。\n",
    "ja": "メール,お問い合わせ内容\na@b.jp,個人情報を削除してください。お願いします。\n",
    "de": "E-Mail;Nachricht\nann@example.org;Löschen Sie alle Daten über mich. Grüße aus Köln\n",
    "fr": "Courriel;Votre message\nann@example.org;Effacez mes données, s'il vous plaît\n",
    "en": "email,text\nann@example.org,Please delete my data\n",
}


@pytest.mark.parametrize(
    ("language", "encoding", "used"),
    [
        *((language, name, "") for language in TEXTS for name in ("utf-8", "utf-8-sig")),
        *((language, "utf-16", "utf-16") for language in TEXTS),
        *((language, "utf-16-le", "utf-16-le") for language in ("de", "fr", "en")),
        *((language, "utf-16-be", "utf-16-be") for language in ("de", "fr", "en")),
        ("zh", "gb18030", "gb18030"),
        ("zh", "gb2312", "gb18030"),
        ("tw", "big5", "cp950"),
        ("tw", "cp950", "cp950"),
        ("ja", "shift_jis", "cp932"),
        ("ja", "cp932", "cp932"),
        ("de", "cp1252", "cp1252"),
        ("fr", "iso-8859-1", "cp1252"),
    ],
)
def test_the_character_set_is_found_out_and_named(read, tmp_path, language, encoding, used):
    (row,), problems = read(table(tmp_path, TEXTS[language].encode(encoding)))
    line = TEXTS[language].splitlines()[1]
    assert row.form["text"] == line.split(";" if ";" in line else ",", 1)[1]
    assert not problems
    assert row.warnings == ((f"read as {used}",) if used else ())


@given(st.binary(max_size=400))
def test_no_bytes_break_the_ladder_of_character_sets(raw):
    name = charset_of(io.BytesIO(raw))
    assert isinstance(raw.decode(name, "replace"), str)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_delimiter_is_told_outside_quotes_and_headings_may_have_lines(read, tmp_path, delimiter):
    heading = delimiter.join(['"E-Mail,;;;\t\n(work)"', "text", "Shop"])
    row = delimiter.join(["ann@example.org", f'"a{delimiter}b\nc"', "=1+1"])
    (found,), _ = list(
        read(table(tmp_path, f"{heading}\n{row}\n"), told={"email": "E-Mail,;;;\t\n(work)"})
    )
    assert found.form == {"email": "ann@example.org", "text": f"a{delimiter}b\nc", "Shop": "=1+1"}


def test_a_spreadsheets_word_on_its_delimiter_is_heeded(read, tmp_path):
    (row,), _ = read(table(tmp_path, "sep=;\r\nemail;text\r\na@example.org;x, y, z\r\n"))
    assert row.form["text"] == "x, y, z"


def test_a_quote_that_does_not_end_is_a_problem_with_its_row_and_lines(read, tmp_path):
    rows = 'email,text\na@example.org,x\nb@example.org,"open\nc@example.org,y\n'
    found, (problem,) = read(table(tmp_path, rows))
    assert len(found) == 1
    assert "row 2" in problem.what
    assert "lines 2 to 3" in problem.what


def test_nul_bytes_are_taken_out_and_said(read, tmp_path):
    rows = "email,text\na@example.org,del\0ete " + "my data please " * 9 + "\n"
    (row,), _ = read(table(tmp_path, rows))
    assert row.form["text"].startswith("delete my data")
    assert row.warnings == ("NUL bytes removed",)


def test_a_row_with_too_few_columns_is_read_and_says_so(read, tmp_path):
    (row,), _ = read(table(tmp_path, "email,text,Shop,Town\na@example.org,x\n"))
    assert row.warnings == ("2 fields, but 4 columns",)


def test_two_columns_of_one_name_are_kept_apart_and_two_of_a_key_are_refused(read, tmp_path):
    (row,), _ = read(table(tmp_path, "email,text,Shop,Shop\na@example.org,x,one,two\n"))
    assert (row.form["Shop"], row.form["Shop (2)"]) == ("one", "two")
    with pytest.raises(InputError, match="two columns are called email"):
        read(table(tmp_path, "email,text,email\na@example.org,x,b@example.org\n"))


def test_two_columns_that_could_be_one_key_have_to_be_told_apart(read, tmp_path):
    rows = "E-Mail,Your email,text\na@example.org,b@example.org,x\n"
    with pytest.raises(UnmappedError, match="two columns could be email"):
        read(table(tmp_path, rows))
    (row,), _ = read(table(tmp_path, rows), told={"email": "Your email"})
    assert row.form == {"E-Mail": "a@example.org", "email": "b@example.org", "text": "x"}


def test_our_own_words_go_before_names_that_mean_the_same(read, tmp_path):
    (row,), _ = read(table(tmp_path, "E-Mail,email,text\na@example.org,b@example.org,x\n"))
    assert (row.form["email"], row.form["E-Mail"]) == ("b@example.org", "a@example.org")


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("E-Mail *", "email"),
        ("E-Mail-Adresse:", "email"),
        ("邮箱", "email"),
        ("メールアドレス", "email"),
        ("이메일", "email"),
        ("Numéro de téléphone", "phone"),
        ("手机号（必填）", None),
        ("手机号", "phone"),
        ("Nachricht", "text"),
        ("留言", "text"),
        ("SUBMITTED_AT", "received_at"),
        ("Date", "received_at"),
        ("Number", None),
    ],
)
def test_a_heading_that_means_one_thing_is_known_in_its_language(heading, key):
    assert columns.keys_of_object([heading], {}).get(heading) == key


def test_every_heading_in_the_data_means_one_key_and_every_key_is_ours():
    tables = read_toml(DATA / "headings.toml")
    meant: dict[str, str] = {}
    for names in (tables["headings"], tables["loose"]):
        assert names.keys() <= set(columns.KEYS)
        for key, headings in names.items():
            for heading in headings:
                assert meant.setdefault(headings_of.folded(heading), key) == key, heading
    assert not headings_of.known().keys() & headings_of.loose().keys()


def test_the_same_row_is_known_again_whatever_its_columns_mean(read, tmp_path):
    rows = "Wer,Was,Wo\na@example.org,x,y\n"
    (one,), _ = read(table(tmp_path, rows), told={"email": "Wer", "text": "Was"})
    (other,), _ = read(table(tmp_path, rows), told={"email": "Wer", "text": "Wo"})
    assert one.raw == other.raw
    assert one.form != other.form


def test_a_map_may_name_headings_with_commas():
    said = columns.said(["email=Mail, work,text=What, exactly?", "phone=Tel"])
    assert said == {"email": "Mail, work", "text": "What, exactly?", "phone": "Tel"}
    with pytest.raises(UsageError, match="no key"):
        columns.said(["mail=Mail"])


def test_json_objects_may_have_names_of_their_own(read, tmp_path):
    path = tmp_path / "form.json"
    path.write_text(
        json.dumps(
            [{"E-Mail": "a@b.cn", "Nachricht": "x {y}"}, {"Wer": "c@d.cn", "text": "]"}], indent=2
        )
    )
    found, problems = read(path)
    assert [one.form for one in found] == [{"email": "a@b.cn", "text": "x {y}"}]
    assert problems[0].what.startswith("row 2: names nobody")
    found, _ = read(path, told={"email": "Wer"})
    assert [one.form["email"] for one in found] == ["a@b.cn", "c@d.cn"]


@pytest.mark.parametrize(
    ("text", "many", "wrong"),
    [
        ('{"email": "a@b.cn",\n "text": "x"}', 1, 0),
        ('[{"email": "a@b.cn", "text": "x"}, 7, {"email": "a@b.cn", "text": "y"}]', 2, 1),
        ('[{"email": "a@b.cn", "text": "x"}, {"email": "a', 1, 1),
        ('{"email": "a@b.cn", "text": "}\\"{"}\n{"email": "a@b.cn", "text": "y"}', 2, 0),
        ("[]", 0, 0),
        ("nothing", 0, 1),
        ("[" * 100_000, 0, 1),
        ("{" * 100_000, 0, 1),
    ],
)
def test_a_json_file_holds_one_object_or_many(read, tmp_path, text, many, wrong):
    path = tmp_path / "form.json"
    path.write_text(text)
    found, problems = read(path)
    assert (len(found), len(problems)) == (many, wrong)


def test_a_long_list_of_objects_is_read_one_by_one(read, tmp_path):
    path = tmp_path / "form.json"
    path.write_text(
        json.dumps([{"email": "a@b.cn", "text": f"{n}"} for n in range(5000)], indent=1)
    )
    found, problems = read(path)
    assert (len(found), problems) == (5000, [])


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "utf-8-sig"])
def test_json_lines_have_their_character_set_found_out_too(read, tmp_path, encoding):
    path = tmp_path / "form.jsonl"
    path.write_bytes('{"email": "a@b.cn", "text": "请删除我的个人信息，谢谢"}\n'.encode(encoding))
    (row,), problems = read(path)
    assert row.form["text"] == "请删除我的个人信息，谢谢"
    assert not problems


@pytest.mark.parametrize(
    "text",
    [
        "Mail;Nachricht\na@example.org;x\n",
        "邮箱,留言\na@example.org,x\n",
        '{"email": "a@example.org", "text": "x"}\n',
        '[\n{"email": "a@example.org", "text": "x"}\n]\n',
        '{\n"email": "a@example.org", "text": "x"\n}\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_form_is_told_by_its_content_on_standard_input(read, text, encoding):
    (row,), problems = read("-", text.encode(encoding))
    assert (row.form["email"], row.form["text"]) == ("a@example.org", "x")
    assert not problems
