"""What names a person: one form, compared and masked."""

import contextlib

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from dsr.domain.people import mask, mask_name, normalise, same
from dsr.domain.vocabulary import IdentifierType
from dsr.errors import InputError

EMAIL, PHONE, ACCOUNT, NAME, OPEN_ID, ORDER = (
    IdentifierType.EMAIL,
    IdentifierType.PHONE,
    IdentifierType.ACCOUNT,
    IdentifierType.NAME,
    IdentifierType.OPEN_ID,
    IdentifierType.ORDER,
)
LOCAL = "abcXYZ019.!#$%&'*+/=?^_`{|}~-"
DOMAIN = "abXYx0n9.-"


@pytest.mark.parametrize(
    ("kind", "written", "stored"),
    [
        (EMAIL, " Li.Hua@Example.COM ", "li.hua@example.com"),
        (EMAIL, "o'neil+news@mail.example.com", "o'neil+news@mail.example.com"),
        (EMAIL, "li@bücher.de", "li@xn--bcher-kva.de"),
        (EMAIL, "li@xn--bcher-kva.de", "li@xn--bcher-kva.de"),
        (EMAIL, "李华@例子.中国", "李华@xn--fsqu00a.xn--fiqs8s"),
        (EMAIL, "li@crm.local", "li@crm.local"),
        (PHONE, "138 0000 5678", "+8613800005678"),
        (PHONE, "１３８－００００－５６７８", "+8613800005678"),
        (PHONE, "0086 13800005678", "+8613800005678"),
        (PHONE, "+1 (212) 555-0123", "+12125550123"),
        (PHONE, "+86 400-104-0808", "+864001040808"),
        (ACCOUNT, "  ＬｉＨｕａ ", "lihua"),
        (NAME, "Li\t\n Hua", "li hua"),
        (NAME, "张\u200b三", "张三"),
        (NAME, "STRASSE", "strasse"),
        (NAME, "Straße", "strasse"),
        (OPEN_ID, " oAbC_1 ", "oAbC_1"),
        (ORDER, "SO-77 ", "so-77"),
    ],
)
def test_an_identifier_has_one_form(kind, written, stored):
    assert normalise(kind, written) == stored


def test_a_number_without_country_code_belongs_to_the_region():
    assert normalise(PHONE, "020 7946 0958", "GB") == "+442079460958"


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (EMAIL, ""),
        (EMAIL, "secretname"),
        (EMAIL, "secretname@"),
        (EMAIL, "secretname@nodot"),
        (EMAIL, "secretname@1.2.3.4"),
        (EMAIL, "secretname@ab--c.com"),
        (EMAIL, "secretname..x@example.com"),
        (EMAIL, "Li <secretname@example.com>"),
        (EMAIL, "secretname@" + "a." * 130 + "com"),
        (EMAIL, "secretname" + "İ" * 100 + "@example.com"),
        (EMAIL, "secretname@example.com\nBcc: x@example.com"),
        (PHONE, ""),
        (PHONE, "secretname"),
        (PHONE, "12345"),
        (PHONE, "110"),
        (PHONE, "000000000"),
        (PHONE, "+86 138 0000 5678 9999 9999"),
        (NAME, " \u200b "),
        (NAME, "secretname" * 30),
        (OPEN_ID, ""),
    ],
)
def test_what_cannot_be_an_identifier_is_refused_without_repeating_it(kind, written):
    with pytest.raises(InputError) as refusal:
        normalise(kind, written)

    assert "secretname" not in f"{refusal.value}{refusal.value.hint}{refusal.value.facts}"
    assert refusal.value.__cause__ is None


def library_says(address):
    from email_validator import EmailNotValidError, validate_email

    try:
        read = validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return None
    return f"{read.local_part.lower()}@{read.ascii_domain}"


@given(st.text(LOCAL, max_size=12), st.text(DOMAIN, max_size=16))
@example("li", "a.b--c.com")
@example("li", "ab--c.com")
@example("li", "a-.com")
@example("li", "x.y")
@example("li", "x.9")
@example("li", "xn--bcher-kva.de")
@example("li", "xn--a.de")
@example("l" * 64, "a" * 63 + ".com")
@example("l" * 65, "a" * 64 + ".com")
@example("l", ".".join(["a" * 49] * 5) + ".com")
@example("l", ".".join(["a" * 62] * 4) + ".com")
def test_the_short_way_says_of_an_address_what_the_library_says(local, domain):
    address = f"{local}@{domain}"
    try:
        found = normalise(EMAIL, address)
    except InputError:
        found = None

    assert found == library_says(address)


ADDRESSES = st.emails() | st.builds(
    "{}@{}".format, st.text(min_size=1, max_size=9), st.just("bücher.de")
)
NUMBERS = st.from_regex(r"\A(\+|00)?[0-9]{7,14}\Z") | st.from_regex(r"\A1[3-9][0-9]{9}\Z")
IDENTIFIERS = (
    st.tuples(st.just(EMAIL), ADDRESSES)
    | st.tuples(st.just(PHONE), NUMBERS)
    | st.tuples(st.sampled_from([ACCOUNT, NAME, OPEN_ID, ORDER]), st.text(max_size=20))
)


@given(IDENTIFIERS)
@example((NAME, "ͅΆ"))
@example((NAME, "ß\u0301"))
@example((NAME, "ᾂ\u0301\u00adİ"))
@example((ACCOUNT, "ϓ̈"))
@example((EMAIL, "İ@bücher.de"))
def test_normalising_twice_changes_nothing(identifier):
    kind, written = identifier
    try:
        once = normalise(kind, written)
    except InputError:
        assume(False)

    assert normalise(kind, once) == once
    assert same(kind, written, once)


@given(IDENTIFIERS)
def test_an_identifier_is_read_or_refused_and_never_breaks_anything(identifier):
    kind, written = identifier
    with contextlib.suppress(InputError):
        normalise(kind, written)
    mask(kind, written)


def test_the_same_identifier_is_known_however_it_is_written():
    assert same(EMAIL, "Li@Example.com", "li@example.COM")
    assert same(PHONE, "138 0000 5678", "+8613800005678")
    assert not same(PHONE, "138 0000 5678", "138 0000 5679")
    assert not same(OPEN_ID, "oABC", "oabc")


def test_what_cannot_be_read_is_never_the_same():
    assert not same(EMAIL, "nothing", "nothing")


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (EMAIL, "li.hua@example.com", "l***@example.com"),
        (EMAIL, "@example.com", "@***"),
        (EMAIL, "no address", "n***"),
        (PHONE, "+8613812345678", "+86138****5678"),
        (PHONE, "+12125550123", "+121****0123"),
        (PHONE, "1234567", "***67"),
        (PHONE, "12", "***"),
        (PHONE, "", "***"),
        (NAME, "张三丰", "张**"),
        (NAME, "Li Hua", "L***"),
        (NAME, "", "***"),
        (ACCOUNT, "lihua", "l***"),
        (ACCOUNT, "l", "***"),
        (OPEN_ID, "oAbC", "o***"),
        (ORDER, "SO-77", "S***"),
    ],
)
def test_a_masked_identifier_is_known_to_its_owner_only(kind, value, shown):
    assert mask(kind, value) == shown


@given(st.text(min_size=2, max_size=30))
def test_a_masked_name_shows_one_character_and_not_how_long_it_is(name):
    assert len(mask_name(name)) <= 4
