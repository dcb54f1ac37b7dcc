"""Czech, Russian, Polish and Bulgarian letters as people write them; none stands in the files."""

import pytest

from dsr.intake.classify import classify
from dsr.rules.phrases import load

CZECH = [
    ("Dobrý den, chtěl bych vědět, jaké údaje o mně evidujete a odkud je máte.", "access"),
    ("Zadam o pristup ke svym osobnim udajum dle cl. 15 GDPR.", "access"),
    ("Komu jste předali moje telefonní číslo?", "access"),
    ("Pošlete mi prosím kopii všech osobních údajů, které o mně vedete.", "copy"),
    ("Žádám o přenesení svých údajů k jinému správci ve strojově čitelném formátu.", "copy"),
    ("Moje příjmení máte špatně, správně je Dvořáková. Opravte to prosím.", "correction"),
    ("Přestěhoval jsem se, prosím o změnu mé adresy na Lipová 8, Brno.", "correction"),
    ("Vymažte prosím veškeré mé osobní údaje ze své databáze.", "deletion"),
    ("Uplatňuji právo být zapomenut.", "deletion"),
    ("Prosim o odstraneni mych fotek z vasich stranek", "deletion"),
    ("Chci zrušit svůj účet.", "cancellation"),
    ("Prosím o smazání mého uživatelského účtu, děkuji", "cancellation"),
    ("Odvolávám svůj souhlas se zpracováním osobních údajů.", "withdrawal"),
    ("Už mi prosím neposílejte žádné newslettery.", "withdrawal"),
    ("Vznáším námitku proti profilování.", "withdrawal"),
    ("Omezte prosím zpracování mých údajů, dokud neověříte jejich správnost.", "restriction"),
    ("Žádost o půjčku mi zamítl automat. Ať ji posoudí člověk.", "review"),
    (
        "Vysvětlete mi, jak podle vašich zásad ochrany soukromí nakládáte s mými údaji.",
        "explanation",
    ),
    ("Podávám stížnost na nakládání s mými osobními údaji.", "complaint"),
    ("Smažte prosím řádek 12 z tabulky.", ""),
    ("Máte právo na výmaz svých osobních údajů a právo vznést námitku.", ""),
    ("Zrušte prosím mou objednávku č. 5521, dosud nedorazila.", ""),
    ("Účet za elektřinu mi přišel pozdě, prosím o opravu faktury.", ""),
    ("Prosím, nemažte můj účet, jen jsem zapomněl heslo.", ""),
    ("Chtěla bych se zeptat, jaké informace o mně máte uložené.", "access"),
    ("Potřebuji vědět, komu byly moje údaje předány.", "access"),
    ("Prosím o export mých dat do CSV.", "copy"),
    ("Mám nové telefonní číslo, prosím změňte ho: 777 123 456.", "correction"),
    ("Změnila jsem příjmení, prosím o aktualizaci mých údajů.", "correction"),
    ("Vymažte mě ze své databáze.", "deletion"),
    ("smazte moje data okamzite", "deletion"),
    ("Jak si můžu smazat účet?", "cancellation"),
    ("Chtěl bych ukončit členství a zrušit profil.", "cancellation"),
    ("Prestante mi posilat reklamy!", "withdrawal"),
    ("Odhlaste me z newsletteru", "withdrawal"),
    ("Nesouhlasím s předáváním svých údajů třetím stranám.", "withdrawal"),
    ("Kdy přijde můj balík?", ""),
    ("Prosím o smazání duplicitní objednávky z košíku.", ""),
]
RUSSIAN = [
    ("Здравствуйте! Какие мои персональные данные у вас хранятся?", "access"),
    ("Откуда у вас мой номер телефона и кому вы его передали?", "access"),
    (
        (
            "На основании ст. 14 Федерального закона № 152-ФЗ прошу предоставить сведения "
            "об обработке моих персональных данных."
        ),
        "access",
    ),
    ("Пришлите мне копию всех данных, которые вы обо мне собрали.", "copy"),
    ("Прошу выгрузить мои данные в машиночитаемом формате.", "copy"),
    ("В моей анкете ошибка: фамилия указана неверно. Исправьте, пожалуйста.", "correction"),
    ("Я переехал, прошу изменить мой адрес.", "correction"),
    ("Удалите все мои данные из вашей базы!", "deletion"),
    ("Требую уничтожить мои персональные данные в течение 30 дней.", "deletion"),
    ("уберите мою фотографию с сайта", "deletion"),
    ("Здравствуйте, хочу удалить свой аккаунт", "cancellation"),
    ("Прошу закрыть мою учётную запись.", "cancellation"),
    ("Отзываю своё согласие на обработку персональных данных.", "withdrawal"),
    ("Хватит слать мне рекламу, отпишите меня от рассылки", "withdrawal"),
    ("Я возражаю против обработки моих данных в целях прямого маркетинга.", "withdrawal"),
    ("Прошу заблокировать мои персональные данные до окончания проверки.", "restriction"),
    ("Ваш алгоритм отказал мне в кредите. Пусть заявку рассмотрит человек.", "review"),
    ("Объясните, как ваша политика конфиденциальности касается моих данных.", "explanation"),
    ("Подаю жалобу на незаконную обработку моих персональных данных.", "complaint"),
    ("Удалите, пожалуйста, третью строку из таблицы.", ""),
    ("Вы имеете право отозвать согласие на обработку персональных данных в любое время.", ""),
    ("Не могу войти в аккаунт, пришлите новый пароль.", ""),
    ("Прошу исправить ошибку в счёте-фактуре.", ""),
    ("Пожалуйста, не удаляйте мой аккаунт, я оплачу завтра.", ""),
    ("Сообщите, пожалуйста, какую информацию обо мне вы храните", "access"),
    ("Где вы взяли мой email?", "access"),
    ("На каком основании вы обрабатываете мои персональные данные?", "access"),
    ("Хочу скачать все свои данные", "copy"),
    ("Мой адрес электронной почты изменился, обновите, пожалуйста.", "correction"),
    ("Неверно указана дата рождения в моём профиле, прошу исправить.", "correction"),
    ("Удалите меня из базы", "deletion"),
    ("Требую удалить мой номер телефона из вашей базы данных", "deletion"),
    ("Как удалить аккаунт?", "cancellation"),
    ("Закройте мой профиль пожалуйста", "cancellation"),
    ("Не присылайте мне больше смс с рекламой", "withdrawal"),
    ("Уберите меня из рассылки", "withdrawal"),
    ("Запрещаю передавать мои данные третьим лицам", "withdrawal"),
    ("Верните деньги за заказ, товар бракованный", ""),
    ("Подскажите, как изменить пароль?", ""),
]
POLISH = [
    ("Dzień dobry, jakie dane na mój temat Państwo przechowują?", "access"),
    ("Na podstawie art. 15 RODO wnoszę o udzielenie mi dostępu do moich danych.", "access"),
    ("Skąd macie mój numer telefonu?", "access"),
    ("Proszę o przesłanie kopii moich danych osobowych.", "copy"),
    ("Korzystam z prawa do przenoszenia danych, proszę o plik CSV.", "copy"),
    ("Moje nazwisko jest błędnie zapisane, proszę o poprawienie.", "correction"),
    ("Prosze zmienic moj adres, przeprowadzilam sie.", "correction"),
    ("Proszę o usunięcie wszystkich moich danych osobowych z Państwa bazy.", "deletion"),
    ("Chcę skorzystać z prawa do bycia zapomnianym.", "deletion"),
    ("usuńcie moje zdjęcie ze strony!!", "deletion"),
    ("Proszę o usunięcie mojego konta.", "cancellation"),
    ("chce zamknac konto w waszym sklepie", "cancellation"),
    ("Cofam zgodę na przetwarzanie moich danych osobowych.", "withdrawal"),
    ("Proszę o wypisanie mnie z newslettera.", "withdrawal"),
    ("Wnoszę sprzeciw wobec przetwarzania moich danych w celach marketingowych.", "withdrawal"),
    ("Żądam ograniczenia przetwarzania moich danych do czasu wyjaśnienia sprawy.", "restriction"),
    ("System automatycznie odrzucił mój wniosek, proszę, by sprawdził go człowiek.", "review"),
    ("Proszę wyjaśnić, co Państwa polityka prywatności oznacza dla moich danych.", "explanation"),
    ("Składam skargę na przetwarzanie moich danych osobowych bez zgody.", "complaint"),
    ("Proszę usunąć trzeci slajd z prezentacji.", ""),
    ("Przysługuje Pani prawo dostępu do danych, ich sprostowania i usunięcia.", ""),
    ("Proszę zmienić termin spotkania na wtorek.", ""),
    ("Proszę o korektę faktury nr 12/2024 i numer konta do przelewu.", ""),
    ("Proszę nie usuwać mojego konta.", ""),
    ("Proszę o informację, jakie dane o mnie posiadacie i skąd je macie", "access"),
    ("Chciałbym się dowiedzieć, komu udostępniono mój numer telefonu.", "access"),
    ("Czy przetwarzacie moje dane osobowe?", "access"),
    ("Proszę o przesłanie moich danych w formacie CSV", "copy"),
    ("Zmieniłam nazwisko, proszę o aktualizację danych", "correction"),
    ("Mój adres e-mail jest nieaktualny, proszę zmienić na nowy", "correction"),
    ("Proszę mnie usunąć z bazy danych", "deletion"),
    ("Żądam natychmiastowego wykasowania wszystkich informacji na mój temat", "deletion"),
    ("jak usunac konto?", "cancellation"),
    ("Proszę zlikwidować mój profil", "cancellation"),
    ("Przestańcie do mnie dzwonić z ofertami!", "withdrawal"),
    ("Nie wyrażam zgody na przekazywanie moich danych innym firmom", "withdrawal"),
    ("prosze usunac mnie z listy mailingowej", "withdrawal"),
    ("Proszę o zwrot pieniędzy za zamówienie 123", ""),
    ("Zmieniłem zdanie, proszę wysłać paczkę pod nowy adres", ""),
]
BULGARIAN = [
    ("Здравейте, какви данни съхранявате за мен?", "access"),
    ("На основание чл. 15 от ОРЗД искам достъп до личните си данни.", "access"),
    ("Откъде имате телефонния ми номер?", "access"),
    ("Моля да ми изпратите копие от всички мои лични данни.", "copy"),
    ("Упражнявам правото си на преносимост на данните.", "copy"),
    ("Фамилията ми е изписана грешно, моля да я коригирате.", "correction"),
    ("Преместих се, моля променете адреса ми.", "correction"),
    ("Моля, изтрийте всичките ми лични данни от вашата база.", "deletion"),
    ("Искам да упражня правото си да бъда забравен.", "deletion"),
    ("Премахнете снимката ми от сайта!", "deletion"),
    ("Искам да изтрия профила си.", "cancellation"),
    ("Моля да закриете акаунта ми.", "cancellation"),
    ("Оттеглям съгласието си за обработване на личните ми данни.", "withdrawal"),
    ("Не желая повече да получавам рекламни съобщения.", "withdrawal"),
    ("Възразявам срещу обработването на личните ми данни за директен маркетинг.", "withdrawal"),
    (
        "Настоявам да ограничите обработването на данните ми, докато се изясни спорът.",
        "restriction",
    ),
    ("Системата автоматично отхвърли молбата ми, искам човек да я преразгледа.", "review"),
    ("Обяснете ми как според политиката ви за поверителност използвате данните ми.", "explanation"),
    ("Подавам жалба срещу незаконното обработване на личните ми данни.", "complaint"),
    ("Моля, изтрийте втория ред от таблицата.", ""),
    ("Имате право да поискате изтриване на личните си данни.", ""),
    ("Моля да промените часа на срещата.", ""),
    ("Моля за корекция на фактура 1202 и банковата сметка.", ""),
    ("Моля, не изтривайте профила ми.", ""),
    ("Моля, кажете ми каква информация пазите за мен и на кого я давате", "access"),
    ("Защо обработвате личните ми данни?", "access"),
    ("Кой има достъп до данните ми?", "access"),
    ("Искам да изтегля всичките си данни", "copy"),
    ("Сменила съм телефона си, моля обновете номера ми", "correction"),
    ("Името ми е грешно в системата", "correction"),
    ("Изтрийте ме от базата данни", "deletion"),
    ("Искам да изтриете телефонния ми номер", "deletion"),
    ("Как да изтрия акаунта си?", "cancellation"),
    ("Желая да закрия регистрацията си", "cancellation"),
    ("Спрете да ме спамите с реклами", "withdrawal"),
    ("Не съм съгласен данните ми да се предоставят на трети лица", "withdrawal"),
    ("Премахнете ме от списъка за бюлетина", "withdrawal"),
    ("Кога ще получа поръчката си?", ""),
    ("Моля за фактура на името на фирмата", ""),
]


@pytest.mark.parametrize(
    ("text", "kind"), [*CZECH, *RUSSIAN, *POLISH, *BULGARIAN], ids=lambda value: str(value)[:40]
)
def test_a_letter_asks_for_what_it_says(text, kind):
    found = classify("", text, "", load())
    assert {str(one.kind) for one in found.opens} == set(kind.split())


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            (
                "Jeżeli tak jest, proszę o kopię moich danych osobowych, a także o informacje:\n"
                "1. cele przetwarzania;\n"
                "2. istnienie zautomatyzowanego podejmowania decyzji, art. 22 ust. 1 RODO."
            ),
            "copy",
        ),
        (
            (
                "Uplatňuji námitku proti marketingu podle čl. 21, odst. 2 GDPR.\n\n"
                "Informujte mě, pokud povede ke smazání mého účtu."
            ),
            "withdrawal",
        ),
        ("Прошу удалить аккаунт и все связанные с ним данные.", "cancellation deletion"),
        ("Искам копие от данните си и после ги изтрийте.", "copy deletion"),
        ("Jak vyřídit žádost o výmaz podle článku 17 GDPR? Naučíte se na našem semináři.", ""),
        ("Вебинар: как оператору отвечать на запросы об удалении персональных данных.", ""),
    ],
)
def test_a_longer_letter_asks_for_what_it_says(text, kinds):
    found = classify("", text, "", load())
    assert {str(one.kind) for one in found.opens} == set(kinds.split())


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
