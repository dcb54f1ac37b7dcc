"""What mail that no person wrote looks like, and whose letters come first: data, by language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from dsr.rules.folding import fold
from dsr.rules.reading import DATA, into, read_toml

ByLanguage = Mapping[str, tuple[str, ...]]


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
    bounced: ByLanguage
    away_subject: ByLanguage
    away_text: ByLanguage
    receipt_subject: ByLanguage
    calendar_subject: ByLanguage
    news: ByLanguage
    authorities: tuple[Authority, ...]


@dataclass(frozen=True, slots=True)
class MailWords:
    """The same, ready to be looked for: terms of all languages, folded.

    Attributes:
        bounced: Stand anywhere in a subject.
        away_subject: Begin a subject; so do `receipt_subject` and `calendar_subject`.
        away_text: Stand near the beginning of a text.
        news: Stand anywhere in a short one that asks what became of a request.
        authorities: By domain.
    """

    file: MailFile
    bounced: tuple[str, ...]
    away_subject: tuple[str, ...]
    away_text: tuple[str, ...]
    receipt_subject: tuple[str, ...]
    calendar_subject: tuple[str, ...]
    news: tuple[str, ...]
    authorities: Mapping[str, Authority]

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
    place = DATA / "mail.toml"
    file = into(MailFile, read_toml(place), str(place))
    return MailWords(
        file=file,
        bounced=_all(file.bounced),
        away_subject=_all(file.away_subject),
        away_text=_all(file.away_text),
        receipt_subject=_all(file.receipt_subject),
        calendar_subject=_all(file.calendar_subject),
        news=_all(file.news),
        authorities={domain: one for one in file.authorities for domain in one.domains},
    )


def _all(terms: ByLanguage) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(term) for each in terms.values() for term in each))
