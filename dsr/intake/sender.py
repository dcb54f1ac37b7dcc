"""Who a mail says it is from. A claim only, read so that nobody is shown as somebody else."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from dsr.intake.decode import decode_header, plain
from dsr.rules.mail import words

#: What is said of an address that stands for nobody, and what an officer does about it.
NOBODY = "the sender's address names nobody: dsr set REF --identifier TYPE=@file names who asks"

_ADDRESS = re.compile(
    r"[^\s\x00-\x1f\x7f<>()\[\],;:\"\\@]{1,64}@[^\s\x00-\x1f\x7f<>()\[\],;:\"\\@]{1,253}"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_ASIDE = re.compile(r'\([^()]{0,500}\)|"(?:[^"\\]|\\.){0,500}+"')  # what holds no address
_LONGEST = 8_000  # characters of a From
_ANSWERED = 10  # addresses of a Reply-To


@dataclass(frozen=True, slots=True)
class Claim:
    """What a From header claims.

    Attributes:
        address: The address, its domain in lower case; None where it cannot be told.
        name: The display name, decoded.
        warnings: What is odd about it.
    """

    address: str | None
    name: str
    warnings: tuple[str, ...] = ()


def claimed(values: list[str]) -> Claim:
    """Return whom the From headers of a mail name: exactly one address, or nobody.

    Args:
        values: The raw values of all From headers.
    """
    if len(values) != 1:
        what = "several senders: none is believed" if values else "no sender"
        return Claim(None, "", (what,))
    value = plain(values[0])
    if len(value) > _LONGEST:
        return Claim(None, "", ("the sender's address cannot be read",))
    if _several(value):
        return Claim(None, "", ("several senders: none is believed",))
    display, address, behind = _split(value)
    name = decode_header(display, 200).strip("\"' ")
    shown = unicodedata.normalize("NFKC", f"{decode_header(display, _LONGEST)} {behind}")
    others = {found.lower() for found in _ADDRESS.findall(shown)} - {address.lower()}
    if others:
        return Claim(None, name, ("another address in the sender's name: not believed",))
    if not _ADDRESS.fullmatch(address) or not _is_nothing(behind):
        return Claim(None, name, ("the sender's address cannot be read",))
    return Claim(_lower_domain(address), name, _oddities(address, name))


def _split(value: str) -> tuple[str, str, str]:
    """Return display name, address and what stands behind it, as they are written.

    The last <...> is the address, but one in a comment or in quotation marks is none.
    """
    bare = _blanked(value)
    start = bare.rfind("<")
    if start >= 0:
        end = bare.find(">", start)
        end = end if end >= 0 else len(value)
        return value[:start], value[start + 1 : end].strip(), bare[end + 1 :]
    aside = _ASIDE.search(value)
    return (aside[0][1:-1] if aside else ""), bare.strip(), ""


def _several(value: str) -> bool:
    """Say whether two or more addresses stand side by side, each by itself or behind its name."""
    if value.count("@") <= 1:
        return False
    members = (
        one.rpartition("<")[2].strip(" \t\r\n>") for one in re.split("[,;]", _blanked(value))
    )
    return sum(bool(_ADDRESS.fullmatch(one)) for one in members) > 1


def _blanked(value: str) -> str:
    """Return a value of the same length without comments, one in another too, and quotations."""
    for aside in (_ASIDE, _COMMENT, _COMMENT):
        value = aside.sub(lambda found: " " * len(found[0]), value)
    return value


def _is_nothing(behind: str) -> bool:
    """Say whether nothing more is named: a list or a group is no sender."""
    return not behind.strip(" \t\r\n>,")


def _lower_domain(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"


def _oddities(address: str, name: str) -> tuple[str, ...]:
    domain = address.rpartition("@")[2].lower()
    odd = {
        "the sender's address has letters of other scripts": (
            "xn--" in domain or not address.isascii()
        ),
        "the sender's name mixes scripts that look alike": _mixes_scripts(name),
        "the sender's name has characters that nobody sees": bool(_UNSEEN.search(name)),
    }
    return tuple(what for what, holds in odd.items() if holds)


def _mixes_scripts(text: str) -> bool:
    """Say whether a word has letters of several scripts that can be taken for each other."""
    if text.isascii():
        return False
    words = _LETTERS.findall(unicodedata.normalize("NFKC", text))
    return any(len(_ALIKE & {*map(_script, word)}) > 1 for word in words if not word.isascii())


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def addresses(values: list[str], most: int) -> tuple[str, ...]:
    """Return the addresses in headers such as To, in order, each once, at most so many."""
    found: dict[str, None] = {}
    for value in values:
        for match in _ADDRESS.finditer(plain(value)):
            found.setdefault(_lower_domain(match[0]))
            if len(found) >= most:
                return tuple(found)
    return tuple(found)


def elsewhere(values: list[str], own: str | None) -> str | None:
    """Return where the Reply-To headers of a mail want answers but at its sender's; else None."""
    named = addresses(values, _ANSWERED)
    return next((one for one in named if one.lower() != (own or "").lower()), None)


def doubts(address: str | None, reply_to: str | None) -> tuple[str, ...]:
    """Return what is odd about where answers go; the arguments are those of `writer`."""
    odd = {
        "answers are wanted elsewhere (Reply-To)": reply_to is not None,
        NOBODY: address is not None and writer(address, reply_to) is None,
    }
    return tuple(what for what, holds in odd.items() if holds)


@lru_cache(maxsize=256)  # it is asked several times of one mail
def writer(address: str | None, reply_to: str | None) -> str | None:
    """Return a sender's address where it may name who writes, which it claims; else None.

    Many people write from a machine's, and from one whose mail wants its answers elsewhere: it is
    nobody's identity, and tells no two letters to be of one person.

    Args:
        address: The one that a mail says it is from.
        reply_to: Where it wants answers, if elsewhere.
    """
    return None if address is None or reply_to or words().is_machine(address) else address
