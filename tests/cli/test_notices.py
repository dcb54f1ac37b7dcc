"""What a notice tells each recipient: what he got that is corrected or erased, and no more."""

import pytest

from tests.cli.conftest import COMPANY, SYSTEMS

CLOUD, GATEWAY, EXPO, AFFILIATE = (
    *("dpo@yunding.example.net", "privacy@shenlian.example.net"),
    *("data@huihai.example.org", "compliance@jingshu.example.org"),
)


@pytest.fixture
def notices(walk):
    """Return what gives the notices of a ticket by the address of each recipient."""

    def read(number):
        found = walk.json(f"letter {number} recipient_notice --frozen")
        query = "select recipient from letter where name = 'recipient_notice' order by id"
        texts = (each["text"] for each in (found if isinstance(found, list) else [found]))
        return dict(zip(walk.rows(query), texts, strict=True))

    return read


def corrected(walk, lines):
    """Return a correction whose notices are written."""
    number = walk.found("correction --language en")
    walk(f"propose {number} --changes {walk.file(lines)}")
    walk(f"approve {number} --as wang")
    return number


def test_a_correction_is_told_by_field_to_those_alone_who_got_that_field(walk, notices):
    told = notices(corrected(walk, "Job title: Buyer -> Head\npostal_code: 200040 -> 200041\n"))
    for address in (CLOUD, EXPO, AFFILIATE):
        assert '* Job title: "Buyer" becomes "Head"' in told[address]
    assert '* postal_code: "200040" becomes "200041"' in told[CLOUD]
    assert not [a for a, text in told.items() if "200041" in text and a != CLOUD]
    assert not [text for text in told.values() if "erase" in text or "concerns" in text]


def test_of_a_change_whose_kind_nobody_knows_no_value_is_told(walk, notices):
    number = corrected(walk, "Shoe size: 40 -> 41\nJob title: Buyer -> Head\n")
    told = notices(number)
    assert not [text for text in told.values() if "41" in text.split("Please confirm")[0]]
    assert "this concerns" in told[GATEWAY]
    assert '"Buyer" becomes "Head"' in told[EXPO]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_deletion_names_what_each_got_and_what_a_law_keeps_of_it(walk, notices, language):
    text = (COMPANY / "datamap.yaml").read_text(encoding="utf-8")
    assert text.count("recipients: [tax_bureau]") == 2
    shared = walk.folder / "datamap.yaml"
    shared.write_text(text.replace("[tax_bureau]", "[tax_bureau, cloud_host]"), encoding="utf-8")
    listed = {each["key"]: each for each in walk.json("source list")}
    urls = " ".join(f"--url {name}={listed[name]['url']}" for name in SYSTEMS)
    walk(f"source add {shared} {urls}")
    number = walk.found(f"deletion --language {language}")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    told = notices(number)
    named = "invoices", "contacts", "chats", "consents"
    labels = {x: walk.rows(f"select label from item where collection = '{x}'")[0] for x in named}
    split = "请勿删除" if language != "en" else "not to be erased"
    erased, kept = told[CLOUD].split(split)
    invoices = f" {labels['invoices']}\n"
    assert invoices in kept
    assert invoices not in erased
    assert labels["contacts"] in erased
    assert labels["contacts"] in told[GATEWAY]
    assert labels["chats"] not in told[GATEWAY]
    assert split not in told[GATEWAY]
    assert not [address for address, said in told.items() if labels["consents"] in said]
