"""German and Dutch letters as different people write them; what they ask for."""

import pytest

from dsr.intake.classify import classify
from dsr.rules.phrases import load

GERMAN = [
    (
        "access",
        ("Guten Tag, welche Daten haben Sie eigentlich über mich gespeichert? Gruß, T. Wendt"),
    ),
    (
        "access",
        (
            "Sehr geehrte Damen und Herren,\n\nhiermit verlange ich gemäß Art. 15 DSGVO "
            "Auskunft darüber, ob Sie mich\nbetreffende personenbezogene Daten verarbeiten. "
            "Falls ja, teilen Sie mir bitte mit:\n1. die Verarbeitungszwecke\n2. die "
            "Kategorien der Daten\n3. die Empfänger\n4. die Speicherdauer\n5. das Bestehen "
            "eines Rechts auf Berichtigung oder Löschung\n6. das Bestehen einer "
            "automatisierten Entscheidungsfindung\n\nDie Frist beträgt einen Monat.\nMit "
            "freundlichen Grüßen"
        ),
    ),
    ("access", "Woher habt ihr meine Handynummer?? Ich hab die nie rausgegeben!"),
    (
        "access",
        ("An wen haben Sie meine Adresse weitergegeben? Bitte nennen Sie mir alle Empfänger."),
    ),
    ("access", "Ich beantrage Selbstauskunft nach § 34 BDSG."),
    (
        "access",
        ("Gemaess Art. 25 DSG ersuche ich Sie um Auskunft ueber alle Daten zu meiner Person."),
    ),
    (
        "copy",
        ("Bitte senden Sie mir eine Kopie sämtlicher zu meiner Person gespeicherten Daten zu."),
    ),
    ("copy", "Kann ich meine Daten als CSV exportieren? Will zu einem anderen Anbieter."),
    (
        "copy",
        (
            "Unter Berufung auf Art. 20 DSGVO fordere ich Sie auf, mir meine Daten in einem "
            "strukturierten, gängigen und maschinenlesbaren Format zur Verfügung zu stellen."
        ),
    ),
    ("correction", "Mein Nachname ist falsch geschrieben, ich heiße Mayr mit ay. Bitte ändern."),
    (
        "correction",
        ("Ich bin umgezogen, bitte aktualisieren Sie meine Anschrift in Ihren Unterlagen."),
    ),
    (
        "correction",
        ("Hallo, mein Geburtsdatum stimmt bei euch nicht, könnt ihr das bitte korrigieren?"),
    ),
    (
        "correction",
        ("Ich habe geheiratet, mein neuer Familienname lautet Huber. Bitte um Berichtigung."),
    ),
    ("deletion", "Löscht gefälligst alles was ihr über mich habt!!!"),
    ("deletion", "Bitte loeschen Sie alle meine Daten aus Ihrem System."),
    ("deletion", "Ich möchte, dass meine Bewerbungsunterlagen vollständig vernichtet werden."),
    ("deletion", "Hiermit mache ich von meinem Recht auf Vergessenwerden Gebrauch."),
    ("deletion", "Auf eurer Teamseite ist immer noch mein Foto. Bitte entfernt es."),
    (
        "deletion",
        (
            "Namens und im Auftrag meiner Mandantin fordere ich Sie auf, sämtliche über sie "
            "gespeicherten personenbezogenen Daten unverzüglich zu löschen."
        ),
    ),
    ("deletion", "Daten löschen bitte"),
    ("withdrawal", "Melden Sie mich bitte vom Newsletter ab."),
    ("withdrawal", "Ich will keine Werbung mehr von Ihnen bekommen!"),
    ("withdrawal", "Hiermit widerrufe ich meine Einwilligung zur Datenverarbeitung."),
    ("withdrawal", "Ich widerspreche der Nutzung meiner Daten für Zwecke der Direktwerbung."),
    ("withdrawal", "Bitte nehmen Sie mich aus dem Verteiler."),
    ("withdrawal", "Bitte geben Sie meine Daten nicht an Dritte weiter."),
    ("withdrawal", "Stellen Sie die Zusendung von Katalogen an meine Adresse umgehend ein."),
    ("cancellation", "Wie kann ich mein Konto löschen?"),
    ("cancellation", "ich möchte mein Kundenkonto bei Ihnen schließen lassen"),
    ("cancellation", "Bitte löscht meinen Account, Benutzername: wolke77"),
    ("cancellation deletion", "Bitte Mitgliedskonto auflösen und alle meine Daten löschen."),
    (
        "review",
        (
            "Mein Kreditantrag wurde vollautomatisch abgelehnt. Ich verlange, dass ein "
            "Mensch die Entscheidung überprüft."
        ),
    ),
    (
        "restriction",
        ("Ich verlange die Einschränkung der Verarbeitung meiner Daten nach Art. 18 DSGVO."),
    ),
    ("explanation", "Können Sie mir Ihre Datenschutzerklärung erläutern?"),
    ("complaint", "Ich möchte mich über den Umgang mit meinen Daten beschweren."),
    (
        "access deletion",
        ("Erst Auskunft, was ihr über mich gespeichert habt, dann bitte meine Daten löschen."),
    ),
    ("", ("Hiermit kündige ich den Mietvertrag über die Wohnung Ringstraße 4 zum 31. März.")),
    ("", ("Bitte löschen Sie Position 3 aus der Bestellung und senden Sie mir die Rechnung neu.")),
    ("", "Betroffene können nach Art. 17 DSGVO die Löschung ihrer Daten verlangen."),
    ("", "Wir suchen einen Datenschutzbeauftragten (m/w/d) für unser Team in Graz."),
    ("", ("Sie können den Newsletter jederzeit über den Link am Ende der Mail abbestellen.")),
    ("", "Bitte löschen Sie mein Konto nicht, ich brauche es noch."),
    ("", "Ich habe letztes Jahr mein Konto gelöscht und will mich jetzt neu anmelden."),
    ("", "Die Rechnung 2291 ist falsch, bitte korrigieren Sie den Betrag."),
    ("", "Anbei das Protokoll; bitte Tippfehler auf Seite 2 korrigieren."),
    ("", "Falls Sie Ihr Konto löschen, gehen alle Daten verloren."),
    ("", "Können Sie mir Auskunft geben, wann mein Paket ankommt?"),
    ("", "Ich möchte meine Bestellung 3381 stornieren."),
    ("", "Wie lösche ich eine E-Mail in der App?"),
    ("", "Bitte schicken Sie mir eine Kopie der Rechnung vom Mai."),
    (
        "",
        ("Wir verarbeiten Ihre Daten auf Grundlage Ihrer Einwilligung, die Sie widerrufen können."),
    ),
    ("", ("Unsere Kanzlei unterstützt Unternehmen bei Auskunftsersuchen nach Art. 15 DSGVO.")),
    (
        "access",
        (
            "Sehr geehrtes Team, aus gegebenem Anlass würde ich gerne wissen, welche meiner "
            "Daten Sie gespeichert haben."
        ),
    ),
    ("access", "Bitte um Info was ihr so über mich gespeichert habt, danke"),
    ("access", "Bitte um DSGVO-Auskunft zu meiner Person, Kundennummer 55121"),
    (
        "access",
        (
            "Ich bin Mitglied seit 2015 und möchte Einsicht in die über mich geführte "
            "Mitgliederakte."
        ),
    ),
    ("access", "Wie sind Sie an meine private E-Mail-Adresse gekommen?"),
    ("access", "Ich möchte wissen, mit wem Sie meine Daten teilen."),
    (
        "access",
        (
            "Gestützt auf das Datenschutzgesetz verlange ich Auskunft, ob und welche Daten "
            "über mich bearbeitet werden."
        ),
    ),
    ("copy", "Schicken Sie mir bitte meine gespeicherten Gesundheitsdaten als PDF."),
    ("copy", "Ich fordere die Herausgabe einer vollständigen Kopie meiner Personalakte."),
    (
        "correction",
        (
            "Ihr schreibt mich immer noch mit Frau Schmidt an, ich heiße seit der Hochzeit "
            "Berger. Bitte ändert meinen Nachnamen."
        ),
    ),
    (
        "correction",
        (
            "In Ihrer Datenbank ist meine alte Telefonnummer hinterlegt, bitte auf 0664 "
            "1234567 ändern."
        ),
    ),
    ("deletion", "Bitte entfernen Sie meine Telefonnummer aus Ihrem System."),
    (
        "deletion",
        (
            "Ich hatte mich vor zwei Jahren bei Ihnen beworben. Vernichten Sie bitte alle "
            "Unterlagen von mir."
        ),
    ),
    ("deletion", "LÖSCHEN SIE SOFORT MEINE DATEN ODER ICH GEHE ZUM ANWALT"),
    (
        "deletion",
        (
            "Daher bitte ich Sie höflich, alle bei Ihnen über mich vorhandenen Informationen "
            "zu entfernen."
        ),
    ),
    ("deletion", "Ich bestehe auf die Löschung sämtlicher Daten, die Sie von mir haben."),
    ("withdrawal", "Nehmt mich aus eurem Newsletter raus"),
    ("withdrawal", "bitte keine mails mehr"),
    (
        "withdrawal",
        (
            "Ich möchte keine Werbeanrufe mehr erhalten und widerspreche der Nutzung meiner "
            "Telefonnummer."
        ),
    ),
    ("withdrawal", "Hiermit entziehe ich Ihnen die Erlaubnis, meine Fotos zu verwenden."),
    (
        "withdrawal",
        (
            "Ich bin nicht damit einverstanden, dass Sie meine Daten für Profiling nutzen, "
            "und lege Widerspruch ein."
        ),
    ),
    ("cancellation", "Ich nutze die App nicht mehr, bitte deaktiviert mein Profil."),
    ("cancellation", "Kündigung meines Benutzerkontos. Bitte bestätigen."),
    ("cancellation", "Wie kann ich meinen Account bei euch kündigen? Finde den Button nicht."),
    ("cancellation", "Bitte löschen Sie meinen Zugang, ich kaufe nicht mehr bei Ihnen."),
    (
        "review",
        (
            "Die KI hat mich aussortiert. Ich möchte, dass sich ein echter Mensch meine "
            "Bewerbung ansieht."
        ),
    ),
    (
        "restriction",
        (
            "Solange die Richtigkeit nicht geklärt ist, bitte ich um Einschränkung der "
            "Verarbeitung meiner Daten."
        ),
    ),
    (
        "complaint",
        (
            "Ich möchte Beschwerde wegen eines Datenschutzverstoßes einlegen, meine Daten "
            "wurden offen verschickt."
        ),
    ),
    ("", 'Bitte löschen Sie die Datei im Ordner "Archiv" und legen Sie eine neue an.'),
    ("", "Mein Konto wurde gesperrt, bitte schalten Sie es wieder frei."),
    ("", "Wie ändere ich mein Passwort?"),
    ("", "Können Sie mir die Zugangsdaten für den FTP-Server schicken?"),
    ("", "Ich kündige hiermit mein Arbeitsverhältnis zum 30. Juni."),
    ("", "Bitte senden Sie uns eine Kopie des unterschriebenen Vertrags."),
    ("", "Die DSGVO gilt seit Mai 2018 in allen Mitgliedstaaten der EU."),
    ("", "Du erhältst diese E-Mail, weil du unseren Newsletter abonniert hast. Abmelden"),
    ("", ("Ich habe die Lampe am Freitag bekommen, sie ist defekt. Ich widerrufe die Bestellung.")),
    ("", "Bitte aktualisieren Sie den Kalender, der Termin am 5. ist falsch."),
    ("", "Frau Huber prüft Ihre Unterlagen und meldet sich."),
    ("", "Wir bestätigen die Löschung Ihres Kontos."),
    ("", "Bitte geben Sie mir Bescheid, ob die Daten für den Bericht vollständig sind."),
    ("", "Mein Name ist Weber und ich interessiere mich für Ihr Angebot."),
]
DUTCH = [
    ("access", "Welke gegevens hebben jullie van mij?"),
    (
        "access",
        (
            "Geachte heer, mevrouw,\n\nHierbij verzoek ik u op grond van artikel 15 AVG om "
            "inzage in de persoonsgegevens\ndie u van mij verwerkt. Ik ontvang graag de "
            "volgende informatie:\n1. de doeleinden van de verwerking\n2. de categorieën van "
            "gegevens\n3. de ontvangers\n4. de bewaartermijn\n5. het bestaan van het recht "
            "op rectificatie of wissing\n6. het bestaan van geautomatiseerde "
            "besluitvorming\n\nU dient binnen een maand te antwoorden.\nHoogachtend"
        ),
    ),
    ("access", "Hoe komen jullie aan mijn telefoonnummer?"),
    ("access", "Aan wie heeft u mijn gegevens doorgegeven? Ik wil een overzicht."),
    ("access", "Ik wil graag mijn dossier inzien en weten wat u over mij heeft vastgelegd."),
    ("access", "Kunt u mij laten weten of u persoonsgegevens van mij verwerkt?"),
    ("copy", "Graag ontvang ik een kopie van al mijn persoonsgegevens."),
    ("copy", "Kan ik mijn gegevens ergens downloaden? Liefst als csv."),
    (
        "copy",
        (
            "Met een beroep op artikel 20 AVG vraag ik u mijn gegevens in een "
            "gestructureerd, gangbaar en machineleesbaar formaat te verstrekken."
        ),
    ),
    (
        "correction",
        ("Mijn achternaam staat verkeerd in jullie systeem, het is Janssens met dubbel s."),
    ),
    ("correction", "Ik ben verhuisd. Wilt u mijn adres aanpassen?"),
    ("correction", "Mijn geboortedatum klopt niet, gelieve dit te verbeteren."),
    ("correction", "Ik verzoek u mijn onjuiste gegevens te rectificeren."),
    ("deletion", "Verwijder al mijn gegevens uit jullie bestand!"),
    ("deletion", "Graag zou ik willen dat u alles wat u over mij heeft wist."),
    ("deletion", "Ik beroep mij op mijn recht op vergetelheid."),
    ("deletion", "Mijn foto staat nog steeds op jullie website. Graag verwijderen."),
    ("deletion", "Wilt u mijn cv en sollicitatiebrief vernietigen? Ik ben niet aangenomen."),
    (
        "deletion",
        ("Namens mijn cliënte verzoek ik u al haar persoonsgegevens onverwijld te wissen."),
    ),
    ("deletion", "gegevens wissen aub"),
    ("withdrawal", "Schrijf me uit voor de nieuwsbrief."),
    ("withdrawal", "Ik wil geen reclame meer van u ontvangen."),
    ("withdrawal", "Hierbij trek ik mijn toestemming voor het gebruik van mijn gegevens in."),
    (
        "withdrawal",
        ("Ik maak bezwaar tegen de verwerking van mijn persoonsgegevens voor direct marketing."),
    ),
    ("withdrawal", "Haal mij van de mailinglijst af."),
    ("withdrawal", "U mag mijn gegevens niet meer aan derden verkopen."),
    ("withdrawal", "Stop met mij te mailen!!"),
    ("cancellation", "Hoe verwijder ik mijn account?"),
    ("cancellation", "Ik wil mijn klantaccount opzeggen."),
    ("cancellation", "Gelieve mijn profiel te sluiten, gebruikersnaam: fietser88"),
    ("cancellation deletion", "Kan mijn account worden verwijderd en ook al mijn gegevens gewist?"),
    (
        "review",
        (
            "Mijn aanvraag is automatisch afgewezen. Ik wil dat een medewerker naar de "
            "beslissing kijkt."
        ),
    ),
    ("restriction", "Ik verzoek om beperking van de verwerking van mijn gegevens (art. 18 AVG)."),
    ("explanation", "Kunt u mij uw privacyverklaring uitleggen?"),
    ("complaint", "Ik wil een klacht indienen over de manier waarop u met mijn gegevens omgaat."),
    (
        "access deletion",
        ("Stuur me een overzicht van wat jullie over me bewaren en verwijder daarna mijn data."),
    ),
    ("", "Hierbij zeg ik de huur van de woning aan de Dorpsstraat 4 op per 1 mei."),
    ("", "Wilt u regel 3 van de bestelling verwijderen en de factuur opnieuw sturen?"),
    ("", ("Betrokkenen kunnen op grond van artikel 17 AVG om wissing van hun gegevens verzoeken.")),
    ("", "Vacature: functionaris gegevensbescherming voor ons kantoor in Gent."),
    ("", "U kunt zich op elk moment afmelden via de link onderaan deze nieuwsbrief."),
    ("", "Verwijder mijn account alsjeblieft niet, ik gebruik het nog."),
    ("", "Ik heb vorig jaar mijn account verwijderd en wil nu een nieuw aanmaken."),
    ("", "Het bedrag op factuur 2291 klopt niet, graag corrigeren."),
    ("", "In bijlage het verslag; graag de datum op pagina 2 aanpassen."),
    ("", "Als u uw account verwijdert, gaan al uw gegevens verloren."),
    ("", "Kunt u mij informatie geven over wanneer mijn pakket aankomt?"),
    ("", "Ik wil mijn bestelling 3381 annuleren."),
    ("", "Hoe verwijder ik een e-mail in de app?"),
    ("", "Stuur me aub een kopie van de factuur van mei."),
    ("", "Wij verwerken uw gegevens op basis van uw toestemming, die u kunt intrekken."),
    ("", "Ons kantoor helpt bedrijven met inzageverzoeken onder de AVG."),
    ("access", "Beste, kan u mij zeggen welke gegevens u allemaal over mij bijhoudt?"),
    ("access", "Ik zou graag weten wat er over mij in jullie systeem staat."),
    ("access", "Via deze weg wil ik gebruik maken van mijn recht op inzage."),
    ("access", "Hoe bent u aan mijn gsm-nummer gekomen?"),
    ("access", "Aan welke bedrijven zijn mijn gegevens verkocht?"),
    ("access", "Conform de AVG vraag ik een overzicht van mijn persoonsgegevens op."),
    ("copy", "Graag ontvang ik mijn gegevens als pdf."),
    ("copy", "Kunt u een kopie van mijn personeelsdossier opsturen?"),
    ("correction", "Mijn huisnummer staat fout, het moet 14 zijn en niet 41."),
    ("correction", "Ik ben getrouwd en mijn familienaam is veranderd. Gelieve dit aan te passen."),
    ("correction", "Wil je mijn e-mailadres wijzigen naar jan@voorbeeld.example?"),
    ("deletion", "Verwijder mij uit jullie systeem."),
    ("deletion", "Graag alle gegevens over mij wissen."),
    ("deletion", "Ik sta erop dat u mijn gegevens onmiddellijk verwijdert."),
    ("deletion", "VERWIJDER MIJN GEGEVENS OF IK GA NAAR DE RECHTER"),
    ("deletion", "Kunt u ervoor zorgen dat mijn sollicitatiegegevens gewist worden?"),
    ("withdrawal", "Geen mails meer aub"),
    ("withdrawal", "Ik wens geen reclame meer te ontvangen."),
    ("withdrawal", "Hierbij wil ik mijn toestemming intrekken."),
    ("withdrawal", "Kunnen jullie me van de maillijst halen?"),
    ("withdrawal", "Ik ga niet akkoord met de verwerking van mijn gegevens voor profilering."),
    ("withdrawal", "Deel mijn gegevens niet met derden."),
    ("cancellation", "Ik wil graag mijn account laten verwijderen."),
    ("cancellation", "Hef mijn account op alstublieft."),
    ("cancellation", "Zou u mijn profiel willen verwijderen?"),
    ("cancellation", "account verwijderen aub, gebruikersnaam kees_99"),
    ("cancellation deletion", "Ik wil mijn account en al mijn gegevens laten wissen."),
    ("review", "Mijn lening is door een computer geweigerd. Ik wil dat een mens ernaar kijkt."),
    ("restriction", "Ik vraag beperking van de verwerking zolang mijn bezwaar loopt."),
    ("complaint", "Ik heb een klacht over de verwerking van mijn gegevens."),
    ("", "Kunt u de afspraak uit de agenda verwijderen?"),
    ("", "Mijn account is geblokkeerd, kunt u het weer vrijgeven?"),
    ("", "Hoe wijzig ik mijn wachtwoord?"),
    ("", "Ik neem ontslag per 1 juni."),
    ("", "Stuur ons een kopie van het getekende contract."),
    ("", "De AVG is sinds mei 2018 van toepassing in de hele EU."),
    ("", ("Je ontvangt deze mail omdat je bent ingeschreven op onze nieuwsbrief. Uitschrijven")),
    ("", "De lamp is kapot, ik wil de bestelling herroepen."),
    ("", "Wij bevestigen de verwijdering van uw account."),
    ("", "Mijn naam is Peeters en ik heb interesse in uw aanbod."),
    ("", "Kunt u laten weten of de gegevens voor het rapport volledig zijn?"),
    ("", "Wat kost een account voor tien gebruikers?"),
    ("", "Ik wil graag toegang tot de gedeelde map."),
    ("", "Een collega controleert de gegevens en belt u terug."),
]
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


def _kinds(text: str) -> set[str]:
    return {str(one.kind) for one in classify("", text, "", load()).opens}


@pytest.mark.parametrize(("kinds", "text"), GERMAN)
def test_a_german_letter_asks_for_what_its_writer_means(kinds, text):
    assert _kinds(text) == set(kinds.split())


@pytest.mark.parametrize(("kinds", "text"), DUTCH)
def test_a_dutch_letter_asks_for_what_its_writer_means(kinds, text):
    assert _kinds(text) == set(kinds.split())


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
