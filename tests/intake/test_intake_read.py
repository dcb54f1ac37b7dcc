import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dsr.domain.limits import Limits
from dsr.errors import InputError, NotFoundError, UsageError
from dsr.intake.arrival import Aside
from dsr.intake.message import parse
from dsr.intake.read import arrivals
from dsr.intake.times import delivered_at

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


LONG = b"x" * 70 + b"\n"


@pytest.mark.parametrize("more", [b"", LONG * 20_000], ids=["short", "long"])
@pytest.mark.parametrize("ends", [b"\n", b"\r\n", b"\r"], ids=["unix", "mail", "old"])
@pytest.mark.parametrize("place", ["a.eml", "letters/a.eml"])
def test_a_mailbox_that_is_called_a_mail_loses_none(read, tmp_path, place, ends, more):
    raw = BOX.replace(b"one\n", b"one\n" + more) + BOX.replace(b"Subject: a", b"Subject: b")
    (tmp_path / "letters").mkdir()
    (tmp_path / place).write_bytes(raw.replace(b"\n", ends))
    found, problems = read(tmp_path / place.partition("/")[0])
    assert [one.raw[:10] for one in found] == [b"Subject: a", b"Subject: b"]
    assert [one.source[-2:] for one in found] == ["#1", "#2"]
    assert not problems


@pytest.mark.parametrize("before", [0, 1, 9, 50, 55])
def test_a_mailbox_that_is_called_a_mail_is_told_wherever_its_second_mail_begins(
    read, tmp_path, before
):
    first = BOX + b"x" * ((1 << 20) - len(BOX) - before - 2) + b"\n\n"
    (tmp_path / "a.eml").write_bytes(first + BOX)
    assert len(read(tmp_path / "a.eml")[0]) == 2


@pytest.mark.parametrize(
    "more",
    [
        b"\nFrom 10:00 to 12:00 on 5 March 2026 I was there.\nYours, Ann\n",
        b"\nFrom me, at last: yours.\n",
        b"\nFrom me\nDate: any day\n",
        b"\n>" + BOX,
        BOX,
    ],
    ids=["a date", "a word", "a word and a colon", "quoted", "no empty line"],
)
def test_one_mail_with_a_leading_line_stays_one(read, tmp_path, mail, more):
    raw = mail(b"Hello\n" + more)
    (tmp_path / "a.eml").write_bytes(BOX.splitlines(keepends=True)[0] + raw)
    (found,), _ = read(tmp_path / "a.eml")
    assert found.raw == raw


def test_a_file_of_a_maildir_is_one_mail_whatever_it_holds(read, tmp_path):
    (tmp_path / "box" / "new").mkdir(parents=True)
    (tmp_path / "box" / "new" / "1772676000.1.host.eml").write_bytes(BOX * 2)
    assert len(read(tmp_path / "box")[0]) == 1


@pytest.mark.parametrize(
    "before",
    [b"\xef\xbb\xbf", b"\n", b"\r\n", b"\xef\xbb\xbf" + BOX.splitlines(keepends=True)[0]],
    ids=["a mark", "an empty line", "another", "both"],
)
def test_what_some_writer_put_before_a_mail_is_no_part_of_it(read, tmp_path, mail, before):
    (tmp_path / "box" / "cur").mkdir(parents=True)
    for place in ("a.eml", "box/cur/1772676000.1.host"):
        (tmp_path / place).write_bytes(before + mail())
        (found,), problems = read(tmp_path / place.partition("/")[0])
        assert (found.raw, problems) == (mail(), [])


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
    asides = [one.what for one in problems if isinstance(one, Aside)]
    assert len(problems) - len(asides) == 3
    assert "2 passed over: no regular files (links, pipes): new/1.link, new/4.gone" in asides
    assert all("secret" not in one.what for one in problems if one.what not in asides)


def test_a_link_in_a_folder_is_never_followed_and_fails_nothing(read, tmp_path, mail):
    outside = tmp_path / "outside"
    (outside / "cur").mkdir(parents=True)
    (outside / "cur" / "1772676000.M1.host").write_bytes(mail(b"secret"))
    box = tmp_path / "box"
    (box / "new").mkdir(parents=True)
    (box / "new" / "1772676000.M2.host").write_bytes(mail())
    for place in ("a.eml", "b.msg", ".c", "new/d"):
        (box / place).symlink_to(outside / "cur" / "1772676000.M1.host")
    (box / "e").symlink_to(outside)
    found, (aside,) = read(box)
    assert [one.raw for one in found] == [mail()]
    assert isinstance(aside, Aside)
    assert aside.what.startswith("5 passed over: no regular files (links, pipes): new/d, .c, a.eml")


def test_the_folders_of_a_maildir_without_its_inbox_are_read(read, tmp_path, mail):
    for box in ("cur", "new", "tmp"):
        (tmp_path / ".Kunden" / box).mkdir(parents=True)
        (tmp_path / ".Kunden" / box / f"1772676000.M1.{box}").write_bytes(mail(box.encode()))
    (tmp_path / ".b.eml").write_bytes(mail(b"hidden"))
    (tmp_path / ".git").mkdir()
    found, (aside,) = read(tmp_path)
    assert [one.raw for one in found] == [mail(b"cur"), mail(b"new")]
    assert aside.what == "2 passed over: hidden files and folders: .b.eml, .git"


MARCH = datetime(2026, 3, 5, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("1772676000.M1.host", MARCH),
        ("1772676000.M1P2.host,S=7:2,S", MARCH),
        ("0001.eml", None),
        ("0001.a.host", None),
        ("1772676000.eml", None),
        ("123456789.M1.host", None),  # of 1973
        ("9999999999.M1.host", None),  # of 2286
        ("20260305.M1.host", None),
    ],
)
def test_a_name_in_a_maildir_tells_a_time_only_if_it_can_be_one(read, tmp_path, mail, name, at):
    (tmp_path / "new").mkdir()
    path = tmp_path / "new" / name
    path.write_bytes(mail())
    os.utime(path, (1_790_000_000, 1_790_000_000))
    (found,), problems = read(tmp_path)
    assert (found.received_at, problems) == (at or datetime.fromtimestamp(1_790_000_000, UTC), [])


def test_a_clock_that_was_not_set_tells_nothing(read, tmp_path, mail):
    (tmp_path / "new").mkdir()
    path = tmp_path / "new" / "0001.eml"
    traced = mail(Received="by mx.office.example; Thu, 5 Mar 2026 10:00:00 +0800")
    for raw, at in ((traced, MARCH), (mail(), None)):
        path.write_bytes(raw)
        os.utime(path, (7, 7))
        (found,), _ = read(tmp_path)
        assert parse(found).received_at == at
    unset = datetime(1970, 1, 1, tzinfo=UTC)
    assert delivered_at(unset, "by x; Thu, 5 Mar 2026 10:00:00 +0800") == MARCH
    assert delivered_at(MARCH, "by x; Thu, 1 Jan 1970 00:00:00 +0000") == MARCH


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
