"""Which facts a letter cannot do without, read from fields.toml. Nothing here renders."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources import files
from typing import Any

from dsr.domain.vocabulary import LetterName, SearchResult
from dsr.errors import ConfigError, NotAllowedError, nearest
from dsr.letters.enclosed import OwedFacts, PackageFacts
from dsr.letters.facts import (
    ChangeFacts,
    CompanyFacts,
    ConsentFacts,
    HoldingFacts,
    ItemFacts,
    LetterFacts,
    RecipientFacts,
)
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

#: The parts that a need may name one by one, as "items.reason", and what they are.
_TABLES = {
    "items": ItemFacts,
    "holdings": HoldingFacts,
    "recipients": RecipientFacts,
    "changes": ChangeFacts,
    "consents": ConsentFacts,
}
#: The wholes whose inner facts a need may name, as "company.court".
_WHOLES = {"company": CompanyFacts, "package": PackageFacts}


@dataclass(frozen=True, slots=True)
class LetterNeeds:
    """One letter's own needs: a fact, or alternatives joined by "|" -> the source of the duty.

    Attributes:
        base: The needs that it shares with others.
        needs: What it always needs.
        granted: What it needs besides where at least one item is granted.
        holdings: What it needs of each collection in which something was found.
        instead: What stands in this letter for a fact that a law demands of letters in general.
    """

    base: str
    needs: Mapping[str, str]
    granted: Mapping[str, str] = field(default_factory=dict)
    holdings: Mapping[str, str] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Needs:
    """All of fields.toml.

    Attributes:
        words: A fact -> what an officer calls it.
        hints: A fact -> the command that mends its lack, with {number} and {letter}.
        base: Needs that several letters share.
        less: What letters of a base need besides where an item is refused or kept.
        items: Needs of one item, by its decision, or "soft".
        recipients: Needs of one recipient, by its result.
        letters: A letter's name -> its needs.
    """

    words: Mapping[str, str]
    hints: Mapping[str, str]
    base: Mapping[str, Mapping[str, str]]
    less: Mapping[str, Mapping[str, str]]
    items: Mapping[str, Mapping[str, str]]
    recipients: Mapping[str, Mapping[str, str]]
    letters: Mapping[str, LetterNeeds]


@dataclass(frozen=True, slots=True)
class _Gap:
    """A need that is not met, what an officer calls it, and the law that demands it, if any."""

    need: str
    word: str
    cited: str = ""


@cache
def read_needs() -> Needs:
    """Return the declared needs of all letters.

    Raises:
        ConfigError: fields.toml is wrong; the key is named.
    """
    place = files("dsr.letters") / "templates" / "fields.toml"
    return into(Needs, read_toml(place), "letters/templates/fields.toml")


def needs_of(name: LetterName, *, granted: bool = True, less: bool = False) -> dict[str, str]:
    """Return every fact that a letter cannot do without, with the source of the duty.

    Args:
        name: The letter.
        granted: Whether at least one item is granted.
        less: Whether at least one item is refused or kept.
    """
    needs = read_needs()
    letter = needs.letters[name]
    own = {**letter.needs, **letter.granted} if granted else letter.needs
    more = needs.less.get(letter.base, {}) if less else {}
    return {**needs.base[letter.base], **own, **more}


def missing(name: LetterName, facts: LetterFacts) -> list[str]:
    """Return what the letter still lacks, in an officer's words; empty where it can be written.

    Raises:
        ConfigError: A law demands a fact that no letter knows.
    """
    found: dict[str, list[str]] = {}
    for gap in _gaps(name, facts):
        found.setdefault(gap.word, []).extend(filter(None, [gap.cited]))
    return [f"{word} ({'; '.join(cited)})" if cited else word for word, cited in found.items()]


def _gaps(name: LetterName, facts: LetterFacts) -> Iterator[_Gap]:
    """Give each need that is not met: everybody's, then what a law demands besides."""
    words = read_needs().words
    granted = any(item.decision == "granted" for item in facts.items)
    less = any(item.decision != "granted" for item in facts.items)
    needs = needs_of(name, granted=granted, less=less)
    yield from (_Gap(need, words[need]) for need in needs if _lacks(facts, need))
    for number, item in enumerate(facts.items, start=1):
        for need in _part_gaps(item, "items", _kinds(item)):
            yield _Gap(need, f"{words[need]} of item {number}")
    for number, recipient in enumerate(facts.recipients, start=1):
        for need in _part_gaps(recipient, "recipients", [recipient.result]):
            yield _Gap(need, f"{words[need]} of recipient {number}")
    yield from _gaps_of_holdings(name, facts)
    yield from dict.fromkeys(_owed_gaps(name, facts))


def known(need: str) -> bool:
    """Tell whether a letter can have what a law demands, alternatives each."""
    table, rest = _split(need)
    shape: Any = _TABLES[table] if table else LetterFacts
    return all(_knows(shape, part) for part in rest.split("|"))


def _knows(shape: Any, path: str) -> bool:
    head, _, rest = path.partition(".")
    names = {each.name for each in fields(shape)}
    return head in names and (not rest or (head in _WHOLES and _knows(_WHOLES[head], rest)))


def _split(need: str) -> tuple[str, str]:
    """Return the table whose parts a need is about, if any, and the need without it."""
    head, _, rest = need.partition(".")
    return (head, rest.replace(f"|{head}.", "|")) if head in _TABLES and rest else ("", need)


def _kinds(item: ItemFacts) -> list[str]:
    """Return what an item is by the tables of needs; a quiet one tells no more than it must."""
    if item.quiet:
        return ["refused"]
    return [item.decision, "soft"] if item.soft else [item.decision]


def _gaps_of_holdings(name: LetterName, facts: LetterFacts) -> Iterator[_Gap]:
    declared, words = read_needs().letters[name].holdings, read_needs().words
    for holding in facts.holdings:
        if holding.result is SearchResult.FOUND:
            for need in declared:
                if _lacks(holding, need):
                    where = f"{holding.source} / {holding.label}"
                    word = f"{words[f'holdings.{need}']} of {where} (the datamap says it)"
                    yield _Gap(f"holdings.{need}", word)


def _owed_gaps(name: LetterName, facts: LetterFacts) -> Iterator[_Gap]:
    """Name each fact that a law demands of this letter and that it lacks, with law and article."""
    instead = read_needs().letters[name].instead
    for owed in facts.owed:
        if not known(owed.need):
            known_ones = [*read_needs().words, *(each.name for each in fields(LetterFacts))]
            raise ConfigError(
                f"law {owed.law}: a duty needs {owed.need!r}, which no letter knows",
                hint=nearest(owed.need, known_ones) or f"dsr law show {owed.law}",
            )
        where = f"{owed.law}: {owed.citation}"
        table, rest = _split(owed.need)
        if table:
            found = _parts_owed(facts, table, rest)
            lacking = [number for number, part in found if _lacks(part, rest)]
            word = _word(owed)
            yield from (_Gap(owed.need, f"{word} of {table[:-1]} {n}", where) for n in lacking)
        elif _lacks(facts, owed.need) and _lacks(facts, instead.get(owed.need, owed.need)):
            yield _Gap(owed.need, _word(owed), where)


def _parts_owed(facts: LetterFacts, table: str, need: str) -> Iterator[tuple[int, Any]]:
    """Give the parts of which a law can demand something, by their numbers.

    Of items those of the kinds that owe it to everybody; else those given less than was asked.
    """
    declared = getattr(read_needs(), table, {})
    kinds = {kind for kind, needs in declared.items() if need in needs} - {"soft"}
    of_soft = need in declared.get("soft", {})
    for number, part in enumerate(getattr(facts, table), start=1):
        if isinstance(part, ItemFacts):
            wanted = kinds or (set() if of_soft else {"refused", "kept"})
            if part.quiet or not (part.decision in wanted or (of_soft and part.soft)):
                continue
        elif isinstance(part, HoldingFacts) and part.result is not SearchResult.FOUND:
            continue
        yield number, part


def _word(owed: OwedFacts) -> str:
    words = read_needs().words
    return words.get(owed.need) or " or ".join(words.get(w, w) for w in owed.need.split("|"))


def check(name: LetterName, facts: LetterFacts) -> None:
    """Let a letter pass that has all it needs and says what was decided.

    Raises:
        NotAllowedError: A fact is missing, or another letter is the right one.
    """
    if gaps := missing(name, facts):
        raise NotAllowedError(
            f"the letter '{name}' cannot be written: it lacks {'; '.join(gaps)}",
            hint=_hint(name, facts),
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


def _hint(name: LetterName, facts: LetterFacts) -> str:
    """Return the command that mends the first lack for which there is one; else the ticket."""
    hints, number = read_needs().hints, facts.reference.removeprefix("DSR-")
    own = (
        hints.get(f"{name}.{part}") or hints.get(part) or hints.get(part.partition(".")[0])
        for gap in _gaps(name, facts)
        for part in gap.need.split("|")
    )
    command = next(filter(None, own), "dsr show {number}")
    return command.format(number=number, letter=name)


def _part_gaps(part: object, table: str, kinds: Iterable[str]) -> list[str]:
    declared: Mapping[str, Mapping[str, str]] = getattr(read_needs(), table)
    wanted = [need for kind in kinds for need in declared.get(kind, {})]
    return [f"{table}.{need}" for need in wanted if _lacks(part, need)]


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
