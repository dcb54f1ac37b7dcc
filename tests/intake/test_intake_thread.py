from dataclasses import replace

import pytest

from dsr.domain.vocabulary import IdentifierType, Kind, MessageOutcome, RequesterRole
from dsr.intake.again import text_key
from dsr.intake.attachments import Attachment
from dsr.intake.classify import QUOTED, THREATENS, Finding
from dsr.intake.message import Message
from dsr.intake.right import KindFound
from dsr.intake.thread import Known, OpenCase, judge, token, tokens_for, wanted

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


def test_what_came_back_asks_for_nothing_if_it_was_ours_and_is_looked_at_if_not():
    bounce = replace(MAIL, automatic="bounce: X-Failed-Recipients")
    within = replace(ASKS, reasons=(QUOTED,))
    assert outcome(bounce, NOTHING) == ("ignored", None)
    assert outcome(bounce, within) == ("triage", None)
    ours = replace(bounce, returned_ours=True)
    assert outcome(ours, within) == ("ignored", None)
    assert outcome(ours, ASKS) == ("ignored", None)  # its words stand in the subject alone
    assert outcome(replace(ours, text="Now x."), ASKS) == ("triage", None)


@pytest.mark.parametrize("told", ["bounce: From", "bounce: Return-Path and Subject"])
def test_what_only_looks_like_a_bounce_is_looked_at_if_it_asks(told):
    assert outcome(replace(MAIL, automatic=told), ASKS) == ("triage", None)
    assert outcome(replace(MAIL, automatic=told), NOTHING) == ("ignored", None)


def test_a_party_whose_address_is_a_robots_answers_our_letter():
    reply = replace(MAIL, automatic="bounce: From", references=("<letter@office>",))
    found = judge(reply, NOTHING, KNOWN)
    assert (found.outcome, found.ticket, found.answers) == ("joined", 42, True)
    stranger = judge(replace(reply, sender="mailer-daemon@example.net"), NOTHING, KNOWN)
    assert stranger.reasons[1].startswith("undelivered")


HEARD = replace(KNOWN, heard_ids={"<hers@example.org>": 42})
ANSWERS_HERS = replace(MAIL, references=("<hers@example.org>",))


def test_what_answers_a_mail_of_a_case_joins_it_and_ends_no_pause():
    found = judge(ANSWERS_HERS, NOTHING, HEARD)
    assert (found.outcome, found.ticket, found.answers) == ("joined", 42, False)
    assert found.reasons == ("answers a mail of that case",)
    ours = replace(ANSWERS_HERS, references=("<hers@example.org>", "<letter@office>"))
    assert judge(ours, NOTHING, HEARD).answers


def test_a_strangers_answer_to_a_mail_of_a_case_waits_for_a_person():
    stranger = judge(replace(ANSWERS_HERS, sender="eve@example.net"), NOTHING, HEARD)
    assert (stranger.outcome, stranger.ticket) == ("triage", 42)
    assert stranger.reasons[0] == "unverified contribution"


@pytest.mark.parametrize("told", ["bounce: From", "bounce: X-Failed-Recipients"])
def test_a_bounce_of_what_was_no_letter_of_ours_joins_nothing(told):
    forged = replace(
        ANSWERS_HERS, sender=None, automatic=told, returned_ids=("<hers@example.org>",)
    )
    assert outcome(forged, NOTHING, HEARD) == ("ignored", None)


@pytest.mark.parametrize(
    "changes",
    [
        {"references": ("<letter@office>",)},
        {"references": ("<hers@example.org>",)},
        {"automatic": "bounce: X-Failed-Recipients", "returned_ids": ("<letter@office>",)},
        {"text": "Any news about my request?"},
    ],
)
def test_what_its_senders_server_did_not_send_joins_nothing(changes):
    known = replace(HEARD, cases=WORKED.cases)
    assert outcome(replace(MAIL, **changes), NOTHING, known) == ("joined", 42)
    false = replace(MAIL, authenticated="failed", **changes)
    assert outcome(false, NOTHING, known) == ("triage", 42)


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


TEXT = "Please delete all the personal data that you hold about me, and confirm it in writing."
AGAIN = replace(MAIL, text=TEXT, content_key="other", sha256="other")
HERS = (IdentifierType.ACCOUNT, "anna1001")
WORK = OpenCase(42, frozenset({Kind.DELETION}), TEXT, text_key(AGAIN), frozenset({HERS}))
WORKED = replace(KNOWN, cases={"ann@example.org": [WORK]})
REMINDS = Finding(follow_up=True, reasons=("reminder",))


def test_the_same_request_again_is_a_duplicate_of_the_case_in_work():
    assert outcome(AGAIN, ASKS, WORKED) == ("duplicate", 42)
    assert judge(AGAIN, ASKS, WORKED).urgent
    assert outcome(replace(AGAIN, sender="bob@example.org"), ASKS, WORKED) == ("opened", None)


@pytest.mark.parametrize(
    "changes",
    [
        {"text": f"{TEXT} I am Max Huber."},
        {"sender_name": "Max Huber"},
        {"subject": "Max Huber"},
        {"quoted": "Max Huber, 12 Main Street"},
        {"attachments": (Attachment("whom.txt", "text/plain", 4, "ef", identity_paper=False),)},
        {"form": {"shop": "south"}},
        {"authenticated": "failed"},
    ],
)
def test_what_is_not_the_very_same_is_looked_at_and_never_swallowed(changes):
    assert outcome(replace(AGAIN, **changes), ASKS, WORKED) == ("triage", 42)


def test_the_very_same_is_known_whatever_its_blanks_and_the_mark_of_an_answer():
    same = replace(AGAIN, text=TEXT.replace(" ", "\n"), subject="Re: Hello")
    assert outcome(same, ASKS, WORKED) == ("duplicate", 42)


def test_who_names_somebody_else_asks_anew_in_whatever_words():
    hers = replace(ASKS, identifiers=(HERS,))
    assert outcome(AGAIN, hers, WORKED) == ("duplicate", 42)
    his = replace(ASKS, identifiers=(HERS, (IdentifierType.ACCOUNT, "maxim2002")))
    assert outcome(AGAIN, his, WORKED) == ("opened", None)


def test_of_two_cases_the_one_that_is_repeated_is_named():
    other = OpenCase(7, WORK.kinds, TEXT, "another letter's")
    both = replace(WORKED, cases={"ann@example.org": [other, WORK]})
    assert outcome(AGAIN, ASKS, both) == ("duplicate", 42)


@pytest.mark.parametrize(
    "text", ["", "Please erase my photographs from the summer party on your page."]
)
def test_another_text_that_asks_for_the_same_is_a_request_of_its_own(text):
    assert outcome(replace(AGAIN, text=text), ASKS, WORKED) == ("opened", None)


def test_another_right_or_another_person_is_no_repetition():
    copy = replace(ASKS, kinds=(replace(ASKS.kinds[0], kind=Kind.COPY),))
    assert outcome(AGAIN, copy, WORKED) == ("opened", None)
    for_another = replace(ASKS, role=RequesterRole.GUARDIAN)
    assert outcome(AGAIN, for_another, WORKED) == ("opened", None)


def test_a_reminder_joins_the_one_case_of_its_sender_and_is_urgent():
    found = judge(MAIL, REMINDS, WORKED)
    assert (found.outcome, found.ticket, found.urgent) == ("joined", 42, True)
    assert not found.answers  # an address alone ends no pause
    two = replace(WORKED, cases={"ann@example.org": WORKED.cases["ann@example.org"] * 2})
    assert outcome(MAIL, REMINDS, two) == ("triage", None)
    assert outcome(MAIL, REMINDS) == ("triage", None)


def test_only_what_names_our_letter_ends_a_pause():
    reply = replace(MAIL, references=("<letter@office>",))
    found = judge(reply, NOTHING, KNOWN)
    assert (found.outcome, found.answers) == ("joined", True)


def test_the_mark_may_stand_in_the_address_it_was_sent_to():
    mark = token(42, KEY).lower()
    sent = replace(MAIL, recipients=(f"desk+{mark}@office.example",))
    assert wanted([sent]).numbers == {42}
    assert outcome(sent, NOTHING) == ("joined", 42)
    forged = replace(MAIL, recipients=("desk+dsr-42-aaaa@office.example",))
    assert outcome(forged, NOTHING) == ("ignored", None)


@pytest.mark.parametrize(
    ("sender", "word"),
    [
        ("case@cnil.fr", "authority"),
        ("x@bj.cac.gov.cn", "authority"),
        ("x@cnil.fr.example", "plain"),
        ("x@notcnil.fr", "plain"),
    ],
)
def test_an_authority_is_looked_at_first_whatever_it_writes(sender, word):
    found = judge(replace(MAIL, sender=sender), NOTHING, KNOWN)
    assert (found.sort, found.urgent) == (word, word == "authority")
    assert found.outcome == ("triage" if word == "authority" else "ignored")


def test_a_flood_of_one_sender_opens_nothing_and_hides_no_right():
    flooded = replace(KNOWN, lately={"ann@example.org": 20})
    assert outcome(MAIL, ASKS, flooded) == ("triage", None)
    assert outcome(MAIL, NOTHING, flooded) == ("ignored", None)
    assert judge(MAIL, ASKS, flooded).sort == "flood"
    nineteen = replace(KNOWN, lately={"ann@example.org": 19})
    assert outcome(MAIL, ASKS, nineteen) == ("opened", None)
    reply = replace(MAIL, references=("<letter@office>",))
    assert outcome(reply, NOTHING, flooded) == ("joined", 42)


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"sealed": "encrypted"}, NOTHING),
        ({}, SMELLS),
        ({}, DOUBTS),
        ({"text": "Any news about my request?"}, NOTHING),
        ({"form": {"text": "x"}}, NOTHING),
        ({"text": " "}, NOTHING),
        ({"references": ("<hers@example.org>",)}, NOTHING),
        ({"authenticated": "authenticated"}, ASKS),
    ],
)
def test_a_flood_in_somebodys_name_hides_nothing_of_hers(changes, finding):
    known = replace(HEARD, cases=WORKED.cases, lately={"ann@example.org": 20})
    found = judge(replace(MAIL, **changes), finding, known)
    assert (found.outcome, found.sort) == ("triage", "flood")


@pytest.mark.parametrize(
    ("told", "sort"),
    [
        ("receipt: Subject", "receipt"),
        ("calendar: Content-Type text/calendar", "calendar"),
        ("list: List-Id", "list"),
        ("auto: Auto-Submitted", "auto"),
    ],
)
def test_what_machines_write_is_ignored_until_a_right_is_in_it(told, sort):
    machine = replace(MAIL, automatic=told)
    assert (outcome(machine, NOTHING), judge(machine, NOTHING, KNOWN).sort) == (
        ("ignored", None),
        sort,
    )
    assert outcome(machine, ASKS) == ("triage", None)


@pytest.mark.parametrize(
    "text",
    [
        "I am currently out of the office and back on Monday.",
        "Ich bin derzeit nicht im Büro.",
        "我正在休假，周一回来后回复您。",
        "ただいま不在にしております。",
        "현재 부재중입니다.",
    ],
)
def test_who_is_away_says_so_in_his_own_language_even_without_a_header(text):
    found = judge(replace(MAIL, text=text), NOTHING, KNOWN)
    assert (found.outcome, found.sort) == ("ignored", "auto")
    assert judge(replace(MAIL, text=text), ASKS, KNOWN).outcome == "opened"


@pytest.mark.parametrize(
    "text",
    [
        "Any news about my request?",
        "请问我的申请有进展吗？",
        "Gibt es schon Neuigkeiten zu meiner Anfrage?",
        "Où en est ma demande ?",
        "¿Hay novedades sobre mi solicitud?",
        "Ainda não recebi resposta.",
        "A che punto è la mia richiesta?",
        "Is er al nieuws?",
        "その後いかがでしょうか。",
        "제 요청은 어떻게 되었나요?",
    ],
)
def test_who_asks_for_news_joins_his_case_and_raises_its_urgency(text):
    found = judge(replace(MAIL, text=text), NOTHING, WORKED)
    assert (found.outcome, found.ticket, found.urgent) == ("joined", 42, True)
    assert outcome(replace(MAIL, text=text), NOTHING) == ("ignored", None)
    reply = judge(replace(MAIL, text=text, references=("<letter@office>",)), NOTHING, KNOWN)
    assert (reply.ticket, reply.urgent) == (42, True)


def test_a_reminder_that_names_the_right_again_joins_the_case_that_asks_for_it():
    admonition = replace(ASKS, follow_up=True)
    found = judge(AGAIN, admonition, WORKED)
    assert (found.outcome, found.ticket, found.urgent) == ("joined", 42, True)
    copy = replace(admonition, kinds=(replace(ASKS.kinds[0], kind=Kind.COPY),))
    assert outcome(AGAIN, copy, WORKED) == ("triage", None)


def test_a_threat_is_urgent_where_it_matters():
    threatens = replace(ASKS, reasons=(THREATENS,))
    assert judge(MAIL, threatens, KNOWN).urgent
    assert not judge(MAIL, replace(NOTHING, reasons=(THREATENS,)), KNOWN).urgent
