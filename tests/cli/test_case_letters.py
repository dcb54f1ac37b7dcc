"""Letters that go out once for a case: acknowledgement, identity request, answer."""

import shutil
import sqlite3
from contextlib import closing
from email import message_from_bytes
from pathlib import Path

import pytest
import pyzipper

from dsr.domain.vocabulary import LetterName
from dsr.letters.forms import forms_here
from dsr.store.tables.letters import LetterRow

WANG = "Wang.Fang@mail.example.com"


def letters_of(walk, number, name):
    return [each for each in walk.show(number)["letters"] if each["name"] == name]


def ready(walk, *numbers, by="wang"):
    """Search for, propose and approve tickets that are proved."""
    for number in numbers:
        walk.run(f"find {number}")
        walk.run(f"export {number}")
        walk.run(f"propose {number}")
        walk.run(f"approve {number} --as {by}")


@pytest.fixture
def two(walk):
    """Return the office with an access and a copy of one letter, both ready to be answered."""
    kept = walk.kept / "two of one case"
    files = [Path(walk.run.variables[name]) for name in ("DSR_DATABASE_URL", "DSR_KEY_FILE")]
    if not kept.exists():
        walk.open("access copy")
        walk("verify pass case:1 --method video")
        ready(walk, 1, 2)
        kept.mkdir()
        for file in files:
            shutil.copyfile(file, kept / file.name)
    for file in files:
        shutil.copyfile(kept / file.name, file)
    return walk


def test_an_identity_request_of_a_case_is_one_letter_for_all_its_tickets(walk):
    walk.open("access deletion withdrawal --scope marketing")

    (row,) = walk.json("verify ask case:1")

    assert "1, 2" in row["said"]
    first, second = (letters_of(walk, number, "identity_request") for number in (1, 2))
    assert [each["sha256"] for each in first] == [each["sha256"] for each in second]
    assert letters_of(walk, 3, "identity_request") == []  # a stop needs no proof
    assert len(set(walk.rows("select message_id from letter"))) == 1
    text = walk.letter(2, "identity_request")
    assert all(reference in text for reference in ("DSR-1", "DSR-2"))
    assert [walk.show(number)["status"] for number in (1, 2, 3)] == [
        "verifying", "verifying", "received",
    ]  # fmt: skip
    walk.sound()


def test_asked_again_for_a_case_it_is_one_reminder_and_only_for_what_still_lacks_proof(walk):
    walk.open("access deletion")
    walk("verify ask case:1")
    walk("verify pass 1 --method video")

    later = walk.later(5)
    later("verify ask case:1")

    assert len(letters_of(later, 1, "identity_request")) == 1
    assert len(letters_of(later, 2, "identity_request")) == 2
    later("verify pass 2 --method video")
    assert "lacks a proof" in later("verify ask case:1", exits=4).stderr
    assert "no case 9" in later("verify ask case:9", exits=3).stderr


def test_a_case_is_asked_for_what_suffices_for_each_of_its_tickets(walk):
    walk.open("access correction")
    walk("verify pass 1 --method mailbox_reply")
    walk("find 1")  # it finds sensitive data: the mailbox alone no longer suffices
    strict, mild = (walk.json(f"verify ask {number} --dry-run")[0]["said"] for number in (1, 2))
    assert "mailbox_reply" in mild
    assert "mailbox_reply" not in strict

    (row,) = walk.json("verify ask case:1")

    codes = strict.removeprefix("asked for proof: ").partition(";")[0]
    assert f"asked for proof for 1, 2: {codes}; one letter" in row["said"]
    assert walk.rows("select distinct method from proof where result = 'asked' order by id") == (
        codes.split(", ")
    )


def test_an_acknowledgement_of_a_case_is_one_letter_in_every_file(walk):
    walk.open("access deletion")

    walk(f"letter case:1 acknowledgement --dir {walk.folder / 'out1'}")
    walk(f"letter 2 acknowledgement --dir {walk.folder / 'out2'}")

    assert len(set(walk.rows("select message_id from letter"))) == 1
    assert [len(letters_of(walk, number, "acknowledgement")) for number in (1, 2)] == [1, 1]
    places = [walk.folder / name / "acknowledgement.eml" for name in ("out1", "out2")]
    first, second = (message_from_bytes(place.read_bytes()) for place in places)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["X-DSR-Id"] == "1, 2"
    walk.sound()


def test_a_letter_of_one_ticket_is_not_written_for_a_case(walk):
    walk.open("access deletion")

    assert "one ticket" in walk("letter case:1 clarification --ask what", exits=2).stderr


def test_one_letter_answers_every_ready_ticket_of_a_case(two):
    answered = two.json("answer case:1")

    assert [each["number"] for each in answered] == [1, 2]
    assert {each["letter"] for each in answered} == {"case_answer"}
    folder = two.out / "case-1"
    forms = {f"letter{form.ending}" for form in forms_here()}
    names = {place.name for place in folder.iterdir()}
    assert names == {*forms, "letter.eml", "DSR-1.zip", "DSR-2.zip"}
    for each in answered:
        mine = folder / f"DSR-{each['number']}.zip"
        assert [name for name in each["files"] if name.endswith(".zip")] == [str(mine)]
        with pyzipper.AESZipFile(mine) as archive:
            archive.setpassword(each["passphrase"].encode())
            assert archive.read(archive.namelist()[0])
    assert answered[0]["passphrase"] != answered[1]["passphrase"]
    letters = [letters_of(two, number, "case_answer") for number in (1, 2)]
    assert letters[0] == letters[1]
    assert [(each["state"], each["channel"]) for each in letters[1]] == [("ready", "email")]
    text = two.ended(1, "fulfilled", "case_answer")
    assert text == two.ended(2, "fulfilled", "case_answer")
    assert (folder / "letter.txt").read_text("utf-8") == text
    assert not [each["passphrase"] for each in answered if each["passphrase"] in text]


def test_each_part_says_what_its_own_letter_would_have_said(two):
    own = [two.json(f"letter {number} {name}") for number, name in ((1, "access"), (2, "copy"))]
    preview = two("answer case:1 --dry-run").stdout

    for number, each in enumerate(own, start=1):
        assert f"{number}. {each['subject']}" in preview
        body = each["text"].split("\n\n", 4)[-1].split("【救济途径】")[0]
        assert body.strip()[:200] in preview


def test_a_dry_run_of_a_case_changes_nothing(two):
    before = two.dump()

    two("answer case:1 --dry-run")

    assert two.dump() == before
    assert not (two.out / "case-1").exists()


def test_what_is_not_ready_is_named_and_the_rest_goes_out_at_once(two):
    two("split 1 deletion")
    two("split 1 correction")

    done = two("answer case:1")

    assert "ticket 3 is not in this letter" in done.stderr
    assert "ticket 4 is not in this letter" in done.stderr
    assert "dsr verify ask 3" in done.stderr
    assert [two.show(number)["status"] for number in (1, 2, 3)] == ["closed", "closed", "received"]
    text = two.letter(1, "case_answer")
    assert "DSR-3" in text.split("1. ")[-1]  # it is told that it is answered apart


def test_one_ready_ticket_gets_its_own_letter(walk):
    walk.open("access deletion")
    walk("verify pass case:1 --method video")
    ready(walk, 1)

    (done,) = walk.json("answer case:1")

    assert (done["number"], done["letter"]) == (1, "access")
    walk.ended(1, "fulfilled", "access")


def test_a_case_without_a_ready_ticket_says_what_is_missing(walk):
    walk.open("access deletion")

    assert "none is ready: 1: 'answer'" in walk("answer case:1", exits=4).stderr.replace(
        "a ticket in status received does not take ", ""
    )
    assert "no case 9" in walk("answer case:9", exits=3).stderr
    assert "one case" in walk("answer case:1,case:2", exits=2).stderr


def test_nothing_goes_out_where_a_part_lacks_a_fact_or_a_copy_is_another(two):
    with closing(sqlite3.connect(two.run.variables["DSR_DATABASE_URL"])) as connection, connection:
        connection.execute(
            "delete from blob where sha256 = (select sha256 from package where ticket = 2)"
        )
    before = two.dump()

    assert "copy that waited is destroyed" in two("answer case:1", exits=4).stderr

    assert two.dump() == before
    assert not (two.out / "case-1").exists()


def test_what_changed_after_its_approval_is_not_in_the_letter(two):
    two("set 2 --place DE", exits=4)  # it cannot even be changed; so somebody does it behind us
    with closing(sqlite3.connect(two.run.variables["DSR_DATABASE_URL"])) as connection, connection:
        connection.execute("update item set label = 'other' where ticket = 2 and number = 1")

    done = two("answer case:1")

    assert "ticket 2 is not in this letter" in done.stderr
    assert "changed after it was" in done.stderr
    assert two.show(2)["status"] != "closed"
    assert [each["name"] for each in two.show(1)["letters"]][-1] == "access"


def test_what_goes_on_paper_waits_for_one_proof_for_all(two):
    two("answer case:1 --sent-by post")
    assert {
        each["state"] for number in (1, 2) for each in letters_of(two, number, "case_answer")
    } == {"ready"}

    two('answer case:1 --proof "EMS 1049812345"')

    for number in (1, 2):
        (letter,) = letters_of(two, number, "case_answer")
        assert (letter["state"], letter["channel"]) == ("sent", "post")
    two.sound()
    assert "is answered" in two("answer case:1", exits=4).stderr


def test_an_answer_to_another_address_goes_alone(walk):
    first, other = walk.file(WANG, "first.txt"), walk.file("fang@example.com", "other.txt")
    walk.open("access copy")
    walk(f"set 1 --identifier email={other}")
    for number, address in ((1, first), (2, other)):
        walk(f"verify pass {number} --method mailbox_reply --identifier email={address}")
        walk(f"verify pass {number} --method video")
    ready(walk, 1, 2)

    done = walk("answer case:1")

    assert "ticket 2 is not in this letter: its answer goes to another address" in done.stderr
    assert "dsr answer 2" in done.stderr
    assert [walk.show(number)["status"] for number in (1, 2)] == ["closed", "approval"]


def test_an_answer_in_another_language_goes_alone(two):
    two('return 2 --why "in English"')
    two("set 2 --language en")
    two("propose 2")
    two("approve 2 --as wang")

    done = two("answer case:1")

    assert "ticket 2 is not in this letter: its answer is in another language" in done.stderr


def test_the_letter_of_a_case_is_not_written_by_hand(walk):
    walk.open("access deletion")

    refused = walk(f"letter case:1 case_answer --dir {walk.folder / 'out'}", exits=4)
    assert "dsr answer case:1" in refused.stderr
    assert "the answers to the requests" in walk("letter case:1 case_answer", exits=4).stderr


def test_a_letter_of_a_case_fits_its_column():
    assert len(LetterName.CASE_ANSWER) <= LetterRow.__table__.c.name.type.length
