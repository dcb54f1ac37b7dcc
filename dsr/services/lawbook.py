"""The law packs as an officer reads them."""

from collections.abc import Iterator
from dataclasses import dataclass

from dsr.domain.clock_words import said
from dsr.domain.law import ClockRule, Law
from dsr.domain.office import Ground, in_language
from dsr.errors import ConfigError, NotFoundError
from dsr.rules import book, office, packs
from dsr.rules.reading import OWN, SHIPPED
from dsr.services.law_lines import RuleLine, rule_lines, source_of


@dataclass(frozen=True, slots=True)
class LawLine:
    """A law pack, and whether it is switched on for every ticket.

    Attributes:
        in_force: From when, where that is not long ago.
        of: `own` or `shipped`.
        replaces: The version of the shipped pack whose place an own one takes.
        warning: What is wrong with it, or that the shipped pack has moved on meanwhile.
    """

    code: str
    name: str
    version: str
    on: bool
    citation: str
    in_force: str | None
    of: str
    replaces: str | None
    warning: str | None


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
    act_by_source: str | None
    waiting_source: str | None
    credit: str | None
    credit_source: str | None
    safe: str | None
    safe_source: str | None
    acknowledge: str | None
    both_ends_count: bool


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
class CitedLine:
    """What letters cite under this law: for a right by kind or scope, for a ground by code."""

    what: str
    text: dict[str, str]
    certainty: str | None


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
    of: str
    replaces: str | None
    why: str | None
    in_force: str | None
    zone: str | None
    what_if_place: str | None
    places: tuple[str, ...]
    rights: tuple[CitedLine, ...]
    grounds: tuple[CitedLine, ...]
    unknown_grounds: tuple[str, ...]
    bases: tuple[CitedLine, ...]


def laws(switched_on: tuple[str, ...]) -> list[LawLine]:
    """Return every law pack by its code; a wrong one says so, and the others go on."""
    return [_law_line(code, switched_on) for code in book.law_codes()]


def _law_line(code: str, switched_on: tuple[str, ...]) -> LawLine:
    on, own = code in switched_on, _is_own(code)
    try:
        law = book.law(code)
    except (ConfigError, NotFoundError) as error:  # one that has an earlier version only
        return LawLine(code, "", "", on, "", None, own, None, str(error))
    return LawLine(
        law.code,
        in_language(law.names, "en"),
        law.version,
        on,
        law.citation,
        law.in_force.on.isoformat() if law.in_force else None,
        own,
        law.replaces or None,
        moved_on(law),
    )


def _is_own(code: str) -> str:
    return OWN if code in packs.codes(book.own("laws")) else SHIPPED


def moved_on(law: Law) -> str | None:
    """Return that the shipped pack is newer than the one that an own pack replaces, or None."""
    if not law.replaces:
        return None
    now = packs.shipped_version(law.code)
    if now in {None, law.replaces}:
        return None
    return f"the shipped pack is {now} now: dsr law diff {law.code}@{law.replaces} {law.code}@{now}"


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


def law_view(code: str, version: str | None = None) -> LawView:
    """Return what a law says.

    Args:
        code: As `EU`.
        version: An earlier one that a ticket pins; else the present one.

    Raises:
        NotFoundError: There is no such pack; near ones are named.
        ConfigError: Its file is wrong, or no file has that version.
    """
    law = book.law(code, version)
    return LawView(
        code=law.code,
        names=dict(law.names),
        version=law.version,
        citation=law.citation,
        calendar=law.calendar,
        clocks=tuple(_clock_line(law, rule) for rule in law.clocks),
        rules=tuple(rule_lines(law)),
        of=_own_of(law),
        replaces=law.replaces,
        why=law.why or None,
        in_force=law.in_force.on.isoformat() if law.in_force else None,
        zone=law.zone,
        what_if_place=law.what_if_place,
        places=law.places,
        rights=tuple(_rights(law)),
        grounds=tuple(
            CitedLine(code, dict(each.text), each.certainty.value)
            for code, each in law.grounds.items()
        ),
        unknown_grounds=law.unknown_grounds,
        bases=tuple(CitedLine(code, dict(texts), None) for code, texts in law.bases.items()),
    )


def _own_of(law: Law) -> str:
    """Return whose a pack is of whose code both have one: an own one says what it replaces."""
    return OWN if law.replaces is not None or packs.shipped_version(law.code) is None else SHIPPED


def _rights(law: Law) -> Iterator[CitedLine]:
    yield from (CitedLine(kind.value, dict(texts), None) for kind, texts in law.rights.items())
    for scope, texts in law.scoped_rights.items():
        yield CitedLine(f"withdrawal ({scope.value})", dict(texts), None)


def _clock_line(law: Law, rule: ClockRule) -> ClockLine:
    return ClockLine(
        kinds=tuple(kind.value for kind in rule.kinds),
        scopes=tuple(scope.value for scope in rule.scopes),
        amount=rule.period.amount,
        unit=rule.period.unit.value,
        mode=rule.mode.value,
        citation=rule.period.citation,
        certainty=rule.period.certainty.value,
        act_by=said(rule.act_by) if rule.act_by else None,
        pauses_for=tuple(reason.value for reason in rule.pauses_for),
        restarts_for=tuple(reason.value for reason in rule.restarts_for),
        extendable=rule.extendable and law.extension is not None,
        act_by_source=source_of(rule.act_by) if rule.act_by else None,
        waiting_source=source_of(rule.waiting) if rule.waiting else None,
        credit=said(rule.credit) if rule.credit else None,
        credit_source=source_of(rule.credit) if rule.credit else None,
        safe=said(rule.safe) if rule.safe else None,
        safe_source=source_of(rule.safe) if rule.safe else None,
        acknowledge=said(rule.acknowledge) if rule.acknowledge else None,
        both_ends_count=rule.both_ends_count,
    )
