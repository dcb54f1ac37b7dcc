"""What no person wrote is told by its headers and subject, in ten languages."""

import pytest

from dsr.intake.automatic import is_away, is_report
from dsr.intake.classify import classify_message
from dsr.intake.thread import Known, judge
from dsr.rules.mail import words
from dsr.rules.quoting import bare_subject

LANGUAGES = {"en", "zh", "de", "fr", "es", "pt", "it", "nl", "ja", "ko"}

BOUNCED = {
    "en": "Undelivered Mail Returned to Sender",
    "zh": "系统退信：邮件未送达",
    "zh-Hant": "郵件無法遞送通知",
    "de": "Unzustellbar: Ihre Auskunft",
    "fr": "Non remis : votre demande",
    "es": "No se puede entregar: su solicitud",
    "pt": "Não entregue: o seu pedido",
    "it": "Impossibile recapitare: la sua richiesta",
    "nl": "Onbestelbaar: uw verzoek",
    "ja": "配信不能: お問い合わせの件",
    "ko": "배달되지 않음: 개인정보 열람",
}
AWAY = {
    "en": "Out of Office: Re: your letter",
    "zh": "自动回复: 关于您的请求",
    "zh-Hant": "自動回覆: 您的來信",
    "de": "Abwesenheitsnotiz: Ihr Schreiben",
    "fr": "Réponse automatique : votre lettre",
    "es": "Respuesta automática: su carta",
    "pt": "Resposta automática: a sua carta",
    "it": "Risposta automatica: la sua lettera",
    "nl": "Automatisch antwoord: uw brief",
    "ja": "自動応答: お手紙の件",
    "ko": "자동 회신: 문의하신 내용",
}
RECEIPT = {
    "en": "Read: your letter",
    "zh": "已读: 您的来信",
    "zh-Hant": "已讀: 您的來信",
    "de": "Gelesen: Ihr Schreiben",
    "fr": "Lu : votre lettre",
    "es": "Leído: su carta",
    "pt": "Lida: a sua carta",
    "it": "Letto: la sua lettera",
    "nl": "Gelezen: uw brief",
    "ja": "開封済み: お手紙",
    "ko": "읽음: 편지",
}
CALENDAR = {
    "en": "Accepted: Thursday's meeting",
    "zh": "已接受: 周四例会",
    "de": "Zugesagt: Besprechung",
    "fr": "Accepté : réunion",
    "es": "Aceptado: reunión",
    "pt": "Aceite: reunião",
    "it": "Accettato: riunione",
    "nl": "Geaccepteerd: vergadering",
    "ja": "承諾: 定例会議",
    "ko": "수락: 주간 회의",
}
REPLIES = (
    "Re: ",
    "RE:RE: ",
    "AW: ",
    "Antw: ",
    "SV: ",
    "Fwd: ",
    "WG: ",
    "回复: ",
    "回复：",
    "答覆: ",
    "转发:",
)
INVITED = b"BEGIN:VCALENDAR\nEND:VCALENDAR\n"


def pairs(subjects):
    return pytest.mark.parametrize("subject", subjects.values(), ids=subjects)


@pytest.mark.parametrize(
    "terms",
    ["bounced", "away_subject", "away_text", "receipt_subject", "calendar_subject"],
)
def test_each_sort_is_known_in_ten_languages(terms):
    assert set(getattr(words().file, terms)) >= LANGUAGES


@pairs(BOUNCED)
def test_a_bounce_is_told_by_its_subject_and_an_empty_return_path(message, subject):
    found = message(Subject=subject, Return_Path="<>")
    assert found.automatic == "bounce: Return-Path and Subject"


@pairs(BOUNCED)
def test_such_a_subject_alone_makes_no_bounce(message, subject):
    assert message(Subject=subject).automatic is None


@pytest.mark.parametrize(
    ("sender", "told"),
    [
        ("MAILER-DAEMON", "bounce: From"),
        ("MAILER-DAEMON (Mail Delivery System)", "bounce: From"),
        ("(returned) Postmaster@example.org", "bounce: From"),
        ('"Mail Delivery System" <MAILER-DAEMON@mx.example.org>', "bounce: From"),
        ("Anna Berger <anna.postmaster@example.org>", None),
        ('"postmaster@" <eve@example.org>', None),
        ("eve@postmaster@example.org <eve@example.org>", None),
        ("eve@example.org (mailer-daemon@example.org)", None),
        ("not-a-postmaster@example.org", None),
    ],
)
def test_a_robot_is_told_by_its_address_alone(message, sender, told):
    assert message(From=sender).automatic == told


def test_a_report_is_told_as_one_whoever_sends_it(message):
    report = b"--B\nContent-Type: message/delivery-status\n\nAction: failed\n--B--\n"
    kind = "multipart/mixed; boundary=B"
    found = message(report, From="mailer-daemon@example.org", Content_Type=kind)
    assert found.automatic == "bounce: Content-Type message/delivery-status"
    assert is_report(found.automatic)
    assert not is_report("bounce: From")


@pytest.mark.parametrize(
    "subject",
    [
        *(f"{reply}hello" for reply in REPLIES),
        "Odp: hello",
        "Отв: hello",
        "Отговор: hello",
        "ENC: RES: hello",
        "Rif: hello",
        "VS: hello",
        "Ynt: hello",
        "TR : hello",
        "Re[2]: hello",
        "Re(3): hello",
        "轉寄：hello",
        "返信: hello",
        "회신: hello",
    ],
)
def test_what_mail_programs_put_before_a_subject_is_no_part_of_it(subject):
    assert bare_subject(subject) == "hello"


@pytest.mark.parametrize("subject", ["请回复：删除", "Area: hello", "Reset: hello", "Re hello", ""])
def test_what_only_looks_like_it_stays(subject):
    assert bare_subject(subject) == subject


@pairs(AWAY)
def test_an_answering_machine_is_told_by_its_subject(message, subject):
    assert message(Subject=subject).automatic == "auto: Subject"


@pairs(RECEIPT)
def test_a_receipt_is_told_by_its_subject(message, subject):
    assert message(Subject=subject).automatic == "receipt: Subject"


@pairs(CALENDAR)
def test_an_answer_to_an_invitation_is_told_by_its_subject_and_part(message, subject):
    kind = "text/calendar; charset=utf-8"
    assert message(INVITED, Subject=subject, Content_Type=kind).automatic.startswith("calendar:")


@pairs(CALENDAR)
def test_such_a_subject_alone_is_no_calendar(message, subject):
    assert message(Subject=subject).automatic is None


@pytest.mark.parametrize("reply", REPLIES)
@pytest.mark.parametrize("subjects", [AWAY, RECEIPT], ids=["away", "receipt"])
def test_what_stands_before_an_answer_hides_no_machine(message, reply, subjects):
    assert message(Subject=reply + subjects["de"]).automatic


@pytest.mark.parametrize(
    "subject",
    [
        "I was out of office when you wrote",
        "Please read: delete my data",
        "Reading list",
        "请在自动回复之后删除我的信息",
        "我要删除自动回复里的个人信息",
        "Ich war abwesend, bitte Auskunft",
        "Re: delete my account",
        "回复：删除我的个人信息",
        "Assent to my request",
    ],
)
def test_a_subject_that_only_holds_such_words_is_a_persons(message, subject):
    assert message(Subject=subject).automatic is None


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_short_text_that_says_so_is_an_answering_machines(language):
    for term in words().file.away_text[language]:
        assert is_away(f"{term}.")


def test_a_long_text_is_never_an_answering_machines():
    assert not is_away("I am out of the office. " + "Please read all of this. " * 100)


@pairs(AWAY)
def test_an_answering_machine_opens_nothing_though_it_quotes_a_right(message, phrases, subject):
    found = message(b"I am away. Please delete my personal data.\n", Subject=subject)
    outcome = judge(found, classify_message(found, phrases), Known()).outcome
    assert outcome == "triage"


@pytest.mark.parametrize("robot", words().file.robots)
def test_a_robot_that_returns_mail_is_told_by_its_address(message, robot):
    assert message(From=f"Mail System <{robot.upper()}@example.org>").automatic == "bounce: From"
    assert message(From=f"Post Master <my{robot}x@example.org>").automatic is None


WISH = "Please delete all my personal data."
COPY = "------ This is a copy of the message, including all the headers. ------\n\n{}\n"
PLAIN = {"From": "mailer-daemon@mx.example", "X-Failed-Recipients": "ann@x.example"}
REPORT = {"Content_Type": 'multipart/report; report-type=delivery-status; boundary="B"'}
INNER = "--B\n\nIt failed.\n\n--B\nContent-Type: message/rfc822\n\n{}\n--B--\n"


@pytest.mark.parametrize(("headers", "frame"), [(PLAIN, COPY), (REPORT, INNER)])
@pytest.mark.parametrize(
    ("head", "outcome"),
    [
        ("From: The desk <Desk@office.example>", "ignored"),
        ("From: The desk of\n our office\n <desk@office.example>", "ignored"),
        ("From: li@office.example\nX-DSR-Id: <1@office.example>", "ignored"),
        ("From: Ann <ann@x.example>", "triage"),
        ("From: desk@office.example.net", "triage"),
        ("From: desk@office.example <ann@x.example>", "triage"),
        ("X-Mailer: desk@office.example", "triage"),
    ],
)
def test_a_bounce_is_looked_at_if_what_came_back_asks_and_is_not_ours(
    message, phrases, headers, frame, head, outcome
):
    returned = f"{head}\nTo: ann@x.example\nSubject: hello\nDate: today\n\n{WISH}\n"
    to = {"To": "desk@office.example", "Subject": "Mail delivery failed"}
    found = message(frame.format(returned).encode(), **to, **headers)
    finding = classify_message(found, phrases)
    assert is_report(found.automatic)
    assert [each.kind for each in finding.kinds] == ["deletion"]
    assert judge(found, finding, Known()).outcome == outcome


@pytest.mark.parametrize("text", [WISH, f"Refused:\n\n> {WISH}", f"{WISH}\n\n{COPY}"])
def test_a_bounce_that_asks_itself_is_looked_at_whatever_came_back(message, phrases, text):
    ours = "From: desk@office.example\nTo: ann@x.example\nSubject: hello\n\nSee you."
    found = message(text.format(ours).encode(), To="desk@office.example", **PLAIN)
    assert found.returned_ours is ("copy" in text)
    assert judge(found, classify_message(found, phrases), Known()).outcome == "triage"
