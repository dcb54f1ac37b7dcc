import pytest

from dsr.intake.fingerprint import content_key
from dsr.intake.quoted import separate
from dsr.intake.sender import claimed


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("ann@example.org", "ann@example.org"),
        ("Ann <ann@EXAMPLE.org>", "ann@example.org"),
        ('"Ann, B." <ann@example.org>', "ann@example.org"),
        ("ann@example.org (Ann)", "ann@example.org"),
        ("=?utf-8?B?5byg5LiJ?= <zhang@example.cn>", "zhang@example.cn"),
        ("ann@example.org <ann@example.org>", "ann@example.org"),
        ("Doe, Ann <ann@example.org>", "ann@example.org"),
        ("Ann <ann@example.org> (at (her) work)", "ann@example.org"),
        ("Ann <ann@example.org>,", "ann@example.org"),
        ("Ann <<ann@example.org>>", "ann@example.org"),
        ("(a, b) Ann <ann@example.org", "ann@example.org"),
        ('"Ann (B" <ann@example.org>', "ann@example.org"),
    ],
)
def test_the_address_of_an_honest_sender_is_read(value, address):
    assert claimed([value]).address == address


@pytest.mark.parametrize(
    "value",
    [
        "boss@good.example <b@bad.example>",
        '"boss@good.example" <b@bad.example>',
        '"boss@good.example\r\n" <b@bad.example>',
        "=?utf-8?B?Ym9zc0Bnb29kLmV4YW1wbGU=?= <b@bad.example>",
        "a@good.example, b@bad.example",
        '"x" <a@good.example>, "y" <b@bad.example>',
        "",
        "Ann",
        "<>",
        "<v@good.example>, b@bad.example",
        "<v@good.example>,b@bad.example",
        "<v@good.example>, =?utf-8?Q?x?= <b@bad.example>",
        "v@good.example, <b@bad.example>",
        "<v@good.example> <b@bad.example>",
        "<v@good.example>, b",
        "<v@good.example> (x), b@bad.example",
        "b@bad.example (<v@good.example>)",
        "b@bad.example (a (<v@good.example>) c)",
        '"<v@good.example>" b@bad.example',
        "v(x)@good.example",
        "<v(x)@good.example>",
        "team: v@good.example;",
        "team: V <v@good.example>;",
        "team: <v@good.example>, <b@bad.example>;",
        "<v@good.example>" + " " * 9_000 + ", b@bad.example",
        "v@good.example v@good.example <b@bad.example>",
        "b@bad.example v@good.example <b@bad.example>",
        "x" * 300 + " v@good.example <b@bad.example>",
        "<a b@example.org>",
        "a@b@example.org",
    ],
)
def test_a_sender_who_shows_two_addresses_or_none_is_not_believed(value):
    found = claimed([value])
    assert found.address is None
    assert found.warnings


def test_two_from_headers_name_nobody():
    assert claimed(["a@example.org", "b@example.org"]).address is None
    assert claimed([]).address is None


def test_letters_of_another_script_are_a_warning():
    assert claimed(["a@xn--pple-43d.example"]).warnings
    assert claimed(["а@example.org"]).warnings


NAMES = {
    "Pаypal <a@example.org>": "the sender's name mixes scripts that look alike",  # а of Cyrillic
    "Αpple Support <a@example.org>": "the sender's name mixes scripts that look alike",  # Greek
    "An\u200bn <a@example.org>": "the sender's name has characters that nobody sees",
    "Ann \u202egro <a@example.org>": "the sender's name has characters that nobody sees",
    "Ann <a@exаmple.org>": "the sender's address has letters of other scripts",
    "Ann <a@xn--exmple-cua.org>": "the sender's address has letters of other scripts",
    "boss＠good.example <b@bad.example>": "another address in the sender's name: not believed",
}


@pytest.mark.parametrize(("value", "warning"), NAMES.items())
def test_a_sender_who_looks_like_another_is_told(value, warning):
    assert warning in claimed([value]).warnings


@pytest.mark.parametrize(
    "name",
    ["张三", "Иван Петров", "Ελένη", "José", "山田 Taro", "Ann и Иван", "김철수 (Kim)", "王Wang"],
)
def test_a_name_in_a_script_of_its_own_is_nobody_elses(name):
    assert claimed([f"{name} <a@example.org>"]).warnings == ()


@pytest.mark.parametrize(
    "address",
    ["a\0b@example.org", "a@exam\0ple.org", "a\r\nb@example.org", "a@b\x7f.cn", "a\x1b@b.cn"],
)
def test_an_address_with_a_control_in_it_is_none(address):
    for value in (address, f"Ann <{address}>"):
        found = claimed([value])
        assert found.address is None
        assert found.warnings == ("the sender's address cannot be read",)


@pytest.mark.parametrize(
    "value",
    [
        "ann@example.org, bob@example.net",
        "Ann <ann@example.org>, Bob <bob@example.net>",
        '"Lee, Ann" <ann@example.org>; bob@example.net',
        "ann@example.org (home),\r\n <bob@example.net>",
    ],
)
def test_two_senders_in_one_header_are_said_to_be_two(value):
    found = claimed([value])
    assert found.address is None
    assert found.warnings == ("several senders: none is believed",)


@pytest.mark.parametrize(
    ("value", "warning"),
    [
        ('"ann@example.org, bob@example.net" <eve@example.com>', "another address"),
        ("ann@example.org bob@example.net", "cannot be read"),
        ("ann@example.org <bob@example.net>", "another address"),
        ("Lee, Ann", "cannot be read"),
    ],
)
def test_what_is_no_list_of_senders_is_not_said_to_be_one(value, warning):
    (said,) = claimed([value]).warnings
    assert warning in said


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"Auto-Submitted": "auto-replied"}, "auto: Auto-Submitted"),
        ({"Auto-Submitted": "no"}, None),
        ({"X-Autoreply": "yes"}, "auto: X-Autoreply"),
        ({"Precedence": "junk"}, "auto: Precedence"),
        ({"Subject": "Out of office: Re: your letter"}, "auto: Subject"),
        ({"Subject": "自动回复：您好"}, "auto: Subject"),
        ({"Subject": "Re: Automatic reply: x"}, "auto: Subject"),
        ({"List-Unsubscribe": "<https://x>"}, "list: List-Unsubscribe"),
        ({"Precedence": "bulk"}, "list: Precedence"),
        ({"From": "MAILER-DAEMON@example.org"}, "bounce: From"),
        ({"X-Failed-Recipients": "a@b"}, "bounce: X-Failed-Recipients"),
        (
            {"Return-Path": "<>", "Subject": "Undelivered Mail Returned to Sender"},
            "bounce: Return-Path and Subject",
        ),
        ({"Return-Path": "<>"}, None),
        ({"X-Auto-Response-Suppress": "All"}, None),
        ({"X-DSR-Id": "1"}, "own: X-DSR-Id"),
        ({}, None),
    ],
)
def test_the_header_that_tells_a_machine_is_named(message, headers, told):
    named = {name.replace("-", "_"): value for name, value in headers.items()}
    assert message(**named).automatic == told


def test_copies_of_one_mail_have_one_key(mail):
    raw = mail(b"one\n\nFrom me\ntwo\n")
    assert (
        content_key(raw)
        == content_key(raw.replace(b"\n", b"\r\n"))
        == content_key(b"Received: by x\n" + raw)
        == content_key(raw.replace(b"\nFrom me", b"\n>From me"))
        == content_key(raw + b"\n\n")
        == content_key(raw.replace(b"Subject: Hello", b"Subject:\n Hello"))
    )


@pytest.mark.parametrize(
    "change",
    [(b"one", b"two"), (b"Subject: Hello", b"Subject: Bye"), (b"ann@", b"eve@"), (b"<1@", b"<2@")],
)
def test_a_stolen_message_id_hides_no_other_mail(mail, change):
    raw = mail(b"one\n")
    assert content_key(raw) != content_key(raw.replace(*change))


QUOTES = [
    "On Mon, 2 Mar 2026 at 10:00, Bob <bob@x.example> wrote:\n> old",
    "Am 02.03.2026 um 10:00 schrieb Bob:\n> old",
    "Le 2 mars 2026, Bob a écrit :\n> old",
    "于2026年3月2日周一 10:00写道：\n> old",
    "2026年3月2日 下午3:00，Bob <bob@x.example> 写道：\nold",
    "2026年3月2日(月) 10:00 Bob <bob@x.example>:\nold",
    "-----Original Message-----\nFrom: Bob\nold",
    "------------------ 原始邮件 ------------------\n发件人: Bob\nold",
    "-------- 原始郵件 --------\nold",
    "________________________________\nFrom: Bob\nold",
    "From: Bob\nSent: Monday\nTo: Ann\nSubject: x\n\nold",
    "发件人：Bob\n发送时间：2026年3月2日\n收件人：Ann\n主题：x\n\nold",
    "寄件者: Bob\n收件者: Ann\n主旨: x\nold",
    "Von: Bob\nGesendet: Montag\nAn: Ann\nBetreff: x\nold",
    "> old\n> older",
]


@pytest.mark.parametrize("quote", QUOTES)
def test_quotations_of_every_usual_program_are_told(quote):
    new, quoted = separate("New words.\n\n" + quote)
    assert new == "New words."
    assert "old" in quoted


@pytest.mark.parametrize(
    "text",
    [
        "My data:\nName: Ann\nTo whom: Bob\nPlease delete it.",
        "He wrote: please delete it",
        "1 > 0 and so on",
        "I want:\n- a copy\n- deletion",
        "From: now on\nplease stop",
    ],
)
def test_ordinary_lines_are_no_quotations(text):
    assert separate(text) == (text, "")


def test_new_words_between_quoted_lines_are_new():
    text = "On 2 Mar 2026 Bob wrote:\n> May we keep it?\nNo, delete it.\n> And this?\nThis too."
    assert separate(text)[0] == "No, delete it.\nThis too."


def test_quoting_marks_without_end_cost_nothing():
    separate("On On On wrote:\n" * 30_000)
    separate("> " * 100_000 + "\n" * 200_000)
