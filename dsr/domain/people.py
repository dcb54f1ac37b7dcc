"""Normalises, compares and masks what names a person. Nothing here looks anybody up."""

import re
import unicodedata
from collections.abc import Callable, Mapping

from dsr.domain.vocabulary import IdentifierType
from dsr.errors import InputError

#: The category of data that a type of identifier is, by the datamaps' dotted paths.
CATEGORIES: Mapping[IdentifierType, str] = {
    IdentifierType.EMAIL: "user.contact.email",
    IdentifierType.PHONE: "user.contact.phone_number",
    IdentifierType.ACCOUNT: "user.account.username",
    IdentifierType.NAME: "user.name",
}
LONGEST_ADDRESS = 254  # RFC 3696, erratum 1690; in bytes
LONGEST_NAME = 254
_SHORTEST_SHOWN_PHONE = 11  # a plus sign and ten digits: eight of them may be shown

# Addresses in plain ASCII, lower-cased: email-validator says the same, twenty times as slowly.
# It also refuses names such as .local and .test; to the house's own network these are addresses.
_LABEL = r"(?!xn--|[a-z0-9-]{2}--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PLAIN_ADDRESS = re.compile(
    rf"[a-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*"
    rf"@(?:{_LABEL}\.)+(?=.*[a-z]\Z){_LABEL}"
)


def normalise(kind: IdentifierType, value: str, region: str = "CN") -> str:
    """Return an identifier in the one form in which it is stored and compared.

    Normalising a normalised identifier changes nothing.

    Args:
        kind: What kind of identifier it is.
        value: As it was written.
        region: The country of a phone number without a country code (ISO 3166).

    Raises:
        InputError: It cannot be such an identifier; the error never repeats it.
    """
    if kind is IdentifierType.PHONE:
        return _phone(value, region)
    return _NORMAL.get(kind, _folded)(value)


def as_kept(kind: IdentifierType, value: str) -> str:
    """Return an identifier as it is stored; what is none of its type stays as it was written.

    It may still help an officer to find the person.
    """
    try:
        return normalise(kind, value)
    except InputError:
        return " ".join(value.split())


def same(kind: IdentifierType, one: str, other: str, region: str = "CN") -> bool:
    """Say whether two identifiers name the same; what cannot be read is never the same."""
    try:
        return normalise(kind, one, region) == normalise(kind, other, region)
    except InputError:
        return False


def mask(kind: IdentifierType, value: str) -> str:
    """Return an identifier so that its owner knows it again and a stranger does not."""
    return _MASKS.get(kind, _mask_text)(value)


def mask_name(name: str) -> str:
    """Return a name's first character and stars, in the number usual for its script."""
    first = name.strip()[:1]
    return f"{first}**" if unicodedata.east_asian_width(first or " ") == "W" else f"{first}***"


def _email(value: str) -> str:
    stripped = value.strip()
    plain = stripped.lower()
    if plain.isascii() and len(plain) <= LONGEST_ADDRESS and _PLAIN_ADDRESS.fullmatch(plain):
        return plain
    from email_validator import EmailNotValidError, validate_email

    try:
        read = validate_email(stripped, check_deliverability=False)
    except EmailNotValidError:
        raise InputError("not an e-mail address", hint="as in name@example.com") from None
    local = unicodedata.normalize("NFC", read.local_part.lower())
    address = f"{local}@{read.ascii_domain}"
    if len(address.encode()) > LONGEST_ADDRESS:
        raise InputError("not an e-mail address: it is too long")
    return address


def _phone(value: str, region: str) -> str:
    written = _e164(value, region)
    # Trunk zeros of a number that nobody has can be stripped again and again: no fixed form.
    if not written or _e164(written, region) != written:
        raise InputError("not a phone number", hint="as in +86 138 0000 0000")
    return written


def _e164(value: str, region: str) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return ""
    possible = phonenumbers.ValidationResult.IS_POSSIBLE
    if phonenumbers.is_possible_number_with_reason(number) != possible:
        return ""
    written: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return written


def _compatible(value: str) -> str:
    """Return a text in compatible characters, without invisible ones, with single spaces."""
    kept = (
        character
        for character in unicodedata.normalize("NFKC", value)
        if unicodedata.category(character) != "Cf"
    )
    plain = "".join(" " if unicodedata.category(c) == "Cc" else c for c in kept)
    text = unicodedata.normalize("NFKC", " ".join(plain.split()))
    if not text or len(text) > LONGEST_NAME:
        raise InputError(f"empty, or longer than {LONGEST_NAME} characters")
    return text


def _folded(value: str) -> str:
    """Return a text without regard to case; folding can take compatible characters apart."""
    return _compatible(_compatible(value).casefold())


_NORMAL: Mapping[IdentifierType, Callable[[str], str]] = {
    IdentifierType.EMAIL: _email,
    IdentifierType.OPEN_ID: _compatible,  # WeChat tells capitals apart
}


def _mask_email(value: str) -> str:
    local, at, domain = value.strip().rpartition("@")
    return f"{local[:1]}***@{domain}" if at and local else _mask_text(value)


def _mask_phone(value: str) -> str:
    digits = "".join(c for c in value if c.isdigit() or c == "+")
    if len(digits) < _SHORTEST_SHOWN_PHONE:
        return f"***{digits[-2:]}" if len(digits) > len("***") else "***"
    return f"{digits[:-8]}****{digits[-4:]}"


def _mask_text(value: str) -> str:
    text = value.strip()
    return f"{text[:1]}***" if len(text) > 1 else "***"


_MASKS: Mapping[IdentifierType, Callable[[str], str]] = {
    IdentifierType.EMAIL: _mask_email,
    IdentifierType.PHONE: _mask_phone,
    IdentifierType.NAME: mask_name,
}
