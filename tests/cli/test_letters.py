"""The command letter in its forms, and answers of which nothing shows that they were sent."""

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from dsr.letters import printed
from dsr.letters.forms import forms_here

PRINTS = pytest.mark.skipif(
    printed.lacking() is not None, reason=f"no PDF can be made here: {printed.lacking()}"
)


@pytest.fixture
def ready(walk):
    """Return a stop of marketing that waits for nothing but its answer."""
    number = walk.verified("explanation")
    walk(f"propose {number} --say answer='We use your address to answer you.'")
    return number


def folder(walk):
    return walk.folder / "read"


def test_a_letter_is_shown_as_a_page_and_nothing_is_stored(walk, ready):
    before = walk.dump()
    text = walk.json(f"letter {ready} acknowledgement --preview")
    html = walk(f"letter {ready} acknowledgement --as html").stdout
    assert LexborHTMLParser(html).css_first("h1").text() == text["subject"]
    assert text["sha256"] in html
    assert "--dir" in walk(f"letter {ready} acknowledgement --as pdf", exits=2).stderr
    assert walk.dump() == before


@pytest.mark.parametrize("form", ["text", "html", pytest.param("pdf", marks=PRINTS)])
def test_a_preview_is_laid_down_in_one_form_and_freezes_nothing(walk, ready, form):
    before = walk.dump()
    walk(f"letter {ready} acknowledgement --preview --as {form} --dir {folder(walk)}")
    (place,) = folder(walk).iterdir()
    end = "txt" if form == "text" else form
    assert place.name == f"DSR-{ready}-acknowledgement-preview.{end}"
    assert place.stat().st_mode & 0o777 == 0o600
    assert walk.dump() == before


def test_a_frozen_letter_is_laid_in_every_form_with_the_same_words_and_hash(walk, ready):
    walk(f"letter {ready} acknowledgement --dir {folder(walk)}")
    frozen = walk.json(f"letter {ready} acknowledgement --frozen")
    ends = {form.ending for form in forms_here()} | {".eml"}
    assert {each.suffix for each in folder(walk).iterdir()} == ends
    assert (folder(walk) / "acknowledgement.txt").read_text("utf-8") == (
        f"{frozen['subject']}\n\n{frozen['text']}"
    )
    assert frozen["sha256"] in (folder(walk) / "acknowledgement.html").read_text("utf-8")
    again = walk.folder / "again"
    walk(f"letter {ready} acknowledgement --frozen --dir {again}")
    pages = [next(each.glob("*.html")).read_bytes() for each in (folder(walk), again)]
    assert pages[0] == pages[1]


def test_an_answer_is_laid_as_text_page_and_mail(walk, ready):
    answered = walk.json(f"answer {ready}")
    names = {name.rpartition("/")[2] for name in answered["files"]}
    assert names == {f"letter{form.ending}" for form in forms_here()} | {"letter.eml"}


def letter_of(walk, number, name="explanation"):
    return next(each for each in walk.json(f"show {number}")["letters"] if each["name"] == name)


def test_an_answer_without_proof_waits_until_a_proof_or_a_reason_is_said(walk, ready):
    walk(f"answer {ready} --sent-by post")
    waiting = letter_of(walk, ready)
    assert (waiting["state"], waiting["proved"]) == ("ready", None)
    walk(f"answer {ready} --no-proof 'handed to Mr Wang, who would not sign'")
    sent = letter_of(walk, ready)
    assert (sent["state"], sent["channel"], sent["proved"]) == ("sent", "post", False)


@pytest.mark.parametrize("by", ["answer", "outbox"])
def test_why_nothing_shows_that_an_answer_was_sent_is_sealed_and_shown(walk, ready, by):
    why = "handed to Mr Wang, who would not sign"
    if by == "answer":
        walk(f"answer {ready} --sent-by in_person --no-proof '{why}'")
    else:
        walk(f"answer {ready} --sent-by in_person")
        (line,) = walk.json(f"outbox {ready}")
        walk(f"outbox --sent {line['letter']} --no-proof '{why}'")
    shown = walk.json(f"show {ready} --reveal 'what was said of it'")
    said = [each["why"] for each in shown["events"] if each["why"]]
    assert [each for each in said if "Wang" in each] == [why]
    assert letter_of(walk, ready)["proved"] is False
    assert walk.rows("select count(*) from letter where proof is not null") == [0]
    assert not [body for body in walk.rows("select body from event") if "Wang" in body]
    assert walk.json("audit verify")["ok"]


def test_a_proof_and_none_are_not_said_together_and_a_blank_reason_is_none(walk, ready):
    both = "--proof a --no-proof b"
    assert "--no-proof" in walk(f"answer {ready} {both}", exits=2).stderr
    walk(f"answer {ready} --sent-by post --no-proof ' '")
    assert letter_of(walk, ready)["state"] == "ready"
    (line,) = walk.json(f"outbox {ready}")
    assert "--no-proof" in walk(f"outbox --sent {line['letter']} {both}", exits=2).stderr
    walk(f"outbox --sent {line['letter']} --no-proof ' '", exits=4)


def test_what_went_out_is_frozen_with_text_hash_language_channel_and_proof(walk, ready, database):
    import hashlib
    import sqlite3

    walk(f"answer {ready} --sent-by post --proof 'EMS 1049812345' --language zh")
    connection = sqlite3.connect(database)
    query = "select subject, text, sha256, language, channel, proof, sent_at from letter"
    subject, text, sha256, language, channel, proof, sent_at = connection.execute(query).fetchone()
    connection.close()
    assert hashlib.sha256(f"{subject}\n\n{text}".encode()).hexdigest() == sha256
    assert (language, channel, proof) == ("zh", "post", "EMS 1049812345")
    assert sent_at
    assert letter_of(walk, ready)["proved"] is True
    assert json.loads(walk(f"letter {ready} explanation --frozen -o json").stdout)["text"] == text
