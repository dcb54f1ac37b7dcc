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
