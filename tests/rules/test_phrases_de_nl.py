"""German and Dutch letters as different people write them; what they ask for."""

import pytest

from dsr.intake.classify import classify
from dsr.rules.phrases import load

REMINDERS = [
    (
        "Am 3. Juni habe ich Ihnen einen Antrag nach Art. 17 DSGVO geschickt. Leider haben Sie "
        "bis heute nicht geantwortet."
    ),
    "Mahnung: mein Antrag auf Auskunft nach Art. 15 DSGVO vom 3. Juni ist noch immer offen.",
    (
        "Op 3 juni heb ik u een verzoek op grond van artikel 17 AVG gestuurd. U heeft nog steeds "
        "niet gereageerd."
    ),
    "Aanmaning: mijn verzoek op grond van artikel 15 AVG is nog altijd niet beantwoord.",
]


@pytest.mark.parametrize("text", REMINDERS)
def test_a_reminder_names_the_right_and_is_no_new_request(text):
    found = classify("", text, "", load())
    assert found.opens
    assert found.follow_up


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("Bitte löschen Sie mein Konto. Benutzername: wolke77", "account", "wolke77"),
        ("Bitte um Auskunft zu meinen Daten, Kundennummer 4482190", "account", "4482190"),
        ("Verwijder mijn account, gebruikersnaam: fietser88", "account", "fietser88"),
        ("Inzage in mijn gegevens graag, bestelnummer: B-20419", "order", "B-20419"),
    ],
)
def test_what_names_the_writer_is_read(text, type_, value):
    named = classify("", text, "", load()).identifiers
    assert (type_, value.casefold()) in {(str(kind), one.casefold()) for kind, one in named}


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Namens meiner Mandantin verlange ich Auskunft über ihre Daten.", "agent"),
        ("Als Vater bitte ich Sie, die Fotos meines Sohnes zu löschen.", "guardian"),
        ("Mein Mann ist verstorben, bitte löschen Sie seine Daten.", "near_relative"),
        ("Namens mijn cliënt verzoek ik om inzage in zijn gegevens.", "agent"),
        ("Als moeder vraag ik u de foto's van mijn dochter te verwijderen.", "guardian"),
        ("Mijn man is overleden, verwijder zijn gegevens alstublieft.", "near_relative"),
    ],
)
def test_who_writes_for_whom_is_told(text, role):
    found = classify("", text, "", load())
    assert found.opens
    assert str(found.role) == role


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Es wäre nett, wenn Sie mein Konto löschen würden.", "cancellation"),
        ("Ich wäre dankbar, wenn Sie meine Fotos entfernen.", "deletion"),
        ("Ik zou het fijn vinden als u mijn account verwijdert.", "cancellation"),
    ],
)
def test_an_if_behind_polite_words_is_a_wish(text, kind):
    assert kind in {str(one.kind) for one in classify("", text, "", load()).opens}


@pytest.mark.parametrize(
    "text",
    [
        "Wenn Sie mein Konto löschen, verliere ich dann meine Punkte?",
        "Als u mijn account verwijdert, ben ik dan mijn punten kwijt?",
    ],
)
def test_an_if_without_them_is_none(text):
    assert not classify("", text, "", load()).opens


@pytest.mark.parametrize(
    "text",
    [
        "Für unsere Reportage suchen wir Leute, die ihr Recht auf Auskunft genutzt haben.",
        "Als externer Datenschutzbeauftragter biete ich Ihnen Hilfe bei Auskunftsersuchen.",
        "Voor ons artikel zoeken wij bedrijven met ervaring met het recht op inzage.",
    ],
)
def test_who_writes_about_rights_or_sells_help_exercises_none(text):
    assert not classify("", text, "", load()).opens


@pytest.mark.parametrize(
    "text",
    [
        "Was haben Sie über mich gespeichert? Danach soll bitte alles vernichtet werden.",
        "Welke gegevens heeft u over mij? Daarna graag alles wissen.",
    ],
)
def test_what_a_sentence_asks_of_the_object_before_it_is_a_right_beside_the_first(text):
    found = {str(one.kind) for one in classify("", text, "", load()).opens}
    assert found == {"access", "deletion"}


COMPOUNDS = [
    "Ausweiskopien",
    "Personalakte",
    "Sprachaufnahmen",
    "Gesprächsnotizen",
    "Lohnabrechnungen",
    "Laborbefunde",
    "Standortdaten",
    "Chatverläufe",
    "Arbeitszeugnisse",
]


@pytest.mark.parametrize("noun", COMPOUNDS)
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Könnten Sie meine {} bitte schreddern?", "deletion"),
        ("Meine {} haben bei Ihnen nichts mehr verloren.", "deletion"),
        ("Schicken Sie mir bitte meine {} zu.", "copy"),
        ("Wer hatte Zugriff auf meine {}?", "access"),
        ("Bitte geben Sie meine {} nicht weiter.", "withdrawal"),
    ],
)
def test_a_german_compound_is_known_as_what_is_held_about_somebody(noun, text, kind):
    found = classify("", text.format(noun), "", load())
    assert kind in {str(one.kind) for one in found.opens}


@pytest.mark.parametrize(
    "text",
    [
        "Bitte geben Sie mir Bescheid, ob Sie meine Unterlagen erhalten haben.",
        "Welche Unterlagen brauchen Sie von mir?",
        "Bitte streichen Sie mich von der Liste für 14 Uhr.",
        "Ich habe die Fotos vom Schaden geschickt. Bitte kommen Sie morgen vorbei.",
        "Bitte nehmen Sie die Position 3 aus dem Angebot raus.",
    ],
)
def test_ordinary_german_mail_opens_nothing(text):
    assert not classify("", text, "", load()).opens
