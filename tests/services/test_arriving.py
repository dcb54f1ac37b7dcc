"""Everything that arrives has one row, and what arrives twice has two."""

import io
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from dsr.domain.limits import Manner, limits_of
from dsr.intake.read import arrivals
from dsr.services.intake import Imported
from dsr.services.wishes import Wishes

HEADING = "email,kind\n"
ANN = "annex@x.example,deletion\n"
UNDATED = "From: ann@x.example\nSubject: Request\n\nPlease delete all my personal data.\n"
DATED = "From: bob@x.example\nDate: Tue, 3 Nov 2026 08:15:00 +0800\n" + UNDATED.partition("\n")[2]


@pytest.fixture
def written(tmp_path):
    def write(text: str, name: str = "y1.csv") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def taken(desk, *sources, stdin: bytes = b"", limits: str = "", **wishes):
    """Import something and return the import and the views."""
    office = replace(desk.office, reading=lambda: Manner(limits=limits_of(limits)))
    manner = office.mail
    work = Imported(
        replace(desk, office=office),
        [str(one) for one in sources],
        io.BytesIO(stdin),
        Wishes(**wishes),
        lambda source, stream: arrivals(source, stream, manner.limits),
    )
    return work, list(work.views())


def rows(database, what: str = "outcome") -> list:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(f"SELECT {what} FROM message ORDER BY id").fetchall()


def test_the_same_row_in_another_file_arrived_again(desk, database, written):
    taken(desk, written(HEADING + ANN))
    _, (view,) = taken(desk, written(HEADING + ANN, "y2.csv"))
    assert view.reasons != ("the same bytes were imported before",)
    assert len(rows(database)) == 2


def test_a_second_equal_row_of_a_file_arrived_too(desk, database, written):
    taken(desk, written(HEADING + ANN + ANN))
    assert len(rows(database)) == 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_form_imported_again_whole_in_part_or_grown_changes_nothing_that_is_known(
    desk, database, written, jobs
):
    bob = ANN.replace("annex", "bob")
    taken(desk, written(HEADING + ANN + bob + ANN), jobs=jobs)
    for text, more in ((ANN + bob + ANN, 0), (bob + ANN, 0), (ANN + bob + ANN + ANN, 1)):
        before = len(rows(database))
        taken(desk, written(HEADING + text), jobs=jobs)
        assert len(rows(database)) == before + more


def test_a_row_with_a_number_or_a_date_of_its_own_is_known_wherever_it_lies(
    desk, database, written
):
    for name in ("a.csv", "b.csv"):
        taken(desk, written(f"id,{HEADING}7,{ANN}", name))
        taken(desk, written(f"received_at,{HEADING}2026-11-03,{ANN}", "of " + name))
    assert len(rows(database)) == 2


def test_the_same_row_on_standard_input_twice_is_known(desk, database):
    for _ in range(2):
        taken(desk, "-", stdin=(HEADING + ANN).encode())
    assert len(rows(database)) == 1


@pytest.mark.parametrize(("text", "count"), [(UNDATED, 2), (DATED, 1)])
def test_a_mail_without_date_and_number_arrived_again_where_it_lies_elsewhere(
    desk, database, written, text, count
):
    for name in ("a.eml", "a.eml", "more/a.eml"):
        taken(desk, written(text, name))
    assert len(rows(database)) == count


def test_an_undated_mail_of_a_maildir_is_known_when_its_flags_change(desk, database, written):
    (written(UNDATED, "box/new/1772676000.M1").parent.parent / "cur").mkdir()
    box = written(UNDATED, "box/new/1772676000.M1").parent.parent
    taken(desk, box)
    (box / "new" / "1772676000.M1").rename(box / "cur" / "1772676000.M1:2,S")
    taken(desk, box)
    assert len(rows(database)) == 1


def test_undated_mail_that_servers_passed_on_is_told_by_their_trace(desk, database, written):
    for place, day in enumerate(("3", "3", "9")):
        trace = f"Received: by mx.office.example; {day} Nov 2026 08:15:00 +0800\n"
        taken(desk, written(trace + UNDATED, f"{place}.eml"))
    assert len(rows(database)) == 2
    assert len({key for (key,) in rows(database, "content_key")}) == 2


WRONG = (
    (HEADING + "annex@x.example,flowers\n", "wrong.csv", "row 1: kind is no known word"),
    (HEADING + ",deletion\n", "wrong.csv", "row 1: names nobody"),
    (HEADING + "a@x.example,deletion,more\n", "wrong.csv", "row 1: 3 fields, but 2 columns"),
    (HEADING + '"a@x.example"x,deletion\n', "wrong.csv", "row 1: ',' expected"),
    ('{"email": "a@x.example", "kind"\n', "wrong.jsonl", "row 1: is no JSON"),
    ("[1, 2]\n", "wrong.jsonl", "row 1: is no JSON object"),
    ("", "wrong.eml", "is empty"),
)


@pytest.mark.parametrize(("text", "name", "why"), WRONG)
def test_what_is_wrong_is_said_and_has_its_row_and_its_bytes_once(
    desk, database, written, text, name, why
):
    path = written(text, name)
    for _ in range(2):
        work, views = taken(desk, path)
        assert [one.what[: len(why)] for one in work.wrong] == [why]
        assert (len(views), work.problems) == (1, [])
    ((outcome, reasons, blob),) = rows(database, "outcome, reasons, blob")
    assert outcome == "quarantined"
    assert json.loads(reasons)[0].startswith(why)
    assert blob


def test_a_wrong_row_names_whom_it_names_and_the_next_one_is_read(desk, database, written):
    taken(desk, written(HEADING + "annex@x.example,flowers\n" + ANN))
    assert rows(database, "outcome, sender") == [
        ("quarantined", "annex@x.example"),
        ("opened", "annex@x.example"),
    ]


def test_two_long_mails_that_differ_at_their_end_alone_are_two(desk, database, written):
    long = DATED + "x" * 1_200_000 + "\n"
    postmark = "From ann@x.example Thu Mar  5 02:00:00 2026\n"
    for end in "one\n", "two\n":
        taken(desk, written(long + end, f"{end[:3]}.eml"), limits="raw_mb=1")
    taken(desk, "-", stdin=(long + "three\n").encode(), limits="raw_mb=1")
    box = "".join(f"{postmark}{long}{end}\n" for end in ("four\n", "five\n", "five\n"))
    taken(desk, written(box, "a.mbox"), limits="raw_mb=1")
    found = rows(database, "outcome, sha256, reasons")
    assert [outcome for outcome, *_ in found] == ["quarantined"] * 5
    assert len({digest for _, digest, _ in found}) == 5
    assert all("beginning" in reasons for *_, reasons in found)


def test_a_long_mail_of_a_mailbox_that_grew_is_known(desk, database, written):
    box = "From a@x.example Thu Mar  5 02:00:00 2026\n" + DATED + "x\n" * 600_000
    taken(desk, written(box, "a.mbox"), limits="raw_mb=1")
    grown = box + "\nFrom a@x.example Thu Mar  5 02:00:00 2026\n" + DATED
    taken(desk, written(grown, "a.mbox"), limits="raw_mb=1")
    assert [outcome for (outcome,) in rows(database)] == ["quarantined", "opened"]


def test_what_lies_deep_in_a_folder_arrives_and_the_rest_is_named(desk, database, written):
    for name in ("d/a/b/x.eml", "d/y.txt"):
        written(DATED.replace("bob", name[-5]), name)
    written("From a@x.example Thu Mar  5 02:00:00 2026\n" + DATED, "d/a/inbox.mbox")
    written(HEADING + ANN, "d/form.csv")
    written("Remember: the milk\n", "d/notes.txt")
    for name in ("d/.hidden/x.eml", "d/.b.eml", "d/dovecot.index", "d/m/.Trash/old.eml"):
        written(DATED, name)
    for name in ("d/m/new/1772676000.a", "d/m/.Sent/cur/1772676000.b:2,S"):
        written(DATED.replace("bob", name[-3:]), name)
    top = written("", "d/empty").parent
    (top / "link").symlink_to(top / "a")

    work, views = taken(desk, top)

    names = {Path(view.source).relative_to(top).as_posix().partition("#")[0] for view in views}
    assert names == {"a/b/x.eml", "a/inbox.mbox", "m/new/1772676000.a", "y.txt"}
    assert (work.problems, len(work.notes), work.seen) == ([], 5, 4)
    said = " ".join(work.notes)
    hidden = ".b.eml, .hidden, m/.Trash"
    for name in ("form.csv", "notes.txt", "m/.Sent", "link", hidden):
        assert f": {name}" in said
    for name in ("dovecot", "empty"):
        assert name not in said


def test_folders_too_deep_are_named_and_not_read(desk, written):
    deep = "/".join("d" * 22)
    written(DATED, f"{deep}/x.eml")
    top = written(DATED, "d/x.eml").parent
    work, views = taken(desk, top)
    assert len(views) == 1
    assert "more than 20 deep" in work.notes[0]


def test_a_mail_that_moves_while_a_maildir_is_read_is_read(desk, database, written):
    (written(DATED, "box/new/1.a").parent.parent / "cur").mkdir()
    box = written(DATED.replace("bob", "eve"), "box/new/2.b").parent.parent
    items = arrivals(str(box), io.BytesIO())
    next(items)
    (box / "new" / "2.b").rename(box / "cur" / "2.b:2,S")
    (found,) = items
    assert b"eve" in found.raw


PHONES = (
    ("0170 1234567", "de", "", "+491701234567"),
    ("+86 138 0013 8000", "de", "", "+8613800138000"),
    ("13800138000", "zh-Hans", "CN", "+8613800138000"),
    ("07400 123456", "en", "UK", "+447400123456"),
    ("0170 1234567", "en", "EU", None),
)


@pytest.mark.parametrize(("phone", "language", "law", "read"), PHONES)
def test_a_phone_is_read_by_the_rows_own_country_or_kept_as_written(
    desk, database, written, phone, language, law, read
):
    manner = Manner(region="EU")
    own = replace(desk, office=replace(desk.office, reading=lambda: manner))
    text = f"name,kind,phone,language,law\nhans,access,{phone},{language},{law}\n"
    path = written(text.replace("access", "copy"))
    list(Imported(own, [str(path)], io.BytesIO()).views())
    ((named,),) = rows(database, "identifiers")
    phones = [one["value"] for one in json.loads(named) if one["type"] == "phone"]
    assert phones == ([read] if read else [])
    with closing(sqlite3.connect(database)) as connection:
        ((extra,),) = connection.execute("SELECT extra FROM ticket").fetchall()
    assert (phone in (extra or "")) is (read is None)


def test_a_dry_run_says_of_later_batches_what_would_happen(desk, database, written):
    mails = [
        f"From a@x.example Thu Mar  5 02:00:00 2026\nMessage-ID: <{number}@x.example>\n"
        + DATED.replace("bob", f"s{number}")
        + "\n"
        for number in range(150)
    ]
    path = written("".join([*mails, *mails]), "a.mbox")
    dry, said = taken(desk, path, dry_run=True)
    assert rows(database) == []
    wet, done = taken(desk, path)
    assert [(view.outcome, view.tickets) for view in said] == [
        (view.outcome, view.tickets) for view in done
    ]
    assert dry.counts == wet.counts == {"opened": 150, "duplicate": 150}
