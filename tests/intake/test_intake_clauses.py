"""Where sentences end and lists begin, beyond what a full stop tells."""

import pytest

from dsr.intake.clauses import clauses_of, paragraphs_of
from dsr.rules.folding import fold


def cut(text):
    folded = fold(text)
    return [
        text[clause.start : clause.end].strip()
        for paragraph in paragraphs_of(folded)
        for clause in clauses_of(folded, paragraph)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "I ask under art. 15 of the GDPR.",
        "Ich bitte um Auskunft, z.B. über Nr. 7 und Abs. 3.",
        "Solicito al Sr. Gómez mis datos.",
        "Peço à Exma. Senhora os meus dados.",
        "Žádám podle čl. 15 odst. 3 nařízení.",
        "Na podstawie art. 15 ust. 3 proszę o kopię.",
        "Прошу по ст. 14 закона выдать данные.",
        "Моля по чл. 15 да получа данните.",
        "Ζητώ κατά το αρ. 15 παρ. 3 τα δεδομένα.",
        "Tražim temeljem članka 15. Uredbe svoje podatke.",
        "Tražim po čl. 15. Uredbe svoje podatke.",
        "Kanunun 11. maddesi uyarınca bilgi istiyorum.",
        "Solicito a V.Exas. os meus dados.",
        "Pido a Uds. mis datos.",
        "Please close account no. 42 and no. AB-17 and keep nos. 3 to 5.",
        "Ich berufe mich auf Art. 18 Abs. 1 Buchst. a der Verordnung.",
        "Mój nowy adres to ul. Leśna 5 w Łodzi.",
        "J'habite désormais 5 bd. Voltaire à Lyon.",
        "Moro agora no nº 12, 2.º Esq. da mesma rua.",
    ],
)
def test_a_shortened_word_or_an_ordinal_ends_no_sentence(text):
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("I moved. Delete my data.", 2),
        ("Ich habe 15. Löschen Sie alles.", 2),
        ("I told you no. Please delete my data.", 2),
        ("Ya me dijeron que no. Borren mis datos.", 2),
        ("Imam 15. Uredbe poštujem.", 2),  # nothing makes it the fifteenth of anything
        ("第一句。第二句。", 2),
    ],
)
def test_a_full_stop_ends_a_sentence_else(text, sentences):
    assert len(cut(text)) == sentences


@pytest.mark.parametrize(
    "text", ["私の個人情報を\n削除してください。", "개인정보를\n삭제해 주세요."]
)
def test_a_line_that_ends_in_a_particle_goes_on(text):
    assert cut(text) == [text]


@pytest.mark.parametrize(
    "item",
    [
        "- copy",
        "• copy",
        "ii) copy",
        "a) copy",
        "3. copy",
        "나. 사본",
        "二、副本",
        "（十二）副本",
        "・写し",
    ],
)
def test_a_line_that_is_counted_is_an_item(item):
    assert [one.item for one in paragraphs_of(fold(f"...\n{item}"))] == [False, True]


@pytest.mark.parametrize("line", ["copy of it", "2026", "나는 원한다", "一切副本"])
def test_a_line_that_is_not_counted_is_none(line):
    assert [one.item for one in paragraphs_of(fold(f"...\n{line}"))] == [False, False]
