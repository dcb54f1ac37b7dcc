"""Which forms of a value mean the same person or the same row. Asks no source."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice, product
from typing import Any, TypeAlias

from dsr.errors import InputError

HOME = "CN"  # the country of numbers that stand without one, as in dsr.domain.people
IN_LIST = 500  # values in one statement; SQLite's default limit is far above
PHONE_NOISE = " -()./\t\u00a0\u2010\u2011\u2013"  # stripped before digits are compared
INTEGERS = range(-(2**63), 2**63)

Key: TypeAlias = tuple[object, ...]


class How(Enum):
    """How a column is compared."""

    EXACT = auto()
    EMAIL = auto()  # without case, without blanks around
    PHONE = auto()  # the digits, and whether a + stands before them


@dataclass(frozen=True, slots=True)
class Wanted:
    """The values of one identity, in every form in which a source may hold them."""

    how: How
    forms: frozenset[object]

    def holds(self, stored: object) -> bool:
        """Tell whether a stored value is one of them."""
        if self.how is How.EMAIL:
            return bool(self.forms.intersection(email_forms(str(stored))))
        if self.how is How.PHONE:
            return strip_phone(str(stored)) in self.forms
        return bool(self.forms.intersection(key_forms(stored)))


@dataclass(frozen=True, slots=True)
class Condition:
    """What rows must hold: in these fields together, one of these tuples of values."""

    fields: tuple[str, ...]
    how: How
    values: tuple[Key, ...]


def wanted(identity: str, values: Sequence[str]) -> Wanted:
    """Return what to look for when somebody is known by these values.

    Args:
        identity: The identity's name; one with "mail" or "phone" in it is compared as such,
            every other letter by letter.
        values: What was proved or claimed.

    Raises:
        InputError: A value is no text that any database could hold.
    """
    name = identity.casefold()
    clean = [value.strip() for value in values if value.strip()]
    if any(_is_broken(value) for value in clean):
        raise InputError(f"a value given as {identity} is no valid text")
    if "mail" in name:
        return Wanted(How.EMAIL, _union(email_forms(value) for value in clean))
    if "phone" in name or "mobile" in name:
        return Wanted(How.PHONE, _union(phone_forms(value) for value in clean))
    return Wanted(How.EXACT, _union(key_forms(value) for value in clean))


def known_by(identities: Mapping[str, tuple[str, ...]]) -> dict[str, Wanted]:
    """Return what to look for, by the identity's name.

    Raises:
        InputError: A value of an identity is no text.
    """
    return {name: wanted(name, values) for name, values in identities.items() if any(values)}


def email_forms(value: str) -> set[object]:
    """Return the forms of an address: as it stands, and with A to Z made small, as SQLite does.

    No letter beyond these is folded: that would make one address of two (of groß and gross).
    """
    bare = value.strip()
    return {bare, ascii_lower(bare)}


def ascii_lower(value: str) -> str:
    """Return text as SQLite's `lower` does."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in value)


def phone_forms(value: str) -> set[object]:
    """Return the forms in which a source may hold a number, by how it says the country.

    With + or 00: this country alone. Without: the digits as they are dialled at home, or with the
    country's before them; not where the company's own country reads another number of its own.

    Args:
        value: A number in E.164 (with +), or digits as they stand.
    """
    import phonenumbers

    digits = strip_phone(value)
    forms: set[object] = {digits}
    international = f"+{digits.removeprefix('00')}" if digits.startswith("00") else value
    if not international.startswith("+"):
        return forms
    try:
        number = phonenumbers.parse(international)
    except phonenumbers.NumberParseException:
        return forms
    national = phonenumbers.national_significant_number(number)
    dialled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    whole = f"{number.country_code}{national}"
    bare = {form for form in (whole, national, strip_phone(dialled)) if not _is_home(form, number)}
    return {f"+{whole}", f"00{whole}", *bare}


def _is_home(digits: str, number: Any) -> bool:
    """Tell whether digits that stand without a country are a number of the company's own."""
    import phonenumbers

    try:
        read = phonenumbers.parse(digits, HOME)
    except phonenumbers.NumberParseException:
        return False
    return read != number and bool(phonenumbers.is_valid_number_for_region(read, HOME))


def strip_phone(value: str) -> str:
    """Return a number without what people write between digits; a + stays."""
    return "".join(sign for sign in value if sign not in PHONE_NOISE)


def key_forms(value: object) -> set[object]:
    """Return a key as number and as text: a column without a type tells them apart."""
    match value:
        case bool():
            return {int(value)}
        case int():
            return {value, str(value)} if value in INTEGERS else {str(value)}
        case float():
            whole = int(value) if value.is_integer() else None
            return {value} if whole is None else {value, *key_forms(whole)}
        case str():
            number = _number_of(value)
            return {value} if number is None else {value, number}
        case _:
            return {value}


def _number_of(value: str) -> int | None:
    """Return the whole number that a text is, where it is written as a database would write it."""
    if len(value) > len(str(INTEGERS.start)) or not value.removeprefix("-").isascii():
        return None
    if not value.removeprefix("-").isdigit() or str(int(value)) != value:
        return None
    return int(value) if int(value) in INTEGERS else None


def is_blank(value: object) -> bool:
    """Tell whether a value is no key: nothing, or a text with nothing in it."""
    return value is None or (isinstance(value, str) and not value.strip())


def same_key(values: Iterable[object], how: How = How.EXACT) -> Key:
    """Return what two keys have in common when they mean the same row."""
    if how is How.EMAIL:
        return tuple(ascii_lower(str(value).strip()) for value in values)
    return tuple(_bare(value) for value in values)


def _bare(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | float) else value


def forms_of(keys: Iterable[Key], how: How) -> Iterator[Key]:
    """Give every form in which keys may be held elsewhere."""
    for key in keys:
        if how is How.EMAIL:
            yield from ((form,) for form in sorted(map(str, email_forms(str(key[0])))))
        else:
            yield from product(*(key_forms(value) for value in key))


def conditions(fields: tuple[str, ...], how: How, forms: Iterable[Key]) -> Iterator[Condition]:
    """Give conditions of at most 500 values each that cover all forms."""
    left = iter(forms)
    while part := tuple(islice(left, IN_LIST)):
        yield Condition(fields, how, part)


def _is_broken(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return True
    return False


def _union(forms: Iterable[set[object]]) -> frozenset[object]:
    return frozenset().union(*forms)
