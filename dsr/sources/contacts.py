"""Writes a new e-mail address or phone number as a column writes the old one. Asks no source."""

from dsr.domain.people import normalise
from dsr.domain.vocabulary import IdentifierType
from dsr.errors import InputError
from dsr.sources.matching import HOME, strip_phone


def as_written(kind: IdentifierType, new: str, stored: object) -> str:
    """Return a new address or number in the form of the one that stands there.

    Args:
        kind: Which of the two it is.
        new: As it was asked for.
        stored: What stands there now; nothing where it is added.

    Returns:
        The text to store; empty where what is asked for is no such thing.
    """
    old = "" if stored is None else strip_phone(str(stored))
    try:
        whole = normalise(kind, new, _region_of(old))
    except InputError:
        return ""
    return new.strip() if kind is IdentifierType.EMAIL else _as_number(new, whole, old)


def _as_number(new: str, whole: str, old: str) -> str:
    """Return a number with its country where the old one has it, else as it is dialled there."""
    if old.startswith("+"):
        return whole
    if old.startswith("00"):
        return f"00{whole[1:]}"
    given = strip_phone(new)
    if not old:
        return whole if given.startswith(("+", "00")) else given
    if _country_stands_before(old):
        return whole[1:]
    return _dialled(whole) if given.startswith(("+", "00")) else given


def _country_stands_before(digits: str) -> bool:
    try:
        return normalise(IdentifierType.PHONE, digits, HOME) == f"+{digits}"
    except InputError:
        return False


def _dialled(whole: str) -> str:
    """Return a number of the company's own country without it; another one stays whole."""
    import phonenumbers

    number = phonenumbers.parse(whole)
    if number.country_code != phonenumbers.country_code_for_region(HOME):
        return whole
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return strip_phone(written)


def _region_of(old: str) -> str:
    """Return the country in which a number without one is read: that of the old number."""
    import phonenumbers

    international = f"+{old[2:]}" if old.startswith("00") else old
    if not international.startswith("+"):
        return HOME
    try:
        number = phonenumbers.parse(international)
    except phonenumbers.NumberParseException:
        return HOME
    return str(phonenumbers.region_code_for_country_code(number.country_code or 0))
