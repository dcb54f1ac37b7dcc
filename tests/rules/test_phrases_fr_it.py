"""Letters in French and Italian by many hands, none of which the phrase files quote."""

import pytest

from dsr.domain.vocabulary import IdentifierType, RequesterRole
from dsr.intake.classify import classify
from dsr.rules.phrases import load

FRENCH = [
    ("Je voudrais savoir ce que vous gardez comme infos sur moi dans vos fichiers.", "access"),
    (
        (
            "Madame, Monsieur, en application de l'article 15 du Règlement général sur la "
            "protection des données, je vous prie de bien vouloir me communiquer l'ensemble "
            "des données que vous détenez à mon sujet."
        ),
        "access",
    ),
    ("D'où sortez-vous mon numéro de portable ? Je ne vous l'ai jamais donné !", "access"),
    ("A qui avez vous transmis mes coordonnees ?", "access"),
    ("Salut, tu peux me dire quelles données tu as sur moi ? merci", "access"),
    (
        (
            "Je souhaite exercer mon droit d'accès. Merci de m'indiquer l'origine des données, "
            "les\ndestinataires et la durée de conservation."
        ),
        "access",
    ),
    (
        (
            "Conformément à la Loi 25, je vous demande l'accès aux renseignements personnels "
            "que votre entreprise détient à mon sujet."
        ),
        "access",
    ),
    ("Est-ce que vous traitez des données qui me concernent ? Si oui, lesquelles ?", "access"),
    ("Merci de m'envoyer une copie de toutes mes données dans un fichier Excel.", "copy"),
    ("Je change de fournisseur et j'aimerais récupérer mes données au format CSV.", "copy"),
    (
        (
            "Sur la base de l'article 20 du RGPD, veuillez transmettre mes données directement "
            "à la société Orbea Santé."
        ),
        "copy",
    ),
    ("Mon nom est mal orthographié dans votre système : Lefèvre, pas Lefebre.", "correction"),
    ("j'ai déménagé, pouvez vous changer mon adresse svp ?", "correction"),
    (
        (
            "Je constate que ma date de naissance est erronée dans mon dossier. Je vous "
            "saurais gré de la rectifier."
        ),
        "correction",
    ),
    ("Veuillez procéder à l'effacement de l'ensemble des informations me concernant.", "deletion"),
    ("Effacez tout ce que vous avez sur moi. Tout de suite.", "deletion"),
    ("supprime mes donnees stp", "deletion"),
    (
        (
            "Par la présente, je vous mets en demeure de supprimer de vos bases de données "
            "toute information à caractère personnel me concernant."
        ),
        "deletion",
    ),
    ("Je ne suis plus client chez vous, merci d'effacer mes coordonnées bancaires.", "deletion"),
    ("Pouvez-vous retirer ma photo de votre site internet ?", "deletion"),
    ("J'invoque mon droit à l'oubli, veuillez déréférencer mon nom.", "deletion"),
    ("Arrêtez de m'envoyer vos pubs !!!", "withdrawal"),
    ("Je ne veux plus recevoir vos mails", "withdrawal"),
    ("Désinscrivez-moi de votre newsletter, c'est la troisième cette semaine.", "withdrawal"),
    ("Je retire mon consentement à l'utilisation de mes photos.", "withdrawal"),
    (
        (
            "Par ce courrier, je m'oppose à ce que mes données soient utilisées à des fins de "
            "prospection commerciale."
        ),
        "withdrawal",
    ),
    ("Je refuse que vous vendiez mes données à des tiers.", "withdrawal"),
    ("Merci de me retirer de votre liste de diffusion.", "withdrawal"),
    ("Stop pub", "withdrawal"),
    ("Fermez mon compte s'il vous plaît.", "cancellation"),
    ("Bonjour,\n\nComment je fais pour supprimer mon compte ?\n\nJulie", "cancellation"),
    ("je veux me désinscrire et supprimer mon profil définitivement", "cancellation withdrawal"),
    (
        ("Je n'utilise plus l'appli. Merci de clôturer mon compte, identifiant zoe_74."),
        "cancellation",
    ),
    (
        ("Veuillez supprimer mon compte ainsi que toutes les données qui y sont associées."),
        "cancellation deletion",
    ),
    (
        (
            "Je conteste l'exactitude de mes données et demande la limitation du traitement "
            "pendant la vérification."
        ),
        "restriction",
    ),
    ("Ne supprimez pas mes données mais gelez leur traitement le temps du litige.", "restriction"),
    (
        (
            "Mon dossier de crédit a été refusé par un logiciel. Je demande qu'un être humain "
            "le réexamine."
        ),
        "review",
    ),
    (
        (
            "Je ne souhaite pas faire l'objet d'une décision fondée exclusivement sur un "
            "traitement automatisé."
        ),
        "review",
    ),
    (
        ("Pourriez-vous m'expliquer votre politique de confidentialité ? Je n'y comprends rien."),
        "explanation",
    ),
    (
        ("Je dépose une réclamation : vous avez ignoré ma demande concernant mes données."),
        "complaint",
    ),
    # nothing is asked for
    ("Nous souhaitons résilier le contrat d'entretien des locaux au 31 décembre.", ""),
    ("Peux-tu supprimer la colonne C du tableau avant l'envoi ?", ""),
    ("Merci de corriger la facture F-2231, la TVA est fausse.", ""),
    ("J'ai supprimé mon compte hier, tout va bien, merci.", ""),
    ("Votre compte sera fermé si vous ne vous connectez pas d'ici le 3 juin.", ""),
    (
        (
            "Vous disposez d'un droit d'accès, de rectification et d'effacement de vos "
            "données. Pour l'exercer, écrivez à notre délégué."
        ),
        "",
    ),
    ("Si vous ne souhaitez plus recevoir nos offres, cliquez ici pour vous désabonner.", ""),
    ("Je n'arrive pas à me connecter à mon compte, mot de passe oublié.", ""),
    ("Pouvez-vous me donner accès au dossier partagé de l'équipe ?", ""),
    ("Que deviennent mes données si je supprime l'application ?", ""),
    ("Nous recrutons un délégué à la protection des données (H/F) en CDI à Lyon.", ""),
    ("Je voudrais annuler ma commande 8841.", ""),
    ("Veuillez transférer le solde sur notre compte à la Banque du Rhône.", ""),
    ("Ne supprimez surtout pas mon compte, je reviens en mars.", ""),
    ("Merci de m'envoyer une copie du contrat signé.", ""),
    ("Notre adresse a changé : merci de mettre à jour votre fichier fournisseurs.", ""),
    ("La CNIL a infligé une amende pour défaut de réponse à une demande de suppression.", ""),
    ("Je m'oppose à la clause 7 du projet de contrat.", ""),
    ("Pour vous désinscrire, cliquez sur le lien en bas de ce courriel.", ""),
    ("Merci de confirmer votre adresse pour la livraison de mercredi.", ""),
    ("Si ce message vous est parvenu par erreur, merci de le supprimer.", ""),
    ("Le serveur de test est plein, effacez les anciennes données svp.", ""),
]

ITALIAN = [
    ("Vorrei sapere quali informazioni avete su di me.", "access"),
    (
        (
            "Il sottoscritto Carlo Bianchi, ai sensi dell'art. 15 del Regolamento (UE) "
            "2016/679, chiede di ottenere conferma che sia o meno in corso un trattamento di "
            "dati personali che lo riguardano."
        ),
        "access",
    ),
    ("Da chi avete avuto il mio numero di telefono?", "access"),
    ("A chi avete ceduto i miei dati?", "access"),
    ("ciao mi dite che dati avete di me? grazie", "access"),
    (
        (
            "Con la presente intendo esercitare il diritto di accesso ai dati che mi "
            "riguardano in\nvostro possesso."
        ),
        "access",
    ),
    ("Per quanto tempo conservate il mio curriculum?", "access"),
    ("Potreste inviarmi una copia di tutti i dati che mi riguardano?", "copy"),
    ("Vorrei scaricare i miei dati in formato leggibile da dispositivo automatico.", "copy"),
    ("Chiedo la portabilità dei miei dati verso il nuovo gestore, come da art. 20 GDPR.", "copy"),
    ("Il mio cognome è scritto male, si chiama Rossetti e non Rosetti.", "correction"),
    ("ho cambiato casa, potete aggiornare il mio indirizzo?", "correction"),
    ("Chiedo la rettifica della data di nascita riportata nella mia scheda cliente.", "correction"),
    ("La mia email nei vostri archivi è sbagliata, correggetela per favore.", "correction"),
    ("Cancellate tutti i miei dati dal vostro database.", "deletion"),
    (
        (
            "Si richiede l'immediata cancellazione di tutti i dati personali riferiti alla mia "
            "persona."
        ),
        "deletion",
    ),
    ("eliminate i miei dati subito o vado dal garante", "deletion"),
    ("Voglio essere dimenticata: diritto all'oblio, art. 17 GDPR.", "deletion"),
    ("Vi diffido a rimuovere la mia foto dal vostro sito web.", "deletion"),
    ("Potete per cortesia distruggere il CV che vi ho mandato e i miei dati?", "deletion"),
    ("Non voglio più ricevere le vostre mail", "withdrawal"),
    ("Basta pubblicità!! Toglietemi dalla lista.", "withdrawal"),
    ("Revoco il consenso al trattamento dei miei dati per finalità di marketing.", "withdrawal"),
    ("Smettetela di chiamarmi per le vostre offerte.", "withdrawal"),
    ("disiscrivetemi per favore", "withdrawal"),
    ("Mi oppongo alla profilazione e alla cessione dei miei dati a terzi.", "withdrawal"),
    ("Ritiro l'autorizzazione all'uso delle mie immagini.", "withdrawal"),
    ("Non intendo più prestare il consenso ai cookie di profilazione.", "withdrawal"),
    ("Chiudete il mio account, grazie.", "cancellation"),
    ("Salve, come faccio a cancellare il mio profilo?", "cancellation"),
    ("Vorrei eliminare definitivamente il mio account (nome utente: gigi82).", "cancellation"),
    ("cancellazione account\n\nvorrei essere cancellato dal sito", "cancellation"),
    (
        ("Vi prego di cancellare il mio account e tutti i dati ad esso collegati."),
        "cancellation deletion",
    ),
    ("Chiedo la limitazione del trattamento finché non avrete verificato i dati.", "restriction"),
    ("Congelate i miei dati fino alla fine della causa, senza cancellarli.", "restriction"),
    (
        (
            "Il vostro sistema ha respinto la mia richiesta di prestito in automatico: voglio "
            "che la valuti una persona."
        ),
        "review",
    ),
    ("Contesto la decisione automatizzata e chiedo l'intervento umano.", "review"),
    ("Potete spiegarmi la vostra informativa sulla privacy? Non la capisco.", "explanation"),
    (
        ("Presento formale reclamo: avete ignorato la mia richiesta di accesso ai dati."),
        "complaint access",
    ),
    ("Vorrei sporgere reclamo per come avete gestito i miei dati personali.", "complaint"),
    # nothing is asked for
    ("Disdico il contratto di pulizia degli uffici a partire da gennaio.", ""),
    ("Puoi cancellare la riga 3 del foglio prima di mandarlo?", ""),
    ("Vi preghiamo di correggere la fattura n. 812: l'IVA è sbagliata.", ""),
    ("Ho cancellato il mio account ieri, tutto a posto.", ""),
    ("Il tuo account verrà eliminato se non accedi entro 30 giorni.", ""),
    (
        (
            "L'interessato ha il diritto di ottenere la cancellazione dei dati personali che "
            "lo riguardano senza ingiustificato ritardo."
        ),
        "",
    ),
    ("Se non desideri più ricevere queste comunicazioni, clicca qui per disiscriverti.", ""),
    ("Non riesco ad accedere al mio account, ho perso la password.", ""),
    ("Mi puoi dare accesso alla cartella condivisa?", ""),
    ("Che fine fanno i miei dati se disinstallo l'app?", ""),
    ("Cerchiamo un responsabile della protezione dei dati per la sede di Torino.", ""),
    ("Vorrei annullare il mio ordine 5521.", ""),
    ("Si prega di bonificare l'importo sul nostro conto presso Banca Etna.", ""),
    ("Per favore non cancellate il mio account, torno a settembre.", ""),
    ("Mi mandi una copia del contratto firmato?", ""),
    ("La nostra sede è cambiata, aggiornate l'indirizzo di fatturazione.", ""),
    ("Il Garante ha sanzionato una società per mancata risposta a una richiesta di accesso.", ""),
    ("Ci opponiamo alla clausola 7 della bozza.", ""),
    ("Se avete ricevuto questo messaggio per errore, vi preghiamo di cancellarlo.", ""),
    ("Chiudete la porta dell'ufficio quando uscite, per favore.", ""),
    ("Vi confermo che il mio indirizzo è corretto.", ""),
    ("Eliminate i dati di prova dal server prima della demo.", ""),
]

LETTERS = [
    (
        (
            "Je vous prie de bien vouloir m'indiquer si des données me concernant figurent "
            "dans vos\nfichiers.\n\nDans l'affirmative, je souhaiterais obtenir une copie, en "
            "langage clair, de ces données (article 15 du RGPD).\n\nÀ défaut de réponse, je me "
            "réserve la possibilité de saisir la CNIL d'une réclamation."
        ),
        "access",
    ),
    (
        (
            "Je suis titulaire d'un compte client. Je souhaite fermer ce compte et vous "
            "demande d'effacer toutes les données qui s'y rapportent."
        ),
        "cancellation deletion",
    ),
    (
        ("Je souhaite que mes données ne soient plus utilisées pour de la publicité ciblée."),
        "withdrawal",
    ),
    ("Mon compte ne me sert plus. Merci de le supprimer rapidement.", "cancellation"),
    ("Supprimer compte", "cancellation"),
    (
        (
            "Nous collectons vos données personnelles pour gérer votre commande. Vous pouvez "
            "accéder à vos données, demander leur effacement ou introduire une réclamation "
            "auprès de la CNIL."
        ),
        "",
    ),
    ("Veuillez trouver ci-joint une copie de ma carte d'identité.", ""),
    ("Merci de retirer mon nom de la liste des participants à la réunion.", ""),
    (
        (
            "Con la presente chiedo la cancellazione immediata dei dati personali che mi "
            "riguardano ai sensi dell'articolo 17 GDPR.\nSe ho prestato il consenso, con la "
            "presente revoco tale consenso."
        ),
        "deletion withdrawal",
    ),
    (
        (
            "Richiedo l'accesso ai dati (art. 15 GDPR) e in particolare:\n1. tutti i dati "
            "personali che avete conservato;\n2. le finalità;\n3. l'esistenza di un processo "
            "decisionale automatizzato di cui all'articolo 22 GDPR.\nMi riservo il diritto di "
            "presentare reclamo."
        ),
        "access",
    ),
    ("Vi chiedo di non contattarmi più.", "withdrawal"),
    ("come cancello l'account?", "cancellation"),
    ("Il mio nome è Giovanna e non Giovanni, correggete per favore.", "correction"),
    (
        (
            "Raccogliamo i tuoi dati personali per gestire il tuo ordine. Puoi accedere ai "
            "tuoi dati, chiederne la cancellazione o proporre reclamo al Garante."
        ),
        "",
    ),
    ("In allegato la copia della mia carta d'identità.", ""),
    ("Togliete il mio nome dall'elenco dei partecipanti alla cena, non vengo.", ""),
    ("Slt j'arrive pas a supprimer mon compte vous pouvez le faire svp", "cancellation"),
    (
        "Vous me harcelez au téléphone depuis des mois, cessez immédiatement tout démarchage.",
        "withdrawal",
    ),
    ("Par la présente, nous exerçons notre droit d'opposition à la prospection.", "withdrawal"),
    ("Quel usage faites-vous de mes données ?", "access"),
    (
        "Veuillez rectifier mes coordonnées : nouvelle adresse 8 rue Haute, 1000 Bruxelles.",
        "correction",
    ),
    ("Mon prénom s'écrit Zoé avec un Z et pas Soé, corrigez ça.", "correction"),
    ("Détruisez mon CV et ma lettre de motivation, je ne suis plus intéressé.", "deletion"),
    ("Je ne vous autorise plus à utiliser mon image.", "withdrawal"),
    ("Merci de désactiver définitivement mon profil.", "cancellation"),
    ("Comment se désinscrire de vos mails ?", "withdrawal"),
    ("Je demande une révision humaine de la décision automatique de refus de prêt.", "review"),
    ("Pouvez-vous supprimer les photos de la soirée du serveur ?", ""),
    ("La suppression du poste de M. Blanc a été décidée.", ""),
    ("Merci de me donner votre accord pour le devis.", ""),
    ("Je m'oppose à cette augmentation de loyer.", ""),
    ("Notre newsletter de juin : nouvelles fonctions d'export et de suppression des données !", ""),
    ("Avez-vous bien supprimé l'ancien fichier ?", ""),
    ("Je refuse votre offre commerciale, elle est trop chère.", ""),
    ("Merci d'arrêter les travaux pendant la réunion.", ""),
    (
        "Ai sensi degli articoli 15 e 20 del GDPR chiedo i miei dati in formato elettronico.",
        "access copy",
    ),
    ("raga non riesco a cancellare l'account me lo fate voi?", "cancellation"),
    ("Siete pregati di cessare ogni telefonata pubblicitaria.", "withdrawal"),
    ("Che uso fate dei miei dati?", "access"),
    (
        "Ho cambiato numero di cellulare, quello nuovo è 3331234567, aggiornate la scheda.",
        "correction",
    ),
    ("Distruggete il mio curriculum, non sono più interessato.", "deletion"),
    ("Non vi autorizzo più a usare la mia immagine.", "withdrawal"),
    ("Disattivate definitivamente il mio profilo.", "cancellation"),
    ("Come ci si disiscrive dalle vostre mail?", "withdrawal"),
    ("Chiedo la revisione umana della decisione automatica di rifiuto del prestito.", "review"),
    ("Potete togliere le foto della festa dal server?", ""),
    ("La soppressione del posto è stata decisa.", ""),
    ("Mi oppongo all'aumento dell'affitto.", ""),
    ("Rifiuto la vostra offerta, troppo cara.", ""),
    (
        "La nostra newsletter di giugno: nuove funzioni di esportazione e cancellazione dei dati!",
        "",
    ),
    ("Avete cancellato il vecchio file?", ""),
    ("Vi confermo il consenso alla trasferta.", ""),
    ("Non ricevo più le vostre mail, potete controllare?", ""),
    ("Je ne reçois plus votre newsletter, pouvez-vous vérifier ?", ""),
]


@pytest.fixture(scope="module")
def kinds_of():
    """Return what tells the kinds that a letter opens, sorted."""
    phrases = load()

    def kinds_of(text: str) -> set[str]:
        return {str(one.kind) for one in classify("", text, "", phrases).opens}

    return kinds_of


@pytest.mark.parametrize(("text", "kinds"), FRENCH)
def test_a_french_letter_asks_for_what_its_writer_wants(kinds_of, text, kinds):
    assert kinds_of(text) == set(kinds.split())


@pytest.mark.parametrize(("text", "kinds"), ITALIAN)
def test_an_italian_letter_asks_for_what_its_writer_wants(kinds_of, text, kinds):
    assert kinds_of(text) == set(kinds.split())


@pytest.mark.parametrize(("text", "kinds"), LETTERS)
def test_a_letter_after_a_pattern_and_a_hard_mail_are_told_apart(kinds_of, text, kinds):
    assert kinds_of(text) == set(kinds.split())


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("Je ne veux plus recevoir vos publicités.", "marketing"),
        ("Je retire mon consentement.", "consent"),
        ("Je retire mon consentement aux cookies.", "cookies"),
        ("Je m'oppose au partage de mes données.", "objection"),
        ("Non voglio più ricevere la vostra newsletter.", "marketing"),
        ("Revoco il mio consenso.", "consent"),
        ("Revoco il consenso ai cookie.", "cookies"),
        ("Mi oppongo alla cessione dei miei dati.", "objection"),
    ],
)
def test_a_withdrawal_says_what_it_withdraws(text, scope):
    assert [one.scope for one in classify("", text, "", load()).opens] == [scope]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("En tant que mère, je demande la suppression des photos de ma fille.", "guardian"),
        ("Mon père est décédé : merci de supprimer son compte.", "near_relative"),
        ("Au nom de mon client, je demande l'accès aux données le concernant.", "agent"),
        ("Un de nos clients demande la suppression de ses données.", "client"),
        ("In qualità di genitore chiedo la cancellazione dei dati di mia figlia.", "guardian"),
        (
            "Quale erede di mio padre, deceduto a maggio, chiedo di chiudere l'account.",
            "near_relative",
        ),
        ("In nome e per conto del mio assistito chiedo la copia dei suoi dati.", "agent"),
        ("Un nostro cliente chiede la cancellazione dei suoi dati.", "client"),
    ],
)
def test_who_writes_for_whom_is_told(text, role):
    assert classify("", text, "", load()).role == RequesterRole(role)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Supprimez mon compte, numéro client : 88213-A", IdentifierType.ACCOUNT, "88213-A"),
        ("Mon identifiant est zoe_74, fermez mon compte", IdentifierType.ACCOUNT, "zoe_74"),
        ("Mes données, n° de commande 55120, merci de les effacer", IdentifierType.ORDER, "55120"),
        ("Chiudete l'account, codice cliente: 7712B", IdentifierType.ACCOUNT, "7712B"),
        ("Cancellate i miei dati (numero ordine 99120)", IdentifierType.ORDER, "99120"),
    ],
)
def test_accounts_and_orders_are_read_behind_their_labels(text, kind, value):
    found = dict(classify("", text, "", load()).identifiers)
    assert found[kind].casefold() == value.casefold()


@pytest.mark.parametrize(
    "text",
    [
        "Je vous ai demandé le 3 mars de supprimer mes données et n'ai eu aucune réponse.",
        "Vi ho scritto un mese fa per la cancellazione dei miei dati e non avete risposto.",
    ],
)
def test_a_reminder_speaks_of_an_earlier_request(text):
    found = classify("", text, "", load())
    assert [str(one.kind) for one in found.opens] == ["deletion"]
    assert found.follow_up


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("Je demande mes données selon l'article 25 LPD.", "cites CH: Art. 25 LPD"),
        ("Je demande l'accès selon l'art. 15 du RGPD.", "cites EU: Art. 15 GDPR"),
        ("Chiedo l'accesso ai sensi dell'articolo 15 del GDPR.", "cites EU: Art. 15 GDPR"),
    ],
)
def test_the_law_that_a_letter_names_is_told(text, cited):
    assert any(cited in reason for reason in classify("", text, "", load()).reasons)


@pytest.mark.parametrize("code", ["fr", "it"])
def test_no_french_or_italian_pattern_fits_a_text_in_another_language(code):
    phrases = load()
    for language in ("en", "de", "es", "nl"):
        for example in (
            phrases.lexicons[language].file.examples if language in phrases.lexicons else ()
        ):
            kinds = classify(example.subject, example.text, "", phrases).kinds
            assert not [one for one in kinds if one.pattern.startswith(f"{code}.")], example.text
