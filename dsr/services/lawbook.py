"""The law packs as an officer reads them, and the check of a folder of rules."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from dsr.domain.law import ClockRule, Law, Period
from dsr.domain.office import Ground, in_language
from dsr.domain.vocabulary import ClockMode
from dsr.errors import ConfigError, DsrError, NotFoundError
from dsr.rules import book, office
from dsr.rules.examples import differences
from dsr.rules.reading import DATA
from dsr.rules.years import read_year

FINE, WRONG = "ok", "wrong"
#: What waiting for proof or an answer does to a clock, in words.
MODES: Mapping[str, str] = {
    ClockMode.NO_PAUSE: "from receipt, never paused",
    ClockMode.SUSPEND: "from receipt, paused while an answer is awaited",
    ClockMode.RESTART: "from receipt, anew from the answer",
    ClockMode.FROM_VERIFIED: "from the proof of identity",
}


@dataclass(frozen=True, slots=True)
class LawLine:
    """A law pack, and whether it is switched on for every ticket."""

    code: str
    name: str
    version: str
    on: bool
    citation: str


@dataclass(frozen=True, slots=True)
class ClockLine:
    """How long an answer to some kinds may take under a law, and what moves that."""

    kinds: tuple[str, ...]
    scopes: tuple[str, ...]
    amount: int
    unit: str
    mode: str
    citation: str
    certainty: str
    act_by: str | None
    pauses_for: tuple[str, ...]
    restarts_for: tuple[str, ...]
    extendable: bool


@dataclass(frozen=True, slots=True)
class RuleLine:
    """Anything else that a law says, with its source."""

    rule: str
    text: str
    citation: str
    certainty: str


@dataclass(frozen=True, slots=True)
class GroundLine:
    """A reason to give less than was asked, what it owes, and who approves it."""

    code: str
    name: str
    kinds: tuple[str, ...]
    owes: tuple[str, ...]
    approvers: tuple[str, ...]
    citation: str


@dataclass(frozen=True, slots=True)
class LawView:
    """A law pack whole."""

    code: str
    names: dict[str, str]
    version: str
    citation: str
    calendar: str
    clocks: tuple[ClockLine, ...]
    rules: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True)
class Linted:
    """What the check of one rule file found."""

    file: str
    result: str
    text: str | None


def laws(switched_on: tuple[str, ...]) -> list[LawLine]:
    """Return every law pack by its code.

    Raises:
        ConfigError: A pack is wrong.
    """
    return [
        LawLine(law.code, law.names["en"], law.version, law.code in switched_on, law.citation)
        for law in map(book.law, book.law_codes())
    ]


def grounds() -> list[GroundLine]:
    """Return every ground by which less is given than was asked, in the order of its file."""
    return [
        GroundLine(
            each.code,
            in_language(each.name, "en"),
            tuple(kind.value for kind in each.kinds),
            tuple(what for what, owed in _owed(each).items() if owed),
            tuple(role.value for role in each.approvers.roles) or (str(each.approvers.count),),
            each.citation,
        )
        for each in office.grounds().values()
        if each.withholds
    ]


def _owed(ground: Ground) -> dict[str, bool]:
    return {
        "citation": ground.needs_citation,
        "evidence": ground.needs_evidence,
        "alternative": ground.needs_alternative,
        "until": bool(ground.needs_until),
    }


def law_view(code: str) -> LawView:
    """Return what a law says.

    Raises:
        NotFoundError: There is no such pack; near ones are named.
    """
    law = book.law(code)
    return LawView(
        code=law.code,
        names=dict(law.names),
        version=law.version,
        citation=law.citation,
        calendar=law.calendar,
        clocks=tuple(_clock_line(law, rule) for rule in law.clocks),
        rules=tuple(_rule_lines(law)),
    )


def words_of(period: Period) -> str:
    """Return a period as it is read: `15 working days`, `1 month`."""
    unit = period.unit.value.replace("_", " ")
    return f"{period.amount} {unit.removesuffix('s') if period.amount == 1 else unit}"


def lint(folder: Path | None = None) -> list[Linted]:
    """Check every rule file of a folder, or the shipped ones; its examples are computed.

    Args:
        folder: `laws/*.toml`, `calendars/*.toml` and `policy.toml` in it are looked at.

    Raises:
        NotFoundError: The folder has none of them.
    """
    place: Traversable = folder or DATA
    found = [_linted(file, check) for file, check in _files(place)]
    if folder is None:
        found += [_linted_office(name, check) for name, check in _OFFICE]
    elif (folder / office.COMPANY_FILE).is_file():
        found.append(_linted_office(office.COMPANY_FILE, lambda: office.company(folder)))
    if not found:
        hint = "laws/*.toml, calendars/*.toml, policy.toml"
        raise NotFoundError(f"{folder} has no rules", hint=hint)
    return found


_OFFICE: tuple[tuple[str, Callable[[], Any]], ...] = (
    ("kinds.toml", office.kinds),
    ("grounds.toml", office.grounds),
    ("proofs.toml", office.proof_methods),
    ("categories.toml", office.categories),
    (office.COMPANY_FILE, office.company),
)


def _files(place: Traversable) -> Iterator[tuple[Traversable, Callable[[Traversable], str]]]:
    for name, check in (("laws", _law_faults), ("calendars", _year_faults)):
        folder = place / name
        if folder.is_dir():
            files = sorted(folder.iterdir(), key=lambda file: file.name)
            yield from ((file, check) for file in files if file.name.endswith(".toml"))


def _law_faults(place: Traversable) -> str:
    return "; ".join(differences(place))


def _year_faults(place: Traversable) -> str:
    read_year(place)
    return ""


def _linted(place: Traversable, check: Callable[[Traversable], str]) -> Linted:
    try:
        text = check(place)
    except DsrError as error:
        text = str(error).removeprefix(f"{place}: ")
    return Linted(place.name, WRONG if text else FINE, text or None)


def _linted_office(name: str, check: Callable[[], Any]) -> Linted:
    try:
        check()
    except ConfigError as error:
        return Linted(name, WRONG, str(error))
    return Linted(name, FINE, None)


def _clock_line(law: Law, rule: ClockRule) -> ClockLine:
    return ClockLine(
        kinds=tuple(kind.value for kind in rule.kinds),
        scopes=tuple(scope.value for scope in rule.scopes),
        amount=rule.period.amount,
        unit=rule.period.unit.value,
        mode=rule.mode.value,
        citation=rule.period.citation,
        certainty=rule.period.certainty.value,
        act_by=words_of(rule.act_by) if rule.act_by else None,
        pauses_for=tuple(reason.value for reason in rule.pauses_for),
        restarts_for=tuple(reason.value for reason in rule.restarts_for),
        extendable=rule.extendable and law.extension is not None,
    )


def _rule_lines(law: Law) -> Iterator[RuleLine]:
    yield _line("counting", "the day of the start is not counted", law.counting)
    if law.roll:
        yield _line("roll", "a last day off moves to the next working day", law.roll)
    if law.acknowledge:
        yield _line("acknowledgement", f"within {words_of(law.acknowledge)}", law.acknowledge)
    if law.extension:
        added = law.extension.period
        text = f"{words_of(added)} more; " if added else ""
        yield _line(
            "extension", text + law.extension.conditions.text["en"], law.extension.conditions
        )
    minors = law.minors
    below = minors.guardian_below
    yield _line("guardian", f"asks for a person under {below.years}", below)
    yield _line("of age", f"from {minors.adult_from.years}", minors.adult_from)
    if minors.written_refusal_below:
        written = minors.written_refusal_below
        yield _line("refusal in writing", f"to a person under {written.years}", written)
    for name, words in (
        ("fee", law.fee),
        ("agent's proof", law.agent_proof),
        ("remedies", law.remedies),
    ):
        yield _line(name, words.text["en"], words)
    for duty in law.refusal_duties:
        yield _line("a refusal must", duty.text["en"], duty)
    yield _line("record", f"kept {words_of(law.record_term)} after closing", law.record_term)


def _line(rule: str, text: str, source: Any) -> RuleLine:
    return RuleLine(rule, text, source.citation, source.certainty.value)
