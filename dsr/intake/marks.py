"""The marks by which a reply names its ticket: in the subject, or in the address it was sent to."""

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Iterable

from dsr.intake.message import Message

_TOKEN = re.compile(r"\[dsr-([1-9]\d{0,9}-[a-z2-7]{4})\]", re.IGNORECASE)
_ADDRESSED = re.compile(r"\+dsr-([1-9]\d{0,9}-[a-z2-7]{4})@", re.IGNORECASE)
_CALLED = re.compile(r"\bdsr[-\s]?[1-9]\d{0,9}\b", re.IGNORECASE | re.ASCII)
_CHECK_LETTERS = 4
_TOKENS = 5  # of one mail


def token(number: int, key: bytes) -> str:
    """Return the mark of a ticket for the subjects of its letters, such as ``DSR-42-k7f3``.

    Args:
        number: The ticket's number.
        key: The office's secret key, without which the four letters cannot be guessed.
    """
    digest = hmac.new(key, f"subject token {number}".encode(), hashlib.sha256).digest()
    return f"DSR-{number}-{b32encode(digest)[:_CHECK_LETTERS].decode().lower()}"


def tokens_for(numbers: Iterable[int], key: bytes) -> dict[str, int]:
    """Return the tokens of tickets, for `Known`."""
    return {token(number, key): number for number in numbers}


def marks_of(message: Message) -> list[str]:
    """Return the tokens that a mail names, without brackets, as they are made."""
    found = _TOKEN.findall(message.subject)
    found += [mark for each in message.recipients for mark in _ADDRESSED.findall(each)]
    return [f"DSR-{mark.lower()}" for mark in found[:_TOKENS]]


def names_a_ticket(subject: str) -> bool:
    """Say whether a subject speaks of a ticket's number, though not by our mark."""
    return bool(_CALLED.search(subject))
