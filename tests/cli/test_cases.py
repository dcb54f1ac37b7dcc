"""Cases and tickets that belong together: what goes first, what follows, which receipt stands."""

import sqlite3
from contextlib import closing

import pytest

WANG = "Wang.Fang@mail.example.com"


def dates(walk, number):
    shown = walk.show(number)
    return shown["received_at"][:10], shown["due_on"]


# ---- Cancellation, deletion, and what is answered before ----


def test_a_cancellation_erases_or_anonymises_though_nobody_asked_for_deletion(walk):
    number = walk.found("cancellation")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk.work(number, "service_stop", "stop_use")
    walk(f"answer {number}")
    kinds = {each["kind"] for each in walk.json(f"task list {number}")}
    assert "erase_or_anonymise" in kinds
    walk.work(number, "recipient", "backup")
    assert walk.show(number)["status"] == "answered"  # the statute's own task is still open
    walk.work(number, "erase_or_anonymise")
    assert walk.show(number)["status"] == "closed"


def test_a_deletion_beside_a_cancellation_may_be_refused_while_the_account_ends(walk):
    number = walk.found("cancellation --language en")
    erasure = walk.json(f"split {number} deletion")[0]["number"]
    walk(f"verify pass {erasure} --method video")
    walk(f"find {erasure}")
    refusal = f"refuse {erasure} H1 --citation 'Accounting Law Art. 23' --until 2030-01-01"
    walk(f"{refusal} --reason 'the law keeps the vouchers'")
    walk(f"approve {erasure} --as zhao")
    walk.work(erasure, "stop_use")
    walk(f"answer {erasure}")
    assert walk.show(erasure)["outcome"] == "refused"
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk.work(number, "service_stop", "stop_use")
    walk(f"answer {number}")
    assert walk.show(number)["status"] == "answered"


@pytest.mark.parametrize("kind", ["access", "copy"])
def test_what_is_asked_to_be_seen_is_seen_before_it_is_erased_unless_waived_in_writing(walk, kind):
    seen, erased = walk.open(f"{kind} deletion")
    assert walk.show(seen)["target_on"] <= walk.show(erased)["target_on"]
    walk(f"verify pass {erased} --method video")
    walk(f"find {erased}")
    walk(f"propose {erased}")
    error = walk(f"approve {erased} --as wang", exits=4).stderr
    assert f"ticket {seen} asks for the same data" in error
    assert "waives that in writing" in error
    walk(f"set {erased} --waive-access 'letter of 20 November'")
    walk(f"approve {erased} --as wang")
    assert walk.show(erased)["status"] == "fulfilling"


# ---- Duplicates ----


def test_the_first_receipt_stands_whichever_ticket_goes_on(walk):
    first = walk.open("copy --channel post --received 2026-11-16")[0]
    second = walk.open("copy --channel phone")[0]
    received = dates(walk, first)
    said = walk.json(f"close {first} --as duplicate --of {second} --why 'same letter'")[0]["said"]
    assert f"ticket {second} keeps the first receipt, 2026-11-16" in said
    assert dates(walk, second) == received
    walk.sound()


def test_a_repeat_by_another_channel_moves_nothing(walk):
    first = walk.open("copy --channel post --received 2026-11-16")[0]
    before = dates(walk, first)
    second = walk.later(2).open("copy --channel phone")[0]
    walk.later(2)(f"close {second} --as duplicate --of {first} --why x")
    assert dates(walk, first) == before
    links = [e["facts"] for e in walk.show(first)["events"] if e["action"] == "link"]
    assert links == [{"other": second, "duplicate": True}]


def test_a_duplicate_of_what_is_reopened_leaves_the_first_receipt_as_it_was(walk):
    first = walk.open("explanation --received 2026-11-16")[0]
    walk(f"propose {first} --say answer=so")
    walk(f"answer {first}")
    before = dates(walk, first)
    second = walk.open("explanation")[0]
    walk(f"close {second} --as duplicate --of {first} --why 'asks again'")
    walk(f"reopen {first} --why 'the answer bounced'")
    assert dates(walk, first) == before


def test_an_answered_ticket_that_arrived_second_takes_the_first_receipt_too(walk):
    second = walk.open("explanation")[0]
    walk(f"propose {second} --say answer=so")
    walk(f"answer {second}")
    first = walk.open("explanation --channel post --received 2026-11-16")[0]
    walk(f"close {first} --as duplicate --of {second} --why x --dry-run")
    assert dates(walk, second)[0] == "2026-11-23"
    walk(f"close {first} --as duplicate --of {second} --why x")
    assert dates(walk, second)[0] == "2026-11-16"
    walk(f"reopen {second} --why 'the answer bounced'")
    assert dates(walk, second) == dates(walk, first)


# ---- What is proved, and what a hold keeps ----


def test_nothing_is_verified_where_nothing_was_shown(walk):
    number = walk.open("copy")[0]
    walk(f"verify pass {number} --method nothing", exits=3)
    walk(f"find {number}", exits=4)
    assert not walk.show(number)["identity"]["verified"]
    walk(f"verify ask {number}")
    identity = walk.show(number)["identity"]
    assert not identity["verified"]
    assert {each["result"] for each in identity["proofs"]} == {"asked"}


def test_each_attempt_at_proof_has_one_result_of_three(walk):
    number = walk.open("deletion --role agent")[0]
    walk(f"verify pass {number} --method power_of_attorney")  # authority alone is too little
    walk(f"verify fail {number} --method video --why 'another face'")
    results = {each["method"]: each["result"] for each in walk.show(number)["identity"]["proofs"]}
    assert results["video"] == "failed"
    assert set(results.values()) <= {"verified", "failed", "needs_more"}
    assert not walk.show(number)["identity"]["verified"]
    walk(f"verify pass {number} --method video")
    assert walk.show(number)["identity"]["verified"]


def test_a_lost_passphrase_opens_nothing_after_another_was_made(walk):
    number = walk.found("copy")
    walk(f"export {number}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    used = walk.json(f"answer {number}")["passphrase"]
    assert walk.json(f"answer {number} --again")["passphrase"] != used
    with closing(sqlite3.connect(walk.run.variables["DSR_DATABASE_URL"])) as connection, connection:
        assert used not in "\n".join(connection.iterdump())


def test_a_case_that_is_withdrawn_is_told_by_one_letter_that_names_its_tickets(walk):
    numbers = walk.open("access deletion --language en")
    assert len(numbers) == 2
    case = walk.show(numbers[0])["case"]
    walk(f"close case:{case} --as withdrawn --why 'by telephone' --dry-run")
    assert walk.rows("select count(*) from letter where name = 'withdrawn'") == [0]
    said = walk.json(f"close case:{case} --as withdrawn --why 'by telephone'")
    assert {each["said"].partition("to send: ")[2] for each in said} == {
        f"dsr letter {numbers[0]} withdrawn --dir DIR"
    }
    letters = {walk.ended(number, "withdrawn", "withdrawn") for number in numbers}
    (letter,) = letters
    for words in ("DSR-1", "DSR-2", "these requests"):
        assert words in letter
    assert walk.rows("select count(distinct message_id) from letter") == [1]


def test_what_cannot_be_withdrawn_of_a_case_stays_and_is_named(walk):
    first, second = walk.open("access deletion --language en")
    walk(f"close {first} --as withdrawn --why x")
    case = walk.show(first)["case"]
    walk(f"close case:{case} --as withdrawn --why x", exits=6)
    assert walk.show(second)["status"] == "closed"
