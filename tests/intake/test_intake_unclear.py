"""A wish to change or end something that no list of words knows: a person looks, always."""

import pytest

from dsr.intake.classify import Finding, classify


@pytest.fixture
def judged(phrases):
    def judge(text: str, subject: str = "") -> Finding:
        return classify(subject, text, "", phrases)

    return judge


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Please delete the blorbs that you have there.", "en"),
        ("Could you correct the blorb, please?", "en"),
        ("Bitte löschen Sie meine Blorbs umgehend.", "de"),
        ("Merci de supprimer mes blorbs au plus vite.", "fr"),
        ("Per favore cancellate i miei blorb.", "it"),
        ("Por favor, eliminen mis blorbos cuanto antes.", "es"),
        ("Por favor, apaguem os meus blorbos.", "pt"),
        ("Gelieve mijn blorbs te verwijderen.", "nl"),
        ("Prosím smažte moje blorby.", "cs"),
        ("Proszę usunąć moje blorby.", "pl"),
        ("Прошу удалить мои блорбы.", "ru"),
        ("请尽快删除我的布罗布。", "zh"),
        ("私のブロルブを削除してください。", "ja"),
        ("제 블로르브를 삭제해 주세요.", "ko"),
    ],
)
def test_a_wish_to_end_what_nobody_knows_is_looked_at(judged, text, language):
    found = judged(text)
    assert not found.opens
    assert found.smells or found.kinds
    assert any(language in reason for reason in found.reasons)


@pytest.mark.parametrize(
    "text",
    [
        "The delivery was corrected yesterday and the box is closed.",
        "Please send us the minutes of the meeting.",
        "Please delete the invoice from the folder.",  # a paper of business
        "You can delete blorbs in the settings.",  # says what one may do
        "If you please delete the blorb, the light goes off.",
        "The office will be closed on Monday.",
        "会议纪要已更正，请查收。",
    ],
)
def test_what_wishes_no_such_thing_is_left_alone(judged, text):
    found = judged(text)
    assert not found.smells
    assert not found.kinds


def test_the_reason_says_that_it_is_unclear(judged):
    assert judged("Please delete the blorbs.").reasons == (
        "wishes something changed or ended, unclear what (en)",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Please cancel the order for the SMS package, we booked it twice by mistake.",
        "I'd like to change my flight to Monday, please.",
        "Bitte sagen Sie meinen Termin am Freitag ab.",
        "Können Sie bitte den Abholtermin ändern?",
        "Merci d'annuler mon rendez-vous de vendredi.",
        "Vi prego di annullare l'appuntamento di venerdì.",
        "Por favor, cancelen mi cita del viernes.",
        "Gostaria de cancelar a minha consulta de sexta-feira.",
        "Graag de afspraak van vrijdag annuleren.",
        "Vänligen avboka min tid på fredag.",
        "Prosím zrušte moji objednávku.",
        "Proszę anulować moje zamówienie.",
        "Прошу отменить мой заказ.",
        "请帮我取消订单。",
        "注文をキャンセルしてください。",
        "금요일 예약을 취소해 주세요.",
    ],
)
def test_an_errand_of_every_day_waits_for_nobody(judged, text):
    found = judged(text)
    assert not found.smells
    assert not found.kinds


@pytest.mark.parametrize(
    "text",
    [
        "Please do not delete my blorbs.",
        "Bitte löschen Sie meine Blorbs nicht.",
        "Ne supprimez pas mes blorbs, s'il vous plaît.",
        "Por favor, no borren mis blorbos.",
        "Verwijder mijn blorbs alstublieft niet.",
        "请不要删除我的布罗布。",
        "ブロルブを削除しないでください。",
        "블로르브를 삭제하지 말아 주세요.",
    ],
)
def test_what_shall_stay_as_it_is_waits_for_nobody(judged, text):
    found = judged(text)
    assert not found.opens
    assert not any("unclear" in reason for reason in found.reasons)
