"""Turkish, Croatian, Romanian, Greek and Swedish letters; see fixtures/requests, too."""

import pytest

from dsr.intake.classify import classify
from dsr.rules.phrases import load


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("GDPR madde 15 uyarınca bir talep gönderdim. Yanıt alamadım.", "access"),
        ("Poslala sam vam zahtjev sukladno članku 15. GDPR-a. Nisam dobila odgovor.", "access"),
        ("V-am trimis o cerere conform articolului 17 din RGPD. Nu ați răspuns.", "deletion"),
        ("Σας έστειλα αίτημα σύμφωνα με το άρθρο 17 του ΓΚΠΔ. Δεν απαντήσατε.", "deletion"),
        ("Jag skickade en begäran enligt artikel 16 GDPR. Ni har inte svarat.", "correction"),
    ],
)
def test_a_reminder_makes_no_new_request(text, kind):
    found = classify("", text, "", load())
    assert found.follow_up
    assert [str(one.kind) for one in found.opens] == [kind]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Na temelju članka 17. Opće uredbe podnosim zahtjev.", "deletion"),
        ("Temeljem čl. 16. st. 1. GDPR-a podnosim zahtjev.", "correction"),
        ("Βάσει του άρθρου 20 παρ. 1 του ΓΚΠΔ υποβάλλω αίτημα.", "copy"),
    ],
)
def test_a_number_with_a_full_stop_ends_no_sentence(text, kind):
    assert [str(one.kind) for one in classify("", text, "", load()).opens] == [kind]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("KİŞİSEL VERİLERİMİ SİLİN", "deletion"),
        ("KISISEL VERILERIMI SILIN", "deletion"),
        ("kişisel verilerimi sılın", "deletion"),
        ("ΑΣΚΩ ΤΟ ΔΙΚΑΙΩΜΑ ΠΡΟΣΒΑΣΗΣ", "access"),
        ("IZBRISITE MOJ KORISNICKI RACUN", "cancellation"),
        ("Slett kontoen min, takk.", "cancellation"),
    ],
)
def test_capitals_and_missing_marks_are_read_alike(text, kind):
    assert [str(one.kind) for one in classify("", text, "", load()).opens] == [kind]


def test_an_account_is_read_behind_its_label():
    found = classify("", "Hesabımı silin lütfen. Kullanıcı adı: ayse.k", "", load())
    assert "ayse.k" in {name for _, name in found.identifiers}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Jeg vil gerne slette min konto.", "cancellation"),
        ("Jeg ber om innsyn i mine personopplysninger.", "access"),
        (
            "Hej, jeg vil gerne have, at I sletter alle mine oplysninger fra jeres register.",
            "deletion",
        ),
        ("Hej, jeg ønsker ikke at modtage jeres nyhedsbreve, og det er jeg træt af.", "withdrawal"),
    ],
)
def test_danish_and_norwegian_wishes_are_read_by_the_words_of_swedish(text, kind):
    assert {str(one.kind) for one in classify("", text, "", load()).opens} == {kind}
