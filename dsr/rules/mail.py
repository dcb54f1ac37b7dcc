"""What mail that no person wrote looks like, and whose letters come first: data, by language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from dsr.rules.alternatives import ByLanguage, all_of, either
from dsr.rules.folding import fold
from dsr.rules.reading import shipped

_DIVIDES = re.compile(r"[._-]+")
_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority's mail.

    Attributes:
        name: Who it is, for an officer.
        law: The code of the pack whose authority it is.
        domains: Domains of its addresses; those below them count too.
    """

    name: str
    law: str
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MailFile:
    """The file, as it is written: terms by language."""

    auto_headers: tuple[str, ...]
    list_headers: tuple[str, ...]
    robots: tuple[str, ...]
    receipt_reports: tuple[str, ...]
    bounce_reports: tuple[str, ...]
    unanswered: ByLanguage
    machines: ByLanguage
    bounced: ByLanguage
    away_subject: ByLanguage
    away_text: ByLanguage
    receipt_subject: ByLanguage
    calendar_subject: ByLanguage
    news: ByLanguage
    authorities: tuple[Authority, ...]


@cache
def _anywhere(terms: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(either(terms))


@dataclass(frozen=True, slots=True)
class MailWords:
    """The same, ready to be looked for: terms of all languages, folded.

    Attributes:
        unanswered: Stand anywhere in what an address has before its @.
        machines: Are that, or a word of it.
        bounced: Stand anywhere in a subject.
        away_subject: Begin a subject; so do `receipt_subject` and `calendar_subject`.
        away_text: Stand near the beginning of a text.
        news: Stand anywhere in a short one that asks what became of a request.
        authorities: By domain.
    """

    file: MailFile
    unanswered: tuple[str, ...]
    machines: frozenset[str]
    bounced: tuple[str, ...]
    away_subject: tuple[str, ...]
    away_text: tuple[str, ...]
    receipt_subject: tuple[str, ...]
    calendar_subject: tuple[str, ...]
    news: tuple[str, ...]
    authorities: Mapping[str, Authority]

    def is_machine(self, address: str) -> bool:
        """Say whether an address is one that a machine writes from, by what stands before its @."""
        pieces = _DIVIDES.split(fold(address).rpartition("@")[0].partition("+")[0])
        whole = "".join(pieces)
        if _anywhere(self.unanswered).search(whole):
            return True
        return any(one.rstrip(_DIGITS) in self.machines for one in (*pieces, whole))

    def authority_of(self, address: str) -> Authority | None:
        """Return whose address this claims to be, if an authority's."""
        domain = address.rpartition("@")[2].lower().rstrip(".")
        while domain:
            if domain in self.authorities:
                return self.authorities[domain]
            domain = domain.partition(".")[2]
        return None


@cache
def words() -> MailWords:
    """Return the terms of all languages.

    Raises:
        ConfigError: The file is wrong; the key is named.
    """
    file = shipped(MailFile, "mail.toml")
    return MailWords(
        file=file,
        unanswered=all_of(file.unanswered),
        machines=frozenset((*all_of(file.machines), *map(_undivided, file.robots))),
        bounced=all_of(file.bounced),
        away_subject=all_of(file.away_subject),
        away_text=all_of(file.away_text),
        receipt_subject=all_of(file.receipt_subject),
        calendar_subject=all_of(file.calendar_subject),
        news=all_of(file.news),
        authorities={domain: one for one in file.authorities for domain in one.domains},
    )


def _undivided(name: str) -> str:
    return _DIVIDES.sub("", name)
