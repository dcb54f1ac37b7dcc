"""Each right from its opening to the closed ticket and what the person holds in the hands."""

import csv
import io
import json
import subprocess
from email import message_from_bytes

import pytest
import pyzipper

LANGUAGES = ("zh-Hans", "en")


def first_line(text):
    return text.split("\n", 1)[0]


@pytest.fixture
def copied(walk, tmp_path):
    """A copy that was handed over: the ticket, the passphrase, and the files in the archive."""

    def hand_over(language="zh-Hans", kind="copy"):
        number = walk.found(f"{kind} --language {language}")
        walk(f"export {number}")
        walk(f"propose {number}")
        walk(f"approve {number} --as wang")
        answered = walk.json(f"answer {number}")
        archive = next(name for name in answered["files"] if name.endswith(".zip"))
        folder = tmp_path / "opened"
        with pyzipper.AESZipFile(archive) as zipped:
            zipped.setpassword(answered["passphrase"].encode())
            zipped.extractall(folder)
        return number, answered, folder

    return hand_over


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_copy_opens_with_the_passphrase_and_its_sums_hold(walk, copied, language):
    number, answered, folder = copied(language)
    root = next(folder.rglob("SHA256SUMS")).parent
    subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=root, check=True, capture_output=True)
    assert answered["status"] == "closed"
    letter = walk.ended(number, "fulfilled", "copy")
    assert answered["passphrase"] not in letter
    assert ("副本" in first_line(letter)) is (language != "en")
    package = walk.rows(f"select encrypted_sha256 from package where ticket = {number}")[0]
    assert package in letter


def test_a_copy_holds_the_rows_of_the_systems_and_none_that_a_client_decides_on(
    walk, copied, company_systems
):
    import sqlite3

    _, _, folder = copied()
    names = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
    assert not [name for name in names if "uploaded_employees" in name]
    connection = sqlite3.connect(company_systems / "crm.db")
    connection.row_factory = sqlite3.Row
    held = connection.execute("select * from contacts where email = 'Wang.Fang@mail.example.com'")
    expected = [dict(row) for row in held]
    connection.close()
    table = next(path for path in folder.rglob("*.csv") if path.stem.endswith("crm-contacts"))
    lines = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    told = {name: str(value or "") for name, value in expected[0].items()}
    assert lines == [told]
    collections = json.loads((folder / "data.json").read_text(encoding="utf-8"))["collections"]
    contacts = next(each for each in collections if each["collection"] == "contacts")
    assert [row["email"] for row in contacts["rows"]] == [row["email"] for row in expected]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_access_tells_what_is_held_and_of_each_refusal_nothing(walk, copied, language):
    number, _, _ = copied(language, "access")
    letter = walk.ended(number, "fulfilled", "access")
    assert ("客户关系系统" if language != "en" else "Customer relations system") in letter
    assert ("申联短信网关" if language != "en" else "Shenlian") in letter


def test_the_answer_is_a_mail_to_the_proved_address_and_holds_no_passphrase(walk, copied):
    number, answered, _ = copied()
    place = walk.out / f"DSR-{number}"
    mail = message_from_bytes((place / "letter.eml").read_bytes())
    assert mail["To"] == "wang.fang@mail.example.com"
    assert not list(mail.walk())[1:]
    for name in ("letter.eml", "letter.txt"):
        assert answered["passphrase"].encode() not in (place / name).read_bytes()
    assert {oct(path.stat().st_mode & 0o777) for path in place.iterdir()} == {"0o600"}


def test_a_lost_passphrase_is_replaced_and_the_old_one_opens_nothing(walk, copied):
    number, answered, _ = copied()
    again = walk.json(f"answer {number} --again")
    assert again["passphrase"] != answered["passphrase"]
    archive = next(name for name in again["files"] if name.endswith(".zip"))
    with pyzipper.AESZipFile(archive) as zipped:
        zipped.setpassword(answered["passphrase"].encode())
        with pytest.raises(RuntimeError):
            zipped.testzip()
        zipped.setpassword(again["passphrase"].encode())
        assert zipped.testzip() is None
    walk.sound()


def test_a_dry_run_shows_the_letter_and_leaves_everything_as_it_was(walk):
    number = walk.found("copy")
    walk(f"export {number}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    before = walk.dump()
    shown = walk(f"answer {number} --dry-run")
    assert f"DSR-{number}" in shown.stdout
    assert walk.dump() == before
    assert not (walk.out / f"DSR-{number}").exists()


def test_a_self_declared_value_is_corrected_without_a_second_officer(walk):
    number = walk.found("correction")
    changes = walk.file("手机号: +8619900000001 -> +8619900000999")
    assert "decided" in walk(f"propose {number} --changes {changes}").stdout
    walk(f"answer {number}", exits=4)
    walk.work(number, "source")
    walk(f"answer {number}")
    letter = walk.ended(number, "fulfilled", "correction", status="answered")
    assert "由“+8619900000001”更正为“+8619900000999”" in letter
    assert "税务机关" not in letter  # it never got a phone number
    walk.work(number)
    assert walk.show(number)["status"] == "closed"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_correction_of_what_others_recorded_needs_a_second_officer(walk, language):
    number = walk.found(f"correction --language {language}")
    changes = walk.file("发票金额: 100 -> 90")
    assert "approval due" in walk(f"propose {number} --changes {changes}").stdout
    walk(f"approve {number} --as wang")
    walk.work(number)
    walk(f"answer {number}")
    walk.ended(number, "fulfilled", "correction")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_deletion_keeps_what_a_law_keeps_and_closes_with_its_last_task(walk, language):
    number = walk.found(f"deletion --language {language}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    shown = walk.show(number)
    kept = [each for each in shown["items"] if each["proposal"] == "keep"]
    assert kept
    assert all(each["ground"] and each["citation"] and each["until"] for each in kept)
    notices = [each for each in shown["letters"] if each["name"] == "recipient_notice"]
    assert len(notices) == len(walk.tasks(number, "recipient")) > 0
    walk(f"answer {number}", exits=4)
    walk.work(number, "source")
    walk(f"answer {number}", exits=4)  # it would say that other use of what is kept has stopped
    walk.work(number, "stop_use")
    walk(f"answer {number}")
    letter = walk.ended(number, "partly_refused", "deletion", status="answered")
    assert all(each["citation"] in letter and each["until"] in letter for each in kept)
    left = walk.tasks(number, "recipient", "backup")
    retained = [each for each in walk.json(f"task list {number}") if each["kind"] == "retention"]
    assert len(retained) == len(kept)
    assert all(each["due_on"] > "2026-11-23" for each in retained)
    for task in left[:-1]:
        walk(f"task done {number} {task} --proof ok")
    assert walk.show(number)["status"] == "answered"
    walk(f"task done {number} {left[-1]} --proof ok")
    walk.ended(number, "partly_refused", "deletion")
    assert len(walk.tasks(number, "retention")) == len(kept)  # looked at when their end has come


@pytest.mark.parametrize(
    ("scope", "language"),
    [("marketing", "zh-Hans"), ("consent", "en"), ("objection", "zh-Hans"), ("cookies", "en")],
)
def test_a_withdrawal_is_carried_out_without_proof(walk, scope, language):
    number = walk.open(f"withdrawal --scope {scope} --language {language}")[0]
    walk(f"propose {number}")
    walk.work(number, "source")
    walk(f"answer {number}")
    for task in walk.tasks(number, "after_withdrawal"):
        walk(f"task done {number} {task} --result other_basis --proof 'the contract runs'")
    walk.work(number)
    walk.ended(number, "fulfilled", "withdrawal")
    assert walk.show(number)["identity"]["proofs"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cancellation_stops_the_service_first_and_erases_afterwards(walk, language):
    number = walk.found(f"cancellation --language {language}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk(f"answer {number}", exits=4)
    walk.work(number, "service_stop", "stop_use")
    walk(f"answer {number}")
    letter = walk.ended(number, "partly_refused", "cancellation", status="answered")
    told = "您无法再登录该账号" if language != "en" else "you can no longer sign in"
    assert told in letter
    walk.work(number, "erase_or_anonymise", "recipient")
    assert walk.show(number)["status"] == "answered"  # what the backups hold is overwritten later
    walk.work(number, "backup")
    walk.ended(number, "partly_refused", "cancellation")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_automated_decision_is_reviewed_by_a_person(walk, language):
    number = walk.found(f"review --language {language}")
    walk(
        f"propose {number} --say finding='a person looked' --say decision_logic=opens "
        "--say data_used=clicks --say review_result=changed "
        "--say significant=yes --say significance='it sets the price'"
    )
    walk(f"approve {number} --as wang")
    (task,) = walk.tasks(number, "human_review")
    walk(f"task done {number} {task} --result changed --proof ok --as zhao")
    walk.work(number, "change")
    walk(f"answer {number}")
    assert "a person looked" in walk.ended(number, "fulfilled", "review")


@pytest.mark.parametrize("language", LANGUAGES)
def test_processing_is_restricted_without_proof(walk, language):
    number = walk.open(f"restriction --language {language}")[0]
    walk(f"propose {number} --say reason='accuracy is checked'")
    walk.work(number, "source")
    walk(f"answer {number}")
    letter = walk.ended(number, "fulfilled", "restriction", status="answered")
    assert "accuracy is checked" in letter
    assert [each["kind"] for each in walk.show(number)["tasks"]][-1] == "lift"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rules_are_explained_without_proof(walk, language):
    number = walk.open(f"explanation --language {language}")[0]
    walk(f"propose {number} --say answer='so it is'")
    walk(f"answer {number}")
    assert "so it is" in walk.ended(number, "fulfilled", "explanation")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_complaint_ends_with_its_result(walk, language):
    number = walk.open(f"complaint --language {language}")[0]
    words = "--say complaint_result=partly_upheld --say measures='we answer within two days'"
    walk(f"propose {number} --say finding='we were slow' {words}")
    walk(f"approve {number} --as wang")
    walk(f"answer {number}")
    letter = walk.ended(number, "partly_refused", "complaint")
    assert "we were slow" in letter
    assert "we answer within two days" in letter
    assert ("您的投诉部分成立" if language != "en" else "justified in part") in letter


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("explanation", "answer"),
        ("restriction", "reason"),
        ("complaint", "finding"),
    ],
)
def test_what_an_answer_owes_is_asked_for_when_it_is_proposed(walk, kind, word):
    number = walk.open(kind)[0]
    before = walk.dump()
    error = walk(f"propose {number}", exits=4).stderr
    assert f"dsr propose {number} --say {word}=" in error
    assert walk.dump() == before
