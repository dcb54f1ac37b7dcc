import csv
import json
import stat
import subprocess
import sys
import tracemalloc
from textwrap import dedent

import pytest

from dsr.domain.vocabulary import SearchResult
from dsr.errors import InputError
from dsr.package.about import CollectionAbout
from dsr.package.copy import CopyWriter
from dsr.package.words import words_of

NOBODY = frozenset()


def table(path):
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_sha256sum_accepts_the_list_of_hashes(hostile_copy):
    folder, manifest = hostile_copy()
    done = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(": OK") == len(manifest.files) - 1
    first = (folder / "SHA256SUMS").read_text().splitlines()[0]
    assert first == f"{manifest.files[0].sha256}  {manifest.files[0].name}"


def test_the_manifest_lists_every_file_and_nothing_else_is_left(hostile_copy):
    folder, manifest = hostile_copy()
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert {file.name for file in manifest.files} == there
    assert all(file.size == (folder / file.name).stat().st_size for file in manifest.files)
    assert (manifest.rows, manifest.redacted, manifest.shortened) == (3, 1, 0)


def test_only_the_owner_can_read_a_copy(hostile_copy):
    folder, _ = hostile_copy()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
    assert modes == {0o700, 0o600}


def test_a_folder_for_everybody_is_made_private(tmp_path, about):
    tmp_path.chmod(0o755)
    CopyWriter(tmp_path, about())
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_a_folder_that_holds_something_is_refused_and_left_alone(tmp_path, about):
    (tmp_path / "mine").write_text("x")
    with pytest.raises(InputError, match="not empty"):
        CopyWriter(tmp_path, about())
    assert (tmp_path / "mine").exists()


def test_file_names_come_from_keys_and_never_leave_the_folder(hostile_copy):
    _, manifest = hostile_copy()
    tables = [file.name for file in manifest.files if file.name.startswith("csv/")]
    assert tables == ["csv/01-crm-contacts.csv", "csv/02-______etc-pass_wd_.csv"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_concerns_others_is_covered_everywhere(language, hostile_copy):
    folder, _ = hostile_copy(language)
    mark = words_of(language)["redacted"]
    for name in ("index.html", "data.json", "csv/01-crm-contacts.csv"):
        text = (folder / name).read_text(encoding="utf-8-sig")
        assert "wang@example.org" not in text
        assert mark in text


def test_an_absent_cell_of_another_person_needs_no_cover(writer):
    writer.row("crm", "people", {"manager": None}, frozenset({"manager"}))
    assert writer.finish().redacted == 0


def test_the_json_file_holds_every_value_exactly(hostile_copy):
    folder, _ = hostile_copy()
    text = (folder / "data.json").read_text(encoding="utf-8")
    assert "\u202e" not in text
    whole = json.loads(text)
    row = whole["collections"][0]["rows"][0]
    assert row["file"] == "invoice\u202efdp.exe"
    assert row["broken"] == "a\x00b\x1b[31m\ud800"
    assert row["name"].startswith("=HYPERLINK")
    assert len(row["huge"]) == 1_700_000
    assert row["paid"] == "1288.10"
    assert row["at"] == "2026-10-01T08:00:00+00:00"
    assert row["blob"] == {"base64": "AAE="}
    assert row["tree"] == {"a": [1, None, "nan"], "b": "\u2028"}
    assert whole["collections"][0]["recipients"] == ["Example SMS Ltd.", "Example Live Ltd."]
    assert [gap["result"] for gap in whole["not_in_this_copy"]] == ["none", "failed", "not_asked"]


def test_a_table_has_every_column_that_any_row_had(hostile_copy):
    folder, _ = hostile_copy()
    csv.field_size_limit(6_000_000)
    heading, first, second = table(folder / "csv" / "01-crm-contacts.csv")
    assert heading[-1] == "late"
    assert first[-1] == ""
    assert second[heading.index("name")] == "李小明"


def test_no_cell_of_a_table_is_a_formula_or_a_control_character(hostile_copy):
    folder, _ = hostile_copy()
    csv.field_size_limit(6_000_000)
    cells = [
        cell
        for path in (*(folder / "csv").iterdir(), folder / "dictionary.csv")
        for row in table(path)
        for cell in row
    ]
    assert not [cell[:9] for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert not [cell for cell in cells if any(ord(char) < 32 or char == "\u202e" for char in cell)]
    assert "'=1+1" in cells


def test_a_table_begins_with_the_mark_that_excel_needs(hostile_copy):
    folder, _ = hostile_copy()
    assert (folder / "dictionary.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_dictionary_explains_every_column(hostile_copy):
    folder, _ = hostile_copy()
    rows = table(folder / "dictionary.csv")[1:]
    explained = {(row[0], row[3]): (row[4], row[5]) for row in rows}
    assert explained["csv/01-crm-contacts.csv", "name"] == ("Name", "identity")
    assert explained["csv/01-crm-contacts.csv", "page"] == ("page", "relations")
    assert len(rows) == 17


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_readme_names_a_tool_and_the_command_that_tests_the_hashes(language, hostile_copy):
    folder, _ = hostile_copy(language)
    text = (folder / "README.txt").read_text(encoding="utf-8")
    assert "7-Zip" in text
    assert "unzip" in text
    assert "sha256sum -c SHA256SUMS" in text
    assert "&" not in text  # plain text is not escaped


def test_rows_of_two_collections_may_come_in_turns(writer):
    for number in range(5):
        writer.row("a", "x", {"n": number}, NOBODY)
        writer.row("b", "x", {"n": -number}, NOBODY)
    assert writer.finish().rows == 10
    assert table(writer.folder / "csv" / "02-b-x.csv") == [
        ["n"],
        ["0"],
        ["-1"],
        ["-2"],
        ["-3"],
        ["-4"],
    ]


def test_a_cell_that_the_search_cut_is_counted_and_marked(writer):
    class Cut:
        start = "the beginning"

    writer.row("a", "x", {"text": Cut()}, NOBODY)
    assert writer.finish().shortened == 1
    page = (writer.folder / "index.html").read_text(encoding="utf-8")
    assert words_of("en")["shortened"].strip() in page


def test_a_copy_without_any_row_says_so(writer):
    writer.collection("a", "x", CollectionAbout(label="Contacts"))
    writer.searched("a", "x", SearchResult.NONE)
    assert writer.finish().rows == 0
    page = (writer.folder / "index.html").read_text(encoding="utf-8")
    assert words_of("en")["nothing"] in page
    assert json.loads((writer.folder / "data.json").read_text())["collections"] == []


def test_a_copy_that_is_given_up_leaves_nothing(tmp_path, about):
    with pytest.raises(KeyboardInterrupt):
        _interrupted(tmp_path / "copy", about())
    assert not (tmp_path / "copy").exists()


def test_rows_are_not_held_in_memory(writer):
    row = {"text": "x" * 10_000}
    tracemalloc.start()
    try:
        for _ in range(2_000):
            writer.row("a", "x", row, NOBODY)
        writer.finish()
        assert tracemalloc.get_traced_memory()[1] < 6_000_000  # of 20 MB
    finally:
        tracemalloc.stop()


def _interrupted(folder, about):
    with CopyWriter(folder, about) as writer:
        writer.row("a", "x", {"n": 1}, NOBODY)
        raise KeyboardInterrupt


FULL_DISK = """
    import resource, sys
    from datetime import date
    from pathlib import Path
    from dsr.errors import InputError
    from dsr.package.about import CopyAbout
    from dsr.package.copy import CopyWriter

    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
    about = CopyAbout("DSR-1", "en", "Example", (), date(2026, 1, 1), date(2026, 1, 1))
    try:
        with CopyWriter(Path(sys.argv[1]), about) as writer:
            for number in range(300):
                writer.row("a", "x", {"secret": "personal " * 20}, frozenset())
            writer.finish()
    except InputError as error:
        print(error, error.hint)
"""


@pytest.mark.parametrize("limit", [20_000, 60_000])  # full among the rows, and at the files
def test_a_full_disk_is_told_and_no_half_copy_is_left(tmp_path, limit):
    done = subprocess.run(
        [sys.executable, "-c", dedent(FULL_DISK), str(tmp_path / "copy"), str(limit)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.startswith("the copy cannot be written: File too large"), done.stderr
    assert "personal" not in done.stdout + done.stderr
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []
