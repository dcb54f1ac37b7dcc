import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dsr.domain.limits import Limits
from dsr.errors import InputError, NotFoundError, UsageError
from dsr.intake.arrival import Aside
from dsr.intake.read import arrivals

BOX = b"From a@b.example Thu Mar  5 02:00:00 2026\nSubject: a\n\none\n\n"


def test_what_does_not_exist_is_not_found(tmp_path):
    with pytest.raises(NotFoundError):
        arrivals(str(tmp_path / "nothing.mbox"), sys.stdin.buffer)


@pytest.mark.parametrize("content", [b"\x7fELF\x01\x02", b"hello there\nno headers", b"PK\x03\x04"])
def test_what_is_no_known_form_is_refused_with_the_known_ones(tmp_path, content):
    path = tmp_path / "thing"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        arrivals(str(path), sys.stdin.buffer)
    assert "mbox" in caught.value.hint


def test_an_empty_mail_or_form_is_a_problem_and_no_exception(read, tmp_path):
    for name in ("a.eml", "a.csv", "a.msg"):
        (tmp_path / name).touch()
        found, problems = read(tmp_path / name)
        assert (found, [one.what for one in problems]) == ([], ["is empty"])


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\r\n"])
def test_a_spool_without_mail_holds_nothing_and_is_no_problem(read, tmp_path, content):
    for name in ("a.mbox", "office"):
        (tmp_path / name).write_bytes(content)
        assert read(tmp_path / name) == ([], [])
    (tmp_path / "box" / "new").mkdir(parents=True)
    assert read(tmp_path / "box") == ([], [])


def test_a_source_without_a_name_is_not_the_folder_one_stands_in():
    with pytest.raises(UsageError):
        arrivals("", sys.stdin.buffer)


def test_a_folder_without_mails_is_refused(read, tmp_path):
    with pytest.raises(InputError):
        read(tmp_path)


def test_a_mailbox_is_told_by_its_first_bytes_whatever_its_name(read, tmp_path):
    (tmp_path / "export").write_bytes(BOX * 2)
    found, problems = read(tmp_path / "export")
    assert [one.source for one in found] == [f"{tmp_path}/export#1", f"{tmp_path}/export#2"]
    assert not problems


def test_one_mail_comes_without_its_postmark_and_mark(read, tmp_path, mail):
    (tmp_path / "a.eml").write_bytes(b"\xef\xbb\xbf" + BOX.splitlines(keepends=True)[0] + mail())
    (found,), problems = read(tmp_path / "a.eml")
    assert found.source == str(tmp_path / "a.eml")
    assert found.raw == mail()
    assert found.received_at == datetime(2026, 3, 5, 2, tzinfo=UTC)
    assert not problems


def test_a_mail_longer_than_the_limit_is_marked(read, tmp_path, mail):
    (tmp_path / "a.eml").write_bytes(mail(b"x" * 5000))
    (found,), _ = read(tmp_path / "a.eml", limits=Limits(raw_bytes=1000))
    assert found.cut
    assert len(found.raw) == 1000


def test_a_folder_of_mails_is_read_in_order_and_other_files_are_said(read, tmp_path, mail):
    for name in ("b.eml", "a.EML", "letter.txt"):
        (tmp_path / name).write_bytes(mail(name.encode()))
    (tmp_path / "notes.txt").write_bytes(b"Remember: the milk\n")
    found, (aside,) = read(tmp_path)
    assert [Path(one.source).name for one in found] == ["a.EML", "b.eml", "letter.txt"]
    assert isinstance(aside, Aside)
    assert aside.what == "1 passed over: files that are no mail: notes.txt"


def test_a_maildir_gives_new_and_cur_but_not_tmp(read, tmp_path, mail):
    for box in ("new", "cur", "tmp"):
        (tmp_path / box).mkdir()
        (tmp_path / box / f"1772676000.M1.{box}").write_bytes(mail(box.encode()))
    found, problems = read(tmp_path)
    assert [one.raw for one in found] == [mail(b"cur"), mail(b"new")]
    assert found[0].received_at == datetime.fromtimestamp(1772676000, UTC)
    assert not problems


def test_links_pipes_and_folders_in_a_maildir_are_problems_and_the_rest_goes_on(
    read, tmp_path, mail
):
    box = tmp_path / "new"
    box.mkdir()
    secret = tmp_path / ".secret"
    secret.write_bytes(mail(b"secret"))
    (box / "1.link").symlink_to(secret)
    os.mkfifo(box / "2.pipe")
    (box / "3.folder").mkdir()
    (box / "4.gone").symlink_to(tmp_path / "nowhere")
    (box / "5.empty").touch()
    (box / "6.mail").write_bytes(mail())
    found, problems = read(tmp_path)
    assert [one.raw for one in found] == [mail()]
    assert len(problems) == 5
    assert all("secret" not in one.what for one in problems)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_problem(read, tmp_path, mail):
    (tmp_path / "a.eml").write_bytes(mail())
    (tmp_path / "a.eml").chmod(0)
    assert read(tmp_path / "a.eml")[1]


def test_a_pipe_named_on_the_command_line_is_refused_and_not_waited_for(read, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError):
        read(tmp_path / "pipe")


@pytest.mark.parametrize("change", ["grow", "shrink", "replace"])
def test_a_mailbox_that_changes_while_it_is_read_says_so_and_loses_nothing(tmp_path, change):
    path = tmp_path / "box.mbox"
    path.write_bytes(BOX * 3)
    found = arrivals(str(path), sys.stdin.buffer)
    first = next(found)
    if change == "grow":
        with path.open("ab") as file:
            file.write(BOX)
    elif change == "shrink":
        path.write_bytes(BOX)
    else:
        shutil.copy(path, tmp_path / "other")
        (tmp_path / "other").replace(path)
    *_, last = found
    assert first.raw == b"Subject: a\n\none\n"
    began = {"grow": "grew", "shrink": "was cut short", "replace": "changed"}
    assert last.what.startswith(began[change])


def test_a_mailbox_that_lies_still_says_nothing(read, tmp_path):
    (tmp_path / "box").write_bytes(BOX * 3)
    assert read(tmp_path / "box")[1] == []


@pytest.mark.parametrize(
    ("sent", "count"),
    [
        (BOX * 3, 3),
        (b"\n" + BOX, 1),
        (b"Subject: a\r\n\r\none", 1),
        (b'{"email": "a@example.org", "kind": "access"}\n' * 2, 2),
    ],
)
def test_standard_input_is_told_by_its_first_bytes(read, sent, count):
    found, problems = read("-", sent)
    assert len(found) == count
    assert not problems
    assert found[0].source in {"-", "-#1"}


def test_standard_input_gives_one_mail_byte_for_byte(read, mail):
    raw = mail(b"x" * 100_000)
    assert read("-", raw)[0][0].raw == raw


def test_empty_standard_input_is_a_problem(read):
    assert [one.what for one in read("-", b"\n\n")[1]] == ["is empty"]


def test_standard_input_of_no_known_form_is_refused(read):
    with pytest.raises(InputError):
        read("-", b"\x00\x01\x02")
