"""An account's name is read where the words before it say so; an ordinary word is none."""

import pytest

from dsr.domain.vocabulary import IdentifierType
from dsr.intake.classify import classify
from dsr.intake.identifiers import identifiers_in
from dsr.rules.phrases import load


def named(text, wanted=IdentifierType.ACCOUNT):
    return [value for kind, value in identifiers_in(text, load()) if kind is wanted]


def accounts(text):
    return [value.lower() for value in named(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My account is anna1001.", "anna1001"),
        ("Our client's account is bob-22.", "bob-22"),
        ("I act for the holder of account anna1001.", "anna1001"),
        ("username: flyingfox", "flyingfox"),
        ("My username was pinkfrog", "pinkfrog"),
        ("my user name is johndoe and I want it deleted", "johndoe"),
        ("login marie77", "marie77"),
        ("my login: bluejay", "bluejay"),
        ("Login: marie.k", "marie.k"),
        ("user id 4711", "4711"),
        ("the profile of user max_m", "max_m"),
        ("my handle is @redpanda", "redpanda"),
        ('please close the account "moonlight"', "moonlight"),
        ("registered as tiger_77.", "tiger_77"),
        ("Customer no. 60912", "60912"),
    ],
)
def test_the_name_behind_such_a_word_names_an_account(text, name):
    assert accounts(text) == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("user name: admin", "admin"),
        ("username: data", "data"),
        ("User name: Delete\nThank you", "delete"),
        ("username: admin please delete my account", "admin"),
        ("nom d'utilisateur : marie", "marie"),
        ("Benutzername: Daten", "daten"),
        ("my handle is @privacy", "privacy"),
        ("user: @delete", "delete"),
        ("username: isabel", "isabel"),
        ("user name: notary", "notary"),
    ],
)
def test_a_plain_label_and_its_sign_make_even_an_ordinary_word_a_name(text, name):
    assert accounts(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "username: unknown",
        "user name: none",
        "username: see below",
        "Username: my e-mail address",
        "username: still the same",
        "username: please delete it",
        "User name:\n\nPlease delete my data",
        "Username:\nPassword:\n",
        "User name:\nName: Ann",
        "Order number: pending",
        "Account: locked",
        "Login: broken",
    ],
)
def test_an_empty_field_or_one_that_points_elsewhere_names_nobody(text):
    assert identifiers_in(text, load()) == ()


@pytest.mark.parametrize(
    "text",
    [
        "my open id is oXyZ123_Ab-c.",
        "我的openid是oXyZ123_Ab-c，请删除我的个人信息。",
        "我的微信OpenID：oXyZ123_Ab-c",
        "微信标识（OpenID）：oXyZ123_Ab-c",
        "openid=oXyZ123_Ab-c",
        "Meine OpenID ist oXyZ123_Ab-c",
        "Mon open id est oXyZ123_Ab-c",
        "Mi openid es oXyZ123_Ab-c",
        "私のOpenIDはoXyZ123_Ab-cです",
        "제 오픈아이디: oXyZ123_Ab-c",
    ],
)
def test_an_open_id_is_read_with_its_capitals_and_is_no_account(text):
    assert identifiers_in(text, load()) == ((IdentifierType.OPEN_ID, "oXyZ123_Ab-c"),)


def test_an_open_id_may_end_in_a_dash():
    assert named("openid: oXyZ123456-\n", IdentifierType.OPEN_ID) == ["oXyZ123456-"]


@pytest.mark.parametrize(
    "text",
    [
        "my openid is broken",
        "I log in with OpenID Connect 2.0",
        "my OpenID is https://openid.example.org/ann",
        "OpenID: Google",
    ],
)
def test_other_words_behind_open_id_are_none(text):
    assert identifiers_in(text, load()) == ()


@pytest.mark.parametrize("text", ["我的uid是12345", "我的id是12345，谢谢"])
def test_a_latin_label_stands_among_chinese_characters(text):
    assert accounts(text) == ["12345"]


def test_the_longer_of_two_labels_counts():
    assert identifiers_in("order id 1742", load()) == ((IdentifierType.ORDER, "1742"),)


@pytest.mark.parametrize(
    "text",
    [
        "my account is locked and I need help",
        "My account is Premium.",
        "My account is gold.",
        "my account is 10 years old",
        "Account: closed",
        "I have an account since 2019",
        "the user is unhappy",
        "User: Anna",
        "my login is broken",
        "login: my email address",
        "my username is still the same",
        "my username is embarrassingly long",
        "I am registered as blind",
        "My profile is public",
        "The account holder is Ms Weber",
    ],
)
def test_an_ordinary_word_behind_it_names_nobody(text):
    assert accounts(text) == []


def test_who_asks_for_another_names_the_account_that_is_meant():
    text = (
        "I act on behalf of Ms Weber and enclose her authority. Please delete her account. "
        "The account is weber_1001."
    )
    found = classify("", text, "", load())
    assert found.role == "agent"
    assert (IdentifierType.ACCOUNT, "weber_1001") in found.identifiers


@pytest.mark.parametrize(
    "text",
    [
        "My account number: 1000 2345 6789",
        "Account no. 12/3456-78",
        "customer number: 12\u00a0345",
        "Kundennummer: 4711 0815",
        "member id: 88\u20131234",
        "Mon identifiant : rené22",
        "username: ana$1",
        "username: john*doe9",
        f"username: {'a1' * 40}",
    ],
)
def test_of_a_name_of_which_more_follows_no_half_is_taken(text, phrases):
    assert identifiers_in(text, phrases) == ()


@pytest.mark.parametrize(
    "text", ["Customer number: 4711, since 2019", "account no. 4711 2019-11-03", "username: a_b1/"]
)
def test_what_only_stands_behind_a_name_is_no_part_of_it(text, phrases):
    assert len(identifiers_in(text, phrases)) == 1
