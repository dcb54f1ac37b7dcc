"""Spanish and Portuguese letters as different people write them; none stands in the files."""

import pytest

from dsr.intake.classify import classify
from dsr.rules.phrases import load


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        (
            "Recordatorio: solicitud según el art. 15 RGPD",
            "El 2 de agosto le envié una solicitud según el artículo 15 del RGPD.",
            "access",
        ),
        (
            "Lembrete",
            "No dia 2 de agosto enviei-lhes um pedido nos termos do artigo 17.º do RGPD.",
            "deletion",
        ),
    ],
)
def test_a_reminder_makes_no_new_request(subject, text, kind):
    found = classify(subject, text, "", load())
    assert found.follow_up
    assert [str(one.kind) for one in found.opens] == [kind]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Como madre de mi hija pido que borren sus fotos y mis datos.", "guardian"),
        ("Mi difunto padre tenía una cuenta; ciérrenla.", "near_relative"),
        ("Na qualidade de procurador, solicito acesso aos dados do meu cliente.", "agent"),
        ("Quero excluir minha conta.", "subject"),
    ],
)
def test_who_writes_is_told_by_his_words(text, role):
    assert classify("", text, "", load()).role == role


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Quiero borrar mi cuenta. Número de cliente: C-4471", "c-4471"),
        ("Quero excluir minha conta. Nome de usuário: ana.lima", "ana.lima"),
    ],
)
def test_an_account_is_read_behind_its_label(text, value):
    found = classify("", text, "", load())
    assert value in {name.lower() for _, name in found.identifiers}


@pytest.mark.parametrize(
    "text",
    [
        "Hola:\n1) Digan qué datos guardan de mí\n2) Bórrenlos después",
        "Com base na LGPD eu quero:\n- saber quem os recebeu\n- e por fim a eliminação dos dados",
    ],
)
def test_an_item_of_a_list_may_name_what_the_lines_above_named(text):
    assert "deletion" in [str(one.kind) for one in classify("", text, "", load()).opens]
