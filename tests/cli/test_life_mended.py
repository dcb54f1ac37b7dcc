"""What happens between a written letter and the person who gets it, and ends that must be true."""

from email import message_from_bytes, policy

import pytest

from dsr.domain.vocabulary import IdentifierType, Kind, LetterName, RequesterRole
from dsr.services import letters
from dsr.services.steps import ticket_of

NOBODY = "nobody@example.org"
ZHANG = "zhang.jianguo@mail.example.com"
PHONE = "+8619900000010"


def said(walk, line):
    """Return what a step says it did."""
    return walk.json(line)[0]["said"]


def mails(folder):
    """Return the mails in a folder by the stem of their names."""
    return {
        place.stem: message_from_bytes(place.read_bytes(), policy=policy.default)
        for place in folder.glob("*.eml")
    }


@pytest.fixture
def erased(walk):
    """Return a deletion that is approved: its recipients are written to."""
    number = walk.found("deletion --language en")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    return number


def test_a_step_that_wrote_a_letter_says_how_it_is_sent(walk):
    number = walk.verified("access --law EU --place DE")
    steps = {
        f"extend {number} --why 'many systems'": ("extension",),
        f"clarify {number} --ask 'Which account?'": ("clarification",),
        f"close {number} --as withdrawn --why x": ("withdrawn",),
    }
    referred = walk.open("copy")[0]
    steps[f"refer {referred} --to lanhai"] = ("referral", "client_notice")
    for line, names in steps.items():
        one = line.split()[1]
        commands = [f"dsr letter {one} {name} --dir DIR" for name in names]
        assert said(walk, line).endswith("to send: " + " and ".join(commands))
        for name in names:
            folder = walk.folder / name
            walk(f"letter {one} {name} --dir {folder}")
            assert {f"{name}.txt", f"{name}.eml"} <= {place.name for place in folder.iterdir()}


def test_an_approval_says_how_the_notices_to_recipients_are_sent(walk):
    number = walk.found("deletion")
    walk(f"propose {number}")
    told = said(walk, f"approve {number} --as wang")
    assert told.endswith(f"to send: dsr letter {number} recipient_notice --dir DIR")
    nobody = walk.found("deletion", NOBODY)
    walk(f"propose {nobody}")
    assert "to send" not in said(walk, f"approve {nobody} --as wang")


def test_each_recipient_gets_a_notice_of_its_own(walk, erased):
    folder = walk.folder / "notices"
    walk(f"letter {erased} recipient_notice --dir {folder}")
    found = mails(folder)
    count = len(walk.tasks(erased, "recipient"))
    assert set(found) == {f"recipient_notice-{index}" for index in range(1, count + 1)}
    addresses = {mail["To"] for mail in found.values()}
    assert len(addresses) == count > 1
    assert "privacy@shenlian.example.net" in addresses
    assert len(walk.json(f"letter {erased} recipient_notice --frozen")) == count
    shown = walk(f"letter {erased} recipient_notice --frozen").stdout
    assert shown.count("has exercised a right") == count


def test_mails_to_others_let_nobody_answer_for_the_person(walk, erased):
    referred = walk.open("copy --language en")[0]
    walk(f"refer {referred} --to lanhai")
    for number, name in ((erased, "recipient_notice"), (referred, "client_notice")):
        folder = walk.folder / name
        walk(f"letter {number} {name} --dir {folder}")
        for mail in mails(folder).values():
            assert "[dsr-" not in mail["Subject"].casefold()
            assert mail["In-Reply-To"] is None
    walk(f"letter {referred} referral --dir {walk.folder / 'own'}")
    assert "[dsr-" in mails(walk.folder / "own")["referral"]["Subject"].casefold()


def test_a_recipient_counts_as_told_when_its_task_is_done(walk, erased):
    def states():
        letters = walk.show(erased)["letters"]
        return [each["state"] for each in letters if each["name"] == "recipient_notice"]

    assert set(states()) == {"ready"}
    first, *_ = walk.tasks(erased, "recipient")
    walk(f"task done {erased} {first} --proof 'mail of 23 November'")
    assert states().count("sent") == 1


@pytest.mark.parametrize(
    ("name", "command"), [("recipient_notice", "propose 1"), ("client_notice", "refer 1 --to")]
)
def test_a_notice_to_nobody_names_the_step_that_writes_it(walk, name, command):
    walk.open("deletion")
    for more in ("", f" --dir {walk.folder / 'out'}"):
        assert f"dsr {command}" in walk(f"letter 1 {name}{more}", exits=4).stderr


def test_a_notice_that_is_written_is_not_previewed_again(walk, erased):
    hint = f"dsr letter {erased} recipient_notice --frozen"
    assert hint in walk(f"letter {erased} recipient_notice", exits=4).stderr


def by_phone(walk):
    """Return a correction that is done, asked for by somebody without a mail address."""
    number = walk.open("correction", PHONE, "phone")[0]
    walk(f"verify pass {number} --method one_time_code --identifier phone")
    walk(f"find {number}")
    walk(f"propose {number} --changes {walk.file('姓名: 徐敏 -> 徐闵')}")
    walk.work(number)
    return number


def letter_state(walk, number):
    return walk.show(number)["letters"][-1]["state"]


def test_an_answer_without_a_proved_address_leaves_another_way(walk):
    number = by_phone(walk)
    before = walk.dump()
    for line in (f"answer {number}", f"answer {number} --dry-run"):
        assert "--sent-by post|phone|in_person" in walk(line, exits=4).stderr
    assert walk.dump() == before
    walk(f"answer {number} --sent-by post")
    assert letter_state(walk, number) == "ready"
    event = next(each for each in walk.json(f"log {number}") if each["action"] == "answer")
    assert (event["facts"]["letter"], event["facts"]["channel"]) == ("ready", "post")
    walk(f"answer {number} --proof 'EMS 1049812345'")
    sent = walk.show(number)["letters"][-1]
    assert (sent["state"], sent["channel"], bool(sent["sent_at"])) == ("sent", "post", True)
    walk(f"answer {number} --proof again", exits=4)
    walk.sound()


def test_an_answer_by_post_with_its_proof_is_sent_at_once(walk):
    number = by_phone(walk)
    walk(f"answer {number} --sent-by in_person --proof 'handed over'")
    assert letter_state(walk, number) == "sent"


@pytest.mark.parametrize("role", ["guardian", "agent", "near_relative", "client"])
def test_who_asks_for_another_is_answered_at_the_own_address(desk, opened, role):
    number = opened(
        Kind.EXPLANATION,
        identifiers=((IdentifierType.EMAIL, "mei@example.com"),),
        sender="who.asks@law.example.com",
        role=RequesterRole(role),
    )
    with desk.read() as session:
        ticket = ticket_of(session, number)
        found = letters.address_of(session, ticket, LetterName.EXPLANATION)
    assert found == "who.asks@law.example.com"


def test_an_agent_gets_nothing_of_the_person_before_the_authority_is_proved(walk, desk, opened):
    number = opened(
        Kind.ACCESS,
        identifiers=((IdentifierType.EMAIL, "mei@example.com"),),
        sender="who.asks@law.example.com",
        role=RequesterRole.AGENT,
    )

    def address():
        with desk.read() as session:
            return letters.address_of(session, ticket_of(session, number), LetterName.ACCESS)

    walk(f"verify pass {number} --method video")
    assert address() is None
    walk(f"verify pass {number} --method power_of_attorney")
    assert address() == "who.asks@law.example.com"


def test_a_duplicate_repeats_the_same_right_of_the_same_person(walk):
    first, other = walk.open("copy")[0], walk.open("copy", ZHANG)[0]
    access, repeated = walk.open("access")[0], walk.open("copy")[0]
    line = f"close {repeated} --as duplicate --why same"
    assert "shares no identifier" in walk(f"{line} --of {other}", exits=4).stderr
    assert "something else" in walk(f"{line} --of {access}", exits=4).stderr
    walk(f"{line} --of {first} --reason 'We are at it.'")
    assert "We are at it." in walk.ended(repeated, "duplicate", "duplicate")
    again = walk.open("copy")[0]
    line = f"close {again} --as duplicate --why same"
    assert "ended as duplicate" in walk(f"{line} --of {repeated}", exits=4).stderr
    walk(f"close {first} --as withdrawn --why x")
    assert "ended as withdrawn" in walk(f"{line} --of {first}", exits=4).stderr


def test_one_name_does_not_make_two_people_one(walk):
    name = walk.file("王芳", "name.txt")
    first = walk.open(f"copy --identifier name={name}")[0]
    second = walk.open(f"copy --identifier name={name}", ZHANG)[0]
    walk(f"close {second} --as duplicate --of {first} --why same", exits=4)


def test_a_withdrawal_of_the_request_names_its_day_and_keeps_the_reason_in_the_file(walk):
    number = walk.open("copy --language en --received 2026-11-18")[0]
    line = f"close {number} --as withdrawn --why 'her lawyer rang' --on"
    walk(f"{line} 2026-11-24", exits=2)
    walk(f"{line} 2026-11-17", exits=2)
    walk(f"close {number} --as not_a_request --why x --on 2026-11-20", exits=2)
    walk(f"{line} 2026-11-20 --reason 'Thank you.'")
    letter = walk.ended(number, "withdrawn", "withdrawn")
    assert "On 20 November 2026 you told us" in letter
    assert "lawyer" not in letter
    today = walk.open("copy --language en")[0]
    walk(f"close {today} --as withdrawn --why 'her lawyer rang'")
    assert "On 23 November 2026" in walk.letter(today, "withdrawn")


def test_what_is_no_request_is_told_a_reason_only_where_one_is_meant_for_the_person(walk):
    number = walk.open("complaint --language en")[0]
    walk(f"close {number} --as not_a_request --why troll --reason 'Prices are on our site.'")
    letter = walk.ended(number, "not_a_request", "not_a_request")
    assert "Prices are on our site." in letter
    assert "troll" not in letter


def test_a_withdrawal_that_no_basis_fits_is_worked_at_every_source(walk):
    number = walk.open("withdrawal --scope objection")[0]
    walk(f"propose {number}")
    listed = walk.json(f"task list {number}")
    assert {each["target"] for each in listed if each["kind"] == "source"} == {
        "crm",
        "platform",
        "billing",
    }
    assert not walk.tasks(number, "recipient")
    walk(f"answer {number}", exits=4)


def test_a_withdrawal_of_somebody_whom_no_search_found_is_told_to_nobody(walk):
    number = walk.open("withdrawal --scope marketing", NOBODY)[0]
    walk(f"find {number}")
    walk(f"propose {number}")
    assert walk.tasks(number) == []


def test_recipients_are_told_of_a_cancellation(walk):
    number = walk.found("cancellation")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    assert walk.tasks(number, "recipient")
    notices = [e for e in walk.show(number)["letters"] if e["name"] == "recipient_notice"]
    assert len(notices) == len(walk.tasks(number, "recipient"))
    walk.work(number, "service_stop", "stop_use")
    walk(f"answer {number}")


def test_a_repetition_is_shown_by_an_answer_to_the_same_person(walk):
    answered, open_one = walk.open("explanation")[0], walk.open("explanation")[0]
    other = walk.open("explanation", ZHANG)[0]
    closed = walk.open("explanation")[0]
    for number in (answered, other):
        walk(f"propose {number} --say answer='so it is'")
        walk(f"answer {number}")
    walk(f"close {closed} --as withdrawn --why x")
    wrong = {open_one: "not answered", other: "no identifier", closed: "not answered"}
    again = walk.open("explanation")[0]
    line = f"refuse {again} S1 --reason 'told before' --alternative later --draft"
    for number, words in {**wrong, again: "itself"}.items():
        error = walk(f"{line} --evidence DSR-{answered} --evidence DSR-{number}", exits=4).stderr
        assert f"DSR-{number}" in error
        assert words in error
    walk(f"{line} --evidence DSR-99", exits=3)
    walk(f"{line} --evidence DSR-{answered} --evidence 'letter of 3 May'")


@pytest.mark.parametrize(
    ("what", "how", "option"),
    [
        ("deletion", "H1 --until 2027-01-01", "--citation"),
        ("deletion", "H1 --citation 'Tax Law Art. 24'", "--until"),
        ("deletion", "H5", "--evidence"),
        ("copy", "S2 --citation x", "--alternative"),
        ("deletion", "H7 --items 1", "--grant"),
    ],
)
def test_a_refusal_names_the_option_that_it_lacks(walk, what, how, option):
    number = walk.found(what)
    error = walk(f"refuse {number} {how} --reason 'in neutral words'", exits=4).stderr
    assert option in error.partition("hint:")[2]


def test_what_is_asked_before_the_proof_goes_out_as_a_letter(walk):
    number = walk.open("copy --language en")[0]
    error = walk(f"clarify {number} --ask 'Which account?'", exits=4).stderr
    assert f"dsr verify ask {number}" in error
    assert f"dsr letter {number} clarification --ask TEXT" in error
    folder = walk.folder / "asked"
    walk(f"letter {number} clarification --ask 'Which account?' --dir {folder}")
    assert "Which account?" in (folder / "clarification.txt").read_text(encoding="utf-8")


def test_what_needs_no_proof_may_be_asked_back_at_once(walk):
    number = walk.open("explanation")[0]
    walk(f"clarify {number} --ask 'Which rule?'")
    assert walk.show(number)["status"] == "waiting"


def test_a_step_out_of_turn_names_commands_that_exist(walk):
    number = walk.found("deletion")
    walk(f"propose {number}")
    error = walk(f"find {number}", exits=4).stderr
    assert "a ticket in status approval does not take 'find'" in error
    possible = error.partition("possible now: ")[2].rstrip(")\n ").split(", ")
    assert possible == ["approve", "return", "answer", "extend", "close"]


def test_the_report_counts_an_answer_and_an_end_without_one_apart(walk):
    answered, proposed = walk.open("explanation")[0], walk.open("complaint")[0]
    walk(f"propose {answered} --say answer='so it is'")
    walk(f"answer {answered}")
    walk(f"propose {proposed} --say finding='we were quick' --say complaint_result=rejected")
    withdrawn, referred = walk.open("copy")[0], walk.open("copy")[0]
    walk(f"close {withdrawn} --as withdrawn --why x")
    walk(f"refer {referred} --to lanhai")
    no_request = walk.open("copy")[0]
    walk(f"close {no_request} --as not_a_request --why x")
    (found,) = walk.json("report")
    ends = {"fulfilled": 1, "not_a_request": 1, "referred": 1, "withdrawn": 1}
    assert found["by_outcome"] == ends
    assert (found["in_time"], found["late"], found["unanswered"]) == (1, 0, 3)


def test_a_refusal_for_repetition_names_the_earlier_answer_once(walk):
    earlier, again = walk.open("explanation --language en")[0], None
    walk(f"propose {earlier} --say answer='so it is'")
    walk(f"answer {earlier}")
    for reason in ("told before", f"we told you under DSR-{earlier}"):
        again = walk.open("explanation --language en")[0]
        walk(
            f"refuse {again} S1 --reason '{reason}' --alternative later --internal x "
            f"--evidence DSR-{earlier} --draft"
        )
        (item,) = walk.show(again)["items"]
        assert item["reason"].count(f"DSR-{earlier}") == 1
