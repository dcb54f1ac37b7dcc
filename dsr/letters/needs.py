"""Which facts a letter cannot do without, read from fields.toml. Nothing here renders."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from dsr.domain.vocabulary import LetterName
from dsr.errors import NotAllowedError
from dsr.letters.facts import LetterFacts
from dsr.rules.reading import into, read_toml

# Letters that answer a request as such: one that refuses everything is the refusal letter.
ANSWERS = frozenset(
    {
        LetterName.ACCESS,
        LetterName.COPY,
        LetterName.CORRECTION,
        LetterName.DELETION,
        LetterName.WITHDRAWAL,
        LetterName.CANCELLATION,
        LetterName.REVIEW,
        LetterName.RESTRICTION,
        LetterName.EXPLANATION,
    }
)


@dataclass(frozen=True, slots=True)
class LetterNeeds:
    """One letter's own needs: a fact, or alternatives joined by "|" -> the source of the duty.

    Attributes:
        base: The needs that it shares with others.
        needs: What it always needs.
        granted: What it needs besides where at least one item is granted.
    """

    base: str
    needs: Mapping[str, str]
    granted: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Needs:
    """All of fields.toml.

    Attributes:
        words: A fact -> what an officer calls it.
        base: Needs that several letters share.
        items: Needs of one item, by its decision, or "soft".
        recipients: Needs of one recipient, by its result.
        letters: A letter's name -> its needs.
    """

    words: Mapping[str, str]
    base: Mapping[str, Mapping[str, str]]
    items: Mapping[str, Mapping[str, str]]
    recipients: Mapping[str, Mapping[str, str]]
    letters: Mapping[str, LetterNeeds]


@cache
def read_needs() -> Needs:
    """Return the declared needs of all letters.

    Raises:
        ConfigError: fields.toml is wrong; the key is named.
    """
    place = files("dsr.letters") / "templates" / "fields.toml"
    return into(Needs, read_toml(place), "letters/templates/fields.toml")


def needs_of(name: LetterName, *, granted: bool = True) -> dict[str, str]:
    """Return every fact that a letter cannot do without, with the source of the duty.

    Args:
        name: The letter.
        granted: Whether at least one item is granted.
    """
    letter = read_needs().letters[name]
    own = {**letter.needs, **letter.granted} if granted else letter.needs
    return {**read_needs().base[letter.base], **own}


def missing(name: LetterName, facts: LetterFacts) -> list[str]:
    """Return what the letter still lacks, in an officer's words; empty where it can be written."""
    words = read_needs().words
    granted = any(item.decision == "granted" for item in facts.items)
    gaps = [words[need] for need in needs_of(name, granted=granted) if _lacks(facts, need)]
    for number, item in enumerate(facts.items, start=1):
        kinds = [item.decision, "soft"] if item.soft else [item.decision]
        gaps += [f"{word} of item {number}" for word in _part_gaps(item, "items", kinds)]
    for number, recipient in enumerate(facts.recipients, start=1):
        found = _part_gaps(recipient, "recipients", [recipient.result])
        gaps += [f"{word} of recipient {number}" for word in found]
    return gaps


def check(name: LetterName, facts: LetterFacts) -> None:
    """Let a letter pass that has all it needs and says what was decided.

    Raises:
        NotAllowedError: A fact is missing, or another letter is the right one.
    """
    if gaps := missing(name, facts):
        raise NotAllowedError(
            f"the letter '{name}' cannot be written: it lacks {'; '.join(gaps)}",
            hint=f"complete {gaps[0]}, then write the letter again",
        )
    decisions = {item.decision for item in facts.items}
    if name in ANSWERS and decisions == {"refused"}:
        raise NotAllowedError(
            f"every item is refused: the letter '{name}' would promise what is not done",
            hint="write the letter 'refusal'",
        )
    if name is LetterName.REFUSAL and "granted" in decisions:
        raise NotAllowedError(
            "the letter 'refusal' is for a refusal of everything, and an item is granted",
            hint="write the letter of the ticket's own kind",
        )


def _part_gaps(part: object, table: str, kinds: Iterable[str]) -> list[str]:
    declared: Mapping[str, Mapping[str, str]] = getattr(read_needs(), table)
    wanted = [need for kind in kinds for need in declared.get(kind, {})]
    words = read_needs().words
    return [words[f"{table}.{need}"] for need in wanted if _lacks(part, need)]


def _lacks(facts: object, need: str) -> bool:
    return not any(_has(facts, alternative) for alternative in need.split("|"))


def _has(facts: object, path: str) -> bool:
    head, _, rest = path.partition(".")
    value = getattr(facts, head)
    if rest:  # a missing whole is named once, by its own entry
        return value is None or _has(value, rest)
    return _filled(value)


def _filled(value: Any) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, tuple):
        return bool(value) and all(_filled(inner) for inner in value)
    return value is not None and value is not False
