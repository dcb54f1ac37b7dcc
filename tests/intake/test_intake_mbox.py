import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr.intake.arrival import Limits
from dsr.intake.mbox import postmarked_at, split, unwrap

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
