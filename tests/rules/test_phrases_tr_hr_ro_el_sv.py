"""Turkish, Croatian, Romanian, Greek and Swedish letters; none of them stands in the files."""

import pytest

from dsr.intake.classify import classify
from dsr.rules.phrases import load

TURKISH = [
    ("Merhaba, hakkımda hangi kişisel verileri tutuyorsunuz?", "access"),
    ("Telefon numaramı nereden buldunuz?", "access"),
    ("KVKK madde 11 kapsamında verilerimin kimlerle paylaşıldığını öğrenmek istiyorum.", "access"),
    ("Bana ait tüm kişisel verilerin bir kopyasını gönderin lütfen.", "copy"),
    ("Soyadım yanlış yazılmış, Yıldız olarak düzeltilmesini rica ederim.", "correction"),
    ("verilerimi silin", "deletion"),
    ("Kişisel verilerimin silinmesini ve yok edilmesini talep ediyorum.", "deletion"),
    ("Fotoğrafımı internet sitenizden kaldırın.", "deletion"),
    ("Bana artık reklam mesajı göndermeyin.", "withdrawal"),
    ("Verilerimin işlenmesine verdiğim açık rızayı geri çekiyorum.", "withdrawal"),
    ("Bülteninizden çıkmak istiyorum", "withdrawal"),
    ("hesabimi nasil silebilirim", "cancellation"),
    ("ÜYELİĞİMİ İPTAL EDİN", "cancellation"),
    ("Hesabımı ve bütün kişisel verilerimi silmenizi istiyorum.", "cancellation deletion"),
    ("İtirazım sonuçlanana kadar verilerimin işlenmesini kısıtlayın.", "restriction"),
    ("Kredi başvurum sistem tarafından otomatik reddedildi, bir insan incelesin.", "review"),
    ("Gizlilik politikanızı açıklar mısınız?", "explanation"),
    ("Kişisel verilerimin kötüye kullanılması hakkında şikayette bulunmak istiyorum.", "complaint"),
    ("Siparişimi iptal etmek istiyorum, ürün gelmedi.", ""),
    ("Lütfen 3. slaytı silin.", ""),
    ("Faturadaki adresi düzeltir misiniz, vergi numarası da yanlış.", ""),
    ("Kişisel verilerinizin silinmesini talep etme hakkına sahipsiniz.", ""),
    ("Bültenimizden çıkmak için buraya tıklayın.", ""),
    ("Lütfen hesabımı silmeyin.", ""),
    ("Sözleşmenin bir kopyasını gönderir misiniz?", ""),
    ("Hesabımı geçen ay kapattım, teşekkürler.", ""),
    ("Şifremi unuttum, hesabıma giremiyorum.", ""),
    ("Toplantı cuma gününe alındı, sunumu ekte bulabilirsiniz.", ""),
]

CROATIAN = [
    ("Poštovani, zanima me koje osobne podatke imate o meni.", "access"),
    ("Odakle vam moj broj telefona?", "access"),
    ("Na temelju članka 15. Opće uredbe tražim pristup svojim osobnim podacima.", "access"),
    ("Kome ste proslijedili moje podatke?", "access"),
    ("Molim kopiju svih podataka koje čuvate o meni.", "copy"),
    ("Želim da mi pošaljete moje podatke u strojno čitljivom obliku.", "copy"),
    ("Moje prezime je krivo upisano, molim ispravite u Kovačić.", "correction"),
    ("obrisite moje podatke", "deletion"),
    ("Zahtijevam brisanje svih osobnih podataka koji se odnose na mene.", "deletion"),
    ("Uklonite moju fotografiju sa svoje stranice.", "deletion"),
    ("Ne želim više primati vaše newslettere.", "withdrawal"),
    ("Povlačim privolu za obradu svojih podataka.", "withdrawal"),
    ("Ulažem prigovor na obradu osobnih podataka u svrhe izravnog marketinga.", "withdrawal"),
    ("Prestanite me zvati!", "withdrawal"),
    ("Kako mogu obrisati svoj račun?", "cancellation"),
    ("Molim da zatvorite moj korisnički račun i izbrišete sve podatke.", "cancellation deletion"),
    ("Molim vas izbrišite moj nalog.", "cancellation"),
    ("Tražim ograničenje obrade mojih podataka dok se ne riješi prigovor.", "restriction"),
    ("Vaš algoritam je odbio moj zahtjev za kredit; neka ga pregleda čovjek.", "review"),
    ("Možete li mi objasniti vašu politiku privatnosti?", "explanation"),
    ("Podnosim pritužbu zbog zlouporabe mojih osobnih podataka.", "complaint"),
    ("Molim ispravite iznos na računu 114.", ""),
    ("Otkazujem narudžbu 55, kasni tri tjedna.", ""),
    ("Imate pravo zatražiti brisanje svojih osobnih podataka.", ""),
    ("Za odjavu s newslettera kliknite ovdje.", ""),
    ("Nemojte brisati moj račun.", ""),
    ("Možete li mi poslati kopiju ugovora o najmu?", ""),
    ("Zaboravio sam lozinku i ne mogu u svoj račun.", ""),
    ("Naša tvrtka mijenja adresu, molimo ažurirajte podatke za fakture.", ""),
    ("Obrišite treći redak tablice prije sastanka.", ""),
    ("Tražimo službenika za zaštitu podataka, prijave do petka.", ""),
]

ROMANIAN = [
    ("Bună ziua, ce date personale dețineți despre mine?", "access"),
    ("De unde aveți numărul meu de telefon?", "access"),
    (
        "În temeiul articolului 15 din RGPD solicit acces la datele mele cu caracter personal.",
        "access",
    ),
    ("Cui ați transmis datele mele?", "access"),
    ("Vă rog să-mi trimiteți o copie a datelor mele.", "copy"),
    ("Vreau datele mele într-un format care poate fi citit automat.", "copy"),
    ("Numele meu este scris greșit, vă rog corectați: Ionescu.", "correction"),
    ("stergeti-mi datele", "deletion"),
    ("Solicit ștergerea tuturor datelor cu caracter personal care mă privesc.", "deletion"),
    ("Vă rog să eliminați fotografia mea de pe site.", "deletion"),
    ("Nu mai vreau să primesc oferte de la voi.", "withdrawal"),
    ("Îmi retrag consimțământul pentru prelucrarea datelor mele.", "withdrawal"),
    ("Mă opun prelucrării datelor mele în scop de marketing direct.", "withdrawal"),
    ("dezabonați-mă de la newsletter", "withdrawal"),
    ("Cum îmi pot șterge contul?", "cancellation"),
    ("Vă rog să închideți contul meu și să ștergeți toate datele.", "cancellation deletion"),
    ("Solicit restricționarea prelucrării datelor mele.", "restriction"),
    ("Cererea mea de credit a fost respinsă automat; vreau să o analizeze un om.", "review"),
    ("Îmi puteți explica politica voastră de confidențialitate?", "explanation"),
    ("Depun o plângere privind prelucrarea datelor mele personale.", "complaint"),
    ("Vă rog să corectați factura 220, suma e greșită.", ""),
    ("Vreau să anulez comanda 881.", ""),
    ("Aveți dreptul de a solicita ștergerea datelor dumneavoastră personale.", ""),
    ("Pentru dezabonare, dați clic aici.", ""),
    ("Vă rog să nu ștergeți contul meu.", ""),
    ("Îmi puteți trimite o copie a contractului de închiriere?", ""),
    ("Mi-am uitat parola și nu pot intra în cont.", ""),
    ("Am închis contul luna trecută, mulțumesc.", ""),
    ("Ștergeți rândul 4 din tabel, vă rog.", ""),
    ("Căutăm un responsabil cu protecția datelor.", ""),
]

GREEK = [
    ("Καλησπέρα, ποια προσωπικά δεδομένα έχετε για μένα;", "access"),
    ("Πού βρήκατε το τηλέφωνό μου;", "access"),
    ("Σύμφωνα με το άρθρο 15 του ΓΚΠΔ ζητώ πρόσβαση στα προσωπικά μου δεδομένα.", "access"),
    ("Σε ποιους δώσατε τα στοιχεία μου;", "access"),
    ("Στείλτε μου αντίγραφο όλων των δεδομένων που διατηρείτε για εμένα.", "copy"),
    ("Θέλω τα δεδομένα μου σε μηχαναγνώσιμο μορφότυπο.", "copy"),
    ("Το επώνυμό μου είναι λάθος γραμμένο, παρακαλώ διορθώστε το.", "correction"),
    ("ΔΙΑΓΡΑΨΤΕ ΤΑ ΔΕΔΟΜΕΝΑ ΜΟΥ", "deletion"),
    ("Αιτούμαι τη διαγραφή όλων των δεδομένων προσωπικού χαρακτήρα που με αφορούν.", "deletion"),
    ("Παρακαλώ αφαιρέστε τη φωτογραφία μου από τη σελίδα σας.", "deletion"),
    ("Δεν θέλω να λαμβάνω άλλα διαφημιστικά μηνύματα.", "withdrawal"),
    ("Ανακαλώ τη συγκατάθεσή μου για την επεξεργασία των δεδομένων μου.", "withdrawal"),
    (
        "Αντιτίθεμαι στην επεξεργασία των δεδομένων μου για απευθείας εμπορική προώθηση.",
        "withdrawal",
    ),
    ("Σταματήστε να με καλείτε", "withdrawal"),
    ("Πώς μπορώ να διαγράψω τον λογαριασμό μου;", "cancellation"),
    (
        "Παρακαλώ κλείστε τον λογαριασμό μου και διαγράψτε όλα τα δεδομένα μου.",
        "cancellation deletion",
    ),
    ("Ζητώ τον περιορισμό της επεξεργασίας των δεδομένων μου.", "restriction"),
    ("Η αίτησή μου για δάνειο απορρίφθηκε αυτόματα και θέλω να την εξετάσει άνθρωπος.", "review"),
    ("Μπορείτε να μου εξηγήσετε την πολιτική απορρήτου σας;", "explanation"),
    ("Υποβάλλω καταγγελία για την παράνομη επεξεργασία των προσωπικών μου δεδομένων.", "complaint"),
    ("Παρακαλώ διορθώστε το ποσό στο τιμολόγιο 18.", ""),
    ("Θέλω να ακυρώσω την παραγγελία μου.", ""),
    ("Έχετε το δικαίωμα να ζητήσετε τη διαγραφή των δεδομένων σας.", ""),
    ("Για να διαγραφείτε από το newsletter πατήστε εδώ.", ""),
    ("Μην διαγράψετε τον λογαριασμό μου.", ""),
    ("Μπορείτε να μου στείλετε αντίγραφο του συμβολαίου ενοικίασης;", ""),
    ("Ξέχασα τον κωδικό μου και δεν μπορώ να μπω στον λογαριασμό μου.", ""),
    ("Έκλεισα τον λογαριασμό μου τον περασμένο μήνα, ευχαριστώ.", ""),
    ("Διαγράψτε τη γραμμή 4 του πίνακα.", ""),
    ("Ζητείται υπεύθυνος προστασίας δεδομένων με εμπειρία.", ""),
]

SWEDISH = [
    ("Hej, vilka personuppgifter har ni om mig?", "access"),
    ("Var har ni fått mitt telefonnummer ifrån?", "access"),
    (
        "Med stöd av artikel 15 i dataskyddsförordningen begär jag tillgång till mina uppgifter.",
        "access",
    ),
    ("Jag vill ha ett registerutdrag", "access"),
    ("Till vilka har ni lämnat ut mina uppgifter?", "access"),
    ("Skicka mig en kopia på alla uppgifter ni har om mig.", "copy"),
    ("Jag vill få ut mina uppgifter i ett maskinläsbart format.", "copy"),
    ("Mitt efternamn är felstavat, vänligen rätta till det: Sjöqvist.", "correction"),
    ("radera mina uppgifter", "deletion"),
    ("Härmed begär jag att alla personuppgifter som rör mig raderas.", "deletion"),
    ("Ta bort mitt foto från er hemsida.", "deletion"),
    ("Sluta skicka reklam till mig!", "withdrawal"),
    ("Jag återkallar mitt samtycke till behandlingen av mina personuppgifter.", "withdrawal"),
    (
        "Jag invänder mot behandlingen av mina personuppgifter för direktmarknadsföring.",
        "withdrawal",
    ),
    ("Avregistrera mig från nyhetsbrevet tack", "withdrawal"),
    ("Hur raderar jag mitt konto?", "cancellation"),
    (
        "Jag vill att ni avslutar mitt konto och raderar alla mina uppgifter.",
        "cancellation deletion",
    ),
    ("Jag kräver att behandlingen av mina uppgifter begränsas.", "restriction"),
    ("Min låneansökan avslogs automatiskt. Jag vill att en människa granskar den.", "review"),
    ("Kan ni förklara er integritetspolicy för mig?", "explanation"),
    ("Jag vill klaga på hur ni hanterar mina personuppgifter.", "complaint"),
    ("Vänligen rätta beloppet på faktura 12.", ""),
    ("Jag vill avbeställa min order 4471.", ""),
    ("Du har rätt att begära radering av dina personuppgifter.", ""),
    ("Klicka här för att avregistrera dig från nyhetsbrevet.", ""),
    ("Snälla radera inte mitt konto.", ""),
    ("Kan ni skicka en kopia av hyresavtalet?", ""),
    ("Jag har glömt lösenordet och kommer inte in på mitt konto.", ""),
    ("Jag avslutade mitt konto förra månaden, tack.", ""),
    ("Ta bort rad 4 i tabellen före mötet.", ""),
    ("Vi söker ett dataskyddsombud till vårt kontor i Lund.", ""),
]

AGAIN = {  # written when the patterns stood
    "tr": [
        ("Sisteminizde kayıtlı bilgilerimin tarafıma bildirilmesini talep ederim.", "access"),
        ("Sitenizdeki üyeliğimin tamamen silinmesini rica ederim, teşekkürler", "cancellation"),
        ("numaramı rehberinizden silin, beni bir daha aramayın", "deletion withdrawal"),
        ("Cep telefonum değişti, yeni numaramla güncelleyin lütfen.", "correction"),
        ("Tüm verilerimi Excel dosyası olarak bana iletin.", "copy"),
        ("Kişisel verilerimin yurt dışına aktarılmasına rıza göstermiyorum.", "withdrawal"),
        ("İade talebim reddedildi, ürünü geri almıyorlar.", ""),
        ("Kampanya hakkında bilgi almak istiyorum.", ""),
        ("Adres değişikliği nedeniyle kargomu yeni adresime gönderir misiniz?", ""),
    ],
    "hr": [
        ("Htio bih znati čuvate li ikakve podatke o meni i u koju svrhu.", "access"),
        ("Pozdrav, želim se odjaviti s vaše mailing liste", "withdrawal"),
        ("Preselila sam se, molim promijenite moju adresu na Vukovarska 12.", "correction"),
        ("Molim vas da uklonite sve moje osobne podatke iz svojih evidencija.", "deletion"),
        ("Dostavite mi moje podatke u CSV formatu.", "copy"),
        ("Ne dam da se moji podaci prosljeđuju trećima, povlačim suglasnost.", "withdrawal"),
        ("Želim da se moj profil i sve fotografije trajno obrišu.", "cancellation deletion"),
        ("Kada stiže račun za lipanj?", ""),
        ("Molim vas da promijenite termin dostave.", ""),
        ("Prigovor na račun za vodu: iznos je pogrešan.", ""),
    ],
    "ro": [
        ("Aș dori să aflu ce informații personale dețineți și în ce scop.", "access"),
        ("sterge-mi contul te rog", "cancellation"),
        ("M-am mutat, vă rog să actualizați adresa mea.", "correction"),
        ("Vă rog să mă scoateți din baza de date.", "deletion"),
        ("Nu sunt de acord cu transmiterea datelor mele către terți.", "withdrawal"),
        ("Trimiteți-mi toate datele mele în format electronic.", "copy"),
        ("Opriți trimiterea de mesaje publicitare pe numărul meu.", "withdrawal"),
        ("Când îmi livrați comanda?", ""),
        ("Am schimbat parola contului și acum merge.", ""),
        ("Vă rog să ștergeți produsul din coș.", ""),
    ],
    "el": [
        ("Θα ήθελα να μάθω αν επεξεργάζεστε προσωπικά μου δεδομένα.", "access"),
        ("σβηστε τον λογαριασμο μου", "cancellation"),
        ("Μετακόμισα, παρακαλώ αλλάξτε τη διεύθυνσή μου.", "correction"),
        ("Παρακαλώ διαγράψτε με από τη βάση δεδομένων σας.", "deletion"),
        ("Δεν συμφωνώ με τη διαβίβαση των δεδομένων μου σε τρίτους.", "withdrawal"),
        ("Στείλτε μου τα δεδομένα μου σε μορφή CSV.", "copy"),
        ("Μη μου ξαναστείλετε διαφημίσεις.", "withdrawal"),
        ("Πότε θα έρθει η παραγγελία μου;", ""),
        ("Άλλαξα τον κωδικό μου, όλα καλά.", ""),
        ("Παρακαλώ στείλτε μου τον λογαριασμό του νερού.", ""),
    ],
    "sv": [
        ("Jag undrar vad ni har sparat för information om mig.", "access"),
        ("kan ni ta bort mitt konto?", "cancellation"),
        ("Jag har flyttat, vänligen uppdatera min adress.", "correction"),
        ("Ta bort mig ur ert kundregister.", "deletion"),
        ("Jag samtycker inte till att mina uppgifter lämnas ut till andra.", "withdrawal"),
        ("Skicka mina uppgifter som CSV-fil.", "copy"),
        ("Ring mig inte mer.", "withdrawal"),
        ("När kommer min beställning?", ""),
        ("Jag har bytt lösenord på mitt konto och nu fungerar det.", ""),
        ("Kan ni rätta stavfelet i protokollet?", ""),
        ("Jeg vil gerne slette min konto.", "cancellation"),
        ("Jeg ber om innsyn i mine personopplysninger.", "access"),
        (
            "Hej, jeg vil gerne have, at I sletter alle mine oplysninger fra jeres register.",
            "deletion",
        ),
        ("Hej, jeg ønsker ikke at modtage jeres nyhedsbreve, og det er jeg træt af.", "withdrawal"),
    ],
}

LETTERS = {"tr": TURKISH, "hr": CROATIAN, "ro": ROMANIAN, "el": GREEK, "sv": SWEDISH}
WRITTEN = [
    pytest.param(*one, id=f"{language}-{number}")
    for language, letters in LETTERS.items()
    for number, one in enumerate([*letters, *AGAIN[language]], start=1)
]


@pytest.mark.parametrize(("text", "kinds"), WRITTEN)
def test_a_letter_asks_for_what_it_says(text, kinds):
    found = classify("", text, "", load())
    assert {str(one.kind) for one in found.opens} == set(kinds.split())


@pytest.mark.parametrize("language", LETTERS)
def test_the_language_of_most_letters_is_told(language):
    told = [classify("", text, "", load()).language for text, _ in LETTERS[language]]
    assert told.count(language) >= 0.8 * len(told)


NOTICES = [
    (
        "Kişisel verileriniz KVKK'nın 5. maddesi kapsamında işlenir; silinmesini isteyebilirsiniz.",
        "tr",
    ),
    ("Obrađujemo vaše podatke. Privolu možete povući u svakom trenutku.", "hr"),
    ("Prelucrăm datele dumneavoastră. Vă puteți retrage consimțământul oricând.", "ro"),
    ("Επεξεργαζόμαστε τα δεδομένα σας. Μπορείτε να ανακαλέσετε τη συγκατάθεσή σας.", "el"),
    ("Vi behandlar dina uppgifter. Du kan när som helst återkalla ditt samtycke.", "sv"),
    ("Du har ret til at få slettet dine personoplysninger.", "sv"),
]


@pytest.mark.parametrize(("text", "language"), NOTICES)
def test_a_notice_asks_for_nothing(text, language):
    assert language in load().lexicons
    assert not classify("", text, "", load()).opens


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
