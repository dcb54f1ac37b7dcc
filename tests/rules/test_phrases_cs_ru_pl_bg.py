"""Czech, Russian, Polish and Bulgarian letters; what each asks for stands in fixtures/requests."""

import pytest

from dsr.intake.classify import classify
from dsr.rules.phrases import load


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Dne 2. srpna jsem Vám zaslal žádost podle článku 17 GDPR, stále čekám.", "deletion"),
        ("2 августа я направил вам запрос по статье 15 GDPR, ответа до сих пор нет.", "access"),
        ("Dnia 2 sierpnia wysłałam wniosek zgodnie z art. 16 RODO. Brak odpowiedzi.", "correction"),
        ("На 2 август ви изпратих искане по чл. 20 от ОРЗД. Още чакам отговор.", "copy"),
    ],
)
def test_a_reminder_makes_no_new_request(text, kind):
    found = classify("", text, "", load())
    assert found.follow_up
    assert [str(one.kind) for one in found.opens] == [kind]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Сообщите, откуда у вас мой номер.", "ru"),
        ("Прошу прощения за опоздание, к вам не успею.", "ru"),
        ("Объясните, почему.", "ru"),
        ("Искам да изтрия профила си.", "bg"),
        ("Моля, изтрийте данните ми.", "bg"),
        ("Здравейте, оттеглям съгласието си.", "bg"),
        ("Прошу видалити мої дані.", "uk"),
        ("Я жив у Києві, прошу видалити мої дані, її та його.", "uk"),
        ("Мы живём в городе Київ, удалите мой профиль, это важно, жду вестей и ответа ещё.", "ru"),
        ("Žádám vás o výmaz údajů.", "cs"),
        ("Proszę o usunięcie konta.", "pl"),
    ],
)
def test_neighbouring_languages_are_told_apart(text, language):
    assert classify("", text, "", load()).language == language


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Прошу видалити мої персональні дані з вашої бази.", "deletion"),
        ("Видаліть мій обліковий запис, будь ласка.", "cancellation"),
        ("Відкликаю згоду на обробку моїх персональних даних.", "withdrawal"),
        ("Žiadam o výmaz mojich osobných údajov podľa článku 17 GDPR.", "deletion"),
        ("Týmto žiadam o prístup k osobným údajom, ktoré o mne spracúvate.", "access"),
    ],
)
def test_ukrainian_and_slovak_wishes_are_read_by_the_words_of_their_neighbours(text, kind):
    assert {str(one.kind) for one in classify("", text, "", load()).opens} == {kind}


def test_russian_is_not_read_by_the_words_of_bulgarian():
    found = classify("", "Прошу удалить мои данные и прекратить их обработку.", "", load())
    assert {one.language for one in found.kinds} == {"ru"}
