"""Which laws a ticket is worked by; others that its text or place shows are told, never taken."""

import json
from datetime import date
from email.message import EmailMessage

import pytest

from dsr.errors import NotAllowedError
from dsr.intake.classify import classify
from dsr.intake.named_laws import CITES, pack_of
from dsr.rules import book, phrases
from dsr.services.lawful import in_force


def cited(text, subject=""):
    found = classify(subject, text, "", phrases.load())
    return [each.removeprefix(CITES) for each in found.reasons if each.startswith(CITES)]


def test_a_law_that_is_not_in_force_is_left_out_or_refused():
    start = book.law("IN").in_force.on
    day_before = date.fromordinal(start.toordinal() - 1)

    assert in_force(["CN", "IN"], day_before) == {"CN": book.law("CN").version}
    assert list(in_force(["CN", "IN"], start)) == ["CN", "IN"]
    with pytest.raises(NotAllowedError, match=f"IN is in force from {start}"):
        in_force(["CN", "IN"], day_before, strictly=True)
    with pytest.raises(NotAllowedError):
        in_force(["IN"], day_before)


@pytest.mark.parametrize(
    ("text", "laws"),
    [
        ("Under Article 15 GDPR I request access to my data.", ["EU: Art. 15 GDPR"]),
        ("Please delete my data as the GDPR says.", ["EU: GDPR"]),
        ("Under Art. 15 UK GDPR I request my personal data.", ["UK: Art. 15 UK GDPR"]),
        ("Nach Art. Nr. 15 DSGVO möchte ich eine Kopie meiner Daten.", ["EU: Art. 15 GDPR"]),
        ("I request deletion of my data under CCPA section 1798.105.", ["US-CA: § 1798.105 CCPA"]),
        ("Please delete my personal data, as the PDPA says.", ["SG: PDPA"]),
        ("根据《个人信息保护法》第四十七条，请删除我的个人信息。", ["CN: Art. 47 PIPL"]),
        ("根据GDPR，请删除我的个人信息。", ["EU: GDPR"]),
        ("根据 UK GDPR 第十七条，请删除我的个人信息。", ["UK: Art. 17 UK GDPR"]),
        ("Please delete my personal data.", []),
        ("The GDPR is a law. Our newsletter explains it.", []),
    ],
)
def test_the_laws_that_a_request_names_are_told_with_their_articles(text, laws):
    assert cited(text) == laws


def test_a_reason_of_another_kind_names_no_law():
    assert pack_of("access: en.access.3 (high)") is None
    assert pack_of("cites EU: Art. 15 GDPR") == ("EU", "Art. 15 GDPR")


def test_every_law_that_a_phrase_names_has_a_pack():
    named = {
        law.pack
        for lexicon in phrases.load().lexicons.values()
        for law in lexicon.file.laws.values()
        if law.pack
    }

    assert named == set(book.law_codes())


def mail(folder, text):
    message = EmailMessage()
    message["From"], message["To"] = "anna@example.org", "privacy@example.com"
    message["Subject"], message["Date"] = "Request", "Fri, 20 Nov 2026 09:00:00 +0100"
    message.set_content(text)
    place = folder / "mail.eml"
    place.write_bytes(bytes(message))
    return place


def hints(run, number):
    return [
        (each["what"], each["command"])
        for each in json.loads(run(f"show {number} -o json").stdout)["hints"]
    ]


def test_a_law_that_the_text_cites_is_suggested_and_never_switched_on_by_itself(run, tmp_path):
    run(f"import {mail(tmp_path, 'Under Art. 15 GDPR I request access to my personal data.')}")
    (row,) = json.loads(run("list -o json").stdout)
    number = row["number"]

    assert row["laws"] == ["CN"]
    command = f"dsr set {number} --law CN,EU"
    assert hints(run, number) == [("the text cites Art. 15 GDPR", command)]
    shown = run(f"show {number}").stdout
    assert "the text cites Art. 15 GDPR" in shown
    assert command in shown
    run(command.removeprefix("dsr "))
    assert hints(run, number) == []


def test_what_could_not_be_sorted_says_which_law_it_names(run, tmp_path):
    run(f"import {mail(tmp_path, 'I have a question about privacy and the GDPR, my lawyer asks.')}")

    (row,) = json.loads(run("triage -o json").stdout)
    assert "cites EU: GDPR" in row["reasons"]


@pytest.mark.parametrize(
    ("place", "law"),
    [("DE", "EU"), ("DE-BY", "EU"), ("GB", "UK"), ("US-CA", "US-CA"), ("JP", "JP"), ("NO", "EU")],
)
def test_the_law_of_a_place_is_suggested(run, opened, place, law):
    number = opened()
    run(f"set {number} --place {place}")

    assert hints(run, number) == [
        (f"{law} is the law of the place {place}", f"dsr set {number} --law CN,{law}")
    ]


@pytest.mark.parametrize("place", ["CN", "US", "RU", "IN"])
def test_a_place_without_another_law_in_force_suggests_none(run, opened, place):
    number = opened()
    run(f"set {number} --place {place}")

    assert hints(run, number) == []
