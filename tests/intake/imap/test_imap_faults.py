"""Servers that drop, lie, stall and refuse: each is told, and what came before is good."""

from traceback import format_exception

import pytest

from dsr.errors import ConflictError, Problem, SourceError
from dsr.intake import imap_line
from dsr.intake.arrival import Arrival, Limits


def read_until_failure(folder):
    """Return the numbers of what came before the server failed, and the failure."""
    came, coming = [], folder.mails(0)

    with pytest.raises((SourceError, ConflictError)) as told:
        came.extend(one.source if isinstance(one, Arrival) else one.where for one in coming)
    return [name[-1] for name in came], told.value


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("half 3", "in the middle of its answer"),
        ("bye 3", "ended the session"),
        ("too much 3", "more than was asked for"),
        ("long line", "a line that is too long"),
        ("renumbered", "numbered its mails anew"),
    ],
)
def test_a_server_that_fails_while_it_is_read_is_told(faulty, letter, opens, fault, says):
    faulty.mails = {uid: letter(uid) for uid in range(1, 5)}
    faulty.faults = {fault}

    came, told = read_until_failure(opens(faulty.url()))

    assert came == []
    assert says in str(told)
    assert "run it again" in told.hint


def test_what_came_before_the_failure_is_given(faulty, letter, opens):
    faulty.mails = {uid: letter(uid, size=5_000_000) for uid in range(1, 5)}
    faulty.faults = {"half 3"}

    came, _ = read_until_failure(opens(faulty.url()))

    assert came == ["1", "2"]


def test_a_server_that_says_nothing_is_not_waited_for(faulty, opens):
    faulty.faults = {"silent"}

    with pytest.raises(SourceError, match="does not answer in time"):
        opens(faulty.url(), timeout=0.2)


def test_a_server_that_speaks_no_tls_gets_no_password(faulty, opens):
    faulty.faults = {"no tls"}

    with pytest.raises(SourceError, match="no encrypted line"):
        opens(faulty.url())
    assert faulty.asked == []


def test_a_server_that_offers_no_encryption_gets_no_password(faulty, opens):
    faulty.context = None

    with pytest.raises(SourceError, match="offers no encryption"):
        opens(faulty.url("imap"))
    assert {"CAPABILITY", "LOGOUT"} >= set(faulty.asked)


def test_what_somebody_slips_in_before_the_encryption_is_not_believed(faulty, opens):
    faulty.able += " STARTTLS"
    faulty.faults = {"injects"}
    folder = opens(faulty.url("imap"))

    assert folder.line.sock.version()
    assert "EVIL" not in folder.line.capabilities


def test_a_server_that_answers_drop_by_drop_is_not_waited_for(faulty, opens, monkeypatch):
    monkeypatch.setattr(imap_line, "_PATIENCE", -1)

    with pytest.raises(SourceError, match="answers too slowly"):
        opens(faulty.url())


def test_a_server_that_is_busy_is_told(faulty, opens):
    faulty.faults = {"busy"}

    with pytest.raises(SourceError, match="does not do what was asked"):
        opens(faulty.url())


def test_a_port_where_nobody_listens_is_told(faulty, opens):
    with pytest.raises(SourceError, match="cannot be reached"):
        opens("imaps://desk@localhost:1/INBOX")


@pytest.mark.parametrize("secret", ["horse battery", "pferd ü"])
def test_what_a_server_says_of_the_password_is_not_repeated(faulty, opens, secret):
    faulty.faults = {"echo"}

    with pytest.raises(SourceError, match=r"refuses the login \(AUTHENTICATIONFAILED\)") as told:
        opens(faulty.url(), secret=secret)

    assert secret not in "".join(format_exception(told.value))
    assert told.value.__cause__ is None


def test_a_token_of_oauth_is_sent_as_one(faulty, opens, letter):
    faulty.mails = {1: letter(1)}

    assert list(opens(faulty.url(), secret="token", oauth=True).mails(0))
    with pytest.raises(SourceError, match="refuses the login"):
        opens(faulty.url(), secret="stale", oauth=True)


def test_a_server_that_wants_a_name_gets_one(faulty, opens):
    faulty.able += " ID"
    opens(faulty.url())

    assert 'ID ("name" "dsr")' in faulty.asked


def test_the_mail_counts_and_not_what_the_server_says_of_its_size(faulty, letter, opens):
    faulty.mails = {uid: letter(uid, size=200_000) for uid in range(1, 4)}
    faulty.sizes = {1: 10, 2: 250_000, 3: 4_000_000}

    first, second, third, told = opens(faulty.url()).mails(0)

    assert [one.raw for one in (first, second, third)] == [*faulty.mails.values()]
    assert not any(one.cut for one in (first, second, third))
    assert isinstance(told, Problem)
    assert "though the server says 4000000" in told.what


def test_a_mail_that_comes_in_part_is_completed(faulty, letter, opens):
    faulty.mails = {1: letter(1, size=30_000), 2: letter(2)}
    faulty.faults = {"short 1"}

    assert [one.raw for one in opens(faulty.url()).mails(0)] == [*faulty.mails.values()]


def test_a_mail_that_is_far_larger_than_the_server_says_is_cut(faulty, letter, opens):
    faulty.mails = {1: letter(1, size=200_000), 2: letter(2)}
    faulty.sizes = {1: 10}
    folder = opens(faulty.url())
    folder.limits = Limits(raw_bytes=150_000)

    first, second = folder.mails(0)

    assert (len(first.raw), first.cut, second.cut) == (150_000, True, False)


def test_answers_in_any_order_with_news_between_are_sorted(faulty, letter, opens):
    faulty.mails = {uid: letter(uid) for uid in range(1, 7)}
    faulty.faults = {"unordered"}

    assert [one.raw for one in opens(faulty.url()).mails(0)] == [*faulty.mails.values()]


def test_a_mail_may_come_in_quotes(faulty, opens):
    faulty.mails = {1: b"Subject: hello"}
    faulty.faults = {"quoted"}

    assert [one.raw for one in opens(faulty.url()).mails(0)] == [b"Subject: hello"]


def test_a_mail_that_is_listed_and_not_given_is_told_and_remembered(faulty, letter, opens):
    faulty.mails = {uid: letter(uid) for uid in range(1, 4)}
    faulty.faults = {"withheld 2"}
    folder = opens(faulty.url())

    first, told, third = folder.mails(0)

    assert isinstance(first, Arrival)
    assert "does not give it" in told.what
    assert third.raw == letter(3)
    assert folder.withheld == {2}


def test_a_server_that_gives_no_mail_at_all_is_left(faulty, letter, opens):
    faulty.mails = {uid: letter(uid) for uid in range(1, 30)}
    faulty.faults = {"withheld"}

    came, told = read_until_failure(opens(faulty.url()))

    assert len(came) == 4
    assert "gives no mail" in str(told)


def test_uids_with_wide_gaps_are_all_found(faulty, letter, opens):
    faulty.mails = {uid: letter(uid) for uid in (1, 80_000, 80_001, 400_000)}
    faulty.faults = {"no uidnext"}

    assert len(list(opens(faulty.url()).mails(0))) == 4


def test_nothing_is_asked_that_changes_a_folder(faulty, letter, opens):
    faulty.mails = {1: letter(1)}
    list(opens(faulty.url()).mails(0))

    words = {line.split()[0] + " " + line.split()[-1] for line in faulty.asked}
    assert 'EXAMINE "INBOX"' in words
    assert not [line for line in faulty.asked if "STORE" in line or "SELECT" in line]
    assert not [line for line in faulty.asked if "BODY[" in line]
