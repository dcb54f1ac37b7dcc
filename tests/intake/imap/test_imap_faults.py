"""Servers that drop, lie, stall and refuse: each is told, and what came before is good."""

from traceback import format_exception

import pytest

from dsr.domain.limits import Limits
from dsr.errors import ConflictError, SourceError
from dsr.intake import imap_line
from dsr.intake.arrival import Arrival
from dsr.intake.imap_answers import folder_names


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
        ("no size 3", "answers what cannot be read"),
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
    faulty.mails = {1: b"x"}
    faulty.faults = {"drips"}
    folder = opens(faulty.url())
    monkeypatch.setattr(folder.line, "_seconds", 0.02)  # silence ends a line after 5 s as ever

    with pytest.raises(SourceError, match="answers too slowly"):
        list(folder.mails(0))


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

    first, second, third = opens(faulty.url()).mails(0)

    assert [one.raw for one in (first, second, third)] == [*faulty.mails.values()]
    assert not any(one.cut for one in (first, second, third))
    assert (first.warnings, second.warnings) == ((), ())
    assert "though the server says 4000000" in third.warnings[0]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        *(("validity", said) for said in ("abc", "9" * 30, "-5", "0", "4294967296")),
        *(("next", said) for said in ("x y", "0", "9" * 18, "4294967296", "1e3", "６")),
        *(("exist", said) for said in ("9" * 30, "9" * 5000)),
    ],
)
def test_a_folder_whose_numbers_make_no_sense_is_not_read(faulty, letter, opens, name, said):
    faulty.mails = {1: letter(1)}
    faulty.says[name] = said

    with pytest.raises(SourceError) as told:
        opens(faulty.url())

    words = f"{told.value}{told.value.hint}"
    assert said not in words.replace(str(faulty.port), "") or said in {"0", "x y"}
    assert not [line for line in faulty.asked if "SEARCH" in line]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        *(("search", said) for said in ("1 2 x", "1 \x1b[2J", "9" * 5000, "0", "-1", "4294967296")),
        *(("uid", said) for said in ("9" * 30, "9" * 5000, "0")),
    ],
)
def test_answers_with_numbers_that_make_no_sense_end_the_source(faulty, letter, opens, name, said):
    faulty.mails = {1: letter(1)}
    faulty.says[name] = said

    came, told = read_until_failure(opens(faulty.url()))

    assert came == []
    assert "answers what cannot be read" in str(told)
    assert "\x1b" not in f"{told}{told.hint}"


@pytest.mark.parametrize("said", ["9" * 6000, "-1", "abc", str(1 << 63), ""])
def test_a_size_that_makes_no_sense_ends_the_source(faulty, letter, opens, said):
    faulty.mails = {1: letter(1)}
    faulty.sizes = {1: said}

    assert "answers what cannot be read" in str(read_until_failure(opens(faulty.url()))[1])


def test_a_mail_whose_size_is_not_said_is_read(faulty, letter, opens):
    faulty.mails = {1: letter(1), 2: letter(2, size=200_000)}
    faulty.sizes = {1: None, 2: None}

    assert [one.raw for one in opens(faulty.url()).mails(0)] == [*faulty.mails.values()]


def test_the_largest_numbers_cost_one_search(faulty, letter, opens):
    faulty.mails = {uid: letter(uid) for uid in (1, 4_294_967_294)}
    folder = opens(faulty.url())

    assert len(list(folder.mails(0))) == 2
    assert folder.end == 4_294_967_295
    assert len([line for line in faulty.asked if "SEARCH" in line]) == 1


def test_a_folder_with_very_many_mails_is_searched_in_parts(faulty, letter, opens):
    faulty.mails = {uid: letter(uid) for uid in (1, 381_299, 900_000)}
    faulty.says["exist"] = "500000"
    folder = opens(faulty.url())

    assert len(list(folder.mails(0))) == 3
    assert len([line for line in faulty.asked if "SEARCH" in line]) == 3


def test_an_answer_of_very_many_lines_is_not_kept(faulty, letter, opens, monkeypatch):
    monkeypatch.setattr(imap_line, "_MOST_LINES", 300)
    faulty.mails = {1: letter(1)}
    faulty.news = 400

    assert "more than was asked for" in str(read_until_failure(opens(faulty.url()))[1])


def test_what_nobody_asked_for_does_not_pile_up(faulty, letter, opens):
    faulty.mails = {uid: letter(uid) for uid in range(1, 1_200)}
    faulty.news = 100
    folder = opens(faulty.url())
    list(folder.mails(0))
    folder.has("Done")

    assert sum(map(len, folder.line.untagged_responses.values())) < 10


def test_folders_whose_names_cannot_be_shown_are_not_proposed():
    rows = [b'(X) "/" "INBOX"', b'(X) "/" "a\x1b[2J"', b'(X) "/" "' + b"x" * 200 + b'"', None]

    assert folder_names(rows) == ["INBOX"]


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
