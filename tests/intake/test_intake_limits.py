"""What one mail may cost, as an office says it; what is beyond is kept and named, never dropped."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from dsr.domain.limits import MIB, Limits, Manner, limits_of
from dsr.errors import ConfigError
from dsr.intake.arrival import Arrival
from dsr.intake.budget import OverdueError, budget
from dsr.intake.pool import in_order, read
from dsr.intake.thread import Known, judge

HEAD = b"From: ann@example.org\nSubject: a letter\n"
WISH = b"Please delete all my personal data.\n"
WISHES = "请删除我的个人信息，并注销我的账号\n".encode("gb18030") * 200
#: Half a second's work, whatever limits a mail keeps.
SLOW = (
    HEAD
    + b"Content-Type: multipart/mixed; boundary=B\n\n"
    + (b"--B\nContent-Type: text/plain; charset=us-ascii\n\n" + WISHES) * 450
    + b"--B--\n"
)
HASTE = Manner(limits=Limits(seconds=0.01))


def test_a_limit_that_is_not_named_stays_as_it_is():
    assert limits_of("") == Limits()
    assert limits_of("raw_mb=1, parts=9\nseconds=0.5") == replace(
        Limits(), raw_bytes=MIB, parts=9, seconds=0.5
    )


@pytest.mark.parametrize(
    ("said", "why", "hint"),
    [
        ("part=9", "part is no limit", "parts"),
        ("parts", "parts is no number that makes sense", "parts=500"),
        ("parts=", "parts is no number", "parts=500"),
        ("parts=many", "parts is no number", "parts=500"),
        ("parts=0", "parts is no number", "parts=500"),
        ("parts=-1", "parts is no number", "parts=500"),
        ("parts=1.5", "parts is no number", "parts=500"),
        ("parts=99999999", "parts is no number", "up to 100,000"),
        ("seconds=nan", "seconds is no number", "seconds=2"),
        ("seconds=inf", "seconds is no number", "up to 600"),
        ("50", "50 is no limit", ""),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_with_one_that_does(said, why, hint):
    with pytest.raises(ConfigError, match=why) as caught:
        limits_of(said)
    assert hint in str(caught.value.hint)


def deep(levels: int) -> bytes:
    parts = (
        b"Content-Type: multipart/mixed; boundary=B%d\n\n--B%d\n" % (n, n) for n in range(levels)
    )
    return HEAD + b"".join(parts) + b"\n" + WISH


@pytest.mark.parametrize(
    ("said", "raw", "problem"),
    [
        ("raw_mb=1", HEAD + b"\n" + b"x" * MIB, "longer than 1048576 bytes"),
        ("header_kb=1", HEAD + b"X: " + b"y" * 2_000 + b"\n\n" + WISH, "longer than 1024 bytes"),
        ("headers=3", HEAD + b"X: y\n" * 3 + b"\n" + WISH, "more than 3 headers"),
        ("lines=4", HEAD + b"\n" + WISH * 4, "more than 4 lines"),
        ("depth=2", deep(4), "more than 2 deep"),
        ("parts=3", deep(4), "more than 3 parts"),
    ],
)
def test_what_is_beyond_a_limit_is_set_aside_and_the_limit_is_named(said, raw, problem):
    message, finding = read(Arrival("-", raw), Manner(limits=limits_of(said)))
    assert problem in message.problem
    assert message.sender in {"ann@example.org", None}
    judgement = judge(message, finding, Known())
    assert (judgement.outcome, judgement.reasons) == ("quarantined", (message.problem,))
    assert read(Arrival("-", raw))[0].problem is None


def endless() -> None:
    with budget(0.05) as each, each:
        while True:
            pass


def stubborn(stopped: list[OverdueError]) -> None:
    with budget(0.02) as each, each:
        while len(stopped) < 2:
            try:
                while True:
                    pass
            except OverdueError as stop:
                stopped.append(stop)
        raise stopped[-1]


def computed(seconds: float) -> None:
    begun = time.process_time()
    while time.process_time() - begun < seconds:
        pass


def test_a_block_of_python_is_stopped_when_its_time_is_over():
    begun = time.process_time()
    with pytest.raises(OverdueError):
        endless()
    assert time.process_time() - begun < 1


def test_what_swallows_a_stop_is_stopped_again():
    with pytest.raises(OverdueError):
        stubborn(stopped := [])
    assert len(stopped) == 2


def test_what_is_done_in_time_is_stopped_by_nothing_later():
    with budget(0.01) as each:
        with each:
            pass
        computed(0.05)
    computed(0.05)


def test_each_of_many_has_all_of_the_time():
    with budget(0.2) as each:
        for _ in range(4):
            with each:
                computed(0.1)
        with pytest.raises(OverdueError), each:
            computed(1)


def test_what_takes_too_long_goes_to_somebody_and_its_sender_is_known():
    message, finding = read(Arrival("-", SLOW, datetime(2026, 3, 5, tzinfo=UTC)), HASTE)
    assert finding.unread == "it takes more than 0.01 s to read"
    assert (message.sender, message.subject) == ("ann@example.org", "a letter")
    assert message.received_at == datetime(2026, 3, 5, tzinfo=UTC)
    judgement = judge(message, finding, Known())
    assert judgement.outcome == "triage"
    assert judgement.reasons == ("unclassified: look at it", finding.unread)
    assert read(Arrival("-", SLOW))[1].unread == ""


@pytest.mark.parametrize(
    "header", [b"Auto-Submitted: auto-replied", b"List-Id: <a.b>", b"References: <1@ours>"]
)
def test_whatever_else_it_is_what_takes_too_long_goes_to_somebody(header):
    message, finding = read(Arrival("-", header + b"\n" + SLOW), HASTE)
    known = Known(own_ids={"<1@ours>": 7}, parties={7: {"ann@example.org"}})
    judgement = judge(message, finding, known)
    assert judgement.outcome == "triage"
    assert judgement.ticket == (7 if b"References" in header else None)


def test_a_form_that_takes_too_long_is_no_mail_and_goes_to_somebody_too():
    form = {"email": "ann@example.org", "text": "Please delete my data. " * 50_000}
    message, finding = read(Arrival("-", b"{}", form=form), HASTE)
    assert (message.sender, message.form) == ("ann@example.org", form)
    assert judge(message, finding, Known()).outcome == "triage"


def test_what_the_classifier_stumbles_over_goes_to_somebody():
    form = {"email": "ann@example.org", "kind": "no such right", "text": "Please delete my data."}
    message, finding = read(Arrival("-", b"{}", form=form))
    assert finding.unread == "its text cannot be classified (ValueError)"
    assert judge(message, finding, Known()).outcome == "triage"


@dataclass
class Lot:
    fresh: list[Arrival] = field(default_factory=list)


def test_no_more_bytes_wait_for_the_processes_than_may_wait():
    taken = given = most = 0

    def lots() -> Iterator[Lot]:
        nonlocal taken, most
        for number in range(6):
            taken += 1
            most = max(most, taken - given)
            yield Lot([Arrival(str(number), b"x" * (10 * MIB))])

    for _ in in_order(lots(), 2, None, Manner(limits=Limits(raw_bytes=1_000))):
        given += 1
    assert (given, most) == (6, 2)  # one waits, and the next was taken to see how large it is


def test_only_so_many_addresses_references_and_mails_in_mails_are_read():
    limits = limits_of("addresses=3 references=2 nested=1")
    many = ", ".join(f"a{n}@example.org" for n in range(9))
    ids = " ".join(f"<{n}@example.org>" for n in range(9))
    inner = "Content-Type: message/rfc822\n\n" * 3
    answers = f"In-Reply-To: <x@example.org>\nReferences: {ids}\n"
    raw = f"From: ann@example.org\nTo: {many}\n{answers}{inner}Subject: x\n\ndeep\n"
    message, _ = read(Arrival("-", raw.encode()), Manner(limits=limits))
    assert message.recipients == tuple(f"a{n}@example.org" for n in range(3))
    assert message.references == ("<x@example.org>", "<8@example.org>")
    assert "mails inside mails: the innermost were not read" in message.warnings
    assert "deep" not in message.quoted

    whole, _ = read(Arrival("-", raw.encode()))
    assert (len(whole.recipients), len(whole.references)) == (9, 10)
    assert "deep" in whole.quoted


def test_what_is_a_flood_is_the_offices_word():
    message, finding = read(Arrival("-", HEAD + b"\n" + WISH))
    lately = {"ann@example.org": 5}
    plain = judge(message, finding, Known(lately=lately))
    flooded = judge(message, finding, Known(lately=lately, limits=limits_of("flood=5")))
    assert (plain.outcome, flooded.outcome, flooded.sort) == ("opened", "triage", "flood")
    assert limits_of("flood_hours=0.5").flood_hours == 0.5


def test_the_limits_of_an_office_that_sets_none():
    limits = Limits()
    assert (limits.addresses, limits.references, limits.nested) == (500, 100, 5)
    assert (limits.flood_mails, limits.flood_hours) == (20, 2)
    assert (limits.raw_bytes, limits.kept_bytes) == (50 * MIB, 2_000 * MIB)
