"""A letter as a page and as a PDF: its own words, nothing else's, in every script."""

import re
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from dsr.domain.vocabulary import LetterName
from dsr.letters import printed
from dsr.letters.compose import compose
from dsr.letters.page import blocks, page

LANGUAGES = ("en", "zh")
SHA = "a" * 64
HOSTILE = (
    '<script>alert(1)</script><img src="file:///etc/passwd"><a href="https://x.example">'
    '</style><link rel="attachment" href="file:///etc/passwd">&amp;{{ subject }}'
)
NAMES = "王小明 김민준 Владимир Ngu\u1ec5n Zo\u0065\u0308 علی"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PRINTS = pytest.mark.skipif(
    printed.lacking() is not None, reason=f"no PDF can be made here: {printed.lacking()}"
)


def written(name, language, facts, **changes):
    """Return a composed letter with its page."""
    facts = replace(facts[language], **changes)
    if name is LetterName.REFUSAL:
        facts = replace(facts, items=facts.items[1:])
    made = compose(name, language, facts)
    return made, page(made.subject, made.text, language=language, sha256=made.sha256)


def words(text):
    return re.sub(r"\s+", "", text)


def shown(html):
    """Return every word that a page shows."""
    return words(LexborHTMLParser(html).css_first("body").text())


def plain(made):
    """Return every word of a plain letter: without the rules under headings and the bullets."""
    lines = f"{made.subject}\n\n{made.text}".split("\n")
    kept = (line for line in lines if not re.fullmatch(r"-{3,}|={10,}", line))
    return words("\n".join(re.sub(r"^[*·] ", "", line) for line in kept))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LetterName)
def test_a_page_says_what_the_letter_says_and_carries_its_hash(name, language, full_facts):
    made, html = written(name, language, full_facts)
    assert shown(html) == plain(made)
    tree = LexborHTMLParser(html)
    assert tree.css_first("html").attributes["lang"] == {"en": "en", "zh": "zh-CN"}[language]
    assert tree.css_first("meta[name=dsr-letter-sha256]").attributes["content"] == made.sha256
    assert tree.css_first("title").text() == made.subject
    headings = {each.text() for each in tree.css("h2")}
    assert len(headings) >= (2 if name is not LetterName.CLIENT_NOTICE else 1)
    assert not [each for each in headings if re.search(r"-{3}|={3}", each)]


def test_the_same_letter_gives_the_same_bytes(full_facts):
    pages = {written(LetterName.ACCESS, "zh", full_facts)[1] for _ in range(3)}
    assert len(pages) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", ["salutation", "account", "finding", "reason", "question"])
def test_what_strangers_wrote_is_text_and_no_markup(language, field, full_facts):
    for name in (LetterName.CANCELLATION, LetterName.COMPLAINT, LetterName.CLARIFICATION):
        made, html = written(name, language, full_facts, **{field: HOSTILE})
        tree = LexborHTMLParser(html)
        assert not tree.css("script, img, a, link, iframe, object, base, form")
        assert "http" not in html.decode().replace("http-equiv", "").replace(
            "https://x.example", ""
        )
        assert shown(html) == plain(made)


@given(st.text())
def test_whatever_a_text_is_its_page_keeps_every_word_of_it_apart_from_its_form(text):
    lines = text.split("\n")
    kept = [x for b in blocks(text) for x in (*b.lines, *(y for p in b.points for y in p))]
    rules = re.compile(r"-{3,}|={10,}")
    bare = (re.sub(r"^[*·] ", "", line) for line in lines if not rules.fullmatch(line))
    assert words("".join(kept)) in {words("".join(bare)), words(re.sub(r"(?m)^[*·] ", "", text))}


@PRINTS
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pdf_shows_every_script_and_is_a4(language, full_facts):
    from pypdf import PdfReader

    made, html = written(LetterName.REFUSAL, language, full_facts, salutation=NAMES)
    reader = PdfReader(BytesIO(printed.pdf(html)))
    sheet = reader.pages[0].mediabox
    assert (round(sheet.width), round(sheet.height)) == (595, 842)
    said = unicodedata.normalize("NFC", words("".join(p.extract_text() for p in reader.pages)))
    for name in ("王小明", "김민준", "Владимир", "Ngu\u1ec5n", "Zo\u00eb"):
        assert name in said
    for item in full_facts[language].items[1:]:
        assert words(item.reason) in said
    assert reader.metadata.title == made.subject


@PRINTS
def test_a_pdf_fetches_and_attaches_nothing(full_facts, tmp_path):
    from pypdf import PdfReader

    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET-OF-THE-HOUSE")
    forged = (
        f'<html><head><link rel="attachment" href="{secret.as_uri()}">'
        f'<link rel="stylesheet" href="{secret.as_uri()}"></head>'
        f'<body><img src="{secret.as_uri()}">words</body></html>'
    )
    reader = PdfReader(BytesIO(printed.pdf(forged.encode())))
    assert not reader.attachments
    _, html = written(LetterName.COMPLAINT, "en", full_facts, finding=HOSTILE)
    made = printed.pdf(html)
    assert not PdfReader(BytesIO(made)).attachments
    assert b"/URI" not in made


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here to open a page with")
def test_a_browser_shows_every_script_and_runs_nothing(full_facts, tmp_path):
    made, html = written(LetterName.COMPLAINT, "zh", full_facts, salutation=NAMES, finding=HOSTILE)
    place = tmp_path / "letter.html"
    place.write_bytes(html)
    flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'p'}"]
    done = subprocess.run(
        [CHROMIUM, *flags, "--dump-dom", place.as_uri()],
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert shown(done.stdout) == plain(made)
    assert words(NAMES) in shown(done.stdout)
    assert not LexborHTMLParser(done.stdout).css("script, img, a, link")
