"""A folder on a real Dovecot, read by its UIDs."""

from datetime import UTC, datetime
from traceback import format_exception

import pytest

from dsr.domain.limits import Limits
from dsr.errors import NotFoundError, Problem, SourceError, UsageError
from dsr.intake.imap_answers import answers, instant, uid_set
from dsr.intake.imap_line import Wire, read_name, wire_name
from dsr.intake.imap_place import place_of


def test_mails_come_back_byte_for_byte_and_none_counts_as_seen(account, letter, opens):
    sent = [letter(1), letter(2, "中文", size=70_000), letter(3, size=300_000), b"\r\nX"]
    account.put(*sent, at='" 5-Mar-2026 10:00:00 +0800"')
    folder = opens(account.url())

    found = list(folder.mails(0))

    assert [one.raw for one in found] == sent
    assert {one.received_at for one in found} == {datetime(2026, 3, 5, 2, tzinfo=UTC)}
    name = f"imaps://localhost:{account.port}/INBOX;uidvalidity={folder.validity};uid=1"
    assert found[0].source == name
    assert set(account.flags().values()) == {""}


def test_only_what_is_above_the_last_uid_is_read(account, letter, opens):
    account.put(*(letter(number) for number in range(5)))

    assert [one.raw for one in opens(account.url()).mails(3)] == [letter(3), letter(4)]
    assert list(opens(account.url()).mails(5)) == []


def test_an_empty_folder_is_empty(account, opens):
    assert list(opens(account.url()).mails(0)) == []


def test_a_mail_beyond_the_limit_is_read_in_its_beginning(account, letter, opens):
    account.put(letter(1), letter(2, size=90_000), letter(3))
    folder = opens(account.url())
    folder.limits = Limits(raw_bytes=2_000)

    found = list(folder.mails(0))

    assert [(len(one.raw), one.cut) for one in found][1] == (2_000, True)
    assert found[1].raw == letter(2, size=90_000)[:2_000]
    assert [one.cut for one in found] == [False, True, False]


def test_a_mail_that_is_deleted_while_the_folder_is_read_is_passed_over(account, letter, opens):
    account.put(*(letter(number, size=9_000_000) for number in (1, 2, 3)))
    coming = opens(account.url()).mails(0)
    first = next(coming)
    with account.session() as line:
        line.select("INBOX")
        line.uid("STORE", "2", "+FLAGS", r"(\Deleted)")
        line.expunge()

    assert [one.source[-1] for one in (first, *coming)] == ["1", "3"]


@pytest.mark.parametrize("name", ["收件箱", "Anträge & Co", 'a "quoted" \\ name', "a~b"])
def test_a_folder_may_have_any_name(account, letter, opens, name):
    with account.session() as line:
        assert line.create(wire_name(name))[0] == "OK"
        assert line.append(wire_name(name), "", None, letter(1))[0] == "OK"
    escaped = name.replace(" ", "%20").replace("\\", "%5C")

    assert [one.raw for one in opens(account.url(escaped)).mails(0)] == [letter(1)]


def test_names_are_sent_in_modified_utf_7():
    assert wire_name("~peter/mail/台北/日本語") == '"~peter/mail/&U,BTFw-/&ZeVnLIqe-"'
    assert read_name("~peter/mail/&U,BTFw-/&ZeVnLIqe-") == "~peter/mail/台北/日本語"
    assert wire_name("A&B") == '"A&-B"'
    assert read_name("A&-B") == "A&B"
    assert read_name("&bad!-") == "&bad!-"


def test_a_folder_that_is_not_there_is_told_with_those_that_are(account, opens):
    account.make("Requests")

    with pytest.raises(NotFoundError, match="no such folder") as told:
        opens(account.url("Request"))

    assert told.value.hint == "did you mean Requests?"


def test_a_line_that_begins_in_plain_text_is_encrypted_before_the_login(account, letter, opens):
    account.put(letter(1))
    folder = opens(account.url(scheme="imap"))

    assert folder.line.sock.version() in {"TLSv1.2", "TLSv1.3"}
    assert [one.raw for one in folder.mails(0)] == [letter(1)]


def test_plain_text_is_for_this_machine_if_asked(account, letter, opens):
    account.put(letter(1))

    assert [one.raw for one in opens(account.url(scheme="imap"), plain=True).mails(0)]


def test_a_refused_login_tells_nothing_of_the_password(account, opens):
    secret = "wrong" * 2
    with pytest.raises(SourceError, match="refuses the login") as told:
        opens(account.url(), secret=secret)

    assert secret not in "".join(format_exception(told.value))
    assert "--oauth" in told.value.hint


def test_a_certificate_of_a_strange_authority_is_refused(account, opens, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")

    with pytest.raises(SourceError, match="certificate is not trusted") as told:
        opens(account.url())

    assert "SSL_CERT_FILE" in told.value.hint
    with pytest.raises(SourceError, match="certificate is not trusted"):
        opens(account.url(scheme="imap"))


@pytest.mark.parametrize("scheme", ["imaps", "imap"])
def test_a_certificate_of_another_name_is_refused(account, opens, scheme):
    with pytest.raises(SourceError, match="certificate is not trusted"):
        opens(account.url(scheme=scheme).replace("localhost", "127.0.0.1"))


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("imaps://ann:hunter2@mail.example/INBOX", "a password has no place"),
        ("imaps://mail.example/INBOX", "no user"),
        ("imaps://ann@/INBOX", "no server"),
        ("imaps://ann@mail.example:port/INBOX", "cannot be read"),
        ("imaps://ann@[mail/INBOX", "cannot be read"),
        ("imaps://ann@mail.example/%FF", "cannot be read"),
        ("imaps://ann@mail.example/a%0D%0Ab", "no user"),
        ("imaps://ann%0D%0Ax@mail.example/a", "no user"),
        ("imaps://ann@mail.example/a?b", "more than a folder"),
    ],
)
def test_a_url_that_names_no_folder_is_refused(url, says):
    with pytest.raises(UsageError, match=says) as told:
        place_of(url)

    assert "hunter2" not in f"{told.value}{told.value.hint}"


@pytest.mark.parametrize(
    ("url", "account", "name", "wire"),
    [
        (
            "imaps://a%40b.example@mail.example/%E6%94%B6",
            "a@b.example@mail.example:993",
            "imaps://mail.example/收",
            Wire.TLS,
        ),
        ("IMAP://a@[::1]:44", "a@::1:44", "imap://[::1]:44/INBOX", Wire.STARTTLS),
    ],
)
def test_a_url_names_a_user_a_server_and_a_folder(url, account, name, wire):
    place = place_of(url)

    assert (place.account, place.name, place.wire) == (account, name, wire)


def test_uids_are_named_in_runs():
    assert uid_set([7, 1, 2, 3, 9, 10]) == "1:3,7,9:10"


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("17-Jul-1996 02:44:25 -0700", datetime(1996, 7, 17, 9, 44, 25, tzinfo=UTC)),
        (" 1-Jan-2026 00:30:00 +0530", datetime(2025, 12, 31, 19, tzinfo=UTC)),
        ("31-Feb-2026 00:00:00 +0000", None),
        ("31-Foo-2026 00:00:00 +0000", None),
        ("01-Jan-0001 00:00:00 +1400", None),
        ("yesterday", None),
    ],
)
def test_an_instant_of_a_server_is_read_or_left_out(said, at):
    assert instant(f'1 (INTERNALDATE "{said}")') == at


def test_an_answer_is_matched_by_its_uid_wherever_it_stands():
    data = [
        (b'1 (FLAGS ("UID 9") BODY[]<0> {2}', b"ab"),
        b" UID 5)",
        b"2 (FLAGS (\\Seen))",
        b'3 (UID 6 BODY[]<0> "q\\"x")',
        None,
    ]

    assert [(uid, raw) for uid, _, raw in answers(data)] == [(5, b"ab"), (6, b'q"x')]


def test_an_empty_mail_is_told(faulty, opens, letter):
    faulty.mails = {1: b"", 2: letter(2)}

    told, mail = opens(faulty.url()).mails(0)

    assert isinstance(told, Problem)
    assert told.what == "is empty"
    assert mail.raw == letter(2)
