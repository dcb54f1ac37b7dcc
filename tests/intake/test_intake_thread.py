from dataclasses import replace

import pytest

from dsr.domain.vocabulary import Kind, MessageOutcome
from dsr.intake.attachments import Attachment
from dsr.intake.classify import Finding
from dsr.intake.message import Message
from dsr.intake.right import KindFound
from dsr.intake.thread import Known, judge, token, tokens_for, wanted

KEY = b"a secret key of the office"
MAIL = Message(
    "a.eml", "ab", "cd", sender="Ann@example.org", subject="Hello", text="See you at ten."
)
ASKS = Finding(kinds=(KindFound(Kind.DELETION, None, "high", "x", "en.deletion.1", "en"),))
DOUBTS = Finding(kinds=(KindFound(Kind.DELETION, None, "low", "x", "en.deletion.1", "en"),))
SMELLS = Finding(smells=True, reasons=("smells of privacy (en)",))
NOTHING = Finding()
KNOWN = Known(
    own_ids={"<letter@office>": 42},
    tokens=tokens_for([42, 43], KEY),
    parties={42: frozenset({"ann@example.org"}), 43: frozenset({"bob@example.org"})},
)


def outcome(message: Message, finding: Finding = ASKS, known: Known = KNOWN):
    judgement = judge(message, finding, known)
    return str(judgement.outcome), judgement.ticket


@pytest.mark.parametrize(
    ("finding", "word"),
    [(ASKS, "opened"), (DOUBTS, "triage"), (SMELLS, "triage"), (NOTHING, "ignored")],
)
def test_a_mail_that_belongs_to_nothing_is_judged_by_what_it_asks(finding, word):
    assert outcome(MAIL, finding) == (word, None)


@pytest.mark.parametrize("text", ["", " \n\t", "-- \n***"])
def test_what_has_no_text_to_read_waits_for_a_person_unless_a_machine_sent_it(text):
    blank = replace(MAIL, subject="", text=text)
    assert outcome(blank, NOTHING) == ("triage", None)
    assert outcome(replace(blank, subject="Scan"), NOTHING) == ("triage", None)
    assert outcome(replace(blank, automatic="auto: Auto-Submitted"), NOTHING) == ("ignored", None)


def test_a_mail_of_quoted_text_only_has_a_text_to_read():
    assert outcome(replace(MAIL, text="", quoted="See you."), NOTHING) == ("ignored", None)


def test_a_form_that_asks_for_no_right_waits_for_a_person():
    assert outcome(replace(MAIL, form={"text": MAIL.text}), NOTHING) == ("triage", None)
    assert outcome(replace(MAIL, form={"text": MAIL.text}), ASKS) == ("opened", None)


def test_the_same_mail_again_is_a_duplicate_whatever_it_asks():
    assert outcome(MAIL, known=replace(KNOWN, content_keys={"cd"})) == ("duplicate", None)
    assert outcome(MAIL, known=replace(KNOWN, hashes={"ab"})) == ("duplicate", None)


def test_what_could_not_be_read_is_quarantined():
    judgement = judge(replace(MAIL, problem="it is no mail"), NOTHING, KNOWN)
    assert judgement.outcome is MessageOutcome.QUARANTINED
    assert judgement.reasons == ("it is no mail",)


def test_an_answer_of_a_party_to_our_letter_joins_its_ticket():
    assert outcome(replace(MAIL, references=("<x@y>", "<letter@office>"))) == ("joined", 42)


def test_a_token_in_the_subject_joins_too_in_any_case_of_letters():
    subject = f"AW: your request [{token(42, KEY).upper()}]"
    assert outcome(replace(MAIL, subject=subject)) == ("joined", 42)


@pytest.mark.parametrize("sender", ["eve@example.net", None, "ann@example.org.evil.example"])
def test_a_strangers_mail_with_a_tickets_token_waits_for_a_person(sender):
    mail = replace(MAIL, sender=sender, subject=f"[{token(42, KEY)}]")
    judgement = judge(mail, ASKS, KNOWN)
    assert (judgement.outcome, judgement.ticket) == (MessageOutcome.TRIAGE, 42)
    assert judgement.reasons[0] == "unverified contribution"


def test_a_party_of_one_ticket_is_a_stranger_to_another():
    assert outcome(replace(MAIL, subject=f"[{token(43, KEY)}]")) == ("triage", 43)


@pytest.mark.parametrize("mark", ["[DSR-42-aaaa]", "[DSR-42]", "DSR-42", "[DSR-0042-k7f3]"])
def test_a_guessed_token_is_no_token(mark):
    assert outcome(replace(MAIL, subject=mark)) == ("opened", None)


def test_tokens_differ_by_ticket_and_by_key_and_stay_the_same():
    assert token(42, KEY) == token(42, KEY)
    assert len({token(42, KEY), token(42, b"other"), token(43, KEY).replace("43", "42")}) == 3


def test_a_returned_letter_joins_its_ticket_as_undelivered():
    mail = replace(MAIL, automatic="bounce: From", returned_ids=("<letter@office>",))
    judgement = judge(mail, NOTHING, KNOWN)
    assert (judgement.outcome, judgement.ticket) == (MessageOutcome.JOINED, 42)
    assert judgement.reasons[1].startswith("undelivered")


def test_a_returned_letter_that_is_not_ours_is_ignored():
    assert outcome(replace(MAIL, automatic="bounce: From"), ASKS) == ("ignored", None)


@pytest.mark.parametrize("header", ["auto: Auto-Submitted", "list: List-Unsubscribe"])
def test_machines_without_a_right_are_ignored_and_with_one_looked_at(header):
    mail = replace(MAIL, automatic=header)
    assert outcome(mail, NOTHING) == ("ignored", None)
    assert outcome(mail, SMELLS) == ("ignored", None)
    assert outcome(mail, ASKS) == ("triage", None)
    assert judge(mail, ASKS, KNOWN).reasons[0] == header


def test_an_automatic_answer_to_our_letter_joins_nothing():
    mail = replace(MAIL, automatic="auto: Auto-Submitted", references=("<letter@office>",))
    assert outcome(mail, NOTHING) == ("ignored", None)


def test_a_party_who_writes_through_a_list_still_joins():
    mail = replace(MAIL, automatic="list: List-Id", references=("<letter@office>",))
    assert outcome(mail, NOTHING) == ("joined", 42)


def test_our_own_mail_that_comes_back_is_ignored():
    own = replace(MAIL, automatic="own: X-DSR-Id", message_id="<letter@office>")
    assert wanted([own]).ids == {"<letter@office>"}
    assert outcome(own, ASKS) == ("ignored", None)


def test_a_strangers_mail_that_calls_itself_ours_is_looked_at_if_it_asks():
    mail = replace(MAIL, automatic="own: X-DSR-Id", message_id="<his@example.com>")
    assert outcome(mail, ASKS) == ("triage", None)
    assert outcome(mail, NOTHING) == ("ignored", None)


def test_a_ticket_named_without_our_mark_is_looked_at():
    assert outcome(replace(MAIL, subject="Re: DSR-12"), NOTHING) == ("triage", None)


def test_a_reminder_of_nothing_known_waits_for_a_person():
    assert outcome(MAIL, replace(ASKS, follow_up=True)) == ("triage", None)
    mail = replace(MAIL, references=("<letter@office>",))
    assert outcome(mail, replace(ASKS, follow_up=True)) == ("joined", 42)


def test_a_complaint_has_a_clock_of_its_own_and_opens_a_ticket():
    found = KindFound(Kind.COMPLAINT, None, "medium", "x", "en.complaint.1", "en")
    assert outcome(MAIL, Finding(kinds=(found,))) == ("opened", None)
    mail = replace(MAIL, references=("<letter@office>",))
    assert outcome(mail, Finding(kinds=(found,))) == ("joined", 42)


def test_what_is_sealed_is_never_ignored():
    assert outcome(replace(MAIL, sealed="encrypted"), NOTHING) == ("triage", None)
    automatic = replace(MAIL, sealed="encrypted", automatic="list: List-Id")
    assert outcome(automatic, NOTHING) == ("triage", None)


def test_an_identity_paper_without_a_word_waits_for_a_person():
    paper = Attachment("passport.jpg", "image/jpeg", 4, "ef", identity_paper=True)
    assert outcome(replace(MAIL, attachments=(paper,)), NOTHING) == ("triage", None)


def test_what_has_to_be_looked_up_is_said_for_a_whole_batch():
    one = replace(MAIL, references=("<a@x>",), subject=f"[{token(42, KEY)}] [DSR-7-abcd]")
    two = replace(MAIL, sha256="ef", returned_ids=("<b@x>",))
    asked = wanted([one, two])
    assert asked.hashes == {"ab", "ef"}
    assert asked.content_keys == {"cd"}
    assert asked.ids == {"<a@x>", "<b@x>"}
    assert asked.numbers == {42, 7}
