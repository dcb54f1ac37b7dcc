"""Letters too short to be sentences: a law, a heading, one word, a paper that came along."""

import pytest

from dsr.domain.vocabulary import Kind, Scope
from dsr.intake.attachments import Attachment
from dsr.intake.classify import Finding, classify, classify_message
from dsr.intake.message import Message


@pytest.fixture
def judged(phrases):
    def judge(text: str, subject: str = "") -> Finding:
        return classify(subject, text, "", phrases)

    return judge


@pytest.fixture
def with_paper(phrases):
    def judge(text: str, subject: str = "", media_type: str = "application/pdf") -> Finding:
        paper = Attachment("letter", media_type, 1_000, "0" * 64, identity_paper=False)
        message = Message(
            "a", "b", "c", sender="a@b.example", subject=subject, text=text, attachments=(paper,)
        )
        return classify_message(message, phrases)

    return judge


def opened(found: Finding) -> list[str]:
    return [str(one.kind) for one in found.opens]


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        ("Auskunft nach Art. 15 DSGVO", "Siehe Betreff.", "access"),
        ("Löschung nach Art. 17 DSGVO", "anbei mein Schreiben", "deletion"),
        ("", "Frist: 14 Tage. Auskunft nach Art. 15 DSGVO.", "access"),
        ("Datenauskunft", "", "access"),
        ("Demande d'accès art. 15 RGPD", "", "access"),
        ("Erasure, Art. 17 GDPR", "As above.", "deletion"),
        ("Supresión artículo 17 RGPD", "", "deletion"),
        ("Inzageverzoek", "Zie onderwerp.", "access"),
        ("Výmaz podle čl. 17 GDPR", "", "deletion"),
        ("个人信息保护法第四十七条 删除", "", "deletion"),
        ("개인정보 열람 요청", "", "access"),
        ("個人情報開示請求", "", "access"),
    ],
)
def test_a_right_with_its_law_is_a_request_as_a_heading_alone(judged, subject, text, kind):
    assert opened(judged(text, subject)) == [kind]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("DSGVO-Anfrage", ""),
        ("GDPR Art. 17", "see attached"),
        ("Solicitud RGPD", ""),
        ("Pedido LGPD", "Segue."),
        ("个人信息保护法", "你好"),
        ("", "I hereby exercise my rights under Articles 15 and 17."),
        ("", "Je souhaite exercer mes droits."),
        ("Datenschutz", "Hallo, bitte um Rückruf."),
        ("My data", "Hello, call me back."),
    ],
)
def test_a_law_or_rights_in_a_short_text_are_a_reason_to_look(judged, subject, text):
    found = judged(text, subject)
    assert not found.opens
    assert found.smells


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("GDPR webinar", "Join us on Tuesday."),
        ("Schulung: Löschung nach Art. 17 DSGVO", "Jetzt anmelden."),
        ("", "Data subjects may request erasure under Article 17 GDPR."),
        ("Newsletter", "RGPD: ce qui change."),
        ("", "Please send article 15 and 17 from your catalogue."),
    ],
)
def test_a_law_that_is_taught_or_explained_is_none(judged, subject, text):
    found = judged(text, subject)
    assert not found.opens
    assert not found.smells


@pytest.mark.parametrize(
    "text", ["STOP", "Stop.", "stop!", "Unsubscribe", "退订", "TD", "BAJA", "Abmelden", "配信停止"]
)
def test_a_mail_of_one_word_that_says_stop_ends_advertising(judged, text):
    (found,) = judged(text, "Summer sale").opens
    assert (found.kind, found.scope) == (Kind.WITHDRAWAL, Scope.MARKETING)


def test_stop_is_no_request_inside_a_sentence_about_something_else(judged):
    assert not judged("The bus stop is around the corner.").kinds


@pytest.mark.parametrize(
    "text",
    ["see attached", "anbei", "Adjunto carta.", "ci-joint", "请见附件", "添付します", "첨부합니다"],
)
def test_a_text_that_only_points_at_a_paper_is_looked_at(with_paper, judged, text):
    assert with_paper(text).smells
    assert not with_paper(text, media_type="text/plain").smells
    assert not judged(text).smells


def test_a_paper_of_business_is_not_looked_at(with_paper):
    assert not with_paper("Please find attached our invoice for September.").smells


@pytest.mark.parametrize(
    "text",
    [
        "According to your privacy policy I have the right to erasure. What does that mean?",
        "What is the deadline to delete my data?",
        "Wie lange dauert es, bis Sie meine Daten löschen müssen?",
        "Laut Ihrer Datenschutzerklärung habe ich ein Recht auf Löschung. Was bedeutet das?",
        "Quel est le délai pour supprimer mes données ?",
        "¿Cuál es el plazo para borrar mis datos?",
        "删除我的个人信息的期限是多久？",
        "根据贵公司的隐私政策，我有权要求删除个人信息。这是什么意思？",
        "Qual è il termine per cancellare i miei dati?",
        "Wat is de termijn om mijn gegevens te verwijderen?",
        "Jaká je lhůta pro výmaz mých údajů?",
    ],
)
def test_a_question_about_a_right_is_looked_at_and_opens_nothing(judged, text):
    found = judged(text)
    assert not found.opens
    assert found.kinds


def test_a_wish_beside_a_question_opens(judged):
    text = "Please delete my data. What is the deadline to answer me?"
    assert opened(judged(text)) == ["deletion"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("请停止给我发短信", ["withdrawal"]),
        ("Lassen Sie mich in Ruhe mit Ihrer Werbung!", ["withdrawal"]),
        ("Bitte loeschen Sie mich komplett", ["deletion"]),
        ("Reset everything and forget I exist.", ["deletion"]),
        ("Meu nome está como Joao em vez de João, corrijam.", ["correction"]),
        ("氏名が佐籐となっていますが、正しくは佐藤です。訂正してください。", ["correction"]),
        ("My email changed, please update it to new@example.org", ["correction"]),
        ("Laissez-moi tranquille avec vos publicités", ["withdrawal"]),
        ("Dejen de molestarme con su publicidad", ["withdrawal"]),
    ],
)
def test_plain_words_are_requests(judged, text, kinds):
    assert opened(judged(text)) == kinds


def test_a_revocation_that_does_not_say_of_what_is_looked_at(judged):
    found = judged("Hiermit widerrufe ich.")
    assert not found.opens
    assert found.kinds


def test_consent_withdrawn_behind_a_deletion_is_its_ground(judged):
    text = "Please delete my personal data. I withdraw my consent to its processing."
    assert opened(judged(text)) == ["deletion"]
    both = "Please delete my personal data. I withdraw my consent and object to the processing."
    assert opened(judged(both)) == ["deletion", "withdrawal"]
    first = "I withdraw my consent to the use of my photos. Please also delete my chat history."
    assert set(opened(judged(first))) == {"deletion", "withdrawal"}
