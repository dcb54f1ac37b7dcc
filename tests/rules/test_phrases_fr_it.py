"""Letters in French and Italian by many hands, none of which the phrase files quote."""

import pytest

from dsr.domain.vocabulary import IdentifierType, RequesterRole
from dsr.intake.classify import classify
from dsr.rules.phrases import load


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


@pytest.mark.parametrize(
    "text",
    [
        "Je ne veux plus de mon compte. Fermez-le et effacez toutes mes données.",
        "Il mio account non mi serve più. Chiudetelo e cancellate tutti i miei dati.",
    ],
)
def test_a_sentence_closes_what_was_named_before_and_erases_what_it_names(text):
    found = {str(one.kind) for one in classify("", text, "", load()).opens}
    assert found == {"cancellation", "deletion"}


@pytest.mark.parametrize(
    "text",
    [
        "Nous préparons un reportage sur le droit à l'oubli, qui peut nous répondre ?",
        "Nous accompagnons les entreprises pour toute demande d'accès aux données.",
        "Cerchiamo aziende da intervistare sul diritto all'oblio.",
        "Offriamo consulenza sulla richiesta di accesso ai dati.",
    ],
)
def test_who_writes_about_rights_or_sells_help_exercises_none(text):
    assert not classify("", text, "", load()).opens


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Vous serait-il possible, ce serait sympa si vous effaciez mes données.", "deletion"),
        ("Vi sarei grato se cancellaste i miei dati.", "deletion"),
    ],
)
def test_an_if_behind_polite_words_is_a_wish(text, kind):
    assert kind in {str(one.kind) for one in classify("", text, "", load()).opens}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Je veux que mes radios disparaissent.", "deletion"),
        ("Vous n'avez aucune raison de garder mes bulletins de salaire.", "deletion"),
        ("Vous avez ma carte d'identité. Je préfère que vous ne la gardiez pas.", "deletion"),
        ("Envoyez-moi mes conversations avec votre chatbot.", "copy"),
        ("J'aimerais savoir si je suis inscrit dans votre fichier.", "access"),
        ("Merci de noter ma nouvelle adresse postale.", "correction"),
        ("Merci de ne pas communiquer mes coordonnées à d'autres.", "withdrawal"),
        ("Je voudrais me désinscrire de votre plateforme.", "cancellation"),
        ("Comment est calculé mon score ?", "review"),
        ("Non vedo perché teniate ancora le mie buste paga.", "deletion"),
        ("Chiedo che vengano distrutte le mie radiografie.", "deletion"),
        ("Mandatemi la registrazione della telefonata.", "copy"),
        ("Vorrei sapere se sono schedato da voi.", "access"),
        ("Il codice fiscale che avete è sbagliato.", "correction"),
        ("Vi chiedo di non passarli a nessuno.", "withdrawal"),
        ("Vorrei disiscrivermi dal vostro portale.", "cancellation"),
        ("Come viene calcolato il mio punteggio?", "review"),
    ],
)
def test_things_held_about_somebody_are_known_by_their_everyday_names(text, kind):
    assert kind in [one.kind for one in classify("", text, "", load()).opens]


@pytest.mark.parametrize(
    "text",
    [
        "J'ai oublié mon passeport à l'hôtel, je voudrais récupérer mon passeport.",
        "Je ne reçois plus aucun mail de confirmation.",
        "Merci de noter notre mariage le 5 juin dans votre agenda.",
        "Quand vais-je recevoir mes photos de la commande 12 ?",
        "Merci de supprimer mes commentaires du document partagé.",
        "Vorrei recuperare la mia patente dimenticata in hotel.",
        "Mandatemi le foto del prodotto.",
        "Mi sono sposata e vorrei prenotare la sala per sabato.",
        "Potete togliere il mio commento dal documento condiviso?",
        "Ho bisogno della fattura di marzo.",
    ],
)
def test_the_same_words_about_other_things_open_nothing(text):
    assert not classify("", text, "", load()).opens
