"""How other programs word requests and where they stand, both ways; the words are data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from dsr.domain.formats import StatusFormat
from dsr.domain.vocabulary import ENDED, Kind, Outcome, Scope, Status
from dsr.rules.reading import shipped


@dataclass(frozen=True, slots=True)
class Told:
    """What another program is told: its word, and a reason where it has one."""

    word: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """What another program's word means here."""

    status: Status
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The right that a word asks for; none where it is no right."""

    kind: Kind | None = None
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one format.

    Attributes:
        source: Where they are defined.
        version: Of the format.
        words, reasons: All there are.
        told: By our status, or by our outcome where a ticket has ended.
        understood: By their word, or `word.reason`.
        asks: What their words for rights ask for.
        grounds: The reason of a refusal that rests on a ground, by its code.
    """

    source: str
    version: str
    words: Sequence[str]
    reasons: Sequence[str]
    told: Mapping[str, Told]
    understood: Mapping[str, Understood]
    asks: Mapping[str, Asked]
    grounds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Formats:
    """The formats, and the laws by other programs' words for them."""

    opendsr: Vocabulary
    drp: Vocabulary
    laws: Mapping[str, str]


@cache
def formats() -> Formats:
    """Return all formats.

    Raises:
        ConfigError: The file is wrong.
    """
    return shipped(Formats, "status_formats.toml")


def vocabulary(name: StatusFormat) -> Vocabulary:
    """Return the words of one format."""
    return formats().opendsr if name is StatusFormat.OPENDSR else formats().drp


def told(
    name: StatusFormat, status: Status, outcome: Outcome | None, grounds: Sequence[str] = ()
) -> Told:
    """Return what a format says of a ticket.

    Args:
        name: The format.
        status: Where the ticket stands.
        outcome: How it ended; it counts once the ticket has ended.
        grounds: The codes on which a refusal rests.
    """
    words = vocabulary(name)
    if status not in ENDED:
        return words.told[status]
    said = words.told[outcome or Outcome.FULFILLED]
    if outcome is Outcome.REFUSED:
        named = [words.grounds[code] for code in grounds if code in words.grounds]
        return Told(said.word, named[0]) if named else said
    return said


def understood(name: StatusFormat, word: str, reason: str | None = None) -> Understood | None:
    """Return what another program's word means here, or None for a word that the format lacks."""
    words = vocabulary(name).understood
    return words.get(f"{word}.{reason}") or words.get(word)


def asked(name: StatusFormat, word: str) -> Asked | None:
    """Return what right a word asks for; None for a word that the format lacks."""
    return vocabulary(name).asks.get(word.strip().lower().replace("-", "_"))


def law_of(word: str) -> str | None:
    """Return the code of the law that another program names, or None."""
    return formats().laws.get(word.strip().lower())
