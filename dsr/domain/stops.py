"""The hard stops: what is never recorded as a decision on an item, and why. Reads no rule file."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from dsr.domain.cited import Certainty
from dsr.domain.decisions import Item, legal_cites
from dsr.domain.office import Grade, Ground, KindRule, Place, Texts
from dsr.domain.vocabulary import Kind, Proposal, Scope
from dsr.domain.wording import as_read


class Stop(StrEnum):
    """A rule that forbids to record a decision; what it rests on stands in `grounds.toml`.

    UNNAMED: no ground. UNSAID: no reason to the person. FILE: none to the file. KIND: not for this
    right. SOFT: a soft ground where none may be. MINOR: the person is a minor. LAW: a law on the
    ticket does not know the ground. WHOLE: too much is refused under it. PART: too little.
    CITATION, EVIDENCE, ALTERNATIVE, UNTIL: what is owed and missing. LEGAL: legal's citation.
    KEEP: it is not refused but kept. PAST: the end that is named is over.
    """

    UNNAMED = "unnamed"
    UNSAID = "unsaid"
    FILE = "file"
    KIND = "kind"
    SOFT = "soft"
    MINOR = "minor"
    LAW = "law"
    WHOLE = "whole"
    PART = "part"
    CITATION = "citation"
    EVIDENCE = "evidence"
    ALTERNATIVE = "alternative"
    UNTIL = "until"
    LEGAL = "legal"
    KEEP = "keep"
    PAST = "past"


Articles = Mapping[Stop, str]
"""What each rule that forbids a decision rests on."""

_NONE: Articles = MappingProxyType({})

#: What may still be said later: a draft may lack it, and a decision may not.
OWED = frozenset(
    {
        *(Stop.UNNAMED, Stop.UNSAID, Stop.FILE, Stop.CITATION, Stop.EVIDENCE),
        *(Stop.ALTERNATIVE, Stop.UNTIL, Stop.LEGAL),
    }
)
Objection = tuple[Stop | None, str]


@dataclass(frozen=True, slots=True)
class StopRule:
    """What a hard stop rests on."""

    citation: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Allowance:
    """How often a law lets the same be asked before it may be refused as repetitive.

    Attributes:
        kinds: The rights that it holds for.
        times: So many requests are answered.
        months: Within so many months before the receipt of the next one.
    """

    kinds: tuple[Kind, ...]
    times: int
    months: int
    citation: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Repetition:
    """When a request repeats an answered one.

    Attributes:
        days: The interval from the answer to the next receipt, where a law sets no allowance.
        laws: The allowances of laws, by code.
        told: How a refusal names the earlier answer: `{day}` and `{reference}`.
    """

    days: int
    laws: Mapping[str, Allowance]
    told: Texts
    citation: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Citing:
    """What a citation that an officer types looks like: it names a law, and an article of it.

    Attributes:
        patterns: Regular expressions; one of them is found in it.
    """

    patterns: tuple[str, ...]
    citation: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class _Case:
    """An item under a ground, with all that its hard stops look at."""

    item: Item
    ground: Ground
    rule: KindRule
    laws: Collection[str]
    minor: bool
    scope: Scope | None
    whole: bool
    unknown_under: Collection[str]


def objections(
    item: Item,
    ground: Ground | None,
    kind_rule: KindRule,
    *,
    laws: Collection[str],
    minor: bool,
    scope: Scope | None,
    whole: bool,
    unknown_under: Collection[str] = (),
    articles: Articles = _NONE,
) -> tuple[str, ...]:
    """Return every hard stop that an item's proposal meets; none where it may stand.

    Each names the ground, the rule, and its article where one is given.

    Args:
        item: The item with what is proposed for it.
        ground: The ground that the item names, or None where it names none.
        kind_rule: The rule of the ticket's kind and scope.
        laws: The codes of all laws on the ticket.
        minor: The data subject is a minor.
        scope: Of a withdrawal.
        whole: The request is refused as a whole; under a ground that answers parts too, also in
            substance: see `refused_in_substance`.
        unknown_under: The codes of those laws that do not know the ground.
        articles: What each rule rests on.

    Source:
        PIPL Art. 45, 47(2), 50; GDPR Art. 12(4), (5); policy 5.8.
    """
    if item.proposal is Proposal.GRANT:
        return ()
    found = list(_unsaid(item))
    if ground is None:
        found = [(Stop.UNNAMED, "not granted, but no ground is named"), *found]
    else:
        case = _Case(item, ground, kind_rule, laws, minor, scope, whole, unknown_under)
        for stop in _HARD_STOPS:
            found += stop(case)
    kept = (each for each in found if not item.draft or each[0] not in OWED)
    return tuple(_cited(stop, text, articles) for stop, text in kept)


def _cited(stop: Stop | None, text: str, articles: Articles) -> str:
    article = articles.get(stop) if stop is not None else None
    return f"{text} ({article})" if article else text


def _unsaid(item: Item) -> Iterator[Objection]:
    if not item.reason.strip():
        yield Stop.UNSAID, "no reason to the person"
    if not item.internal_reason.strip():
        yield Stop.FILE, "no internal reason for the file"


def _wrong_kind(case: _Case) -> Iterator[Objection]:
    if case.rule.kind not in case.ground.kinds:
        yield Stop.KIND, f"{case.ground.code} is not for {case.rule.kind}"
    if case.scope is not None and case.scope in case.ground.not_scopes:
        yield Stop.KIND, f"{case.ground.code} never bars a withdrawal of {case.scope}"


def _unexplained(case: _Case) -> Iterator[Objection]:
    if case.ground.needs_reason and case.item.reason in case.ground.tell.values():
        yield Stop.UNSAID, f"{case.ground.code} needs a reason to the person in words of the case"


def _refused_not_kept(case: _Case) -> Iterator[Objection]:
    if case.rule.kind in case.ground.keeps and case.item.proposal is Proposal.REFUSE:
        kind = case.rule.kind
        yield Stop.KEEP, f"under {case.ground.code} a {kind} is not refused but kept, restricted"


def _soft_where_barred(case: _Case) -> Iterator[Objection]:
    if case.ground.grade is Grade.SOFT and not case.rule.soft_refusal:
        yield Stop.SOFT, f"{case.ground.code} is a soft ground: none of these for {case.rule.kind}"


def _minor(case: _Case) -> Iterator[Objection]:
    if case.minor and not case.ground.minors:
        yield Stop.MINOR, f"{case.ground.code} is never used where the person is a minor"


def _unknown_to_a_law(case: _Case) -> Iterator[Objection]:
    for law in sorted(case.unknown_under):
        yield Stop.LAW, f"{case.ground.code} is not known under {law}"


def _reach(case: _Case) -> Iterator[Objection]:
    code, kind = case.ground.code, case.rule.kind
    if case.whole and kind not in case.ground.full:
        text = f"{code} cannot refuse the whole of a request for {kind}, nor nearly all of it"
        yield Stop.WHOLE, f"{text}: grant more, or redact a part"
    if not case.whole and not case.ground.partial:
        yield Stop.PART, f"{code} answers the whole request, not a single item"


def _unshown(case: _Case) -> Iterator[Objection]:
    ground, item = case.ground, case.item
    if ground.needs_citation and not item.citation.strip():
        yield Stop.CITATION, f"{ground.code} needs a citation: the law and its article"
    if ground.needs_evidence and not any(reference.strip() for reference in item.evidence):
        yield Stop.EVIDENCE, f"{ground.code} needs evidence"
    if ground.needs_alternative and not item.alternative.strip():
        yield Stop.ALTERNATIVE, f"{ground.code} needs an alternative"
    if case.rule.kind in ground.needs_until and not (item.until_on or item.until_when.strip()):
        yield Stop.UNTIL, f"{ground.code} must say until when: a day, or what ends it"


def _past(case: _Case) -> Iterator[Objection]:
    if case.item.over:
        yield Stop.PAST, f"{case.ground.code} holds until {case.item.until_on}, which is over"


def _uncited_by_legal(case: _Case) -> Iterator[Objection]:
    legal = case.whole and legal_cites(case.ground, case.rule, case.laws)
    if legal and not case.item.citation.strip():
        whole = f"{case.ground.code} refuses the whole request ({case.rule.citation})"
        yield Stop.LEGAL, f"{whole}: legal's citation is needed; redact or narrow first"


def _forbidden_words(case: _Case) -> Iterator[Objection]:
    said = {
        Place.REASON: as_read(f"{case.item.reason}\n{case.item.alternative}"),
        Place.CITATION: as_read(case.item.citation),
    }
    for forbidden in case.ground.forbidden:
        if any(as_read(phrase) in said[forbidden.place] for phrase in forbidden.phrases):
            yield None, f"{case.ground.code}: {forbidden.why} ({forbidden.citation})"


_HARD_STOPS: tuple[Callable[[_Case], Iterator[Objection]], ...] = (
    _wrong_kind,
    _unexplained,
    _refused_not_kept,
    _soft_where_barred,
    _minor,
    _unknown_to_a_law,
    _reach,
    _unshown,
    _past,
    _uncited_by_legal,
    _forbidden_words,
)
