import fcntl
import io
import os
import tracemalloc
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr.domain.limits import Limits
from dsr.errors import InputError
from dsr.intake import growing
from dsr.intake.mbox import postmarked_at, split, unwrap
from dsr.intake.read import arrivals

POSTMARK = b"From ann@example.org Thu Mar  5 02:00:00 2026\n"


def mails(raw: bytes, limits: Limits | None = None) -> list[bytes]:
    return [one.raw for one in split(io.BytesIO(raw), "box", limits or Limits())]


def joined(bodies: list[bytes]) -> bytes:
    """Write a mailbox as a delivering program does."""
    out = []
    for body in bodies:
        lines = [
            b">" + line if line.lstrip(b">").startswith(b"From ") else line
            for line in body.splitlines(keepends=True)
        ]
        out.append(POSTMARK + b"".join(lines) + b"\n")
    return b"".join(out)


def test_each_mail_comes_with_its_number_and_its_postmark():
    box = POSTMARK + b"Subject: a\n\none\n\n" + POSTMARK + b"Subject: b\n\ntwo\n"
    found = list(split(io.BytesIO(box), "box", Limits()))
    assert [(one.source, one.raw) for one in found] == [
        ("box#1", b"Subject: a\n\none\n"),
        ("box#2", b"Subject: b\n\ntwo\n"),
    ]
    assert found[0].received_at == datetime(2026, 3, 5, 2, tzinfo=UTC)


def test_a_line_that_begins_with_from_splits_only_after_an_empty_line():
    body = b"Subject: a\n\none\nFrom here on: Thu Mar  5 02:00:00 2026\n"
    assert mails(POSTMARK + body) == [body]


def test_a_paragraph_that_begins_with_from_does_not_split():
    body = b"Subject: a\n\nHello,\n\nFrom what I know you hold my data.\nDelete it.\n"
    assert mails(POSTMARK + body) == [body]


def test_a_postmark_without_a_date_splits_where_headers_follow():
    box = POSTMARK + b"Subject: a\n\none\n\nFrom -\nSubject: b\n\ntwo\n"
    assert len(mails(box)) == 2


def test_one_quoting_mark_is_undone_and_only_one():
    body = b"Subject: a\n\n>From me\n>>From you\n> From them\n"
    assert mails(POSTMARK + body) == [b"Subject: a\n\nFrom me\n>From you\n> From them\n"]


def test_windows_line_ends_split_as_well():
    box = (POSTMARK + b"Subject: a\n\none\n\n" + POSTMARK + b"Subject: b\n\ntwo\n").replace(
        b"\n", b"\r\n"
    )
    assert mails(box) == [b"Subject: a\r\n\r\none\r\n", b"Subject: b\r\n\r\ntwo\r\n"]


def test_old_line_ends_split_as_well():
    box = (POSTMARK + b"Subject: a\n\none\n\n" + POSTMARK + b"Subject: b\n\ntwo").replace(
        b"\n", b"\r"
    )
    assert mails(box) == [b"Subject: a\n\none\n", b"Subject: b\n\ntwo"]


def test_the_last_mail_needs_no_line_end():
    assert mails(POSTMARK + b"Subject: a\n\none") == [b"Subject: a\n\none"]


def test_a_mail_of_headers_only_is_kept():
    assert mails(POSTMARK + b"Subject: a\n\n" + POSTMARK + b"Subject: b\n") == [
        b"Subject: a\n",
        b"Subject: b\n",
    ]


def test_a_mail_longer_than_the_limit_is_cut_and_the_next_is_whole():
    box = joined(
        [b"Subject: a\n\n" + b"x" * 99 + b"\n" + b"y" * 5000 + b"\n", b"Subject: b\n\nz\n"]
    )
    first, second = split(io.BytesIO(box), "box", Limits(raw_bytes=1000))
    assert first.cut
    assert len(first.raw) <= 1000
    assert (second.raw, second.cut) == (b"Subject: b\n\nz\n", False)


@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    b"",
                    b"Hello",
                    b"From me to you",
                    b">From him",
                    b"> x",
                    b"From",
                    b"a: b",
                    b"\xff\x00",
                ]
            ),
            max_size=6,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_splitting_what_was_joined_loses_nothing(bodies):
    whole = [b"Subject: a\n\n" + b"".join(line + b"\n" for line in lines) for lines in bodies]
    assert mails(joined(whole)) == whole


@given(st.binary(max_size=300))
def test_no_bytes_break_the_splitter(raw):
    assert mails(POSTMARK + raw)


@pytest.mark.parametrize(
    ("line", "hour"),
    [
        (b"From a@b.example Thu Mar  5 02:00:00 2026", 2),
        (b"From - Thu Mar 05 10:00:00 2026", 10),
        (b"From a@b.example Thu Mar  5 10:00:00 2026 +0800", 2),
    ],
)
def test_the_postmark_tells_when_the_mail_arrived(line, hour):
    assert postmarked_at(line) == datetime(2026, 3, 5, hour, tzinfo=UTC)


def test_a_postmark_without_or_with_an_impossible_date_tells_nothing():
    assert postmarked_at(b"From nobody") is None
    assert postmarked_at(b"From x Thu Mar 45 99:00:00 2026") is None


def test_a_single_mail_loses_its_leading_postmark():
    assert unwrap(POSTMARK + b"Subject: a\n\nb")[0] == b"Subject: a\n\nb"
    assert unwrap(b"Subject: a\n\nFrom me") == (b"Subject: a\n\nFrom me", None)


INNER = b"From bob@example.org Thu Mar  5 03:00:00 2026\nSubject: inner\n\nquoted\n"


def counted(body: bytes, size: int | None = None) -> bytes:
    return POSTMARK + b"Subject: a\nContent-Length: %d\n\n" % (size or len(body)) + body


@pytest.mark.parametrize("ends", [b"", b"\n", b"\n\n"])
@pytest.mark.parametrize("follows", [b"", POSTMARK + b"Subject: b\n\ntwo\n"])
def test_a_content_length_that_is_true_keeps_a_mailbox_inside_a_mail(ends, follows):
    body = b"Look at this:\n\n" + INNER + b">From here\n"
    found = mails(counted(body) + (ends if not follows else ends or b"\n") + follows)
    assert len(found) == 1 + bool(follows)
    assert found[0].rstrip(b"\n").endswith((b"\n\n" + INNER + b">From here\n").rstrip(b"\n"))


@pytest.mark.parametrize("size", [1, 20, 50, 5_000, 9_999_999_999])
def test_a_content_length_that_is_false_is_not_believed(size):
    box = (
        counted(b"one\n", size) + b"\n" + POSTMARK + b"Subject: b\n\ntwo\n\n" + POSTMARK + b"X: c\n"
    )
    assert [mail.rstrip(b"\n").splitlines()[-1] for mail in mails(box)] == [b"one", b"two", b"X: c"]


def test_a_content_length_past_the_limit_holds_no_mail_back():
    box = (
        counted(b"one\n", 100_000)
        + b"\n"
        + (POSTMARK + b"Subject: b\n\n" + b"x" * 600 + b"\n\n") * 9
    )
    found = list(split(io.BytesIO(box), "box", Limits(raw_bytes=1000)))
    assert sum(mail.raw.count(b"Subject: ") for mail in found) == len(found)
    assert found[0].raw.startswith(b"Subject: a")


def test_a_mark_quoted_by_the_delivering_program_is_undone_with_a_content_length_too():
    assert mails(counted(b">From me\n"))[0].endswith(b"\n\nFrom me\n")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("last", [True, False])
def test_every_line_end_gives_the_same_mails_last_one_without_end_too(end, last):
    box = POSTMARK + b"Subject: a\n\none\n\n" + POSTMARK + b"Subject: b\n\ntwo\n"
    box = box if last else box[:-1]
    found = [mail.replace(b"\r\n", b"\n") for mail in mails(box.replace(b"\n", end))]
    assert [mail.strip() for mail in found] == [b"Subject: a\n\none", b"Subject: b\n\ntwo"]


def written(path, raw: bytes):
    path.write_bytes(raw)
    return path


def taken(found) -> tuple[list[bytes], list[str]]:
    items = list(found)
    return (
        [one.raw for one in items if not hasattr(one, "what")],
        [one.what for one in items if hasattr(one, "what")],
    )


BOX = POSTMARK + b"Subject: a\n\none\n\n"


@pytest.mark.parametrize(
    ("start", "more", "whole", "says"),
    [
        (BOX * 2, BOX, 2, [growing.GREW]),
        (
            BOX * 2 + POSTMARK + b"Subject: c\n\nhal",
            b"f\n\n",
            2,
            [growing.UNFINISHED, growing.GREW],
        ),
        (BOX + BOX[:-1], b"\n" + BOX, 2, [growing.GREW]),
        (BOX + BOX[:-1], BOX, 1, [growing.UNFINISHED, growing.GREW]),
        (BOX, b"more of it\n\n", 0, [growing.UNFINISHED, growing.GREW]),
    ],
)
def test_a_mailbox_that_grows_gives_what_was_whole_at_the_start(tmp_path, start, more, whole, says):
    path = written(tmp_path / "box", start)
    found = arrivals(str(path), io.BytesIO())
    with path.open("ab") as file:
        file.write(more)
    mails_, problems = taken(found)
    assert (len(mails_), problems) == (whole, says)


def test_a_mailbox_that_is_removed_while_it_is_read_is_read_to_its_end(tmp_path):
    path = written(tmp_path / "box", BOX * 3)
    found = arrivals(str(path), io.BytesIO())
    next(found)
    path.unlink()
    mails_, problems = taken(found)
    assert (len(mails_), problems) == (2, [growing.GONE])


def test_a_mailbox_that_is_truncated_while_it_is_read_says_so(tmp_path):
    path = written(tmp_path / "box", BOX * 20_000)
    found = arrivals(str(path), io.BytesIO())
    next(found)
    path.write_bytes(b"")
    mails_, problems = taken(found)
    assert 0 < len(mails_) < 20_000
    assert problems == [growing.SHRANK]


def test_a_mailbox_that_its_delivering_program_has_locked_is_read_without_a_lock(tmp_path):
    path = written(tmp_path / "box", BOX * 2)
    (tmp_path / "box.lock").write_text("")
    with path.open("r+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        fcntl.flock(file, fcntl.LOCK_EX)
        mails_, problems = taken(arrivals(str(path), io.BytesIO()))
    assert (len(mails_), problems) == (2, [])
    assert sorted(one.name for one in tmp_path.iterdir()) == ["box", "box.lock"]


def test_a_maildir_is_new_and_cur_and_only_real_files(tmp_path):
    for box in ("new", "cur", "tmp"):
        (tmp_path / box).mkdir()
        written(tmp_path / box / "1772676000.a", b"Subject: " + box.encode() + b"\n\nx\n")
    os.mkfifo(tmp_path / "new" / "2.pipe")
    (tmp_path / "new" / "3.link").symlink_to("/etc/passwd")
    (tmp_path / "new" / "4.loose").symlink_to("/nowhere")
    (tmp_path / "new" / "5.folder").mkdir()
    mails_, problems = taken(arrivals(str(tmp_path), io.BytesIO()))
    assert [raw.split()[1] for raw in mails_] == [b"cur", b"new"]
    assert len(problems) == 3  # the links are named in one line


def test_a_maildir_whose_box_is_a_link_is_not_followed(tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    written(other / "1.a", b"Subject: secret\n\nx\n")
    box = tmp_path / "box"
    (box / "cur").mkdir(parents=True)
    (box / "new").symlink_to(other)
    mails_, problems = taken(arrivals(str(box), io.BytesIO()))
    assert mails_ == []
    assert [one.partition(" (")[0] for one in problems] == ["is no regular file"]


def test_folders_of_mails_may_hold_folders_of_mails_but_no_links_to_some(tmp_path):
    (tmp_path / "march" / "deep").mkdir(parents=True)
    for place in ("a.eml", "march/b.EML", "march/deep/c.eml", "march/note.txt"):
        written(tmp_path / place, b"Subject: x\n\nx\n")
    (tmp_path / "again").symlink_to(tmp_path / "march")
    mails_, problems = taken(arrivals(str(tmp_path), io.BytesIO()))
    assert len(mails_) == 3
    assert problems == [
        "1 passed over: no regular files (links, pipes): again",
        "1 passed over: files that are no mail: march/note.txt",
    ]


def test_an_eml_may_begin_with_the_line_of_a_mailbox(tmp_path):
    path = written(tmp_path / "a.eml", POSTMARK + b"Subject: a\n\none\n")
    (found,) = arrivals(str(path), io.BytesIO())
    assert found.raw == b"Subject: a\n\none\n"
    assert found.received_at == datetime(2026, 3, 5, 2, tzinfo=UTC)


def test_a_mailbox_on_standard_input_may_begin_with_empty_lines():
    mails_, problems = taken(arrivals("-", io.BytesIO(b"\n\r\n" + BOX * 2)))
    assert (len(mails_), problems) == (2, [])


def test_what_is_nothing_names_all_that_can_be_imported(tmp_path):
    with pytest.raises(InputError) as caught:
        arrivals(str(written(tmp_path / "a.bin", b"\x89PNG\r\n")), io.BytesIO())
    for word in ("mbox", "Maildir", ".msg", ".csv", "OpenDSR", "Data Rights Protocol"):
        assert word in caught.value.hint


PROSE = (
    b"From the team:\nNote: we meet\n",
    b"From now on\nPs: nothing\n",
    b"From the team:\nhello\n",
)


@pytest.mark.parametrize("prose", PROSE)
def test_a_paragraph_that_begins_with_from_splits_no_mail(prose):
    mails_, _ = taken(arrivals("-", io.BytesIO(POSTMARK + b"Subject: a\n\none\n\n" + prose)))
    assert mails_ == [b"Subject: a\n\none\n\n" + prose]


@pytest.mark.parametrize("line", [b"From a@b.example\n", b"From -\n", b"From me at noon:\n"])
@pytest.mark.parametrize("header", [b"Return-Path: <a@b.example>\n", b"X-Mozilla-Status: 0001\n"])
def test_a_postmark_without_a_date_counts_before_a_mails_header_and_prose_is_not_lost(line, header):
    box = POSTMARK + b"Subject: a\n\none\n\n" + line + header + b"Subject: b\n\ntwo\n"
    mails_, _ = taken(arrivals("-", io.BytesIO(box)))
    assert len(mails_) == 2
    assert mails_[1] == header + b"Subject: b\n\ntwo\n"
    assert (line in mails_[0]) is (line == b"From me at noon:\n")


def test_of_a_mail_beyond_the_limit_the_beginning_is_kept_without_gaps():
    box = POSTMARK + b"Subject: a\n\n" + b"y" * 80 + b"\n" + b"x" * 900 + b"\nend\n"
    (found,) = arrivals("-", io.BytesIO(box), Limits(raw_bytes=200))
    assert found.cut
    assert box[len(POSTMARK) :].startswith(found.raw)
    assert found.sha256 == sha256(box[len(POSTMARK) :]).hexdigest()


class Slow(io.BytesIO):
    """A file of which each look gives only some bytes, as a pipe does."""

    def __init__(self, raw: bytes, most: int) -> None:
        super().__init__(raw)
        self.most = most

    def read(self, size=-1, /):
        return super().read(self.most if size < 0 else min(size, self.most))


LINES = (
    *(POSTMARK, b"From a b c d\n", b"From x\n", b"From", b">From him\n", b"\n", b"\n", b"\r\n"),
    *(b"Subject: a\n", b"Content-Length: 12\n", b"content-length: 0\r\n", b"Date: x\r\n"),
    *(b"Hello\n", b"y" * 40 + b"\n", b"no end", b"\x00\xff\n"),
)


@given(
    st.lists(st.sampled_from(LINES), max_size=40),
    st.integers(min_value=1, max_value=90),
    st.sampled_from([60, 200, 10_000]),
)
def test_mails_are_the_same_however_little_is_read_at_once(lines, most, longest):
    box, limits = POSTMARK + b"".join(lines), Limits(raw_bytes=longest)
    whole = [(one.raw, one.sha256) for one in split(io.BytesIO(box), "box", limits)]
    assert [(one.raw, one.sha256) for one in split(Slow(box, most), "box", limits)] == whole


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b" ", b"\t", b"\n\n", b"\xef\xbb\xbf\n"])
def test_what_stands_before_the_first_mark_hides_no_mail(start):
    box = b"From a@b Tue Nov  3 08:15:00 2026\nSubject: %d\n\nbody %d\n\n"
    found = mails(start + box % (1, 1) + box % (2, 2))
    assert len(found) == 2
    assert [b"Subject: %d" % n in raw for n, raw in enumerate(found[-2:], start=1)] == [True, True]


def test_words_before_the_first_mark_are_kept():
    found = mails(b"To whom it may concern\n\nFrom a@b Tue Nov  3 08:15:00 2026\nA: b\n\nc\n")
    assert found == [b"To whom it may concern\n", b"A: b\n\nc\n"]


def test_a_mark_that_crosses_the_limit_within_a_believed_length_begins_a_mail():
    limit = 1 << 20
    mark = b"From x@y.example Tue Nov  3 08:15:00 2026\n"
    plain = b"From a@b Tue Nov  3 08:15:00 2026\nSubject: %d\n\nbody\n\n"
    head = b"Content-Length: 9999999\n\n"
    body = b"x" * (limit - len(head) - 12) + b"\n\n"
    evil = mark + head + body + mark + b"Subject: inside\n\nmore\n\n"
    found = mails(plain % 1 + evil + plain % 2, Limits(raw_bytes=limit))
    assert [b"Subject: 1" in found[0], b"Subject: 2" in found[-1]] == [True, True]
    assert sum(b"Subject: inside" in raw for raw in found) == 1


@pytest.mark.parametrize("length", [(1 << 20) - 1, 1 << 20, (1 << 20) + 1, 2 << 20])
def test_the_end_of_a_long_line_is_no_blank_line(length):
    mark = b"From a@b Tue Nov  3 08:15:00 2026\n"
    forged = mark + b"Subject: forged\n\nyes\n"
    found = mails(mark + b"Subject: 1\n\n" + b"x" * length + b"\n" + forged)
    assert len(found) == 1


@pytest.mark.parametrize("body", [b"x\n", b"\n"])
def test_a_body_of_short_lines_with_a_length_is_not_held_line_by_line(body):
    mark = b"From a@b Tue Nov  3 08:15:00 2026\n"
    box = mark + b"Content-Length: 9000000\n\n" + body * (4_000_000 // len(body))
    tracemalloc.start()
    found = mails(box)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) == 1
    assert peak < 6 * len(box)


def test_a_return_within_the_first_mark_makes_no_old_mailbox():
    mail = b"From a\rb@x Tue Nov  3 08:15:00 2026\r\nSubject: 1\r\n\r\nbody\r\n"
    assert mails(mail) == [b"Subject: 1\r\n\r\nbody\r\n"]
