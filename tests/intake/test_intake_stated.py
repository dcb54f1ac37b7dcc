"""What letters state beside the wish, in ten languages; nothing of it is decided by."""

import pytest

from dsr.intake.classify import classify
from dsr.intake.page import Page
from dsr.intake.stated import Stated, stated_in
from dsr.rules.folding import fold


@pytest.fixture
def stated(phrases):
    def read(language: str, text: str, at: int = 0) -> tuple[Stated, ...]:
        page = Page(text, fold(text, phrases.script), 0, phrases)
        return stated_in(page, (at,), (language,))

    return read


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "Please answer within 30 days.", "30 days"),
        ("en", "I expect it by 5 May 2026.", "2026-05-05"),
        ("en", "Reply no later than May 7, 2026.", "2026-05-07"),
        ("en", "by 2026-05-05", "2026-05-05"),
        ("en", "by 25/12/2026", "2026-12-25"),
        ("en", "within ten working days", "10 working_days"),
        ("zh", "请在15个工作日内答复。", "15 working_days"),
        ("zh", "请于2026年5月5日前回复", "2026-05-05"),
        ("de", "innerhalb von 14 Tagen", "14 days"),
        ("de", "bis zum 5. Mai", "--05-05"),
        ("de", "spätestens bis 05.04.2026", "2026-04-05"),
        ("fr", "dans un délai de 30 jours", "30 days"),
        ("fr", "avant le 1er août 2026", "2026-08-01"),
        ("es", "en un plazo de diez días hábiles", "10 working_days"),
        ("es", "antes del 5 de mayo de 2026", "2026-05-05"),
        ("pt", "em até 15 dias úteis", "15 working_days"),
        ("pt", "até 5 de março de 2026", "2026-03-05"),
        ("it", "entro 30 giorni", "30 days"),
        ("it", "entro il 5 maggio 2026", "2026-05-05"),
        ("nl", "binnen twee weken", "2 weeks"),
        ("nl", "uiterlijk op 5 mei 2026", "2026-05-05"),
        ("ja", "30日以内にご回答ください", "30 days"),
        ("ja", "2026年5月5日までに", "2026-05-05"),
        ("ko", "15일 이내에 회신해 주세요", "15 days"),
        ("ko", "5월 5일까지", "--05-05"),
        ("de", "Frist: 14 Tage.", "14 days"),
        ("en", "Deadline: 14 days.", "14 days"),
        ("es", "Plazo: 10 días.", "10 days"),
        ("de", "bis zum 7. Dezember 2026", "2026-12-07"),
        ("zh", "请于2026年12月1日前回复", "2026-12-01"),
        ("ja", "2026年12月7日（月）までに", "2026-12-07"),
        ("en", "until the Friday, 5th of May 2026", "2026-05-05"),
        ("it", "prima del 5º di maggio del 2026", "2026-05-05"),
    ],
)
def test_a_deadline_is_a_number_of_days_or_a_date(stated, language, text, value):
    (found,) = [one for one in stated(language, text) if one.what == "deadline"]
    assert found.value == value
    assert found.span in text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "by Friday"),
        ("en", "by 05/04/2026"),
        ("en", "I ordered 30 days ago."),
        ("en", "by 31 February 2026"),
        ("zh", "我30天前买的"),
        ("de", "seit 14 Tagen"),
        ("ja", "5月5日に購入しました"),
    ],
)
def test_what_is_no_day_or_can_be_read_in_two_ways_is_no_deadline(stated, language, text):
    found = [one.value for one in stated(language, text) if one.what == "deadline"]
    assert found == []


@pytest.mark.parametrize(
    ("language", "text", "old", "new"),
    [
        ("en", "My name is misspelt: Mueller instead of Müller.", "Mueller", "Müller"),
        ("en", "from 5 Mill Lane to 7 High Street, thanks", "5 Mill Lane", "7 High Street"),
        ("zh", "请把姓名从张三改为张叁。", "张三", "张叁"),
        ("zh", "請將地址由“磨坊巷五號”變更為“橋街七號”", "磨坊巷五號", "橋街七號"),
        ("de", "Mein Name ist Müller statt Mueller.", "Mueller", "Müller"),
        ("fr", "de « Dupond » à « Dupont »", "Dupond", "Dupont"),
        ("es", "Pongan Gómez en lugar de Gomes", "Gomes", "Gómez"),
        ("pt", "de Rua A 1 para Rua B 2", "Rua A 1", "Rua B 2"),
        ("it", "Scrivete Rossi anziché Rosi", "Rosi", "Rossi"),
        ("nl", "van Dam 1 naar Dam 2", "Dam 1", "Dam 2"),
        ("ja", "氏名は田中ではなく田仲です。", "田中", "田仲です"),
        ("ko", "이름을 김철수에서 김철호로 정정", "김철수", "김철호"),
    ],
)
def test_a_correction_says_what_is_wrong_and_what_is_right(stated, language, text, old, new):
    (found,) = [one for one in stated(language, text) if one.what == "correction"]
    assert (found.old, found.new) == (old, new)
    assert found.span in text


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "only marketing emails", "only marketing emails"),
        ("en", "all my orders\nof 2023", "all my orders of 2023"),
        ("zh", "只删2023年的订单", "2023年的订单"),
        ("de", "alle Bestellungen aus 2023", "alle Bestellungen aus 2023"),
        ("fr", "toutes mes commandes de 2023", "toutes mes commandes de 2023"),
        ("es", "solo los correos publicitarios", "solo los correos publicitarios"),
        ("pt", "todos os meus pedidos", "todos os meus pedidos"),
        ("it", "tutti gli ordini del 2023", "tutti gli ordini del 2023"),
        ("nl", "alleen de nieuwsbrieven", "alleen de nieuwsbrieven"),
        ("ja", "2023年の注文", "2023年の注文"),
        ("ko", "모든 계정", "모든 계정"),
    ],
)
def test_an_extent_is_told_in_the_writer_s_words(stated, language, text, value):
    assert value in [one.value for one in stated(language, text) if one.what == "scope"]


@pytest.mark.parametrize(
    ("language", "text", "channel"),
    [
        ("en", "Please reply by post.", "post"),
        ("zh", "请以书面形式答复。", "post"),
        ("de", "Bitte antworten Sie per E-Mail.", "email"),
        ("fr", "Merci de me répondre par courrier.", "post"),
        ("es", "Respondan por correo electrónico.", "email"),
        ("pt", "Peço resposta por e-mail.", "email"),
        ("it", "Vi prego di rispondere via PEC.", "email"),
        ("nl", "Stuur het antwoord per post.", "post"),
        ("ja", "メールでご回答ください。", "email"),
        ("ko", "우편으로 회신해 주세요.", "post"),
    ],
)
def test_how_to_answer_is_told(stated, language, text, channel):
    assert channel in [one.value for one in stated(language, text) if one.what == "channel"]


def test_how_somebody_wrote_is_no_way_to_answer(stated):
    assert stated("en", "I heard of you by post.") == ()


def test_a_letter_s_statements_come_with_its_rights_and_with_no_reason(phrases):
    text = "Please correct my name within 30 days: put Müller instead of Mueller. Reply by e-mail."
    found = classify("", text, "", phrases)
    assert [(one.what, one.value) for one in found.stated] == [
        ("deadline", "30 days"),
        ("correction", "Müller"),
        ("channel", "email"),
    ]
    assert not any("ller" in reason for reason in found.reasons)


def test_old_and_new_count_only_beside_a_wish_to_correct(phrases):
    found = classify("", "Please delete my data. I moved from Ulm to Bonn.", "", phrases)
    assert found.opens
    assert not [one for one in found.stated if one.what == "correction"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "My name is stored as Jon instead of John, please correct it."),
        ("en", "Please use John instead of Jon."),
        ("en", "You have me down as Jon rather than John."),
        ("en", "Please correct my name: Jon -> John"),
        ("de", "Mein Name steht als Jon statt John in Ihren Unterlagen."),
        ("de", "Bitte John statt Jon eintragen."),
        ("fr", "Mon nom figure comme Jon au lieu de John dans vos fichiers."),
        ("fr", "Mettez John au lieu de Jon."),
        ("es", "Mi nombre figura como Jon en lugar de John."),
        ("pt", "Meu nome está como Jon em vez de John, corrijam."),
        ("it", "Il mio nome è scritto Jon invece di John."),
        ("nl", "Mijn naam staat als Jon in plaats van John."),
        ("zh", "我的名字登记为Jon而不是John"),
        ("zh", "姓名写成了Jon，应为John，请更正"),
        ("ja", "氏名がJonとなっていますが、正しくはJohnです。"),
        ("ko", "제 이름이 John 대신 Jon로 되어 있습니다."),
    ],
)
def test_the_verb_tells_which_name_is_the_old_one(stated, language, text):
    (found,) = [one for one in stated(language, text) if one.what == "correction"]
    assert (found.old, found.new, found.value) == ("Jon", "John", "John")


def test_where_no_verb_tells_old_from_new_both_are_told_and_neither_is_chosen(stated):
    (found,) = stated("en", "My name: Jon instead of John.")
    assert (found.value, found.old, found.new) == ("Jon / John", "", "")


def test_a_new_value_alone_is_told_without_an_old_one(stated):
    (found,) = stated("en", "My birthday is wrong, it should be 4 May 1980.")
    assert (found.value, found.old) == ("4 May 1980", "")
