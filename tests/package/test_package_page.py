import re
import shutil
import subprocess
from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from dsr.domain.vocabulary import SearchResult
from dsr.package.about import CollectionAbout
from dsr.package.copy import CopyWriter
from dsr.package.page import MOST_COLUMNS, SHOWN_ROWS
from dsr.package.words import words_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NOBODY = frozenset()


def page_of(folder):
    return (folder / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_loads_nothing_and_runs_nothing(language, hostile_copy):
    folder, _ = hostile_copy(language)
    page = page_of(folder)
    tree = LexborHTMLParser(page)
    for tag in ("script", "link", "img", "iframe", "object", "embed", "form", "base", "video"):
        assert tree.css_first(tag) is None, tag
    assert "://" not in re.sub(r"https://evil\.example", "", page)
    assert "@import" not in page
    assert "url(" not in page
    for node in tree.css("*"):
        assert not [name for name in node.attributes if name.startswith("on") or name == "src"]
    policy = tree.css_first('meta[http-equiv="Content-Security-Policy"]')
    assert "default-src 'none'" in policy.attributes["content"]


def test_every_link_leads_to_a_place_on_the_page_or_a_file_of_the_copy(hostile_copy):
    folder, manifest = hostile_copy()
    tree = LexborHTMLParser(page_of(folder))
    names = {file.name for file in manifest.files}
    ids = {node.attributes["id"] for node in tree.css("[id]")}
    links = [node.attributes["href"] for node in tree.css("a")]
    assert links
    assert all(link.removeprefix("#") in ids or link in names for link in links)


def test_markup_in_values_labels_and_texts_is_shown_not_obeyed(hostile_copy):
    folder, _ = hostile_copy()
    page = page_of(folder)
    for said in ("<script>alert", "<b>", "<i>", "<u>", "<enquiries>"):
        assert said not in page
        assert said.replace("<", "&lt;").replace(">", "&gt;") in page


def test_control_and_direction_characters_are_spelled_out(hostile_copy):
    folder, _ = hostile_copy()
    page = page_of(folder)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028\ud800]", page)
    assert "invoice\\u202efdp.exe" in page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_explains_each_collection_and_what_is_not_in_it(language, hostile_copy):
    folder, _ = hostile_copy(language)
    text = LexborHTMLParser(page_of(folder)).body.text()
    words = words_of(language)
    said = ["consent", "two years", "our form", "Example Live Ltd.", "complain to the authority"]
    keys = ["covered", "none_title", "failed_title", "failed", "not_asked", "purpose", "retention"]
    for part in (*said, *(words[key] for key in keys), words.day(_day())):
        assert part in text


def _day():
    from datetime import date

    return date(2026, 11, 12)


@pytest.mark.parametrize(
    ("result", "title"),
    [(SearchResult.NONE, "none_title"), (SearchResult.FAILED, "failed_title"),
     (SearchResult.NOT_ASKED, "failed_title"), (SearchResult.FOUND, None)],
)  # fmt: skip
def test_each_result_of_a_search_is_told_apart(writer, result, title):
    writer.searched("a", "x", result)
    writer.finish()
    headings = [node.text() for node in LexborHTMLParser(page_of(writer.folder)).css("h2")]
    gaps = {words_of("en")[key] for key in ("none_title", "failed_title")}
    assert gaps & set(headings) == ({words_of("en")[title]} if title else set())


def test_a_search_that_failed_half_way_shows_its_rows_and_says_so(writer):
    writer.row("a", "x", {"n": 1}, NOBODY)
    writer.searched("a", "x", SearchResult.FAILED)
    writer.finish()
    text = LexborHTMLParser(page_of(writer.folder)).body.text()
    assert words_of("en")["failed"] in text
    assert words_of("en")["total_one"] in text


def test_a_long_collection_shows_its_beginning_and_names_its_file(writer):
    for number in range(SHOWN_ROWS + 1):
        writer.row("a", "x", {"n": number}, NOBODY)
    writer.finish()
    tree = LexborHTMLParser(page_of(writer.folder))
    assert len(tree.css(".collection tbody tr")) == SHOWN_ROWS
    assert "csv/01-a-x.csv" in tree.css_first(".note").text()


def test_a_huge_cell_does_not_make_a_huge_page(hostile_copy):
    folder, _ = hostile_copy()
    assert len(page_of(folder)) < 40_000


def test_a_wide_collection_is_shown_record_by_record(writer):
    writer.row("a", "wide", {f"c{n}": n for n in range(MOST_COLUMNS + 1)}, NOBODY)
    writer.row("a", "narrow", {f"c{n}": n for n in range(MOST_COLUMNS)}, NOBODY)
    writer.finish()
    tree = LexborHTMLParser(page_of(writer.folder))
    assert len(tree.css("#c1 .record")) == 1
    assert tree.css_first("#c1 table") is None
    assert len(tree.css("#c2 th")) == MOST_COLUMNS


def test_both_languages_have_the_same_words():
    english, chinese = words_of("en").texts, words_of("zh").texts
    assert set(english) == set(chinese)
    holes = {key: set(re.findall(r"%\((\w+)\)", str(text))) for key, text in english.items()}
    for key in set(holes) - {"day", "subject"}:
        assert holes[key] == set(re.findall(r"%\((\w+)\)", str(chinese[key]))), key


def _an_ordinary_copy(folder, about):
    with CopyWriter(folder, replace(about, subject_label="Li Xiaoming")) as writer:
        writer.collection(
            "shop", "orders", CollectionAbout("Shop", "Orders 订单", purpose="履行合同")
        )
        for number in range(40):
            writer.row("shop", "orders", {"number": number, "item": "年度许可"}, NOBODY)
        writer.row("crm", "people", {f"field{n}": "value " * n for n in range(12)}, NOBODY)
        writer.finish()


def _chromium(tmp_path, page, *options):
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={tmp_path / 'profile'}", *options, page.as_uri(),
    ]  # fmt: skip
    subprocess.run(command, capture_output=True, timeout=60, check=True)


def _size(png):
    assert png.startswith(b"\x89PNG")
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed to draw the page")
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh", 390)])
def test_a_browser_draws_the_page(language, width, tmp_path, about):
    folder = tmp_path / "copy"
    _an_ordinary_copy(folder, about(language))
    drawn, blank = tmp_path / "drawn.png", tmp_path / "blank.html"
    blank.write_text("<!doctype html>")
    window = f"--window-size={width},1600"
    _chromium(tmp_path, folder / "index.html", f"--screenshot={drawn}", window)
    assert _size(drawn.read_bytes()) == (width, 1600)
    assert drawn.stat().st_size > 30_000  # a blank page of that size has about 8,000


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed to print the page")
def test_the_page_prints_on_a_few_sheets(tmp_path, about):
    folder, printed = tmp_path / "copy", tmp_path / "page.pdf"
    _an_ordinary_copy(folder, about("zh"))
    _chromium(
        tmp_path, folder / "index.html", "--no-pdf-header-footer", f"--print-to-pdf={printed}"
    )
    sheets = len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes()))
    assert 1 < sheets <= 5
